//! Choosing among the alternatives of brackets, and among readings.

use std::collections::BTreeMap;

use super::build::brackets;
use super::load::Loaded;
use crate::arena::{Map, Set};
use crate::finding::suggestion;
use crate::source::{Sources, Span};
use crate::syntax::ast::{self, Bracket};

/// How many combinations there are at most.
pub const MOST_COMBINATIONS: usize = 256;

/// What readings vary under.
pub const READING: &str = "reading";

/// What varies: the brackets of one label, one bracket without a label, or the readings of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// How tables call it: its label, or its text and line.
    pub name: String,
    /// The label by which it is chosen; none of a bracket without one.
    pub label: Option<String>,
    /// Its alternatives, the working text first.
    pub alternatives: Vec<Proposal>,
    key: Key,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Label(String),
    Place(Span),
    /// The readings of a file, by its place.
    Readings(usize),
}

/// An alternative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its words, one blank between them.
    pub words: String,
    /// The names of those who propose it.
    pub proponents: Vec<String>,
}

/// What is chosen: of each axis that it names the number of an alternative, of every other the working text.
pub type Selection = BTreeMap<usize, usize>;

/// Everything that varies in a set of files.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    axes: Vec<Axis>,
    brackets: Vec<Bracket>,
}

/// Why something cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// Nothing has that label.
    #[error("there is no bracket `{label}`")]
    Label {
        /// The label.
        label: String,
        /// What to do about it.
        help: String,
    },
    /// The brackets of that label have no such alternative.
    #[error("`{label}` has no alternative `{words}`")]
    Words {
        /// The label.
        label: String,
        /// The words.
        words: String,
        /// What to do about it.
        help: String,
    },
}

impl ChoiceError {
    /// What to do about it.
    pub fn help(&self) -> &str {
        match self {
            ChoiceError::Label { help, .. } | ChoiceError::Words { help, .. } => help,
        }
    }
}

/// What varies in files that have been read.
pub fn choices(loaded: &Loaded, sources: &Sources) -> Choices {
    varying(loaded, Some(sources))
}

/// What varies; without the texts, brackets that have no label are known by their words alone.
pub(super) fn varying(loaded: &Loaded, sources: Option<&Sources>) -> Choices {
    let brackets = brackets(loaded);
    let mut axes: Map<Key, Axis> = Map::default();
    for bracket in &brackets {
        let key = key_of(bracket);
        axes.entry(key.clone()).or_insert_with(|| axis(bracket, key, sources));
    }
    let readings = readings(loaded);
    let several = readings.len() > 1;
    for (file, names) in readings {
        let stem = loaded.files.get(file).map_or("", |file| file.name.as_str());
        let name = if several { format!("{READING} of {stem}") } else { READING.to_owned() };
        let alternatives = names.into_iter().map(|words| Proposal { words, proponents: Vec::new() }).collect();
        let key = Key::Readings(file);
        axes.insert(key.clone(), Axis { name, label: Some(READING.to_owned()), alternatives, key });
    }
    Choices { axes: axes.into_values().collect(), brackets }
}

fn key_of(bracket: &Bracket) -> Key {
    bracket.label.as_ref().map_or(Key::Place(bracket.span), |label| Key::Label(label.text.clone()))
}

fn axis(bracket: &Bracket, key: Key, sources: Option<&Sources>) -> Axis {
    let proposal = |one: &ast::Alternative| Proposal {
        words: one.words.clone(),
        proponents: one.proponents.iter().map(|name| name.text.clone()).collect(),
    };
    let alternatives: Vec<_> = bracket.alternatives.iter().map(proposal).collect();
    let label = bracket.label.as_ref().map(|label| label.text.clone());
    let name = label.clone().unwrap_or_else(|| {
        let words: Vec<_> = alternatives.iter().map(|one| one.words.as_str()).collect();
        let line = sources.map(|sources| sources.get(bracket.span.source).line_of(bracket.span.start));
        let line = line.map(|line| format!(" on line {line}")).unwrap_or_default();
        format!("[{}]{line}", words.join(" | "))
    });
    Axis { name, label, alternatives, key }
}

