//! An instance of a duty: its verdict so far, its window, and what it has taken in.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{InstanceId, Lookup, Replay};
use crate::arena::Map;
use crate::eval::{From, Truth, and};
use crate::model::{EventId, Limit, Norm, Occurrence, PartyId, Tail, Value};
use crate::time::{Anchor, Duration, Instant};
use crate::verdict::{Doubt, Status, Stop, Verdict};

/// How often a clock or a condition may turn at one instant.
const MOST_TURNS: u32 = 4;

/// An instance of a duty.
pub(crate) struct Instance<'a> {
    pub(crate) verdict: Verdict,
    pub(super) norm: &'a Norm,
    /// When it began, and the period that ended then.
    pub(super) anchor: Anchor,
    /// The same, where the trigger was as late as it may have been.
    pub(super) anchor_latest: Anchor,
    pub(super) window: Window,
    /// What its window waited for and has happened.
    pub(super) happened: Vec<Happened<'a>>,
    /// An event of uncertain time on which its window hangs.
    pub(super) uncertain: Option<EventId>,
    /// How often or how much has been performed: by everybody together, or by each member of a group.
    pub(super) totals: Map<Option<PartyId>, Decimal>,
    /// From when on a condition to be kept has been false, and when its grace runs out.
    pub(super) lapse: Option<(Instant, Instant)>,
    /// The members' ballots.
    pub(super) ballots: Map<PartyId, Choice>,
    /// When its clock or its condition last turned, and how often at that instant.
    pub(super) turned: (Instant, u32),
    /// The breach has been waived: it is in breach no more.
    pub(super) waived: bool,
    /// How many of its breaches, and of the acts that were breaches, have been told.
    pub(super) told: (usize, usize),
    /// How it ended has been told.
    pub(super) closed: bool,
    /// Nothing more can happen to it.
    pub(crate) over: bool,
}

/// What a window waited for and has happened, as early and as late as it may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happened<'a> {
    pub(super) what: &'a Occurrence,
    pub(super) first: Anchor,
    pub(super) latest: Anchor,
}

/// What a member voted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Choice {
    Favour,
    Against,
    Abstain,
}

/// When an act is in time, each end as early and as late as it may be.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Window {
    pub(super) opens: Option<(Instant, Instant)>,
    pub(super) closes: Option<(Instant, Instant)>,
    /// It closes just before its end.
    pub(super) exclusive: bool,
    /// It opens with something that has not happened yet.
    pub(super) closed: bool,
}

/// When an act was done, beside a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timing {
    Early,
    InTime,
    Late,
    /// Its time, or that of the trigger, is not known exactly enough.
    Unknown,
}

