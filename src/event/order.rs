//! The order of the replay, and references between events.

use super::{Identifiers, Read, Reader, Record};
use crate::arena::{Id, Map};
use crate::finding::{Code, Finding};
use crate::model::{EventId, KindId, Program, Sym, Type, Value};
use crate::source::Span;

/// Sorts the events by time, ties in the order of the lines, and turns references into events.
pub(super) fn order(reader: &mut Reader<'_>) {
    let mut events = std::mem::take(&mut reader.events);
    if !events.is_sorted_by_key(|event| event.at) {
        events.sort_by_key(|event| event.at);
    }
    let identifiers = identifiers(reader, &mut events);
    resolve(reader, &mut events, identifiers);
    for event in &events {
        let id = event.id.map(|id| reader.log.symbols.text(id).to_owned());
        let record = Record {
            kind: event.kind,
            at: event.at,
            latest: event.latest,
            reported: event.reported,
            id: id.as_deref(),
            line: event.line,
            start: event.start,
            source: reader.source,
        };
        let values = reader.values.get(event.first_value..).unwrap_or_default().iter().take(event.fields).cloned();
        reader.log.append(&record, values);
    }
}

/// Which event has which identifier; of two that share one the later is set aside.
fn identifiers(reader: &mut Reader<'_>, events: &mut Vec<Read>) -> Identifiers {
    let mut found = Identifiers::default();
    let mut twice = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let Some(id) = event.id else { continue };
        if let Some(first) = found.get(&id).and_then(|first| events.get(*first)) {
            let text = reader.log.symbols.text(id);
            twice.push((
                index,
                Finding::error(Code::DuplicateEventId, format!("two events have the id `{text}`"))
                    .at(span_of(reader, event), "again here")
                    .at(span_of(reader, first), "first here")
                    .help("give each event its own id"),
            ));
        } else {
            found.insert(id, index);
        }
    }
    let mut dropped: Vec<usize> = Vec::new();
    for (index, finding) in twice {
        reader.set_aside(finding);
        dropped.push(index);
    }
    drop_events(events, &dropped);
    if !dropped.is_empty() {
        return events.iter().enumerate().filter_map(|(index, event)| Some((event.id?, index))).collect();
    }
    found
}

/// Turns the texts of references into events, and sets aside what refers to none.
fn resolve(reader: &mut Reader<'_>, events: &mut Vec<Read>, mut identifiers: Identifiers) {
    let referring = fields_that_refer(reader.program);
    if referring.is_empty() {
        return;
    }
    loop {
        let mut wrong = Vec::new();
        for (index, event) in events.iter().enumerate() {
            for field in referring.get(&event.kind).into_iter().flatten() {
                if let Some(finding) = wrong_reference(reader, events, &identifiers, event, *field) {
                    wrong.push((index, finding));
                    break;
                }
            }
        }
        if wrong.is_empty() {
            break;
        }
        // What refers to an event that is set aside refers to none.
        let dropped: Vec<_> = wrong.iter().map(|(index, _)| *index).collect();
        for (_, finding) in wrong {
            reader.set_aside(finding);
        }
        drop_events(events, &dropped);
        identifiers = events.iter().enumerate().filter_map(|(index, event)| Some((event.id?, index))).collect();
    }
    for event in events.iter() {
        for field in referring.get(&event.kind).into_iter().flatten() {
            let place = event.first_value + *field;
            let Some(value) = reader.values.get(place) else { continue };
            let resolved = map_texts(value, &mut |text| {
                target(reader, events, &identifiers, text)
                    .map_or(Value::Absent, |index| Value::Event(EventId::from_index(index)))
            });
            if let Some(value) = reader.values.get_mut(place) {
                *value = resolved;
            }
        }
    }
}

fn drop_events(events: &mut Vec<Read>, dropped: &[usize]) {
    let mut index = 0;
    events.retain(|_| {
        index += 1;
        dropped.binary_search(&(index - 1)).is_err()
    });
}

