//! «Conditions on articles»: what an article has come to.

use super::instance::Instance;
use super::{Lookup, Replay};
use crate::eval::{Frame, Truth};
use crate::model::{ArticleMoment, MomentKind, PartyId, Value};
use crate::verdict::{Outcome, Status};

impl<L: Lookup> Replay<'_, L> {
    /// Whether a duty of one of these articles has come to this: of any of some parties, or of all of them.
    pub(super) fn has_come_to(&self, wanted: &ArticleMoment, frame: &Frame) -> Truth {
        match wanted.moment {
            MomentKind::EntersIntoForce => {
                return Some(wanted.articles.iter().any(|id| self.articles.at(*id).from.is_some()));
            }
            MomentKind::Ends => return Some(wanted.articles.iter().any(|id| self.articles.at(*id).over)),
            _ => {}
        }
        self.of_parties(wanted, frame, |instance| match instance.verdict.status {
            Status::Indeterminate => None,
            _ => Some(instance.has_come_to(wanted.moment)),
        })
    }

    /// Whether one of these articles is broken, and neither performed late nor cured nor excused.
    pub(super) fn is_in_breach(&self, wanted: &ArticleMoment, frame: &Frame) -> Truth {
        self.of_parties(wanted, frame, |instance| match instance.verdict.status {
            Status::Indeterminate => None,
            Status::Breached => Some(self.is_breach_open(instance)),
            _ => Some(false),
        })
    }

    /// A duty stays broken until it is performed or waived, a maintained condition until it is restored; a prohibition
    /// is broken at the instant of the act only, unless it is curable.
    fn is_breach_open(&self, instance: &Instance<'_>) -> bool {
        let Some(last) = instance.verdict.breaches.last() else { return false };
        if instance.waived {
            return false;
        }
        if instance.norm.forbids() {
            return last.at == self.now || instance.cure().is_some();
        }
        last.since.is_none() || last.until.is_none()
    }

    fn of_parties(&self, wanted: &ArticleMoment, frame: &Frame, has: impl Fn(&Instance<'_>) -> Truth) -> Truth {
        let on = wanted.on.as_ref().map(|on| self.world().value(on, frame));
        let of = |party: Option<PartyId>| {
            let all = wanted.articles.iter().flat_map(|article| self.instances_of(*article));
            let instances = all.filter(|instance| {
                let verdict = &instance.verdict;
                let by = party.is_none_or(|party| instance.is_of(party, wanted.moment));
                by && on.as_ref().is_none_or(|on| self.is_on(verdict, on))
            });
            crate::eval::any(instances.map(&has))
        };
        let Some(by) = &wanted.by else { return of(None) };
        let by = self.world().value(by, frame);
        if by == Value::Absent {
            return None;
        }
        let each = by.parties().into_iter().map(|party| of(Some(party)));
        if wanted.all { crate::eval::every(each) } else { crate::eval::any(each) }
    }
}

impl Instance<'_> {
    /// Whether it is a party's: borne by it or, where a group has broken it, broken by it.
    fn is_of(&self, party: PartyId, moment: MomentKind) -> bool {
        let verdict = &self.verdict;
        if moment == MomentKind::Breached && verdict.bearer.group {
            return verdict.blamed.contains(&party);
        }
        verdict.bearer.parties.contains(&party)
    }

    fn has_come_to(&self, moment: MomentKind) -> bool {
        let verdict = &self.verdict;
        match moment {
            MomentKind::Triggered => true,
            MomentKind::Met => verdict.status == Status::Met,
            MomentKind::Breached => !verdict.breaches.is_empty(),
            MomentKind::Excused => verdict.status == Status::Excused,
            MomentKind::Late => verdict.status == Status::Late,
            MomentKind::Cured => verdict.status == Status::Cured,
            MomentKind::Suspended => self.is_stopped(),
            MomentKind::Lapses => verdict.status == Status::Lapsed || verdict.outcome == Some(Outcome::Lapsed),
            MomentKind::Adopted => verdict.outcome == Some(Outcome::Adopted),
            MomentKind::Rejected => verdict.outcome == Some(Outcome::Rejected),
            MomentKind::Blocked => verdict.outcome == Some(Outcome::Blocked),
            MomentKind::Fails => verdict.outcome.is_some_and(|outcome| outcome != Outcome::Adopted),
            MomentKind::EntersIntoForce | MomentKind::Ends => false,
        }
    }
}
