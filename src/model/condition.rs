//! Conditions.

use super::declare::mismatch;
use super::expr::Cx;
use super::{Condition, Expr, Type};
use crate::syntax::ast::{self, ExprKind};

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
        })
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
