//! What happens in a scenario, and the values that it names.

use rust_decimal::Decimal;

use super::super::builder::Builder;
use super::super::declare::mismatch;
use super::super::expr::{Bound, Cx};
use super::super::pattern::given_once;
use super::super::suite::{Step, StepValue};
use super::super::{Ask, Expr, KindId, Type, Value, bindings, term};
use super::{Stage, context, time};
use crate::finding::{Code, Finding};
use crate::source::Span;
use crate::syntax::ast::{self, ConstraintValue, ExprKind, Operator};

/// Adds a step, where it is without fault.
pub(super) fn step(builder: &mut Builder, stage: &mut Stage<'_>, step: &ast::Step, span: Span) {
    let at = time(builder, stage, &step.at);
    let reported = step.reported.as_ref().map(|reported| time(builder, stage, reported));
    let found = builder.findings.len();
    let happens = happens(builder, stage, &step.event);
    let kind = happens.as_ref().map(|(kind, _)| *kind);
    let whole = builder.findings.len() == found && !stage.unread.iter().any(|unread| span.contains(*unread));
    let reported = reported.unwrap_or(at);
    let name = step.event.bind.as_ref();
    let mut place = None;
    if let (Some((kind, fields)), Some(at), Some(reported)) = (happens, at, reported)
        && whole
    {
        place = Some(stage.steps.len());
        stage.steps.push(Step { kind, at, reported, name: name.map(|name| name.text.clone()), fields, span });
    }
    if let Some(name) = name {
        let kind = kind.map(Type::Event);
        stage.bound.push(Bound { name: name.text.clone(), kind, by_the_act: false, span: Some(name.span) });
        stage.named.push(place);
        bindings::bound_once(builder, &stage.bound);
    }
}

/// An event that happens: of each field what it is, and of those that an event must have, none missing.
fn happens(builder: &mut Builder, stage: &Stage<'_>, pattern: &ast::Pattern) -> Option<(KindId, Vec<StepValue>)> {
    let mut cx = context(builder, stage);
    let kind = kind(&mut cx, pattern)?;
    given_once(&mut cx, kind, pattern);
    let count = cx.builder.program.kinds.at(kind).fields.len();
    let mut fields = vec![StepValue::Is(Value::Absent); count];
    for constraint in &pattern.constraints {
        let Some(place) = cx.field(kind, &constraint.field) else { continue };
        let declared = &cx.builder.program.kinds.at(kind).fields;
        let Some(of) = declared.get(place).map(|field| field.kind.clone()) else { continue };
        let value = match &constraint.value {
            ConstraintValue::Is(value) => holds(&mut cx, stage, value, &of),
            ConstraintValue::Any { bind, .. } => {
                mismatch(cx.builder, "a value", "any of several", bind.span);
                None
            }
        };
        if let (Some(value), Some(field)) = (value, fields.get_mut(place)) {
            *field = match of {
                Type::List(_) => joined(field, value),
                _ => value,
            };
        }
    }
    none_missing(&mut cx, kind, pattern);
    Some((kind, fields))
}

/// The kind of an event that happens; a term does not, as such.
fn kind(cx: &mut Cx<'_>, pattern: &ast::Pattern) -> Option<KindId> {
    if let Some(written) = term::written_out(cx.scope(), pattern)
        && written.kind.text != pattern.kind.text
    {
        cx.builder.report(
            Finding::error(
                Code::UnknownKind,
                format!("`{}` is a term, and does not happen as such", pattern.kind.text),
            )
            .at(pattern.kind.span, "an event is wanted")
            .help(format!("write the event that it means: `{}`", written.kind.text)),
        );
        return None;
    }
    cx.kind(&pattern.kind)
}

fn none_missing(cx: &mut Cx<'_>, kind: KindId, pattern: &ast::Pattern) {
    let declared = cx.builder.program.kinds.at(kind);
    let given = |name: &str| pattern.constraints.iter().any(|constraint| constraint.field.text == name);
    let missing = declared.fields.iter().find(|field| !field.optional && !given(&field.name));
    if let Some(missing) = missing {
        let finding =
            Finding::error(Code::FieldMissing, format!("`{}` does not say `{}`", declared.name, missing.name))
                .at(pattern.span, "every such event has one")
                .at(declared.span, "declared here")
                .help(format!("add `{}: …`, or declare the field with `?`", missing.name));
        cx.builder.report(finding);
    }
}

