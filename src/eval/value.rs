//! Values.

use std::sync::Arc;

use super::{Frame, World};
use crate::model::{Ask, EventId, Expr, Moment, PlaceId, ScheduleId, Value};
use crate::syntax::ast::Operator;
use crate::time::Instant;

impl World<'_> {
    /// What an expression comes to; absent where something that it asks for is absent.
    pub fn value(&self, expr: &Expr, frame: &Frame) -> Value {
        match expr {
            Expr::Constant(value) => value.clone(),
            Expr::Slot(slot) => frame.get(*slot).cloned().unwrap_or(Value::Absent),
            Expr::Ask(of, ask) => self.ask(&self.value(of, frame), ask),
            Expr::Territory(party) => self.territory(&self.value(party, frame)),
            Expr::Arithmetic(left, operator, right) => {
                arithmetic(&self.value(left, frame), *operator, &self.value(right, frame))
            }
            Expr::Group(group) => Value::of_parties(&self.facts.members(*group)),
            Expr::State(state, of) => {
                self.facts.holds(*state, &self.values(of, frame)).map_or(Value::Absent, Value::Truth)
            }
            Expr::Tally(tally, of) => self.facts.tally(*tally, &self.values(of, frame)),
            Expr::Schedule(schedule, key) => self.entry(*schedule, &self.value(key, frame)),
            Expr::Aggregate(aggregate) => self.facts.aggregate(aggregate, frame),
            Expr::Condition(condition) => self.condition(condition, frame).map_or(Value::Absent, Value::Truth),
        }
    }

    pub(crate) fn values(&self, of: &[Expr], frame: &Frame) -> Vec<Value> {
        of.iter().map(|expr| self.value(expr, frame)).collect()
    }

    /// The entry of a schedule; a text is asked by its word.
    fn entry(&self, schedule: ScheduleId, key: &Value) -> Value {
        let key = match key {
            Value::Text(word) => Value::Word(*word),
            key => key.clone(),
        };
        let found = self.program.schedules.at(schedule).entries.get(&key);
        found.map_or(Value::Absent, |entry| Value::Number(*entry))
    }

    fn ask(&self, of: &Value, ask: &Ask) -> Value {
        if let Ask::OfEither(name) = ask {
            return self.ask_either(of, name);
        }
        match of {
            Value::Event(event) => self.ask_event(*event, ask),
            Value::Moment(moment) => self.ask_moment(&moment.0, ask),
            Value::Instant(at) => ask_time(*at, ask),
            _ => Value::Absent,
        }
    }

    /// What is asked by its name of whichever of several things happened.
    fn ask_either(&self, of: &Value, name: &str) -> Value {
        let ask = match (name, of) {
            ("at", _) => Ask::At,
            ("day", _) => Ask::Day(Arc::new(self.program.zone())),
            ("month", _) => Ask::Month(Arc::new(self.program.zone())),
            ("year", _) => Ask::Year(Arc::new(self.program.zone())),
            (_, Value::Event(event)) => {
                let kind = self.program.kinds.at(self.log.events.at(*event).kind);
                match (kind.fields.iter().position(|field| field.name == name), name) {
                    (Some(field), _) => Ask::Field(field),
                    (None, "reported") => Ask::Reported,
                    (None, "id") => Ask::Id,
                    (None, "established") => Ask::Established,
                    _ => return Value::Absent,
                }
            }
            ("by", _) => Ask::By,
            ("due", _) => Ask::Due,
            ("cause", _) => Ask::Cause,
            ("on", Value::Moment(moment)) if moment.0.on != Value::Absent => Ask::On,
            _ => Ask::Bound(name.to_owned()),
        };
        self.ask(of, &ask)
    }

    fn ask_event(&self, id: EventId, ask: &Ask) -> Value {
        let event = &self.log.events.at(id);
        match ask {
            Ask::Field(field) => self.log.field(event, *field).clone(),
            Ask::Reported => Value::Instant(event.reported),
            Ask::Id => self.log.identifier(event),
            Ask::Established => self.facts.established(id).map_or(Value::Absent, Value::Instant),
            Ask::At => between(Value::Instant(event.at), Value::Instant(event.latest)),
            // The day on which a time ends at midnight is the day before.
            _ => between(ask_time(event.at, ask), ask_time(event.latest.plus_micros(-1).max(event.at), ask)),
        }
    }

    fn ask_moment(&self, moment: &Moment, ask: &Ask) -> Value {
        match ask {
            Ask::By => moment.by.clone(),
            Ask::On => moment.on.clone(),
            Ask::Due => moment.due.map_or(Value::Absent, Value::Instant),
            Ask::Cause => moment.cause.map_or(Value::Absent, Value::Event),
            Ask::Bound(name) => {
                let bindings = &self.program.articles.at(moment.article).norm.bindings;
                let slot = bindings.iter().position(|binding| binding.name == *name);
                slot.and_then(|slot| moment.frame.get(slot)).cloned().unwrap_or(Value::Absent)
            }
            _ => ask_time(moment.at, ask),
        }
    }

    /// The places of a party.
    fn territory(&self, party: &Value) -> Value {
        let Value::Party(party) = party else {
            return Value::Absent;
        };
        let places = self.program.places.entries().filter(|(_, place)| place.of == Some(*party));
        Value::List(places.map(|(id, _)| Value::Place(id)).collect())
    }

    /// Whether a place lies in another; every place lies in itself.
    pub(super) fn lies_in(&self, inner: PlaceId, outer: PlaceId) -> bool {
        self.program.places.at(inner).within.contains(&outer)
    }
}

