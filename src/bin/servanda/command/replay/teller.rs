//! What is told of a replay while it goes on.

use serde::{Deserialize, Serialize};
use servanda::arena::{Map, Set};
use servanda::model::ArticleId;
use servanda::report::{self, Lines, Scene, Style};
use servanda::verdict::{Status, Tally, Verdict};

use crate::output::Out;

/// Tells verdicts as they become certain.
pub struct Teller<'p> {
    /// As lines of JSON; for people where there are none.
    lines: Option<Lines<'p>>,
    style: Style,
    pub so_far: SoFar,
}

/// What has been told so far.
#[derive(Default, Clone, Serialize, Deserialize)]
pub struct SoFar {
    /// Whether anything was wrong.
    pub wrong: bool,
    tally: Tally,
    /// The duties that were told to be broken, and may come to something else.
    broken: Map<usize, Status>,
    triggered: Set<ArticleId>,
}

impl<'p> Teller<'p> {
    pub fn new(lines: Option<Lines<'p>>, style: Style, so_far: SoFar) -> Teller<'p> {
        Teller { lines, style, so_far }
    }

    /// Tells a verdict; the number is the duty's.
    pub fn tell(&mut self, scene: Scene<'_>, number: usize, verdict: &Verdict, out: &mut Out) {
        self.so_far.wrong |= verdict.status.is_wrong();
        if let Some(lines) = &self.lines {
            // Everything in a line can be written as JSON.
            return out.add(|buffer| _ = lines.write(scene.log, number, verdict, buffer));
        }
        let again = self.so_far.count(number, verdict);
        let nothing_new = again && verdict.status == Status::Breached && verdict.breaches.is_empty();
        if verdict.status.is_wrong() && !nothing_new {
            out.write(&report::breach(scene, verdict, self.style));
        }
    }

    /// The replay has ended.
    pub fn conclude(&self, scene: Scene<'_>, out: &mut Out) {
        if self.lines.is_some() {
            return;
        }
        out.write(&report::conclusion(scene, &self.so_far.tally, &self.so_far.triggered));
        if scene.log.set_aside > 0 {
            out.write(&format!("{} lines of the log were set aside\n", scene.log.set_aside));
        }
    }
}

impl SoFar {
    /// Counts a duty by what it has come to; whether it was counted before.
    fn count(&mut self, number: usize, verdict: &Verdict) -> bool {
        let before = self.broken.swap_remove(&number);
        if let Some(before) = before {
            self.tally.take(before);
        }
        self.tally.add(verdict.status);
        self.triggered.insert(verdict.article);
        if verdict.status == Status::Breached {
            self.broken.insert(number, verdict.status);
        }
        before.is_some()
    }
}
