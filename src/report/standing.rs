//! Where a duty stands, in a few words.

use super::Scene;
use super::words::between;
use crate::model::Deed;
use crate::syntax::ast::Modal;
use crate::verdict::{Breach, Outcome, Shortfall, Status, Verdict};

impl Scene<'_> {
    /// «late by 6 hours», «breached, 3 times», «met: adopted».
    pub(super) fn standing(self, verdict: &Verdict) -> String {
        let name = verdict.status.name();
        let text = match verdict.status {
            Status::Breached => self.broken(verdict),
            Status::Late | Status::Cured => overdue(verdict),
            Status::Suspended => match verdict.stops.last() {
                Some(stop) => format!("{name} since {}", self.local_time(verdict, stop.from)),
                None => name.to_owned(),
            },
            Status::Indeterminate => self.doubt(verdict).map_or(name.to_owned(), |doubt| format!("{name}: {doubt}")),
            Status::Met | Status::Open => format!("{name}{}", self.target(verdict)),
            _ => name.to_owned(),
        };
        let decided = verdict.outcome.map(Outcome::name).filter(|outcome| *outcome != name);
        let decided = decided.map(|outcome| format!(": {outcome}")).unwrap_or_default();
        let unassigned = if verdict.status.is_breach() && self.is_unassigned(verdict) { ", unassigned" } else { "" };
        let revised = if verdict.revised { ", as proven later" } else { "" };
        format!("{text}{decided}{unassigned}{revised}")
    }

    /// «breached, 3 times», «breached for 4 days», «breached, 300 million USD short».
    fn broken(self, verdict: &Verdict) -> String {
        let name = verdict.status.name();
        match (verdict.breaches.as_slice(), verdict.shortfall) {
            (_, Some(Shortfall { reached, needed })) => match self.total_of(self.article(verdict)) {
                Some(kind) => format!("{name}, {} short", self.amount(needed.saturating_sub(reached), kind)),
                None => format!("{name}, {} of {} times", reached.normalize(), needed.normalize()),
            },
            ([_, _, ..], None) => format!("{name}, {} times", verdict.breaches.len()),
            ([Breach { since: Some(since), until, .. }], None) => match until {
                Some(until) => format!("{name} for {}", between(*since, *until)),
                None => format!("{name} since {}", self.local_time(verdict, *since)),
            },
            _ => name.to_owned(),
        }
    }

    /// Whether a target has been kept, where there is one.
    fn target(self, verdict: &Verdict) -> String {
        let norm = &self.article(verdict).norm;
        // What may be done need not be: its end is no target.
        let Some(target) = verdict.target.filter(|_| norm.modal != Modal::May) else { return String::new() };
        let shown = self.zone(verdict).show_local_end(target);
        match (verdict.status, verdict.at) {
            (Status::Met, Some(at)) if at <= target => ", target kept".to_owned(),
            (Status::Met, Some(at)) => format!(", target missed by {}", between(target, at)),
            _ if self.end().is_some_and(|end| end > target) => format!(", target {shown} missed"),
            _ => format!(", target {shown}"),
        }
    }

    /// Acts that came too early and did not count, of a duty of which nothing else is told.
    pub(super) fn too_early(self, verdict: &Verdict) -> Vec<String> {
        let told = |event: &crate::model::EventId| {
            let bearer = self.bearer_shown(verdict);
            let (article, line) = (self.called(self.article(verdict)), self.log.events.at(*event).line);
            format!(
                "{article}, {bearer}: {} on line {line} came too early, and does not count",
                self.kinds_of(&[*event])
            )
        };
        verdict.premature.iter().filter(|_| !verdict.status.is_wrong()).map(told).collect()
    }

    /// Whether it is a decision.
    pub(super) fn decides(self, verdict: &Verdict) -> bool {
        matches!(self.article(verdict).norm.deed, Deed::Decide(_))
    }
}

/// «late by 6 hours», «cured after 40 days».
fn overdue(verdict: &Verdict) -> String {
    let name = verdict.status.name();
    let by = if verdict.status == Status::Cured { "after" } else { "by" };
    match (verdict.due, verdict.at) {
        (Some(due), Some(at)) if at > due => format!("{name} {by} {}", between(due, at)),
        _ => name.to_owned(),
    }
}
