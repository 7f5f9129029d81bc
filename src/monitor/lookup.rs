//! The monitor's way of finding what something concerns.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use rust_decimal::Decimal;

use super::accounts::{self, Accounts};
use super::depend::Dependence;
use super::index::{Index, Key, constant_key, keys};
use super::interest::{Listeners, Part, parts};
use super::memory::Memory;
use super::plain::{self, Plain};
use super::save::LookupState;
use crate::arena::{Arena, Set};
use crate::eval::Onset;
use crate::event::Log;
use crate::model::{
    ArticleId, BEARER, Deed, Expr, KindId, Norm, Pattern, Program, StateId, Tail, TallyId, Trigger, Value, Want,
};
use crate::semantics::{
    InstanceId, Kept, Lookup, Replay, Summary, Turn, What, moments_waited_for, prevailing, waited_for,
};
use crate::syntax::ast::Modal;
use crate::time::Instant;

/// A duty, in the order of reports and of evaluation.
pub(super) type Place = (ArticleId, InstanceId);

/// When something may happen to a duty.
pub(super) type Timed = (Instant, ArticleId, InstanceId);

/// What looks things up.
#[derive(Debug, Default)]
pub(crate) struct Indexed {
    /// What sets articles off.
    triggers: Listeners,
    /// The articles whose duties wait for what is no event, and those whose conditions hang on it.
    waits: Listeners,
    conditions: Listeners,
    /// What each article's duties wait for and hang on.
    articles: Arena<ArticleId, Needs>,
    /// What is looked back at, and what is kept up to date instead.
    memory: Memory,
    pub(super) accounts: Accounts,
    /// Duties that are held apart, as nothing hangs on them.
    pub(super) plain: Plain,
    /// Articles whose conditions may change with anything.
    always: Vec<ArticleId>,
    /// Which duties an event may meet, break or excuse, and of which it may change conditions.
    waiting: Index<InstanceId>,
    hanging: Index<InstanceId>,
    /// When something may happen to a duty.
    timers: BinaryHeap<Reverse<Timed>>,
    /// Duties of which the windows may end, that may be overdue, and whose conditions are to be judged.
    ending: BTreeSet<Place>,
    overdue: BTreeSet<Place>,
    unjudged: BTreeSet<Place>,
}

/// What an article's duties wait for and hang on.
#[derive(Debug, Default)]
struct Needs {
    /// The patterns of acts, ballots, excuses and ends of windows; whether those who act are not looked at.
    acts: Vec<(Pattern, bool)>,
    /// Patterns on which conditions hang, and whether their names are those of the norm.
    conditions: Vec<(Pattern, bool)>,
    /// The names of a duty may change while it runs.
    restarts: bool,
}

impl Indexed {
    /// What cannot be made anew from the duties that are live.
    pub(super) fn saved(&self) -> LookupState {
        let mut timers: Vec<Timed> = self.timers.iter().map(|Reverse(timed)| *timed).collect();
        timers.sort_unstable();
        LookupState {
            timers,
            ending: self.ending.clone(),
            overdue: self.overdue.clone(),
            unjudged: self.unjudged.clone(),
            accounts: self.accounts.saved(),
            plain: self.plain.saved(),
        }
    }

    /// Goes on from what was saved, the live duties being known already; false where it is of other treaties.
    pub(super) fn go_on(&mut self, state: LookupState) -> bool {
        self.timers = state.timers.into_iter().map(Reverse).collect();
        (self.ending, self.overdue, self.unjudged) = (state.ending, state.overdue, state.unjudged);
        self.accounts.go_on(state.accounts) && self.plain.go_on(state.plain)
    }

    /// Adds every event that may still be asked for.
    pub(super) fn trace(&self, kept: &mut Kept, log: &Log) {
        self.accounts.trace(kept);
        self.plain.trace(kept);
        if !self.memory.referred.is_empty() {
            let referred = log.events.entries().filter(|(_, event)| self.memory.referred.contains(&event.kind));
            referred.for_each(|(id, _)| kept.event(id));
        }
    }

