//! `servanda replay`

mod choose;
mod variants;

use clap::ValueEnum;
use servanda::event::{self, Log};
use servanda::finding::{Finding, any_error, suggestion};
use servanda::model::{self, Chosen, KindId, Program};
use servanda::replay;
use servanda::report::{self, Scene};
use servanda::source::{SourceId, Sources};
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
    /// The log: JSON Lines or CSV, perhaps packed with gzip or zstd, or `-` for standard input
    #[arg(required = true)]
    log: String,
    /// Replay up to this instant or day, rather than to the last event
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Leave out what became known after this instant or day
    #[arg(long, value_name = "TIME")]
    known_at: Option<String>,
    /// Whether events that have to be established count only then, or as soon as they are alleged
    #[arg(long, value_enum, default_value_t = Standard::Established)]
    standard: Standard,
    /// Choose alternatives of brackets by their labels, and readings: `window=72h,reading=russian`
    #[arg(long, value_name = "LABEL=WORDS")]
    choose: Vec<String>,
    /// Replay every combination of the alternatives left open, and show the duties of which they decide
    #[arg(long)]
    variants: bool,
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
    /// The kind of the events that name none, as the lines of a CSV without a column `kind`
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
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

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Standard {
    /// What is alleged counts at once
    Alleged,
    /// What has to be established counts once it is
    Established,
}

/// Replays the log and reports.
pub fn run(arguments: &Arguments) -> Outcome {
    replay(arguments).unwrap_or(Outcome::BadInput)
}

/// What the replay came to; none where the input is bad, which has then been said.
fn replay(arguments: &Arguments) -> Option<Outcome> {
    let mut sources = Sources::default();
    let (loaded, mut findings) = files::load(&arguments.treaties, &mut sources);
    let (working_text, more) = model::build(&loaded);
    findings.extend(more);
    usable(&findings, &sources)?;
    let choices = model::choices(&loaded, &sources);
    let selection = choose::selection(&choices, &arguments.choose)?;
    let source = log_source(&arguments.log, &mut sources)?;
    if arguments.variants {
        let program = |selection: &model::Selection| model::build_chosen(&loaded, &sources, &choices, selection);
        return variants::run(arguments, &choices, &selection, &program, source, &sources);
    }
    let program = if selection.is_empty() {
        working_text
    } else {
        let (program, findings) = model::build_chosen(&loaded, &sources, &choices, &selection);
        usable(&findings, &sources)?;
        program
    };
    let options = options(arguments, &program)?;
    let log = log(arguments, &program, options, source, &sources)?;
    let scene = Scene { program: &program, log: &log, sources: &sources, options };
    let chosen = choices.chosen(&selection);
    let tally = match arguments.format {
        Format::Jsonl => stream(scene),
        Format::Json => document(scene, &chosen),
        Format::Human => human(scene, &chosen, arguments.rows),
    };
    Some(if tally.wrongs() > 0 { Outcome::Findings } else { Outcome::Clean })
}

/// How far the replay goes, and what it knows.
fn options(arguments: &Arguments, program: &Program) -> Option<replay::Options> {
    let standard = match arguments.standard {
        Standard::Alleged => replay::Standard::Alleged,
        Standard::Established => replay::Standard::Established,
    };
    let until = instant("--until", arguments.until.as_deref(), program)?;
    let known_at = instant("--known-at", arguments.known_at.as_deref(), program)?;
    Some(replay::Options { until, known_at, standard })
}

fn log_source(path: &str, sources: &mut Sources) -> Option<SourceId> {
    match files::log(path) {
        Ok((name, bytes)) => Some(sources.add(name, bytes)),
        Err(reason) => {
            output::complain(&format!("cannot read the log `{path}`: {reason}"), "the log is the last file named");
            None
        }
    }
}

/// The log, read by the kinds that a program declares.
fn log(
    arguments: &Arguments,
    program: &Program,
    replay: replay::Options,
    source: SourceId,
    sources: &Sources,
) -> Option<Log> {
    let bytes = sources.get(source).bytes();
    let working = output::Working::on(bytes.len());
    working.say("reading the log");
    let options = event::Options {
        keep_going: arguments.keep_going,
        ignore_unknown: arguments.ignore_unknown,
        strict: arguments.strict,
        may_be_empty: replay.until.is_some(),
        kind: kind(arguments.kind.as_deref(), program)?,
        ..event::Options::default()
    };
    let (log, findings) = event::read(program, source, bytes, options);
    drop(working);
    usable(&findings, sources)?;
    Some(log)
}

