//! Scenarios: what happens in them and what they expect, resolved against the treaties that they are about.

mod expectation;
mod step;

use super::builder::Builder;
use super::choice::{ChoiceError, Choices, READING, Selection};
use super::expr::{Bound, Cx};
use super::load::{Loaded, LoadedFile};
use super::suite::{Expectation, Outline, Step, is_called};
use super::{Scenario, TreatyId};
use crate::arena::Map;
use crate::finding::{Code, Finding, Level};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{self, Item, Name, ScenarioPartKind, StepTime};
use crate::time::Instant;

/// Checks every scenario, each in the pass that is about its reading.
pub(super) fn check(builder: &mut Builder, loaded: &Loaded, choices: &Choices) {
    for (index, file) in loaded.files.iter().enumerate() {
        for item in &file.tree.items {
            let Item::Scenario(scenario) = item else { continue };
            let treaties = treaties(builder, index, file, scenario);
            if reading(builder, scenario, &treaties) != builder.wave {
                continue;
            }
            let before = std::mem::take(&mut builder.findings);
            builder.findings = selection(choices, self::choices(scenario)).1;
            one(builder, index, file, scenario, &[]);
            let found = std::mem::replace(&mut builder.findings, before);
            builder.findings.extend(found.into_iter().filter(|finding| !expects(scenario, finding)));
        }
    }
}

/// The scenario of an outline, resolved in the pass over the alternatives that it chooses.
pub(super) fn resolve(builder: &mut Builder, loaded: &Loaded, outline: &Outline) -> Option<Scenario> {
    let file = loaded.files.get(outline.file)?;
    let unread: Vec<Span> = outline.unread(loaded).iter().flat_map(|it| &it.labels).map(|label| label.span).collect();
    one(builder, outline.file, file, &outline.scenario, &unread)
}

/// Whether a scenario expects an error, and this is the one.
fn expects(scenario: &ast::Scenario, finding: &Finding) -> bool {
    finding.level == Level::Error
        && scenario.parts.iter().any(|part| match &part.kind {
            ScenarioPartKind::Expect(ast::Expectation::Error(words)) => is_called(finding, &words.text),
            _ => false,
        })
}

/// Whether a finding is about words of a scenario.
pub(super) fn is_in(finding: &Finding, scenario: &ast::Scenario) -> bool {
    let all = scenario.parts.iter().fold(scenario.title.span, |all, part| all.to(part.span));
    finding.labels.first().is_some_and(|label| all.contains(label.span))
}

/// Of what was found when a file was read: what its scenarios expect, and the rest.
pub(super) fn expected_of_reading(tree: &ast::File, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Finding>) {
    findings.into_iter().partition(|finding| {
        tree.items.iter().any(|item| match item {
            Item::Scenario(scenario) => is_in(finding, scenario) && expects(scenario, finding),
            _ => false,
        })
    })
}

/// The files whose treaties a file's scenarios are about, besides its own: those it is `under` or, where it holds no
/// treaty, those it uses.
pub(super) fn treaty_files(file: &LoadedFile) -> Vec<usize> {
    let mut files: Vec<usize> = file.under.iter().map(|(_, index)| *index).collect();
    let scenarios = file.tree.items.iter().any(|item| matches!(item, Item::Scenario(_)));
    if scenarios && !holds_treaty(file) {
        files.extend(file.uses.iter().map(|(index, _)| *index));
    }
    files
}

fn holds_treaty(file: &LoadedFile) -> bool {
    file.tree.items.iter().any(|item| matches!(item, Item::Treaty(_) | Item::Article(_)))
}

/// The files of the treaties that a scenario is about: those it is under, or else its own, or those that its file uses.
pub(super) fn files(index: usize, file: &LoadedFile, scenario: &ast::Scenario) -> Vec<usize> {
    let named: Vec<_> = under(scenario).map(|name| name.span).collect();
    if !named.is_empty() {
        file.under.iter().filter(|(name, _)| named.contains(&name.span)).map(|(_, file)| *file).collect()
    } else if holds_treaty(file) {
        vec![index]
    } else {
        file.uses.iter().map(|(file, _)| *file).collect()
    }
}

