//! «Forbid»: every such act is a breach.

use super::instance::Timing;
use super::{InstanceId, Replay};
use crate::eval::{Truth, and, any};
use crate::model::{Deed, EventId, MomentKind, Trigger};
use crate::syntax::ast::Modal;
use crate::verdict::{Doubt, Status};

impl Replay<'_> {
    /// What an event is to a prohibition: a breach, where it is the act, in the window, and nothing allows it.
    pub(super) fn forbidden_act(&mut self, id: InstanceId, event: EventId) {
        let instance = self.instances.at(id);
        let found = self.log.events.at(event);
        let breaks = self.breaks(id, event);
        if breaks == Some(false) || instance.is_stopped() || self.is_permitted(id, event) {
            return;
        }
        match (breaks, instance.timing(found.at, found.latest)) {
            (Some(true), Timing::InTime) => {
                self.instances.at_mut(id).verdict.broken_by(event, found.at);
                self.moment(id, MomentKind::Breached, found.at);
            }
            (None, Timing::InTime) => self.instances.at_mut(id).verdict.doubtful(Doubt::Act(event)),
            (_, Timing::Unknown) => self.instances.at_mut(id).verdict.doubtful(Doubt::Time(event)),
            (Some(false), _) | (_, Timing::Early | Timing::Late) => {}
        }
    }

    /// Whether an event is the act, and nothing excuses it; what stands is read at the act.
    fn breaks(&self, id: InstanceId, event: EventId) -> Truth {
        let instance = self.instances.at(id);
        let world = self.world();
        let stands = matches!(instance.norm.trigger, Trigger::EntryIntoForce);
        let ways = world.ways_to_act(instance.norm, event, &instance.verdict.frame);
        any(ways.iter().map(|way| {
            let bound = || if stands { world.all(&instance.norm.guards, &way.frame) } else { Some(true) };
            let unexcused = || world.any(&instance.norm.unless, &way.frame).map(|excused| !excused);
            and(and(way.truth, bound), unexcused)
        }))
    }

    /// The window of what lasts, or of what is permitted, has ended.
    pub(super) fn end_one(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        let ends = instance.norm.lasts() || instance.window.exclusive || instance.norm.modal == Modal::May;
        // A permission is still there at the last instant of its window.
        let after = !instance.norm.lasts() && !instance.window.exclusive;
        let passed = |closes| if after { closes < self.now } else { closes <= self.now };
        // What is broken can be broken again until it ends.
        let broken = instance.norm.lasts() && instance.verdict.status == Status::Breached;
        if ends && (instance.is_pending() || broken) && !instance.is_stopped() && instance.closes().is_some_and(passed)
        {
            self.end_window(id);
        }
    }

    /// A window ends: what was kept is met, what was permitted and not used has lapsed, what was owed is broken.
    pub(super) fn end_window(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        let norm = instance.norm;
        if !instance.is_pending() && instance.verdict.status != Status::Breached {
            return;
        }
        if matches!(norm.deed, Deed::Decide(_)) {
            return self.overdue(id);
        }
        if norm.modal == Modal::May {
            return self.lapse_unused(id);
        }
        if !norm.lasts() {
            if instance.is_pending() && !norm.is_open() {
                self.breach(id);
            }
            return self.forget(id);
        }
        let now = self.now;
        let at = instance.closes().map_or(now, |closes| closes.min(now)).max(instance.anchor.at);
        let instance = self.instances.at_mut(id);
        instance.over = true;
        if let (Some(_), Some(breach)) = (instance.lapse, instance.verdict.breaches.last_mut()) {
            breach.until.get_or_insert(at);
        }
        if instance.verdict.ended(at) {
            self.moment(id, MomentKind::Met, at);
        }
        self.forget(id);
    }
}
