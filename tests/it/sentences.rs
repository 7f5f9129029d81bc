//! Sentences made by the grammar itself: whatever it can say is read, checked and laid out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use pest_meta::ast::{Expr, Rule, RuleType};
use pest_meta::parser;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use servanda::format;
use servanda::syntax;

use super::support::{case, law_cases, root};

/// The grammar, read as the parser generator reads it.
struct Grammar {
    rules: BTreeMap<String, Rule>,
    /// How deep the shallowest sentence of each rule is.
    depths: BTreeMap<String, usize>,
}

impl Grammar {
    fn read() -> Grammar {
        let text = fs::read_to_string(root("grammar/treaty.pest")).unwrap();
        let rules = parser::consume_rules(parser::parse(parser::Rule::grammar_rules, &text).unwrap()).unwrap();
        let rules: BTreeMap<_, _> = rules.into_iter().map(|rule| (rule.name.clone(), rule)).collect();
        let mut grammar = Grammar { rules, depths: BTreeMap::new() };
        loop {
            let found: BTreeMap<_, _> = grammar
                .rules
                .values()
                .filter_map(|rule| Some((rule.name.clone(), grammar.depth(&rule.expr)? + 1)))
                .collect();
            if found == grammar.depths {
                return grammar;
            }
            grammar.depths = found;
        }
    }

    fn depth(&self, expr: &Expr) -> Option<usize> {
        match expr {
            Expr::Ident(name) if word(name).is_some() || !self.rules.contains_key(name) => Some(0),
            Expr::Ident(name) => self.depths.get(name).copied(),
            Expr::Seq(left, right) => Some(self.depth(left)?.max(self.depth(right)?)),
            Expr::Choice(left, right) => match (self.depth(left), self.depth(right)) {
                (Some(left), Some(right)) => Some(left.min(right)),
                (left, right) => left.or(right),
            },
            Expr::RepOnce(inner) => self.depth(inner),
            _ => Some(0),
        }
    }
}

/// What stands for a rule that is a word of the user's, or a number.
fn word(rule: &str) -> Option<&'static [&'static str]> {
    Some(match rule {
        "name" => &["Italy", "Guarantors", "a", "attack", "consult", "USD", "ceasefire"],
        "field" => &["by", "on", "value", "from"],
        "string" => &["\"a text\"", "\"an \\\" and a \\\\\""],
        "long_string" => &["\"\"\"a longer text\nof two lines\"\"\""],
        "whole" => &["3", "20"],
        "number" => &["3", "0.5", "4_000"],
        "label" => &["1", "2.1", "42(7)", "5 bis", "Annex A.3"],
        "date" => &["2026-01-01", "2026-02-28"],
        "instant" => &["2026-01-01T03:12Z", "2026-01-01T03:12:00+02:00"],
        "zone_name" => &["Europe/Kyiv"],
        "counting_policy" => &["elapsed", "clear_days"],
        "finding_name" => &["syntax", "time.no-deadline"],
        "offset" => &["+6h30m", "-2d"],
        "comparator" => &["=", "<=", "!="],
        "sign" => &["+", "-"],
        _ => return None,
    })
}

/// Makes a sentence of a row of choices; when they are used up, the shallowest way is taken.
struct Maker<'g> {
    grammar: &'g Grammar,
    choices: std::slice::Iter<'g, u8>,
    text: String,
}

impl Maker<'_> {
    fn choose(&mut self, among: usize) -> usize {
        self.choices.next().map_or(0, |byte| usize::from(*byte) % among)
    }

    fn push(&mut self, text: &str, tight: bool) {
        if !tight && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(text);
    }

    fn rule(&mut self, name: &str, tight: bool, fuel: usize) {
        if let Some(words) = word(name) {
            let choice = self.choose(words.len());
            return self.push(words[choice], tight);
        }
        let Some(rule) = self.grammar.rules.get(name) else { return };
        let within = tight || matches!(rule.ty, RuleType::Atomic | RuleType::CompoundAtomic);
        if within && !tight {
            self.push("", false);
        }
        self.expr(&rule.expr, within, fuel.saturating_sub(1));
    }

    fn expr(&mut self, expr: &Expr, tight: bool, fuel: usize) {
        match expr {
            Expr::Str(text) => self.push(text, tight),
            Expr::Ident(name) => self.rule(name, tight, fuel),
            Expr::Seq(left, right) => {
                self.expr(left, tight, fuel);
                self.expr(right, tight, fuel);
            }
            Expr::Choice(..) => {
                let mut ways = Vec::new();
                ways_of(expr, &mut ways);
                let shallow = |way: &Expr| self.grammar.depth(way).unwrap_or(usize::MAX);
                let spent = fuel == 0 || self.choices.len() == 0;
                let way = if spent {
                    ways.iter().copied().min_by_key(|way| shallow(way)).unwrap()
                } else {
                    ways[self.choose(ways.len())]
                };
                self.expr(way, tight, fuel);
            }
            Expr::Opt(inner) if fuel > 0 && self.choose(2) == 1 => self.expr(inner, tight, fuel),
            Expr::Rep(inner) if fuel > 0 => {
                for _ in 0..self.choose(3) {
                    self.expr(inner, tight, fuel);
                }
            }
            Expr::RepOnce(inner) => self.expr(inner, tight, fuel),
            // What must not follow is left to the parser to find.
            _ => {}
        }
    }
}

