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
    /// The files it uses, by their place in [`Loaded::files`], with the names given to their treaties.
    pub uses: Vec<(usize, Option<ast::Name>)>,
    /// Whether the file, or one that it uses, could not be read at all.
    pub incomplete: bool,
}

impl LoadedFile {
    fn named(name: String, source: SourceId) -> LoadedFile {
        let tree = Arc::default();
        let (others, under, uses) = (Vec::new(), Vec::new(), Vec::new());
        LoadedFile { name, source, tree, others, under, uses, incomplete: false }
    }
}

/// Every file of a run.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The files, those that are used before those that use them.
    pub files: Vec<LoadedFile>,
    /// Which of them were asked for by name, in that order.
    pub roots: Vec<usize>,
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
    let mut loader =
        Loader { library, sources, loaded: Loaded::default(), places: Map::default(), findings: Vec::new() };
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
        file.tree = Arc::new(tree);
        file
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
