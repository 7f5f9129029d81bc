//! Conditions, values, patterns, and what a clause waits for.

use rust_decimal::Decimal;

use super::{ArticleRef, DurationLiteral, Name, TimeLiteral};
use crate::source::Span;
pub use crate::time::CalendarUnit;

/// Something that happens, and that a clause waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Which.
    pub kind: OccurrenceKind,
    /// All of it.
    pub span: Span,
}

/// What a clause may wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OccurrenceKind {
    /// An event; a bare name may also be that of one which is bound.
    Pattern(Pattern),
    /// A moment of an article's life.
    Moment(Box<ArticleMoment>),
    /// The beginning or the end of a state.
    Turn(StateTurn),
    /// A date or an instant.
    Time(TimeLiteral),
    /// An instant that a field says.
    Path(Path),
    /// So long after something else.
    After(DurationLiteral, Box<Occurrence>),
    /// The treaty's date of signature.
    Signing,
    /// The treaty's entry into force.
    EntryIntoForce,
    /// The treaty's expiry.
    Expiry,
    /// The first of these.
    Any(Vec<Occurrence>),
}

/// `article 1 is breached by Italy as b`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleMoment {
    /// The article.
    pub article: ArticleRef,
    /// Its word: `breached`, `lapses`, `enters into force`.
    pub moment: Name,
    /// Whose.
    pub by: Option<ByWhom>,
    /// On what.
    pub on: Option<Path>,
    /// The name given to it.
    pub bind: Option<Name>,
}

/// `by X`, `by all of G`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByWhom {
    /// A party, or any of several.
    Path(Path),
    /// Every one of them.
    All(Members),
}

/// `present(Italy, Odesa) begins`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateTurn {
    /// The state.
    pub state: Name,
    /// What it is asked of.
    pub arguments: Vec<Expr>,
    /// Its beginning rather than its end.
    pub begins: bool,
    /// The name given to it.
    pub bind: Option<Name>,
}

/// `attack(by: Russia) as a`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The event kind.
    pub kind: Name,
    /// What its fields must be.
    pub constraints: Vec<Constraint>,
    /// The name given to the event.
    pub bind: Option<Name>,
    /// What must hold of it, where it is that of a term.
    pub conditions: Vec<Condition>,
    /// All of it.
    pub span: Span,
}

/// `by: Russia`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// The field.
    pub field: Name,
    /// What it must be.
    pub value: ConstraintValue,
}

/// What a field must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintValue {
    /// This.
    Is(Expr),
    /// `any of Guarantors as g`: any of these, and it gets a name.
    Any {
        /// Of whom; any value where none.
        of: Option<Members>,
        /// The name.
        bind: Name,
    },
}

/// `G except Italy, a.by`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// The group, or the field that lists parties.
    pub group: Path,
    /// Who is left out.
    pub without: Vec<Path>,
    /// All of it.
    pub span: Span,
}

/// Something that is true, false or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// At least one of them.
    Or(Vec<Condition>),
    /// The contrary.
    Not(Box<Condition>),
    /// `a <= b`
    Compare(Expr, Comparator, Expr),
    /// `a in b`
    In(Expr, Expr),
    /// `a is given`
    Given(Expr),
    /// A value that is true or false by itself.
    Value(Expr),
    /// `article 3 is met by X on x`
    Status(Box<ArticleMoment>),
    /// `in breach of article 3 by X`
    InBreach(ArticleRef, Option<ByWhom>),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Its place.
    pub span: Span,
}

/// The forms of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `4_000`, `90 %`
    Number(Decimal),
    /// `90 billion USD`
    Quantity(Decimal, Name),
    /// `"text"`
    Text(String),
    /// `true`
    Truth(bool),
    /// A date or an instant.
    Time(TimeLiteral),
    /// `24 hours`
    Duration(DurationLiteral),
    /// `territory of v`
    Territory(Path),
    /// `a.place`, `Italy`, `ceasefire`
    Path(Path),
    /// `present(Italy, Odesa)`
    Call(Name, Vec<Expr>),
    /// `count of violate in the last 30 days`
    Aggregate(Box<Aggregate>),
    /// `a + b`, `a - b`, `a * b`
    Arithmetic(Box<Expr>, Operator, Box<Expr>),
    /// `( C )`
    Condition(Box<Condition>),
}

/// What many events or many parties come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    /// Which.
    pub kind: AggregateKind,
    /// Over what time; since the entry into force where it does not say.
    pub period: Option<Period>,
}

/// The forms of an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a condition has one or two of them")]
pub enum AggregateKind {
    /// `members of G`
    Members(Members),
    /// `count of P`
    Count(Pattern),
    /// `sum of P.field`
    Sum(Measured),
    /// `latest of P.field`
    Latest(Measured),
    /// `duration of STATE`
    Duration(Expr),
    /// `number of G as o where (C)`
    Number {
        /// Of whom.
        members: Members,
        /// The name given to each.
        bind: Name,
        /// What must hold of them.
        condition: Condition,
    },
}

/// A field of the events that a pattern means: `deliver(to: Ukraine).value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// The events.
    pub pattern: Pattern,
    /// The field.
    pub field: Name,
}

/// A time over which something is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Which.
    pub kind: PeriodKind,
    /// All of it.
    pub span: Span,
}

/// The forms of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodKind {
    /// `in the last 30 days`
    Last(DurationLiteral),
    /// `in the present month`, `in the previous quarter`
    Calendar {
        /// The one before.
        previous: bool,
        /// Day, week, month, quarter or year.
        unit: CalendarUnit,
    },
    /// `since x`
    Since(Occurrence),
}

/// What is done with two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
}

/// A name and the fields asked of it: `b.cause.place`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The name.
    pub head: Name,
    /// The fields.
    pub fields: Vec<Name>,
    /// All of it.
    pub span: Span,
}
