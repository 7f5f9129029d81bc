//! What is found in a log, with the lines that it is about.

use serde::{Deserialize, Serialize};

use super::MAX_REPORTED;
use crate::finding::{Finding, Level};
use crate::source::{SourceId, Sources, Span};

/// A log whose text is there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole<'a> {
    pub(super) source: SourceId,
    pub(super) bytes: &'a [u8],
}

/// A line: its number, where it begins in the log, and its text, where that is known.
pub(super) type LineOf<'a> = (usize, usize, Option<&'a [u8]>);

/// A place that is the whole of its line.
pub(super) const LINE: Span = Span { source: SourceId::FIRST, start: 0, end: usize::MAX };

/// What is found in a log.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Notes<'a> {
    #[serde(skip)]
    whole: Option<Whole<'a>>,
    list: Vec<Note>,
    told: usize,
    /// How many more there are.
    untold: usize,
    /// How many are errors.
    errors: usize,
}

/// A finding, and the lines of its labels where they have to be added to the texts.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    finding: Finding,
    lines: Vec<(usize, Vec<u8>)>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(whole: Option<Whole<'a>>) -> Notes<'a> {
        Notes { whole, list: Vec::new(), told: 0, untold: 0, errors: 0 }
    }

    /// Whether so many have been told that no more will be.
    pub(super) fn is_full(&self) -> bool {
        self.told >= MAX_REPORTED
    }

    /// How many of them are errors.
    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    /// Notes what is not told in full.
    pub(super) fn add_untold(&mut self, level: Level) {
        self.untold += 1;
        self.errors += usize::from(level == Level::Error);
    }

    /// Notes a finding, whose labels each have a line, and count from its beginning.
    pub(super) fn add(&mut self, finding: Finding, lines: &[LineOf<'_>]) {
        if self.is_full() {
            return self.add_untold(finding.level);
        }
        self.told += 1;
        self.errors += usize::from(finding.level == Level::Error);
        let note = match self.whole {
            Some(whole) => Note { finding: placed(finding, lines, whole), lines: Vec::new() },
            None => with_lines(finding, lines),
        };
        self.list.push(note);
    }

    /// Nothing more is found: the last finding says how many are not told.
    pub(super) fn end(&mut self) {
        if let Some(last) = self.list.last_mut().filter(|_| self.untold > 0) {
            let more = format!("{} more lines are wrong and are not shown", self.untold);
            let help = &mut last.finding.help;
            *help = Some(help.take().map_or(more.clone(), |help| format!("{help}; {more}")));
        }
        self.untold = 0;
        self.told = 0;
    }

    /// What has been found; the last that is told in full waits for the end, when it is known how many more there are.
    pub(super) fn take(&mut self, sources: &mut Sources, log: SourceId) -> Vec<Finding> {
        let waiting = usize::from(self.is_full());
        let ready = self.list.drain(..self.list.len().saturating_sub(waiting));
        ready.map(|note| note.told(sources, log)).collect()
    }

    /// What has been found in a log whose text is there.
    pub(super) fn take_whole(self) -> Vec<Finding> {
        self.list.into_iter().map(|note| note.finding).collect()
    }
}

impl Note {
    /// The finding, its lines among the texts.
    fn told(self, sources: &mut Sources, log: SourceId) -> Finding {
        let mut finding = self.finding;
        let mut added: Vec<(usize, SourceId)> = Vec::new();
        for (label, (number, text)) in finding.labels.iter_mut().zip(self.lines) {
            let known = added.iter().find(|(other, _)| *other == number).map(|(_, source)| *source);
            label.span.source = known.unwrap_or_else(|| {
                let name = sources.get(log).name().to_owned();
                let source = sources.add_lines(name, number, text);
                added.push((number, source));
                source
            });
        }
        finding
    }
}

/// A finding with its places in the text of the log.
fn placed(mut finding: Finding, lines: &[LineOf<'_>], whole: Whole<'_>) -> Finding {
    for (label, (_, start, text)) in finding.labels.iter_mut().zip(lines) {
        let rest = whole.bytes.get(*start..).unwrap_or_default();
        let text = text.unwrap_or_else(|| first_line(rest));
        let end = if label.span.end == usize::MAX { text.len() } else { label.span.end };
        label.span = Span { source: whole.source, start: start + label.span.start, end: start + end };
    }
    finding
}

/// A finding with the lines of its labels; of a label whose line is no longer known the words go to the one before.
fn with_lines(mut finding: Finding, lines: &[LineOf<'_>]) -> Note {
    let mut texts = Vec::new();
    let mut lost = Vec::new();
    let mut found = lines.iter();
    finding.labels.retain_mut(|label| match found.next() {
        Some((number, _, Some(text))) => {
            label.span.end = if label.span.end == usize::MAX { text.len() } else { label.span.end };
            texts.push((*number, text.to_vec()));
            true
        }
        Some((number, ..)) => {
            lost.push(format!("line {number}: {}", label.text));
            false
        }
        None => false,
    });
    if let Some(label) = finding.labels.first_mut().filter(|_| !lost.is_empty()) {
        label.text = format!("{}; {}", label.text, lost.join("; "));
    }
    Note { finding, lines: texts }
}

/// The first line of some bytes, without its break.
pub(super) fn first_line(bytes: &[u8]) -> &[u8] {
    let length = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    bytes.get(..length).unwrap_or_default().trim_ascii_end()
}
