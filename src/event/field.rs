//! Values, read by the type of their field.

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::Reader;
use super::line::text_of;
use crate::arena::Map;
use crate::finding::{Code, Finding, suggestion};
use crate::model::{Field, Sym, Type, Value, instant_finding};
use crate::time::{Date, Instant};

/// An instant, as advice shows it.
const INSTANT: &str = "an instant such as `2025-11-03T03:12:00Z`";
/// How long a date is, in bytes.
const DATE: usize = 10;

type Read<T> = Result<T, Box<Finding>>;

impl Reader<'_> {
    /// The value of a field. References to events stay texts until every event is read.
    pub(super) fn value(&mut self, field: &Field, raw: &str) -> Read<Value> {
        let Type::List(inner) = &field.kind else {
            return self.one(&field.kind, field.scale, raw);
        };
        if !raw.starts_with('[') {
            return Ok(Value::List([self.one(inner, field.scale, raw)?].into()));
        }
        let list: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| Box::new(self.wrong(raw, "a list")))?;
        let values: Read<Vec<_>> = list.iter().map(|raw| self.one(inner, field.scale, raw.get())).collect();
        Ok(Value::List(values?.into()))
    }

    fn one(&mut self, kind: &Type, scale: Option<Decimal>, raw: &str) -> Read<Value> {
        match kind {
            Type::Party => {
                self.spelled(raw, &self.program.party_spellings, Code::UnknownParty, "party").map(Value::Party)
            }
            Type::Place => {
                self.spelled(raw, &self.program.place_spellings, Code::UnknownPlace, "place").map(Value::Place)
            }
            Type::Text | Type::Event(_) => self.text(raw).map(Value::Text),
            Type::Number | Type::Quantity(_) => self.number(raw, scale),
            Type::Boolean => match raw {
                "true" => Ok(Value::Truth(true)),
                "false" => Ok(Value::Truth(false)),
                _ => Err(Box::new(self.wrong(raw, "`true` or `false`"))),
            },
            Type::Instant => self.instant(raw).map(Value::Instant),
            Type::Date => {
                let date = text_of(raw).and_then(|text| text.parse::<Date>().ok());
                date.map(Value::Date).ok_or_else(|| Box::new(self.wrong(raw, "a date such as `2025-10-01`")))
            }
            Type::Duration => {
                let span = text_of(raw).and_then(|text| text.parse::<jiff::SignedDuration>().ok());
                let micros = span.and_then(|span| i64::try_from(span.as_micros()).ok());
                micros.map(Value::Duration).ok_or_else(|| Box::new(self.wrong(raw, "a duration such as `PT36H`")))
            }
            Type::Enumeration(words) => self.word(words, raw),
            Type::List(_) | Type::Moment(..) | Type::Tick | Type::Either(_) => {
                Err(Box::new(self.wrong(raw, "one value")))
            }
        }
    }

    /// What a spelling means.
    fn spelled<T: Copy>(&self, raw: &str, spellings: &Map<String, T>, code: Code, what: &str) -> Read<T> {
        let text = text_of(raw).ok_or_else(|| Box::new(self.wrong(raw, "a text")))?;
        spellings.get(text.as_ref()).copied().ok_or_else(|| {
            let near = suggestion(&text, spellings.keys().map(String::as_str));
            let help =
                near.unwrap_or_else(|| format!("declare it, or add the spelling: `{what} Name also \"{text}\"`"));
            Box::new(
                Finding::error(code, format!("no {what} is spelled `{text}`"))
                    .at(self.place(raw), "not declared")
                    .help(help),
            )
        })
    }

    /// A text; a number stands for its digits, as identifiers in foreign logs are often numbers.
    pub(super) fn text(&mut self, raw: &str) -> Read<Sym> {
        if let Some(text) = text_of(raw) {
            return Ok(self.log.symbols.intern(&text));
        }
        if raw.starts_with(|sign: char| sign == '-' || sign.is_ascii_digit()) {
            return Ok(self.log.symbols.intern(raw));
        }
        Err(Box::new(self.wrong(raw, "a text")))
    }

    /// A number, or a text of one; exact, whatever its form.
    fn number(&self, raw: &str, scale: Option<Decimal>) -> Read<Value> {
        let text = text_of(raw);
        let digits = text.as_deref().unwrap_or(raw);
        let number = Decimal::from_str_exact(digits).or_else(|_| Decimal::from_scientific(digits)).ok();
        let number = number.and_then(|number| match scale {
            Some(scale) => number.checked_mul(scale),
            None => Some(number),
        });
        number.map(Value::Number).ok_or_else(|| Box::new(self.wrong(raw, "a number of at most 28 digits")))
    }

    fn word(&mut self, words: &[Sym], raw: &str) -> Read<Value> {
        let text = text_of(raw).ok_or_else(|| Box::new(self.wrong(raw, "a text")))?;
        if let Some(word) = self.log.symbols.find(&text).filter(|word| words.contains(word)) {
            return Ok(Value::Word(word));
        }
        let words: Vec<_> = words.iter().map(|word| self.log.symbols.text(*word)).collect();
        let help = suggestion(&text, words.iter().copied())
            .unwrap_or_else(|| format!("the values are `{}`", words.join("`, `")));
        Err(Box::new(
            Finding::error(Code::NotAnOption, format!("`{text}` is not one of the values declared"))
                .at(self.place(raw), "no such value")
                .help(help),
        ))
    }

    /// When something happened: an instant, twice, or where that is not known exactly the beginning and the end of the time
    /// in which it was, a day or an interval as ISO 8601 writes it.
    pub(super) fn time(&self, raw: &str) -> Read<(Instant, Instant)> {
        let text = text_of(raw).ok_or_else(|| Box::new(self.wrong(raw, INSTANT)))?;
        let Some((first, last)) = text.split_once('/') else {
            return self.day_or_instant(raw, &text);
        };
        let ((first, _), (begins, last)) = (self.day_or_instant(raw, first)?, self.day_or_instant(raw, last)?);
        if begins < first {
            return Err(Box::new(
                Finding::error(Code::BadInstant, format!("the interval `{text}` ends before it begins"))
                    .at(self.place(raw), "here")
                    .help("write the earlier time first"),
            ));
        }
        Ok((first, last))
    }

    fn day_or_instant(&self, raw: &str, text: &str) -> Read<(Instant, Instant)> {
        let date = if text.len() == DATE { text.parse::<Date>().ok() } else { None };
        match date {
            Some(date) if !self.zones_differ => Ok((self.zone.start_of(date), self.zone.end_of(date))),
            _ => self.instant_of(raw, text).map(|at| (at, at)),
        }
    }

    /// An instant; one without an offset is read in the zone of the treaties.
    pub(super) fn instant(&self, raw: &str) -> Read<Instant> {
        let text = text_of(raw).ok_or_else(|| Box::new(self.wrong(raw, INSTANT)))?;
        self.instant_of(raw, &text)
    }

    fn instant_of(&self, raw: &str, text: &str) -> Read<Instant> {
        if self.zones_differ && is_local(text) {
            return Err(Box::new(
                Finding::error(
                    Code::BadInstant,
                    format!("`{text}` has no offset, and the treaties have different zones"),
                )
                .at(self.place(raw), "which zone is not said")
                .help("write the offset from UTC: `2025-11-03T03:12:00+02:00`"),
            ));
        }
        let parsed = Instant::parse(text, &self.zone);
        let instant = parsed.map_err(|error| Box::new(instant_finding(&error).at(self.place(raw), "here")))?;
        if instant == Instant::NEVER {
            return Err(Box::new(
                Finding::error(Code::BadInstant, format!("`{text}` is past the last instant that can be told"))
                    .at(self.place(raw), "never")
                    .help("leave out what has not happened"),
            ));
        }
        Ok(instant)
    }

    /// The finding for a value of the wrong sort.
    pub(super) fn wrong(&self, raw: &str, wanted: &str) -> Finding {
        let shown: String = raw.chars().take(40).collect();
        let more = if shown.len() < raw.len() { "…" } else { "" };
        Finding::error(Code::BadValue, format!("expected {wanted}, found `{shown}{more}`"))
            .at(self.place(raw), "this value")
            .help(format!("write {wanted}, or declare the field with the type that the log has"))
    }
}

/// Whether an instant is written without an offset.
fn is_local(text: &str) -> bool {
    let time = text.split_once(['T', 't', ' ']).map_or("", |(_, time)| time);
    !time.contains(['Z', 'z', '+', '-'])
}
