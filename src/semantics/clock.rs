//! What the clock brings about by itself.
//!
//! At every instant: what has ended, what opens, the events line by line, and the conditions that are judged once the
//! instant is complete. What was due then is broken only when the clock moves on.

use super::history::What;
use super::{InstanceId, Replay};
use crate::model::{Deed, EventId, Subject};
use crate::syntax::ast::Modal;
use crate::time::Instant;

impl Replay<'_> {
    /// Goes through the events and every instant at which something may change.
    pub(super) fn run(&mut self, events: &[EventId]) {
        self.open(events);
        let mut events = events.iter().copied().peekable();
        loop {
            let at = |event: &EventId| self.log.events.at(*event).at;
            let next = events.peek().map(at).into_iter().chain(self.agenda.first().copied()).min();
            let Some(next) = next.filter(|next| *next <= self.end) else { break };
            self.now = next;
            let woken = self.agenda.remove(&next);
            self.reach(woken);
            while let Some(event) = events.next_if(|event| self.log.events.at(*event).at == next) {
                self.event(event);
            }
            if woken {
                self.happen(What::Passed);
            }
            self.complete();
            if next < self.end {
                self.move_on();
            }
        }
        self.now = self.end;
    }

    /// What has ended, then what opens, before the events of an instant.
    fn reach(&mut self, woken: bool) {
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
        self.end_force();
        self.settle_all();
        self.end_suspensions();
        for (_, number) in self.live.clone() {
            self.end_one(number);
        }
    }

    /// What enters into force at this instant.
    fn open_what_opens(&mut self) {
        self.enter_force();
        self.join_on_time();
    }

    /// The instant is complete: conditions are judged, until nothing more follows from them.
    fn complete(&mut self) {
        loop {
            self.judge_conditions();
            if self.queue.is_empty() {
                break;
            }
            self.settle_all();
        }
        self.look_ahead();
    }

    /// The clock passes the instant: what was due is broken, which may bring about more at the same instant.
    fn move_on(&mut self) {
        loop {
            let overdue: Vec<_> =
                self.live.iter().map(|(_, number)| *number).filter(|it| self.is_overdue(*it)).collect();
            if overdue.is_empty() {
                break;
            }
            for number in overdue {
                self.overdue(number);
            }
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

    /// Puts an instant that is still to come on the agenda.
    pub(super) fn wake(&mut self, at: impl Into<Option<Instant>>) {
        let still_to_come = |at: &Instant| *at > self.now && *at != Instant::NEVER;
        self.agenda.extend(at.into().filter(still_to_come));
    }

    /// Whether a norm's subject is meant as one, so that its breach is one moment.
    pub(super) fn is_together(subject: &Subject) -> bool {
        matches!(subject, Subject::Group { together: true, .. } | Subject::Jointly(_) | Subject::Nobody)
    }
}