fn treaties(builder: &Builder, index: usize, file: &LoadedFile, scenario: &ast::Scenario) -> Vec<TreatyId> {
    let files = files(index, file, scenario);
    let owned = builder.file_of_treaty.entries();
    owned.filter(|(_, file)| files.contains(file)).map(|(treaty, _)| treaty).collect()
}

/// The files that a scenario is under.
pub(super) fn under(scenario: &ast::Scenario) -> impl Iterator<Item = &Name> {
    let parts = scenario.parts.iter().filter_map(|part| match &part.kind {
        ScenarioPartKind::Under(files) => Some(files),
        _ => None,
    });
    parts.flatten()
}

/// The logs that a scenario replays.
pub(super) fn logs(scenario: &ast::Scenario) -> impl Iterator<Item = &Name> {
    scenario.parts.iter().filter_map(|part| match &part.kind {
        ScenarioPartKind::Log(name) => Some(name),
        _ => None,
    })
}

/// The number of the reading that a scenario chooses.
fn reading(builder: &Builder, scenario: &ast::Scenario, treaties: &[TreatyId]) -> usize {
    let chosen = choices(scenario).find(|(label, _)| label.text == READING);
    let place = chosen.and_then(|(_, words)| {
        let mut readings = treaties.iter().filter_map(|treaty| builder.readings.get(treaty));
        readings.find_map(|readings| readings.get_index_of(&words.text))
    });
    place.unwrap_or(0)
}

/// The alternatives that a scenario chooses: labels, and words.
pub(super) fn choices(scenario: &ast::Scenario) -> impl Iterator<Item = (&Name, &Name)> {
    scenario.parts.iter().filter_map(|part| match &part.kind {
        ScenarioPartKind::Choose { label, words } => Some((label, words)),
        _ => None,
    })
}

/// What is chosen, and what cannot be.
pub(super) fn selection<'n>(
    choices: &Choices,
    chosen: impl Iterator<Item = (&'n Name, &'n Name)>,
) -> (Selection, Vec<Finding>) {
    let mut selection = Selection::default();
    let mut findings = Vec::new();
    for (label, words) in chosen {
        let Err(error) = choices.choose(&mut selection, &label.text, &words.text) else { continue };
        let finding = Finding::error(Code::UnknownBracket, error.to_string()).help(error.help());
        findings.push(match error {
            ChoiceError::Label { .. } => finding.at(label.span, "nothing has such a label"),
            ChoiceError::Words { .. } => finding.at(words.span, "no such alternative"),
        });
    }
    (selection, findings)
}

/// What a scenario is read in.
struct Stage<'s> {
    file: usize,
    treaties: &'s [TreatyId],
    /// The names that its steps have bound so far, and the steps that have them; none where the step is wrong.
    bound: Vec<Bound>,
    named: Vec<Option<usize>>,
    steps: Vec<Step>,
    /// Whether it says when it starts, and when.
    started: bool,
    starts: Option<Instant>,
    /// What could not be read of it.
    unread: &'s [Span],
}

fn one(
    builder: &mut Builder,
    index: usize,
    file: &LoadedFile,
    scenario: &ast::Scenario,
    unread: &[Span],
) -> Option<Scenario> {
    said_once(builder, scenario);
    let parts = || scenario.parts.iter().map(|part| &part.kind);
    if !parts().any(|part| matches!(part, ScenarioPartKind::Expect(_))) {
        builder.report(
            Finding::error(Code::ScenarioExpectsNothing, "this scenario expects nothing")
                .at(scenario.title.span, "it can neither pass nor fail")
                .help("end it with `expect article … met by …`, or `expect nothing else`"),
        );
    }
    let treaties = treaties(builder, index, file, scenario);
    if !is_about_a_treaty(builder, index, scenario, &treaties) {
        return None;
    }
    let mut resolved = Scenario {
        title: scenario.title.clone(),
        treaties: treaties.clone(),
        chosen: Vec::new(),
        starts: None,
        known_at: None,
        ends: None,
        logs: logs_read(builder, file, scenario),
        steps: Vec::new(),
        expectations: Vec::new(),
    };
    let written = parts().find_map(|part| match part {
        ScenarioPartKind::Starts(at) => Some(at),
        _ => None,
    });
    let (bound, named, steps) = (Vec::new(), Vec::new(), Vec::new());
    let (started, starts) = (written.is_some(), None);
    let mut stage = Stage { file: index, treaties: &treaties, bound, named, steps, started, starts, unread };
    stage.starts = written.and_then(|at| context(builder, &stage).instant(at));
    for part in &scenario.parts {
        self::part(builder, &mut stage, part, &mut resolved);
    }
    Some(Scenario { starts: stage.starts, steps: stage.steps, ..resolved })
}

