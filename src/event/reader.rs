//! Batches to a log: the order of the replay, and references between events.

use serde::{Deserialize, Deserializer, Serialize};

use super::batch::{Batch, Draft};
use super::held::{Batches, Held};
use super::identifiers::{Identifiers, Known};
use super::notes::{LINE, LineOf, Notes, Whole};
use super::refers::{Referring, settled};
use super::{Log, Options, Record};
use crate::arena::{Id, Set};
use crate::finding::{Code, Finding, Level};
use crate::model::{EventId, Program, Value};
use crate::source::{SourceId, Sources};
use crate::time::Instant;

/// Adds what batches hold to a log, in the order of the replay.
///
/// Events are held back until one has come that is later by more than [`Options::lateness`]: by then every event of their
/// instant has come, and they may refer to one another.
#[derive(Debug)]
pub struct Reader<'p> {
    pub(super) options: Options,
    pub(super) program: &'p Program,
    source: SourceId,
    pub(super) referring: Referring,
    pub(super) identifiers: Identifiers,
    /// The identifiers of lines that are set aside.
    pub(super) lost: Set<String>,
    pub(super) batches: Batches,
    held: Vec<Held>,
    /// Whether what is held back is in order.
    sorted: bool,
    /// The time of the latest event that has come, and its line.
    latest: (Instant, usize),
    /// The time of the last event in the log.
    passed: Instant,
    /// The first instant of which nothing is added, as something of it is wrong.
    stopped: Option<Instant>,
    pub(super) notes: Notes<'p>,
    /// Room for the events of an instant, and for the fields of an event.
    group: Vec<Held>,
    values: Vec<Value>,
}

impl<'p> Reader<'p> {
    /// A reader of a log that is not held as a whole; `source` is a text of its name, which may be empty.
    pub fn new(program: &'p Program, options: Options, source: SourceId) -> Reader<'p> {
        Reader {
            options,
            program,
            source,
            referring: Referring::of(program),
            identifiers: Identifiers::default(),
            lost: Set::default(),
            batches: Batches::default(),
            held: Vec::new(),
            sorted: true,
            latest: (Instant::MIN, 0),
            passed: Instant::MIN,
            stopped: None,
            notes: Notes::new(None),
            group: Vec::new(),
            values: Vec::new(),
        }
    }

    /// A reader of a log whose text is there, and which may be in any order.
    pub(super) fn whole(program: &'p Program, options: Options, source: SourceId, bytes: &'p [u8]) -> Reader<'p> {
        let mut reader = Reader::new(program, Options { lateness: i64::MAX, ..options }, source);
        reader.referring.to_all = true;
        reader.notes = Notes::new(Some(Whole { source, bytes }));
        reader
    }

    /// Takes a batch, which follows the one before, and adds to the log what need be held back no longer.
    pub fn add(&mut self, batch: Batch, log: &mut Log) {
        log.size = batch.block.start + batch.block.bytes.len();
        log.set_aside += batch.read.undeclared;
        let mut batch = batch;
        self.wrong(&batch, log);
        if self.is_spoilt() {
            let first = batch.read.wrong.first().map_or(0, |wrong| wrong.line);
            batch.read.events.retain(|draft| draft.line < first);
        }
        for held in self.batches.push(batch) {
            if held.at < self.earliest() {
                self.too_late(held, log);
                if self.is_spoilt() {
                    break;
                }
                continue;
            }
            if held.at > self.latest.0 {
                let line = self.batches.of(held).map_or(0, |(_, draft)| draft.line);
                self.latest = (held.at, line);
            }
            self.sorted &= self.held.last().is_none_or(|last| last.at <= held.at);
            self.held.push(held);
        }
        if self.options.lateness < i64::MAX {
            self.release(Some(self.earliest()), log);
        }
    }

    /// The earliest time that an event may have which comes now; those before it have all been added.
    pub fn earliest(&self) -> Instant {
        if let Some(stopped) = self.stopped {
            return stopped;
        }
        if self.options.lateness == i64::MAX {
            return Instant::MIN;
        }
        self.latest.0.plus_micros(self.options.lateness.max(0).saturating_neg()).max(self.passed)
    }

    /// Whether an error has been found in a log that is not held as a whole: what comes after it is not added.
    fn is_spoilt(&self) -> bool {
        self.options.lateness < i64::MAX && self.has_errors()
    }

    /// The clock has come to an instant: adds what is earlier to the log. What comes from now on and is earlier comes too
    /// late.
    pub fn pass(&mut self, to: Instant, log: &mut Log) {
        self.release(Some(to), log);
        self.passed = self.passed.max(to);
    }

