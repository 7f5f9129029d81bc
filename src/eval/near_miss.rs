//! The act that came nearest to performing a duty, and did not.

use super::World;
use crate::model::{BEARER, EventId, Norm, Value, Want};
use crate::time::Instant;
use crate::verdict::Verdict;

/// How many events after the trigger are looked at.
const MOST: usize = 2_000;

/// An act of the right kind and by the right party, wrong in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The act.
    pub event: EventId,
    /// The field.
    pub field: usize,
    /// What it should have been.
    pub wanted: Value,
}

impl World<'_> {
    /// The first act of the bearer, from the trigger to an instant, that only one field keeps from being what was owed.
    pub fn near_miss(&self, norm: &Norm, verdict: &Verdict, until: Instant) -> Option<NearMiss> {
        let events = &self.log.events;
        let later = events.ids_where(|event| event.at >= verdict.triggered_at).take(MOST);
        later.take_while(|id| events.at(*id).at <= until).find_map(|id| self.misses(norm, id, verdict))
    }

    /// The one field in which an event differs from what was owed; none where it differs in none, in more, or in who
    /// acted.
    fn misses(&self, norm: &Norm, id: EventId, verdict: &Verdict) -> Option<NearMiss> {
        let event = self.log.events.at(id);
        let act = &norm.act()?.pattern;
        if event.kind != act.kind || verdict.acts.contains(&id) {
            return None;
        }
        let mut missed = None;
        for test in &act.tests {
            let (wanted, actor) = match &test.want {
                Want::Is(expr) => {
                    (self.value(expr, &verdict.frame), self.program.kinds.at(event.kind).by == Some(test.field))
                }
                Want::Bearer => (verdict.frame.get(BEARER).cloned()?, true),
                Want::Any { .. } => continue,
            };
            match self.satisfies(self.log.field(event, test.field), &wanted) {
                Some(true) => {}
                Some(false) if !actor && missed.is_none() => missed = Some((test.field, wanted)),
                _ => return None,
            }
        }
        missed.map(|(field, wanted)| NearMiss { event: id, field, wanted })
    }
}
