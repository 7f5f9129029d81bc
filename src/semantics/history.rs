//! What has happened, in the order of the replay.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Arc;

use super::{Lookup, Replay};
use crate::arena::Map;
use crate::model::{EventId, KindId, Moment, TreatyId};
use crate::time::Instant;

/// Something that happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Happening {
    /// Where it stands among all that has happened.
    place: usize,
    pub(super) at: Instant,
    pub(crate) what: What,
}

/// What has happened, in order: all of the present instant, and of what was before as much as is remembered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct History {
    list: VecDeque<Happening>,
    /// The events of each kind that is remembered.
    events: Map<KindId, Vec<EventId>>,
    /// Where each of them stands.
    places: Map<EventId, usize>,
    /// How much has happened, and how much before the present instant.
    pub(super) length: usize,
    before: usize,
    /// Up to where states have taken it in: an event is judged by the states as they were before it.
    pub(super) settled: usize,
}

impl History {
    /// What happened at a place.
    pub(crate) fn at(&self, place: usize) -> Option<&Happening> {
        if place >= self.before {
            // Of the present instant everything is at hand.
            let from_the_end = self.length.checked_sub(place)?;
            return self.list.get(self.list.len().checked_sub(from_the_end)?);
        }
        let index = self.list.binary_search_by_key(&place, |happening| happening.place).ok()?;
        self.list.get(index)
    }

    /// The places from one on, up to but not including another, of which it is known what happened.
    pub(super) fn places(&self, from: usize, until: usize) -> impl DoubleEndedIterator<Item = usize> {
        let index = |place: usize| {
            if place >= self.before {
                let from_the_end = self.length.saturating_sub(place);
                return self.list.len().saturating_sub(from_the_end);
            }
            self.list.partition_point(|happening| happening.place < place)
        };
        let (first, last) = (index(from), index(until));
        self.list.range(first..last.max(first)).map(|happening| happening.place)
    }

    /// What is known to have happened before a place.
    pub(super) fn before(&self, place: usize) -> impl DoubleEndedIterator<Item = &Happening> {
        self.places(0, place).filter_map(|place| self.at(place))
    }

    /// Where the clock last passed the events of an instant.
    pub(super) fn passed(&self, at: Instant) -> Option<usize> {
        let present = self.list.iter().rev().take_while(|happening| happening.at == at);
        present.filter(|happening| matches!(happening.what, What::Passed)).map(|happening| happening.place).next()
    }

    /// Where an event stands, once it has counted.
    pub(super) fn place_of(&self, event: EventId) -> Option<usize> {
        let present = || self.list.iter().rev().take_while(|happening| happening.place >= self.before);
        let found = present().find(|happening| matches!(happening.what, What::Event(other) if other == event));
        found.map(|happening| happening.place).or_else(|| self.places.get(&event).copied())
    }

    /// How much had happened when the present instant began.
    pub(crate) fn before_this_instant(&self) -> usize {
        self.before
    }

    /// The events of a kind that have counted so far, the present one included, in order.
    pub(super) fn events(&self, kind: KindId) -> &[EventId] {
        self.events.get(&kind).map_or(&[], Vec::as_slice)
    }
}

impl<L: Lookup> Replay<'_, L> {
    /// Notes that something happens now, and returns its place.
    pub(super) fn record(&mut self, what: What) -> usize {
        let place = self.history.length;
        if let What::Event(event) = what
            && L::remembers(self, &what)
        {
            let kind = self.log.events.at(event).kind;
            self.history.events.entry(kind).or_default().push(event);
            self.history.places.insert(event, place);
        }
        self.history.list.push_back(Happening { place, at: self.now, what });
        self.history.length += 1;
        place
    }

    /// The present instant is over: what nobody looks back at is forgotten.
    pub(super) fn forget_the_instant(&mut self) {
        self.tell();
        let present = self.history.length - self.history.before;
        let mut remembered = Vec::new();
        for _ in 0..present {
            let Some(happening) = self.history.list.pop_back() else { break };
            if L::remembers(self, &happening.what) {
                remembered.push(happening);
            }
        }
        self.history.list.extend(remembered.into_iter().rev());
        self.history.before = self.history.length;
    }

    /// Whether an event of a kind, whose time is not known exactly, may have been later than now.
    pub(crate) fn may_come_later(&self, kind: KindId) -> bool {
        self.history.events(kind).iter().rev().any(|event| self.log.events.at(*event).latest > self.now)
    }

    /// The event that happened at a place, if it was one.
    pub(crate) fn event_at(&self, place: usize) -> Option<EventId> {
        match self.history.at(place)?.what {
            What::Event(event) => Some(event),
            _ => None,
        }
    }
}
