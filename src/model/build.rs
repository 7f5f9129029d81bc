//! Makes one program of the files.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::choice::{Choices, MOST_COMBINATIONS, Selection, choices, varying};
use super::load::Loaded;
use super::scope::Named;
use super::suite::{Outline, Scenario};
use super::{Article, ArticleId, Program, Type, article, cycle, declare, scenario, state, term, treaty};
use crate::arena::{Id, Map, Set};
use crate::finding::{Code, Finding, any_error};
use crate::source::{Sources, Span};
use crate::syntax::ast::Bracket;

/// Resolves every name and checks every type.
///
/// The program is whole, and may be replayed, where no finding is an error. It is that of the working text: of every
/// bracket the first alternative, and the first reading. The others are checked too.
pub fn build(loaded: &Loaded) -> (Program, Vec<Finding>) {
    let brackets = brackets(loaded);
    let choices = varying(loaded, None);
    let (program, mut findings, mut pass) = build_wave(loaded, 0, &brackets, &choices);
    let mut types = std::mem::take(&mut pass.types_of_alternatives);
    let alternatives = loaded.files.iter().map(|file| file.others.len() + 1);
    let readings = pass.readings.values().map(Set::len);
    let waves = alternatives.chain(readings).max().unwrap_or(1);
    let mut others = Vec::new();
    for wave in 1..waves {
        let (_, found, pass) = build_wave(&loaded.wave(wave), wave, &brackets, &choices);
        others.extend(found);
        types.extend(pass.types_of_alternatives);
    }
    mixed_types(&program, &brackets, &types, &mut findings, &mut others);
    findings.extend(others);
    lengths(&brackets, &mut findings);
    too_many(&brackets, &pass, &mut findings);
    (program, each_once(findings))
}

/// One pass, over one alternative of every bracket.
fn build_wave(
    loaded: &Loaded,
    wave: usize,
    brackets: &[Bracket],
    choices: &Choices,
) -> (Program, Vec<Finding>, Builder) {
    let mut builder = Builder { wave, ..Builder::default() };
    resolve(&mut builder, loaded, brackets);
    scenario::check(&mut builder, loaded, choices);
    if !any_error(&builder.findings) && builder.is_whole() {
        cycle::check(&builder.program, &mut builder.findings);
    }
    let (program, findings) = taken(&mut builder);
    (program, findings, builder)
}

/// The program of a choice of alternatives and readings, which [`build()`] has found to be without error.
pub fn build_chosen(
    loaded: &Loaded,
    sources: &Sources,
    choices: &Choices,
    selection: &Selection,
) -> (Program, Vec<Finding>) {
    let loaded = loaded.chosen(sources, &|bracket| choices.pick(bracket, selection));
    taken(&mut chosen(&loaded, choices, selection))
}

/// Files whose scenarios are to be built, one after the other.
#[derive(Debug)]
pub struct Suite<'a> {
    loaded: &'a Loaded,
    sources: &'a Sources,
    choices: Choices,
    /// The files with the alternatives chosen so far, each choice read once.
    read: BTreeMap<Selection, Loaded>,
}

impl<'a> Suite<'a> {
    /// The scenarios of files that [`build()`] has found to be without error.
    pub fn of(loaded: &'a Loaded, sources: &'a Sources) -> Suite<'a> {
        Suite { loaded, sources, choices: choices(loaded, sources), read: BTreeMap::new() }
    }

    /// A scenario, and the program of the alternatives that it chooses; none where it is about no treaty.
    ///
    /// The findings are those of the scenario alone.
    pub fn build(&mut self, outline: &Outline) -> (Program, Option<Scenario>, Vec<Finding>) {
        let Suite { loaded, sources, choices, read } = self;
        let (selection, mut findings) = scenario::selection(choices, outline.choices());
        let trees = read
            .entry(selection.clone())
            .or_insert_with(|| loaded.chosen(sources, &|bracket| choices.pick(bracket, &selection)));
        let about = trees.about(outline.treaties(loaded));
        let mut builder = chosen(&about, choices, &selection);
        builder.findings.clear();
        let mut scenario = scenario::resolve(&mut builder, &about, outline);
        if let Some(scenario) = &mut scenario {
            let chosen = choices.chosen(&selection).into_iter();
            scenario.chosen = chosen.map(|one| (one.label.to_owned(), one.proposal.clone())).collect();
        }
        let (program, found) = taken(&mut builder);
        findings.splice(0..0, outline.unread(loaded));
        findings.extend(found);
        (program, scenario, each_once(findings))
    }
}

/// The pass over the alternatives chosen, which the trees hold.
fn chosen(loaded: &Loaded, choices: &Choices, selection: &Selection) -> Builder {
    let mut builder = Builder { readings_chosen: Some(choices.readings(selection)), ..Builder::default() };
    resolve(&mut builder, loaded, &[]);
    if !any_error(&builder.findings) && builder.is_whole() {
        cycle::check(&builder.program, &mut builder.findings);
    }
    builder
}

