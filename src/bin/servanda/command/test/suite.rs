//! The scenarios of one file.

use servanda::finding::{Finding, Level, any_error};
use servanda::model::{self, Loaded, Outline};
use servanda::report::{self, Scene, Style};
use servanda::scenario::{self, Outcome};
use servanda::source::Sources;

use super::snapshot;
use crate::files;
use crate::output::{self, Stream};

/// The scenarios of one file, and what they came to.
pub struct Suite {
    /// The file.
    pub name: String,
    /// The scenarios, in order.
    pub cases: Vec<Case>,
    /// Whether something is wrong with the file, or with a scenario of it.
    pub broken: bool,
    /// What that is, drawn.
    pub complaints: String,
}

/// What a scenario came to.
pub struct Case {
    /// Its title.
    pub title: String,
    /// What it came to.
    pub came: Came,
    /// What is wrong, in a line.
    pub message: String,
    /// What is wrong, drawn for a terminal.
    pub drawn: String,
    /// The same without colour.
    pub plain: String,
}

/// What a scenario came to, in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// Everything is as expected.
    Passed,
    /// Something is not.
    Failed,
    /// It could not be replayed.
    Broken,
}

/// What to run, and how.
pub struct Options<'o> {
    /// Only the scenarios whose title contains this.
    pub filter: Option<&'o str>,
    /// Whether the file was found in a folder, rather than named.
    pub in_folder: bool,
    /// Whether to compare reports with snapshots.
    pub snapshot: bool,
    /// Whether to store them.
    pub update: bool,
}

/// Runs the scenarios of a file; none where it is in a folder and has none.
pub fn run(path: &str, options: &Options<'_>, kept: &mut snapshot::Kept) -> Option<Suite> {
    let mut sources = Sources::default();
    let (loaded, mut findings) = files::load(&[path.to_owned()], &mut sources);
    let outlines = model::scenarios(&loaded);
    if options.in_folder && outlines.is_empty() && !(any_error(&findings) && mentions_scenarios(path)) {
        return None;
    }
    let (_, more) = model::build(&loaded);
    findings.extend(more);
    let names = snapshot::names(path, &outlines);
    if options.snapshot {
        kept.note(path, &names);
    }
    // What is wrong in one scenario stops that one alone.
    let apart = |finding: &&Finding| !outlines.iter().any(|outline| outline.holds(finding));
    let broken = errors(&findings).any(|finding| apart(&finding));
    let complaints =
        if broken { report::findings(&findings, &sources, output::style(Stream::Err)) } else { String::new() };
    let mut suite = Suite { name: path.to_owned(), cases: Vec::new(), broken, complaints };
    let mut built = model::Suite::of(&loaded, &sources);
    for (outline, snapshot) in outlines.iter().zip(&names) {
        let title = &outline.title().text;
        if options.filter.is_some_and(|filter| !title.contains(filter)) {
            continue;
        }
        let own: Vec<_> = errors(&findings).filter(|finding| outline.holds(finding)).cloned().collect();
        let case = if broken {
            not_run(title, &findings, &sources)
        } else if !own.is_empty() {
            not_run(title, &own, &sources)
        } else {
            let stored = options.snapshot.then_some(snapshot.as_path());
            one(&mut built, &loaded, &sources, outline, &findings, stored, options.update)
        };
        if case.came == Came::Broken && !broken {
            suite.broken = true;
            suite.complaints += &case.drawn;
        }
        suite.cases.push(case);
    }
    // Results without a trace of a file that cannot be read would look as if all were well.
    if broken && outlines.is_empty() {
        suite.cases.push(not_run(path, &findings, &sources));
    }
    Some(suite)
}

fn errors(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.level == Level::Error)
}

/// Whether a file that cannot be read as it should was meant to hold scenarios.
fn mentions_scenarios(path: &str) -> bool {
    files::bytes(path).is_ok_and(|(_, bytes)| String::from_utf8_lossy(&bytes).contains("scenario \""))
}

fn one(
    built: &mut model::Suite<'_>,
    loaded: &Loaded,
    sources: &Sources,
    outline: &Outline,
    warnings: &[Finding],
    snapshot: Option<&std::path::Path>,
    update: bool,
) -> Case {
    let (program, scenario, found) = built.build(outline);
    let outcome = scenario::test(&program, scenario.as_ref(), sources, found, warnings);
    let title = &outline.title().text;
    if !outcome.replayed {
        return not_run(title, &outcome.errors, sources);
    }
    let Outcome { log, verdicts, failures, options, .. } = &outcome;
    let scene = Scene { program: &program, log, sources, options: *options };
    let told = scenario.iter().flat_map(|scenario| {
        failures.iter().filter_map(move |failure| report::failure(scene, scenario, verdicts, failure))
    });
    let mut findings: Vec<_> = told.collect();
    let mut difference = String::new();
    if let (Some(path), Some(scenario)) = (snapshot, &scenario) {
        let text = snapshot::text(scene, loaded, outline, scenario, verdicts);
        let compared = snapshot::compare(path, outline, loaded, &text, update);
        if let Some((finding, lines)) = compared {
            findings.push(finding);
            difference = lines;
        }
    }
    case(title, &findings, sources, &difference)
}

fn case(title: &str, findings: &[Finding], sources: &Sources, difference: &str) -> Case {
    let drawn = |style: Style| report::findings(findings, sources, style) + difference;
    Case {
        title: title.to_owned(),
        came: if findings.is_empty() { Came::Passed } else { Came::Failed },
        message: message(findings),
        drawn: drawn(output::style(Stream::Out)),
        plain: drawn(Style::default()),
    }
}

fn not_run(title: &str, findings: &[Finding], sources: &Sources) -> Case {
    Case { came: Came::Broken, ..case(title, findings, sources, "") }
}

fn message(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ")
}
