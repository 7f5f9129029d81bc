//! What is known of the treaties before the first event.

use super::index::{Index, Key};
use crate::arena::Map;
use crate::eval::{Frame, World};
use crate::model::{
    ArticleId, BEARER, Entry, Expiry, Expr, MomentKind, Pattern, Program, TreatyId, Trigger, Type, Value, Want,
};

/// What waits for which events and moments, from the beginning.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The articles that an event may trigger.
    pub(super) triggers: Index<ArticleId>,
    /// The articles that wait for a moment of an article.
    pub(super) followers: Map<(ArticleId, MomentKind), Vec<ArticleId>>,
    /// The treaties that an event may bring into force or end, or by which a party may leave them.
    pub(super) treaties: Index<TreatyId>,
}

impl Plan {
    pub(super) fn of(program: &Program) -> Plan {
        let mut plan = Plan::default();
        for (id, article) in program.articles.entries() {
            match &article.norm.trigger {
                Trigger::Event { pattern, .. } => {
                    plan.triggers.insert(pattern.kind, constant_key(program, pattern), id);
                }
                Trigger::Moment { articles, moment, .. } => {
                    for of in articles {
                        plan.followers.entry((*of, *moment)).or_default().push(id);
                    }
                }
                _ => {}
            }
        }
        for (id, treaty) in program.treaties.entries() {
            let entry = match &treaty.entry {
                Entry::When(accession) => accession.event.pattern(),
                Entry::At(_) | Entry::FirstEvent => None,
            };
            let expiry = match &treaty.expiry {
                Some(Expiry::On(event)) => event.pattern(),
                _ => None,
            };
            let withdrawal = treaty.withdrawal.as_ref().and_then(|withdrawal| withdrawal.event.pattern());
            for pattern in [entry, expiry, withdrawal].into_iter().flatten() {
                plan.treaties.insert(pattern.kind, constant_key(program, pattern), id);
            }
        }
        plan
    }
}

/// The fields that a pattern fixes to a value, whatever its names stand for.
fn constant_key(program: &Program, pattern: &Pattern) -> Key {
    key(program, pattern, |expr| match expr {
        Expr::Constant(value) => Some(value.clone()),
        _ => None,
    })
}

/// The fields that a pattern fixes to a value for an instance, with what its names stand for; one key for each member
/// of a group, whose acts all count.
pub(super) fn keys(world: &World<'_>, pattern: &Pattern, frame: &Frame) -> Vec<Key> {
    let fixed = key(world.program, pattern, |expr| {
        // What the act itself binds is not known before it.
        let of_the_act = uses(expr, &|slot| frame.get(slot) == Some(&Value::Absent));
        (!of_the_act).then(|| world.value(expr, frame))
    });
    let group = pattern.tests.iter().find(|test| matches!(test.want, Want::Bearer));
    let Some(group) = group.filter(|group| fixed.iter().all(|(field, _)| *field != group.field)) else {
        return vec![fixed];
    };
    let members = frame.get(BEARER).map(Value::parties).unwrap_or_default();
    let keys = members.into_iter().map(|party| {
        let mut key = fixed.clone();
        key.push((group.field, Value::Party(party)));
        key.sort_by_key(|(field, _)| *field);
        key
    });
    keys.collect()
}

fn key(program: &Program, pattern: &Pattern, value: impl Fn(&Expr) -> Option<Value>) -> Key {
    let fields = &program.kinds.at(pattern.kind).fields;
    let mut key = Key::new();
    for test in &pattern.tests {
        let Want::Is(expr) = &test.want else { continue };
        let indexable = fields.get(test.field).is_some_and(|field| is_indexable(&field.kind));
        if indexable
            && key.iter().all(|(field, _)| *field != test.field)
            && let Some(value) = value(expr).filter(|value| !matches!(value, Value::Absent | Value::List(_)))
        {
            key.push((test.field, value));
        }
    }
    key.sort_by_key(|(field, _)| *field);
    key
}

/// Whether equal values of a type are found as equal keys.
fn is_indexable(kind: &Type) -> bool {
    match kind {
        Type::List(inner) => is_indexable(inner),
        Type::Moment(..) => false,
        _ => true,
    }
}

fn uses(expr: &Expr, is: &impl Fn(usize) -> bool) -> bool {
    match expr {
        Expr::Constant(_) => false,
        Expr::Slot(slot) => is(*slot),
        Expr::Ask(of, _) | Expr::Territory(of) => uses(of, is),
        Expr::Arithmetic(left, _, right) => uses(left, is) || uses(right, is),
        _ => true,
    }
}
