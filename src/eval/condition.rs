//! Conditions, in Kleene's logic.

use std::cmp::Ordering;

use super::value::ends;
use super::{Frame, Truth, World, any, every};
use crate::model::{Condition, Expr, Value};
use crate::syntax::ast::{Comparator, Operator};

impl World<'_> {
    /// Whether a condition holds.
    pub fn condition(&self, condition: &Condition, frame: &Frame) -> Truth {
        match condition {
            Condition::And(parts) => self.all(parts, frame),
            Condition::Or(parts) => self.any(parts, frame),
            Condition::Not(inner) => self.condition(inner, frame).map(|holds| !holds),
            Condition::Compare(left, comparator, right) => {
                let (a, b) = (self.value(left, frame), self.value(right, frame));
                let growth = || self.growth(left, frame) - self.growth(right, frame);
                compare(&a, *comparator, &b, growth)
            }
            Condition::In(left, right) => self.is_in(&self.value(left, frame), &self.value(right, frame)),
            Condition::Given(value) => Some(self.value(value, frame) != Value::Absent),
            Condition::Value(value) => match self.value(value, frame) {
                Value::Truth(truth) => Some(truth),
                _ => None,
            },
            Condition::Status(moment) => self.facts.status(moment, frame),
            Condition::InBreach(moment) => self.facts.in_breach(moment, frame),
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

    /// By how much a value grows while time passes.
    pub(crate) fn growth(&self, expr: &Expr, frame: &Frame) -> i64 {
        match expr {
            Expr::Aggregate(aggregate) => self.facts.growth(aggregate, frame),
            Expr::Arithmetic(left, Operator::Plus, right) => self.growth(left, frame) + self.growth(right, frame),
            Expr::Arithmetic(left, Operator::Minus, right) => self.growth(left, frame) - self.growth(right, frame),
            _ => 0,
        }
    }

    /// Whether a value lies in a place, or is among several.
    pub(super) fn is_in(&self, value: &Value, container: &Value) -> Truth {
        match (value, container) {
            (Value::Absent | Value::Between(_), _) | (_, Value::Absent | Value::Between(_)) => None,
            (Value::Place(inner), Value::Place(outer)) => Some(self.lies_in(*inner, *outer)),
            (_, Value::List(list)) => any(list.iter().map(|one| self.is_in(value, one))),
            _ => Some(value == container),
        }
    }
}

/// A comparison; of two that are equal, and of which one grows, just after now.
fn compare(left: &Value, comparator: Comparator, right: &Value, growth: impl Fn() -> i64) -> Truth {
    if *left == Value::Absent || *right == Value::Absent {
        return None;
    }
    let ((a, b), (c, d)) = (ends(left), ends(right));
    let equality = matches!(comparator, Comparator::Equal | Comparator::NotEqual);
    if equality && a == b && c == d {
        return Some((a == c) == (comparator == Comparator::Equal));
    }
    // How the ends that are nearest to each other, and those farthest from each other, are ordered.
    let (low, high) = (order(a, d)?, order(b, c)?);
    let ordering = |order: Ordering| if order == Ordering::Equal { growth().cmp(&0) } else { order };
    let holds = |order: Ordering| match comparator {
        Comparator::Equal => order == Ordering::Equal,
        Comparator::NotEqual => order != Ordering::Equal,
        Comparator::Less => order == Ordering::Less,
        Comparator::AtMost => order != Ordering::Greater,
        Comparator::More => order == Ordering::Greater,
        Comparator::AtLeast => order != Ordering::Less,
    };
    if equality {
        let apart = low == Ordering::Greater || high == Ordering::Less;
        return apart.then_some(comparator == Comparator::NotEqual);
    }
    let (low, high) = (holds(ordering(low)), holds(ordering(high)));
    (low == high).then_some(low)
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        _ => return None,
    })
}
