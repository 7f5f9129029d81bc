//! Patterns, and who is meant by a group.

use super::ask::unknown_field;
use super::builder::Builder;
use super::declare::mismatch;
use super::expr::Cx;
use super::{Expr, KindId, Members, Pattern, Test, Type, Want};
use crate::finding::Code;
use crate::syntax::ast::{self, ConstraintValue, ExprKind, Name};

impl Cx<'_> {
    pub(super) fn kind(&mut self, name: &Name) -> Option<KindId> {
        kind_named(self.builder, self.file, name, true)
    }

    /// A pattern, its names resolved; what each test is of is checked against the field's type.
    pub(super) fn pattern(&mut self, pattern: &ast::Pattern) -> Option<Pattern> {
        let kind = self.kind(&pattern.kind)?;
        let mut tests = Vec::new();
        let mut whole = true;
        for constraint in &pattern.constraints {
            match self.test(kind, constraint) {
                Some(test) => tests.push(test),
                None => whole = false,
            }
        }
        let bind = pattern.bind.as_ref().and_then(|name| self.slot(&name.text));
        // What is asked of the event is asked once it has happened.
        let after_the_act = std::mem::replace(&mut self.after_the_act, true);
        let conditions: Vec<_> = pattern.conditions.iter().map(|condition| self.condition(condition)).collect();
        self.after_the_act = after_the_act;
        let conditions: Option<Vec<_>> = conditions.into_iter().collect();
        let names = self.bound.len();
        Some(Pattern { kind, tests, bind, conditions: conditions?, names, span: pattern.span }).filter(|_| whole)
    }

    fn test(&mut self, kind: KindId, constraint: &ast::Constraint) -> Option<Test> {
        let field = self.field(kind, &constraint.field)?;
        let of = self.builder.program.kinds.at(kind).fields.get(field)?.kind.clone();
        let one = match of {
            Type::List(inner) => *inner,
            other => other,
        };
        let want = match &constraint.value {
            // Of a place, several will do: `place: territory of Ukraine`.
            ConstraintValue::Is(value @ ast::Expr { kind: ExprKind::Territory(_), .. }) if one == Type::Place => {
                Want::Is(self.value_of(value, &Type::List(Box::new(Type::Place)))?)
            }
            ConstraintValue::Is(value) => Want::Is(self.value_of(value, &one)?),
            ConstraintValue::Any { of, bind } => {
                let of = match of {
                    Some(members) => Some(self.members(members)?),
                    None => None,
                };
                if of.is_some() && one != Type::Party {
                    let shown = one.show(&self.builder.program);
                    mismatch(self.builder, "a field that holds parties", &shown, constraint.field.span);
                    return None;
                }
                Want::Any { of, slot: self.slot(&bind.text)? }
            }
        };
        Some(Test { field, want })
    }

    fn field(&mut self, kind: KindId, name: &Name) -> Option<usize> {
        let kind = &self.builder.program.kinds.at(kind);
        let found = kind.fields.iter().position(|field| field.name == name.text);
        if found.is_none() && !kind.unread.contains(&name.text) {
            let finding =
                unknown_field(name, &format!("`{}`", kind.name), kind.fields.iter().map(|field| field.name.as_str()));
            let declared = kind.span;
            self.builder.report(finding.at(declared, "declared here"));
        }
        found
    }

    /// Parties: a group, a list, or one.
    pub(super) fn members(&mut self, members: &ast::Members) -> Option<Members> {
        let (base, _) = self.parties(&members.group)?;
        let group =
            self.bound.iter().all(|bound| bound.name != members.group.head.text) && members.group.fields.is_empty();
        let name = (group && members.without.is_empty()).then(|| members.group.head.text.clone());
        let mut without = Vec::new();
        for path in &members.without {
            without.push(self.parties(path)?.0);
        }
        Some(Members { base, name, without })
    }

    /// A party or several, and whether it is several.
    pub(super) fn parties(&mut self, path: &ast::Path) -> Option<(Expr, bool)> {
        let (expr, kind) = self.path(path, Some(&Type::Party))?;
        match kind {
            Type::Party => Some((expr, false)),
            Type::List(inner) if *inner == Type::Party => Some((expr, true)),
            other => {
                let shown = other.show(&self.builder.program);
                mismatch(self.builder, "a party or a group", &shown, path.span);
                None
            }
        }
    }
}

/// The event kind of that name in a treaty's scope.
pub(super) fn kind_named(builder: &mut Builder, file: usize, name: &Name, report: bool) -> Option<KindId> {
    let scope = builder.scope(file);
    let found = scope.kinds.get(&name.text).map(|declared| declared.value);
    if found.is_none() && report {
        let known: Vec<_> = scope.kinds.keys().chain(scope.terms.keys()).cloned().collect();
        builder.unknown(file, Code::UnknownKind, "event", name, &known);
    }
    found
}
