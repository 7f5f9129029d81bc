//! What a verdict rests on: what began it, the acts, and the times at which a condition was not so.

use super::Scene;
use super::words::between;
use crate::eval::{NearMiss, World};
use crate::model::{Deed, EventId};
use crate::time::Instant;
use crate::verdict::{Breach, Status, Trigger, Verdict};

/// How many acts, or lapses of a condition, are told one by one.
const MOST: usize = 10;

/// Something that a verdict rests on.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    /// The event, where it is one.
    pub(super) event: Option<EventId>,
    /// What it is to the verdict.
    pub(super) text: String,
    /// What is said at its time, where that is not the time itself.
    pub(super) label: Option<String>,
}

impl Evidence {
    fn of(event: EventId, text: impl Into<String>) -> Evidence {
        Evidence { event: Some(event), text: text.into(), label: None }
    }
}

/// What a verdict rests on, what began it first.
pub(super) fn of(scene: Scene<'_>, verdict: &Verdict) -> Vec<Evidence> {
    let mut found: Vec<_> = begun(scene, verdict).into_iter().collect();
    if let Some(miss) = near_miss(scene, verdict) {
        found.push(Evidence::of(miss.event, scene.difference(&miss)));
    }
    found.extend(verdict.premature.iter().map(|event| Evidence::of(*event, too_early(scene, verdict, *event))));
    if scene.is_of_condition(verdict) {
        found.extend(lapses(scene, verdict));
    } else {
        found.extend(acts(scene, verdict));
    }
    found
}

fn begun(scene: Scene<'_>, verdict: &Verdict) -> Option<Evidence> {
    let event = Scene::root(verdict).filter(|_| !Scene::is_exercise(verdict))?;
    let text = match verdict.trigger {
        Trigger::Event(_) if scene.article(verdict).norm.lasts() => "this began it",
        Trigger::Event(_) => "this started the clock",
        _ => "it began with this",
    };
    let proven = matches!(verdict.trigger, Trigger::Event(_)) && scene.log.events.at(event).at < verdict.triggered_at;
    let label = format!("{}, proven {}", scene.time_of(verdict, event), scene.time(verdict, verdict.triggered_at));
    Some(Evidence { label: proven.then_some(label), ..Evidence::of(event, text) })
}

/// The act in the window that came nearest to what was owed.
fn near_miss(scene: Scene<'_>, verdict: &Verdict) -> Option<NearMiss> {
    let norm = &scene.article(verdict).norm;
    let until = verdict.due.filter(|_| !norm.forbids() && verdict.status == Status::Breached)?;
    World::new(scene.program, scene.log).near_miss(norm, verdict, until)
}

