//! The program as it is being made, and how what is wrong with names is reported.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::scope::Scope;
use super::{ArticleId, KindId, Program, TreatyId, Type, UnitId};
use crate::arena::{Arena, Id, Map, Set};
use crate::finding::{Code, Finding, suggestion};
use crate::source::Span;
use crate::syntax::ast;
use crate::time::{Calendar, Instant};

/// An article that holds a norm, and the treaty it belongs to.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    pub(super) treaty: TreatyId,
    pub(super) article: ast::Article,
}

/// The program as it is being made.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) program: Program,
    pub(super) findings: Vec<Finding>,
    /// What each file sees, by its place.
    pub(super) scopes: Vec<Scope>,
    /// Which treaty each file holds first, by its place.
    pub(super) treaty_of_file: Vec<Option<TreatyId>>,
    /// The file of each treaty.
    pub(super) file_of_treaty: Arena<TreatyId, usize>,
    /// The calendar of each treaty whose header names one; none where it names one that is not declared.
    pub(super) calendar_of_treaty: Map<TreatyId, Option<Arc<Calendar>>>,
    /// Every article that holds a norm, as written; its place is its identifier.
    pub(super) headings: Arc<[Heading]>,
    /// How many of which other unit a unit is, where it is declared so.
    pub(super) conversions: Map<UnitId, (Decimal, UnitId)>,
    /// The terms whose meaning is being worked out.
    pub(super) open_terms: Vec<String>,
    /// The articles whose names are being worked out.
    pub(super) asking: Vec<ArticleId>,
    /// The kinds that count only once something establishes them.
    pub(super) established: Set<KindId>,
    /// Which alternative of each bracket, and which reading of each treaty, this pass is about.
    pub(super) wave: usize,
    /// The number of the reading of each file, where they are chosen apart from brackets.
    pub(super) readings_chosen: Option<Map<usize, usize>>,
    /// The readings of each treaty, in the order in which they first stand.
    pub(super) readings: Map<TreatyId, Set<String>>,
    /// Where the alternatives of brackets stand.
    pub(super) alternatives: Set<Span>,
    /// What those of them are that are values.
    pub(super) types_of_alternatives: Map<Span, Type>,
    /// What each label means.
    pub(super) labels: Map<(TreatyId, String), Labelled>,
}

/// What a label means.
#[derive(Default)]
pub(super) struct Labelled {
    /// Where the articles of that very label stand, and when they are in force: one, unless it is amended.
    pub(super) own: Vec<Dated>,
    /// The articles that hold norms and have that label, or one numbered under it.
    pub(super) articles: Vec<ArticleId>,
}

/// An article of a label that others may have too, at other times or in other readings.
#[derive(Debug, Clone)]
pub(super) struct Dated {
    pub(super) span: Span,
    pub(super) reading: Option<String>,
    /// From and until when it is in force, as far as dates say.
    pub(super) from: Option<Instant>,
    pub(super) until: Option<Instant>,
    /// Whether events, rather than dates, say so.
    pub(super) by_events: bool,
}

impl Builder {
    pub(super) fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Whether every article could be read; where one could not, others mean articles that are not there.
    pub(super) fn is_whole(&self) -> bool {
        self.program.articles.len() == self.headings.len()
    }

    /// Which of so many readings of a file this pass is about.
    pub(super) fn reading(&self, file: usize, readings: usize) -> usize {
        let chosen = self.readings_chosen.as_ref().map(|chosen| chosen.get(&file).copied().unwrap_or(0));
        chosen.unwrap_or(self.wave).min(readings.saturating_sub(1))
    }

    #[expect(clippy::indexing_slicing, reason = "there is a scope for every file")]
    pub(super) fn scope(&self, file: usize) -> &Scope {
        &self.scopes[file]
    }

    #[expect(clippy::indexing_slicing, reason = "there is a scope for every file")]
    pub(super) fn scope_mut(&mut self, file: usize) -> &mut Scope {
        &mut self.scopes[file]
    }

    pub(super) fn scope_of(&self, treaty: TreatyId) -> &Scope {
        self.scope(*self.file_of_treaty.at(treaty))
    }

    /// The articles that a label means in a treaty: that of the label, and those numbered under it.
    pub(super) fn articles_labelled(&self, treaty: TreatyId, label: &str) -> Vec<ArticleId> {
        let labelled = self.labels.get(&(treaty, label.to_owned()));
        labelled.map(|labelled| labelled.articles.clone()).unwrap_or_default()
    }

    pub(super) fn heading(&self, id: ArticleId) -> Option<&Heading> {
        self.headings.get(id.index())
    }

    /// Reports that a name is declared twice.
    pub(super) fn declared_twice(&mut self, name: &str, first: Span, second: Span) {
        self.report(
            Finding::error(Code::DeclaredTwice, format!("`{name}` is declared twice"))
                .at(second, "again here")
                .at(first, "first here")
                .help("rename one of them, or remove it"),
        );
    }

    /// Reports a name that nothing declares; not where its declaration was there and could not be read.
    pub(super) fn unknown(&mut self, file: usize, code: Code, what: &str, name: &ast::Name, known: &[String]) {
        let scope = self.scope(file);
        if scope.incomplete || scope.unread.contains(&name.text) {
            return;
        }
        let help = suggestion(&name.text, known.iter().map(String::as_str));
        self.report(
            Finding::error(code, format!("there is no {what} `{}`", name.text)).at(name.span, "not declared").help(
                help.unwrap_or_else(|| match code {
                    Code::UnknownArticle | Code::NoTreaty => list(known),
                    _ => format!("declare it, or `use` the file that does; {}", list(known)),
                }),
            ),
        );
    }
}

/// «declared here: `a`, `b`», cut where it grows long.
fn list(known: &[String]) -> String {
    if known.is_empty() {
        return "none is declared here".to_owned();
    }
    let shown: Vec<_> = known.iter().take(8).map(|name| format!("`{name}`")).collect();
    let more = if known.len() > shown.len() { ", …" } else { "" };
    format!("declared here: {}{more}", shown.join(", "))
}
