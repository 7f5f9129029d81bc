//! Articles and the norms they hold.

use super::{Condition, DurationLiteral, Expiry, Expr, HeaderField, Members, Name, Occurrence, Path, Pattern, Spanned};
use crate::source::Span;

/// `article 1 "Consultation" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// `5`, `2.1`, `42(7)`, `Annex A.3`
    pub label: Name,
    /// Its title.
    pub title: Option<String>,
    /// Its text, its dates, its reading, and how its days are counted.
    pub fields: Vec<HeaderField>,
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
    /// A sentence, or an effect.
    pub provision: Provision,
    /// To whom it is owed, until what, and in which relation to other articles.
    pub tails: Vec<Tail>,
}

/// What a norm says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "most norms are sentences")]
pub enum Provision {
    /// Who shall do what by when.
    Sentence(Sentence),
    /// What becomes of other duties.
    Effect(Effect),
}

/// Subject, `shall`, act, window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Who.
    pub subject: Subject,
    /// Shall, shall not, may.
    pub modal: Spanned<Modal>,
    /// What.
    pub deed: Deed,
    /// From its first word to its last.
    pub deed_span: Span,
    /// When.
    pub window: Option<Window>,
}

/// How strong a sentence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modal {
    /// `shall`, `will`
    Shall,
    /// `shall not`, `will not`
    ShallNot,
    /// `shall endeavour to`
    Endeavour,
    /// `may`
    May,
}

/// What a sentence is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "most sentences are about an act")]
pub enum Deed {
    /// An act, or one of several.
    Acts(Acts),
    /// `keep C`: true at every instant.
    Keep(Condition),
    /// `have C`: true at some instant.
    Have(Condition),
    /// `decide on x by …`
    Decide(Decision),
}

/// `ACT or ACT at least 3 times`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acts {
    /// The acts, any of which will do.
    pub acts: Vec<Act>,
    /// How often, or how much.
    pub amount: Option<Amount>,
    /// `at its discretion`
    pub discretion: Option<Span>,
}

/// How often an act is owed, or how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// `at least 3 times`
    Times(Expr),
    /// `totalling at least 90 billion USD of value`
    Total(Expr, Name),
}

/// `consult(on: a) as k where C`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The pattern.
    pub pattern: Pattern,
    /// What must hold of it.
    pub condition: Option<Condition>,
}

/// `decide on x by two thirds of vote(on: x) with quorum 4 subject to veto by France`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is decided on.
    pub on: Path,
    /// The rule.
    pub rule: VotingRule,
    /// `failing which`: the rule judged at the close.
    pub fallback: Option<VotingRule>,
    /// How many members must vote at all.
    pub quorum: Option<Spanned<u32>>,
    /// Who may block it.
    pub veto: Vec<Members>,
}

/// `two thirds of votes cast in vote(on: x)`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VotingRule {
    /// How many must be in favour.
    pub majority: Spanned<Majority>,
    /// The event that is a ballot.
    pub ballots: Option<Pattern>,
    /// `of votes cast in` rather than of the members.
    pub of_votes_cast: bool,
}

/// How many must be in favour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Majority {
    /// Every member.
    Unanimity,
    /// At the close somebody, and nobody against.
    Consensus,
    /// At the close nobody against.
    Silence,
    /// More than half.
    Majority,
    /// Two thirds at least.
    TwoThirds,
    /// Three quarters at least.
    ThreeQuarters,
    /// So many.
    AtLeast(u32),
}

/// `article 4 is suspended for X until EVENT`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The article; none for the treaty itself.
    pub article: Option<ArticleRef>,
    /// What becomes of it.
    pub kind: EffectKind,
    /// For whom, towards whom, on what, how long.
    pub scope: Vec<EffectScope>,
    /// From its first word on.
    pub span: Span,
}

/// What becomes of an article, of its duties, or of the treaty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EffectKind {
    /// No new duties, and the clocks stand.
    Suspended,
    /// Pending duties are discharged.
    Excused,
    /// Pending duties have more time.
    Extended(DurationLiteral),
    /// A prohibition binds no more.
    Lifted,
    /// It is in force no more.
    Ends,
}

/// How far an effect reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EffectScope {
    /// `for X`
    For(Members),
    /// `towards Y`
    Towards(Members),
    /// `on x`
    On(Path),
    /// `until EVENT`
    Until(Occurrence),
    /// `for D`
    During(DurationLiteral),
    /// `after D`
    After(DurationLiteral),
}

/// An article, perhaps of another treaty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleRef {
    /// The other treaty.
    pub treaty: Option<Name>,
    /// The article.
    pub label: Name,
    /// All of it.
    pub span: Span,
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

/// What starts an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// What is waited for.
    pub kind: TriggerKind,
    /// What must hold of it.
    pub condition: Option<Condition>,
    /// What a second trigger does while a duty is pending; it starts another, where nothing is said.
    pub again: Option<Spanned<Again>>,
    /// From the word that opens it on.
    pub span: Span,
}

