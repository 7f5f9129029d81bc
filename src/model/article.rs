//! Articles: the names they bind, and their norms.

use super::bindings::{self, bound_once};
use super::builder::{Builder, Heading};
use super::expr::Cx;
use super::{
    ArticleId, ArticleMoment, Binding, Condition, Deed, Expr, MomentKind, Norm, Occurrence, Slot, Subject, Trigger,
    Type, effect, sentence, tail, treaty, window,
};
use crate::source::Span;
use crate::syntax::ast::{self, Modal, Provision, TriggerKind};

/// Resolves and checks an article's norm; none where something in it is wrong.
pub(super) fn norm(builder: &mut Builder, id: ArticleId, heading: &Heading) -> Option<Norm> {
    let ast = heading.article.norm.as_ref()?;
    let bound = bindings::bindings(builder, id);
    if !bound_once(builder, &bound) {
        return None;
    }
    let own = treaty::own(builder, heading.treaty, &heading.article);
    let mut cx = Cx::of(builder, heading.treaty, &bound);
    cx.own = own;
    // Every part is read, so that each mistake is reported, before any is found missing.
    let trigger = trigger(&mut cx, ast);
    let lets = lets(&mut cx, ast);
    let guards = guards(&mut cx, ast);
    let for_each = ast.for_each.as_ref().map(|it| Some((cx.group(&it.members)?, cx.slot(&it.bind.text)?)));
    let provided = provision(&mut cx, ast);
    let tails = tail::tails(&mut cx, ast);
    let (provided, mut tails) = (provided?, tails?);
    let Provided { subject, subject_span, modal, mut deed, deed_span, window } = provided;
    if let Deed::Acts(acts) = &mut deed {
        acts.discretion |= std::mem::take(&mut tails.discretion);
    }
    sentence::add_actor(&cx, &mut deed, &subject);
    Some(Norm {
        trigger: trigger?,
        again: ast.trigger.as_ref().and_then(|trigger| trigger.again.as_ref()).map(|again| again.value),
        lets: lets?,
        guards: guards?,
        for_each: transpose(for_each)?,
        subject,
        subject_span,
        modal: modal.value,
        modal_span: modal.span,
        deed,
        deed_span,
        window,
        claimant: tails.claimant,
        unless: tails.unless,
        excused_by: tails.excused_by,
        tails: tails.others,
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

/// What a sentence or an effect comes to.
struct Provided {
    subject: Subject,
    subject_span: Span,
    modal: ast::Spanned<Modal>,
    deed: Deed,
    deed_span: Span,
    window: Option<super::Window>,
}

fn provision(cx: &mut Cx<'_>, norm: &ast::Norm) -> Option<Provided> {
    match &norm.provision {
        Provision::Effect(written) => {
            let effect = effect::effect(cx, written)?;
            Some(Provided {
                subject: Subject::Nobody,
                subject_span: written.span,
                modal: ast::Spanned { value: Modal::Shall, span: written.span },
                deed: Deed::Effect(effect),
                deed_span: written.span,
                window: None,
            })
        }
        Provision::Sentence(written) => {
            let subject = sentence::subject(cx, written);
            let window = written.window.as_ref().map(|it| self::window(cx, it, written));
            let discretion = match &written.deed {
                ast::Deed::Acts(acts) => acts.discretion.filter(|_| written.modal.value == Modal::ShallNot),
                _ => None,
            };
            if let Some(span) = discretion {
                return tail::not_possible(cx, span, "what is forbidden is not at anybody's discretion");
            }
            cx.after_the_act = true;
            let deed = sentence::deed(cx, written);
            cx.after_the_act = false;
            Some(Provided {
                subject: subject?,
                subject_span: written.subject.span,
                modal: written.modal.clone(),
                deed: deed?,
                deed_span: written.deed_span,
                window: transpose(window)?,
            })
        }
    }
}

fn window(cx: &mut Cx<'_>, window: &ast::Window, sentence: &ast::Sentence) -> Option<super::Window> {
    let kind = match (sentence.modal.value, &sentence.deed) {
        (Modal::May, _) => window::Kind::Permission,
        (Modal::ShallNot, _) | (_, ast::Deed::Keep(_)) => window::Kind::Lasting,
        _ => window::Kind::Duty,
    };
    if window.only && kind != window::Kind::Permission {
        return tail::not_possible(cx, window.span, "`only` says when one may, not when one shall");
    }
    window::window(cx, window, kind)
}

fn trigger(cx: &mut Cx<'_>, norm: &ast::Norm) -> Option<Trigger> {
    let Some(trigger) = &norm.trigger else {
        return Some(Trigger::EntryIntoForce);
    };
    let span = trigger.span;
    Some(match &trigger.kind {
        TriggerKind::When(occurrence) => when(cx, occurrence, span)?,
        TriggerKind::First(pattern) => Trigger::First(cx.pattern(pattern)?, span),
        TriggerKind::Several { count, pattern, within, bind } => {
            if count.value == 0 {
                sentence::count_of_none(cx, count.span, "none is always there");
                return None;
            }
            let within = cx.some_time(within);
            let pattern = cx.pattern(pattern);
            let bind = bind.as_ref().and_then(|name| cx.slot(&name.text));
            Trigger::Several { count: count.value, pattern: pattern?, within: within?, bind, span }
        }
        TriggerKind::Once { condition, latest, bind } => {
            let bind = bind.as_ref().and_then(|name| cx.slot(&name.text));
            let latest = latest.as_ref().map(|latest| cx.occurrence(latest));
            Trigger::Once { condition: cx.condition(condition)?, latest: transpose(latest)?, bind, span }
        }
        TriggerKind::Every { step, from, bind } => {
            let bind = bind.as_ref().and_then(|name| cx.slot(&name.text));
            let step = cx.some_time(step);
            Trigger::Every { from: cx.occurrence(from)?, step: step?, bind, span }
        }
    })
}

/// A trigger by one event or one moment, or by anything else that happens.
fn when(cx: &mut Cx<'_>, occurrence: &ast::Occurrence, span: Span) -> Option<Trigger> {
    bindings::bound_in_some(cx.builder, cx.treaty?, occurrence);
    Some(match cx.occurrence(occurrence)? {
        Occurrence::Pattern(pattern) => Trigger::Event { pattern, span },
        Occurrence::Moment(ArticleMoment { articles, moment, by, all: false, on: None, bind })
            if matches!(moment, MomentKind::Triggered | MomentKind::Met | MomentKind::Breached) =>
        {
            Trigger::Moment { articles, moment, by, bind, span }
        }
        other => Trigger::Other(other, span),
    })
}

fn lets(cx: &mut Cx<'_>, norm: &ast::Norm) -> Option<Vec<(Slot, Expr)>> {
    let resolved = norm.lets.iter().map(|one| {
        let slot = cx.slot(&one.name.text)?;
        // It is read with the names above it.
        let mut above = Cx::in_file(cx.builder, cx.file, cx.treaty, cx.bound.get(..slot)?);
        above.own = cx.own.clone();
        Some((slot, above.value(&one.value, None)?.0))
    });
    resolved.collect::<Vec<_>>().into_iter().collect()
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
