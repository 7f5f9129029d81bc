//! What went wrong, in a sentence.

use super::Scene;
use super::words::often;
use crate::eval::World;
use crate::model::{Acts, Amount, Deed, Subject};
use crate::time::Duration;
use crate::verdict::{Status, Verdict};

/// How many lapses of a condition are told one by one.
const LISTED: usize = 3;

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
        let several = verdict.blamed.len() > 1;
        if self.decides(verdict) {
            return format!("{by} voted, and {} no vote", if several { "have" } else { "has" });
        }
        let acts = self.kinds_of(&verdict.acts);
        match (self.is_holder(verdict), several) {
            (true, _) => format!("{by} used a power outside its time: {acts}"),
            (false, true) => format!("{by} used a power that they do not have: {acts}"),
            (false, false) => format!("{by} used a power that it does not have: {acts}"),
        }
    }

    /// Whether the power is theirs who used it, as far as the clause alone tells.
    fn is_holder(self, verdict: &Verdict) -> bool {
        let world = World::new(self.program, self.log);
        let holders = match &self.article(verdict).norm.subject {
            Subject::Single(party) => world.value(party, &verdict.frame).parties(),
            Subject::Each { members, .. }
            | Subject::Group { members, .. }
            | Subject::Part { members, .. }
            | Subject::Jointly(members) => world.members(members, &verdict.frame),
            Subject::Nobody => Vec::new(),
        };
        !verdict.blamed.is_empty() && verdict.blamed.iter().all(|party| holders.contains(party))
    }

    fn not_kept(self, verdict: &Verdict) -> String {
        let condition = self.condition(self.article(verdict));
        let not_kept = match self.whose(verdict) {
            Some(who) => format!("{who} did not keep {condition}"),
            None => format!("{condition} was not kept"),
        };
        let lengths = verdict.breaches.iter().filter_map(|breach| Some(breach.until?.micros_since(breach.since?)));
        let lengths: Vec<i64> = lengths.collect();
        let lasts = verdict.breaches.last().filter(|breach| breach.until.is_none()).and_then(|breach| breach.since);
        let since = lasts.map(|since| format!("since {}", self.time(verdict, since)));
        let times = verdict.breaches.len();
        let broken = if times > LISTED {
            let all = Duration::of_micros(lengths.iter().sum());
            let since = since.map_or_else(|| format!("for {all} in all"), |since| format!("the last {since}"));
            format!("{}, {since}", often(times))
        } else {
            let lengths = lengths.into_iter().map(|length| format!("for {}", Duration::of_micros(length)));
            lengths.chain(since).collect::<Vec<_>>().join(", and again ")
        };
        let was = if lasts.is_some() && times == 1 { "has been" } else { "was" };
        format!("{not_kept}: it {was} broken {broken}")
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
        let times = if times > 1 { format!("{} ", often(times)) } else { String::new() };
        match self.whose(verdict) {
            Some(who) => format!("{who} did {times}what is forbidden: {acts}"),
            None => format!("what is forbidden was {times}done: {acts}"),
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
            let never = breached && shortfall.reached.is_zero();
            return match (amount, breached) {
                (Amount::Total(..), _) if never => format!("{who} owed {needed} of {kinds}, and reached nothing"),
                (Amount::Times(_), _) if never => format!("{who} owed {kinds} {needed}, and never performed it"),
                (Amount::Total(..), true) => format!("{who} owed {needed} of {kinds}, and reached {reached}"),
                (Amount::Total(..), false) => format!("{who} reached {needed} of {kinds} {ended}"),
                (Amount::Times(_), true) => format!("{who} owed {kinds} {needed}, and performed it {reached}"),
                (Amount::Times(_), false) => format!("{who} had performed {kinds} {needed} only {ended}"),
            };
        }
        match (self.whose(verdict), breached) {
            (Some(_), true) if matches!(article.norm.subject, Subject::Group { together: true, .. }) => {
                format!("none of {} performed {kinds}", self.parties(&verdict.blamed))
            }
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
