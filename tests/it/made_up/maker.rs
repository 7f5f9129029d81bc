//! What happens, what is asked and how long it takes, as the parts of made-up treaties say it.

use super::dice::Dice;
use super::words::{ACT, AID, CLAIM, Field, HIT, KINDS, PARTIES, PLACES, PLAN, VOTE};

/// What an article is about; others may refer to it accordingly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Duty,
    Ban,
    Keep,
    Have,
    May,
    Power,
    Decide,
    Effect,
    Open,
}

/// An article that others may refer to.
#[derive(Debug, Clone)]
pub struct Planned {
    pub label: String,
    pub shape: Shape,
}

/// What others may ask of an article: the kind of the event that triggers it, and whether it binds one party.
#[derive(Debug, Clone)]
pub struct Made {
    pub label: String,
    pub trigger: Option<usize>,
    pub single: bool,
}

/// The names that stand for something where a part stands.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Events, with their kinds.
    pub events: Vec<(String, usize)>,
    pub parties: Vec<String>,
    pub moments: Vec<String>,
    /// What is nothing but a point in time.
    pub ticks: Vec<String>,
    pub numbers: Vec<String>,
    /// Whether one party, or each of several, bears what the article provides.
    pub single: bool,
}

/// Makes up the parts of one treaty.
pub struct Maker {
    pub dice: Dice,
    pub articles: Vec<Planned>,
    /// What is known of those that have been made.
    pub made: Vec<Made>,
    /// Lengths of time and points in time, few of each, so that they coincide.
    pub lengths: Vec<&'static str>,
    pub dates: Vec<String>,
    /// The act that most articles are about, so that they meet.
    pub act: usize,
    pub has_expiry: bool,
    pub has_signing: bool,
    /// Only states without parameters are asked for.
    pub plain: bool,
}

impl Maker {
    pub fn one_in(&mut self, many: usize) -> bool {
        self.dice.one_in(many)
    }

    pub fn pick(&mut self, all: &[&'static str]) -> &'static str {
        self.dice.pick::<&'static str>(all)
    }

    pub fn length(&mut self) -> &'static str {
        let at = self.dice.below(self.lengths.len());
        self.lengths[at]
    }

    /// A length that is not nothing.
    pub fn some_time(&mut self) -> &'static str {
        match self.length() {
            "0 hours" => "1 hour",
            length => length,
        }
    }

    pub fn date(&mut self) -> String {
        self.dice.pick(&self.dates).clone()
    }

    pub fn party(&mut self, names: &Names) -> String {
        if !names.parties.is_empty() && self.one_in(2) {
            return self.dice.pick(&names.parties).clone();
        }
        let events: Vec<_> = names
            .events
            .iter()
            .filter(|(_, kind)| KINDS[*kind].fields.first().is_some_and(|it| it.0 == "by"))
            .collect();
        if !events.is_empty() && self.one_in(4) {
            return format!("{}.by", self.dice.pick(&events).0);
        }
        (*self.dice.pick(&PARTIES[..3])).to_owned()
    }

    pub fn group(&mut self, names: &Names) -> String {
        let base = self.pick(&["G", "G", "G", "H", "H", "few"]).to_owned();
        if self.one_in(5) {
            let other = self.party(names);
            let word = self.pick(&["except", "other than"]);
            return format!("{base} {word} {other}");
        }
        base
    }

    /// An event that a name stands for, of a kind.
    pub fn event_of(&mut self, names: &Names, kind: usize) -> Option<String> {
        let all: Vec<_> = names.events.iter().filter(|it| it.1 == kind).collect();
        (!all.is_empty()).then(|| self.dice.pick(&all).0.clone())
    }

    /// What a field of a pattern must be.
    fn constraint(&mut self, field: Field, names: &Names) -> Option<String> {
        Some(match field {
            Field::Party | Field::Parties => self.party(names),
            Field::Place => (*self.dice.pick(&PLACES)).to_owned(),
            Field::Number => self.pick(&["1", "2"]).to_owned(),
            Field::Money => "2 usd".to_owned(),
            Field::Hit => self.event_of(names, HIT)?,
            Field::Claim => self.event_of(names, CLAIM)?,
            Field::Word => "x".to_owned(),
            Field::Instant | Field::Date | Field::Duration => return None,
        })
    }

