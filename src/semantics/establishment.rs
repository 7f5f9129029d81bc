//! `established by`: what counts only once something else has proven it.

use super::history::What;
use super::{Lookup, Replay, Standard};
use crate::arena::Id;
use crate::model::{EventId, Value};

impl<L: Lookup> Replay<'_, L> {
    /// Whether an event does not count yet.
    pub(super) fn waits_for_proof(&self, event: EventId) -> bool {
        let kind = self.program.kinds.at(self.log.events.at(event).kind);
        self.standard == Standard::Established && kind.established.is_some()
    }

    /// Events that are established by what has just happened count from now on, and happen now.
    pub(super) fn establish(&mut self, place: usize) {
        let mut proven = Vec::new();
        for event in &self.alleged {
            let kind = self.program.kinds.at(self.log.events.at(*event).kind);
            let Some(by) = &kind.established else { continue };
            if self.happens(by, place, &[Value::Event(*event)]).iter().any(|way| way.truth == Some(true)) {
                proven.push(*event);
            }
        }
        self.alleged.retain(|event| !proven.contains(event));
        proven.sort_by_key(|event| event.index());
        for event in proven {
            self.proven.insert(event, self.now);
            self.queue.push_back(What::Event(event));
        }
    }
}
