//! What the tests share: texts in, verdicts out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use servanda::event::{self, Log, Options};
use servanda::finding::{Finding, any_error};
use servanda::model::{self, Library, Program};
use servanda::replay;
use servanda::report::{self, Lines, Scene, Style};
use servanda::source::Sources;
use servanda::time::Instant;
use servanda::verdict::Verdict;

/// Clause files that exist in memory only.
pub struct Shelf<'a>(pub BTreeMap<&'a str, &'a str>);

impl Library for Shelf<'_> {
    fn open(&mut self, path: &str, _from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        let text = self.0.get(path).ok_or("there is no such file")?;
        Ok((path.to_owned(), text.as_bytes().to_vec()))
    }
}

/// A treaty and a log, read.
pub struct Case {
    pub sources: Sources,
    pub program: Program,
    pub log: Log,
    pub findings: Vec<Finding>,
}

/// Reads a treaty, and reports what is wrong with it.
pub fn program(treaty: &str, sources: &mut Sources) -> (Program, Vec<Finding>) {
    let mut shelf = Shelf(BTreeMap::from([("test.treaty", treaty)]));
    let (loaded, mut findings) = model::load(&["test.treaty".to_owned()], &mut shelf, sources);
    let (program, more) = model::build(&loaded);
    findings.extend(more);
    (program, findings)
}

/// Reads a treaty and a log.
pub fn case(treaty: &str, log: &str) -> Case {
    case_with(treaty, log, Options { may_be_empty: true, ..Options::default() })
}

/// Reads treaties of several files, and a log.
pub fn case_of(files: &[(&str, &str)], treaties: &[&str], log: &str) -> Case {
    let mut sources = Sources::default();
    let mut shelf = Shelf(files.iter().copied().collect());
    let treaties: Vec<_> = treaties.iter().map(|name| (*name).to_owned()).collect();
    let (loaded, mut findings) = model::load(&treaties, &mut shelf, &mut sources);
    let (program, more) = model::build(&loaded);
    findings.extend(more);
    let source = sources.add("test.jsonl", log);
    let (log, more) = event::read(&program, source, log.as_bytes(), Options::default());
    findings.extend(more);
    Case { sources, program, log, findings }
}

pub fn case_with(treaty: &str, log: &str, options: Options) -> Case {
    let mut sources = Sources::default();
    let (program, mut findings) = program(treaty, &mut sources);
    let mut events = Log::default();
    if !any_error(&findings) {
        let source = sources.add("test.jsonl", log);
        let (read, more) = event::read(&program, source, log.as_bytes(), options);
        events = read;
        findings.extend(more);
    }
    Case { sources, program, log: events, findings }
}

impl Case {
    /// The findings, drawn.
    pub fn reported(&self) -> String {
        report::findings(&self.findings, &self.sources, Style::default())
    }

    pub fn replay(&self, until: Option<&str>) -> Vec<Verdict> {
        assert!(!any_error(&self.findings), "{}", self.reported());
        replay::replay(
            &self.program,
            &self.log,
            &replay::Options { until: self.instant(until), ..replay::Options::default() },
        )
    }

    pub fn instant(&self, text: Option<&str>) -> Option<Instant> {
        text.map(|text| Instant::parse(text, &self.program.zone()).unwrap())
    }

    pub fn scene(&self) -> Scene<'_> {
        self.scene_until(None)
    }

    pub fn scene_until(&self, until: Option<&str>) -> Scene<'_> {
        let options = replay::Options { until: self.instant(until), ..replay::Options::default() };
        Scene { program: &self.program, log: &self.log, sources: &self.sources, options }
    }

    /// A verdict as a line of JSON.
    pub fn json(&self, verdict: &Verdict) -> serde_json::Value {
        let mut line = Vec::new();
        Lines::new(&self.program, &self.sources, None).write(&self.log, 0, verdict, &mut line).unwrap();
        serde_json::from_slice(&line).unwrap()
    }

    /// A verdict in a line: article, bearer, status, due, and the instants of the acts.
    pub fn line(&self, verdict: &Verdict) -> String {
        let shown = self.json(verdict);
        let text = |key: &str| shown[key].as_str().unwrap_or("?").to_owned();
        let mut line = format!("{} {} {}", text("article"), text("by"), text("status"));
        if let Some(due) = shown["due"].as_str() {
            line += &format!(" due {due}");
        }
        for act in shown["acts"].as_array().unwrap() {
            line += &format!(" at {}", act["at"].as_str().unwrap());
        }
        if verdict.bearer.group && verdict.status.is_breach() {
            let blamed: Vec<_> = shown["blamed"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
            line += &format!(" blamed {}", blamed.join(", "));
        }
        line
    }
}

/// Replays, and compares every verdict with lines written by hand, in the order in which the duties began.
#[track_caller]
pub fn check(treaty: &str, log: &str, until: Option<&str>, expected: &str) {
    let case = case(treaty, log);
    let found: Vec<_> = case.replay(until).iter().map(|verdict| case.line(verdict)).collect();
    let expected: Vec<_> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(found.join("\n"), expected.join("\n"));
}

/// How many cases a property tries: as many as `LAW_CASES` says, or so many.
pub fn law_cases(most: u32) -> u32 {
    std::env::var("LAW_CASES").map_or(most, |cases| cases.parse().unwrap())
}

/// The folder of data that is not part of the project, if it is there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: there is no {}", found.display());
    None
}

pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
