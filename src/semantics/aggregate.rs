//! «Aggregates»: what many events or many parties come to, over a period.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::state::Turn;
use super::{Lookup, Replay};
use crate::eval::{Frame, Truth};
use crate::model::{
    Aggregate, AggregateKind, BEARER, Condition, EventId, Expr, Members, Occurrence, Pattern, Period, Slot, Value, Want,
};
use crate::time::{Duration, Instant, first_day, next_first};

/// A pattern, by where it stands, what its fields must be, and what the names that its conditions use stand for.
pub(super) type Question = (usize, Vec<Value>);

/// What the events of a pattern come to over a period: those that are surely meant, and those that may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) sure: usize,
    pub(crate) all: usize,
    /// The sum of a field over those.
    pub(crate) sure_sum: Decimal,
    pub(crate) sum: Decimal,
    /// How many of the values are absent, and how many are durations.
    pub(crate) left_out: usize,
    pub(crate) durations: usize,
    /// The last one that is surely meant.
    pub(crate) latest: Option<EventId>,
}

impl Summary {
    /// Takes one more event in.
    pub(crate) fn add(&mut self, event: EventId, truth: Truth, value: &Value) {
        let sure = truth == Some(true);
        let amount = amount(value).unwrap_or_default();
        self.all += 1;
        self.sum = self.sum.saturating_add(amount);
        self.left_out += usize::from(*value == Value::Absent);
        self.durations += usize::from(matches!(value, Value::Duration(_)));
        if sure {
            self.sure += 1;
            self.sure_sum = self.sure_sum.saturating_add(amount);
            self.latest = self.latest.max(Some(event));
        }
    }

    /// What is left without those of which it is told what they come to.
    pub(crate) fn without(&self, other: &Summary) -> Summary {
        Summary {
            sure: self.sure - other.sure,
            all: self.all - other.all,
            sure_sum: self.sure_sum.saturating_sub(other.sure_sum),
            sum: self.sum.saturating_sub(other.sum),
            left_out: self.left_out - other.left_out,
            durations: self.durations - other.durations,
            latest: self.latest,
        }
    }

