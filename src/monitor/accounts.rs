//! States, tallies and aggregates that are kept up to date with every event.
//!
//! Where the fields of an event say for which names it counts, it is taken in as it happens, for those names alone, and
//! need not be remembered. All else is read from what is remembered, when it is asked for.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::index::{holds_one, is_one};
use super::lookup::Indexed;
use super::ring::Ring;
use crate::arena::{Map, Set};
use crate::eval::Truth;
use crate::model::{
    Aggregate, AggregateKind, Condition, EventId, Expr, KindId, Occurrence, Part, Pattern, Period, Program, StateId,
    TallyId, TreatyId, Value, Want, walk,
};
use crate::semantics::{Kept, Replay, Summary, Turn, What, names_in_conditions};
use crate::time::Instant;

/// What names stand for, those that decide.
type Key = Box<[Value]>;

/// What is kept up to date.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    sites: Vec<Site>,
    /// The site of a pattern, by where it stands, and the sites that an event of a kind concerns.
    of_pattern: Map<usize, usize>,
    of_kind: Map<KindId, Vec<usize>>,
    states: Map<StateId, Keyed<Vec<Turn>>>,
    tallies: Map<TallyId, Keyed<Decimal>>,
}

/// What is kept up to date, as it is saved.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct State {
    rings: Vec<Map<Key, Ring>>,
    states: Map<StateId, Map<Key, Vec<Turn>>>,
    tallies: Map<TallyId, Map<Key, Decimal>>,
}

/// An aggregate.
#[derive(Debug)]
struct Site {
    /// The tests that fix the names, and their fields.
    key: Vec<(usize, usize)>,
    /// Everything else that the pattern asks for.
    rest: Pattern,
    /// What is summed up, or shown of the latest.
    field: Option<usize>,
    latest: bool,
    reach: Reach,
    rings: Map<Key, Ring>,
}

/// How far back a period reaches.
#[derive(Debug, Clone, Copy)]
enum Reach {
    /// So many microseconds.
    Last(i64),
    /// To the entry into force of a treaty.
    Entry(TreatyId),
    /// To anything.
    Ever,
}

/// Something that is kept for each of some names.
#[derive(Debug)]
struct Keyed<T> {
    /// For each pattern, the fields of its event that are the names.
    fields: Vec<(KindId, Vec<usize>)>,
    values: Map<Key, T>,
    /// Something looks at what was long ago.
    whole: bool,
}

impl Accounts {
    pub(super) fn of(program: &Program) -> Accounts {
        let mut accounts = Accounts::default();
        let (mut lasting, mut read_later) = (Vec::new(), false);
        walk(program, &mut |part| {
            if let Part::Expr(Expr::Aggregate(aggregate)) = part {
                read_later |= !accounts.add_aggregate(program, aggregate);
                if let AggregateKind::Duration(Expr::State(state, _)) = &aggregate.kind {
                    lasting.push(*state);
                }
            }
        });
        for (id, state) in program.states.entries() {
            let all: Option<Vec<&Pattern>> = state.begins.iter().chain(&state.ends).map(Occurrence::pattern).collect();
            let at_entry = state.holds_at_entry && !state.parameters.is_empty();
            if let Some(patterns) = all.filter(|_| !at_entry)
                && let Some(fields) = fields_of(program, &patterns, state.parameters.len())
            {
                let whole = read_later || lasting.contains(&id);
                accounts.states.insert(id, Keyed { fields, values: Map::default(), whole });
            }
        }
        for (id, tally) in program.tallies.entries() {
            let patterns: Vec<_> = tally.adds.iter().chain(&tally.subtracts).map(|(pattern, _)| pattern).collect();
            if let Some(fields) = fields_of(program, &patterns, tally.parameters.len()) {
                accounts.tallies.insert(id, Keyed { fields, values: Map::default(), whole: false });
            }
        }
        accounts
    }

    /// Keeps an aggregate up to date; false where its events have to be read when it is asked for.
    fn add_aggregate(&mut self, program: &Program, aggregate: &Aggregate) -> bool {
        let Some((pattern, field)) = counted(aggregate) else { return true };
        let Some(key) = key_of(program, pattern) else { return false };
        let mut rest = pattern.clone();
        let mut index = 0;
        rest.tests.retain(|_| {
            index += 1;
            key.iter().all(|(test, _)| *test != index - 1)
        });
        let reach = match &aggregate.period {
            None => Reach::Entry(aggregate.treaty),
            Some(Period::Last(length)) => length.exact_micros().map_or(Reach::Ever, Reach::Last),
            Some(_) => Reach::Ever,
        };
        self.of_pattern.insert(std::ptr::from_ref(pattern).addr(), self.sites.len());
        self.of_kind.entry(pattern.kind).or_default().push(self.sites.len());
        let latest = matches!(aggregate.kind, AggregateKind::Latest(..));
        self.sites.push(Site { key, rest, field, latest, reach, rings: Map::default() });
        true
    }