    /// The next duty to which something may happen now.
    fn woken(&mut self, now: Instant) -> Option<Place> {
        let Reverse((at, ..)) = self.timers.peek()?;
        let Reverse((_, article, id)) = if *at <= now { self.timers.pop()? } else { return None };
        Some((article, id))
    }

    fn add_article(&mut self, program: &Program, id: ArticleId) {
        let article = program.articles.at(id);
        for part in triggers(&article.norm.trigger) {
            self.triggers.listen(program, id, part);
        }
        let mut needs = Needs { acts: acts(&article.norm), restarts: article.norm.again.is_some(), ..Needs::default() };
        let mut waits = Vec::new();
        for occurrence in waited_for(&article.norm) {
            parts(occurrence, &mut waits);
        }
        for part in waits {
            match part {
                Part::Pattern(pattern) => needs.acts.push((pattern.clone(), false)),
                part => self.waits.listen(program, id, part),
            }
        }
        let mut dependence = Dependence::default();
        article.norm.judged().for_each(|condition| dependence.on_condition(program, condition));
        for (part, own) in dependence.parts {
            match part {
                Part::Pattern(pattern) => needs.conditions.push((pattern.clone(), own)),
                part => self.conditions.listen(program, id, part),
            }
        }
        if dependence.always || !prevailing(program, id).is_empty() {
            self.always.push(id);
        }
        self.articles.push(needs);
    }
}

/// What a trigger hangs on.
fn triggers(trigger: &Trigger) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    match trigger {
        Trigger::EntryIntoForce => {}
        Trigger::Event { pattern, .. } | Trigger::First(pattern, _) | Trigger::Several { pattern, .. } => {
            found.push(Part::Pattern(pattern));
        }
        Trigger::Moment { articles, moment, .. } => {
            found.extend(articles.iter().map(|article| Part::Moment(*article, *moment)));
        }
        Trigger::Other(occurrence, _) => parts(occurrence, &mut found),
        Trigger::Once { latest, .. } => latest.iter().for_each(|latest| parts(latest, &mut found)),
        Trigger::Every { .. } => found.push(Part::Other(super::interest::Other::Tick)),
    }
    found
}

/// The acts and ballots of a norm. Whoever uses a power that is somebody else's concerns its holder too.
fn acts(norm: &Norm) -> Vec<(Pattern, bool)> {
    match &norm.deed {
        Deed::Acts(acts) => {
            let anybodys = norm.modal == Modal::May && norm.tails.iter().any(|tail| matches!(tail, Tail::Whereupon(_)));
            acts.acts.iter().map(|act| (act.pattern.clone(), anybodys)).collect()
        }
        Deed::Decide(decision) => {
            let rules = std::iter::once(&decision.rule).chain(&decision.fallback);
            rules.map(|rule| (rule.ballots.clone(), false)).collect()
        }
        Deed::Keep(_) | Deed::Have(_) | Deed::Effect(_) => Vec::new(),
    }
}

/// The articles on whose duties nothing else hangs, and which hang on nothing else: no article follows them or asks about
/// them, nothing suspends, excuses or ends them.
fn isolated(program: &Program, memory: &Memory) -> Set<ArticleId> {
    let has_effects = program.articles.iter().any(|article| {
        let norm = &article.norm;
        matches!(norm.deed, Deed::Effect(_)) || norm.tails.iter().any(|tail| matches!(tail, Tail::Whereupon(_)))
    });
    if has_effects {
        return Set::default();
    }
    let followed = moments_waited_for(program);
    let isolated = program.articles.ids().filter(|article| {
        !memory.asked.contains(article)
            && prevailing(program, *article).is_empty()
            && followed.iter().all(|(followed, _)| followed != article)
    });
    isolated.collect()
}

/// Where a duty waits: the events of a kind that have these values.
type Waits = Vec<(KindId, Key)>;

