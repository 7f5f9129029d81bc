//! One way to replay a log, whichever of the two semantics answers.

use crate::event::Log;
use crate::model::Program;
use crate::monitor;
use crate::time::Instant;
use crate::verdict::Verdict;

/// How far a replay goes, and what it knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Up to when; up to the last event, where nothing is said.
    pub until: Option<Instant>,
    /// Leave out what became known later.
    pub known_at: Option<Instant>,
    /// What has to be established before it counts.
    pub standard: Standard,
}

/// What has to be established before it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standard {
    /// Every event whose declaration says so.
    #[default]
    Established,
    /// Nothing: what is alleged counts at once.
    Alleged,
}

/// The verdicts of a log, in the order in which the duties began.
pub fn replay(program: &Program, log: &Log, options: &Options) -> Vec<Verdict> {
    monitor::replay(program, log, options.until)
}

/// The same verdicts, each handed over once, as soon as nothing can change it, with the duty's place in the order in
/// which they began.
pub fn replay_into(program: &Program, log: &Log, options: &Options, decided: &mut dyn FnMut(usize, Verdict)) {
    monitor::replay_into(program, log, options.until, decided);
}
