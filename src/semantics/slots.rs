//! Which names a pattern uses.

use std::collections::BTreeSet;

use crate::model::{
    Aggregate, AggregateKind, ArticleMoment, BEARER, Condition, Expr, Members, Occurrence, Pattern, Period, Slot, Want,
};

/// The slots of the names that a pattern's conditions use, other than those that it binds itself.
pub(crate) fn of_conditions(pattern: &Pattern) -> Vec<Slot> {
    let mut slots = BTreeSet::new();
    for test in &pattern.tests {
        if let Want::Any { of: Some(members), .. } = &test.want {
            in_members(members, &mut slots);
        }
    }
    pattern.conditions.iter().for_each(|condition| in_condition(condition, &mut slots));
    own(pattern).for_each(|slot| _ = slots.remove(&slot));
    slots.into_iter().collect()
}

/// The slots of the names that conditions use.
pub(crate) fn of_all(conditions: &[Condition]) -> Vec<Slot> {
    let mut slots = BTreeSet::new();
    for condition in conditions {
        in_condition(condition, &mut slots);
    }
    slots.into_iter().collect()
}

/// The slots of the names that a pattern binds.
fn own(pattern: &Pattern) -> impl Iterator<Item = Slot> {
    let any = pattern.tests.iter().filter_map(|test| match &test.want {
        Want::Any { slot, .. } => Some(*slot),
        Want::Is(_) | Want::Bearer => None,
    });
    any.chain(pattern.bind)
}

fn in_pattern(pattern: &Pattern, slots: &mut BTreeSet<Slot>) {
    let mut used = BTreeSet::new();
    for test in &pattern.tests {
        match &test.want {
            Want::Is(expr) => in_expr(expr, &mut used),
            Want::Bearer => _ = used.insert(BEARER),
            Want::Any { of, .. } => of.iter().for_each(|members| in_members(members, &mut used)),
        }
    }
    pattern.conditions.iter().for_each(|condition| in_condition(condition, &mut used));
    own(pattern).for_each(|slot| _ = used.remove(&slot));
    slots.extend(used);
}

fn in_members(members: &Members, slots: &mut BTreeSet<Slot>) {
    in_expr(&members.base, slots);
    members.without.iter().for_each(|expr| in_expr(expr, slots));
}

fn in_expr(expr: &Expr, slots: &mut BTreeSet<Slot>) {
    match expr {
        Expr::Constant(_) | Expr::Group(_) => {}
        Expr::Slot(slot) => _ = slots.insert(*slot),
        Expr::Ask(of, _) | Expr::Territory(of) | Expr::Schedule(_, of) => in_expr(of, slots),
        Expr::Arithmetic(left, _, right) => {
            in_expr(left, slots);
            in_expr(right, slots);
        }
        Expr::State(_, of) | Expr::Tally(_, of) => of.iter().for_each(|expr| in_expr(expr, slots)),
        Expr::Aggregate(aggregate) => in_aggregate(aggregate, slots),
        Expr::Condition(condition) => in_condition(condition, slots),
    }
}

fn in_aggregate(aggregate: &Aggregate, slots: &mut BTreeSet<Slot>) {
    match &aggregate.kind {
        AggregateKind::Members(members) => in_members(members, slots),
        AggregateKind::Count(pattern) | AggregateKind::Sum(pattern, _) | AggregateKind::Latest(pattern, _) => {
            in_pattern(pattern, slots);
        }
        AggregateKind::Duration(expr) => in_expr(expr, slots),
        AggregateKind::Number(members, own, condition) => {
            in_members(members, slots);
            let mut used = BTreeSet::new();
            in_condition(condition, &mut used);
            used.remove(own);
            slots.extend(used);
        }
    }
    if let Some(Period::Since(occurrence)) = &aggregate.period {
        in_occurrence(occurrence, slots);
    }
}

fn in_occurrence(occurrence: &Occurrence, slots: &mut BTreeSet<Slot>) {
    match occurrence {
        Occurrence::Pattern(pattern) => in_pattern(pattern, slots),
        Occurrence::Moment(moment) => in_moment(moment, slots),
        Occurrence::Turn { arguments, .. } => arguments.iter().for_each(|expr| in_expr(expr, slots)),
        Occurrence::At(expr) => in_expr(expr, slots),
        Occurrence::After(_, anchor, _) => in_occurrence(anchor, slots),
        Occurrence::EntryIntoForce(_) | Occurrence::Expiry(_) => {}
        Occurrence::Any(all, _) => all.iter().for_each(|one| in_occurrence(one, slots)),
    }
}

fn in_moment(moment: &ArticleMoment, slots: &mut BTreeSet<Slot>) {
    moment.by.iter().chain(&moment.on).for_each(|expr| in_expr(expr, slots));
}

fn in_condition(condition: &Condition, slots: &mut BTreeSet<Slot>) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|part| in_condition(part, slots)),
        Condition::Not(inner) => in_condition(inner, slots),
        Condition::Compare(left, _, right) | Condition::In(left, right) => {
            in_expr(left, slots);
            in_expr(right, slots);
        }
        Condition::Given(value) | Condition::Value(value) => in_expr(value, slots),
        Condition::Status(moment) | Condition::InBreach(moment) => in_moment(moment, slots),
    }
}
