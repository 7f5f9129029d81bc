//! Made-up windows, of every form.

use super::maker::{Maker, Names, Shape};
use super::words::PLAN;

/// The lengths of time from which a treaty takes a few.
pub const LENGTHS: [&str; 14] = [
    "1 hour",
    "6 hours",
    "90 minutes",
    "24 hours",
    "36 hours",
    "1 day",
    "2 days",
    "3 days",
    "1 week",
    "1 day 12 hours",
    "1 month",
    "2 cal business days",
    "10 seconds",
    "0 hours",
];

impl Maker {
    /// A window that such a sentence can have, or none.
    pub fn window(&mut self, names: &Names, shape: Shape) -> String {
        let window = match shape {
            Shape::Ban | Shape::Keep => self.lasting(names),
            Shape::May | Shape::Power => {
                let window = if self.one_in(2) { self.lasting(names) } else { self.limited(names) };
                if self.one_in(3) && !window.is_empty() { format!("only {window}") } else { window }
            }
            _ => self.limited(names),
        };
        if !window.is_empty() && self.one_in(12) && !window.contains("where possible") {
            let policy = self.pick(&[
                "elapsed",
                "calendar_days",
                "inclusive_days",
                "clear_days",
                "EU_1182_71",
                "ETS_76",
                "UNCITRAL",
            ]);
            return format!("{window} counting {policy}");
        }
        window
    }

    /// How long something lasts.
    fn lasting(&mut self, names: &Names) -> String {
        match self.dice.below(12) {
            0..=2 => String::new(),
            3 | 4 => format!("for {}", self.length()),
            5 | 6 => format!("until {}", self.occurrence(names, 1)),
            7 => format!("from {} until {}", self.date(), self.occurrence(names, 1)),
            8 => format!("from {}", self.occurrence(names, 0)),
            9 => format!("from {} for {}", self.date(), self.length()),
            _ => self.limited(names),
        }
    }

    /// By when something is to be done.
    fn limited(&mut self, names: &Names) -> String {
        let of = self.instant(names).map_or(String::new(), |it| format!(" of {it}"));
        let known = self.instant(names).unwrap_or_else(|| self.date());
        let plan = self.event_of(names, PLAN).map(|plan| format!("{plan}.end"));
        let ahead = match plan {
            Some(end) => end,
            None if self.has_expiry => "expiry".to_owned(),
            None => self.date(),
        };
        match self.dice.below(25) {
            0 => String::new(),
            1..=5 => format!("within {}", self.length()),
            6 | 7 => format!("within {}{of}", self.length()),
            8 => format!("within {} after {}", self.length(), self.occurrence(names, 0)),
            9 => format!("within {} before {ahead}", self.length()),
            10 => {
                let which = self.pick(&["earlier", "later"]);
                let more = if self.one_in(3) { format!(" and {}", self.date()) } else { String::new() };
                format!("within the {which} of {} and {}{of}{more}", self.length(), self.length())
            }
            11 | 12 => {
                let anchor = match self.dice.below(4) {
                    0 => format!(" after {known}"),
                    1 => format!(" after {}", self.occurrence(names, 0)),
                    _ => String::new(),
                };
                format!(
                    "between {}{anchor}",
                    self.pick(&[
                        "1 hour and 6 hours",
                        "1 day and 2 days",
                        "0 hours and 24 hours",
                        "24 hours and 36 hours",
                        "1 day and 1 day"
                    ])
                )
            }
            13 => match self.one_in(2) {
                true => format!("not before {}", self.date()),
                false => format!("not before {} after {known}", self.length()),
            },
            14 | 15 => format!("by {}", self.date()),
            16 => format!("by {known}"),
            17 => format!("{} day {}{of}", self.pick(&["by", "by", "on"]), self.pick(&["1", "2", "3"])),
            18 => format!("at least {} before {ahead}", self.length()),
            19 => format!("exactly {} after {known}", self.length()),
            20 => format!("before {}", self.occurrence(names, 1)),
            21 => format!("before {}", self.date()),
            22 => self.pick(&["promptly", "immediately", "forthwith"]).to_owned(),
            23 => format!("forthwith read as {}{of}", self.length()),
            _ => format!("within {} where possible", self.length()),
        }
    }
}
