//! Articles: the names they bind, and their norms.

use super::bindings::{bindings, bound_once};
use super::builder::{Builder, Heading};
use super::expr::Cx;
use super::reference::referenced;
use super::{
    ArticleId, BEARER, Binding, Condition, Expr, MomentKind, Norm, Pattern, Slot, Subject, Test, Trigger, Type, Want,
    window,
};
use crate::finding::{Code, Finding};
use crate::syntax::ast::{self, Tail, TriggerEvent};

/// Resolves and checks an article's norm; none where something in it is wrong.
pub(super) fn norm(builder: &mut Builder, id: ArticleId, heading: &Heading) -> Option<Norm> {
    let ast = heading.article.norm.as_ref()?;
    let bound = bindings(builder, id);
    if !bound_once(builder, &bound) {
        return None;
    }
    let mut cx = Cx::of(builder, heading.treaty, &bound);
    // Every part is read, so that each mistake is reported, before any is found missing.
    let trigger = trigger(&mut cx, ast);
    let lets = lets(&mut cx, ast);
    let guards = guards(&mut cx, ast);
    let for_each = ast.for_each.as_ref().map(|it| Some((cx.members(&it.members)?, cx.slot(&it.bind.text)?)));
    let subject = subject(&mut cx, &ast.subject);
    let window = ast.window.as_ref().map(|it| window::window(&mut cx, it, ast.forbids));
    let tails = tails(&mut cx, ast);
    cx.after_the_act = true;
    let act = cx.pattern(&ast.act.pattern);
    let act_condition = ast.act.condition.as_ref().map(|condition| cx.condition(condition));
    if ast.forbids && matches!(ast.subject, ast::Subject::One { .. } | ast::Subject::AtLeast { .. }) {
        builder.report(
            Finding::error(Code::GroupOwesSingly, "a group as one cannot be forbidden an act")
                .at(ast.subject.span(), "whose act would be the breach?")
                .help("write `each of …`: every member is then bound for itself"),
        );
        return None;
    }
    let mut act = act?;
    add_actor(builder, &mut act, subject.as_ref()?);
    let tails = tails?;
    Some(Norm {
        trigger: trigger?,
        lets: lets?,
        guards: guards?,
        for_each: transpose(for_each)?,
        subject: subject?,
        subject_span: ast.subject.span(),
        forbids: ast.forbids,
        modal_span: ast.modal,
        act,
        act_condition: transpose(act_condition)?,
        window: transpose(window)?,
        claimant: tails.claimant,
        unless: tails.unless,
        excused_by: tails.excused_by,
        bindings: bound
            .into_iter()
            .map(|bound| Binding { name: bound.name, kind: bound.kind.unwrap_or(Type::Party) })
            .collect(),
    })
}

/// None where the part is there and wrong.
#[expect(clippy::option_option, reason = "the outer option is of the text, the inner one of its meaning")]
fn transpose<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    match part {
        Some(None) => None,
        Some(resolved) => Some(resolved),
        None => Some(None),
    }
}

/// `by` is the actor: where the act has one and does not say whom, it is the bearer.
fn add_actor(builder: &Builder, act: &mut Pattern, subject: &Subject) {
    let Some(by) = builder.program.kinds.at(act.kind).by else {
        return;
    };
    if act.tests.iter().all(|test| test.field != by) {
        let want = match subject {
            Subject::Group { .. } => Want::Bearer,
            _ => Want::Is(super::Expr::Slot(BEARER)),
        };
        act.tests.push(Test { field: by, want });
    }
}

fn trigger(cx: &mut Cx<'_>, norm: &ast::Norm) -> Option<Trigger> {
    let Some(trigger) = &norm.trigger else {
        return Some(Trigger::EntryIntoForce);
    };
    match &trigger.event {
        TriggerEvent::Pattern(pattern) => Some(Trigger::Event { pattern: cx.pattern(pattern)?, span: trigger.span }),
        TriggerEvent::Moment(moment) => {
            let by = match &moment.by {
                Some(path) => Some(cx.parties(path)?.0),
                None => None,
            };
            Some(Trigger::Moment {
                articles: referenced(cx.builder, cx.treaty?, moment, true)?,
                moment: MomentKind::named(&moment.moment.text)?,
                by,
                bind: moment.bind.as_ref().and_then(|name| cx.slot(&name.text)),
                span: trigger.span,
            })
        }
    }
}

