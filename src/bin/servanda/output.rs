//! Writes to the terminal, or to whatever stands in its place.

use std::env;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use indicatif::ProgressBar;
use servanda::finding::Finding;
use servanda::report::{self, Style};
use servanda::source::Sources;

/// From how many bytes on a log takes long enough to say what is being done.
const LONG_LOG: usize = 16 << 20;

/// Where to write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Results.
    Out,
    /// Complaints.
    Err,
}

/// Colour on a terminal, unless `NO_COLOR` is set; as wide as the terminal, between 60 and 120 columns.
pub fn style(stream: Stream) -> Style {
    let terminal = match stream {
        Stream::Out => io::stdout().is_terminal(),
        Stream::Err => io::stderr().is_terminal(),
    };
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let forced = env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    Style { colour: !refused && (terminal || forced), width: columns.unwrap_or(100).clamp(60, 120) }
}

/// A word in bold green or bold red, where there is colour.
pub fn painted(word: &str, good: bool) -> String {
    let code = if good { "32" } else { "31" };
    if style(Stream::Out).colour { format!("\x1b[1;{code}m{word}\x1b[0m") } else { word.to_owned() }
}

/// Reports findings, as complaints.
pub fn findings(findings: &[Finding], sources: &Sources) {
    print(Stream::Err, &report::findings(findings, sources, style(Stream::Err)));
}

/// Reports what is wrong with the usage, and what to do.
pub fn complain(message: &str, help: &str) {
    print(Stream::Err, &complaint(message, help));
}

/// What is wrong with the usage, and what to do.
pub fn complaint(message: &str, help: &str) -> String {
    format!("error: {message}\n  help: {help}\n")
}

/// Whether complaints are read on a terminal, and results elsewhere: in a file, where that is said.
pub fn is_watched(to_file: bool) -> bool {
    io::stderr().is_terminal() && (to_file || !io::stdout().is_terminal())
}

/// Writes a text at once. A reader that has gone away (`servanda … | head`) is no error.
pub fn print(stream: Stream, text: &str) {
    let result = match stream {
        Stream::Out => io::stdout().lock().write_all(text.as_bytes()),
        Stream::Err => io::stderr().lock().write_all(text.as_bytes()),
    };
    quiet_if_gone(result);
}

/// Where results go.
pub enum To {
    /// Standard output.
    Stdout,
    /// A file.
    File(File),
    /// Somebody who writes them when their turn has come.
    Queue(SyncSender<(Stream, Vec<u8>)>),
}

/// How many bytes of results are written at a time.
const ROOM: usize = 1 << 16;

/// Results on their way out, in whole lines; what is left is written when it is dropped.
pub struct Out {
    to: To,
    buffer: Vec<u8>,
    written: u64,
    gone: bool,
}

impl Out {
    /// Results, of which so many bytes have been written before.
    pub fn new(to: To, written: u64) -> Out {
        Out { to, buffer: Vec::with_capacity(2 * ROOM), written, gone: false }
    }

    /// Lets whole lines be added to what is to be written.
    pub fn add(&mut self, add: impl FnOnce(&mut Vec<u8>)) {
        add(&mut self.buffer);
        if self.buffer.len() >= ROOM {
            self.flush();
        }
    }

    /// Adds whole lines.
    pub fn write(&mut self, text: &str) {
        self.add(|buffer| buffer.extend_from_slice(text.as_bytes()));
    }

    /// Writes what waits.
    pub fn flush(&mut self) {
        if self.buffer.is_empty() {
            return;
        }
        let result = match &mut self.to {
            To::Stdout => io::stdout().lock().write_all(&self.buffer).and_then(|()| io::stdout().lock().flush()),
            To::File(file) => file.write_all(&self.buffer),
            To::Queue(queue) => {
                let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(2 * ROOM));
                queue.send((Stream::Out, piece)).map_err(|_| io::ErrorKind::BrokenPipe.into())
            }
        };
        self.gone |= result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        quiet_if_gone(result);
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
    }

    /// Writes what waits, so that it stays even if the machine stops; how many bytes of a file have been written.
    pub fn keep(&mut self) -> io::Result<Option<u64>> {
        self.flush();
        let To::File(file) = &self.to else { return Ok(None) };
        file.sync_data()?;
        Ok(Some(self.written))
    }

    /// Complains, after the results so far.
    pub fn complain(&mut self, text: &str) {
        self.flush();
        match &self.to {
            To::Queue(queue) => self.gone |= queue.send((Stream::Err, text.as_bytes().to_vec())).is_err(),
            _ => print(Stream::Err, text),
        }
    }

    /// Whether nobody reads the results any more.
    pub fn is_gone(&self) -> bool {
        self.gone
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        self.flush();
    }
}

/// A sign of life on a terminal while a long piece of work goes on; it goes away when dropped.
pub struct Working(ProgressBar);

impl Working {
    /// Begins to show what is being done, where it will take a while: with so many bytes of log to go through.
    pub fn on(bytes: usize) -> Working {
        if bytes < LONG_LOG { Working(ProgressBar::hidden()) } else { Working::now() }
    }

    /// Begins to show what is being done, however long it takes.
    pub fn now() -> Working {
        if !io::stderr().is_terminal() {
            return Working(ProgressBar::hidden());
        }
        let spinner = ProgressBar::new_spinner();
        spinner.enable_steady_tick(Duration::from_millis(100));
        Working(spinner)
    }

    /// Says what is being done now.
    pub fn say(&self, what: &str) {
        self.0.set_message(what.to_owned());
    }

    /// Lets something be written without it in the way.
    pub fn aside(&self, write: impl FnOnce()) {
        self.0.suspend(write);
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn quiet_if_gone(result: io::Result<()>) {
    if let Err(error) = result
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        // Standard output itself is unusable: the exit code is all that is left.
        std::process::exit(2);
    }
}
