//! What the events of a pattern come to over a moving period: running sums, exact, as far as they can still be asked for.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

use crate::eval::Truth;
use crate::model::{EventId, Value};
use crate::semantics::Summary;
use crate::time::Instant;

/// The events of a pattern for some values of its names, in order of time.
///
/// Each knows what all of them up to it come to, so that a period is the difference of two.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Ring {
    entries: VecDeque<Entry>,
    /// What those come to that no period holds any more, and what all come to that have been let go.
    out: Summary,
    gone: Summary,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    at: Instant,
    event: EventId,
    sure: bool,
    /// What all up to and with this one come to.
    total: Summary,
}

impl Ring {
    pub(super) fn push(&mut self, at: Instant, event: EventId, truth: Truth, value: &Value) {
        let mut total = self.entries.back().map_or(self.gone, |last| last.total);
        total.add(event, truth, value);
        self.entries.push_back(Entry { at, event, sure: truth == Some(true), total });
    }

    /// Lets go of what happened before an instant: no period that will be asked for holds it.
    pub(super) fn leave_out(&mut self, before: Instant) {
        while let Some(total) = self.entries.front().filter(|first| first.at < before).map(|first| first.total) {
            self.entries.pop_front();
            (self.out, self.gone) = (total, total);
        }
    }

    /// Lets go of what happened from an instant on, which every period that will be asked for holds; `latest` keeps the
    /// last one that is surely meant.
    pub(super) fn sum_up(&mut self, from: Instant, latest: bool) {
        self.leave_out(from);
        while self.entries.len() > 1 && (!latest || self.entries.get(1).is_some_and(|next| next.sure)) {
            if let Some(first) = self.entries.pop_front() {
                self.gone = first.total;
            }
        }
    }

    /// What those from one instant up to another come to.
    pub(super) fn summary(&self, from: Instant, until: Instant) -> Summary {
        let first = self.entries.partition_point(|entry| entry.at < from);
        let last = self.entries.partition_point(|entry| entry.at < until);
        let before = |index: usize, none: Summary| {
            index.checked_sub(1).and_then(|index| self.entries.get(index)).map_or(none, |entry| entry.total)
        };
        let mut summary = before(last, self.gone).without(&before(first, self.out));
        let latest = self.entries.range(first..last.max(first)).rev().find(|entry| entry.sure);
        summary.latest = latest.map(|entry| entry.event);
        summary
    }

    /// The time of the first of which something holds, where it holds of all later ones.
    pub(super) fn first_since(&self, holds: impl Fn(Instant) -> bool) -> Option<Instant> {
        let first = self.entries.partition_point(|entry| !holds(entry.at));
        self.entries.get(first).map(|entry| entry.at)
    }

    /// The events that may still be asked for.
    pub(super) fn events(&self) -> impl Iterator<Item = EventId> {
        self.entries.iter().map(|entry| entry.event)
    }
}
