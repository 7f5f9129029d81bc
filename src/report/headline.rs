//! What went wrong, in a sentence.

use super::Scene;
use super::words::{between, count};
use crate::model::{Acts, Amount, Deed, Subject};
use crate::verdict::{Status, Verdict};

impl Scene<'_> {
    /// «article 1: Germany did not perform `consult`».
    pub(super) fn headline(self, verdict: &Verdict) -> String {
        let article = self.article(verdict);
        let told = match &article.norm.deed {
            _ if Scene::is_exercise(verdict) => self.no_power(verdict),
            Deed::Keep(_) => self.not_kept(verdict),
            Deed::Have(_) => self.not_attained(verdict),
            Deed::Decide(_) => self.not_decided(verdict),
            Deed::Acts(_) if article.norm.forbids() => self.forbidden(verdict),
            Deed::Acts(acts) => self.not_performed(verdict, acts),
            Deed::Effect(_) => verdict.status.name().to_owned(),
        };
        format!("{}: {told}", self.called(article))
    }

    fn no_power(self, verdict: &Verdict) -> String {
        let by = if verdict.blamed.is_empty() { "somebody".to_owned() } else { self.parties(&verdict.blamed) };
        let (have, does) = if verdict.blamed.len() > 1 { ("have", "do") } else { ("has", "does") };
        if matches!(self.article(verdict).norm.deed, Deed::Decide(_)) {
            return format!("{by} voted, and {have} no vote");
        }
        let it = if verdict.blamed.len() > 1 { "they" } else { "it" };
        format!("{by} used a power that {it} {does} not have: {}", self.kinds_of(&verdict.acts))
    }

    fn not_kept(self, verdict: &Verdict) -> String {
        let condition = self.condition(self.article(verdict));
        let (not_kept, is_not_kept) = match self.whose(verdict) {
            Some(who) => (format!("{who} did not keep {condition}"), format!("{who} has not kept {condition}")),
            None => (format!("{condition} was not kept"), format!("{condition} has not been kept")),
        };
        let lapses: Vec<_> =
            verdict.breaches.iter().filter_map(|breach| Some(breach.until?.micros_since(breach.since?))).collect();
        let times = verdict.breaches.len();
        let Some(since) = verdict.breaches.last().and_then(|breach| breach.since) else { return not_kept };
        let length = between(since, since.plus_micros(lapses.iter().sum()));
        match (times, lapses.len() == times) {
            (1, true) => format!("for {length} {not_kept}"),
            (1, false) => format!("since {} {is_not_kept}", self.time(verdict, since)),
            (_, true) => format!("{}, for {length} in all, {not_kept}", count(times, "time")),
            (_, false) => {
                format!("{}, and since {} to the end, {not_kept}", count(times, "time"), self.time(verdict, since))
            }
        }
    }

    fn not_attained(self, verdict: &Verdict) -> String {
        let condition = self.condition(self.article(verdict));
        let attain = if self.article(verdict).norm.window.is_some() { "attain" } else { "have" };
        let ended = after(verdict);
        match (self.whose(verdict), verdict.status) {
            (Some(who), Status::Breached) => format!("{who} did not {attain} {condition}"),
            (Some(who), _) => format!("{who} attained {condition} {ended}"),
            (None, Status::Breached) => format!("{condition} was not so"),
            (None, _) => format!("{condition} was so {ended}"),
        }
    }

    fn not_decided(self, verdict: &Verdict) -> String {
        if verdict.blamed.is_empty() {
            return "nothing was decided, though every member voted".to_owned();
        }
        format!("nothing was decided: {} did not vote", self.parties(&verdict.blamed))
    }

    fn forbidden(self, verdict: &Verdict) -> String {
        let acts = self.kinds_of(&verdict.acts);
        let times = verdict.breaches.len();
        let times = if times > 1 { format!(" {}", count(times, "time")) } else { String::new() };
        match self.whose(verdict) {
            Some(who) => format!("{who} did what is forbidden{times}: {acts}"),
            None => format!("what is forbidden was done{times}: {acts}"),
        }
    }

    fn not_performed(self, verdict: &Verdict, acts: &Acts) -> String {
        let article = self.article(verdict);
        let kinds = self.kinds(article);
        let breached = verdict.status == Status::Breached;
        if let (Some(amount), Some(shortfall)) = (&acts.amount, verdict.shortfall) {
            let who = self.whose(verdict).unwrap_or_else(|| "nobody who is named".to_owned());
            let [reached, needed] = [shortfall.reached, shortfall.needed].map(|much| self.so_much(article, much));
            let ended = after(verdict);
            return match (amount, breached) {
                (Amount::Total(..), true) => format!("{who} owed {needed} of {kinds}, and reached {reached}"),
                (Amount::Total(..), false) => format!("{who} reached {needed} of {kinds} {ended}"),
                (Amount::Times(_), true) => format!("{who} owed {kinds} {needed}, and performed it {reached}"),
                (Amount::Times(_), false) => format!("{who} had performed {kinds} {needed} only {ended}"),
            };
        }
        match (self.whose(verdict), breached) {
            (Some(who), true) => format!("{who} did not perform {kinds}"),
            (Some(who), false) => format!("{who} performed {kinds} {}", after(verdict)),
            (None, true) => format!("{kinds} was not done"),
            (None, false) => format!("{kinds} was done {}", after(verdict)),
        }
    }

    /// Who broke it; none where nobody is named who owed it.
    fn whose(self, verdict: &Verdict) -> Option<String> {
        if self.is_unassigned(verdict) {
            return None;
        }
        let bearer = || self.bearer(&verdict.bearer).unwrap_or_else(|| "nobody".to_owned());
        let breached = verdict.status == Status::Breached;
        Some(match &self.article(verdict).norm.subject {
            Subject::Group { together: true, .. } if breached => format!("none of {}", self.parties(&verdict.blamed)),
            Subject::Group { together: true, .. } => format!("one of {}", self.parties(&verdict.bearer.parties)),
            Subject::Group { .. } | Subject::Part { .. } if !breached => format!("enough of {}", bearer()),
            Subject::Jointly(_) if verdict.bearer.parties.len() > 1 => format!("{} together", bearer()),
            _ => self.parties(&verdict.blamed),
        })
    }
}

/// How an act after the window is told.
fn after(verdict: &Verdict) -> &'static str {
    if verdict.status == Status::Cured { "after it was due, within the time for a cure" } else { "too late" }
}
