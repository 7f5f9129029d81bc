//! What a replay says of each duty: its status, and the evidence for it.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::arena::Map;
use crate::model::{ArticleId, EventId, MomentKind, PartyId, Value};
use crate::time::Instant;

/// Where a duty stands, as section 5 of the language defines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// It can still be performed in time, or a prohibition's window has not ended.
    Pending,
    /// Its clock stands still.
    Suspended,
    /// A prohibition without end has not been broken.
    Observed,
    /// It has no due date and has not been performed: it is never breached.
    Open,
    /// It was performed in its window; a prohibition's window ended unbroken; a decision was taken.
    Met,
    /// It was discharged.
    Excused,
    /// The treaty or the membership ended it; a permission was not used in its time; a decision that nobody had to take
    /// was not taken.
    Lapsed,
    /// A veto stopped the decision.
    Blocked,
    /// It was not performed in its window; a forbidden act was done.
    Breached,
    /// It was performed after its window.
    Late,
    /// It was performed after its window, and within its time for a cure.
    Cured,
    /// A power was used by somebody who has it not, or outside its time: nothing follows.
    InvalidExercise,
    /// A missing value or an uncertain time does not let it be told.
    Indeterminate,
}

impl Status {
    /// Every status, in the order in which summaries count them.
    pub const ALL: [Status; 13] = [
        Status::Met,
        Status::Late,
        Status::Cured,
        Status::Breached,
        Status::InvalidExercise,
        Status::Excused,
        Status::Lapsed,
        Status::Blocked,
        Status::Indeterminate,
        Status::Pending,
        Status::Suspended,
        Status::Observed,
        Status::Open,
    ];

    /// Its name, in reports of every format.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Suspended => "suspended",
            Status::Observed => "observed",
            Status::Open => "open",
            Status::Met => "met",
            Status::Excused => "excused",
            Status::Lapsed => "lapsed",
            Status::Blocked => "blocked",
            Status::Breached => "breached",
            Status::Late => "late",
            Status::Cured => "cured",
            Status::InvalidExercise => "invalid exercise",
            Status::Indeterminate => "indeterminate",
        }
    }

    /// Whether a promise was broken, even if the act came later.
    pub const fn is_breach(self) -> bool {
        matches!(self, Status::Breached | Status::Late | Status::Cured)
    }

    /// Whether somebody broke a promise, or used a power that they did not have.
    pub const fn is_wrong(self) -> bool {
        self.is_breach() || matches!(self, Status::InvalidExercise)
    }
}

/// What started an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// The treaty's entry into force.
    EntryIntoForce,
    /// An event.
    Event(EventId),
    /// The clock: a date, a term that has run out, the next of several ticks, a condition that has come true.
    Clock,
    /// The beginning or the end of a state.
    State {
        /// The event in which the chain began.
        cause: Option<EventId>,
    },
    /// A moment of another duty.
    Moment {
        /// The article.
        article: ArticleId,
        /// Which moment.
        kind: MomentKind,
        /// Whose.
        by: Vec<PartyId>,
        /// The event in which the chain began.
        cause: Option<EventId>,
    },
}

/// Who owes a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bearer {
    /// The parties: one, or a group's members; none where it cannot be told.
    pub parties: Vec<PartyId>,
    /// Whether they owe it as a group.
    pub group: bool,
    /// The group's name, where it is declared.
    pub name: Option<String>,
}

