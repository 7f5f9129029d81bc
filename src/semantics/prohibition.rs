//! «Forbid»: every such act is a breach.

use super::instance::Timing;
use super::{InstanceId, Lookup, Replay};
use crate::model::{Deed, EventId, MomentKind};
use crate::syntax::ast::Modal;
use crate::verdict::{Doubt, Status};

impl<L: Lookup> Replay<'_, L> {
    /// What an event is to a prohibition: a breach, where it is the act, in the window, and nothing allows it.
    pub(super) fn forbidden_act(&mut self, id: InstanceId, event: EventId) {
        let instance = self.instances.at(id);
        let found = self.log.events.at(event);
        let (at, latest) = (found.at, found.latest);
        let breaks = self.world().is_forbidden(instance.norm, event, &instance.verdict.frame);
        if breaks == Some(false) || instance.is_stopped() || self.is_permitted(id, event) {
            return;
        }
        match (breaks, instance.timing(at, latest)) {
            (Some(true), Timing::InTime) => {
                let verdict = &mut self.instances.at_mut(id).verdict;
                if verdict.status == Status::Met {
                    // Its window had ended unbroken, as far as was proven.
                    verdict.revised = true;
                    verdict.at = None;
                }
                self.instances.at_mut(id).verdict.broken_by(event, at);
                self.note_breach(id);
                self.moment(id, MomentKind::Breached, at);
            }
            (None, Timing::InTime) => self.instances.at_mut(id).verdict.doubtful(Doubt::Act(event)),
            (_, Timing::Unknown) => {
                let doubt = self.uncertain(id, event);
                self.instances.at_mut(id).verdict.doubtful(doubt);
            }
            (Some(false), _) | (_, Timing::Early | Timing::Late) => {}
        }
    }

    /// Whether an act that is forbidden may be proven after the window has ended.
    fn may_be_proven(&self, id: InstanceId) -> bool {
        let acts = self.instances.at(id).norm.acts();
        let proven = |act: &crate::model::Act| self.program.kinds.at(act.pattern.kind).established.is_some();
        self.standard == super::Standard::Established && acts.is_some_and(|acts| acts.acts.iter().any(proven))
    }

    /// Acts before the trigger that may have been in the window, as their time is not known exactly.
    pub(super) fn forbidden_before(&mut self, id: InstanceId) {
        let Some(acts) = self.instances.at(id).norm.acts() else { return };
        for event in self.events_before(id, acts, false) {
            self.forbidden_act(id, event);
        }
    }

    /// The window of what lasts, or of what is permitted, has ended.
    pub(super) fn end_one(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        let ends = instance.norm.lasts() || instance.window.exclusive;
        // What is broken can be broken again until it ends.
        let broken = instance.norm.lasts() && instance.verdict.status == Status::Breached;
        if ends
            && (instance.is_pending() || broken)
            && !instance.is_stopped()
            && instance.closes().is_some_and(|closes| closes <= self.now)
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
        let may_be_proven = self.may_be_proven(id);
        let instance = self.instances.at_mut(id);
        instance.over = !may_be_proven;
        if let (Some(_), Some(breach)) = (instance.lapse, instance.verdict.breaches.last_mut()) {
            breach.until.get_or_insert(at);
        }
        if instance.verdict.ended(at) {
            self.moment(id, MomentKind::Met, at);
        }
        self.forget(id);
    }
}
