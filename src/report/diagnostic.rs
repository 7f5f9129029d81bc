//! Diagnostics, drawn by miette.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};

use super::words::between;
use super::{Scene, Style};
use crate::eval::{NearMiss, World};
use crate::event;
use crate::finding::{Finding, Level};
use crate::model::{self, Article, EventId};
use crate::source::{SourceId, Sources, Span};
use crate::verdict::{Status, Trigger, Verdict};

/// How much of a log's line is shown, in bytes.
const LOG_LINE: usize = 76;

/// Draws diagnostics.
pub(super) struct Renderer(GraphicalReportHandler);

impl Renderer {
    /// `wrap` breaks long messages, at a cost that a report of thousands of breaches, whose messages are short, is spared.
    pub(super) fn new(style: Style, wrap: bool) -> Renderer {
        let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        Renderer(
            GraphicalReportHandler::new_themed(theme)
                .with_width(style.width)
                .with_wrap_lines(wrap)
                .with_context_lines(1)
                .with_links(false)
                .with_show_related_as_nested(true),
        )
    }

    pub(super) fn render(&self, shown: &Shown<'_>) -> String {
        let mut text = String::new();
        // Writing to a string fails only where a label lies outside its text: then what can be said is said plainly.
        if self.0.render_report(&mut text, shown).is_err() {
            return format!("{}: {shown}\n", shown.code);
        }
        text.push('\n');
        text
    }
}

/// A diagnostic with the words it is about.
pub(super) struct Shown<'a> {
    code: &'static str,
    level: Level,
    message: String,
    excerpt: Option<Excerpt<'a>>,
    labels: Vec<(Range<usize>, String)>,
    help: Option<String>,
    related: Vec<Shown<'a>>,
    nested: bool,
}

/// A finding: the labels in the text of the first, and those in other texts under it.
pub(super) fn of_finding<'a>(finding: &Finding, sources: &'a Sources) -> Shown<'a> {
    let source = finding.labels.first().map(|label| label.span.source);
    let same = finding.labels.iter().map(|label| label.span).filter(|span| Some(span.source) == source);
    let main = same.reduce(Span::to).map(|span| Excerpt::around(sources, span));
    let mut shown = Shown {
        code: finding.code.name(),
        level: finding.level,
        message: finding.message.clone(),
        excerpt: main,
        labels: Vec::new(),
        help: finding.help.clone(),
        related: Vec::new(),
        nested: false,
    };
    for label in &finding.labels {
        match shown.excerpt.as_ref().and_then(|excerpt| excerpt.range(label.span)) {
            Some(range) => shown.labels.push((range, label.text.clone())),
            None => {
                shown.related.push(Shown::note(&label.text, Excerpt::around(sources, label.span), label.span, "here"));
            }
        }
    }
    shown
}

/// A breach: the clause, then the lines of the log.
pub(super) fn of_breach<'a>(scene: Scene<'a>, verdict: &Verdict) -> Shown<'a> {
    let article = scene.article(verdict);
    let blamed = scene.parties(&verdict.blamed);
    let kind = scene.kind_of_act(article);
    let due = verdict.due.map(|due| scene.end(verdict, due));
    let message = match verdict.status {
        Status::Late => format!("article {}: {blamed} performed `{kind}` too late", article.label),
        _ if article.norm.forbids() => format!("article {}: {blamed} did what is forbidden: `{kind}`", article.label),
        _ => format!("article {}: {blamed} did not perform `{kind}`", article.label),
    };
    let mut shown = Shown {
        code: if verdict.status == Status::Late { "late" } else { "breached" },
        level: Level::Error,
        message,
        excerpt: Some(Excerpt { whole: true, ..Excerpt::around(scene.sources, norm_span(article)) }),
        labels: Vec::new(),
        help: Some(remedy(scene, verdict)),
        related: Vec::new(),
        nested: false,
    };
    clause_labels(scene, verdict, due.as_deref(), &mut shown);
    log_lines(scene, verdict, &mut shown);
    shown
}

/// The lines of the norm that a breach is about, from its trigger to its window.
fn norm_span(article: &Article) -> Span {
    let norm = &article.norm;
    let mut span = norm.subject_span.to(norm.modal_span).to(norm.deed_span);
    if let model::Trigger::Event { span: trigger, .. } | model::Trigger::Moment { span: trigger, .. } = &norm.trigger {
        span = span.to(*trigger);
    }
    norm.window.as_ref().map_or(span, |window| span.to(window.span))
}

