//! Log text to typed events.
//!
//! A log is JSON Lines: an object a line with `at`, `kind`, perhaps `id` and `reported`, and the fields that the kind
//! declares. Nothing here opens a file: bytes in, events out.

mod compose;
mod field;
mod line;
mod log;
mod order;
mod store;

pub use compose::{Composed, compose};
pub(crate) use line::value_range;
pub use log::{Event, Log, Record};
pub use store::{Events, Iter};

use crate::arena::{Map, Set};
use crate::finding::{Code, Finding, suggestion};
use crate::model::{Kind, KindId, Program, Sym, Value};
use crate::source::{SourceId, Span};
use crate::time::{Instant, Zone};

/// How many problems of one log are told in full.
const MAX_REPORTED: usize = 20;
/// The longest line that is read, in bytes.
const MAX_LINE: usize = 16 << 20;

/// What to make of lines that are not as they should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Report a wrong line as a warning, set it aside and go on.
    pub keep_going: bool,
    /// Set events of undeclared kinds aside, and say nothing of them but their number.
    pub ignore_unknown: bool,
    /// Make fields that the event does not declare an error.
    pub strict: bool,
    /// Let a log be empty: the replay has an end of its own, up to which nothing happened.
    pub may_be_empty: bool,
}

/// Reads a log by the kinds that a program declares.
///
/// The log is fit to be replayed where no finding is an error.
pub fn read(program: &Program, source: SourceId, bytes: &[u8], options: Options) -> (Log, Vec<Finding>) {
    let mut reader = Reader {
        program,
        source,
        bytes,
        options,
        zone: program.zone(),
        zones_differ: program.treaties.iter().any(|treaty| *treaty.zone() != program.zone()),
        log: Log::new(program),
        events: Vec::new(),
        values: Vec::new(),
        findings: Vec::new(),
        unreported: 0,
        lost: Set::default(),
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    reader.log.size = bytes.len();
    reader.lines(bytes);
    order::order(&mut reader);
    reader.finish()
}

struct Reader<'a> {
    program: &'a Program,
    source: SourceId,
    bytes: &'a [u8],
    options: Options,
    /// In which local times are read.
    zone: Zone,
    zones_differ: bool,
    log: Log,
    events: Vec<Read>,
    values: Vec<Value>,
    findings: Vec<Finding>,
    unreported: usize,
    /// The identifiers of lines that are set aside.
    lost: Set<Sym>,
}

impl<'a> Reader<'a> {
    fn lines(&mut self, bytes: &'a [u8]) {
        let base = self.bytes.len() - bytes.len();
        let mut pairs = Vec::new();
        let mut start = 0;
        let mut number = 0;
        while start < bytes.len() {
            let rest = bytes.get(start..).unwrap_or_default();
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            number += 1;
            let line = Line {
                number,
                start: base + start,
                bytes: rest.get(..length).unwrap_or_default(),
                last: start + length >= bytes.len(),
            };
            if !line.bytes.trim_ascii().is_empty()
                && let Err(finding) = self.line(&line, &mut pairs)
            {
                if let Some(Ok(id)) = line::find(&pairs, "id").map(|raw| self.text(raw)) {
                    self.lost.insert(id);
                }
                self.set_aside(*finding);
            }
            start += length + 1;
        }
    }

    fn line(&mut self, line: &Line<'a>, pairs: &mut Vec<line::Pair<'a>>) -> Result<(), Box<Finding>> {
        line::pairs(self, line, pairs)?;
        let Some(kind) = self.kind(line, pairs)? else {
            self.log.set_aside += 1;
            return Ok(());
        };
        let kind_id = kind;
        let kind = &self.program.kinds.at(kind);
        let (at, latest) = match line::find(pairs, &kind.columns.at) {
            Some(raw) => self.time(raw)?,
            None => return Err(Box::new(self.missing(line, kind, "at", &kind.columns.at))),
        };
        let reported = match line::find(pairs, &kind.columns.reported) {
            Some(raw) => self.instant(raw)?,
            None => at,
        };
        let id = match line::find(pairs, &kind.columns.id) {
            Some(raw) => Some(self.text(raw)?),
            None => None,
        };
        if self.options.strict {
            self.only_declared(kind, pairs)?;
        }
        let first_value = self.values.len();
        for field in &kind.fields {
            let value = match line::find(pairs, &field.column) {
                Some(raw) => self.value(field, raw),
                None if field.optional => Ok(Value::Absent),
                None => Err(Box::new(self.missing(line, kind, &field.name, &field.column))),
            };
            match value {
                Ok(value) => self.values.push(value),
                Err(finding) => {
                    self.values.truncate(first_value);
                    return Err(finding);
                }
            }
        }
        self.events.push(Read {
            kind: kind_id,
            at,
            latest,
            reported,
            id,
            line: line.number,
            start: line.start,
            first_value,
            fields: kind.fields.len(),
        });
        Ok(())
    }

