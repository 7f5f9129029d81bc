//! What a replay says of each duty: its status, and the evidence for it.

use std::sync::Arc;

use crate::arena::Map;
use crate::model::{ArticleId, EventId, MomentKind, PartyId, Value};
use crate::time::Instant;

/// Where a duty stands, as section 5 of the language defines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It can still be performed in time, or a prohibition's window has not ended.
    Pending,
    /// A prohibition without end has not been broken.
    Observed,
    /// It has no due date and has not been performed: it is never breached.
    Open,
    /// It was performed in its window; a prohibition's window ended unbroken.
    Met,
    /// It was discharged.
    Excused,
    /// It was not performed in its window; a forbidden act was done.
    Breached,
    /// It was performed after its window.
    Late,
    /// A missing value does not let it be told.
    Indeterminate,
}

impl Status {
    /// Every status, in the order in which summaries count them.
    pub const ALL: [Status; 8] = [
        Status::Met,
        Status::Late,
        Status::Breached,
        Status::Excused,
        Status::Indeterminate,
        Status::Pending,
        Status::Observed,
        Status::Open,
    ];

    /// Its name, in reports of every format.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Observed => "observed",
            Status::Open => "open",
            Status::Met => "met",
            Status::Excused => "excused",
            Status::Breached => "breached",
            Status::Late => "late",
            Status::Indeterminate => "indeterminate",
        }
    }

    /// Whether a promise was broken, even if the act came later.
    pub const fn is_breach(self) -> bool {
        matches!(self, Status::Breached | Status::Late)
    }
}

/// What started an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// The treaty's entry into force.
    EntryIntoForce,
    /// An event.
    Event(EventId),
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The parties: one, or a group's members; none where it cannot be told.
    pub parties: Vec<PartyId>,
    /// Whether they owe it as a group.
    pub group: bool,
    /// The group's name, where it is declared.
    pub name: Option<String>,
}

/// What became of one instance of a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Why a verdict cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// A value on which the trigger hangs is absent.
    Trigger,
    /// A value on which the bearer hangs is absent.
    Bearer,
    /// The instant from which the window counts is absent.
    Anchor,
    /// A value on which an excuse hangs is absent.
    Excuse,
    /// A value of this event is absent, so that it may have been the act, or its excuse.
    Act(EventId),
}

/// How many verdicts there are of each status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

    /// How many are of a status.
    pub fn count(&self, status: Status) -> usize {
        self.0.get(&status).copied().unwrap_or_default()
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// How many are breaches, those performed late included.
    pub fn breaches(&self) -> usize {
        Status::ALL.into_iter().filter(|status| status.is_breach()).map(|status| self.count(status)).sum()
    }
}
