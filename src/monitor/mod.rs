//! The verdicts of a log, online and fast.
//!
//! An event costs what the duties that it touches cost: triggers, acts and excuses are found by the values of their
//! fields in an index, due instants wait in a queue of timers. What the verdicts mean is defined in
//! [`crate::semantics`], and a property test holds the two equal.

mod index;
mod plan;
mod step;
mod timers;
mod treaty;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::arena::{Arena, Map, ids};
use crate::eval::World;
use crate::event::Log;
use crate::model::{ArticleId, EventId, Moment, PartyId, Program, TreatyId};
use crate::time::Instant;
use crate::verdict::{Status, Verdict};

use index::Index;
use plan::Plan;
use timers::{Timer, Timers};

ids! {
    /// An instance of a duty, in the order in which they start.
    InstanceId,
}

/// Replays a log up to `until`, or to its last event, and returns the verdicts in the order in which the duties began.
pub fn replay(program: &Program, log: &Log, until: Option<Instant>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    replay_into(program, log, until, &mut |number, verdict| verdicts.push((number, verdict)));
    verdicts.sort_by_key(|(number, _)| *number);
    verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}

/// Replays a log and hands over each verdict once, as soon as nothing can change it; those that could still change
/// come at the end. The number is the duty's place in the order in which they began.
pub fn replay_into(program: &Program, log: &Log, until: Option<Instant>, decided: &mut dyn FnMut(usize, Verdict)) {
    let Some(end) = until.or_else(|| log.events.iter().last().map(|event| event.at)) else {
        return;
    };
    let mut monitor = Monitor::new(program, log, decided);
    monitor.open();
    for (id, event) in log.events.entries() {
        if event.at > end {
            break;
        }
        monitor.advance(event.at);
        monitor.event(id);
    }
    monitor.advance(end);
    monitor.close();
}

/// A replay under way.
struct Monitor<'a> {
    world: World<'a>,
    plan: Plan,
    /// The duties that have begun and are not decided.
    instances: Arena<InstanceId, Option<Verdict>>,
    /// Which duties an event may perform, break or excuse.
    waiting: Index<InstanceId>,
    timers: Timers,
    /// What has happened to duties at this instant, and not yet been told to the articles that wait for it.
    moments: VecDeque<Arc<Moment>>,
    in_force: Map<TreatyId, InForce>,
    /// Standing prohibitions, which end with their treaty.
    standing: Map<TreatyId, Vec<InstanceId>>,
    decided: &'a mut dyn FnMut(usize, Verdict),
    /// Kept to spare an allocation an event.
    found: Vec<InstanceId>,
    triggers: Vec<ArticleId>,
}

/// Whether a treaty is in force.
#[derive(Debug, Clone, Default)]
struct InForce {
    from: Option<Instant>,
    until: Option<Instant>,
    /// An event has ended it.
    ended: bool,
    /// What had to happen for its entry into force has happened.
    awaited: bool,
    /// The event that brought it into force, where one did at once.
    entered_by: Option<EventId>,
    /// The parties that have acted towards its entry into force.
    acceded: Vec<PartyId>,
    /// From when on a party that has withdrawn is bound no more.
    left: Map<PartyId, Instant>,
}

impl InForce {
    fn at(&self, instant: Instant) -> bool {
        self.from.is_some_and(|from| from <= instant) && self.until.is_none_or(|until| instant < until) && !self.ended
    }

    fn binds(&self, party: PartyId, instant: Instant) -> bool {
        self.left.get(&party).is_none_or(|left| instant < *left)
    }
}

impl<'a> Monitor<'a> {
    fn new(program: &'a Program, log: &'a Log, decided: &'a mut dyn FnMut(usize, Verdict)) -> Monitor<'a> {
        Monitor {
            world: World::new(program, log),
            plan: Plan::of(program),
            instances: Arena::default(),
            waiting: Index::default(),
            timers: Timers::default(),
            moments: VecDeque::new(),
            in_force: program.treaties.ids().map(|treaty| (treaty, InForce::default())).collect(),
            standing: Map::default(),
            decided,
            found: Vec::new(),
            triggers: Vec::new(),
        }
    }

    /// Lets the clock come to an instant, just before its events.
    fn advance(&mut self, to: Instant) {
        while let Some(timer) = self.timers.next_before(to) {
            match timer.what {
                Timer::Entry(treaty) => self.enter_into_force(treaty, timer.at),
                Timer::Due(instance) => self.due(instance, timer.at),
                Timer::End(instance) => self.unbroken(instance, timer.at),
            }
            self.settle();
        }
    }

    /// Hands over what is left when the replay ends.
    fn close(&mut self) {
        let ids = self.instances.ids();
        for id in ids {
            self.decide(id);
        }
    }

    /// Hands over a verdict: nothing can change it any more.
    fn decide(&mut self, id: InstanceId) {
        let Some(mut instance) = self.instances.at_mut(id).take() else {
            return;
        };
        // What has no end cannot wait for one: a doubt stays.
        if instance.doubt.is_some() && matches!(instance.status, Status::Open | Status::Observed) {
            instance.status = Status::Indeterminate;
        }
        (self.decided)(crate::arena::Id::index(id), instance);
    }

    fn event(&mut self, event: EventId) {
        self.perform(event);
        self.trigger(event);
        self.change_treaties(event);
        self.settle();
    }
}