fn clause_labels(scene: Scene<'_>, verdict: &Verdict, due: Option<&str>, shown: &mut Shown<'_>) {
    let article = scene.article(verdict);
    let bearer = scene.bearer(&verdict.bearer).unwrap_or_else(|| "nobody".to_owned());
    let to = scene.bearer(&verdict.owed_to).map(|claimant| format!(" to {claimant}")).unwrap_or_default();
    let bound = if article.norm.forbids() { format!("binds {bearer}{to}") } else { format!("owed by {bearer}{to}") };
    let mut label = |span: Span, text: String| {
        if let Some(range) = shown.excerpt.as_ref().and_then(|excerpt| excerpt.range(span)) {
            shown.labels.push((range, text));
        }
    };
    if let Trigger::Moment { .. } = verdict.trigger
        && let model::Trigger::Moment { span, .. } = &article.norm.trigger
    {
        label(*span, format!("{}, {}", scene.trigger(verdict), scene.time(verdict, verdict.triggered_at)));
    }
    label(article.norm.subject_span, bound);
    match (&article.norm.window, due) {
        (Some(window), Some(due)) if article.norm.forbids() => label(window.span, format!("until {due}")),
        (Some(window), Some(due)) => label(window.span, format!("due {due}")),
        _ => label(article.norm.modal_span, "while the treaty is in force".to_owned()),
    }
}

fn log_lines<'a>(scene: Scene<'a>, verdict: &Verdict, shown: &mut Shown<'a>) {
    let forbids = scene.article(verdict).norm.forbids();
    if let Some(event) = Scene::root(verdict) {
        let text = match verdict.trigger {
            Trigger::Event(_) if forbids => "this began it",
            Trigger::Event(_) => "this started the clock",
            _ => "it began with this",
        };
        shown.related.extend(log_line(scene, event, text, String::new()));
    }
    if let Some(miss) = near_miss(scene, verdict) {
        shown.related.extend(log_line(scene, miss.event, &scene.difference(&miss), String::new()));
    }
    for event in &verdict.premature {
        let text = "this came before the window opened, and does not count";
        shown.related.extend(log_line(scene, *event, text, String::new()));
    }
    for event in &verdict.acts {
        let at = scene.log.events.at(*event).at;
        let (text, label) = match verdict.due.filter(|_| !forbids) {
            Some(due) => ("the act came too late", format!("{} after it was due", between(due, at))),
            None => ("this is the act that is forbidden", scene.time(verdict, at)),
        };
        shown.related.extend(log_line(scene, *event, text, label));
    }
}

/// The act in the window that came nearest to what was owed.
fn near_miss(scene: Scene<'_>, verdict: &Verdict) -> Option<NearMiss> {
    let norm = &scene.article(verdict).norm;
    let until = verdict.due.filter(|_| !norm.forbids() && verdict.status == Status::Breached)?;
    World::new(scene.program, scene.log).near_miss(norm, verdict, until)
}

/// A line of the log, with a label at the time it gives.
fn log_line<'a>(scene: Scene<'a>, id: EventId, text: &str, label: String) -> Option<Shown<'a>> {
    let event = &scene.log.events.at(id);
    let span = scene.log.span(event, scene.sources)?;
    let line = scene.sources.text(span).into_owned();
    let column = &scene.program.kinds.at(event.kind).columns.at;
    let at = event::value_range(&line, column).unwrap_or(0..line.len());
    let at = Span { start: span.start + at.start, end: span.start + at.end, ..span };
    let label = if label.is_empty() {
        scene.program.treaties.iter().next().map_or(String::new(), |treaty| treaty.zone().show(event.at))
    } else {
        label
    };
    Some(Shown::note(text, Excerpt::around(scene.sources, span).cut(at), at, &label))
}