impl Instance<'_> {
    /// Whether its clock stands still.
    pub(super) fn is_stopped(&self) -> bool {
        self.verdict.stops.last().is_some_and(|stop| stop.until.is_none())
    }

    /// Whether it can still be performed in time.
    pub(super) fn is_pending(&self) -> bool {
        matches!(self.verdict.status, Status::Pending | Status::Open | Status::Observed | Status::Suspended)
    }

    /// The instant at which it is due, or its window ends, at the latest.
    pub(crate) fn closes(&self) -> Option<Instant> {
        self.window.closes.map(|(_, latest)| latest)
    }

    /// When the grace of a condition that is not kept runs out.
    pub(crate) fn grace_ends(&self) -> Option<Instant> {
        self.lapse.map(|(_, ends)| ends)
    }

    pub(super) fn tail(&self, is: impl Fn(&Tail) -> bool) -> bool {
        self.norm.tails.iter().any(is)
    }

    /// How long after the due instant performance cures.
    pub(super) fn cure(&self) -> Option<&Duration> {
        self.norm.tails.iter().find_map(|tail| match tail {
            Tail::Curable(length) => Some(length),
            _ => None,
        })
    }

    /// Whether its clock or its condition may turn at this instant: what hangs on itself would turn for ever.
    pub(super) fn may_turn(&mut self, at: Instant) -> bool {
        let times = if self.turned.0 == at { self.turned.1 + 1 } else { 1 };
        self.turned = (at, times);
        times <= MOST_TURNS
    }

    /// Its clock stops.
    pub(super) fn stop(&mut self, at: Instant) {
        self.verdict.stops.push(Stop { from: at, until: None });
        if self.is_pending() {
            self.verdict.status = Status::Suspended;
        }
    }

    /// Its clock runs on, with the time that was left; what is fixed by the calendar does not move.
    pub(super) fn resume(&mut self, at: Instant) {
        let Some(stop) = self.verdict.stops.last_mut() else { return };
        stop.until = Some(at);
        let stood = at.micros_since(stop.from);
        if let Some((_, ends)) = &mut self.lapse {
            *ends = ends.plus_micros(stood);
        }
        if let Some(window) = &self.norm.window {
            let from = stop.from;
            let shift = |end: &mut Option<(Instant, Instant)>, limit: Option<&Limit>| {
                if let (Some((first, last)), true) = (end, limit.is_some_and(runs))
                    && *last >= from
                {
                    (*first, *last) = (first.plus_micros(stood), last.plus_micros(stood));
                }
            };
            shift(&mut self.window.opens, window.opens.as_ref());
            shift(&mut self.window.closes, window.closes.as_ref());
        }
        self.show_window();
        if self.verdict.status == Status::Suspended {
            self.verdict.status = self.running();
        }
    }

    /// Where it stands while its clock runs.
    fn running(&self) -> Status {
        match self.closes() {
            _ if self.norm.is_open() => Status::Open,
            None if self.norm.lasts() => Status::Observed,
            None if self.norm.window.is_none() && !self.norm.is_of_condition() => Status::Open,
            _ => Status::Pending,
        }
    }

    /// The ends of its window, as its verdict shows them.
    pub(super) fn show_window(&mut self) {
        self.verdict.opens = self.window.opens.map(|(first, _)| first);
        let closes = self.closes();
        if self.norm.is_open() {
            self.verdict.target = closes;
        } else {
            self.verdict.due = closes;
        }
    }

    /// When an act was done, beside the window.
    pub(super) fn timing(&self, at: Instant, latest: Instant) -> Timing {
        // What is not known exactly happened before its last instant.
        let exact = at == latest;
        let since = |first: Instant, last: Instant| match () {
            () if at >= last => Some(true),
            () if latest < first || (latest == first && !exact) => Some(false),
            () => None,
        };
        let begun = since(self.anchor.at, self.anchor_latest.at);
        let opened = self.window.opens.map_or(Some(!self.window.closed), |(first, last)| since(first, last));
        let open: Truth = match self.window.closes {
            None => Some(true),
            Some((first, _)) if latest < first || (latest == first && !(exact && self.window.exclusive)) => Some(true),
            Some((_, last)) if at > last || (at == last && self.window.exclusive) => Some(false),
            Some(_) => None,
        };
        match (and(begun, || opened), open) {
            (Some(false), _) => Timing::Early,
            (_, Some(false)) => Timing::Late,
            (Some(true), Some(true)) => Timing::InTime,
            _ => Timing::Unknown,
        }
    }

    /// The replay has ended.
    pub(super) fn at_the_end(&mut self) {
        // What has no end cannot wait for one: a doubt stays.
        if self.verdict.doubt.is_some() && matches!(self.verdict.status, Status::Open | Status::Observed) {
            self.verdict.status = Status::Indeterminate;
        }
    }

    /// Nothing more can happen to it.
    pub(super) fn comes_to(&mut self, status: Status, at: Instant) {
        self.verdict.comes_to(status, at);
        self.over = true;
    }
}

/// Whether an end of a window runs with the clock, rather than being fixed by the calendar.
fn runs(limit: &Limit) -> bool {
    match limit {
        Limit::After(..) | Limit::AfterOccurrence(..) => true,
        Limit::Earliest(limits) | Limit::Latest(limits) => limits.iter().all(runs),
        Limit::At(_) | Limit::On(_) | Limit::Before(..) | Limit::Day { .. } => false,
    }
}

