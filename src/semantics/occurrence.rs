//! «One EVENT rule»: whether what has happened is what a clause waits for.

use std::sync::Arc;

use super::history::What;
use super::{Lookup, Replay};
use crate::arena::Set;
use crate::eval::{Frame, Match, Truth};
use crate::model::{
    ArticleId, ArticleMoment, Deed, Effect, Entry, Expiry, Limit, Moment, MomentKind, MomentRef, Norm, Occurrence,
    Program, Slot, StateId, Tail, Trigger, Value,
};
use crate::time::{Anchor, Duration, Instant, Reckoning};

/// How many states may turn one with another.
const MOST_STATES: u32 = 16;

/// Something that happens so long after something else.
pub(super) struct Timer<'a> {
    length: &'a Duration,
    anchor: &'a Occurrence,
    reckoning: &'a Reckoning,
}

impl<L: Lookup> Replay<'_, L> {
    /// The ways in which an occurrence happens with what happened at a place of the history; none where it does not.
    pub(super) fn happens(&self, occurrence: &Occurrence, place: usize, frame: &Frame) -> Vec<Match> {
        let Some(happening) = self.history.at(place) else { return Vec::new() };
        let at = happening.at;
        let way = |truth: Truth, bind: Option<Slot>, value: Value| match truth {
            Some(false) => Vec::new(),
            truth => vec![Match { frame: bound(frame, bind, value), truth }],
        };
        match (occurrence, &happening.what) {
            (Occurrence::Pattern(pattern), What::Event(event)) => self.world().matches(pattern, [], *event, frame),
            (Occurrence::Moment(wanted), What::Moment(moment)) => {
                let is_meant = self.is_moment(wanted, moment, place, frame);
                way(Some(is_meant), wanted.bind, Value::Moment(MomentRef(Arc::clone(moment))))
            }
            (Occurrence::Turn { state, arguments, begins, bind }, What::Turn(of)) => {
                let arguments = self.world().values(arguments, frame);
                way(Some(self.turns(*state, &arguments, *of) == Some(*begins)), *bind, Value::Instant(at))
            }
            (Occurrence::At(_), What::Tick) => way(Some(self.comes_at(occurrence, at, frame)), None, Value::Absent),
            (Occurrence::After(..), What::Tick) if self.comes_at(occurrence, at, frame) => {
                way(Some(true), None, Value::Absent)
            }
            (Occurrence::After(length, anchor, reckoning), What::Tick) => {
                let passed = self.history.places(0, place).flat_map(|earlier| {
                    let ends = |anchor| length.after(anchor, reckoning) == at;
                    let in_time = self.anchor_at(earlier).is_some_and(ends);
                    if in_time { self.happens(anchor, earlier, frame) } else { Vec::new() }
                });
                passed.collect()
            }
            (Occurrence::After(length, anchor, _), _) if length.is_zero() => self.happens(anchor, place, frame),
            (Occurrence::EntryIntoForce(treaty), What::Entry(entered)) => {
                way(Some(treaty == entered), None, Value::Absent)
            }
            (Occurrence::Expiry(treaty), What::Expiry(expired)) => way(Some(treaty == expired), None, Value::Absent),
            (Occurrence::Any(all, whichever), _) => {
                let mut ways: Vec<_> = all.iter().flat_map(|one| self.happens(one, place, frame)).collect();
                for way in &mut ways {
                    way.frame = bound(&way.frame, *whichever, self.value_at(place));
                }
                ways
            }
            _ => Vec::new(),
        }
    }

    /// Whether an instant is the one that an occurrence names, or lies so long after one that is named.
    pub(super) fn comes_at(&self, occurrence: &Occurrence, at: Instant, frame: &Frame) -> bool {
        self.world().known(occurrence, &self.program.zone(), frame, false).is_some_and(|anchor| anchor.at == at)
    }

    /// Whether an occurrence happens, in any way.
    pub(super) fn is_happening(&self, occurrence: &Occurrence, place: usize, frame: &Frame) -> Truth {
        crate::eval::any(self.happens(occurrence, place, frame).iter().map(|way| way.truth))
    }

    /// When an occurrence last happened.
    pub(super) fn last_time(&self, occurrence: &Occurrence, frame: &Frame) -> Option<Instant> {
        let mut places = self.history.places(0, self.history.length).rev();
        let place = places.find(|place| self.is_happening(occurrence, *place, frame) == Some(true))?;
        self.history.at(place).map(|happening| happening.at)
    }

    /// What a period is counted from that begins with what happened at a place.
    pub(super) fn anchor_at(&self, place: usize) -> Option<Anchor> {
        let happening = self.history.at(place)?;
        Some(match &happening.what {
            What::Moment(moment) => self.world().moment_as_anchor(moment),
            _ => happening.at.into(),
        })
    }

    /// What happened at a place, as what a name stands for.
    fn value_at(&self, place: usize) -> Value {
        match self.history.at(place) {
            Some(happening) => match &happening.what {
                What::Event(event) => Value::Event(*event),
                What::Moment(moment) => Value::Moment(MomentRef(Arc::clone(moment))),
                _ => Value::Instant(happening.at),
            },
            None => Value::Absent,
        }
    }

    /// Whether a moment is the one that is meant: of one of these articles, by these parties, on this.
    fn is_moment(&self, wanted: &ArticleMoment, moment: &Moment, place: usize, frame: &Frame) -> bool {
        if !wanted.articles.contains(&moment.article) || wanted.moment != moment.kind {
            return false;
        }
        let world = self.world();
        let on = wanted.on.as_ref().map(|on| world.value(on, frame));
        if on.as_ref().is_some_and(|on| !self.concerns(moment, on)) {
            return false;
        }
        let Some(by) = &wanted.by else { return true };
        let by = world.value(by, frame).parties();
        if !moment.by.parties().iter().any(|party| by.contains(party)) {
            return false;
        }
        // Of all of them: the moment of the last of them is meant.
        let everyone = || {
            by.iter().all(|party| {
                self.history.before(place + 1).any(|earlier| match &earlier.what {
                    What::Moment(earlier) => {
                        wanted.articles.contains(&earlier.article)
                            && earlier.kind == wanted.moment
                            && earlier.by.parties().contains(party)
                            && on.as_ref().is_none_or(|on| self.concerns(earlier, on))
                    }
                    _ => false,
                })
            })
        };
        !wanted.all || everyone()
    }

    /// Whether a moment is, or is about, an event or another moment.
    pub(super) fn concerns(&self, moment: &Moment, on: &Value) -> bool {
        moment.on == *on || moment.frame.contains(on) || moment.cause.is_some_and(|cause| self.is_about(cause, on))
    }

    /// Whether an event is another one, or refers to it.
    pub(super) fn is_about(&self, event: crate::model::EventId, on: &Value) -> bool {
        let found = self.log.events.at(event);
        let fields = self.program.kinds.at(found.kind).fields.len();
        let refers = (0..fields).any(|field| match self.log.field(found, field) {
            Value::List(list) => list.contains(on),
            one => one == on,
        });
        Value::Event(event) == *on || (matches!(on, Value::Event(_)) && refers)
    }

    /// Whether what happened at a place may be an occurrence, whatever the names in it stand for.
    fn may_happen(&self, occurrence: &Occurrence, place: usize, depth: u32) -> bool {
        let what = self.history.at(place).map(|happening| &happening.what);
        match (occurrence, what) {
            (Occurrence::Turn { state, arguments, begins, .. }, Some(What::Turn(of))) if !arguments.is_empty() => {
                self.may_turn(*state, *begins, *of, depth)
            }
            (Occurrence::Any(all, _), _) => all.iter().any(|one| self.may_happen(one, place, depth)),
            (other, _) => self.is_happening(other, place, &[]) != Some(false),
        }
    }

    /// Whether what happened at a place may begin or end a state of anything.
    fn may_turn(&self, state: StateId, begins: bool, place: usize, depth: u32) -> bool {
        let declared = self.program.states.at(state);
        let passed = matches!(self.history.at(place).map(|happening| &happening.what), Some(What::Passed));
        let all = if begins { &declared.begins } else { &declared.ends };
        all.iter().any(|one| match one {
            Occurrence::At(_) | Occurrence::After(..) => passed,
            Occurrence::Turn { state, begins, .. } => depth > 0 && self.may_turn(*state, *begins, place, depth - 1),
            other => self.may_happen(other, place, depth),
        })
    }

    /// Puts on the agenda what happens so long after what happened at a place.
    pub(super) fn set_timers(&mut self, place: usize) {
        let mut wake: Vec<Instant> = Vec::new();
        for timer in &self.timers {
            if self.may_happen(timer.anchor, place, MOST_STATES)
                && let Some(anchor) = self.anchor_at(place)
            {
                wake.push(timer.length.after(anchor, timer.reckoning));
            }
        }
        for at in wake {
            self.wake(at);
        }
    }

    /// Puts the instants on the agenda that an occurrence names.
    pub(super) fn wake_for(&mut self, occurrence: &Occurrence, frame: &Frame) {
        if let Occurrence::Any(all, _) = occurrence {
            return all.iter().for_each(|one| self.wake_for(one, frame));
        }
        if let Some(anchor) = self.world().known(occurrence, &self.program.zone(), frame, false) {
            self.wake(anchor.at);
        }
    }

    /// Whether any article waits for that moment of that article.
    pub(super) fn is_waited_for(&self, article: ArticleId, kind: MomentKind) -> bool {
        self.awaited.contains(&(article, kind))
    }
}

