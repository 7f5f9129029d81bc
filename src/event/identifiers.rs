//! Which event has which identifier.

use std::hash::BuildHasher;

use serde::{Deserialize, Serialize};

use super::log::Piece;
use crate::arena::Map;
use crate::model::{EventId, KindId};

/// The events that others may refer to, by the identifiers that the log gives them and by their lines.
///
/// Events stay here when the log has forgotten them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Identifiers {
    texts: String,
    /// By the hash of the identifier; where two have the same, the later is under the next number that is free.
    named: Map<u64, Named>,
    /// Those without an identifier, by line.
    lines: Map<usize, Known>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Named {
    text: Piece,
    known: Known,
}

/// An event that has an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// None where it was set aside.
    pub(super) event: Option<EventId>,
    pub(super) kind: KindId,
    pub(super) line: usize,
    pub(super) start: usize,
}

impl Identifiers {
    /// Adds an event, or says which has the identifier already.
    pub(super) fn add(&mut self, id: Option<&str>, known: Known) -> Option<Known> {
        let Some(id) = id else {
            self.lines.insert(known.line, known);
            return None;
        };
        let place = self.place(id);
        if let Some(first) = self.named.get(&place) {
            return Some(first.known);
        }
        let text = Piece::push(&mut self.texts, id);
        self.named.insert(place, Named { text, known });
        None
    }

    /// Says of an event that was added which number it has; none where it is set aside.
    pub(super) fn settle(&mut self, id: Option<&str>, line: usize, event: Option<EventId>) {
        let known = match id {
            Some(id) => {
                let place = self.place(id);
                self.named.get_mut(&place).map(|named| &mut named.known)
            }
            None => self.lines.get_mut(&line),
        };
        // Of two that have one identifier the first is meant.
        if let Some(known) = known.filter(|known| known.line == line) {
            known.event = event;
        }
    }

    /// The event that an identifier means: the one that has it, or the one on the line after `#`.
    pub(super) fn find(&self, id: &str) -> Option<Known> {
        if let Some(named) = self.named.get(&self.place(id)) {
            return Some(named.known);
        }
        let line: usize = id.strip_prefix('#')?.parse().ok()?;
        self.lines.get(&line).copied()
    }

    /// Where an identifier stands, or would.
    fn place(&self, id: &str) -> u64 {
        let mut place = foldhash::fast::FixedState::default().hash_one(id);
        while self.named.get(&place).is_some_and(|named| named.text.of(&self.texts) != id) {
            place = place.wrapping_add(1);
        }
        place
    }
}
