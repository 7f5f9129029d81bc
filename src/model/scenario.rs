//! Scenarios: what happens in them and what they expect, checked against the treaties that they are about.

use super::builder::Builder;
use super::declare::mismatch;
use super::expr::{Bound, Cx};
use super::load::{Loaded, LoadedFile};
use super::occurrence::are_decisions;
use super::pattern::given_once;
use super::reference::{known_articles, referenced};
use super::{KindId, TreatyId, Type, bindings, term};
use crate::arena::{Map, Set};
use crate::finding::{Code, Finding, suggestion};
use crate::source::Span;
use crate::syntax::ast::{
    self, Bracket, ConstraintValue, Expectation, ExpectedDuty, Item, Name, Scenario, ScenarioPartKind, Step, StepTime,
};

/// Checks every scenario, each in the pass that is about its reading.
pub(super) fn check(builder: &mut Builder, loaded: &Loaded, brackets: &[Bracket]) {
    for (index, file) in loaded.files.iter().enumerate() {
        for item in &file.tree.items {
            let Item::Scenario(scenario) = item else { continue };
            let treaties = treaties(builder, index, file, scenario);
            if reading(builder, scenario, &treaties) == builder.wave {
                one(builder, index, scenario, &treaties, brackets);
            }
        }
    }
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

/// The treaties that a scenario is about: those it is under, or else its file's own, or those that its file uses.
fn treaties(builder: &Builder, index: usize, file: &LoadedFile, scenario: &Scenario) -> Vec<TreatyId> {
    let named: Vec<_> = under(scenario).map(|name| name.span).collect();
    let files: Vec<usize> = if !named.is_empty() {
        file.under.iter().filter(|(name, _)| named.contains(&name.span)).map(|(_, file)| *file).collect()
    } else if holds_treaty(file) {
        vec![index]
    } else {
        file.uses.iter().map(|(file, _)| *file).collect()
    };
    let owned = builder.file_of_treaty.entries();
    owned.filter(|(_, file)| files.contains(file)).map(|(treaty, _)| treaty).collect()
}

/// The files that a scenario is under.
pub(super) fn under(scenario: &Scenario) -> impl Iterator<Item = &Name> {
    let parts = scenario.parts.iter().filter_map(|part| match &part.kind {
        ScenarioPartKind::Under(files) => Some(files),
        _ => None,
    });
    parts.flatten()
}

/// The number of the reading that a scenario chooses.
fn reading(builder: &Builder, scenario: &Scenario, treaties: &[TreatyId]) -> usize {
    let chosen = choices(scenario).find(|(label, _)| label.text == "reading");
    let place = chosen.and_then(|(_, words)| {
        let mut readings = treaties.iter().filter_map(|treaty| builder.readings.get(treaty));
        readings.find_map(|readings| readings.get_index_of(&words.text))
    });
    place.unwrap_or(0)
}

fn choices(scenario: &Scenario) -> impl Iterator<Item = (&Name, &Name)> {
    scenario.parts.iter().filter_map(|part| match &part.kind {
        ScenarioPartKind::Choose { label, words } => Some((label, words)),
        _ => None,
    })
}

/// What a scenario is read in.
struct Stage<'s> {
    file: usize,
    treaties: &'s [TreatyId],
    /// The names that its steps have bound so far.
    bound: Vec<Bound>,
    /// Whether it says when it starts.
    started: bool,
}

fn one(builder: &mut Builder, file: usize, scenario: &Scenario, treaties: &[TreatyId], brackets: &[Bracket]) {
    said_once(builder, scenario);
    let parts = || scenario.parts.iter().map(|part| &part.kind);
    if !parts().any(|part| matches!(part, ScenarioPartKind::Expect(_))) {
        builder.report(
            Finding::error(Code::ScenarioExpectsNothing, "this scenario expects nothing")
                .at(scenario.title.span, "it can neither pass nor fail")
                .help("end it with `expect article … met by …`, or `expect nothing else`"),
        );
    }
    if !is_about_a_treaty(builder, file, scenario, treaties) {
        return;
    }
    for (label, words) in choices(scenario) {
        choice(builder, treaties, brackets, label, words);
    }
    let started = parts().any(|part| matches!(part, ScenarioPartKind::Starts(_)));
    let mut stage = Stage { file, treaties, bound: Vec::new(), started };
    for part in &scenario.parts {
        match &part.kind {
            ScenarioPartKind::Starts(at) => _ = context(builder, &stage).instant(at),
            ScenarioPartKind::KnownAt(at) | ScenarioPartKind::Ends(at) => time(builder, &stage, at),
            ScenarioPartKind::Step(step) => self::step(builder, &mut stage, step),
            ScenarioPartKind::Expect(Expectation::Duty(duty)) => expected(builder, &stage, duty),
            _ => {}
        }
    }
}

