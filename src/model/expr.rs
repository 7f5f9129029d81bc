//! Values, patterns and conditions: names resolved, types checked.

use std::sync::Arc;

use super::builder::Builder;
use super::declare::{self, mismatch};
use super::scope::{Named, Scope};
use super::{Entry, Expiry, Expr, Slot, TreatyId, Type, Value, state, term, window};
use crate::arena::Id;
use crate::finding::{Code, Finding, suggestion};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, Name, Operator, TimeLiteral};
use crate::time::{Calendar, Counting, Instant, InstantError, Reckoning, Zone};

/// A name that a norm binds.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) name: String,
    /// What it is; none where its own declaration is wrong.
    pub(super) kind: Option<Type>,
    /// Whether only the act makes it known.
    pub(super) by_the_act: bool,
    pub(super) span: Option<crate::source::Span>,
}

/// What a sentence is read in: its treaty, and the names it binds.
pub(super) struct Cx<'b> {
    pub(super) builder: &'b mut Builder,
    /// The file whose declarations it sees.
    pub(super) file: usize,
    /// The treaty; none for a term in a file that holds none.
    pub(super) treaty: Option<TreatyId>,
    /// The names, by slot.
    pub(super) bound: &'b [Bound],
    /// Names that one pattern binds for itself alone; their slots come after those of `bound`.
    pub(super) local: Vec<Bound>,
    /// Whether the act has happened, so that names that it binds are known.
    pub(super) after_the_act: bool,
    /// The article's own zone and calendar.
    pub(super) own: Own,
}

/// What an article says of its own about when it is in force and how its days are counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Own {
    pub(super) zone: Option<Zone>,
    pub(super) counting: Option<Counting>,
    /// When it is in force.
    pub(super) entry: Option<Entry>,
    pub(super) expiry: Option<Expiry>,
    #[expect(clippy::option_option, reason = "not said, or said of a calendar that is not there")]
    /// The calendar; none inside where it names one that is not declared.
    pub(super) calendar: Option<Option<Arc<Calendar>>>,
}

