//! The tree of a clause file: what was written, nothing resolved, every part with its place.

use rust_decimal::Decimal;

use crate::source::Span;
use crate::time::{Date, Weekday};

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
}

/// A declaration or an article.
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
    Unit(Name),
    /// `calendar …`
    Calendar(Calendar),
    /// `event …`
    Event(Event),
    /// `term …`
    Term(Term),
    /// `article …`
    Article(Article),
}

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
    InForce {
        /// When it begins.
        from: EntryIntoForce,
        /// When it ends.
        until: Option<Expiry>,
    },
    /// `time zone …`
    TimeZone(Name),
    /// `counting …`
    Counting(Name),
    /// `calendar …`
    Calendar(Name),
    /// `binding legally` or `politically`
    Binding(String),
    /// `withdrawal by PATTERN after DURATION`
    Withdrawal(Pattern, Option<DurationLiteral>),
    /// `source "…"`
    Source(String),
    /// `text "…"`
    Text(String),
}

impl HeaderKind {
    /// The words that open the field.
    pub fn word(&self) -> &'static str {
        match self {
            HeaderKind::Status(_) => "status",
            HeaderKind::Signed(_) => "signed",
            HeaderKind::InForce { .. } => "in force",
            HeaderKind::TimeZone(_) => "time zone",
            HeaderKind::Counting(_) => "counting",
            HeaderKind::Calendar(_) => "calendar",
            HeaderKind::Binding(_) => "binding",
            HeaderKind::Withdrawal(..) => "withdrawal",
            HeaderKind::Source(_) => "source",
            HeaderKind::Text(_) => "text",
        }
    }
}

/// When a treaty enters into force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryIntoForce {
    /// At a time.
    From(TimeLiteral),
    /// When something happens.
    On(Pattern),
    /// When every one of these parties has done something.
    OnAll(Members, Pattern),
    /// So long after something has happened, or after so many parties have done it.
    After(DurationLiteral, Option<Spanned<u32>>, Pattern),
}

/// When a treaty expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expiry {
    /// After a period from its entry into force.
    For(DurationLiteral),
    /// At a time.
    Until(TimeLiteral),
    /// When something happens.
    UntilEvent(Pattern),
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

/// `group Guarantors { Italy, France }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// How prose calls it.
    pub title: Option<String>,
    /// Its members, in the order written.
    pub members: Vec<Name>,
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

/// `event attack from "strike" { … }`
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

/// `article 1 "Consultation" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// `5`, `2.1`, `42(7)`, `Annex A.3`
    pub label: Name,
    /// Its title.
    pub title: Option<String>,
    /// The authentic text.
    pub text: Option<String>,
    /// What it provides.
    pub norm: Option<Norm>,
    /// The whole article.
    pub span: Span,
}

/// What an article provides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Norm {
    /// What starts an instance; none for a standing norm.
    pub trigger: Option<Trigger>,
    /// `let n = EXPR`, read once, at the trigger.
    pub lets: Vec<Let>,
    /// `while` and `unless`, read once, at the trigger.
    pub guards: Vec<Guard>,
    /// `for each of G as g`: a duty for each of them, whoever bears it.
    pub for_each: Option<ForEach>,
    /// Who owes it.
    pub subject: Subject,
    /// `shall not` rather than `shall`.
    pub forbids: bool,
    /// `shall` or `shall not`, where it stands.
    pub modal: Span,
    /// What is owed or forbidden.
    pub act: Act,
    /// When.
    pub window: Option<Window>,
    /// To whom, and until what.
    pub tails: Vec<Tail>,
}

/// `let n = a.killed * 2`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Let {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub value: Expr,
}

/// `for each of G as g`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForEach {
    /// Of whom.
    pub members: Members,
    /// The name given to each.
    pub bind: Name,
}

/// `while C` or `unless C`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// `unless`: an instance starts only where the condition is false.
    pub negated: bool,
    /// The condition.
    pub condition: Condition,
}

/// `when … where …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// What is waited for.
    pub event: TriggerEvent,
    /// What must hold of it.
    pub condition: Option<Condition>,
    /// From `when` on.
    pub span: Span,
}

/// What a trigger waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriggerEvent {
    /// An event.
    Pattern(Pattern),
    /// A moment of another article's life.
    Moment(ArticleMoment),
}

/// `article 1 is breached by Italy as b`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleMoment {
    /// The other treaty.
    pub treaty: Option<Name>,
    /// The article.
    pub label: Name,
    /// `triggered`, `met` or `breached`.
    pub moment: Name,
    /// Whose.
    pub by: Option<Path>,
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

/// Who owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// `Italy`, `b.by`
    Single(Path),
    /// `each of G as g`
    Each {
        /// Of whom.
        members: Members,
        /// The name given to each.
        bind: Option<Name>,
        /// All of it.
        span: Span,
    },
    /// `one of G`
    One {
        /// Of whom.
        members: Members,
        /// All of it.
        span: Span,
    },
    /// `at least 3 of G`
    AtLeast {
        /// How many.
        count: Spanned<u32>,
        /// Of whom.
        members: Members,
        /// All of it.
        span: Span,
    },
}

impl Subject {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            Subject::Single(path) => path.span,
            Subject::Each { span, .. } | Subject::One { span, .. } | Subject::AtLeast { span, .. } => *span,
        }
    }
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

/// `consult(on: a) as k where C`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The pattern.
    pub pattern: Pattern,
    /// What must hold of it.
    pub condition: Option<Condition>,
}

/// When the act is in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Which form.
    pub kind: WindowKind,
    /// How its days are counted.
    pub counting: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// The forms of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowKind {
    /// `within 24 hours of x.reported`
    Within(DurationLiteral, Option<Path>),
    /// `by 2030-12-31`
    ByTime(TimeLiteral),
    /// `by c.planned_end`
    ByPath(Path),
    /// `between 12 hours and 72 hours after x`
    Between(DurationLiteral, DurationLiteral, Option<Path>),
    /// `for 30 days`
    For(DurationLiteral),
}

/// What follows the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tail {
    /// `owed to X`
    OwedTo(Members),
    /// `unless C`
    Unless(Condition),
    /// `excused by EVENT`
    ExcusedBy(Vec<Pattern>),
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
    /// `4_000`
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
    /// `a.place`, `Italy`
    Path(Path),
    /// `a + b`, `a - b`, `a * b`
    Arithmetic(Box<Expr>, Operator, Box<Expr>),
    /// `( C )`
    Condition(Box<Condition>),
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
