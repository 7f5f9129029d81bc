//! Names, strings, numbers, dates and durations.

use pest::iterators::Pair;
use rust_decimal::Decimal;

use super::super::ast::{DurationLiteral, DurationPart, DurationUnit, Spanned, TimeLiteral};
use super::super::grammar::Rule;
use super::bracket::chosen;
use super::{Context, child, first, names};
use crate::finding::{Code, Finding};
use crate::time::Date;

/// The offset just after the string that opens at `at`; one that is not closed ends with its line.
pub(super) fn string_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.starts_with(b"\"\"\"") {
        let inner = rest.get(3..).unwrap_or_default();
        return memchr::memmem::find(inner, b"\"\"\"").map_or(at + 3, |end| at + 3 + end + 3);
    }
    let mut offset = 1;
    while let Some(&byte) = rest.get(offset) {
        match byte {
            b'"' => return at + offset + 1,
            b'\n' => return at + offset,
            b'\\' => offset += 2,
            _ => offset += 1,
        }
    }
    bytes.len()
}

/// The content of a `string` or a `long_string`, whose inner white space folds.
pub(super) fn string(pair: &Pair<'_, Rule>) -> String {
    let written = pair.as_str();
    if pair.as_rule() == Rule::long_string {
        let inner = written.trim_matches('"');
        return inner.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    let mut content = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        content.push(if letter == '\\' { letters.next().unwrap_or(letter) } else { letter });
    }
    content
}

/// The factor of `thousand`, `million` or `billion`.
pub(super) fn scale(pair: &Pair<'_, Rule>) -> Decimal {
    match pair.as_str() {
        "thousand" => Decimal::ONE_THOUSAND,
        "million" => Decimal::from(1_000_000),
        _ => Decimal::from(1_000_000_000),
    }
}

/// A number and its scale, if there is one, among the children of a pair.
pub(super) fn number(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Decimal {
    let span = cx.span_of(&pair);
    let mut value = Some(Decimal::ZERO);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::number => value = Decimal::from_str_exact(&child.as_str().replace('_', "")).ok(),
            Rule::scale => value = value.and_then(|value| value.checked_mul(scale(&child))),
            _ => {}
        }
    }
    value.unwrap_or_else(|| {
        cx.findings.push(
            Finding::error(Code::NumberTooLarge, "this number has more digits than can be counted exactly")
                .at(span, "more than 28 digits")
                .help("write it with fewer digits, or in a larger unit"),
        );
        Decimal::ZERO
    })
}

/// A whole number.
pub(super) fn whole(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Spanned<u32> {
    let span = cx.span_of(pair);
    let value = pair.as_str().replace('_', "").parse().unwrap_or_else(|_| {
        cx.findings.push(
            Finding::error(Code::NumberTooLarge, format!("`{}` is too many", pair.as_str()))
                .at(span, "more than 4294967295")
                .help("write a smaller number, or a larger unit"),
        );
        0
    });
    Spanned { value, span }
}

/// A date; one that the calendar has not is reported.
pub(super) fn date(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Date {
    pair.as_str().parse().unwrap_or_else(|_| {
        let span = cx.span_of(pair);
        cx.findings.push(
            Finding::error(Code::NoSuchDate, format!("there is no day `{}`", pair.as_str()))
                .at(span, "not in the calendar")
                .help("write the year, the month and the day: `2025-10-01`"),
        );
        Date::constant(1, 1, 1)
    })
}

/// A date or an instant.
pub(super) fn time(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> TimeLiteral {
    match pair.as_rule() {
        Rule::date => TimeLiteral::Date(date(cx, pair), cx.span_of(pair)),
        _ => TimeLiteral::Instant(cx.name(pair)),
    }
}

/// A duration of one part or several, or one of several that stand in brackets.
pub(super) fn duration(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<DurationLiteral> {
    let inner = match pair.as_rule() {
        Rule::duration => first(&pair)?,
        _ => pair,
    };
    if inner.as_rule() == Rule::duration_bracket {
        let chosen = chosen(cx, inner)?;
        return duration(cx, chosen);
    }
    let span = cx.span_of(&inner);
    let parts = inner.into_inner().filter_map(|part| duration_part(cx, part)).collect();
    Some(DurationLiteral { parts, span })
}

/// The duration among the children of a pair.
pub(super) fn duration_in(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<DurationLiteral> {
    child(pair, Rule::duration).and_then(|inner| duration(cx, inner))
}

fn duration_part(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<DurationPart> {
    let mut count = None;
    let mut unit = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::whole => count = Some(whole(cx, &child)),
            Rule::business => unit = Some(DurationUnit::BusinessDay(names(cx, child).next())),
            _ => unit = duration_unit(child.as_str()),
        }
    }
    Some(DurationPart { count: count?, unit: unit? })
}

fn duration_unit(word: &str) -> Option<DurationUnit> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "second" => DurationUnit::Second,
        "minute" => DurationUnit::Minute,
        "hour" => DurationUnit::Hour,
        "day" => DurationUnit::Day,
        "week" => DurationUnit::Week,
        "month" => DurationUnit::Month,
        "year" => DurationUnit::Year,
        _ => return None,
    })
}
