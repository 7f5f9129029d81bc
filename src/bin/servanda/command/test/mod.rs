//! `servanda test`

mod junit;
mod snapshot;
mod suite;

use std::path::Path;

use super::Outcome;
use crate::files;
use crate::output::{self, Stream};
use suite::{Came, Case, Suite};

/// The arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// Files with scenarios, and folders, of which every `.treaty` and `.scenario` file with scenarios is taken
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Run only the scenarios whose title contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Name every scenario, not only those that fail
    #[arg(long, short)]
    verbose: bool,
    /// Write the results as JUnit XML, too
    #[arg(long, value_name = "FILE")]
    junit: Option<String>,
    /// Compare the whole report on each scenario with the one stored in `snapshots`, beside its file
    #[arg(long)]
    snapshot: bool,
    /// Store the reports, in the place of those that differ
    #[arg(long, requires = "snapshot")]
    update: bool,
}

/// Runs the scenarios and reports.
pub fn run(arguments: &Arguments) -> Outcome {
    let mut bad_input = false;
    let mut suites: Vec<Suite> = Vec::new();
    let mut snapshots = snapshot::Kept::default();
    for path in &arguments.paths {
        match clause_files(path) {
            Ok((files, in_folder)) => {
                let run = |file: &String| one(file, arguments, in_folder, &mut snapshots);
                suites.extend(files.iter().filter_map(run));
            }
            Err(reason) => {
                output::complain(&format!("cannot read `{path}`: {reason}"), "check the path");
                bad_input = true;
            }
        }
    }
    bad_input |= suites.iter().any(|suite| suite.broken);
    output::print(Stream::Out, &snapshots.stale());
    let written = arguments.junit.as_deref().is_none_or(|path| junit(path, &suites));
    match summary(&suites, arguments.filter.as_deref(), bad_input) {
        outcome if written && !bad_input => outcome,
        _ => Outcome::BadInput,
    }
}

/// Runs the scenarios of a file, and tells of them; none where it is in a folder and has none.
fn one(file: &str, arguments: &Arguments, in_folder: bool, snapshots: &mut snapshot::Kept) -> Option<Suite> {
    let options = suite::Options {
        filter: arguments.filter.as_deref(),
        in_folder,
        snapshot: arguments.snapshot,
        update: arguments.update,
    };
    let working = output::Working::now();
    working.say(file);
    let suite = suite::run(file, &options, snapshots);
    drop(working);
    let suite = suite?;
    tell(&suite, arguments.verbose);
    Some(suite)
}

/// The file itself, or those of a folder; and whether it is a folder.
fn clause_files(path: &str) -> Result<(Vec<String>, bool), String> {
    let place = Path::new(path);
    if !place.is_dir() {
        return Ok((vec![path.to_owned()], false));
    }
    let files = files::under(place, &["scenario", "treaty"]).map_err(|error| files::reason(&error))?;
    Ok((files.iter().map(|file| file.display().to_string()).collect(), true))
}

/// Tells of the scenarios of a file: of those that fail, what is wrong.
fn tell(suite: &Suite, verbose: bool) {
    output::print(Stream::Err, &suite.complaints);
    for case in &suite.cases {
        let (word, good) = match case.came {
            Came::Passed if !verbose => continue,
            Came::Passed => ("passed", true),
            Came::Failed => ("failed", false),
            Came::Broken => ("not run", false),
        };
        let title = format!("{} {}: {}\n", output::painted(word, good), suite.name, case.title);
        let more = if case.came == Came::Failed { format!("\n{}", case.drawn) } else { String::new() };
        output::print(Stream::Out, &(title + &more));
    }
}

fn junit(path: &str, suites: &[Suite]) -> bool {
    let text = match junit::document(suites) {
        Ok(text) => text,
        Err(error) => {
            output::complain(&format!("cannot write `{path}`: {error}"), "this is a fault of the program");
            return false;
        }
    };
    let written = files::replace(Path::new(path), &text);
    if let Err(error) = &written {
        let reason = files::reason(error);
        output::complain(&format!("cannot write `{path}`: {reason}"), "check that its folder is there");
    }
    written.is_ok()
}

/// Prints how many scenarios came to what.
fn summary(suites: &[Suite], filter: Option<&str>, bad_input: bool) -> Outcome {
    let cases: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let count = |came: Came| cases.iter().filter(|case| case.came == came).count();
    let (passed, failed, broken) = (count(Came::Passed), count(Came::Failed), count(Came::Broken));
    if cases.is_empty() {
        if !bad_input {
            let (what, help) = match filter {
                Some(filter) => (format!("no scenario has `{filter}` in its title"), "leave `--filter` out to run all"),
                None => ("there is no scenario".to_owned(), "write one: `scenario \"…\" { … }`"),
            };
            output::complain(&what, help);
        }
        return Outcome::BadInput;
    }
    let s = if cases.len() == 1 { "" } else { "s" };
    let mut parts = vec![format!("{passed} passed")];
    parts.extend((failed > 0).then(|| format!("{failed} failed")));
    parts.extend((broken > 0).then(|| format!("{broken} not run")));
    output::print(Stream::Out, &format!("{} scenario{s}: {}\n", cases.len(), parts.join(", ")));
    match (failed, broken) {
        (_, 1..) => Outcome::BadInput,
        (1.., 0) => Outcome::Findings,
        (0, 0) => Outcome::Clean,
    }
}
