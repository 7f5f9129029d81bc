//! Durations, and the instant at which one that starts at a given instant ends.

use std::fmt;
use std::sync::Arc;

use jiff::ToSpan;

use super::{Calendar, Instant, Zone};

/// How days, weeks, months and years are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counting {
    /// A day is 24 hours; months and years keep the day of the month (or take its last day) and the time of day.
    #[default]
    Elapsed,
}

/// What a period is counted with: the policy, and the zone whose days they are.
#[derive(Debug, Clone)]
pub struct Reckoning {
    /// The policy.
    pub counting: Counting,
    /// Whose days and months.
    pub zone: Zone,
}

/// A length of time, as it is written: months are not days, and business days belong to a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Duration {
    /// Months, a year being twelve.
    pub months: u32,
    /// Days, a week being seven.
    pub days: u32,
    /// Business days, with the calendar that tells them.
    pub business_days: Option<(u32, Arc<Calendar>)>,
    /// Hours, minutes and seconds, in microseconds.
    pub micros: i64,
}

impl Duration {
    /// Whether it is no time at all.
    pub fn is_zero(&self) -> bool {
        self.months == 0
            && self.days == 0
            && self.micros == 0
            && self.business_days.as_ref().is_none_or(|(n, _)| *n == 0)
    }

    /// The exact length, where the same duration is always equally long: no months, no business days.
    pub fn exact_micros(&self) -> Option<i64> {
        (self.months == 0 && self.business_days.is_none())
            .then(|| self.micros.saturating_add(i64::from(self.days).saturating_mul(DAY)))
    }

    /// The instant at which the period ends that starts at `anchor`; [`Instant::NEVER`] past the year 9999.
    ///
    /// Months come first, then days, business days, and hours. Hours are exact elapsed time, whatever the clocks of
    /// the zone do meanwhile. Where the day of the month does not exist the month's last day stands for it (European
    /// Convention on the Calculation of Time-Limits, ETS No. 76, art. 4(2)). Business days end at the local midnight
    /// that closes the last of them.
    pub fn after(&self, anchor: Instant, reckoning: &Reckoning) -> Instant {
        let Reckoning { counting: Counting::Elapsed, zone } = reckoning;
        let mut at = anchor;
        if self.months > 0 {
            let moved = zone.local(at).checked_add(i64::from(self.months).months());
            at = moved.map_or(Instant::NEVER, |local| zone.later(local));
        }
        at = at.plus_micros(i64::from(self.days).saturating_mul(DAY));
        if let Some((n, calendar)) = &self.business_days {
            let last = calendar.nth_working_day(zone.date(at), *n);
            at = last.map_or(Instant::NEVER, |day| zone.end_of(day));
        }
        at.plus_micros(self.micros)
    }
}

/// Microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;
/// Microseconds in a day of 24 hours.
const DAY: i64 = 86_400 * SECOND;

/// «2 days 6 hours», the largest units first; «0 seconds» where it is empty.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let business = self.business_days.as_ref().map_or(0, |(n, _)| i64::from(*n));
        let parts = [
            (i64::from(self.months / 12), "year"),
            (i64::from(self.months % 12), "month"),
            (i64::from(self.days), "day"),
            (business, "business day"),
            (self.micros / (3_600 * SECOND), "hour"),
            (self.micros / (60 * SECOND) % 60, "minute"),
            (self.micros / SECOND % 60, "second"),
        ];
        let mut written = false;
        for (n, unit) in parts.into_iter().filter(|(n, _)| *n != 0) {
            let gap = if written { " " } else { "" };
            let plural = if n == 1 { "" } else { "s" };
            write!(f, "{gap}{n} {unit}{plural}")?;
            written = true;
        }
        if written { Ok(()) } else { f.write_str("0 seconds") }
    }
}

impl Duration {
    /// So many microseconds, told in days, hours, minutes and seconds.
    pub fn of_micros(micros: i64) -> Duration {
        let days = u32::try_from(micros / DAY).unwrap_or(0);
        Duration { days, micros: micros - i64::from(days) * DAY, ..Duration::default() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;
    use crate::time::Weekdays;

    fn due(anchor: &str, duration: &Duration, zone: &str) -> String {
        let zone = Zone::named(zone).unwrap();
        let anchor = Instant::parse(anchor, &zone).unwrap();
        let reckoning = Reckoning { counting: Counting::Elapsed, zone };
        duration.after(anchor, &reckoning).to_string()
    }

    fn hours(n: i64) -> Duration {
        Duration { micros: n * 3_600 * SECOND, ..Duration::default() }
    }

    fn months(months: u32) -> Duration {
        Duration { months, ..Duration::default() }
    }

    // `scenarios.json` S1: 24 elapsed hours across the spring change of 2026 end at 04:12 local time.
    #[test]
    fn hours_do_not_notice_a_clock_change() {
        assert_eq!(due("2026-03-28T03:12:00+02:00", &hours(24), "Europe/Kyiv"), "2026-03-29T01:12:00Z");
    }

    // ETS 76 art. 4: `golden_calendar`, six months from 31 August 2026; and from 13 June 2026.
    #[test]
    fn months_end_on_the_last_day_where_the_day_does_not_exist() {
        assert_eq!(due("2026-08-31T12:00Z", &months(6), "UTC"), "2027-02-28T12:00:00Z");
        assert_eq!(due("2026-06-13T00:00Z", &months(6), "UTC"), "2026-12-13T00:00:00Z");
        assert_eq!(due("2024-02-29T08:00Z", &months(12), "UTC"), "2025-02-28T08:00:00Z");
    }

    // Elapsed months keep the local time of day: noon in Kyiv is 10:00Z in winter and 09:00Z in summer.
    #[test]
    fn months_keep_the_time_of_day_and_skip_gaps() {
        assert_eq!(due("2026-01-15T10:00Z", &months(6), "Europe/Kyiv"), "2026-07-15T09:00:00Z");
        // 29 March 2026 has no 03:12 in Kyiv: the later reading is 04:12 +03:00.
        assert_eq!(due("2026-01-29T03:12:00+02:00", &months(2), "Europe/Kyiv"), "2026-03-29T01:12:00Z");
    }

    // Two working days after Thursday 24 December 2026, with a Friday holiday: Monday 28 and Tuesday 29.
    #[test]
    fn business_days_pass_weekends_and_holidays_and_end_at_local_midnight() {
        let mut weekend = Weekdays::default();
        weekend.insert(Weekday::Saturday);
        weekend.insert(Weekday::Sunday);
        let calendar = Arc::new(Calendar { weekend, holidays: [date(2026, 12, 25)].into() });
        let duration = Duration { business_days: Some((2, calendar)), ..Duration::default() };
        assert_eq!(due("2026-12-24T15:00Z", &duration, "Europe/Brussels"), "2026-12-29T23:00:00Z");
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(hours(30).to_string(), "30 hours");
        assert_eq!(Duration::of_micros(90_061 * SECOND).to_string(), "1 day 1 hour 1 minute 1 second");
        assert_eq!(Duration::default().to_string(), "0 seconds");
    }
}
