//! What an event costs: `cargo bench --bench scale`.
//!
//! Every figure is a ratio to a baseline of the same run, as times of different runs cannot be compared. The claim is
//! that an event costs what the duties that it touches cost: beside a thousand times as many articles, or a million
//! pending duties, in a longer log or with a longer window, the ratio does not grow with them. What it rises above 1
//! is the price of larger tables in memory, and of the depth of the queue.
#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "a measurement, not the library"
)]

use std::time::Instant;

use servanda::event::{self, Log, Options};
use servanda::model::{self, Library, Program};
use servanda::source::Sources;
use servanda::{monitor, replay};

const EVENTS: usize = 100_000;
/// Where an event costs what the window holds.
const FEW: usize = 5_000;
const ROUNDS: usize = 5;

struct One(String);

impl Library for One {
    fn open(&mut self, path: &str, _from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        Ok((path.to_owned(), self.0.clone().into_bytes()))
    }
}

/// A treaty and a log, read.
struct Case {
    program: Program,
    log: Log,
    times: Vec<f64>,
}

impl Case {
    fn new(treaty: &str, log: &str) -> Case {
        let mut sources = Sources::default();
        let (loaded, findings) = model::load(&["bench.treaty".to_owned()], &mut One(treaty.to_owned()), &mut sources);
        assert!(findings.is_empty(), "{findings:?}");
        let (program, findings) = model::build(&loaded);
        assert!(findings.is_empty(), "{findings:?}");
        let source = sources.add("bench.jsonl", log);
        let (log, findings) = event::read(&program, source, log.as_bytes(), Options::default());
        assert!(findings.is_empty(), "{findings:?}");
        Case { program, log, times: Vec::new() }
    }

    fn run(&mut self) {
        let start = Instant::now();
        let mut verdicts = 0;
        let options = replay::Options::default();
        monitor::replay_into(&self.program, &self.log, &options, &mut |_, _, _| verdicts += 1);
        assert!(verdicts > 0);
        self.times.push(start.elapsed().as_secs_f64());
    }

