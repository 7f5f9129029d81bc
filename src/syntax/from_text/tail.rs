//! Tails.

use pest::iterators::Pair;

use super::super::ast::{ArticleRef, Occurrence, Tail, TailKind};
use super::super::grammar::Rule;
use super::article::last_condition;
use super::decision::effect;
use super::occurrence::{article_ref, members_in, occurrence, occurrence_in};
use super::{Context, child, children, literal};

/// A tail; none where the pair is something else.
pub(super) fn tail(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Tail> {
    let span = cx.span_of(pair);
    let kind = match pair.as_rule() {
        Rule::owed_to => TailKind::OwedTo(members_in(cx, pair)?),
        Rule::unless => TailKind::Unless(last_condition(cx, pair)?),
        Rule::excused_by => TailKind::ExcusedBy(occurrence_in(cx, pair)?),
        Rule::only_after => TailKind::OnlyAfter(occurrences(cx, pair)),
        Rule::curable => TailKind::Curable(literal::duration_in(cx, pair)?),
        Rule::lapses_on_breach => TailKind::LapsesOnBreach,
        Rule::lapses_on_exit => TailKind::LapsesOnExit,
        Rule::suspended_while => TailKind::SuspendedWhile(last_condition(cx, pair)?),
        Rule::each_once => TailKind::EachOnce,
        Rule::earlier => TailKind::Earlier,
        Rule::notwithstanding => TailKind::Notwithstanding(articles(cx, pair)),
        Rule::subject_to => TailKind::SubjectTo(articles(cx, pair)),
        Rule::grace => TailKind::Grace(literal::duration_in(cx, pair)?),
        Rule::discretion => TailKind::Discretion,
        Rule::whereupon => TailKind::Whereupon(child(pair, Rule::effect).and_then(|inner| effect(cx, &inner))?),
        _ => return None,
    };
    Some(Tail { kind, span })
}

fn occurrences(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Vec<Occurrence> {
    children(pair, Rule::occurrence).filter_map(|one| occurrence(cx, &one)).collect()
}

fn articles(cx: &Context<'_>, pair: &Pair<'_, Rule>) -> Vec<ArticleRef> {
    children(pair, Rule::article_ref).filter_map(|one| article_ref(cx, &one)).collect()
}
