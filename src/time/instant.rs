//! Points on the time line.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::zone::{Local, Zone};

/// A point on the time line, in whole microseconds since 1970-01-01T00:00Z.
///
/// Finer digits of a second are dropped. The range is that of [`jiff::Timestamp`], the years −9999 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(i64);

/// Why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    /// It has not the form of RFC 3339.
    #[error("`{0}` is not an instant")]
    Form(String),
    /// It is a date: which instant of the day is meant is not said.
    #[error("`{0}` is a date, and the hour is not said")]
    DateOnly(String),
    /// It has no offset, and the zone in force skips it.
    #[error("the local time `{text}` does not exist in {zone}: the clocks skip it")]
    Nonexistent {
        /// The words.
        text: String,
        /// The zone.
        zone: String,
    },
    /// It has no offset, and the zone in force shows it twice.
    #[error("the local time `{text}` occurs twice in {zone}: it is {first} or {second}")]
    Ambiguous {
        /// The words.
        text: String,
        /// The zone.
        zone: String,
        /// The earlier candidate.
        first: Instant,
        /// The later candidate.
        second: Instant,
    },
}

impl Instant {
    /// The first instant that can be told.
    pub const MIN: Instant = Instant(i64::MIN);
    /// An instant that never comes: later than every other.
    pub const NEVER: Instant = Instant(i64::MAX);

    /// Reads RFC 3339; one without an offset is read in `zone`, where it must occur exactly once.
    ///
    /// `9999-12-31T23:59:59Z` and whatever else lies past the last instant that can be told is [`Instant::NEVER`].
    ///
    /// # Errors
    ///
    /// [`InstantError`] says what is wrong with the text.
    pub fn parse(text: &str, zone: &Zone) -> Result<Instant, InstantError> {
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Ok(Instant::of(timestamp));
        }
        // The last day of the year 9999 is past the range; the same time of another day tells whether it is well formed.
        if let Some(time) = text.strip_prefix("9999-12-31T")
            && format!("2000-01-01T{time}").parse::<Timestamp>().is_ok()
        {
            return Ok(Instant::NEVER);
        }
        if let Ok(date) = text.parse::<jiff::civil::Date>()
            && text == date.to_string()
        {
            return Err(InstantError::DateOnly(text.to_owned()));
        }
        let has_offset = text.contains(['Z', 'z', '+', '[']);
        let local = text.parse::<DateTime>().ok().filter(|_| !has_offset);
        let Some(local) = local else {
            return Err(InstantError::Form(text.to_owned()));
        };
        match zone.at(local) {
            Local::Once(instant) => Ok(instant),
            Local::Never => Err(InstantError::Nonexistent { text: text.to_owned(), zone: zone.name().to_owned() }),
            Local::Twice(first, second) => {
                Err(InstantError::Ambiguous { text: text.to_owned(), zone: zone.name().to_owned(), first, second })
            }
        }
    }

    pub(super) fn of(timestamp: Timestamp) -> Instant {
        Instant(timestamp.as_microsecond())
    }

    pub(super) fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    /// The instant so many microseconds later (earlier, where negative); past the range it is the nearest end.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Instant {
        if self == Instant::NEVER {
            return self;
        }
        Instant(self.0.saturating_add(micros))
    }

    /// How many microseconds this is after `earlier`.
    pub fn micros_since(self, earlier: Instant) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// RFC 3339 in UTC, to the second, with further digits only where there are any.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Instant::NEVER {
            return f.write_str("9999-12-31T23:59:59Z");
        }
        write!(f, "{}", self.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kyiv() -> Zone {
        Zone::named("Europe/Kyiv").unwrap()
    }

    // `domain.md` scenario 1: the same wall time on 25 October 2026 is ambiguous, on 29 March it does not exist.
    #[test]
    fn a_local_time_that_the_zone_repeats_names_both_candidates() {
        let error = Instant::parse("2026-10-25T03:12", &kyiv()).unwrap_err();
        let InstantError::Ambiguous { first, second, .. } = error else { panic!("{error}") };
        assert_eq!(first.to_string(), "2026-10-25T00:12:00Z");
        assert_eq!(second.to_string(), "2026-10-25T01:12:00Z");
    }

    #[test]
    fn a_local_time_that_the_zone_skips_is_an_error() {
        let error = Instant::parse("2026-03-29T03:12:00", &kyiv()).unwrap_err();
        assert!(matches!(error, InstantError::Nonexistent { .. }), "{error}");
    }

    #[test]
    fn offsets_seconds_and_fractions() {
        for (text, utc) in [
            ("2025-11-03T03:12:00+02:00", "2025-11-03T01:12:00Z"),
            ("2025-11-03T03:12Z", "2025-11-03T03:12:00Z"),
            ("2025-11-03T03:12:00.25-05:00", "2025-11-03T08:12:00.25Z"),
            ("2025-07-03T03:12", "2025-07-03T00:12:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Instant::parse(text, &kyiv()).unwrap().to_string(), utc);
        }
    }

    #[test]
    fn what_is_no_instant_says_so() {
        assert!(matches!(Instant::parse("2025-11-03", &kyiv()), Err(InstantError::DateOnly(_))));
        for text in [
            "",
            "yesterday",
            "9999-12-31xyz",
            "9999-12-31T",
            "2025-13-01T00:00Z",
            "2025-11-03T25:00Z",
            "2025-11-03T03:12:00+99:00",
        ] {
            assert!(matches!(Instant::parse(text, &kyiv()), Err(InstantError::Form(_))), "{text}");
        }
    }
}