    /// A kind, narrowed now and then; an act without a `by` is its bearer's.
    pub fn pattern(&mut self, kind: usize, names: &Names, by: bool) -> String {
        let mut tests = Vec::new();
        for (name, field) in KINDS[kind].fields {
            let likely = match (*name, field) {
                ("by", _) if !by => 12,
                ("by", _) => 3,
                (_, Field::Hit | Field::Claim) => 2,
                _ if !by => 12,
                _ => 7,
            };
            if self.one_in(likely)
                && let Some(value) = self.constraint(*field, names)
            {
                tests.push(format!("{name}: {value}"));
            }
        }
        if kind == HIT && self.one_in(8) {
            return format!(
                "w0({})",
                tests.into_iter().filter(|it| !it.starts_with("by")).collect::<Vec<_>>().join(", ")
            );
        }
        if tests.is_empty() && self.one_in(2) {
            KINDS[kind].name.to_owned()
        } else {
            format!("{}({})", KINDS[kind].name, tests.join(", "))
        }
    }

    /// A kind for something that happens, those that matter more often than others.
    pub fn kind(&mut self) -> usize {
        self.dice.weighed(&[6, 4, 4, 2, 2, 1, 1, 1, 1, 2, 2])
    }

    /// The label of an article for which something holds, any where none is preferred.
    pub fn article(&mut self, fits: impl Fn(Shape) -> bool) -> Option<String> {
        let alike = |label: &str| self.articles.iter().filter(|it| it.label == label).all(|it| fits(it.shape));
        let all: Vec<_> = self.articles.iter().map(|it| it.label.clone()).filter(|label| alike(label)).collect();
        if all.is_empty() {
            return None;
        }
        let label = self.dice.pick(&all).clone();
        // Another label than that of one of them means all that are numbered under it.
        let above = label.split('.').next().unwrap_or_default().to_owned();
        let covered = self.articles.iter().filter(|it| it.label.split('.').next() == Some(above.as_str()));
        if covered.clone().count() > 1 && covered.clone().all(|it| fits(it.shape)) && self.one_in(2) {
            return Some(above);
        }
        Some(label)
    }

    /// A moment of an article, such as `article 1 is met`.
    pub fn moment(&mut self, names: &Names) -> Option<String> {
        let decisions = self.one_in(2) && self.articles.iter().any(|it| it.shape == Shape::Decide);
        let verb = if decisions {
            self.pick(&["is adopted", "is rejected", "is blocked", "fails", "lapses", "is met", "is breached"])
        } else {
            self.pick(&[
                "is breached",
                "is breached",
                "is breached",
                "is met",
                "is met",
                "is triggered",
                "is excused",
                "is late",
                "is cured",
                "is suspended",
                "lapses",
                "enters into force",
                "ends",
            ])
        };
        let label = self.article(|shape| shape == Shape::Decide || !decisions)?;
        let mut text = format!("article {label} {verb}");
        if self.one_in(3) && !verb.starts_with('e') {
            let by = if self.one_in(6) { format!("all of {}", self.pick(&["G", "few"])) } else { self.party(names) };
            text += &format!(" by {by}");
        }
        // After `lapses` and `fails` an `on` would begin a tail.
        if verb.starts_with("is")
            && self.one_in(2)
            && let Some(on) = self.event_of(names, HIT)
        {
            text += &format!(" on {on}");
        }
        Some(text)
    }

    /// A state, asked of something where it takes something.
    pub fn state(&mut self, names: &Names) -> String {
        let most = if self.plain { 3 } else { 5 };
        match self.dice.below(most) {
            0 | 1 => "s0".to_owned(),
            2 => "s3".to_owned(),
            3 => format!("s1({})", self.party(names)),
            _ => format!("s2({})", self.dice.pick(&PLACES)),
        }
    }

    /// A point in time that is known when a duty begins.
    pub fn instant(&mut self, names: &Names) -> Option<String> {
        let mut all = Vec::new();
        for (name, kind) in &names.events {
            all.extend([name.clone(), format!("{name}.reported"), format!("{name}.at")]);
            match *kind {
                PLAN => all.extend([format!("{name}.end"), format!("{name}.end")]),
                CLAIM => all.push(format!("{name}.established")),
                _ => {}
            }
        }
        for name in &names.moments {
            all.extend([name.clone(), format!("{name}.due"), format!("{name}.at")]);
        }
        all.extend(names.ticks.clone());
        (!all.is_empty()).then(|| self.dice.pick(&all).clone())
    }

