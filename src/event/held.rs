//! Events that are held back, with the batches that they are in.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::batch::{Batch, Draft};
use crate::time::Instant;

/// An event that is held back: its batch and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) at: Instant,
    batch: usize,
    place: usize,
}

/// The batches that have events which are held back.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Batches {
    list: VecDeque<Batch>,
    /// The number of the first of them.
    first: usize,
    #[serde(skip)]
    spent: Vec<Batch>,
}

/// How many batches wait to be filled again.
const SPENT: usize = 4;

impl Batches {
    /// Adds a batch, and hands over its events.
    pub(super) fn push(&mut self, batch: Batch) -> impl Iterator<Item = Held> + use<> {
        let number = self.first + self.list.len();
        let times: Vec<Instant> = batch.read.events.iter().map(|draft| draft.at).collect();
        self.list.push_back(batch);
        times.into_iter().enumerate().map(move |(place, at)| Held { at, batch: number, place })
    }

    pub(super) fn of(&self, held: Held) -> Option<(&Batch, &Draft)> {
        let batch = self.list.get(held.batch.checked_sub(self.first)?)?;
        Some((batch, batch.read.events.get(held.place)?))
    }

    /// Lets go of the batches of which nothing is held back.
    pub(super) fn let_go(&mut self, held: &[Held]) {
        let first = held.iter().map(|held| held.batch).min().unwrap_or(self.first + self.list.len());
        while self.first < first {
            let gone = self.list.pop_front();
            if self.spent.len() < SPENT {
                self.spent.extend(gone);
            }
            self.first += 1;
        }
    }

    /// A batch that was let go.
    pub(super) fn spent(&mut self) -> Option<Batch> {
        self.spent.pop()
    }

    /// The text of the line that begins at a place of the log, if a batch has it still.
    pub(super) fn line_at(&self, start: usize) -> Option<&[u8]> {
        let batch = self.list.iter().find(|batch| batch.has(start))?;
        Some(batch.line(start - batch.block.start))
    }
}
