//! «Decisions»: a group votes, by a rule.

use std::sync::Arc;

use super::instance::{Choice, Instance};
use super::{InstanceId, Lookup, Replay};
use crate::model::{Decision, Deed, EventId, MomentKind, PartyId, Value, VotingRule};
use crate::syntax::ast::{Majority, Modal};
use crate::time::Instant;
use crate::verdict::{Breach, Outcome, Status, Verdict};

/// How the members have voted.
#[derive(Debug, Clone, Copy)]
struct Count {
    members: usize,
    favour: usize,
    against: usize,
    abstained: usize,
}

impl Count {
    fn voted(&self) -> usize {
        self.favour + self.against + self.abstained
    }

    fn outstanding(&self) -> usize {
        self.members.saturating_sub(self.voted())
    }
}

impl<L: Lookup> Replay<'_, L> {
    /// What was decided on, of a decision.
    pub(super) fn decided_on(&self, instance: &Instance<'_>) -> Value {
        match &instance.norm.deed {
            Deed::Decide(decision) => self.world().value(&decision.on, &instance.verdict.frame),
            _ => Value::Absent,
        }
    }

    /// What an event is to a decision: a ballot of a member or of a holder of the veto, or of neither.
    pub(super) fn ballot(&mut self, id: InstanceId, decision: &Decision, event: EventId) {
        let instance = self.instances.at(id);
        if instance.verdict.outcome.is_some() || instance.is_stopped() {
            return;
        }
        let rules = std::iter::once(&decision.rule).chain(&decision.fallback);
        let frame = &instance.verdict.frame;
        let cast = rules.into_iter().any(|rule| self.world().is_match(&rule.ballots, event, frame) == Some(true));
        let Some(choice) = self.choice(event).filter(|_| cast) else { return };
        let at = self.log.events.at(event).at;
        let by = self.world().actors(event);
        let holders = self.veto_holders(id, decision);
        let members = instance.verdict.bearer.parties.clone();
        let (voters, strangers): (Vec<PartyId>, Vec<PartyId>) =
            by.into_iter().partition(|party| members.contains(party) || holders.contains(party));
        let instance = self.instances.at_mut(id);
        for party in voters {
            instance.ballots.insert(party, choice);
            if members.contains(&party) {
                instance.verdict.performed_by(party);
            }
        }
        instance.verdict.acts.push(event);
        if !strangers.is_empty() {
            instance.verdict.acts.pop();
            let Verdict { article, frame, .. } = &self.instances.at(id).verdict;
            let (article, frame) = (*article, Arc::clone(frame));
            self.invalid(article, &frame, event, strangers);
        }
        if let Some(outcome) = self.outcome_of_ballots(id, decision) {
            self.decide(id, outcome, at);
        }
    }

    fn choice(&self, event: EventId) -> Option<Choice> {
        let found = self.log.events.at(event);
        let fields = &self.program.kinds.at(found.kind).fields;
        let choice = fields.iter().position(|field| field.name == "choice")?;
        let Value::Word(word) = self.log.field(found, choice) else { return None };
        Some(match self.log.symbols().text(*word) {
            "favour" => Choice::Favour,
            "against" => Choice::Against,
            _ => Choice::Abstain,
        })
    }

    fn veto_holders(&self, id: InstanceId, decision: &Decision) -> Vec<PartyId> {
        let frame = &self.instances.at(id).verdict.frame;
        decision.veto.iter().flat_map(|holders| self.world().members(holders, frame)).collect()
    }

    fn count(&self, id: InstanceId) -> Count {
        let instance = self.instances.at(id);
        let members = &instance.verdict.bearer.parties;
        let of = |choice: Choice| members.iter().filter(|party| instance.ballots.get(*party) == Some(&choice)).count();
        Count {
            members: members.len(),
            favour: of(Choice::Favour),
            against: of(Choice::Against),
            abstained: of(Choice::Abstain),
        }
    }

    /// The outcome that is certain after a ballot: a veto; or what the members can no longer change, once everybody who
    /// holds a veto has voted.
    fn outcome_of_ballots(&self, id: InstanceId, decision: &Decision) -> Option<Outcome> {
        let instance = self.instances.at(id);
        let holders = self.veto_holders(id, decision);
        if holders.iter().any(|holder| instance.ballots.get(holder) == Some(&Choice::Against)) {
            return Some(Outcome::Blocked);
        }
        if holders.iter().any(|holder| !instance.ballots.contains_key(holder)) {
            return None;
        }
        let count = self.count(id);
        let needed = decision.rule.of_members(count.members)?;
        if count.favour >= needed && decision.has_quorum(count) {
            return Some(Outcome::Adopted);
        }
        // Where there is a second rule, what the first one comes to is not the end.
        let impossible = count.favour + count.outstanding() < needed;
        (impossible && decision.fallback.is_none()).then_some(Outcome::Rejected)
    }

    /// The window has closed: what was not certain before is decided now, or not at all.
    pub(super) fn close_vote(&mut self, id: InstanceId, decision: &Decision) {
        let count = self.count(id);
        let first = decision.rule.at_the_close(count);
        let outcome = match (first, &decision.fallback) {
            _ if !decision.has_quorum(count) => None,
            (Some(Outcome::Adopted), _) | (_, None) => first,
            (_, Some(second)) => second.at_the_close(count),
        };
        let instance = self.instances.at(id);
        // Where the window was over before it began, it is decided as it begins.
        let at = instance.closes().unwrap_or(self.now).max(instance.anchor.at);
        self.decide(id, outcome.unwrap_or(Outcome::Lapsed), at);
    }

    fn decide(&mut self, id: InstanceId, outcome: Outcome, at: Instant) {
        let instance = self.instances.at_mut(id);
        instance.verdict.outcome = Some(outcome);
        let must = instance.norm.modal == Modal::Shall;
        let (status, moment) = match outcome {
            Outcome::Adopted => (Status::Met, MomentKind::Adopted),
            Outcome::Rejected => (Status::Met, MomentKind::Rejected),
            Outcome::Blocked => (Status::Blocked, MomentKind::Blocked),
            Outcome::Lapsed => (Status::Lapsed, MomentKind::Lapses),
        };
        if outcome == Outcome::Lapsed && must {
            let parties = &instance.verdict.bearer.parties;
            let silent = parties.iter().filter(|party| !instance.ballots.contains_key(*party));
            instance.verdict.blamed = silent.copied().collect();
            let by = instance.verdict.blamed.clone();
            instance.verdict.breach(Breach { at, by, act: None, since: None, until: None });
            instance.over = true;
            self.note_breach(id);
            self.moment(id, MomentKind::Breached, at);
        } else {
            instance.comes_to(status, at);
        }
        if status == Status::Met {
            self.moment(id, MomentKind::Met, at);
        }
        self.moment(id, moment, at);
        if outcome != Outcome::Adopted {
            self.moment(id, MomentKind::Fails, at);
        }
    }
}

