//! When a duty's window opens and closes.

use super::value::ends;
use super::{Frame, World};
use crate::model::{Article, Ask, Deed, Expiry, Expr, Limit, Moment, MomentKind, Norm, Occurrence, Value, Window};
use crate::syntax::ast::Modal;
use crate::time::{Anchor, Counting, Duration, Instant, Reckoning, Zone};
use crate::verdict::Status;

/// The ends of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// The first instant at which an act counts, where it is not the trigger's.
    pub opens: Option<Instant>,
    /// The last instant of a duty, the first free one of a prohibition; none where there is no end.
    pub closes: Option<Instant>,
    /// Whether an end hangs on something that has not happened yet.
    pub awaited: bool,
}

/// An end hangs on a value that is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// What a window is counted from.
#[derive(Clone, Copy)]
pub struct From<'a> {
    /// The trigger.
    pub trigger: Anchor,
    /// Of events whose time is not known exactly, whether the last instant is meant rather than the first.
    pub latest: bool,
    /// When what the window waits for has happened.
    pub happened: &'a dyn Fn(&Occurrence) -> Option<Anchor>,
}

impl From<'_> {
    /// From a trigger whose time is known, while nothing that is waited for has happened.
    pub fn trigger(trigger: Anchor) -> Self {
        From { trigger, latest: false, happened: &|_| None }
    }
}

/// An end of a window.
enum End {
    At(Instant),
    /// What it hangs on has not happened yet.
    Awaited,
}

impl World<'_> {
    /// The window of an instance that starts at a trigger.
    ///
    /// # Errors
    ///
    /// [`Unknown`] where an anchor is absent.
    pub fn bounds(&self, article: &Article, from: From<'_>, frame: &Frame) -> Result<Bounds, Unknown> {
        let stands = self.standing_end(article, from.trigger.at);
        let Some(window) = &article.norm.window else {
            return Ok(Bounds { closes: stands, ..Bounds::default() });
        };
        let mut reckoning = article.law.reckoning.clone();
        reckoning.counting = window.counting.unwrap_or(reckoning.counting);
        let limit = |limit: &Limit| self.limit(limit, from, &reckoning, frame).ok_or(Unknown);
        let opens = window.opens.as_ref().map(limit).transpose()?;
        let closes = window.closes.as_ref().map(limit).transpose()?;
        let awaited = matches!(opens, Some(End::Awaited)) || matches!(closes, Some(End::Awaited));
        let at = |end| match end {
            Some(End::At(at)) => Some(at),
            _ => None,
        };
        let (mut opens, closes) = (at(opens), at(closes));
        if let (Some(end), true) = (closes, is_one_day(window, &reckoning)) {
            opens = Some(reckoning.zone.start_of(reckoning.zone.date(end.plus_micros(-1))));
        }
        Ok(Bounds { opens, closes: closes.into_iter().chain(stands).min(), awaited })
    }

    /// What stands binds while its treaty is in force, where it lasts; `at` is the treaty's entry into force.
    fn standing_end(&self, article: &Article, at: Instant) -> Option<Instant> {
        let stands = article.norm.forbids() && article.norm.stands();
        let treaty = self.program.treaties.at(article.treaty);
        // One that is renewed ends nobody knows when.
        let of_treaty = if treaty.renewal.is_none() { treaty.expires(at) } else { None };
        let own = match &article.law.expiry {
            Some(Expiry::At(until)) => Some(*until),
            _ => None,
        };
        of_treaty.into_iter().chain(own).min().filter(|_| stands)
    }

    /// An end of a window; none where a value that it hangs on is absent.
    fn limit(&self, limit: &Limit, from: From<'_>, reckoning: &Reckoning, frame: &Frame) -> Option<End> {
        let known = |at: Instant| Some(End::At(at));
        let anchor = |expr: &Expr| self.anchor(expr, &reckoning.zone, frame, from.latest);
        match limit {
            Limit::After(duration, None) => known(duration.after(from.trigger, reckoning)),
            Limit::After(duration, Some(expr)) => known(duration.after(anchor(expr)?, reckoning)),
            Limit::At(expr) => known(anchor(expr)?.at),
            Limit::AfterOccurrence(duration, event) => Some(match (from.happened)(event) {
                Some(anchor) => End::At(duration.after(anchor, reckoning)),
                None => End::Awaited,
            }),
            Limit::On(event @ Occurrence::At(_)) => known(self.known(event, &reckoning.zone, frame, from.latest)?.at),
            Limit::On(event) => {
                let happened =
                    self.known(event, &reckoning.zone, frame, from.latest).or_else(|| (from.happened)(event));
                Some(happened.map_or(End::Awaited, |anchor| End::At(anchor.at)))
            }
            Limit::Before(duration, Occurrence::At(expr)) => known(duration.before(anchor(expr)?.at, reckoning)),
            Limit::Before(duration, event) => {
                Some((from.happened)(event).map_or(End::Awaited, |at| End::At(duration.before(at.at, reckoning))))
            }
            Limit::Day { number, anchor: of, begins } => {
                let of = of.as_ref().map_or(Some(from.trigger), anchor)?;
                let day = Duration { days: number.saturating_sub(1), ..Duration::default() };
                let day = day.last_day(of.date(&reckoning.zone), 0)?;
                known(if *begins { reckoning.zone.start_of(day) } else { reckoning.zone.end_of(day) })
            }
            Limit::Earliest(limits) => self.first_or_last(limits, from, reckoning, frame, true),
            Limit::Latest(limits) => self.first_or_last(limits, from, reckoning, frame, false),
        }
    }

    fn first_or_last(
        &self,
        limits: &[Limit],
        from: From<'_>,
        reckoning: &Reckoning,
        frame: &Frame,
        first: bool,
    ) -> Option<End> {
        let mut awaited = false;
        let mut known = Vec::new();
        for limit in limits {
            match self.limit(limit, from, reckoning, frame)? {
                End::At(at) => known.push(at),
                End::Awaited => awaited = true,
            }
        }
        // The latest is not known before every one of them is.
        let found = if first { known.into_iter().min() } else { known.into_iter().max().filter(|_| !awaited) };
        Some(found.map_or(End::Awaited, End::At))
    }

    /// The instant of an occurrence that is known when it is asked for.
    pub(crate) fn known(&self, occurrence: &Occurrence, zone: &Zone, frame: &Frame, latest: bool) -> Option<Anchor> {
        match occurrence {
            Occurrence::At(expr) => self.anchor(expr, zone, frame, latest),
            Occurrence::After(length, anchor, reckoning) => {
                let anchor = self.known(anchor, &reckoning.zone, frame, latest)?;
                Some(Anchor { at: length.after(anchor, reckoning), ends_a_period: true })
            }
            _ => None,
        }
    }

    /// The instant that an expression comes to: its own, an event's or a moment's, or the end of a day.
    pub(crate) fn anchor(&self, expr: &Expr, zone: &Zone, frame: &Frame, latest: bool) -> Option<Anchor> {
        let value = self.value(expr, frame);
        let (first, last) = ends(&value);
        match if latest { last } else { first } {
            Value::Instant(at) => Some(Anchor { at: *at, ends_a_period: matches!(expr, Expr::Ask(_, Ask::Due)) }),
            Value::Date(date) => Some(Anchor { at: zone.end_of(*date), ends_a_period: true }),
            Value::Event(event) => {
                let event = self.log.events.at(*event);
                Some(if latest { event.latest } else { event.at }.into())
            }
            Value::Moment(moment) => Some(self.moment_as_anchor(&moment.0)),
            _ => None,
        }
    }

    /// A moment that the clock brought about is the end of the period that it ended.
    pub(crate) fn moment_as_anchor(&self, moment: &Moment) -> Anchor {
        let by_the_clock = match (moment.kind, self.program.articles.at(moment.article).norm.forbids()) {
            (MomentKind::Breached, forbids) => !forbids,
            (MomentKind::Met, forbids) => forbids,
            _ => false,
        };
        Anchor { at: moment.at, ends_a_period: by_the_clock && moment.due == Some(moment.at) }
    }
}

