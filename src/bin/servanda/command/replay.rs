//! `servanda replay`

use clap::ValueEnum;
use servanda::event::{self, Log};
use servanda::finding::{Finding, any_error};
use servanda::model::Program;
use servanda::monitor;
use servanda::report::{self, Scene};
use servanda::source::Sources;
use servanda::time::{Instant, InstantError};
use servanda::verdict::{Status, Tally, Verdict};

use super::Outcome;
use crate::files;
use crate::output::{self, Stream};

/// The arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// Clause files; what they `use` is read too
    #[arg(required = true, value_name = "TREATY")]
    treaties: Vec<String>,
    /// The log: JSON Lines, perhaps gzipped, or `-` for standard input
    #[arg(required = true)]
    log: String,
    /// Replay up to this instant or day, rather than to the last event
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// How many rows of the docket to print, those that need attention first; 0 for all of them
    #[arg(long, value_name = "N", default_value_t = 100)]
    rows: usize,
    /// Set wrong lines of the log aside, with a warning each, and replay the rest
    #[arg(long)]
    keep_going: bool,
    /// Set events of kinds that no treaty declares aside
    #[arg(long)]
    ignore_unknown: bool,
    /// Refuse fields that the event does not declare
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Diagnostics and a docket, for people
    Human,
    /// One JSON document
    Json,
    /// One JSON verdict a line, each as soon as nothing can change it
    Jsonl,
}

/// Replays the log and reports.
pub fn run(arguments: &Arguments) -> Outcome {
    replay(arguments).unwrap_or(Outcome::BadInput)
}

/// What the replay came to; none where the input is bad, which has then been said.
fn replay(arguments: &Arguments) -> Option<Outcome> {
    let mut sources = Sources::default();
    let (program, findings) = files::program(&arguments.treaties, &mut sources);
    usable(&findings, &sources)?;
    let until = match arguments.until.as_deref().map(|text| until(text, &program)).transpose() {
        Ok(until) => until,
        Err(error) => {
            output::complain(&format!("`--until`: {error}"), "write `2025-11-04`, or `2025-11-04T03:12:00+02:00`");
            return None;
        }
    };
    let (name, bytes) = match files::log(&arguments.log) {
        Ok(read) => read,
        Err(reason) => {
            let log = &arguments.log;
            output::complain(&format!("cannot read the log `{log}`: {reason}"), "the log is the last file named");
            return None;
        }
    };
    let working = output::Working::on(bytes.len());
    working.say("reading the log");
    let source = sources.add(name, bytes);
    let options = event::Options {
        keep_going: arguments.keep_going,
        ignore_unknown: arguments.ignore_unknown,
        strict: arguments.strict,
        may_be_empty: until.is_some(),
    };
    let (log, findings) = event::read(&program, source, sources.get(source).bytes(), options);
    drop(working);
    usable(&findings, &sources)?;
    let scene = Scene { program: &program, log: &log, sources: &sources };
    let tally = match arguments.format {
        Format::Jsonl => stream(scene, until),
        Format::Json => document(scene, until),
        Format::Human => human(scene, until, arguments.rows),
    };
    Some(if tally.breaches() > 0 { Outcome::Findings } else { Outcome::Clean })
}

/// Reports findings; none where one of them is an error.
fn usable(findings: &[Finding], sources: &Sources) -> Option<()> {
    output::findings(findings, sources);
    (!any_error(findings)).then_some(())
}

/// An instant, or a day, which stands for its first instant.
fn until(text: &str, program: &Program) -> Result<Instant, InstantError> {
    let zone = program.zone();
    match Instant::parse(text, &zone) {
        Err(InstantError::DateOnly(date)) => {
            date.parse().map(|date| zone.start_of(date)).map_err(|_| InstantError::Form(date))
        }
        other => other,
    }
}

fn stream(scene: Scene<'_>, until: Option<Instant>) -> Tally {
    let mut tally = Tally::default();
    let mut out = output::Buffered::default();
    monitor::replay_into(scene.program, scene.log, until, &mut |_, verdict: Verdict| {
        tally.add(verdict.status);
        if let Ok(line) = report::line(scene, &verdict) {
            out.write(&line);
        }
    });
    tally
}

fn verdicts(scene: Scene<'_>, until: Option<Instant>) -> Vec<Verdict> {
    let working = output::Working::on(scene.log.size());
    working.say("replaying the events");
    monitor::replay(scene.program, scene.log, until)
}

fn document(scene: Scene<'_>, until: Option<Instant>) -> Tally {
    let verdicts = verdicts(scene, until);
    if let Ok(document) = report::document(scene, until, &verdicts) {
        output::print(Stream::Out, &document);
    }
    Tally::of(&verdicts)
}

fn human(scene: Scene<'_>, until: Option<Instant>, rows: usize) -> Tally {
    let most = if rows == 0 { usize::MAX } else { rows };
    let style = output::style(Stream::Out);
    let verdicts = verdicts(scene, until);
    let tally = Tally::of(&verdicts);
    let mut out = output::Buffered::default();
    for verdict in verdicts.iter().filter(|verdict| verdict.status.is_breach()) {
        out.write(&report::breach(scene, verdict, style));
    }
    // Where not every row fits, those that need attention come first.
    let (urgent, others): (Vec<_>, Vec<_>) =
        verdicts.iter().partition(|verdict| verdicts.len() > most && is_urgent(verdict));
    let rows: Vec<_> = urgent.into_iter().chain(others).take(most).collect();
    if !rows.is_empty() {
        out.write(&report::docket(scene, &rows, style, most));
    }
    out.write(&format!("{}\n", report::summary(&tally)));
    let silent: Vec<_> = report::untriggered(scene.program, &verdicts).iter().map(|it| it.label.as_str()).collect();
    if !silent.is_empty() {
        out.write(&format!("not triggered: article {}\n", silent.join(", ")));
    }
    let hidden = verdicts.len().saturating_sub(most);
    if hidden > 0 {
        out.write(&format!("{hidden} rows of the docket are not shown: `--rows 0` shows all\n"));
    }
    set_aside(&mut out, scene.log);
    tally
}

fn is_urgent(verdict: &Verdict) -> bool {
    verdict.status.is_breach() || verdict.status == Status::Indeterminate
}

fn set_aside(out: &mut output::Buffered, log: &Log) {
    if log.set_aside > 0 {
        out.write(&format!("{} lines of the log were set aside\n", log.set_aside));
    }
}
