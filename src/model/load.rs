//! Reads files and the files they use, each once.

use std::sync::Arc;

use super::scenario;
use crate::arena::Map;
use crate::finding::{Code, Finding};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{self, ast};

/// Where clause files come from. The library itself opens none.
pub trait Library {
    /// The content of `path`, as `from` names it (or the caller, where there is no `from`), with the one name under
    /// which the same file is always known.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, for the user.
    fn open(&mut self, path: &str, from: Option<&str>) -> Result<(String, Vec<u8>), String>;
}

/// A file, its tree, and the files it uses.
#[derive(Debug, Clone)]
pub struct LoadedFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub source: SourceId,
    /// Its tree, of every bracket the alternative that is asked for.
    pub tree: Arc<ast::File>,
    /// Further trees, so that every alternative of every bracket stands in one of them.
    pub others: Vec<Arc<ast::File>>,
    /// The files that its scenarios are `under`, with the words that name them.
    pub under: Vec<(ast::Name, usize)>,
    /// The logs that its scenarios replay, by the words that name them.
    pub logs: Vec<(ast::Name, Result<SourceId, Finding>)>,
    /// What could not be read of scenarios that expect an error.
    pub expected: Vec<Finding>,
    /// The files it uses, by their place in [`Loaded::files`], with the names given to their treaties.
    pub uses: Vec<(usize, Option<ast::Name>)>,
    /// Whether the file, or one that it uses, could not be read at all.
    pub incomplete: bool,
}

impl LoadedFile {
    fn named(name: String, source: SourceId) -> LoadedFile {
        let tree = Arc::default();
        let (others, under, uses) = (Vec::new(), Vec::new(), Vec::new());
        let (logs, expected) = (Vec::new(), Vec::new());
        LoadedFile { name, source, tree, others, under, logs, expected, uses, incomplete: false }
    }
}

/// Every file of a run.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The files, those that are used before those that use them.
    pub files: Vec<LoadedFile>,
    /// Which of them were asked for by name, in that order.
    pub roots: Vec<usize>,
    /// Whether the treaties are those of the roots, rather than those of scenarios too.
    apart: bool,
}

impl Loaded {
    /// The same files, each with its tree of that number, or the last.
    pub(super) fn wave(&self, number: usize) -> Loaded {
        let mut loaded = self.clone();
        for file in &mut loaded.files {
            let last = file.others.len();
            if let Some(tree) = number.min(last).checked_sub(1).and_then(|index| file.others.get(index)) {
                file.tree = Arc::clone(tree);
            }
        }
        loaded
    }

    /// The same files, with the treaties of some of them only.
    pub(super) fn about(&self, roots: Vec<usize>) -> Loaded {
        Loaded { roots, apart: true, ..self.clone() }
    }

    /// The same files, of every bracket the alternative that is asked for.
    pub(super) fn chosen(&self, sources: &Sources, pick: syntax::Pick<'_>) -> Loaded {
        let mut loaded = self.clone();
        for file in &mut loaded.files {
            file.others.clear();
            let other = |bracket: &ast::Bracket| bracket.chosen != pick(bracket);
            if file.tree.brackets.iter().any(other)
                && let Ok(text) = std::str::from_utf8(sources.get(file.source).bytes())
            {
                file.tree = Arc::new(syntax::parse(file.source, text, pick).0);
            }
        }
        loaded
    }

    /// The files of the treaties that the scenarios of a file are about.
    pub(super) fn tested_by(&self, file: usize) -> Vec<usize> {
        let file = self.files.get(file).filter(|_| !self.apart);
        file.map(scenario::treaty_files).unwrap_or_default()
    }

    /// Every item of every file, with the place of its file.
    pub(super) fn items(&self) -> impl Iterator<Item = (usize, &ast::Item)> {
        let files = self.files.iter().enumerate();
        files.flat_map(|(index, file)| file.tree.items.iter().map(move |item| (index, item)))
    }

    /// Every tree of every file.
    pub(super) fn trees(&self) -> impl Iterator<Item = &ast::File> {
        self.files.iter().flat_map(|file| std::iter::once(&file.tree).chain(&file.others)).map(AsRef::as_ref)
    }
}

/// The files that the scenarios of a file are under.
fn under(item: &ast::Item) -> Vec<&ast::Name> {
    match item {
        ast::Item::Scenario(scenario) => scenario::under(scenario).collect(),
        _ => Vec::new(),
    }
}

/// Reads the files of those paths, and what they use.
pub fn load(paths: &[String], library: &mut dyn Library, sources: &mut Sources) -> (Loaded, Vec<Finding>) {
    let mut loader = Loader {
        library,
        sources,
        loaded: Loaded::default(),
        places: Map::default(),
        logs: Map::default(),
        findings: Vec::new(),
    };
    for path in paths {
        if let Some(index) = loader.file(path, None) {
            loader.loaded.roots.push(index);
        }
    }
    (loader.loaded, loader.findings)
}

