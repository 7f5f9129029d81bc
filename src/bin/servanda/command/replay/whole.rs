//! A replay of a log that is read as a whole.

use servanda::event::{self, Log};
use servanda::finding::any_error;
use servanda::model::{Chosen, Program};
use servanda::replay;
use servanda::report::{self, Scene, Style};
use servanda::source::{SourceId, Sources};
use servanda::verdict::{Status, Tally, Verdict};

use super::arguments::{Arguments, Format};
use super::{style, to};
use crate::command::Outcome;
use crate::output::{self, Out, Stream};
use crate::{files, logs};

/// Adds the text of a log to the sources; none where it cannot be read, which has then been said.
pub fn source(path: &str, sources: &mut Sources, complain: &mut dyn FnMut(&str)) -> Option<SourceId> {
    match logs::whole(path) {
        Ok((name, bytes)) => Some(sources.add(name, bytes)),
        Err(reason) => {
            complain(&output::complaint(
                &format!("cannot read the log `{path}`: {reason}"),
                "check the path of the log",
            ));
            None
        }
    }
}

/// The log, read by the kinds that a program declares; none where it is not fit to be replayed, which has been said.
pub fn log(
    arguments: &Arguments,
    program: &Program,
    source: SourceId,
    sources: &Sources,
    complain: &mut dyn FnMut(&str),
) -> Option<Log> {
    let bytes = sources.get(source).bytes();
    let (log, findings) = event::read(program, source, bytes, arguments.reading(program)?);
    complain(&report::findings(&findings, sources, output::style(Stream::Err)));
    (!any_error(&findings)).then_some(log)
}

/// Replays one log, and reports.
pub fn run(
    arguments: &Arguments,
    program: &Program,
    chosen: &[Chosen<'_>],
    sources: Sources,
    path: &str,
) -> Option<Outcome> {
    let mut sources = sources;
    let options = arguments.options(program)?;
    let mut complain = |text: &str| output::print(Stream::Err, text);
    let source = source(path, &mut sources, &mut complain)?;
    let working = output::Working::on(sources.get(source).bytes().len());
    working.say("reading the log");
    let log = log(arguments, program, source, &sources, &mut |text| working.aside(|| complain(text)))?;
    let scene = Scene { program, log: &log, sources: &sources, options };
    working.say("replaying the events");
    let verdicts = replay::replay(program, &log, &options);
    drop(working);
    let mut out = Out::new(to(arguments)?, 0);
    match arguments.format {
        Format::Human => human(scene, chosen, &verdicts, arguments.rows, style(arguments), &mut out),
        _ => document(scene, chosen, &verdicts, &mut out),
    }
    Some(Outcome::of(Tally::of(&verdicts).wrongs() > 0))
}

/// Replays one log of several, and reports for people.
pub fn one(arguments: &Arguments, program: &Program, sources: Sources, path: &str, out: &mut Out) -> Option<Outcome> {
    let mut sources = sources;
    let options = arguments.options(program)?;
    let mut complaints = String::new();
    let log = source(path, &mut sources, &mut |text| complaints += text)
        .and_then(|source| log(arguments, program, source, &sources, &mut |text| complaints += text));
    if !complaints.is_empty() {
        out.complain(&complaints);
    }
    let log = log?;
    let scene = Scene { program, log: &log, sources: &sources, options };
    let verdicts = replay::replay(program, &log, &options);
    human(scene, &[], &verdicts, arguments.rows, style(arguments), out);
    Some(Outcome::of(Tally::of(&verdicts).wrongs() > 0))
}

fn document(scene: Scene<'_>, chosen: &[Chosen<'_>], verdicts: &[Verdict], out: &mut Out) {
    if let Ok(document) = report::document(scene, chosen, verdicts) {
        out.write(&document);
    }
}

/// What was chosen of a draft, before anything is told.
pub fn choices(chosen: &[Chosen<'_>], out: &mut Out) {
    for chosen in chosen {
        out.write(&format!("{}\n", report::choice(chosen)));
    }
    if !chosen.is_empty() {
        out.write("\n");
    }
}

fn human(scene: Scene<'_>, chosen: &[Chosen<'_>], verdicts: &[Verdict], rows: usize, style: Style, out: &mut Out) {
    let most = if rows == 0 { usize::MAX } else { rows };
    choices(chosen, out);
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
    out.write(&report::ending(scene, verdicts));
    let hidden = verdicts.len().saturating_sub(most);
    if hidden > 0 {
        out.write(&format!("{hidden} rows of the docket are not shown: `--rows 0` shows all\n"));
    }
    if scene.log.set_aside > 0 {
        out.write(&format!("{} lines of the log were set aside\n", scene.log.set_aside));
    }
}

fn is_urgent(verdict: &Verdict) -> bool {
    verdict.status.is_wrong() || verdict.status == Status::Indeterminate
}

/// Opens the file for the report, where there is to be one, to be written anew.
pub fn create(path: &str) -> Option<std::fs::File> {
    let file = std::fs::File::create(path);
    file.inspect_err(|error| {
        let reason = files::reason(error);
        output::complain(&format!("cannot write `{path}`: {reason}"), "check that its folder is there");
    })
    .ok()
}
