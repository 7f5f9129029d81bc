//! Values, read by the type of their field.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::cell::Cell;
use super::parser::Reading;
use super::wrong::{self, Trouble as Read};
use crate::arena::Map;
use crate::finding::{Code, Finding, suggestion};
use crate::model::{Field, Sym, Type, Value, instant_finding};
use crate::time::{Date, Instant};

/// An instant, as advice shows it.
const INSTANT: &str = "an instant such as `2025-11-03T03:12:00Z`";
/// How long a date is, in bytes.
const DATE: usize = 10;

impl Reading<'_, '_> {
    /// The value of a field. References to events stay texts until the events have their order.
    pub(super) fn value(&mut self, field: &Field, cell: Cell<'_>) -> Read<Value> {
        let Type::List(inner) = &field.kind else {
            return self.one(&field.kind, field.scale, cell);
        };
        if !cell.json {
            let parts = cell.raw.split(';').map(str::trim).filter(|part| !part.is_empty());
            let values: Read<Vec<_>> =
                parts.map(|raw| self.one(inner, field.scale, Cell { raw, json: false })).collect();
            return Ok(Value::List(values?.into()));
        }
        if !cell.raw.starts_with('[') {
            return Ok(Value::List([self.one(inner, field.scale, cell)?].into()));
        }
        let list: Vec<&RawValue> = serde_json::from_str(cell.raw).map_err(|_| Box::new(self.wrong(cell, "a list")))?;
        let values: Read<Vec<_>> =
            list.iter().map(|raw| self.one(inner, field.scale, Cell { raw: raw.get(), json: true })).collect();
        Ok(Value::List(values?.into()))
    }

    fn one(&mut self, kind: &Type, scale: Option<Decimal>, cell: Cell<'_>) -> Read<Value> {
        match kind {
            Type::Party => {
                self.spelled(cell, &self.parser.program.party_spellings, Code::UnknownParty, "party").map(Value::Party)
            }
            Type::Place => {
                self.spelled(cell, &self.parser.program.place_spellings, Code::UnknownPlace, "place").map(Value::Place)
            }
            Type::Text | Type::Event(_) => self.text(cell).map(Value::Text),
            Type::Number | Type::Quantity(_) => self.number(cell, scale),
            Type::Boolean => match cell.raw {
                "true" => Ok(Value::Truth(true)),
                "false" => Ok(Value::Truth(false)),
                _ => Err(Box::new(self.wrong(cell, "`true` or `false`"))),
            },
            Type::Instant => self.instant(cell).map(Value::Instant),
            Type::Date => {
                let date = cell.text().and_then(|text| text.parse::<Date>().ok());
                date.map(Value::Date).ok_or_else(|| Box::new(self.wrong(cell, "a date such as `2025-10-01`")))
            }
            Type::Duration => {
                let span = cell.text().and_then(|text| text.parse::<jiff::SignedDuration>().ok());
                let micros = span.and_then(|span| i64::try_from(span.as_micros()).ok());
                micros.map(Value::Duration).ok_or_else(|| Box::new(self.wrong(cell, "a duration such as `PT36H`")))
            }
            Type::Enumeration(words) => self.word(words, cell),
            Type::List(_) | Type::Moment(..) | Type::Tick | Type::Either(_) => {
                Err(Box::new(self.wrong(cell, "one value")))
            }
        }
    }

    /// What a spelling means.
    fn spelled<T: Copy>(&self, cell: Cell<'_>, spellings: &Map<String, T>, code: Code, what: &str) -> Read<T> {
        let text = cell.text().ok_or_else(|| Box::new(self.wrong(cell, "a text")))?;
        spellings.get(text.as_ref()).copied().ok_or_else(|| {
            let near = suggestion(&text, spellings.keys().map(String::as_str));
            let help =
                near.unwrap_or_else(|| format!("declare it, or add the spelling: `{what} Name also \"{text}\"`"));
            Box::new(
                Finding::error(code, format!("no {what} is spelled `{text}`"))
                    .at(wrong::place(self.line, cell.raw), "not declared")
                    .help(help),
            )
        })
    }

    /// A text; a number stands for its digits, as identifiers in foreign logs are often numbers.
    pub(super) fn text(&mut self, cell: Cell<'_>) -> Read<Sym> {
        match text_of(cell) {
            Some(text) => Ok(self.piece(&text)),
            None => Err(Box::new(self.wrong(cell, "a text"))),
        }
    }

    /// A number, or a text of one; exact, whatever its form.
    fn number(&self, cell: Cell<'_>, scale: Option<Decimal>) -> Read<Value> {
        let text = cell.text();
        let digits = text.as_deref().unwrap_or(cell.raw);
        let number = Decimal::from_str_exact(digits).or_else(|_| Decimal::from_scientific(digits)).ok();
        let number = number.and_then(|number| match scale {
            Some(scale) => number.checked_mul(scale),
            None => Some(number),
        });
        number.map(Value::Number).ok_or_else(|| Box::new(self.wrong(cell, "a number of at most 28 digits")))
    }

