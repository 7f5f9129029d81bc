//! The log of a scenario: what its logs hold, and its own steps.

use super::{Log, Record};
use crate::arena::{Id, Map, Set};
use crate::finding::{Code, Finding};
use crate::model::{EventId, KindId, Program, Step, StepValue, Type, Value};
use crate::source::{Sources, Span};

/// The log of a scenario.
#[derive(Debug, Default)]
pub struct Composed {
    /// The events, in the order of the replay: ties are those of the logs first, then the steps as they stand.
    pub log: Log,
    /// The event that each step is; none where it is set aside.
    pub steps: Vec<Option<EventId>>,
}

/// Makes one log of several and of the steps of a scenario; what cannot be part of it is reported, and set aside.
pub fn compose<'a>(
    program: &'a Program,
    logs: &'a [Log],
    steps: &'a [Step],
    sources: &'a Sources,
) -> (Composed, Vec<Finding>) {
    let mut composer = Composer {
        program,
        sources,
        steps,
        log: Log::new(program),
        identifiers: Map::default(),
        parts: Vec::new(),
        set_aside: Set::default(),
        findings: Vec::new(),
    };
    for (number, log) in logs.iter().enumerate() {
        composer.log(number, log);
    }
    for (number, step) in steps.iter().enumerate() {
        composer.step(number, step);
    }
    composer.finish(logs)
}

/// Where an event comes from: the number of its log and its place there, or the number of its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Origin {
    Log(usize, EventId),
    Step(usize),
}

struct Part<'a> {
    event: Record<'a>,
    origin: Origin,
    values: Vec<StepValue>,
}

struct Composer<'a> {
    program: &'a Program,
    sources: &'a Sources,
    steps: &'a [Step],
    log: Log,
    /// Which event has which identifier: what it is, and where it stands.
    identifiers: Map<&'a str, (Origin, KindId, Span)>,
    parts: Vec<Part<'a>>,
    set_aside: Set<usize>,
    findings: Vec<Finding>,
}

impl<'a> Composer<'a> {
    fn log(&mut self, number: usize, log: &'a Log) {
        for (id, event) in log.events.entries() {
            let values = log.fields(event).iter().map(|value| StepValue::Is(self.moved(log, value))).collect();
            let record = Record {
                kind: event.kind,
                at: event.at,
                latest: event.latest,
                reported: event.reported,
                id: log.given_id(event),
                line: event.line,
                start: event.start,
                source: event.source,
            };
            let span = log.span(event, self.sources);
            self.add(record, Origin::Log(number, id), values, span);
        }
    }

    fn step(&mut self, number: usize, step: &'a Step) {
        if !self.refers_well(step) {
            self.set_aside.insert(number);
            return;
        }
        let source = step.span.source;
        let event = Record {
            kind: step.kind,
            at: step.at,
            latest: step.at,
            reported: step.reported,
            id: step.name.as_deref(),
            line: self.sources.get(source).line_of(step.span.start),
            start: step.span.start,
            source,
        };
        if !self.add(event, Origin::Step(number), step.fields.clone(), Some(step.span)) {
            self.set_aside.insert(number);
        }
    }

    /// Adds an event, unless another has its identifier.
    fn add(&mut self, event: Record<'a>, origin: Origin, values: Vec<StepValue>, span: Option<Span>) -> bool {
        if let (Some(id), Some(span)) = (event.id, span) {
            if let Some((_, _, first)) = self.identifiers.get(id) {
                let text = format!("two events have the id `{id}`");
                self.findings.push(
                    Finding::error(Code::DuplicateEventId, text)
                        .at(span, "again here")
                        .at(*first, "first here")
                        .help("give each event its own id"),
                );
                return false;
            }
            self.identifiers.insert(id, (origin, event.kind, span));
        }
        self.parts.push(Part { event, origin, values });
        true
    }

    /// A value of a log, its texts those of the log that is made.
    fn moved(&mut self, log: &Log, value: &Value) -> Value {
        match value {
            Value::Text(text) => Value::Text(self.log.symbols.intern(log.symbols().text(*text))),
            Value::Word(word) => Value::Word(self.log.symbols.intern(log.symbols().text(*word))),
            Value::List(list) => Value::List(list.iter().map(|value| self.moved(log, value)).collect()),
            other => other.clone(),
        }
    }

