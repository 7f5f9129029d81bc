//! A replay that goes on: events as they come, verdicts as soon as they are certain.

use std::sync::Arc;

use super::lookup::Indexed;
use crate::arena::Id;
use crate::event::{Held, Log};
use crate::model::{EventId, Program};
use crate::semantics::{Kept, Options, Replay};
use crate::time::Instant;
use crate::verdict::Verdict;

/// How many events are held at least before it is worth while to look for those that can be forgotten.
const FEW: usize = 8_192;

/// A replay that takes events as they come, and tells each verdict as soon as it is certain.
///
/// A duty is told when nothing can change it any more. One that is broken and may still be performed late, cured or
/// broken again is told at once, and again whenever more of it is certain; each breach is told once. What can no longer
/// matter is forgotten: memory follows the duties that are pending and the periods that are looked back at.
pub struct Monitor<'p> {
    pub(super) replay: Replay<'p, Indexed>,
    options: Options,
    /// The next event to be replayed, and how many may be held before some are forgotten.
    pub(super) next: usize,
    enough: usize,
}

/// Takes what has become certain: the log, the duty's number in the order in which they began, and its verdict.
pub type Told<'t> = dyn FnMut(&Log, usize, Verdict) + 't;

impl<'p> Monitor<'p> {
    /// A replay of no events yet.
    pub fn new(program: &'p Program, options: Options) -> Monitor<'p> {
        let log = Held::Growing(Arc::new(Log::new(program)));
        let mut replay = Replay::new(program, log, options.standard);
        replay.go_online();
        Monitor { replay, options, next: 0, enough: FEW }
    }

    pub(super) fn going_on(replay: Replay<'p, Indexed>, options: Options, next: usize) -> Monitor<'p> {
        Monitor { enough: FEW.max(2 * replay.log.events.len()), replay, options, next }
    }

    /// The events that are held.
    pub fn log(&self) -> &Log {
        &self.replay.log
    }

    /// Lets events be added to the log, and replays them.
    pub fn add(&mut self, add: impl FnOnce(&mut Log), told: &mut Told<'_>) {
        if let Some(log) = self.replay.log.growing() {
            add(log);
        }
        let given = self.replay.log.events.given();
        while self.next < given {
            let event = EventId::from_index(self.next);
            self.next += 1;
            let found = self.replay.log.events.at(event);
            let at = found.at;
            let known = self.options.known_at.is_none_or(|known_at| found.reported <= known_at);
            if known && self.options.until.is_none_or(|until| at <= until) {
                self.replay.next(event);
                self.tell(told);
            }
        }
        if self.replay.log.events.len() >= self.enough {
            self.forget();
        }
    }

    /// The clock has come to an instant, and nothing earlier will be added: what was due before it is decided.
    pub fn advance(&mut self, to: Instant, told: &mut Told<'_>) {
        let to = self.options.until.map_or(to, |until| to.min(until));
        self.replay.advance(to);
        self.tell(told);
    }

    /// The replay ends, at `until` or with the last event: tells how everything stands that has not been told.
    pub fn finish(mut self, told: &mut Told<'_>) {
        let Some(end) = self.options.until.or(self.replay.last_event) else { return };
        self.replay.finish(end);
        self.replay.tell_the_rest();
        self.tell(told);
    }

    fn tell(&mut self, told: &mut Told<'_>) {
        for (number, verdict) in self.replay.take_told() {
            told(&self.replay.log, number, verdict);
        }
    }

    /// Forgets the events that can no longer matter; done by itself whenever twice as many are held as the last time.
    pub fn forget(&mut self) {
        let mut kept = Kept::default();
        self.replay.trace(&mut kept);
        self.replay.lookup.trace(&mut kept, &self.replay.log);
        self.replay.forget_notes(&kept);
        let next = EventId::from_index(self.next);
        if let Some(log) = self.replay.log.growing() {
            log.forget(&|event| event >= next || kept.contains(event));
        }
        self.enough = FEW.max(2 * self.replay.log.events.len());
    }
}
