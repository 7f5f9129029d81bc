//! Which articles wait for which things that happen, known before the first event.

use super::index::{Index, constant_key};
use crate::arena::Map;
use crate::event::Log;
use crate::model::{ArticleId, MomentKind, Occurrence, Pattern, Program};
use crate::semantics::What;

/// Something that an occurrence hangs on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'p> {
    Pattern(&'p Pattern),
    Moment(ArticleId, MomentKind),
    Other(Other),
}

/// What happens besides events and moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Other {
    Turn,
    Tick,
    Passed,
    Entry,
    Expiry,
}

/// Everything with which an occurrence may happen.
pub(super) fn parts<'p>(occurrence: &'p Occurrence, found: &mut Vec<Part<'p>>) {
    match occurrence {
        Occurrence::Pattern(pattern) => found.push(Part::Pattern(pattern)),
        Occurrence::Moment(moment) => {
            found.extend(moment.articles.iter().map(|article| Part::Moment(*article, moment.moment)));
        }
        Occurrence::Turn { .. } => found.push(Part::Other(Other::Turn)),
        Occurrence::At(_) => found.push(Part::Other(Other::Tick)),
        Occurrence::After(length, anchor, _) => {
            found.push(Part::Other(Other::Tick));
            if length.is_zero() {
                parts(anchor, found);
            }
        }
        Occurrence::EntryIntoForce(_) => found.push(Part::Other(Other::Entry)),
        Occurrence::Expiry(_) => found.push(Part::Other(Other::Expiry)),
        Occurrence::Any(all, _) => all.iter().for_each(|one| parts(one, found)),
    }
}

/// Which articles wait for what.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    events: Index<ArticleId>,
    moments: Map<(ArticleId, MomentKind), Vec<ArticleId>>,
    others: Map<Other, Vec<ArticleId>>,
}

impl Listeners {
    pub(super) fn listen(&mut self, program: &Program, article: ArticleId, part: Part<'_>) {
        match part {
            Part::Pattern(pattern) => self.events.insert(pattern.kind, constant_key(program, pattern), article),
            Part::Moment(of, kind) => self.moments.entry((of, kind)).or_default().push(article),
            Part::Other(other) => self.others.entry(other).or_default().push(article),
        }
    }

    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.moments.is_empty() && self.others.is_empty()
    }

    /// The articles that wait for something that has happened, in order and each once.
    pub(super) fn find(&self, program: &Program, log: &Log, what: &What) -> Vec<ArticleId> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        match what {
            What::Event(event) => self.events.find(program, log, log.events.at(*event), &mut found),
            What::Moment(moment) => {
                found.extend(self.moments.get(&(moment.article, moment.kind)).into_iter().flatten());
            }
            other => found.extend(other_of(other).and_then(|other| self.others.get(&other)).into_iter().flatten()),
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

pub(super) fn other_of(what: &What) -> Option<Other> {
    Some(match what {
        What::Event(_) | What::Moment(_) => return None,
        What::Turn(_) => Other::Turn,
        What::Entry(_) => Other::Entry,
        What::Expiry(_) => Other::Expiry,
        What::Tick => Other::Tick,
        What::Passed => Other::Passed,
    })
}
