//! Events by their numbers, of which some may have been forgotten.

use std::iter::Chain;
use std::slice;

use serde::{Deserialize, Serialize};

use super::Event;
use crate::arena::Id;
use crate::model::EventId;

/// The events that a log holds, by their numbers in the order of the replay.
///
/// No number is given twice: when an event is forgotten the others keep theirs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Events {
    /// Those that were kept when others were forgotten, and their numbers, which rise.
    kept: Vec<Event>,
    numbers: Vec<EventId>,
    /// Those since; the first of them has the number `next`.
    recent: Vec<Event>,
    next: usize,
    #[serde(skip)]
    forgotten: Event,
}

/// Events in order.
pub type Iter<'a> = Chain<slice::Iter<'a, Event>, slice::Iter<'a, Event>>;

impl Events {
    /// Adds an event after all others.
    pub(super) fn push(&mut self, event: Event) -> EventId {
        self.recent.push(event);
        EventId::from_index(self.given() - 1)
    }

    /// How many events are held.
    pub fn len(&self) -> usize {
        self.kept.len() + self.recent.len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many events there have been, those that were forgotten included; it is the number of the next one.
    pub fn given(&self) -> usize {
        self.next + self.recent.len()
    }

    /// The event of a number; none where it is forgotten, or has not come yet.
    pub fn get(&self, id: EventId) -> Option<&Event> {
        match id.index().checked_sub(self.next) {
            Some(place) => self.recent.get(place),
            None => self.kept.get(self.numbers.binary_search(&id).ok()?),
        }
    }

    /// The event of a number.
    ///
    /// What stands for one that is forgotten has no fields, and the first instant that can be told. It should never be
    /// seen: whoever is going to ask for an event keeps it.
    pub fn at(&self, id: EventId) -> &Event {
        self.get(id).unwrap_or(&self.forgotten)
    }

    /// The events in order.
    pub fn iter(&self) -> Iter<'_> {
        self.kept.iter().chain(&self.recent)
    }

    /// The last event.
    pub fn last(&self) -> Option<&Event> {
        self.recent.last().or(self.kept.last())
    }

    /// The numbers of the events, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = EventId> + Clone + '_ {
        let recent = (self.next..self.given()).map(EventId::from_index);
        self.numbers.iter().copied().chain(recent)
    }

    /// The numbers of the events from the first of which something holds, where it holds of all that follow.
    pub fn ids_where(&self, holds: impl Fn(&Event) -> bool) -> impl DoubleEndedIterator<Item = EventId> + Clone + '_ {
        let kept = self.kept.partition_point(|event| !holds(event));
        let recent = if kept < self.kept.len() { 0 } else { self.recent.partition_point(|event| !holds(event)) };
        let recent = (self.next + recent..self.given()).map(EventId::from_index);
        self.numbers.get(kept..).unwrap_or_default().iter().copied().chain(recent)
    }

    /// The number of the first event of which something holds, where it holds of all that follow; that of the next event
    /// to come, if of none.
    pub fn first_where(&self, holds: impl Fn(&Event) -> bool) -> EventId {
        self.ids_where(holds).next().unwrap_or(EventId::from_index(self.given()))
    }

    /// The events with their numbers, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (EventId, &Event)> {
        let kept = self.numbers.iter().copied().zip(&self.kept);
        let recent = self.recent.iter().enumerate();
        kept.chain(recent.map(|(place, event)| (EventId::from_index(self.next + place), event)))
    }

    /// Drops what is not kept; of what is, `moved` is told in order.
    pub(super) fn forget(&mut self, keep: &dyn Fn(EventId) -> bool, moved: &mut dyn FnMut(&mut Event)) {
        let next = self.given();
        let recent = std::mem::take(&mut self.next)..next;
        self.numbers.extend(recent.map(EventId::from_index));
        self.kept.append(&mut self.recent);
        self.next = next;
        let mut numbers = self.numbers.iter();
        self.kept.retain_mut(|event| {
            let kept = numbers.next().is_some_and(|number| keep(*number));
            if kept {
                moved(event);
            }
            kept
        });
        self.numbers.retain(|number| keep(*number));
    }
}

impl<'a> IntoIterator for &'a Events {
    type Item = &'a Event;
    type IntoIter = Iter<'a>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
