//! «Aggregates»: what many events or many parties come to, over a period.

use rust_decimal::Decimal;

use super::{Lookup, Replay};
use super::state::Turn;
use crate::eval::{Frame, Truth};
use crate::model::{
    Aggregate, AggregateKind, BEARER, Condition, EventId, Expr, Members, Occurrence, Pattern, Period, Slot, Value, Want,
};
use crate::time::{Instant, first_day, next_first};

/// A pattern, by where it stands, what its fields must be, and what the names that its conditions use stand for.
pub(super) type Question = (usize, Vec<Value>);

/// How many events have been read for a question, and those that are meant.
pub(super) type Meant = (usize, Vec<(EventId, Truth)>);

/// The instants of a period: those from the first, up to but not including the second.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Instant,
    until: Instant,
}

impl<L: Lookup> Replay<'_, L> {
    /// What an aggregate comes to, the present event included; where it cannot be told which events are meant, it is
    /// one of the numbers between.
    pub(super) fn aggregate_now(&self, aggregate: &Aggregate, frame: &Frame) -> Value {
        match &aggregate.kind {
            AggregateKind::Members(members) => number(self.world().members(members, frame).len()),
            AggregateKind::Number(members, slot, condition) => self.number_of(members, *slot, condition, frame),
            AggregateKind::Count(pattern) => {
                let Some(events) = self.events_in(aggregate, pattern, frame) else { return Value::Absent };
                let sure = events.iter().filter(|(_, truth)| *truth == Some(true)).count();
                between(sure.into(), events.len().into())
            }
            AggregateKind::Sum(pattern, field) => self.sum(aggregate, pattern, *field, frame),
            AggregateKind::Latest(pattern, field) => {
                let events = self.events_in(aggregate, pattern, frame).unwrap_or_default();
                let sure = events.iter().filter(|(_, truth)| *truth == Some(true)).map(|(event, _)| *event);
                sure.max().map_or(Value::Absent, |event| self.log.field(self.log.events.at(event), *field).clone())
            }
            AggregateKind::Duration(Expr::State(state, of)) => {
                let of = self.world().values(of, frame);
                let Some(span) = self.span(aggregate, frame) else { return Value::Absent };
                let until = span.until.min(self.now);
                let settled = self.history.settled;
                Value::Duration(self.turns_of(*state, &of, settled, |turns| duration(turns, span.from, until)))
            }
            AggregateKind::Duration(_) => Value::Absent,
        }
    }

    fn number_of(&self, members: &Members, slot: Slot, condition: &Condition, frame: &Frame) -> Value {
        let mut counted = (0_usize, 0_usize);
        for party in self.world().members(members, frame) {
            let frame = super::occurrence::bound(frame, Some(slot), Value::Party(party));
            match self.world().condition(condition, &frame) {
                Some(true) => counted = (counted.0 + 1, counted.1 + 1),
                None => counted.1 += 1,
                Some(false) => {}
            }
        }
        between(counted.0.into(), counted.1.into())
    }

    /// The sum of a field; what is absent is skipped.
    fn sum(&self, aggregate: &Aggregate, pattern: &Pattern, field: usize, frame: &Frame) -> Value {
        let Some(events) = self.events_in(aggregate, pattern, frame) else { return Value::Absent };
        let value = |event: EventId| self.log.field(self.log.events.at(event), field);
        let total = |sure_only: bool| -> Decimal {
            let meant = events.iter().filter(|(_, truth)| !sure_only || *truth == Some(true));
            meant.filter_map(|(event, _)| amount(value(*event))).sum()
        };
        let durations = events.iter().any(|(event, _)| matches!(value(*event), Value::Duration(_)));
        if durations {
            return i64::try_from(total(true)).map_or(Value::Absent, Value::Duration);
        }
        between(total(true), total(false))
    }

    /// How many values are absent in the sums of a condition.
    pub(super) fn left_out(&self, condition: &Condition, frame: &Frame) -> usize {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().map(|part| self.left_out(part, frame)).sum(),
            Condition::Not(inner) => self.left_out(inner, frame),
            Condition::Compare(left, _, right) => self.left_out_of(left, frame) + self.left_out_of(right, frame),
            _ => 0,
        }
    }

    fn left_out_of(&self, expr: &Expr, frame: &Frame) -> usize {
        match expr {
            Expr::Arithmetic(left, _, right) => self.left_out_of(left, frame) + self.left_out_of(right, frame),
            Expr::Aggregate(aggregate) => {
                let AggregateKind::Sum(pattern, field) = &aggregate.kind else { return 0 };
                let events = self.events_in(aggregate, pattern, frame).unwrap_or_default();
                let value = |event: EventId| self.log.field(self.log.events.at(event), *field);
                events.iter().filter(|(event, _)| *value(*event) == Value::Absent).count()
            }
            _ => 0,
        }
    }

    /// The events of a pattern in the period that are meant, or may be; none where the period is not known.
    fn events_in(&self, aggregate: &Aggregate, pattern: &Pattern, frame: &Frame) -> Option<Vec<(EventId, Truth)>> {
        let span = self.span(aggregate, frame)?;
        let at = |event: EventId| self.log.events.at(event).at;
        // Events are in order of time, but for those that were proven later.
        let in_order = self.program.kinds.at(pattern.kind).established.is_none();
        Some(self.meant(pattern, frame, |meant| {
            let first = if in_order { meant.partition_point(|(event, _)| at(*event) < span.from) } else { 0 };
            let recent = meant.iter().skip(first);
            recent.filter(|(event, _)| at(*event) >= span.from && at(*event) < span.until).copied().collect()
        }))
    }

    /// Asks something of the events so far that a pattern means, or may mean. They are read once for each pattern and
    /// what its names stand for: whether an event is meant does not change.
    fn meant<T>(&self, pattern: &Pattern, frame: &Frame, ask: impl FnOnce(&[(EventId, Truth)]) -> T) -> T {
        let wanted = pattern.tests.iter().map(|test| match &test.want {
            Want::Is(expr) => self.world().value(expr, frame),
            Want::Bearer => frame.get(BEARER).cloned().unwrap_or(Value::Absent),
            Want::Any { .. } => Value::Absent,
        });
        let slots = super::slots::of_conditions(pattern).into_iter();
        let names = slots.map(|slot| frame.get(slot).cloned().unwrap_or(Value::Absent));
        let question = (std::ptr::from_ref(pattern).addr(), wanted.chain(names).collect());
        let (mut read, mut meant): Meant = self.patterns.borrow_mut().swap_remove(&question).unwrap_or_default();
        let events = self.history.events(pattern.kind);
        for event in events.iter().skip(read) {
            let truth = self.was_match(pattern, *event, frame);
            if truth != Some(false) {
                meant.push((*event, truth));
            }
        }
        read = events.len();
        let answer = ask(&meant);
        self.patterns.borrow_mut().insert(question, (read, meant));
        answer
    }

    /// Whether an event is one that a pattern means, judged by the states as they were before it.
    fn was_match(&self, pattern: &Pattern, event: EventId, frame: &Frame) -> Truth {
        let before = self.as_of.replace(self.history.place_of(event));
        let truth = self.world().is_match(pattern, event, frame);
        self.as_of.set(before);
        truth
    }

    /// The instants of the period as it is now.
    fn span(&self, aggregate: &Aggregate, frame: &Frame) -> Option<Span> {
        let reckoning = &aggregate.reckoning;
        let ever = Instant::NEVER;
        Some(match &aggregate.period {
            // (t − D, t]: what happened so long ago is out of it.
            Some(Period::Last(length)) => {
                let out = length.exact_micros().map_or_else(
                    || length.before(self.now, reckoning),
                    |micros| self.now.plus_micros(micros.saturating_neg()),
                );
                Span { from: out.plus_micros(1), until: ever }
            }
            Some(Period::Calendar(unit, previous)) => {
                let day = reckoning.zone.date(self.present.get().unwrap_or(self.now));
                let first = first_day(*unit, day);
                let (first, last) = if *previous {
                    (first_day(*unit, first.yesterday().ok()?), first)
                } else {
                    (first, next_first(*unit, first)?)
                };
                Span { from: reckoning.zone.start_of(first), until: reckoning.zone.start_of(last) }
            }
            Some(Period::Since(occurrence)) => Span { from: self.since(occurrence, aggregate, frame)?, until: ever },
            None => Span { from: self.treaties.get(aggregate.treaty).and_then(|it| it.from)?, until: ever },
        })
    }

    /// When something last happened.
    fn since(&self, occurrence: &Occurrence, aggregate: &Aggregate, frame: &Frame) -> Option<Instant> {
        if let Occurrence::At(expr) = occurrence {
            return self.world().anchor(expr, &aggregate.reckoning.zone, frame, false).map(|anchor| anchor.at);
        }
        self.last_time(occurrence, frame)
    }

    /// By how much the duration of a state grows while time passes.
    pub(super) fn growth_now(&self, aggregate: &Aggregate, frame: &Frame) -> i64 {
        let AggregateKind::Duration(Expr::State(state, of)) = &aggregate.kind else { return 0 };
        let Some(span) = self.span(aggregate, frame) else { return 0 };
        let of = self.world().values(of, frame);
        let held = |at: Instant| {
            self.turns_of(*state, &of, self.history.settled, |turns| {
                let before = turns.partition_point(|turn| turn.at <= at);
                before.checked_sub(1).and_then(|last| turns.get(last)).is_some_and(|turn| turn.begins)
            })
        };
        let enters = i64::from(self.now < span.until && held(self.now));
        let leaves = match aggregate.period {
            Some(Period::Last(_)) => i64::from(held(span.from.plus_micros(-1))),
            _ => 0,
        };
        enters - leaves
    }

    /// The next instant at which a condition may change by the passing of time alone.
    pub(super) fn next_change(&self, condition: &Condition, frame: &Frame) -> Option<Instant> {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().filter_map(|part| self.next_change(part, frame)).min()
            }
            Condition::Not(inner) => self.next_change(inner, frame),
            Condition::Compare(left, _, right) => {
                let changes = [self.next_change_of(left, frame), self.next_change_of(right, frame)];
                changes.into_iter().flatten().chain(self.crossing(left, right, frame)).min()
            }
            Condition::In(left, right) => {
                [left, right].into_iter().filter_map(|side| self.next_change_of(side, frame)).min()
            }
            Condition::Given(value) | Condition::Value(value) => self.next_change_of(value, frame),
            Condition::Status(_) | Condition::InBreach(_) => None,
        }
    }

    fn next_change_of(&self, expr: &Expr, frame: &Frame) -> Option<Instant> {
        match expr {
            Expr::Arithmetic(left, _, right) => {
                [left, right].into_iter().filter_map(|side| self.next_change_of(side, frame)).min()
            }
            Expr::Condition(condition) => self.next_change(condition, frame),
            Expr::Aggregate(aggregate) => self.next_change_of_aggregate(aggregate, frame),
            _ => None,
        }
    }

    fn next_change_of_aggregate(&self, aggregate: &Aggregate, frame: &Frame) -> Option<Instant> {
        if let AggregateKind::Number(members, slot, condition) = &aggregate.kind {
            let parties = self.world().members(members, frame).into_iter();
            let changes = parties.filter_map(|party| {
                let frame = super::occurrence::bound(frame, Some(*slot), Value::Party(party));
                self.next_change(condition, &frame)
            });
            return changes.min();
        }
        let later = |at: &Instant| *at > self.now;
        match &aggregate.period {
            Some(Period::Last(length)) => {
                let leaves = |at: Instant| length.after(at, &aggregate.reckoning);
                match &aggregate.kind {
                    AggregateKind::Duration(Expr::State(state, of)) => {
                        let of = self.world().values(of, frame);
                        self.turns_of(*state, &of, self.history.settled, |turns| {
                            turns.iter().rev().map(|turn| leaves(turn.at)).take_while(later).last()
                        })
                    }
                    AggregateKind::Count(pattern)
                    | AggregateKind::Sum(pattern, _)
                    | AggregateKind::Latest(pattern, _) => {
                        let events = self.history.events(pattern.kind).iter().rev();
                        let leaving = events.map(|event| leaves(self.log.events.at(*event).at)).take_while(later);
                        leaving.min()
                    }
                    _ => None,
                }
            }
            Some(Period::Calendar(unit, _)) if self.present.get().is_none() => {
                let zone = &aggregate.reckoning.zone;
                next_first(*unit, first_day(*unit, zone.date(self.now))).map(|day| zone.start_of(day))
            }
            Some(Period::Since(Occurrence::At(_))) => self.span(aggregate, frame).map(|span| span.from).filter(later),
            _ => None,
        }
    }

    /// When two values meet of which one grows.
    fn crossing(&self, left: &Expr, right: &Expr, frame: &Frame) -> Option<Instant> {
        let world = self.world();
        let rate = world.growth(left, frame) - world.growth(right, frame);
        let (Value::Duration(left), Value::Duration(right)) = (world.value(left, frame), world.value(right, frame))
        else {
            return None;
        };
        let gap = right.checked_sub(left)?;
        let ahead = rate != 0 && gap != 0 && (gap > 0) == (rate > 0);
        ahead.then(|| self.now.plus_micros(gap.abs().div_euclid(rate.abs()).max(1)))
    }
}

/// How long a state has held between two instants.
fn duration(turns: &[Turn], from: Instant, until: Instant) -> i64 {
    let mut total = 0_i64;
    let mut begun: Option<Instant> = None;
    let mut add = |first: Instant, last: Instant| {
        let (first, last) = (first.max(from), last.min(until));
        if first < last {
            total = total.saturating_add(last.micros_since(first));
        }
    };
    // The turn before the period tells whether it holds as the period begins.
    let first = turns.partition_point(|turn| turn.at < from).saturating_sub(1);
    for turn in turns.iter().skip(first) {
        match (turn.begins, begun) {
            (true, None) => begun = Some(turn.at),
            (false, Some(since)) => {
                add(since, turn.at);
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(since) = begun {
        add(since, until);
    }
    total
}

/// The amount that a value is, a duration in microseconds.
pub(super) fn amount(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Duration(micros) => Some(Decimal::from(*micros)),
        _ => None,
    }
}

fn number(count: usize) -> Value {
    Value::Number(count.into())
}

fn between(least: Decimal, most: Decimal) -> Value {
    if least == most {
        return Value::Number(least);
    }
    Value::Between(std::sync::Arc::new((Value::Number(least), Value::Number(most))))
}
