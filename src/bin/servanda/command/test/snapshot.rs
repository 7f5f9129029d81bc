//! Reports on scenarios, stored beside them in the form that `insta` has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use servanda::finding::{Code, Finding};
use servanda::model::{Chosen, Loaded, Outline, Scenario};
use servanda::report::{self, Scene, Style};
use servanda::verdict::Verdict;
use similar::TextDiff;

use crate::files;

/// The snapshots that belong to the scenarios of each file, by folder and by the beginning of their names.
#[derive(Default)]
pub struct Kept(BTreeMap<(PathBuf, String), BTreeSet<PathBuf>>);

impl Kept {
    /// Notes the snapshots of a file.
    pub fn note(&mut self, path: &str, names: &[PathBuf]) {
        let path = Path::new(path);
        let known = self.0.entry((folder(path), format!("{}__", stem(path)))).or_default();
        known.extend(names.iter().cloned());
    }

    /// The snapshots to which no scenario belongs, a line each.
    pub fn stale(&self) -> String {
        let lines = self.0.iter().flat_map(|((folder, beginning), known)| {
            let stored = files::under(folder, &["snap"]).unwrap_or_default().into_iter();
            let own = stored.filter(move |path| {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                name.starts_with(beginning) && !known.contains(path)
            });
            own.map(|path| format!("stale: {}\n", path.display()))
        });
        lines.collect()
    }
}

/// The file of the snapshot of each scenario; titles that come to the same get a number.
pub fn names(path: &str, outlines: &[Outline]) -> Vec<PathBuf> {
    let path = Path::new(path);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let names = outlines.iter().map(|outline| {
        let slug = slug(&outline.title().text);
        let times = seen.entry(slug.clone()).or_default();
        *times += 1;
        let number = if *times > 1 { format!("-{times}") } else { String::new() };
        folder(path).join(format!("{}__{slug}{number}.snap", stem(path)))
    });
    names.collect()
}

fn folder(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).join("snapshots")
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The words of a title, in small letters, `_` between them.
fn slug(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

/// The whole report on a scenario, the same from wherever it is run: files are named from the scenario's folder.
pub fn text(scene: Scene<'_>, loaded: &Loaded, outline: &Outline, scenario: &Scenario, verdicts: &[Verdict]) -> String {
    let own = loaded.files.get(outline.file()).map_or("", |file| file.name.as_str());
    let from = Path::new(own).parent().unwrap_or(Path::new(""));
    let mut text = report::whole(scene, verdicts, Style::default());
    let mut names: Vec<_> = scene.sources.names().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        text = text.replace(&format!("[{name}:"), &format!("[{}:", relative(from, Path::new(name))));
    }
    let chosen = scenario.chosen.iter().map(|(label, proposal)| report::choice(&Chosen { label, proposal }) + "\n");
    let chosen: String = chosen.collect();
    format!("{}: {}\n{chosen}\n{text}", relative(from, Path::new(own)), outline.title().text)
}

/// A path as seen from a folder.
fn relative(from: &Path, path: &Path) -> String {
    let (mut from, mut to) = (from.components().peekable(), path.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| Component::ParentDir);
    up.chain(to).collect::<PathBuf>().display().to_string().replace('\\', "/")
}

/// Compares a report with the one stored; where it differs, what to say of that and the lines that differ. To update
/// is to store it.
pub fn compare(path: &Path, outline: &Outline, loaded: &Loaded, text: &str, update: bool) -> Option<(Finding, String)> {
    let stored = fs::read_to_string(path).ok().map(|stored| stored.replace("\r\n", "\n"));
    let old = stored.as_deref().map(content);
    let new = text.trim_end();
    let beside = path.with_extension("snap.new");
    if old.is_some_and(|old| old.trim_end() == new) {
        _ = fs::remove_file(&beside);
        return None;
    }
    let source = loaded.files.get(outline.file()).map_or("", |file| file.name.as_str());
    let document = document(source, &outline.title().text, new);
    let target = if update { path } else { &beside };
    if let Err(error) = fs::create_dir_all(target.parent()?).and_then(|()| files::replace(target, &document)) {
        let reason = files::reason(&error);
        return Some((finding(outline, &format!("cannot write `{}`: {reason}", target.display())), String::new()));
    }
    if update {
        _ = fs::remove_file(&beside);
        return None;
    }
    let what = match old {
        Some(_) => format!("the report differs from `{}`", path.display()),
        None => format!("there is no snapshot `{}`", path.display()),
    };
    let difference = TextDiff::from_lines(old.unwrap_or_default().trim_end(), new);
    let lines = difference.unified_diff().context_radius(2).missing_newline_hint(false).to_string();
    Some((finding(outline, &what), format!("{lines}\n")))
}

fn finding(outline: &Outline, what: &str) -> Finding {
    Finding::error(Code::SnapshotDiffers, what)
        .at(outline.title().span, "of this scenario")
        .help("`servanda test --snapshot --update` stores the report as it is now")
}

/// A snapshot: where it comes from, then the report.
fn document(source: &str, title: &str, text: &str) -> String {
    let name = Path::new(source).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!("---\nsource: {}\nexpression: {}\n---\n{text}\n", quoted(&name), quoted(title))
}

/// A text as YAML has it in quotes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What stands below the front matter.
fn content(snapshot: &str) -> &str {
    let below = snapshot.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    below.map_or(snapshot, |(_, content)| content)
}
