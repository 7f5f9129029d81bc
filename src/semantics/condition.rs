//! «Maintain» and «attain»: conditions, which are judged when an instant is complete.

use super::{InstanceId, Lookup, Replay};
use crate::eval::{Frame, Truth, any};
use crate::model::{Condition, Deed, MomentKind, Norm, Tail, Trigger};
use crate::time::{Duration, Instant};
use crate::verdict::{Breach, Doubt};

impl<L: Lookup> Replay<'_, L> {
    /// Judges every condition that time or events may have changed.
    pub(super) fn judge_conditions(&mut self) -> Vec<InstanceId> {
        for article in self.listed.once.clone() {
            self.judge_once(article);
        }
        let judged = L::judged(self);
        for id in judged.iter().copied() {
            self.stop_or_run(id);
            let instance = self.instances.at(id);
            match &instance.norm.deed {
                Deed::Keep(condition) => self.keep(id, condition),
                Deed::Have(condition) => self.have(id, condition),
                _ => {}
            }
            self.judge_excuse(id);
            self.judge_precedence(id);
            self.forget(id);
        }
        judged
    }

    /// Whether a condition holds for an instance; the calendar periods of an `every` norm are those of its tick.
    pub(super) fn holds_for(&self, id: InstanceId, condition: &Condition) -> Truth {
        self.in_its_time(id, |frame| self.world().condition(condition, frame))
    }

    /// Reads something with the names of an instance, at its tick where it has one.
    fn in_its_time<T>(&self, id: InstanceId, read: impl FnOnce(&Frame) -> T) -> T {
        let instance = self.instances.at(id);
        let tick = matches!(instance.norm.trigger, Trigger::Every { .. }).then_some(instance.verdict.triggered_at);
        let before = self.present.replace(tick);
        let result = read(&instance.verdict.frame);
        self.present.set(before);
        result
    }

    /// Notes how many values were left out of the sums of a condition that has been decided.
    fn note_left_out(&mut self, id: InstanceId, condition: &Condition) {
        let left_out = self.in_its_time(id, |frame| self.left_out(condition, frame));
        self.instances.at_mut(id).verdict.left_out = left_out;
    }

    /// Whether the guards of a norm that stands let it bind now; those of others were read at the trigger.
    pub(super) fn guards_hold(&self, id: InstanceId) -> Truth {
        let instance = self.instances.at(id);
        if !instance.stands() {
            return Some(true);
        }
        crate::eval::every(instance.norm.guards.iter().map(|guard| self.holds_for(id, guard)))
    }

    /// Whether a norm that stands does not bind at the instant at which it would be broken.
    pub(super) fn is_unbound(&self, id: InstanceId) -> bool {
        // At the due instant itself, a state that the clock turns then has not turned yet.
        let passed = self.history.passed(self.now);
        let before = self.as_of.replace(passed);
        let unbound = self.guards_hold(id) == Some(false);
        self.as_of.set(before);
        unbound
    }

    /// A condition that is to be true at every instant of the window.
    fn keep(&mut self, id: InstanceId, condition: &Condition) {
        let instance = self.instances.at(id);
        let opened = instance.window.opens.is_none_or(|(_, opens)| opens <= self.now);
        if instance.is_stopped() || !opened || instance.over {
            return;
        }
        let excused = instance.norm.unless.iter().map(|unless| self.holds_for(id, unless));
        let unbound = self.guards_hold(id).map(|bound| !bound);
        let kept = any([unbound, self.holds_for(id, condition)].into_iter().chain(excused));
        let lapse = instance.lapse;
        match (kept, lapse) {
            (None, _) => self.instances.at_mut(id).verdict.doubtful(Doubt::Condition),
            (Some(false), None) => {
                self.note_left_out(id, condition);
                self.lapses(id);
            }
            (Some(true), Some(_)) => self.restored(id),
            (Some(true), None) | (Some(false), Some(_)) => {}
        }
    }

    /// The condition has become false: without a grace it is broken now, otherwise when the grace runs out.
    fn lapses(&mut self, id: InstanceId) {
        if !self.instances.at_mut(id).may_turn(self.now) {
            return;
        }
        let instance = self.instances.at(id);
        let reckoning = &self.program.articles.at(instance.verdict.article).law.reckoning;
        let ends = instance.norm.grace().map_or(self.now, |grace| grace.after(self.now, reckoning));
        self.instances.at_mut(id).lapse = Some((self.now, ends));
        if ends <= self.now {
            self.grace_runs_out(id);
        } else {
            self.wake_one(id, ends);
        }
    }

    /// A grace has run out: this lapse is a breach.
    pub(super) fn grace_runs_out(&mut self, id: InstanceId) {
        let prevailed = self.is_prevailed_over(id);
        let instance = self.instances.at(id);
        let Some((since, ends)) = instance.lapse else { return };
        let broken_already = instance.verdict.breaches.last().is_some_and(|breach| breach.since == Some(since));
        let instance = self.instances.at_mut(id);
        // It is broken once, however long it lasts.
        instance.lapse = Some((since, Instant::NEVER));
        if broken_already || prevailed {
            return;
        }
        instance.verdict.blamed.clone_from(&instance.verdict.bearer.parties);
        let by = instance.verdict.blamed.clone();
        instance.verdict.breach(Breach { at: ends, by, act: None, since: Some(since), until: None });
        instance.waived = false;
        self.note_breach(id);
        self.moment(id, MomentKind::Breached, ends);
    }

    /// The condition is true again.
    fn restored(&mut self, id: InstanceId) {
        let now = self.now;
        let instance = self.instances.at_mut(id);
        let since = instance.lapse.take().map(|(since, _)| since);
        if let Some(breach) = instance.verdict.breaches.last_mut().filter(|breach| breach.since == since) {
            breach.until = Some(now);
        }
    }

    /// A condition that is to be true at some instant of the window; without one, at the trigger.
    fn have(&mut self, id: InstanceId, condition: &Condition) {
        let instance = self.instances.at(id);
        if instance.over || instance.window.opens.is_some_and(|(opens, _)| self.now < opens) {
            return;
        }
        let holds = self.holds_for(id, condition);
        let pending = instance.is_pending();
        let once = instance.norm.window.is_none();
        if pending {
            self.note_left_out(id, condition);
        }
        match holds {
            Some(true) => self.performed(id, self.now, pending && self.in_window(id), pending),
            None => self.doubt(id, pending, Doubt::Condition),
            Some(false) => {}
        }
        if once && pending && holds != Some(true) {
            // It was judged once, and this was when; nothing that comes later performs it.
            self.breach(id);
            self.instances.at_mut(id).over = true;
        }
    }

    fn in_window(&self, id: InstanceId) -> bool {
        let instance = self.instances.at(id);
        instance.is_stopped() || instance.closes().is_none_or(|closes| self.now <= closes)
    }

    /// A duty is excused as soon as what excuses it holds.
    pub(super) fn judge_excuse(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        if instance.norm.lasts() || instance.norm.unless.is_empty() || !instance.is_pending() || instance.over {
            return;
        }
        let excused = any(instance.norm.unless.iter().map(|one| self.holds_for(id, one)));
        match excused {
            Some(true) => self.excuse(id, self.now, None),
            None => self.doubt(id, true, Doubt::Excuse),
            Some(false) => {}
        }
    }

    /// Puts the next instants on the agenda at which conditions may change by the passing of time.
    pub(super) fn look_ahead(&mut self, judged: &[InstanceId]) {
        for id in judged.iter().copied().filter(|id| self.is_live(*id)).collect::<Vec<_>>() {
            let judged = self.instances.at(id).norm.judged();
            let next = self.in_its_time(id, |frame| judged.filter_map(|one| self.next_change(one, frame)).min());
            self.wake_one(id, next);
        }
        let mut next: Vec<Instant> = Vec::new();
        for id in self.listed.once.iter().copied() {
            if let Trigger::Once { condition, .. } = &self.program.articles.at(id).norm.trigger {
                next.extend(self.next_change(condition, &self.world().blank_frame(id)));
            }
        }
        for at in next {
            self.wake(at);
        }
        self.wake_for_ticks();
    }
}

impl Norm {
    /// Whether it is about a condition rather than an act.
    pub(super) fn is_of_condition(&self) -> bool {
        matches!(self.deed, Deed::Have(_) | Deed::Keep(_))
    }

    fn grace(&self) -> Option<&Duration> {
        self.tails.iter().find_map(|tail| match tail {
            Tail::Grace(length) => Some(length),
            _ => None,
        })
    }

    /// The conditions that are judged at every instant.
    pub(crate) fn judged(&self) -> impl Iterator<Item = &Condition> {
        let deed = match &self.deed {
            Deed::Keep(condition) | Deed::Have(condition) => Some(condition),
            _ => None,
        };
        let stopped = self.tails.iter().filter_map(|tail| match tail {
            Tail::SuspendedWhile(condition) => Some(condition),
            _ => None,
        });
        let unless = self.unless.iter().filter(|_| !self.forbids());
        let standing = deed.is_some() && self.stands();
        let guards = self.guards.iter().filter(move |_| standing);
        deed.into_iter().chain(stopped).chain(unless).chain(guards)
    }
}
