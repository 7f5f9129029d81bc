//! When treaties and articles are in force, and for whom.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::history::What;
use super::{InstanceId, Lookup, Replay};
use crate::arena::Map;
use crate::model::{Accession, ArticleId, Deed, Entry, Expiry, Moment, MomentKind, PartyId, Tail, TreatyId, Value};
use crate::time::{Duration, Instant, Reckoning};
use crate::verdict::Status;

/// Whether a treaty is in force.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct TreatyForce {
    /// When it enters, once that is known.
    enters: Option<Instant>,
    pub(super) from: Option<Instant>,
    /// From when on it is in force no more.
    pub(super) until: Option<Instant>,
    /// What ends it is not its term, so that it is not renewed.
    pub(super) terminated: bool,
    over: bool,
    /// The parties that have acted towards its entry into force.
    acceded: Vec<PartyId>,
    /// From when on a party that has withdrawn is bound no more.
    left: Map<PartyId, Instant>,
}

/// Whether an article is in force.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct ArticleForce {
    /// When it enters, by what it says of its own.
    enters: Option<Instant>,
    pub(super) from: Option<Instant>,
    pub(super) until: Option<Instant>,
    pub(super) over: bool,
    acceded: Vec<PartyId>,
}

impl<L: Lookup> Replay<'_, L> {
    pub(super) fn is_in_force(&self, article: ArticleId) -> bool {
        let force = self.articles.at(article);
        force.from.is_some() && !force.over
    }

    /// When a treaty has entered into force, if it has.
    pub(crate) fn entered(&self, treaty: TreatyId) -> Option<Instant> {
        self.treaties.get(treaty).and_then(|treaty| treaty.from)
    }

    /// Whether a treaty binds a party, as far as its withdrawal goes.
    pub(crate) fn binds(&self, treaty: TreatyId, party: PartyId) -> bool {
        self.treaties.at(treaty).left.get(&party).is_none_or(|left| self.now < *left)
    }

    /// Puts what is known of entries into force on the agenda.
    pub(super) fn open(&mut self, first: Option<Instant>) {
        self.has_begun = true;
        for (id, treaty) in self.program.treaties.entries() {
            let enters = match &treaty.entry {
                Entry::FirstEvent => first,
                Entry::At(at) => Some(*at),
                Entry::When(_) => None,
            };
            self.treaties.at_mut(id).enters = enters;
            self.wake_force(enters);
        }
        for (id, article) in self.program.articles.entries() {
            if let Some(Entry::At(at)) = article.law.entry {
                self.articles.at_mut(id).enters = Some(at);
                self.wake_force(at);
            }
        }
        for occurrence in super::occurrence::everything(self.program) {
            self.wake_for(occurrence, &[]);
        }
        self.wake_for_ticks();
        self.wake_for_members();
    }

    /// What enters into force at this instant, before its events.
    pub(super) fn enter_force(&mut self) {
        for treaty in self.program.treaties.ids() {
            let force = self.treaties.at(treaty);
            if force.from.is_none() && force.enters == Some(self.now) {
                self.enter_treaty(treaty);
            }
        }
        self.enter_articles();
    }

    fn enter_treaty(&mut self, treaty: TreatyId) {
        let now = self.now;
        let until = self.program.treaties.at(treaty).expires(now);
        let force = self.treaties.at_mut(treaty);
        force.from = Some(now);
        force.until = until;
        self.wake_force(until);
        self.queue.push_back(What::Entry(treaty));
        self.enter_articles();
    }

    /// The articles that are in force from now on: their treaty is, and so are they by what they say of their own.
    fn enter_articles(&mut self) {
        for (id, article) in self.program.articles.entries() {
            let treaty = self.treaties.at(article.treaty);
            let force = self.articles.at(id);
            let own = match &article.law.entry {
                None => true,
                Some(_) => force.enters.is_some_and(|at| at <= self.now),
            };
            let ended = article.law.expiry.as_ref().is_some_and(|it| matches!(it, Expiry::At(at) if *at <= self.now));
            if force.from.is_none() && treaty.from.is_some() && !treaty.over && own && !ended {
                self.enter_article(id);
            }
        }
    }

    fn enter_article(&mut self, id: ArticleId) {
        let now = self.now;
        let law = &self.program.articles.at(id).law;
        let until = match &law.expiry {
            Some(Expiry::At(at)) => Some(*at),
            Some(Expiry::After(term)) => Some(term.after(now, &law.reckoning.elapsed())),
            Some(Expiry::On(_)) | None => None,
        };
        let force = self.articles.at_mut(id);
        (force.from, force.until) = (Some(now), until);
        self.wake_force(until);
        self.article_moment(id, MomentKind::EntersIntoForce);
        if let Some(onset) = self.world().set_off_by_entry(id, now) {
            self.begin(&onset);
        }
        self.begin_what_straddles(id);
        self.wake_for_ticks();
    }

    /// What is in force no more from this instant on.
    pub(super) fn end_force(&mut self) {
        for treaty in self.program.treaties.ids() {
            let force = self.treaties.at(treaty);
            if force.from.is_some() && !force.over && force.until == Some(self.now) && !self.is_renewed(treaty) {
                self.end_treaty(treaty);
            }
        }
        for article in self.program.articles.ids() {
            if self.is_in_force(article) && self.articles.at(article).until == Some(self.now) {
                self.end_article(article);
            }
        }
        self.leave_on_time();
    }

    /// Whether a treaty goes on at its expiry, as nobody has given notice in time.
    fn is_renewed(&mut self, treaty: TreatyId) -> bool {
        let header = self.program.treaties.at(treaty);
        let Some(renewal) = header.renewal.as_ref().filter(|_| !self.treaties.at(treaty).terminated) else {
            return false;
        };
        let reckoning = header.reckoning.elapsed();
        let latest = renewal.notice.before(self.now, &reckoning);
        let given = self.history.places(0, self.history.length).any(|place| {
            let in_time = self.history.at(place).is_some_and(|happening| happening.at <= latest);
            in_time && self.is_happening(&renewal.unless, place, &[]) == Some(true)
        });
        if given {
            return false;
        }
        let until = renewal.term.after(self.now, &reckoning);
        self.treaties.at_mut(treaty).until = Some(until);
        self.wake_force(until);
        true
    }

    pub(super) fn end_treaty(&mut self, treaty: TreatyId) {
        if self.treaties.at(treaty).over {
            return;
        }
        self.treaties.at_mut(treaty).over = true;
        self.queue.push_back(What::Expiry(treaty));
        for (id, article) in self.program.articles.entries() {
            if article.treaty == treaty {
                self.end_article(id);
            }
        }
    }

    /// An article ends: what stands binds no more; duties that have accrued survive, unless they lapse on exit.
    pub(super) fn end_article(&mut self, article: ArticleId) {
        if !self.is_in_force(article) {
            return;
        }
        self.articles.at_mut(article).over = true;
        self.article_moment(article, MomentKind::Ends);
        for id in self.live_of(article) {
            self.exit(id);
        }
    }

    /// The treaty, the article or the membership that a duty comes from has ended for its bearer.
    fn exit(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        if instance.stands() {
            self.end_standing(id);
        } else if instance.tail(|tail| matches!(tail, Tail::LapsesOnExit)) {
            self.lapse(id);
        }
    }

    /// What stands binds no more.
    pub(super) fn end_standing(&mut self, id: InstanceId) {
        let now = self.now;
        let instance = self.instances.at_mut(id);
        if instance.norm.lasts() {
            let window = instance.window.closes.unwrap_or((now, now));
            instance.window.closes = Some((window.0.min(now), window.1.min(now)));
            self.end_window(id);
        } else if instance.is_pending() && instance.closes().is_none_or(|closes| closes > now) {
            self.lapse(id);
        }
    }

    /// Treaties and articles enter into force, end and are left with what happened at a place.
    pub(super) fn change_force(&mut self, place: usize) {
        for id in self.listed.treaties.clone() {
            let treaty = self.program.treaties.at(id);
            self.withdraw(id, place);
            if let Entry::When(accession) = &treaty.entry
                && self.treaties.at(id).enters.is_none()
            {
                let mut acceded = std::mem::take(&mut self.treaties.at_mut(id).acceded);
                let enough = self.accedes(accession, place, &mut acceded);
                self.treaties.at_mut(id).acceded = acceded;
                if enough {
                    let at = self.effect_of(accession.delay.as_ref(), &treaty.reckoning, place);
                    self.treaties.at_mut(id).enters = Some(at);
                    self.wake_force(at);
                    if at <= self.now {
                        self.enter_treaty(id);
                        continue;
                    }
                }
            }
            if let Some(Expiry::On(event)) = &treaty.expiry
                && self.treaties.at(id).from.is_some()
                && self.is_happening(event, place, &[]) == Some(true)
            {
                self.end_treaty(id);
            }
        }
        for id in self.listed.articles.clone() {
            let article = self.program.articles.at(id);
            let Some(entry) = &article.law.entry else { continue };
            if let Entry::When(accession) = entry
                && self.articles.at(id).enters.is_none()
            {
                let mut acceded = std::mem::take(&mut self.articles.at_mut(id).acceded);
                let enough = self.accedes(accession, place, &mut acceded);
                self.articles.at_mut(id).acceded = acceded;
                if enough {
                    let at = self.effect_of(accession.delay.as_ref(), &article.law.reckoning, place);
                    self.articles.at_mut(id).enters = Some(at);
                    self.wake_force(at);
                    self.enter_articles();
                }
            }
        }
        for id in self.listed.articles.clone() {
            if let Some(Expiry::On(event)) = &self.program.articles.at(id).law.expiry
                && self.is_in_force(id)
                && self.is_happening(event, place, &[]) == Some(true)
            {
                self.end_article(id);
            }
        }
        self.end_suspensions_with(place);
    }

    /// Counts what happened at a place towards an entry into force; true once it is enough.
    fn accedes(&self, accession: &Accession, place: usize, so_far: &mut Vec<PartyId>) -> bool {
        self.is_happening(&accession.event, place, &[]) == Some(true)
            && accession.is_reached(self.actors(place), so_far)
    }

    /// When what happened at a place takes effect: just after it or, where there is a delay, when that has passed.
    pub(super) fn effect_of(&self, delay: Option<&Duration>, reckoning: &Reckoning, place: usize) -> Instant {
        match (delay, self.anchor_at(place)) {
            (Some(delay), Some(anchor)) => delay.after(anchor, reckoning),
            _ => self.now,
        }
    }

    /// Who did what happened at a place.
    pub(super) fn actors(&self, place: usize) -> Vec<PartyId> {
        match self.history.at(place).map(|happening| &happening.what) {
            Some(What::Event(event)) => self.world().actors(*event),
            Some(What::Moment(moment)) => moment.by.parties(),
            _ => Vec::new(),
        }
    }

    fn withdraw(&mut self, treaty: TreatyId, place: usize) {
        let header = self.program.treaties.at(treaty);
        let Some(withdrawal) = &header.withdrawal else { return };
        if self.is_happening(&withdrawal.event, place, &[]) != Some(true) {
            return;
        }
        let at = self.effect_of(withdrawal.notice.as_ref(), &header.reckoning, place);
        for party in self.actors(place) {
            self.party_leaves(treaty, party, at);
        }
    }

    /// A party leaves a treaty: what stands ends for it with its notice.
    pub(super) fn party_leaves(&mut self, treaty: TreatyId, party: PartyId, at: Instant) {
        if self.treaties.at(treaty).left.contains_key(&party) {
            return;
        }
        self.treaties.at_mut(treaty).left.insert(party, at);
        self.wake_force(at);
        for (_, id) in self.live.clone() {
            self.leaves(id, treaty, party, at);
        }
        if at <= self.now {
            self.exit_of(treaty, party);
        }
    }

    /// A standing prohibition of a party that has given notice ends with it.
    pub(super) fn leaves(&mut self, id: InstanceId, treaty: TreatyId, party: PartyId, at: Instant) {
        let instance = self.instances.at(id);
        let of_treaty = self.program.articles.at(instance.verdict.article).treaty == treaty;
        if of_treaty && instance.stands() && instance.norm.lasts() && instance.verdict.bearer.parties == [party] {
            let instance = self.instances.at_mut(id);
            let closes = instance.window.closes.map_or((at, at), |(first, last)| (first.min(at), last.min(at)));
            instance.window.closes = Some(closes);
            instance.show_window();
            if instance.verdict.status == Status::Observed {
                instance.verdict.status = Status::Pending;
            }
            self.wake_at_ends(id);
        }
    }

    /// A duty begins when its bearer's notice is running already.
    pub(super) fn leaves_already(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        let treaty = self.program.articles.at(instance.verdict.article).treaty;
        if let [party] = instance.verdict.bearer.parties[..]
            && let Some(at) = self.treaties.at(treaty).left.get(&party).copied()
        {
            self.leaves(id, treaty, party, at);
            self.wake_force(at);
        }
    }

    /// Notices that have run out at this instant.
    fn leave_on_time(&mut self) {
        for treaty in self.program.treaties.ids() {
            let left = &self.treaties.at(treaty).left;
            let leaving: Vec<_> = left.iter().filter(|(_, at)| **at == self.now).map(|(party, _)| *party).collect();
            for party in leaving {
                self.exit_of(treaty, party);
            }
        }
    }

    fn exit_of(&mut self, treaty: TreatyId, party: PartyId) {
        for (article, id) in self.live.clone() {
            let of_treaty = self.program.articles.at(article).treaty == treaty;
            if of_treaty && self.instances.at(id).verdict.bearer.parties == [party] {
                self.exit(id);
            }
        }
    }

    /// A standing duty of a party whose membership has ended.
    pub(super) fn exit_standing(&mut self, article: ArticleId, party: PartyId) {
        for id in self.live_of(article) {
            if self.member_of(&self.instances.at(id).verdict) == Some(party) {
                self.exit(id);
            }
        }
    }

    fn article_moment(&mut self, article: ArticleId, kind: MomentKind) {
        if self.is_waited_for(article, kind) {
            let (by, on, frame) = (Value::Absent, Value::Absent, Arc::from([]));
            self.moments += 1;
            let number = self.moments;
            let moment = Moment { number, article, kind, by, cause: None, due: None, at: self.now, on, frame };
            self.queue.push_back(What::Moment(Arc::new(moment)));
        }
    }
}

impl super::instance::Instance<'_> {
    /// Whether it began with the article's entry into force.
    pub(super) fn stands(&self) -> bool {
        self.norm.stands()
    }

    /// Whether its exercise brings something about.
    pub(super) fn has_effect(&self) -> bool {
        self.tail(|tail| matches!(tail, Tail::Whereupon(_)))
    }
}

impl crate::model::Norm {
    /// What it is about, where that is acts.
    pub(super) fn acts(&self) -> Option<&crate::model::Acts> {
        match &self.deed {
            Deed::Acts(acts) => Some(acts),
            _ => None,
        }
    }
}
