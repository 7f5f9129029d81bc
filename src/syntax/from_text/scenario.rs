//! Scenarios.

use pest::iterators::Pair;

use super::super::ast::{Expectation, ExpectedDuty, Name, Scenario, ScenarioPart, ScenarioPartKind, Step, StepTime};
use super::super::grammar::Rule;
use super::declaration::spellings;
use super::occurrence::{article_ref_in, members, path_in, pattern_in};
use super::{Context, bracket, child, children, literal, words};
use crate::finding::{Code, Finding};

pub(super) fn scenario(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Scenario> {
    let title = spellings(cx, pair.clone()).next()?;
    let mut parts = Vec::new();
    for child in pair.clone().into_inner() {
        let span = cx.span_of(&child);
        parts.extend(part(cx, &child).map(|kind| ScenarioPart { kind, span }));
    }
    Some(Scenario { title, parts })
}

fn part(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<ScenarioPartKind> {
    Some(match pair.as_rule() {
        Rule::choose => {
            let label = words(cx, pair.clone(), Rule::field).next()?;
            let choice = child(pair, Rule::choice)?;
            let words = Name { text: bracket::words(choice.clone()), span: cx.span_of(&choice) };
            ScenarioPartKind::Choose { label, words }
        }
        Rule::starts => ScenarioPartKind::Starts(literal::time(cx, &pair.clone().into_inner().last()?)),
        Rule::under => ScenarioPartKind::Under(spellings(cx, pair.clone()).collect()),
        Rule::log_file => ScenarioPartKind::Log(spellings(cx, pair.clone()).next()?),
        Rule::known_at => ScenarioPartKind::KnownAt(step_time(cx, pair)?),
        Rule::scenario_ends => ScenarioPartKind::Ends(step_time(cx, pair)?),
        Rule::step => ScenarioPartKind::Step(Step {
            at: step_time(cx, pair)?,
            event: pattern_in(cx, pair)?,
            reported: child(pair, Rule::reported_at).and_then(|reported| step_time(cx, &reported)),
        }),
        Rule::expectation => ScenarioPartKind::Expect(expectation(cx, pair)?),
        _ => return None,
    })
}

fn expectation(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Expectation> {
    let inner = pair.clone().into_inner().last()?;
    Some(match inner.as_rule() {
        Rule::no_other_breach => Expectation::NoOtherBreach,
        Rule::nothing_else => Expectation::NothingElse,
        Rule::expected_error => Expectation::Error(spellings(cx, inner).next()?),
        Rule::expected_lint => Expectation::Lint(words(cx, inner, Rule::finding_name).next()?),
        _ => {
            let status = child(&inner, Rule::expected_status)?;
            let by: Vec<_> = children(&inner, Rule::by_parties).flat_map(|by| children(&by, Rule::members)).collect();
            Expectation::Duty(ExpectedDuty {
                article: article_ref_in(cx, &inner)?,
                status: Name { text: bracket::words(status.clone()), span: cx.span_of(&status) },
                by: by.iter().filter_map(|one| members(cx, one)).collect(),
                on: child(&inner, Rule::on_what).and_then(|on| path_in(cx, &on)),
                due: child(&inner, Rule::expected_due).and_then(|due| step_time(cx, &due)),
                at: child(&inner, Rule::expected_at).and_then(|at| step_time(cx, &at)),
            })
        }
    })
}

/// The time among the children of a pair.
fn step_time(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<StepTime> {
    let inner = child(pair, Rule::step_time)?.into_inner().next()?;
    if inner.as_rule() != Rule::offset {
        return Some(StepTime::At(literal::time(cx, &inner)));
    }
    let span = cx.span_of(&inner);
    let value = seconds(inner.as_str()).unwrap_or_else(|| {
        cx.findings.push(
            Finding::error(Code::NumberTooLarge, format!("`{}` is longer than can be counted", inner.as_str()))
                .at(span, "too long")
                .help("write the instant itself"),
        );
        0
    });
    Some(StepTime::Offset(super::super::ast::Spanned { value, span }))
}

/// The longest offset of a step, ten thousand years.
const MAX_SECONDS: i64 = 10_000 * 366 * 86_400;

/// The seconds of `+6h30m`; none where they are too many.
fn seconds(written: &str) -> Option<i64> {
    let mut total = 0i64;
    let mut count = 0i64;
    for letter in written.chars() {
        let unit = match letter {
            '+' | '-' => continue,
            'w' => 7 * 86_400,
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            digit => {
                count = count.checked_mul(10)?.checked_add(i64::from(digit.to_digit(10)?))?;
                continue;
            }
        };
        total = total.checked_add(count.checked_mul(unit)?)?;
        count = 0;
    }
    (total <= MAX_SECONDS).then_some(if written.starts_with('-') { -total } else { total })
}