    /// Something that happens once, for whatever waits for it.
    pub fn occurrence(&mut self, names: &Names, depth: usize) -> String {
        let weights = [10, 3, 3, 2, if depth > 0 { 2 } else { 0 }, if depth > 0 { 3 } else { 0 }, 1, 1, 1, 1];
        let found = match self.dice.weighed(&weights) {
            1 => self.moment(names),
            2 => Some(format!("{} {}", self.state(names), self.pick(&["begins", "ends"]))),
            3 => Some(self.date()),
            4 => Some(format!("{} after {}", self.length(), self.occurrence(names, 0))),
            5 => Some(format!("{} or {}", self.occurrence(names, 0), self.occurrence(names, 0))),
            6 => Some("entry into force".to_owned()),
            7 if self.has_expiry => Some("expiry".to_owned()),
            8 if self.has_signing => Some("signing".to_owned()),
            9 => {
                let plan = self.event_of(names, PLAN);
                plan.map(|plan| format!("{plan}.end"))
            }
            _ => None,
        };
        found.unwrap_or_else(|| {
            let kind = self.kind();
            self.pattern(kind, names, true)
        })
    }

    /// What many events come to, over some time.
    fn aggregate(&mut self, names: &Names) -> String {
        let kind = *self.dice.pick(&[HIT, ACT, AID, CLAIM]);
        let pattern = self.pattern(kind, names, true);
        let period = self.period(names);
        let pattern = if pattern.ends_with(')') { pattern } else { format!("{pattern}()") };
        match self.dice.below(9) {
            0 | 1 => {
                format!("count of {pattern} {period} {} {}", self.pick(&[">=", "<=", "="]), self.pick(&["1", "2"]))
            }
            2 => format!("count of {pattern} as o where (o.on is given or o.n > 1) {period} > 0")
                .replace(if matches!(kind, HIT | ACT) { " or o.n > 1" } else { "\0" }, "")
                .replace(if kind == HIT { "o.on is given" } else { "\0" }, "o.n > 1"),
            3 => format!("sum of act({}).v {period} {} 3 usd", self.only_by(names), self.pick(&[">=", "<"])),
            4 => format!("sum of hit({}).n {period} >= {}", self.only_by(names), self.pick(&["2", "4"])),
            5 => format!("latest of {}({}).n {period} > 1", self.pick(&["hit", "aid"]), self.only_by(names)),
            6 => format!(
                "duration of {} {period} {} {}",
                self.state(names),
                self.pick(&[">", "<"]),
                self.pick(&["1 hour", "12 hours", "36 hours"])
            ),
            7 => format!(
                "number of {} as o where ({}) {} 1",
                self.pick(&["G", "H"]),
                self.pick(&["s1(o)", "o = B or s1(o)", "t1(o) > 1", "count of hit(by: o) > 0"]),
                self.pick(&[">=", "<=", ">"])
            ),
            _ => format!("members of {} {} 2", self.pick(&["G", "H", "H"]), self.pick(&[">=", "<", "="])),
        }
    }

    fn only_by(&mut self, names: &Names) -> String {
        if self.one_in(2) { format!("by: {}", self.party(names)) } else { String::new() }
    }

    fn period(&mut self, names: &Names) -> String {
        match self.dice.below(8) {
            0 | 1 => format!("in the last {}", self.some_time()),
            2 | 3 => format!(
                "in the {} {}",
                self.pick(&["present", "previous"]),
                self.pick(&["day", "day", "week", "month", "quarter", "year"])
            ),
            4 => format!("since {}", self.occurrence(names, 0)),
            5 => match self.instant(names) {
                Some(instant) => format!("since {instant}"),
                None => String::new(),
            },
            _ => String::new(),
        }
    }

