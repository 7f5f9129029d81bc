//! Finds what an event concerns by the values of its fields.
//!
//! A pattern such as `consult(by: Italy, on: a)` fixes fields to values. Those fields are its shape; patterns of one
//! kind and one shape share a table from values to whoever waits for them. An event looks itself up once in each table
//! of its kind, however many wait there.

use crate::arena::Map;
use crate::event::{Event, Log};
use crate::model::{KindId, Program, Value};

/// Who waits for events of which values.
#[derive(Debug)]
pub(super) struct Index<T> {
    kinds: Map<KindId, Vec<Table<T>>>,
}

#[derive(Debug)]
struct Table<T> {
    fields: Vec<usize>,
    entries: Map<Box<[Value]>, Vec<T>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Index { kinds: Map::default() }
    }
}

/// The values that an event must have to concern someone, by field.
pub(super) type Key = Vec<(usize, Value)>;

impl<T: Copy + PartialEq> Index<T> {
    /// Lets `who` wait for events of a kind with these values; the fields in ascending order, each once.
    pub(super) fn insert(&mut self, kind: KindId, key: Key, who: T) {
        let tables = self.kinds.entry(kind).or_default();
        let (fields, values): (Vec<usize>, Vec<Value>) = key.into_iter().unzip();
        let place = tables.iter().position(|table| table.fields == fields);
        let table = match place {
            Some(place) => tables.get_mut(place),
            None => {
                tables.push(Table { fields, entries: Map::default() });
                tables.last_mut()
            }
        };
        if let Some(table) = table {
            table.entries.entry(values.into()).or_default().push(who);
        }
    }

    /// Adds to `found` all whom an event may concern, in no order, perhaps more than once; what is no longer `alive`
    /// is forgotten on the way.
    pub(super) fn find(
        &mut self,
        program: &Program,
        log: &Log,
        event: &Event,
        alive: impl Fn(T) -> bool,
        found: &mut impl Extend<T>,
    ) {
        let Some(tables) = self.kinds.get_mut(&event.kind) else {
            return;
        };
        for table in tables {
            let values = table.fields.iter().map(|field| log.field(event, *field));
            let mut keys: Vec<Vec<Value>> = vec![Vec::with_capacity(table.fields.len())];
            let mut unknown = false;
            for value in values {
                match value {
                    Value::Absent => unknown = true,
                    Value::List(list) => {
                        keys =
                            extended(&keys, &list.iter().flat_map(|one| satisfied(program, one)).collect::<Vec<_>>());
                    }
                    Value::Place(_) => keys = extended(&keys, &satisfied(program, value)),
                    one => keys.iter_mut().for_each(|key| key.push(one.clone())),
                }
            }
            if unknown {
                // A field that decides is absent: whoever waits here may be concerned.
                for waiting in table.entries.values_mut() {
                    waiting.retain(|who| alive(*who));
                    found.extend(waiting.iter().copied());
                }
                continue;
            }
            for key in keys {
                let Some(waiting) = table.entries.get_mut(key.as_slice()) else {
                    continue;
                };
                waiting.retain(|who| alive(*who));
                found.extend(waiting.iter().copied());
                if waiting.is_empty() {
                    table.entries.swap_remove(key.as_slice());
                }
            }
        }
    }
}

/// The values that a field's value satisfies: itself, and of a place every place that contains it.
fn satisfied(program: &Program, value: &Value) -> Vec<Value> {
    match value {
        Value::Place(place) => program.places.at(*place).within.iter().map(|place| Value::Place(*place)).collect(),
        other => vec![other.clone()],
    }
}

fn extended(keys: &[Vec<Value>], values: &[Value]) -> Vec<Vec<Value>> {
    let longer = keys.iter().flat_map(|key| {
        values.iter().map(move |value| {
            let mut key = key.clone();
            key.push(value.clone());
            key
        })
    });
    longer.collect()
}
