//! A replay that is saved, to go on later.
//!
//! A state is a line of JSON, for people and for whoever feeds a pipe, and then what the stages keep of themselves, in the
//! form of `postcard`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use servanda::arena::Map;
use servanda::event::{Cutter, Reader};
use servanda::monitor::{Monitor, STATE};
use servanda::source::Sources;

use super::arguments::Arguments;
use super::teller::SoFar;
use crate::{files, logs, output};

/// How often a replay is saved.
#[derive(Clone, Copy)]
pub enum Every {
    /// When so many events have come.
    Events(usize),
    /// When so much time has passed.
    Time(Duration),
}

/// What a replay has to be of, to go on from a state.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// A number for the texts of the treaties.
    treaties: String,
    /// The options that were given.
    options: Map<String, String>,
    /// Whether the log comes on a pipe.
    pipe: bool,
}

impl Identity {
    /// Of treaties whose texts are these, with a log.
    pub fn of(arguments: &Arguments, texts: &Sources, log: &str) -> Identity {
        let treaties = texts.texts().fold(fingerprint(&[]), |number, text| {
            more(more(number, &(text.bytes().len() as u64).to_le_bytes()), text.bytes())
        });
        let named = arguments.named().into_iter().filter(|(_, value)| !value.is_empty());
        let options = named.map(|(name, value)| (name.to_owned(), value)).collect();
        Identity { treaties: format!("{treaties:016x}"), options, pipe: logs::is_pipe(log) }
    }

    /// What is not the same.
    fn difference(&self, now: &Identity) -> Option<String> {
        if self.treaties != now.treaties {
            return Some("it is of other treaties, or they have changed since".to_owned());
        }
        let given = |identity: &Identity, name: &str| match identity.options.get(name).map(String::as_str) {
            None => "not given".to_owned(),
            Some("given") => "given".to_owned(),
            Some(value) => format!("`{value}`"),
        };
        let names = self.options.keys().chain(now.options.keys());
        let other = names.into_iter().find(|name| self.options.get(*name) != now.options.get(*name));
        if let Some(name) = other {
            let (then, now) = (given(self, name), given(now, name));
            return Some(format!("`{name}` was {then} when it was saved, and is {now} now"));
        }
        let told = |pipe: bool| if pipe { "came on a pipe" } else { "was a file" };
        (self.pipe != now.pipe).then(|| format!("its log {}, and this one does not", told(self.pipe)))
    }
}

/// The first line of a state.
#[derive(Serialize, Deserialize)]
struct Head {
    schema: String,
    #[serde(flatten)]
    identity: Identity,
    /// How much of the log has been read, unpacked, and which line comes next.
    bytes: usize,
    line: usize,
    events: usize,
    /// How much of the report has been written, where it is a file.
    output: Option<u64>,
    /// How long the parts are that follow: the reading, the reader and the monitor; and a number for all of them.
    parts: [usize; 3],
    check: String,
}

/// A replay that was saved.
pub struct Saved {
    pub cutter: Cutter,
    pub so_far: SoFar,
    pub reader: Vec<u8>,
    pub monitor: Vec<u8>,
    pub output: Option<u64>,
}

/// Where a replay is saved, and how often.
pub struct Keeper {
    path: PathBuf,
    every: Every,
    identity: Identity,
    last: Instant,
    events: usize,
}

/// What there is to be saved.
pub struct Now<'n, 'p> {
    pub cutter: &'n Cutter,
    pub so_far: &'n SoFar,
    pub reader: &'n Reader<'p>,
    pub monitor: &'n Monitor<'p>,
    pub output: Option<u64>,
}

impl Keeper {
    pub fn new(path: &str, every: Every, identity: Identity) -> Keeper {
        Keeper { path: path.into(), every, identity, last: Instant::now(), events: 0 }
    }