    /// Takes others in.
    pub(crate) fn join(&mut self, other: &Summary) {
        self.sure += other.sure;
        self.all += other.all;
        self.sure_sum = self.sure_sum.saturating_add(other.sure_sum);
        self.sum = self.sum.saturating_add(other.sum);
        self.left_out += other.left_out;
        self.durations += other.durations;
        self.latest = self.latest.max(other.latest);
    }
}

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
                let found = self.summary(aggregate, pattern, None, frame);
                found.map_or(Value::Absent, |found| between(found.sure.into(), found.all.into()))
            }
            AggregateKind::Sum(pattern, field) => {
                let found = self.summary(aggregate, pattern, Some(*field), frame);
                found.map_or(Value::Absent, |found| match found.durations {
                    0 => between(found.sure_sum.normalize(), found.sum.normalize()),
                    _ => i64::try_from(found.sure_sum).map_or(Value::Absent, Value::Duration),
                })
            }
            AggregateKind::Latest(pattern, field) => {
                let found = self.summary(aggregate, pattern, Some(*field), frame).unwrap_or_default();
                found.latest.map_or(Value::Absent, |event| self.log.field(self.log.events.at(event), *field).clone())
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

    /// What the events of a pattern in the period come to; none where the period is not known.
    fn summary(
        &self,
        aggregate: &Aggregate,
        pattern: &Pattern,
        field: Option<usize>,
        frame: &Frame,
    ) -> Option<Summary> {
        let span = self.span(aggregate, frame)?;
        if let Some(summary) = L::summary(self, pattern, &self.wanted(pattern, frame), (span.from, span.until)) {
            return Some(summary);
        }
        let mut summary = Summary::default();
        for (event, truth) in self.events_in(pattern, frame, span) {
            let value = field.map_or(&Value::Absent, |field| self.log.field(self.log.events.at(event), field));
            summary.add(event, truth, value);
        }
        Some(summary)
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
                self.summary(aggregate, pattern, Some(*field), frame).map_or(0, |found| found.left_out)
            }
            _ => 0,
        }
    }

    /// The events of a pattern in a period that are meant, or may be.
    fn events_in(&self, pattern: &Pattern, frame: &Frame, span: Span) -> Vec<(EventId, Truth)> {
        let at = |event: EventId| self.log.events.at(event).at;
        // Events are in order of time, but for those that were proven later.
        let in_order = self.program.kinds.at(pattern.kind).established.is_none();
        self.meant(pattern, frame, |meant| {
            let first = if in_order { meant.partition_point(|(event, _)| at(*event) < span.from) } else { 0 };
            let recent = meant.iter().skip(first);
            recent.filter(|(event, _)| at(*event) >= span.from && at(*event) < span.until).copied().collect()
        })
    }

    /// Asks something of the events so far that a pattern means, or may mean. They are read once for each pattern and
    /// what its names stand for: whether an event is meant does not change.
    fn meant<T>(&self, pattern: &Pattern, frame: &Frame, ask: impl FnOnce(&[(EventId, Truth)]) -> T) -> T {
        let wanted = self.wanted(pattern, frame).into_iter();
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

    /// What the fields of an event must be for a pattern, test by test.
    fn wanted(&self, pattern: &Pattern, frame: &Frame) -> Vec<Value> {
        let wanted = pattern.tests.iter().map(|test| match &test.want {
            Want::Is(expr) => self.world().value(expr, frame),
            Want::Bearer => frame.get(BEARER).cloned().unwrap_or(Value::Absent),
            Want::Any { .. } => Value::Absent,
        });
        wanted.collect()
    }

    /// Whether an event is one that a pattern means, judged by the states as they were before it.
    pub(crate) fn was_match(&self, pattern: &Pattern, event: EventId, frame: &Frame) -> Truth {
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
        let leaves = match &aggregate.period {
            Some(Period::Last(length)) if length.moves(&aggregate.reckoning) => {
                i64::from(held(span.from.plus_micros(-1)))
            }
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
            Some(Period::Last(length)) => self.next_leaving(aggregate, length, frame),
            Some(Period::Calendar(unit, _)) if self.present.get().is_none() => {
                let zone = &aggregate.reckoning.zone;
                next_first(*unit, first_day(*unit, zone.date(self.now))).map(|day| zone.start_of(day))
            }
            Some(Period::Since(Occurrence::At(_))) => self.span(aggregate, frame).map(|span| span.from).filter(later),
            _ => None,
        }
    }

    /// When the first of what a moving period holds is out of it.
    fn next_leaving(&self, aggregate: &Aggregate, length: &Duration, frame: &Frame) -> Option<Instant> {
        let reckoning = &aggregate.reckoning;
        let from = self.span(aggregate, frame)?.from;
        let within = |at: &Instant| *at >= from;
        let first = match &aggregate.kind {
            AggregateKind::Duration(Expr::State(state, of)) => {
                let of = self.world().values(of, frame);
                self.turns_of(*state, &of, self.history.settled, |turns| {
                    turns.iter().rev().map(|turn| turn.at).take_while(within).last()
                })
            }
            AggregateKind::Count(pattern) | AggregateKind::Sum(pattern, _) | AggregateKind::Latest(pattern, _) => {
                let kept = L::first_since(self, pattern, &self.wanted(pattern, frame), |at| at >= from);
                kept.unwrap_or_else(|| {
                    let at = |event: EventId| self.log.events.at(event).at;
                    self.meant(pattern, frame, |meant| meant.iter().map(|(event, _)| at(*event)).filter(within).min())
                })
            }
            _ => return None,
        };
        let leaves = first.map(|at| length.passes(at, self.now, reckoning));
        // What a length that varies holds may change with every day.
        let day = length.exact_micros().is_none().then(|| length.next_day(self.now, reckoning));
        leaves.into_iter().chain(day).min()
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
