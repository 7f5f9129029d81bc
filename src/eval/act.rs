//! What an event is to a duty: its performance, its breach, its excuse.

use super::{Frame, Match, Truth, World, and, any};
use crate::model::{Deed, EventId, Norm, PartyId, Subject};
use crate::syntax::ast::Portion;
use crate::time::Instant;
use crate::verdict::{Breach, Doubt, Status, Verdict};

impl World<'_> {
    /// Whether an event is the act that a norm owes or forbids, in its words and for these names.
    pub fn is_act(&self, norm: &Norm, event: EventId, frame: &Frame) -> Truth {
        any(self.ways_to_act(norm, event, frame).iter().map(|way| way.truth))
    }

    pub(crate) fn ways_to_act(&self, norm: &Norm, event: EventId, frame: &Frame) -> Vec<Match> {
        let Deed::Acts(acts) = &norm.deed else { return Vec::new() };
        acts.acts.iter().flat_map(|act| self.matches(&act.pattern, act.condition.iter(), event, frame)).collect()
    }

    /// Whether an event is an act that is forbidden, and nothing excuses it; what stands is asked for its conditions at
    /// the act.
    pub(crate) fn is_forbidden(&self, norm: &Norm, event: EventId, frame: &Frame) -> Truth {
        any(self.ways_to_act(norm, event, frame).iter().map(|way| {
            let bound = || if norm.stands() { self.all(&norm.guards, &way.frame) } else { Some(true) };
            let unexcused = || self.any(&norm.unless, &way.frame).map(|excused| !excused);
            and(and(way.truth, bound), unexcused)
        }))
    }

    /// The members of a group for whom an act is performed: those whom its `by` names, or all where it names nobody.
    pub(crate) fn performers(&self, norm: &Norm, event: EventId, members: &[PartyId]) -> Vec<PartyId> {
        let event = self.log.events.at(event);
        let act = match &norm.deed {
            Deed::Acts(acts) => acts.acts.iter().find(|act| act.pattern.kind == event.kind),
            _ => None,
        };
        let Some(by) = self.program.kinds.at(event.kind).by else {
            return members.to_vec();
        };
        if act.is_none_or(|act| act.pattern.tests.iter().all(|test| test.field != by)) {
            return members.to_vec();
        }
        let actors = self.log.field(event, by).parties();
        members.iter().copied().filter(|member| actors.contains(member)).collect()
    }
}

/// How many of so many members are a part of them: all, where none is named.
pub(crate) fn part_of(members: usize, portion: Option<Portion>) -> usize {
    match portion {
        None => members,
        Some(Portion::Majority) => members / 2 + 1,
        Some(Portion::TwoThirds) => (2 * members).div_ceil(3),
        Some(Portion::ThreeQuarters) => (3 * members).div_ceil(4),
    }
}

impl Verdict {
    /// Notes a member that has performed.
    pub(crate) fn performed_by(&mut self, party: PartyId) {
        if !self.performed_by.contains(&party) {
            self.performed_by.push(party);
        }
    }

    /// Notes the first thing that keeps the verdict from being told.
    pub fn doubtful(&mut self, doubt: Doubt) {
        self.doubt.get_or_insert(doubt);
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

    /// Who is to blame where the window has passed: a bearer, the members that did not perform, or, where one of the
    /// group was enough, all of them.
    pub(crate) fn to_blame(&self, norm: &Norm) -> Vec<PartyId> {
        let several = matches!(norm.subject, Subject::Group { together: false, .. } | Subject::Part { .. });
        let parties = self.bearer.parties.iter().copied();
        parties.filter(|party| !several || !self.performed_by.contains(party)).collect()
    }
}