    /// How long it is until the replay is to be saved, so many events having come; none where time does not tell.
    pub fn wait(&self, events: usize) -> Option<Duration> {
        match self.every {
            Every::Events(every) => (events.saturating_sub(self.events) >= every).then_some(Duration::ZERO),
            Every::Time(every) => Some(every.saturating_sub(self.last.elapsed())),
        }
    }

    /// Saves; a state that is there is replaced at one stroke.
    pub fn save(&mut self, now: &Now<'_, '_>) -> Result<(), String> {
        let reading = postcard::to_stdvec(&(now.cutter, now.so_far)).map_err(|error| error.to_string())?;
        let reader = postcard::to_stdvec(&now.reader.state()).map_err(|error| error.to_string())?;
        let monitor = now.monitor.save().map_err(|error| error.to_string())?;
        let parts = [reading, reader, monitor];
        let lengths = [0, 1, 2].map(|part| parts.get(part).map_or(0, Vec::len));
        let body = parts.concat();
        let events = now.monitor.log().events.given();
        let head = Head {
            schema: STATE.to_owned(),
            identity: self.identity.clone(),
            bytes: now.cutter.size(),
            line: now.cutter.line(),
            events,
            output: now.output,
            parts: lengths,
            check: format!("{:016x}", fingerprint(&body)),
        };
        let mut state = serde_json::to_vec(&head).map_err(|error| error.to_string())?;
        state.push(b'\n');
        state.extend_from_slice(&body);
        files::replace(&self.path, state).map_err(|error| files::reason(&error))?;
        (self.last, self.events) = (Instant::now(), events);
        Ok(())
    }
}

/// Reads a state; none where no replay can go on from it, which has then been said.
pub fn read(path: &str, identity: &Identity) -> Option<Saved> {
    let bytes = match fs::read(Path::new(path)) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("cannot read the state `{path}`: {}", files::reason(&error));
            output::complain(&message, "leave `--resume` out to begin a replay");
            return None;
        }
    };
    let saved = taken_apart(&bytes, identity);
    saved
        .map_err(|(reason, help)| output::complain(&format!("cannot go on from the state `{path}`: {reason}"), help))
        .ok()
}

const AGAIN: &str = "replay the log from its beginning, without `--resume`";

fn taken_apart(bytes: &[u8], identity: &Identity) -> Result<Saved, (String, &'static str)> {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let (head, body) = (bytes.get(..end).unwrap_or_default(), bytes.get(end + 1..).unwrap_or_default());
    let any: serde_json::Value = serde_json::from_slice(head).unwrap_or_default();
    match any.get("schema").and_then(|schema| schema.as_str()) {
        Some(STATE) => {}
        Some(other) => return Err((format!("its form is `{other}`, and not `{STATE}`"), AGAIN)),
        None => return Err(("it is no state of a replay".to_owned(), "check the path")),
    }
    let damaged = || ("it is damaged".to_owned(), AGAIN);
    let head: Head = serde_json::from_slice(head).map_err(|_| damaged())?;
    if let Some(difference) = head.identity.difference(identity) {
        return Err((difference, "give the same treaties, log and options, or replay the log from its beginning"));
    }
    let [reading, reader, monitor] = head.parts;
    if reading.saturating_add(reader).saturating_add(monitor) != body.len()
        || format!("{:016x}", fingerprint(body)) != head.check
    {
        return Err(damaged());
    }
    let (reading, rest) = body.split_at(reading);
    let (reader, monitor) = rest.split_at(reader);
    let (cutter, so_far) = postcard::from_bytes(reading).map_err(|_| damaged())?;
    Ok(Saved { cutter, so_far, reader: reader.to_vec(), monitor: monitor.to_vec(), output: head.output })
}

/// A number for some bytes: FNV-1a, so that it stays the same in every version.
fn fingerprint(bytes: &[u8]) -> u64 {
    more(0xcbf2_9ce4_8422_2325, bytes)
}

fn more(number: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(number, |number, byte| (number ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