    /// What is kept up to date, to be saved.
    pub(super) fn saved(&self) -> State {
        State {
            rings: self.sites.iter().map(|site| site.rings.clone()).collect(),
            states: self.states.iter().map(|(id, state)| (*id, state.values.clone())).collect(),
            tallies: self.tallies.iter().map(|(id, tally)| (*id, tally.values.clone())).collect(),
        }
    }

    /// Goes on from what was saved; false where it is of other treaties.
    pub(super) fn go_on(&mut self, state: State) -> bool {
        let fits = state.rings.len() == self.sites.len()
            && state.states.keys().eq(self.states.keys())
            && state.tallies.keys().eq(self.tallies.keys());
        if fits {
            self.sites.iter_mut().zip(state.rings).for_each(|(site, rings)| site.rings = rings);
            self.states.values_mut().zip(state.states.into_values()).for_each(|(it, values)| it.values = values);
            self.tallies.values_mut().zip(state.tallies.into_values()).for_each(|(it, values)| it.values = values);
        }
        fits
    }

    /// Keeps all turns of states that are looked back at.
    pub(super) fn keep_whole(&mut self, states: &Set<StateId>) {
        for (id, state) in &mut self.states {
            state.whole |= states.contains(id);
        }
    }

    /// Adds every event that may still be asked for.
    pub(super) fn trace(&self, kept: &mut Kept) {
        for site in &self.sites {
            kept.values(site.rings.keys().flatten());
            if site.latest {
                site.rings.values().flat_map(Ring::events).for_each(|event| kept.event(event));
            }
        }
        kept.values(self.states.values().flat_map(|state| state.values.keys().flatten()));
        kept.values(self.tallies.values().flat_map(|tally| tally.values.keys().flatten()));
    }

    pub(super) fn has_site(&self, pattern: &Pattern) -> bool {
        self.of_pattern.contains_key(&std::ptr::from_ref(pattern).addr())
    }

    pub(super) fn has_state(&self, state: StateId) -> bool {
        self.states.contains_key(&state)
    }

    pub(super) fn has_tally(&self, tally: TallyId) -> bool {
        self.tallies.contains_key(&tally)
    }

    /// The rings of a site for what its names must be; several where a name stands for several.
    fn rings(&self, pattern: &Pattern, wanted: &[Value]) -> Option<(Vec<&Ring>, bool)> {
        let site = self.sites.get(*self.of_pattern.get(&std::ptr::from_ref(pattern).addr())?)?;
        let wanted: Vec<&Value> = site.key.iter().filter_map(|(test, _)| wanted.get(*test)).collect();
        if wanted.iter().all(|value| is_one(value)) {
            let key: Key = wanted.into_iter().cloned().collect();
            return Some((site.rings.get(&key).into_iter().collect(), true));
        }
        let known = wanted.iter().all(|value| !matches!(value, Value::Absent | Value::Between(_)));
        let fits = |key: &Key| {
            key.iter().zip(&wanted).all(|(value, wanted)| match wanted {
                Value::List(list) => list.contains(value),
                Value::Absent | Value::Between(_) => true,
                wanted => value == *wanted,
            })
        };
        Some((site.rings.iter().filter(|(key, _)| fits(key)).map(|(_, ring)| ring).collect(), known))
    }

    pub(super) fn summary(&self, pattern: &Pattern, wanted: &[Value], span: (Instant, Instant)) -> Option<Summary> {
        let (rings, known) = self.rings(pattern, wanted)?;
        let mut summary = Summary::default();
        for ring in rings {
            summary.join(&ring.summary(span.0, span.1));
        }
        if !known {
            // Of which names is not known: each may be meant, none surely is.
            (summary.sure, summary.sure_sum, summary.latest) = (0, Decimal::ZERO, None);
        }
        Some(summary)
    }

    #[expect(clippy::option_option, reason = "not kept up to date, and none that is meant")]
    pub(super) fn first_since(
        &self,
        pattern: &Pattern,
        wanted: &[Value],
        holds: impl Fn(Instant) -> bool,
    ) -> Option<Option<Instant>> {
        let (rings, _) = self.rings(pattern, wanted)?;
        Some(rings.into_iter().filter_map(|ring| ring.first_since(&holds)).min())
    }

