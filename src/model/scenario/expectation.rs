//! What a scenario expects.

use super::super::builder::Builder;
use super::super::declare::mismatch;
use super::super::occurrence::are_decisions;
use super::super::reference::{known_articles, referenced};
use super::super::suite::{ExpectationKind, ExpectedBearer, ExpectedDuty, StepValue};
use super::super::{ArticleId, Expr, Members, PartyId, Value};
use super::step::{asks_a_step, known};
use super::{Stage, context, time};
use crate::syntax::ast;

/// What is expected; none where that is wrong, and has been reported.
pub(super) fn resolve(
    builder: &mut Builder,
    stage: &Stage<'_>,
    expected: &ast::Expectation,
) -> Option<ExpectationKind> {
    Some(match expected {
        ast::Expectation::Duty(duty) => ExpectationKind::Duty(self::duty(builder, stage, duty)?),
        ast::Expectation::NoOtherBreach => ExpectationKind::NoOtherBreach,
        ast::Expectation::NothingElse => ExpectationKind::NothingElse,
        ast::Expectation::Error(words) => ExpectationKind::Error(words.clone()),
        ast::Expectation::Lint(name) => ExpectationKind::Lint(name.clone()),
    })
}

fn duty(builder: &mut Builder, stage: &Stage<'_>, duty: &ast::ExpectedDuty) -> Option<ExpectedDuty> {
    let found = builder.findings.len();
    let due = duty.due.as_ref().and_then(|due| time(builder, stage, due));
    let at = duty.at.as_ref().and_then(|at| time(builder, stage, at));
    let by: Vec<_> = duty.by.iter().filter_map(|members| bearer(builder, stage, members)).collect();
    let on = duty.on.as_ref().and_then(|on| {
        let (on, _) = context(builder, stage).path(on, None)?;
        // Nothing concerns a step that is set aside.
        Some(known(stage, &on).unwrap_or(StepValue::Is(Value::Absent)))
    });
    let articles = articles(builder, stage, duty)?;
    let whole = builder.findings.len() == found
        && by.len() == duty.by.len()
        && (on.is_some(), due.is_some(), at.is_some()) == (duty.on.is_some(), duty.due.is_some(), duty.at.is_some());
    let (label, status) = (duty.article.label.text.clone(), duty.status.text.clone());
    whole.then_some(ExpectedDuty { articles, label, status, by, on, due, at })
}

/// The articles meant: among several treaties, those of the first that has such a label.
fn articles(builder: &mut Builder, stage: &Stage<'_>, duty: &ast::ExpectedDuty) -> Option<Vec<ArticleId>> {
    let known = stage.treaties.iter().copied().find(|treaty| known_articles(builder, *treaty, &duty.article));
    let treaty = known.or(stage.treaties.first().copied())?;
    let articles = referenced(builder, treaty, &duty.article, true)?;
    if matches!(duty.status.text.as_str(), "adopted" | "rejected" | "blocked") {
        are_decisions(builder, &articles, &duty.article, duty.status.span);
    }
    Some(articles)
}

/// A party, or the members of a group.
fn bearer(builder: &mut Builder, stage: &Stage<'_>, written: &ast::Members) -> Option<ExpectedBearer> {
    let Members { base, without, .. } = context(builder, stage).members(written)?;
    let changing = matches!(base, Expr::Group(_));
    let mut told = |expr: &Expr| {
        let told = known(stage, expr);
        if told.is_none() && !asks_a_step(expr) && !matches!(expr, Expr::Group(_)) {
            mismatch(builder, "parties that are known beforehand", "those of the moment", written.group.span);
            return None;
        }
        // Of a step that is set aside there is nobody.
        Some(told.unwrap_or(StepValue::Is(Value::Absent)))
    };
    let base = told(&base)?;
    let mut left_out = Vec::new();
    for expr in &without {
        left_out.extend(parties(&told(expr)?));
    }
    let group = !matches!(base, StepValue::Is(Value::Party(_)));
    let parties = parties(&base).into_iter().filter(|party| !left_out.contains(party)).collect();
    Some(ExpectedBearer { parties, group, changing, without: left_out })
}

fn parties(value: &StepValue) -> Vec<PartyId> {
    match value {
        StepValue::Is(value) => value.parties(),
        StepValue::List(list) => list.iter().flat_map(parties).collect(),
        StepValue::Step(_) | StepValue::Event(_) => Vec::new(),
    }
}
