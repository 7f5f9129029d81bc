//! Whether an event is one that a pattern means.

use super::{Frame, Truth, World, and, any};
use crate::model::{BEARER, Condition, EventId, Expr, Pattern, Test, Value, Want};

/// One way in which an event matches a pattern.
#[derive(Debug, Clone)]
pub struct Match {
    /// What the names stand for, those of the pattern included.
    pub frame: Vec<Value>,
    /// Whether it does match: true, or unknown. What does not match is left out.
    pub truth: Truth,
}

impl World<'_> {
    /// Every way in which an event matches a pattern and its condition, in the order of the lists that it binds.
    pub fn matches<'c>(
        &self,
        pattern: &'c Pattern,
        conditions: impl IntoIterator<Item = &'c Condition>,
        event: EventId,
        frame: &Frame,
    ) -> Vec<Match> {
        if self.log.events.at(event).kind != pattern.kind {
            return Vec::new();
        }
        let event_found = self.log.events.at(event);
        let fails = |test: &Test| match &test.want {
            Want::Is(Expr::Constant(value)) => {
                self.satisfies(self.log.field(event_found, test.field), value) == Some(false)
            }
            Want::Is(Expr::Slot(slot)) if pattern.bind != Some(*slot) => frame
                .get(*slot)
                .is_some_and(|value| self.satisfies(self.log.field(event_found, test.field), value) == Some(false)),
            _ => false,
        };
        if pattern.tests.iter().any(fails) {
            return Vec::new();
        }
        let mut frame = frame.to_vec();
        // A pattern of a header stands in no article, and brings its names with it.
        frame.resize(frame.len().max(pattern.names), Value::Absent);
        if let Some(slot) = pattern.bind
            && let Some(value) = frame.get_mut(slot)
        {
            *value = Value::Event(event);
        }
        let mut ways = vec![Match { frame, truth: Some(true) }];
        for test in &pattern.tests {
            let field = self.log.field(self.log.events.at(event), test.field);
            match &test.want {
                Want::Is(expr) => {
                    for way in &mut ways {
                        way.truth = and(way.truth, || self.satisfies(field, &self.value(expr, &way.frame)));
                    }
                }
                Want::Bearer => {
                    for way in &mut ways {
                        let bearer = way.frame.get(BEARER).cloned().unwrap_or(Value::Absent);
                        way.truth = and(way.truth, || self.satisfies(field, &bearer));
                    }
                }
                Want::Any { of, slot } => {
                    let of =
                        |frame: &Frame| of.as_ref().map(|members| Value::of_parties(&self.members(members, frame)));
                    ways =
                        ways.iter().flat_map(|way| self.bindings(way, field, of(&way.frame).as_ref(), *slot)).collect();
                }
            }
            ways.retain(|way| way.truth != Some(false));
        }
        for condition in pattern.conditions.iter().chain(conditions) {
            for way in &mut ways {
                way.truth = and(way.truth, || self.condition(condition, &way.frame));
            }
        }
        ways.retain(|way| way.truth != Some(false));
        ways
    }

    /// Whether an event matches in any way.
    pub fn is_match(&self, pattern: &Pattern, event: EventId, frame: &Frame) -> Truth {
        any(self.matches(pattern, [], event, frame).iter().map(|way| way.truth))
    }

    fn bindings(&self, way: &Match, field: &Value, of: Option<&Value>, slot: usize) -> Vec<Match> {
        let values = match field {
            Value::List(list) => list.to_vec(),
            one => vec![one.clone()],
        };
        let bound = values.into_iter().map(|value| {
            let among = match of {
                Some(of) => self.is_in(&value, of),
                None => Some(true),
            };
            let truth = if value == Value::Absent { None } else { among };
            let mut frame = way.frame.clone();
            if let Some(place) = frame.get_mut(slot) {
                *place = value;
            }
            Match { frame, truth: and(way.truth, || truth) }
        });
        bound.collect()
    }

    /// Whether a field is what is wanted: on a list, whether it contains it; of a place, whether it lies in it.
    pub(crate) fn satisfies(&self, field: &Value, want: &Value) -> Truth {
        match field {
            Value::List(list) => any(list.iter().map(|one| self.satisfies(one, want))),
            one => self.is_in(one, want),
        }
    }
}
