//! A replay that is saved, to go on later.
//!
//! What hangs on the treaties alone is made anew, and what can be read again from what is remembered is read again.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::force::{ArticleForce, TreatyForce};
use super::history::History;
use super::instance::{Choice, Happened, Instance, Window};
use super::membership::Changes;
use super::occurrence::everything;
use super::suspension::{Scope, Suspension, Until};
use super::{InstanceId, Lookup, Replay};
use crate::arena::{Map, Set};
use crate::model::{ArticleId, EventId, Occurrence, PartyId, Program, Value};
use crate::time::{Anchor, Instant};
use crate::verdict::Verdict;

/// A replay, as it is saved between two events.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Saved {
    now: Instant,
    has_begun: bool,
    moments: u64,
    last_event: Option<Instant>,
    instant: Option<bool>,
    history: History,
    agenda: BTreeSet<Instant>,
    force_turns: BTreeSet<Instant>,
    given: Set<(ArticleId, PartyId)>,
    begun: usize,
    duties: Vec<(InstanceId, Duty)>,
    finished: Vec<InstanceId>,
    broken: Vec<InstanceId>,
    treaties: Vec<TreatyForce>,
    articles: Vec<ArticleForce>,
    groups: Vec<Changes>,
    suspensions: Vec<(Scope, Ends)>,
    standing: Map<ArticleId, Vec<PartyId>>,
    spent: Set<EventId>,
    alleged: Vec<EventId>,
    proven: Map<EventId, Instant>,
    seen: Map<ArticleId, Set<Vec<Value>>>,
}

/// The number of something that is waited for, among everything that the treaties wait for.
type Number = usize;

#[derive(Debug, Serialize, Deserialize)]
enum Ends {
    At(Instant),
    Event(Number, Vec<Value>),
    Never,
}

/// An instance of a duty.
#[derive(Debug, Serialize, Deserialize)]
struct Duty {
    verdict: Verdict,
    anchor: Anchor,
    anchor_latest: Anchor,
    window: Window,
    happened: Vec<(Number, Anchor, Anchor)>,
    uncertain: Option<EventId>,
    totals: Map<Option<PartyId>, Decimal>,
    lapse: Option<(Instant, Instant)>,
    ballots: Map<PartyId, Choice>,
    turned: (Instant, u32),
    waived: bool,
    told: (usize, usize),
    closed: bool,
    over: bool,
}

/// Everything that treaties wait for, by number.
struct Numbers<'a>(Vec<&'a Occurrence>);

impl<'a> Numbers<'a> {
    fn of(&self, occurrence: &Occurrence) -> Number {
        self.0.iter().position(|other| std::ptr::eq(*other, occurrence)).unwrap_or(usize::MAX)
    }

    fn get(&self, number: Number) -> Option<&'a Occurrence> {
        self.0.get(number).copied()
    }
}

impl Duty {
    fn of(instance: &Instance<'_>, numbers: &Numbers<'_>) -> Duty {
        let happened = instance.happened.iter().map(|it| (numbers.of(it.what), it.first, it.latest));
        Duty {
            verdict: instance.verdict.clone(),
            anchor: instance.anchor,
            anchor_latest: instance.anchor_latest,
            window: instance.window,
            happened: happened.collect(),
            uncertain: instance.uncertain,
            totals: instance.totals.clone(),
            lapse: instance.lapse,
            ballots: instance.ballots.clone(),
            turned: instance.turned,
            waived: instance.waived,
            told: instance.told,
            closed: instance.closed,
            over: instance.over,
        }
    }

    /// None where it is of other treaties.
    fn instance<'a>(self, program: &'a Program, numbers: &Numbers<'a>) -> Option<Instance<'a>> {
        let happened = self.happened.into_iter().map(|(number, first, latest)| {
            let what = numbers.get(number)?;
            Some(Happened { what, first, latest })
        });
        Some(Instance {
            norm: &program.articles.get(self.verdict.article)?.norm,
            verdict: self.verdict,
            anchor: self.anchor,
            anchor_latest: self.anchor_latest,
            window: self.window,
            happened: happened.collect::<Option<_>>()?,
            uncertain: self.uncertain,
            totals: self.totals,
            lapse: self.lapse,
            ballots: self.ballots,
            turned: self.turned,
            waived: self.waived,
            told: self.told,
            closed: self.closed,
            over: self.over,
        })
    }
}

impl<L: Lookup> Replay<'_, L> {
    /// What is to be saved; between two events, so that nothing is being processed.
    pub(crate) fn saved(&self) -> Saved {
        let numbers = Numbers(everything(self.program));
        let ends = |until: &Until<'_>| match until {
            Until::At(at) => Ends::At(*at),
            Until::Event(event, frame) => Ends::Event(numbers.of(event), frame.clone()),
            Until::Never => Ends::Never,
        };
        Saved {
            now: self.now,
            has_begun: self.has_begun,
            moments: self.moments,
            last_event: self.last_event,
            instant: self.instant,
            history: self.history.clone(),
            agenda: self.agenda.clone(),
            force_turns: self.force_turns.clone(),
            given: self.given.clone(),
            begun: self.instances.begun(),
            duties: self.instances.entries().map(|(id, instance)| (id, Duty::of(instance, &numbers))).collect(),
            finished: self.finished.clone(),
            broken: self.broken.clone(),
            treaties: self.treaties.iter().cloned().collect(),
            articles: self.articles.iter().cloned().collect(),
            groups: self.groups.iter().cloned().collect(),
            suspensions: self.suspensions.iter().map(|it| (it.scope.clone(), ends(&it.until))).collect(),
            standing: self.standing.clone(),
            spent: self.spent.clone(),
            alleged: self.alleged.clone(),
            proven: self.proven.clone(),
            seen: self.seen.clone(),
        }
    }

    /// Goes on from what was saved, in a replay that has not begun; false where it is of other treaties.
    pub(crate) fn go_on(&mut self, saved: Saved) -> bool {
        let fits = saved.treaties.len() == self.treaties.len()
            && saved.articles.len() == self.articles.len()
            && saved.groups.len() == self.groups.len();
        fits && self.take(saved).is_some()
    }

    fn take(&mut self, saved: Saved) -> Option<()> {
        let numbers = Numbers(everything(self.program));
        for (scope, ends) in saved.suspensions {
            let until = match ends {
                Ends::At(at) => Until::At(at),
                Ends::Event(number, frame) => Until::Event(numbers.get(number)?, frame),
                Ends::Never => Until::Never,
            };
            self.suspensions.push(Suspension { scope, until });
        }
        (self.now, self.has_begun, self.moments) = (saved.now, saved.has_begun, saved.moments);
        (self.last_event, self.instant, self.history) = (saved.last_event, saved.instant, saved.history);
        (self.agenda, self.force_turns, self.given) = (saved.agenda, saved.force_turns, saved.given);
        (self.finished, self.broken) = (saved.finished, saved.broken);
        self.treaties = saved.treaties.into_iter().collect();
        self.articles = saved.articles.into_iter().collect();
        self.groups = saved.groups.into_iter().collect();
        (self.standing, self.spent) = (saved.standing, saved.spent);
        (self.alleged, self.proven, self.seen) = (saved.alleged, saved.proven, saved.seen);
        for (id, duty) in saved.duties {
            let instance = duty.instance(self.program, &numbers)?;
            let (article, over) = (instance.verdict.article, instance.over);
            let asked = L::keeps(self, article);
            self.instances.put(id, instance, asked)?;
            if !over {
                self.live.insert((article, id));
                L::begins(self, id);
            }
        }
        self.instances.fill(saved.begun)
    }
}
