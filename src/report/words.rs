//! The words of reports: who, what, when.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Scene, grouped};
use crate::eval::NearMiss;
use crate::model::{self, Article, EventId, Occurrence, PartyId, Type, Value};
use crate::source::{Sources, Span};
use crate::time::{Duration, Instant, Zone};
use crate::verdict::{Bearer, Trigger, Verdict};

impl<'a> Scene<'a> {
    pub(super) fn article(self, verdict: &Verdict) -> &'a Article {
        self.program.articles.at(verdict.article)
    }

    /// «article 5» or, of a treaty among several, «pact article 5».
    pub(super) fn called(self, article: &Article) -> String {
        if self.program.treaties.len() > 1 {
            return format!("{} article {}", self.program.treaties.at(article.treaty).name, article.label);
        }
        format!("article {}", article.label)
    }

    /// The clause's own words, on one line.
    pub(super) fn words(self, span: Span) -> String {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// How a vague deadline is read, where the clause says so.
    pub(super) fn reading(self, article: &Article) -> Option<String> {
        reading(self.sources, article)
    }

    /// Where the replay ended: where it was told to, or at the last event that was known.
    pub(super) fn end(self) -> Option<Instant> {
        let known = |reported: Instant| self.options.known_at.is_none_or(|known_at| reported <= known_at);
        let last = || self.log.events.iter().rev().find(|event| known(event.reported)).map(|event| event.at);
        self.options.until.or_else(last)
    }

    pub(super) fn zone(self, verdict: &Verdict) -> &'a Zone {
        self.program.treaties.at(self.article(verdict).treaty).zone()
    }

    /// An instant as the clocks of the treaty's zone show it.
    pub(super) fn time(self, verdict: &Verdict, at: Instant) -> String {
        self.zone(verdict).show(at)
    }

    /// As [`Scene::time`], for the end of a period.
    pub(super) fn ends(self, verdict: &Verdict, at: Instant) -> String {
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

    /// A bearer as a table shows it: where the text is passive nobody is named, and what follows by itself has none.
    pub(super) fn bearer_shown(self, verdict: &Verdict) -> String {
        use crate::verdict::Doubt;
        let effect = matches!(self.article(verdict).norm.deed, model::Deed::Effect(_));
        match self.bearer(&verdict.bearer) {
            Some(bearer) => bearer,
            None if verdict.doubt == Some(Doubt::Bearer) => "?".to_owned(),
            None if effect => String::new(),
            None => "(nobody)".to_owned(),
        }
    }

    /// Whether it is a duty that nobody is named to owe.
    pub(super) fn is_unassigned(self, verdict: &Verdict) -> bool {
        let norm = &self.article(verdict).norm;
        let effect = matches!(norm.deed, model::Deed::Effect(_));
        matches!(norm.subject, model::Subject::Nobody) && verdict.bearer.parties.is_empty() && !effect
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
            Trigger::State { cause } => {
                let turn = self.turn(verdict).or_else(|| cause.map(|event| self.event_id(event)));
                turn.unwrap_or_else(|| self.local_time(verdict, verdict.triggered_at))
            }
            Trigger::Event(event) => {
                let id = self.event_id(*event);
                let found = self.log.events.at(*event);
                if found.has_id() { id } else { format!("{} {id}", self.program.kinds.at(found.kind).name) }
            }
            Trigger::Moment { article, kind, by, .. } => {
                let article = self.program.articles.at(*article);
                let other = article.treaty != self.article(verdict).treaty;
                let called = if other { self.called(article) } else { format!("article {}", article.label) };
                let by = if by.is_empty() { String::new() } else { format!(" by {}", self.parties(by)) };
                format!("{called} {kind}{by}")
            }
        }
    }

    /// «ceasefire ends», where a duty began with the beginning or the end of that state.
    pub(super) fn turn(self, verdict: &Verdict) -> Option<String> {
        let (Trigger::State { .. }, model::Trigger::Other(Occurrence::Turn { state, begins, .. }, _)) =
            (&verdict.trigger, &self.article(verdict).norm.trigger)
        else {
            return None;
        };
        let turns = if *begins { "begins" } else { "ends" };
        Some(format!("{} {turns}", self.program.states.at(*state).name))
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

    /// «15.9 billion USD», «3 days», «4,000».
    pub(super) fn amount(self, amount: Decimal, kind: &Type) -> String {
        match kind {
            Type::Quantity(unit) => format!("{} {}", readable(amount), self.program.units.at(*unit)),
            Type::Duration => Duration::of_micros(amount.to_i64().unwrap_or(i64::MAX)).to_string(),
            _ => readable(amount),
        }
    }

    /// When an event happened, as exactly as it is known.
    pub(super) fn time_of(self, verdict: &Verdict, event: EventId) -> String {
        let event = self.log.events.at(event);
        let at = self.time(verdict, event.at);
        // A day, an hour or a second is told by where the next one begins.
        let next = event.latest.plus_micros(1);
        let until = if next.micros_since(event.at) % 1_000_000 == 0 { next } else { event.latest };
        if event.at == event.latest { at } else { format!("{at} to {}", self.ends(verdict, until)) }
    }

    pub(super) fn value(self, value: &Value, kind: &Type) -> String {
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
            Value::Between(ends) => {
                let (first, last) = &**ends;
                format!("{} to {}", self.value(first, kind), self.value(last, kind))
            }
            Value::Moment(moment) => format!("article {}", self.program.articles.at(moment.0.article).label),
        }
    }

    /// When the promise was broken, for the first time.
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

/// How a vague deadline is read, where the clause says so: «forthwith read as 72 hours».
pub(super) fn reading(sources: &Sources, article: &Article) -> Option<String> {
    let window = sources.text(article.norm.window.as_ref()?.span);
    let words = window.split_whitespace().collect::<Vec<_>>().join(" ");
    words.contains(" read as ").then_some(words)
}

/// «6 hours», the time from one instant to a later one.
pub(super) fn between(earlier: Instant, later: Instant) -> String {
    Duration::of_micros(later.micros_since(earlier)).to_string()
}

/// A number as prose writes it: «15.9 billion», «4,000».
fn readable(number: Decimal) -> String {
    let named = [(1_000_000_000, "billion"), (1_000_000, "million")].into_iter().find_map(|(size, name)| {
        let count = number.checked_div(Decimal::from(size))?.normalize();
        (count.abs() >= Decimal::ONE && count.scale() <= 3).then(|| format!("{count} {name}"))
    });
    named.unwrap_or_else(|| {
        let number = number.normalize();
        let whole = number.trunc().abs().to_usize().map_or_else(|| number.trunc().abs().to_string(), grouped);
        let sign = if number.is_sign_negative() { "-" } else { "" };
        let shown = number.to_string();
        let fraction = shown.split_once('.').map(|(_, fraction)| format!(".{fraction}")).unwrap_or_default();
        format!("{sign}{whole}{fraction}")
    })
}

/// «once», «twice», «3 times».
pub(super) fn often(times: impl ToString) -> String {
    match times.to_string().as_str() {
        "1" => "once".to_owned(),
        "2" => "twice".to_owned(),
        times => format!("{times} times"),
    }
}
