//! What is told of a breach: the clause, the lines of the log that show it, and what would have complied.

use super::Scene;
use super::diagnostic::{Excerpt, Shown};
use super::evidence::{self, Evidence};
use crate::event;
use crate::finding::{Code, Level};
use crate::model::{self, Article, Deed, EventId};
use crate::source::Span;
use crate::verdict::{Status, Trigger, Verdict};

/// A breach, or the exercise of a power that was not there.
pub(super) fn of<'a>(scene: Scene<'a>, verdict: &Verdict) -> Shown<'a> {
    let article = scene.article(verdict);
    let mut shown = Shown {
        code: code(verdict.status).name(),
        level: Level::Error,
        message: scene.headline(verdict),
        excerpt: Some(Excerpt::around(scene.sources, norm_span(article)).whole()),
        labels: Vec::new(),
        help: Some(scene.remedy(verdict)),
        related: Vec::new(),
        nested: false,
    };
    clause_labels(scene, verdict, &mut shown);
    shown.related = evidence::of(scene, verdict).iter().map(|one| note(scene, verdict, one)).collect();
    shown
}

fn code(status: Status) -> Code {
    match status {
        Status::Late => Code::Late,
        Status::Cured => Code::Cured,
        Status::InvalidExercise => Code::InvalidExercise,
        _ => Code::Breached,
    }
}

/// The lines of the norm that a breach is about, from its trigger to its window.
fn norm_span(article: &Article) -> Span {
    let norm = &article.norm;
    let span = norm.subject_span.to(norm.modal_span).to(norm.deed_span);
    let more = trigger_span(&norm.trigger).into_iter().chain(norm.window.as_ref().map(|window| window.span));
    more.fold(span, Span::to)
}

fn trigger_span(trigger: &model::Trigger) -> Option<Span> {
    match trigger {
        model::Trigger::EntryIntoForce => None,
        model::Trigger::Event { span, .. }
        | model::Trigger::Moment { span, .. }
        | model::Trigger::Other(_, span)
        | model::Trigger::First(_, span)
        | model::Trigger::Several { span, .. }
        | model::Trigger::Once { span, .. }
        | model::Trigger::Every { span, .. } => Some(*span),
    }
}

fn clause_labels(scene: Scene<'_>, verdict: &Verdict, shown: &mut Shown<'_>) {
    let norm = &scene.article(verdict).norm;
    if Scene::is_exercise(verdict) {
        let whose = if scene.decides(verdict) { "these vote" } else { "whose power it is" };
        if let Some(window) = norm.window.as_ref().filter(|_| !scene.decides(verdict)) {
            shown.label(window.span, "when it can be used".to_owned());
        }
        return shown.label(norm.subject_span, whose.to_owned());
    }
    if let Some(span) = trigger_span(&norm.trigger).filter(|_| !matches!(verdict.trigger, Trigger::Event(_))) {
        let (trigger, at) = (scene.trigger(verdict), scene.time(verdict, verdict.triggered_at));
        let by_the_clock = at.starts_with(&trigger);
        shown.label(span, if by_the_clock { at } else { format!("{trigger}, {at}") });
    }
    shown.label(norm.subject_span, bearer(scene, verdict));
    match (&norm.window, verdict.due.map(|due| scene.ends(verdict, due))) {
        (Some(window), Some(due)) if norm.lasts() => shown.label(window.span, format!("until {due}")),
        (Some(window), Some(due)) => shown.label(window.span, format!("due {due}")),
        (None, _) if matches!(norm.deed, Deed::Have(_)) => {
            shown.label(norm.modal_span, format!("judged once, {}", scene.time(verdict, verdict.triggered_at)));
        }
        _ => shown.label(norm.modal_span, "while the treaty is in force".to_owned()),
    }
}

/// «owed by France and Germany to Ukraine; France performed».
fn bearer(scene: Scene<'_>, verdict: &Verdict) -> String {
    let norm = &scene.article(verdict).norm;
    let to = scene.bearer(&verdict.owed_to).map(|claimant| format!(" to {claimant}")).unwrap_or_default();
    if scene.is_unassigned(verdict) {
        return format!("unassigned: nobody is named who owes it{to}");
    }
    let bearer = scene.bearer(&verdict.bearer).unwrap_or_else(|| "nobody".to_owned());
    if norm.forbids() {
        return format!("binds {bearer}{to}");
    }
    let part = match (verdict.performed_by.as_slice(), &norm.deed) {
        ([], _) => String::new(),
        (some, Deed::Decide(_)) => format!("; {} voted", scene.parties(some)),
        (some, _) => format!("; {} performed", scene.parties(some)),
    };
    format!("owed by {bearer}{to}{part}")
}

fn note<'a>(scene: Scene<'a>, verdict: &Verdict, evidence: &Evidence) -> Shown<'a> {
    let Some(event) = evidence.event else { return Shown::remark(&evidence.text) };
    log_line(scene, verdict, event, evidence)
        .unwrap_or_else(|| Shown::remark(&format!("{}: {}", evidence.text, place(scene, verdict, event, evidence))))
}

/// «line 3 of events.jsonl, 2025-11-03 03:12 +02:00», of a log whose text is not held.
fn place(scene: Scene<'_>, verdict: &Verdict, id: EventId, evidence: &Evidence) -> String {
    let event = scene.log.events.at(id);
    let label = evidence.label.clone().unwrap_or_else(|| scene.time_of(verdict, id));
    format!("line {} of {}, {label}", event.line, scene.sources.get(event.source).name())
}

/// A line of the log, with a label at the time it gives.
fn log_line<'a>(scene: Scene<'a>, verdict: &Verdict, id: EventId, evidence: &Evidence) -> Option<Shown<'a>> {
    let event = &scene.log.events.at(id);
    let is_held = !scene.sources.get(event.source).bytes().is_empty();
    let span = scene.log.span(event, scene.sources).filter(|_| is_held)?;
    let line = scene.sources.text(span).into_owned();
    let column = &scene.program.kinds.at(event.kind).columns.at;
    let at = event::value_range(&line, column).unwrap_or(0..line.len());
    let at = Span { start: span.start + at.start, end: span.start + at.end, ..span };
    let label = evidence.label.clone().unwrap_or_else(|| scene.time_of(verdict, id));
    Some(Shown::note(&evidence.text, Excerpt::around(scene.sources, span).cut(at), at, &label))
}
