//! Windows, durations and the calendars they are counted by.

use std::sync::Arc;

use super::builder::Builder;
use super::expr::Cx;
use super::{Expr, Limit, Occurrence, Value, Window};
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
    if let Some(own) = &cx.own.calendar {
        return own.clone();
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

/// What a sentence is, as far as its window depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An act is owed.
    Duty,
    /// An act is forbidden, or something is to be kept.
    Lasting,
    /// An act is permitted.
    Permission,
}

/// The window of a sentence.
pub(super) fn window(cx: &mut Cx<'_>, window: &ast::Window, of: Kind) -> Option<Window> {
    let counting = match &window.counting {
        Some(name) => Some(counting(cx.builder, name)?),
        None => None,
    };
    let mut resolved = Window {
        opens: None,
        closes: None,
        only: window.only,
        target: window.where_possible,
        exclusive: matches!(window.kind, WindowKind::Before(_)),
        counting,
        span: window.span,
    };
    ends(cx, window, of, &mut resolved)?;
    Some(resolved)
}

fn ends(cx: &mut Cx<'_>, window: &ast::Window, of: Kind, resolved: &mut Window) -> Option<()> {
    match &window.kind {
        WindowKind::Within(length, anchor) => resolved.closes = Some(after(cx, length, anchor.as_ref())?),
        WindowKind::Between(first, last, anchor) => {
            let opens = after(cx, first, anchor.as_ref());
            let closes = after(cx, last, anchor.as_ref())?;
            resolved.opens = Some(opens?);
            ends_after_it_opens(cx, resolved.opens.as_ref(), &closes, window)?;
            resolved.closes = Some(closes);
        }
        WindowKind::By(time) => resolved.closes = Some(by(cx, time)?),
        WindowKind::For(length) => {
            lasts(cx, window, of)?;
            resolved.closes = Some(after(cx, length, None)?);
        }
        kind => {
            further(cx, kind, window, of, resolved)?;
        }
    }
    Some(())
}

/// The forms that hang on more than a duration.
fn further(cx: &mut Cx<'_>, kind: &WindowKind, window: &ast::Window, of: Kind, resolved: &mut Window) -> Option<()> {
    match kind {
        WindowKind::WithinBefore(length, point) => {
            let limit = before(cx, length, point)?;
            resolved.opens = Some(limit);
            resolved.closes = Some(at(cx, point)?);
        }
        WindowKind::Limits { earlier, limits } => {
            let limits: Vec<_> = limits.iter().map(|limit| self::limit(cx, limit)).collect();
            let limits = limits.into_iter().collect::<Option<Vec<_>>>()?;
            resolved.closes = Some(if *earlier { Limit::Earliest(limits) } else { Limit::Latest(limits) });
        }
        WindowKind::NotBefore(point) => resolved.opens = Some(at(cx, point)?),
        WindowKind::NotBeforeEnd(length) => resolved.opens = Some(after(cx, length, None)?),
        WindowKind::ByDay(number, anchor) => resolved.closes = Some(day(cx, number, anchor.as_ref(), false)?),
        WindowKind::OnDay(number, anchor) => {
            resolved.opens = Some(day(cx, number, anchor.as_ref(), true)?);
            resolved.closes = Some(day(cx, number, anchor.as_ref(), false)?);
        }
        WindowKind::AtLeastBefore(length, point) => resolved.closes = Some(before(cx, length, point)?),
        WindowKind::Exactly(length, anchor) => {
            let limit = after(cx, length, Some(anchor))?;
            resolved.opens = Some(limit.clone());
            resolved.closes = Some(limit);
        }
        WindowKind::Before(event) => resolved.closes = Some(at(cx, event)?),
        WindowKind::Until(event) => {
            lasts(cx, window, of)?;
            resolved.closes = Some(at(cx, event)?);
        }
        WindowKind::From(point, end) => {
            lasts(cx, window, of)?;
            resolved.opens = Some(at(cx, point)?);
            resolved.closes = match end {
                None => None,
                Some(ast::Expiry::For(length)) => Some(after(cx, length, Some(point))?),
                Some(ast::Expiry::Until(event)) => Some(at(cx, event)?),
            };
        }
        WindowKind::Vague(_, Some((length, anchor))) => resolved.closes = Some(after(cx, length, anchor.as_ref())?),
        WindowKind::Vague(_, None) => resolved.target = true,
        WindowKind::Within(..) | WindowKind::Between(..) | WindowKind::By(_) | WindowKind::For(_) => {}
    }
    Some(())
}

