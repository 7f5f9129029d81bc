//! A replay of a log as it is read: each verdict is told as soon as it is certain.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::thread;

use servanda::event::Parser;
use servanda::model::{Chosen, Program};
use servanda::source::Sources;

use super::arguments::{Arguments, Format};
use super::session::{Session, Setting};
use super::state::{self, Identity, Keeper, Saved};
use super::{style, to, whole};
use crate::command::Outcome;
use crate::feed::{Inline, Input, Threads};
use crate::files;
use crate::logs::{self, How, Log};
use crate::output::{self, Out, Stream, To};
use crate::progress::Progress;

/// Replays one log, and tells verdicts as they become certain.
pub fn run(
    arguments: &Arguments,
    program: &Program,
    chosen: &[Chosen<'_>],
    texts: &Sources,
    path: &str,
) -> Option<Outcome> {
    let setting = Setting { style: style(arguments), ..setting(arguments, program, texts)? };
    let (every, identity) = (arguments.every()?, Identity::of(arguments, texts, path));
    let saved = match &arguments.resume {
        Some(path) => Some(state::read(path, &identity)?),
        None => None,
    };
    let from = saved.as_ref().map_or(0, |saved| saved.cutter.size() as u64);
    let log = open(path, How { from, follow: arguments.follow });
    let log = log.map_err(|complaint| output::print(Stream::Err, &complaint)).ok()?;
    let mut out = match &saved {
        Some(saved) => resumed(arguments, saved)?,
        None => Out::new(to(arguments)?, 0),
    };
    if saved.is_none() && arguments.format == Format::Human {
        whole::choices(chosen, &mut out);
    }
    let progress = Progress::new(output::is_watched(arguments.output.is_some()), log.size, log.passed.clone());
    let keeper = arguments.save.as_ref().map(|path| Keeper::new(path, every, identity));
    let ends = keeper.is_none() || arguments.finish;
    let mut session = Session::new(&setting, &log.name, saved.as_ref(), out, progress)?;
    (session.live, session.ends, session.tick, session.keeper) = (log.live, ends, arguments.tick, keeper);
    let input = input(arguments, log, saved, ends);
    let parser = Parser::new(program, setting.reading);
    thread::scope(|scope| session.run(&mut Threads::start(scope, &parser, input, arguments.parsers)))
}

/// Replays one log of several in the thread that asks for it, and tells its name on every line.
pub fn one(arguments: &Arguments, program: &Program, texts: &Sources, path: &str, out: Out) -> Option<Outcome> {
    let mut out = out;
    let setting = Setting { is_named: true, ..setting(arguments, program, texts)? };
    let log = open(path, How::default()).map_err(|complaint| out.complain(&complaint)).ok()?;
    let progress = Progress::new(false, None, log.passed.clone());
    let session = Session::new(&setting, &log.name, None, out, progress)?;
    let parser = Parser::new(program, setting.reading);
    session.run(&mut Inline::new(&parser, input(arguments, log, None, true)))
}

fn setting<'p>(arguments: &Arguments, program: &'p Program, texts: &'p Sources) -> Option<Setting<'p>> {
    Some(Setting {
        program,
        texts,
        options: arguments.options(program)?,
        reading: arguments.reading(program)?,
        is_lines: arguments.format == Format::Jsonl,
        is_named: false,
        style: output::style(Stream::Out),
    })
}

fn input(arguments: &Arguments, log: Log, saved: Option<Saved>, ends: bool) -> Input {
    let cutter = saved.map(|saved| saved.cutter).unwrap_or_default();
    Input { read: log.read, cutter, live: log.live, ends, block: arguments.block.max(1) }
}

/// A log, or why it cannot be read.
fn open(path: &str, how: How) -> Result<Log, String> {
    logs::open(path, how).map_err(|reason| {
        output::complaint(&format!("cannot read the log `{path}`: {reason}"), "check the path of the log")
    })
}

/// Where the report goes of a replay that goes on: a file is cut to what it held when the replay was saved.
fn resumed(arguments: &Arguments, saved: &Saved) -> Option<Out> {
    let (Some(path), Some(written)) = (&arguments.output, saved.output) else {
        return Some(Out::new(to(arguments)?, 0));
    };
    match cut(path, written) {
        Ok(file) => Some(Out::new(To::File(file), written)),
        Err(reason) => {
            let help = "give the file that the replay wrote, or leave `--resume` out to begin anew";
            output::complain(&format!("cannot go on with the report `{path}`: {reason}"), help);
            None
        }
    }
}

fn cut(path: &str, length: u64) -> Result<File, String> {
    let told = |error: std::io::Error| files::reason(&error);
    let mut file = File::options().write(true).open(path).map_err(told)?;
    if file.metadata().map_err(told)?.len() < length {
        return Err("it is shorter than it was when the replay was saved".to_owned());
    }
    file.set_len(length).map_err(told)?;
    file.seek(SeekFrom::End(0)).map_err(told)?;
    Ok(file)
}
