//! Verdicts as JSON. `docs/verdicts.md` describes the shape, for those who read it.

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Scene, untriggered};
use crate::model::{Article, Chosen, EventId, PartyId, Type};
use crate::time::Instant;
use crate::verdict::{Breach, Shortfall, Status, Tally, Trigger, Verdict};

/// The name and version of the shape of a whole replay.
pub const SCHEMA_REPLAY: &str = "servanda.replay/1";
/// The name and version of the shape of one verdict on a line of its own.
pub const SCHEMA_VERDICT: &str = "servanda.verdict/1";

/// The whole replay as one document, ending in a line break.
///
/// # Errors
///
/// Never, as everything in it can be written as JSON; the signature is that of the writer.
pub fn document(scene: Scene<'_>, chosen: &[Chosen<'_>], verdicts: &[Verdict]) -> Result<String, serde_json::Error> {
    let tally = Tally::of(verdicts);
    let treaties = scene.program.treaties.iter().map(|treaty| TreatyShown {
        name: &treaty.name,
        title: treaty.title.as_deref(),
        time_zone: treaty.zone().name(),
    });
    let document = Document {
        schema: SCHEMA_REPLAY,
        treaties: treaties.collect(),
        choices: chosen.iter().map(choice).collect(),
        events: scene.log.events.len(),
        set_aside: scene.log.set_aside,
        until: scene.options.until.map(|until| until.to_string()),
        summary: Status::ALL.into_iter().map(|status| (status.name(), tally.count(status))).collect(),
        not_triggered: untriggered(scene.program, verdicts)
            .into_iter()
            .map(|article| reference(scene, article))
            .collect(),
        verdicts: verdicts.iter().map(|verdict| shown(scene, verdict, None)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// One verdict as one line, ending in a line break.
///
/// # Errors
///
/// Never, as with [`document`].
pub fn line(scene: Scene<'_>, verdict: &Verdict) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(&shown(scene, verdict, Some(SCHEMA_VERDICT)))?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    treaties: Vec<TreatyShown<'a>>,
    choices: Vec<ChoiceShown<'a>>,
    events: usize,
    set_aside: usize,
    until: Option<String>,
    summary: indexmap::IndexMap<&'static str, usize>,
    not_triggered: Vec<ArticleShown<'a>>,
    verdicts: Vec<Shown<'a>>,
}

/// What is chosen of a bracket, or of readings.
#[derive(Serialize)]
pub(super) struct ChoiceShown<'a> {
    label: &'a str,
    words: &'a str,
    proposed_by: &'a [String],
}

pub(super) fn choice<'a>(chosen: &Chosen<'a>) -> ChoiceShown<'a> {
    ChoiceShown { label: chosen.label, words: &chosen.proposal.words, proposed_by: &chosen.proposal.proponents }
}

#[derive(Serialize)]
struct ArticleShown<'a> {
    treaty: &'a str,
    article: &'a str,
}

#[derive(Serialize)]
struct TreatyShown<'a> {
    name: &'a str,
    title: Option<&'a str>,
    time_zone: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'static str>,
    treaty: &'a str,
    article: &'a str,
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "is_false")]
    unassigned: bool,
    owed_to: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    revised: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<usize>,
    trigger: Start<'a>,
    opens: Option<String>,
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stops: Vec<Pause>,
    at: Option<String>,
    breached_at: Option<String>,
    breaches: Vec<Break<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shortfall: Option<Short<'a>>,
    acts: Vec<Occurrence<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    premature: Vec<Occurrence<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    performed_by: Option<Vec<&'a str>>,
    blamed: Vec<&'a str>,
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
    by: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    kind: Option<&'a str>,
    id: Option<String>,
    line: Option<usize>,
    at: String,
}

#[derive(Serialize)]
struct Occurrence<'a> {
    kind: &'a str,
    id: String,
    line: usize,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<String>,
}

#[derive(Serialize)]
struct Break<'a> {
    at: String,
    by: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<Occurrence<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

#[derive(Serialize)]
struct Pause {
    from: String,
    until: Option<String>,
}

#[derive(Serialize)]
struct Short<'a> {
    reached: String,
    needed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}

fn time(at: Instant) -> String {
    at.to_string()
}

