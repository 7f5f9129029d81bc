//! The definition: the verdicts of a whole log, read straight off section 5 of the language.
//!
//! Plain and slow: every duty looks at every event after its trigger. The monitor says the same online and fast,
//! and a property test holds the two equal.

mod life;

use std::sync::Arc;

use crate::arena::Map;
use crate::eval::{Onset, World};
use crate::event::Log;
use crate::model::{
    Accession, ArticleId, Entry, EventId, Expiry, Moment, Occurrence, PartyId, Pattern, Program, TreatyId,
};
use crate::time::{Duration, Instant, Reckoning};
use crate::verdict::Verdict;

/// A point of the replay: an instant, and the first event that is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Point {
    at: Instant,
    next: usize,
}

/// When a treaty is in force: from the first point on, and before the second.
#[derive(Debug, Clone, Default)]
struct InForce {
    from: Option<Point>,
    until: Option<Point>,
    /// From when on a party that has withdrawn is bound no more.
    left: Map<PartyId, Leave>,
}

/// The withdrawal of a party.
#[derive(Debug, Clone, Copy)]
struct Leave {
    /// The number of the event by which it withdraws.
    event: usize,
    /// From when on it is bound no more.
    effect: Point,
}

impl InForce {
    fn at(&self, point: Point) -> bool {
        self.from.is_some_and(|from| from <= point) && self.until.is_none_or(|until| point < until)
    }

    fn binds(&self, party: PartyId, point: Point) -> bool {
        self.left.get(&party).is_none_or(|leave| point < leave.effect)
    }
}

/// A duty about to start.
struct Start {
    onset: Onset,
    /// Where it is judged who is bound: an event is judged by what held before it.
    judged: Point,
    /// Where it starts.
    from: Point,
}

/// The verdicts of a log, up to `until` or the last event, in no particular order.
pub fn verdicts(program: &Program, log: &Log, until: Option<Instant>) -> Vec<Verdict> {
    let Some(end) = until.or_else(|| log.events.iter().last().map(|event| event.at)) else {
        return Vec::new();
    };
    let events: Vec<EventId> = log.events.ids().filter(|id| log.events.at(*id).at <= end).collect();
    let mut semantics = Semantics { world: World { program, log }, events, end, in_force: Map::default() };
    semantics.in_force = program.treaties.ids().map(|treaty| (treaty, semantics.life_of(treaty))).collect();
    semantics.all()
}

struct Semantics<'a> {
    world: World<'a>,
    /// The events up to the end.
    events: Vec<EventId>,
    end: Instant,
    in_force: Map<TreatyId, InForce>,
}

impl Semantics<'_> {
    fn all(&self) -> Vec<Verdict> {
        let mut open = self.first_onsets();
        let mut verdicts = Vec::new();
        while let Some(Start { onset, judged, from }) = open.pop() {
            let treaty = self.treaty_of(onset.article);
            for instance in self.world.start(&onset, |party| treaty.is_none_or(|treaty| treaty.binds(party, judged))) {
                let life = self.live(instance, from);
                open.extend(life.moments.iter().flat_map(|(moment, point)| self.follow(moment, *point)));
                verdicts.push(life.verdict);
            }
        }
        verdicts
    }

    /// What events and entries into force set off.
    fn first_onsets(&self) -> Vec<Start> {
        let mut onsets = Vec::new();
        for (id, article) in self.world.program.articles.entries() {
            let Some(life) = self.in_force.get(&article.treaty) else { continue };
            if let Some(from) = life.from {
                let onset = self.world.set_off_by_entry(id, from.at);
                onsets.extend(onset.map(|onset| Start { onset, judged: from, from }));
            }
            for (index, event) in self.events.iter().enumerate() {
                let at = self.world.log.events.at(*event).at;
                // The event is judged by the treaties that were in force before it.
                let judged = Point { at, next: index };
                if life.at(judged) {
                    let set_off = self.world.set_off_by_event(id, *event).into_iter();
                    onsets.extend(set_off.map(|onset| Start { onset, judged, from: Point { at, next: index + 1 } }));
                }
            }
        }
        onsets
    }

    /// What a moment sets off.
    fn follow(&self, moment: &Arc<Moment>, point: Point) -> Vec<Start> {
        let articles = self.world.program.articles.entries();
        let in_force =
            articles.filter(|(_, article)| self.in_force.get(&article.treaty).is_some_and(|life| life.at(point)));
        in_force
            .filter_map(|(id, _)| self.world.set_off_by_moment(id, moment))
            .map(|onset| Start { onset, judged: point, from: point })
            .collect()
    }

    fn life_of(&self, id: TreatyId) -> InForce {
        let treaty = self.world.program.treaties.at(id);
        let from = match &treaty.entry {
            Entry::FirstEvent => self.events.first().map(|first| self.before(self.world.log.events.at(*first).at)),
            Entry::At(at) => Some(self.before(*at)).filter(|point| point.at <= self.end),
            Entry::When(accession) => self.accession(accession, &treaty.reckoning),
        };
        let until = from.and_then(|from| match &treaty.expiry {
            Some(Expiry::On(Occurrence::Pattern(pattern))) => self.first_match(pattern, from.next),
            _ => treaty.expires(from.at).map(|at| self.before(at)),
        });
        InForce { from, until, left: self.withdrawals(id) }
    }

    /// The point at which enough parties have acted, and the delay has passed.
    fn accession(&self, accession: &Accession, reckoning: &Reckoning) -> Option<Point> {
        let mut so_far = Vec::new();
        let mut events = self.events.iter().enumerate();
        let (index, event) = events.find(|(_, event)| self.world.accedes(accession, **event, &mut so_far))?;
        let effect = self.effect(index, *event, accession.delay.as_ref(), reckoning);
        (effect.at <= self.end).then_some(effect)
    }

    /// When an event takes effect: just after it or, where there is a delay, when that has passed.
    fn effect(&self, index: usize, event: EventId, delay: Option<&Duration>, reckoning: &Reckoning) -> Point {
        let at = self.world.log.events.at(event).at;
        match delay {
            None => Point { at, next: index + 1 },
            Some(delay) => self.before(delay.after(at, reckoning)),
        }
    }

    /// When each party that withdraws is bound no more.
    fn withdrawals(&self, id: TreatyId) -> Map<PartyId, Leave> {
        let treaty = self.world.program.treaties.at(id);
        let notice = treaty.withdrawal.as_ref().and_then(|withdrawal| withdrawal.notice.as_ref());
        let mut left = Map::default();
        for (index, event) in self.events.iter().enumerate() {
            for party in self.world.withdraw(id, *event) {
                let effect = self.effect(index, *event, notice, &treaty.reckoning);
                left.entry(party).or_insert(Leave { event: index, effect });
            }
        }
        left
    }

    fn treaty_of(&self, article: ArticleId) -> Option<&InForce> {
        self.in_force.get(&self.world.program.articles.at(article).treaty)
    }

    /// Just after the first event, from the one of that number on, that surely matches.
    fn first_match(&self, pattern: &Pattern, from: usize) -> Option<Point> {
        let mut later = self.events.iter().enumerate().skip(from);
        let (index, event) = later.find(|(_, event)| self.world.is_match(pattern, **event, &[]) == Some(true))?;
        Some(Point { at: self.world.log.events.at(*event).at, next: index + 1 })
    }

    /// The point at which an instant begins, before its events.
    fn before(&self, at: Instant) -> Point {
        let next = self.events.partition_point(|event| self.world.log.events.at(*event).at < at);
        Point { at, next }
    }
}
