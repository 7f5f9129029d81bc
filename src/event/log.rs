//! The events of a log with what they say.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Events;
use crate::model::{EventId, KindId, Program, Sym, Symbols, Value};
use crate::source::{SourceId, Sources, Span};
use crate::time::Instant;

/// An event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// Its kind.
    pub kind: KindId,
    /// When it happened; where that is not known exactly, the first instant that it may have been.
    pub at: Instant,
    /// The end of the time in which it was; the same instant, where that is known exactly.
    pub latest: Instant,
    /// When it became known.
    pub reported: Instant,
    /// Its line, from 1.
    pub line: usize,
    /// Where its line begins in the log.
    pub start: usize,
    /// The log, or the file of the scenario of which it is a step.
    pub source: SourceId,
    /// The identifier that the log gives it, among the texts.
    id: Option<Piece>,
    /// Its identifier as a value, where the treaties ask for it.
    name: Option<Sym>,
    first_value: usize,
    fields: usize,
}

impl Event {
    /// Whether the log gives it an identifier.
    pub fn has_id(&self) -> bool {
        self.id.is_some()
    }
}

/// What stands for an event that is forgotten.
impl Default for Event {
    fn default() -> Self {
        Event {
            kind: KindId::default(),
            at: Instant::MIN,
            latest: Instant::MIN,
            reported: Instant::MIN,
            line: 0,
            start: 0,
            source: SourceId::default(),
            id: None,
            name: None,
            first_value: 0,
            fields: 0,
        }
    }
}

/// A place in a row of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Piece {
    start: usize,
    length: u32,
}

impl Piece {
    /// Puts a text at the end of a row.
    pub(super) fn push(texts: &mut String, text: &str) -> Piece {
        let start = texts.len();
        texts.push_str(text);
        Piece { start, length: u32::try_from(text.len()).unwrap_or(u32::MAX) }
    }

    pub(super) fn of(self, texts: &str) -> &str {
        texts.get(self.start..self.start + self.length as usize).unwrap_or_default()
    }
}

/// An event that has no place in a log yet.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// Its kind.
    pub kind: KindId,
    /// When it happened, or the first instant that it may have been.
    pub at: Instant,
    /// The last instant that it may have been.
    pub latest: Instant,
    /// When it became known.
    pub reported: Instant,
    /// The identifier that the log gives it.
    pub id: Option<&'a str>,
    /// Its line, from 1.
    pub line: usize,
    /// Where its line begins.
    pub start: usize,
    /// The log, or the file of the scenario of which it is a step.
    pub source: SourceId,
}

/// The events of a log, in the order of the replay: by time, ties in the order of the lines.
///
/// [`Log::append`] adds to it, and [`Log::forget`] takes away what nobody will ask for, so that a log of any length can be
/// replayed in the space of what is still of interest. The texts of fields stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Log {
    /// The events.
    pub events: Events,
    /// How many lines were set aside because they are wrong or of no declared kind.
    pub set_aside: usize,
    pub(super) size: usize,
    /// Whether the treaties ask for identifiers.
    names: bool,
    /// The values of the events held, in their order.
    values: Vec<Value>,
    /// The identifiers of the events held, in their order.
    texts: String,
    pub(super) symbols: Symbols,
}

/// A log that is read from, and perhaps goes on.
#[derive(Debug, Clone)]
pub enum Held<'a> {
    /// One that is there as a whole.
    Whole(&'a Log),
    /// One to which events are added.
    Growing(Arc<Log>),
}

impl Held<'_> {
    /// The log, to be added to; none where it is there as a whole, or somebody else is reading it.
    pub fn growing(&mut self) -> Option<&mut Log> {
        match self {
            Held::Whole(_) => None,
            Held::Growing(log) => Arc::get_mut(log),
        }
    }
}

impl Deref for Held<'_> {
    type Target = Log;
    fn deref(&self) -> &Log {
        match self {
            Held::Whole(log) => log,
            Held::Growing(log) => log,
        }
    }
}

impl Log {
    /// A log of no events yet, to be replayed with a program.
    pub fn new(program: &Program) -> Log {
        Log { names: program.asks_identifiers, symbols: program.symbols.clone(), ..Log::default() }
    }

    /// Adds an event, which is not earlier than those that were added before, with its fields by their places in its kind.
    ///
    /// Texts and words are those of [`Log::symbols`].
    pub fn append(&mut self, record: &Record<'_>, fields: impl IntoIterator<Item = Value>) -> EventId {
        let first_value = self.values.len();
        self.values.extend(fields);
        let name = self.names.then(|| match record.id {
            Some(id) => self.symbols.intern(id),
            None => self.symbols.intern(&format!("#{}", record.line)),
        });
        let id = record.id.map(|id| Piece::push(&mut self.texts, id));
        self.events.push(Event {
            kind: record.kind,
            at: record.at,
            latest: record.latest,
            reported: record.reported,
            line: record.line,
            start: record.start,
            source: record.source,
            id,
            name,
            first_value,
            fields: self.values.len() - first_value,
        })
    }

    /// Drops the events that are not kept, with their fields and identifiers, and makes their room free.
    ///
    /// It takes as long as there are events held: it is worth while when they have doubled since the last time.
    pub fn forget(&mut self, keep: &dyn Fn(EventId) -> bool) {
        let (mut values, mut texts) = (0, String::new());
        let (old_values, old_texts) = (&mut self.values, &self.texts);
        self.events.forget(keep, &mut |event| {
            for place in 0..event.fields {
                old_values.swap(values + place, event.first_value + place);
            }
            event.first_value = values;
            values += event.fields;
            event.id = event.id.map(|id| Piece::push(&mut texts, id.of(old_texts)));
        });
        self.values.truncate(values);
        self.texts = texts;
    }

    /// A field of an event; absent where the event has it not.
    pub fn field(&self, event: &Event, field: usize) -> &Value {
        self.fields(event).get(field).unwrap_or(&Value::Absent)
    }

    /// The fields of an event, by their places in its kind.
    pub fn fields(&self, event: &Event) -> &[Value] {
        self.values.get(event.first_value..event.first_value + event.fields).unwrap_or_default()
    }

    /// The identifier that the log gives an event.
    pub fn given_id(&self, event: &Event) -> Option<&str> {
        event.id.map(|id| id.of(&self.texts))
    }

    /// The identifier of an event: the one given, or `#` and its line.
    pub fn id_of(&self, event: &Event) -> String {
        self.given_id(event).map_or_else(|| format!("#{}", event.line), str::to_owned)
    }

    /// The identifier of an event as a value: the one that it has, or `#` and its line; absent where no treaty asks for it.
    pub fn identifier(&self, event: &Event) -> Value {
        event.name.map_or(Value::Absent, Value::Text)
    }

    /// How many bytes of text the log was.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The texts of the log and of the treaties.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// Where the line of an event stands, without its line break.
    pub fn span(&self, event: &Event, sources: &Sources) -> Option<Span> {
        let end = sources.get(event.source).line_range(event.line).end;
        (event.start <= end).then_some(Span { source: event.source, start: event.start, end })
    }
}