    /// A condition, in parentheses where it could be misread.
    pub fn condition(&mut self, names: &Names, depth: usize) -> String {
        if depth > 0 && self.one_in(3) {
            let (one, other) = (self.condition(names, depth - 1), self.condition(names, 0));
            return match self.dice.below(3) {
                0 => format!("({one} and {other})"),
                1 => format!("({one} or {other})"),
                _ => format!("not {one}"),
            };
        }
        let of_names = if names.events.is_empty() && names.numbers.is_empty() { 0 } else { 6 };
        match self.dice.weighed(&[6, 3, 5, 2, 2, of_names]) {
            0 => self.state(names),
            1 => match self.dice.below(3) {
                0 => format!("(t0 {} {})", self.pick(&[">=", "<", "="]), self.pick(&["1", "2", "3"])),
                1 => format!("(t1({}) {} 2)", self.party(names), self.pick(&[">", "<="])),
                _ => format!("(quota({}) {} 2)", self.party(names), self.pick(&["<", ">="])),
            },
            2 => format!("({})", self.aggregate(names)),
            3 => self.status(names),
            4 => match self.article(|shape| !matches!(shape, Shape::Effect | Shape::Open)) {
                Some(label) => {
                    let by = if self.one_in(2) { format!(" by {}", self.party(names)) } else { String::new() };
                    format!("in breach of article {label}{by}")
                }
                None => "true".to_owned(),
            },
            _ => self.of_a_name(names),
        }
    }

    fn status(&mut self, names: &Names) -> String {
        let Some(label) = self.article(|_| true) else { return "s0".to_owned() };
        let not = if self.one_in(4) { "not " } else { "" };
        let kind = self.pick(&["met", "breached", "triggered", "late", "excused", "suspended", "cured"]);
        let mut text = format!("article {label} is {not}{kind}");
        if self.one_in(3) {
            text += &match self.dice.below(5) {
                0 => " by all of G".to_owned(),
                _ => format!(" by {}", self.party(names)),
            };
        }
        if self.one_in(2)
            && let Some(on) = self.event_of(names, HIT)
        {
            text += &format!(" on {on}");
        }
        format!("({text})")
    }

    /// A condition on what an event or a name says.
    fn of_a_name(&mut self, names: &Names) -> String {
        if let Some(number) = names.numbers.first().cloned()
            && (names.events.is_empty() || self.one_in(2))
        {
            return format!("({number} {} 2)", self.pick(&[">", "<="]));
        }
        let Some((name, kind)) = (!names.events.is_empty()).then(|| self.dice.pick(&names.events).clone()) else {
            return "true".to_owned();
        };
        let more = match kind {
            HIT => self.pick(&[
                "(#.n > 1)",
                "((#.n > 1) = true)",
                "#.n is given",
                "(#.place in Q)",
                "#.place in territory of A",
                "(#.n * 2 - 1 >= 3)",
                "#.to is not given",
                "(#.to != #.by)",
            ]),
            ACT => {
                self.pick(&["(#.v >= 1 kusd)", "#.v is given", "(B in #.to)", "#.on is given", "(#.v + 1 usd > 3 usd)"])
            }
            AID => self.pick(&["(#.n <= 1)", "(#.place not in Q)", "(#.on.n > 1)", "(#.on.at > #.at - 1 day)"]),
            PLAN => self.pick(&[
                "(#.word = x)",
                "(rate(#.word) > 1)",
                "(#.len > 6 hours)",
                "(#.day_off > 2026-03-28)",
                "(#.end - 1 day > #.at)",
            ]),
            CLAIM => self.pick(&["(#.n > 1)", "#.on is given", "(#.established < #.at + 1 day)"]),
            VOTE => self.pick(&["(#.choice = favour)", "#.on is given"]),
            _ => "(#.month <= 3)",
        };
        let date = self.date();
        let any = [
            more.to_owned(),
            more.to_owned(),
            more.to_owned(),
            "(#.by in H)".to_owned(),
            "(#.by = A)".to_owned(),
            format!("(#.at < {date})"),
            "(#.month = 3 or #.month = 10)".to_owned(),
            "(#.year = 2026)".to_owned(),
            "(#.reported <= #.at + 6 hours)".to_owned(),
            "(#.day != 2026-03-29)".to_owned(),
            "(#.id != \"x1\")".to_owned(),
        ];
        self.dice.pick(&any).replace('#', &name)
    }
}
