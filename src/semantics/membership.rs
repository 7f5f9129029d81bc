//! Groups whose members come and go.

use super::{Lookup, Replay};
use crate::arena::Map;
use crate::eval::Onset;
use crate::model::{BEARER, GroupId, PartyId, Subject, Tail, Value};
use crate::time::Instant;
use crate::verdict::Verdict;
use serde::{Deserialize, Serialize};

/// Who has joined and left a group.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Changes {
    joined: Map<PartyId, Instant>,
    /// From when on a member that leaves is one no more.
    left: Map<PartyId, Instant>,
}

impl<L: Lookup> Replay<'_, L> {
    /// The members that a group has now, those declared first.
    pub(super) fn members_now(&self, group: GroupId) -> Vec<PartyId> {
        let (declared, changes) = (self.program.groups.at(group), self.groups.at(group));
        let now = self.now;
        let dated = declared.members.iter().filter(|member| {
            member.from.is_none_or(|from| from <= now) && member.until.is_none_or(|until| now < until)
        });
        let mut members: Vec<_> = dated.map(|member| member.party).collect();
        members.extend(changes.joined.keys().filter(|party| !members.contains(*party)).copied().collect::<Vec<_>>());
        members.retain(|party| changes.left.get(party).is_none_or(|left| now < *left));
        members
    }

    /// Puts the dates of memberships on the agenda.
    pub(super) fn wake_for_members(&mut self) {
        for group in &self.program.groups {
            for member in &group.members {
                self.wake(member.from);
                self.wake(member.until);
            }
        }
    }

    /// Parties join and leave groups with what happened at a place.
    pub(super) fn change_members(&mut self, place: usize) {
        let mut changed = false;
        for id in self.listed.groups.clone() {
            let group = self.program.groups.at(id);
            if let Some(joined) = &group.joined
                && self.is_happening(joined, place, &[]) == Some(true)
            {
                for party in self.actors(place) {
                    let now = self.now;
                    let members = self.groups.at_mut(id);
                    members.left.shift_remove(&party);
                    members.joined.insert(party, now);
                    changed = true;
                }
            }
            if let Some(left) = &group.left
                && self.is_happening(&left.event, place, &[]) == Some(true)
            {
                let reckoning = self.program.treaties.iter().next().map(|treaty| treaty.reckoning.clone());
                let at = reckoning.map_or(self.now, |it| self.effect_of(left.notice.as_ref(), &it, place));
                for party in self.actors(place) {
                    self.groups.at_mut(id).left.entry(party).or_insert(at);
                    self.wake(at);
                    changed = true;
                }
            }
        }
        if changed {
            self.change_standing();
        }
    }

    /// Memberships that begin or end at this instant.
    pub(super) fn join_on_time(&mut self) {
        if !self.program.groups.is_empty() {
            self.change_standing();
        }
    }

    /// A norm that stands binds each member while it is one, new members included.
    fn change_standing(&mut self) {
        self.lapse_on_exit();
        for (id, article) in self.program.articles.entries() {
            let norm = &article.norm;
            let ((Some((members, _)), _) | (None, Subject::Each { members, .. })) = (&norm.for_each, &norm.subject)
            else {
                continue;
            };
            if !norm.stands() || !self.is_in_force(id) {
                continue;
            }
            let now = self.world().members(members, &self.world().blank_frame(id));
            let bound = self.standing.get(&id).cloned().unwrap_or_default();
            for party in bound.iter().filter(|party| !now.contains(party)) {
                self.exit_standing(id, *party);
            }
            let new: Vec<_> = now.iter().filter(|party| !bound.contains(party)).copied().collect();
            self.standing.insert(id, now);
            if let Some(onset) = self.world().set_off_by_entry(id, self.now).filter(|_| !new.is_empty()) {
                self.begin_for(&onset, &new);
            }
        }
    }

    /// Notes whom a norm that stands binds from the beginning.
    pub(super) fn note_standing(&mut self, verdict: &Verdict) {
        let stands = self.program.articles.at(verdict.article).norm.stands();
        if let Some(party) = self.member_of(verdict).filter(|_| stands) {
            let bound = self.standing.entry(verdict.article).or_default();
            if !bound.contains(&party) {
                bound.push(party);
            }
        }
    }

    /// A duty of a member that is one no more lapses, where the article says so.
    fn lapse_on_exit(&mut self) {
        for (article, id) in self.live.clone() {
            let instance = self.instances.at(id);
            let (Subject::Each { members, .. }, true) =
                (&instance.norm.subject, instance.tail(|tail| matches!(tail, Tail::LapsesOnExit)))
            else {
                continue;
            };
            let now = self.world().members(members, &self.world().blank_frame(article));
            if instance.verdict.bearer.parties.iter().all(|party| !now.contains(party)) {
                self.lapse(id);
            }
        }
    }

    fn begin_for(&mut self, onset: &Onset, parties: &[PartyId]) {
        let treaty = self.program.articles.at(onset.article).treaty;
        for verdict in self.world().start(onset, |party| self.binds(treaty, party)) {
            if self.member_of(&verdict).is_some_and(|party| parties.contains(&party)) {
                self.add(verdict, onset.at);
            }
        }
    }

    /// The member for whom one of several duties is: its bearer or, where somebody else bears it, whom it is named after.
    pub(super) fn member_of(&self, verdict: &Verdict) -> Option<PartyId> {
        let slot = self.program.articles.at(verdict.article).norm.for_each.as_ref().map_or(BEARER, |(_, slot)| *slot);
        match verdict.frame.get(slot) {
            Some(Value::Party(party)) => Some(*party),
            _ => None,
        }
    }
}
