//! What an event is to a duty: its performance, its breach, its excuse.

use super::{Frame, Match, Truth, World, and, any};
use crate::model::{EventId, Norm, Occurrence, PartyId, Subject};
use crate::time::Instant;
use crate::verdict::{Breach, Doubt, Status, Verdict};

impl World<'_> {
    /// Whether an event is the act that a norm owes or forbids, in its words and for these names.
    pub fn is_act(&self, norm: &Norm, event: EventId, frame: &Frame) -> Truth {
        any(self.ways_to_act(norm, event, frame).iter().map(|way| way.truth))
    }

    fn ways_to_act(&self, norm: &Norm, event: EventId, frame: &Frame) -> Vec<Match> {
        let act = norm.act();
        act.map(|act| self.matches(&act.pattern, act.condition.iter(), event, frame)).unwrap_or_default()
    }

    /// Whether an event breaks a prohibition: it is the act, in the window, and nothing excuses it.
    pub fn breaks(&self, norm: &Norm, event: EventId, verdict: &Verdict) -> Truth {
        if verdict.opens.is_some_and(|opens| self.log.events.at(event).at < opens) {
            return Some(false);
        }
        let ways = self.ways_to_act(norm, event, &verdict.frame);
        any(ways.iter().map(|way| {
            let unexcused = || self.any(&norm.unless, &way.frame).map(|excused| !excused);
            and(way.truth, unexcused)
        }))
    }

    /// Whether an event discharges a duty or a prohibition.
    pub fn excuses(&self, norm: &Norm, event: EventId, frame: &Frame) -> Truth {
        let patterns = norm.excused_by.iter().filter_map(Occurrence::pattern);
        any(patterns.map(|pattern| self.is_match(pattern, event, frame)))
    }

    /// Notes which members of a group an act performs for; true once enough have performed, and for a single bearer.
    pub fn suffices(&self, norm: &Norm, event: EventId, verdict: &mut Verdict) -> bool {
        let Subject::Group { count, .. } = norm.subject else {
            return true;
        };
        for party in self.performers(norm, event, &verdict.bearer.parties) {
            if !verdict.performed_by.contains(&party) {
                verdict.performed_by.push(party);
            }
        }
        verdict.performed_by.len() >= count
    }

    /// The members of a group for whom an act is performed: those whom its `by` names, or all where it names nobody.
    fn performers(&self, norm: &Norm, event: EventId, members: &[PartyId]) -> Vec<PartyId> {
        let event = self.log.events.at(event);
        let Some(by) = self.program.kinds.at(event.kind).by else {
            return members.to_vec();
        };
        if norm.act().is_none_or(|act| act.pattern.tests.iter().all(|test| test.field != by)) {
            return members.to_vec();
        }
        let actors = self.log.field(event, by).parties();
        members.iter().copied().filter(|member| actors.contains(member)).collect()
    }
}

impl Verdict {
    /// Gives a prohibition an end, if it has no earlier one: what was observed without end is now pending.
    pub fn end_by(&mut self, end: Instant) {
        self.due = Some(self.due.map_or(end, |due| due.min(end)));
        if self.status == Status::Observed {
            self.status = Status::Pending;
        }
    }

    /// Notes the first thing that keeps the verdict from being told.
    pub fn doubtful(&mut self, doubt: Doubt) {
        self.doubt.get_or_insert(doubt);
    }

    /// The clock has passed the due instant: what is pending is breached, or cannot be told. True where it is breached.
    pub fn overdue(&mut self, norm: &Norm, at: Instant) -> bool {
        if self.status != Status::Pending {
            return false;
        }
        if self.doubt.is_some() {
            self.status = Status::Indeterminate;
            return false;
        }
        self.blamed = self.to_blame(norm);
        self.breach(Breach { at, by: self.blamed.clone(), act: None, since: None, until: None });
        true
    }

    /// A prohibition has ended: if nothing broke it, it was kept, or cannot be told. True where it was kept.
    pub fn ended(&mut self, at: Instant) -> bool {
        if self.status == Status::Breached {
            return false;
        }
        if self.doubt.is_some() {
            self.status = Status::Indeterminate;
            return false;
        }
        self.comes_to(Status::Met, at);
        true
    }

    /// A forbidden act: the prohibition is broken, perhaps once more.
    pub fn broken_by(&mut self, event: EventId, at: Instant) {
        self.acts.push(event);
        self.blamed.clone_from(&self.bearer.parties);
        self.breach(Breach { at, by: self.blamed.clone(), act: Some(event), since: None, until: None });
    }

    /// One more breach; the first says when the promise was broken.
    pub fn breach(&mut self, breach: Breach) {
        self.status = Status::Breached;
        self.at.get_or_insert(breach.at);
        self.breaches.push(breach);
    }

    /// It has come to this, then.
    pub fn comes_to(&mut self, status: Status, at: Instant) {
        self.status = status;
        self.at = Some(at);
    }

    /// An excuse: a duty or a prohibition that is not broken yet is discharged.
    pub fn excused_by(&mut self, event: EventId, at: Instant) {
        if self.status != Status::Breached {
            self.comes_to(Status::Excused, at);
            self.acts.push(event);
        }
    }

    /// Who is to blame where the window has passed: a bearer, the members that did not perform, or, where one of the
    /// group was enough, all of them.
    fn to_blame(&self, norm: &Norm) -> Vec<PartyId> {
        let several = matches!(norm.subject, Subject::Group { together: false, .. });
        let parties = self.bearer.parties.iter().copied();
        parties.filter(|party| !several || !self.performed_by.contains(party)).collect()
    }
}
