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
mod plain;
mod ring;
mod save;

use crate::event::{Event, Held, Log};
use crate::model::Program;
use crate::semantics::{Options, Replay};
use crate::verdict::Verdict;

use lookup::Indexed;
pub use online::{Monitor, Told};
pub use save::{STATE, StateError};

/// Replays a log that is there as a whole, up to `until` or the last event, and tells each verdict as [`Monitor`] does.
pub fn replay_into(program: &Program, log: &Log, options: &Options, told: &mut Told<'_>) {
    let known = |event: &Event| options.known_at.is_none_or(|known_at| event.reported <= known_at);
    let mut replay: Replay<'_, Indexed> = Replay::new(program, Held::Whole(log), options.standard);
    replay.go_online();
    let mut last = None;
    for (id, event) in log.events.entries().filter(|(_, event)| known(event)) {
        if options.until.is_some_and(|until| event.at > until) {
            break;
        }
        last = Some(event.at);
        replay.next(id);
        replay.take_told().into_iter().for_each(|(number, verdict)| told(log, number, verdict));
    }
    let Some(end) = options.until.or(last) else { return };
    replay.finish(end);
    replay.tell_the_rest();
    replay.take_told().into_iter().for_each(|(number, verdict)| told(log, number, verdict));
}

/// The verdicts of a log, up to `until` or the last event, in the order in which the duties began.
pub fn verdicts(program: &Program, log: &Log, options: &Options) -> Vec<Verdict> {
    crate::semantics::replay::<Indexed>(program, log, options).map(Replay::close).unwrap_or_default()
}
