//! The header and the declarations.

use rust_decimal::Decimal;

use super::{DurationLiteral, Expr, Measured, Members, Name, Occurrence, Pattern, Spanned, TimeLiteral};
use crate::source::Span;
use crate::time::{Date, Weekday};

/// The header of a treaty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treaty {
    /// Its short name.
    pub name: Name,
    /// Its title.
    pub title: Option<String>,
    /// The fields, in the order written.
    pub fields: Vec<HeaderField>,
}

/// One field of a treaty's header, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderField {
    /// What it says.
    pub kind: HeaderKind,
    /// Its place.
    pub span: Span,
}

/// What a field of the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a treaty has a handful of them")]
pub enum HeaderKind {
    /// `status draft`
    Status(String),
    /// `signed DATE`
    Signed(Date),
    /// `in force …`
    InForce(InForce),
    /// `renewed for D unless EVENT D before expiry`
    Renewed(Renewal),
    /// `time zone …`
    TimeZone(Name),
    /// `counting …`
    Counting(Name),
    /// `calendar …`
    Calendar(Name),
    /// `binding legally` or `politically`
    Binding(String),
    /// `withdrawal by EVENT after DURATION`
    Withdrawal(Occurrence, Option<DurationLiteral>),
    /// `source "…"`
    Source(String),
    /// `text "…"`
    Text(String),
    /// `reading NAME`, of an article
    Reading(Name),
}

impl HeaderKind {
    /// The words that open the field.
    pub fn word(&self) -> &'static str {
        match self {
            HeaderKind::Status(_) => "status",
            HeaderKind::Signed(_) => "signed",
            HeaderKind::InForce { .. } => "in force",
            HeaderKind::Renewed(_) => "renewed",
            HeaderKind::TimeZone(_) => "time zone",
            HeaderKind::Counting(_) => "counting",
            HeaderKind::Calendar(_) => "calendar",
            HeaderKind::Binding(_) => "binding",
            HeaderKind::Withdrawal(..) => "withdrawal",
            HeaderKind::Source(_) => "source",
            HeaderKind::Text(_) => "text",
            HeaderKind::Reading(_) => "reading",
        }
    }
}

/// When a treaty or an article is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// When it begins; with the signature, the treaty or the log where it does not say.
    pub from: Option<EntryIntoForce>,
    /// When it ends.
    pub until: Option<Expiry>,
}

/// When a treaty enters into force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryIntoForce {
    /// At a time.
    From(TimeLiteral),
    /// When something happens.
    On(Occurrence),
    /// When every one of these parties has done something.
    OnAll(Members, Pattern),
    /// So long after so many parties have done something.
    AfterCount(DurationLiteral, Spanned<u32>, Pattern),
    /// So long after something has happened.
    After(DurationLiteral, Occurrence),
}

/// When a treaty expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expiry {
    /// After a period from its entry into force.
    For(DurationLiteral),
    /// When something happens, or at a time.
    Until(Occurrence),
}

/// `renewed for 5 years unless denounce 6 months before expiry`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// For how long.
    pub term: DurationLiteral,
    /// What prevents it.
    pub unless: Occurrence,
    /// How long before the expiry at the latest.
    pub notice: DurationLiteral,
}

/// `use "file" as NAME`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The file, as written.
    pub path: Name,
    /// The name of the treaty it holds.
    pub alias: Option<Name>,
}

/// `party Russia "the Russian Federation" also "RUS"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// Its other spellings in logs.
    pub also: Vec<Name>,
}

/// `group Guarantors { Italy, Poland from 1999-03-12 } joined by accede`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// Its members, in the order written.
    pub members: Vec<Member>,
    /// How a party becomes a member.
    pub joined: Option<Occurrence>,
    /// How a member leaves, and how long after that it is one no more.
    pub left: Option<(Occurrence, Option<DurationLiteral>)>,
}

/// `Poland from 1999-03-12 until 2024-01-01`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The party.
    pub name: Name,
    /// From when on it is a member.
    pub from: Option<TimeLiteral>,
    /// From when on it is one no more.
    pub until: Option<TimeLiteral>,
}

/// `place Odesa within Ukraine_territory`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// Its other spellings in logs.
    pub also: Vec<Name>,
    /// The party whose territory it is.
    pub of: Option<Name>,
    /// The places that contain it.
    pub within: Vec<Name>,
}

/// `unit brigade = 4_000 soldiers`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its name.
    pub name: Name,
    /// How many of which other unit it is.
    pub value: Option<(Decimal, Name)>,
}

/// `calendar Brussels { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Its name.
    pub name: Name,
    /// The days of the week that are not worked.
    pub weekend: Vec<Spanned<Weekday>>,
    /// The other days that are not worked.
    pub holidays: Vec<Date>,
}

/// `schedule range by class in km { mt12 9, d30 16 }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// What it is asked by: `party`, `place`, or a word of its own.
    pub by: Name,
    /// The unit of its values.
    pub unit: Option<Name>,
    /// The entries, in the order written.
    pub entries: Vec<(Name, Decimal)>,
}

/// `event attack from "strike" { … } established by find(of: it)`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// The kind that the log calls it.
    pub from: Option<Name>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The columns in which the log keeps what every event has.
    pub columns: Vec<Column>,
    /// What makes it count.
    pub established: Option<Occurrence>,
}

/// `value: USD? from "usd_bn" in billion`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub kind: FieldType,
    /// Whether it may be absent.
    pub optional: bool,
    /// The column of the log that holds it.
    pub from: Option<Name>,
    /// What its numbers are multiplied by.
    pub scale: Option<Spanned<Decimal>>,
}

/// `at from "ended_at"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Which of the things that every event has.
    pub name: Name,
    /// The column of the log that holds it.
    pub from: Name,
}

/// A type, by the words of its declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// One word: a built-in type, a unit or an event kind.
    Named(Name),
    /// `list of T`
    List(Name),
    /// `a | b | c`
    Enumeration(Vec<Name>),
}

/// `term aggression means attack(by: Russia) as a where C`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// What it means, its condition included.
    pub pattern: Pattern,
}

/// `state present(p: party) { begins on … ends on … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// What it is a state of.
    pub parameters: Vec<Parameter>,
    /// What begins and ends it, in the order written.
    pub parts: Vec<StatePart>,
}

/// A part of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatePart {
    /// `begins on …`
    Begins(Occurrence),
    /// `ends on …`
    Ends(Occurrence),
    /// `holds at entry into force`
    HoldsAtEntry(Span),
}

/// `p: party`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name.
    pub name: Name,
    /// The word of its type.
    pub kind: Name,
}

/// `tally troops(z: place) in soldiers { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// What it is kept for.
    pub parameters: Vec<Parameter>,
    /// The unit it is kept in.
    pub unit: Option<Name>,
    /// What it is at the entry into force; nothing where it does not say.
    pub starts: Vec<Expr>,
    /// What adds to it.
    pub adds: Vec<Measured>,
    /// What takes from it.
    pub subtracts: Vec<Measured>,
}
