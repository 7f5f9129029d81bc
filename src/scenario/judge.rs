//! Whether what came of a scenario is what it expects.

use super::Failure;
use crate::arena::Set;
use crate::event::Composed;
use crate::finding::{Finding, Level};
use crate::model::{
    EventId, ExpectationKind, ExpectedBearer, ExpectedDuty, PartyId, Scenario, StepValue, Value, is_called,
};
use crate::verdict::{Outcome, Status, Trigger, Verdict};

/// How many of the verdicts that come nearest are told.
const NEAREST: usize = 3;

/// The expectations that do not come true.
pub(super) fn failures(
    scenario: &Scenario,
    composed: &Composed,
    verdicts: &[Verdict],
    found: &[Finding],
    warnings: &[Finding],
) -> Vec<Failure> {
    let judge = Judge { composed, verdicts };
    let mut failures = Vec::new();
    for (expectation, expected) in scenario.expectations.iter().enumerate() {
        let failed = match &expected.kind {
            ExpectationKind::Duty(duty) => judge.duty(duty),
            ExpectationKind::NoOtherBreach => judge.others(scenario, |verdict| verdict.status.is_breach()),
            ExpectationKind::NothingElse => judge.others(scenario, |_| true),
            ExpectationKind::Error(words) => {
                let mut errors = found.iter().filter(|finding| finding.level == Level::Error);
                (!errors.any(|finding| is_called(finding, &words.text))).then(Failed::default)
            }
            ExpectationKind::Lint(name) => {
                let mut lints = warnings.iter().filter(|finding| finding.level == Level::Warning);
                (!lints.any(|finding| finding.code.name() == name.text)).then(Failed::default)
            }
        };
        failures.extend(failed.map(|Failed { instead, missing }| Failure { expectation, instead, missing }));
    }
    failures
}

/// Why an expectation does not come true.
#[derive(Default)]
struct Failed {
    instead: Vec<usize>,
    missing: Vec<PartyId>,
}

struct Judge<'a> {
    composed: &'a Composed,
    verdicts: &'a [Verdict],
}

impl Judge<'_> {
    fn duty(&self, duty: &ExpectedDuty) -> Option<Failed> {
        let matching = |verdict: &&Verdict| self.claims(duty, verdict);
        if duty.status == "not triggered" {
            let places = self.verdicts.iter().enumerate().filter(|(_, verdict)| self.claims(duty, verdict));
            let instead: Vec<_> = places.map(|(place, _)| place).collect();
            return (!instead.is_empty()).then_some(Failed { instead, missing: Vec::new() });
        }
        let mut missing = Vec::new();
        let mut nobody = false;
        for bearer in &duty.by {
            let parties = self.meant(duty, bearer);
            nobody |= parties.is_empty();
            let as_group = bearer.group && self.verdicts.iter().filter(matching).any(|it| is_of_group(it, bearer));
            if !as_group {
                missing.extend(parties.into_iter().filter(|party| {
                    !self.verdicts.iter().filter(matching).any(|verdict| bears(verdict, *party, &duty.status))
                }));
            }
        }
        let found = self.verdicts.iter().any(|verdict| self.claims(duty, verdict));
        if found && missing.is_empty() && !nobody {
            return None;
        }
        Some(Failed { instead: self.nearest(duty, &missing), missing })
    }

    /// The parties meant: those named or, of a group whose members come and go, all that owe.
    fn meant(&self, duty: &ExpectedDuty, bearer: &ExpectedBearer) -> Vec<PartyId> {
        if !bearer.changing {
            return bearer.parties.clone();
        }
        let owed = self.verdicts.iter().filter(|verdict| {
            duty.articles.contains(&verdict.article) && duty.on.as_ref().is_none_or(|on| self.concerns(verdict, on))
        });
        let parties: Set<_> = owed.flat_map(|verdict| verdict.bearer.parties.iter().copied()).collect();
        parties.into_iter().filter(|party| !bearer.without.contains(party)).collect()
    }

    /// The verdicts of the sort asked for that nothing in the scenario expects.
    fn others(&self, scenario: &Scenario, sort: impl Fn(&Verdict) -> bool) -> Option<Failed> {
        let duties = || {
            scenario.expectations.iter().filter_map(|expectation| match &expectation.kind {
                ExpectationKind::Duty(duty) if duty.status != "not triggered" => Some(duty),
                _ => None,
            })
        };
        let others = self.verdicts.iter().enumerate();
        let others = others.filter(|(_, it)| sort(it) && !duties().any(|duty| self.claims(duty, it)));
        let instead: Vec<_> = others.map(|(place, _)| place).collect();
        (!instead.is_empty()).then_some(Failed { instead, missing: Vec::new() })
    }

    /// Whether a verdict is one of those that an expectation means.
    fn claims(&self, duty: &ExpectedDuty, verdict: &Verdict) -> bool {
        duty.articles.contains(&verdict.article)
            && has_status(verdict, &duty.status)
            && duty.on.as_ref().is_none_or(|on| self.concerns(verdict, on))
            && duty.due.is_none_or(|due| verdict.due == Some(due))
            && duty.at.is_none_or(|at| reached(verdict, &duty.status, at))
            && (duty.by.is_empty() || duty.by.iter().any(|bearer| is_borne_by(verdict, bearer, &duty.status)))
    }

    /// Whether a duty has to do with something: it was triggered by it or by what refers to it, or its chain of
    /// triggers began with it, or a name of its article stands for it.
    fn concerns(&self, verdict: &Verdict, on: &StepValue) -> bool {
        let Some(value) = self.value(on) else { return false };
        if verdict.frame.iter().any(|bound| holds(bound, &value)) {
            return true;
        }
        let Value::Event(event) = value else { return false };
        match &verdict.trigger {
            Trigger::Event(trigger) => *trigger == event || self.refers(*trigger, event),
            Trigger::State { cause, .. } | Trigger::Moment { cause, .. } => {
                cause.is_some_and(|cause| cause == event || self.refers(cause, event))
            }
            Trigger::EntryIntoForce | Trigger::Clock => false,
        }
    }

    fn value(&self, value: &StepValue) -> Option<Value> {
        match value {
            StepValue::Is(Value::Absent) => None,
            StepValue::Is(value) => Some(value.clone()),
            StepValue::Step(step) => self.composed.steps.get(*step).copied().flatten().map(Value::Event),
            StepValue::Event(_) | StepValue::List(_) => None,
        }
    }

    /// Whether a field of an event refers to another event.
    fn refers(&self, event: EventId, to: EventId) -> bool {
        let log = &self.composed.log;
        log.events.get(event).is_some_and(|event| log.fields(event).iter().any(|field| holds(field, &Value::Event(to))))
    }

    /// The verdicts of the same articles that come nearest to what is expected.
    fn nearest(&self, duty: &ExpectedDuty, missing: &[PartyId]) -> Vec<usize> {
        let far = |verdict: &Verdict| {
            let borne = duty.by.is_empty() || missing.iter().any(|party| verdict.bearer.parties.contains(party));
            let on = duty.on.as_ref().is_none_or(|on| self.concerns(verdict, on));
            (!borne, !on, !has_status(verdict, &duty.status))
        };
        let same = self.verdicts.iter().enumerate().filter(|(_, verdict)| duty.articles.contains(&verdict.article));
        let mut places: Vec<_> = same.map(|(place, verdict)| (far(verdict), place)).collect();
        places.sort_unstable();
        // Where the bearer is named and found, what others did explains nothing.
        let best = places.first().map(|((borne, ..), _)| *borne);
        places
            .into_iter()
            .filter(|((borne, ..), _)| Some(*borne) == best)
            .map(|(_, place)| place)
            .take(NEAREST)
            .collect()
    }
}

