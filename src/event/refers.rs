//! References between events.

use super::batch::Batch;
use super::held::Held;
use super::identifiers::{Identifiers, Known};
use super::notes::LINE;
use super::reader::Reader;
use crate::arena::{Map, Set};
use crate::finding::{Code, Finding};
use crate::model::{KindId, Program, Sym, Symbols, Value};

/// Which events refer to others, and which are referred to.
#[derive(Debug, Default)]
pub(super) struct Referring {
    /// The fields that hold references, of each kind that has any.
    fields: Map<KindId, Vec<usize>>,
    /// The kinds that are referred to.
    kinds: Set<KindId>,
    /// Whether every event is remembered, to tell more exactly what is wrong.
    pub(super) to_all: bool,
}

impl Referring {
    pub(super) fn of(program: &Program) -> Referring {
        let mut referring = Referring::default();
        for (id, kind) in program.kinds.entries() {
            for (place, field) in kind.fields.iter().enumerate() {
                if let Some(referred) = field.kind.referred() {
                    referring.fields.entry(id).or_default().push(place);
                    referring.kinds.insert(referred);
                }
            }
        }
        referring
    }

    /// The fields of a kind that hold references.
    pub(super) fn fields(&self, kind: KindId) -> &[usize] {
        self.fields.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Whether events of a kind are remembered by their identifiers or, those that have none, by their lines.
    pub(super) fn remembers(&self, kind: KindId, has_id: bool) -> bool {
        if self.to_all { has_id || !self.fields.is_empty() } else { self.kinds.contains(&kind) }
    }
}

/// A value of a batch as a log has it: its texts interned or, of a field that refers, made events.
pub(super) fn settled(value: &Value, batch: &Batch, identifiers: Option<&Identifiers>, symbols: &mut Symbols) -> Value {
    match value {
        Value::Text(text) => match identifiers {
            Some(identifiers) => {
                let known = identifiers.find(batch.text(*text));
                known.and_then(|known| known.event).map_or(Value::Absent, Value::Event)
            }
            None => Value::Text(symbols.intern(batch.text(*text))),
        },
        Value::List(list) if list.iter().any(|value| matches!(value, Value::Text(_))) => {
            Value::List(list.iter().map(|value| settled(value, batch, identifiers, symbols)).collect())
        }
        other => other.clone(),
    }
}

/// A finding, and for each of its labels the number of the line and where it begins.
pub(super) type OfLines = (Finding, Vec<(usize, usize)>);

impl Reader<'_> {
    /// What is wrong with the references of an event.
    pub(super) fn wrong_reference(&self, held: Held, later: [&[Held]; 2]) -> Option<OfLines> {
        let (batch, draft) = self.batches.of(held)?;
        let declared = &self.program.kinds.at(draft.kind).fields;
        self.referring.fields(draft.kind).iter().find_map(|place| {
            let (field, value) = (declared.get(*place)?, batch.read.values.get(draft.first_value + place)?);
            let wanted = field.kind.referred()?;
            let texts = match value {
                Value::List(list) => list,
                one => std::slice::from_ref(one),
            };
            let (finding, mut lines) = texts.iter().find_map(|value| match value {
                Value::Text(text) => self.reference(batch, *text, wanted, later),
                _ => None,
            })?;
            lines.push(self.line_of(held));
            Some((finding.at(LINE, format!("`{}` of this event", field.column)), lines))
        })
    }

    fn reference(&self, batch: &Batch, text: Sym, wanted: KindId, later: [&[Held]; 2]) -> Option<OfLines> {
        let (name, kinds) = (batch.text(text), &self.program.kinds);
        let found = self.identifiers.find(name).filter(|known| known.event.is_some());
        match found {
            Some(Known { kind, line, start, .. }) if kind != wanted => {
                let finding = Finding::error(
                    Code::WrongKindOfEvent,
                    format!("`{name}` is not of kind `{}`", kinds.at(wanted).name),
                )
                .at(LINE, format!("its kind is `{}`", kinds.at(kind).name))
                .help(format!("refer to an event of kind `{}`", kinds.at(wanted).name));
                Some((finding, vec![(line, start)]))
            }
            Some(_) => None,
            // The event is there and wrong, which has been reported.
            None if self.lost.contains(name) && !self.options.keep_going => None,
            None => Some(self.unknown(name, later)),
        }
    }

    /// The finding for a reference to no event that has happened; `later` is what is held back.
    fn unknown(&self, name: &str, later: [&[Held]; 2]) -> OfLines {
        let is_meant = |held: &&Held| {
            self.batches.of(**held).is_some_and(|(batch, draft)| match draft.id {
                Some(id) => batch.text(id) == name,
                None => name.strip_prefix('#').is_some_and(|line| line.parse() == Ok(draft.line)),
            })
        };
        // Once no more is told, it makes no difference what.
        let found = if self.notes.is_full() { None } else { later.into_iter().flatten().find(is_meant) };
        match found {
            Some(held) => {
                let finding =
                    Finding::error(Code::UnknownReference, format!("the event `{name}` had not happened yet"))
                        .at(LINE, "this happened later")
                        .help("an event can refer to an earlier one, or to one of the same instant");
                (finding, vec![self.line_of(*held)])
            }
            None => {
                let finding = Finding::error(Code::UnknownReference, format!("no event has the id `{name}`"))
                    .help("check the id, or give it to the event that is meant: `\"id\":\"…\"`");
                (finding, Vec::new())
            }
        }
    }
}