    /// Whether what a step refers to has happened; what has not is reported.
    fn refers_well(&mut self, step: &Step) -> bool {
        let kinds = &self.program.kinds.at(step.kind).fields;
        let fields: Vec<_> = kinds.iter().map(|field| field.kind.clone()).zip(&step.fields).collect();
        fields.iter().all(|(kind, value)| self.refers_well_in(step, kind, value))
    }

    fn refers_well_in(&mut self, step: &Step, kind: &Type, value: &StepValue) -> bool {
        match value {
            StepValue::Is(_) => true,
            StepValue::List(list) => list.iter().all(|value| self.refers_well_in(step, kind, value)),
            StepValue::Step(number) => {
                let Some(earlier) = self.steps.get(*number) else { return false };
                if earlier.at > step.at {
                    let name = earlier.name.clone().unwrap_or_default();
                    self.findings.push(
                        Finding::error(Code::UnknownReference, format!("the event `{name}` had not happened yet"))
                            .at(step.span, "refers to it")
                            .at(earlier.span, "this happened later")
                            .help("an event can refer to an earlier one, or to one of the same instant"),
                    );
                }
                earlier.at <= step.at && !self.set_aside.contains(number)
            }
            StepValue::Event(id) => self.refers_to_a_log(step, kind, id),
        }
    }

    fn refers_to_a_log(&mut self, step: &Step, kind: &Type, id: &str) -> bool {
        let found = self.identifiers.get(id).copied();
        let wanted = match kind {
            Type::Event(kind) => Some(*kind),
            Type::List(inner) => match **inner {
                Type::Event(kind) => Some(kind),
                _ => None,
            },
            _ => None,
        };
        let name = |kind: KindId| self.program.kinds.at(kind).name.clone();
        let finding = match (found, wanted) {
            (Some((_, found, span)), Some(wanted)) if found != wanted => {
                Finding::error(Code::WrongKindOfEvent, format!("`{id}` is not of kind `{}`", name(wanted)))
                    .at(step.span, "refers to it")
                    .at(span, format!("its kind is `{}`", name(found)))
                    .help(format!("refer to an event of kind `{}`", name(wanted)))
            }
            (Some(_), _) => return true,
            (None, _) => Finding::error(Code::UnknownReference, format!("no event has the id `{id}`"))
                .at(step.span, "refers to it")
                .help("check the id in the log, or name an earlier step: `+0h attack as strike`"),
        };
        self.findings.push(finding);
        false
    }

    fn finish(mut self, logs: &[Log]) -> (Composed, Vec<Finding>) {
        self.parts.sort_by_key(|part| part.event.at);
        let places: Map<Origin, EventId> =
            self.parts.iter().enumerate().map(|(place, part)| (part.origin, EventId::from_index(place))).collect();
        let mut log = std::mem::take(&mut self.log);
        log.set_aside = logs.iter().map(|log| log.set_aside).sum();
        for part in std::mem::take(&mut self.parts) {
            let own = match part.origin {
                Origin::Log(number, _) => Some(number),
                Origin::Step(_) => None,
            };
            log.append(&part.event, part.values.iter().map(|value| self.settled(value, own, &places)));
        }
        let steps = (0..self.steps.len()).map(|number| places.get(&Origin::Step(number)).copied()).collect();
        (Composed { log, steps }, self.findings)
    }

    /// A value, its references those of the log that is made; `own` is the log from which it comes.
    fn settled(&self, value: &StepValue, own: Option<usize>, places: &Map<Origin, EventId>) -> Value {
        let place = |origin: Origin| places.get(&origin).map_or(Value::Absent, |id| Value::Event(*id));
        match value {
            StepValue::Is(Value::Event(id)) => own.map_or(Value::Absent, |log| place(Origin::Log(log, *id))),
            StepValue::Is(Value::List(list)) => {
                Value::List(list.iter().map(|one| self.settled(&StepValue::Is(one.clone()), own, places)).collect())
            }
            StepValue::Is(value) => value.clone(),
            StepValue::Step(number) => place(Origin::Step(*number)),
            StepValue::Event(id) => {
                let found = self.identifiers.get(id.as_str());
                found.map_or(Value::Absent, |(origin, _, _)| place(*origin))
            }
            StepValue::List(list) => Value::List(list.iter().map(|one| self.settled(one, own, places)).collect()),
        }
    }
}
