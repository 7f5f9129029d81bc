//! Reads a clause file.

mod article;
mod bracket;
mod broken;
mod condition;
mod decision;
mod declaration;
mod literal;
mod occurrence;
mod scenario;
mod tail;
mod window;

use pest::Parser;
use pest::iterators::Pair;

use super::ast::{Bracket, File, Item, Name};
use super::grammar::{ClauseParser, Rule};
use crate::arena::Set;
use crate::finding::{Code, Finding};
use crate::source::{SourceId, Span};

/// How deep brackets may stand in one another.
const MAX_DEPTH: usize = 256;

/// Which alternative of a bracket is read, by its place; past the last, the last.
pub type Pick<'a> = &'a dyn Fn(&Bracket) -> usize;

/// Reads a clause file: the items that can be read, and what is wrong with the others. Of every bracket the tree holds
/// the alternative that `pick` names; the first is the working text.
///
/// Never fails and never panics, whatever the text is.
pub fn parse(source: SourceId, text: &str, pick: Pick<'_>) -> (File, Vec<Finding>) {
    let mut cx = Context { source, findings: Vec::new(), brackets: Vec::new(), pick };
    let pairs = pairs(&mut cx, text);
    (file(&mut cx, pairs), cx.findings)
}

/// Reads a clause file once for each place in its longest bracket: the working text, then what has the second
/// alternative of every bracket, or the last, and so on. What is wrong is reported once.
pub fn parse_each(source: SourceId, text: &str) -> (Vec<File>, Vec<Finding>) {
    let mut cx = Context { source, findings: Vec::new(), brackets: Vec::new(), pick: &|_| 0 };
    let pairs = pairs(&mut cx, text);
    let mut trees = vec![file(&mut cx, pairs.clone())];
    let mut findings: Set<_> = cx.findings.into_iter().collect();
    let most = |tree: &File| tree.brackets.iter().map(|it| it.alternatives.len()).max().unwrap_or(1);
    let mut count = trees.first().map_or(1, most);
    while trees.len() < count {
        let number = trees.len();
        let pick = |_: &Bracket| number;
        let mut cx = Context { source, findings: Vec::new(), brackets: Vec::new(), pick: &pick };
        let tree = file(&mut cx, pairs.clone());
        findings.extend(cx.findings);
        // A bracket inside an alternative may be longer still.
        count = count.max(most(&tree));
        trees.push(tree);
    }
    (trees, findings.into_iter().collect())
}

/// The items of a text, as the grammar sees them; what keeps it from being read at all is reported.
fn pairs<'i>(cx: &mut Context<'_>, text: &'i str) -> Option<Pair<'i, Rule>> {
    if let Some(offset) = too_deep(text) {
        let span = cx.span(offset, offset + 1);
        cx.findings.push(
            Finding::error(Code::NestedTooDeep, format!("brackets stand more than {MAX_DEPTH} deep in one another"))
                .at(span, "one too many")
                .help("split the condition, or check that every bracket is closed"),
        );
        return None;
    }
    let Ok(mut pairs) = ClauseParser::parse(Rule::file, text) else {
        // The grammar is total: only its own stack guard stops it, and brackets have been counted above.
        let span = cx.span(0, text.len());
        cx.findings.push(
            Finding::error(Code::Syntax, "this file cannot be read")
                .at(span, "all of it")
                .help("split it into several files"),
        );
        return None;
    };
    pairs.next()
}

fn file(cx: &mut Context<'_>, pairs: Option<Pair<'_, Rule>>) -> File {
    let mut file = File::default();
    for pair in pairs.into_iter().flat_map(Pair::into_inner) {
        match pair.as_rule() {
            Rule::EOI => {}
            Rule::broken => file.unread.extend(broken::report(cx, &pair)),
            _ => file.items.extend(item(cx, pair)),
        }
    }
    file.brackets = std::mem::take(&mut cx.brackets);
    file
}

fn item(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    match pair.as_rule() {
        Rule::treaty => declaration::treaty(cx, pair).map(Item::Treaty),
        Rule::use_file => declaration::use_file(cx, pair).map(Item::Use),
        Rule::party => declaration::party(cx, pair).map(Item::Party),
        Rule::group => declaration::group(cx, pair).map(Item::Group),
        Rule::place => declaration::place(cx, pair).map(Item::Place),
        Rule::unit => declaration::unit(cx, pair).map(Item::Unit),
        Rule::calendar => declaration::calendar(cx, pair).map(Item::Calendar),
        Rule::event => declaration::event(cx, pair).map(Item::Event),
        Rule::term => declaration::term(cx, pair).map(Item::Term),
        Rule::schedule => declaration::schedule(cx, &pair).map(Item::Schedule),
        Rule::state => declaration::state(cx, &pair).map(Item::State),
        Rule::tally => declaration::tally(cx, &pair).map(Item::Tally),
        Rule::scenario => scenario::scenario(cx, &pair).map(Item::Scenario),
        Rule::article => article::article(cx, pair).map(Item::Article),
        _ => None,
    }
}

/// What reading a file needs at hand.
pub(super) struct Context<'p> {
    source: SourceId,
    findings: Vec<Finding>,
    brackets: Vec<Bracket>,
    pick: Pick<'p>,
}

impl Context<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span { source: self.source, start, end }
    }

    /// From the first token of a pair to its last: what an optional part might have followed is left out.
    fn span_of(&self, pair: &Pair<'_, Rule>) -> Span {
        span_of(self.source, pair)
    }

    fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        name(self.source, pair)
    }
}

fn span_of(source: SourceId, pair: &Pair<'_, Rule>) -> Span {
    let start = pair.as_span().start();
    let mut last = pair.clone();
    while let Some(inner) = last.clone().into_inner().next_back() {
        last = inner;
    }
    Span { source, start, end: last.as_span().end() }
}

fn name(source: SourceId, pair: &Pair<'_, Rule>) -> Name {
    Name { text: pair.as_str().to_owned(), span: span_of(source, pair) }
}

/// The children of that rule, as words.
fn words<'i>(cx: &Context<'_>, pair: Pair<'i, Rule>, rule: Rule) -> impl Iterator<Item = Name> + use<'i> {
    let source = cx.source;
    pair.into_inner().filter(move |child| child.as_rule() == rule).map(move |child| name(source, &child))
}

/// The names among the children.
fn names<'i>(cx: &Context<'_>, pair: Pair<'i, Rule>) -> impl Iterator<Item = Name> + use<'i> {
    words(cx, pair, Rule::name)
}

/// The first child of that rule.
fn child<'i>(pair: &Pair<'i, Rule>, rule: Rule) -> Option<Pair<'i, Rule>> {
    children(pair, rule).next()
}

/// The children of that rule.
fn children<'i>(pair: &Pair<'i, Rule>, rule: Rule) -> impl Iterator<Item = Pair<'i, Rule>> + use<'i> {
    pair.clone().into_inner().filter(move |child| child.as_rule() == rule)
}

/// The first child, of whatever rule.
fn first<'i>(pair: &Pair<'i, Rule>) -> Option<Pair<'i, Rule>> {
    pair.clone().into_inner().next()
}

/// Where brackets first stand deeper than allowed, strings and comments aside.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(at);
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => {
                at = literal::string_end(bytes, at);
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).unwrap_or(bytes.len() - at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}