/// The frame with one more name.
pub(super) fn bound(frame: &Frame, bind: Option<Slot>, value: Value) -> Vec<Value> {
    let mut frame = frame.to_vec();
    if let Some(slot) = bind {
        frame.resize(frame.len().max(slot + 1), Value::Absent);
        if let Some(place) = frame.get_mut(slot) {
            *place = value;
        }
    }
    frame
}

/// The first instant of an occurrence that is known beforehand.
pub(super) fn constant(occurrence: &Occurrence) -> Option<Instant> {
    match occurrence {
        Occurrence::At(crate::model::Expr::Constant(Value::Instant(at))) => Some(*at),
        Occurrence::After(length, anchor, reckoning) => Some(length.after(constant(anchor)?, reckoning)),
        _ => None,
    }
}

/// Everything that the treaties wait for, wherever it stands, each part of it too.
pub(super) fn everything(program: &Program) -> Vec<&Occurrence> {
    let mut found: Vec<&Occurrence> = Vec::new();
    for article in &program.articles {
        of_norm(&article.norm, &mut found);
        in_force(article.law.entry.as_ref(), article.law.expiry.as_ref(), &mut found);
    }
    for treaty in &program.treaties {
        in_force(Some(&treaty.entry), treaty.expiry.as_ref(), &mut found);
        found.extend(treaty.renewal.iter().map(|renewal| &renewal.unless));
        found.extend(treaty.withdrawal.iter().map(|withdrawal| &withdrawal.event));
    }
    for group in &program.groups {
        found.extend(group.joined.iter().chain(group.left.iter().map(|left| &left.event)));
    }
    found.extend(program.states.iter().flat_map(|state| state.begins.iter().chain(&state.ends)));
    found.extend(program.kinds.iter().filter_map(|kind| kind.established.as_ref()));
    let mut place = 0;
    while let Some(occurrence) = found.get(place).copied() {
        match occurrence {
            Occurrence::After(_, anchor, _) => found.push(anchor),
            Occurrence::Any(all, _) => found.extend(all),
            _ => {}
        }
        place += 1;
    }
    found
}

