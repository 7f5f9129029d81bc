//! Tree to meaning: every name resolved, every type checked.
//!
//! [`load()`] reads files and what they use, [`build()`] makes one [`Program`] of them: the parties, places and event kinds
//! that a log is read by, and the articles that it is judged by.

mod article;
mod ask;
mod bindings;
mod build;
mod builder;
mod choice;
mod condition;
mod cycle;
mod effect;
mod declare;
mod expr;
mod load;
mod meaning;
mod norm;
mod occurrence;
mod pattern;
mod reference;
mod scenario;
mod scope;
mod sentence;
mod state;
mod suite;
mod tail;
mod term;
mod treaty;
mod value;
mod walk;
mod window;

use rust_decimal::Decimal;

use crate::arena::{Arena, Map, ids};
use crate::source::Span;
use crate::time::{Instant, Reckoning, Zone};

pub use build::{Suite, build, build_chosen};
pub use choice::{Axis, ChoiceError, Choices, Chosen, MOST_COMBINATIONS, Proposal, Selection, choices};
pub(crate) use expr::instant_finding;
pub(crate) use load::invalid_utf8;
pub use load::{Library, Loaded, LoadedFile, load};
pub use meaning::*;
pub use norm::*;
pub use suite::*;
pub use value::{Moment, MomentKind, MomentRef, Symbols, Type, Value};
pub use walk::{Part, walk};

ids! {
    /// A party.
    PartyId,
    /// A place.
    PlaceId,
    /// A unit of quantities.
    UnitId,
    /// An event kind.
    KindId,
    /// A group whose members come and go.
    GroupId,
    /// A state.
    StateId,
    /// A tally.
    TallyId,
    /// A schedule.
    ScheduleId,
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
    /// The groups whose members come and go.
    pub groups: Arena<GroupId, Group>,
    /// The states.
    pub states: Arena<StateId, State>,
    /// The tallies.
    pub tallies: Arena<TallyId, Tally>,
    /// The schedules.
    pub schedules: Arena<ScheduleId, Schedule>,
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

/// A group whose members come and go.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The members declared, in order.
    pub members: Vec<Member>,
    /// How a party becomes a member.
    pub joined: Option<Occurrence>,
    /// How a member leaves.
    pub left: Option<Withdrawal>,
}

/// A declared member of a group.
#[derive(Debug, Clone)]
pub struct Member {
    /// The party.
    pub party: PartyId,
    /// From when on it is a member; always, where nothing is said.
    pub from: Option<Instant>,
    /// From when on it is one no more.
    pub until: Option<Instant>,
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
    /// What makes it count, where it does not count at once.
    pub established: Option<Occurrence>,
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

/// Something that holds from just after what begins it up to what ends it.
#[derive(Debug, Clone)]
pub struct State {
    /// Its name.
    pub name: String,
    /// What it is a state of.
    pub parameters: Vec<Binding>,
    /// What begins it.
    pub begins: Vec<Occurrence>,
    /// What ends it.
    pub ends: Vec<Occurrence>,
    /// Whether it holds at the entry into force.
    pub holds_at_entry: bool,
    /// The treaty whose entry into force is meant; any, where what is declared belongs to none.
    pub treaty: Option<TreatyId>,
}

/// A running sum.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Its name.
    pub name: String,
    /// What it is kept for.
    pub parameters: Vec<Binding>,
    /// What it is of: numbers, or amounts of a unit.
    pub kind: Type,
    /// What it is at the entry into force.
    pub starts: Option<Expr>,
    /// What adds to it: events, and a field of theirs.
    pub adds: Vec<(Pattern, usize)>,
    /// What takes from it.
    pub subtracts: Vec<(Pattern, usize)>,
}

/// A table of numbers or amounts.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: Type,
    /// Its entries.
    pub entries: Map<Value, Decimal>,
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
    /// When it was signed.
    pub signed: Option<Instant>,
    /// When it enters into force.
    pub entry: Entry,
    /// When it expires.
    pub expiry: Option<Expiry>,
    /// Whether it goes on at its expiry.
    pub renewal: Option<Renewal>,
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
            Expiry::After(term) => Some(term.after(entered, &self.reckoning.elapsed())),
            Expiry::On(_) => None,
        }
    }
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
    /// When it is in force, and how its days are counted.
    pub law: Law,
    /// What it provides.
    pub norm: Norm,
}

/// What an article says of its own, and its treaty where it says nothing.
#[derive(Debug, Clone)]
pub struct Law {
    /// How its days are counted, and in which zone.
    pub reckoning: Reckoning,
    /// When it enters into force, where not with its treaty.
    pub entry: Option<Entry>,
    /// When it ends, where not with its treaty.
    pub expiry: Option<Expiry>,
}

/// The place of a bound name among the values of an instance.
pub type Slot = usize;

/// The slot that holds the bearer: a party, or the list of the group's members.
pub const BEARER: Slot = 0;