impl<'b> Cx<'b> {
    /// The sentence of a treaty, with the names that it binds.
    pub(super) fn of(builder: &'b mut Builder, treaty: TreatyId, bound: &'b [Bound]) -> Cx<'b> {
        let file = *builder.file_of_treaty.at(treaty);
        Cx::in_file(builder, file, Some(treaty), bound)
    }

    /// A declaration of a file, perhaps of the treaty that it holds.
    pub(super) fn in_file(
        builder: &'b mut Builder,
        file: usize,
        treaty: Option<TreatyId>,
        bound: &'b [Bound],
    ) -> Cx<'b> {
        Cx { builder, file, treaty, bound, local: Vec::new(), after_the_act: false, own: Own::default() }
    }

    /// How its time is counted.
    pub(super) fn reckoning(&self) -> Arc<Reckoning> {
        let of_the_treaty = self.treaty.map(|treaty| self.builder.program.treaties.at(treaty).reckoning.clone());
        let mut reckoning = of_the_treaty.unwrap_or_else(super::treaty::utc);
        reckoning.zone = self.zone();
        reckoning.counting = self.own.counting.unwrap_or(reckoning.counting);
        reckoning.calendar = self.own.calendar.clone().unwrap_or(reckoning.calendar);
        Arc::new(reckoning)
    }

    /// Its treaty; the first one, for what is declared in a file that holds none.
    pub(super) fn some_treaty(&self) -> TreatyId {
        self.treaty.unwrap_or(TreatyId::from_index(0))
    }

    /// The zone in which its times are read.
    pub(super) fn zone(&self) -> Zone {
        if let Some(zone) = &self.own.zone {
            return zone.clone();
        }
        self.treaty.map_or(Zone::UTC, |treaty| self.builder.program.treaties.at(treaty).zone().clone())
    }

    pub(super) fn scope(&self) -> &Scope {
        self.builder.scope(self.file)
    }

    /// The instant that a literal means; a bare date is the first instant of its day.
    pub(super) fn instant(&mut self, time: &TimeLiteral) -> Option<Instant> {
        let zone = self.zone();
        match time {
            TimeLiteral::Date(date, _) => Some(zone.start_of(*date)),
            TimeLiteral::Instant(written) => match Instant::parse(&written.text, &zone) {
                Ok(instant) => Some(instant),
                Err(error) => {
                    self.builder.report(instant_finding(&error).at(written.span, "no instant"));
                    None
                }
            },
        }
    }

    /// Does something without reporting what is wrong with it, which will be reported elsewhere.
    pub(super) fn quietly<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let reported = self.builder.findings.len();
        let result = work(self);
        self.builder.findings.truncate(reported);
        result
    }

    /// The slot of a name that the norm binds.
    pub(super) fn slot(&self, name: &str) -> Option<Slot> {
        let local = self.local.iter().rposition(|bound| bound.name == name).map(|slot| self.bound.len() + slot);
        local.or_else(|| self.bound.iter().position(|bound| bound.name == name))
    }

    /// The bound name of a slot.
    fn bound_at(&self, slot: Slot) -> Option<&Bound> {
        self.bound.get(slot).or_else(|| self.local.get(slot.checked_sub(self.bound.len())?))
    }

    /// The names that are bound here.
    pub(super) fn bound_names(&self) -> impl Iterator<Item = &Bound> {
        self.bound.iter().chain(&self.local)
    }

    /// A value that must be of a type.
    pub(super) fn value_of(&mut self, expr: &ast::Expr, want: &Type) -> Option<Expr> {
        let (value, found) = self.value(expr, Some(want))?;
        if fits(&found, want) {
            return Some(value);
        }
        let wanted = want.show(&self.builder.program);
        let shown = found.show(&self.builder.program);
        if let (Type::Quantity(_), Type::Quantity(_) | Type::Number) = (want, &found) {
            self.wrong_unit(&wanted, &found, expr.span);
            return None;
        }
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

    fn wrong_unit(&mut self, wanted: &str, found: &Type, span: Span) {
        let shown = found.show(&self.builder.program);
        let help = match found {
            Type::Number => "write the unit after the number: `90 billion USD`",
            _ => "units are not converted, unless one is declared as so many of another",
        };
        self.builder.report(
            Finding::error(Code::WrongUnit, format!("expected {wanted}, found {shown}"))
                .at(span, format!("this is {shown}"))
                .help(help),
        );
    }

    /// A value and its type. `want` helps where the words alone do not tell, and is not enforced.
    pub(super) fn value(&mut self, expr: &ast::Expr, want: Option<&Type>) -> Option<(Expr, Type)> {
        let found = self.value_of_kind(expr, want)?;
        if self.builder.alternatives.contains(&expr.span) {
            self.builder.types_of_alternatives.insert(expr.span, found.1.clone());
        }
        Some(found)
    }

    fn value_of_kind(&mut self, expr: &ast::Expr, want: Option<&Type>) -> Option<(Expr, Type)> {
        let constant = |value, kind| Some((Expr::Constant(value), kind));
        match &expr.kind {
            ExprKind::Number(number) => constant(Value::Number(*number), Type::Number),
            ExprKind::Quantity(amount, unit) => {
                let unit = declare::unit(self.builder, self.file, unit)?;
                let (factor, base) = state::base_unit(self.builder, unit);
                let Some(amount) = amount.checked_mul(factor) else {
                    self.builder.report(too_large(expr.span));
                    return None;
                };
                constant(Value::Number(amount), Type::Quantity(base))
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
            ExprKind::Call(name, arguments) => self.call(name, arguments, expr.span),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
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
            (Type::Quantity(_), Operator::Plus | Operator::Minus, Type::Quantity(_) | Type::Number) => {
                let wanted = left_type.show(&self.builder.program);
                self.wrong_unit(&wanted, &right_type, span);
                return None;
            }
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
                        .at(span, "these do not go together")
                        .help("numbers, amounts of one unit, instants and durations can be reckoned with"),
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
            let bound = self.bound_at(slot)?;
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
        let scope = self.builder.scope(self.file);
        let found = scope.named.get(&name.text).map(|declared| declared.value.clone());
        let (value, kind) = match found {
            Some(Named::Party(party)) => (Value::Party(party), Type::Party),
            Some(Named::Place(place)) => (Value::Place(place), Type::Place),
            Some(Named::Group(members)) => (members, Type::List(Box::new(Type::Party))),
            Some(Named::Changing(group)) => {
                return Some((Expr::Group(group), Type::List(Box::new(Type::Party))));
            }
            Some(Named::State(_) | Named::Tally(_) | Named::Schedule(_)) => return self.call(name, &[], name.span),
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
            _ => (Code::UnknownName, "party, place, group, state or bound name"),
        };
        let scope = self.builder.scope(self.file);
        let mut known: Vec<String> = self
            .bound_names()
            .map(|bound| bound.name.clone())
            .filter(|name| !name.is_empty() && !name.contains(term::OWN))
            .collect();
        let wanted = |named: &Named| match code {
            Code::UnknownParty => matches!(named, Named::Party(_) | Named::Group(_) | Named::Changing(_)),
            Code::UnknownPlace => matches!(named, Named::Place(_)),
            _ => true,
        };
        known.extend(scope.names(wanted));
        let file = self.file;
        self.builder.unknown(file, code, what, name, &known);
    }
}

/// The finding for an amount with more digits than can be counted.
pub(super) fn too_large(span: Span) -> Finding {
    Finding::error(Code::NumberTooLarge, "this number has more digits than can be counted exactly")
        .at(span, "more than 28 digits")
        .help("write it with fewer digits, or in a larger unit")
}

/// Whether a value of type `found` may stand where `want` is wanted.
fn fits(found: &Type, want: &Type) -> bool {
    match (found, want) {
        (Type::Enumeration(found), Type::Enumeration(want)) => found.iter().any(|word| want.contains(word)),
        _ => found == want,
    }
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
