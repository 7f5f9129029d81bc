//! A line of JSON, taken apart.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::cell::{Cell, Pair};
use super::wrong::{self, Trouble};
use crate::finding::{Code, Finding};

/// Takes the object on a line apart; `last` says that the log ends with it, without a line break.
pub(super) fn pairs<'a>(line: &'a str, last: bool, pairs: &mut Vec<Pair<'a>>) -> Trouble<()> {
    pairs.clear();
    let mut json = serde_json::Deserializer::from_str(line);
    let read = Pairs(pairs).deserialize(&mut json).and_then(|()| json.end());
    read.map_err(|error| Box::new(malformed(line, last, &error)))?;
    repeated(line, pairs)
}

fn malformed(line: &str, last: bool, error: &serde_json::Error) -> Finding {
    // serde_json counts bytes from 1, and names the line it read, which is always the first.
    let offset = error.column().saturating_sub(1).min(line.trim_end().len().saturating_sub(1));
    if error.is_eof() && last {
        return wrong::truncated(offset);
    }
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or("it is malformed").to_owned();
    Finding::error(Code::BadJson, format!("this line is not a JSON object: {reason}"))
        .at(wrong::at(offset..offset + 1), "here")
        .help("a log is JSON Lines: `{\"at\":\"2025-11-03T03:12:00Z\",\"kind\":\"attack\"}`, an object a line")
}

fn repeated(line: &str, pairs: &[Pair<'_>]) -> Trouble<()> {
    for (index, (key, cell)) in pairs.iter().enumerate() {
        if pairs.iter().take(index).any(|(earlier, _)| earlier == key) {
            return Err(Box::new(
                Finding::error(Code::BadJson, format!("`{key}` is given twice"))
                    .at(wrong::place(line, cell.raw), "again here")
                    .help("leave one of them out"),
            ));
        }
    }
    Ok(())
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
            self.0.push((key, Cell { raw: raw.get(), json: true }));
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
    let raw = super::cell::find(&pairs, key)?.raw;
    let start = (raw.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    Some(start..start + raw.len())
}
