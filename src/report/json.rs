//! Verdicts as JSON. `docs/verdicts.md` describes the shape, for those who read it.

use serde::Serialize;

use super::{Scene, untriggered};
use crate::model::{Article, Chosen, EventId, PartyId};
use crate::time::Instant;
use crate::verdict::{Status, Tally, Trigger, Verdict};

/// The name and version of the shape of a whole replay.
pub const SCHEMA_REPLAY: &str = "servanda.replay/1";
/// The name and version of the shape of one verdict on a line of its own.
pub const SCHEMA_VERDICT: &str = "servanda.verdict/1";

/// The whole replay as one document, ending in a line break.
///
/// # Errors
///
/// Never, as everything in it can be written as JSON; the signature is that of the writer.
pub fn document(
    scene: Scene<'_>,
    until: Option<Instant>,
    chosen: &[Chosen<'_>],
    verdicts: &[Verdict],
) -> Result<String, serde_json::Error> {
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
        until: until.map(|until| until.to_string()),
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
    owed_to: Option<String>,
    status: &'static str,
    trigger: Start<'a>,
    opens: Option<String>,
    due: Option<String>,
    at: Option<String>,
    breached_at: Option<String>,
    acts: Vec<Occurrence<'a>>,
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
    article: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Vec<&'a str>>,
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
}

fn shown<'a>(scene: Scene<'a>, verdict: &Verdict, schema: Option<&'static str>) -> Shown<'a> {
    let article = scene.article(verdict);
    let names = |parties: &[PartyId]| parties.iter().map(|party| scene.party(*party)).collect::<Vec<_>>();
    let group = verdict.bearer.group;
    let time = |at: Instant| at.to_string();
    let first = verdict.acts.first().map(|act| time(scene.log.events.at(*act).at));
    Shown {
        schema,
        treaty: &scene.program.treaties.at(article.treaty).name,
        article: &article.label,
        by: scene.bearer(&verdict.bearer),
        members: group.then(|| names(&verdict.bearer.parties)),
        owed_to: scene.bearer(&verdict.owed_to),
        status: verdict.status.name(),
        trigger: start(scene, verdict),
        opens: verdict.opens.map(time),
        due: verdict.due.map(time),
        at: first,
        breached_at: Scene::breached_at(verdict).map(time),
        acts: verdict.acts.iter().map(|act| occurrence(scene, *act)).collect(),
        performed_by: group.then(|| names(&verdict.performed_by)),
        blamed: names(&verdict.blamed),
        reason: (verdict.status == Status::Indeterminate).then(|| scene.doubt(verdict)).flatten(),
    }
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
    }
}

fn start<'a>(scene: Scene<'a>, verdict: &Verdict) -> Start<'a> {
    let (on, article, by) = match &verdict.trigger {
        Trigger::EntryIntoForce => ("entry into force", None, None),
        Trigger::Clock => ("clock", None, None),
        Trigger::State { .. } => ("state", None, None),
        Trigger::Event(_) => ("event", None, None),
        Trigger::Moment { article, kind, by, .. } => {
            let names = by.iter().map(|party| scene.party(*party)).collect();
            (kind.name(), Some(scene.program.articles.at(*article).label.as_str()), Some(names))
        }
    };
    let root = Scene::root(verdict).map(|event| occurrence(scene, event));
    let (kind, id, line) = match root {
        Some(root) => (Some(root.kind), Some(root.id), Some(root.line)),
        None => (None, None, None),
    };
    Start { on, article, by, kind, id, line, at: verdict.triggered_at.to_string() }
}
