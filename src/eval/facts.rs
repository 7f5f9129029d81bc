//! What only the course of a replay tells.

use super::{Frame, Truth};
use crate::model::{Aggregate, ArticleMoment, EventId, GroupId, PartyId, StateId, TallyId, Value};
use crate::time::Instant;

/// What the course of a replay has come to so far. Nothing has, where nothing is said.
pub trait Facts {
    /// The members that a group has.
    fn members(&self, _group: GroupId) -> Vec<PartyId> {
        Vec::new()
    }

    /// Whether a state holds, of these.
    fn holds(&self, _state: StateId, _of: &[Value]) -> Truth {
        None
    }

    /// What a tally has come to, for these.
    fn tally(&self, _tally: TallyId, _of: &[Value]) -> Value {
        Value::Absent
    }

    /// What many events or many parties come to.
    fn aggregate(&self, _aggregate: &Aggregate, _frame: &Frame) -> Value {
        Value::Absent
    }

    /// By how much an aggregate grows while time passes, a microsecond for each: 0 for all but the duration of a state.
    fn growth(&self, _aggregate: &Aggregate, _frame: &Frame) -> i64 {
        0
    }

    /// Whether a duty of an article has come to this.
    fn status(&self, _moment: &ArticleMoment, _frame: &Frame) -> Truth {
        None
    }

    /// Whether an article is broken, and neither performed late nor cured nor excused.
    fn in_breach(&self, _moment: &ArticleMoment, _frame: &Frame) -> Truth {
        None
    }

    /// When an event was established.
    fn established(&self, _event: EventId) -> Option<Instant> {
        None
    }
}

/// A replay that has not begun.
pub(super) struct Nothing;

impl Facts for Nothing {}
