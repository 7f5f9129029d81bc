//! Values.

use super::{Frame, World};
use crate::model::{Ask, EventId, Expr, Moment, PlaceId, Value};
use crate::syntax::ast::Operator;

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
            // A replay refuses what is not here: `Program::not_replayed`.
            Expr::State(..) | Expr::Tally(..) | Expr::Schedule(..) | Expr::Aggregate(_) => Value::Absent,
            Expr::Condition(condition) => self.condition(condition, frame).map_or(Value::Absent, Value::Truth),
        }
    }

    fn ask(&self, of: &Value, ask: &Ask) -> Value {
        match of {
            Value::Event(event) => self.ask_event(*event, ask),
            Value::Moment(moment) => self.ask_moment(&moment.0, ask),
            _ => Value::Absent,
        }
    }

    fn ask_event(&self, id: EventId, ask: &Ask) -> Value {
        let event = &self.log.events.at(id);
        match ask {
            Ask::Field(field) => self.log.field(event, *field).clone(),
            Ask::At => Value::Instant(event.at),
            Ask::Reported => Value::Instant(event.reported),
            Ask::Id => self.log.identifier(event),
            Ask::Day(zone) => Value::Date(zone.date(event.at)),
            Ask::Month(zone) => Value::Number(i64::from(zone.date(event.at).month()).into()),
            Ask::Year(zone) => Value::Number(i64::from(zone.date(event.at).year()).into()),
            _ => Value::Absent,
        }
    }

    fn ask_moment(&self, moment: &Moment, ask: &Ask) -> Value {
        match ask {
            Ask::By => moment.by.clone(),
            Ask::At => Value::Instant(moment.at),
            Ask::Day(zone) => Value::Date(zone.date(moment.at)),
            Ask::Month(zone) => Value::Number(i64::from(zone.date(moment.at).month()).into()),
            Ask::Year(zone) => Value::Number(i64::from(zone.date(moment.at).year()).into()),
            Ask::Due => moment.due.map_or(Value::Absent, Value::Instant),
            Ask::Cause => moment.cause.map_or(Value::Absent, Value::Event),
            Ask::Bound(name) => {
                let bindings = &self.program.articles.at(moment.article).norm.bindings;
                let slot = bindings.iter().position(|binding| binding.name == *name);
                slot.and_then(|slot| moment.frame.get(slot)).cloned().unwrap_or(Value::Absent)
            }
            _ => Value::Absent,
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

/// Sums, differences and products of values whose types go together; absent past the range.
fn arithmetic(left: &Value, operator: Operator, right: &Value) -> Value {
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
