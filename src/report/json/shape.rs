//! The shape of a verdict, the same in a document and on a line. Nothing is gathered first that can be written at once.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::super::Scene;
use crate::model::{Article, EventId, PartyId, Type};
use crate::time::Instant;
use crate::verdict::{Bearer, Breach, Outcome, Shortfall, Status, Stop, Trigger, Verdict};

/// What comes before a verdict.
#[derive(Default)]
pub(super) struct Header<'a> {
    pub(super) schema: Option<&'static str>,
    pub(super) number: usize,
    pub(super) log: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'static str>,
    number: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<&'a str>,
    treaty: &'a str,
    article: &'a str,
    by: Option<Who<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Parties<'a>>,
    #[serde(skip_serializing_if = "is_false")]
    unassigned: bool,
    owed_to: Option<Who<'a>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    revised: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<usize>,
    trigger: Start<'a>,
    opens: Option<At>,
    due: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<&'a str>,
    #[serde(skip_serializing_if = "Each::is_empty")]
    stops: Each<'a, Stop, Pause>,
    at: Option<At>,
    breached_at: Option<At>,
    breaches: Each<'a, Breach, Break<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shortfall: Option<Short<'a>>,
    acts: Each<'a, EventId, Occurrence<'a>>,
    #[serde(skip_serializing_if = "Each::is_empty")]
    premature: Each<'a, EventId, Occurrence<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    performed_by: Option<Parties<'a>>,
    blamed: Parties<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// What started a duty; the identifier and the line are those of the event in which it began.
#[derive(Serialize)]
struct Start<'a> {
    on: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    treaty: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Parties<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    kind: Option<&'a str>,
    id: Option<Name<'a>>,
    line: Option<usize>,
    at: At,
}

#[derive(Serialize)]
struct Occurrence<'a> {
    kind: &'a str,
    id: Name<'a>,
    line: usize,
    at: At,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<At>,
}

#[derive(Serialize)]
struct Break<'a> {
    at: At,
    by: Parties<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<Occurrence<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<At>,
}

#[derive(Serialize)]
struct Pause {
    from: At,
    until: Option<At>,
}

#[derive(Serialize)]
struct Short<'a> {
    reached: String,
    needed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
}

/// An instant in RFC 3339.
pub(super) struct At(pub(super) Instant);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What writes lines takes a text that needs no escapes as bytes.
        match self.0.text() {
            Some(text) if !serializer.is_human_readable() => serializer.serialize_bytes(&text),
            _ => serializer.collect_str(&self.0),
        }
    }
}

/// The identifier of an event: the one given, or `#` and its line.
enum Name<'a> {
    Given(&'a str),
    Line(usize),
}

impl Serialize for Name<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Name::Given(id) => serializer.serialize_str(id),
            Name::Line(line) => serializer.collect_str(&format_args!("#{line}")),
        }
    }
}

/// A party, a group by its name, or its members.
struct Who<'a>(&'a Scene<'a>, &'a Bearer);

impl Serialize for Who<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.1.name, self.1.parties.as_slice()) {
            (Some(name), _) => serializer.serialize_str(name),
            (None, [party]) => serializer.serialize_str(self.0.party(*party)),
            (None, parties) => serializer.serialize_str(&self.0.parties(parties)),
        }
    }
}

/// A list, each of which is shown when it is written.
struct Each<'a, T, S> {
    scene: &'a Scene<'a>,
    list: &'a [T],
    shown: fn(&'a Scene<'a>, &'a T) -> S,
}

type Parties<'a> = Each<'a, PartyId, &'a str>;

impl<T, S> Each<'_, T, S> {
    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl<T, Sh: Serialize> Serialize for Each<'_, T, Sh> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.list.iter().map(|one| (self.shown)(self.scene, one)))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A verdict, told after its header; the reading is that of its article.
