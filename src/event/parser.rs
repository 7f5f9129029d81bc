//! Blocks of lines to typed events, each block by itself.

use std::borrow::Cow;

use super::batch::{Batch, Draft, Read};
use super::cell::{Pair, find};
use super::csv::{self, Header};
use super::cutter::{Block, Form};
use super::wrong::{self, Trouble};
use super::{MAX_LINE, Options, field, json};
use crate::finding::{Code, Finding, suggestion};
use crate::model::{Kind, KindId, Program, Sym, Value, invalid_utf8};
use crate::time::{Instant, Zone};

/// Reads blocks of a log by the kinds that a program declares.
///
/// It holds nothing of the log: several threads may use one parser, each for a block.
#[derive(Debug)]
pub struct Parser<'p> {
    pub(super) program: &'p Program,
    options: Options,
    /// In which local times are read.
    pub(super) zone: Zone,
    pub(super) zones_differ: bool,
}

/// A line of a block, or a row of several.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: usize,
    /// Where it begins in its block.
    start: usize,
    bytes: &'a [u8],
    /// Whether the log ends with it, without a line break.
    last: bool,
}

/// A line that is being read.
pub(super) struct Reading<'a, 'r> {
    pub(super) parser: &'r Parser<'r>,
    block: &'a [u8],
    pub(super) line: &'a str,
    read: &'r mut Read,
}

