//! Working days.

use std::collections::BTreeSet;

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
