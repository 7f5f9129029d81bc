//! The tree of a clause file: what was written, nothing resolved, every part with its place.
//!
//! Of what stands in brackets the tree holds one alternative, as if it stood alone; [`File::brackets`] lists them all.

mod article;
mod condition;
mod declaration;
mod scenario;

use crate::source::Span;
use crate::time::Date;

pub use article::*;
pub use condition::*;
pub use declaration::*;
pub use scenario::*;

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// Something and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// The items of one file that could be read, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// The items.
    pub items: Vec<Item>,
    /// The names of items that could not be read, and have been reported.
    pub unread: Vec<String>,
    /// The brackets, in the order of the text.
    pub brackets: Vec<Bracket>,
}

/// Text that is not agreed: alternatives in square brackets, the first being the working text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bracket {
    /// Its label; brackets of one label vary together.
    pub label: Option<Name>,
    /// The alternatives.
    pub alternatives: Vec<Alternative>,
    /// Which of them the tree holds.
    pub chosen: usize,
    /// How many combinations the brackets around it have; 1 where it stands in none.
    pub around: usize,
    /// From `[` to `]`.
    pub span: Span,
}

/// One alternative of a bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// Its words, one blank between them.
    pub words: String,
    /// Who proposes it.
    pub proponents: Vec<Name>,
    /// Its place, without the proponents.
    pub span: Span,
}

/// A declaration, an article or a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "most items of a file are articles")]
pub enum Item {
    /// `treaty …`
    Treaty(Treaty),
    /// `use "…"`
    Use(Use),
    /// `party …`
    Party(Party),
    /// `group …`
    Group(Group),
    /// `place …`
    Place(Place),
    /// `unit …`
    Unit(Unit),
    /// `calendar …`
    Calendar(Calendar),
    /// `schedule …`
    Schedule(Schedule),
    /// `event …`
    Event(Event),
    /// `term …`
    Term(Term),
    /// `state …`
    State(State),
    /// `tally …`
    Tally(Tally),
    /// `article …`
    Article(Article),
    /// `scenario …`
    Scenario(Scenario),
}

/// A date, or an instant as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeLiteral {
    /// A date.
    Date(Date, Span),
    /// An instant, perhaps without an offset.
    Instant(Name),
}

impl TimeLiteral {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            TimeLiteral::Date(_, span) => *span,
            TimeLiteral::Instant(name) => name.span,
        }
    }
}

/// A duration, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationLiteral {
    /// The parts, in the order written.
    pub parts: Vec<DurationPart>,
    /// All of it.
    pub span: Span,
}

/// `10 Brussels business days`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationPart {
    /// How many.
    pub count: Spanned<u32>,
    /// Of what.
    pub unit: DurationUnit,
}

/// A unit of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DurationUnit {
    /// Sixty to the minute.
    Second,
    /// Sixty to the hour.
    Minute,
    /// Sixty minutes.
    Hour,
    /// Counted by the policy in force.
    Day,
    /// A working day of the calendar named, or of the one in force.
    BusinessDay(Option<Name>),
    /// Seven days.
    Week,
    /// Of the calendar.
    Month,
    /// Twelve months.
    Year,
}