/// Where a duty waits for acts, and for what its conditions hang on.
fn registrations(replay: &Replay<'_, Indexed>, id: InstanceId) -> (Waits, Waits) {
    let instance = replay.instances.at(id);
    let needs = replay.lookup.articles.at(instance.verdict.article);
    let (world, frame) = (replay.world(), &instance.verdict.frame);
    let of = |pattern: &Pattern, by_names: bool| -> Waits {
        let keys = if by_names && !needs.restarts {
            keys(&world, pattern, frame)
        } else {
            vec![constant_key(replay.program, pattern)]
        };
        keys.into_iter().map(|key| (pattern.kind, key)).collect()
    };
    let acts = needs
        .acts
        .iter()
        .flat_map(|(pattern, anybodys)| if *anybodys { of(&without_actor(pattern), true) } else { of(pattern, true) });
    let conditions = needs.conditions.iter().flat_map(|(pattern, own)| of(pattern, *own));
    let hanging = if replay.cares.at(instance.verdict.article).conditions { conditions.collect() } else { Vec::new() };
    (acts.collect(), hanging)
}

fn without_actor(pattern: &Pattern) -> Pattern {
    let mut pattern = pattern.clone();
    pattern.tests.retain(|test| !matches!(test.want, Want::Bearer | Want::Is(Expr::Slot(BEARER))));
    pattern
}

impl Lookup for Indexed {
    fn of(program: &Program) -> Self {
        let mut indexed = Indexed { accounts: Accounts::of(program), ..Indexed::default() };
        indexed.memory = Memory::of(program, &indexed.accounts);
        indexed.accounts.keep_whole(&indexed.memory.states);
        for article in program.articles.ids() {
            indexed.add_article(program, article);
        }
        let isolated = isolated(program, &indexed.memory);
        indexed.plain = Plain::of(program, |article| isolated.contains(&article));
        indexed
    }

    fn remembers(replay: &Replay<'_, Self>, what: &What) -> bool {
        replay.lookup.memory.remembers(&replay.log, what)
    }

    fn keeps(replay: &Replay<'_, Self>, article: ArticleId) -> bool {
        replay.lookup.memory.asked.contains(&article)
    }

    fn takes_in(replay: &mut Replay<'_, Self>, place: usize) {
        accounts::take_in(replay, place);
    }

    fn turns(replay: &mut Replay<'_, Self>, place: usize) {
        accounts::turn(replay, place);
    }

    fn turns_of<'r>(replay: &'r Replay<'_, Self>, state: StateId, of: &[Value]) -> Option<&'r [Turn]> {
        replay.lookup.accounts.turns_of(state, of)
    }

    fn tally(replay: &Replay<'_, Self>, tally: TallyId, of: &[Value]) -> Option<Decimal> {
        replay.lookup.accounts.tally(tally, of)
    }

    fn summary(
        replay: &Replay<'_, Self>,
        pattern: &Pattern,
        wanted: &[Value],
        span: (Instant, Instant),
    ) -> Option<Summary> {
        replay.lookup.accounts.summary(pattern, wanted, span)
    }

    fn first_since(
        replay: &Replay<'_, Self>,
        pattern: &Pattern,
        wanted: &[Value],
        holds: impl Fn(Instant) -> bool,
    ) -> Option<Option<Instant>> {
        replay.lookup.accounts.first_since(pattern, wanted, holds)
    }

    fn set_off(replay: &Replay<'_, Self>, place: usize) -> Vec<ArticleId> {
        let Some(happening) = replay.history.at(place) else { return Vec::new() };
        replay.lookup.triggers.find(replay.program, &replay.log, &happening.what)
    }

