//! How periods are counted.
//!
//! There is no general rule of international law («Computation of Time in International Law», American Journal of
//! International Law 20 (1926) 92), so a treaty declares one.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::{Calendar, Date, Duration, Instant, Zone};

/// How days, weeks, months and years are counted; seconds, minutes and hours are exact elapsed time but where said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counting {
    /// A day is 24 hours; months and years keep the day of the month (or take its last day) and the time of day.
    #[default]
    Elapsed,
    /// The day of the anchor is not counted; the period ends with its last day.
    CalendarDays,
    /// The day of the anchor is day 1; the period ends with its last day.
    InclusiveDays,
    /// Neither the first day nor the last is counted: a day more than [`Counting::CalendarDays`].
    ClearDays,
    /// Regulation (EEC, Euratom) No 1182/71, art. 3: as [`Counting::CalendarDays`], the end moved to the next working day;
    /// hours are whole, that of the anchor is not counted, and they are not moved.
    Eu1182,
    /// European Convention on the Calculation of Time-Limits (ETS No. 76), arts. 3 to 5: as [`Counting::CalendarDays`],
    /// the end moved past weekends and holidays.
    Ets76,
    /// UNCITRAL Arbitration Rules, art. 2: as [`Counting::CalendarDays`], from the day after receipt, the end moved past
    /// the addressee's holidays.
    Uncitral,
}

impl Counting {
    /// Every policy, by the name that clauses give it.
    pub const ALL: [(&'static str, Counting); 7] = [
        ("elapsed", Counting::Elapsed),
        ("calendar_days", Counting::CalendarDays),
        ("inclusive_days", Counting::InclusiveDays),
        ("clear_days", Counting::ClearDays),
        ("EU_1182_71", Counting::Eu1182),
        ("ETS_76", Counting::Ets76),
        ("UNCITRAL", Counting::Uncitral),
    ];

    /// The policy of that name.
    pub fn named(name: &str) -> Option<Counting> {
        Counting::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, counting)| counting)
    }

    /// By how many days the last day differs from that of [`Counting::CalendarDays`].
    fn shift(self) -> i64 {
        match self {
            Counting::InclusiveDays => -1,
            Counting::ClearDays => 1,
            _ => 0,
        }
    }

    /// Whether an end that falls on a day off is moved to the next working day.
    fn moves(self) -> bool {
        matches!(self, Counting::Eu1182 | Counting::Ets76 | Counting::Uncitral)
    }
}

/// What a period is counted with.
#[derive(Debug, Clone)]
pub struct Reckoning {
    /// The policy.
    pub counting: Counting,
    /// Whose days and months.
    pub zone: Zone,
    /// Whose working days; without one, nothing is moved.
    pub calendar: Option<Arc<Calendar>>,
}

impl Reckoning {
    /// The same, with every day of 24 hours: how a term is counted, whatever the policy.
    #[must_use]
    pub fn elapsed(&self) -> Reckoning {
        Reckoning { counting: Counting::Elapsed, ..self.clone() }
    }
}

/// What a period is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The instant.
    pub at: Instant,
    /// Whether it is itself the end of a period: exactly at local midnight, it then belongs to the day that it closes.
    pub ends_a_period: bool,
}

impl From<Instant> for Anchor {
    fn from(at: Instant) -> Anchor {
        Anchor { at, ends_a_period: false }
    }
}

impl Anchor {
    /// The day to which it belongs.
    pub(crate) fn date(self, zone: &Zone) -> Date {
        let date = zone.date(self.at);
        match date.yesterday() {
            Ok(closed) if self.ends_a_period && zone.start_of(date) == self.at => closed,
            _ => date,
        }
    }
}