impl<'p> Parser<'p> {
    /// A parser for a program.
    pub fn new(program: &'p Program, options: Options) -> Parser<'p> {
        let zone = program.zone();
        let zones_differ = program.treaties.iter().any(|treaty| *treaty.zone() != zone);
        Parser { program, options, zone, zones_differ }
    }

    /// Reads a block; what the batch held before is lost.
    pub fn parse(&self, block: Block, batch: &mut Batch) {
        batch.block = block;
        batch.read.clear();
        let Batch { block, read } = batch;
        match &*block.form {
            Form::Json => self.lines(block, read),
            Form::Csv(header) => self.rows(block, header, read),
        }
    }

    fn lines<'a>(&self, block: &'a Block, read: &mut Read) {
        let bytes = block.bytes.as_slice();
        let valid = std::str::from_utf8(bytes).ok();
        let mut pairs: Vec<Pair<'a>> = Vec::new();
        let (mut start, mut number) = (0, block.line);
        for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
            let line = Line {
                number,
                start,
                bytes: bytes.get(start..end).unwrap_or_default(),
                last: block.last && end == bytes.len(),
            };
            if !line.bytes.trim_ascii_start().is_empty() {
                let whole = valid.filter(|_| line.bytes.len() <= MAX_LINE).and_then(|text| text.get(start..end));
                let text = whole.map_or_else(|| text(line), Ok);
                pairs.clear();
                let done = text.and_then(|text| {
                    json::pairs(text, line.last, &mut pairs)?;
                    self.event(line, block, text, &pairs, read)
                });
                set_aside(done, line, &pairs, read);
            }
            (start, number) = (end + 1, number + 1);
        }
    }

    fn rows(&self, block: &Block, header: &Header, read: &mut Read) {
        if let Some(finding) = self.wrong_header(header) {
            if block.line <= header.line {
                let start = csv::start_of_line(&block.bytes, header.line - block.line);
                read.set_aside(header.line, start, finding, None, true);
            }
            return;
        }
        let (mut row, mut room) = (csv::Row::default(), Vec::new());
        let (mut start, mut number) = (0, block.line);
        while start < block.bytes.len() {
            let end = csv::row_end(&block.bytes, start).unwrap_or(block.bytes.len());
            let bytes = block.bytes.get(start..end).unwrap_or_default();
            let last = block.last && !bytes.ends_with(b"\n");
            let line = Line { number, start, bytes: bytes.trim_ascii_end(), last };
            if number > header.line && !line.bytes.is_empty() {
                let mut pairs = emptied(room);
                let done = text(line).and_then(|text| {
                    row.read(bytes);
                    csv::pairs(text, header, &row, last, &mut pairs)?;
                    self.event(line, block, text, &pairs, read)
                });
                set_aside(done, line, &pairs, read);
                room = emptied(pairs);
            }
            (start, number) = (end, number + memchr::memchr_iter(b'\n', bytes).count());
        }
    }

    /// What is wrong with a header, so that nothing can be read under it.
    fn wrong_header(&self, header: &Header) -> Option<Finding> {
        let has = |column: &str| header.columns.iter().any(|found| found == column);
        let wrong = |text: String| Finding::error(Code::BadCsv, text).at(wrong::at(0..1), "the log begins here");
        if !self.program.kinds.iter().any(|kind| has(&kind.columns.at)) && !has("at") {
            return Some(wrong("the first line is neither a JSON object nor a header with a column `at`".to_owned()).help(
                "write JSON Lines, `{\"at\":\"2025-11-03T03:12:00Z\",\"kind\":\"attack\"}`, or begin with a header: `at,kind,by`",
            ));
        }
        let columns = header.columns.iter().enumerate();
        let mut twice =
            columns.filter(|(index, column)| header.columns.iter().take(*index).any(|other| other == *column));
        if let Some((_, column)) = twice.find(|(_, column)| !column.is_empty()) {
            return Some(wrong(format!("the header has two columns `{column}`")).help("leave one of them out"));
        }
        (self.options.kind.is_none() && !has("kind")).then(|| {
            wrong("the header has no column `kind`".to_owned())
                .help("add it, or say with `--kind` of which kind every line is")
        })
    }

    /// Reads the event on a line that has been taken apart.
    fn event(&self, line: Line<'_>, block: &Block, text: &str, pairs: &[Pair<'_>], read: &mut Read) -> Trouble<()> {
        let Some(kind_id) = self.kind(text, pairs)? else {
            read.undeclared += 1;
            return Ok(());
        };
        let kind = self.program.kinds.at(kind_id);
        let (first_value, mut reading) =
            (read.values.len(), Reading { parser: self, block: &block.bytes, line: text, read });
        let draft = reading.draft(kind, pairs).and_then(|draft| {
            if self.options.strict {
                only_declared(text, kind, pairs)?;
            }
            reading.fields(kind, pairs)?;
            Ok(draft)
        });
        match draft {
            Ok((at, latest, reported, id)) => {
                let (fields, start) = (kind.fields.len(), line.start);
                let line = line.number;
                read.events.push(Draft { kind: kind_id, at, latest, reported, id, line, start, first_value, fields });
                Ok(())
            }
            Err(finding) => {
                read.values.truncate(first_value);
                Err(finding)
            }
        }
    }

    /// The event's kind; none where it is not declared and that is to be ignored.
    fn kind(&self, line: &str, pairs: &[Pair<'_>]) -> Trouble<Option<KindId>> {
        let Some(cell) = find(pairs, "kind") else {
            return self.options.kind.map(Some).ok_or_else(|| {
                Box::new(
                    Finding::error(Code::FieldMissing, "this event has no `kind`")
                        .at(wrong::whole(line), "no `kind` here")
                        .help("every event says what happened: `\"kind\":\"attack\"`"),
                )
            });
        };
        let name = cell.text().ok_or_else(|| Box::new(field::wrong(line, cell, "a text")))?;
        if let Some(kind) = self.program.kinds_in_logs.get(name.as_ref()) {
            return Ok(Some(*kind));
        }
        if self.options.ignore_unknown {
            return Ok(None);
        }
        let known = self.program.kinds_in_logs.keys().map(String::as_str);
        let help = suggestion(&name, known).unwrap_or_else(|| "declare it, or pass `--ignore-unknown`".to_owned());
        let text = format!("no event is declared that logs call `{name}`");
        let place = wrong::place(line, cell.raw);
        Err(Box::new(Finding::error(Code::UnknownKind, text).at(place, "unknown kind").help(help)))
    }
}

