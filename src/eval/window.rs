//! When a duty's window opens and closes.

use super::{Frame, World};
use crate::model::{Article, Expiry, Expr, Limit, Trigger, Value};
use crate::time::Instant;

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
    /// The window of an instance that starts at `at`, its treaty having entered into force at `entry`.
    ///
    /// # Errors
    ///
    /// [`Unknown`] where an anchor is absent.
    pub fn bounds(&self, article: &Article, at: Instant, frame: &Frame) -> Result<Bounds, Unknown> {
        let Some(window) = &article.norm.window else {
            return Ok(Bounds { opens: None, closes: self.standing_end(article, at) });
        };
        let opens = match &window.opens {
            Some(limit) => Some(self.limit(article, limit, at, frame).ok_or(Unknown)?),
            None => None,
        };
        let closes = self.limit(article, &window.closes, at, frame).ok_or(Unknown)?;
        let closes = match self.standing_end(article, at) {
            Some(end) => closes.min(end),
            None => closes,
        };
        Ok(Bounds { opens, closes: Some(closes) })
    }

    /// A standing prohibition binds while its treaty is in force; `at` is the treaty's entry into force.
    fn standing_end(&self, article: &Article, at: Instant) -> Option<Instant> {
        let stands = article.norm.forbids && matches!(article.norm.trigger, Trigger::EntryIntoForce);
        let treaty = &self.program.treaties.at(article.treaty);
        match treaty.expiry.as_ref().filter(|_| stands)? {
            Expiry::At(end) => Some(*end),
            Expiry::After(term) => Some(term.after(at, &treaty.reckoning)),
            Expiry::On(_) => None,
        }
    }

    fn limit(&self, article: &Article, limit: &Limit, at: Instant, frame: &Frame) -> Option<Instant> {
        let reckoning = &self.program.treaties.at(article.treaty).reckoning;
        match limit {
            Limit::After(duration, None) => Some(duration.after(at, reckoning)),
            Limit::After(duration, Some(anchor)) => {
                Some(duration.after(self.point(article, anchor, frame)?, reckoning))
            }
            Limit::At(expr) => self.point(article, expr, frame),
        }
    }

    /// The instant of an anchor: its own, an event's or a moment's, or the end of a day.
    fn point(&self, article: &Article, anchor: &Expr, frame: &Frame) -> Option<Instant> {
        match self.value(anchor, frame) {
            Value::Instant(instant) => Some(instant),
            Value::Date(date) => Some(self.program.treaties.at(article.treaty).zone().end_of(date)),
            Value::Event(event) => Some(self.log.events.at(event).at),
            Value::Moment(moment) => Some(moment.0.at),
            _ => None,
        }
    }
}