/// The readings of each file, in the order in which they first stand.
fn readings(loaded: &Loaded) -> Map<usize, Set<String>> {
    let mut readings: Map<usize, Set<String>> = Map::default();
    for (file, item) in loaded.items() {
        if let Some(name) = super::treaty::reading_of(item) {
            readings.entry(file).or_default().insert(name.text.clone());
        }
    }
    readings
}

impl Choices {
    /// What varies, in the order of the files, readings last.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// Adds to a selection what a user chooses. White space does not matter; a duration may be written short, `72h`;
    /// and so may capitals be left out.
    ///
    /// # Errors
    ///
    /// There is no such label, or no such alternative, or several could be meant.
    pub fn choose(&self, selection: &mut Selection, label: &str, words: &str) -> Result<(), ChoiceError> {
        let mut known: Set<&str> = Set::default();
        let mut chosen = Vec::new();
        for (index, axis) in self.axes.iter().enumerate().filter(|(_, axis)| axis.label.as_deref() == Some(label)) {
            let written = self.written(axis);
            known.extend(written.iter().flatten());
            chosen.extend(written.iter().find_map(|written| meant(written, words)).map(|place| (index, place)));
        }
        if known.is_empty() {
            return Err(ChoiceError::Label { label: label.to_owned(), help: self.help_with_label(label) });
        }
        if chosen.is_empty() {
            let known: Vec<_> = known.into_iter().collect();
            let help = format!("there are `{}`", known.join("`, `"));
            return Err(ChoiceError::Words { label: label.to_owned(), words: words.to_owned(), help });
        }
        selection.extend(chosen);
        Ok(())
    }

    /// The words of the alternatives: of one axis, brackets of one label may have words of their own.
    fn written<'c>(&'c self, axis: &'c Axis) -> Vec<Vec<&'c str>> {
        let own = self.brackets.iter().filter(|bracket| key_of(bracket) == axis.key);
        let mut written: Vec<Vec<_>> =
            own.map(|bracket| bracket.alternatives.iter().map(|one| one.words.as_str()).collect()).collect();
        if written.is_empty() {
            written.push(axis.alternatives.iter().map(|one| one.words.as_str()).collect());
        }
        written
    }

    fn help_with_label(&self, label: &str) -> String {
        let labels: Set<&str> = self.axes.iter().filter_map(|axis| axis.label.as_deref()).collect();
        let labels: Vec<_> = labels.into_iter().collect();
        if labels.is_empty() {
            return "give the bracket a label: `[window: 24 hours | 72 hours]`".to_owned();
        }
        suggestion(label, labels.iter().copied()).unwrap_or_else(|| format!("there are `{}`", labels.join("`, `")))
    }

    /// Every combination of the alternatives that a selection leaves open, the working text first; of brackets inside
    /// an alternative that is not chosen there is none. None at all where there are more than [`MOST_COMBINATIONS`].
    pub fn combinations(&self, fixed: &Selection) -> Option<Vec<Selection>> {
        let mut all: Vec<Selection> = vec![fixed.clone()];
        for (index, axis) in self.axes.iter().enumerate().filter(|(index, _)| !fixed.contains_key(index)) {
            let alternatives = 0..axis.alternatives.len();
            let with = |selection: &Selection, alternative| {
                let mut with = selection.clone();
                with.insert(index, alternative);
                with
            };
            all = all
                .iter()
                .flat_map(|one| alternatives.clone().map(|place| with(one, place)).collect::<Vec<_>>())
                .collect();
            if all.len() > MOST_COMBINATIONS {
                return None;
            }
        }
        let there = |selection: &Selection| {
            let stands = |axis: usize| self.axes.get(axis).is_some_and(|axis| self.stands(axis, selection));
            selection.iter().filter(|(axis, _)| stands(**axis)).map(|(axis, place)| (*axis, *place)).collect()
        };
        // What differs in brackets that are not there is the same combination.
        let all: Set<Selection> = all.iter().map(there).collect();
        Some(all.into_iter().collect())
    }