    /// The least time, in seconds: what others on the machine add is left out.
    fn least(&self) -> f64 {
        self.times.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// Runs all of them by turns, and returns the least time of each.
fn times(mut cases: Vec<Case>) -> Vec<f64> {
    for _ in 0..ROUNDS {
        cases.iter_mut().for_each(Case::run);
    }
    cases.iter().map(Case::least).collect()
}

const WORDS: &str = "party A party B event ask { id_of: text  on: number } event answer { by: party  to: text }\n";
const DUTY: &str = "article 1 { when ask(on: 0) as q  A shall answer(to: q.id_of) within 1 hour }\n";

fn stamp(second: usize) -> String {
    let (day, second) = (second / 86_400, second % 86_400);
    let (month, day) = if day < 31 { (1, day + 1) } else { (2, day - 30) };
    format!("2026-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

/// Questions and answers a second apart; `open` questions at the start that nobody answers for years.
fn log(open: usize, events: usize) -> String {
    let mut text = String::new();
    for number in 0..open {
        text += &format!("{{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"ask\",\"id_of\":\"open{number}\",\"on\":1}}\n");
    }
    for second in 0..events / 2 {
        let (asked, answered) = (stamp(2 * second), stamp(2 * second + 1));
        text += &format!("{{\"at\":\"{asked}\",\"kind\":\"ask\",\"id_of\":\"q{second}\",\"on\":0}}\n");
        text += &format!("{{\"at\":\"{answered}\",\"kind\":\"answer\",\"by\":\"A\",\"to\":\"q{second}\"}}\n");
    }
    text
}

/// Prints what an event costs beside the first of the rows.
fn print(title: &str, rows: impl IntoIterator<Item = (String, f64)>) {
    println!("{title}");
    let mut baseline = None;
    for (name, each) in rows {
        let baseline = *baseline.get_or_insert(each);
        println!("  {name:>24}  {:>7.0} ns  {:.2} times the baseline", each * 1e9, each / baseline);
    }
}

fn articles() {
    let counts = [1, 10, 100, 1_000, 10_000];
    let text = log(0, EVENTS);
    let cases = counts.iter().map(|count| {
        let others: String = (2..=*count)
            .map(|n| format!("article {n} {{ when ask(on: {n}) as q  B shall answer(to: q.id_of) within 1 hour }}\n"))
            .collect();
        Case::new(&format!("{WORDS}{DUTY}{others}"), &text)
    });
    let each = times(cases.collect()).into_iter().map(|time| time / EVENTS as f64);
    print("an event, by the number of articles, all but one of which no event concerns:", named(&counts, each));
}

fn pending() {
    let counts = [0, 100, 1_000, 10_000, 100_000, 1_000_000];
    let waiting =
        format!("{WORDS}{DUTY}article 2 {{ when ask(on: 1) as q  A shall answer(to: q.id_of) within 9 years }}\n");
    // What the pending duties themselves cost, to begin and to be handed over, is taken away.
    let cases = counts.iter().flat_map(|open| [log(*open, EVENTS), log(*open, 2)].map(|log| Case::new(&waiting, &log)));
    let pairs = times(cases.collect());
    let each = pairs.chunks(2).map(|pair| (pair[0] - pair[1]) / (EVENTS - 2) as f64);
    print("an event, by the number of pending duties that it does not concern:", named(&counts, each));
}

fn lengths() {
    let counts = [10_000, 100_000, 1_000_000];
    let treaty = format!("{WORDS}{DUTY}");
    let cases = counts.iter().map(|events| Case::new(&treaty, &log(0, *events)));
    let each = times(cases.collect()).into_iter().zip(counts).map(|(time, events)| time / events as f64);
    print("an event, by the length of the log:", named(&counts, each));
}

/// Windows in which there are more and more events, as these are two seconds apart.
fn windows() {
    const WORDS: &str = "party A event step { by: party  weight: number }\n";
    let counts = [100, 1_000, 10_000, 100_000];
    let count = |window: usize| {
        let asked = format!("count of step(by: A) in the last {window} seconds > {window}");
        format!("{WORDS}article 1 {{ A shall not step as s where {asked} }}\n")
    };
    let sum = |window: usize| {
        let asked = format!("sum of step(by: A).weight in the last {window} seconds > {window}");
        format!("{WORDS}article 1 {{ A shall not step as s where {asked} }}\n")
    };
    let trigger = |window: usize| {
        // One more than ever fall in it, beside a duty that there is.
        let many = format!("when {} step(by: any as p) within {window} seconds", window / 2 + 2);
        format!("{WORDS}article 1 {{ {many}  A shall step within 1 day }}\narticle 2 {{ A shall step within 1 day }}\n")
    };
    type Rule<'r> = (&'r str, usize, &'r dyn Fn(usize) -> String);
    let rules: [Rule<'_>; 3] = [
        ("a count in a moving window", EVENTS, &count),
        ("a sum in a moving window", EVENTS, &sum),
        ("a count that triggers", FEW, &trigger),
    ];
    for (title, events, treaty) in rules {
        let text = steps(events);
        let cases = counts.iter().map(|window| Case::new(&treaty(*window), &text)).collect();
        let each = times(cases).into_iter().map(|time| time / events as f64);
        print(&format!("an event, by the seconds of {title}, {events} events:"), named(&counts, each));
    }
}

fn steps(events: usize) -> String {
    let step = |n: usize| format!("{{\"at\":\"{}\",\"kind\":\"step\",\"by\":\"A\",\"weight\":1}}\n", stamp(2 * n));
    (0..events).map(step).collect()
}

fn named(counts: &[usize], each: impl Iterator<Item = f64>) -> Vec<(String, f64)> {
    counts.iter().map(ToString::to_string).zip(each).collect()
}

fn main() {
    articles();
    pending();
    lengths();
    windows();
}