/// Whether a verdict is of the status that a word means.
fn has_status(verdict: &Verdict, word: &str) -> bool {
    let outcome = |wanted: Outcome| verdict.outcome == Some(wanted);
    match word {
        "triggered" | "not triggered" => true,
        "met" => verdict.status == Status::Met || outcome(Outcome::Adopted) || outcome(Outcome::Rejected),
        "adopted" => outcome(Outcome::Adopted),
        "rejected" => outcome(Outcome::Rejected),
        "blocked" => verdict.status == Status::Blocked || outcome(Outcome::Blocked),
        "lapsed" => verdict.status == Status::Lapsed || outcome(Outcome::Lapsed),
        other => verdict.status.name() == other,
    }
}

/// Whether a verdict came to that at an instant.
fn reached(verdict: &Verdict, word: &str, at: crate::time::Instant) -> bool {
    match word {
        "triggered" | "not triggered" => verdict.triggered_at == at,
        "breached" => verdict.at == Some(at) || verdict.breaches.iter().any(|breach| breach.at == at),
        _ => verdict.at == Some(at),
    }
}

fn is_borne_by(verdict: &Verdict, bearer: &ExpectedBearer, word: &str) -> bool {
    if bearer.changing {
        return verdict.bearer.parties.iter().any(|party| !bearer.without.contains(party));
    }
    (bearer.group && is_of_group(verdict, bearer)) || bearer.parties.iter().any(|party| bears(verdict, *party, word))
}

/// Whether a party bears a duty, alone or as a member of a group; of a breach it must be to blame.
fn bears(verdict: &Verdict, party: PartyId, word: &str) -> bool {
    if verdict.bearer.group && word == "breached" {
        return verdict.blamed.contains(&party) || verdict.breaches.iter().any(|breach| breach.by.contains(&party));
    }
    verdict.bearer.parties.contains(&party)
}

/// Whether a duty is that of just these members as a group.
fn is_of_group(verdict: &Verdict, bearer: &ExpectedBearer) -> bool {
    let members = &verdict.bearer.parties;
    if bearer.changing {
        return verdict.bearer.group && !members.iter().any(|member| bearer.without.contains(member));
    }
    verdict.bearer.group
        && members.len() == bearer.parties.len()
        && members.iter().all(|member| bearer.parties.contains(member))
}

/// Whether a value is another, or holds it.
fn holds(value: &Value, wanted: &Value) -> bool {
    match value {
        Value::List(list) => list.iter().any(|one| holds(one, wanted)),
        Value::Moment(moment) => {
            let cause = moment.0.cause.map(Value::Event);
            cause.as_ref() == Some(wanted) || moment.0.frame.iter().any(|one| holds(one, wanted))
        }
        other => other == wanted,
    }
}
