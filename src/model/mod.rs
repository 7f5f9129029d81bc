//! Tree to meaning: every name resolved, every type checked.
//!
//! [`load()`] reads files and what they use, [`build()`] makes one [`Program`] of them: the parties, places and event kinds
//! that a log is read by, and the articles that it is judged by.

mod article;
mod ask;
mod bindings;
mod build;
mod builder;
mod condition;
mod cycle;
mod declare;
mod expr;
mod load;
mod pattern;
mod reference;
mod scope;
mod term;
mod treaty;
mod value;
mod window;

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::arena::{Arena, Map, ids};
use crate::source::Span;
use crate::time::{Counting, Duration, Instant, Reckoning, Zone};

pub use build::build;
pub(crate) use expr::instant_finding;
pub(crate) use load::invalid_utf8;
pub use load::{Library, Loaded, LoadedFile, load};
pub use value::{Moment, MomentKind, MomentRef, Symbols, Type, Value};

ids! {
    /// A party.
    PartyId,
    /// A place.
    PlaceId,
    /// A unit of quantities.
    UnitId,
    /// An event kind.
    KindId,
    /// A treaty.
    TreatyId,
    /// An article that holds a norm, in the order of treaties and files.
    ArticleId,
    /// A text of a treaty or of a log, once however often it occurs.
    Sym,
    /// An event of a log, in the order of the replay.
    EventId,
}

/// Treaties with everything they need, ready to be replayed.
#[derive(Debug, Default)]
pub struct Program {
    /// The texts that values hold.
    pub symbols: Symbols,
    /// The parties, in the order declared.
    pub parties: Arena<PartyId, Party>,
    /// The places.
    pub places: Arena<PlaceId, Place>,
    /// The units, by name.
    pub units: Arena<UnitId, String>,
    /// The event kinds.
    pub kinds: Arena<KindId, Kind>,
    /// The treaties, in the order given.
    pub treaties: Arena<TreatyId, Treaty>,
    /// The articles, in the order of treaties and files.
    pub articles: Arena<ArticleId, Article>,
    /// Every spelling of a party in a log.
    pub party_spellings: Map<String, PartyId>,
    /// Every spelling of a place in a log.
    pub place_spellings: Map<String, PlaceId>,
    /// The kinds by the name that the log gives them.
    pub kinds_in_logs: Map<String, KindId>,
    /// Whether anything asks for the identifier of an event, so that those without one need theirs, `#` and the line.
    pub asks_identifiers: bool,
}

impl Program {
    /// The zone of the first treaty, in which reports show time; UTC where there is no treaty.
    pub fn zone(&self) -> Zone {
        self.treaties.iter().next().map_or(Zone::UTC, |treaty| treaty.zone().clone())
    }
}

/// A party.
#[derive(Debug, Clone)]
pub struct Party {
    /// Its name, under which reports show it.
    pub name: String,
    /// How prose calls it.
    pub title: Option<String>,
}

/// A place.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Whose territory it is.
    pub of: Option<PartyId>,
    /// Itself and every place that contains it.
    pub within: Vec<PlaceId>,
}

/// An event kind.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its name in clauses.
    pub name: String,
    /// How prose calls it.
    pub title: Option<String>,
    /// Its name in logs.
    pub log_name: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The columns that hold what every event has.
    pub columns: Columns,
    /// Which field names the actor.
    pub by: Option<usize>,
    /// The names of fields whose types are not known, which has been reported.
    pub unread: Vec<String>,
    /// Where it is declared.
    pub span: Span,
}

/// The names of the columns that hold what every event has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// When it happened.
    pub at: String,
    /// When it became known.
    pub reported: String,
    /// Its identifier.
    pub id: String,
}

impl Default for Columns {
    fn default() -> Self {
        Columns { at: "at".to_owned(), reported: "reported".to_owned(), id: "id".to_owned() }
    }
}

/// A field of an event kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in clauses.
    pub name: String,
    /// Its name in logs.
    pub column: String,
    /// What it holds.
    pub kind: Type,
    /// Whether it may be absent.
    pub optional: bool,
    /// What its numbers are multiplied by.
    pub scale: Option<Decimal>,
}

/// A treaty's header.
#[derive(Debug, Clone)]
pub struct Treaty {
    /// Its short name.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// How its days are counted, and in which zone.
    pub reckoning: Reckoning,
    /// When it enters into force.
    pub entry: Entry,
    /// When it expires.
    pub expiry: Option<Expiry>,
    /// How a party leaves it.
    pub withdrawal: Option<Withdrawal>,
}

impl Treaty {
    /// The zone in which its days and local times are read.
    pub fn zone(&self) -> &Zone {
        &self.reckoning.zone
    }

