//! What an event, a moment or a timer does.

use std::sync::Arc;

use super::plan::keys;
use super::timers::Timer;
use super::{InstanceId, Monitor};
use crate::eval::Onset;
use crate::model::{ArticleId, EventId, MomentKind, Norm, Occurrence, Subject, Value};
use crate::time::Instant;
use crate::verdict::{Doubt, Status, Verdict};

impl Monitor<'_> {
    /// The duties that an event may concern are met, excused or broken.
    pub(super) fn perform(&mut self, event: EventId) {
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        let instances = &self.instances;
        let log = self.world.log;
        self.waiting.find(self.world.program, log, log.events.at(event), |id| instances.at(id).is_some(), &mut found);
        // Among simultaneous moments: articles in file order, then duties in the order in which they began.
        let article = |id: InstanceId| instances.at(id).as_ref().map(|instance| instance.article);
        found.sort_unstable_by_key(|id| (article(*id), *id));
        found.dedup();
        for id in &found {
            let Some(article) = self.instances.at(*id).as_ref().map(|instance| instance.article) else {
                continue;
            };
            let norm = &self.world.program.articles.at(article).norm;
            if norm.forbids() {
                self.forbidden_act(*id, norm, event);
            } else {
                self.act(*id, norm, event);
            }
        }
        self.found = found;
    }

    /// The articles that an event triggers start their duties.
    pub(super) fn trigger(&mut self, event: EventId) {
        let mut triggers = std::mem::take(&mut self.triggers);
        triggers.clear();
        let log = self.world.log;
        self.plan.triggers.find(self.world.program, log, log.events.at(event), |_| true, &mut triggers);
        triggers.sort_unstable();
        triggers.dedup();
        for article in &triggers {
            if self.is_in_force(*article, log.events.at(event).at) {
                for onset in self.world.set_off_by_event(*article, event) {
                    self.start(&onset);
                }
            }
        }
        self.triggers = triggers;
    }

    /// Tells the moments of this instant to the articles that wait for them, until there are none left.
    pub(super) fn settle(&mut self) {
        while let Some(moment) = self.moments.pop_front() {
            let followers = self.plan.followers.get(&(moment.article, moment.kind)).cloned().unwrap_or_default();
            for article in followers {
                if self.is_in_force(article, moment.at)
                    && let Some(onset) = self.world.set_off_by_moment(article, &moment)
                {
                    self.start(&onset);
                }
            }
        }
    }

    fn is_in_force(&self, article: ArticleId, at: Instant) -> bool {
        let treaty = self.world.program.articles.at(article).treaty;
        self.in_force.get(&treaty).is_some_and(|life| life.at(at))
    }

    fn moment(&mut self, instance: &Verdict, kind: MomentKind, at: Instant) {
        let article = instance.article;
        if self.plan.followers.contains_key(&(article, kind)) {
            let norm = &self.world.program.articles.at(article).norm;
            let together = matches!(norm.subject, Subject::Group { together: true, .. });
            self.moments.extend(instance.moments(kind, at, together, Value::Absent));
        }
    }

    /// Starts the duties of an onset: a timer for each, and a place in the index.
    pub(super) fn start(&mut self, onset: &Onset) {
        let article = self.world.program.articles.at(onset.article);
        let life = self.in_force.get(&article.treaty);
        let started = self.world.start(onset, |party| life.is_none_or(|life| life.binds(party, onset.at.at)));
        for mut instance in started {
            let norm = &article.norm;
            let mut over = instance.status == Status::Indeterminate;
            if !over {
                self.moment(&instance, MomentKind::Triggered, onset.at.at);
                over = self.is_over_at_once(&mut instance, norm, onset.at.at);
            }
            let frame = Arc::clone(&instance.frame);
            let due = instance.due;
            let pending = instance.status == Status::Pending;
            let id = self.instances.push(Some(instance));
            if over {
                self.decide(id);
                continue;
            }
            for pattern in norm
                .act()
                .map(|act| &act.pattern)
                .into_iter()
                .chain(norm.excused_by.iter().filter_map(Occurrence::pattern))
            {
                for key in keys(&self.world, pattern, &frame) {
                    self.waiting.insert(pattern.kind, key, id);
                }
            }
            match due {
                Some(due) if norm.forbids() => self.timers.set(due, Timer::End(id), Some(onset.article)),
                Some(due) if pending => self.timers.set(due, Timer::Due(id), Some(onset.article)),
                _ => {}
            }
            if norm.forbids() && norm.stands() {
                self.standing.entry(article.treaty).or_default().push(id);
                self.leave_already(article.treaty, id);
            }
        }
    }

    /// What is known at the trigger already: an excuse, or an end that has passed.
    fn is_over_at_once(&mut self, instance: &mut Verdict, norm: &Norm, at: Instant) -> bool {
        let due = instance.due;
        if norm.forbids() {
            let over = due.is_some_and(|end| end <= at);
            if over {
                instance.ended(at);
                self.moment(instance, MomentKind::Met, at);
            }
            return over;
        }
        match self.world.any(&norm.unless, &instance.frame) {
            Some(true) => {
                instance.comes_to(Status::Excused, at);
                return true;
            }
            None => instance.doubtful(Doubt::Excuse),
            Some(false) => {}
        }
        if due.is_some_and(|due| due < at) {
            self.breach(instance, norm, at);
        }
        instance.status == Status::Indeterminate
    }

    pub(super) fn due(&mut self, id: InstanceId, at: Instant) {
        let Some(mut instance) = self.instances.at_mut(id).take() else {
            return;
        };
        let norm = &self.world.program.articles.at(instance.article).norm;
        self.breach(&mut instance, norm, at);
        let over = instance.status == Status::Indeterminate;
        self.put_back(id, instance, over);
    }

    fn put_back(&mut self, id: InstanceId, instance: Verdict, over: bool) {
        *self.instances.at_mut(id) = Some(instance);
        if over {
            self.decide(id);
        }
    }

    /// The clock has passed the due instant: what is pending is breached, or cannot be told.
    fn breach(&mut self, instance: &mut Verdict, norm: &Norm, at: Instant) {
        if instance.overdue(norm, at) {
            self.moment(instance, MomentKind::Breached, at);
        }
    }

    /// What an event does to a duty.
    fn act(&mut self, id: InstanceId, norm: &Norm, event: EventId) {
        let Some(mut instance) = self.instances.at_mut(id).take() else {
            return;
        };
        let at = self.world.log.events.at(event).at;
        let pending = matches!(instance.status, Status::Pending | Status::Open);
        let performs = self.world.is_act(norm, event, &instance.frame);
        if performs != Some(false) && pending && instance.opens.is_some_and(|opens| at < opens) {
            instance.premature.push(event);
        } else if performs == Some(true) {
            if self.world.suffices(norm, event, &mut instance) {
                instance.comes_to(if pending { Status::Met } else { Status::Late }, at);
                instance.acts.push(event);
                if pending {
                    self.moment(&instance, MomentKind::Met, at);
                }
                return self.put_back(id, instance, true);
            }
        } else if performs.is_none() && pending {
            instance.doubtful(Doubt::Act(event));
        }
        let over = pending && self.excuse(&mut instance, norm, event);
        self.put_back(id, instance, over);
    }

    /// Discharges a duty or a prohibition where the event excuses it; true where it does.
    fn excuse(&self, instance: &mut Verdict, norm: &Norm, event: EventId) -> bool {
        match self.world.excuses(norm, event, &instance.frame) {
            Some(true) => {
                instance.excused_by(event, self.world.log.events.at(event).at);
                true
            }
            None => {
                instance.doubtful(Doubt::Act(event));
                false
            }
            Some(false) => false,
        }
    }

    /// What an event does to a prohibition.
    fn forbidden_act(&mut self, id: InstanceId, norm: &Norm, event: EventId) {
        let Some(mut instance) = self.instances.at_mut(id).take() else {
            return;
        };
        let at = self.world.log.events.at(event).at;
        match self.world.breaks(norm, event, &instance) {
            Some(true) => {
                instance.broken_by(event, at);
                self.moment(&instance, MomentKind::Breached, at);
            }
            None => instance.doubtful(Doubt::Act(event)),
            Some(false) => {}
        }
        let over = self.excuse(&mut instance, norm, event);
        self.put_back(id, instance, over);
    }

    /// A prohibition has ended: if nothing broke it, it was kept.
    pub(super) fn unbroken(&mut self, id: InstanceId, at: Instant) {
        let Some(mut instance) = self.instances.at_mut(id).take() else {
            return;
        };
        if instance.ended(at) {
            self.moment(&instance, MomentKind::Met, at);
        }
        self.put_back(id, instance, true);
    }
}
