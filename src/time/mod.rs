//! Instants, durations, calendars and how periods are counted.
//!
//! Nothing here reads a clock: time enters only through treaties, events and the end that the caller sets.

mod calendar;
mod counting;
mod duration;
mod instant;
mod zone;

pub use calendar::{Calendar, CalendarUnit, Weekdays, first_day, next_first};
pub use counting::{Anchor, Counting, Reckoning};
pub use duration::Duration;
pub use instant::{Instant, InstantError};
pub use jiff::civil::{Date, Weekday};
pub use zone::Zone;
