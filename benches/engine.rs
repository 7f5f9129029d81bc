//! What the engine does in a second: `cargo bench --bench engine -- [EVENTS] [RULES…] [--log PATH]`.
//!
//! The events of the workloads in `benches/rules`, held in memory: how long reading them takes, and how long the
//! replay of what was read, with no output. The log is made here, unless one is given.
//!
//! Two more uses serve the scripts beside it: `engine parse TREATY LOG` reads a log and does nothing else, and
//! `engine write EVENTS PATH` writes the log that is made here.
#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a measurement, not the library"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use servanda::event::{self, Log, Options};
use servanda::finding::any_error;
use servanda::model::{self, Library, Program};
use servanda::source::{SourceId, Sources};
use servanda::{monitor, replay};

const RULES: [&str; 6] = ["w1", "w2", "w3a", "w3b", "w4", "all"];
const ROUNDS: usize = 5;

// ── The engine ──────────────────────────────────────────────────────────────────────────────────────────────────────

/// Replays a log; returns how many verdicts it came to.
fn replayed(program: &Program, log: &Log) -> usize {
    let mut verdicts = 0;
    monitor::replay_into(program, log, &replay::Options::default(), &mut |_, _, _| verdicts += 1);
    verdicts
}

fn read(program: &Program, source: SourceId, bytes: &[u8]) -> Log {
    let options = Options { ignore_unknown: true, ..Options::default() };
    let (log, findings) = event::read(program, source, bytes, options);
    assert!(!any_error(&findings), "{findings:?}");
    log
}

// ── The rules ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// Clause files; those of the workloads are written for a million events, and changed to hold for another number.
struct Rules {
    events: Option<usize>,
}

impl Library for Rules {
    fn open(&mut self, path: &str, from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        let folder = from.map(Path::new).and_then(Path::parent).unwrap_or(Path::new(""));
        let path = folder.join(path);
        let mut text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
        if let Some(events) = self.events {
            let (least, most) = thresholds(events);
            text = text.replace(" >= 83_835\n", &format!(" >= {least}\n"));
            text = text.replace(" > 205\n", &format!(" > {most}\n"));
        }
        Ok((path.display().to_string(), text.into_bytes()))
    }
}

/// What is to be delivered in 90 days, and how many violations in 30 days are no breach yet.
fn thresholds(events: usize) -> (usize, usize) {
    let a_party = events as f64 / 30.0 / 365.0;
    ((a_party * 0.12 * 90.0 * 100.0 * 0.85) as usize, (a_party * 0.06 * 30.0 * 1.25) as usize)
}

fn built(path: &Path, events: Option<usize>, sources: &mut Sources) -> Program {
    let (loaded, findings) = model::load(&[path.display().to_string()], &mut Rules { events }, sources);
    assert!(!any_error(&findings), "{findings:?}");
    let (program, findings) = model::build(&loaded);
    assert!(!any_error(&findings), "{findings:?}");
    program
}

// ── The log ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Numbers that look random and are the same in every run (Steele, Lea and Flood, «Fast splittable pseudorandom number
/// generators», 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From the first up to the second, without it.
    fn between(&mut self, first: i64, end: i64) -> i64 {
        first + (self.next() % (end - first) as u64) as i64
    }

    fn percent(&mut self) -> i64 {
        self.between(0, 100)
    }

    /// How long after it was asked for something is done: nine times in ten in time, rarely never.
    fn delay(&mut self, limit: i64) -> Option<i64> {
        match self.percent() {
            0 => Some(limit),
            1..90 => Some(self.between(60, limit)),
            90 => Some(limit + 1),
            91..97 => Some(self.between(limit + 2, 3 * limit)),
            _ => None,
        }
    }
}

const START: i64 = 1_735_689_600;
const DAY: i64 = 86_400;
const END: i64 = START + 365 * DAY;
const GUARANTORS: i64 = 30;