impl Duration {
    /// The instant at which the period ends that is counted from an anchor; [`Instant::NEVER`] past the year 9999.
    ///
    /// Months come first, then days, then business days, then hours. Where the day of the month does not exist the
    /// month's last day stands for it (ETS No. 76, art. 4(2)). Business days end, under every policy, at the local
    /// midnight that closes the last of them. The end of a day is the first instant of the next.
    pub fn after(&self, anchor: impl Into<Anchor>, reckoning: &Reckoning) -> Instant {
        let anchor = anchor.into();
        let zone = &reckoning.zone;
        let mut at = anchor.at;
        if self.months > 0 || self.days > 0 {
            at = match reckoning.counting {
                Counting::Elapsed => self.elapsed(at, zone),
                _ => self.by_days(anchor.date(zone), reckoning),
            };
        }
        if let Some((n, calendar)) = &self.business_days {
            // What comes before them, in a mixed duration, has ended a day already.
            let from = if at == anchor.at { anchor } else { Anchor { at, ends_a_period: true } };
            at = calendar.nth_working_day(from.date(zone), *n).map_or(Instant::NEVER, |last| zone.end_of(last));
        }
        let only_hours = self.months == 0 && self.days == 0 && self.business_days.is_none();
        if reckoning.counting == Counting::Eu1182 && only_hours && self.has_whole_hours() {
            at = zone.next_hour(at);
        }
        at.plus_micros(self.micros)
    }

    /// The instant that lies so many times this long after another: months and days by the clocks of the zone.
    pub fn times_after(&self, times: i64, at: Instant, reckoning: &Reckoning) -> Instant {
        let count = u32::try_from(times).unwrap_or(u32::MAX);
        if let Some((n, calendar)) = &self.business_days {
            let first = reckoning.zone.date(at);
            let day = calendar.nth_working_day(first, n.saturating_mul(count));
            let moved = day.and_then(|day| first.until(day).ok()).map(|span| i64::from(span.get_days()));
            return moved.map_or(Instant::NEVER, |days| reckoning.zone.civil(at, 0, days));
        }
        let (months, days) = (i64::from(self.months) * times, i64::from(self.days) * times);
        let at = if months == 0 && days == 0 { at } else { reckoning.zone.civil(at, months, days) };
        at.plus_micros(self.micros.saturating_mul(times))
    }

    /// The last instant that lies at least so long before another: the mirror image of [`Duration::after`].
    ///
    /// Hours, and days that have elapsed, are exact. Otherwise the day of the later instant is not counted (under
    /// [`Counting::InclusiveDays`] it is), and so many whole days lie between: the period ends as the first of them begins.
    pub fn before(&self, at: Instant, reckoning: &Reckoning) -> Instant {
        let zone = &reckoning.zone;
        let mut at = at.plus_micros(self.micros.saturating_neg());
        if let Some((n, calendar)) = &self.business_days {
            at = calendar.nth_working_day_before(zone.date(at), *n).map_or(Instant::MIN, |first| zone.start_of(first));
        }
        if self.months == 0 && self.days == 0 {
            return at;
        }
        if reckoning.counting == Counting::Elapsed {
            return zone.minus_months(at, self.months).plus_micros(self.days_in_micros().saturating_neg());
        }
        let first = self.first_day(zone.date(at), reckoning.counting.shift());
        first.map_or(Instant::MIN, |first| zone.start_of(first))
    }

    /// Whether what lies so long before an instant moves on with it, rather than from day to day.
    pub(crate) fn moves(&self, reckoning: &Reckoning) -> bool {
        let by_months = self.business_days.is_none() && reckoning.counting == Counting::Elapsed;
        self.exact_micros().is_some() || by_months
    }

    /// When the days next change by which what lies so long before an instant is found.
    pub(crate) fn next_day(&self, now: Instant, reckoning: &Reckoning) -> Instant {
        let zone = &reckoning.zone;
        zone.end_of(zone.date(now.plus_micros(self.micros.saturating_neg()))).plus_micros(self.micros)
    }

    /// The first instant after another of which one lies at least so long before it; the next change of days, where that
    /// is earlier.
    pub(crate) fn passes(&self, at: Instant, now: Instant, reckoning: &Reckoning) -> Instant {
        if let Some(micros) = self.exact_micros() {
            return at.plus_micros(micros);
        }
        let (mut first, mut last) = (now, self.next_day(now, reckoning));
        while last.micros_since(first) > 1 {
            let middle = first.plus_micros(last.micros_since(first) / 2);
            if self.before(middle, reckoning) >= at { last = middle } else { first = middle }
        }
        last
    }

