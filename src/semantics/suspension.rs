//! Suspensions: no new duties start, and clocks stand and run on.

use super::{InstanceId, Lookup, Replay};
use crate::model::{ArticleId, EventId, MomentKind, Occurrence, PartyId, Tail, Value};
use crate::time::Instant;
use crate::verdict::{Doubt, Verdict};
use serde::{Deserialize, Serialize};

/// To whom and what an effect applies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Scope {
    pub(super) articles: Vec<ArticleId>,
    /// For whom; for everybody, where nobody is named.
    pub(super) bearers: Option<Vec<PartyId>>,
    /// Towards whom.
    pub(super) claimants: Option<Vec<PartyId>>,
    pub(super) on: Vec<Value>,
    pub(super) root: Option<EventId>,
}

/// A suspension that an effect brought about.
pub(super) struct Suspension<'a> {
    pub(super) scope: Scope,
    pub(super) until: Until<'a>,
}

/// When a suspension ends.
pub(super) enum Until<'a> {
    At(Instant),
    Event(&'a Occurrence, Vec<Value>),
    Never,
}

impl<'a, L: Lookup> Replay<'a, L> {
    pub(super) fn suspend(&mut self, suspension: Suspension<'a>) {
        self.suspensions.push(suspension);
        self.stop_or_run_all();
    }

    /// Whether a duty is within the reach of an effect.
    pub(super) fn is_within(&self, scope: &Scope, verdict: &Verdict) -> bool {
        let all =
            |parties: &[PartyId], of: &[PartyId]| !of.is_empty() && of.iter().all(|party| parties.contains(party));
        scope.articles.contains(&verdict.article)
            && scope.bearers.as_ref().is_none_or(|bearers| all(bearers, &verdict.bearer.parties))
            && scope
                .claimants
                .as_ref()
                .is_none_or(|claimants| verdict.owed_to.parties.iter().any(|party| claimants.contains(party)))
            && scope.on.iter().all(|on| self.is_on(verdict, on))
            && scope.root.is_none_or(|root| verdict.cause() == Some(root))
    }

    /// Whether a duty's trigger is, or concerns, something.
    pub(super) fn is_on(&self, verdict: &Verdict, on: &Value) -> bool {
        let by_cause = verdict.cause().is_some_and(|cause| self.is_about(cause, on));
        by_cause || verdict.frame.contains(on)
    }

    /// Whether a duty that is about to start does not, its article being suspended.
    pub(super) fn is_suspended(&self, verdict: &Verdict) -> bool {
        self.suspensions.iter().any(|suspension| self.is_within(&suspension.scope, verdict))
    }

    /// Suspensions that last until this instant end as it begins.
    pub(super) fn end_suspensions(&mut self) {
        let now = self.now;
        let before = self.suspensions.len();
        self.suspensions.retain(|suspension| !matches!(suspension.until, Until::At(at) if at <= now));
        if self.suspensions.len() < before {
            self.stop_or_run_all();
        }
    }

    /// Suspensions end with what happened at a place.
    pub(super) fn end_suspensions_with(&mut self, place: usize) {
        if self.suspensions.is_empty() {
            return;
        }
        let ended: Vec<bool> = self
            .suspensions
            .iter()
            .map(|suspension| match &suspension.until {
                Until::Event(event, frame) => self.is_happening(event, place, frame) == Some(true),
                Until::At(_) | Until::Never => false,
            })
            .collect();
        if ended.contains(&true) {
            let mut ended = ended.into_iter();
            self.suspensions.retain(|_| ended.next() != Some(true));
            self.stop_or_run_all();
        }
    }

    fn stop_or_run_all(&mut self) {
        for id in self.live.iter().map(|(_, id)| *id).collect::<Vec<_>>() {
            self.stop_or_run(id);
        }
    }

    /// Stops a clock that is to stand, and lets one run on that stands and need not.
    pub(super) fn stop_or_run(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        if instance.over
            || self.suspensions.is_empty()
                && !instance.is_stopped()
                && !instance.tail(|tail| matches!(tail, Tail::SuspendedWhile(_)))
        {
            return;
        }
        let mut stands = self.is_suspended(&instance.verdict);
        for tail in &instance.norm.tails {
            if let Tail::SuspendedWhile(condition) = tail {
                match self.holds_for(id, condition) {
                    Some(holds) => stands |= holds,
                    None => self.instances.at_mut(id).verdict.doubtful(Doubt::Condition),
                }
            }
        }
        let now = self.now;
        let instance = self.instances.at_mut(id);
        if stands == instance.is_stopped() || !instance.may_turn(now) {
            return;
        }
        match (stands, instance.is_stopped()) {
            (true, false) if instance.is_pending() || instance.norm.lasts() => {
                instance.stop(now);
                self.moment(id, MomentKind::Suspended, now);
            }
            (false, true) => {
                instance.resume(now);
                self.wake_at_ends(id);
                let lapse = self.instances.at(id).lapse;
                self.wake_one(id, lapse.map(|(_, ends)| ends));
            }
            _ => {}
        }
    }
}
