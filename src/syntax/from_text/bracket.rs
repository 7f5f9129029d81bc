//! Brackets: of the alternatives, the one that is asked for is read, as if it stood alone.

use pest::iterators::Pair;

use super::super::ast::{Alternative, Bracket};
use super::super::grammar::Rule;
use super::{Context, child, names};
use crate::finding::{Code, Finding};
use crate::source::Span;

/// The alternative of a bracket that is to be read; the bracket is noted.
pub(super) fn chosen<'i>(cx: &mut Context<'_>, pair: Pair<'i, Rule>) -> Option<Pair<'i, Rule>> {
    let span = cx.span_of(&pair);
    let label = child(&pair, Rule::bracket_label).and_then(|label| child(&label, Rule::field)).map(|it| cx.name(&it));
    let choices: Vec<_> = pair.into_inner().filter(is_choice).collect();
    let alternatives = choices.iter().filter_map(|choice| alternative(cx, choice)).collect();
    let mut bracket = Bracket { label, alternatives, chosen: 0, around: around(cx, span), span };
    bracket.chosen = (cx.pick)(&bracket).min(choices.len().saturating_sub(1));
    let chosen = bracket.chosen;
    said_once(cx, &bracket);
    cx.open.push((span, bracket.around.saturating_mul(choices.len())));
    cx.brackets.push(bracket);
    choices.into_iter().nth(chosen)?.into_inner().next()
}

/// How many combinations the brackets have in which a place stands.
fn around(cx: &mut Context<'_>, span: Span) -> usize {
    while cx.open.last().is_some_and(|(outer, _)| !outer.contains(span)) {
        cx.open.pop();
    }
    cx.open.last().map_or(1, |(_, combinations)| *combinations)
}

/// Whether a pair is one of the alternatives.
fn is_choice(pair: &Pair<'_, Rule>) -> bool {
    !matches!(pair.as_rule(), Rule::open_bracket | Rule::close_bracket | Rule::bracket_label | Rule::bar)
}

fn alternative(cx: &Context<'_>, choice: &Pair<'_, Rule>) -> Option<Alternative> {
    let inner = choice.clone().into_inner().next()?;
    let proponents = child(choice, Rule::proponents).map(|list| names(cx, list).collect()).unwrap_or_default();
    Some(Alternative { words: words(inner.clone()), proponents, span: cx.span_of(&inner) })
}

/// The words and signs of a pair, one blank between them.
pub(super) fn words(pair: Pair<'_, Rule>) -> String {
    let mut words = Vec::new();
    leaves(pair, &mut words);
    words.join(" ")
}

fn leaves<'i>(pair: Pair<'i, Rule>, words: &mut Vec<&'i str>) {
    let text = pair.as_str();
    let mut inner = pair.into_inner().peekable();
    if inner.peek().is_none() {
        words.push(text);
    }
    for child in inner {
        leaves(child, words);
    }
}

/// An alternative that repeats another is no alternative.
fn said_once(cx: &mut Context<'_>, bracket: &Bracket) {
    for (index, later) in bracket.alternatives.iter().enumerate() {
        let earlier = bracket.alternatives.iter().take(index).find(|earlier| earlier.words == later.words);
        if let Some(first) = earlier {
            cx.findings.push(
                Finding::error(Code::AlternativeRepeated, format!("`{}` is the same alternative again", later.words))
                    .at(later.span, "again here")
                    .at(first.span, "first here")
                    .help("name all its proponents after it once: `24 hours (Italy, France)`"),
            );
        }
    }
}
