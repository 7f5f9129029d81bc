//! A log and treaties to verdicts.

use crate::event::Log;
use crate::model::Program;
use crate::monitor;
use crate::verdict::Verdict;

pub use crate::semantics::{Options, Standard};

/// The verdicts of a log, in the order in which the duties began.
pub fn replay(program: &Program, log: &Log, options: &Options) -> Vec<Verdict> {
    monitor::verdicts(program, log, options)
}
