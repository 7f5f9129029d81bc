//! What brings treaties into force, and how parties leave them.

use super::World;
use crate::model::{Accession, EventId, PartyId, Pattern, TreatyId};

impl World<'_> {
    /// Counts an event towards a treaty's entry into force; true once it is enough. `so_far` are the parties that
    /// have acted.
    pub fn accedes(&self, accession: &Accession, event: EventId, so_far: &mut Vec<PartyId>) -> bool {
        let Some(pattern) = accession.event.pattern() else { return false };
        if self.is_match(pattern, event, &[]) != Some(true) {
            return false;
        }
        if accession.parties == 1 && accession.among.is_none() {
            return true;
        }
        for party in self.actors(pattern, event) {
            let counts = accession.among.as_ref().is_none_or(|among| among.contains(&party));
            if counts && !so_far.contains(&party) {
                so_far.push(party);
            }
        }
        so_far.len() >= accession.parties
    }

    /// The parties that leave a treaty by an event.
    pub fn withdraw(&self, treaty: TreatyId, event: EventId) -> Vec<PartyId> {
        let withdrawal = self.program.treaties.at(treaty).withdrawal.as_ref();
        match withdrawal.and_then(|withdrawal| withdrawal.event.pattern()) {
            Some(pattern) if self.is_match(pattern, event, &[]) == Some(true) => self.actors(pattern, event),
            _ => Vec::new(),
        }
    }

    fn actors(&self, pattern: &Pattern, event: EventId) -> Vec<PartyId> {
        let by = self.program.kinds.at(pattern.kind).by;
        by.map(|by| self.log.field(self.log.events.at(event), by).parties()).unwrap_or_default()
    }
}