    pub(super) fn turns_of(&self, state: StateId, of: &[Value]) -> Option<&[Turn]> {
        Some(self.states.get(&state)?.values.get(of).map_or(&[], Vec::as_slice))
    }

    pub(super) fn tally(&self, tally: TallyId, of: &[Value]) -> Option<Decimal> {
        Some(self.tallies.get(&tally)?.values.get(of).copied().unwrap_or_default())
    }
}

/// The events that an aggregate counts, and the field that it asks for.
fn counted(aggregate: &Aggregate) -> Option<(&Pattern, Option<usize>)> {
    match &aggregate.kind {
        AggregateKind::Count(pattern) => Some((pattern, None)),
        AggregateKind::Sum(pattern, field) | AggregateKind::Latest(pattern, field) => Some((pattern, Some(*field))),
        AggregateKind::Members(_) | AggregateKind::Duration(_) | AggregateKind::Number(..) => None,
    }
}

/// The tests of a pattern that fix names, and their fields; none where an event does not say by itself whether it is
/// meant for which names.
fn key_of(program: &Program, pattern: &Pattern) -> Option<Vec<(usize, usize)>> {
    if !names_in_conditions(pattern).is_empty() || !is_judged_at_once(program, pattern) {
        return None;
    }
    let mut key = Vec::new();
    for (index, test) in pattern.tests.iter().enumerate() {
        match &test.want {
            Want::Is(Expr::Constant(_)) | Want::Any { of: None, .. } => {}
            Want::Any { .. } => return None,
            Want::Is(_) | Want::Bearer => {
                holds_one(program, pattern.kind, test.field).then_some(())?;
                key.push((index, test.field));
            }
        }
    }
    Some(key)
}

/// Whether what is said of an event does not depend on when it is asked.
fn is_judged_at_once(program: &Program, pattern: &Pattern) -> bool {
    let settled = pattern.conditions.iter().all(is_settled);
    settled && program.kinds.at(pattern.kind).established.is_none()
}

/// Whether a condition asks for nothing that changes, but for states, which are read as they were.
fn is_settled(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().all(is_settled),
        Condition::Not(inner) => is_settled(inner),
        Condition::Compare(left, _, right) | Condition::In(left, right) => is_fixed(left) && is_fixed(right),
        Condition::Given(value) | Condition::Value(value) => is_fixed(value),
        Condition::Status(_) | Condition::InBreach(_) => false,
    }
}

fn is_fixed(expr: &Expr) -> bool {
    match expr {
        Expr::Constant(_) | Expr::Slot(_) => true,
        Expr::Ask(of, ask) => !matches!(ask, crate::model::Ask::Established) && is_fixed(of),
        Expr::Territory(of) | Expr::Schedule(_, of) => is_fixed(of),
        Expr::Arithmetic(left, _, right) => is_fixed(left) && is_fixed(right),
        Expr::State(_, of) => of.iter().all(is_fixed),
        Expr::Condition(condition) => is_settled(condition),
        Expr::Group(_) | Expr::Tally(..) | Expr::Aggregate(_) => false,
    }
}

/// For each pattern the fields that are the names of a state or a tally, in their order; none where one does not say.
fn fields_of(program: &Program, patterns: &[&Pattern], names: usize) -> Option<Vec<(KindId, Vec<usize>)>> {
    let of = |pattern: &&Pattern| {
        let settled = pattern.conditions.iter().all(is_settled);
        let field = |name: usize| {
            let test =
                pattern.tests.iter().find(|test| matches!(test.want, Want::Is(Expr::Slot(slot)) if slot == name));
            test.map(|test| test.field).filter(|field| holds_one(program, pattern.kind, *field))
        };
        let members = |want: &Want| matches!(want, Want::Any { of: Some(members), .. } if !is_fixed(&members.base));
        let changing = pattern.tests.iter().any(|test| members(&test.want));
        let fields: Option<Vec<usize>> = (0..names).map(field).collect();
        fields.filter(|_| settled && !changing).map(|fields| (pattern.kind, fields))
    };
    patterns.iter().map(of).collect()
}

