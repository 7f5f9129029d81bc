//! What articles provide, resolved.

use crate::source::Span;
use crate::syntax::ast::{Again, EffectKind, Majority, Modal, Portion};
use crate::time::{Counting, Duration};

use super::{ArticleId, Condition, Expr, Members, MomentKind, Occurrence, Pattern, Slot, Type};

/// A name that a norm binds.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: Type,
}

impl Binding {
    /// Whether it is a term's own name, which means nothing outside the term.
    pub fn is_of_a_term(&self) -> bool {
        self.name.contains(super::term::OWN)
    }
}

/// What an article provides.
#[derive(Debug, Clone)]
pub struct Norm {
    /// What starts an instance.
    pub trigger: Trigger,
    /// What a second trigger does while a duty of the same bindings is pending.
    pub again: Option<Again>,
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
    /// How strong it is.
    pub modal: Modal,
    /// Where `shall` or `shall not` stands.
    pub modal_span: Span,
    /// What it is about.
    pub deed: Deed,
    /// Where that stands.
    pub deed_span: Span,
    /// When.
    pub window: Option<Window>,
    /// To whom it is owed.
    pub claimant: Option<Members>,
    /// What excuses it.
    pub unless: Vec<Condition>,
    /// What discharges it.
    pub excused_by: Vec<Occurrence>,
    /// What else the sentence says.
    pub tails: Vec<Tail>,
    /// The names it binds; the first is the bearer's.
    pub bindings: Vec<Binding>,
}

impl Norm {
    /// Whether the act is forbidden rather than owed.
    pub fn forbids(&self) -> bool {
        self.modal == Modal::ShallNot
    }

    /// Whether it binds from the entry into force on, with no trigger.
    pub fn stands(&self) -> bool {
        matches!(self.trigger, Trigger::EntryIntoForce)
    }

    /// The act, where it is about one.
    pub fn act(&self) -> Option<&Act> {
        match &self.deed {
            Deed::Acts(acts) => acts.acts.first(),
            _ => None,
        }
    }
}

/// What a norm is about.
#[derive(Debug, Clone)]
pub enum Deed {
    /// An act, or one of several.
    Acts(Acts),
    /// A condition that shall be true at every instant.
    Keep(Condition),
    /// A condition that shall be true at some instant.
    Have(Condition),
    /// A decision.
    Decide(Decision),
    /// What becomes of other duties.
    Effect(Effect),
}

/// Acts, any of which will do.
#[derive(Debug, Clone)]
pub struct Acts {
    /// The acts.
    pub acts: Vec<Act>,
    /// How often, or how much.
    pub amount: Option<Amount>,
    /// Whether the bearer chooses if the act suffices.
    pub discretion: bool,
}

/// An act.
#[derive(Debug, Clone)]
pub struct Act {
    /// The event that it is.
    pub pattern: Pattern,
    /// What must hold of it.
    pub condition: Option<Condition>,
}

/// How often an act is owed, or how much of it.
#[derive(Debug, Clone)]
pub enum Amount {
    /// So many times.
    Times(Expr),
    /// So much in all, of that field of each act.
    Total(Expr, Vec<usize>),
}

/// A decision of a group.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What is decided on.
    pub on: Expr,
    /// The rule.
    pub rule: VotingRule,
    /// The rule judged at the close.
    pub fallback: Option<VotingRule>,
    /// How many members must vote at all.
    pub quorum: Option<u32>,
    /// Who may block it.
    pub veto: Vec<Members>,
}

/// A rule, and what a ballot is.
#[derive(Debug, Clone)]
pub struct VotingRule {
    /// How many must be in favour.
    pub majority: Majority,
    /// The event that is a ballot.
    pub ballots: Pattern,
    /// Of the votes cast rather than of the members.
    pub of_votes_cast: bool,
}

/// What becomes of an article, of its duties, or of the treaty.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The articles; none for the treaty itself.
    pub articles: Option<Vec<ArticleId>>,
    /// What becomes of them.
    pub kind: EffectKind,
    /// How much longer, of an extension.
    pub extension: Option<Duration>,
    /// For whom.
    pub bearers: Vec<Members>,
    /// Towards whom.
    pub claimants: Vec<Members>,
    /// On what.
    pub on: Vec<Expr>,
    /// How long.
    pub until: Option<Limit>,
    /// After how long.
    pub delay: Option<Duration>,
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
    /// Anything else that happens.
    Other(Occurrence, Span),
    /// The first such event for each value of the names that it binds.
    First(Pattern, Span),
    /// So many events in a moving window.
    Several {
        /// How many.
        count: u32,
        /// Of which.
        pattern: Pattern,
        /// In which time.
        within: Duration,
        /// The name given to the last of them.
        bind: Option<Slot>,
        /// From `when` on.
        span: Span,
    },
    /// The first instant at which a condition holds.
    Once {
        /// The condition.
        condition: Condition,
        /// What will do in its place.
        latest: Option<Occurrence>,
        /// The name given to that instant.
        bind: Option<Slot>,
        /// From `once` on.
        span: Span,
    },
    /// Instants a period apart.
    Every {
        /// The period.
        step: Duration,
        /// The first.
        from: Occurrence,
        /// The name given to each.
        bind: Option<Slot>,
        /// From `every` on.
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
    /// The group; a part of it must perform, or all where none is named.
    Part {
        /// Of whom.
        members: Members,
        /// Which part.
        portion: Option<Portion>,
    },
    /// The group, whose members' acts together suffice.
    Jointly(Members),
    /// Nobody: the text is passive, or the norm is an effect.
    Nobody,
}

/// When an act is in time.
#[derive(Debug, Clone)]
pub struct Window {
    /// The first instant, where it is not the trigger's.
    pub opens: Option<Limit>,
    /// The last instant of a duty, the first free one of a prohibition; none where it does not close.
    pub closes: Option<Limit>,
    /// Outside it a power is not there.
    pub only: bool,
    /// Whether it only says when, and nobody is in breach.
    pub target: bool,
    /// Whether it closes just before its end.
    pub exclusive: bool,
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
    /// So long after something that happens.
    AfterOccurrence(Duration, Occurrence),
    /// When something happens.
    On(Occurrence),
    /// So long before an instant that is known beforehand.
    Before(Duration, Occurrence),
    /// The end of that day, or its beginning, the day of the anchor being the first.
    Day {
        /// Which day.
        number: u32,
        /// Counted from what; from the trigger where nothing is named.
        anchor: Option<Expr>,
        /// Its beginning.
        begins: bool,
    },
    /// The earliest of them.
    Earliest(Vec<Limit>),
    /// The latest of them.
    Latest(Vec<Limit>),
}

/// What else a sentence says.
#[derive(Debug, Clone)]
pub enum Tail {
    /// Acts before these do not count.
    OnlyAfter(Vec<Occurrence>),
    /// So long after the due instant performance cures.
    Curable(Duration),
    /// Late performance does not count.
    LapsesOnBreach,
    /// It does not survive the bearer's withdrawal.
    LapsesOnExit,
    /// Its clock stands while this holds.
    SuspendedWhile(Condition),
    /// An act is spent on the duty due first.
    EachOnce,
    /// What was done before the trigger counts.
    Earlier,
    /// It defeats those.
    Notwithstanding(Vec<ArticleId>),
    /// Those prevail.
    SubjectTo(Vec<ArticleId>),
    /// How long a maintained condition may be false.
    Grace(Duration),
    /// What the exercise of a power brings about.
    Whereupon(Box<Effect>),
}
