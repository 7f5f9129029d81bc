//! Terms: patterns with a name.
//!
//! A term is written out where it is used: its constraints and its condition are added to those of its user, and what
//! its pattern binds gets names of its own there.

use super::bindings::{bound_once, pattern_names};
use super::builder::Builder;
use super::expr::Cx;
use super::load::Loaded;
use super::scope::Scope;
use crate::finding::{Code, Finding};
use crate::syntax::ast::{
    Aggregate, AggregateKind, ArticleMoment, ByWhom, Condition, Constraint, ConstraintValue, Expr, ExprKind, Item,
    Measured, Members, Name, Path, Pattern,
};

/// The sign in names that no clause can write, as they are a term's own.
pub(super) const OWN: char = '\'';

/// Checks every term where it is declared, used or not.
pub(super) fn check(builder: &mut Builder, loaded: &Loaded) {
    for (file, loaded) in loaded.files.iter().enumerate() {
        let treaty = builder.treaty_of_file.get(file).copied().flatten();
        for item in &loaded.tree.items {
            let Item::Term(term) = item else { continue };
            let Some(pattern) = written_out(builder.scope(file), &term.pattern) else {
                if means_itself(builder.scope(file), &term.name) {
                    builder.report(
                        Finding::error(Code::TermCycle, format!("the term `{}` means itself", term.name.text))
                            .at(term.name.span, "by way of the terms that it uses")
                            .help("let one of them mean an event"),
                    );
                }
                continue;
            };
            let mut bound = Vec::new();
            pattern_names(builder, file, &pattern, false, &mut bound);
            if bound_once(builder, &bound) {
                Cx::in_file(builder, file, treaty, &bound).pattern(&pattern);
            }
        }
    }
}

/// Whether a term comes back to itself, rather than to a circle of others.
fn means_itself(scope: &Scope, term: &Name) -> bool {
    let mut kind = &term.text;
    for _ in 0..scope.terms.len() {
        let Some(meaning) = scope.terms.get(kind) else {
            return false;
        };
        kind = &meaning.value.pattern.kind.text;
        if *kind == term.text {
            return true;
        }
    }
    false
}

/// A pattern of an event kind that means the same; none where terms mean one another.
pub(super) fn written_out(scope: &Scope, pattern: &Pattern) -> Option<Pattern> {
    let mut pattern = pattern.clone();
    let mut depth = 0;
    while let Some(term) = scope.terms.get(&pattern.kind.text) {
        depth += 1;
        if depth > scope.terms.len() {
            return None;
        }
        pattern = one_out(&term.value.pattern, pattern);
    }
    Some(pattern)
}

/// A pattern whose kind is a term, with what the term means in its place.
fn one_out(meaning: &Pattern, user: Pattern) -> Pattern {
    let own = |name: &Name| format!("{}{OWN}{}", name.text, user.span.start);
    let mut names = Vec::new();
    let bind = match (&meaning.bind, user.bind) {
        (Some(inner), Some(outer)) => {
            names.push((inner.text.clone(), outer.text.clone()));
            Some(outer)
        }
        (Some(inner), None) => {
            names.push((inner.text.clone(), own(inner)));
            Some(Name { text: own(inner), span: inner.span })
        }
        (None, outer) => outer,
    };
    for constraint in &meaning.constraints {
        if let ConstraintValue::Any { bind, .. } = &constraint.value {
            names.push((bind.text.clone(), own(bind)));
        }
    }
    let renaming = Renaming(names);
    let constraints = meaning.constraints.iter().map(|it| renaming.constraint(it)).chain(user.constraints);
    let conditions = meaning.conditions.iter().map(|it| renaming.condition(it)).chain(user.conditions);
    Pattern {
        kind: Name { span: user.kind.span, ..meaning.kind.clone() },
        constraints: constraints.collect(),
        bind,
        conditions: conditions.collect(),
        span: user.span,
    }
}

/// Names of a term, and what they are called where it is used.
struct Renaming(Vec<(String, String)>);

impl Renaming {
    fn name(&self, name: &Name) -> Name {
        let found = self.0.iter().find(|(from, _)| *from == name.text);
        Name { text: found.map_or_else(|| name.text.clone(), |(_, to)| to.clone()), span: name.span }
    }

