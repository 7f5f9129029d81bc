//! Permissions and powers: what one may do, and what the exercise brings about.

use std::sync::Arc;

use super::effect::Ordered;
use super::instance::Timing;
use super::{InstanceId, Lookup, Replay};
use crate::model::{Act, ArticleId, BEARER, EventId, Expr, MomentKind, PartyId, Subject, Tail, Value, Want};
use crate::time::Instant;
use crate::verdict::{Bearer, Status, Trigger, Verdict};

/// What the names of a permission stand for.
type Frame = Arc<[Value]>;

/// Somebody has used a power who may not have it.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub(super) article: ArticleId,
    /// What the names of the permission stood for.
    pub(super) frame: Frame,
    pub(super) event: EventId,
}

impl<L: Lookup> Replay<'_, L> {
    /// What an event is to a permission: its exercise, or the use of a power outside its time or by somebody else.
    pub(super) fn exercise(&mut self, id: InstanceId, event: EventId) {
        let instance = self.instances.at(id);
        let norm = instance.norm;
        let found = self.log.events.at(event);
        let ways = self.world().ways_to_act(norm, event, &instance.verdict.frame);
        let Some(way) = ways.into_iter().find(|way| way.truth == Some(true)) else {
            if instance.has_effect() && self.is_act_of_another(id, event) {
                self.attempt(id, event);
            }
            return;
        };
        let timing = instance.timing(found.at, found.latest);
        if timing == Timing::Unknown {
            return self.doubt(id, true, self.uncertain(id, event));
        }
        if timing != Timing::InTime || instance.is_stopped() || !self.is_allowed(id, event) {
            let only = norm.window.as_ref().is_some_and(|window| window.only);
            let after = instance.tail(|tail| matches!(tail, Tail::OnlyAfter(_)));
            if only || after || instance.has_effect() {
                self.attempt(id, event);
            }
            return;
        }
        self.exercised.push(event);
        let instance = self.instances.at_mut(id);
        instance.verdict.acts.push(event);
        if instance.verdict.status == Status::Open {
            instance.verdict.comes_to(Status::Met, found.at);
            self.moment(id, MomentKind::Met, found.at);
        }
        for tail in &norm.tails {
            if let Tail::Whereupon(effect) = tail {
                let frame = way.frame.clone();
                self.effects.push(Ordered { instance: id, effect, frame, exercised: Some(event) });
            }
        }
    }

    /// Whether an event would be the exercise of a power, had its bearer done it.
    fn is_act_of_another(&self, id: InstanceId, event: EventId) -> bool {
        let instance = self.instances.at(id);
        let is_actor = |want: &Want| matches!(want, Want::Bearer | Want::Is(Expr::Slot(BEARER)));
        let Some(acts) = instance.norm.acts() else { return false };
        acts.acts.iter().any(|act| {
            let mut anybodys = act.pattern.clone();
            anybodys.tests.retain(|test| !is_actor(&test.want));
            let Act { condition, .. } = act;
            let ways = self.world().matches(&anybodys, condition.iter(), event, &instance.verdict.frame);
            ways.iter().any(|way| way.truth == Some(true))
        })
    }

    fn attempt(&mut self, id: InstanceId, event: EventId) {
        let Verdict { article, frame, .. } = &self.instances.at(id).verdict;
        self.attempts.push(Attempt { article: *article, frame: Arc::clone(frame), event });
    }

    /// What is permitted only at a time is used without that time having come: nothing has given the permission.
    pub(super) fn attempts_without_permission(&mut self, place: usize) {
        let Some(event) = self.event_at(place).filter(|_| !self.listed.only.is_empty()) else { return };
        let by = self.world().actors(event);
        for article in self.listed.only.clone() {
            let norm = &self.program.articles.at(article).norm;
            if !self.is_in_force(article) {
                continue;
            }
            for party in &by {
                let given = self.given.contains(&(article, *party));
                let mut frame = self.world().blank_frame(article);
                if let Some(place) = frame.get_mut(BEARER) {
                    *place = Value::Party(*party);
                }
                let may = !given && self.holders(&norm.subject, &frame).contains(party);
                if may && self.world().is_act(norm, event, &frame) == Some(true) {
                    self.attempts.push(Attempt { article, frame: frame.into(), event });
                }
            }
        }
    }

    /// Notes to whom a permission is given that is there only at a time.
    pub(super) fn note_given(&mut self, id: InstanceId) {
        let verdict = &self.instances.at(id).verdict;
        if self.listed.only.contains(&verdict.article) {
            self.given.extend(verdict.bearer.parties.iter().map(|party| (verdict.article, *party)));
        }
    }

    /// Who would have a permission.
    fn holders(&self, subject: &Subject, frame: &[Value]) -> Vec<PartyId> {
        match subject {
            Subject::Single(party) => self.world().value(party, frame).parties(),
            Subject::Each { members, .. }
            | Subject::Group { members, .. }
            | Subject::Part { members, .. }
            | Subject::Jointly(members) => self.world().members(members, frame),
            Subject::Nobody => Vec::new(),
        }
    }

    /// Attempts at powers that nobody had are reported, each once.
    pub(super) fn report_attempts(&mut self) {
        let exercised = std::mem::take(&mut self.exercised);
        let mut reported: Vec<EventId> = Vec::new();
        for Attempt { article, frame, event } in std::mem::take(&mut self.attempts) {
            if exercised.contains(&event) || reported.contains(&event) {
                continue;
            }
            reported.push(event);
            let by = self.world().actors(event);
            self.invalid(article, &frame, event, by);
        }
    }

    /// The exercise of a power that one does not have: nothing follows.
    pub(super) fn invalid(&mut self, article: ArticleId, frame: &[Value], event: EventId, by: Vec<PartyId>) {
        let at = self.log.events.at(event).at;
        let mut frame = frame.to_vec();
        if let Some(place) = frame.get_mut(BEARER) {
            *place = Value::of_parties(&by);
        }
        let bearer = Bearer { group: by.len() > 1, parties: by.clone(), name: None };
        let mut verdict = Verdict::of(article, bearer, Trigger::Event(event), at, frame);
        verdict.acts.push(event);
        verdict.blamed = by;
        verdict.comes_to(Status::InvalidExercise, at);
        let mut instance = self.instance(verdict, at.into(), at.into());
        instance.window = super::instance::Window::default();
        instance.show_window();
        instance.over = true;
        let id = self.instances.push(instance, L::keeps(self, article));
        self.finished.push(id);
    }

    /// A permission whose time has passed unused has lapsed; whoever uses it later has it no more.
    pub(super) fn lapse_unused(&mut self, id: InstanceId) {
        let at: Instant = self.instances.at(id).closes().map_or(self.now, |closes| closes.min(self.now));
        let instance = self.instances.at_mut(id);
        if instance.verdict.status == Status::Open && instance.verdict.doubt.is_some() {
            instance.verdict.status = Status::Indeterminate;
        } else if instance.verdict.status == Status::Open {
            instance.verdict.comes_to(Status::Lapsed, at);
            self.moment(id, MomentKind::Lapses, at);
        }
    }
}