/// Aggregates and tallies take in what happened at a place.
pub(super) fn take_in(replay: &mut Replay<'_, Indexed>, place: usize) {
    let Some(event) = replay.event_at(place) else { return };
    let kind = replay.log.events.at(event).kind;
    for index in replay.lookup.accounts.of_kind.get(&kind).cloned().unwrap_or_default() {
        take_in_at(replay, index, event);
    }
    if replay.lookup.accounts.tallies.is_empty() {
        return;
    }
    for (tally, key) in keys(replay, &replay.lookup.accounts.tallies, kind, event) {
        let before = replay.as_of.replace(Some(place));
        let change = replay.change_of(replay.program.tallies.at(tally), event, &key);
        replay.as_of.set(before);
        if let Some(tally) = replay.lookup.accounts.tallies.get_mut(&tally) {
            let sum = tally.values.entry(key).or_default();
            *sum = sum.saturating_add(change);
        }
    }
}

fn take_in_at(replay: &mut Replay<'_, Indexed>, index: usize, event: EventId) {
    let (now, at) = (replay.now, replay.log.events.at(event).at);
    let Some(site) = replay.lookup.accounts.sites.get(index) else { return };
    let truth: Truth = if site.rest.tests.is_empty() && site.rest.conditions.is_empty() {
        Some(true)
    } else {
        replay.was_match(&site.rest, event, &[])
    };
    if truth == Some(false) {
        return;
    }
    let entered = match site.reach {
        Reach::Entry(treaty) => replay.entered(treaty),
        Reach::Last(_) | Reach::Ever => None,
    };
    let Some(site) = replay.lookup.accounts.sites.get_mut(index) else { return };
    let found = replay.log.events.at(event);
    let key: Key = site.key.iter().map(|(_, field)| replay.log.field(found, *field).clone()).collect();
    let value = site.field.map_or(&Value::Absent, |field| replay.log.field(found, field));
    let ring = site.rings.entry(key).or_default();
    ring.push(at, event, truth, value);
    match (site.reach, entered) {
        (Reach::Last(length), _) => ring.leave_out(now.plus_micros(length.saturating_neg().saturating_add(1))),
        (Reach::Entry(_), Some(from)) => ring.sum_up(from, site.latest),
        (Reach::Entry(_), None) => ring.leave_out(now),
        (Reach::Ever, _) => {}
    }
}

/// For which names an event of a kind may change something.
fn keys<I: Copy, T>(
    replay: &Replay<'_, Indexed>,
    all: &Map<I, Keyed<T>>,
    kind: KindId,
    event: EventId,
) -> Vec<(I, Key)> {
    let found = replay.log.events.at(event);
    let mut keys: Vec<(I, Key)> = Vec::new();
    for (id, keyed) in all {
        let first = keys.len();
        for (_, fields) in keyed.fields.iter().filter(|(of, _)| *of == kind) {
            let key: Key = fields.iter().map(|field| replay.log.field(found, *field).clone()).collect();
            if keys.iter().skip(first).all(|(_, other)| *other != key) {
                keys.push((*id, key));
            }
        }
    }
    keys
}

/// States turn with what happened at a place.
pub(super) fn turn(replay: &mut Replay<'_, Indexed>, place: usize) {
    if replay.lookup.accounts.states.is_empty() {
        return;
    }
    let Some(happening) = replay.history.at(place) else { return };
    let keys: Vec<(StateId, Key)> = match happening.what {
        What::Event(event) => {
            let kind = replay.log.events.at(event).kind;
            keys(replay, &replay.lookup.accounts.states, kind, event)
        }
        What::Entry(_) => {
            let at_entry = |id: &StateId| replay.program.states.at(*id).holds_at_entry;
            replay.lookup.accounts.states.keys().copied().filter(at_entry).map(|id| (id, Key::default())).collect()
        }
        _ => return,
    };
    let mut turned = Vec::new();
    for (state, key) in keys {
        let holds =
            replay.lookup.accounts.turns_of(state, &key).and_then(<[Turn]>::last).is_some_and(|turn| turn.begins);
        if let Some(begins) = replay.turn_at(state, &key, place, holds) {
            turned.push((state, key, begins));
        }
    }
    let at = replay.now;
    let settled = replay.history.before_this_instant();
    for (state, key, begins) in turned {
        if let Some(state) = replay.lookup.accounts.states.get_mut(&state) {
            let turns = state.values.entry(key).or_default();
            turns.push(Turn { place, at, begins });
            if !state.whole {
                // Nobody asks how it was before this instant, but for how it was as the instant began.
                let old = turns.partition_point(|turn| turn.place < settled).saturating_sub(1);
                turns.drain(..old);
            }
        }
    }
}
