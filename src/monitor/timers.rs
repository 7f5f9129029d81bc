//! What the clock brings about by itself, in the order in which it does.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::InstanceId;
use crate::model::{ArticleId, TreatyId};
use crate::time::Instant;

/// Something that happens when the clock comes to an instant, or passes it.
///
/// The order of the variants is the order of the language: what has ended, what opens, and, once the clock has passed,
/// what was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// The prohibition ends: at this instant it binds no more.
    End(InstanceId),
    /// The treaty enters into force.
    Entry(TreatyId),
    /// The duty was due: it could still be performed at this instant, and cannot after it.
    Due(InstanceId),
}

/// A timer and its instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) at: Instant,
    pub(super) what: Timer,
    article: Option<ArticleId>,
}

impl Set {
    fn key(&self) -> (Instant, u8, Option<ArticleId>, Timer) {
        let class = match self.what {
            Timer::End(_) => 0,
            Timer::Entry(_) => 1,
            Timer::Due(_) => 2,
        };
        (self.at, class, self.article, self.what)
    }
}

impl Ord for Set {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Set {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The timers that are set.
#[derive(Debug, Default)]
pub(super) struct Timers(BinaryHeap<Reverse<Set>>);

impl Timers {
    pub(super) fn set(&mut self, at: Instant, what: Timer, article: Option<ArticleId>) {
        if at != Instant::NEVER {
            self.0.push(Reverse(Set { at, what, article }));
        }
    }

    /// The next timer that goes off before the events of an instant; duties due at it are not among them.
    pub(super) fn next_before(&mut self, instant: Instant) -> Option<Set> {
        let Reverse(first) = self.0.peek()?;
        let in_time = first.at < instant || (first.at == instant && !matches!(first.what, Timer::Due(_)));
        in_time.then(|| self.0.pop().map(|Reverse(set)| set)).flatten()
    }
}
