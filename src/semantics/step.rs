//! What follows from one thing that happens: «Order of evaluation», steps 0 to 4.

use super::history::What;
use super::{InstanceId, Lookup, Replay};
use crate::model::{Deed, EventId};
use crate::syntax::ast::Modal;

/// How many steps are followed at one instant from one thing that happens.
const MOST_STEPS: u32 = 256;
/// After so many steps no more than so many things are followed, lest they multiply.
const FEW_STEPS: u32 = 8;
const MOST_THINGS: u32 = 10_000;

/// How far what follows at one instant from one thing that happens has been followed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Followed {
    steps: u32,
    things: u32,
}

impl Followed {
    /// Whether it goes on so long that it may not end; what is beyond is not followed.
    pub(super) fn is_endless(self) -> bool {
        self.steps > MOST_STEPS || (self.steps > FEW_STEPS && self.things > MOST_THINGS)
    }

    pub(super) fn step(&mut self) {
        self.steps += 1;
    }
}

impl<L: Lookup> Replay<'_, L> {
    /// An event of the log: it counts at once, or when something establishes it.
    pub(super) fn event(&mut self, event: EventId) {
        self.followed = Followed::default();
        if self.waits_for_proof(event) {
            self.alleged.push(event);
        } else {
            self.happen(What::Event(event));
        }
    }

    /// Something happens, and what follows from it happens at the same instant, in turn, until nothing is left (4).
    pub(super) fn happen(&mut self, what: What) {
        self.queue.push_back(what);
        self.settle_all();
    }

    /// Processes what is waiting, in turn.
    pub(super) fn settle_all(&mut self) {
        let mut of_this_step = self.queue.len();
        while let Some(what) = self.queue.pop_front() {
            if of_this_step == 0 {
                of_this_step = self.queue.len() + 1;
                self.followed.step();
            }
            if self.followed.is_endless() {
                return self.queue.clear();
            }
            of_this_step -= 1;
            self.followed.things += 1;
            // Tallies and aggregates take it in (0).
            let place = self.record(what);
            L::takes_in(self, place);
            // Pending duties are met, excused or broken (1).
            self.touch(place);
            self.attempts_without_permission(place);
            if !self.attempts.is_empty() || !self.exercised.is_empty() {
                self.report_attempts();
            }
            // Triggers fire, reading states as they were before: all duties start, then effects apply (2).
            self.trigger(place);
            if !self.effects.is_empty() {
                self.apply_effects();
            }
            // States change, and with them what is in force, who is a member, and what is established (3).
            L::turns(self, place);
            self.history.settled = place + 1;
            self.change(place);
        }
    }

    /// Every duty to which something can still happen is looked at.
    fn touch(&mut self, place: usize) {
        for id in L::concerned(self, place) {
            if !self.instances.at(id).over {
                self.touch_one(id, place);
            }
        }
    }

    /// What happened at a place is looked at for one duty: its window, its performance or breach, its excuse.
    fn touch_one(&mut self, id: InstanceId, place: usize) {
        self.window_waits(id, place);
        if self.instances.at(id).over {
            return;
        }
        let norm = self.instances.at(id).norm;
        if let Some(event) = self.event_at(place) {
            match &norm.deed {
                Deed::Acts(_) if norm.forbids() => self.forbidden_act(id, event),
                Deed::Acts(_) if norm.modal == Modal::May => self.exercise(id, event),
                Deed::Acts(acts) => self.act(id, acts, event),
                Deed::Decide(decision) => self.ballot(id, decision, event),
                Deed::Keep(_) | Deed::Have(_) | Deed::Effect(_) => {}
            }
        }
        // Where one event both performs and excuses, performance wins.
        self.excuse_by(id, place);
        self.forget(id);
    }

    /// What is over is not looked at again.
    pub(super) fn forget(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        if instance.over {
            let place = (instance.verdict.article, id);
            if self.live.remove(&place) {
                L::is_over(self, id);
                self.finished.push(id);
            }
        }
    }

    fn change(&mut self, place: usize) {
        self.change_force(place);
        self.change_members(place);
        if !self.alleged.is_empty() {
            self.establish(place);
        }
        if !self.timers.is_empty() {
            self.set_timers(place);
        }
        if self.turns_awaited && !matches!(self.history.at(place).map(|it| &it.what), Some(What::Turn(_))) {
            self.queue.push_back(What::Turn(place));
        }
    }
}