    fn elapsed(&self, at: Instant, zone: &Zone) -> Instant {
        let at = if self.months > 0 { zone.plus_months(at, self.months) } else { at };
        at.plus_micros(self.days_in_micros())
    }

    /// To the end of the last day.
    fn by_days(&self, first: Date, reckoning: &Reckoning) -> Instant {
        let Reckoning { counting, zone, calendar } = reckoning;
        let Some(mut last) = self.last_day(first, counting.shift()) else {
            return Instant::NEVER;
        };
        if let Some(calendar) = calendar.as_ref().filter(|_| counting.moves()) {
            while !calendar.is_working(last) {
                let Ok(next) = last.tomorrow() else {
                    return Instant::NEVER;
                };
                last = next;
            }
        }
        zone.end_of(last)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;
    use crate::time::Weekdays;

    fn weekends(holidays: &[Date]) -> Arc<Calendar> {
        let mut weekend = Weekdays::default();
        weekend.insert(Weekday::Saturday);
        weekend.insert(Weekday::Sunday);
        Arc::new(Calendar { weekend, holidays: holidays.iter().copied().collect() })
    }

    fn days(days: u32) -> Duration {
        Duration { days, ..Duration::default() }
    }

    fn months(months: u32) -> Duration {
        Duration { months, ..Duration::default() }
    }

    fn hours(hours: i64) -> Duration {
        Duration { micros: hours * 3_600_000_000, ..Duration::default() }
    }

    fn due(
        policy: &str,
        zone: &str,
        anchor: impl Into<Anchor>,
        period: &Duration,
        calendar: impl Into<Option<Arc<Calendar>>>,
    ) -> String {
        let counting = Counting::named(policy).unwrap();
        let reckoning = Reckoning { counting, zone: Zone::named(zone).unwrap(), calendar: calendar.into() };
        period.after(anchor, &reckoning).to_string()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text, &Zone::UTC).unwrap()
    }

    /// An anchor that is the end of a period.
    fn end(text: &str) -> Anchor {
        Anchor { at: at(text), ends_a_period: true }
    }

    // Security Council resolution 2231 (2015), para. 12: «midnight Greenwich Mean Time after the thirtieth day after»
    // the notification of 28 August 2025.
    #[test]
    fn resolution_2231_ends_at_midnight_after_the_thirtieth_day() {
        assert_eq!(due("calendar_days", "UTC", at("2025-08-28T14:00Z"), &days(30), None), "2025-09-28T00:00:00Z");
    }

    // Minsk II: point 2, 14 days, from 15 February (to 1 March) and from 17 February (to 3 March); point 4, 30 days from
    // the signing of 12 February (to 14 March). Kyiv's days end at 22:00Z in winter.
    #[test]
    fn minsk_ii_counts_days_after_the_first() {
        let kyiv = |from: &str, n| due("calendar_days", "Europe/Kyiv", at(from), &days(n), None);
        assert_eq!(kyiv("2015-02-15T00:00+02:00", 14), "2015-03-01T22:00:00Z");
        assert_eq!(kyiv("2015-02-17T12:00+02:00", 14), "2015-03-03T22:00:00Z");
        assert_eq!(kyiv("2015-02-12T11:00+02:00", 30), "2015-03-14T22:00:00Z");
    }

    // Georgia, 8 September 2008: seven days, to the 15th; ten days from 1 October, to the 11th. Tbilisi was at +04:00.
    #[test]
    fn georgia_2008_counts_days_after_the_first() {
        let tbilisi = |from: &str, n| due("calendar_days", "Asia/Tbilisi", at(from), &days(n), None);
        assert_eq!(tbilisi("2008-09-08T18:00+04:00", 7), "2008-09-15T20:00:00Z");
        assert_eq!(tbilisi("2008-10-01T12:49+04:00", 10), "2008-10-11T20:00:00Z");
    }