/// Resolves everything but scenarios.
fn resolve(builder: &mut Builder, loaded: &Loaded, brackets: &[Bracket]) {
    builder.alternatives =
        brackets.iter().flat_map(|bracket| bracket.alternatives.iter().map(|one| one.span)).collect();
    declare::declare(builder, loaded);
    proponents(builder, loaded, brackets);
    treaty::treaties(builder, loaded);
    state::parameters_of_all(builder, loaded);
    treaty::lives(builder, loaded);
    state::resolve(builder, loaded);
    term::check(builder, loaded);
    let headings = builder.headings.clone();
    for (id, heading) in headings.iter().enumerate() {
        if let Some(norm) = article::norm(builder, ArticleId::from_index(id), heading) {
            let law = treaty::law(builder, heading);
            builder.program.articles.push(Article {
                treaty: heading.treaty,
                label: heading.article.label.text.clone(),
                title: heading.article.title.clone(),
                span: heading.article.span,
                law,
                norm,
            });
        }
    }
    // An article is left out only where that has been reported, be it when the files were read.
    let unread = builder.scopes.iter().any(|scope| scope.incomplete || !scope.unread.is_empty());
    debug_assert!(unread || any_error(&builder.findings) || builder.program.articles.len() == headings.len());
}

fn taken(builder: &mut Builder) -> (Program, Vec<Finding>) {
    (std::mem::take(&mut builder.program), std::mem::take(&mut builder.findings))
}

/// Findings, each once: what is wrong in a term is found again wherever the term is used.
fn each_once(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().collect::<Set<_>>().into_iter().collect()
}

/// Every bracket of every file, those inside alternatives included.
pub(super) fn brackets(loaded: &Loaded) -> Vec<Bracket> {
    let mut brackets: Map<Span, Bracket> = Map::default();
    for bracket in loaded.trees().flat_map(|tree| &tree.brackets) {
        brackets.entry(bracket.span).or_insert_with(|| bracket.clone());
    }
    brackets.into_values().collect()
}

/// Who proposes an alternative is a party, or a group of them.
fn proponents(builder: &mut Builder, loaded: &Loaded, brackets: &[Bracket]) {
    let named = brackets.iter().flat_map(|bracket| &bracket.alternatives).flat_map(|one| &one.proponents);
    for name in named {
        let Some(file) = loaded.files.iter().position(|file| file.source == name.span.source) else { continue };
        let group = builder
            .scope(file)
            .named
            .get(&name.text)
            .is_some_and(|it| matches!(it.value, Named::Group(_) | Named::Changing(_)));
        if !group {
            declare::party(builder, file, name);
        }
    }
}

/// Reports brackets whose alternatives are values of different types, in the place of what follows from it.
fn mixed_types(
    program: &Program,
    brackets: &[Bracket],
    types: &Map<Span, Type>,
    findings: &mut Vec<Finding>,
    others: &mut Vec<Finding>,
) {
    for bracket in brackets {
        let mut known = bracket.alternatives.iter().filter_map(|one| Some((one.span, types.get(&one.span)?)));
        let Some((first, kind)) = known.next() else { continue };
        let Some((other, found)) = known.find(|(_, other)| *other != kind) else { continue };
        others.retain(|finding| !finding.labels.iter().any(|label| bracket.span.contains(label.span)));
        findings.push(
            Finding::error(Code::BracketOfMixedTypes, "the alternatives of this bracket are of different types")
                .at(other, format!("this is {}", found.show(program)))
                .at(first, format!("this is {}", kind.show(program)))
                .help("let every alternative be of one type and one unit"),
        );
    }
}

/// Brackets of one label vary together, and so have as many alternatives.
fn lengths(brackets: &[Bracket], findings: &mut Vec<Finding>) {
    let mut first: Map<&str, &Bracket> = Map::default();
    for bracket in brackets {
        let Some(label) = &bracket.label else { continue };
        let earlier = *first.entry(label.text.as_str()).or_insert(bracket);
        let (here, there) = (bracket.alternatives.len(), earlier.alternatives.len());
        if here != there {
            findings.push(
                Finding::error(Code::BracketLengthsDiffer, format!("the brackets `{}` do not match", label.text))
                    .at(bracket.span, format!("{here} alternatives"))
                    .at(earlier.span, format!("{there} alternatives"))
                    .help("brackets of one label vary together: give each as many alternatives, or another label"),
            );
        }
    }
}

fn too_many(brackets: &[Bracket], pass: &Builder, findings: &mut Vec<Finding>) {
    let mut labels: Set<&str> = Set::default();
    let mut combinations = 1usize;
    let mut counted = Vec::new();
    for bracket in brackets {
        if bracket.label.as_ref().is_none_or(|label| labels.insert(label.text.as_str())) {
            combinations = combinations.saturating_mul(bracket.alternatives.len());
            counted.push(bracket.span);
        }
    }
    for readings in pass.readings.values() {
        combinations = combinations.saturating_mul(readings.len().max(1));
    }
    if let Some(last) = counted.last()
        && combinations > MOST_COMBINATIONS
    {
        findings.push(
            Finding::error(
                Code::TooManyCombinations,
                format!("the alternatives make more than {MOST_COMBINATIONS} combinations"),
            )
            .at(*last, format!("{} brackets vary, each alone", counted.len()))
            .help("give brackets that vary together one label: `[window: 24 hours | 72 hours]`"),
        );
    }
}