    /// The event's kind; none where it is not declared and that is to be ignored.
    fn kind(&self, line: &Line<'_>, pairs: &[line::Pair<'a>]) -> Result<Option<KindId>, Box<Finding>> {
        let Some(raw) = line::find(pairs, "kind") else {
            return Err(Box::new(
                Finding::error(Code::FieldMissing, "this event has no `kind`")
                    .at(self.whole(line), "no `kind` here")
                    .help("every event says what happened: `\"kind\":\"attack\"`"),
            ));
        };
        let name = line::text_of(raw).ok_or_else(|| Box::new(self.wrong(raw, "a text")))?;
        if let Some(kind) = self.program.kinds_in_logs.get(name.as_ref()) {
            return Ok(Some(*kind));
        }
        if self.options.ignore_unknown {
            return Ok(None);
        }
        let known = self.program.kinds_in_logs.keys().map(String::as_str);
        let help = suggestion(&name, known).unwrap_or_else(|| "declare it, or pass `--ignore-unknown`".to_owned());
        let text = format!("no event is declared that logs call `{name}`");
        Err(Box::new(Finding::error(Code::UnknownKind, text).at(self.place(raw), "unknown kind").help(help)))
    }

    fn missing(&self, line: &Line<'_>, kind: &Kind, field: &str, column: &str) -> Finding {
        let text = format!("this `{}` has no `{column}`", kind.log_name);
        let help = if field == "at" {
            "every event says when it happened"
        } else {
            "add it, or declare it with `?` if it may be absent"
        };
        Finding::error(Code::FieldMissing, text).at(self.whole(line), format!("`{column}` is missing")).help(help)
    }

    fn only_declared(&self, kind: &Kind, pairs: &[line::Pair<'a>]) -> Result<(), Box<Finding>> {
        let columns = [kind.columns.at.as_str(), &kind.columns.reported, &kind.columns.id, "kind"];
        for (key, raw) in pairs {
            let declared = kind.fields.iter().any(|field| field.column == *key);
            if !declared && !columns.contains(&key.as_ref()) {
                let known = kind.fields.iter().map(|field| field.column.as_str());
                return Err(Box::new(
                    Finding::error(Code::UnknownField, format!("`{}` declares no `{key}`", kind.name))
                        .at(self.place(raw), "not declared")
                        .maybe_help(suggestion(key, known)),
                ));
            }
        }
        Ok(())
    }

    /// Where a piece of the log stands.
    fn place(&self, piece: &str) -> Span {
        let start = (piece.as_ptr() as usize).saturating_sub(self.bytes.as_ptr() as usize);
        Span { source: self.source, start, end: start + piece.len() }
    }

    fn whole(&self, line: &Line<'_>) -> Span {
        let end = line.start + line.bytes.trim_ascii_end().len();
        Span { source: self.source, start: line.start, end }
    }

    /// Reports what is wrong with a line and goes on without it.
    fn set_aside(&mut self, mut finding: Finding) {
        self.log.set_aside += 1;
        if self.options.keep_going {
            finding.level = crate::finding::Level::Warning;
        }
        if self.findings.len() < MAX_REPORTED {
            self.findings.push(finding);
        } else {
            self.unreported += 1;
        }
    }

    fn finish(mut self) -> (Log, Vec<Finding>) {
        if self.log.events.is_empty() && self.log.set_aside == 0 && !self.options.may_be_empty {
            self.findings.push(
                Finding::error(Code::EmptyLog, "the log holds no event")
                    .at(Span { source: self.source, start: 0, end: 0 }, "nothing to replay")
                    .help("say with `--until` up to when nothing happened"),
            );
        }
        if self.unreported > 0
            && let Some(last) = self.findings.last_mut()
        {
            let more = format!("{} more lines are wrong and are not shown", self.unreported);
            last.help = Some(last.help.take().map_or(more.clone(), |help| format!("{help}; {more}")));
        }
        (self.log, self.findings)
    }
}

/// An event as it was read.
struct Read {
    kind: KindId,
    at: Instant,
    latest: Instant,
    reported: Instant,
    id: Option<Sym>,
    line: usize,
    start: usize,
    first_value: usize,
    fields: usize,
}

/// One line of a log.
struct Line<'a> {
    number: usize,
    start: usize,
    bytes: &'a [u8],
    /// Whether the log ends with it, without a line break.
    last: bool,
}

/// Identifiers of events by their symbols.
type Identifiers = Map<Sym, usize>;
