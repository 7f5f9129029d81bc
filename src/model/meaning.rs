//! Values, conditions, patterns and what is waited for, resolved.

use std::sync::Arc;

use super::{ArticleId, GroupId, KindId, MomentKind, PartyId, ScheduleId, Slot, StateId, TallyId, TreatyId, Value};
use crate::source::Span;
use crate::syntax::ast::{Comparator, Operator};
use crate::time::{CalendarUnit, Duration, Instant, Reckoning, Zone};

/// Parties: a group or a list, less some.
#[derive(Debug, Clone)]
pub struct Members {
    /// A party or a list of parties.
    pub base: Expr,
    /// A name for them all, where they are a declared group with nobody left out.
    pub name: Option<String>,
    /// Parties or lists of parties left out.
    pub without: Vec<Expr>,
}

/// An event kind, and what its fields must be.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The kind.
    pub kind: KindId,
    /// What its fields must be.
    pub tests: Vec<Test>,
    /// The name given to the event.
    pub bind: Option<Slot>,
    /// What must hold of it.
    pub conditions: Vec<Condition>,
    /// How many names there are where it stands.
    pub names: usize,
    /// Where it stands.
    pub span: Span,
}

/// What a field must be.
#[derive(Debug, Clone)]
pub struct Test {
    /// The field.
    pub field: usize,
    /// What it must be.
    pub want: Want,
}

/// What a field must be.
#[derive(Debug, Clone)]
pub enum Want {
    /// This value; on a list, one that it contains; of a place, one that lies in it.
    Is(Expr),
    /// A member of the group that owes the act.
    Bearer,
    /// Any value, or any of these parties, and it gets a name.
    Any {
        /// Of whom.
        of: Option<Members>,
        /// The name.
        slot: Slot,
    },
}

/// Something that happens, and that a clause waits for.
#[derive(Debug, Clone)]
pub enum Occurrence {
    /// An event.
    Pattern(Pattern),
    /// A moment of the life of one of these articles.
    Moment(ArticleMoment),
    /// The beginning or the end of a state.
    Turn {
        /// The state.
        state: StateId,
        /// What it is asked of.
        arguments: Vec<Expr>,
        /// Its beginning rather than its end.
        begins: bool,
        /// The name given to it.
        bind: Option<Slot>,
    },
    /// An instant that is known, an event's or the first of a day.
    At(Expr),
    /// So long after something else.
    After(Duration, Box<Occurrence>, Arc<Reckoning>),
    /// The treaty's entry into force; the first treaty's, where what is declared belongs to none.
    EntryIntoForce(TreatyId),
    /// The treaty's expiry.
    Expiry(TreatyId),
    /// The first of these, and the name given to whichever it is.
    Any(Vec<Occurrence>, Option<Slot>),
}

impl Occurrence {
    /// The event that it is, where it is one.
    pub fn pattern(&self) -> Option<&Pattern> {
        match self {
            Occurrence::Pattern(pattern) => Some(pattern),
            _ => None,
        }
    }
}

/// A moment of the life of one of these articles.
#[derive(Debug, Clone)]
pub struct ArticleMoment {
    /// The articles, all those that the label covers.
    pub articles: Vec<ArticleId>,
    /// Which moment.
    pub moment: MomentKind,
    /// Whose.
    pub by: Option<Expr>,
    /// Of every one of them rather than of any.
    pub all: bool,
    /// On what.
    pub on: Option<Expr>,
    /// The name given to it.
    pub bind: Option<Slot>,
}

/// Something that is true, false or unknown.
#[derive(Debug, Clone)]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// At least one of them.
    Or(Vec<Condition>),
    /// The contrary.
    Not(Box<Condition>),
    /// A comparison.
    Compare(Expr, Comparator, Expr),
    /// Whether the left lies in the right: a place, a list or a group.
    In(Expr, Expr),
    /// Whether the value is there.
    Given(Expr),
    /// A truth value.
    Value(Expr),
    /// What an article has come to.
    Status(ArticleMoment),
    /// Whether an article is broken, and neither performed late nor cured nor excused.
    InBreach(ArticleMoment),
}