fn in_force<'a>(entry: Option<&'a Entry>, expiry: Option<&'a Expiry>, found: &mut Vec<&'a Occurrence>) {
    if let Some(Entry::When(accession)) = entry {
        found.push(&accession.event);
    }
    if let Some(Expiry::On(event)) = expiry {
        found.push(event);
    }
}

/// What a duty that has begun waits for: its excuses, and the ends of its window.
pub(crate) fn waited_for(norm: &Norm) -> Vec<&Occurrence> {
    let mut found: Vec<_> = norm.excused_by.iter().collect();
    for limit in norm.window.iter().flat_map(|window| window.opens.iter().chain(&window.closes)) {
        of_limit(limit, &mut found);
    }
    found
}

fn of_norm<'a>(norm: &'a Norm, found: &mut Vec<&'a Occurrence>) {
    match &norm.trigger {
        Trigger::Other(occurrence, _) | Trigger::Every { from: occurrence, .. } => found.push(occurrence),
        Trigger::Once { latest, .. } => found.extend(latest),
        _ => {}
    }
    found.extend(waited_for(norm));
    for tail in &norm.tails {
        match tail {
            Tail::OnlyAfter(events) => found.extend(events),
            Tail::Whereupon(effect) => of_effect(effect, found),
            _ => {}
        }
    }
    if let Deed::Effect(effect) = &norm.deed {
        of_effect(effect, found);
    }
}

fn of_effect<'a>(effect: &'a Effect, found: &mut Vec<&'a Occurrence>) {
    effect.until.iter().for_each(|until| of_limit(until, found));
}

fn of_limit<'a>(limit: &'a Limit, found: &mut Vec<&'a Occurrence>) {
    match limit {
        Limit::AfterOccurrence(_, event) | Limit::On(event) | Limit::Before(_, event) => found.push(event),
        Limit::Earliest(limits) | Limit::Latest(limits) => limits.iter().for_each(|limit| of_limit(limit, found)),
        Limit::After(..) | Limit::At(_) | Limit::Day { .. } => {}
    }
}

/// What happens so long after something else, wherever it stands.
pub(super) fn timers<'a>(everything: &[&'a Occurrence]) -> Vec<Timer<'a>> {
    let timers = everything.iter().filter_map(|occurrence| match occurrence {
        Occurrence::After(length, anchor, reckoning) => Some(Timer { length, anchor, reckoning }),
        _ => None,
    });
    timers.collect()
}

/// The moments of articles for which something waits, wherever it stands.
pub(crate) fn moments_waited_for(program: &Program) -> Set<(ArticleId, MomentKind)> {
    awaited(program, &everything(program))
}

/// The moments of articles for which something waits.
pub(super) fn awaited(program: &Program, everything: &[&Occurrence]) -> Set<(ArticleId, MomentKind)> {
    let mut awaited = Set::default();
    for article in &program.articles {
        if let Trigger::Moment { articles, moment, .. } = &article.norm.trigger {
            awaited.extend(articles.iter().map(|article| (*article, *moment)));
        }
    }
    for occurrence in everything {
        if let Occurrence::Moment(moment) = occurrence {
            awaited.extend(moment.articles.iter().map(|article| (*article, moment.moment)));
        }
    }
    awaited
}