    // ETS No. 76, art. 4(2): six months from 31 August end on 28 February; six months from 13 June on 13 December.
    #[test]
    fn months_end_on_the_corresponding_day_or_the_last() {
        assert_eq!(due("ETS_76", "UTC", at("2026-08-31T09:00Z"), &months(6), None), "2027-03-01T00:00:00Z");
        assert_eq!(due("calendar_days", "UTC", at("2026-06-13T09:00Z"), &months(6), None), "2026-12-14T00:00:00Z");
    }

    // Scenario S4, «three days» from 1 July 2026, 00:20 in Kyiv, in its three readings, and in clear days one more.
    #[test]
    fn three_days_have_three_readings() {
        let kyiv = |policy| due(policy, "Europe/Kyiv", at("2026-06-30T21:20Z"), &days(3), None);
        assert_eq!(kyiv("elapsed"), "2026-07-03T21:20:00Z");
        assert_eq!(kyiv("inclusive_days"), "2026-07-03T21:00:00Z");
        assert_eq!(kyiv("calendar_days"), "2026-07-04T21:00:00Z");
        assert_eq!(kyiv("clear_days"), "2026-07-05T21:00:00Z");
    }

    // Scenario S9: the year ends at midnight in Washington, which belongs to 31 December; ninety days later is 31 March,
    // which ends at 04:00Z, the clocks having changed. An event at that very midnight belongs to the day it opens.
    #[test]
    fn a_midnight_that_ends_a_period_belongs_to_the_day_it_closes() {
        let washington = |anchor: Anchor| due("calendar_days", "America/New_York", anchor, &days(90), None);
        assert_eq!(washington(end("2027-01-01T05:00Z")), "2027-04-01T04:00:00Z");
        assert_eq!(washington(at("2027-01-01T05:00Z").into()), "2027-04-02T04:00:00Z");
        assert_eq!(washington(end("2027-01-01T05:00:01Z")), "2027-04-02T04:00:00Z");
    }

    // Regulation 1182/71, art. 3(1) and (2)(a): the hour of the event is not counted, and hours are whole. Scenario S1:
    // 24 hours from 01:12Z end at 02:00Z. Art. 3(4) moves no hours: Saturday stays.
    #[test]
    fn eu_hours_are_whole() {
        let hours_from = |from: &str| due("EU_1182_71", "Europe/Kyiv", at(from), &hours(24), weekends(&[]));
        assert_eq!(hours_from("2026-03-10T01:12Z"), "2026-03-11T02:00:00Z");
        assert_eq!(hours_from("2026-03-10T01:00Z"), "2026-03-11T02:00:00Z");
        assert_eq!(hours_from("2026-03-13T01:12Z"), "2026-03-14T02:00:00Z");
    }

    // Regulation 1182/71, art. 3(4), ETS No. 76, art. 5, UNCITRAL Rules, art. 2(6): ten days from Wednesday 4 March 2026
    // end on Saturday the 14th, moved to Monday, or past a holiday to Tuesday. Other policies move nothing, and without
    // a calendar nothing is moved.
    #[test]
    fn ends_on_days_off_are_moved() {
        let from = at("2026-03-04T10:00Z");
        for policy in ["EU_1182_71", "ETS_76", "UNCITRAL"] {
            assert_eq!(due(policy, "UTC", from, &days(10), weekends(&[])), "2026-03-17T00:00:00Z");
            assert_eq!(due(policy, "UTC", from, &days(10), weekends(&[date(2026, 3, 16)])), "2026-03-18T00:00:00Z");
            assert_eq!(due(policy, "UTC", from, &days(10), None), "2026-03-15T00:00:00Z");
        }
        assert_eq!(due("calendar_days", "UTC", from, &days(10), weekends(&[])), "2026-03-15T00:00:00Z");
    }

    // A day ends at local midnight, however long it was: 29 March 2026 has 23 hours in Kyiv, 25 October 25.
    #[test]
    fn days_end_at_local_midnight_across_clock_changes() {
        let one = |from: &str| due("calendar_days", "Europe/Kyiv", at(from), &days(1), None);
        assert_eq!(one("2026-03-28T10:00Z"), "2026-03-29T21:00:00Z");
        assert_eq!(one("2026-10-24T10:00Z"), "2026-10-25T22:00:00Z");
    }
}
