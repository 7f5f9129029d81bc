//! What conditions ask of the course of the replay.

use super::{Lookup, Replay, Standard};
use crate::eval::{Facts, Frame, Truth};
use crate::model::{Aggregate, ArticleMoment, EventId, GroupId, PartyId, StateId, TallyId, Value};
use crate::time::Instant;

impl<L: Lookup> Facts for Replay<'_, L> {
    fn members(&self, group: GroupId) -> Vec<PartyId> {
        self.members_now(group)
    }

    fn holds(&self, state: StateId, of: &[Value]) -> Truth {
        self.state_holds(state, of)
    }

    fn tally(&self, tally: TallyId, of: &[Value]) -> Value {
        self.tally_now(tally, of)
    }

    fn aggregate(&self, aggregate: &Aggregate, frame: &Frame) -> Value {
        self.aggregate_now(aggregate, frame)
    }

    fn growth(&self, aggregate: &Aggregate, frame: &Frame) -> i64 {
        self.growth_now(aggregate, frame)
    }

    fn status(&self, moment: &ArticleMoment, frame: &Frame) -> Truth {
        self.has_come_to(moment, frame)
    }

    fn in_breach(&self, moment: &ArticleMoment, frame: &Frame) -> Truth {
        self.is_in_breach(moment, frame)
    }

    fn established(&self, event: EventId) -> Option<Instant> {
        // What is alleged counts at once, as if it had been proven when it happened.
        let alleged = || (self.standard == Standard::Alleged).then(|| self.log.events.at(event).at);
        self.proven.get(&event).copied().or_else(alleged)
    }
}