    fn concerned(replay: &mut Replay<'_, Self>, place: usize) -> Vec<InstanceId> {
        if let Some(event) = replay.event_at(place) {
            plain::act(replay, event);
        }
        let (mut found, mut hanging) = (Vec::new(), Vec::new());
        let Some(happening) = replay.history.at(place) else { return found };
        let (program, log, lookup) = (replay.program, &replay.log, &replay.lookup);
        if let What::Event(event) = happening.what {
            let event = log.events.at(event);
            lookup.waiting.find(program, log, event, &mut found);
            lookup.hanging.find(program, log, event, &mut hanging);
        }
        for article in lookup.waits.find(program, log, &happening.what) {
            found.extend(replay.live_of(article));
        }
        for article in lookup.conditions.find(program, log, &happening.what) {
            hanging.extend(replay.live_of(article));
        }
        if found.len() > 1 {
            found.sort_unstable_by_key(|id| replay.place_of(*id));
            found.dedup();
        }
        let hanging = hanging.iter().chain(&found).map(|id| replay.place_of(*id));
        let hanging: Vec<Place> = hanging.filter(|(article, _)| replay.cares.at(*article).conditions).collect();
        replay.lookup.unjudged.extend(hanging);
        found
    }

    fn begins_plain(replay: &mut Replay<'_, Self>, onset: &Onset) -> bool {
        plain::begin(replay, onset)
    }

    fn tell_the_rest(replay: &mut Replay<'_, Self>) {
        plain::tell_the_rest(replay);
    }

    fn judged(replay: &mut Replay<'_, Self>) -> Vec<InstanceId> {
        let mut places = std::mem::take(&mut replay.lookup.unjudged);
        for article in replay.lookup.always.clone() {
            places.extend(replay.live_of(article).into_iter().map(|id| (article, id)));
        }
        let judged = |(article, id): &Place| replay.cares.at(*article).conditions && replay.is_live(*id);
        places.into_iter().filter(judged).map(|(_, id)| id).collect()
    }

    fn is_settled(replay: &Replay<'_, Self>) -> bool {
        replay.lookup.unjudged.is_empty() && replay.lookup.always.is_empty()
    }

    fn ending(replay: &mut Replay<'_, Self>) -> Vec<InstanceId> {
        let now = replay.now;
        while let Some(place) = replay.lookup.woken(now) {
            replay.lookup.ending.insert(place);
            replay.lookup.overdue.insert(place);
            if replay.cares.at(place.0).conditions {
                replay.lookup.unjudged.insert(place);
            }
        }
        if replay.lookup.ending.is_empty() {
            return Vec::new();
        }
        let ending = std::mem::take(&mut replay.lookup.ending);
        ending.into_iter().filter(|(_, id)| replay.is_live(*id)).map(|(_, id)| id).collect()
    }

    fn overdue(replay: &mut Replay<'_, Self>) -> Vec<InstanceId> {
        plain::pass(replay);
        if replay.lookup.overdue.is_empty() {
            return Vec::new();
        }
        let overdue = std::mem::take(&mut replay.lookup.overdue);
        overdue.into_iter().filter(|(_, id)| replay.is_live(*id)).map(|(_, id)| id).collect()
    }

    fn begins(replay: &mut Replay<'_, Self>, id: InstanceId) {
        let (acts, conditions) = registrations(replay, id);
        for (kind, key) in acts {
            replay.lookup.waiting.insert(kind, key, id);
        }
        for (kind, key) in conditions {
            replay.lookup.hanging.insert(kind, key, id);
        }
        Self::changes(replay, id);
    }

    fn changes(replay: &mut Replay<'_, Self>, id: InstanceId) {
        let (place, now) = (replay.place_of(id), replay.now);
        let instance = replay.instances.at(id);
        if instance.closes().into_iter().chain(instance.grace_ends()).any(|ends| ends <= now) {
            replay.lookup.ending.insert(place);
            replay.lookup.overdue.insert(place);
        }
        if replay.cares.at(place.0).conditions {
            replay.lookup.unjudged.insert(place);
        }
    }

    fn wakes(replay: &mut Replay<'_, Self>, id: InstanceId, at: Instant) {
        let (article, id) = replay.place_of(id);
        replay.lookup.timers.push(Reverse((at, article, id)));
    }

    fn is_over(replay: &mut Replay<'_, Self>, id: InstanceId) {
        let (acts, conditions) = registrations(replay, id);
        for (kind, key) in acts {
            replay.lookup.waiting.remove(kind, key, id);
        }
        for (kind, key) in conditions {
            replay.lookup.hanging.remove(kind, key, id);
        }
    }
}
