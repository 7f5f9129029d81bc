//! Finds what an event concerns by the values of its fields.
//!
//! A pattern such as `consult(by: Italy, on: a)` fixes fields to values. Those fields are its shape; patterns of one
//! kind and one shape share a table from values to whoever waits for them. An event looks itself up once in each table
//! of its kind, however many wait there.

use crate::arena::Map;
use crate::eval::{Frame, World};
use crate::event::{Event, Log};
use crate::model::{BEARER, Expr, KindId, Pattern, Program, Type, Value, Want};

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

    /// `who` waits no more for events of a kind with these values.
    pub(super) fn remove(&mut self, kind: KindId, key: Key, who: T) {
        let (fields, values): (Vec<usize>, Vec<Value>) = key.into_iter().unzip();
        let tables = self.kinds.get_mut(&kind).into_iter().flatten();
        for table in tables.filter(|table| table.fields == fields) {
            if let Some(waiting) = table.entries.get_mut(values.as_slice()) {
                waiting.retain(|other| *other != who);
                if waiting.is_empty() {
                    table.entries.swap_remove(values.as_slice());
                }
            }
        }
    }

    /// Whether nobody has ever waited.
    pub(super) fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Adds to `found` all whom an event may concern, in no order, perhaps more than once.
    pub(super) fn find(&self, program: &Program, log: &Log, event: &Event, found: &mut impl Extend<T>) {
        let Some(tables) = self.kinds.get(&event.kind) else {
            return;
        };
        for table in tables {
            if table.entries.is_empty() {
                continue;
            }
            if let [field] = table.fields[..]
                && let value = log.field(event, field)
                && is_one(value)
                && !matches!(value, Value::Place(_))
            {
                found.extend(table.entries.get(std::slice::from_ref(value)).into_iter().flatten().copied());
                continue;
            }
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
                found.extend(table.entries.values().flatten().copied());
                continue;
            }
            for key in keys {
                found.extend(table.entries.get(key.as_slice()).into_iter().flatten().copied());
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

/// The fields that a pattern fixes to a value, whatever its names stand for.
pub(super) fn constant_key(program: &Program, pattern: &Pattern) -> Key {
    key(program, pattern, |expr| match expr {
        Expr::Constant(value) => Some(value.clone()),
        _ => None,
    })
}

/// The fields that a pattern fixes to a value for an instance, with what its names stand for; one key for each member
/// of a group, whose acts all count.
pub(super) fn keys(world: &World<'_>, pattern: &Pattern, frame: &Frame) -> Vec<Key> {
    let fixed = key(world.program, pattern, |expr| {
        // What the act itself binds is not known before it.
        let known = |slot| frame.get(slot).is_some_and(|value| *value != Value::Absent);
        (is_fixed(expr, &known) && pattern.bind.is_none_or(|own| !uses(expr, own))).then(|| world.value(expr, frame))
    });
    let group = pattern.tests.iter().find(|test| matches!(test.want, Want::Bearer));
    let Some(group) = group.filter(|group| fixed.iter().all(|(field, _)| *field != group.field)) else {
        return vec![fixed];
    };
    let members = frame.get(BEARER).map(Value::parties).unwrap_or_default();
    let keys = members.into_iter().map(|party| {
        let mut key = fixed.clone();
        key.push((group.field, Value::Party(party)));
        key.sort_by_key(|(field, _)| *field);
        key
    });
    keys.collect()
}

fn key(program: &Program, pattern: &Pattern, value: impl Fn(&Expr) -> Option<Value>) -> Key {
    let fields = &program.kinds.at(pattern.kind).fields;
    let mut key = Key::new();
    for test in &pattern.tests {
        let Want::Is(expr) = &test.want else { continue };
        let indexable = fields.get(test.field).is_some_and(|field| is_indexable(&field.kind));
        if indexable
            && key.iter().all(|(field, _)| *field != test.field)
            && let Some(value) = value(expr).filter(is_one)
        {
            key.push((test.field, value));
        }
    }
    key.sort_by_key(|(field, _)| *field);
    key
}

/// Whether a value is one that is equal to another or not.
pub(super) fn is_one(value: &Value) -> bool {
    !matches!(value, Value::Absent | Value::List(_) | Value::Between(_))
}

/// Whether a field always holds one value, which is equal to another or not.
pub(super) fn holds_one(program: &Program, kind: KindId, field: usize) -> bool {
    program.kinds.at(kind).fields.get(field).is_some_and(|field| {
        !field.optional && !matches!(field.kind, Type::List(_) | Type::Place | Type::Moment(..) | Type::Either(_))
    })
}

/// Whether equal values of a type are found as equal keys.
fn is_indexable(kind: &Type) -> bool {
    match kind {
        Type::List(inner) => is_indexable(inner),
        Type::Moment(..) => false,
        _ => true,
    }
}

/// Whether an expression always comes to the same, given names that are known.
fn is_fixed(expr: &Expr, known: &impl Fn(usize) -> bool) -> bool {
    match expr {
        Expr::Constant(_) => true,
        Expr::Slot(slot) => known(*slot),
        Expr::Ask(of, _) | Expr::Territory(of) => is_fixed(of, known),
        Expr::Arithmetic(left, _, right) => is_fixed(left, known) && is_fixed(right, known),
        _ => false,
    }
}

fn uses(expr: &Expr, slot: usize) -> bool {
    match expr {
        Expr::Slot(used) => *used == slot,
        Expr::Ask(of, _) | Expr::Territory(of) => uses(of, slot),
        Expr::Arithmetic(left, _, right) => uses(left, slot) || uses(right, slot),
        _ => false,
    }
}
