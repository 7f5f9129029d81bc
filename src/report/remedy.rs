//! What would have complied.

use super::Scene;
use super::words::between;
use crate::model::{Deed, Norm, PartyId, Tail};
use crate::time::{Anchor, Instant};
use crate::verdict::{Breach, Status, Verdict};

/// How many lapses of a condition, or stops of a clock, are told.
const MOST: usize = 3;

impl Scene<'_> {
    /// What would have complied, and how the window was reckoned.
    pub(super) fn remedy(self, verdict: &Verdict) -> String {
        let norm = &self.article(verdict).norm;
        let blamed = if verdict.blamed.is_empty() { &verdict.bearer.parties } else { &verdict.blamed };
        let complied = match &norm.deed {
            _ if Scene::is_exercise(verdict) => self.whose_power(verdict, norm),
            Deed::Keep(_) => self.restored_in_time(verdict),
            Deed::Decide(_) => self.had_to(verdict, blamed, "vote"),
            Deed::Have(_) if norm.window.is_none() => {
                format!("it had to be so when it began, {}", self.time(verdict, verdict.triggered_at))
            }
            Deed::Have(_) => self.had_to(verdict, &verdict.bearer.parties, "attain it"),
            _ if norm.forbids() => self.free_to(verdict),
            _ => self.acted_in_time(verdict),
        };
        let more =
            [self.cure(verdict), self.stops(verdict), self.read_as(verdict), left_out(verdict), revised(verdict)];
        std::iter::once(complied).chain(more.into_iter().flatten()).collect::<Vec<_>>().join("\n")
    }

    fn whose_power(self, verdict: &Verdict, norm: &Norm) -> String {
        let whose = self.words(norm.subject_span);
        match &norm.window {
            _ if self.decides(verdict) => format!("those who vote are `{whose}`; nothing follows"),
            Some(window) => format!("the power is that of `{whose}`, {}; nothing follows", self.words(window.span)),
            None => format!("the power is that of `{whose}`; nothing follows"),
        }
    }

    fn restored_in_time(self, verdict: &Verdict) -> String {
        let graces: Vec<_> =
            verdict.breaches.iter().filter(|breach| breach.since.is_some_and(|since| since < breach.at)).collect();
        if graces.is_empty() {
            return "it had to be so at every instant, as no grace is given".to_owned();
        }
        let told = graces.iter().take(MOST).map(|breach: &&Breach| self.time(verdict, breach.at));
        let told = told.collect::<Vec<_>>().join(", and then by ");
        let more = if graces.len() > MOST { ", and so on" } else { "" };
        format!("it had to be restored by {told}{more}")
    }

    fn free_to(self, verdict: &Verdict) -> String {
        let (bearer, acts) = (self.bearer_shown(verdict), self.acts(verdict));
        match verdict.due {
            Some(end) => format!("{bearer} was free to {acts} from {} on", self.ends(verdict, end)),
            None => format!("{bearer} may not {acts} at any time while the article binds"),
        }
    }

    fn acted_in_time(self, verdict: &Verdict) -> String {
        let acts = self.acts(verdict);
        let more = verdict.shortfall.map(|short| short.needed.saturating_sub(short.reached));
        let what = match more.map(|more| self.so_much(self.article(verdict), more)) {
            Some(more) if self.total_of(self.article(verdict)).is_some() => format!("reach {more} more by {acts}"),
            Some(more) => format!("{acts} {more} more"),
            None => acts,
        };
        self.had_to(verdict, &verdict.bearer.parties, &what)
    }

    fn had_to(self, verdict: &Verdict, parties: &[PartyId], what: &str) -> String {
        let began = |at: Instant| format!("when it began, {}, it was due already", self.time(verdict, at));
        let Some(due) = verdict.due else { return began(verdict.triggered_at) };
        if due < verdict.triggered_at {
            return began(verdict.triggered_at);
        }
        let all = parties == verdict.bearer.parties;
        let who = self.bearer(&verdict.bearer).filter(|_| all).unwrap_or_else(|| self.parties(parties));
        let until = self.ends(verdict, due);
        match verdict.opens {
            _ if self.is_unassigned(verdict) => format!("there was time until {until} to {what}"),
            Some(opens) => format!("{who} had from {} until {until} to {what}", self.time(verdict, opens)),
            None => format!("{who} had until {until} to {what}"),
        }
    }

    /// Until when performance cures a breach, or would have.
    fn cure(self, verdict: &Verdict) -> Option<String> {
        let article = self.article(verdict);
        let length = article.norm.tails.iter().find_map(|tail| match tail {
            Tail::Curable(length) => Some(length),
            _ => None,
        })?;
        let due = Anchor { at: verdict.due.filter(|_| !article.norm.lasts())?, ends_a_period: true };
        let until = self.ends(verdict, length.after(due, &article.law.reckoning));
        let verb = if verdict.status == Status::Breached { "cures" } else { "cured" };
        Some(format!("performance until {until} {verb} the breach"))
    }

    /// When the clock stood still.
    fn stops(self, verdict: &Verdict) -> Option<String> {
        let told = verdict.stops.iter().take(MOST).map(|stop| match stop.until {
            Some(until) => {
                let (from, length) = (self.time(verdict, stop.from), between(stop.from, until));
                format!("from {from} to {}, for {length}", self.time(verdict, until))
            }
            None => format!("from {} on", self.time(verdict, stop.from)),
        });
        let told: Vec<_> = told.collect();
        let more = verdict.stops.len().saturating_sub(MOST);
        let more = if more > 0 { format!("; and {more} more times") } else { String::new() };
        (!told.is_empty()).then(|| format!("the clock stood still {}{more}", told.join("; ")))
    }

    fn read_as(self, verdict: &Verdict) -> Option<String> {
        self.reading(self.article(verdict)).map(|reading| format!("the reading used is `{reading}`"))
    }
}

fn left_out(verdict: &Verdict) -> Option<String> {
    match verdict.left_out {
        0 => None,
        1 => Some("1 absent value was left out of the sum".to_owned()),
        many => Some(format!("{many} absent values were left out of the sum")),
    }
}

fn revised(verdict: &Verdict) -> Option<String> {
    let name = verdict.status.name();
    verdict.revised.then(|| format!("it is {name} by an act that was proven later; before that it was met"))
}
