//! One way to replay a log, whichever of the two semantics answers.

use crate::event::Log;
use crate::model::Program;
use crate::verdict::Verdict;
use crate::{monitor, semantics};

pub use crate::semantics::{Options, Standard};

/// The verdicts of a log, in the order in which the duties began.
///
/// The monitor gives them, where it knows everything that the treaties say and the log holds; otherwise the definition
/// does.
pub fn replay(program: &Program, log: &Log, options: &Options) -> Vec<Verdict> {
    monitor::verdicts(program, log, options)
}

/// Whether the monitor knows everything that the treaties say and the log holds.
pub fn is_for_the_monitor(program: &Program, log: &Log, options: &Options) -> bool {
    let exact = || log.events.iter().all(|event| event.at == event.latest);
    !program.beyond_monitor && options.known_at.is_none() && exact()
}

/// The same verdicts, each handed over once, as soon as nothing can change it, with the duty's place in the order in
/// which they began.
pub fn replay_into(program: &Program, log: &Log, options: &Options, decided: &mut dyn FnMut(usize, Verdict)) {
    if is_for_the_monitor(program, log, options) {
        for (number, verdict) in monitor::verdicts(program, log, options).into_iter().enumerate() {
            decided(number, verdict);
        }
        return;
    }
    for (number, verdict) in semantics::verdicts(program, log, options).into_iter().enumerate() {
        decided(number, verdict);
    }
}
