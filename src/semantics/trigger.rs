//! «Triggers»: what starts an instance.

use std::sync::Arc;

use super::effect::Ordered;
use super::history::What;
use super::occurrence::{bound, constant};
use super::{InstanceId, Lookup, Replay};
use crate::eval::{Onset, Truth};
use crate::model::{ArticleId, Deed, EventId, MomentKind, Norm, Occurrence, Pattern, Slot, Trigger, Value, Want};
use crate::syntax::ast::Again;
use crate::time::{Anchor, Instant};
use crate::verdict;

impl<L: Lookup> Replay<'_, L> {
    /// Everything that what happened at a place sets off: all duties start, reading states as they were before it.
    pub(super) fn trigger(&mut self, place: usize) {
        let mut onsets = Vec::new();
        for article in L::set_off(self, place) {
            if self.is_in_force(article) {
                onsets.extend(self.set_off(article, place));
            }
        }
        for mut onset in onsets {
            // What a proof brings to light runs from the proof.
            if onset.at.at < self.now {
                onset.at = self.now.into();
            }
            self.begin(&onset);
        }
    }

    fn set_off(&mut self, article: ArticleId, place: usize) -> Vec<Onset> {
        let norm = &self.program.articles.at(article).norm;
        let Some(happening) = self.history.at(place) else { return Vec::new() };
        match (&norm.trigger, happening.what.clone()) {
            (Trigger::Event { .. }, What::Event(event)) => self.world().set_off_by_event(article, event),
            (Trigger::Moment { .. }, What::Moment(moment)) => {
                self.world().set_off_by_moment(article, &moment).into_iter().collect()
            }
            (Trigger::Other(occurrence, _), _) => {
                let ways = self.happens(occurrence, place, &self.world().blank_frame(article));
                ways.into_iter().filter_map(|way| self.onset(article, way.frame, place, way.truth)).collect()
            }
            (Trigger::First(pattern, _), What::Event(event)) => self.first(article, pattern, event, place),
            (Trigger::Several { .. }, What::Event(event)) => self.several(article, event, place),
            (Trigger::Once { latest: Some(latest), bind, .. }, _) => {
                let blank = self.world().blank_frame(article);
                let ways = self.happens(latest, place, &blank);
                let Some(way) = ways.into_iter().next().filter(|_| self.once(article)) else { return Vec::new() };
                let frame = bound(&blank, *bind, Value::Instant(self.now));
                self.onset(article, frame, place, way.truth).into_iter().collect()
            }
            (Trigger::Every { bind, .. }, What::Tick) if self.ticks(article) => {
                let frame = bound(&self.world().blank_frame(article), *bind, Value::Instant(self.now));
                self.onset(article, frame, place, Some(true)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// What starts an instance by what happened at a place.
    fn onset(&self, article: ArticleId, frame: Vec<Value>, place: usize, truth: Truth) -> Option<Onset> {
        let (at, trigger) = (self.anchor_at(place)?, self.cause(place)?);
        (truth != Some(false)).then_some(Onset { article, frame, trigger, at, truth })
    }

    /// What happened at a place, as the trigger of a duty.
    fn cause(&self, place: usize) -> Option<verdict::Trigger> {
        Some(match &self.history.at(place)?.what {
            What::Event(event) => verdict::Trigger::Event(*event),
            What::Moment(moment) => verdict::Trigger::Moment {
                article: moment.article,
                kind: moment.kind,
                by: moment.by.parties(),
                cause: moment.cause,
            },
            What::Turn(of) => {
                let cause = match &self.history.at(*of)?.what {
                    What::Event(event) => Some(*event),
                    What::Moment(moment) => moment.cause,
                    _ => None,
                };
                verdict::Trigger::State { cause }
            }
            What::Entry(_) => verdict::Trigger::EntryIntoForce,
            What::Expiry(_) | What::Tick | What::Passed => verdict::Trigger::Clock,
        })
    }

    /// The ways in which an event is meant for which the values of the `any` names have not been there before.
    fn first(&mut self, article: ArticleId, pattern: &Pattern, event: EventId, place: usize) -> Vec<Onset> {
        let ways = self.world().matches(pattern, [], event, &self.world().blank_frame(article));
        let mut onsets = Vec::new();
        for way in ways {
            let slots = any_slots(&self.program.articles.at(article).norm).into_iter();
            let values: Vec<_> = slots.filter_map(|slot| way.frame.get(slot).cloned()).collect();
            let seen = self.seen.entry(article).or_default();
            if way.truth == Some(true) && seen.contains(&values) {
                continue;
            }
            if way.truth == Some(true) {
                seen.insert(values);
            }
            onsets.extend(self.onset(article, way.frame, place, way.truth));
        }
        onsets
    }

    /// The count in the moving window rises to the number that is asked for, for the values of the `any` names.
    fn several(&self, article: ArticleId, event: EventId, place: usize) -> Vec<Onset> {
        let declared = self.program.articles.at(article);
        let Trigger::Several { count, pattern, within, bind, .. } = &declared.norm.trigger else { return Vec::new() };
        let blank = self.world().blank_frame(article);
        let from = self.articles.at(article).from;
        let key = |frame: &[Value]| -> Vec<Value> {
            any_slots(&declared.norm).into_iter().filter_map(|slot| frame.get(slot).cloned()).collect()
        };
        let mut onsets = Vec::new();
        for way in self.world().matches(pattern, [], event, &blank) {
            let earlier = self.history.events(pattern.kind).iter().rev().filter(|other| **other != event);
            let in_window = earlier.take_while(|other| {
                let at = self.log.events.at(**other).at;
                from.is_none_or(|from| at >= from) && within.after(at, &declared.law.reckoning) > self.now
            });
            let alike = in_window.filter(|other| {
                let ways = self.world().matches(pattern, [], **other, &blank);
                ways.iter().any(|other| other.truth == Some(true) && key(&other.frame) == key(&way.frame))
            });
            if alike.count() + 1 == *count as usize {
                onsets.extend(self.onset(article, bound(&way.frame, *bind, Value::Event(event)), place, way.truth));
            }
        }
        onsets
    }

    /// Whether a norm that starts once has not started yet; it has from now on.
    pub(super) fn once(&mut self, article: ArticleId) -> bool {
        let seen = self.seen.entry(article).or_default();
        let first = seen.is_empty();
        if first {
            seen.insert(Vec::new());
        }
        first
    }

    /// The condition of a `once` is judged, the instant being complete.
    pub(super) fn judge_once(&mut self, article: ArticleId) {
        let Trigger::Once { condition, bind, .. } = &self.program.articles.at(article).norm.trigger else { return };
        let done = self.seen.get(&article).is_some_and(|seen| !seen.is_empty());
        if done || !self.is_in_force(article) {
            return;
        }
        let blank = self.world().blank_frame(article);
        if self.world().condition(condition, &blank) == Some(true) && self.once(article) {
            let frame = bound(&blank, *bind, Value::Instant(self.now));
            let (trigger, at) = (verdict::Trigger::Clock, self.now.into());
            self.begin(&Onset { article, frame, trigger, at, truth: Some(true) });
            self.apply_effects();
        }
    }

    /// Whether one of the instants of an `every` norm has come.
    fn ticks(&self, article: ArticleId) -> bool {
        self.next_tick(article, self.now) == Some(self.now)
    }

    /// Puts the next tick of every article that ticks on the agenda.
    pub(super) fn wake_for_ticks(&mut self) {
        for article in self.listed.ticking.clone() {
            self.wake(self.next_tick(article, self.now.plus_micros(1)));
        }
    }

    /// The first tick at an instant or after it: the n-th is counted from the first, by the clocks of the zone.
    fn next_tick(&self, article: ArticleId, at: Instant) -> Option<Instant> {
        let declared = self.program.articles.at(article);
        let Trigger::Every { step, from, .. } = &declared.norm.trigger else { return None };
        let first = constant(from).or_else(|| self.last_time(from, &self.world().blank_frame(article)))?;
        let reckoning = &declared.law.reckoning;
        let tick = |n: i64| step.times_after(n, first, reckoning);
        let one = tick(1).micros_since(first).max(1);
        // Months differ in length: the guess by the length of the first is corrected from there.
        let mut n = (at.micros_since(first) / one - 2).max(0);
        while n > 0 && tick(n) >= at {
            n -= 1;
        }
        while tick(n) < at {
            n += 1;
        }
        Some(tick(n))
    }

    /// Starts the duties of an onset.
    pub(super) fn begin(&mut self, onset: &Onset) {
        if L::begins_plain(self, onset) {
            return;
        }
        let treaty = self.program.articles.at(onset.article).treaty;
        for verdict in self.world().start(onset, |party| self.binds(treaty, party)) {
            self.add(verdict, onset.at);
        }
    }

    /// Starts one duty.
    pub(super) fn add(&mut self, verdict: verdict::Verdict, anchor: Anchor) {
        let article = verdict.article;
        if self.is_suspended(&verdict) || self.is_again(&verdict, anchor) {
            return;
        }
        let latest = match verdict.trigger {
            verdict::Trigger::Event(event) if !self.proven.contains_key(&event) => {
                Anchor { at: self.log.events.at(event).latest, ..anchor }
            }
            _ => anchor,
        };
        self.note_standing(&verdict);
        let mut verdict = verdict;
        if let Some(event) = self.straddles(&verdict, latest) {
            verdict.doubt = Some(verdict::Doubt::Time(event));
            verdict.status = verdict::Status::Indeterminate;
        }
        let undecided = verdict.status == verdict::Status::Indeterminate;
        let by = match verdict.trigger {
            verdict::Trigger::Event(event) => Some(event).filter(|_| latest.at > anchor.at),
            _ => None,
        };
        let mut instance = self.instance(verdict, anchor, latest);
        instance.uncertain = by;
        instance.over = undecided;
        let frame = Arc::clone(&instance.verdict.frame);
        let norm = instance.norm;
        let id = self.instances.push(instance, L::keeps(self, article));
        if undecided {
            self.finished.push(id);
            return;
        }
        self.live.insert((article, id));
        L::begins(self, id);
        self.note_given(id);
        self.moment(id, MomentKind::Triggered, self.now);
        self.wake_at_ends(id);
        self.leaves_already(id);
        norm.excused_by.iter().for_each(|event| self.wake_for(event, &frame));
        if let Deed::Effect(effect) = &norm.deed {
            self.effects.push(Ordered { instance: id, effect, frame: frame.to_vec(), exercised: None });
            return;
        }
        self.at_the_start(id);
    }

    /// The trigger, where its time is not known exactly enough to tell whether the article was in force.
    fn straddles(&self, verdict: &verdict::Verdict, latest: Anchor) -> Option<EventId> {
        let verdict::Trigger::Event(event) = verdict.trigger else { return None };
        let force = self.articles.at(verdict.article);
        let treaty = self.treaties.at(self.program.articles.at(verdict.article).treaty);
        let ends = force.until.into_iter().chain(treaty.until).min();
        let before =
            force.from.is_some_and(|from| self.log.events.at(event).at < from) && !self.proven.contains_key(&event);
        (before || ends.is_some_and(|ends| ends < latest.at)).then_some(event)
    }

    /// Events that may have happened since an article is in force, and stand before that in the order of the log.
    pub(super) fn begin_what_straddles(&mut self, article: ArticleId) {
        let norm = &self.program.articles.at(article).norm;
        let Trigger::Event { pattern, .. } = &norm.trigger else { return };
        for event in self.history.events(pattern.kind).to_vec() {
            let found = self.log.events.at(event);
            if found.at < self.now && found.latest > self.now {
                for onset in self.world().set_off_by_event(article, event) {
                    self.begin(&onset);
                }
            }
        }
    }

    /// Whether a trigger comes while a duty with the same bindings is pending, and starts none for that.
    fn is_again(&mut self, verdict: &verdict::Verdict, anchor: Anchor) -> bool {
        let norm = &self.program.articles.at(verdict.article).norm;
        let Some(again) = norm.again else { return false };
        let found = self.live_of(verdict.article).into_iter().find(|id| {
            let other = self.instances.at(*id);
            other.is_pending() && Self::same_bindings(norm, &other.verdict.frame, &verdict.frame)
        });
        let Some(found) = found else { return false };
        if again == Again::Restarts {
            let instance = self.instances.at_mut(found);
            instance.verdict.frame = Arc::clone(&verdict.frame);
            instance.verdict.trigger = verdict.trigger.clone();
            instance.verdict.triggered_at = verdict.triggered_at;
            (instance.anchor, instance.anchor_latest) = (anchor, anchor);
            instance.happened.clear();
            let window = self.window(self.instances.at(found));
            let instance = self.instances.at_mut(found);
            instance.window = window.unwrap_or_default();
            instance.show_window();
            self.wake_at_ends(found);
        }
        true
    }

    /// Something has happened to a duty, of which somebody may want to know.
    pub(super) fn moment(&mut self, id: InstanceId, kind: MomentKind, at: Instant) {
        let instance = self.instances.at(id);
        if !self.is_waited_for(instance.verdict.article, kind) {
            return;
        }
        let on = self.decided_on(instance);
        let together = Self::is_together(&instance.norm.subject) && !matches!(instance.norm.deed, Deed::Decide(_));
        let moments = instance.verdict.moments(kind, at, together, on, &mut self.moments);
        self.queue.extend(moments.into_iter().map(What::Moment));
    }
}

/// The names that a trigger binds with `any`; not those that a term binds for itself.
pub(super) fn any_slots(norm: &Norm) -> Vec<Slot> {
    let mut slots = match &norm.trigger {
        Trigger::Event { pattern, .. } | Trigger::First(pattern, _) | Trigger::Several { pattern, .. } => {
            any_slots_of(pattern).collect()
        }
        Trigger::Other(occurrence, _) => any_slots_in(occurrence),
        _ => Vec::new(),
    };
    slots.retain(|slot| norm.bindings.get(*slot).is_some_and(|binding| !binding.is_of_a_term()));
    slots
}

fn any_slots_in(occurrence: &Occurrence) -> Vec<Slot> {
    match occurrence {
        Occurrence::Pattern(pattern) => any_slots_of(pattern).collect(),
        Occurrence::After(_, anchor, _) => any_slots_in(anchor),
        Occurrence::Any(all, _) => all.iter().flat_map(any_slots_in).collect(),
        _ => Vec::new(),
    }
}

fn any_slots_of(pattern: &Pattern) -> impl Iterator<Item = Slot> {
    pattern.tests.iter().filter_map(|test| match &test.want {
        Want::Any { slot, .. } => Some(*slot),
        _ => None,
    })
}
