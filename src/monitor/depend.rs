//! What conditions hang on, so that they are judged again only when that may have changed.

use super::interest::{Other, Part, parts};
use crate::model::{
    Aggregate, AggregateKind, Ask, Condition, Expr, GroupId, Members, Occurrence, Period, Program, StateId,
};

/// What the conditions of a norm hang on.
#[derive(Debug, Default)]
pub(super) struct Dependence<'p> {
    /// Events and moments with which they may change. The names in a pattern are those of the norm where the flag says
    /// so, and otherwise those of a state or a tally.
    pub(super) parts: Vec<(Part<'p>, bool)>,
    /// They may change with anything that happens.
    pub(super) always: bool,
    seen: Vec<StateId>,
}

impl<'p> Dependence<'p> {
    pub(super) fn on_condition(&mut self, program: &'p Program, condition: &'p Condition) {
        match condition {
            Condition::And(all) | Condition::Or(all) => all.iter().for_each(|one| self.on_condition(program, one)),
            Condition::Not(inner) => self.on_condition(program, inner),
            Condition::Compare(left, _, right) | Condition::In(left, right) => {
                self.on_value(program, left);
                self.on_value(program, right);
            }
            Condition::Given(value) | Condition::Value(value) => self.on_value(program, value),
            Condition::Status(_) | Condition::InBreach(_) => self.always = true,
        }
    }

    fn on_value(&mut self, program: &'p Program, expr: &'p Expr) {
        match expr {
            Expr::Constant(_) | Expr::Slot(_) => {}
            Expr::Ask(of, ask) => {
                self.always |= matches!(ask, Ask::Established | Ask::OfEither(_));
                self.on_value(program, of);
            }
            Expr::Territory(of) | Expr::Schedule(_, of) => self.on_value(program, of),
            Expr::Arithmetic(left, _, right) => {
                self.on_value(program, left);
                self.on_value(program, right);
            }
            Expr::Group(group) => self.on_group(program, *group),
            Expr::State(state, of) => {
                self.on_values(program, of);
                self.on_state(program, *state);
            }
            Expr::Tally(tally, of) => {
                self.on_values(program, of);
                let tally = program.tallies.at(*tally);
                let patterns = tally.adds.iter().chain(&tally.subtracts).map(|(pattern, _)| Part::Pattern(pattern));
                self.parts.extend(patterns.map(|part| (part, false)));
            }
            Expr::Aggregate(aggregate) => self.on_aggregate(program, aggregate),
            Expr::Condition(condition) => self.on_condition(program, condition),
        }
    }

    fn on_values(&mut self, program: &'p Program, of: &'p [Expr]) {
        for one in of {
            self.on_value(program, one);
        }
    }

    fn on_aggregate(&mut self, program: &'p Program, aggregate: &'p Aggregate) {
        match &aggregate.kind {
            AggregateKind::Members(members) => self.on_members(program, members),
            AggregateKind::Count(pattern) | AggregateKind::Sum(pattern, _) | AggregateKind::Latest(pattern, _) => {
                self.parts.push((Part::Pattern(pattern), true));
            }
            AggregateKind::Duration(state) => self.on_value(program, state),
            AggregateKind::Number(members, _, condition) => {
                self.on_members(program, members);
                self.on_condition(program, condition);
            }
        }
        match &aggregate.period {
            None => self.parts.push((Part::Other(Other::Entry), false)),
            Some(Period::Since(occurrence)) => self.on_occurrence(program, occurrence, true),
            // By the calendar of its zone lengths differ, so that what leaves the window is not told beforehand.
            Some(Period::Last(length)) => self.always |= length.exact_micros().is_none(),
            Some(Period::Calendar(..)) => {}
        }
    }

    fn on_members(&mut self, program: &'p Program, members: &'p Members) {
        self.on_value(program, &members.base);
        members.without.iter().for_each(|one| self.on_value(program, one));
    }

    fn on_group(&mut self, program: &'p Program, group: GroupId) {
        let group = program.groups.at(group);
        self.parts.push((Part::Other(Other::Tick), false));
        for occurrence in group.joined.iter().chain(group.left.iter().map(|left| &left.event)) {
            self.on_occurrence(program, occurrence, false);
        }
    }

    fn on_state(&mut self, program: &'p Program, state: StateId) {
        if self.seen.contains(&state) {
            return;
        }
        self.seen.push(state);
        let state = program.states.at(state);
        if state.holds_at_entry {
            self.parts.push((Part::Other(Other::Entry), false));
        }
        for occurrence in state.begins.iter().chain(&state.ends) {
            self.on_occurrence(program, occurrence, false);
        }
    }

    fn on_occurrence(&mut self, program: &'p Program, occurrence: &'p Occurrence, own: bool) {
        let mut found = Vec::new();
        parts(occurrence, &mut found);
        if found.iter().any(|part| matches!(part, Part::Other(Other::Tick))) {
            // The clock turns states when the instant is over.
            self.parts.push((Part::Other(Other::Passed), false));
        }
        self.parts.extend(found.into_iter().map(|part| (part, own)));
        self.on_turns(program, occurrence);
    }

    /// A state that turns with another one turns with what turns that.
    fn on_turns(&mut self, program: &'p Program, occurrence: &'p Occurrence) {
        match occurrence {
            Occurrence::Turn { state, .. } => self.on_state(program, *state),
            Occurrence::After(_, anchor, _) => self.on_turns(program, anchor),
            Occurrence::Any(all, _) => all.iter().for_each(|one| self.on_turns(program, one)),
            _ => {}
        }
    }
}
