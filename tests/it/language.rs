//! Every construct of the language, in a file of its own: it parses, stands in the one layout, and checks.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use servanda::format;
use servanda::model::{self, Library, Program};
use servanda::report::{self, Style};
use servanda::source::Sources;
use servanda::syntax;

use super::support::{case, root};

/// The files of `tests/language`, by name.
fn files() -> BTreeMap<String, String> {
    let entries = fs::read_dir(root("tests/language")).unwrap().map(|entry| entry.unwrap().path());
    let named = entries.filter(|path| path.extension().is_some_and(|it| it == "treaty")).map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    named.collect()
}

/// The folder of those files.
struct Folder(PathBuf);

impl Library for Folder {
    fn open(&mut self, path: &str, _from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        fs::read(self.0.join(path)).map(|bytes| (path.to_owned(), bytes)).map_err(|error| error.to_string())
    }
}

fn check(name: &str) -> (Program, String) {
    let mut sources = Sources::default();
    let mut folder = Folder(root("tests/language"));
    let (loaded, mut findings) = model::load(&[name.to_owned()], &mut folder, &mut sources);
    let (program, more) = model::build(&loaded);
    findings.extend(more);
    (program, report::findings(&findings, &sources, Style::default()))
}

#[test]
fn every_construct_checks() {
    let files = files();
    assert!(files.len() > 100, "only {} files", files.len());
    for name in files.keys() {
        assert_eq!(check(name).1, "", "{name}");
    }
}

#[test]
fn every_construct_stands_in_the_one_layout() {
    for (name, text) in files() {
        assert!(text.starts_with("// §"), "{name} does not say what it shows");
        assert_eq!(format::format(&text).unwrap(), text, "{name}");
    }
}

// Without white space, and with white space everywhere, it is the same file.
#[test]
fn the_layout_does_not_depend_on_white_space() {
    for (name, text) in files() {
        if text.contains("\"\"\"") || text.contains(" bis ") {
            continue;
        }
        let spread = text.lines().map(|line| {
            let comment = line.trim_start().starts_with("//") || line.contains('"') || line.contains(" // ");
            if comment { format!("{line}\n") } else { line.replace(' ', "  \t") + "\n" }
        });
        assert_eq!(format::format(&spread.collect::<String>()).unwrap(), text, "{name}");
    }
}

// Whatever one takes away from a file, it is answered, and never with a panic.
#[test]
fn a_file_with_anything_missing_is_answered() {
    for (number, (_, text)) in files().into_iter().enumerate() {
        let words: Vec<_> = text.split_inclusive(' ').collect();
        // One word in five, which ones differing from file to file, takes a fifth of the time.
        for missing in (number % 5..words.len()).step_by(5) {
            let rest: String =
                words.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, word)| *word).collect();
            answered(&rest);
        }
    }
}

/// Reads, checks, draws and lays out a text.
fn answered(text: &str) {
    let case = case(text, "");
    case.reported();
    if let Ok(once) = format::format(text) {
        assert_eq!(format::format(&once).unwrap(), once, "{text}");
        assert_eq!(syntax::shape(&once), syntax::shape(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    // A line of one file put into another: mostly nonsense, always answered.
    #[test]
    fn lines_of_different_files_together_are_answered(picks in prop::collection::vec(any::<prop::sample::Index>(), 2..6), at in any::<prop::sample::Index>()) {
        let files: Vec<_> = files().into_values().collect();
        let mut lines: Vec<_> = picks[0].get(&files).lines().collect();
        for pick in &picks[1..] {
            let other: Vec<_> = pick.get(&files).lines().collect();
            let place = at.index(lines.len());
            let line: &&str = at.get(&other);
            lines.insert(place, line);
        }
        answered(&lines.join("\n"));
    }

    // Bytes that are no text are answered too.
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        struct One(Vec<u8>);
        impl Library for One {
            fn open(&mut self, path: &str, _: Option<&str>) -> Result<(String, Vec<u8>), String> {
                Ok((path.to_owned(), self.0.clone()))
            }
        }
        let mut sources = Sources::default();
        let (loaded, findings) = model::load(&["bytes.treaty".to_owned()], &mut One(bytes), &mut sources);
        report::findings(&findings, &sources, Style::default());
        model::build(&loaded);
    }
}
