//! What brings treaties into force, and how parties leave them.

use super::World;
use crate::model::{Accession, EventId, PartyId, TreatyId};

impl World<'_> {
    /// Counts an event towards a treaty's entry into force; true once it is enough. `so_far` are the parties that
    /// have acted.
    pub fn accedes(&self, accession: &Accession, event: EventId, so_far: &mut Vec<PartyId>) -> bool {
        let Some(pattern) = accession.event.pattern() else { return false };
        if self.is_match(pattern, event, &[]) != Some(true) {
            return false;
        }
        accession.is_reached(self.actors(event), so_far)
    }

    /// The parties that leave a treaty by an event.
    pub fn withdraw(&self, treaty: TreatyId, event: EventId) -> Vec<PartyId> {
        let withdrawal = self.program.treaties.at(treaty).withdrawal.as_ref();
        match withdrawal.and_then(|withdrawal| withdrawal.event.pattern()) {
            Some(pattern) if self.is_match(pattern, event, &[]) == Some(true) => self.actors(event),
            _ => Vec::new(),
        }
    }

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
