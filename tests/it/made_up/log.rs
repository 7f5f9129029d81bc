//! Made-up logs for any program: events at the very instants at which something may change, and just beside them.

use servanda::model::{Kind, Program, Type};
use servanda::time::{Instant, Zone};

use super::dice::Dice;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// What a log is made up of besides what its program declares.
pub struct Matter {
    /// The text of the treaty.
    text: String,
    /// Lengths that stand in it, in microseconds, and points in time.
    lengths: Vec<i64>,
    points: Vec<Instant>,
    numbers: Vec<String>,
    /// Whether a date in a log means the same in every treaty.
    one_zone: bool,
}

impl Matter {
    /// What a treaty's text has to say of time and amounts.
    pub fn of(text: &str, program: &Program) -> Matter {
        let zone = &program.zone();
        let part = |sign: char| !(sign.is_alphanumeric() || matches!(sign, '_' | '-' | ':' | '+'));
        let words: Vec<&str> = text.split(part).filter(|word| !word.is_empty()).collect();
        let mut matter = Matter {
            text: text.to_owned(),
            lengths: vec![3_600 * SECOND, DAY],
            points: Vec::new(),
            numbers: Vec::new(),
            one_zone: program.treaties.iter().all(|it| it.zone() == zone),
        };
        for pair in words.windows(3) {
            let unit = if pair[2].starts_with("day") && pair[1] == "business" { "day" } else { pair[1] };
            let seconds = match unit.trim_end_matches('s') {
                "second" => 1,
                "minute" => 60,
                "hour" => 3_600,
                "day" => 86_400,
                "week" => 7 * 86_400,
                "month" => 31 * 86_400,
                "year" => 365 * 86_400,
                _ => 0,
            };
            match pair[0].replace('_', "").parse::<i64>() {
                // What takes longer would only make for long replays.
                Ok(count) if seconds > 0 && count * seconds <= 366 * 86_400 => {
                    matter.lengths.push(count * seconds * SECOND)
                }
                Ok(count) if seconds == 0 => matter.numbers.push(count.to_string()),
                _ => {}
            }
        }
        for word in words.iter().filter(|word| word.len() >= 10 && word.as_bytes()[4] == b'-') {
            let found = Instant::parse(word, zone).or_else(|_| Instant::parse(&format!("{word}T00:00"), zone));
            matter.points.extend(found.ok());
        }
        matter
    }
}

/// Which liberties a log takes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Liberties {
    /// Some events are of a time that is not known exactly.
    pub uncertain: bool,
    /// Some became known later.
    pub reported: bool,
}

/// Lines for the kinds that a program declares, in order; none where it declares none.
pub fn lines(program: &Program, matter: &Matter, liberties: Liberties, dice: &mut Dice) -> Vec<String> {
    let kinds: Vec<&Kind> = program.kinds.iter().collect();
    if kinds.is_empty() {
        return Vec::new();
    }
    let proves = |name: &str| {
        let proven = kinds.iter().filter_map(|kind| kind.established.as_ref()?.pattern());
        proven.into_iter().any(|pattern| program.kinds.at(pattern.kind).name == name)
    };
    let weight = |kind: &&Kind| {
        let said = matter.text.matches(kind.name.as_str()).count();
        if proves(&kind.name) { 5 } else { said.clamp(2, 6) }
    };
    let weights: Vec<usize> = kinds.iter().map(weight).collect();
    let zone = program.zone();
    let mut times: Vec<(Instant, String)> =
        times(matter, &zone, dice).into_iter().map(|at| time_text(at, &zone, matter, liberties, dice)).collect();
    times.sort();
    let mut maker = Lines { program, matter, zone, earlier: Vec::new(), lines: Vec::new() };
    for (number, (at, text)) in times.iter().enumerate() {
        let kind = kinds[dice.weighed(&weights)];
        let reported = (liberties.reported && dice.one_in(5))
            .then(|| at.plus_micros(*dice.pick(&matter.lengths) + 2 * DAY * i64::from(dice.one_in(3))));
        maker.line(number, kind, *at, text, reported, dice);
    }
    maker.lines
}

/// When events happen: so long after one another as the treaty counts, at its dates, as days begin, and beside all that.
fn times(matter: &Matter, zone: &Zone, dice: &mut Dice) -> Vec<Instant> {
    let fallback = Instant::parse("2026-03-27T22:00:00Z", &Zone::UTC).unwrap();
    let first = if matter.points.is_empty() { fallback } else { *dice.pick(&matter.points) };
    let mut times = vec![first.plus_micros(-(dice.below(3) as i64) * DAY / 2)];
    // A long time costs a long replay, where something happens every few hours.
    let longest = matter.lengths.iter().copied().max().unwrap_or_default();
    let last_allowed = first.plus_micros((3 * longest).clamp(60 * DAY, 400 * DAY));
    let most = if dice.one_in(4) { 36 } else { 18 };
    for _ in 0..5 + dice.below(most) {
        let recent = times[times.len().saturating_sub(1 + dice.below(4))];
        let close = dice.pick(&[0, 0, 0, 0, 0, 1, -1, SECOND, -SECOND]);
        let at = match dice.weighed(&[4, 9, 3, 2, 3, 1]) {
            0 => *dice.pick(&times),
            1 => recent.plus_micros(*dice.pick(&matter.lengths) + close),
            2 => {
                let day = zone.date(recent.plus_micros(dice.below(3) as i64 * DAY));
                zone.end_of(day).plus_micros(*close)
            }
            3 if !matter.points.is_empty() => dice.pick(&matter.points).plus_micros(*close),
            5 => recent.plus_micros(40 * DAY),
            _ => recent.plus_micros(*dice.pick(&[1, SECOND, 3_600 * SECOND, 5 * 3_600 * SECOND, DAY / 2])),
        };
        times.push(at.min(last_allowed));
    }
    times
}

