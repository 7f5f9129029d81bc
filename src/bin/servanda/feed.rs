//! A log, piece by piece: it is read in one thread and parsed in others, and handed over in order.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, Scope};
use std::time::Duration;

use servanda::event::{Batch, Block, Cutter, Parser};

use crate::files::reason;

/// How many pieces wait in front of a thread.
const WAITING: usize = 2;

/// What has come of a log.
pub enum Fed {
    /// Events, and a cutter that goes on after them.
    Piece(Box<(Batch, Cutter)>),
    /// The end, with the cutter that goes on after it.
    Ended(Cutter),
    /// It cannot be read any more.
    Failed(String),
}

/// How long to wait.
#[derive(Clone, Copy)]
pub enum Patience {
    /// Not at all.
    None,
    /// So long.
    For(Duration),
    /// Until something comes.
    Endless,
}

/// Hands over a log.
pub trait Feed {
    /// What comes next, if it comes in time.
    fn next(&mut self, patience: Patience) -> Option<Fed>;

    /// Takes a batch back that is done with.
    fn spent(&mut self, batch: Batch);
}

/// The bytes of a log, to be cut into blocks.
pub struct Input {
    pub read: Box<dyn Read + Send>,
    pub cutter: Cutter,
    /// Whether to hand over what is there, rather than to wait for a whole block.
    pub live: bool,
    /// Whether the log ends with its bytes, so that the last line need not have an end.
    pub ends: bool,
    /// How many bytes make a block.
    pub block: usize,
}

/// What was cut.
enum Cut {
    Block(Block, Cutter),
    Ended(Cutter),
    Failed(String),
}

/// An input under way.
struct Cutting {
    input: Input,
    room: Vec<u8>,
    ended: bool,
    failed: Option<String>,
}

impl Cutting {
    fn new(input: Input) -> Cutting {
        let room = if input.live { vec![0; input.block] } else { Vec::new() };
        Cutting { input, room, ended: false, failed: None }
    }

    fn next(&mut self) -> Cut {
        loop {
            if let Some(reason) = self.failed.take() {
                return Cut::Failed(reason);
            }
            if self.ended {
                return Cut::Ended(std::mem::take(&mut self.input.cutter));
            }
            let mut buffer = self.input.cutter.buffer();
            match self.fill(&mut buffer) {
                Ok(more) => self.ended = !more,
                Err(error) => self.failed = Some(reason(&error)),
            }
            if let Some(block) = self.input.cutter.cut(buffer, self.ended && self.input.ends) {
                return Cut::Block(block, self.input.cutter.mark());
            }
        }
    }

    /// Reads more; false where there is nothing more.
    fn fill(&mut self, buffer: &mut Vec<u8>) -> io::Result<bool> {
        if !self.input.live {
            buffer.reserve(self.input.block + 64);
            let most = self.input.block as u64;
            return self.input.read.by_ref().take(most).read_to_end(buffer).map(|read| read == self.input.block);
        }
        let read = loop {
            match self.input.read.read(&mut self.room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        buffer.extend_from_slice(self.room.get(..read).unwrap_or_default());
        Ok(read > 0)
    }
}

fn fed(cut: Cut, parser: &Parser<'_>, spent: impl FnOnce() -> Batch) -> Fed {
    match cut {
        Cut::Block(block, mark) => {
            let mut batch = spent();
            parser.parse(block, &mut batch);
            Fed::Piece(Box::new((batch, mark)))
        }
        Cut::Ended(cutter) => Fed::Ended(cutter),
        Cut::Failed(reason) => Fed::Failed(reason),
    }
}

/// Reads and parses where it is asked.
pub struct Inline<'p> {
    cutting: Cutting,
    parser: &'p Parser<'p>,
    spent: Vec<Batch>,
}

impl<'p> Inline<'p> {
    pub fn new(parser: &'p Parser<'p>, input: Input) -> Inline<'p> {
        Inline { cutting: Cutting::new(input), parser, spent: Vec::new() }
    }
}

impl Feed for Inline<'_> {
    fn next(&mut self, _patience: Patience) -> Option<Fed> {
        let cut = self.cutting.next();
        Some(fed(cut, self.parser, || self.spent.pop().unwrap_or_default()))
    }

    fn spent(&mut self, batch: Batch) {
        self.spent.push(batch);
    }
}

/// Work for a thread that parses.
enum Work {
    Cut(Cut),
    Stop,
}

/// A thread that parses.
struct Lane {
    work: SyncSender<Work>,
    fed: Receiver<Fed>,
    spent: Sender<Batch>,
}

/// Reads in a thread, and parses in others, which take turns.
pub struct Threads {
    lanes: Vec<Lane>,
    turn: usize,
}

impl Threads {
    /// Starts the threads. The one that reads is left alone when the scope ends, as it may wait for what never comes.
    pub fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        parser: &'scope Parser<'scope>,
        input: Input,
        lanes: usize,
    ) -> Threads {
        let lanes: Vec<_> = (0..lanes.max(1)).map(|_| lane(scope, parser)).collect();
        let works: Vec<_> = lanes.iter().map(|lane| lane.work.clone()).collect();
        thread::spawn(move || {
            let mut cutting = Cutting::new(input);
            for work in works.iter().cycle() {
                let cut = cutting.next();
                let goes_on = matches!(cut, Cut::Block(..));
                if work.send(Work::Cut(cut)).is_err() || !goes_on {
                    break;
                }
            }
        });
        Threads { lanes, turn: 0 }
    }
}

fn lane<'scope>(scope: &'scope Scope<'scope, '_>, parser: &'scope Parser<'scope>) -> Lane {
    let (work, todo) = mpsc::sync_channel(WAITING);
    let (done, fed_from) = mpsc::sync_channel(WAITING);
    let (spent, again) = mpsc::channel();
    scope.spawn(move || {
        while let Ok(Work::Cut(cut)) = todo.recv() {
            let fed = fed(cut, parser, || again.try_recv().unwrap_or_default());
            if done.send(fed).is_err() {
                break;
            }
        }
    });
    Lane { work, fed: fed_from, spent }
}

impl Feed for Threads {
    fn next(&mut self, patience: Patience) -> Option<Fed> {
        let lane = self.lanes.get(self.turn)?;
        let fed = match patience {
            Patience::None => lane.fed.try_recv().map_err(|error| error == mpsc::TryRecvError::Empty),
            Patience::For(time) => lane.fed.recv_timeout(time).map_err(|error| error == RecvTimeoutError::Timeout),
            Patience::Endless => lane.fed.recv().map_err(|_| false),
        };
        match fed {
            Ok(fed) => {
                self.turn = (self.turn + 1) % self.lanes.len();
                Some(fed)
            }
            Err(true) => None,
            Err(false) => Some(Fed::Failed("the thread that reads it has stopped".to_owned())),
        }
    }

    fn spent(&mut self, batch: Batch) {
        if let Some(lane) = self.lanes.get(self.turn) {
            _ = lane.spent.send(batch);
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        for Lane { work, fed, .. } in self.lanes.drain(..) {
            // A thread that parses finds nobody to hand its work to, or no more work.
            drop(fed);
            _ = work.try_send(Work::Stop);
        }
    }
}