fn part(builder: &mut Builder, stage: &mut Stage<'_>, part: &ast::ScenarioPart, resolved: &mut Scenario) {
    match &part.kind {
        ScenarioPartKind::KnownAt(at) => resolved.known_at = time(builder, stage, at),
        ScenarioPartKind::Ends(at) => resolved.ends = time(builder, stage, at),
        ScenarioPartKind::Step(step) => step::step(builder, stage, step, part.span),
        ScenarioPartKind::Expect(expected) => {
            let kind = expectation::resolve(builder, stage, expected);
            resolved.expectations.extend(kind.map(|kind| Expectation { kind, span: part.span }));
        }
        _ => {}
    }
}

/// The logs that a scenario replays; those that cannot be read are reported.
fn logs_read(builder: &mut Builder, file: &LoadedFile, scenario: &ast::Scenario) -> Vec<SourceId> {
    let mut read = Vec::new();
    for name in logs(scenario) {
        match file.logs.iter().find(|(known, _)| known.span == name.span) {
            Some((_, Ok(source))) => read.push(*source),
            Some((_, Err(finding))) => builder.report(finding.clone()),
            None => {}
        }
    }
    read
}

/// A scenario is about the treaties it is under, about that of its file, or about the only one that the file uses.
fn is_about_a_treaty(builder: &mut Builder, file: usize, scenario: &ast::Scenario, treaties: &[TreatyId]) -> bool {
    let label = match treaties.len() {
        1 => return true,
        0 if builder.scope(file).incomplete => return false,
        0 => "the file holds and uses none",
        _ if under(scenario).next().is_some() => return true,
        _ => "the file holds or uses several",
    };
    builder.report(
        Finding::error(Code::ScenarioWithoutTreaty, "it is not clear which treaty this scenario is about")
            .at(scenario.title.span, label)
            .help("write `under \"pact.treaty\"` in the scenario"),
    );
    false
}

fn said_once(builder: &mut Builder, scenario: &ast::Scenario) {
    let mut seen: Map<String, Span> = Map::default();
    for part in &scenario.parts {
        let word = match &part.kind {
            ScenarioPartKind::Starts(_) => "starts".to_owned(),
            ScenarioPartKind::KnownAt(_) => "known at".to_owned(),
            ScenarioPartKind::Ends(_) => "ends".to_owned(),
            ScenarioPartKind::Choose { label, .. } => format!("choose {}", label.text),
            _ => continue,
        };
        if let Some(first) = seen.insert(word.clone(), part.span) {
            builder.report(
                Finding::error(Code::HeaderRepeated, format!("`{word}` is said twice"))
                    .at(part.span, "again here")
                    .at(first, "first here")
                    .help("a scenario says it at most once"),
            );
        }
    }
}

fn context<'b>(builder: &'b mut Builder, stage: &'b Stage<'_>) -> Cx<'b> {
    Cx::in_file(builder, stage.file, stage.treaties.first().copied(), &stage.bound)
}

/// A time of a scenario: an offset needs something to count from.
fn time(builder: &mut Builder, stage: &Stage<'_>, at: &StepTime) -> Option<Instant> {
    match at {
        StepTime::At(time) => context(builder, stage).instant(time),
        StepTime::Offset(offset) => {
            if !stage.started {
                builder.report(
                    Finding::error(Code::ScenarioWithoutStart, "this time is counted from a start that is not given")
                        .at(offset.span, "from when?")
                        .help("write `starts 2025-11-03T03:12+02:00` in the scenario, or the instant here"),
                );
            }
            stage.starts.map(|starts| starts.plus_micros(offset.value.saturating_mul(1_000_000)))
        }
    }
}
