//! What an article's duties look at, so that they are not asked about anything else.

use std::ops::RangeInclusive;

use super::history::What;
use super::{InstanceId, Lookup, Replay};
use crate::arena::Id;
use crate::model::{ArticleId, Deed, KindId, Norm, Occurrence, Program, Tail};
use crate::syntax::ast::Modal;

/// What an article's duties look at.
#[derive(Debug, Default)]
pub(crate) struct Care {
    /// Events of these kinds.
    kinds: Vec<KindId>,
    /// Whatever else happens.
    others: bool,
    /// Conditions, once an instant is complete.
    pub(crate) conditions: bool,
    /// What articles say that prevail over this one.
    pub(super) prevailing: Vec<ArticleId>,
}

impl Care {
    pub(super) fn of(program: &Program, article: ArticleId) -> Care {
        let norm = &program.articles.at(article).norm;
        let prevailing = super::precedence::prevailing(program, article);
        let mut care = Care { conditions: is_judged(norm, !prevailing.is_empty()), prevailing, ..Care::default() };
        match &norm.deed {
            Deed::Acts(acts) => care.kinds.extend(acts.acts.iter().map(|act| act.pattern.kind)),
            Deed::Decide(decision) => {
                let rules = std::iter::once(&decision.rule).chain(&decision.fallback);
                care.kinds.extend(rules.map(|rule| rule.ballots.kind));
            }
            Deed::Keep(_) | Deed::Have(_) | Deed::Effect(_) => {}
        }
        for occurrence in super::occurrence::waited_for(norm) {
            match occurrence {
                Occurrence::Pattern(pattern) => care.kinds.push(pattern.kind),
                _ => care.others = true,
            }
        }
        care
    }

    fn for_what(&self, what: &What, kind: Option<KindId>) -> bool {
        match (what, kind) {
            (What::Event(_), Some(kind)) => self.others || self.kinds.contains(&kind),
            _ => self.others,
        }
    }
}

/// Whether something of a norm is judged once an instant is complete.
fn is_judged(norm: &Norm, prevailed: bool) -> bool {
    let condition = matches!(norm.deed, Deed::Keep(_) | Deed::Have(_));
    let suspended = norm.tails.iter().any(|tail| matches!(tail, Tail::SuspendedWhile(_)));
    let gives_way = norm.modal == Modal::Shall && prevailed;
    let excused = !norm.unless.is_empty() && !norm.forbids();
    condition || suspended || excused || gives_way
}

impl<L: Lookup> Replay<'_, L> {
    /// The live duties that look at what happened at a place, article by article.
    pub(super) fn concerned_at_most(&self, place: usize) -> Vec<InstanceId> {
        let Some(happening) = self.history.at(place) else { return Vec::new() };
        let kind = self.event_at(place).map(|event| self.log.events.at(event).kind);
        self.live_where(|care| care.for_what(&happening.what, kind))
    }

    /// The live duties of which conditions are judged, article by article.
    pub(super) fn judged_at_most(&self) -> Vec<InstanceId> {
        self.live_where(|care| care.conditions)
    }

    /// Whether something can still happen to a duty.
    pub(crate) fn is_live(&self, id: InstanceId) -> bool {
        self.instances.get(id).is_some_and(|instance| !instance.over)
    }

    /// Every duty to which something can still happen, article by article.
    pub(super) fn live(&self) -> Vec<InstanceId> {
        self.live.iter().map(|(_, id)| *id).collect()
    }

    /// A duty, in the order of articles and of duties as they began.
    pub(crate) fn place_of(&self, id: InstanceId) -> (ArticleId, InstanceId) {
        (self.instances.at(id).verdict.article, id)
    }

    /// The live duties of an article.
    pub(crate) fn live_of(&self, article: ArticleId) -> Vec<InstanceId> {
        self.live.range(all_of(article)).map(|(_, id)| *id).collect()
    }

    fn live_where(&self, is: impl Fn(&Care) -> bool) -> Vec<InstanceId> {
        let articles = self.cares.entries().filter(|(_, care)| is(care));
        articles.flat_map(|(article, _)| self.live.range(all_of(article)).map(|(_, id)| *id)).collect()
    }
}

/// Every duty of an article.
fn all_of(article: ArticleId) -> RangeInclusive<(ArticleId, InstanceId)> {
    (article, InstanceId::from_index(0))..=(article, InstanceId::from_index(u32::MAX as usize))
}
