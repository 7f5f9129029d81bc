//! The words of reports: who, what, when.

use super::Scene;
use crate::eval::{NearMiss, World};
use crate::model::{Article, EventId, PartyId, Type, Value, Want};
use crate::time::{Duration, Instant, Zone};
use crate::verdict::{Bearer, Trigger, Verdict};

impl<'a> Scene<'a> {
    pub(super) fn article(self, verdict: &Verdict) -> &'a Article {
        self.program.articles.at(verdict.article)
    }

    pub(super) fn zone(self, verdict: &Verdict) -> &'a Zone {
        self.program.treaties.at(self.article(verdict).treaty).zone()
    }

    /// An instant as the clocks of the treaty's zone show it.
    pub(super) fn time(self, verdict: &Verdict, at: Instant) -> String {
        self.zone(verdict).show(at)
    }

    /// As [`Scene::time`], for the end of a period.
    pub(super) fn end(self, verdict: &Verdict, at: Instant) -> String {
        self.zone(verdict).show_end(at)
    }

    /// As [`Scene::time`], without the offset.
    pub(super) fn local_time(self, verdict: &Verdict, at: Instant) -> String {
        self.zone(verdict).show_local(at)
    }

    pub(super) fn party(self, party: PartyId) -> &'a str {
        &self.program.parties.at(party).name
    }

    /// «Italy, France and Poland».
    pub(super) fn parties(self, parties: &[PartyId]) -> String {
        let names: Vec<_> = parties.iter().map(|party| self.party(*party)).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => "nobody".to_owned(),
        }
    }

    /// A party, a group by its name, or its members; none where there is nobody.
    pub(super) fn bearer(self, bearer: &Bearer) -> Option<String> {
        match &bearer.name {
            Some(name) => Some(name.clone()),
            None if bearer.parties.is_empty() => None,
            None => Some(self.parties(&bearer.parties)),
        }
    }

    pub(super) fn event_id(self, event: EventId) -> String {
        self.log.id_of(self.log.events.at(event))
    }

    /// The event in which a duty's chain of triggers began.
    pub(super) fn root(verdict: &Verdict) -> Option<EventId> {
        match verdict.trigger {
            Trigger::EntryIntoForce | Trigger::Clock => None,
            Trigger::Event(event) => Some(event),
            Trigger::State { cause, .. } | Trigger::Moment { cause, .. } => cause,
        }
    }

    /// «article 1 breached by Germany», «strike-1», «attack #12», «entry into force».
    pub(super) fn trigger(self, verdict: &Verdict) -> String {
        match &verdict.trigger {
            Trigger::EntryIntoForce => "entry into force".to_owned(),
            Trigger::Clock => self.local_time(verdict, verdict.triggered_at),
            Trigger::State { cause: Some(event) } => self.event_id(*event),
            Trigger::State { cause: None } => self.local_time(verdict, verdict.triggered_at),
            Trigger::Event(event) => {
                let id = self.event_id(*event);
                let found = self.log.events.at(*event);
                if found.id.is_some() { id } else { format!("{} {id}", self.program.kinds.at(found.kind).name) }
            }
            Trigger::Moment { article, kind, by, .. } => {
                let label = &self.program.articles.at(*article).label;
                format!("article {label} {kind} by {}", self.parties(by))
            }
        }
    }

    /// The kind of the act that an article is about.
    pub(super) fn kind_of_act(self, article: &crate::model::Article) -> &'a str {
        article.norm.act().map_or("", |act| self.program.kinds.at(act.pattern.kind).name.as_str())
    }

    /// The act that is owed or forbidden, its values filled in: `consult(on: strike-1)`.
    pub(super) fn act(self, verdict: &Verdict) -> String {
        let article = self.article(verdict);
        let Some(act) = article.norm.act().map(|act| &act.pattern) else {
            return String::new();
        };
        let kind = &self.program.kinds.at(act.kind);
        let world = World::new(self.program, self.log);
        let mut fields = Vec::new();
        for test in &act.tests {
            let (Want::Is(expr), Some(field)) = (&test.want, kind.fields.get(test.field)) else {
                continue;
            };
            let value = world.value(expr, &verdict.frame);
            if Some(test.field) != kind.by && value != Value::Absent {
                fields.push(format!("{}: {}", field.name, self.value(&value, &field.kind)));
            }
        }
        if fields.is_empty() { kind.name.clone() } else { format!("{}({})", kind.name, fields.join(", ")) }
    }

    /// «a near miss: its `on` is strike-2, not strike-1».
    pub(super) fn difference(self, miss: &NearMiss) -> String {
        let event = self.log.events.at(miss.event);
        let Some(field) = self.program.kinds.at(event.kind).fields.get(miss.field) else {
            return String::new();
        };
        let found = self.value(self.log.field(event, miss.field), &field.kind);
        format!("a near miss: its `{}` is {found}, not {}", field.name, self.value(&miss.wanted, &field.kind))
    }

    fn value(self, value: &Value, kind: &Type) -> String {
        match value {
            Value::Absent => "?".to_owned(),
            Value::Party(party) => self.party(*party).to_owned(),
            Value::Place(place) => self.program.places.at(*place).name.clone(),
            Value::Text(text) => format!("\"{}\"", self.log.symbols().text(*text)),
            Value::Word(word) => self.log.symbols().text(*word).to_owned(),
            Value::Truth(truth) => truth.to_string(),
            Value::Number(number) => match kind {
                Type::Quantity(unit) => format!("{number} {}", self.program.units.at(*unit)),
                _ => number.to_string(),
            },
            Value::Instant(instant) => instant.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Duration(micros) => Duration::of_micros(*micros).to_string(),
            Value::Event(event) => self.event_id(*event),
            Value::List(list) => list.iter().map(|one| self.value(one, kind)).collect::<Vec<_>>().join(", "),
            Value::Between(ends) => format!("{} to {}", self.value(&ends.0, kind), self.value(&ends.1, kind)),
            Value::Moment(moment) => format!("article {}", self.program.articles.at(moment.0.article).label),
        }
    }

    /// When the promise was broken: at the due instant, or at the trigger where that had passed already; a
    /// prohibition, at the first act.
    pub(super) fn breached_at(verdict: &Verdict) -> Option<Instant> {
        if !verdict.status.is_breach() {
            return None;
        }
        verdict.breaches.first().map(|breach| breach.at)
    }

    /// Why a verdict cannot be told.
    pub(super) fn doubt(self, verdict: &Verdict) -> Option<String> {
        use crate::verdict::Doubt;
        Some(match verdict.doubt? {
            Doubt::Trigger => "a value on which the trigger hangs is absent".to_owned(),
            Doubt::Bearer => "a value that names the bearer is absent".to_owned(),
            Doubt::Anchor => "the instant from which the window counts is absent".to_owned(),
            Doubt::Excuse => "a value on which the excuse hangs is absent".to_owned(),
            Doubt::Condition => "a value on which the condition hangs is absent".to_owned(),
            Doubt::Time(event) => {
                let line = self.log.events.at(event).line;
                format!("the time of the event on line {line} is not known exactly enough")
            }
            Doubt::Act(event) => {
                let event = &self.log.events.at(event);
                let kind = &self.program.kinds.at(event.kind).name;
                format!("a value of the `{kind}` on line {} is absent", event.line)
            }
        })
    }
}

/// «6 hours», the time from one instant to a later one.
pub(super) fn between(earlier: Instant, later: Instant) -> String {
    Duration::of_micros(later.micros_since(earlier)).to_string()
}