/// What a trigger waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "most triggers are events")]
pub enum TriggerKind {
    /// `when EVENT`
    When(Occurrence),
    /// `when first P`
    First(Pattern),
    /// `when 3 P within D as x`
    Several {
        /// How many.
        count: Spanned<u32>,
        /// Of which events.
        pattern: Pattern,
        /// In which time.
        within: DurationLiteral,
        /// The name given to the last of them.
        bind: Option<Name>,
    },
    /// `once C or at the latest EVENT as d`
    Once {
        /// The condition.
        condition: Condition,
        /// What will do in its place.
        latest: Option<Occurrence>,
        /// The name given to the moment.
        bind: Option<Name>,
    },
    /// `every 6 months from DATE as p`
    Every {
        /// How long from one to the next.
        step: DurationLiteral,
        /// The first.
        from: Occurrence,
        /// The name given to each.
        bind: Option<Name>,
    },
}

/// What a second trigger does while a duty of the same bindings is pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// `one at a time`: nothing.
    Ignored,
    /// `restarting`: the clock starts anew.
    Restarts,
}

/// Who owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Which form.
    pub kind: SubjectKind,
    /// All of it.
    pub span: Span,
}

/// The forms of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectKind {
    /// `Italy`, `b.by`; of a decision `Guarantors other than a.by`
    Single(Members),
    /// `each of G as g`
    Each(Members, Option<Name>),
    /// `one of G`
    One(Members),
    /// `at least 3 of G`
    AtLeast(Spanned<u32>, Members),
    /// `a majority of G`, `two thirds of G`, `three quarters of G`
    Portion(Portion, Members),
    /// `all of G`
    All(Members),
    /// `G jointly`
    Jointly(Members),
    /// `nobody named`
    Nobody,
}

impl SubjectKind {
    /// The group it is of, where it is of one.
    pub fn members(&self) -> Option<&Members> {
        match self {
            SubjectKind::Nobody => None,
            SubjectKind::Single(members)
            | SubjectKind::Each(members, _)
            | SubjectKind::One(members)
            | SubjectKind::AtLeast(_, members)
            | SubjectKind::Portion(_, members)
            | SubjectKind::All(members)
            | SubjectKind::Jointly(members) => Some(members),
        }
    }
}

/// A part of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portion {
    /// More than half.
    Majority,
    /// Two thirds at least.
    TwoThirds,
    /// Three quarters at least.
    ThreeQuarters,
}

/// When the act is in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Which form.
    pub kind: WindowKind,
    /// `only`: outside it a power is not there.
    pub only: bool,
    /// How its days are counted.
    pub counting: Option<Name>,
    /// `where possible`
    pub where_possible: bool,
    /// All of it.
    pub span: Span,
}

/// The forms of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowKind {
    /// `within 24 hours of x.reported`
    Within(DurationLiteral, Option<Occurrence>),
    /// `within 6 months before x`
    WithinBefore(DurationLiteral, Occurrence),
    /// `within the earlier of D of a and D of b`
    Limits {
        /// The earlier of them rather than the later.
        earlier: bool,
        /// The limits.
        limits: Vec<Limit>,
    },
    /// `between 12 hours and 72 hours after x`
    Between(DurationLiteral, DurationLiteral, Option<Occurrence>),
    /// `not before x`, which may be `2 months after x`
    NotBefore(Occurrence),
    /// `not before 2 months`
    NotBeforeEnd(DurationLiteral),
    /// `by 2030-12-31`, `by c.planned_end`
    By(Occurrence),
    /// `by day 14 of x`
    ByDay(Spanned<u32>, Option<Occurrence>),
    /// `on day 1 of x`
    OnDay(Spanned<u32>, Option<Occurrence>),
    /// `at least 60 days before x`
    AtLeastBefore(DurationLiteral, Occurrence),
    /// `exactly 60 days after x`
    Exactly(DurationLiteral, Occurrence),
    /// `before EVENT`
    Before(Occurrence),
    /// `until EVENT`
    Until(Occurrence),
    /// `for 30 days`
    For(DurationLiteral),
    /// `from DATE until EVENT`
    From(Occurrence, Option<Expiry>),
    /// `promptly`, `forthwith read as 72 hours`
    Vague(Name, Option<(DurationLiteral, Option<Occurrence>)>),
}

/// One of the limits of a window: a time, or so long after something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// A time.
    At(super::TimeLiteral),
    /// So long after the anchor; the trigger where none is named.
    After(DurationLiteral, Option<Occurrence>),
}

/// What follows the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// Which.
    pub kind: TailKind,
    /// All of it.
    pub span: Span,
}

/// The forms of a tail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TailKind {
    /// `owed to X`
    OwedTo(Members),
    /// `unless C`
    Unless(Condition),
    /// `excused by EVENT`
    ExcusedBy(Occurrence),
    /// `only after EVENT and EVENT`
    OnlyAfter(Vec<Occurrence>),
    /// `curable within D`
    Curable(DurationLiteral),
    /// `lapses on breach`
    LapsesOnBreach,
    /// `lapses on exit`
    LapsesOnExit,
    /// `suspended while C`
    SuspendedWhile(Condition),
    /// `each act counts once`
    EachOnce,
    /// `earlier performance counts`
    Earlier,
    /// `notwithstanding article 3`
    Notwithstanding(Vec<ArticleRef>),
    /// `subject to article 9`
    SubjectTo(Vec<ArticleRef>),
    /// `with 72 hours grace`
    Grace(DurationLiteral),
    /// `at its discretion`
    Discretion,
    /// `whereupon EFFECT`
    Whereupon(Effect),
}
