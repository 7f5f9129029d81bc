//! Writes to the terminal, or to whatever stands in its place.

use std::env;
use std::io::{self, BufWriter, IsTerminal, Write};
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
    print(Stream::Err, &format!("error: {message}\n  help: {help}\n"));
}

/// Writes a text at once. A reader that has gone away (`servanda … | head`) is no error.
pub fn print(stream: Stream, text: &str) {
    let result = match stream {
        Stream::Out => io::stdout().lock().write_all(text.as_bytes()),
        Stream::Err => io::stderr().lock().write_all(text.as_bytes()),
    };
    quiet_if_gone(result);
}

/// Writes piece by piece to standard output, and everything when dropped.
pub struct Buffered(BufWriter<io::StdoutLock<'static>>);

impl Default for Buffered {
    fn default() -> Self {
        Buffered(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }
}

impl Buffered {
    /// Writes a piece.
    pub fn write(&mut self, text: &str) {
        quiet_if_gone(self.0.write_all(text.as_bytes()));
    }
}

impl Drop for Buffered {
    fn drop(&mut self) {
        quiet_if_gone(self.0.flush());
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