/// What became of one instance of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The article.
    pub article: ArticleId,
    /// Who owed it.
    pub bearer: Bearer,
    /// To whom.
    pub owed_to: Bearer,
    /// Where it stands.
    pub status: Status,
    /// What started it.
    pub trigger: Trigger,
    /// When it started.
    pub triggered_at: Instant,
    /// The first instant at which an act counts, where it is not the trigger's.
    pub opens: Option<Instant>,
    /// The last instant at which it can be performed in time; a prohibition's first free one.
    pub due: Option<Instant>,
    /// Until when it was meant to be performed, where its bearer may choose or it says no more than a target.
    pub target: Option<Instant>,
    /// When it came to its status: the act's time, the due instant that passed; of what was broken more than once, the
    /// first time. None while it is pending.
    pub at: Option<Instant>,
    /// Every time it was broken, in order.
    pub breaches: Vec<Breach>,
    /// What a decision came to.
    pub outcome: Option<Outcome>,
    /// The times in which its clock stood still.
    pub stops: Vec<Stop>,
    /// How much of what was owed had been reached when it was due, where it was too little.
    pub shortfall: Option<Shortfall>,
    /// How many values were absent in the sums on which it hung, and were left out of them.
    pub left_out: usize,
    /// Whether it was broken until an act was proven that had been done in time.
    pub revised: bool,
    /// The acts that decided it: the one that met, excused or was late; every one that broke a prohibition.
    pub acts: Vec<EventId>,
    /// Acts that came before the window opened, and did not count.
    pub premature: Vec<EventId>,
    /// The act or the missing value that does not let it be told.
    pub doubt: Option<Doubt>,
    /// The members of a group that performed.
    pub performed_by: Vec<PartyId>,
    /// Who is to blame for a breach.
    pub blamed: Vec<PartyId>,
    /// What the names of the article stood for.
    pub frame: Arc<[Value]>,
}

/// A breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// When the promise was broken.
    pub at: Instant,
    /// Who is to blame.
    pub by: Vec<PartyId>,
    /// The forbidden act.
    pub act: Option<EventId>,
    /// From when on a condition that was to be kept was false; the breach is when its grace ran out.
    pub since: Option<Instant>,
    /// When such a condition was true again.
    pub until: Option<Instant>,
}

/// What a decision came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// It was taken.
    Adopted,
    /// It can be taken no more, or was voted down.
    Rejected,
    /// A veto stopped it.
    Blocked,
    /// The window closed without a quorum or an outcome.
    Lapsed,
}

impl Outcome {
    /// Its name, in reports of every format.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Adopted => "adopted",
            Outcome::Rejected => "rejected",
            Outcome::Blocked => "blocked",
            Outcome::Lapsed => "lapsed",
        }
    }
}

/// A time in which a clock stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// From when on.
    pub from: Instant,
    /// When it ran on; none where it stands still.
    pub until: Option<Instant>,
}

/// What was reached of a total or a number of acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortfall {
    /// So much.
    pub reached: Decimal,
    /// Of so much.
    pub needed: Decimal,
}

/// Why a verdict cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    /// A value on which the trigger hangs is absent.
    Trigger,
    /// A value on which the bearer hangs is absent.
    Bearer,
    /// The instant from which the window counts is absent.
    Anchor,
    /// A value on which an excuse hangs is absent.
    Excuse,
    /// A value on which a condition hangs is absent.
    Condition,
    /// The time of this event is not known exactly enough.
    Time(EventId),
    /// A value of this event is absent, so that it may have been the act, or its excuse.
    Act(EventId),
}

/// How many verdicts there are of each status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally(Map<Status, usize>);

impl Tally {
    /// Counts verdicts.
    pub fn of<'v>(verdicts: impl IntoIterator<Item = &'v Verdict>) -> Tally {
        let mut tally = Tally::default();
        for verdict in verdicts {
            tally.add(verdict.status);
        }
        tally
    }

    /// Counts one more.
    pub fn add(&mut self, status: Status) {
        *self.0.entry(status).or_default() += 1;
    }

    /// Counts one less: it has come to another status.
    pub fn take(&mut self, status: Status) {
        if let Some(count) = self.0.get_mut(&status) {
            *count = count.saturating_sub(1);
        }
    }

    /// How many are of a status.
    pub fn count(&self, status: Status) -> usize {
        self.0.get(&status).copied().unwrap_or_default()
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// How many are breaches, those performed late included, or exercises of a power that was not there.
    pub fn wrongs(&self) -> usize {
        Status::ALL.into_iter().filter(|status| status.is_wrong()).map(|status| self.count(status)).sum()
    }
}
