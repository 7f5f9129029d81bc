//! A line of JSON, taken apart.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Line, MAX_LINE, Reader};
use crate::finding::{Code, Finding};
use crate::model::invalid_utf8;
use crate::source::Span;

/// A key and the text of its value, as it stands.
pub(super) type Pair<'a> = (Cow<'a, str>, &'a str);

/// Takes the object on a line apart.
pub(super) fn pairs<'a>(reader: &Reader<'a>, line: &Line<'a>, pairs: &mut Vec<Pair<'a>>) -> Result<(), Box<Finding>> {
    pairs.clear();
    if line.bytes.len() > MAX_LINE {
        let span = at(reader, line, 0);
        let text = format!("this line is {} MB long", line.bytes.len() >> 20);
        return Err(Box::new(
            Finding::error(Code::LineTooLong, text)
                .at(span, format!("lines longer than {} MB are not read", MAX_LINE >> 20))
                .help("a log is JSON Lines: one event a line"),
        ));
    }
    let text = std::str::from_utf8(line.bytes).map_err(|error| {
        let span = at(reader, line, error.valid_up_to());
        // In the middle of a letter at the very end of the log.
        let cut = error.error_len().is_none() && line.last;
        Box::new(if cut { truncated(span) } else { invalid_utf8(span) })
    })?;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Pairs(pairs).deserialize(&mut json).and_then(|()| json.end());
    read.map_err(|error| Box::new(malformed(reader, line, text, &error)))?;
    repeated(reader, pairs)
}

fn truncated(span: Span) -> Finding {
    Finding::error(Code::TruncatedLog, "the log ends in the middle of an event")
        .at(span, "it breaks off here")
        .help("the file was cut short: fetch it again, or remove the last line")
}

fn malformed(reader: &Reader<'_>, line: &Line<'_>, text: &str, error: &serde_json::Error) -> Finding {
    // serde_json counts bytes from 1, and names the line it read, which is always the first.
    let offset = error.column().saturating_sub(1).min(text.trim_end().len().saturating_sub(1));
    let span = at(reader, line, offset);
    if error.is_eof() && line.last {
        return truncated(span);
    }
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or("it is malformed").to_owned();
    Finding::error(Code::BadJson, format!("this line is not a JSON object: {reason}"))
        .at(span, "here")
        .help("a log is JSON Lines: `{\"at\":\"2025-11-03T03:12:00Z\",\"kind\":\"attack\"}`, an object a line")
}

fn repeated(reader: &Reader<'_>, pairs: &[Pair<'_>]) -> Result<(), Box<Finding>> {
    for (index, (key, raw)) in pairs.iter().enumerate() {
        if pairs.iter().take(index).any(|(earlier, _)| earlier == key) {
            return Err(Box::new(
                Finding::error(Code::BadJson, format!("`{key}` is given twice"))
                    .at(reader.place(raw), "again here")
                    .help("leave one of them out"),
            ));
        }
    }
    Ok(())
}

fn at(reader: &Reader<'_>, line: &Line<'_>, offset: usize) -> Span {
    let start = line.start + offset;
    Span { source: reader.source, start, end: start + 1 }
}

/// The value of a key, if it is there and not `null`.
pub(super) fn find<'a>(pairs: &[Pair<'a>], key: &str) -> Option<&'a str> {
    let (_, raw) = pairs.iter().find(|(found, _)| found == key)?;
    (*raw != "null").then_some(raw)
}

/// The content of a JSON string; none of any other value.
pub(super) fn text_of(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str::<String>(raw).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

struct Pairs<'p, 'a>(&'p mut Vec<Pair<'a>>);

impl<'a> DeserializeSeed<'a> for Pairs<'_, 'a> {
    type Value = ();
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Pairs<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            let raw: &'a RawValue = map.next_value()?;
            self.0.push((key, raw.get()));
        }
        Ok(())
    }
}

/// A key, borrowed where it holds no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Where the value of a key stands in a line.
pub(crate) fn value_range(line: &str, key: &str) -> Option<std::ops::Range<usize>> {
    let mut pairs = Vec::new();
    Pairs(&mut pairs).deserialize(&mut serde_json::Deserializer::from_str(line)).ok()?;
    let raw = find(&pairs, key)?;
    let start = (raw.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    Some(start..start + raw.len())
}