fn too_early(scene: Scene<'_>, verdict: &Verdict, event: EventId) -> &'static str {
    if verdict.opens.is_some_and(|opens| scene.log.events.at(event).at < opens) {
        return "this came before the window opened, and does not count";
    }
    "this came before what has to happen first, and does not count"
}

/// The acts, no more than can be read; of a duty the last one decides, and is always told.
fn acts(scene: Scene<'_>, verdict: &Verdict) -> Vec<Evidence> {
    let acts = verdict.acts.as_slice();
    let Some((last, others)) = acts.split_last() else { return Vec::new() };
    let told = others.get(..MOST - 1).unwrap_or(others);
    let hidden = others.len() - told.len();
    let more = (hidden > 0).then(|| Evidence { event: None, text: format!("and {hidden} more"), label: None });
    let (told, last) = (told.iter().map(|event| act(scene, verdict, *event, false)), act(scene, verdict, *last, true));
    told.chain(more).chain([last]).collect()
}

fn act(scene: Scene<'_>, verdict: &Verdict, event: EventId, last: bool) -> Evidence {
    let article = scene.article(verdict);
    let at = scene.log.events.at(event).at;
    let late = verdict.due.filter(|due| *due < at);
    let several = matches!(&article.norm.deed, Deed::Acts(acts) if acts.amount.is_some());
    match (&article.norm.deed, verdict.status) {
        (Deed::Decide(_), _) => Evidence::of(event, scene.ballot(event)),
        (_, Status::InvalidExercise) => Evidence::of(event, "the act that has no effect"),
        (_, Status::Excused) => Evidence::of(event, "this discharged it"),
        _ if article.norm.forbids() => Evidence::of(event, "this is the act that is forbidden"),
        (_, Status::Late | Status::Cured) if last => {
            let text = match (verdict.status, several) {
                (Status::Cured, false) => "the act came in time for a cure",
                (_, false) => "the act came too late",
                (_, true) => "with this it was reached",
            };
            let label = late.map(|due| format!("{} after it was due", between(due, at)));
            Evidence { label, ..Evidence::of(event, text) }
        }
        _ if several => {
            let worth = scene.worth(article, event).map(|worth| format!(": {worth}")).unwrap_or_default();
            let text = if late.is_some() { "this counts, and came too late" } else { "this counts" };
            Evidence::of(event, format!("{text}{worth}"))
        }
        _ => Evidence::of(event, "the act"),
    }
}

/// When a condition was not so, and when it was so again.
fn lapses(scene: Scene<'_>, verdict: &Verdict) -> Vec<Evidence> {
    let attained = verdict.at.filter(|_| matches!(verdict.status, Status::Late | Status::Cured)).map(|at| {
        let late = verdict.due.map(|due| format!(", {} after it was due", between(due, at))).unwrap_or_default();
        at_instant(scene, at, format!("it was attained {}{late}", scene.time(verdict, at)))
    });
    let told = verdict.breaches.iter().filter(|breach| breach.since.is_some()).take(MOST);
    let hidden = verdict.breaches.len().saturating_sub(MOST);
    let more = (hidden > 0).then(|| Evidence { event: None, text: format!("and {hidden} more"), label: None });
    told.flat_map(|breach| lapse(scene, verdict, breach)).chain(more).chain(attained).collect()
}

fn lapse(scene: Scene<'_>, verdict: &Verdict, breach: &Breach) -> Vec<Evidence> {
    let Some(since) = breach.since else { return Vec::new() };
    let time = |at| scene.time(verdict, at);
    let grace = if breach.at > since { format!("; its grace ran out {}", time(breach.at)) } else { String::new() };
    let mut told = vec![at_instant(scene, since, format!("it was broken from {} on{grace}", time(since)))];
    match breach.until {
        None => {}
        Some(until) if verdict.due == Some(until) => {
            let text = format!("it had not been restored when the window closed, {} later", between(since, until));
            told.push(Evidence { event: None, text, label: None });
        }
        Some(until) => {
            let text = format!("it was restored {}, {} later", time(until), between(since, until));
            told.push(at_instant(scene, until, text));
        }
    }
    told
}

/// What was so from an instant on, with the event of that instant where there is just one.
fn at_instant(scene: Scene<'_>, at: Instant, text: String) -> Evidence {
    let events = &scene.log.events;
    let mut of_then = events.ids_where(|event| event.at >= at).take_while(|id| events.at(*id).at == at);
    let event = of_then.next().filter(|_| of_then.next().is_none());
    Evidence { event, text, label: None }
}

impl Scene<'_> {
    /// «Italy voted `against`».
    fn ballot(self, event: EventId) -> String {
        let found = self.log.events.at(event);
        let kind = self.program.kinds.at(found.kind);
        let by = kind.by.map(|by| self.log.field(found, by).parties()).unwrap_or_default();
        let choice = kind.fields.iter().position(|field| field.name == "choice");
        let choice = choice.zip(choice.and_then(|choice| kind.fields.get(choice)));
        let choice = choice.map(|(place, field)| self.value(self.log.field(found, place), &field.kind));
        format!("{} voted `{}`", self.parties(&by), choice.unwrap_or_default())
    }

    /// Whether it is about a condition rather than acts.
    pub(super) fn is_of_condition(self, verdict: &Verdict) -> bool {
        matches!(self.article(verdict).norm.deed, Deed::Keep(_) | Deed::Have(_))
    }
}
