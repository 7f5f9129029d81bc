//! When treaties are in force, and for whom.

use super::timers::Timer;
use super::{InstanceId, Monitor};
use crate::model::{Entry, EventId, Expiry, Occurrence, PartyId, TreatyId};
use crate::time::Instant;

impl Monitor<'_> {
    /// Sets the clock of every treaty.
    pub(super) fn open(&mut self) {
        let first = self.world.log.events.iter().next().map_or(Instant::NEVER, |event| event.at);
        for (id, treaty) in self.world.program.treaties.entries() {
            match treaty.entry {
                Entry::FirstEvent => self.timers.set(first, Timer::Entry(id), None),
                Entry::At(at) => self.timers.set(at, Timer::Entry(id), None),
                Entry::When(_) => {}
            }
        }
    }

    pub(super) fn enter_into_force(&mut self, treaty: TreatyId, at: Instant) {
        let header = &self.world.program.treaties.at(treaty);
        let until = header.expires(at);
        let life = self.in_force.entry(treaty).or_default();
        (life.from, life.until) = (Some(at), until);
        for (id, article) in self.world.program.articles.entries() {
            if article.treaty == treaty
                && let Some(onset) = self.world.set_off_by_entry(id, at)
            {
                self.start(&onset);
            }
        }
    }

    /// Treaties enter into force and end.
    pub(super) fn change_treaties(&mut self, event: EventId) {
        let mut found: Vec<TreatyId> = Vec::new();
        let log = self.world.log;
        self.plan.treaties.find(self.world.program, log, log.events.at(event), |_| true, &mut found);
        found.sort_unstable();
        found.dedup();
        for treaty in found {
            self.withdraw(treaty, event);
            self.accede(treaty, event);
            self.expire(treaty, event);
        }
    }

    /// Parties leave a treaty; their standing prohibitions end with their notice.
    fn withdraw(&mut self, treaty: TreatyId, event: EventId) {
        let header = self.world.program.treaties.at(treaty);
        let notice = header.withdrawal.as_ref().and_then(|withdrawal| withdrawal.notice.as_ref());
        let at = self.world.log.events.at(event).at;
        let effect = notice.map_or(at, |notice| notice.after(at, &header.reckoning));
        for party in self.world.withdraw(treaty, event) {
            let left = &mut self.in_force.entry(treaty).or_default().left;
            if left.contains_key(&party) {
                continue;
            }
            left.insert(party, effect);
            for id in self.standing.get(&treaty).cloned().unwrap_or_default() {
                self.leave(id, party, effect);
                if notice.is_none()
                    && self.instances.at(id).as_ref().is_some_and(|it| it.bearer.parties.contains(&party))
                {
                    self.unbroken(id, at);
                }
            }
        }
    }

    /// The bearer of a standing prohibition is bound until then and no longer.
    fn leave(&mut self, id: InstanceId, party: PartyId, effect: Instant) {
        if let Some(instance) = self.instances.at_mut(id).as_mut()
            && instance.bearer.parties.contains(&party)
        {
            instance.end_by(effect);
            self.timers.set(effect, Timer::End(id), Some(instance.article));
        }
    }

    /// As [`Monitor::leave`], for a prohibition that begins when its bearer has withdrawn and the notice still runs.
    pub(super) fn leave_already(&mut self, treaty: TreatyId, id: InstanceId) {
        let bearer = self.instances.at(id).as_ref().and_then(|instance| instance.bearer.parties.first().copied());
        let left = self.in_force.get(&treaty).zip(bearer).and_then(|(life, party)| life.left.get(&party).copied());
        if let (Some(effect), Some(party)) = (left, bearer) {
            self.leave(id, party, effect);
        }
    }

    fn accede(&mut self, treaty: TreatyId, event: EventId) {
        let header = self.world.program.treaties.at(treaty);
        let life = self.in_force.entry(treaty).or_default();
        let Entry::When(accession) = &header.entry else { return };
        if life.from.is_some() || life.awaited {
            return;
        }
        if self.world.accedes(accession, event, &mut life.acceded) {
            life.awaited = true;
            let at = self.world.log.events.at(event).at;
            match &accession.delay {
                Some(delay) => self.timers.set(delay.after(at, &header.reckoning), Timer::Entry(treaty), None),
                None => {
                    life.entered_by = Some(event);
                    self.enter_into_force(treaty, at);
                }
            }
        }
    }

    fn expire(&mut self, treaty: TreatyId, event: EventId) {
        let header = self.world.program.treaties.at(treaty);
        let at = self.world.log.events.at(event).at;
        let life = self.in_force.entry(treaty).or_default();
        let Some(Expiry::On(Occurrence::Pattern(pattern))) = &header.expiry else { return };
        // What brings it into force does not end it at once.
        let entered = life.from.is_some() && life.entered_by != Some(event);
        if entered && !life.ended && self.world.is_match(pattern, event, &[]) == Some(true) {
            life.ended = true;
            for id in self.standing.shift_remove(&treaty).unwrap_or_default() {
                self.unbroken(id, at);
            }
        }
    }
}