/// What is asked of an instant.
fn ask_time(at: Instant, ask: &Ask) -> Value {
    match ask {
        Ask::At => Value::Instant(at),
        Ask::Day(zone) => Value::Date(zone.date(at)),
        Ask::Month(zone) => Value::Number(i64::from(zone.date(at).month()).into()),
        Ask::Year(zone) => Value::Number(i64::from(zone.date(at).year()).into()),
        _ => Value::Absent,
    }
}

/// One of the values from the first to the last.
fn between(first: Value, last: Value) -> Value {
    if first == last { first } else { Value::Between(Arc::new((first, last))) }
}

/// The first and the last that a value may be.
pub(super) fn ends(value: &Value) -> (&Value, &Value) {
    match value {
        Value::Between(ends) => (&ends.0, &ends.1),
        one => (one, one),
    }
}

/// Sums, differences and products of values whose types go together; absent past the range.
fn arithmetic(left: &Value, operator: Operator, right: &Value) -> Value {
    if matches!(left, Value::Between(_)) || matches!(right, Value::Between(_)) {
        let ((a, b), (c, d)) = (ends(left), ends(right));
        return match operator {
            Operator::Plus => between(arithmetic(a, operator, c), arithmetic(b, operator, d)),
            Operator::Minus => between(arithmetic(a, operator, d), arithmetic(b, operator, c)),
            Operator::Times => Value::Absent,
        };
    }
    let result = match (left, operator, right) {
        (Value::Number(a), Operator::Plus, Value::Number(b)) => a.checked_add(*b).map(Value::Number),
        (Value::Number(a), Operator::Minus, Value::Number(b)) => a.checked_sub(*b).map(Value::Number),
        (Value::Number(a), Operator::Times, Value::Number(b)) => a.checked_mul(*b).map(Value::Number),
        (Value::Instant(a), Operator::Minus, Value::Instant(b)) => Some(Value::Duration(a.micros_since(*b))),
        (Value::Instant(a), Operator::Plus, Value::Duration(b)) => Some(Value::Instant(a.plus_micros(*b))),
        (Value::Instant(a), Operator::Minus, Value::Duration(b)) => {
            Some(Value::Instant(a.plus_micros(b.saturating_neg())))
        }
        (Value::Duration(a), Operator::Plus, Value::Duration(b)) => a.checked_add(*b).map(Value::Duration),
        (Value::Duration(a), Operator::Minus, Value::Duration(b)) => a.checked_sub(*b).map(Value::Duration),
        _ => None,
    };
    result.unwrap_or(Value::Absent)
}