    fn word(&self, words: &[Sym], cell: Cell<'_>) -> Read<Value> {
        let text = cell.text().ok_or_else(|| Box::new(self.wrong(cell, "a text")))?;
        if let Some(word) = self.parser.program.symbols.find(&text).filter(|word| words.contains(word)) {
            return Ok(Value::Word(word));
        }
        let words: Vec<_> = words.iter().map(|word| self.parser.program.symbols.text(*word)).collect();
        let help = suggestion(&text, words.iter().copied())
            .unwrap_or_else(|| format!("the values are `{}`", words.join("`, `")));
        Err(Box::new(
            Finding::error(Code::NotAnOption, format!("`{text}` is not one of the values declared"))
                .at(wrong::place(self.line, cell.raw), "no such value")
                .help(help),
        ))
    }

    /// When something happened: an instant, twice, or where that is not known exactly the beginning and the end of the time
    /// in which it was, a day or an interval as ISO 8601 writes it.
    pub(super) fn time(&self, cell: Cell<'_>) -> Read<(Instant, Instant)> {
        let text = cell.text().ok_or_else(|| Box::new(self.wrong(cell, INSTANT)))?;
        if let Some(at) = Instant::quick(&text) {
            return Ok((at, at));
        }
        let Some((first, last)) = text.split_once('/') else {
            return self.day_or_instant(cell, &text);
        };
        let ((first, _), (begins, last)) = (self.day_or_instant(cell, first)?, self.day_or_instant(cell, last)?);
        if begins < first {
            return Err(Box::new(
                Finding::error(Code::BadInstant, format!("the interval `{text}` ends before it begins"))
                    .at(wrong::place(self.line, cell.raw), "here")
                    .help("write the earlier time first"),
            ));
        }
        Ok((first, last))
    }

    fn day_or_instant(&self, cell: Cell<'_>, text: &str) -> Read<(Instant, Instant)> {
        let date = if text.len() == DATE { text.parse::<Date>().ok() } else { None };
        match date {
            Some(date) if !self.parser.zones_differ => {
                Ok((self.parser.zone.start_of(date), self.parser.zone.end_of(date)))
            }
            _ => self.instant_of(cell, text).map(|at| (at, at)),
        }
    }

    /// An instant; one without an offset is read in the zone of the treaties.
    pub(super) fn instant(&self, cell: Cell<'_>) -> Read<Instant> {
        let text = cell.text().ok_or_else(|| Box::new(self.wrong(cell, INSTANT)))?;
        self.instant_of(cell, &text)
    }

    fn instant_of(&self, cell: Cell<'_>, text: &str) -> Read<Instant> {
        if self.parser.zones_differ && is_local(text) {
            return Err(Box::new(
                Finding::error(
                    Code::BadInstant,
                    format!("`{text}` has no offset, and the treaties have different zones"),
                )
                .at(wrong::place(self.line, cell.raw), "which zone is not said")
                .help("write the offset from UTC: `2025-11-03T03:12:00+02:00`"),
            ));
        }
        let parsed = Instant::parse(text, &self.parser.zone);
        let instant =
            parsed.map_err(|error| Box::new(instant_finding(&error).at(wrong::place(self.line, cell.raw), "here")))?;
        if instant == Instant::NEVER {
            return Err(Box::new(
                Finding::error(Code::BadInstant, format!("`{text}` is past the last instant that can be told"))
                    .at(wrong::place(self.line, cell.raw), "never")
                    .help("leave out what has not happened"),
            ));
        }
        Ok(instant)
    }

    /// The finding for a value of the wrong sort.
    fn wrong(&self, cell: Cell<'_>, wanted: &str) -> Finding {
        wrong(self.line, cell, wanted)
    }
}

/// The finding for a value of the wrong sort.
pub(super) fn wrong(line: &str, cell: Cell<'_>, wanted: &str) -> Finding {
    let shown: String = cell.raw.chars().take(40).collect();
    let more = if shown.len() < cell.raw.len() { "…" } else { "" };
    Finding::error(Code::BadValue, format!("expected {wanted}, found `{shown}{more}`"))
        .at(wrong::place(line, cell.raw), "this value")
        .help(format!("write {wanted}, or declare the field with the type that the log has"))
}

/// The text of a cell; of a number its digits.
pub(super) fn text_of(cell: Cell<'_>) -> Option<Cow<'_, str>> {
    let number = || cell.raw.starts_with(|sign: char| sign == '-' || sign.is_ascii_digit());
    cell.text().or_else(|| number().then_some(Cow::Borrowed(cell.raw)))
}

/// Whether an instant is written without an offset.
fn is_local(text: &str) -> bool {
    let time = text.split_once(['T', 't', ' ']).map_or("", |(_, time)| time);
    !time.contains(['Z', 'z', '+', '-'])
}