/// A year of events of a treaty of thirty guarantors, as JSON Lines.
fn made(events: usize) -> String {
    let mut random = Random(1);
    let mut found: Vec<(i64, String)> = Vec::with_capacity(events + 64);
    incidents(&mut random, events * 60 / 100, &mut found);
    for number in 0..events * 12 / 100 {
        let (by, at) = (random.between(0, GUARANTORS), random.between(START, END));
        let generosity = 55 + by * 90 / GUARANTORS;
        let quantity = random.between(40, 161) * generosity / 100;
        found.push((at, format!(r#""kind":"delivery","by":"G{by:02}","id":"D{number:07}","qty":{quantity}"#)));
    }
    violations(&mut random, events * 6 / 100, &mut found);
    for number in 0..events * 12 / 100 {
        let (by, zone, at) = (random.between(0, GUARANTORS), random.between(0, 40), random.between(START, END));
        let kind = match random.percent() {
            0..22 => "consent",
            22..28 => "withdrawal",
            _ => "deployment",
        };
        found.push((
            at,
            match kind {
                "deployment" => format!(r#""kind":"{kind}","by":"G{by:02}","zone":"Z{zone:02}","id":"X{number:07}""#),
                _ => format!(r#""kind":"{kind}","by":"HOST","to":"G{by:02}","zone":"Z{zone:02}""#),
            },
        ));
    }
    for period in 1..=12 {
        found.push((START + period * 30 * DAY, format!(r#""kind":"period_end","id":"Q{period:02}""#)));
    }
    while found.len() < events {
        let (at, by) = (random.between(START, END), random.between(0, GUARANTORS));
        found.push((
            at,
            format!(r#""kind":"statement","by":"G{by:02}","text":"communique {}""#, random.between(0, 1000)),
        ));
    }
    found.sort_by_key(|(at, _)| *at);
    found.truncate(events);
    let mut text = String::new();
    for (at, fields) in found {
        writeln!(text, r#"{{"at":"{}","ts":{at},{fields}}}"#, stamp(at)).unwrap();
    }
    text
}

/// Attacks, and after each what every guarantor does of it.
fn incidents(random: &mut Random, events: usize, found: &mut Vec<(i64, String)>) {
    let modes = ["diplomatic", "economic", "military", "humanitarian"];
    let mut incident = 0;
    while found.len() < events {
        let at = random.between(START, END);
        let against = random.between(0, 10);
        found
            .push((at, format!(r#""kind":"armed_attack","id":"I{incident:07}","by":"AGR","against":"M{against:02}""#)));
        for by in 0..GUARANTORS {
            let Some(delay) = random.delay(DAY) else { continue };
            let consulted = at + delay;
            let again = (random.percent() < 2).then(|| consulted + random.between(3_600, 72_000));
            for at in [Some(consulted), again].into_iter().flatten().filter(|at| *at <= END) {
                found.push((at, format!(r#""kind":"consultation","by":"G{by:02}","incident":"I{incident:07}""#)));
            }
            let responded = random.delay(3 * DAY).map(|delay| consulted + delay).filter(|at| *at <= END);
            if let Some(at) = responded {
                let mode = modes[random.between(0, 4) as usize];
                found.push((
                    at,
                    format!(r#""kind":"response","by":"G{by:02}","incident":"I{incident:07}","mode":"{mode}""#),
                ));
            }
        }
        incident += 1;
    }
}

/// Violations, some of them in bursts.
fn violations(random: &mut Random, events: usize, found: &mut Vec<(i64, String)>) {
    let mut number = 0;
    while number < events {
        let (by, mut at) = (random.between(0, GUARANTORS), random.between(START, END));
        let burst = if random.percent() < 95 { 1 } else { (events / 600).max(1) };
        for _ in 0..burst.min(events - number) {
            if at <= END {
                found.push((at, format!(r#""kind":"violation","by":"G{by:02}","id":"V{number:07}""#)));
            }
            number += 1;
            at += random.between(1, 40_001);
        }
    }
}

/// An instant of 2025, or the first of 2026, as the logs write it.
fn stamp(at: i64) -> String {
    let (mut day, second) = ((at - START) / DAY, (at - START) % DAY);
    let (mut year, mut month) = (2025, 1);
    for length in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    if month == 13 {
        (year, month) = (2026, 1);
    }
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{year}-{month:02}-{:02}T{hour:02}:{minute:02}:{:02}Z", day + 1, second % 60)
}

// ── The measurement ─────────────────────────────────────────────────────────────────────────────────────────────────

fn seconds(work: impl FnOnce() -> usize) -> f64 {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64()
}

/// The median; the least and the most.
fn median(mut times: Vec<f64>) -> (f64, f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[0], times[times.len() - 1])
}

struct Case {
    rule: String,
    program: Program,
    source: SourceId,
    text: Rc<[u8]>,
    log: Log,
    lines: usize,
    reading: Vec<f64>,
    replaying: Vec<f64>,
    verdicts: usize,
}

fn case(rule: &str, text: &Rc<[u8]>, sources: &mut Sources) -> Case {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("benches/rules/{rule}.treaty"));
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    let program = built(&path, Some(lines), sources);
    let source = sources.add("bench.jsonl", Vec::new());
    let log = read(&program, source, text);
    let (rule, text) = (rule.to_owned(), text.clone());
    Case { rule, program, source, text, log, lines, reading: Vec::new(), replaying: Vec::new(), verdicts: 0 }
}

/// Measures by turns, so that what else the machine does falls on all of them.
fn measure(text: &Rc<[u8]>, rules: &[String]) {
    let mut sources = Sources::default();
    let mut cases: Vec<Case> = rules.iter().map(|rule| case(rule, text, &mut sources)).collect();
    for _ in 0..ROUNDS {
        for case in &mut cases {
            case.reading.push(seconds(|| read(&case.program, case.source, &case.text).events.len()));
            let verdicts = &mut case.verdicts;
            case.replaying.push(seconds(|| {
                *verdicts = replayed(&case.program, &case.log);
                *verdicts
            }));
        }
    }
    println!(
        "{:5} {:>9} {:>9} {:>9}  {:>26} {:>26} {:>26} {:>9}",
        "", "lines", "events", "told", "reading: lines/s", "replay: lines/s", "replay: events/s", "÷ reading"
    );
    for case in cases {
        let (reading, replaying) = (median(case.reading), median(case.replaying));
        let rate = |count: usize, (middle, least, most): (f64, f64, f64)| {
            let million = |time: f64| count as f64 / time / 1e6;
            format!("{:.2} M [{:.2}–{:.2}]", million(middle), million(most), million(least))
        };
        println!(
            "{:5} {:>9} {:>9} {:>9}  {:>26} {:>26} {:>26} {:>9.2}",
            case.rule,
            case.lines,
            case.log.events.len(),
            case.verdicts,
            rate(case.lines, reading),
            rate(case.lines, replaying),
            rate(case.log.events.len(), replaying),
            replaying.0 / reading.0,
        );
    }
}

/// Reads a log as the program does, and nothing more.
fn parse(treaty: &Path, path: &Path) {
    let mut sources = Sources::default();
    let program = built(treaty, None, &mut sources);
    let source = sources.add("log.jsonl", std::fs::read(path).unwrap());
    let log = read(&program, source, sources.get(source).bytes());
    println!("{} events", log.events.len());
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["parse", treaty, log] => return parse(Path::new(treaty), Path::new(log)),
        ["write", events, path] => return std::fs::write(path, made(events.parse().unwrap())).unwrap(),
        _ => {}
    }
    let (mut events, mut rules, mut given) = (100_000, Vec::new(), None::<PathBuf>);
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word {
            "--log" => given = words.next().map(PathBuf::from),
            rule if RULES.contains(&rule) => rules.push(rule.to_owned()),
            number => events = number.parse().expect("a number of events, or one of w1 w2 w3a w3b w4 all"),
        }
    }
    if rules.is_empty() {
        rules = RULES.map(str::to_owned).to_vec();
    }
    match given {
        Some(path) => measure(&std::fs::read(path).unwrap().into(), &rules),
        None => measure(&made(events).into_bytes().into(), &rules),
    }
}
