//! Conditions, in Kleene's logic.

use std::cmp::Ordering;

use super::{Frame, Truth, World, any, every};
use crate::model::{Condition, Value};
use crate::syntax::ast::Comparator;

impl World<'_> {
    /// Whether a condition holds.
    pub fn condition(&self, condition: &Condition, frame: &Frame) -> Truth {
        match condition {
            Condition::And(parts) => self.all(parts, frame),
            Condition::Or(parts) => self.any(parts, frame),
            Condition::Not(inner) => self.condition(inner, frame).map(|holds| !holds),
            Condition::Compare(left, comparator, right) => {
                compare(&self.value(left, frame), *comparator, &self.value(right, frame))
            }
            Condition::In(left, right) => self.is_in(&self.value(left, frame), &self.value(right, frame)),
            Condition::Given(value) => Some(self.value(value, frame) != Value::Absent),
            Condition::Value(value) => match self.value(value, frame) {
                Value::Truth(truth) => Some(truth),
                _ => None,
            },
            // A replay refuses what is not here: `Program::not_replayed`.
            Condition::Status(_) | Condition::InBreach(_) => None,
        }
    }

    /// Whether every one of them holds.
    pub fn all(&self, conditions: &[Condition], frame: &Frame) -> Truth {
        every(conditions.iter().map(|condition| self.condition(condition, frame)))
    }

    /// Whether any of them holds.
    pub fn any(&self, conditions: &[Condition], frame: &Frame) -> Truth {
        any(conditions.iter().map(|condition| self.condition(condition, frame)))
    }

    /// Whether a value lies in a place, or is among several.
    pub(super) fn is_in(&self, value: &Value, container: &Value) -> Truth {
        match (value, container) {
            (Value::Absent, _) | (_, Value::Absent) => None,
            (Value::Place(inner), Value::Place(outer)) => Some(self.lies_in(*inner, *outer)),
            (_, Value::List(list)) => any(list.iter().map(|one| self.is_in(value, one))),
            _ => Some(value == container),
        }
    }
}

fn compare(left: &Value, comparator: Comparator, right: &Value) -> Truth {
    if *left == Value::Absent || *right == Value::Absent {
        return None;
    }
    match comparator {
        Comparator::Equal => return Some(left == right),
        Comparator::NotEqual => return Some(left != right),
        _ => {}
    }
    let order = match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        _ => return None,
    };
    Some(match comparator {
        Comparator::Less => order == Ordering::Less,
        Comparator::AtMost => order != Ordering::Greater,
        Comparator::More => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })
}
