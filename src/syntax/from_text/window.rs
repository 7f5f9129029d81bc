//! Windows.

use pest::iterators::Pair;

use super::super::ast::{Limit, Occurrence, Window, WindowKind};
use super::super::grammar::Rule;
use super::article::counted_as;
use super::declaration::expiry;
use super::occurrence::{occurrence, occurrence_in};
use super::{Context, bracket, child, children, literal};

/// A `window`; of a bracket, the alternative that is asked for.
pub(super) fn window(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Window> {
    let span = cx.span_of(pair);
    let mut window = None;
    let mut only = false;
    let mut counting = None;
    let mut where_possible = false;
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::kw_only => only = true,
            Rule::counting => counting = counted_as(cx, &child),
            Rule::where_possible => where_possible = true,
            Rule::window_bracket => {
                let chosen = bracket::chosen(cx, child)?;
                window = self::window(cx, &chosen);
            }
            _ => {
                let kind = kind(cx, &child)?;
                window = Some(Window { kind, only: false, counting: None, where_possible: false, span });
            }
        }
    }
    let inner = window?;
    Some(Window {
        only: only || inner.only,
        counting: counting.or(inner.counting),
        where_possible: where_possible || inner.where_possible,
        ..inner
    })
}

fn kind(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<WindowKind> {
    let durations = |cx: &mut Context<'_>| {
        let all = children(pair, Rule::duration);
        all.filter_map(|one| literal::duration(cx, one)).collect::<Vec<_>>()
    };
    Some(match pair.as_rule() {
        Rule::within => {
            let length = literal::duration_in(cx, pair)?;
            match child(pair, Rule::before_point) {
                Some(before) => WindowKind::WithinBefore(length, occurrence_in(cx, &before)?),
                None => WindowKind::Within(length, anchor(cx, pair)),
            }
        }
        Rule::within_limits => {
            let limits = children(pair, Rule::limit).filter_map(|one| limit(cx, &one)).collect();
            WindowKind::Limits { earlier: child(pair, Rule::kw_earlier).is_some(), limits }
        }
        Rule::between => {
            let mut both = durations(cx).into_iter();
            WindowKind::Between(both.next()?, both.next()?, anchor(cx, pair))
        }
        Rule::not_before => match occurrence_in(cx, pair) {
            Some(point) => WindowKind::NotBefore(point),
            None => WindowKind::NotBeforeEnd(literal::duration_in(cx, pair)?),
        },
        Rule::by_limit => match child(pair, Rule::day_number) {
            Some(day) => {
                let (number, of) = day_number(cx, &day)?;
                WindowKind::ByDay(number, of)
            }
            None => WindowKind::By(occurrence_in(cx, pair)?),
        },
        Rule::on_day => {
            let (number, of) = child(pair, Rule::day_number).and_then(|day| day_number(cx, &day))?;
            WindowKind::OnDay(number, of)
        }
        Rule::days_before => {
            let before = child(pair, Rule::before_point)?;
            WindowKind::AtLeastBefore(literal::duration_in(cx, pair)?, occurrence_in(cx, &before)?)
        }
        Rule::exactly => WindowKind::Exactly(literal::duration_in(cx, pair)?, anchor(cx, pair)?),
        Rule::before => WindowKind::Before(occurrence_in(cx, pair)?),
        Rule::until_event => WindowKind::Until(occurrence_in(cx, pair)?),
        Rule::for_duration => WindowKind::For(literal::duration_in(cx, pair)?),
        Rule::from_point => WindowKind::From(occurrence_in(cx, pair)?, expiry(cx, pair)),
        Rule::vague => {
            let word = pair.clone().into_inner().next()?;
            let length = literal::duration_in(cx, pair);
            let anchor = anchor(cx, pair);
            WindowKind::Vague(cx.name(&word), length.map(|length| (length, anchor)))
        }
        _ => return None,
    })
}

fn limit(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Limit> {
    if let Some(length) = literal::duration_in(cx, pair) {
        return Some(Limit::After(length, anchor(cx, pair)));
    }
    let time = pair.clone().into_inner().next()?;
    Some(Limit::At(literal::time(cx, &time)))
}

fn day_number(
    cx: &mut Context<'_>,
    pair: &Pair<'_, Rule>,
) -> Option<(super::super::ast::Spanned<u32>, Option<Occurrence>)> {
    let number = child(pair, Rule::whole)?;
    Some((literal::whole(cx, &number), occurrence_in(cx, pair)))
}

/// The anchor among the children of a pair: `of x`, `after x`.
fn anchor(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Occurrence> {
    let mut anchor = child(pair, Rule::anchor)?;
    while let Some(inner) = child(&anchor, Rule::anchor_bracket) {
        anchor = bracket::chosen(cx, inner)?;
    }
    let point = child(&anchor, Rule::occurrence)?;
    occurrence(cx, &point)
}
