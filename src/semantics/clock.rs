//! What the clock brings about by itself.
//!
//! At every instant: what has ended, what opens, the events line by line, and the conditions that are judged once the
//! instant is complete. What was due then is broken only when the clock moves on.

use super::history::What;
use super::step::Followed;
use super::{InstanceId, Lookup, Replay};
use crate::model::{Deed, EventId, Subject};
use crate::syntax::ast::Modal;
use crate::time::Instant;

impl<L: Lookup> Replay<'_, L> {
    /// The next event of the log, which is not earlier than the last one.
    pub(crate) fn next(&mut self, event: EventId) {
        let at = self.log.events.at(event).at;
        if !self.has_begun {
            self.open(Some(at));
        }
        self.last_event = Some(at);
        self.advance(at);
        if !self.is_present(at) {
            self.reach(at);
        }
        self.event(event);
    }

    /// Goes through every instant before one at which something may change.
    pub(crate) fn advance(&mut self, to: Instant) {
        while self.now < to {
            self.pass();
            match self.agenda.first().copied().filter(|next| *next < to) {
                Some(next) => self.reach(next),
                None => break,
            }
        }
    }

    /// Goes through every instant up to the end at which something may change, and completes the last one.
    pub(crate) fn finish(&mut self, end: Instant) {
        if !self.has_begun {
            self.open(None);
        }
        self.advance(end);
        if !self.is_present(end) && self.agenda.first().is_some_and(|next| *next == end) {
            self.reach(end);
        }
        self.come_to_an_end();
        self.now = end;
    }

    fn is_present(&self, at: Instant) -> bool {
        self.instant.is_some() && self.now == at
    }

    /// The present instant is over, and the clock passes it.
    fn pass(&mut self) {
        if self.come_to_an_end() {
            self.move_on();
            self.forget_the_instant();
        }
    }

    /// The events of the present instant are over, and its conditions are judged; false where there is none.
    fn come_to_an_end(&mut self) -> bool {
        let Some(woken) = self.instant.take() else { return false };
        self.followed = Followed::default();
        if woken {
            self.happen(What::Passed);
        }
        self.complete();
        true
    }

    /// The clock comes to an instant: what has ended, then what opens, before its events.
    fn reach(&mut self, at: Instant) {
        self.now = at;
        self.followed = Followed::default();
        let woken = self.agenda.remove(&at);
        self.instant = Some(woken);
        self.end_what_ends();
        self.settle_all();
        self.open_what_opens();
        self.settle_all();
        if woken {
            self.happen(What::Tick);
        }
    }

    /// Windows that end just before this instant, and what ends at it.
    fn end_what_ends(&mut self) {
        if self.force_turns.contains(&self.now) {
            self.end_force();
            self.settle_all();
        }
        if !self.suspensions.is_empty() {
            self.end_suspensions();
        }
        for id in L::ending(self) {
            self.end_one(id);
        }
    }

    /// What enters into force at this instant.
    fn open_what_opens(&mut self) {
        if self.force_turns.remove(&self.now) {
            self.enter_force();
        }
        if self.instant == Some(true) {
            self.join_on_time();
        }
    }

    /// The instant is complete: conditions are judged, until nothing more follows from them.
    fn complete(&mut self) {
        if L::is_settled(self) && self.listed.once.is_empty() && self.listed.ticking.is_empty() {
            return;
        }
        let mut judged = Vec::new();
        loop {
            judged.extend(self.judge_conditions());
            if self.queue.is_empty() {
                break;
            }
            self.followed.step();
            self.settle_all();
            if self.followed.is_endless() {
                break;
            }
        }
        judged.sort_unstable();
        judged.dedup();
        self.look_ahead(&judged);
    }

    /// The clock passes the instant: what was due is broken, which may bring about more at the same instant.
    fn move_on(&mut self) {
        self.followed = Followed::default();
        while !self.followed.is_endless() {
            let mut overdue = L::overdue(self);
            overdue.retain(|id| self.is_overdue(*id));
            if overdue.is_empty() {
                break;
            }
            for id in overdue {
                self.overdue(id);
            }
            self.followed.step();
            self.settle_all();
            self.complete();
        }
    }

    /// Whether the clock has passed the instant at which a duty was due, or a grace has run out.
    fn is_overdue(&self, id: InstanceId) -> bool {
        let instance = self.instances.at(id);
        if instance.over || instance.is_stopped() {
            return false;
        }
        if instance.norm.lasts() {
            return instance.lapse.is_some_and(|(_, ends)| ends <= self.now);
        }
        let permitted = instance.norm.modal == Modal::May;
        (permitted || !instance.norm.is_open()) && self.window_has_passed(id)
    }

    fn window_has_passed(&self, id: InstanceId) -> bool {
        let instance = self.instances.at(id);
        instance.is_pending() && instance.closes().is_some_and(|closes| closes <= self.now)
    }

    /// The clock has passed it: what is pending is breached, or cannot be told.
    pub(super) fn overdue(&mut self, id: InstanceId) {
        let norm = self.instances.at(id).norm;
        match &norm.deed {
            Deed::Decide(decision) => self.close_vote(id, decision),
            Deed::Keep(_) => self.grace_runs_out(id),
            _ if norm.modal == Modal::May => self.lapse_unused(id),
            _ => self.breach(id),
        }
        self.forget(id);
    }

    /// Something may enter into force or end at an instant that is still to come.
    pub(super) fn wake_force(&mut self, at: impl Into<Option<Instant>>) {
        let at = at.into();
        self.wake(at);
        self.force_turns.extend(at.filter(|at| *at > self.now));
    }

    /// Something may happen to a duty at an instant that is still to come.
    pub(super) fn wake_one(&mut self, id: InstanceId, at: impl Into<Option<Instant>>) {
        if let Some(at) = at.into().filter(|at| *at > self.now && *at != Instant::NEVER) {
            self.agenda.insert(at);
            L::wakes(self, id, at);
        }
    }

    /// Puts an instant that is still to come on the agenda.
    pub(crate) fn wake(&mut self, at: impl Into<Option<Instant>>) {
        let still_to_come = |at: &Instant| *at > self.now && *at != Instant::NEVER;
        self.agenda.extend(at.into().filter(still_to_come));
    }

    /// Whether a norm's subject is meant as one, so that its breach is one moment.
    pub(super) fn is_together(subject: &Subject) -> bool {
        matches!(subject, Subject::Group { together: true, .. } | Subject::Jointly(_) | Subject::Nobody)
    }
}
