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
        if let Some(instant) = Instant::quick(text) {
            return Ok(instant);
        }
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

    /// Reads `YYYY-MM-DDTHH:MM:SSZ`, as most logs write it, of the years 0 to 9998; none of anything else.
    pub(crate) fn quick(text: &str) -> Option<Instant> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] =
            text.as_bytes()
        else {
            return None;
        };
        let digit = |digit: u8| Some(i64::from(digit.wrapping_sub(b'0'))).filter(|digit| *digit < 10);
        let two = |tens, ones| Some(digit(tens)? * 10 + digit(ones)?);
        let (year, month, day) = (two(y1, y2)? * 100 + two(y3, y4)?, two(m1, m2)?, two(d1, d2)?);
        let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if year > 9998
            || !(1..=12).contains(&month)
            || !(1..=days).contains(&day)
            || hour > 23
            || minute > 59
            || second > 59
        {
            return None;
        }
        // Years that begin in March, so that the leap day is the last; 1970-01-01 is day 719468 of that count.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let in_year = (153 * month + 2) / 5 + day - 1;
        let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468;
        Some(Instant((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000))
    }

    /// Writes `YYYY-MM-DDTHH:MM:SSZ`, the other way round; none of years before 0, past the end of the range, or of an
    /// instant that is no whole second.
    pub(crate) fn text(self) -> Option<[u8; 20]> {
        // From 0000-01-01T00:00Z on, up to the last second that can be told.
        if self.0 % 1_000_000 != 0 || !(-62_167_219_200..253_402_207_200).contains(&(self.0 / 1_000_000)) {
            return None;
        }
        // Years that begin in March, as above, from the year -400 on.
        let seconds = u64::try_from(self.0 / 1_000_000 + (719_468 + 146_097) * 86_400).ok()?;
        let (days, second) = (u32::try_from(seconds / 86_400).ok()?, u32::try_from(seconds % 86_400).ok()?);
        let (cycle, in_cycle) = (days / 146_097, days % 146_097);
        let year = (in_cycle - in_cycle / 1460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
        let in_year = in_cycle - (365 * year + year / 4 - year / 100);
        let month = (5 * in_year + 2) / 153;
        let day = in_year - (153 * month + 2) / 5 + 1;
        let (january, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
        let year = (cycle * 400 + year + january).checked_sub(400)?;
        // All of them are below 100.
        let digit = |digit: u32| b'0' + (digit & 15) as u8;
        let two = |number: u32| [digit(number / 10), digit(number % 10)];
        let ([y1, y2], [y3, y4], [m1, m2], [d1, d2]) = (two(year / 100), two(year % 100), two(month), two(day));
        let (hour, minute) = (two(second / 3600), two(second / 60 % 60));
        let ([h1, h2], [n1, n2], [s1, s2]) = (hour, minute, two(second % 60));
        Some([y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'])
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
        if let Some(text) = self.text().as_ref().and_then(|text| str::from_utf8(text).ok()) {
            return f.write_str(text);
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
    fn the_quick_way_says_what_the_careful_one_says() {
        for year in
            ["0000", "0001", "0004", "0100", "1582", "1900", "1969", "1970", "2000", "2024", "2025", "9998", "9999"]
        {
            for day in
                ["01-01", "02-28", "02-29", "02-30", "03-01", "04-31", "06-30", "12-31", "00-10", "13-01", "10-00"]
            {
                for time in ["00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:30:60", "1a:00:00"] {
                    let text = format!("{year}-{day}T{time}Z");
                    let careful = text.parse::<Timestamp>().ok().map(Instant::of);
                    if let Some(quick) = Instant::quick(&text) {
                        assert_eq!(Some(quick), careful, "{text}");
                    } else {
                        assert!(careful.is_none() || year == "9999" || time.ends_with("60"), "{text}");
                    }
                }
            }
        }
    }

    // A day and a fraction of it at a time, over all years, and around both ends of what the quick way writes.
    #[test]
    fn the_quick_way_writes_what_the_careful_one_writes() {
        let (first, last) = (-62_167_219_200_i64, 253_402_207_200);
        let ends = [first - 1, first, first + 1, last - 1, last, -1, 0, 1, i64::MIN / 1_000_000, i64::MAX / 1_000_000];
        let (mut quick, mut all) = (0, 0);
        for second in (first - 90_000..last + 90_000).step_by(86_413 * 7).chain(ends) {
            let instant = Instant(second * 1_000_000);
            all += 1;
            quick += usize::from(instant.text().is_some());
            assert_eq!(instant.to_string(), instant.timestamp().to_string(), "{second}");
        }
        assert!(all - quick < 10, "{quick} of {all}");
        assert_eq!(Instant(1_250_000).to_string(), "1970-01-01T00:00:01.25Z");
        assert!(Instant(1).text().is_none() && Instant::MIN.text().is_none() && Instant::NEVER.text().is_none());
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