/// A value.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A value known beforehand.
    Constant(Value),
    /// A bound name.
    Slot(Slot),
    /// Something asked of an event or a moment.
    Ask(Box<Expr>, Ask),
    /// The members that a group has at the time.
    Group(GroupId),
    /// The places of a party.
    Territory(Box<Expr>),
    /// Arithmetic.
    Arithmetic(Box<Expr>, Operator, Box<Expr>),
    /// A state.
    State(StateId, Vec<Expr>),
    /// A tally.
    Tally(TallyId, Vec<Expr>),
    /// A schedule.
    Schedule(ScheduleId, Box<Expr>),
    /// What many events or many parties come to.
    Aggregate(Box<Aggregate>),
    /// A condition, as a truth value.
    Condition(Box<Condition>),
}

/// What many events or many parties come to.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// Which.
    pub kind: AggregateKind,
    /// Over what time; since the entry into force where there is none.
    pub period: Option<Period>,
    /// How its time is counted.
    pub reckoning: Arc<Reckoning>,
    /// Since whose entry into force; the first treaty's, where what is declared belongs to none.
    pub treaty: TreatyId,
}

/// The forms of an aggregate.
#[derive(Debug, Clone)]
pub enum AggregateKind {
    /// How many members.
    Members(Members),
    /// How many events.
    Count(Pattern),
    /// The sum of a field.
    Sum(Pattern, usize),
    /// The field of the latest event.
    Latest(Pattern, usize),
    /// How long a state has held.
    Duration(Expr),
    /// How many members of whom something holds, and the name given to each.
    Number(Members, Slot, Condition),
}

/// A time over which something is counted.
#[derive(Debug, Clone)]
pub enum Period {
    /// A moving window.
    Last(Duration),
    /// A unit of the calendar, the present or the previous one.
    Calendar(CalendarUnit, bool),
    /// Since something happened.
    Since(Occurrence),
}

/// What can be asked of an event or of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// A declared field.
    Field(usize),
    /// When it happened.
    At,
    /// When it became known.
    Reported,
    /// Its identifier.
    Id,
    /// The day on which it happened, in this zone.
    Day(Arc<Zone>),
    /// The month in which it happened, from 1.
    Month(Arc<Zone>),
    /// The year in which it happened.
    Year(Arc<Zone>),
    /// The bearer, of a moment.
    By,
    /// The event that triggered the duty, of a moment.
    Cause,
    /// When the duty was due, of a moment.
    Due,
    /// When it was proven.
    Established,
    /// What was decided on, of a moment.
    On,
    /// That of whichever it is, of one of several things.
    OfEither(String),
    /// A name that the article bound, of a moment.
    Bound(String),
}

/// When a treaty enters into force.
#[derive(Debug, Clone)]
pub enum Entry {
    /// It does not say: it is in force from the first event of the log.
    FirstEvent,
    /// At an instant.
    At(Instant),
    /// When something has happened often enough.
    When(Accession),
}

/// What brings a treaty into force.
#[derive(Debug, Clone)]
pub struct Accession {
    /// What has to happen.
    pub event: Occurrence,
    /// How many distinct parties have to do it; one event is enough where it is 1.
    pub parties: usize,
    /// Who counts; everybody, where there is none.
    pub among: Option<Vec<PartyId>>,
    /// How long after it the treaty is in force; at once, and just after the event, where there is none.
    pub delay: Option<Duration>,
}

/// How a party leaves a treaty.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// What it does.
    pub event: Occurrence,
    /// How long after that it is bound; at once, and just after the event, where there is none.
    pub notice: Option<Duration>,
}

/// How a treaty goes on when it would expire.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// For how long.
    pub term: Duration,
    /// What keeps it from being renewed.
    pub unless: Occurrence,
    /// How long before the expiry that must have happened.
    pub notice: Duration,
}

/// When a treaty expires.
#[derive(Debug, Clone)]
pub enum Expiry {
    /// So long after its entry into force.
    After(Duration),
    /// At an instant, which is the first at which it is no longer in force.
    At(Instant),
    /// When this happens.
    On(Occurrence),
}
