//! Values, patterns and conditions: names resolved, types checked.

use std::sync::Arc;

use super::article::Bound;
use super::build::Builder;
use super::declare::mismatch;
use super::scope::Named;
use super::{
    ArticleId, Ask, Condition, Expr, KindId, Members, MomentKind, Pattern, Slot, Test, TreatyId, Type, Value, Want,
    window,
};
use crate::finding::{Code, Finding, suggestion};
use crate::source::Span;
use crate::syntax::ast::{self, ConstraintValue, ExprKind, Name, Operator, TimeLiteral};
use crate::time::{Instant, InstantError};

/// What a sentence is read in: its treaty, and the names it binds.
pub(super) struct Cx<'b> {
    pub(super) builder: &'b mut Builder,
    pub(super) treaty: TreatyId,
    /// The names, by slot.
    pub(super) bound: &'b [Bound],
    /// Whether the act has happened, so that names that it binds are known.
    pub(super) after_the_act: bool,
}

impl<'b> Cx<'b> {
    /// A header, which binds no names.
    pub(super) fn header(builder: &'b mut Builder, treaty: TreatyId) -> Cx<'b> {
        Cx { builder, treaty, bound: &[], after_the_act: false }
    }

    /// The instant that a literal means; a bare date is the first instant of its day.
    pub(super) fn instant(&mut self, time: &TimeLiteral) -> Option<Instant> {
        let zone = self.builder.program.treaties.at(self.treaty).zone();
        match time {
            TimeLiteral::Date(date, _) => Some(zone.start_of(*date)),
            TimeLiteral::Instant(written) => match Instant::parse(&written.text, zone) {
                Ok(instant) => Some(instant),
                Err(error) => {
                    self.builder.report(instant_finding(&error).at(written.span, "no instant"));
                    None
                }
            },
        }
    }

    /// The file that the treaty stands in.
    fn file(&self) -> usize {
        *self.builder.file_of_treaty.at(self.treaty)
    }

    pub(super) fn kind(&mut self, name: &Name) -> Option<KindId> {
        kind_named(self.builder, self.treaty, name, true)
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
        whole.then_some(Pattern { kind, tests, bind, span: pattern.span })
    }

    /// The slot of a name that the norm binds.
    pub(super) fn slot(&self, name: &str) -> Option<Slot> {
        self.bound.iter().position(|bound| bound.name == name)
    }

    fn test(&mut self, kind: KindId, constraint: &ast::Constraint) -> Option<Test> {
        let field = self.field(kind, &constraint.field)?;
        let of = self.builder.program.kinds.at(kind).fields.get(field)?.kind.clone();
        let one = match of {
            Type::List(inner) => *inner,
            other => other,
        };
        let want = match &constraint.value {
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
        if found.is_none() {
            let finding =
                unknown_field(name, &format!("`{}`", kind.name), kind.fields.iter().map(|field| field.name.as_str()));
            let declared = kind.span;
            self.builder.report(finding.at(declared, "declared here"));
        }
        found
    }

    /// A value that must be of a type.
    pub(super) fn value_of(&mut self, expr: &ast::Expr, want: &Type) -> Option<Expr> {
        let (value, found) = self.value(expr, Some(want))?;
        if fits(&found, want) {
            return Some(value);
        }
        let wanted = want.show(&self.builder.program);
        let shown = found.show(&self.builder.program);
        let group = matches!(found, Type::List(ref inner) if **inner == *want);
        mismatch(self.builder, &wanted, &shown, expr.span);
        if group && let Some(last) = self.builder.findings.last_mut() {
            last.help = Some("write `any of … as g` for any member of a group".to_owned());
        }
        if matches!(found, Type::Moment(..))
            && let Some(last) = self.builder.findings.last_mut()
        {
            last.help = Some("the event that began it is its `.cause`".to_owned());
        }
        None
    }

    /// A value and its type. `want` helps where the words alone do not tell, and is not enforced.
    fn value(&mut self, expr: &ast::Expr, want: Option<&Type>) -> Option<(Expr, Type)> {
        let constant = |value, kind| Some((Expr::Constant(value), kind));
        match &expr.kind {
            ExprKind::Number(number) => constant(Value::Number(*number), Type::Number),
            ExprKind::Quantity(amount, unit) => {
                let scope = self.builder.scope_of(self.treaty);
                if let Some(unit) = scope.units.get(&unit.text) {
                    return constant(Value::Number(*amount), Type::Quantity(unit.value));
                }
                let known: Vec<_> = scope.units.keys().cloned().collect();
                let file = self.file();
                self.builder.unknown(file, Code::UnknownName, "unit", unit, &known);
                None
            }
            ExprKind::Text(text) => constant(Value::Text(self.builder.program.symbols.intern(text)), Type::Text),
            ExprKind::Truth(truth) => constant(Value::Truth(*truth), Type::Boolean),
            ExprKind::Time(TimeLiteral::Date(date, _)) if want != Some(&Type::Instant) => {
                constant(Value::Date(*date), Type::Date)
            }
            ExprKind::Time(time) => constant(Value::Instant(self.instant(time)?), Type::Instant),
            ExprKind::Duration(literal) => {
                let duration = window::duration(self, literal)?;
                let Some(micros) = duration.exact_micros() else {
                    mismatch(self.builder, "a duration of fixed length", "months or business days", expr.span);
                    return None;
                };
                constant(Value::Duration(micros), Type::Duration)
            }
            ExprKind::Territory(path) => {
                let (party, kind) = self.path(path, Some(&Type::Party))?;
                if kind != Type::Party {
                    let shown = kind.show(&self.builder.program);
                    mismatch(self.builder, "a party", &shown, path.span);
                    return None;
                }
                Some((Expr::Territory(Box::new(party)), Type::List(Box::new(Type::Place))))
            }
            ExprKind::Path(path) => self.path(path, want),
            ExprKind::Arithmetic(left, operator, right) => self.arithmetic(left, *operator, right, expr.span),
            ExprKind::Condition(condition) => {
                let condition = self.condition(condition)?;
                Some((Expr::Condition(Box::new(condition)), Type::Boolean))
            }
        }
    }

    fn arithmetic(
        &mut self,
        left: &ast::Expr,
        operator: Operator,
        right: &ast::Expr,
        span: Span,
    ) -> Option<(Expr, Type)> {
        let (left, left_type) = self.value(left, None)?;
        let (right, right_type) = self.value(right, None)?;
        let result = match (&left_type, operator, &right_type) {
            (Type::Number, _, Type::Number) => Type::Number,
            (Type::Quantity(a), Operator::Plus | Operator::Minus, Type::Quantity(b)) if a == b => left_type.clone(),
            (Type::Quantity(_), Operator::Times, Type::Number) => left_type.clone(),
            (Type::Number, Operator::Times, Type::Quantity(_)) => right_type.clone(),
            (Type::Instant, Operator::Minus, Type::Instant) => Type::Duration,
            (Type::Instant, Operator::Plus | Operator::Minus, Type::Duration) => Type::Instant,
            (Type::Duration, Operator::Plus | Operator::Minus, Type::Duration) => Type::Duration,
            _ => {
                let program = &self.builder.program;
                let text = format!("{} and {}", left_type.show(program), right_type.show(program));
                let word = match operator {
                    Operator::Plus => "added",
                    Operator::Minus => "subtracted",
                    Operator::Times => "multiplied",
                };
                self.builder.report(
                    Finding::error(Code::TypeMismatch, format!("{text} cannot be {word}"))
                        .at(span, "these do not go together"),
                );
                return None;
            }
        };
        Some((Expr::Arithmetic(Box::new(left), operator, Box::new(right)), result))
    }

    /// A name and what is asked of it.
    pub(super) fn path(&mut self, path: &ast::Path, want: Option<&Type>) -> Option<(Expr, Type)> {
        let bare = path.fields.is_empty();
        let (mut expr, mut kind) = self.head(&path.head, want.filter(|_| bare))?;
        for field in &path.fields {
            let (ask, answer) = self.ask(&kind, field)?;
            expr = Expr::Ask(Box::new(expr), ask);
            kind = answer;
        }
        Some((expr, kind))
    }

    fn head(&mut self, name: &Name, want: Option<&Type>) -> Option<(Expr, Type)> {
        if let Some(slot) = self.slot(&name.text) {
            let bound = self.bound.get(slot)?;
            if bound.by_the_act && !self.after_the_act {
                self.builder.report(
                    Finding::error(Code::UnknownName, format!("`{}` is not known here", name.text))
                        .at(name.span, "it names the act, which has not happened yet")
                        .help("ask for it in the act's own `where`"),
                );
                return None;
            }
            // A name whose own declaration is wrong has been reported there.
            return bound.kind.clone().map(|kind| (Expr::Slot(slot), kind));
        }
        let symbols = &self.builder.program.symbols;
        if let Some(Type::Enumeration(words)) = want
            && let Some(word) = words.iter().find(|word| symbols.text(**word) == name.text)
        {
            return Some((Expr::Constant(Value::Word(*word)), Type::Enumeration(Arc::clone(words))));
        }
        let scope = self.builder.scope_of(self.treaty);
        let found = scope.named.get(&name.text).map(|declared| declared.value.clone());
        let (value, kind) = match found {
            Some(Named::Party(party)) => (Value::Party(party), Type::Party),
            Some(Named::Place(place)) => (Value::Place(place), Type::Place),
            Some(Named::Group(members)) => (members, Type::List(Box::new(Type::Party))),
            None => {
                self.unknown_head(name, want);
                return None;
            }
        };
        Some((Expr::Constant(value), kind))
    }

    fn unknown_head(&mut self, name: &Name, want: Option<&Type>) {
        if let Some(Type::Enumeration(words)) = want {
            let symbols = &self.builder.program.symbols;
            let words: Vec<_> = words.iter().map(|word| symbols.text(*word)).collect();
            let finding =
                Finding::error(Code::NotAnOption, format!("`{}` is not one of the values declared", name.text))
                    .at(name.span, "no such value")
                    .help(
                        suggestion(&name.text, words.iter().copied())
                            .unwrap_or_else(|| format!("write one of `{}`", words.join("`, `"))),
                    );
            self.builder.report(finding);
            return;
        }
        let (code, what) = match want {
            Some(Type::Party) => (Code::UnknownParty, "party"),
            Some(Type::Place) => (Code::UnknownPlace, "place"),
            _ => (Code::UnknownName, "party, place, group or bound name"),
        };
        let scope = self.builder.scope_of(self.treaty);
        let mut known: Vec<String> =
            self.bound.iter().map(|bound| bound.name.clone()).filter(|name| !name.is_empty()).collect();
        known.extend(scope.named.keys().cloned());
        let file = self.file();
        self.builder.unknown(file, code, what, name, &known);
    }

    fn ask(&mut self, kind: &Type, name: &Name) -> Option<(Ask, Type)> {
        match kind {
            Type::Event(kind) => self.ask_event(*kind, name),
            Type::Moment(articles, moment) => self.ask_moment(articles, *moment, name),
            other => {
                let shown = other.show(&self.builder.program);
                self.builder.report(
                    Finding::error(Code::UnknownField, format!("{shown} has no `.{}`", name.text))
                        .at(name.span, "only events and moments have fields"),
                );
                None
            }
        }
    }

    fn ask_event(&mut self, kind: KindId, name: &Name) -> Option<(Ask, Type)> {
        let declared = &self.builder.program.kinds.at(kind);
        if let Some(field) = declared.fields.iter().position(|field| field.name == name.text) {
            let kind = declared.fields.get(field)?.kind.clone();
            return Some((Ask::Field(field), kind));
        }
        let zone = || Arc::new(self.builder.program.treaties.at(self.treaty).zone().clone());
        Some(match name.text.as_str() {
            "at" => (Ask::At, Type::Instant),
            "reported" => (Ask::Reported, Type::Instant),
            "id" => (Ask::Id, Type::Text),
            "day" => (Ask::Day(zone()), Type::Date),
            "month" => (Ask::Month(zone()), Type::Number),
            "year" => (Ask::Year(zone()), Type::Number),
            unread if declared.unread.iter().any(|field| field == unread) => return None,
            _ => {
                let fields = declared.fields.iter().map(|field| field.name.as_str());
                let fields = fields.chain(["at", "reported", "id", "day", "month", "year"]);
                let finding =
                    unknown_field(name, &format!("`{}`", declared.name), fields).at(declared.span, "declared here");
                self.builder.report(finding);
                return None;
            }
        })
    }

    fn ask_moment(&mut self, articles: &[ArticleId], moment: MomentKind, name: &Name) -> Option<(Ask, Type)> {
        Some(match name.text.as_str() {
            "by" => (Ask::By, super::article::bearer_type(self.builder, articles, moment)),
            "at" => (Ask::At, Type::Instant),
            "due" => (Ask::Due, Type::Instant),
            "cause" => match super::article::cause_type(self.builder, articles) {
                Some(kind) => (Ask::Cause, kind),
                None => {
                    self.builder.report(
                        Finding::error(
                            Code::UnknownField,
                            "there is no one kind of event that this moment is caused by",
                        )
                        .at(name.span, "the articles begin with different events, or with none"),
                    );
                    return None;
                }
            },
            other => {
                let Some(kind) = super::article::bound_type(self.builder, articles, other) else {
                    let names = super::article::bound_names(self.builder, articles);
                    let known = ["by", "at", "due", "cause"].into_iter().chain(names.iter().map(String::as_str));
                    let finding = unknown_field(name, "this moment", known);
                    self.builder.report(finding);
                    return None;
                };
                (Ask::Bound(other.to_owned()), kind)
            }
        })
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
        let scope = self.builder.scope_of(self.treaty);
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

/// Whether a value of type `found` may stand where `want` is wanted.
fn fits(found: &Type, want: &Type) -> bool {
    match (found, want) {
        (Type::Enumeration(found), Type::Enumeration(want)) => found.iter().any(|word| want.contains(word)),
        _ => found == want,
    }
}

/// The event kind of that name in a treaty's scope.
pub(super) fn kind_named(builder: &mut Builder, treaty: TreatyId, name: &Name, report: bool) -> Option<KindId> {
    let scope = builder.scope_of(treaty);
    let found = scope.kinds.get(&name.text).map(|declared| declared.value);
    if found.is_none() && report {
        let known: Vec<_> = scope.kinds.keys().cloned().collect();
        builder.unknown(*builder.file_of_treaty.at(treaty), Code::UnknownKind, "event", name, &known);
    }
    found
}

fn unknown_field<'a>(name: &Name, of: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Finding {
    let help = suggestion(&name.text, known.clone()).unwrap_or_else(|| {
        let list: Vec<_> = known.into_iter().map(|field| format!("`{field}`")).collect();
        format!("it has {}", list.join(", "))
    });
    Finding::error(Code::UnknownField, format!("{of} has no field `{}`", name.text))
        .at(name.span, "no such field")
        .help(help)
}

/// The finding for a text that is no instant; where it stands is the caller's to say.
pub(crate) fn instant_finding(error: &InstantError) -> Finding {
    let message = error.to_string();
    match error {
        InstantError::Form(_) => Finding::error(Code::BadInstant, message)
            .help("write date, time and offset as RFC 3339 has them: `2025-11-03T03:12:00+02:00`"),
        InstantError::DateOnly(_) => Finding::error(Code::BadInstant, message)
            .help("add the time of day and the offset: `2025-11-03T00:00:00+02:00`"),
        InstantError::Nonexistent { .. } => Finding::error(Code::LocalTimeDoesNotExist, message)
            .help("check the time, or write it with its offset from UTC"),
        InstantError::Ambiguous { first, second, .. } => Finding::error(Code::AmbiguousLocalTime, message)
            .help(format!("write it with its offset, or write `{first}` or `{second}`")),
    }
}