    /// All that has to be kept for the reading to go on later.
    pub fn state(&self) -> impl Serialize + '_ {
        let (seen, held) = ((&self.identifiers, &self.lost), (&self.batches, &self.held, self.sorted));
        (seen, held, self.latest, self.passed, &self.notes)
    }

    /// A reader that goes on where another stopped, of the same program and with the same options.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, where it is not the state of a reader.
    pub fn resume<'de, D: Deserializer<'de>>(
        program: &'p Program,
        options: Options,
        source: SourceId,
        state: D,
    ) -> Result<Reader<'p>, D::Error> {
        let (seen, held, latest, passed, notes) = Deserialize::deserialize(state)?;
        let ((identifiers, lost), (batches, held, sorted)) = (seen, held);
        let new = Reader::new(program, options, source);
        Ok(Reader { identifiers, lost, batches, held, sorted, latest, passed, notes, ..new })
    }

    /// Adds every event to the log that is held back: what has the same time and comes later is not referred to by them.
    pub fn flush(&mut self, log: &mut Log) {
        self.release(None, log);
    }

    /// Ends the log: adds every event that is held back, and says what [`Reader::findings`] has not said.
    pub fn finish(mut self, log: &mut Log, sources: &mut Sources) -> Vec<Finding> {
        self.end(log);
        self.notes.take(sources, self.source)
    }

    pub(super) fn finish_whole(mut self, log: &mut Log) -> Vec<Finding> {
        self.end(log);
        self.notes.take_whole()
    }

    fn end(&mut self, log: &mut Log) {
        self.flush(log);
        if log.events.given() == 0 && log.set_aside == 0 && !self.options.may_be_empty {
            let finding = Finding::error(Code::EmptyLog, "the log holds no event")
                .at(super::wrong::at(0..0), "nothing to replay")
                .help("say with `--until` up to when nothing happened");
            self.notes.add(finding, &[(1, 0, Some(b""))]);
        }
        self.notes.end();
    }

    /// What was found and has not been said; the lines that are meant are added to the texts.
    ///
    /// The log is fit to be replayed where none of it is an error.
    pub fn findings(&mut self, sources: &mut Sources) -> Vec<Finding> {
        self.notes.take(sources, self.source)
    }

    /// Whether an error has been found, so that the log is not fit to be replayed.
    pub fn has_errors(&self) -> bool {
        self.notes.errors() > 0
    }

    /// A batch that is done with, and may be filled again.
    pub fn spent(&mut self) -> Option<Batch> {
        self.batches.spent()
    }

    /// How many events are held back.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Tells what is wrong with the lines of a batch.
    fn wrong(&mut self, batch: &Batch, log: &mut Log) {
        for wrong in &batch.read.wrong {
            log.set_aside += 1;
            if let Some(id) = wrong.id.as_ref().filter(|_| !self.options.keep_going) {
                self.lost.insert(id.clone());
            }
            let level = if self.options.keep_going && !wrong.fatal { Level::Warning } else { Level::Error };
            match &wrong.finding {
                Some(finding) => {
                    let line = (wrong.line, batch.block.start + wrong.start, Some(batch.line(wrong.start)));
                    let lines = vec![line; finding.labels.len()];
                    self.notes.add(Finding { level, ..finding.clone() }, &lines);
                }
                None => self.notes.add_untold(level),
            }
        }
    }

    fn too_late(&mut self, held: Held, log: &mut Log) {
        let Some((_, draft)) = self.batches.of(held) else { return };
        let (latest, line) = self.latest;
        let text = if self.passed > latest {
            format!("this event is of {}, and the clock has come to {}", draft.at, self.passed)
        } else {
            format!("this event is of {}, and line {line} of {latest}", draft.at)
        };
        let advice = "sort the log by time, or say with `--lateness 2h` how far events may be out of order";
        let finding = Finding::error(Code::OutOfOrder, text).at(LINE, "it comes too late").help(advice);
        self.set_aside(finding, &[self.line_of(held)], log);
    }

    /// The line of an event that is held back.
    pub(super) fn line_of(&self, held: Held) -> (usize, usize) {
        self.batches.of(held).map_or((0, 0), |(batch, draft)| (draft.line, batch.block.start + draft.start))
    }

    /// Reports what is wrong with an event and goes on without it. Lines are told by their numbers and where they begin.
    pub(super) fn set_aside(&mut self, finding: Finding, lines: &[(usize, usize)], log: &mut Log) {
        log.set_aside += 1;
        let level = if self.options.keep_going { Level::Warning } else { Level::Error };
        let lines: Vec<LineOf<'_>> =
            lines.iter().map(|(line, start)| (*line, *start, self.batches.line_at(*start))).collect();
        self.notes.add(Finding { level, ..finding }, &lines);
    }

    /// Adds to the log what is earlier than an instant, or everything.
    fn release(&mut self, bound: Option<Instant>, log: &mut Log) {
        if !self.sorted {
            self.held.sort_by_key(|held| held.at);
            self.sorted = true;
        }
        let mut held = std::mem::take(&mut self.held);
        let ready = bound.map_or(held.len(), |bound| held.partition_point(|held| held.at < bound));
        let (now, later) = held.split_at(ready);
        let mut rest = now.len();
        for group in now.chunk_by(|one, other| one.at == other.at) {
            rest -= group.len();
            self.passed = group.first().map_or(self.passed, |held| held.at);
            let of_later = now.get(now.len() - rest..).unwrap_or_default();
            if !self.instant(group, [of_later, later], log) {
                self.stopped = Some(self.passed);
                break;
            }
        }
        held.drain(..ready);
        self.batches.let_go(&held);
        self.held = held;
    }

    /// Adds the events of one instant to the log; false where one of them is wrong, and nothing more is to be added.
    fn instant(&mut self, group: &[Held], later: [&[Held]; 2], log: &mut Log) -> bool {
        let errors = self.notes.errors();
        let mut kept = std::mem::take(&mut self.group);
        kept.extend_from_slice(group);
        self.without_duplicates(&mut kept, log);
        self.without_wrong_references(&mut kept, later, log);
        let good = self.options.lateness == i64::MAX || self.notes.errors() == errors;
        for held in kept.iter().filter(|_| good) {
            self.append(*held, log);
        }
        kept.clear();
        self.group = kept;
        good
    }

    fn append(&mut self, held: Held, log: &mut Log) {
        let Some((batch, draft)) = self.batches.of(held) else { return };
        let refers = self.referring.fields(draft.kind);
        let values = batch.read.values.iter().skip(draft.first_value).take(draft.fields).enumerate();
        for (field, value) in values {
            let identifiers = refers.contains(&field).then_some(&self.identifiers);
            self.values.push(settled(value, batch, identifiers, &mut log.symbols));
        }
        let record = record(batch, draft, self.source);
        log.append(&record, self.values.drain(..));
    }

    /// Sets aside what has the identifier of an earlier event, and remembers the rest, with their numbers.
    fn without_duplicates(&mut self, group: &mut Vec<Held>, log: &mut Log) {
        let (mut twice, mut next) = (Vec::new(), log.events.given());
        group.retain(|held| {
            let Some((batch, draft)) = self.batches.of(*held) else { return false };
            let id = draft.id.map(|id| batch.text(id));
            if !self.referring.remembers(draft.kind, id.is_some()) {
                next += 1;
                return true;
            }
            let start = batch.block.start + draft.start;
            let known = Known { event: Some(EventId::from_index(next)), kind: draft.kind, line: draft.line, start };
            let first = self.identifiers.add(id, known);
            twice.extend(first.map(|first| (*held, first, id.unwrap_or_default().to_owned())));
            next += usize::from(first.is_none());
            first.is_none()
        });
        for (held, first, id) in twice {
            let finding = Finding::error(Code::DuplicateEventId, format!("two events have the id `{id}`"))
                .at(LINE, "again here")
                .at(LINE, "first here")
                .help("give each event its own id");
            self.set_aside(finding, &[self.line_of(held), (first.line, first.start)], log);
        }
    }

    /// Sets aside what refers to no event, or to a wrong one, and gives those that are left their numbers.
    fn without_wrong_references(&mut self, group: &mut Vec<Held>, later: [&[Held]; 2], log: &mut Log) {
        loop {
            let mut wrong = Vec::new();
            group.retain(|held| {
                let found = self.wrong_reference(*held, later);
                wrong.extend(found.map(|found| (*held, found)));
                wrong.last().is_none_or(|(last, _)| last != held)
            });
            if wrong.is_empty() {
                break;
            }
            // What refers to an event that is set aside refers to none.
            for (held, (finding, lines)) in wrong {
                self.settle(held, None);
                self.set_aside(finding, &lines, log);
            }
            self.number(group, log.events.given());
        }
    }

    fn number(&mut self, group: &[Held], first: usize) {
        for (place, held) in group.iter().enumerate() {
            self.settle(*held, Some(EventId::from_index(first + place)));
        }
    }

    fn settle(&mut self, held: Held, event: Option<EventId>) {
        if let Some((batch, draft)) = self.batches.of(held) {
            let id = draft.id.map(|id| batch.text(id));
            if self.referring.remembers(draft.kind, id.is_some()) {
                self.identifiers.settle(id, draft.line, event);
            }
        }
    }
}

fn record<'b>(batch: &'b Batch, draft: &Draft, source: SourceId) -> Record<'b> {
    Record {
        kind: draft.kind,
        at: draft.at,
        latest: draft.latest,
        reported: draft.reported,
        id: draft.id.map(|id| batch.text(id)),
        line: draft.line,
        start: batch.block.start + draft.start,
        source,
    }
}