fn lets(cx: &mut Cx<'_>, norm: &ast::Norm) -> Option<Vec<(Slot, Expr)>> {
    let resolved: Vec<_> =
        norm.lets.iter().map(|one| Some((cx.slot(&one.name.text)?, cx.value(&one.value, None)?.0))).collect();
    resolved.into_iter().collect()
}

fn guards(cx: &mut Cx<'_>, norm: &ast::Norm) -> Option<Vec<Condition>> {
    let asked = norm.trigger.as_ref().and_then(|trigger| trigger.condition.as_ref());
    let mut resolved = vec![];
    resolved.extend(asked.map(|condition| cx.condition(condition)));
    for guard in &norm.guards {
        let condition = cx.condition(&guard.condition);
        resolved.push(condition.map(|it| if guard.negated { Condition::Not(Box::new(it)) } else { it }));
    }
    resolved.into_iter().collect()
}

fn subject(cx: &mut Cx<'_>, subject: &ast::Subject) -> Option<Subject> {
    match subject {
        ast::Subject::Single(path) => {
            let (party, several) = cx.parties(path)?;
            if several {
                let name = as_written(path);
                cx.builder.report(
                    Finding::error(Code::GroupOwesSingly, format!("`{name}` is several parties: who of them owes it?"))
                        .at(path.span, "a group cannot owe as if it were one party")
                        .help(format!("write `each of {name}`, `one of {name}` or `at least 2 of {name}`")),
                );
                return None;
            }
            Some(Subject::Single(party))
        }
        ast::Subject::Each { members, bind, .. } => Some(Subject::Each {
            members: cx.members(members)?,
            bind: bind.as_ref().and_then(|name| cx.slot(&name.text)),
        }),
        ast::Subject::One { members, .. } => {
            Some(Subject::Group { members: cx.members(members)?, count: 1, together: true })
        }
        ast::Subject::AtLeast { count, members, .. } => {
            let group = cx.members(members)?;
            enough_members(cx, count, &group, members)?;
            Some(Subject::Group { members: group, count: count.value as usize, together: false })
        }
    }
}

/// A path in the words of the clause.
fn as_written(path: &ast::Path) -> String {
    std::iter::once(&path.head).chain(&path.fields).map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}
/// A group must have as many members as must perform, and more than none of them must.
fn enough_members(
    cx: &mut Cx<'_>,
    count: &ast::Spanned<u32>,
    group: &super::Members,
    members: &ast::Members,
) -> Option<()> {
    let size = match &group.base {
        super::Expr::Constant(value) => value.parties().len(),
        _ => usize::MAX,
    };
    let wanted = count.value as usize;
    if wanted >= 1 && wanted <= size {
        return Some(());
    }
    let name = as_written(&members.group);
    let text = match wanted {
        0 => "at least 0 of a group is no duty".to_owned(),
        _ => format!("`{name}` has {size} members, fewer than {wanted}"),
    };
    cx.builder.report(
        Finding::error(Code::GroupOwesSingly, text)
            .at(count.span, if wanted == 0 { "nobody would owe anything" } else { "so many can never perform" })
            .at(members.span, "of these")
            .help("write a number from 1 to the number of members"),
    );
    None
}

#[derive(Default)]
struct Tails {
    claimant: Option<super::Members>,
    unless: Vec<Condition>,
    excused_by: Vec<Pattern>,
}

fn tails(cx: &mut Cx<'_>, norm: &ast::Norm) -> Option<Tails> {
    let mut tails = Tails::default();
    let mut whole = true;
    for tail in &norm.tails {
        match tail {
            Tail::OwedTo(members) => {
                let claimant = cx.members(members);
                whole &= claimant.is_some();
                tails.claimant = claimant;
            }
            Tail::Unless(condition) => {
                // On a prohibition it is read at the act, whose names are then known.
                cx.after_the_act = norm.forbids;
                let condition = cx.condition(condition);
                cx.after_the_act = false;
                whole &= condition.is_some();
                tails.unless.extend(condition);
            }
            Tail::ExcusedBy(patterns) => {
                for pattern in patterns {
                    let pattern = cx.pattern(pattern);
                    whole &= pattern.is_some();
                    tails.excused_by.extend(pattern);
                }
            }
        }
    }
    whole.then_some(tails)
}
