//! Durations, as they are written.

use std::fmt;
use std::sync::Arc;

use jiff::ToSpan;

use super::{Calendar, Date};

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
        (self.months == 0 && self.business_days.is_none()).then(|| self.micros.saturating_add(self.days_in_micros()))
    }

    /// The days, as so many times 24 hours.
    pub(super) fn days_in_micros(&self) -> i64 {
        i64::from(self.days).saturating_mul(DAY)
    }

    /// Whether it has hours, and nothing shorter.
    pub(super) fn has_whole_hours(&self) -> bool {
        self.micros > 0 && self.micros % (3_600 * SECOND) == 0
    }

    /// The day that lies its months and days after another, shifted; none past the year 9999.
    pub(crate) fn last_day(&self, first: Date, shift: i64) -> Option<Date> {
        let moved = first.checked_add(i64::from(self.months).months()).ok()?;
        moved.checked_add((i64::from(self.days) + shift).days()).ok()
    }
}

impl Duration {
    /// The day that lies its months and days before another, shifted; none before the year −9999.
    pub(super) fn first_day(&self, last: Date, shift: i64) -> Option<Date> {
        let moved = last.checked_sub(i64::from(self.months).months()).ok()?;
        moved.checked_sub((i64::from(self.days) + shift).days()).ok()
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
    use crate::time::{Counting, Instant, Reckoning, Weekdays, Zone};

    fn due(anchor: &str, duration: &Duration, zone: &str) -> String {
        let zone = Zone::named(zone).unwrap();
        let anchor = Instant::parse(anchor, &zone).unwrap();
        let reckoning = Reckoning { counting: Counting::Elapsed, zone, calendar: None };
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