/// The time of an event as the log writes it, and the first instant that it may mean.
fn time_text(at: Instant, zone: &Zone, matter: &Matter, liberties: Liberties, dice: &mut Dice) -> (Instant, String) {
    if !liberties.uncertain || !dice.one_in(4) {
        return (at, at.to_string());
    }
    match dice.below(3) {
        0 if matter.one_zone => (zone.start_of(zone.date(at)), zone.date(at).to_string()),
        _ => (at, format!("{at}/{}", at.plus_micros(*dice.pick(&matter.lengths)))),
    }
}

struct Lines<'a> {
    program: &'a Program,
    matter: &'a Matter,
    zone: Zone,
    /// The events so far, by kind and name.
    earlier: Vec<(String, String)>,
    lines: Vec<String>,
}

impl Lines<'_> {
    fn line(
        &mut self,
        number: usize,
        kind: &Kind,
        at: Instant,
        at_text: &str,
        reported: Option<Instant>,
        dice: &mut Dice,
    ) {
        let id = format!("x{number}");
        let mut line = serde_json::Map::new();
        line.insert(kind.columns.at.clone(), at_text.into());
        line.insert("kind".to_owned(), kind.log_name.clone().into());
        line.insert(kind.columns.id.clone(), id.clone().into());
        if let Some(reported) = reported {
            line.insert(kind.columns.reported.clone(), reported.to_string().into());
        }
        for field in &kind.fields {
            // What refers to another event mostly does.
            let left_out = field.optional && dice.one_in(if matches!(field.kind, Type::Event(_)) { 6 } else { 4 });
            match self.value(&field.kind, at, dice).filter(|_| !left_out) {
                Some(value) => _ = line.insert(field.column.clone(), value),
                None if field.optional => {}
                // There is nothing yet to which it could refer.
                None => return,
            }
        }
        self.lines.push(serde_json::Value::Object(line).to_string());
        self.earlier.push((kind.name.clone(), id));
    }

    fn value(&self, kind: &Type, at: Instant, dice: &mut Dice) -> Option<serde_json::Value> {
        let one_of = |all: Vec<String>, dice: &mut Dice| (!all.is_empty()).then(|| dice.pick(&all).clone().into());
        Some(match kind {
            Type::Party => {
                let all: Vec<_> = self.program.parties.iter().map(|party| party.name.clone()).collect();
                // The first parties more often, so that they meet what they owe.
                let place = dice.below(all.len()).min(dice.below(all.len()));
                all.get(place)?.clone().into()
            }
            Type::Place => return one_of(self.program.places.iter().map(|place| place.name.clone()).collect(), dice),
            Type::Text => (*dice.pick(&["a", "b"])).into(),
            Type::Number | Type::Quantity(_) => {
                if !self.matter.numbers.is_empty() && dice.one_in(3) {
                    dice.pick(&self.matter.numbers).clone().into()
                } else {
                    (*dice.pick(&[0, 1, 1, 2, 2, 2, 3, 5, 5, 15_000, 1_000_000_000])).into()
                }
            }
            Type::Boolean => dice.one_in(2).into(),
            Type::Instant => {
                let length = *dice.pick(&self.matter.lengths) * dice.pick(&[0, 1, 1, 1, -1, 2]);
                at.plus_micros(length).to_string().into()
            }
            Type::Date => self.zone.date(at.plus_micros((dice.below(4) as i64 - 1) * DAY)).to_string().into(),
            Type::Duration => format!("PT{}S", dice.pick(&self.matter.lengths) / SECOND).into(),
            Type::Event(kind) => {
                let name = &self.program.kinds.at(*kind).name;
                let all: Vec<_> = self.earlier.iter().filter(|it| it.0 == *name).map(|it| it.1.clone()).collect();
                if dice.one_in(2) { all.last()?.clone().into() } else { return one_of(all, dice) }
            }
            Type::Enumeration(words) => {
                return one_of(words.iter().map(|word| self.program.symbols.text(*word).to_owned()).collect(), dice);
            }
            Type::List(inner) => {
                let one = self.value(inner, at, dice)?;
                let other = self.value(inner, at, dice)?;
                match dice.below(6) {
                    0 => Vec::<serde_json::Value>::new().into(),
                    1 | 2 => vec![one, other].into(),
                    _ => vec![one].into(),
                }
            }
            Type::Moment(..) | Type::Tick | Type::Either(_) => return None,
        })
    }
}

/// Until when such a log is replayed: mostly to its last event, else before, at or after one.
pub fn until(events: &[Instant], matter: &Matter, dice: &mut Dice) -> Option<Instant> {
    if dice.one_in(2) || events.is_empty() {
        return None;
    }
    let at = if dice.one_in(2) { *events.last().unwrap() } else { *dice.pick(events) };
    let length = *dice.pick(&matter.lengths);
    Some(at.plus_micros(*dice.pick(&[0, 0, 1, -1, SECOND, length, length, 40 * DAY])))
}
