//! «Achieve»: an act that is owed, once, several times or up to a total.

use rust_decimal::Decimal;

use super::aggregate::amount;
use super::instance::Timing;
use super::{InstanceId, Lookup, Replay};
use crate::eval::Truth;
use crate::model::{Acts, Amount, Deed, EventId, MomentKind, Occurrence, PartyId, Subject, Tail};
use crate::time::Instant;
use crate::verdict::{Breach, Doubt, Shortfall, Status};

impl<L: Lookup> Replay<'_, L> {
    /// What an event is to a duty to act.
    pub(super) fn act(&mut self, id: InstanceId, acts: &Acts, event: EventId) {
        let performs = self.performs(id, acts, event);
        if performs == Some(false) {
            return;
        }
        let found = self.log.events.at(event);
        let (at, latest) = (found.at, found.latest);
        let instance = self.instances.at(id);
        let pending = instance.is_pending();
        let timing = match instance.timing(at, latest) {
            _ if !self.is_allowed(id, event) => Timing::Early,
            // What was done before the trigger may count.
            Timing::Early if self.counts_before(id, at) => Timing::InTime,
            timing => timing,
        };
        let proven_in_time = self.proven.contains_key(&event) && timing == Timing::InTime;
        match timing {
            Timing::Early if pending => self.instances.at_mut(id).verdict.premature.push(event),
            Timing::Early => {}
            _ if performs.is_none() => self.doubt(id, pending, Doubt::Act(event)),
            Timing::Unknown if pending => self.doubt(id, pending, self.uncertain(id, event)),
            Timing::InTime | Timing::Late | Timing::Unknown => {
                if self.credit(id, acts, event) {
                    self.performed(id, at, pending || proven_in_time, pending);
                }
            }
        }
    }

    /// Something keeps the verdict from being told.
    pub(super) fn doubt(&mut self, id: InstanceId, pending: bool, doubt: Doubt) {
        if pending {
            self.instances.at_mut(id).verdict.doubtful(doubt);
        }
    }

    /// Whether an event is one of the acts; not where it is spent on a duty that is due earlier.
    fn performs(&self, id: InstanceId, acts: &Acts, event: EventId) -> Truth {
        let instance = self.instances.at(id);
        let performs = self.world().is_act(instance.norm, event, &instance.verdict.frame);
        let each_once = |tail: &Tail| matches!(tail, Tail::EachOnce);
        if performs == Some(false) || acts.acts.is_empty() || !instance.tail(each_once) {
            return performs;
        }
        if self.spent.contains(&event) {
            return Some(false);
        }
        let others = self.listed.each_once.iter().flat_map(|article| self.live_of(*article));
        let earlier = others.filter(|other| *other != id).any(|other| {
            let competing = self.instances.at(other);
            let due = |closes: Option<Instant>| closes.unwrap_or(Instant::NEVER);
            let first = (due(competing.closes()), other) < (due(instance.closes()), id);
            let may = matches!(competing.norm.deed, Deed::Acts(_)) && competing.tail(each_once) && !competing.over;
            first && may && self.world().is_act(competing.norm, event, &competing.verdict.frame) == Some(true)
        });
        if earlier { Some(false) } else { performs }
    }

    /// Whether everything has happened before which an act does not count.
    pub(super) fn is_allowed(&self, id: InstanceId, event: EventId) -> bool {
        let instance = self.instances.at(id);
        let before = self.history.place_of(event).unwrap_or_default();
        let happened = |event: &Occurrence| {
            self.history
                .places(0, before)
                .any(|place| self.is_happening(event, place, &instance.verdict.frame) == Some(true))
        };
        instance.norm.tails.iter().all(|tail| match tail {
            Tail::OnlyAfter(events) => events.iter().all(happened),
            _ => true,
        })
    }

    fn counts_before(&self, id: InstanceId, at: Instant) -> bool {
        let instance = self.instances.at(id);
        instance.tail(|tail| matches!(tail, Tail::Earlier)) && at < instance.anchor_latest.at
    }

    /// Takes an act in; true once enough has been done.
    fn credit(&mut self, id: InstanceId, acts: &Acts, event: EventId) -> bool {
        let Some(amount) = self.amount_of(id, acts, event) else {
            let pending = self.instances.at(id).is_pending();
            self.doubt(id, pending, Doubt::Act(event));
            return false;
        };
        let needed = self.needed(id, acts);
        let instance = self.instances.at(id);
        let performers = self.world().performers(instance.norm, event, &instance.verdict.bearer.parties);
        let members = instance.norm.members_needed(instance.verdict.bearer.parties.len());
        if instance.tail(|tail| matches!(tail, Tail::EachOnce)) {
            self.spent.insert(event);
        }
        let instance = self.instances.at_mut(id);
        instance.verdict.acts.push(event);
        let mut add = |whose: Option<PartyId>| {
            let total = instance.totals.entry(whose).or_default();
            *total = total.saturating_add(amount);
            needed.is_some_and(|needed| *total >= needed)
        };
        let Some(members) = members else {
            let enough = add(None);
            if instance.verdict.bearer.group {
                for party in performers {
                    instance.verdict.performed_by(party);
                }
            }
            return enough;
        };
        for party in performers {
            if add(Some(party)) {
                instance.verdict.performed_by(party);
            }
        }
        let enough = instance.verdict.performed_by.len() >= members;
        if !enough && acts.amount.is_none() {
            // Of a group of which several must act, the act that is the last one decides.
            instance.verdict.acts.pop();
        }
        enough
    }

    /// How often, or how much, an act counts; none where that is absent.
    fn amount_of(&self, id: InstanceId, acts: &Acts, event: EventId) -> Option<Decimal> {
        let Some(Amount::Total(_, fields)) = &acts.amount else { return Some(Decimal::ONE) };
        let found = self.log.events.at(event);
        let frame = &self.instances.at(id).verdict.frame;
        let which = acts
            .acts
            .iter()
            .position(|act| !self.world().matches(&act.pattern, act.condition.iter(), event, frame).is_empty())?;
        amount(self.log.field(found, *fields.get(which)?))
    }

    /// How often, or how much, is owed; none where that is absent.
    fn needed(&self, id: InstanceId, acts: &Acts) -> Option<Decimal> {
        match &acts.amount {
            None => Some(Decimal::ONE),
            Some(Amount::Times(expr) | Amount::Total(expr, _)) => {
                amount(&self.world().value(expr, &self.instances.at(id).verdict.frame))
            }
        }
    }

    /// Enough has been done: in time, late, or within the time for a cure.
    pub(super) fn performed(&mut self, id: InstanceId, at: Instant, in_time: bool, pending: bool) {
        let instance = self.instances.at(id);
        let cure_ends = self.cure_ends(id);
        let (status, moment) = if in_time {
            (Status::Met, MomentKind::Met)
        } else if cure_ends.is_some_and(|ends| at <= ends) {
            (Status::Cured, MomentKind::Cured)
        } else {
            (Status::Late, MomentKind::Late)
        };
        let lapsed = !pending && instance.tail(|tail| matches!(tail, Tail::LapsesOnBreach));
        let instance = self.instances.at_mut(id);
        if lapsed && !in_time {
            instance.verdict.acts.pop();
            return;
        }
        if in_time && !pending {
            // It turns out to have been performed in time.
            instance.verdict.revised = true;
            instance.verdict.breaches.clear();
            instance.verdict.blamed.clear();
        }
        instance.comes_to(status, at);
        instance.verdict.shortfall = instance.verdict.shortfall.filter(|_| status != Status::Met);
        self.moment(id, moment, at);
    }

    /// Until when performance cures a breach.
    fn cure_ends(&self, id: InstanceId) -> Option<Instant> {
        let instance = self.instances.at(id);
        let due = crate::time::Anchor { at: instance.closes()?, ends_a_period: true };
        let reckoning = &self.program.articles.at(instance.verdict.article).law.reckoning;
        instance.cure().map(|length| length.after(due, reckoning))
    }

    /// A duty is broken at the instant at which it was due; at the trigger, where that had passed already.
    pub(super) fn breach(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        let resumed = instance.verdict.stops.last().and_then(|stop| stop.until);
        let due = instance.closes().unwrap_or(self.now);
        let at = due.max(instance.anchor.at).max(resumed.unwrap_or(due));
        if self.is_prevailed_over(id) || self.is_unbound(id) {
            return self.excuse(id, self.now, None);
        }
        let shortfall = self.shortfall(id);
        let norm = instance.norm;
        let instance = self.instances.at_mut(id);
        if instance.verdict.status == Status::Suspended {
            return;
        }
        if instance.verdict.doubt.is_some() {
            instance.verdict.status = Status::Indeterminate;
            instance.over = true;
            return;
        }
        instance.verdict.shortfall = shortfall;
        instance.verdict.blamed = instance.verdict.to_blame(norm);
        let by = instance.verdict.blamed.clone();
        instance.verdict.breach(Breach { at, by, act: None, since: None, until: None });
        self.note_breach(id);
        self.moment(id, MomentKind::Breached, at);
        let ends = self.cure_ends(id);
        self.wake_one(id, ends);
    }

    fn shortfall(&self, id: InstanceId) -> Option<Shortfall> {
        let instance = self.instances.at(id);
        let Deed::Acts(acts) = &instance.norm.deed else { return None };
        acts.amount.as_ref()?;
        // Of several members each of whom must reach it, that of the one who is farthest from it.
        let of_members = instance.norm.members_needed(instance.verdict.bearer.parties.len()).is_some();
        let total = |whose: Option<PartyId>| instance.totals.get(&whose).copied().unwrap_or_default();
        let each = instance.verdict.bearer.parties.iter().map(|party| total(Some(*party)));
        let reached = if of_members { each.min().unwrap_or_default() } else { total(None) };
        Some(Shortfall { reached, needed: self.needed(id, acts)? })
    }

    /// What is looked at as a duty begins: whether it is over already, and what was done before.
    pub(super) fn at_the_start(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        let norm = instance.norm;
        if norm.forbids() || matches!(norm.deed, Deed::Keep(_)) {
            self.forbidden_before(id);
            if self.instances.at(id).closes().is_some_and(|closes| closes <= self.now) {
                self.end_window(id);
            }
            return self.forget(id);
        }
        if let Deed::Acts(acts) = &norm.deed {
            self.acts_before(id, acts);
        }
        self.judge_excuse(id);
        let instance = self.instances.at(id);
        if !instance.over && !norm.is_open() && instance.closes().is_some_and(|closes| closes < self.now) {
            match norm.deed {
                Deed::Decide(_) => self.overdue(id),
                _ => self.breach(id),
            }
        }
        self.forget(id);
    }

    /// Acts before the trigger: they count where the clause says so, and may be the act where times are not exact.
    fn acts_before(&mut self, id: InstanceId, acts: &Acts) {
        let earlier = self.instances.at(id).tail(|tail| matches!(tail, Tail::Earlier));
        for event in self.events_before(id, acts, earlier) {
            if !self.instances.at(id).over {
                self.act(id, acts, event);
            }
        }
    }

    /// The events so far that may be acts, in order: those that may have been after the trigger none the less, or all.
    pub(super) fn events_before(&self, id: InstanceId, acts: &Acts, all: bool) -> Vec<EventId> {
        let trigger = &self.instances.at(id).verdict.trigger;
        let straddles = |event: EventId| {
            self.log.events.at(event).latest > self.now && *trigger != crate::verdict::Trigger::Event(event)
        };
        let kinds = acts.acts.iter().map(|act| act.pattern.kind);
        let events = kinds.flat_map(|kind| self.history.events(kind).iter().copied());
        let mut events: Vec<_> = events.filter(|event| all || straddles(*event)).collect();
        events.sort_unstable();
        events.dedup();
        events
    }
}

impl crate::model::Norm {
    /// How many members of the group must perform; none where it is not members that are counted.
    pub(super) fn members_needed(&self, members: usize) -> Option<usize> {
        match &self.subject {
            Subject::Group { count, .. } => Some(*count),
            Subject::Part { portion, .. } => Some(crate::eval::part_of(members, *portion)),
            _ => None,
        }
    }
}
