//! Values and their types.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ArticleId, EventId, KindId, PartyId, PlaceId, Program, Sym, UnitId};
use crate::arena::{Id, Set};
use crate::time::{Date, Instant};

/// What a value may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// A party.
    Party,
    /// A place.
    Place,
    /// A text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A point on the time line.
    Instant,
    /// A day.
    Date,
    /// A length of time of fixed length.
    Duration,
    /// An amount of a unit.
    Quantity(UnitId),
    /// An event of a kind.
    Event(KindId),
    /// One of these words.
    Enumeration(Arc<[Sym]>),
    /// Several.
    List(Box<Type>),
    /// That moment in the life of one of these articles.
    Moment(Arc<[ArticleId]>, MomentKind),
    /// A moment that is nothing but a point in time.
    Tick,
    /// One of these, whichever happened.
    Either(Arc<[Type]>),
}

impl Type {
    /// The kind of event that a field of this type refers to; none where it refers to none.
    pub(crate) fn referred(&self) -> Option<KindId> {
        match self {
            Type::Event(kind) => Some(*kind),
            Type::List(inner) => inner.referred(),
            _ => None,
        }
    }

    /// How messages call it.
    pub fn show(&self, program: &Program) -> String {
        match self {
            Type::Party => "a party".to_owned(),
            Type::Place => "a place".to_owned(),
            Type::Text => "a text".to_owned(),
            Type::Number => "a number".to_owned(),
            Type::Boolean => "true or false".to_owned(),
            Type::Instant => "an instant".to_owned(),
            Type::Date => "a date".to_owned(),
            Type::Duration => "a duration".to_owned(),
            Type::Quantity(unit) => format!("an amount of {}", program.units.at(*unit)),
            Type::Event(kind) => format!("an event `{}`", program.kinds.at(*kind).name),
            Type::Enumeration(words) => {
                let words: Vec<_> = words.iter().map(|word| program.symbols.text(*word)).collect();
                format!("one of `{}`", words.join(" | "))
            }
            Type::List(inner) => match **inner {
                Type::Party => "several parties".to_owned(),
                ref inner => format!("a list, each {}", inner.show(program)),
            },
            Type::Moment(..) => "a moment of an article".to_owned(),
            Type::Tick => "a moment".to_owned(),
            Type::Either(types) => {
                let types: Vec<_> = types.iter().map(|one| one.show(program)).collect();
                types.join(" or ")
            }
        }
    }
}

/// A value of a field, of a bound name or of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// There is none: every comparison with it is unknown.
    Absent,
    /// A party.
    Party(PartyId),
    /// A place.
    Place(PlaceId),
    /// A text.
    Text(Sym),
    /// A word of an enumeration.
    Word(Sym),
    /// True or false.
    Truth(bool),
    /// A number, or an amount of the unit that its type names.
    Number(Decimal),
    /// A point on the time line.
    Instant(Instant),
    /// A day.
    Date(Date),
    /// A length of time, in microseconds.
    Duration(i64),
    /// An event.
    Event(EventId),
    /// Several.
    List(Arc<[Value]>),
    /// A moment of an article.
    Moment(MomentRef),
    /// It cannot be told which: one from the first of these to the second.
    Between(Arc<(Value, Value)>),
}

impl Value {
    /// The parties it is: one, or those of a list; none of anything else.
    pub fn parties(&self) -> Vec<PartyId> {
        match self {
            Value::Party(party) => vec![*party],
            Value::List(list) => list.iter().flat_map(Value::parties).collect(),
            _ => Vec::new(),
        }
    }

    /// A list of parties.
    pub fn of_parties(parties: &[PartyId]) -> Value {
        Value::List(parties.iter().map(|party| Value::Party(*party)).collect())
    }
}

/// Declares the moments by their names.
macro_rules! moments {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A moment in the life of a duty, of an article or of a decision.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum MomentKind {
            $($(#[$doc])* $variant,)*
        }

        impl MomentKind {
            /// The moment of that name.
            pub fn named(word: &str) -> Option<MomentKind> {
                match word {
                    $($name => Some(MomentKind::$variant),)*
                    _ => None,
                }
            }

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(MomentKind::$variant => $name),* }
            }
        }
    };
}

moments! {
    /// It began.
    Triggered = "triggered",
    /// It was performed in time, or a prohibition ended unbroken.
    Met = "met",
    /// It was not.
    Breached = "breached",
    /// It was discharged.
    Excused = "excused",
    /// It was performed after its window.
    Late = "late",
    /// It was performed within the time for a cure.
    Cured = "cured",
    /// Its clock was stopped.
    Suspended = "suspended",
    /// The treaty or membership ended it, or a decision did not come.
    Lapses = "lapses",
    /// The article is in force from here.
    EntersIntoForce = "enters into force",
    /// The article is in force no more.
    Ends = "ends",
    /// A decision was taken.
    Adopted = "adopted",
    /// A decision can be taken no more.
    Rejected = "rejected",
    /// A veto stopped it.
    Blocked = "blocked",
    /// It was rejected or blocked, or lapsed.
    Fails = "fails",
}

impl MomentKind {
    /// Whether only a decision has such moments.
    pub fn is_of_a_decision(self) -> bool {
        matches!(self, MomentKind::Adopted | MomentKind::Rejected | MomentKind::Blocked | MomentKind::Fails)
    }
}

/// Something that happened to a duty.
#[derive(Debug, Serialize, Deserialize)]
pub struct Moment {
    /// Its number in the order of the replay, which tells it from all others.
    pub number: u64,
    /// The article.
    pub article: ArticleId,
    /// What happened.
    pub kind: MomentKind,
    /// The bearer: a party, or a group's members.
    pub by: Value,
    /// The event in which the chain of triggers began.
    pub cause: Option<EventId>,
    /// When the duty was due.
    pub due: Option<Instant>,
    /// When it happened.
    pub at: Instant,
    /// What was decided on, of a decision.
    pub on: Value,
    /// What the names of the article stood for.
    pub frame: Arc<[Value]>,
}

/// A moment, the same only as itself: read twice from what was written, it is two.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MomentRef(pub Arc<Moment>);

impl PartialEq for MomentRef {
    fn eq(&self, other: &Self) -> bool {
        self.0.number == other.0.number
    }
}

impl Eq for MomentRef {}

impl Hash for MomentRef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.number.hash(state);
    }
}

/// Texts, each kept once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Symbols(Set<Box<str>>);

impl Symbols {
    /// The symbol of a text, new or known.
    pub fn intern(&mut self, text: &str) -> Sym {
        let index = match self.0.get_index_of(text) {
            Some(index) => index,
            None => self.0.insert_full(text.into()).0,
        };
        Sym::from_index(index)
    }

    /// The symbol of a text that is known.
    pub fn find(&self, text: &str) -> Option<Sym> {
        self.0.get_index_of(text).map(Sym::from_index)
    }

    /// The text of a symbol.
    pub fn text(&self, symbol: Sym) -> &str {
        self.0.get_index(symbol.index()).map_or("", |text| text)
    }
}

impl fmt::Display for MomentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