impl Decision {
    /// Whether enough members have voted at all.
    fn has_quorum(&self, count: Count) -> bool {
        self.quorum.is_none_or(|quorum| count.voted() >= quorum as usize)
    }
}

impl VotingRule {
    /// How many of the members must be in favour; none where the rule is judged at the close only.
    fn of_members(&self, members: usize) -> Option<usize> {
        if self.of_votes_cast { None } else { self.majority.of(members) }
    }

    /// What the rule comes to when the window closes; none where it comes to nothing.
    fn at_the_close(&self, count: Count) -> Option<Outcome> {
        let cast = count.favour + count.against;
        let judged = |adopted: bool| Some(if adopted { Outcome::Adopted } else { Outcome::Rejected });
        match self.majority {
            Majority::Silence => judged(count.against == 0),
            Majority::Consensus if count.against > 0 => Some(Outcome::Rejected),
            Majority::Consensus => (count.favour > 0).then_some(Outcome::Adopted),
            majority if self.of_votes_cast => {
                let needed = majority.of(cast)?;
                if cast == 0 { None } else { judged(count.favour >= needed) }
            }
            majority => {
                let needed = majority.of(count.members)?;
                if count.favour >= needed {
                    return Some(Outcome::Adopted);
                }
                (count.favour + count.outstanding() < needed).then_some(Outcome::Rejected)
            }
        }
    }
}

impl Majority {
    /// How many of so many must be in favour; none for a rule that does not say.
    fn of(self, all: usize) -> Option<usize> {
        Some(match self {
            Majority::Unanimity => all,
            Majority::Majority => all / 2 + 1,
            Majority::TwoThirds => (2 * all).div_ceil(3),
            Majority::ThreeQuarters => (3 * all).div_ceil(4),
            Majority::AtLeast(count) => count as usize,
            Majority::Consensus | Majority::Silence => return None,
        })
    }
}
