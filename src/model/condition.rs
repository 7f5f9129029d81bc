//! Conditions.

use super::declare::mismatch;
use super::expr::{Bound, Cx};
use super::reference::referenced;
use super::{Aggregate, AggregateKind, ArticleMoment, Condition, Expr, MomentKind, Pattern, Period, Type, window};
use crate::finding::{Code, Finding};
use crate::syntax::ast::{self, ExprKind};
use crate::time::Duration;

impl Cx<'_> {
    /// A condition.
    pub(super) fn condition(&mut self, condition: &ast::Condition) -> Option<Condition> {
        Some(match condition {
            ast::Condition::And(parts) => Condition::And(self.conditions(parts)?),
            ast::Condition::Or(parts) => Condition::Or(self.conditions(parts)?),
            ast::Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner)?)),
            ast::Condition::Given(value) => Condition::Given(self.value(value, None)?.0),
            ast::Condition::Value(value) => Condition::Value(self.value_of(value, &Type::Boolean)?),
            ast::Condition::Compare(left, comparator, right) => {
                let (left, right) = self.comparable(left, *comparator, right)?;
                Condition::Compare(left, *comparator, right)
            }
            ast::Condition::In(left, right) => self.contained(left, right)?,
            ast::Condition::Status(moment) => Condition::Status(self.moment(moment)?),
            ast::Condition::InBreach(article, by) => {
                let articles = referenced(self.builder, self.treaty?, article, true);
                let (by, all) = self.by_whom(by.as_ref())?;
                let moment = MomentKind::Breached;
                Condition::InBreach(ArticleMoment { articles: articles?, moment, by, all, on: None, bind: None })
            }
        })
    }

    /// What many events or many parties come to.
    pub(super) fn aggregate(&mut self, aggregate: &ast::Aggregate) -> Option<(Expr, Type)> {
        let period = match &aggregate.period {
            Some(period) => Some(self.period(period)?),
            None => None,
        };
        let (kind, of) = match &aggregate.kind {
            ast::AggregateKind::Members(members) => (AggregateKind::Members(self.group(members)?), Type::Number),
            ast::AggregateKind::Count(pattern) => (AggregateKind::Count(self.pattern(pattern)?), Type::Number),
            ast::AggregateKind::Sum(measured) => {
                let (pattern, field, of) = self.summed(measured)?;
                (AggregateKind::Sum(pattern, field), of)
            }
            ast::AggregateKind::Latest(measured) => {
                let (pattern, field, of) = self.measured(measured)?;
                (AggregateKind::Latest(pattern, field), of)
            }
            ast::AggregateKind::Duration(state) => {
                let state = self.value_of(state, &Type::Boolean)?;
                (AggregateKind::Duration(state), Type::Duration)
            }
            ast::AggregateKind::Number { members, bind, condition } => {
                let members = self.group(members)?;
                let slot = self.bound.len() + self.local.len();
                let name = bind.text.clone();
                self.local.push(Bound { name, kind: Some(Type::Party), by_the_act: false, span: Some(bind.span) });
                let condition = self.condition(condition);
                self.local.pop();
                (AggregateKind::Number(members, slot, condition?), Type::Number)
            }
        };
        Some((
            Expr::Aggregate(Box::new(Aggregate {
                kind,
                period,
                reckoning: self.reckoning(),
                treaty: self.some_treaty(),
            })),
            of,
        ))
    }

    /// A field that can be added up.
    pub(super) fn summed(&mut self, measured: &ast::Measured) -> Option<(Pattern, usize, Type)> {
        let (pattern, field, of) = self.measured(measured)?;
        if matches!(of, Type::Number | Type::Quantity(_) | Type::Duration) {
            return Some((pattern, field, of));
        }
        let shown = of.show(&self.builder.program);
        mismatch(self.builder, "a number or an amount", &shown, measured.field.span);
        None
    }

    fn period(&mut self, period: &ast::Period) -> Option<Period> {
        Some(match &period.kind {
            ast::PeriodKind::Last(length) => Period::Last(self.some_time(length)?),
            ast::PeriodKind::Calendar { previous, unit } => Period::Calendar(*unit, *previous),
            ast::PeriodKind::Since(since) => Period::Since(match self.known_point(since) {
                Some(point) => super::Occurrence::At(point?),
                None => self.occurrence(since)?,
            }),
        })
    }

    /// A duration that is longer than nothing.
    pub(super) fn some_time(&mut self, length: &ast::DurationLiteral) -> Option<Duration> {
        let duration = window::duration(self, length)?;
        if duration.is_zero() {
            self.builder.report(
                Finding::error(Code::PeriodOfNoLength, "this period has no length")
                    .at(length.span, "nothing happens within no time")
                    .help("write how long it is"),
            );
            return None;
        }
        Some(duration)
    }

    fn conditions(&mut self, parts: &[ast::Condition]) -> Option<Vec<Condition>> {
        let resolved: Vec<_> = parts.iter().map(|part| self.condition(part)).collect();
        resolved.into_iter().collect()
    }

    /// Two values of one type; the side whose words alone tell its type is read first.
    fn comparable(&mut self, left: &ast::Expr, comparator: ast::Comparator, right: &ast::Expr) -> Option<(Expr, Expr)> {
        let swap = self.needs_help(left) && !self.needs_help(right);
        let (first, second) = if swap { (right, left) } else { (left, right) };
        let (mut a, mut kind) = self.value(first, None)?;
        // A bare date beside an instant is the first instant of its day.
        if kind == Type::Date && matches!(first.kind, ExprKind::Time(_)) {
            let (_, other) = self.value(second, None)?;
            if other == Type::Instant {
                (a, kind) = self.value(first, Some(&Type::Instant))?;
            }
        }
        let b = self.value_of(second, &kind)?;
        let equality = matches!(comparator, ast::Comparator::Equal | ast::Comparator::NotEqual);
        let ordered = matches!(kind, Type::Number | Type::Quantity(_) | Type::Instant | Type::Date | Type::Duration);
        if !equality && !ordered {
            let shown = kind.show(&self.builder.program);
            mismatch(self.builder, "values that have an order", &shown, first.span.to(second.span));
            return None;
        }
        Some(if swap { (b, a) } else { (a, b) })
    }

    /// Whether a value is a bare word that only the other side can explain.
    fn needs_help(&self, expr: &ast::Expr) -> bool {
        let scope = self.scope();
        matches!(&expr.kind, ExprKind::Path(path) if path.fields.is_empty()
            && self.slot(&path.head.text).is_none() && !scope.named.contains_key(&path.head.text))
    }

    fn contained(&mut self, left: &ast::Expr, right: &ast::Expr) -> Option<Condition> {
        if self.needs_help(right)
            && let Some((_, kind @ Type::Enumeration(_))) = self.value(left, None)
        {
            let shown = kind.show(&self.builder.program);
            mismatch(self.builder, "a place, a group or a list", &shown, right.span);
            if let Some(last) = self.builder.findings.last_mut() {
                last.help = Some("compare one word with `=`: `a.means = drone or a.means = missile`".to_owned());
            }
            return None;
        }
        let (container, kind) = self.value(right, None)?;
        let element = match kind {
            Type::Place => Type::Place,
            Type::List(inner) => *inner,
            other => {
                let shown = other.show(&self.builder.program);
                mismatch(self.builder, "a place, a group or a list", &shown, right.span);
                return None;
            }
        };
        Some(Condition::In(self.value_of(left, &element)?, container))
    }
}
