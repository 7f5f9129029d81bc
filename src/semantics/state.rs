//! States and tallies: what begins and ends, and what runs on.
//!
//! A state holds from just after what begins it up to what ends it. A tally takes in the present event.

use serde::{Deserialize, Serialize};
use std::rc::Rc;

use rust_decimal::Decimal;

use super::history::What;
use super::{Lookup, Replay};
use crate::eval::Truth;
use crate::model::{EventId, Occurrence, Pattern, StateId, Tally, TallyId, Value};
use crate::time::Instant;

/// A state, and what it is asked of.
pub(super) type Asked = (StateId, Vec<Value>);

/// A tally, and what it is asked of.
pub(super) type AskedTally = (TallyId, Vec<Value>);

/// When a state has begun and ended, as far as the history has been read.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    read: usize,
    /// Where in the history and when, and whether it began.
    pub(super) list: Vec<Turn>,
}

/// The beginning or the end of a state.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Turn {
    pub(crate) place: usize,
    pub(crate) at: Instant,
    pub(crate) begins: bool,
}

impl<L: Lookup> Replay<'_, L> {
    /// Whether a state holds, by what has settled; of an earlier event that is read again, by what had settled then.
    pub(super) fn state_holds(&self, state: StateId, of: &[Value]) -> Truth {
        if of.contains(&Value::Absent) {
            return None;
        }
        let up_to = self.as_of.get().unwrap_or(self.history.settled);
        Some(self.turns_of(state, of, up_to, |turns| holds(turns, up_to)))
    }

    /// Whether a state began or ended with what happened at a place; none where it did neither.
    pub(super) fn turns(&self, state: StateId, of: &[Value], place: usize) -> Option<bool> {
        if of.contains(&Value::Absent) {
            return None;
        }
        self.turns_of(state, of, place + 1, |turns| {
            let found = turns.binary_search_by_key(&place, |turn| turn.place).ok();
            found.and_then(|found| turns.get(found)).map(|turn| turn.begins)
        })
    }

    /// Reads the history for a state, up to a place at least, and asks something of its turns.
    pub(super) fn turns_of<T>(&self, state: StateId, of: &[Value], up_to: usize, ask: impl FnOnce(&[Turn]) -> T) -> T {
        if let Some(turns) = L::turns_of(self, state, of) {
            return ask(turns);
        }
        let asked: Asked = (state, of.to_vec());
        let turns = Rc::clone(self.states.borrow_mut().entry(asked).or_default());
        let read = turns.borrow().read;
        for place in self.history.places(read, up_to).collect::<Vec<_>>() {
            if turns.borrow().read > place {
                continue;
            }
            let begun = turns.borrow().list.last().is_some_and(|turn| turn.begins);
            let turn = self.turn_at(state, of, place, begun);
            let at = self.history.at(place).map(|happening| happening.at);
            // What the state's own beginning asks of the state is answered by what has been read.
            let mut turns = turns.borrow_mut();
            turns.list.extend(turn.zip(at).map(|(begins, at)| Turn { place, at, begins }));
            turns.read = place + 1;
        }
        let turns = turns.borrow();
        ask(&turns.list)
    }

    /// Whether what happened at a place begins a state that does not hold, or ends one that does.
    pub(crate) fn turn_at(&self, state: StateId, of: &[Value], place: usize, holds: bool) -> Option<bool> {
        let declared = self.program.states.at(state);
        let any = |all: &[Occurrence]| {
            let before = self.as_of.replace(Some(place));
            let turns = all.iter().any(|one| self.turns_it(one, place, of));
            self.as_of.set(before);
            turns
        };
        if holds {
            return any(&declared.ends).then_some(false);
        }
        let entered = declared.holds_at_entry
            && matches!(self.history.at(place)?.what, What::Entry(treaty) if declared.treaty.is_none_or(|of| of == treaty));
        (entered || any(&declared.begins)).then_some(true)
    }

    fn turns_it(&self, occurrence: &Occurrence, place: usize, of: &[Value]) -> bool {
        match occurrence {
            // Another state turns with what happened, and this one with it.
            Occurrence::Turn { state, arguments, begins, .. } => {
                let arguments = self.world().values(arguments, of);
                self.turns(*state, &arguments, place) == Some(*begins)
            }
            // What ends by the clock ends with the instant, so that the events of that instant still see it.
            Occurrence::At(_) | Occurrence::After(..) => {
                let at = self.history.at(place).map(|happening| (happening.at, &happening.what));
                let Some((at, What::Passed)) = at else { return false };
                self.comes_at(occurrence, at, of) || self.came_before(occurrence, place, at, of)
            }
            Occurrence::Any(all, _) => all.iter().any(|one| self.turns_it(one, place, of)),
            other => self.is_happening(other, place, of) == Some(true),
        }
    }

    /// Whether an occurrence comes so long after something that happened before a place.
    fn came_before(&self, occurrence: &Occurrence, place: usize, at: Instant, of: &[Value]) -> bool {
        let Occurrence::After(length, anchor, reckoning) = occurrence else { return false };
        self.history.places(0, place).any(|earlier| {
            let then = self.anchor_at(earlier);
            then.is_some_and(|then| length.after(then, reckoning) == at) && self.turns_it(anchor, earlier, of)
        })
    }

    /// What a tally has come to, the present event included.
    pub(super) fn tally_now(&self, tally: TallyId, of: &[Value]) -> Value {
        if of.contains(&Value::Absent) {
            return Value::Absent;
        }
        let starts =
            || match self.program.tallies.at(tally).starts.as_ref().map(|starts| self.world().value(starts, of)) {
                Some(Value::Number(starts)) => starts,
                _ => Decimal::ZERO,
            };
        if let Some(change) = L::tally(self, tally, of) {
            return Value::Number(starts().saturating_add(change));
        }
        let asked = (tally, of.to_vec());
        let known = self.tallies.borrow().get(&asked).copied();
        let declared = self.program.tallies.at(tally);
        let (mut read, mut sum) = known.unwrap_or_else(|| (0, starts()));
        for place in self.history.places(read, self.history.length) {
            if let Some(event) = self.event_at(place) {
                let before = self.as_of.replace(Some(place));
                sum = sum.saturating_add(self.change_of(declared, event, of));
                self.as_of.set(before);
            }
        }
        read = self.history.length;
        self.tallies.borrow_mut().insert(asked, (read, sum));
        Value::Number(sum)
    }

    /// By how much an event changes a tally.
    pub(crate) fn change_of(&self, tally: &Tally, event: EventId, of: &[Value]) -> Decimal {
        let side = |side: &[(Pattern, usize)]| -> Decimal {
            side.iter().filter_map(|(pattern, field)| self.measured(pattern, *field, event, of)).sum()
        };
        side(&tally.adds).saturating_sub(side(&tally.subtracts))
    }

    /// What a field of an event says, if the event is surely one that is meant.
    fn measured(&self, pattern: &Pattern, field: usize, event: EventId, of: &[Value]) -> Option<Decimal> {
        if self.world().is_match(pattern, event, of) != Some(true) {
            return None;
        }
        super::aggregate::amount(self.log.field(self.log.events.at(event), field))
    }
}

/// Whether a state holds after what happened before a place.
fn holds(turns: &[Turn], place: usize) -> bool {
    let before = turns.partition_point(|turn| turn.place < place);
    before.checked_sub(1).and_then(|last| turns.get(last)).is_some_and(|turn| turn.begins)
}
