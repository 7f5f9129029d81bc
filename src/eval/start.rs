//! How an instance of a duty starts: for whom, and with what window.

use std::sync::Arc;

use super::{Bounds, Frame, From, Match, Truth, Unknown, World};
use crate::model::{
    ArticleId, BEARER, Binding, EventId, Moment, MomentKind, MomentRef, Norm, PartyId, Subject, Trigger, Value,
};
use crate::time::{Anchor, Instant};
use crate::verdict::{self, Bearer, Doubt, Status, Verdict};

/// What sets off an article, and what is known at that moment.
#[derive(Debug, Clone)]
pub struct Onset {
    /// The article.
    pub article: ArticleId,
    /// What the names that the trigger binds stand for.
    pub frame: Vec<Value>,
    /// What set it off.
    pub trigger: verdict::Trigger,
    /// When, and whether a period ended with it.
    pub at: Anchor,
    /// Whether it was set off at all: true, or unknown.
    pub truth: Truth,
}

impl World<'_> {
    /// An article's frame with no name bound yet.
    pub fn blank_frame(&self, article: ArticleId) -> Vec<Value> {
        vec![Value::Absent; self.program.articles.at(article).norm.bindings.len()]
    }

    /// What an event sets off by an article's trigger.
    pub fn set_off_by_event(&self, article: ArticleId, event: EventId) -> Vec<Onset> {
        let norm = &self.program.articles.at(article).norm;
        let Trigger::Event { pattern, .. } = &norm.trigger else {
            return Vec::new();
        };
        let mut ways = self.matches(pattern, [], event, &self.blank_frame(article));
        if norm.bindings.iter().any(Binding::is_of_a_term) {
            Self::alike_without(norm, &mut ways);
        }
        let onsets = ways.into_iter().map(|way| {
            let trigger = verdict::Trigger::Event(event);
            // A duty runs from the proof, where its trigger had to be established.
            let at = self.facts.established(event).unwrap_or_else(|| self.log.events.at(event).at);
            Onset { article, frame: way.frame, trigger, at: at.into(), truth: way.truth }
        });
        onsets.collect()
    }

    /// Of ways that differ only in what a term binds for itself, leaves the first.
    fn alike_without(norm: &Norm, ways: &mut Vec<Match>) {
        let public = |way: &Match| -> Vec<Value> {
            let named = way.frame.iter().zip(&norm.bindings).filter(|(_, binding)| !binding.is_of_a_term());
            named.map(|(value, _)| value.clone()).collect()
        };
        let mut seen: Vec<Vec<Value>> = Vec::new();
        ways.sort_by_key(|way| way.truth.is_none());
        ways.retain(|way| {
            let new = !seen.contains(&public(way));
            seen.push(public(way));
            new
        });
    }

    /// What a moment sets off by an article's trigger.
    pub fn set_off_by_moment(&self, article: ArticleId, moment: &Arc<Moment>) -> Option<Onset> {
        let norm = &self.program.articles.at(article).norm;
        let Trigger::Moment { articles, moment: kind, by, bind, .. } = &norm.trigger else {
            return None;
        };
        if !articles.contains(&moment.article) || *kind != moment.kind {
            return None;
        }
        let mut frame = self.blank_frame(article);
        if let Some(slot) = bind
            && let Some(value) = frame.get_mut(*slot)
        {
            *value = Value::Moment(MomentRef(Arc::clone(moment)));
        }
        let whose = match by {
            Some(by) => {
                let wanted = self.value(by, &frame).parties();
                Some(moment.by.parties().iter().any(|party| wanted.contains(party)))
            }
            None => Some(true),
        };
        let trigger = verdict::Trigger::Moment {
            article: moment.article,
            kind: moment.kind,
            by: moment.by.parties(),
            cause: moment.cause,
        };
        let at = self.moment_as_anchor(moment);
        (whose != Some(false)).then_some(Onset { article, frame, trigger, at, truth: whose })
    }

    /// What a treaty's entry into force sets off, where the norm stands.
    pub fn set_off_by_entry(&self, article: ArticleId, at: Instant) -> Option<Onset> {
        let norm = &self.program.articles.at(article).norm;
        if !norm.stands() {
            return None;
        }
        let (frame, trigger) = (self.blank_frame(article), verdict::Trigger::EntryIntoForce);
        Some(Onset { article, frame, trigger, at: at.into(), truth: Some(true) })
    }

    /// The instances that an onset starts where what must hold for it holds or may hold, one for each bearer that is `bound` by the treaty, in the order of the group.
    pub fn start(&self, onset: &Onset, bound: impl Fn(PartyId) -> bool) -> Vec<Verdict> {
        let norm = &self.program.articles.at(onset.article).norm;
        let Some((members, slot)) = &norm.for_each else {
            return self.start_for(onset.clone(), &bound);
        };
        let each = self.members(members, &onset.frame).into_iter().flat_map(|party| {
            let mut onset = onset.clone();
            if let Some(place) = onset.frame.get_mut(*slot) {
                *place = Value::Party(party);
            }
            self.start_for(onset, &bound)
        });
        each.collect()
    }

    /// The instances of one of those for each of whom there is one, its values fixed.
    fn start_for(&self, mut onset: Onset, bound: &impl Fn(PartyId) -> bool) -> Vec<Verdict> {
        let norm = &self.program.articles.at(onset.article).norm;
        self.fix_lets(norm, &mut onset.frame);
        let started = |frame: Vec<Value>, bearer: Value, group: bool, name: Option<String>| {
            self.instance(&onset, frame, bearer, group, name).into_iter().collect()
        };
        match &norm.subject {
            Subject::Single(expr) => {
                let bearer = self.value(expr, &onset.frame);
                if !bearer.parties().into_iter().all(bound) {
                    return Vec::new();
                }
                started(onset.frame.clone(), bearer, false, None)
            }
            Subject::Each { members, bind } => {
                let bearers = self.members(members, &onset.frame).into_iter().filter(|party| bound(*party));
                let instances = bearers.filter_map(|party| {
                    let mut frame = onset.frame.clone();
                    if let Some(place) = bind.and_then(|slot| frame.get_mut(slot)) {
                        *place = Value::Party(party);
                    }
                    self.instance(&onset, frame, Value::Party(party), false, None)
                });
                instances.collect()
            }
            Subject::Group { members, .. } | Subject::Part { members, .. } | Subject::Jointly(members) => {
                let group: Vec<_> =
                    self.members(members, &onset.frame).into_iter().filter(|party| bound(*party)).collect();
                let group = Value::of_parties(&group);
                started(onset.frame.clone(), group, true, members.name.clone())
            }
            Subject::Nobody => started(onset.frame.clone(), Value::of_parties(&[]), false, None),
        }
    }

    fn instance(
        &self,
        onset: &Onset,
        mut frame: Vec<Value>,
        bearer: Value,
        group: bool,
        name: Option<String>,
    ) -> Option<Verdict> {
        let article = &self.program.articles.at(onset.article);
        let norm = &article.norm;
        if let Some(place) = frame.get_mut(BEARER) {
            *place = bearer.clone();
        }
        // What stands binds while its conditions hold, which is asked at each act or instant.
        let truth = super::and(onset.truth, || if norm.stands() { Some(true) } else { self.all(&norm.guards, &frame) });
        if truth == Some(false) {
            return None;
        }
        let bounds = self.bounds(article, From::trigger(onset.at), &frame);
        let doubt = match (truth, &bearer, bounds) {
            (None, ..) => Some(Doubt::Trigger),
            (_, Value::Absent, _) => Some(Doubt::Bearer),
            (.., Err(Unknown)) => Some(Doubt::Anchor),
            _ => None,
        };
        let bounds = bounds.unwrap_or_default();
        let status = if doubt.is_some() { Status::Indeterminate } else { norm.status_at_start(&bounds) };
        let Bounds { opens, closes, .. } = bounds;
        let (due, target) = if norm.is_open() { (None, closes) } else { (closes, None) };
        let owed_to = self.owed_to(norm, &frame);
        let bearer = Bearer { parties: bearer.parties(), group, name };
        let begun = Verdict::of(onset.article, bearer, onset.trigger.clone(), onset.at.at, frame);
        Some(Verdict { owed_to, status, opens, due, target, doubt, ..begun })
    }
}

