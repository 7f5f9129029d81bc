//! What a column of a line holds, in JSON or in CSV.

use std::borrow::Cow;

/// The name of a column and what it holds.
pub(super) type Pair<'a> = (Cow<'a, str>, Cell<'a>);

/// What a column holds, as it stands in a log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) raw: &'a str,
    /// Whether it is JSON; a cell of CSV is a text.
    pub(super) json: bool,
}

impl<'a> Cell<'a> {
    /// The text; none of JSON that is no string.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        if !self.json {
            return Some(Cow::Borrowed(self.raw));
        }
        let inner = self.raw.strip_prefix('"')?.strip_suffix('"')?;
        if inner.as_bytes().contains(&b'\\') {
            return serde_json::from_str::<String>(self.raw).ok().map(Cow::Owned);
        }
        Some(Cow::Borrowed(inner))
    }
}

/// What a column holds, if it is there and not `null`.
pub(super) fn find<'a>(pairs: &[Pair<'a>], column: &str) -> Option<Cell<'a>> {
    let (_, cell) = pairs.iter().find(|(found, _)| found == column)?;
    (!cell.json || cell.raw != "null").then_some(*cell)
}