    /// Whether what varies stands in the text of a selection at all, rather than inside an alternative not chosen.
    fn stands(&self, axis: &Axis, selection: &Selection) -> bool {
        let mut own = self.brackets.iter().filter(|bracket| key_of(bracket) == axis.key).peekable();
        own.peek().is_none()
            || own.any(|bracket| {
                let mut around = self
                    .brackets
                    .iter()
                    .filter(|outer| outer.span != bracket.span && outer.span.contains(bracket.span));
                around.all(|outer| {
                    let chosen = outer.alternatives.get(self.pick(outer, selection));
                    chosen.is_some_and(|one| one.span.contains(bracket.span))
                })
            })
    }

    /// The alternative of a bracket that a selection means.
    pub(super) fn pick(&self, bracket: &Bracket, selection: &Selection) -> usize {
        let key = key_of(bracket);
        let axis = self.axes.iter().position(|axis| axis.key == key);
        axis.and_then(|axis| selection.get(&axis)).copied().unwrap_or(0)
    }

    /// The number of the reading of each file that a selection means.
    pub(super) fn readings(&self, selection: &Selection) -> Map<usize, usize> {
        let chosen = self.axes.iter().enumerate().filter_map(|(index, axis)| match axis.key {
            Key::Readings(file) => Some((file, selection.get(&index).copied().unwrap_or(0))),
            Key::Label(_) | Key::Place(_) => None,
        });
        chosen.collect()
    }

    /// What a selection chooses, in words.
    pub fn chosen<'c>(&'c self, selection: &Selection) -> Vec<Chosen<'c>> {
        let chosen = selection.iter().filter_map(|(index, alternative)| {
            let axis = self.axes.get(*index)?;
            Some(Chosen { label: &axis.name, proposal: axis.alternatives.get(*alternative)? })
        });
        chosen.collect()
    }
}

/// What is chosen of one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen<'c> {
    /// The name of the axis.
    pub label: &'c str,
    /// The alternative.
    pub proposal: &'c Proposal,
}

/// The number of the alternative that words mean.
fn meant(written: &[&str], words: &str) -> Option<usize> {
    let same = |like: &dyn Fn(&str) -> bool| {
        let mut found = written.iter().enumerate().filter(|(_, one)| like(one));
        found.next().filter(|_| found.next().is_none()).map(|(index, _)| index)
    };
    let wanted = tokens(words);
    let folded = words.to_lowercase();
    let length = duration(words);
    same(&|known| tokens(known) == wanted)
        .or_else(|| length.as_ref().and_then(|_| same(&|known| duration(known) == length)))
        .or_else(|| same(&|known| tokens(&known.to_lowercase()) == tokens(&folded)))
}

/// Words and signs, whatever white space stands between them.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length =
            if in_word(first) { rest.find(|letter| !in_word(letter)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// The parts of a duration, written out or short: `72 hours`, `72h`, `1 day 12 hours`, `1d12h`.
fn duration(text: &str) -> Option<Vec<(u64, &'static str)>> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '_').unwrap_or(rest.len());
        let (count, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.find(|letter: char| !letter.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        parts.push((count.replace('_', "").parse().ok()?, unit_of(unit)?));
        rest = after.trim_start();
    }
    (!parts.is_empty()).then_some(parts)
}

fn unit_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "s" | "second" | "seconds" => "second",
        "m" | "min" | "minute" | "minutes" => "minute",
        "h" | "hour" | "hours" => "hour",
        "d" | "day" | "days" => "day",
        "w" | "week" | "weeks" => "week",
        "month" | "months" => "month",
        "y" | "year" | "years" => "year",
        _ => return None,
    })
}
