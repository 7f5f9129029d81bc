//! Patterns, and who is meant by a group.

use super::ask::unknown_field;
use super::bindings::pattern_names;
use super::builder::Builder;
use super::declare::mismatch;
use super::expr::Cx;
use super::scope::Named;
use super::{Expr, KindId, Members, Pattern, Test, Type, Want, term};
use crate::finding::{Code, Finding};
use crate::syntax::ast::{self, ConstraintValue, ExprKind, Name};

impl Cx<'_> {
    pub(super) fn kind(&mut self, name: &Name) -> Option<KindId> {
        kind_named(self.builder, self.file, name, true)
    }

    /// A pattern, its names resolved; what each test is of is checked against the field's type.
    pub(super) fn pattern(&mut self, pattern: &ast::Pattern) -> Option<Pattern> {
        let name = &pattern.kind;
        let is_term = self.scope().terms.contains_key(&name.text);
        if is_term && self.builder.open_terms.contains(&name.text) {
            self.builder.report(
                Finding::error(Code::TermCycle, format!("the term `{}` means itself", name.text))
                    .at(name.span, "its own condition asks for it")
                    .help("let the condition ask for an event"),
            );
            return None;
        }
        let written = term::written_out(self.scope(), pattern);
        if is_term {
            self.builder.open_terms.push(name.text.clone());
        }
        let mark = self.local.len();
        let pattern = written.as_ref().unwrap_or(pattern);
        self.bind_own_names(pattern);
        let resolved = self.written_pattern(pattern);
        self.local.truncate(mark);
        if is_term {
            self.builder.open_terms.pop();
        }
        resolved
    }

    /// The field of the events that a pattern means, and whether it is of numbers or amounts.
    pub(super) fn measured(&mut self, measured: &ast::Measured) -> Option<(Pattern, usize, Type)> {
        let pattern = self.pattern(&measured.pattern)?;
        let field = self.field(pattern.kind, &measured.field)?;
        let kind = self.builder.program.kinds.at(pattern.kind).fields.get(field)?.kind.clone();
        Some((pattern, field, kind))
    }

    /// Binds what a pattern names for itself alone, as nothing else of the norm asks for it.
    fn bind_own_names(&mut self, pattern: &ast::Pattern) {
        let mut names = Vec::new();
        pattern_names(self.builder, self.file, pattern, false, &mut names);
        for name in names {
            let known = self.bound_names().any(|bound| bound.name == name.name && bound.span == name.span);
            if !known {
                self.local.push(name);
            }
        }
    }

    fn written_pattern(&mut self, pattern: &ast::Pattern) -> Option<Pattern> {
        let kind = self.kind(&pattern.kind)?;
        given_once(self, kind, pattern);
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
        let names = self.bound.len() + self.local.len();
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
                    Some(members) => Some(self.group(members)?),
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

    pub(super) fn field(&mut self, kind: KindId, name: &Name) -> Option<usize> {
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

    /// Members of a group, which has to be declared.
    pub(super) fn group(&mut self, members: &ast::Members) -> Option<Members> {
        let head = &members.group.head;
        let scope = self.scope();
        if self.slot(&head.text).is_none() && !scope.named.contains_key(&head.text) {
            let known = scope.names(|named| matches!(named, Named::Group(_) | Named::Changing(_)));
            let file = self.file;
            self.builder.unknown(file, Code::UnknownGroup, "group", head, &known);
            return None;
        }
        self.members(members)
    }

    /// Parties: a group, a list, or one.
    pub(super) fn members(&mut self, members: &ast::Members) -> Option<Members> {
        let (base, _) = self.parties(&members.group)?;
        let group =
            self.bound_names().all(|bound| bound.name != members.group.head.text) && members.group.fields.is_empty();
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

/// A field that holds one value cannot be two things at once.
pub(super) fn given_once(cx: &mut Cx<'_>, kind: KindId, pattern: &ast::Pattern) {
    for (index, later) in pattern.constraints.iter().enumerate() {
        let before = pattern.constraints.iter().take(index);
        let Some(first) = before.rev().find(|first| first.field.text == later.field.text) else { continue };
        let fields = &cx.builder.program.kinds.at(kind).fields;
        let list = fields.iter().any(|field| field.name == later.field.text && matches!(field.kind, Type::List(_)));
        // What a term says of a field, its user may narrow.
        let of_a_term = !(pattern.span.start..pattern.span.end).contains(&first.field.span.start)
            || first.field.span.source != pattern.span.source;
        if !list && !of_a_term {
            let finding = Finding::error(Code::FieldGivenTwice, format!("`{}` is given twice", later.field.text))
                .at(later.field.span, "again here")
                .at(first.field.span, "first here")
                .help("only a list can hold two values; write two patterns with `or`, or a `where`");
            cx.builder.report(finding);
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
