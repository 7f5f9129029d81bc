//! Conditions and values.

use pest::iterators::Pair;

use super::super::ast::{Comparator, Condition, Expr, ExprKind, Operator, Path};
use super::super::grammar::Rule;
use super::{Context, MAX_DEPTH, literal, words};
use crate::finding::{Code, Finding};
use crate::source::Span;

/// `C or C …`
pub(super) fn condition(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Condition> {
    joined(cx, pair, Rule::conjunction, conjunction, Condition::Or)
}

fn conjunction(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Condition> {
    joined(cx, pair, Rule::negation, negation, Condition::And)
}

fn joined(
    cx: &mut Context,
    pair: Pair<'_, Rule>,
    rule: Rule,
    part: fn(&mut Context, Pair<'_, Rule>) -> Option<Condition>,
    join: fn(Vec<Condition>) -> Condition,
) -> Option<Condition> {
    let parts = pair.into_inner().filter(|child| child.as_rule() == rule);
    let mut parts: Vec<_> = parts.filter_map(|child| part(cx, child)).collect();
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}

fn negation(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Condition> {
    let mut negated = false;
    let mut inner = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::kw_not => negated = !negated,
            _ => inner = comparison(cx, child),
        }
    }
    Some(negate(inner?, negated))
}

fn negate(condition: Condition, negated: bool) -> Condition {
    if negated { Condition::Not(Box::new(condition)) } else { condition }
}

fn comparison(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Condition> {
    let mut children = pair.into_inner();
    let left = value(cx, children.next()?)?;
    let Some(rest) = children.next() else {
        return Some(match left.kind {
            ExprKind::Condition(inner) => *inner,
            _ => Condition::Value(left),
        });
    };
    let rule = rest.as_rule();
    let mut negated = false;
    let mut comparator = Comparator::Equal;
    let mut right = None;
    for child in rest.into_inner() {
        match child.as_rule() {
            Rule::kw_not => negated = true,
            Rule::comparator => comparator = comparator_of(child.as_str()),
            Rule::sum => right = value(cx, child),
            _ => {}
        }
    }
    let condition = match rule {
        Rule::is_given => Condition::Given(left),
        Rule::membership => Condition::In(left, right?),
        _ => Condition::Compare(left, comparator, right?),
    };
    Some(negate(condition, negated))
}

fn comparator_of(sign: &str) -> Comparator {
    match sign {
        "!=" => Comparator::NotEqual,
        "<" => Comparator::Less,
        "<=" => Comparator::AtMost,
        ">" => Comparator::More,
        ">=" => Comparator::AtLeast,
        _ => Comparator::Equal,
    }
}

/// A `sum`, a `product` or an `atom`.
pub(super) fn value(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Expr> {
    if pair.as_rule() == Rule::atom {
        return atom(cx, pair);
    }
    let span = cx.span_of(&pair);
    if pair.clone().into_inner().count() > 2 * MAX_DEPTH {
        too_long(cx, span);
        return None;
    }
    let mut result: Option<Expr> = None;
    let mut operator = Operator::Plus;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::times => operator = Operator::Times,
            Rule::sign => operator = if child.as_str() == "-" { Operator::Minus } else { Operator::Plus },
            _ => {
                let operand = value(cx, child)?;
                result = Some(match result {
                    None => operand,
                    Some(left) => Expr {
                        span: left.span.to(operand.span),
                        kind: ExprKind::Arithmetic(Box::new(left), operator, Box::new(operand)),
                    },
                });
            }
        }
    }
    result
}

fn atom(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Expr> {
    let span = cx.span_of(&pair);
    let inner = pair.into_inner().find(|child| child.as_rule() != Rule::open)?;
    let kind = match inner.as_rule() {
        Rule::condition => ExprKind::Condition(Box::new(condition(cx, inner)?)),
        Rule::instant | Rule::date => ExprKind::Time(literal::time(cx, &inner)),
        Rule::duration => ExprKind::Duration(literal::duration(cx, inner)),
        Rule::quantity => {
            let unit = super::names(cx, inner.clone()).next()?;
            ExprKind::Quantity(literal::number(cx, inner), unit)
        }
        Rule::number_scaled => ExprKind::Number(literal::number(cx, inner)),
        Rule::truth => ExprKind::Truth(inner.as_str() == "true"),
        Rule::string => ExprKind::Text(literal::string(&inner)),
        Rule::territory => {
            let path = inner.into_inner().find(|child| child.as_rule() == Rule::path)?;
            ExprKind::Territory(self::path(cx, path)?)
        }
        _ => ExprKind::Path(path(cx, inner)?),
    };
    // `( a )` around a value is the value.
    if let ExprKind::Condition(inner) = kind {
        return Some(match *inner {
            Condition::Value(value) => Expr { span, ..value },
            other => Expr { kind: ExprKind::Condition(Box::new(other)), span },
        });
    }
    Some(Expr { kind, span })
}

/// `a.b.c`
pub(super) fn path(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Path> {
    let span = cx.span_of(&pair);
    let head = super::names(cx, pair.clone()).next()?;
    let fields: Vec<_> = words(cx, pair, Rule::field).collect();
    if fields.len() > MAX_DEPTH {
        too_long(cx, span);
        return None;
    }
    Some(Path { head, fields, span })
}

/// Every operation and every field stands on the one before it, as brackets stand in brackets.
fn too_long(cx: &mut Context, span: Span) {
    cx.findings.push(
        Finding::error(Code::NestedTooDeep, format!("more than {MAX_DEPTH} values in a row"))
            .at(span, "too long a chain")
            .help("split the condition"),
    );
}
