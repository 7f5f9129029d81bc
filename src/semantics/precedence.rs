//! `notwithstanding` and `subject to`: which of two articles gives way.

use super::instance::{Instance, Timing};
use super::{InstanceId, Lookup, Replay};
use crate::model::{Act, ArticleId, EventId, Program, Tail, Value, Want};
use crate::syntax::ast::Modal;

impl<L: Lookup> Replay<'_, L> {
    /// Whether a forbidden act is permitted or owed by an article that prevails.
    pub(super) fn is_permitted(&self, id: InstanceId, event: EventId) -> bool {
        let instance = self.instances.at(id);
        let prevailing = &self.cares.at(instance.verdict.article).prevailing;
        if prevailing.is_empty() {
            return false;
        }
        let found = self.log.events.at(event);
        prevailing.iter().flat_map(|article| self.instances_of(*article)).any(|other| {
            let counts = !other.over || other.verdict.acts.contains(&event);
            let bearer = &instance.verdict.bearer.parties;
            counts
                && !other.norm.forbids()
                && !other.is_stopped()
                && bearer.iter().all(|party| other.verdict.bearer.parties.contains(party))
                && self.world().is_act(other.norm, event, &other.verdict.frame) == Some(true)
                && other.timing(found.at, found.latest) == Timing::InTime
        })
    }

    /// Whether a duty is not owed, as an article that prevails forbids its act now.
    pub(super) fn is_prevailed_over(&self, id: InstanceId) -> bool {
        self.forbidding(id, false)
    }

    /// A duty is excused as soon as an article that prevails forbids its act for all of the time that is left.
    pub(super) fn judge_precedence(&mut self, id: InstanceId) {
        let instance = self.instances.at(id);
        let owed = instance.norm.acts().is_some() && instance.norm.modal == Modal::Shall;
        if owed && instance.is_pending() && !instance.over && self.forbidding(id, true) {
            self.excuse(id, self.now, None);
        }
    }

    fn forbidding(&self, id: InstanceId, to_the_end: bool) -> bool {
        let instance = self.instances.at(id);
        let prevailing = &self.cares.at(instance.verdict.article).prevailing;
        if prevailing.is_empty() || instance.norm.acts().is_none() {
            return false;
        }
        prevailing.iter().flat_map(|article| self.live_of(*article)).any(|id| {
            let other = self.instances.at(id);
            // Nobody knows beforehand how long the conditions of a norm that stands will hold.
            let conditional = other.stands() && !other.norm.guards.is_empty();
            let lets_bind = !conditional || (!to_the_end && self.guards_hold(id) == Some(true));
            let binds = instance.verdict.bearer.parties.iter().all(|it| other.verdict.bearer.parties.contains(it));
            let outlasts = other.closes().is_none_or(|ends| instance.closes().is_some_and(|due| due < ends));
            let open = other.timing(self.now, self.now) == Timing::InTime;
            let forbids = other.norm.forbids() && !other.is_stopped();
            forbids && open && binds && lets_bind && (!to_the_end || outlasts) && self.covers(instance, other)
        })
    }

    /// Whether every act by which a duty could be performed is one that a prohibition forbids.
    fn covers(&self, duty: &Instance<'_>, prohibition: &Instance<'_>) -> bool {
        let (Some(owed), Some(forbidden)) = (duty.norm.acts(), prohibition.norm.acts()) else { return false };
        owed.acts.iter().all(|act| {
            forbidden.acts.iter().any(|other| {
                other.pattern.kind == act.pattern.kind
                    && other.condition.is_none()
                    && other.pattern.conditions.is_empty()
                    && self.is_narrower(act, duty, other, prohibition)
            })
        })
    }

    /// Whether an act is one of those that another means: of each field that the other fixes, it says no less.
    fn is_narrower(&self, act: &Act, duty: &Instance<'_>, other: &Act, prohibition: &Instance<'_>) -> bool {
        let world = self.world();
        let fixed = |want: &Want, frame: &[Value]| match want {
            Want::Is(expr) => Some(world.value(expr, frame)),
            Want::Bearer | Want::Any { .. } => None,
        };
        other.pattern.tests.iter().all(|test| {
            let Some(wanted) = fixed(&test.want, &prohibition.verdict.frame) else { return true };
            let same = act.pattern.tests.iter().find(|own| own.field == test.field);
            let owed = same.and_then(|own| fixed(&own.want, &duty.verdict.frame));
            owed.is_some_and(|owed| world.satisfies(&owed, &wanted) == Some(true))
        })
    }
}

/// The articles that prevail over another.
pub(crate) fn prevailing(program: &Program, loser: ArticleId) -> Vec<ArticleId> {
    let tails = |article: ArticleId| &program.articles.at(article).norm.tails;
    let prevails = |winner: &ArticleId| {
        let defeats = |tail: &Tail| matches!(tail, Tail::Notwithstanding(over) if over.contains(&loser));
        let yields = |tail: &Tail| matches!(tail, Tail::SubjectTo(to) if to.contains(winner));
        tails(*winner).iter().any(defeats) || tails(loser).iter().any(yields)
    };
    program.articles.ids().filter(prevails).collect()
}
