//! The one shape in which every stage reports what it found.

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// A remark.
    Advice,
    /// Something that probably is not meant.
    Warning,
    /// Something that stops the work.
    Error,
}

/// Declares every finding by its variant and its name, once.
macro_rules! codes {
    ($($variant:ident = $name:literal,)*) => {
        /// Which finding it is; each has a page, which `catalog` finds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Code {
            /// Every finding, by name.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The kebab-case name under which reports print it and `servanda explain` knows it.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),* }
            }

            /// The page, in Markdown.
            pub const fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("catalog/", $name, ".md"))),* }
            }
        }
    };
}

codes! {
    AlternativeRepeated = "alternative-repeated",
    AmbiguousLocalTime = "ambiguous-local-time",
    AmendmentsOverlap = "amendments-overlap",
    ArgumentCount = "argument-count",
    BadCsv = "bad-csv",
    BadInstant = "bad-instant",
    BadJson = "bad-json",
    BadValue = "bad-value",
    BallotWithoutChoice = "ballot-without-choice",
    BoundInOneAlternative = "bound-in-one-alternative",
    BoundTwice = "bound-twice",
    BracketLengthsDiffer = "bracket-lengths-differ",
    BracketOfMixedTypes = "bracket-of-mixed-types",
    Breached = "breached",
    ConflictingDeclarations = "conflicting-declarations",
    CountOfNone = "count-of-none",
    Cured = "cured",
    DecisionWithoutBallots = "decision-without-ballots",
    DeclaredTwice = "declared-twice",
    DuplicateEventId = "duplicate-event-id",
    EffectNotPossible = "effect-not-possible",
    EmptyFile = "empty-file",
    EmptyLog = "empty-log",
    EndsBeforeItBegins = "ends-before-it-begins",
    EstablishmentCycle = "establishment-cycle",
    ExpectationFailed = "expectation-failed",
    FieldGivenTwice = "field-given-twice",
    FieldMissing = "field-missing",
    FileNotReadable = "file-not-readable",
    GroupOwesSingly = "group-owes-singly",
    HeaderRepeated = "header-repeated",
    InvalidExercise = "invalid-exercise",
    InvalidUtf8 = "invalid-utf8",
    Late = "late",
    LineTooLong = "line-too-long",
    LocalTimeDoesNotExist = "local-time-does-not-exist",
    NestedTooDeep = "nested-too-deep",
    NoCalendar = "no-calendar",
    NoExpiry = "no-expiry",
    NoSigningDate = "no-signing-date",
    NoSuchDate = "no-such-date",
    NoTreaty = "no-treaty",
    NotADecision = "not-a-decision",
    NotAnOption = "not-an-option",
    NumberTooLarge = "number-too-large",
    OutOfOrder = "out-of-order",
    PeriodOfNoLength = "period-of-no-length",
    PlaceCycle = "place-cycle",
    ScenarioExpectsNothing = "scenario-expects-nothing",
    ScenarioWithoutStart = "scenario-without-start",
    ScenarioWithoutTreaty = "scenario-without-treaty",
    ScheduleWithoutEntry = "schedule-without-entry",
    SnapshotDiffers = "snapshot-differs",
    StateCycle = "state-cycle",
    StateWithoutBeginning = "state-without-beginning",
    SubjectNotPossible = "subject-not-possible",
    Syntax = "syntax",
    TailNotPossible = "tail-not-possible",
    TermCycle = "term-cycle",
    TooManyCombinations = "too-many-combinations",
    TruncatedLog = "truncated-log",
    TypeMismatch = "type-mismatch",
    UnitCycle = "unit-cycle",
    UnknownArticle = "unknown-article",
    UnknownBracket = "unknown-bracket",
    UnknownCounting = "unknown-counting",
    UnknownField = "unknown-field",
    UnknownGroup = "unknown-group",
    UnknownKind = "unknown-kind",
    UnknownName = "unknown-name",
    UnknownParty = "unknown-party",
    UnknownPlace = "unknown-place",
    UnknownReference = "unknown-reference",
    UnknownState = "unknown-state",
    UnknownTimeZone = "unknown-time-zone",
    UnknownUnit = "unknown-unit",
    UseCycle = "use-cycle",
    WindowNotPossible = "window-not-possible",
    WrongKindOfEvent = "wrong-kind-of-event",
    WrongUnit = "wrong-unit",
    ZeroDelayCycle = "zero-delay-cycle",
}

/// A place in a text, with what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Label {
    /// The words meant.
    pub span: Span,
    /// What they have to do with it.
    pub text: String,
}

/// Something found: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// Which finding it is.
    pub code: Code,
    /// How grave.
    pub level: Level,
    /// What is wrong, in one line, without a full stop.
    pub message: String,
    /// Where; the first is the place that matters most.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Finding {
    /// An error without a place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Finding {
        Finding { code, level: Level::Error, message: message.into(), labels: Vec::new(), help: None }
    }

    /// The same finding, with a further place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Finding {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same finding, with advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.help = Some(text.into());
        self
    }

    /// The same finding, with advice if there is any.
    #[must_use]
    pub fn maybe_help(mut self, text: Option<String>) -> Finding {
        self.help = text.or(self.help);
        self
    }
}

/// Whether any of them is an error.
pub fn any_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Error)
}

/// The candidate most like `word`, if one is near enough to be what was meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= 0.82)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// «did you mean `x`?», if a candidate is near.
pub fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}
