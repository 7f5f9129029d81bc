//! Which events may still be asked for, so that the others can be forgotten.

use super::suspension::Until;
use super::{History, Lookup, Replay, What};
use crate::arena::Set;
use crate::model::{EventId, Moment, Value};
use crate::verdict::{Doubt, Trigger, Verdict};

/// The events that may still be asked for.
#[derive(Debug, Default)]
pub(crate) struct Kept(Set<EventId>);

impl Kept {
    pub(crate) fn event(&mut self, event: EventId) {
        self.0.insert(event);
    }

    pub(crate) fn values<'v>(&mut self, values: impl IntoIterator<Item = &'v Value>) {
        for value in values {
            match value {
                Value::Event(event) => self.event(*event),
                Value::List(list) => self.values(list.iter()),
                Value::Moment(moment) => self.moment(&moment.0),
                Value::Between(both) => self.values([&both.0, &both.1]),
                _ => {}
            }
        }
    }

    fn moment(&mut self, moment: &Moment) {
        self.0.extend(moment.cause);
        self.values([&moment.by, &moment.on].into_iter().chain(moment.frame.iter()));
    }

    fn verdict(&mut self, verdict: &Verdict) {
        self.0.extend(verdict.cause());
        if let Trigger::Event(event) = verdict.trigger {
            self.event(event);
        }
        self.0.extend(verdict.acts.iter().chain(&verdict.premature));
        self.0.extend(verdict.breaches.iter().filter_map(|breach| breach.act));
        if let Some(Doubt::Act(event) | Doubt::Time(event)) = verdict.doubt {
            self.event(event);
        }
        self.values(verdict.frame.iter());
    }

    fn history(&mut self, history: &History) {
        for happening in history.before(history.length) {
            match &happening.what {
                What::Event(event) => self.event(*event),
                What::Moment(moment) => self.moment(moment),
                _ => {}
            }
        }
    }

    pub(crate) fn contains(&self, event: EventId) -> bool {
        self.0.contains(&event)
    }
}

impl<L: Lookup> Replay<'_, L> {
    /// Adds every event that may still be asked for, no instant being under way but the last.
    pub(crate) fn trace(&self, kept: &mut Kept) {
        for (_, instance) in self.instances.entries() {
            kept.verdict(&instance.verdict);
            kept.0.extend(instance.uncertain);
        }
        for suspension in &self.suspensions {
            kept.0.extend(suspension.scope.root);
            kept.values(&suspension.scope.on);
            if let Until::Event(_, frame) = &suspension.until {
                kept.values(frame);
            }
        }
        for what in &self.queue {
            if let What::Event(event) = what {
                kept.event(*event);
            }
        }
        kept.0.extend(self.alleged.iter().copied());
        kept.history(&self.history);
        kept.values(self.seen.values().flatten().flatten());
        kept.values(self.states.borrow().keys().flat_map(|(_, of)| of));
        kept.values(self.tallies.borrow().keys().flat_map(|(_, of)| of));
        for ((_, wanted), (_, meant)) in self.patterns.borrow().iter() {
            kept.values(wanted);
            kept.0.extend(meant.iter().map(|(event, _)| *event));
        }
    }

    /// Forgets what was noted of events that are forgotten.
    pub(crate) fn forget_notes(&mut self, kept: &Kept) {
        self.spent.retain(|event| kept.contains(*event));
        self.proven.retain(|event, _| kept.contains(*event));
    }
}
