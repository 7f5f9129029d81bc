//! A stream of bytes, cut into blocks of whole lines.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::MAX_LINE;
use super::csv::{self, Header};

/// Whole lines of a log.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Block {
    pub(super) bytes: Vec<u8>,
    /// The number of the first line.
    pub(super) line: usize,
    /// Where it begins in the log.
    pub(super) start: usize,
    /// Whether the log ends with it.
    pub(super) last: bool,
    pub(super) form: Arc<Form>,
}

/// What a log is written in.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) enum Form {
    /// An object a line.
    #[default]
    Json,
    /// A row a line, under a header.
    Csv(Header),
}

/// Cuts the bytes of a log, as they come, into blocks of whole lines.
///
/// What begins with a brace or a bracket is taken for JSON Lines, and anything else for CSV.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cutter {
    /// The beginning of a line.
    rest: Vec<u8>,
    line: usize,
    start: usize,
    /// Whether the rest of a line is left out.
    skips: bool,
    form: Option<Arc<Form>>,
}

impl Default for Cutter {
    fn default() -> Self {
        Cutter { rest: Vec::new(), line: 1, start: 0, skips: false, form: None }
    }
}

impl Cutter {
    /// A buffer to which more of the log is to be added, at its end.
    pub fn buffer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.rest)
    }

    /// How many bytes have been cut so far.
    pub fn size(&self) -> usize {
        self.start + self.rest.len()
    }

    /// The number of the line that comes next.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The same cutter without the beginning of a line that it has: it goes on where its last block ended.
    #[must_use]
    pub fn mark(&self) -> Cutter {
        Cutter { rest: Vec::new(), line: self.line, start: self.start, skips: self.skips, form: self.form.clone() }
    }

    /// The whole lines in a buffer that [`Cutter::buffer`] gave; none where there is no end of a line in it yet.
    ///
    /// `ended` says that the log ends with the buffer.
    pub fn cut(&mut self, buffer: Vec<u8>, ended: bool) -> Option<Block> {
        let mut bytes = buffer;
        if self.start == 0 && bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
            self.start = 3;
        }
        if self.skips {
            self.skip(&mut bytes);
        }
        let too_long = bytes.len() > MAX_LINE;
        if self.form.is_none() {
            self.form = form(&bytes, ended || too_long).map(Arc::new);
        }
        let end = match &self.form {
            Some(_) if ended => bytes.len(),
            Some(form) => end_of_lines(&bytes, form),
            None => 0,
        };
        if end == 0 && (ended || !too_long) {
            self.rest = bytes;
            return None;
        }
        self.skips = end == 0;
        if end > 0 {
            self.rest = bytes.split_off(end);
        }
        let (line, start) = (self.line, self.start);
        self.line += memchr::memchr_iter(b'\n', &bytes).count();
        self.start += bytes.len();
        Some(Block { bytes, line, start, last: ended, form: self.form.clone().unwrap_or_default() })
    }

    /// Leaves out the rest of a line that is too long to be read.
    fn skip(&mut self, bytes: &mut Vec<u8>) {
        let end = memchr::memchr(b'\n', bytes);
        let length = end.map_or(bytes.len(), |end| end + 1);
        bytes.drain(..length);
        self.start += length;
        if end.is_some() {
            self.line += 1;
            self.skips = false;
        }
    }
}

/// What a log is written in that begins so; none where that cannot be told yet.
fn form(bytes: &[u8], ended: bool) -> Option<Form> {
    let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    match bytes.get(blank) {
        None => ended.then_some(Form::Json),
        Some(b'{' | b'[') => Some(Form::Json),
        Some(_) => csv::header(bytes, blank, ended).map(Form::Csv),
    }
}

/// Where the last whole line of some bytes ends.
fn end_of_lines(bytes: &[u8], form: &Form) -> usize {
    if matches!(form, Form::Csv(_)) && memchr::memchr(b'"', bytes).is_some() {
        return csv::end_of_rows(bytes);
    }
    memchr::memrchr(b'\n', bytes).map_or(0, |end| end + 1)
}