pub(super) fn shown<'a>(
    scene: &'a Scene<'a>,
    header: Header<'a>,
    reading: Option<&'a str>,
    verdict: &'a Verdict,
) -> Shown<'a> {
    let article = scene.article(verdict);
    let group = verdict.bearer.group;
    Shown {
        schema: header.schema,
        number: header.number,
        log: header.log,
        treaty: &scene.program.treaties.at(article.treaty).name,
        article: &article.label,
        by: who(scene, &verdict.bearer),
        members: group.then(|| parties(scene, &verdict.bearer.parties)),
        unassigned: scene.is_unassigned(verdict),
        owed_to: who(scene, &verdict.owed_to),
        status: verdict.status.name(),
        outcome: verdict.outcome.map(Outcome::name),
        revised: verdict.revised,
        left_out: Some(verdict.left_out).filter(|count| *count > 0),
        trigger: start(scene, verdict),
        opens: verdict.opens.map(At),
        due: verdict.due.map(At),
        target: verdict.target.map(At),
        reading,
        stops: Each { scene, list: &verdict.stops, shown: pause },
        at: verdict.at.map(At),
        breached_at: Scene::breached_at(verdict).map(At),
        breaches: Each { scene, list: &verdict.breaches, shown: broken },
        shortfall: verdict.shortfall.map(|it| short(scene, article, it)),
        acts: Each { scene, list: &verdict.acts, shown: occurrence },
        premature: Each { scene, list: &verdict.premature, shown: occurrence },
        performed_by: group.then(|| parties(scene, &verdict.performed_by)),
        blamed: parties(scene, &verdict.blamed),
        reason: (verdict.status == Status::Indeterminate).then(|| scene.doubt(verdict)).flatten(),
    }
}

fn who<'a>(scene: &'a Scene<'a>, bearer: &'a Bearer) -> Option<Who<'a>> {
    let is_told = bearer.name.is_some() || !bearer.parties.is_empty();
    is_told.then_some(Who(scene, bearer))
}

fn parties<'a>(scene: &'a Scene<'a>, list: &'a [PartyId]) -> Parties<'a> {
    Each { scene, list, shown: |scene, party| scene.party(*party) }
}

fn pause(_: &Scene<'_>, stop: &Stop) -> Pause {
    Pause { from: At(stop.from), until: stop.until.map(At) }
}

fn broken<'a>(scene: &'a Scene<'a>, breach: &'a Breach) -> Break<'a> {
    Break {
        at: At(breach.at),
        by: parties(scene, &breach.by),
        act: breach.act.as_ref().map(|act| occurrence(scene, act)),
        since: breach.since.map(At),
        until: breach.until.map(At),
    }
}

fn short<'a>(scene: &'a Scene<'a>, article: &Article, shortfall: Shortfall) -> Short<'a> {
    let (unit, scale) = match scene.total_of(article) {
        Some(Type::Quantity(unit)) => (Some(scene.program.units.at(*unit).as_str()), Decimal::ONE),
        Some(Type::Duration) => (Some("seconds"), Decimal::from(1_000_000)),
        _ => (None, Decimal::ONE),
    };
    let shown = |much: Decimal| much.checked_div(scale).unwrap_or(much).normalize().to_string();
    Short { reached: shown(shortfall.reached), needed: shown(shortfall.needed), unit }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the elements of a list are")]
fn occurrence<'a>(scene: &'a Scene<'a>, id: &EventId) -> Occurrence<'a> {
    let event = scene.log.events.at(*id);
    Occurrence {
        kind: &scene.program.kinds.at(event.kind).name,
        id: scene.log.given_id(event).map_or(Name::Line(event.line), Name::Given),
        line: event.line,
        at: At(event.at),
        latest: (event.latest != event.at).then_some(At(event.latest)),
    }
}

fn start<'a>(scene: &'a Scene<'a>, verdict: &'a Verdict) -> Start<'a> {
    let (kind, id, line) = match Scene::root(verdict).map(|event| occurrence(scene, &event)) {
        Some(root) => (Some(root.kind), Some(root.id), Some(root.line)),
        None => (None, None, None),
    };
    let at = At(verdict.triggered_at);
    let plain = |on| Start { on, treaty: None, article: None, by: None, state: None, kind, id, line, at };
    match &verdict.trigger {
        Trigger::EntryIntoForce => plain("entry into force"),
        Trigger::Clock => plain("clock"),
        Trigger::State { .. } => Start { state: scene.turn(verdict), ..plain("state") },
        Trigger::Event(_) => plain("event"),
        Trigger::Moment { article, kind, by, .. } => {
            let article = scene.program.articles.at(*article);
            let (treaty, label) = (&scene.program.treaties.at(article.treaty).name, &article.label);
            let by = Some(parties(scene, by));
            Start { treaty: Some(treaty), article: Some(label), by, ..plain(kind.name()) }
        }
    }
}
