//! What the treaties look back at, so that all else need not be remembered.

use super::accounts::Accounts;
use super::interest::{self, Other};
use crate::arena::Set;
use crate::event::Log;
use crate::model::{
    Aggregate, AggregateKind, ArticleId, Condition, Deed, Expr, KindId, MomentKind, Occurrence, Part, Pattern, Period,
    Program, StateId, Tail, Trigger, Want, walk,
};
use crate::semantics::{What, prevailing};

/// What the treaties look back at.
#[derive(Debug, Default)]
pub(super) struct Memory {
    kinds: Set<KindId>,
    moments: Set<(ArticleId, MomentKind)>,
    others: Set<Other>,
    /// Articles of whose duties something may be asked when they are over.
    pub(super) asked: Set<ArticleId>,
    /// States of which it is asked when they turned.
    pub(super) states: Set<StateId>,
    /// Kinds of events of which something is asked by way of others, however long ago they were.
    pub(super) referred: Set<KindId>,
}

impl Memory {
    pub(super) fn of(program: &Program, accounts: &Accounts) -> Memory {
        let mut memory = Memory::default();
        for (id, article) in program.articles.entries() {
            memory.asked.extend(prevailing(program, id));
            match &article.norm.trigger {
                Trigger::Every { from, .. } => memory.occurrence(program, from),
                Trigger::Several { pattern, .. } => _ = memory.kinds.insert(pattern.kind),
                _ => {}
            }
            for tail in &article.norm.tails {
                match (tail, &article.norm.deed) {
                    (Tail::OnlyAfter(events), _) => events.iter().for_each(|one| memory.occurrence(program, one)),
                    (Tail::Earlier, Deed::Acts(acts)) => {
                        memory.kinds.extend(acts.acts.iter().map(|act| act.pattern.kind));
                    }
                    _ => {}
                }
            }
        }
        program.treaties.iter().flat_map(|it| &it.renewal).for_each(|it| memory.occurrence(program, &it.unless));
        program.states.ids().filter(|state| !accounts.has_state(*state)).for_each(|it| memory.state(program, it));
        for (_, tally) in program.tallies.entries().filter(|(id, _)| !accounts.has_tally(*id)) {
            memory.kinds.extend(tally.adds.iter().chain(&tally.subtracts).map(|(pattern, _)| pattern.kind));
        }
        memory.referred = referred(program);
        walk(program, &mut |part| match part {
            Part::Condition(Condition::Status(moment) | Condition::InBreach(moment)) => {
                memory.asked.extend(moment.articles.iter().copied());
            }
            Part::Expr(Expr::Aggregate(aggregate)) => memory.aggregate(program, accounts, aggregate),
            Part::Occurrence(Occurrence::After(_, anchor, _)) => memory.anchor(program, anchor),
            Part::Occurrence(Occurrence::Moment(moment)) if moment.all => {
                memory.moments.extend(moment.articles.iter().map(|article| (*article, moment.moment)));
            }
            _ => {}
        });
        memory
    }

    fn aggregate(&mut self, program: &Program, accounts: &Accounts, aggregate: &Aggregate) {
        if let AggregateKind::Count(pattern) | AggregateKind::Sum(pattern, _) | AggregateKind::Latest(pattern, _) =
            &aggregate.kind
            && !accounts.has_site(pattern)
        {
            self.pattern(pattern);
        }
        if let Some(Period::Since(occurrence)) = &aggregate.period {
            self.occurrence(program, occurrence);
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        self.kinds.insert(pattern.kind);
    }

    fn anchor(&mut self, program: &Program, anchor: &Occurrence) {
        if matches!(anchor, Occurrence::At(_) | Occurrence::After(..)) {
            self.others.extend([Other::Tick, Other::Passed]);
        }
        self.occurrence(program, anchor);
    }

    fn occurrence(&mut self, program: &Program, occurrence: &Occurrence) {
        let mut parts = Vec::new();
        interest::parts(occurrence, &mut parts);
        for part in parts {
            match part {
                interest::Part::Pattern(pattern) => self.pattern(pattern),
                interest::Part::Moment(article, kind) => _ = self.moments.insert((article, kind)),
                interest::Part::Other(Other::Turn) => _ = self.others.insert(Other::Turn),
                interest::Part::Other(Other::Tick) => self.others.extend([Other::Tick, Other::Passed]),
                interest::Part::Other(other) => _ = self.others.insert(other),
            }
        }
        self.turns(program, occurrence);
    }

    fn turns(&mut self, program: &Program, occurrence: &Occurrence) {
        match occurrence {
            Occurrence::Turn { state, .. } => self.state(program, *state),
            Occurrence::After(_, anchor, _) => self.anchor(program, anchor),
            Occurrence::Any(all, _) => all.iter().for_each(|one| self.turns(program, one)),
            _ => {}
        }
    }

    /// What turns a state that is read from what is remembered.
    fn state(&mut self, program: &Program, state: StateId) {
        if !self.states.insert(state) {
            return;
        }
        let state = program.states.at(state);
        if state.holds_at_entry {
            self.others.insert(Other::Entry);
        }
        for occurrence in state.begins.iter().chain(&state.ends) {
            self.occurrence(program, occurrence);
        }
    }

    pub(super) fn remembers(&self, log: &Log, what: &What) -> bool {
        match what {
            What::Event(event) => {
                let event = log.events.at(*event);
                // What is not known exactly may have been later than what comes next.
                event.latest > event.at || self.kinds.contains(&event.kind)
            }
            What::Moment(moment) => self.moments.contains(&(moment.article, moment.kind)),
            other => interest::other_of(other).is_some_and(|other| self.others.contains(&other)),
        }
    }
}

/// The kinds to which fields refer, where anything is asked of what a field refers to.
fn referred(program: &Program) -> Set<KindId> {
    let kinds = program.kinds.iter().flat_map(|kind| &kind.fields).filter_map(|field| field.kind.referred()).collect();
    let bound = |pattern: &Pattern| {
        let fields = &program.kinds.at(pattern.kind).fields;
        pattern.tests.iter().any(|test| {
            matches!(test.want, Want::Any { .. })
                && fields.get(test.field).is_some_and(|field| field.kind.referred().is_some())
        })
    };
    let mut asked = program.articles.iter().any(|article| {
        let norm = &article.norm;
        norm.lets
            .iter()
            .any(|(slot, _)| norm.bindings.get(*slot).is_some_and(|binding| binding.kind.referred().is_some()))
    });
    walk(program, &mut |part| match part {
        Part::Expr(Expr::Ask(of, _)) => asked |= !matches!(**of, Expr::Slot(_)),
        Part::Pattern(pattern) => asked |= bound(pattern),
        _ => {}
    });
    if asked { kinds } else { Set::default() }
}