    /// When it expires, having entered into force at an instant; none where an event ends it, or nothing does.
    ///
    /// A term is counted as elapsed time whatever the policy: ten years from 1 October end as 1 October begins.
    pub fn expires(&self, entered: Instant) -> Option<Instant> {
        match self.expiry.as_ref()? {
            Expiry::At(at) => Some(*at),
            Expiry::After(term) => {
                let reckoning = Reckoning { counting: Counting::Elapsed, ..self.reckoning.clone() };
                Some(term.after(entered, &reckoning))
            }
            Expiry::On(_) => None,
        }
    }
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
    pub pattern: Pattern,
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
    pub pattern: Pattern,
    /// How long after that it is bound; at once, and just after the event, where there is none.
    pub notice: Option<Duration>,
}

/// When a treaty expires.
#[derive(Debug, Clone)]
pub enum Expiry {
    /// So long after its entry into force.
    After(Duration),
    /// At an instant, which is the first at which it is no longer in force.
    At(Instant),
    /// When this happens.
    On(Pattern),
}

/// An article and the norm it holds.
#[derive(Debug, Clone)]
pub struct Article {
    /// The treaty.
    pub treaty: TreatyId,
    /// Its label.
    pub label: String,
    /// Its title.
    pub title: Option<String>,
    /// All of it.
    pub span: Span,
    /// What it provides.
    pub norm: Norm,
}

/// The place of a bound name among the values of an instance.
pub type Slot = usize;

/// The slot that holds the bearer: a party, or the list of the group's members.
pub const BEARER: Slot = 0;

/// A name that a norm binds.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: Type,
}

/// What an article provides.
#[derive(Debug, Clone)]
pub struct Norm {
    /// What starts an instance.
    pub trigger: Trigger,
    /// Values fixed when it starts.
    pub lets: Vec<(Slot, Expr)>,
    /// What must hold for it to start.
    pub guards: Vec<Condition>,
    /// For whom there is a duty each, and the name given to each, where somebody else bears it.
    pub for_each: Option<(Members, Slot)>,
    /// Who owes it.
    pub subject: Subject,
    /// Where the subject stands.
    pub subject_span: Span,
    /// Whether the act is forbidden rather than owed.
    pub forbids: bool,
    /// Where `shall` or `shall not` stands.
    pub modal_span: Span,
    /// The act.
    pub act: Pattern,
    /// What must hold of the act.
    pub act_condition: Option<Condition>,
    /// When.
    pub window: Option<Window>,
    /// To whom it is owed.
    pub claimant: Option<Members>,
    /// What excuses it.
    pub unless: Vec<Condition>,
    /// What discharges it.
    pub excused_by: Vec<Pattern>,
    /// The names it binds; the first is the bearer's.
    pub bindings: Vec<Binding>,
}

/// What starts an instance.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// The treaty's entry into force: the norm stands.
    EntryIntoForce,
    /// An event.
    Event {
        /// Which.
        pattern: Pattern,
        /// From `when` on.
        span: Span,
    },
    /// A moment of the life of one of these articles.
    Moment {
        /// The articles, all those that the label covers.
        articles: Vec<ArticleId>,
        /// Which moment.
        moment: MomentKind,
        /// Whose.
        by: Option<Expr>,
        /// The name given to it.
        bind: Option<Slot>,
        /// From `when` on.
        span: Span,
    },
}

/// Who owes.
#[derive(Debug, Clone)]
pub enum Subject {
    /// One party.
    Single(Expr),
    /// Every member, each for itself.
    Each {
        /// Of whom.
        members: Members,
        /// The name given to each.
        bind: Option<Slot>,
    },
    /// The group; so many of its members must perform.
    Group {
        /// Of whom.
        members: Members,
        /// How many.
        count: usize,
        /// `one of` rather than `at least`: all are blamed together.
        together: bool,
    },
}

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

/// When an act is in time.
#[derive(Debug, Clone)]
pub struct Window {
    /// The first instant, where it is not the trigger's.
    pub opens: Option<Limit>,
    /// The last instant of a duty, the first free one of a prohibition.
    pub closes: Limit,
    /// How its days are counted, where not as those of the treaty.
    pub counting: Option<Counting>,
    /// Where it stands.
    pub span: Span,
}

/// An end of a window.
#[derive(Debug, Clone)]
pub enum Limit {
    /// So long after the anchor; the trigger's instant where none is named.
    After(Duration, Option<Expr>),
    /// At an instant, an event's, or the end of a day.
    At(Expr),
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
    Compare(Expr, crate::syntax::ast::Comparator, Expr),
    /// Whether the left lies in the right: a place, a list or a group.
    In(Expr, Expr),
    /// Whether the value is there.
    Given(Expr),
    /// A truth value.
    Value(Expr),
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
    /// The places of a party.
    Territory(Box<Expr>),
    /// Arithmetic.
    Arithmetic(Box<Expr>, crate::syntax::ast::Operator, Box<Expr>),
    /// A condition, as a truth value.
    Condition(Box<Condition>),
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
    /// A name that the article bound, of a moment.
    Bound(String),
}
