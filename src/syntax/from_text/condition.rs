//! Conditions and values.

use pest::iterators::Pair;

use super::super::ast::{
    Aggregate, AggregateKind, ArticleMoment, CalendarUnit, Comparator, Condition, Expr, ExprKind, Measured, Operator,
    Path, Pattern, Period, PeriodKind,
};
use super::super::grammar::Rule;
use super::occurrence::{
    article_ref_in, bind, by_whom, members_in, occurrence_in, path_in, pattern, pattern_in, where_atom,
};
use super::{Context, MAX_DEPTH, bracket, child, children, first, literal, names, words};
use crate::finding::{Code, Finding};
use crate::source::Span;

/// `C or C …`
pub(super) fn condition(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Condition> {
    joined(cx, pair, Rule::conjunction, conjunction, Condition::Or)
}

fn conjunction(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Condition> {
    joined(cx, pair, Rule::negation, negation, Condition::And)
}

fn joined(
    cx: &mut Context<'_>,
    pair: Pair<'_, Rule>,
    rule: Rule,
    part: fn(&mut Context<'_>, Pair<'_, Rule>) -> Option<Condition>,
    join: fn(Vec<Condition>) -> Condition,
) -> Option<Condition> {
    let parts = pair.into_inner().filter(|child| child.as_rule() == rule);
    let mut parts: Vec<_> = parts.filter_map(|child| part(cx, child)).collect();
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}

fn negation(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Condition> {
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

fn comparison(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Condition> {
    let mut children = pair.into_inner();
    let left = value(cx, children.next()?)?;
    let Some(rest) = children.next() else {
        return Some(of_value(left));
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

/// A value as a condition.
pub(super) fn of_value(value: Expr) -> Condition {
    match value.kind {
        ExprKind::Condition(inner) => *inner,
        _ => Condition::Value(value),
    }
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
pub(super) fn value(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    if matches!(pair.as_rule(), Rule::atom | Rule::narrow_atom | Rule::whole_of) {
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

fn atom(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    let span = cx.span_of(&pair);
    let inner = pair.into_inner().find(|child| child.as_rule() != Rule::open)?;
    let kind = match inner.as_rule() {
        Rule::condition => ExprKind::Condition(Box::new(condition(cx, inner)?)),
        Rule::value_bracket => {
            let chosen = bracket::chosen(cx, inner)?;
            let span = cx.span_of(&chosen);
            let chosen = condition(cx, chosen)?;
            return Some(of_condition(chosen, span));
        }
        Rule::article_status => ExprKind::Condition(Box::new(status(cx, &inner)?)),
        Rule::in_breach => {
            let condition = Condition::InBreach(article_ref_in(cx, &inner)?, by_whom(cx, &inner));
            ExprKind::Condition(Box::new(condition))
        }
        Rule::instant | Rule::date => ExprKind::Time(literal::time(cx, &inner)),
        Rule::plain_duration => ExprKind::Duration(literal::duration(cx, inner)?),
        Rule::quantity => {
            let unit = names(cx, inner.clone()).next()?;
            ExprKind::Quantity(literal::number(cx, inner), unit)
        }
        Rule::percentage => return percentage(cx, &inner),
        Rule::number_scaled => ExprKind::Number(literal::number(cx, inner)),
        Rule::truth => ExprKind::Truth(inner.as_str() == "true"),
        Rule::string => ExprKind::Text(literal::string(&inner)),
        Rule::territory => ExprKind::Territory(path_in(cx, &inner)?),
        Rule::aggregate => ExprKind::Aggregate(Box::new(aggregate(cx, &inner)?)),
        Rule::call => return call(cx, &inner),
        _ => ExprKind::Path(path(cx, inner)?),
    };
    // `( a )` around a value is the value.
    Some(match kind {
        ExprKind::Condition(inner) => of_condition(*inner, span),
        kind => Expr { kind, span },
    })
}

/// A condition as a value.
fn of_condition(condition: Condition, span: Span) -> Expr {
    match condition {
        Condition::Value(value) => Expr { span, ..value },
        other => Expr { kind: ExprKind::Condition(Box::new(other)), span },
    }
}

/// `90 %`, `90 % of f.amount`
fn percentage(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Expr> {
    let span = cx.span_of(pair);
    let hundredths = literal::number(cx, pair.clone());
    let share = Expr { kind: ExprKind::Number(hundredths / rust_decimal::Decimal::ONE_HUNDRED), span };
    let Some(of) = child(pair, Rule::whole_of) else {
        return Some(share);
    };
    let of = atom(cx, of)?;
    Some(Expr { kind: ExprKind::Arithmetic(Box::new(share), Operator::Times, Box::new(of)), span })
}

/// `present(Italy, Odesa)`
fn call(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Expr> {
    let span = cx.span_of(pair);
    let name = child(pair, Rule::call_name).and_then(|name| names(cx, name).next())?;
    let arguments = children(pair, Rule::sum).filter_map(|one| value(cx, one)).collect();
    Some(Expr { kind: ExprKind::Call(name, arguments), span })
}

/// `article 3 is not met by X`
fn status(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Condition> {
    let moment = ArticleMoment {
        article: article_ref_in(cx, pair)?,
        moment: words(cx, pair.clone(), Rule::moment_kind).next()?,
        by: by_whom(cx, pair),
        on: child(pair, Rule::on_what).and_then(|on| path_in(cx, &on)),
        bind: None,
    };
    Some(negate(Condition::Status(Box::new(moment)), child(pair, Rule::kw_not).is_some()))
}

fn aggregate(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Aggregate> {
    let inner = first(pair)?;
    let kind = match inner.as_rule() {
        Rule::members_of => AggregateKind::Members(members_in(cx, &inner)?),
        Rule::count_of => {
            let counted = pattern_in(cx, &inner)?;
            let condition = child(&inner, Rule::where_atom).and_then(|clause| where_atom(cx, clause));
            AggregateKind::Count(Pattern { conditions: condition.into_iter().collect(), ..counted })
        }
        Rule::sum_of => AggregateKind::Sum(child(&inner, Rule::measured).and_then(|it| measured(cx, &it))?),
        Rule::latest_of => AggregateKind::Latest(child(&inner, Rule::measured).and_then(|it| measured(cx, &it))?),
        Rule::duration_of => AggregateKind::Duration(state(cx, &inner)?),
        _ => AggregateKind::Number {
            members: members_in(cx, &inner)?,
            bind: bind(cx, &inner)?,
            condition: child(&inner, Rule::where_atom).and_then(|clause| where_atom(cx, clause))?,
        },
    };
    Some(Aggregate { kind, period: child(&inner, Rule::period).and_then(|it| period(cx, &it)) })
}

/// The state of `duration of STATE`.
fn state(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Expr> {
    if let Some(inner) = child(pair, Rule::call) {
        return call(cx, &inner);
    }
    let path = path_in(cx, pair)?;
    Some(Expr { span: path.span, kind: ExprKind::Path(path) })
}

/// `deliver(to: Ukraine).value`
pub(super) fn measured(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Measured> {
    let field = words(cx, pair.clone(), Rule::field).next()?;
    Some(Measured { pattern: pattern(cx, pair.clone())?, field })
}

fn period(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Period> {
    let span = cx.span_of(pair);
    let inner = first(pair)?;
    let kind = match inner.as_rule() {
        Rule::last_period => PeriodKind::Last(literal::duration_in(cx, &inner)?),
        Rule::since => PeriodKind::Since(occurrence_in(cx, &inner)?),
        _ => PeriodKind::Calendar {
            previous: child(&inner, Rule::kw_previous).is_some(),
            unit: calendar_unit(child(&inner, Rule::calendar_unit)?.as_str()),
        },
    };
    Some(Period { kind, span })
}

fn calendar_unit(word: &str) -> CalendarUnit {
    match word {
        "day" => CalendarUnit::Day,
        "week" => CalendarUnit::Week,
        "month" => CalendarUnit::Month,
        "quarter" => CalendarUnit::Quarter,
        _ => CalendarUnit::Year,
    }
}

/// `a.b.c`
pub(super) fn path(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Path> {
    let span = cx.span_of(&pair);
    let head = names(cx, pair.clone()).next()?;
    let fields: Vec<_> = words(cx, pair, Rule::field).collect();
    if fields.len() > MAX_DEPTH {
        too_long(cx, span);
        return None;
    }
    Some(Path { head, fields, span })
}

/// Every operation and every field stands on the one before it, as brackets stand in brackets.
pub(super) fn too_long(cx: &mut Context<'_>, span: Span) {
    cx.findings.push(
        Finding::error(Code::NestedTooDeep, format!("more than {MAX_DEPTH} values in a row"))
            .at(span, "too long a chain")
            .help("split the condition"),
    );
}
