//! Several logs, each replayed by itself.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::thread;

use servanda::model::{Chosen, Program};
use servanda::source::Sources;

use super::arguments::{Arguments, Format};
use super::{online, to, whole};
use crate::command::Outcome;
use crate::output::{Out, Stream, To};

/// How many pieces of the report on a log wait for their turn.
const WAITING: usize = 1_000;

/// A piece of a report, or of complaints.
type Piece = (Stream, Vec<u8>);

/// Replays logs side by side, and reports on them in their order.
pub fn run(
    arguments: &Arguments,
    program: &Program,
    chosen: &[Chosen<'_>],
    texts: &Sources,
    logs: &[String],
) -> Option<Outcome> {
    // What is wrong with an option is said once.
    arguments.options(program)?;
    arguments.reading(program)?;
    let mut out = Out::new(to(arguments)?, 0);
    if arguments.format == Format::Human {
        whole::choices(chosen, &mut out);
    }
    let (senders, receivers): (Vec<_>, Vec<_>) = logs.iter().map(|_| mpsc::sync_channel(WAITING)).unzip();
    let senders: Vec<Mutex<Option<SyncSender<Piece>>>> = senders.into_iter().map(|it| Mutex::new(Some(it))).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut worst = Some(Outcome::Clean);
        // Logs are taken in their order, so that the one whose turn it is to be told is always being replayed.
        while let Some((log, sender)) = taken(&next, logs, &senders) {
            worst = worse(worst, one(arguments, program, texts, log, Out::new(To::Queue(sender), 0)));
        }
        worst
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(logs.len());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        tell(receivers, &mut out);
        let mut worst = Some(Outcome::Clean);
        for worker in workers {
            worst = worse(worst, worker.join().ok().flatten());
        }
        worst
    })
}

/// The next log, and where its report goes.
fn taken<'l>(
    next: &AtomicUsize,
    logs: &'l [String],
    senders: &[Mutex<Option<SyncSender<Piece>>>],
) -> Option<(&'l str, SyncSender<Piece>)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    let sender = senders.get(place)?.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    Some((logs.get(place)?, sender))
}

fn one(arguments: &Arguments, program: &Program, texts: &Sources, path: &str, out: Out) -> Option<Outcome> {
    let mut out = out;
    if arguments.format == Format::Jsonl {
        return online::one(arguments, program, texts, path, out);
    }
    out.write(&format!("── {path} ──\n\n"));
    let outcome = whole::one(arguments, program, texts.clone(), path, &mut out);
    out.write("\n");
    outcome
}

/// Writes reports in their order.
fn tell(receivers: Vec<Receiver<Piece>>, out: &mut Out) {
    for (stream, piece) in receivers.iter().flatten() {
        match stream {
            Stream::Out => out.add(|buffer| buffer.extend_from_slice(&piece)),
            Stream::Err => out.complain(&String::from_utf8_lossy(&piece)),
        }
        if out.is_gone() {
            break;
        }
    }
    out.flush();
}

/// The worse of two outcomes; none is the worst.
fn worse(one: Option<Outcome>, other: Option<Outcome>) -> Option<Outcome> {
    one.zip(other).map(|(one, other)| if one.code() < other.code() { other } else { one })
}