/// The fields that hold references, of each kind that has any.
fn fields_that_refer(program: &Program) -> Map<KindId, Vec<usize>> {
    let kinds = program.kinds.entries().map(|(id, kind)| {
        let fields = kind.fields.iter().enumerate().filter(|(_, field)| referred(&field.kind).is_some());
        (id, fields.map(|(index, _)| index).collect::<Vec<_>>())
    });
    kinds.filter(|(_, fields)| !fields.is_empty()).collect()
}

/// The kind of event that a field refers to.
fn referred(kind: &Type) -> Option<KindId> {
    match kind {
        Type::Event(kind) => Some(*kind),
        Type::List(inner) => referred(inner),
        _ => None,
    }
}

fn map_texts(value: &Value, map: &mut dyn FnMut(Sym) -> Value) -> Value {
    match value {
        Value::Text(text) => map(*text),
        Value::List(list) => Value::List(list.iter().map(|value| map_texts(value, map)).collect()),
        other => other.clone(),
    }
}

/// What is wrong with the references in a field of an event.
fn wrong_reference(
    reader: &Reader<'_>,
    events: &[Read],
    identifiers: &Identifiers,
    event: &Read,
    field: usize,
) -> Option<Finding> {
    let declared = reader.program.kinds.at(event.kind).fields.get(field)?;
    let wanted = referred(&declared.kind)?;
    let one = |text: Sym| {
        let found = target(reader, events, identifiers, text).and_then(|index| events.get(index));
        let wrong = reference(reader, event, wanted, text, found)?;
        Some(wrong.at(span_of(reader, event), format!("`{}` of this event", declared.column)))
    };
    match reader.values.get(event.first_value + field)? {
        Value::Text(text) => one(*text),
        Value::List(list) => list.iter().find_map(|value| match value {
            Value::Text(text) => one(*text),
            _ => None,
        }),
        _ => None,
    }
}

fn reference(reader: &Reader<'_>, event: &Read, wanted: KindId, text: Sym, found: Option<&Read>) -> Option<Finding> {
    let name = reader.log.symbols.text(text);
    let kinds = &reader.program.kinds;
    match found {
        // The event is there and wrong, which has been reported.
        None if reader.lost.contains(&text) && !reader.options.keep_going => None,
        None => Some(
            Finding::error(Code::UnknownReference, format!("no event has the id `{name}`"))
                .help("check the id, or give it to the event that is meant: `\"id\":\"…\"`"),
        ),
        Some(found) if found.at > event.at => Some(
            Finding::error(Code::UnknownReference, format!("the event `{name}` had not happened yet"))
                .at(span_of(reader, found), "this happened later")
                .help("an event can refer to an earlier one, or to one of the same instant"),
        ),
        Some(found) if found.kind != wanted => Some(
            Finding::error(Code::WrongKindOfEvent, format!("`{name}` is not of kind `{}`", kinds.at(wanted).name))
                .at(span_of(reader, found), format!("its kind is `{}`", kinds.at(found.kind).name))
                .help(format!("refer to an event of kind `{}`", kinds.at(wanted).name)),
        ),
        Some(_) => None,
    }
}

/// The event that an identifier means: the one that has it, or the one on the line after `#`.
fn target(reader: &Reader<'_>, events: &[Read], identifiers: &Identifiers, text: Sym) -> Option<usize> {
    if let Some(index) = identifiers.get(&text) {
        return Some(*index);
    }
    let line: usize = reader.log.symbols.text(text).strip_prefix('#')?.parse().ok()?;
    // A log in order of time is in order of lines, and is searched by halves.
    let found = events.binary_search_by_key(&line, |event| event.line).ok();
    let found = found.or_else(|| events.iter().position(|event| event.line == line))?;
    events.get(found).filter(|event| event.id.is_none()).map(|_| found)
}

fn span_of(reader: &Reader<'_>, event: &Read) -> Span {
    let rest = reader.bytes.get(event.start..).unwrap_or_default();
    let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let length = rest.get(..length).unwrap_or_default().trim_ascii_end().len();
    Span { source: reader.source, start: event.start, end: event.start + length }
}
