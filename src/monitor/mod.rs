//! The verdicts of a log, online and fast.
//!
//! What follows from what happens is defined in [`crate::semantics`]; the definition looks at every duty and every
//! article to see what an event concerns, the monitor looks it up. An event costs what the duties that it touches cost:
//! triggers, acts, excuses and what conditions hang on are found by the values of the event's fields, due instants wait
//! in a queue. A property test holds the two equal.

mod accounts;
mod depend;
mod index;
mod interest;
mod lookup;
mod memory;
mod online;
mod ring;

use crate::event::Log;
use crate::model::Program;
use crate::semantics::{Options, Replay};
use crate::verdict::Verdict;

use lookup::Indexed;
pub use online::{Monitor, Told};

/// The verdicts of a log, up to `until` or the last event, in the order in which the duties began.
pub fn verdicts(program: &Program, log: &Log, options: &Options) -> Vec<Verdict> {
    crate::semantics::replay::<Indexed>(program, log, options).map(Replay::close).unwrap_or_default()
}
