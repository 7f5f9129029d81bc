//! Scenarios.

use super::{ArticleRef, Members, Name, Path, Pattern, Spanned, TimeLiteral};
use crate::source::Span;

/// `scenario "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// What it shows.
    pub title: Name,
    /// Its parts, in the order written.
    pub parts: Vec<ScenarioPart>,
}

/// A part of a scenario, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioPart {
    /// What it says.
    pub kind: ScenarioPartKind,
    /// Its place.
    pub span: Span,
}

/// What a part of a scenario says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScenarioPartKind {
    /// `choose window = 24 hours`
    Choose {
        /// The label of the bracket, or `reading`.
        label: Name,
        /// The words of the alternative.
        words: Name,
    },
    /// `starts INSTANT`
    Starts(TimeLiteral),
    /// `under "a.treaty"`
    Under(Vec<Name>),
    /// `log "strikes.jsonl"`
    Log(Name),
    /// `known at +8h`
    KnownAt(StepTime),
    /// `ends +10d`
    Ends(StepTime),
    /// Something that happens.
    Step(Step),
    /// Something that is expected.
    Expect(Expectation),
}

/// `+30h consult(by: France) as c reported +31h`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: StepTime,
    /// What.
    pub event: Pattern,
    /// When it became known.
    pub reported: Option<StepTime>,
}

/// A time in a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepTime {
    /// So many seconds after `starts`, or before it.
    Offset(Spanned<i64>),
    /// A time.
    At(TimeLiteral),
}

impl StepTime {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            StepTime::Offset(offset) => offset.span,
            StepTime::At(time) => time.span(),
        }
    }
}

/// What a scenario expects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "most expectations are of duties")]
pub enum Expectation {
    /// `expect article 1 met by Italy at +6h`
    Duty(ExpectedDuty),
    /// `expect no other breach`
    NoOtherBreach,
    /// `expect nothing else`
    NothingElse,
    /// `expect error "…"`
    Error(Name),
    /// `expect lint NAME`
    Lint(Name),
}

/// `article 1 late by France on strike due +24h at +30h`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedDuty {
    /// The article.
    pub article: ArticleRef,
    /// `met`, `not triggered`, `invalid exercise`
    pub status: Name,
    /// Whose.
    pub by: Vec<Members>,
    /// On what.
    pub on: Option<Path>,
    /// When it was due.
    pub due: Option<StepTime>,
    /// When it was performed, or decided.
    pub at: Option<StepTime>,
}
