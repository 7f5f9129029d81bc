//! Goes through everything that treaties say, however deep it stands.

use super::{
    Aggregate, AggregateKind, Amount, Condition, Decision, Deed, Effect, Entry, Expiry, Expr, Limit, Members, Norm,
    Occurrence, Pattern, Period, Program, Subject, Tail, Trigger, Want,
};

/// A part of what treaties say.
#[derive(Debug, Clone, Copy)]
pub enum Part<'p> {
    /// A condition.
    Condition(&'p Condition),
    /// A value.
    Expr(&'p Expr),
    /// Something that is waited for.
    Occurrence(&'p Occurrence),
    /// Events that are meant, those of occurrences too.
    Pattern(&'p Pattern),
}

/// Hands over every part of what treaties say, each before its own parts.
pub fn walk<'p>(program: &'p Program, visit: &mut dyn FnMut(Part<'p>)) {
    let mut walker = Walker { visit };
    for article in &program.articles {
        walker.norm(&article.norm);
        walker.force(article.law.entry.as_ref(), article.law.expiry.as_ref());
    }
    for treaty in &program.treaties {
        walker.force(Some(&treaty.entry), treaty.expiry.as_ref());
        treaty.renewal.iter().for_each(|renewal| walker.occurrence(&renewal.unless));
        treaty.withdrawal.iter().for_each(|withdrawal| walker.occurrence(&withdrawal.event));
    }
    for group in &program.groups {
        group.joined.iter().chain(group.left.iter().map(|left| &left.event)).for_each(|one| walker.occurrence(one));
    }
    for state in &program.states {
        state.begins.iter().chain(&state.ends).for_each(|one| walker.occurrence(one));
    }
    for tally in &program.tallies {
        tally.starts.iter().for_each(|starts| walker.expr(starts));
        tally.adds.iter().chain(&tally.subtracts).for_each(|(pattern, _)| walker.pattern(pattern));
    }
    program.kinds.iter().filter_map(|kind| kind.established.as_ref()).for_each(|by| walker.occurrence(by));
}

struct Walker<'v, 'p> {
    visit: &'v mut dyn FnMut(Part<'p>),
}

impl<'p> Walker<'_, 'p> {
    fn norm(&mut self, norm: &'p Norm) {
        match &norm.trigger {
            Trigger::EntryIntoForce => {}
            Trigger::Event { pattern, .. } | Trigger::First(pattern, _) | Trigger::Several { pattern, .. } => {
                self.pattern(pattern);
            }
            Trigger::Moment { by, .. } => by.iter().for_each(|by| self.expr(by)),
            Trigger::Other(occurrence, _) | Trigger::Every { from: occurrence, .. } => self.occurrence(occurrence),
            Trigger::Once { condition, latest, .. } => {
                self.condition(condition);
                if let Some(latest) = latest {
                    self.occurrence(latest);
                }
            }
        }
        norm.lets.iter().for_each(|(_, value)| self.expr(value));
        norm.guards.iter().chain(&norm.unless).for_each(|condition| self.condition(condition));
        norm.for_each.iter().for_each(|(members, _)| self.members(members));
        match &norm.subject {
            Subject::Single(party) => self.expr(party),
            Subject::Each { members, .. }
            | Subject::Group { members, .. }
            | Subject::Part { members, .. }
            | Subject::Jointly(members) => self.members(members),
            Subject::Nobody => {}
        }
        self.deed(&norm.deed);
        let limits = norm.window.iter().flat_map(|window| window.opens.iter().chain(&window.closes));
        limits.for_each(|limit| self.limit(limit));
        norm.claimant.iter().for_each(|claimant| self.members(claimant));
        norm.excused_by.iter().for_each(|event| self.occurrence(event));
        norm.tails.iter().for_each(|tail| self.tail(tail));
    }

    fn deed(&mut self, deed: &'p Deed) {
        match deed {
            Deed::Acts(acts) => {
                for act in &acts.acts {
                    self.pattern(&act.pattern);
                    act.condition.iter().for_each(|condition| self.condition(condition));
                }
                if let Some(Amount::Times(amount) | Amount::Total(amount, _)) = &acts.amount {
                    self.expr(amount);
                }
            }
            Deed::Keep(condition) | Deed::Have(condition) => self.condition(condition),
            Deed::Decide(decision) => self.decision(decision),
            Deed::Effect(effect) => self.effect(effect),
        }
    }

    fn decision(&mut self, decision: &'p Decision) {
        self.expr(&decision.on);
        self.pattern(&decision.rule.ballots);
        decision.fallback.iter().for_each(|rule| self.pattern(&rule.ballots));
        decision.veto.iter().for_each(|holders| self.members(holders));
    }

    fn effect(&mut self, effect: &'p Effect) {
        effect.bearers.iter().chain(&effect.claimants).for_each(|members| self.members(members));
        effect.on.iter().for_each(|on| self.expr(on));
        effect.until.iter().for_each(|until| self.limit(until));
    }

    fn tail(&mut self, tail: &'p Tail) {
        match tail {
            Tail::OnlyAfter(events) => events.iter().for_each(|event| self.occurrence(event)),
            Tail::SuspendedWhile(condition) => self.condition(condition),
            Tail::Whereupon(effect) => self.effect(effect),
            _ => {}
        }
    }

    fn force(&mut self, entry: Option<&'p Entry>, expiry: Option<&'p Expiry>) {
        if let Some(Entry::When(accession)) = entry {
            self.occurrence(&accession.event);
        }
        if let Some(Expiry::On(event)) = expiry {
            self.occurrence(event);
        }
    }

    fn limit(&mut self, limit: &'p Limit) {
        match limit {
            Limit::After(_, anchor) | Limit::Day { anchor, .. } => anchor.iter().for_each(|anchor| self.expr(anchor)),
            Limit::At(at) => self.expr(at),
            Limit::AfterOccurrence(_, event) | Limit::On(event) | Limit::Before(_, event) => self.occurrence(event),
            Limit::Earliest(limits) | Limit::Latest(limits) => limits.iter().for_each(|limit| self.limit(limit)),
        }
    }

    fn occurrence(&mut self, occurrence: &'p Occurrence) {
        (self.visit)(Part::Occurrence(occurrence));
        match occurrence {
            Occurrence::Pattern(pattern) => self.pattern(pattern),
            Occurrence::Moment(moment) => moment.by.iter().chain(&moment.on).for_each(|expr| self.expr(expr)),
            Occurrence::Turn { arguments, .. } => arguments.iter().for_each(|expr| self.expr(expr)),
            Occurrence::At(at) => self.expr(at),
            Occurrence::After(_, anchor, _) => self.occurrence(anchor),
            Occurrence::Any(all, _) => all.iter().for_each(|one| self.occurrence(one)),
            Occurrence::EntryIntoForce(_) | Occurrence::Expiry(_) => {}
        }
    }

    fn pattern(&mut self, pattern: &'p Pattern) {
        (self.visit)(Part::Pattern(pattern));
        for test in &pattern.tests {
            match &test.want {
                Want::Is(expr) => self.expr(expr),
                Want::Any { of, .. } => of.iter().for_each(|members| self.members(members)),
                Want::Bearer => {}
            }
        }
        pattern.conditions.iter().for_each(|condition| self.condition(condition));
    }

    fn members(&mut self, members: &'p Members) {
        self.expr(&members.base);
        members.without.iter().for_each(|expr| self.expr(expr));
    }

    fn condition(&mut self, condition: &'p Condition) {
        (self.visit)(Part::Condition(condition));
        match condition {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|part| self.condition(part)),
            Condition::Not(inner) => self.condition(inner),
            Condition::Compare(left, _, right) | Condition::In(left, right) => {
                self.expr(left);
                self.expr(right);
            }
            Condition::Given(value) | Condition::Value(value) => self.expr(value),
            Condition::Status(moment) | Condition::InBreach(moment) => {
                moment.by.iter().chain(&moment.on).for_each(|expr| self.expr(expr));
            }
        }
    }

    fn expr(&mut self, expr: &'p Expr) {
        (self.visit)(Part::Expr(expr));
        match expr {
            Expr::Constant(_) | Expr::Slot(_) | Expr::Group(_) => {}
            Expr::Ask(of, _) | Expr::Territory(of) | Expr::Schedule(_, of) => self.expr(of),
            Expr::Arithmetic(left, _, right) => {
                self.expr(left);
                self.expr(right);
            }
            Expr::State(_, of) | Expr::Tally(_, of) => of.iter().for_each(|expr| self.expr(expr)),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Condition(condition) => self.condition(condition),
        }
    }

    fn aggregate(&mut self, aggregate: &'p Aggregate) {
        match &aggregate.kind {
            AggregateKind::Members(members) => self.members(members),
            AggregateKind::Count(pattern) | AggregateKind::Sum(pattern, _) | AggregateKind::Latest(pattern, _) => {
                self.pattern(pattern);
            }
            AggregateKind::Duration(state) => self.expr(state),
            AggregateKind::Number(members, _, condition) => {
                self.members(members);
                self.condition(condition);
            }
        }
        if let Some(Period::Since(occurrence)) = &aggregate.period {
            self.occurrence(occurrence);
        }
    }
}
