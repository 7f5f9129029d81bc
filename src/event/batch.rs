//! What a block of lines holds.

use serde::{Deserialize, Serialize};

use super::MAX_REPORTED;
use super::cutter::Block;
use super::wrong::Wrong;
use crate::finding::Finding;
use crate::model::{KindId, Sym, Value};
use crate::time::Instant;

/// Typed events of a block of lines, whose texts and references are still words.
///
/// A batch may be filled again and again, and keeps its room.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Batch {
    pub(super) block: Block,
    pub(super) read: Read,
}

/// What was read in a block.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Read {
    pub(super) events: Vec<Draft>,
    /// Their fields, in order; a [`Value::Text`] is the place of a piece rather than a symbol.
    pub(super) values: Vec<Value>,
    pieces: Vec<Piece>,
    /// The texts that do not stand in the block as they are.
    other: String,
    /// They are told as soon as the batch is added.
    #[serde(skip)]
    pub(super) wrong: Vec<Wrong>,
    /// How many lines are of no declared kind.
    pub(super) undeclared: usize,
}

/// An event as it was read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) kind: KindId,
    pub(super) at: Instant,
    pub(super) latest: Instant,
    pub(super) reported: Instant,
    pub(super) id: Option<Sym>,
    pub(super) line: usize,
    /// Where its line begins in the block.
    pub(super) start: usize,
    pub(super) first_value: usize,
    pub(super) fields: usize,
}

/// A text in the block or, past its end, among the others.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Piece {
    start: usize,
    length: usize,
}

impl Read {
    pub(super) fn clear(&mut self) {
        self.events.clear();
        self.values.clear();
        self.pieces.clear();
        self.other.clear();
        self.wrong.clear();
        self.undeclared = 0;
    }

    /// Keeps a text, which may stand in a block.
    pub(super) fn piece(&mut self, block: &[u8], text: &str) -> Sym {
        let mut start = (text.as_ptr() as usize).wrapping_sub(block.as_ptr() as usize);
        if start.saturating_add(text.len()) > block.len() {
            start = block.len() + self.other.len();
            self.other.push_str(text);
        }
        self.pieces.push(Piece { start, length: text.len() });
        crate::arena::Id::from_index(self.pieces.len() - 1)
    }

    pub(super) fn set_aside(&mut self, line: usize, start: usize, finding: Finding, id: Option<String>, fatal: bool) {
        let told = self.wrong.len() < MAX_REPORTED;
        self.wrong.push(Wrong { line, start, finding: told.then_some(finding), id, fatal });
    }
}

impl Batch {
    /// How many bytes of the log it was read from.
    pub fn size(&self) -> usize {
        self.block.bytes.len()
    }

    /// A text of its events.
    pub(super) fn text(&self, place: Sym) -> &str {
        let Some(piece) = self.read.pieces.get(crate::arena::Id::index(place)) else { return "" };
        match piece.start.checked_sub(self.block.bytes.len()) {
            Some(start) => self.read.other.get(start..start + piece.length).unwrap_or_default(),
            None => {
                let bytes = self.block.bytes.get(piece.start..piece.start + piece.length).unwrap_or_default();
                std::str::from_utf8(bytes).unwrap_or_default()
            }
        }
    }

    /// Whether a place of the log lies in it.
    pub(super) fn has(&self, place: usize) -> bool {
        (self.block.start..self.block.start + self.block.bytes.len()).contains(&place)
    }

    /// The line that begins at a place of the block, without its break.
    pub(super) fn line(&self, start: usize) -> &[u8] {
        super::notes::first_line(self.block.bytes.get(start..).unwrap_or_default())
    }
}