/// What a field holds: of a list one element, or the list itself.
fn holds(cx: &mut Cx<'_>, stage: &Stage<'_>, value: &ast::Expr, of: &Type) -> Option<StepValue> {
    let element = match of {
        Type::List(element) => element,
        other => other,
    };
    // An event of a log, which no step names, is named by its identifier.
    if let (Type::Event(_), ExprKind::Text(id)) = (element, &value.kind) {
        return Some(StepValue::Event(id.clone()));
    }
    let whole = matches!(of, Type::List(_))
        && cx.quietly(|cx| cx.value(value, Some(element))).is_some_and(|(_, found)| found == *of);
    let resolved = if whole { cx.value(value, Some(element))?.0 } else { cx.value_of(value, element)? };
    let known = known(stage, &resolved);
    // What an earlier step that is wrong would have told has been reported there.
    if known.is_none() && !asks_a_step(&resolved) {
        mismatch(cx.builder, "a value that is known beforehand", "one that has to be worked out", value.span);
    }
    known
}

/// Whether an expression hangs on a step.
pub(super) fn asks_a_step(expr: &Expr) -> bool {
    match expr {
        Expr::Slot(_) => true,
        Expr::Ask(of, _) => asks_a_step(of),
        Expr::Arithmetic(left, _, right) => asks_a_step(left) || asks_a_step(right),
        _ => false,
    }
}

/// A list with one more element, or with those of another list.
fn joined(list: &StepValue, value: StepValue) -> StepValue {
    let mut elements = elements(list.clone());
    elements.extend(self::elements(value));
    StepValue::List(elements)
}

fn elements(value: StepValue) -> Vec<StepValue> {
    match value {
        StepValue::Is(Value::Absent) => Vec::new(),
        StepValue::Is(Value::List(list)) => list.iter().cloned().map(StepValue::Is).collect(),
        StepValue::List(list) => list,
        other => vec![other],
    }
}

/// What an expression comes to, as far as values and steps tell.
pub(super) fn known(stage: &Stage<'_>, expr: &Expr) -> Option<StepValue> {
    match expr {
        Expr::Constant(value) => Some(StepValue::Is(value.clone())),
        Expr::Slot(slot) => stage.named.get(*slot).copied().flatten().map(StepValue::Step),
        Expr::Ask(of, ask) => {
            let StepValue::Step(place) = known(stage, of)? else { return None };
            let step = stage.steps.get(place)?;
            match ask {
                Ask::Field(field) => step.fields.get(*field).cloned(),
                Ask::At => Some(StepValue::Is(Value::Instant(step.at))),
                Ask::Reported => Some(StepValue::Is(Value::Instant(step.reported))),
                _ => None,
            }
        }
        Expr::Arithmetic(left, operator, right) => match (known(stage, left)?, known(stage, right)?) {
            (StepValue::Is(left), StepValue::Is(right)) => reckoned(&left, *operator, &right).map(StepValue::Is),
            _ => None,
        },
        _ => None,
    }
}

fn reckoned(left: &Value, operator: Operator, right: &Value) -> Option<Value> {
    let numbers = |left: Decimal, right: Decimal| match operator {
        Operator::Plus => left.checked_add(right),
        Operator::Minus => left.checked_sub(right),
        Operator::Times => left.checked_mul(right),
    };
    match (left, operator, right) {
        (Value::Number(left), _, Value::Number(right)) => numbers(*left, *right).map(Value::Number),
        (Value::Instant(at), Operator::Plus, Value::Duration(length)) => Some(Value::Instant(at.plus_micros(*length))),
        (Value::Instant(at), Operator::Minus, Value::Duration(length)) => {
            Some(Value::Instant(at.plus_micros(length.checked_neg()?)))
        }
        (Value::Duration(left), Operator::Plus, Value::Duration(right)) => {
            left.checked_add(*right).map(Value::Duration)
        }
        (Value::Duration(left), Operator::Minus, Value::Duration(right)) => {
            left.checked_sub(*right).map(Value::Duration)
        }
        (Value::Instant(later), Operator::Minus, Value::Instant(earlier)) => {
            Some(Value::Duration(later.micros_since(*earlier)))
        }
        _ => None,
    }
}
