//! Log text to typed events.
//!
//! A log is JSON Lines, an object a line, or CSV, a row a line under a header, with `at`, `kind`, perhaps `id` and
//! `reported`, and the fields that the kind declares. Nothing here opens a file: bytes in, events out.
//!
//! [`read`] reads a log that is there as a whole, and puts it in order. One of any length is read piece by piece: a
//! [`Cutter`] cuts its bytes into blocks of whole lines, a [`Parser`] makes batches of events of them, in as many threads
//! as there are, and a [`Reader`] adds the batches, one after the other, to a [`Log`].

mod batch;
mod cell;
mod compose;
mod csv;
mod cutter;
mod field;
mod held;
mod identifiers;
mod json;
mod log;
mod notes;
mod parser;
mod reader;
mod refers;
mod store;
mod wrong;

pub use batch::Batch;
pub use compose::{Composed, compose};
pub use cutter::{Block, Cutter};
pub(crate) use json::value_range;
pub use log::{Event, Held, Log, Record};
pub use parser::Parser;
pub use reader::Reader;
pub use store::{Events, Iter};

use crate::finding::Finding;
use crate::model::{KindId, Program};
use crate::source::SourceId;

/// How many problems of one log are told in full.
const MAX_REPORTED: usize = 20;
/// The longest line that is read, in bytes.
const MAX_LINE: usize = 16 << 20;
/// How much of a log that is there as a whole is read at a time, in bytes.
const BLOCK: usize = 1 << 20;

/// What to make of lines that are not as they should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Report a wrong line as a warning, set it aside and go on.
    pub keep_going: bool,
    /// Set events of undeclared kinds aside, and say nothing of them but their number.
    pub ignore_unknown: bool,
    /// Make fields that the event does not declare an error.
    pub strict: bool,
    /// Let a log be empty: the replay has an end of its own, up to which nothing happened.
    pub may_be_empty: bool,
    /// The kind of the events that name none.
    pub kind: Option<KindId>,
    /// By how much an event may be earlier than one on a line before, in microseconds; [`read`] sorts whatever comes.
    pub lateness: i64,
}

/// Reads a log by the kinds that a program declares.
///
/// The log is fit to be replayed where no finding is an error.
pub fn read(program: &Program, source: SourceId, bytes: &[u8], options: Options) -> (Log, Vec<Finding>) {
    let (parser, mut cutter) = (Parser::new(program, options), Cutter::default());
    let (mut reader, mut log) = (Reader::whole(program, options, source, bytes), Log::new(program));
    let mut rest = bytes;
    loop {
        let (piece, after) = rest.split_at(rest.len().min(BLOCK));
        rest = after;
        let mut buffer = cutter.buffer();
        buffer.extend_from_slice(piece);
        if let Some(block) = cutter.cut(buffer, rest.is_empty()) {
            let mut batch = Batch::default();
            parser.parse(block, &mut batch);
            reader.add(batch, &mut log);
        }
        if rest.is_empty() {
            break;
        }
    }
    log.size = bytes.len();
    let findings = reader.finish_whole(&mut log);
    (log, findings)
}
