//! Scenarios, resolved.

use super::load::Loaded;
use super::{ArticleId, KindId, PartyId, Proposal, TreatyId, Value, scenario};
use crate::finding::Finding;
use crate::source::{SourceId, Span};
use crate::syntax::ast::{self, Item, Name};
use crate::time::Instant;

/// A scenario as it stands in its file, nothing resolved.
#[derive(Debug, Clone)]
pub struct Outline {
    pub(super) file: usize,
    pub(super) scenario: ast::Scenario,
}

/// Every scenario of the files asked for, in the order of the files.
pub fn scenarios(loaded: &Loaded) -> Vec<Outline> {
    let mut outlines = Vec::new();
    for file in &loaded.roots {
        for item in loaded.files.get(*file).into_iter().flat_map(|loaded| &loaded.tree.items) {
            if let Item::Scenario(scenario) = item {
                outlines.push(Outline { file: *file, scenario: scenario.clone() });
            }
        }
    }
    outlines
}

impl Outline {
    /// What it shows.
    pub fn title(&self) -> &Name {
        &self.scenario.title
    }

    /// The file that it stands in, by its place in [`Loaded::files`].
    pub fn file(&self) -> usize {
        self.file
    }

    /// Whether a finding is about its words.
    pub fn holds(&self, finding: &Finding) -> bool {
        scenario::is_in(finding, &self.scenario)
    }

    /// The alternatives that it chooses: labels, and words.
    pub(super) fn choices(&self) -> impl Iterator<Item = (&Name, &Name)> {
        scenario::choices(&self.scenario)
    }

    /// The files of the treaties that it is about.
    pub(super) fn treaties(&self, loaded: &Loaded) -> Vec<usize> {
        let file = loaded.files.get(self.file);
        file.map(|file| scenario::files(self.file, file, &self.scenario)).unwrap_or_default()
    }

    /// What could not be read of it, which it expects.
    pub(super) fn unread(&self, loaded: &Loaded) -> Vec<Finding> {
        let file = loaded.files.get(self.file).into_iter();
        let found = file.flat_map(|file| &file.expected);
        found.filter(|finding| scenario::is_in(finding, &self.scenario)).cloned().collect()
    }
}

/// A scenario: what happens, and what is expected of it.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it shows.
    pub title: Name,
    /// The treaties that it is about.
    pub treaties: Vec<TreatyId>,
    /// What it chooses of their alternatives and readings: labels, and what is chosen.
    pub chosen: Vec<(String, Proposal)>,
    /// What its offsets count from.
    pub starts: Option<Instant>,
    /// What is known: what was reported later is left out.
    pub known_at: Option<Instant>,
    /// Up to when it is replayed; up to the last event, where nothing is said.
    pub ends: Option<Instant>,
    /// The logs that it replays before its steps.
    pub logs: Vec<SourceId>,
    /// Its steps, in the order written.
    pub steps: Vec<Step>,
    /// What is expected, in the order written.
    pub expectations: Vec<Expectation>,
}

/// Something that happens.
#[derive(Debug, Clone)]
pub struct Step {
    /// What.
    pub kind: KindId,
    /// When.
    pub at: Instant,
    /// When it became known.
    pub reported: Instant,
    /// The name given to it, which is its identifier.
    pub name: Option<String>,
    /// Its fields, by their places in the kind.
    pub fields: Vec<StepValue>,
    /// Where it stands.
    pub span: Span,
}

/// A value in a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepValue {
    /// A value known beforehand.
    Is(Value),
    /// An earlier step, by its place.
    Step(usize),
    /// The event of a log that has this identifier.
    Event(String),
    /// Several.
    List(Vec<StepValue>),
}

/// Something expected.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// What.
    pub kind: ExpectationKind,
    /// Where it stands.
    pub span: Span,
}

/// What is expected.
#[derive(Debug, Clone)]
pub enum ExpectationKind {
    /// That a duty comes to something, or does not begin.
    Duty(ExpectedDuty),
    /// That every breach is one of those expected.
    NoOtherBreach,
    /// That every duty is one of those expected.
    NothingElse,
    /// A finding, by its name or words of its message.
    Error(Name),
    /// A warning of `check`, by its name.
    Lint(Name),
}

/// What a duty is expected to come to.
#[derive(Debug, Clone)]
pub struct ExpectedDuty {
    /// The articles, any of which will do.
    pub articles: Vec<ArticleId>,
    /// The label that means them.
    pub label: String,
    /// The word for what it comes to.
    pub status: String,
    /// Whose; anybody's, where nobody is named.
    pub by: Vec<ExpectedBearer>,
    /// What it has to do with.
    pub on: Option<StepValue>,
    /// When it was due.
    pub due: Option<Instant>,
    /// When it came to that.
    pub at: Option<Instant>,
}

/// Who is expected to bear a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedBearer {
    /// One party, or every member of a group whose members are always the same.
    pub parties: Vec<PartyId>,
    /// Whether a group is named.
    pub group: bool,
    /// Whether its members come and go, so that whoever owes is meant.
    pub changing: bool,
    /// The parties left out of such a group.
    pub without: Vec<PartyId>,
}

/// Whether a finding is the one that `expect error "…"` means: by its name, or by words of its message.
pub fn is_called(finding: &Finding, words: &str) -> bool {
    let plain = |text: &str| text.replace('`', "").to_lowercase();
    let name = words.trim().to_lowercase().replace(['_', ' '], "-");
    finding.code.name() == name || plain(&finding.message).contains(&plain(words.trim()))
}
