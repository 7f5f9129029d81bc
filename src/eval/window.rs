//! When a duty's window opens and closes.

use super::{Frame, World};
use crate::model::{Article, Ask, Expr, Limit, Moment, MomentKind, Trigger, Value};
use crate::time::{Anchor, Instant, Reckoning, Zone};

/// The ends of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The first instant at which an act counts, where it is not the trigger's.
    pub opens: Option<Instant>,
    /// The last instant of a duty, the first free one of a prohibition; none where there is no end.
    pub closes: Option<Instant>,
}

/// An end hangs on a value that is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

impl World<'_> {
    /// The window of an instance that starts at `anchor`.
    ///
    /// # Errors
    ///
    /// [`Unknown`] where an anchor is absent.
    pub fn bounds(&self, article: &Article, anchor: Anchor, frame: &Frame) -> Result<Bounds, Unknown> {
        let end = self.standing_end(article, anchor.at);
        let Some(window) = &article.norm.window else {
            return Ok(Bounds { opens: None, closes: end });
        };
        let mut reckoning = self.program.treaties.at(article.treaty).reckoning.clone();
        reckoning.counting = window.counting.unwrap_or(reckoning.counting);
        let limit = |limit: &Limit| self.limit(limit, anchor, &reckoning, frame).ok_or(Unknown);
        let opens = window.opens.as_ref().map(limit).transpose()?;
        let closes = window.closes.as_ref().map(limit).transpose()?;
        Ok(Bounds { opens, closes: closes.map_or(end, |closes| Some(end.map_or(closes, |end| closes.min(end)))) })
    }

    /// A standing prohibition binds while its treaty is in force; `at` is the treaty's entry into force.
    fn standing_end(&self, article: &Article, at: Instant) -> Option<Instant> {
        let stands = article.norm.forbids() && matches!(article.norm.trigger, Trigger::EntryIntoForce);
        if stands { self.program.treaties.at(article.treaty).expires(at) } else { None }
    }

    fn limit(&self, limit: &Limit, trigger: Anchor, reckoning: &Reckoning, frame: &Frame) -> Option<Instant> {
        match limit {
            Limit::After(duration, None) => Some(duration.after(trigger, reckoning)),
            Limit::After(duration, Some(anchor)) => {
                Some(duration.after(self.anchor(anchor, &reckoning.zone, frame)?, reckoning))
            }
            Limit::At(expr) => self.anchor(expr, &reckoning.zone, frame).map(|anchor| anchor.at),
            // A replay refuses what is not here: `Program::not_replayed`.
            _ => None,
        }
    }

    /// The instant that an expression comes to: its own, an event's or a moment's, or the end of a day.
    fn anchor(&self, expr: &Expr, zone: &Zone, frame: &Frame) -> Option<Anchor> {
        match self.value(expr, frame) {
            Value::Instant(at) => Some(Anchor { at, ends_a_period: matches!(expr, Expr::Ask(_, Ask::Due)) }),
            Value::Date(date) => Some(Anchor { at: zone.end_of(date), ends_a_period: true }),
            Value::Event(event) => Some(self.log.events.at(event).at.into()),
            Value::Moment(moment) => Some(self.moment_as_anchor(&moment.0)),
            _ => None,
        }
    }

    /// A moment that the clock brought about is the end of the period that it ended.
    pub(super) fn moment_as_anchor(&self, moment: &Moment) -> Anchor {
        let by_the_clock = match (moment.kind, self.program.articles.at(moment.article).norm.forbids()) {
            (MomentKind::Breached, forbids) => !forbids,
            (MomentKind::Met, forbids) => forbids,
            _ => false,
        };
        Anchor { at: moment.at, ends_a_period: by_the_clock && moment.due == Some(moment.at) }
    }
}
