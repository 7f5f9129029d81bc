//! «Effects»: what becomes of articles, of their duties, and of the treaty.

use super::suspension::{Scope, Suspension, Until};
use super::{InstanceId, Lookup, Replay};
use crate::arena::Id;
use crate::model::{ArticleId, Effect, EventId, Limit, MomentKind, TreatyId, Value};
use crate::syntax::ast::EffectKind;
use crate::verdict::{Doubt, Status, Trigger};

/// An effect that follows from what is being processed.
pub(super) struct Ordered<'a> {
    /// The norm that has it, or the power that was used.
    pub(super) instance: InstanceId,
    pub(super) effect: &'a Effect,
    pub(super) frame: Vec<Value>,
    /// The act by which a power was used.
    pub(super) exercised: Option<EventId>,
}

impl<'a, L: Lookup> Replay<'a, L> {
    /// Effects apply, in file order, to what has just started too.
    pub(super) fn apply_effects(&mut self) {
        let mut effects = std::mem::take(&mut self.effects);
        effects.sort_by_key(|ordered| (self.instances.at(ordered.instance).verdict.article, ordered.instance.index()));
        for ordered in effects {
            if ordered.exercised.is_none() && !self.takes_effect(ordered.instance) {
                continue;
            }
            self.apply(&ordered);
            if ordered.exercised.is_none() {
                let now = self.now;
                self.instances.at_mut(ordered.instance).comes_to(Status::Met, now);
                self.moment(ordered.instance, MomentKind::Met, now);
                self.forget(ordered.instance);
            }
        }
    }

    /// Whether nothing excuses a norm from taking effect.
    fn takes_effect(&mut self, id: InstanceId) -> bool {
        let unless = self.instances.at(id).norm.unless.iter();
        let excused = crate::eval::any(unless.map(|one| self.holds_for(id, one)));
        let now = self.now;
        match excused {
            Some(false) => return true,
            Some(true) => self.excuse(id, now, None),
            None => {
                let instance = self.instances.at_mut(id);
                instance.verdict.doubtful(Doubt::Excuse);
                instance.comes_to(Status::Indeterminate, now);
            }
        }
        self.forget(id);
        false
    }

    fn apply(&mut self, ordered: &Ordered<'a>) {
        let effect = ordered.effect;
        let scope = self.scope(ordered);
        let treaty = self.program.articles.at(self.instances.at(ordered.instance).verdict.article).treaty;
        match &effect.kind {
            EffectKind::Suspended => {
                let until = self.until(ordered);
                self.suspend(Suspension { scope, until });
            }
            EffectKind::Excused => {
                for id in self.reached(&scope) {
                    self.excuse(id, self.now, ordered.exercised);
                    self.forget(id);
                }
            }
            EffectKind::Extended(_) => self.extend(effect, &scope),
            EffectKind::Lifted => {
                for id in self.reached(&scope) {
                    if self.instances.at(id).norm.forbids() {
                        self.excuse(id, self.now, ordered.exercised);
                        self.forget(id);
                    }
                }
                self.suspend(Suspension { scope, until: Until::Never });
            }
            EffectKind::Ends => self.ends(ordered, scope, treaty),
        }
    }

    /// To whom and what an effect applies.
    fn scope(&self, ordered: &Ordered<'_>) -> Scope {
        let effect = ordered.effect;
        let world = self.world();
        let verdict = &self.instances.at(ordered.instance).verdict;
        let treaty = self.program.articles.at(verdict.article).treaty;
        let of_treaty = |(id, article): (ArticleId, &crate::model::Article)| (article.treaty == treaty).then_some(id);
        let parties = |all: &[crate::model::Members]| {
            let parties = all.iter().flat_map(|members| world.members(members, &ordered.frame)).collect();
            (!all.is_empty()).then_some(parties)
        };
        Scope {
            articles: match &effect.articles {
                Some(articles) => articles.clone(),
                None => self.program.articles.entries().filter_map(of_treaty).collect(),
            },
            bearers: parties(&effect.bearers),
            claimants: parties(&effect.claimants),
            on: effect.on.iter().map(|on| world.value(on, &ordered.frame)).collect(),
            // What follows from a moment of an article touches only what has the same root cause.
            root: match verdict.trigger {
                Trigger::Moment { cause, .. } if ordered.exercised.is_none() => cause,
                _ => None,
            },
        }
    }

    fn until(&mut self, ordered: &Ordered<'a>) -> Until<'a> {
        match &ordered.effect.until {
            None => Until::Never,
            Some(Limit::After(length, _)) => {
                let article = self.instances.at(ordered.instance).verdict.article;
                let at = length.after(self.now, &self.program.articles.at(article).law.reckoning);
                self.wake(at);
                Until::At(at)
            }
            Some(Limit::On(event)) => {
                self.wake_for(event, &ordered.frame);
                Until::Event(event, ordered.frame.clone())
            }
            Some(_) => Until::Never,
        }
    }

    /// The duties within the reach of an effect to which something can still happen.
    fn reached(&self, scope: &Scope) -> Vec<InstanceId> {
        let live = self.live.iter().map(|(_, id)| *id);
        live.filter(|id| self.is_within(scope, &self.instances.at(*id).verdict)).collect()
    }

    fn extend(&mut self, effect: &Effect, scope: &Scope) {
        let Some(length) = &effect.extension else { return };
        for id in self.reached(scope) {
            let article = self.instances.at(id).verdict.article;
            let reckoning = &self.program.articles.at(article).law.reckoning;
            let instance = self.instances.at_mut(id);
            if let (true, Some((first, last))) = (instance.is_pending(), &mut instance.window.closes) {
                let later = |at| length.after(crate::time::Anchor { at, ends_a_period: true }, reckoning);
                (*first, *last) = (later(*first), later(*last));
            }
            instance.show_window();
            self.wake_at_ends(id);
        }
    }

    /// An article, or the treaty, ends: for everybody, or for some.
    fn ends(&mut self, ordered: &Ordered<'a>, scope: Scope, treaty: TreatyId) {
        let effect = ordered.effect;
        let reckoning = self.program.treaties.at(treaty).reckoning.clone();
        let at = effect.delay.as_ref().map_or(self.now, |delay| delay.after(self.now, &reckoning));
        match (&effect.articles, &scope.bearers) {
            (None, None) if at <= self.now => self.end_treaty(treaty),
            (None, None) => {
                let until = &mut self.treaties.at_mut(treaty).until;
                *until = Some(until.map_or(at, |until| until.min(at)));
                self.treaties.at_mut(treaty).terminated = true;
                self.wake_force(at);
            }
            (None, Some(parties)) => {
                for party in parties {
                    self.party_leaves(treaty, *party, at);
                }
            }
            (Some(articles), None) if scope.claimants.is_none() && scope.on.is_empty() => {
                for article in articles {
                    self.end_article(*article);
                }
            }
            (Some(_), _) => {
                for id in self.reached(&scope) {
                    if self.instances.at(id).stands() {
                        self.end_standing(id);
                    }
                }
                self.suspend(Suspension { scope, until: Until::Never });
            }
        }
    }
}
