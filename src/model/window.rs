//! Windows, durations and the calendars they are counted by.

use std::sync::Arc;

use super::builder::Builder;
use super::expr::Cx;
use super::{Expr, Limit, Type, Value, Window};
use crate::finding::{Code, Finding, suggestion};
use crate::syntax::ast::{self, DurationLiteral, DurationUnit, Name, WindowKind};
use crate::time::{Calendar, Counting, Duration};

/// The counting policy of that name.
pub(super) fn counting(builder: &mut Builder, name: &Name) -> Option<Counting> {
    let found = Counting::named(&name.text);
    if found.is_none() {
        let known = Counting::ALL.map(|(known, _)| known);
        builder.report(
            Finding::error(Code::UnknownCounting, format!("there is no counting policy `{}`", name.text))
                .at(name.span, "not known")
                .help(
                    suggestion(&name.text, known)
                        .unwrap_or_else(|| format!("the policies are `{}`", known.join("`, `"))),
                ),
        );
    }
    found
}

/// The calendar of that name.
pub(super) fn calendar(builder: &mut Builder, file: usize, name: &Name) -> Option<Arc<Calendar>> {
    let scope = builder.scope(file);
    let found = scope.calendars.get(&name.text).map(|declared| Arc::clone(&declared.value));
    if found.is_none() {
        let known: Vec<_> = scope.calendars.keys().cloned().collect();
        builder.unknown(file, Code::NoCalendar, "calendar", name, &known);
    }
    found
}

/// A duration, in the calendar that it or the treaty names.
pub(super) fn duration(cx: &mut Cx<'_>, literal: &DurationLiteral) -> Option<Duration> {
    let mut duration = Duration::default();
    let mut fits = true;
    for part in &literal.parts {
        let count = part.count.value;
        let mut add = |total: &mut u32, each: u32| {
            let sum = count.checked_mul(each).and_then(|n| total.checked_add(n));
            fits &= sum.is_some();
            *total = sum.unwrap_or(u32::MAX);
        };
        let seconds = match &part.unit {
            DurationUnit::Second => 1,
            DurationUnit::Minute => 60,
            DurationUnit::Hour => 3_600,
            DurationUnit::Day => {
                add(&mut duration.days, 1);
                0
            }
            DurationUnit::Week => {
                add(&mut duration.days, 7);
                0
            }
            DurationUnit::Month => {
                add(&mut duration.months, 1);
                0
            }
            DurationUnit::Year => {
                add(&mut duration.months, 12);
                0
            }
            DurationUnit::BusinessDay(name) => {
                let calendar = business_calendar(cx, name.as_ref(), literal)?;
                fits &= count <= MAX_BUSINESS_DAYS;
                duration.business_days = Some((count, calendar));
                0
            }
        };
        let micros = i64::from(count).saturating_mul(seconds * 1_000_000);
        duration.micros = duration.micros.saturating_add(micros);
    }
    if !fits || duration.months > MAX_YEARS * 12 || duration.days > MAX_YEARS * 366 || duration.micros > MAX_MICROS {
        cx.builder.report(
            Finding::error(Code::NumberTooLarge, "this duration is longer than can be counted")
                .at(literal.span, format!("longer than {MAX_YEARS} years"))
                .help("write a shorter duration; what has no end needs no window"),
        );
        return None;
    }
    Some(duration)
}

/// The longest duration that is counted; no longer one fits between the years −9999 and 9999.
const MAX_YEARS: u32 = 10_000;
/// The same in microseconds.
const MAX_MICROS: i64 = MAX_YEARS as i64 * 366 * 86_400 * 1_000_000;
/// The most business days that are counted, some four centuries of them.
const MAX_BUSINESS_DAYS: u32 = 100_000;

fn business_calendar(cx: &mut Cx<'_>, name: Option<&Name>, literal: &DurationLiteral) -> Option<Arc<Calendar>> {
    if let Some(name) = name {
        return calendar(cx.builder, cx.file, name);
    }
    if let Some(of_the_treaty) = cx.treaty.and_then(|treaty| cx.builder.calendar_of_treaty.get(&treaty)) {
        // Where the header names one that is not declared, that has been reported there.
        return of_the_treaty.clone();
    }
    cx.builder.report(
        Finding::error(Code::NoCalendar, "business days need a calendar")
            .at(literal.span, "which days are working days is not said")
            .help("name one (`10 Brussels business days`), or say `calendar Brussels` in the treaty's header"),
    );
    None
}

/// A window of a norm that owes (`forbids` false) or forbids.
pub(super) fn window(cx: &mut Cx<'_>, window: &ast::Window, forbids: bool) -> Option<Window> {
    let counting = match &window.counting {
        Some(name) => Some(counting(cx.builder, name)?),
        None => None,
    };
    let mut opens = None;
    let closes = match &window.kind {
        WindowKind::Within(length, anchor) => after(cx, length, anchor.as_ref())?,
        WindowKind::Between(first, last, anchor) => {
            opens = Some(after(cx, first, anchor.as_ref())?);
            let closes = after(cx, last, anchor.as_ref())?;
            ends_after_it_opens(cx, opens.as_ref(), &closes, window)?;
            closes
        }
        WindowKind::ByTime(ast::TimeLiteral::Date(date, _)) => {
            let end = cx.zone().end_of(*date);
            Limit::At(Expr::Constant(Value::Instant(end)))
        }
        WindowKind::ByTime(time) => Limit::At(Expr::Constant(Value::Instant(cx.instant(time)?))),
        WindowKind::ByPath(path) => Limit::At(cx.point(path)?),
        WindowKind::For(length) if forbids => after(cx, length, None)?,
        WindowKind::For(length) => {
            let text = "an act is owed within a time, not for a time";
            cx.builder.report(
                Finding::error(Code::WindowNotPossible, text)
                    .at(window.span, "only a prohibition lasts for a time")
                    .help(match length.parts.as_slice() {
                        [] => "write `within`",
                        _ => "write `within …` for a deadline, or `shall not … for …` for a prohibition",
                    }),
            );
            return None;
        }
    };
    Some(Window { opens, closes, counting, span: window.span })
}

fn after(cx: &mut Cx<'_>, length: &DurationLiteral, anchor: Option<&ast::Path>) -> Option<Limit> {
    let length = duration(cx, length)?;
    let anchor = match anchor {
        Some(path) => Some(cx.point(path)?),
        None => None,
    };
    Some(Limit::After(length, anchor))
}

fn ends_after_it_opens(cx: &mut Cx<'_>, opens: Option<&Limit>, closes: &Limit, window: &ast::Window) -> Option<()> {
    if let (Some(Limit::After(first, _)), Limit::After(last, _)) = (opens, closes)
        && let (Some(first), Some(last)) = (first.exact_micros(), last.exact_micros())
        && first > last
    {
        cx.builder.report(
            Finding::error(Code::WindowNotPossible, "this window closes before it opens")
                .at(window.span, "the first duration is the longer one")
                .help("write the shorter duration first"),
        );
        return None;
    }
    Some(())
}

impl Cx<'_> {
    /// A point in time: an instant, or when an event or a moment happened; a date stands for its end.
    fn point(&mut self, path: &ast::Path) -> Option<Expr> {
        let (expr, kind) = self.path(path, None)?;
        match kind {
            Type::Instant | Type::Date | Type::Event(_) | Type::Moment(..) => Some(expr),
            other => {
                let shown = other.show(&self.builder.program);
                super::declare::mismatch(self.builder, "an instant or an event", &shown, path.span);
                None
            }
        }
    }
}