/// A scenario is about the treaties it is under, about that of its file, or about the only one that the file uses.
fn is_about_a_treaty(builder: &mut Builder, file: usize, scenario: &Scenario, treaties: &[TreatyId]) -> bool {
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

fn said_once(builder: &mut Builder, scenario: &Scenario) {
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

fn choice(builder: &mut Builder, treaties: &[TreatyId], brackets: &[Bracket], label: &Name, words: &Name) {
    let readings = treaties.iter().filter_map(|treaty| builder.readings.get(treaty)).flatten();
    let mut labels: Set<&str> = Set::default();
    let mut alternatives: Vec<&str> = Vec::new();
    if label.text == "reading" {
        alternatives = readings.map(String::as_str).collect();
    } else {
        for bracket in brackets {
            let Some(name) = bracket.label.as_ref().map(|name| name.text.as_str()) else { continue };
            labels.insert(name);
            if name == label.text {
                alternatives.extend(bracket.alternatives.iter().map(|one| one.words.as_str()));
            }
        }
    }
    if alternatives.contains(&words.text.as_str()) {
        return;
    }
    let list = |all: &[&str]| format!("there are `{}`", all.join("`, `"));
    let finding = match (alternatives.as_slice(), labels.len()) {
        ([], 0) => Finding::error(Code::UnknownBracket, format!("there is no bracket `{}`", label.text))
            .at(label.span, "nothing has such a label")
            .help("give the bracket a label: `[window: 24 hours | 72 hours]`"),
        ([], _) => {
            let labels: Vec<_> = labels.into_iter().collect();
            let help = suggestion(&label.text, labels.iter().copied()).unwrap_or_else(|| list(&labels));
            Finding::error(Code::UnknownBracket, format!("there is no bracket `{}`", label.text))
                .at(label.span, "nothing has such a label")
                .help(help)
        }
        (known, _) => {
            Finding::error(Code::UnknownBracket, format!("`{}` has no alternative `{}`", label.text, words.text))
                .at(words.span, "no such alternative")
                .help(list(known))
        }
    };
    builder.report(finding);
}

fn context<'b>(builder: &'b mut Builder, stage: &'b Stage<'_>) -> Cx<'b> {
    Cx::in_file(builder, stage.file, stage.treaties.first().copied(), &stage.bound)
}

/// A time of a scenario: an offset needs something to count from.
fn time(builder: &mut Builder, stage: &Stage<'_>, at: &StepTime) {
    match at {
        StepTime::At(time) => _ = context(builder, stage).instant(time),
        StepTime::Offset(offset) if !stage.started => builder.report(
            Finding::error(Code::ScenarioWithoutStart, "this time is counted from a start that is not given")
                .at(offset.span, "from when?")
                .help("write `starts 2025-11-03T03:12+02:00` in the scenario, or the instant here"),
        ),
        StepTime::Offset(_) => {}
    }
}

fn step(builder: &mut Builder, stage: &mut Stage<'_>, step: &Step) {
    time(builder, stage, &step.at);
    if let Some(reported) = &step.reported {
        time(builder, stage, reported);
    }
    let kind = happens(&mut context(builder, stage), &step.event);
    if let Some(name) = &step.event.bind {
        let kind = kind.map(Type::Event);
        stage.bound.push(Bound { name: name.text.clone(), kind, by_the_act: false, span: Some(name.span) });
        bindings::bound_once(builder, &stage.bound);
    }
}

/// An event that happens: of each field what it is, and of those that an event must have, none missing.
fn happens(cx: &mut Cx<'_>, pattern: &ast::Pattern) -> Option<KindId> {
    if let Some(written) = term::written_out(cx.scope(), pattern)
        && written.kind.text != pattern.kind.text
    {
        cx.builder.report(
            Finding::error(
                Code::UnknownKind,
                format!("`{}` is a term, and does not happen as such", pattern.kind.text),
            )
            .at(pattern.kind.span, "an event is wanted")
            .help(format!("write the event that it means: `{}`", written.kind.text)),
        );
        return None;
    }
    let kind = cx.kind(&pattern.kind)?;
    given_once(cx, kind, pattern);
    for constraint in &pattern.constraints {
        let Some(field) = cx.field(kind, &constraint.field) else { continue };
        let fields = &cx.builder.program.kinds.at(kind).fields;
        let Some(of) = fields.get(field).map(|field| field.kind.clone()) else { continue };
        match &constraint.value {
            ConstraintValue::Is(value) => holds(cx, value, &of),
            ConstraintValue::Any { bind, .. } => mismatch(cx.builder, "a value", "any of several", bind.span),
        }
    }
    let declared = cx.builder.program.kinds.at(kind);
    let given = |name: &str| pattern.constraints.iter().any(|constraint| constraint.field.text == name);
    let missing = declared.fields.iter().find(|field| !field.optional && !given(&field.name));
    if let Some(missing) = missing {
        let finding =
            Finding::error(Code::FieldMissing, format!("`{}` does not say `{}`", declared.name, missing.name))
                .at(pattern.span, "every such event has one")
                .at(declared.span, "declared here")
                .help(format!("add `{}: …`, or declare the field with `?`", missing.name));
        cx.builder.report(finding);
    }
    Some(kind)
}

/// What a field holds: of a list one element, or the list itself.
fn holds(cx: &mut Cx<'_>, value: &ast::Expr, of: &Type) {
    let Type::List(element) = of else {
        cx.value_of(value, of);
        return;
    };
    let whole = cx.quietly(|cx| cx.value(value, Some(element))).is_some_and(|(_, found)| found == *of);
    if !whole {
        cx.value_of(value, element);
    }
}

fn expected(builder: &mut Builder, stage: &Stage<'_>, duty: &ExpectedDuty) {
    for at in duty.due.iter().chain(&duty.at) {
        time(builder, stage, at);
    }
    let mut cx = context(builder, stage);
    for members in &duty.by {
        cx.members(members);
    }
    if let Some(on) = &duty.on {
        cx.path(on, None);
    }
    // Among several treaties, the article may be of any.
    let known = stage.treaties.iter().copied().find(|treaty| known_articles(builder, *treaty, &duty.article));
    let Some(treaty) = known.or(stage.treaties.first().copied()) else { return };
    let Some(articles) = referenced(builder, treaty, &duty.article, true) else { return };
    if matches!(duty.status.text.as_str(), "adopted" | "rejected" | "blocked") {
        are_decisions(builder, &articles, &duty.article, duty.status.span);
    }
}
