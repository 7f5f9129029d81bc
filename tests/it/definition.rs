//! The laws of every construct, over the treaties of the project: made-up logs for each.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;
use servanda::event::Log;
use servanda::finding::any_error;
use servanda::model::{self, Library, Loaded, Program};
use servanda::source::Sources;

use super::generated::{LOGS, Law, Question, both_say_the_same, decided_is_final, question};
use super::made_up::{self, Dice, Liberties, Matter};
use super::support::{law_cases, root};

/// Every treaty file of the project that is meant to be replayed.
fn files() -> &'static [PathBuf] {
    static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = Vec::new();
        for folder in ["tests/language", "tests/semantics", "tests/fixtures", "clauses"] {
            treaties_in(&root(folder), &mut files);
        }
        files.sort();
        files
    })
}

fn treaties_in(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            treaties_in(&path, files);
        } else if path.extension().is_some_and(|it| it == "treaty") {
            files.push(path);
        }
    }
}

struct Disk;

impl Library for Disk {
    fn open(&mut self, path: &str, from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        let folder = from.and_then(|from| PathBuf::from(from).parent().map(PathBuf::from)).unwrap_or_default();
        let path = folder.join(path);
        fs::read(&path).map(|bytes| (path.display().to_string(), bytes)).map_err(|error| error.to_string())
    }
}

/// The texts of all files that a treaty is made of.
fn text_of(loaded: &Loaded, sources: &Sources) -> String {
    let bytes = loaded.files.iter().map(|file| sources.get(file.source).bytes());
    bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned() + "\n").collect()
}

/// Tries a law on a file, with logs of a seed.
fn holds(file: &Path, seed: u64, law: Law) {
    let mut sources = Sources::default();
    let (loaded, findings) = model::load(&[file.display().to_string()], &mut Disk, &mut sources);
    let (program, more) = model::build(&loaded);
    assert!(!any_error(&findings) && !any_error(&more), "{}", file.display());
    let matter = Matter::of(&text_of(&loaded, &sources), &program);
    for number in 0..LOGS {
        let mut dice = Dice::of(seed ^ number);
        let liberties = Liberties { uncertain: number == 3, reported: number % 2 == 1 };
        let lines = made_up::lines(&program, &matter, liberties, &mut dice);
        let text = lines.join("\n");
        let log = made_up::read(&program, &text, &mut sources);
        let Some(log) = log else { panic!("{}\n{text}", file.display()) };
        let Some(question) = question(&log, &matter, &mut dice) else { continue };
        let what = || format!("{}\n{text}\n{question:?}", file.display());
        if made_up::watched(what, || made_up::guarded(|| law(&program, &log, &question))).is_some() {
            fail(file, &program, lines, law, question);
        }
    }
}

/// Says what is wrong with the smallest log that shows it.
fn fail(file: &Path, program: &Program, lines: Vec<String>, law: Law, question: Question) -> ! {
    let tried = |text: &str| {
        let log: Log = made_up::read(program, text, &mut Sources::default())?;
        made_up::guarded(|| law(program, &log, &question))
    };
    let (_, text) = made_up::smallest(Vec::new(), lines, &|_, log| tried(log).is_some());
    panic!("{}: {}\n\n{text}\n{question:?}\ncut {}", file.display(), tried(&text).unwrap_or_default(), question.cut);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: law_cases(300), failure_persistence: None, ..ProptestConfig::default() })]

    // Every replay ends; what is decided stays decided, whatever comes later.
    #[test]
    fn replays_end_and_decided_verdicts_are_final(file in any::<prop::sample::Index>().no_shrink(), seed in any::<u64>().no_shrink()) {
        holds(file.get::<PathBuf>(files()), seed, decided_is_final);
    }

    // monitor(log) = semantics(log)
    #[test]
    fn both_semantics_say_the_same_of_the_projects_treaties(file in any::<prop::sample::Index>().no_shrink(), seed in any::<u64>().no_shrink()) {
        holds(file.get::<PathBuf>(files()), seed, both_say_the_same);
    }
}
