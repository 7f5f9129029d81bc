//! Diagnostics, drawn by miette.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};

use super::Style;
use crate::finding::{Finding, Level};
use crate::source::{SourceId, Sources, Span};

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
    pub(super) code: &'static str,
    pub(super) level: Level,
    pub(super) message: String,
    pub(super) excerpt: Option<Excerpt<'a>>,
    pub(super) labels: Vec<(Range<usize>, String)>,
    pub(super) help: Option<String>,
    pub(super) related: Vec<Shown<'a>>,
    pub(super) nested: bool,
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

impl<'a> Shown<'a> {
    /// A note with the place that it is about.
    pub(super) fn note(text: &str, excerpt: Excerpt<'a>, span: Span, label: &str) -> Shown<'a> {
        let labels = excerpt.range(span).map(|range| (range, label.to_owned())).into_iter().collect();
        Shown { excerpt: Some(excerpt), labels, ..Shown::remark(text) }
    }

    /// A note about no place.
    pub(super) fn remark(text: &str) -> Shown<'a> {
        Shown {
            code: "",
            level: Level::Advice,
            message: text.to_owned(),
            excerpt: None,
            labels: Vec::new(),
            help: None,
            related: Vec::new(),
            nested: true,
        }
    }

    /// Labels what lies in its excerpt.
    pub(super) fn label(&mut self, span: Span, text: String) {
        if let Some(range) = self.excerpt.as_ref().and_then(|excerpt| excerpt.range(span)) {
            self.labels.push((range, text));
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
pub(super) struct Excerpt<'a> {
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
    pub(super) fn around(sources: &'a Sources, span: Span) -> Excerpt<'a> {
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
    pub(super) fn cut(mut self, span: Span) -> Excerpt<'a> {
        let least = self.range(span).map_or(0, |range| range.end).max(LOG_LINE);
        if let Some((at, _)) = self.text.char_indices().find(|(at, _)| *at >= least) {
            self.text.truncate(at);
            self.text.push('…');
        }
        self
    }

    /// All of it shown, rather than the lines that have labels.
    pub(super) fn whole(self) -> Excerpt<'a> {
        Excerpt { whole: true, ..self }
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