impl World<'_> {
    /// Fixes the values that a norm names, one after the other.
    pub(crate) fn fix_lets(&self, norm: &Norm, frame: &mut [Value]) {
        for (slot, expr) in &norm.lets {
            let value = self.value(expr, frame);
            if let Some(place) = frame.get_mut(*slot) {
                *place = value;
            }
        }
    }

    /// To whom a duty is owed.
    pub(crate) fn owed_to(&self, norm: &Norm, frame: &Frame) -> Bearer {
        let Some(claimant) = &norm.claimant else {
            return Bearer { parties: Vec::new(), group: false, name: None };
        };
        let parties = self.members(claimant, frame);
        let name = claimant.name.clone().filter(|_| parties.len() > 1);
        Bearer { group: parties.len() > 1, parties, name }
    }
}

impl Verdict {
    /// The verdict of a duty that has just begun.
    pub fn of(
        article: ArticleId,
        bearer: Bearer,
        trigger: verdict::Trigger,
        triggered_at: Instant,
        frame: impl Into<Arc<[Value]>>,
    ) -> Verdict {
        Verdict {
            article,
            bearer,
            owed_to: Bearer { parties: Vec::new(), group: false, name: None },
            status: Status::Pending,
            trigger,
            triggered_at,
            opens: None,
            due: None,
            target: None,
            at: None,
            breaches: Vec::new(),
            outcome: None,
            stops: Vec::new(),
            shortfall: None,
            left_out: 0,
            revised: false,
            acts: Vec::new(),
            premature: Vec::new(),
            doubt: None,
            performed_by: Vec::new(),
            blamed: Vec::new(),
            frame: frame.into(),
        }
    }

    /// The event in which the chain of triggers began.
    pub fn cause(&self) -> Option<EventId> {
        match self.trigger {
            verdict::Trigger::EntryIntoForce | verdict::Trigger::Clock => None,
            verdict::Trigger::Event(event) => Some(event),
            verdict::Trigger::State { cause, .. } | verdict::Trigger::Moment { cause, .. } => cause,
        }
    }

    /// The moments of that kind in the life of this instance: one, or one for each member that is blamed. `numbers` is the
    /// number of the last moment so far.
    pub fn moments(
        &self,
        kind: MomentKind,
        at: Instant,
        together: bool,
        on: Value,
        numbers: &mut u64,
    ) -> Vec<Arc<Moment>> {
        let mut each = |by: Value| {
            *numbers += 1;
            Arc::new(Moment {
                number: *numbers,
                article: self.article,
                kind,
                by,
                cause: self.cause(),
                due: self.due,
                at,
                on: on.clone(),
                frame: Arc::clone(&self.frame),
            })
        };
        if kind == MomentKind::Breached && self.bearer.group && !together {
            let blamed: &[PartyId] = &self.blamed;
            return blamed.iter().map(|party| each(Value::Party(*party))).collect();
        }
        vec![each(self.frame.get(BEARER).cloned().unwrap_or(Value::Absent))]
    }
}
