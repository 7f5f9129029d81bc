//! What has happened, in the order of the replay.

use std::sync::Arc;

use super::{Lookup, Replay};
use crate::arena::Map;
use crate::model::{EventId, KindId, Moment, TreatyId};
use crate::time::Instant;

/// Something that happens.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// An event of the log counts.
    Event(EventId),
    /// A moment in the life of a duty or of an article.
    Moment(Arc<Moment>),
    /// What happened at that place of the history has begun or ended states.
    Turn(usize),
    /// A treaty enters into force.
    Entry(TreatyId),
    /// A treaty is in force no more.
    Expiry(TreatyId),
    /// The clock has come to an instant, before its events.
    Tick,
    /// The events of an instant are over: states that begin and end by the clock do so now.
    Passed,
}

/// Something that has happened.
#[derive(Debug, Clone)]
pub(crate) struct Happening {
    pub(super) at: Instant,
    pub(crate) what: What,
}

/// What has happened, in order.
#[derive(Debug, Default)]
pub(crate) struct History {
    pub(super) list: Vec<Happening>,
    /// The events of each kind.
    events: Map<KindId, Vec<EventId>>,
    /// Where each event stands.
    places: Map<EventId, usize>,
    /// Up to where states have taken it in: an event is judged by the states as they were before it.
    pub(super) settled: usize,
}

impl History {
    /// What happened at a place.
    pub(crate) fn at(&self, place: usize) -> Option<&Happening> {
        self.list.get(place)
    }

    /// Where an event stands, once it has counted.
    pub(super) fn place_of(&self, event: EventId) -> Option<usize> {
        self.places.get(&event).copied()
    }

    /// The events of a kind that have counted so far, the present one included, in order.
    pub(super) fn events(&self, kind: KindId) -> &[EventId] {
        self.events.get(&kind).map_or(&[], Vec::as_slice)
    }
}

impl<L: Lookup> Replay<'_, L> {
    /// Notes that something happens now, and returns its place.
    pub(super) fn record(&mut self, what: What) -> usize {
        if let What::Event(event) = what {
            let kind = self.log.events.at(event).kind;
            self.history.events.entry(kind).or_default().push(event);
            self.history.places.insert(event, self.history.list.len());
        }
        self.history.list.push(Happening { at: self.now, what });
        self.history.list.len() - 1
    }

    /// The event that happened at a place, if it was one.
    pub(crate) fn event_at(&self, place: usize) -> Option<EventId> {
        match self.history.at(place)?.what {
            What::Event(event) => Some(event),
            _ => None,
        }
    }
}
