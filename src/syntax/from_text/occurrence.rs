//! What a clause waits for, and patterns.

use pest::iterators::Pair;

use super::super::ast::{
    ArticleMoment, ArticleRef, ByWhom, Condition, Constraint, ConstraintValue, Expr, Members, Name, Occurrence,
    OccurrenceKind, Path, Pattern, StateTurn,
};
use super::super::grammar::Rule;
use super::condition::{self, path, value};
use super::{Context, MAX_DEPTH, bracket, child, children, first, literal, names, words};
use crate::finding::{Code, Finding};

/// The occurrence among the children of a pair.
pub(super) fn occurrence_in(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Occurrence> {
    child(pair, Rule::occurrence).and_then(|inner| occurrence(cx, &inner))
}

/// An `occurrence`: the first of those that `or` joins.
pub(super) fn occurrence(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Occurrence> {
    let span = cx.span_of(pair);
    let mut all: Vec<_> = children(pair, Rule::one_occurrence).filter_map(|one| one_occurrence(cx, &one)).collect();
    if all.len() > 1 { Some(Occurrence { kind: OccurrenceKind::Any(all), span }) } else { all.pop() }
}

fn one_occurrence(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Occurrence> {
    let span = cx.span_of(pair);
    let inner = first(pair)?;
    let kind = match inner.as_rule() {
        Rule::occurrence_bracket => {
            let chosen = bracket::chosen(cx, inner)?;
            return occurrence(cx, &chosen);
        }
        Rule::article_moment => OccurrenceKind::Moment(Box::new(article_moment(cx, &inner)?)),
        Rule::signing => OccurrenceKind::Signing,
        Rule::entry_into_force => OccurrenceKind::EntryIntoForce,
        Rule::expiry => OccurrenceKind::Expiry,
        Rule::time_after => return time_after(cx, &inner),
        Rule::dotted => {
            let head = names(cx, inner.clone()).next()?;
            OccurrenceKind::Path(Path { head, fields: words(cx, inner, Rule::field).collect(), span })
        }
        Rule::happening => happening(cx, &inner)?,
        _ => OccurrenceKind::Time(literal::time(cx, &inner)),
    };
    Some(Occurrence { kind, span })
}

/// `2 days after 3 months after signing`
fn time_after(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Occurrence> {
    let span = cx.span_of(pair);
    let durations: Vec<_> = children(pair, Rule::duration).collect();
    if durations.len() > MAX_DEPTH {
        condition::too_long(cx, span);
        return None;
    }
    let durations: Vec<_> = durations.into_iter().filter_map(|one| literal::duration(cx, one)).collect();
    let mut result = child(pair, Rule::counted_from).and_then(|anchor| one_occurrence(cx, &anchor))?;
    for duration in durations.into_iter().rev() {
        let span = duration.span.to(result.span);
        result = Occurrence { kind: OccurrenceKind::After(duration, Box::new(result)), span };
    }
    Some(result)
}

/// An event, or the beginning or the end of a state.
fn happening(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<OccurrenceKind> {
    let Some(turn) = child(pair, Rule::turn) else {
        return pattern(cx, pair.clone()).map(OccurrenceKind::Pattern);
    };
    let state = names(cx, pair.clone()).next()?;
    let arguments = child(pair, Rule::arguments).into_iter().flat_map(Pair::into_inner);
    let arguments: Vec<Expr> = arguments.filter_map(|argument| positional(cx, argument)).collect();
    let begins = child(&turn, Rule::kw_begins).is_some();
    Some(OccurrenceKind::Turn(StateTurn { state, arguments, begins, bind: bind(cx, pair) }))
}

/// An argument of a state, which stands without a name.
fn positional(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    match pair.as_rule() {
        Rule::sum => value(cx, pair),
        Rule::constraint => {
            let field = words(cx, pair, Rule::field).next()?;
            cx.findings.push(
                Finding::error(Code::Syntax, "what a state is asked of stands without names")
                    .at(field.span, "not expected here")
                    .help("write the values alone, in the order declared: `present(Italy, Odesa) begins`"),
            );
            None
        }
        _ => None,
    }
}

pub(super) fn article_moment(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<ArticleMoment> {
    let word = child(pair, Rule::moment_kind).or_else(|| child(pair, Rule::moment_verb))?;
    let text = bracket::words(word.clone());
    Some(ArticleMoment {
        article: article_ref_in(cx, pair)?,
        moment: Name { text, span: cx.span_of(&word) },
        by: by_whom(cx, pair),
        on: child(pair, Rule::on_what).and_then(|on| path_in(cx, &on)),
        bind: bind(cx, pair),
    })
}

/// The first reference to an article among the children of a pair.
pub(super) fn article_ref_in(cx: &Context<'_>, pair: &Pair<'_, Rule>) -> Option<ArticleRef> {
    child(pair, Rule::article_ref).and_then(|inner| article_ref(cx, &inner))
}

pub(super) fn article_ref(cx: &Context<'_>, pair: &Pair<'_, Rule>) -> Option<ArticleRef> {
    let label = super::article::label(cx, pair)?;
    Some(ArticleRef { treaty: names(cx, pair.clone()).next(), label, span: cx.span_of(pair) })
}

/// `by X`, `by all of G`
pub(super) fn by_whom(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<ByWhom> {
    let by = child(pair, Rule::by_party)?;
    match child(&by, Rule::members) {
        Some(all) => members(cx, &all).map(ByWhom::All),
        None => path_in(cx, &by).map(ByWhom::Path),
    }
}

/// The path among the children of a pair.
pub(super) fn path_in(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Path> {
    child(pair, Rule::path).and_then(|inner| path(cx, inner))
}

/// The name that a pair binds.
pub(super) fn bind(cx: &Context<'_>, pair: &Pair<'_, Rule>) -> Option<Name> {
    child(pair, Rule::bind).and_then(|bind| names(cx, bind).next())
}

/// The pattern among the children of a pair.
pub(super) fn pattern_in(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Pattern> {
    child(pair, Rule::pattern).and_then(|inner| pattern(cx, inner))
}

/// A `pattern`, or a `happening` or a `measured` read as one.
pub(super) fn pattern(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Pattern> {
    let span = cx.span_of(&pair);
    let kind = names(cx, pair.clone()).next()?;
    let list = child(&pair, Rule::constraints).or_else(|| child(&pair, Rule::arguments));
    let mut constraints = Vec::new();
    for part in list.into_iter().flat_map(Pair::into_inner) {
        match part.as_rule() {
            Rule::constraint => constraints.extend(constraint(cx, part)),
            Rule::sum => {
                let span = cx.span_of(&part);
                cx.findings.push(
                    Finding::error(Code::Syntax, format!("which field of `{}` is this?", kind.text))
                        .at(span, "a value without a field")
                        .help("write the field before it: `by: Russia`"),
                );
            }
            _ => {}
        }
    }
    let conditions = child(&pair, Rule::where_atom).and_then(|atom| where_atom(cx, atom));
    let bind = bind(cx, &pair);
    Some(Pattern { kind, constraints, bind, conditions: conditions.into_iter().collect(), span })
}

/// The condition of `where (C)`.
pub(super) fn where_atom(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Condition> {
    let atom = value(cx, pair.into_inner().last()?)?;
    Some(condition::of_value(atom))
}

fn constraint(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Constraint> {
    let field = words(cx, pair.clone(), Rule::field).next()?;
    let last = pair.into_inner().last()?;
    let value = match last.as_rule() {
        Rule::any_value => ConstraintValue::Any { of: members_in(cx, &last), bind: bind(cx, &last)? },
        _ => ConstraintValue::Is(value(cx, last)?),
    };
    Some(Constraint { field, value })
}

/// The group among the children of a pair.
pub(super) fn members_in(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Members> {
    child(pair, Rule::members).and_then(|inner| members(cx, &inner))
}

pub(super) fn members(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Members> {
    let span = cx.span_of(pair);
    let group = path_in(cx, pair)?;
    let mut without = Vec::new();
    for list in children(pair, Rule::without) {
        for one in children(&list, Rule::path) {
            without.extend(path(cx, one));
        }
    }
    Some(Members { group, without, span })
}
