//! What brings treaties into force, and how parties leave them.

use super::World;
use crate::model::{Accession, EventId, PartyId};

impl World<'_> {
    /// Who did what happened.
    pub(crate) fn actors(&self, event: EventId) -> Vec<PartyId> {
        let found = self.log.events.at(event);
        let by = self.program.kinds.at(found.kind).by;
        by.map(|by| self.log.field(found, by).parties()).unwrap_or_default()
    }
}

impl Accession {
    /// Counts parties that have acted once more; true once it is enough.
    pub(crate) fn is_reached(&self, actors: Vec<PartyId>, so_far: &mut Vec<PartyId>) -> bool {
        if self.parties == 1 && self.among.is_none() {
            return true;
        }
        for party in actors {
            let counts = self.among.as_ref().is_none_or(|among| among.contains(&party));
            if counts && !so_far.contains(&party) {
                so_far.push(party);
            }
        }
        so_far.len() >= self.parties
    }
}
