//! What a clause waits for: events, moments of articles, states that begin and end, and points in time.

use super::builder::Builder;
use super::expr::Cx;
use super::reference::referenced;
use super::scope::Named;
use super::{ArticleId, ArticleMoment, Expr, MomentKind, Occurrence, StateId, Type, Value, bindings, window};
use crate::finding::{Code, Finding};
use crate::source::Span;
use crate::syntax::ast::{self, ByWhom, Name, OccurrenceKind};

impl Cx<'_> {
    /// Something that is waited for.
    pub(super) fn occurrence(&mut self, occurrence: &ast::Occurrence) -> Option<Occurrence> {
        let span = occurrence.span;
        Some(match &occurrence.kind {
            OccurrenceKind::Pattern(pattern) => match self.named_point(occurrence) {
                Some(point) => Occurrence::At(point?),
                None if self.is_state(pattern) => {
                    self.turn_missing(&pattern.kind);
                    return None;
                }
                None => Occurrence::Pattern(self.pattern(pattern)?),
            },
            OccurrenceKind::Path(path) => Occurrence::At(self.point_of(path)?),
            OccurrenceKind::Moment(moment) => Occurrence::Moment(self.moment(moment)?),
            OccurrenceKind::Turn(turn) => {
                let state = self.state_named(&turn.state)?;
                let arguments = self.arguments(&turn.state, state, &turn.arguments)?;
                let bind = turn.bind.as_ref().and_then(|name| self.slot(&name.text));
                Occurrence::Turn { state, arguments, begins: turn.begins, bind }
            }
            OccurrenceKind::Time(time) => Occurrence::At(Expr::Constant(Value::Instant(self.instant(time)?))),
            OccurrenceKind::After(length, anchor) => {
                let length = window::duration(self, length);
                let anchor = self.occurrence(anchor)?;
                Occurrence::After(length?, Box::new(anchor), self.reckoning())
            }
            OccurrenceKind::Signing => Occurrence::At(self.signing(span)?),
            OccurrenceKind::EntryIntoForce => Occurrence::EntryIntoForce(self.some_treaty()),
            OccurrenceKind::Expiry => {
                self.expiry(span)?;
                Occurrence::Expiry(self.some_treaty())
            }
            OccurrenceKind::Any(all) => {
                let whichever = bindings::of_whichever(all).and_then(|name| self.slot(&name));
                let all: Vec<_> = all.iter().map(|one| self.occurrence(one)).collect();
                Occurrence::Any(all.into_iter().collect::<Option<_>>()?, whichever)
            }
        })
    }

    /// A point in time that is known when it is asked for, where an occurrence is one: an instant, a field, or an event
    /// that has a name. None where it is something that is waited for; none inside where it is wrong.
    #[expect(clippy::option_option, reason = "the outer option is of the form, the inner one of its meaning")]
    pub(super) fn known_point(&mut self, occurrence: &ast::Occurrence) -> Option<Option<Expr>> {
        match &occurrence.kind {
            OccurrenceKind::Path(path) => Some(self.point_of(path)),
            OccurrenceKind::Time(time) => Some(self.instant(time).map(|at| Expr::Constant(Value::Instant(at)))),
            OccurrenceKind::Signing => Some(self.signing(occurrence.span)),
            OccurrenceKind::Pattern(_) => self.named_point(occurrence),
            _ => None,
        }
    }

    /// A bare name that is bound rather than that of an event kind.
    #[expect(clippy::option_option, reason = "as above")]
    fn named_point(&mut self, occurrence: &ast::Occurrence) -> Option<Option<Expr>> {
        let OccurrenceKind::Pattern(pattern) = &occurrence.kind else { return None };
        let bare = pattern.constraints.is_empty() && pattern.bind.is_none();
        if !bare || self.slot(&pattern.kind.text).is_none() {
            return None;
        }
        let path = ast::Path { head: pattern.kind.clone(), fields: Vec::new(), span: pattern.span };
        Some(self.point_of(&path))
    }

    /// A point in time: an instant, or when an event or a moment happened; a date stands for its end.
    fn point_of(&mut self, path: &ast::Path) -> Option<Expr> {
        let (expr, kind) = self.path(path, None)?;
        match kind {
            Type::Instant | Type::Date | Type::Event(_) | Type::Moment(..) => Some(expr),
            Type::Tick | Type::Either(_) => Some(expr),
            other => {
                let shown = other.show(&self.builder.program);
                super::declare::mismatch(self.builder, "an instant or an event", &shown, path.span);
                None
            }
        }
    }

    fn signing(&mut self, span: Span) -> Option<Expr> {
        // A declaration of a file that holds no treaty is read for whichever uses it.
        let Some(treaty) = self.treaty else {
            return Some(Expr::Constant(Value::Absent));
        };
        let signed = self.builder.program.treaties.at(treaty).signed;
        if signed.is_none() {
            self.builder.report(
                Finding::error(Code::NoSigningDate, "the treaty does not say when it was signed")
                    .at(span, "the date of signature is meant")
                    .help("write `signed 2025-09-01` in its header"),
            );
        }
        signed.map(|at| Expr::Constant(Value::Instant(at)))
    }

    fn expiry(&mut self, span: Span) -> Option<()> {
        let ends = self.treaty.is_none_or(|treaty| self.builder.program.treaties.at(treaty).expiry.is_some());
        if !ends {
            self.builder.report(
                Finding::error(Code::NoExpiry, "the treaty does not say when it expires")
                    .at(span, "its expiry is meant")
                    .help("write `in force from … for 10 years` or `until …` in its header"),
            );
        }
        ends.then_some(())
    }

    /// Whether the treaty's header tells when it expires, rather than an event.
    pub(super) fn knows_its_expiry(&self) -> bool {
        let expiry = self.treaty.and_then(|treaty| self.builder.program.treaties.at(treaty).expiry.as_ref());
        matches!(expiry, Some(super::Expiry::After(_) | super::Expiry::At(_)))
    }

    /// A moment of an article, or what an article has come to.
    pub(super) fn moment(&mut self, moment: &ast::ArticleMoment) -> Option<ArticleMoment> {
        let by = self.by_whom(moment.by.as_ref());
        let on = match &moment.on {
            Some(path) => self.path(path, None).map(|(on, _)| Some(on)),
            None => Some(None),
        };
        let articles = referenced(self.builder, self.treaty?, &moment.article, true)?;
        let kind = MomentKind::named(&moment.moment.text)?;
        if kind.is_of_a_decision() {
            are_decisions(self.builder, &articles, &moment.article, moment.moment.span)?;
        }
        let (by, all) = by?;
        let bind = moment.bind.as_ref().and_then(|name| self.slot(&name.text));
        Some(ArticleMoment { articles, moment: kind, by, all, on: on?, bind })
    }

    /// Of whom a moment is: nobody in particular, any of some, or all of them.
    pub(super) fn by_whom(&mut self, by: Option<&ByWhom>) -> Option<(Option<Expr>, bool)> {
        Some(match by {
            None => (None, false),
            Some(ByWhom::Path(path)) => (Some(self.parties(path)?.0), false),
            Some(ByWhom::All(members)) => (Some(self.members(members)?.base), true),
        })
    }

    /// The state of a name.
    pub(super) fn state_named(&mut self, name: &Name) -> Option<StateId> {
        let scope = self.scope();
        if let Some(Named::State(state)) = scope.named.get(&name.text).map(|declared| &declared.value) {
            return Some(*state);
        }
        let known = scope.names(|named| matches!(named, Named::State(_)));
        let file = self.file;
        self.builder.unknown(file, Code::UnknownState, "state", name, &known);
        None
    }

    fn is_state(&self, pattern: &ast::Pattern) -> bool {
        let named = self.scope().named.get(&pattern.kind.text);
        named.is_some_and(|declared| matches!(declared.value, Named::State(_)))
    }

    fn turn_missing(&mut self, name: &Name) {
        self.builder.report(
            Finding::error(Code::UnknownKind, format!("`{}` is a state, and no event", name.text))
                .at(name.span, "its beginning, or its end?")
                .help(format!("write `{0} begins` or `{0} ends`", name.text)),
        );
    }
}

/// Whether every one of the articles that a reference means holds a decision, as a word about it wants.
pub(super) fn are_decisions(
    builder: &mut Builder,
    articles: &[ArticleId],
    article: &ast::ArticleRef,
    word: Span,
) -> Option<()> {
    if bindings::are_decisions(builder, articles) {
        return Some(());
    }
    builder.report(
        Finding::error(Code::NotADecision, format!("article {} holds no decision", article.label.text))
            .at(word, "only a decision comes to this")
            .at(article.span, "this article")
            .help("name an article in which a group `shall decide on …`"),
    );
    None
}