struct Loader<'a> {
    library: &'a mut dyn Library,
    sources: &'a mut Sources,
    loaded: Loaded,
    /// Where each file stands; none while it is being read.
    places: Map<String, Option<usize>>,
    /// The logs that have been read.
    logs: Map<String, SourceId>,
    findings: Vec<Finding>,
}

/// The `use` that asked for a file: the file it stands in, and its place.
type Asked<'a> = Option<(&'a str, Span)>;

impl Loader<'_> {
    fn file(&mut self, path: &str, asked: Asked<'_>) -> Option<usize> {
        let (name, bytes) = match self.library.open(path, asked.map(|(from, _)| from)) {
            Ok(opened) => opened,
            Err(reason) => {
                self.findings.push(about(
                    Finding::error(Code::FileNotReadable, format!("cannot read `{path}`: {reason}"))
                        .help("check the path; `use` counts from the file that it stands in"),
                    asked,
                ));
                return None;
            }
        };
        match self.places.get(&name) {
            Some(Some(index)) => return Some(*index),
            Some(None) => {
                self.findings.push(about(
                    Finding::error(Code::UseCycle, format!("`{name}` uses itself, through the files it uses"))
                        .help("move what both need into a third file"),
                    asked,
                ));
                return None;
            }
            None => {}
        }
        self.places.insert(name.clone(), None);
        let source = self.sources.add(name.clone(), bytes);
        let file = self.read(name.clone(), source);
        self.loaded.files.push(file);
        let index = self.loaded.files.len() - 1;
        self.places.insert(name, Some(index));
        Some(index)
    }

    /// A log that a scenario replays; several may replay the same.
    fn log(&mut self, from: &str, log: &ast::Name) -> Result<SourceId, Finding> {
        let (name, bytes) = self.library.open(&log.text, Some(from)).map_err(|reason| {
            Finding::error(Code::FileNotReadable, format!("cannot read the log `{}`: {reason}", log.text))
                .at(log.span, "replayed here")
                .help("check the path; it counts from the file that the scenario stands in")
        })?;
        if let Some(read) = self.logs.get(&name) {
            return Ok(*read);
        }
        let source = self.sources.add(name.clone(), bytes);
        self.logs.insert(name, source);
        Ok(source)
    }

    fn read(&mut self, name: String, source: SourceId) -> LoadedFile {
        let mut file = LoadedFile::named(name, source);
        let text = match std::str::from_utf8(self.sources.get(source).bytes()) {
            Ok(text) => text,
            Err(error) => {
                let start = error.valid_up_to();
                let span = Span { source, start, end: start + 1 };
                self.findings.push(invalid_utf8(span));
                file.incomplete = true;
                return file;
            }
        };
        let (trees, findings) = syntax::parse_each(source, text);
        let mut trees = trees.into_iter();
        let tree = trees.next().unwrap_or_default();
        if tree.items.is_empty() && findings.is_empty() {
            let span = Span { source, start: 0, end: 0 };
            self.findings.push(
                Finding::error(Code::EmptyFile, format!("`{}` holds no clause", file.name))
                    .at(span, "nothing but white space and comments")
                    .help("a first clause: `article 1 { Italy shall notify within 24 hours }`"),
            );
        }
        let (expected, findings) = scenario::expected_of_reading(&tree, findings);
        file.expected = expected;
        self.findings.extend(findings);
        file.others = trees.map(Arc::new).collect();
        for item in &tree.items {
            if let ast::Item::Use(used) = item {
                let asked = Some((file.name.as_str(), used.path.span));
                match self.file(&used.path.text, asked) {
                    Some(index) => file.uses.push((index, used.alias.clone())),
                    None => file.incomplete = true,
                }
            }
        }
        for used in tree.items.iter().flat_map(under) {
            if let Some(index) = self.file(&used.text, Some((file.name.as_str(), used.span))) {
                file.under.push((used.clone(), index));
            }
        }
        for log in tree.items.iter().flat_map(logs) {
            let read = self.log(&file.name, log);
            file.logs.push((log.clone(), read));
        }
        file.tree = Arc::new(tree);
        file
    }
}

/// The logs that the scenarios of a file replay.
fn logs(item: &ast::Item) -> Vec<&ast::Name> {
    match item {
        ast::Item::Scenario(scenario) => scenario::logs(scenario).collect(),
        _ => Vec::new(),
    }
}

/// The finding for bytes that are no text.
pub(crate) fn invalid_utf8(span: Span) -> Finding {
    Finding::error(Code::InvalidUtf8, "these bytes are not UTF-8")
        .at(span, "from here on")
        .help("save the file as UTF-8")
}

fn about(finding: Finding, asked: Asked<'_>) -> Finding {
    match asked {
        Some((_, span)) => finding.at(span, "asked for here"),
        None => finding,
    }
}
