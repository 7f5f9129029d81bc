//! What expressions, conditions and patterns come to, given a log.
//!
//! Logic is Kleene's: a comparison with an absent value is unknown, which `Option<bool>` writes as `None`.

mod act;
mod condition;
mod facts;
mod near_miss;
mod pattern;
mod start;
mod treaty;
mod value;
mod window;

use crate::event::Log;
use crate::model::{PartyId, Program, Value};

pub(crate) use act::part_of;
pub use facts::Facts;
pub use near_miss::NearMiss;
pub use pattern::Match;
pub use start::Onset;
pub use window::{Bounds, From, Unknown};

/// True, false, or unknown.
pub type Truth = Option<bool>;

/// What names stand for, by slot.
pub type Frame = [Value];

/// Treaties, and the log they are read against.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The treaties.
    pub program: &'a Program,
    /// The log.
    pub log: &'a Log,
    /// What the replay has come to.
    pub facts: &'a dyn Facts,
}

impl<'a> World<'a> {
    /// A log of which nothing has been replayed.
    pub fn new(program: &'a Program, log: &'a Log) -> World<'a> {
        World { program, log, facts: &facts::Nothing }
    }

    /// The members of a group or a list, less those left out, in order and each once.
    pub fn members(&self, members: &crate::model::Members, frame: &Frame) -> Vec<PartyId> {
        let without: Vec<_> = members.without.iter().flat_map(|expr| self.value(expr, frame).parties()).collect();
        let mut parties = Vec::new();
        for party in self.value(&members.base, frame).parties() {
            if !without.contains(&party) && !parties.contains(&party) {
                parties.push(party);
            }
        }
        parties
    }
}

/// Kleene's conjunction.
pub(crate) fn and(a: Truth, b: impl FnOnce() -> Truth) -> Truth {
    match a {
        Some(false) => Some(false),
        Some(true) => b(),
        None => match b() {
            Some(false) => Some(false),
            _ => None,
        },
    }
}

/// Kleene's disjunction.
pub(crate) fn or(a: Truth, b: impl FnOnce() -> Truth) -> Truth {
    match a {
        Some(true) => Some(true),
        Some(false) => b(),
        None => match b() {
            Some(true) => Some(true),
            _ => None,
        },
    }
}

/// Kleene's conjunction of all; true of none.
pub(crate) fn every(truths: impl IntoIterator<Item = Truth>) -> Truth {
    let mut result = Some(true);
    for truth in truths {
        result = and(result, || truth);
    }
    result
}

/// Kleene's disjunction of all; false of none.
pub(crate) fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
    let mut result = Some(false);
    for truth in truths {
        if truth == Some(true) {
            return truth;
        }
        result = or(result, || truth);
    }
    result
}
