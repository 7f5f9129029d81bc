//! Time zones, from the database that the program carries, so that every machine counts alike.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::Instant;

/// A time zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// How often a wall clock shows a local time.
pub(super) enum Local {
    Never,
    Once(Instant),
    Twice(Instant, Instant),
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// The zone of that name (`Europe/Kyiv`), letter case aside; none if the database has it not.
    pub fn named(name: &str) -> Option<Zone> {
        TimeZoneDatabase::bundled().get(name).ok().map(Zone)
    }

    /// Every name of the database.
    pub fn names() -> Vec<String> {
        TimeZoneDatabase::bundled().available().map(|name| name.as_str().to_owned()).collect()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day on which `instant` falls.
    pub fn date(&self, instant: Instant) -> Date {
        self.local(instant).date()
    }

    pub(super) fn local(&self, instant: Instant) -> DateTime {
        self.0.to_datetime(instant.timestamp())
    }

    /// The first instant of a day.
    pub fn start_of(&self, date: Date) -> Instant {
        match date.to_zoned(self.0.clone()).and_then(|midnight| midnight.start_of_day()) {
            Ok(zoned) => Instant::of(zoned.timestamp()),
            Err(_) => Instant::NEVER,
        }
    }

    /// The end of a day: the first instant of the next.
    pub fn end_of(&self, date: Date) -> Instant {
        date.tomorrow().map_or(Instant::NEVER, |next| self.start_of(next))
    }

    /// The instant of a wall-clock time; of two candidates, and across a gap, the later (*in dubio mitius*).
    fn later(&self, local: DateTime) -> Instant {
        self.0.to_ambiguous_timestamp(local).later().map_or(Instant::NEVER, Instant::of)
    }

    /// The same wall-clock time so many months later, or on the month's last day.
    pub(super) fn plus_months(&self, at: Instant, months: u32) -> Instant {
        let moved = self.local(at).checked_add(i64::from(months).months());
        moved.map_or(Instant::NEVER, |local| self.later(local))
    }

    /// The same wall-clock time so many months earlier, or on the month's last day.
    pub(super) fn minus_months(&self, at: Instant, months: u32) -> Instant {
        if months == 0 {
            return at;
        }
        let moved = self.local(at).checked_sub(i64::from(months).months());
        moved.map_or(Instant::MIN, |local| self.later(local))
    }

    /// The same wall-clock time so many months and days later; of two candidates, and across a gap, the later.
    pub fn civil(&self, at: Instant, months: i64, days: i64) -> Instant {
        let moved = self.local(at).checked_add(months.months()).and_then(|moved| moved.checked_add(days.days()));
        moved.map_or(Instant::NEVER, |local| self.later(local))
    }

    /// The end of the hour, by the wall clock, in which an instant lies.
    pub(super) fn next_hour(&self, at: Instant) -> Instant {
        let time = self.local(at).time();
        let into = i64::from(time.minute()) * 60_000_000
            + i64::from(time.second()) * 1_000_000
            + i64::from(time.subsec_nanosecond()) / 1_000;
        at.plus_micros(3_600_000_000 - into)
    }

    pub(super) fn at(&self, local: DateTime) -> Local {
        let ambiguous = self.0.to_ambiguous_timestamp(local);
        let kind = ambiguous.offset();
        let (Ok(first), Ok(second)) = (ambiguous.earlier(), ambiguous.later()) else {
            return Local::Never;
        };
        match kind {
            AmbiguousOffset::Unambiguous { .. } => Local::Once(Instant::of(first)),
            AmbiguousOffset::Gap { .. } => Local::Never,
            AmbiguousOffset::Fold { .. } => Local::Twice(Instant::of(first), Instant::of(second)),
        }
    }

    /// The instant as the zone's clocks show it, with the offset: `2025-11-04 03:12 +02:00`.
    pub fn show(&self, instant: Instant) -> String {
        if instant == Instant::NEVER {
            return "never".to_owned();
        }
        let zoned = instant.timestamp().to_zoned(self.0.clone());
        let seconds = if zoned.second() == 0 && zoned.subsec_nanosecond() == 0 { "%H:%M" } else { "%H:%M:%S%.f" };
        zoned.strftime(&format!("%Y-%m-%d {seconds} %:z")).to_string()
    }

    /// As [`Zone::show`], for the end of a period: midnight closes its day, `2025-11-03 24:00 +02:00`.
    pub fn show_end(&self, instant: Instant) -> String {
        let date = self.date(instant);
        match date.yesterday() {
            Ok(day) if self.start_of(date) == instant => {
                let shown = self.show(instant);
                let offset = shown.rsplit_once(' ').map_or("", |(_, offset)| offset);
                format!("{day} 24:00 {offset}")
            }
            _ => self.show(instant),
        }
    }

    /// As [`Zone::show`], without the offset: `2025-11-04 03:12`.
    pub fn show_local(&self, instant: Instant) -> String {
        without_offset(self.show(instant))
    }

    /// As [`Zone::show_end`], without the offset.
    pub fn show_local_end(&self, instant: Instant) -> String {
        without_offset(self.show_end(instant))
    }
}

fn without_offset(shown: String) -> String {
    shown.rsplit_once(' ').map_or(shown.clone(), |(local, _)| local.to_owned())
}
