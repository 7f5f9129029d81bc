//! The definition: the verdicts of a whole log, read straight off section 5 of the language.
//!
//! Plain and slow: every duty looks at every event after its trigger. The monitor says the same online and fast,
//! and a property test holds the two equal.

mod life;

use std::sync::Arc;

use crate::arena::Map;
use crate::eval::{Onset, World};
use crate::event::Log;
use crate::model::{Entry, EventId, Expiry, Moment, Pattern, Program, TreatyId};
use crate::time::Instant;
use crate::verdict::Verdict;

/// A point of the replay: an instant, and the first event that is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Point {
    at: Instant,
    next: usize,
}

/// When a treaty is in force: from the first point on, and before the second.
#[derive(Debug, Clone, Copy, Default)]
struct InForce {
    from: Option<Point>,
    until: Option<Point>,
}

impl InForce {
    fn at(&self, point: Point) -> bool {
        self.from.is_some_and(|from| from <= point) && self.until.is_none_or(|until| point < until)
    }
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
        while let Some((onset, point)) = open.pop() {
            for instance in self.world.start(&onset) {
                let life = self.live(instance, point);
                open.extend(life.moments.iter().flat_map(|(moment, point)| self.follow(moment, *point)));
                verdicts.push(life.verdict);
            }
        }
        verdicts
    }

    /// What events and entries into force set off.
    fn first_onsets(&self) -> Vec<(Onset, Point)> {
        let mut onsets = Vec::new();
        for (id, article) in self.world.program.articles.entries() {
            let life = self.in_force.get(&article.treaty).copied().unwrap_or_default();
            if let Some(from) = life.from {
                onsets.extend(self.world.set_off_by_entry(id, from.at).map(|onset| (onset, from)));
            }
            for (index, event) in self.events.iter().enumerate() {
                let at = self.world.log.events.at(*event).at;
                // The event is judged by the treaties that were in force before it.
                if life.at(Point { at, next: index }) {
                    let set_off = self.world.set_off_by_event(id, *event).into_iter();
                    onsets.extend(set_off.map(|onset| (onset, Point { at, next: index + 1 })));
                }
            }
        }
        onsets
    }

    /// What a moment sets off.
    fn follow(&self, moment: &Arc<Moment>, point: Point) -> Vec<(Onset, Point)> {
        let articles = self.world.program.articles.entries();
        let in_force =
            articles.filter(|(_, article)| self.in_force.get(&article.treaty).is_some_and(|life| life.at(point)));
        in_force.filter_map(|(id, _)| self.world.set_off_by_moment(id, moment)).map(|onset| (onset, point)).collect()
    }

    fn life_of(&self, treaty: TreatyId) -> InForce {
        let treaty = &self.world.program.treaties.at(treaty);
        let from = match &treaty.entry {
            Entry::FirstEvent => self.events.first().map(|first| self.before(self.world.log.events.at(*first).at)),
            Entry::At(at) => Some(self.before(*at)).filter(|point| point.at <= self.end),
            Entry::On(pattern) => self.first_match(pattern, 0),
        };
        let until = from.and_then(|from| match treaty.expiry.as_ref()? {
            Expiry::At(at) => Some(self.before(*at)),
            Expiry::After(term) => Some(self.before(term.after(from.at, &treaty.reckoning))),
            Expiry::On(pattern) => self.first_match(pattern, from.next),
        });
        InForce { from, until }
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
