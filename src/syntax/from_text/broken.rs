//! What cannot be read, reported where it went wrong.

use std::collections::BTreeSet;

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use super::super::grammar::{ClauseParser, Rule};
use super::super::symbol;
use super::Context;
use crate::finding::{Code, Finding, nearest, suggestion};

/// The words that open an item, each with its rule.
const ITEMS: [(&str, Rule); 14] = [
    ("treaty", Rule::treaty),
    ("use", Rule::use_file),
    ("party", Rule::party),
    ("group", Rule::group),
    ("place", Rule::place),
    ("unit", Rule::unit),
    ("calendar", Rule::calendar),
    ("event", Rule::event),
    ("article", Rule::article),
    ("schedule", Rule::schedule),
    ("term", Rule::term),
    ("state", Rule::state),
    ("tally", Rule::tally),
    ("scenario", Rule::scenario),
];

/// How many alternatives a message lists before it stops.
const MAX_EXPECTED: usize = 7;

/// Reads the text again as the item it began as, and says what was expected where; returns the name that the item
/// seems to declare.
pub(super) fn report(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<String> {
    let start = pair.as_span().start();
    let text = pair.as_str();
    let first = token(text, 0);
    let finding = match ITEMS.iter().find(|(word, _)| *word == first) {
        Some((_, rule)) => reread(cx, *rule, start, text),
        None if first == "\"" => unclosed(text).at(cx.span(start, start + 1), "it opens here"),
        None => {
            let items = ITEMS.iter().map(|(word, _)| *word);
            Finding::error(Code::Syntax, format!("expected a declaration or an article, found {}", quoted(first)))
                .at(cx.span(start, start + first.len()), "nothing begins like this")
                .help(suggestion(first, items.clone()).unwrap_or_else(|| {
                    let list: Vec<_> = items.map(|word| format!("`{word}`")).collect();
                    format!("an item begins with one of {}", list.join(", "))
                }))
        }
    };
    cx.findings.push(finding);
    let rest = text.get(first.len()..).unwrap_or_default();
    let name = token(rest, rest.len() - rest.trim_start().len());
    name.starts_with(char::is_alphanumeric).then(|| name.to_owned())
}

fn reread(cx: &Context<'_>, rule: Rule, start: usize, text: &str) -> Finding {
    let Err(error) = ClauseParser::parse(rule, text) else {
        // It reads well by itself: what follows it on the line does not.
        return Finding::error(Code::Syntax, "this is not closed")
            .at(cx.span(start, start + text.len()), "here")
            .help("let the next item begin on a line of its own");
    };
    let offset = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let found = token(text, offset);
    let positives = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    let mut expected: BTreeSet<_> = positives.iter().copied().filter_map(symbol::words).collect();
    // After the subject, what it shall do is what matters, not how the subject might go on.
    if let Some(modal) = symbol::words(Rule::modal).filter(|words| expected.contains(words)) {
        expected = BTreeSet::from([modal]);
    }
    let message = match expected.len() {
        0 => format!("{} does not belong here", quoted(found)),
        _ => format!("expected {}, found {}", list(&expected), quoted(found)),
    };
    if found == "\"" {
        return unclosed(text.get(offset..).unwrap_or_default())
            .at(cx.span(start + offset, start + offset + 1), "it opens here");
    }
    if matches!(found, "shall" | "will" | "may" | "}" | "")
        && let Some(at) = unclosed_bracket(text.get(..offset).unwrap_or_default())
    {
        return Finding::error(Code::Syntax, "this bracket is not closed")
            .at(cx.span(start + at, start + at + 1), "it opens here")
            .help(format!("close it before {}", quoted(found)));
    }
    if positives == [Rule::kw_business] {
        return no_unit(cx, start, text, offset);
    }
    let (from, to) = if found.is_empty() { last_token(text) } else { (offset, offset + found.len()) };
    let label = if found.is_empty() { "it ends here" } else { "not expected here" };
    let before = text.get(..offset).unwrap_or_default();
    let help = help(&positives, &expected, before, found);
    Finding::error(Code::Syntax, message).at(cx.span(start + from, start + to), label).help(help)
}

/// The finding for a quotation mark that nothing closes.
fn unclosed(rest: &str) -> Finding {
    let finding = Finding::error(Code::Syntax, "this text is not closed");
    if rest.starts_with("\"\"\"") {
        return finding.help("a long text ends with `\"\"\"`");
    }
    finding.help("a text ends on its line, with `\"`; a longer one stands in `\"\"\" … \"\"\"`")
}

/// Where the last bracket stands that is not closed.
fn unclosed_bracket(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => open.push(at),
            ')' | ']' if !quoted => _ = open.pop(),
            _ => {}
        }
    }
    open.pop()
}