fn ways_of<'e>(expr: &'e Expr, ways: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Choice(left, right) => {
            ways_of(left, ways);
            ways_of(right, ways);
        }
        other => ways.push(other),
    }
}

/// An item that the grammar says.
fn sentence(grammar: &Grammar, choices: &[u8]) -> String {
    let mut maker = Maker { grammar, choices: choices.iter(), text: String::new() };
    // Most of them are articles, which hold most of the language.
    match maker.choose(3) {
        0 => maker.rule("item", false, 30),
        1 => maker.rule("article", false, 30),
        _ => {
            maker.push("article 1 { Italy", false);
            maker.rule("modal", false, 30);
            maker.rule("deed", false, 30);
            maker.rule("window", false, 30);
            maker.rule("tail", false, 30);
            maker.push("}", false);
        }
    }
    maker.text
}

thread_local! {
    static GRAMMAR: Grammar = Grammar::read();
}

/// Whether a text is read wholly; then its layout says the same, and is the layout of itself.
fn laid_out(text: &str) -> bool {
    let Some(shape) = syntax::shape(text) else { return false };
    let once = format::format(text).unwrap_or_else(|refused| panic!("{refused}\n{text}"));
    assert_eq!(syntax::shape(&once).unwrap(), shape, "{text}\n----\n{once}");
    assert_eq!(format::format(&once).unwrap(), once, "{text}");
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: law_cases(2000), failure_persistence: None, ..ProptestConfig::default() })]

    // shape(format(text)) = shape(text), format(format(text)) = format(text), for whatever the grammar says
    #[test]
    fn what_the_grammar_says_is_laid_out(choices in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = GRAMMAR.with(|grammar| sentence(grammar, &choices));
        laid_out(&text);
    }

    // And it is checked, with whatever is wrong with its names and types.
    #[test]
    fn what_the_grammar_says_is_checked(choices in prop::collection::vec(any::<u8>(), 0..300)) {
        let vocabulary = "party Italy\ngroup Guarantors { Italy }\nunit USD\nevent attack { by: party, on: attack?, value: USD? }\nevent consult { by: party, on: attack?, choice: favour | against }\nstate ceasefire { begins on attack }\n";
        let text = GRAMMAR.with(|grammar| sentence(grammar, &choices));
        let caught = std::panic::catch_unwind(|| case(&format!("{vocabulary}{text}"), "").reported());
        prop_assert!(caught.is_ok(), "{}", text);
    }
}

// Most of what is made is read, and every rule is met: the laws above are about the whole language.
#[test]
fn the_sentences_use_every_rule() {
    let grammar = Grammar::read();
    let (mut read, mut made) = (0, 0);
    let mut met = BTreeSet::new();
    let mut runner = TestRunner::deterministic();
    let rows = prop::collection::vec(any::<u8>(), 30..150);
    for _ in 0..20_000 {
        let choices = rows.new_tree(&mut runner).unwrap().current();
        let text = sentence(&grammar, &choices);
        made += 1;
        if let Some(shape) = syntax::shape(&text) {
            read += 1;
            met.extend(shape.into_iter().map(|(rule, _)| rule));
        }
    }
    assert!(read * 2 > made, "only {read} of {made} sentences are read");
    let silent = |rule: &&Rule| matches!(rule.ty, RuleType::Silent) || rule.name == "broken" || rule.name == "comma";
    let missed: Vec<_> = grammar
        .rules
        .values()
        .filter(|rule| !silent(rule) && !met.contains(&rule.name))
        .map(|rule| rule.name.as_str())
        .collect();
    assert!(missed.is_empty(), "no sentence has {missed:?}");
}