fn shown<'a>(scene: Scene<'a>, verdict: &Verdict, schema: Option<&'static str>) -> Shown<'a> {
    let article = scene.article(verdict);
    let group = verdict.bearer.group;
    Shown {
        schema,
        treaty: &scene.program.treaties.at(article.treaty).name,
        article: &article.label,
        by: scene.bearer(&verdict.bearer),
        members: group.then(|| names(scene, &verdict.bearer.parties)),
        unassigned: scene.is_unassigned(verdict),
        owed_to: scene.bearer(&verdict.owed_to),
        status: verdict.status.name(),
        outcome: verdict.outcome.map(crate::verdict::Outcome::name),
        revised: verdict.revised,
        left_out: Some(verdict.left_out).filter(|count| *count > 0),
        trigger: start(scene, verdict),
        opens: verdict.opens.map(time),
        due: verdict.due.map(time),
        target: verdict.target.map(time),
        reading: scene.reading(article),
        stops: verdict.stops.iter().map(|it| Pause { from: time(it.from), until: it.until.map(time) }).collect(),
        at: verdict.at.map(time),
        breached_at: Scene::breached_at(verdict).map(time),
        breaches: verdict.breaches.iter().map(|breach| broken(scene, breach)).collect(),
        shortfall: verdict.shortfall.map(|it| short(scene, article, it)),
        acts: verdict.acts.iter().map(|act| occurrence(scene, *act)).collect(),
        premature: verdict.premature.iter().map(|act| occurrence(scene, *act)).collect(),
        performed_by: group.then(|| names(scene, &verdict.performed_by)),
        blamed: names(scene, &verdict.blamed),
        reason: (verdict.status == Status::Indeterminate).then(|| scene.doubt(verdict)).flatten(),
    }
}

fn names<'a>(scene: Scene<'a>, parties: &[PartyId]) -> Vec<&'a str> {
    parties.iter().map(|party| scene.party(*party)).collect()
}

fn broken<'a>(scene: Scene<'a>, breach: &Breach) -> Break<'a> {
    Break {
        at: time(breach.at),
        by: names(scene, &breach.by),
        act: breach.act.map(|act| occurrence(scene, act)),
        since: breach.since.map(time),
        until: breach.until.map(time),
    }
}

fn short<'a>(scene: Scene<'a>, article: &Article, shortfall: Shortfall) -> Short<'a> {
    let (unit, scale) = match scene.total_of(article) {
        Some(Type::Quantity(unit)) => (Some(scene.program.units.at(*unit).as_str()), Decimal::ONE),
        Some(Type::Duration) => (Some("seconds"), Decimal::from(1_000_000)),
        _ => (None, Decimal::ONE),
    };
    let shown = |much: Decimal| much.checked_div(scale).unwrap_or(much).normalize().to_string();
    Short { reached: shown(shortfall.reached), needed: shown(shortfall.needed), unit }
}

fn reference<'a>(scene: Scene<'a>, article: &'a Article) -> ArticleShown<'a> {
    ArticleShown { treaty: &scene.program.treaties.at(article.treaty).name, article: &article.label }
}

fn occurrence(scene: Scene<'_>, id: EventId) -> Occurrence<'_> {
    let event = &scene.log.events.at(id);
    Occurrence {
        kind: &scene.program.kinds.at(event.kind).name,
        id: scene.log.id_of(event),
        line: event.line,
        at: event.at.to_string(),
        latest: (event.latest != event.at).then(|| event.latest.to_string()),
    }
}

fn start<'a>(scene: Scene<'a>, verdict: &Verdict) -> Start<'a> {
    let root = Scene::root(verdict).map(|event| occurrence(scene, event));
    let (kind, id, line) = match root {
        Some(root) => (Some(root.kind), Some(root.id), Some(root.line)),
        None => (None, None, None),
    };
    let at = time(verdict.triggered_at);
    let plain = |on| Start { on, treaty: None, article: None, by: None, state: None, kind, id, line, at };
    match &verdict.trigger {
        Trigger::EntryIntoForce => plain("entry into force"),
        Trigger::Clock => plain("clock"),
        Trigger::State { .. } => Start { state: scene.turn(verdict), ..plain("state") },
        Trigger::Event(_) => plain("event"),
        Trigger::Moment { article, kind, by, .. } => {
            let article = reference(scene, scene.program.articles.at(*article));
            let (treaty, label) = (Some(article.treaty), Some(article.article));
            Start { treaty, article: label, by: Some(names(scene, by)), ..plain(kind.name()) }
        }
    }
}