/// The finding for a number whose unit of time is none: the word was taken for a calendar's name.
fn no_unit(cx: &Context<'_>, start: usize, text: &str, offset: usize) -> Finding {
    let before = text.get(..offset).unwrap_or_default().trim_end();
    let from = before.rfind(|letter: char| !(letter.is_alphanumeric() || letter == '_')).map_or(0, |at| at + 1);
    let word = before.get(from..).unwrap_or_default();
    let units = ["seconds", "minutes", "hours", "days", "weeks", "months", "years", "business days"];
    Finding::error(Code::Syntax, format!("`{word}` is no unit of time"))
        .at(cx.span(start + from, start + before.len()), "after a number")
        .help(suggestion(word, units).unwrap_or_else(|| format!("write one of `{}`", units.join("`, `"))))
}

/// What to write where something else was expected.
fn help(positives: &[Rule], expected: &BTreeSet<String>, before: &str, found: &str) -> String {
    if found.is_empty() && positives.contains(&Rule::close_brace) {
        return "a `{` is not closed: write `}` where the item ends".to_owned();
    }
    let last = before.split_whitespace().next_back().unwrap_or_default();
    if let Some(advice) = advice(positives, last, found) {
        return advice.to_owned();
    }
    let wants_name =
        positives.iter().any(|rule| matches!(rule, Rule::name | Rule::path | Rule::subject | Rule::pattern));
    if wants_name && expected.len() <= 2 && is_keyword(found) {
        return format!("`{found}` is a keyword, and keywords cannot be names");
    }
    let words: Vec<_> = expected.iter().flat_map(|words| words.split('`').skip(1).step_by(2)).collect();
    if let Some(near) = nearest(found, words.iter().copied()).filter(|near| *near != found) {
        return format!("did you mean `{near}`?");
    }
    let here = if found.is_empty() { String::new() } else { format!(" before {}", quoted(found)) };
    match expected.len() {
        0 => format!("leave {} out", quoted(found)),
        1 => format!("write {}{here}", list(expected)),
        _ if found == "}" => format!("write one of these{here}"),
        n if n <= MAX_EXPECTED => format!("write one of these{here}, or leave it out"),
        _ if before.starts_with("article") => "an article says, in this order: trigger, `let`, `while` or `unless`, \
            `for each of`, subject, `shall`, act, window, tails"
            .to_owned(),
        _ => format!("leave {} out, or say it by a field that the item has", quoted(found)),
    }
}

/// What to write where a word is often tried that the language does not have.
fn advice(positives: &[Rule], before: &str, found: &str) -> Option<&'static str> {
    Some(match found {
        "not" if before == "may" => "`may not` can be read in two ways: write `shall not`",
        "must" => "a duty is written with `shall`",
        "can" => "a permission is written with `may`",
        "if" => "a trigger is written `when EVENT`, a condition `where C`, `while C` or `unless C`",
        "within" | "by" | "until" | "before" | "between" | "for" if positives.contains(&Rule::close_brace) => {
            "a norm has one window: write the other as a norm of its own"
        }
        "]" if positives.contains(&Rule::bar) => "a bracket holds alternatives: `[24 hours | 72 hours]`",
        "=" if positives == [Rule::colon] => "a field is given with a colon: `by: Russia`",
        "thirds" | "majority" | "quarters" => {
            "a part of a group is `a majority of`, `two thirds of`, `three quarters of`"
        }
        _ => return None,
    })
}

fn is_keyword(word: &str) -> bool {
    !word.is_empty() && word.chars().all(char::is_alphabetic) && ClauseParser::parse(Rule::name, word).is_err()
}

fn quoted(found: &str) -> String {
    match found {
        "" => "the end".to_owned(),
        _ => format!("`{}`", found.replace(char::is_control, "�")),
    }
}

/// `a, b or c`, cut where it grows too long.
fn list(expected: &BTreeSet<String>) -> String {
    let mut words: Vec<_> = expected.iter().map(String::as_str).collect();
    if words.len() > MAX_EXPECTED {
        words.truncate(MAX_EXPECTED);
        return format!("{}, …", words.join(", "));
    }
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last.to_owned() } else { format!("{} or {last}", words.join(", ")) }
}

/// The word or the sign at `offset`; empty at the end of the text.
fn token(text: &str, offset: usize) -> &str {
    let rest = text.get(offset..).unwrap_or_default();
    let word = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
    let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
    rest.get(..length).unwrap_or_default()
}

/// Where the last sign of the text stands.
fn last_token(text: &str) -> (usize, usize) {
    let end = text.trim_end().len();
    let start = text.get(..end).and_then(|text| text.char_indices().next_back()).map_or(0, |(at, _)| at);
    (start, end.max(start))
}
