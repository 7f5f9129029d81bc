//! Which names a file sees.

use std::sync::Arc;

use super::{GroupId, KindId, PartyId, PlaceId, ScheduleId, StateId, TallyId, UnitId, Value};
use crate::arena::{Map, Set};
use crate::source::Span;
use crate::syntax::ast;
use crate::time::Calendar;

/// What a name of the common name space stands for.
#[derive(Debug, Clone)]
pub(super) enum Named {
    Party(PartyId),
    Place(PlaceId),
    /// A group whose members are always the same, as a list of parties.
    Group(Value),
    /// A group whose members come and go.
    Changing(GroupId),
    State(StateId),
    Tally(TallyId),
    Schedule(ScheduleId),
}

/// A declaration: what it declares, and where.
#[derive(Debug, Clone)]
pub(super) struct Declared<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// The names of one file, or all that one file sees.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Parties, places and groups share their names.
    pub(super) named: Map<String, Declared<Named>>,
    pub(super) kinds: Map<String, Declared<KindId>>,
    pub(super) terms: Map<String, Declared<Arc<ast::Term>>>,
    pub(super) units: Map<String, Declared<UnitId>>,
    pub(super) calendars: Map<String, Declared<Arc<Calendar>>>,
    /// Names given to other treaties by `use … as`, with the places of their files.
    pub(super) treaties: Map<String, usize>,
    /// Names whose declaration could not be read.
    pub(super) unread: Set<String>,
    /// Whether a file that it uses could not be read at all.
    pub(super) incomplete: bool,
}

impl Scope {
    /// The names of that sort, in the order declared.
    pub(super) fn names(&self, sort: impl Fn(&Named) -> bool) -> Vec<String> {
        self.named.iter().filter(|(_, declared)| sort(&declared.value)).map(|(name, _)| name.clone()).collect()
    }

    /// Adds what another file declares; this file's own names stand.
    pub(super) fn adopt(&mut self, other: &Scope) {
        adopt(&mut self.named, &other.named);
        adopt(&mut self.kinds, &other.kinds);
        adopt(&mut self.terms, &other.terms);
        adopt(&mut self.units, &other.units);
        adopt(&mut self.calendars, &other.calendars);
        self.unread.extend(other.unread.iter().cloned());
        self.incomplete |= other.incomplete;
    }
}

fn adopt<T: Clone>(mine: &mut Map<String, Declared<T>>, theirs: &Map<String, Declared<T>>) {
    for (name, declared) in theirs {
        mine.entry(name.clone()).or_insert_with(|| declared.clone());
    }
}