/// What is owed is owed within a time; only what is forbidden, kept or permitted lasts for one.
fn lasts(cx: &mut Cx<'_>, window: &ast::Window, of: Kind) -> Option<()> {
    if of != Kind::Duty {
        return Some(());
    }
    cx.builder.report(
        Finding::error(Code::WindowNotPossible, "an act is owed within a time, not for a time")
            .at(window.span, "only a prohibition, a permission or `keep` lasts for a time")
            .help("write `within …` for a deadline, or `shall not … for …` for a prohibition"),
    );
    None
}

fn limit(cx: &mut Cx<'_>, limit: &ast::Limit) -> Option<Limit> {
    match limit {
        ast::Limit::At(time) => {
            let time = ast::Occurrence { span: time.span(), kind: ast::OccurrenceKind::Time(time.clone()) };
            by(cx, &time)
        }
        ast::Limit::After(length, anchor) => after(cx, length, anchor.as_ref()),
    }
}

/// Until when: a bare date stands for its end.
fn by(cx: &mut Cx<'_>, time: &ast::Occurrence) -> Option<Limit> {
    if let ast::OccurrenceKind::Time(ast::TimeLiteral::Date(date, _)) = &time.kind {
        let end = cx.zone().end_of(*date);
        return Some(Limit::At(Expr::Constant(Value::Instant(end))));
    }
    at(cx, time)
}

/// When something happens, or an instant that is known.
fn at(cx: &mut Cx<'_>, point: &ast::Occurrence) -> Option<Limit> {
    if let Some(known) = cx.known_point(point) {
        return known.map(Limit::At);
    }
    let waited = cx.occurrence(point)?;
    Some(Limit::On(waited))
}

fn before(cx: &mut Cx<'_>, length: &DurationLiteral, point: &ast::Occurrence) -> Option<Limit> {
    let length = duration(cx, length);
    if let Some(known) = cx.known_point(point) {
        return Some(Limit::Before(length?, Occurrence::At(known?)));
    }
    let waited = cx.occurrence(point)?;
    if matches!(waited, Occurrence::Expiry(_)) && cx.knows_its_expiry() {
        return Some(Limit::Before(length?, waited));
    }
    cx.builder.report(
        Finding::error(Code::WindowNotPossible, "a time before something can be counted only if it is known when")
            .at(point.span, "nobody knows beforehand when this happens")
            .help("count from an instant, or from a field such as `x.opens`"),
    );
    None
}

fn day(cx: &mut Cx<'_>, number: &ast::Spanned<u32>, anchor: Option<&ast::Occurrence>, begins: bool) -> Option<Limit> {
    if number.value == 0 {
        cx.builder.report(
            Finding::error(Code::CountOfNone, "there is no day 0")
                .at(number.span, "the day of the anchor is day 1")
                .help("write `day 1`"),
        );
        return None;
    }
    let anchor = match anchor {
        Some(point) => match cx.known_point(point) {
            Some(known) => Some(known?),
            None => {
                cx.occurrence(point)?;
                None
            }
        },
        None => None,
    };
    Some(Limit::Day { number: number.value, anchor, begins })
}

fn after(cx: &mut Cx<'_>, length: &DurationLiteral, anchor: Option<&ast::Occurrence>) -> Option<Limit> {
    let length = duration(cx, length);
    let Some(anchor) = anchor else {
        return Some(Limit::After(length?, None));
    };
    if let Some(known) = cx.known_point(anchor) {
        return Some(Limit::After(length?, Some(known?)));
    }
    let waited = cx.occurrence(anchor)?;
    Some(Limit::AfterOccurrence(length?, waited))
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