    fn path(&self, path: &Path) -> Path {
        Path { head: self.name(&path.head), ..path.clone() }
    }

    fn members(&self, members: &Members) -> Members {
        let without = members.without.iter().map(|path| self.path(path)).collect();
        Members { group: self.path(&members.group), without, span: members.span }
    }

    fn constraint(&self, constraint: &Constraint) -> Constraint {
        let value = match &constraint.value {
            ConstraintValue::Is(value) => ConstraintValue::Is(self.expr(value)),
            ConstraintValue::Any { of, bind } => {
                ConstraintValue::Any { of: of.as_ref().map(|of| self.members(of)), bind: self.name(bind) }
            }
        };
        Constraint { field: constraint.field.clone(), value }
    }

    fn condition(&self, condition: &Condition) -> Condition {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.condition(part)).collect();
        match condition {
            Condition::And(parts) => Condition::And(all(parts)),
            Condition::Or(parts) => Condition::Or(all(parts)),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner))),
            Condition::Compare(left, comparator, right) => {
                Condition::Compare(self.expr(left), *comparator, self.expr(right))
            }
            Condition::In(left, right) => Condition::In(self.expr(left), self.expr(right)),
            Condition::Given(value) => Condition::Given(self.expr(value)),
            Condition::Value(value) => Condition::Value(self.expr(value)),
            Condition::Status(moment) => Condition::Status(Box::new(ArticleMoment {
                by: moment.by.as_ref().map(|by| self.by_whom(by)),
                on: moment.on.as_ref().map(|on| self.path(on)),
                ..(**moment).clone()
            })),
            Condition::InBreach(article, by) => {
                Condition::InBreach(article.clone(), by.as_ref().map(|by| self.by_whom(by)))
            }
        }
    }

    fn by_whom(&self, by: &ByWhom) -> ByWhom {
        match by {
            ByWhom::Path(path) => ByWhom::Path(self.path(path)),
            ByWhom::All(members) => ByWhom::All(self.members(members)),
        }
    }

    fn pattern(&self, pattern: &Pattern) -> Pattern {
        Pattern {
            constraints: pattern.constraints.iter().map(|one| self.constraint(one)).collect(),
            conditions: pattern.conditions.iter().map(|one| self.condition(one)).collect(),
            ..pattern.clone()
        }
    }

    fn measured(&self, measured: &Measured) -> Measured {
        Measured { pattern: self.pattern(&measured.pattern), field: measured.field.clone() }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Aggregate {
        let kind = match &aggregate.kind {
            AggregateKind::Members(members) => AggregateKind::Members(self.members(members)),
            AggregateKind::Count(pattern) => AggregateKind::Count(self.pattern(pattern)),
            AggregateKind::Sum(measured) => AggregateKind::Sum(self.measured(measured)),
            AggregateKind::Latest(measured) => AggregateKind::Latest(self.measured(measured)),
            AggregateKind::Duration(state) => AggregateKind::Duration(self.expr(state)),
            AggregateKind::Number { members, bind, condition } => AggregateKind::Number {
                members: self.members(members),
                bind: bind.clone(),
                condition: self.condition(condition),
            },
        };
        Aggregate { kind, period: aggregate.period.clone() }
    }

    fn expr(&self, expr: &Expr) -> Expr {
        let kind = match &expr.kind {
            ExprKind::Path(path) => ExprKind::Path(self.path(path)),
            ExprKind::Territory(path) => ExprKind::Territory(self.path(path)),
            ExprKind::Arithmetic(left, operator, right) => {
                ExprKind::Arithmetic(Box::new(self.expr(left)), *operator, Box::new(self.expr(right)))
            }
            ExprKind::Call(name, arguments) => {
                ExprKind::Call(name.clone(), arguments.iter().map(|one| self.expr(one)).collect())
            }
            ExprKind::Aggregate(aggregate) => ExprKind::Aggregate(Box::new(self.aggregate(aggregate))),
            ExprKind::Condition(condition) => ExprKind::Condition(Box::new(self.condition(condition))),
            other => other.clone(),
        };
        Expr { kind, span: expr.span }
    }
}
