//! Texts under examination, and places in them.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// Identifies one text in a [`Sources`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(u32);

impl SourceId {
    /// The first text, which also stands for one that is not known yet.
    pub(crate) const FIRST: SourceId = SourceId(0);
}

/// A range of bytes in one text, `start` included and `end` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just after the last byte.
    pub end: usize,
}

impl Span {
    /// Whether another span lies in this one.
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both; `other` lies in the same text.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A line and column, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// One text: a clause file or a log, or some lines of one.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    bytes: Vec<u8>,
    /// The number of its first line.
    first_line: usize,
    line_starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// The name that reports print: a path, or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The content.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The number of the line, from 1, in which `offset` lies.
    pub fn line_of(&self, offset: usize) -> usize {
        self.first_line - 1 + self.line_starts().partition_point(|&start| start <= offset)
    }

    /// The range of bytes of a line counted from 1, without its line break; empty past the end.
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let line = line.saturating_sub(self.first_line - 1);
        let starts = self.line_starts();
        let Some(&start) = line.checked_sub(1).and_then(|index| starts.get(index)) else {
            return self.bytes.len()..self.bytes.len();
        };
        let mut end = starts.get(line).map_or(self.bytes.len(), |&next| next - 1);
        if end > start && self.bytes.get(end - 1) == Some(&b'\r') {
            end -= 1;
        }
        start..end.max(start)
    }

    /// The line and column of `offset`.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.line_range(line).start;
        let before = self.bytes.get(start..offset).unwrap_or_default();
        Position { line, column: String::from_utf8_lossy(before).chars().count() + 1 }
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', &self.bytes).map(|at| at + 1)).collect()
        })
    }
}

/// Every text of one run, in the order they were added.
#[derive(Debug, Default, Clone)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// Adds a text under the name that reports will print.
    pub fn add(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Source { name: name.into(), bytes: bytes.into(), first_line: 1, line_starts: OnceLock::new() });
        id
    }

    /// Adds some lines of a text that is not held as a whole: the number of the first, from 1, and their bytes, in which
    /// spans count from 0.
    pub fn add_lines(&mut self, name: impl Into<String>, first_line: usize, bytes: impl Into<Vec<u8>>) -> SourceId {
        let id = self.add(name, bytes);
        if let Some(source) = self.list.last_mut() {
            source.first_line = first_line.max(1);
        }
        id
    }

    /// The text of an identifier that this collection gave out.
    #[expect(clippy::indexing_slicing, reason = "identifiers come from `add` alone")]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.list[id.0 as usize]
    }

    /// All texts, in the order they were added.
    pub fn texts(&self) -> std::slice::Iter<'_, Source> {
        self.list.iter()
    }

    /// The names of all texts, in the order they were added.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(Source::name)
    }

    /// The words that a span covers; what is not UTF-8 is replaced.
    pub fn text(&self, span: Span) -> std::borrow::Cow<'_, str> {
        let bytes = self.get(span.source).bytes();
        String::from_utf8_lossy(bytes.get(span.start..span.end).unwrap_or_default())
    }
}