/// Whether a window is all of the day that it closes with: `exactly 60 days after x`, where days are counted as days.
fn is_one_day(window: &Window, reckoning: &Reckoning) -> bool {
    let (
        Some(Limit::After(opens, _) | Limit::AfterOccurrence(opens, _)),
        Some(Limit::After(closes, _) | Limit::AfterOccurrence(closes, _)),
    ) = (&window.opens, &window.closes)
    else {
        return false;
    };
    let by_days = reckoning.counting != Counting::Elapsed && closes.exact_micros() != Some(closes.micros);
    opens == closes && (by_days || closes.business_days.is_some())
}

impl Norm {
    /// Whether it can be broken: what has no computable end, and what its bearer may choose, cannot.
    pub fn is_open(&self) -> bool {
        let discretion = matches!(&self.deed, Deed::Acts(acts) if acts.discretion);
        let target = self.window.as_ref().is_some_and(|window| window.target);
        discretion || target || matches!(self.modal, Modal::Endeavour | Modal::May)
    }

    /// Whether it is about all of its window, and not about some instant in it.
    pub fn lasts(&self) -> bool {
        self.forbids() || matches!(self.deed, Deed::Keep(_))
    }

    /// Where an instance stands when it begins.
    pub(super) fn status_at_start(&self, bounds: &Bounds) -> Status {
        let no_end = bounds.closes.is_none() && !bounds.awaited;
        match &self.deed {
            _ if self.is_open() => Status::Open,
            Deed::Have(_) | Deed::Effect(_) => Status::Pending,
            _ if no_end && self.lasts() => Status::Observed,
            _ if no_end => Status::Open,
            _ => Status::Pending,
        }
    }
}
