//! What becomes of articles, of their duties, and of the treaty.

use super::expr::Cx;
use super::reference::referenced;
use super::{Effect, Limit, window};
use crate::finding::{Code, Finding};
use crate::source::Span;
use crate::syntax::ast::{self, EffectKind, EffectScope, Modal, Provision};

/// An effect; whether its object can have it is checked.
pub(super) fn effect(cx: &mut Cx<'_>, effect: &ast::Effect) -> Option<Effect> {
    let articles = match &effect.article {
        Some(article) => Some(referenced(cx.builder, cx.treaty?, article, true)?),
        None => None,
    };
    let extension = match &effect.kind {
        EffectKind::Extended(length) => Some(cx.some_time(length)?),
        _ => None,
    };
    possible(cx, effect, articles.as_deref())?;
    let mut resolved = Effect {
        articles,
        kind: effect.kind.clone(),
        extension,
        bearers: Vec::new(),
        claimants: Vec::new(),
        on: Vec::new(),
        until: None,
        delay: None,
    };
    for scope in &effect.scope {
        match scope {
            EffectScope::For(members) => resolved.bearers.push(cx.members(members)?),
            EffectScope::Towards(members) => resolved.claimants.push(cx.members(members)?),
            EffectScope::On(path) => resolved.on.push(cx.path(path, None)?.0),
            EffectScope::Until(event) => resolved.until = Some(Limit::On(cx.occurrence(event)?)),
            EffectScope::During(length) => resolved.until = Some(Limit::After(window::duration(cx, length)?, None)),
            EffectScope::After(length) => resolved.delay = Some(window::duration(cx, length)?),
        }
    }
    Some(resolved)
}

/// Whether the object can have the effect, and the effect such a scope.
fn possible(cx: &mut Cx<'_>, effect: &ast::Effect, articles: Option<&[super::ArticleId]>) -> Option<()> {
    if articles.is_none() && !matches!(effect.kind, EffectKind::Suspended | EffectKind::Ends) {
        return not_possible(cx, effect.span, "a treaty is suspended or ends", "name the article that is meant");
    }
    if effect.kind == EffectKind::Lifted {
        let forbids = articles.into_iter().flatten().any(|id| {
            let norm = cx.builder.heading(*id).and_then(|heading| heading.article.norm.as_ref());
            matches!(norm.map(|norm| &norm.provision),
                Some(Provision::Sentence(sentence)) if sentence.modal.value == Modal::ShallNot)
        });
        if !forbids {
            return not_possible(
                cx,
                effect.span,
                "only a prohibition is lifted",
                "write `is suspended`, `is excused` or `ends`",
            );
        }
    }
    let lasting = effect.kind == EffectKind::Suspended;
    for scope in &effect.scope {
        match scope {
            EffectScope::Until(event) if !lasting => {
                return not_possible(cx, event.span, "only a suspension lasts for a time", "leave `until …` out");
            }
            EffectScope::During(length) if !lasting => {
                return not_possible(cx, length.span, "only a suspension lasts for a time", "leave `for …` out");
            }
            EffectScope::After(length) if articles.is_some() => {
                return not_possible(
                    cx,
                    length.span,
                    "only what becomes of the treaty takes effect later",
                    "let an article of its own wait for it: `when 6 months after …`",
                );
            }
            _ => {}
        }
    }
    Some(())
}

fn not_possible<T>(cx: &mut Cx<'_>, span: Span, text: &str, help: &str) -> Option<T> {
    cx.builder.report(Finding::error(Code::EffectNotPossible, text).at(span, "no such effect").help(help));
    None
}