/// What would have complied.
fn remedy(scene: Scene<'_>, verdict: &Verdict) -> String {
    let act = scene.act(verdict);
    let bearer = scene.bearer(&verdict.bearer).unwrap_or_else(|| "nobody".to_owned());
    let time = |at| scene.end(verdict, at);
    match verdict.due {
        Some(end) if scene.article(verdict).norm.forbids() => {
            format!("{bearer} was free to `{act}` from {} on", time(end))
        }
        None => format!("{bearer} may not `{act}` at any time while the article binds"),
        Some(due) if due < verdict.triggered_at => {
            format!("when it began, {}, it was due already", scene.time(verdict, verdict.triggered_at))
        }
        Some(due) => match verdict.opens {
            Some(opens) => format!("{bearer} had from {} until {} to `{act}`", scene.time(verdict, opens), time(due)),
            None => format!("{bearer} had until {} to `{act}`", time(due)),
        },
    }
}

impl<'a> Shown<'a> {
    fn note(text: &str, excerpt: Excerpt<'a>, span: Span, label: &str) -> Shown<'a> {
        let labels = excerpt.range(span).map(|range| (range, label.to_owned())).into_iter().collect();
        Shown {
            code: "",
            level: Level::Advice,
            message: text.to_owned(),
            excerpt: Some(excerpt),
            labels,
            help: None,
            related: Vec::new(),
            nested: true,
        }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.nested).then(|| Box::new(self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Advice => Severity::Advice,
            Level::Warning => Severity::Warning,
            Level::Error => Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels =
            self.labels.iter().map(|(range, text)| LabeledSpan::new(Some(text.clone()), range.start, range.len()));
        Some(Box::new(labels))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.related.iter().map(|shown| shown as &dyn Diagnostic)))
    }
}

/// The lines of a text around something, read without the rest of it.
struct Excerpt<'a> {
    name: &'a str,
    source: SourceId,
    text: String,
    /// Where the excerpt begins in its text, and on which line.
    start: usize,
    first_line: usize,
    /// Whether all of it is shown, rather than the lines that have labels.
    whole: bool,
}

impl<'a> Excerpt<'a> {
    /// The lines that a span touches.
    fn around(sources: &'a Sources, span: Span) -> Excerpt<'a> {
        let source = sources.get(span.source);
        let first_line = source.line_of(span.start);
        let last_line = source.line_of(span.end.max(span.start + 1) - 1).max(first_line);
        let start = source.line_range(first_line).start;
        let end = source.line_range(last_line).end;
        let bytes = source.bytes().get(start..end).unwrap_or_default();
        Excerpt {
            name: source.name(),
            source: span.source,
            text: String::from_utf8_lossy(bytes).into_owned(),
            start,
            first_line,
            whole: false,
        }
    }

    /// The same excerpt, cut soon after a span: a line of a log may be long.
    fn cut(mut self, span: Span) -> Excerpt<'a> {
        let least = self.range(span).map_or(0, |range| range.end).max(LOG_LINE);
        if let Some((at, _)) = self.text.char_indices().find(|(at, _)| *at >= least) {
            self.text.truncate(at);
            self.text.push('…');
        }
        self
    }

    /// Where a span lies in the excerpt, if it does.
    fn range(&self, span: Span) -> Option<Range<usize>> {
        let start = span.start.checked_sub(self.start)?;
        let end = (span.end - self.start).min(self.text.len());
        (span.source == self.source && start <= self.text.len()).then_some(start..end.max(start))
    }
}

impl SourceCode for Excerpt<'_> {
    /// The lines of a label, or all of them; how much else to show is decided here, not by who draws it.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.text.as_bytes();
        let end = (span.offset() + span.len()).min(text.len());
        let lines_from =
            |at: usize| text.get(..at).and_then(|before| memchr::memrchr(b'\n', before)).map_or(0, |at| at + 1);
        let lines_to =
            |at: usize| text.get(at..).and_then(|after| memchr::memchr(b'\n', after)).map_or(text.len(), |to| at + to);
        // Asked for no lines around it, the place itself is meant.
        let place = before == 0;
        let from = if place { span.offset() } else { lines_from(span.offset()) };
        let lines = if self.whole && !place { 0..text.len() } else { from..lines_to(end) };
        let shown = text.get(lines.clone()).ok_or(MietteError::OutOfBounds)?;
        let line =
            self.first_line - 1 + memchr::memchr_iter(b'\n', text.get(..lines.start).unwrap_or_default()).count();
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_owned(),
            shown,
            SourceSpan::new(lines.start.into(), lines.len()),
            line,
            self.text.get(lines_from(from)..from).map_or(0, |before| before.chars().count()),
            memchr::memchr_iter(b'\n', shown).count() + 1,
        )))
    }
}
