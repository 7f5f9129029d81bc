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
    let mut cx = Context { source, findings: Vec::new(), brackets: Vec::new(), open: Vec::new(), pick };
    let pairs = pairs(&mut cx, text);
    (file(&mut cx, pairs), cx.findings)
}

/// How many trees are made of a file at most; the model refuses more combinations.
const MAX_TREES: usize = 256;
/// How many bytes of text all the trees of a file stand for at most, so that they fit into memory.
const MAX_TREE_BYTES: usize = 16 << 20;
/// How many trees are made even of the longest file.
const MIN_TREES: usize = 16;

/// Reads a clause file as often as it takes for every alternative to stand in one of the trees, those of brackets in
/// brackets too; the first is the working text. What is wrong is reported once.
pub fn parse_each(source: SourceId, text: &str) -> (Vec<File>, Vec<Finding>) {
    let mut cx = Context { source, findings: Vec::new(), brackets: Vec::new(), open: Vec::new(), pick: &|_| 0 };
    let pairs = pairs(&mut cx, text);
    let mut trees = vec![file(&mut cx, pairs.clone())];
    let mut findings: Set<_> = cx.findings.into_iter().collect();
    let most = |tree: &File| {
        let combinations = tree.brackets.iter().map(|it| it.around.saturating_mul(it.alternatives.len()));
        combinations.max().unwrap_or(1).min(MAX_TREES)
    };
    let fit = MAX_TREE_BYTES.checked_div(text.len()).unwrap_or(MAX_TREES).max(MIN_TREES);
    let mut count = trees.first().map_or(1, most);
    while trees.len() < count {
        if trees.len() == fit {
            findings.insert(too_long_for_its_brackets(source, &trees));
            break;
        }
        let number = trees.len();
        let pick = |bracket: &Bracket| number / bracket.around % bracket.alternatives.len().max(1);
        let mut cx = Context { source, findings: Vec::new(), brackets: Vec::new(), open: Vec::new(), pick: &pick };
        let tree = file(&mut cx, pairs.clone());
        findings.extend(cx.findings);
        // There may be brackets inside an alternative that is new.
        count = count.max(most(&tree));
        trees.push(tree);
    }
    (trees, findings.into_iter().collect())
}

/// The finding for a long file whose brackets have many alternatives.
fn too_long_for_its_brackets(source: SourceId, trees: &[File]) -> Finding {
    let brackets = trees.iter().flat_map(|tree| &tree.brackets);
    let longest = brackets.max_by_key(|bracket| bracket.around.saturating_mul(bracket.alternatives.len()));
    let span = longest.map_or(Span { source, start: 0, end: 0 }, |bracket| bracket.span);
    Finding::error(Code::TooManyCombinations, "this file is too long for brackets of so many alternatives")
        .at(span, "not all of them can be checked")
        .help("split the file, or the alternatives")
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
    /// The brackets around the one that was read last, each with how many combinations it and those around it have.
    open: Vec<(Span, usize)>,
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
