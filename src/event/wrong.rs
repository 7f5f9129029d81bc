//! What is wrong with a line, while it has no place in a text yet.

use std::ops::Range;

use crate::finding::{Code, Finding};
use crate::source::{SourceId, Span};

/// Something, or what is wrong with the line: spans count from its beginning.
pub(super) type Trouble<T> = Result<T, Box<Finding>>;

/// A line that is set aside.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) line: usize,
    /// Where it begins in its block.
    pub(super) start: usize,
    /// What is wrong with it; none where there are more such lines than are told.
    pub(super) finding: Option<Finding>,
    /// Its identifier, if that much can be read.
    pub(super) id: Option<String>,
    /// Whether nothing can be read because of it.
    pub(super) fatal: bool,
}

/// A place in a line.
pub(super) fn at(range: Range<usize>) -> Span {
    Span { source: SourceId::default(), start: range.start, end: range.end }
}

/// All of a line.
pub(super) fn whole(line: &str) -> Span {
    at(0..line.trim_end().len())
}

/// Where a piece of a line stands in it, or the same words; all of it, where there are none.
pub(super) fn place(line: &str, piece: &str) -> Span {
    let start = (piece.as_ptr() as usize).wrapping_sub(line.as_ptr() as usize);
    if start.saturating_add(piece.len()) <= line.len() {
        return at(start..start + piece.len());
    }
    match line.find(piece).filter(|_| !piece.is_empty()) {
        Some(start) => at(start..start + piece.len()),
        None => whole(line),
    }
}

pub(super) fn truncated(offset: usize) -> Finding {
    Finding::error(Code::TruncatedLog, "the log ends in the middle of an event")
        .at(at(offset..offset + 1), "it breaks off here")
        .help("the file was cut short: fetch it again, or remove the last line")
}
