//! What an event costs: `cargo bench`.
//!
//! Every figure is a ratio to a baseline of the same run, as times of different runs cannot be compared. The claim is
//! that an event costs what the duties that it touches cost: beside ten thousand times as many articles, or a hundred
//! thousand pending duties, the ratio does not grow with them. What it rises above 1 is the price of larger tables in
//! memory, and of the depth of the queue.
#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "a measurement, not the library"
)]

use std::time::Instant;

use servanda::event::{self, Options};
use servanda::model::{self, Library};
use servanda::monitor;
use servanda::source::Sources;

const EVENTS: usize = 100_000;

struct One(String);

impl Library for One {
    fn open(&mut self, path: &str, _from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        Ok((path.to_owned(), self.0.clone().into_bytes()))
    }
}

/// The least time of several that a replay took, in seconds.
fn time(treaty: String, log: &str) -> f64 {
    let mut sources = Sources::default();
    let (loaded, findings) = model::load(&["bench.treaty".to_owned()], &mut One(treaty), &mut sources);
    assert!(findings.is_empty(), "{findings:?}");
    let (program, findings) = model::build(&loaded);
    assert!(findings.is_empty(), "{findings:?}");
    let source = sources.add("bench.jsonl", log);
    let (log, findings) = event::read(&program, source, log.as_bytes(), Options::default());
    assert!(findings.is_empty(), "{findings:?}");
    let times = (0..7).map(|_| {
        let start = Instant::now();
        let mut verdicts = 0;
        monitor::replay_into(&program, &log, None, &mut |_, _| verdicts += 1);
        assert!(verdicts > 0);
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

const WORDS: &str = "party A party B event ask { id_of: text  on: number } event answer { by: party  to: text }\n";
const DUTY: &str = "article 1 { when ask(on: 0) as q  A shall answer(to: q.id_of) within 1 hour }\n";

/// Questions and answers a second apart; `open` questions at the start that nobody answers for years.
fn log(open: usize) -> String {
    let stamp = |second: usize| {
        format!(
            "2026-01-{:02}T{:02}:{:02}:{:02}Z",
            1 + second / 86_400,
            second / 3_600 % 24,
            second / 60 % 60,
            second % 60
        )
    };
    let mut text = String::new();
    for number in 0..open {
        text += &format!("{{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"ask\",\"id_of\":\"open{number}\",\"on\":1}}\n");
    }
    for second in 0..EVENTS / 2 {
        let (asked, answered) = (stamp(2 * second), stamp(2 * second + 1));
        text += &format!("{{\"at\":\"{asked}\",\"kind\":\"ask\",\"id_of\":\"q{second}\",\"on\":0}}\n");
        text += &format!("{{\"at\":\"{answered}\",\"kind\":\"answer\",\"by\":\"A\",\"to\":\"q{second}\"}}\n");
    }
    text
}

fn main() {
    let plain = log(0);
    let baseline = time(format!("{WORDS}{DUTY}"), &plain);
    println!("baseline: {EVENTS} events, 1 article, {:.0} ns an event", baseline * 1e9 / EVENTS as f64);

    let others: String = (2..10_002)
        .map(|n| format!("article {n} {{ when ask(on: {n}) as q  B shall answer(to: q.id_of) within 1 hour }}\n"))
        .collect();
    let many = time(format!("{WORDS}{DUTY}{others}"), &plain);
    println!("with 10,000 articles that no event concerns: {:.2} times the baseline", many / baseline);

    let waiting =
        format!("{WORDS}{DUTY}article 2 {{ when ask(on: 1) as q  A shall answer(to: q.id_of) within 9 years }}\n");
    let crowd = log(100_000);
    let pending = time(waiting.clone(), &crowd);
    let alone = {
        let only: String = crowd.lines().take(100_000).map(|line| format!("{line}\n")).collect();
        time(waiting, &only)
    };
    println!(
        "beside 100,000 pending duties that no event concerns: {:.2} times the baseline",
        (pending - alone) / baseline
    );
}