/// Refuses columns that the event does not declare.
fn only_declared(line: &str, kind: &Kind, pairs: &[Pair<'_>]) -> Trouble<()> {
    let columns = [kind.columns.at.as_str(), &kind.columns.reported, &kind.columns.id, "kind"];
    for (key, cell) in pairs {
        let declared = kind.fields.iter().any(|field| field.column == *key);
        if !declared && !columns.contains(&key.as_ref()) {
            let known = kind.fields.iter().map(|field| field.column.as_str());
            return Err(Box::new(
                Finding::error(Code::UnknownField, format!("`{}` declares no `{key}`", kind.name))
                    .at(wrong::place(line, cell.raw), "not declared")
                    .maybe_help(suggestion(key, known)),
            ));
        }
    }
    Ok(())
}

/// When something happened, from when to when, when it became known, and its identifier.
type Head = (Instant, Instant, Instant, Option<Sym>);

impl Reading<'_, '_> {
    fn draft(&mut self, kind: &Kind, pairs: &[Pair<'_>]) -> Trouble<Head> {
        let (at, latest) = match find(pairs, &kind.columns.at) {
            Some(cell) => self.time(cell)?,
            None => return Err(Box::new(missing(self.line, kind, "at", &kind.columns.at))),
        };
        let reported = match find(pairs, &kind.columns.reported) {
            Some(cell) => self.instant(cell)?,
            None => at,
        };
        let id = match find(pairs, &kind.columns.id) {
            Some(cell) => Some(self.text(cell)?),
            None => None,
        };
        Ok((at, latest, reported, id))
    }

    fn fields(&mut self, kind: &Kind, pairs: &[Pair<'_>]) -> Trouble<()> {
        for field in &kind.fields {
            let value = match find(pairs, &field.column) {
                Some(cell) => self.value(field, cell)?,
                None if field.optional => Value::Absent,
                None => return Err(Box::new(missing(self.line, kind, &field.name, &field.column))),
            };
            self.read.values.push(value);
        }
        Ok(())
    }

    /// Keeps a text.
    pub(super) fn piece(&mut self, text: &str) -> Sym {
        self.read.piece(self.block, text)
    }
}

fn missing(line: &str, kind: &Kind, field: &str, column: &str) -> Finding {
    let text = format!("this `{}` has no `{column}`", kind.log_name);
    let help = if field == "at" {
        "every event says when it happened"
    } else {
        "add it, or declare it with `?` if it may be absent"
    };
    Finding::error(Code::FieldMissing, text).at(wrong::whole(line), format!("`{column}` is missing")).help(help)
}

/// The text of a line, if it may be read.
fn text(line: Line<'_>) -> Trouble<&str> {
    if line.bytes.len() > MAX_LINE {
        let most = MAX_LINE >> 20;
        return Err(Box::new(
            Finding::error(Code::LineTooLong, format!("this line is longer than {most} MB"))
                .at(wrong::at(0..1), format!("lines longer than {most} MB are not read"))
                .help("a log has one event a line"),
        ));
    }
    std::str::from_utf8(line.bytes).map_err(|error| {
        let offset = error.valid_up_to();
        // In the middle of a letter at the very end of the log.
        let cut = error.error_len().is_none() && line.last;
        Box::new(if cut { wrong::truncated(offset) } else { invalid_utf8(wrong::at(offset..offset + 1)) })
    })
}

/// Sets a line aside with which something is wrong.
fn set_aside(done: Trouble<()>, line: Line<'_>, pairs: &[Pair<'_>], read: &mut Read) {
    let Err(finding) = done else { return };
    let id = find(pairs, "id").and_then(field::text_of);
    read.set_aside(line.number, line.start, *finding, id.map(Cow::into_owned), false);
}

/// The room of a list, for what has another lifetime.
fn emptied<'b>(pairs: Vec<Pair<'_>>) -> Vec<Pair<'b>> {
    pairs.into_iter().map_while(|_| None).collect()
}
