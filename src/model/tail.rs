//! Tails.

use super::expr::Cx;
use super::reference::referenced;
use super::{Condition, Members, Occurrence, Tail, effect, window};
use crate::finding::{Code, Finding};
use crate::source::Span;
use crate::syntax::ast::{self, Deed, Modal, Provision, TailKind};

/// What the tails of a norm say.
#[derive(Default)]
pub(super) struct Tails {
    pub(super) claimant: Option<Members>,
    pub(super) unless: Vec<Condition>,
    pub(super) excused_by: Vec<Occurrence>,
    pub(super) others: Vec<Tail>,
    /// `at its discretion` after the window.
    pub(super) discretion: bool,
}

pub(super) fn tails(cx: &mut Cx<'_>, norm: &ast::Norm) -> Option<Tails> {
    let mut tails = Tails::default();
    let mut whole = true;
    for tail in &norm.tails {
        whole &= possible(cx, norm, tail).is_some() && add(cx, norm, tail, &mut tails).is_some();
    }
    whole.then_some(tails)
}

fn add(cx: &mut Cx<'_>, norm: &ast::Norm, tail: &ast::Tail, tails: &mut Tails) -> Option<()> {
    match &tail.kind {
        TailKind::OwedTo(members) => tails.claimant = Some(cx.members(members)?),
        TailKind::Unless(condition) => {
            // On a prohibition it is read at the act, whose names are then known.
            cx.after_the_act = sentence(norm).is_some_and(|it| it.modal.value == Modal::ShallNot);
            let condition = cx.condition(condition);
            cx.after_the_act = false;
            tails.unless.push(condition?);
        }
        TailKind::ExcusedBy(event) => {
            let event = cx.occurrence(event)?;
            match event {
                Occurrence::Any(all, _) => tails.excused_by.extend(all),
                one => tails.excused_by.push(one),
            }
        }
        kind => {
            further(cx, kind, tails)?;
        }
    }
    Some(())
}

/// All tails but excuses.
fn further(cx: &mut Cx<'_>, kind: &TailKind, tails: &mut Tails) -> Option<()> {
    let resolved = match kind {
        TailKind::OnlyAfter(events) => {
            let events: Vec<_> = events.iter().map(|event| cx.occurrence(event)).collect();
            Tail::OnlyAfter(events.into_iter().collect::<Option<_>>()?)
        }
        TailKind::Curable(length) => Tail::Curable(cx.some_time(length)?),
        TailKind::LapsesOnBreach => Tail::LapsesOnBreach,
        TailKind::LapsesOnExit => Tail::LapsesOnExit,
        TailKind::SuspendedWhile(condition) => Tail::SuspendedWhile(cx.condition(condition)?),
        TailKind::EachOnce => Tail::EachOnce,
        TailKind::Earlier => Tail::Earlier,
        TailKind::Notwithstanding(articles) => Tail::Notwithstanding(self::articles(cx, articles)?),
        TailKind::SubjectTo(articles) => Tail::SubjectTo(self::articles(cx, articles)?),
        TailKind::Grace(length) => Tail::Grace(window::duration(cx, length)?),
        TailKind::Whereupon(written) => {
            // It is the act that has the effect: the names that the act binds are known.
            cx.after_the_act = true;
            let effect = effect::effect(cx, written);
            cx.after_the_act = false;
            Tail::Whereupon(Box::new(effect?))
        }
        TailKind::Discretion => {
            tails.discretion = true;
            return Some(());
        }
        TailKind::OwedTo(_) | TailKind::Unless(_) | TailKind::ExcusedBy(_) => return Some(()),
    };
    tails.others.push(resolved);
    Some(())
}

fn articles(cx: &mut Cx<'_>, articles: &[ast::ArticleRef]) -> Option<Vec<super::ArticleId>> {
    let treaty = cx.treaty?;
    let resolved: Vec<_> = articles.iter().map(|article| referenced(cx.builder, treaty, article, true)).collect();
    Some(resolved.into_iter().collect::<Option<Vec<_>>>()?.concat())
}

fn sentence(norm: &ast::Norm) -> Option<&ast::Sentence> {
    match &norm.provision {
        Provision::Sentence(sentence) => Some(sentence),
        Provision::Effect(_) => None,
    }
}

/// Whether such a sentence can have such a tail.
fn possible(cx: &mut Cx<'_>, norm: &ast::Norm, tail: &ast::Tail) -> Option<()> {
    let sentence = sentence(norm);
    let modal = sentence.map(|sentence| sentence.modal.value);
    let keeps = sentence.is_some_and(|sentence| matches!(sentence.deed, Deed::Keep(_)));
    let reason = match &tail.kind {
        TailKind::Grace(_) if !keeps => "only a condition that is kept has a grace",
        TailKind::Whereupon(_) if modal != Some(Modal::May) => "only the exercise of a power has an effect",
        TailKind::Discretion if modal == Some(Modal::ShallNot) => "what is forbidden is not at anybody's discretion",
        TailKind::Curable(_) | TailKind::LapsesOnBreach | TailKind::Earlier | TailKind::EachOnce
            if modal == Some(Modal::May) =>
        {
            "what one may do is not performed late"
        }
        TailKind::Earlier | TailKind::LapsesOnBreach if modal == Some(Modal::ShallNot) => {
            "what is forbidden is not performed"
        }
        TailKind::Curable(_)
        | TailKind::LapsesOnBreach
        | TailKind::Earlier
        | TailKind::EachOnce
        | TailKind::OwedTo(_)
        | TailKind::Discretion
        | TailKind::OnlyAfter(_)
        | TailKind::SuspendedWhile(_)
            if sentence.is_none() =>
        {
            "an effect is not owed by anybody"
        }
        _ => return Some(()),
    };
    not_possible(cx, tail.span, reason)
}

/// Reports a part that the sentence cannot have.
pub(super) fn not_possible<T>(cx: &mut Cx<'_>, span: Span, reason: &str) -> Option<T> {
    cx.builder.report(
        Finding::error(Code::TailNotPossible, reason)
            .at(span, "this sentence cannot have it")
            .help("leave it out, or write the sentence as one that can"),
    );
    None
}
