//! Findings and verdicts to text: for a terminal, and as JSON.
//!
//! Nothing here writes anywhere: everything is returned as text, the same bytes for the same input.

mod breach;
mod deed;
mod diagnostic;
mod docket;
mod evidence;
mod expectation;
mod headline;
mod json;
mod remedy;
mod standing;
mod variants;
mod words;

use crate::arena::Set;
use crate::event::Log;
use crate::finding::Finding;
use crate::model::{Article, ArticleId, Program};
use crate::replay;
use crate::source::Sources;
use crate::verdict::{Status, Tally, Verdict};

pub use docket::docket;
pub use expectation::failure;
pub use json::{Lines, SCHEMA_REPLAY, SCHEMA_VERDICT, document};
pub use variants::{SCHEMA_VARIANTS, Variant, choice, variants, variants_document};

/// How text for a terminal looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour it.
    pub colour: bool,
    /// How many columns a line has.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Style { colour: false, width: 100 }
    }
}

/// What a replay was of, to tell it by.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The treaties.
    pub program: &'a Program,
    /// The log.
    pub log: &'a Log,
    /// Their texts.
    pub sources: &'a Sources,
    /// How far it went, and what it knew.
    pub options: replay::Options,
}

/// Findings, each with the words it is about.
pub fn findings(findings: &[Finding], sources: &Sources, style: Style) -> String {
    let renderer = diagnostic::Renderer::new(style, true);
    findings.iter().map(|finding| renderer.render(&diagnostic::of_finding(finding, sources))).collect()
}

/// One breach, or one exercise of a power that was not there, with the clause that was broken and the lines of the log
/// that show it.
pub fn breach(scene: Scene<'_>, verdict: &Verdict, style: Style) -> String {
    diagnostic::Renderer::new(style, false).render(&breach::of(scene, verdict))
}

/// All of a replay: the breaches, the docket and the summary.
pub fn whole(scene: Scene<'_>, verdicts: &[Verdict], style: Style) -> String {
    let breaches = verdicts.iter().filter(|verdict| verdict.status.is_wrong());
    let mut text: String = breaches.map(|verdict| breach(scene, verdict, style)).collect();
    if !verdicts.is_empty() {
        text += &docket(scene, &verdicts.iter().collect::<Vec<_>>(), style, verdicts.len());
    }
    text + &ending(scene, verdicts)
}

/// The summary, and the articles that nothing triggered.
pub fn ending(scene: Scene<'_>, verdicts: &[Verdict]) -> String {
    conclusion(scene, &Tally::of(verdicts), &verdicts.iter().map(|verdict| verdict.article).collect())
}

/// The summary of verdicts that have been told, and the articles that nothing triggered.
pub fn conclusion(scene: Scene<'_>, tally: &Tally, triggered: &Set<ArticleId>) -> String {
    let several = scene.program.treaties.len() > 1;
    let called: Vec<_> =
        silent(scene.program, triggered).map(|it| if several { scene.called(it) } else { it.label.clone() }).collect();
    let article = if several { "" } else { "article " };
    let silent =
        if called.is_empty() { String::new() } else { format!("not triggered: {article}{}\n", called.join(", ")) };
    format!("{}\n{silent}", summary(tally))
}

/// «5 duties: 1 met, 1 late, 3 breached».
pub fn summary(tally: &Tally) -> String {
    let counts: Vec<_> = Status::ALL
        .into_iter()
        .filter(|status| tally.count(*status) > 0)
        .map(|status| format!("{} {}", grouped(tally.count(status)), status.name()))
        .collect();
    let duties = if tally.total() == 1 { "duty" } else { "duties" };
    let list = if counts.is_empty() { "none was triggered".to_owned() } else { counts.join(", ") };
    format!("{} {duties}: {list}", grouped(tally.total()))
}

/// The articles that no verdict is of: nothing triggered them.
pub fn untriggered<'p>(program: &'p Program, verdicts: &[Verdict]) -> Vec<&'p Article> {
    silent(program, &verdicts.iter().map(|verdict| verdict.article).collect()).collect()
}

fn silent<'p>(program: &'p Program, triggered: &Set<ArticleId>) -> impl Iterator<Item = &'p Article> {
    let articles = program.articles.entries().filter(|(id, _)| !triggered.contains(id));
    articles.map(|(_, article)| article)
}

/// A number with its thousands set apart.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
