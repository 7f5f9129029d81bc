//! Working days.

use std::collections::BTreeSet;

use jiff::ToSpan;

use super::{Date, Weekday};

/// A set of days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Adds a day; false if it was there.
    pub fn insert(&mut self, day: Weekday) -> bool {
        let bit = 1 << day.to_monday_zero_offset();
        let new = self.0 & bit == 0;
        self.0 |= bit;
        new
    }

    /// Whether the day is in the set.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }

    /// How many days it holds.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether it holds none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A unit of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarUnit {
    /// From midnight to midnight.
    Day,
    /// From Monday on.
    Week,
    /// From its first day on.
    Month,
    /// Three months, from January, April, July or October on.
    Quarter,
    /// From 1 January on.
    Year,
}

/// The first day of the unit of the calendar in which a day lies.
pub fn first_day(unit: CalendarUnit, day: Date) -> Date {
    let of_month = |back: i8| {
        let first = day.first_of_month();
        first.checked_sub(i64::from(back).months()).unwrap_or(first)
    };
    match unit {
        CalendarUnit::Day => day,
        CalendarUnit::Week => {
            let back = i64::from(day.weekday().to_monday_zero_offset());
            day.checked_sub(back.days()).unwrap_or(day)
        }
        CalendarUnit::Month => of_month(0),
        CalendarUnit::Quarter => of_month((day.month() - 1) % 3),
        CalendarUnit::Year => of_month(day.month() - 1),
    }
}

/// The first day of the next unit; none past the year 9999.
pub fn next_first(unit: CalendarUnit, first: Date) -> Option<Date> {
    let length = match unit {
        CalendarUnit::Day => 1.days(),
        CalendarUnit::Week => 7.days(),
        CalendarUnit::Month => 1.months(),
        CalendarUnit::Quarter => 3.months(),
        CalendarUnit::Year => 12.months(),
    };
    first.checked_add(length).ok()
}

/// Which days are not worked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// The days of the week on which nobody works; never all seven.
    pub weekend: Weekdays,
    /// The other days on which nobody works.
    pub holidays: BTreeSet<Date>,
}

impl Calendar {
    /// Whether the day is worked.
    pub fn is_working(&self, date: Date) -> bool {
        !self.weekend.contains(date.weekday()) && !self.holidays.contains(&date)
    }

    /// The n-th working day before `date`, which is not counted itself; none before the year −9999.
    pub fn nth_working_day_before(&self, date: Date, n: u32) -> Option<Date> {
        let mut day = date;
        for _ in 0..n {
            day = day.yesterday().ok()?;
            while !self.is_working(day) {
                day = day.yesterday().ok()?;
            }
        }
        Some(day)
    }

    /// The n-th working day after `date`, which is not counted itself; none past the year 9999.
    pub fn nth_working_day(&self, date: Date, n: u32) -> Option<Date> {
        let mut day = date;
        for _ in 0..n {
            day = day.tomorrow().ok()?;
            while !self.is_working(day) {
                day = day.tomorrow().ok()?;
            }
        }
        Some(day)
    }
}
