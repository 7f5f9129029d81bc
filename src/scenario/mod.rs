//! Scenarios put to the test: the log that they make, what it comes to, and whether that is what they expect.
//!
//! A scenario's log is what its logs hold and its own steps, in order of time. An error that it expects, such as a
//! local time that a change of clocks repeats, sets the step or the line aside that has it, and the rest is replayed.

mod judge;

use crate::event::{self, Composed, Log};
use crate::finding::{Finding, Level};
use crate::model::{EventId, ExpectationKind, Program, Scenario, is_called};
use crate::replay;
use crate::source::Sources;
use crate::verdict::Verdict;

/// What a scenario came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The log that was replayed.
    pub log: Log,
    /// The event that each step is; none where it was set aside.
    pub steps: Vec<Option<EventId>>,
    /// How far it was replayed, and what was known.
    pub options: replay::Options,
    /// What the replay says.
    pub verdicts: Vec<Verdict>,
    /// Whether it was replayed.
    pub replayed: bool,
    /// What is wrong with the scenario and not expected, so that it was not replayed.
    pub errors: Vec<Finding>,
    /// What is expected and not so.
    pub failures: Vec<Failure>,
}

impl Outcome {
    /// Whether everything is as expected.
    pub fn passed(&self) -> bool {
        self.replayed && self.failures.is_empty()
    }
}

/// An expectation that does not come true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which, by its place in the scenario.
    pub expectation: usize,
    /// Those of whom it does not hold, by their places in the list of verdicts: what was not expected or, of a duty,
    /// the verdicts that come nearest, the nearest first.
    pub instead: Vec<usize>,
    /// The parties of whom there is no such verdict, where parties are named.
    pub missing: Vec<crate::model::PartyId>,
}

/// Replays a scenario with its program, and judges what it expects. `found` is what was wrong when it was built, and
/// `warnings` what `check` has to say of its treaties.
pub fn test(
    program: &Program,
    scenario: Option<&Scenario>,
    sources: &Sources,
    found: Vec<Finding>,
    warnings: &[Finding],
) -> Outcome {
    let Some(scenario) = scenario else { return Outcome { errors: found, ..Outcome::default() } };
    let (composed, more) = log(program, scenario, sources);
    let mut found = found;
    found.extend(more);
    let expected = |finding: &Finding| errors(scenario).any(|words| is_called(finding, words));
    let wrong: Vec<_> =
        found.iter().filter(|finding| finding.level == Level::Error && !expected(finding)).cloned().collect();
    if !wrong.is_empty() {
        return Outcome { errors: wrong, ..Outcome::default() };
    }
    let options = replay::Options { until: scenario.ends, known_at: scenario.known_at, ..replay::Options::default() };
    let verdicts = replay::replay(program, &composed.log, &options);
    let failures = judge::failures(scenario, &composed, &verdicts, &found, warnings);
    Outcome {
        log: composed.log,
        steps: composed.steps,
        options,
        verdicts,
        replayed: true,
        errors: Vec::new(),
        failures,
    }
}

/// The errors that a scenario expects, by their names or by words of theirs.
fn errors(scenario: &Scenario) -> impl Iterator<Item = &str> {
    scenario.expectations.iter().filter_map(|expectation| match &expectation.kind {
        ExpectationKind::Error(words) => Some(words.text.as_str()),
        _ => None,
    })
}

/// The log of a scenario, and what is wrong with it.
fn log(program: &Program, scenario: &Scenario, sources: &Sources) -> (Composed, Vec<Finding>) {
    let keep_going = errors(scenario).next().is_some();
    let options = event::Options { keep_going, may_be_empty: true, ..event::Options::default() };
    let mut logs = Vec::new();
    let mut findings = Vec::new();
    for source in &scenario.logs {
        let (log, found) = event::read(program, *source, sources.get(*source).bytes(), options);
        logs.push(log);
        // A line that is set aside is an error nevertheless, which the scenario expects or does not.
        findings.extend(found.into_iter().map(|finding| Finding { level: Level::Error, ..finding }));
    }
    let (composed, more) = event::compose(program, &logs, &scenario.steps, sources);
    findings.extend(more);
    (composed, findings)
}