/// The kind that an option names, where it names one; none at all where there is no such kind, which has then been said.
#[expect(clippy::option_option, reason = "not given, or given and wrong")]
fn kind(name: Option<&str>, program: &Program) -> Option<Option<KindId>> {
    let Some(name) = name else { return Some(None) };
    let declared = || program.kinds.entries().find(|(_, kind)| kind.name == name).map(|(id, _)| id);
    let found = program.kinds_in_logs.get(name).copied().or_else(declared);
    if found.is_none() {
        let known = suggestion(name, program.kinds.iter().map(|kind| kind.name.as_str()));
        let help = known.unwrap_or_else(|| "name an event that a treaty declares".to_owned());
        output::complain(&format!("`--kind`: no event `{name}` is declared"), &help);
        return None;
    }
    Some(found)
}

/// Reports findings; none where one of them is an error.
fn usable(findings: &[Finding], sources: &Sources) -> Option<()> {
    output::findings(findings, sources);
    (!any_error(findings)).then_some(())
}

/// The time that an option gives, where it gives one; none at all where it is no time, which has then been said.
#[expect(clippy::option_option, reason = "not given, or given and wrong")]
fn instant(option: &str, text: Option<&str>, program: &Program) -> Option<Option<Instant>> {
    match text.map(|text| time(text, program)).transpose() {
        Ok(instant) => Some(instant),
        Err(error) => {
            output::complain(&format!("`{option}`: {error}"), "write `2025-11-04`, or `2025-11-04T03:12:00+02:00`");
            None
        }
    }
}

/// An instant, or a day, which stands for its first instant.
fn time(text: &str, program: &Program) -> Result<Instant, InstantError> {
    let zone = program.zone();
    match Instant::parse(text, &zone) {
        Err(InstantError::DateOnly(date)) => {
            date.parse().map(|date| zone.start_of(date)).map_err(|_| InstantError::Form(date))
        }
        other => other,
    }
}

fn stream(scene: Scene<'_>) -> Tally {
    let mut tally = Tally::default();
    let mut out = output::Buffered::default();
    let (lines, mut line) = (report::Lines::new(scene.program, scene.sources, None), Vec::new());
    replay::replay_into(scene.program, scene.log, &scene.options, &mut |number, verdict: Verdict| {
        tally.add(verdict.status);
        line.clear();
        if lines.write(scene.log, number, &verdict, &mut line).is_ok()
            && let Ok(line) = str::from_utf8(&line)
        {
            out.write(line);
        }
    });
    tally
}

fn verdicts(scene: Scene<'_>) -> Vec<Verdict> {
    let working = output::Working::on(scene.log.size());
    working.say("replaying the events");
    replay::replay(scene.program, scene.log, &scene.options)
}

fn document(scene: Scene<'_>, chosen: &[Chosen<'_>]) -> Tally {
    let verdicts = verdicts(scene);
    if let Ok(document) = report::document(scene, chosen, &verdicts) {
        output::print(Stream::Out, &document);
    }
    Tally::of(&verdicts)
}

fn human(scene: Scene<'_>, chosen: &[Chosen<'_>], rows: usize) -> Tally {
    let most = if rows == 0 { usize::MAX } else { rows };
    let style = output::style(Stream::Out);
    let verdicts = verdicts(scene);
    let tally = Tally::of(&verdicts);
    let mut out = output::Buffered::default();
    for chosen in chosen {
        out.write(&format!("{}\n", report::choice(chosen)));
    }
    if !chosen.is_empty() {
        out.write("\n");
    }
    for verdict in verdicts.iter().filter(|verdict| verdict.status.is_wrong()) {
        out.write(&report::breach(scene, verdict, style));
    }
    // Where not every row fits, those that need attention come first.
    let (urgent, others): (Vec<_>, Vec<_>) =
        verdicts.iter().partition(|verdict| verdicts.len() > most && is_urgent(verdict));
    let rows: Vec<_> = urgent.into_iter().chain(others).take(most).collect();
    if !rows.is_empty() {
        out.write(&report::docket(scene, &rows, style, most));
    }
    out.write(&report::ending(scene, &verdicts));
    let hidden = verdicts.len().saturating_sub(most);
    if hidden > 0 {
        out.write(&format!("{hidden} rows of the docket are not shown: `--rows 0` shows all\n"));
    }
    set_aside(&mut out, scene.log);
    tally
}

fn is_urgent(verdict: &Verdict) -> bool {
    verdict.status.is_wrong() || verdict.status == Status::Indeterminate
}

fn set_aside(out: &mut output::Buffered, log: &Log) {
    if log.set_aside > 0 {
        out.write(&format!("{} lines of the log were set aside\n", log.set_aside));
    }
}