impl<'a, L: Lookup> Replay<'a, L> {
    /// An instance that begins now, with the window that it has as far as it is known.
    pub(super) fn instance(&self, verdict: Verdict, anchor: Anchor, latest: Anchor) -> Instance<'a> {
        let article = self.program.articles.at(verdict.article);
        let mut instance = Instance {
            verdict,
            norm: &article.norm,
            anchor,
            anchor_latest: latest,
            window: Window::default(),
            happened: Vec::new(),
            uncertain: None,
            totals: Map::default(),
            lapse: None,
            ballots: Map::default(),
            turned: (Instant::MIN, 0),
            waived: false,
            told: (0, 0),
            closed: false,
            over: false,
        };
        self.measure(&mut instance);
        instance
    }

    /// Works the window of an instance out, with what it waited for and has happened.
    pub(super) fn measure(&self, instance: &mut Instance<'a>) {
        if let Some(window) = self.window(instance) {
            instance.window = window;
            instance.show_window();
        }
    }

    /// The window of an instance; none where a value that it hangs on is absent.
    pub(super) fn window(&self, instance: &Instance<'a>) -> Option<Window> {
        let article = self.program.articles.at(instance.verdict.article);
        let happened = |wanted: &Occurrence, latest: bool| {
            let found = instance.happened.iter().find(|happened| std::ptr::eq(happened.what, wanted));
            found.map(|found| if latest { found.latest } else { found.first }).or_else(|| match wanted {
                // The expiry is known beforehand, where the treaty's term tells it.
                Occurrence::Expiry(treaty) => self.treaties.get(*treaty).and_then(|it| it.until).map(Anchor::from),
                _ => None,
            })
        };
        let frame = &instance.verdict.frame;
        let bounds = |trigger: Anchor, latest: bool| {
            let happened = |wanted: &Occurrence| happened(wanted, latest);
            self.world().bounds(article, From { trigger, latest, happened: &happened }, frame).ok()
        };
        let (first, last) = (bounds(instance.anchor, false)?, bounds(instance.anchor_latest, true)?);
        Some(Window {
            opens: first.opens.zip(last.opens),
            closes: first.closes.zip(last.closes),
            closed: first.opens.is_none() && article.norm.window.as_ref().is_some_and(|window| window.opens.is_some()),
            exclusive: article.norm.lasts() || article.norm.window.as_ref().is_some_and(|window| window.exclusive),
        })
    }

    /// What a window waits for may have happened: an end of it is then known from now on.
    pub(super) fn window_waits(&mut self, id: InstanceId, place: usize) {
        let norm = self.instances.at(id).norm;
        let Some(window) = &norm.window else { return };
        let mut waited = Vec::new();
        window.opens.iter().chain(&window.closes).for_each(|limit| waits_for(limit, &mut waited));
        if waited.is_empty() {
            return;
        }
        let instance = self.instances.at(id);
        waited.retain(|one| {
            let known = instance.happened.iter().any(|known| std::ptr::eq(known.what, *one))
                || matches!(one, Occurrence::Expiry(treaty) if self.treaties.at(*treaty).until.is_some());
            !known && self.is_happening(one, place, &instance.verdict.frame) == Some(true)
        });
        let Some(anchor) = self.anchor_at(place).filter(|_| !waited.is_empty()) else { return };
        let at = self.event_at(place).map(|event| self.log.events.at(event).latest);
        let latest = Anchor { at: at.map_or(anchor.at, |at| at.max(anchor.at)), ..anchor };
        let event = self.event_at(place).filter(|_| latest.at > anchor.at);
        let instance = self.instances.at_mut(id);
        instance.uncertain = instance.uncertain.or(event);
        instance.happened.extend(waited.into_iter().map(|what| Happened { what, first: anchor, latest }));
        if let Some(found) = self.window(self.instances.at(id)) {
            let instance = self.instances.at_mut(id);
            instance.window = found;
            instance.show_window();
        }
        self.wake_at_ends(id);
        // A window that ends with it ends just before it.
        let instance = self.instances.at_mut(id);
        if matches!(window.closes, Some(Limit::On(_))) && instance.closes() == Some(self.now) {
            instance.window.exclusive = true;
            self.end_window(id);
        }
    }

    /// Whose time it is that does not let it be told whether an act was in the window.
    pub(super) fn uncertain(&self, id: InstanceId, act: EventId) -> Doubt {
        let found = self.log.events.at(act);
        let window = self.instances.at(id).uncertain.filter(|_| found.at == found.latest);
        Doubt::Time(window.unwrap_or(act))
    }

    /// Puts the ends of a window on the agenda.
    pub(super) fn wake_at_ends(&mut self, id: InstanceId) {
        let Window { opens, closes, .. } = self.instances.at(id).window;
        for (first, last) in [opens, closes].into_iter().flatten() {
            self.wake_one(id, first);
            self.wake_one(id, last);
        }
        L::changes(self, id);
    }

    /// Whether what a trigger's names stand for is the same, its own event aside.
    pub(super) fn same_bindings(norm: &Norm, one: &[Value], other: &[Value]) -> bool {
        let slots = std::iter::once(crate::model::BEARER)
            .chain(norm.for_each.iter().map(|(_, slot)| *slot))
            .chain(super::trigger::any_slots(norm));
        slots.into_iter().all(|slot| one.get(slot) == other.get(slot))
    }
}

/// What an end of a window waits for.
fn waits_for<'a>(limit: &'a Limit, found: &mut Vec<&'a Occurrence>) {
    match limit {
        Limit::AfterOccurrence(_, event) | Limit::On(event) | Limit::Before(_, event) => {
            if !matches!(event, Occurrence::At(_)) {
                found.push(event);
            }
        }
        Limit::Earliest(limits) | Limit::Latest(limits) => limits.iter().for_each(|limit| waits_for(limit, found)),
        Limit::After(..) | Limit::At(_) | Limit::Day { .. } => {}
    }
}
