//! What is told while a replay goes on, put together, is what the whole comes to.

use std::collections::BTreeMap;

use proptest::prelude::*;
use servanda::event::{self, Batch, Cutter, Log, Parser, Reader};
use servanda::model::Program;
use servanda::monitor::{self, Monitor};
use servanda::semantics::{self, Options};
use servanda::source::{SourceId, Sources};
use servanda::verdict::{Breach, Verdict};

use super::generated::{LOGS, question};
use super::made_up::{self, Dice, Liberties, Matter};
use super::support::law_cases;

/// What is told of each duty, in order.
type Told = BTreeMap<usize, Vec<Verdict>>;

/// What a monitor tells that is given a line at a time, and forgets what it can after each.
fn line_by_line(program: &Program, lines: &[String], options: Options) -> Told {
    let reading = event::Options { may_be_empty: true, ..event::Options::default() };
    let parser = Parser::new(program, reading);
    let source: SourceId = Sources::default().add("made-up.jsonl", "");
    let mut reader = Reader::new(program, reading, source);
    let mut cutter = Cutter::default();
    let mut monitor = Monitor::new(program, options);
    let mut told = Told::new();
    let mut tell = |_: &Log, number: usize, verdict| told.entry(number).or_default().push(verdict);
    for line in lines {
        let mut buffer = cutter.buffer();
        buffer.extend_from_slice(line.as_bytes());
        buffer.push(b'\n');
        let mut batch = Batch::default();
        parser.parse(cutter.cut(buffer, false).unwrap(), &mut batch);
        monitor.add(|log| reader.add(batch, log), &mut tell);
        monitor.forget();
    }
    monitor.add(|log| reader.flush(log), &mut tell);
    monitor.finish(&mut tell);
    told
}

/// What is told of a log that is there as a whole.
fn at_once(program: &Program, log: &Log, options: &Options) -> Told {
    let mut told = Told::new();
    monitor::replay_into(program, log, options, &mut |_, number, verdict| {
        told.entry(number).or_default().push(verdict)
    });
    told
}

/// What all lines on a duty come to: the last, with the breaches of all of them, and the acts that were breaches.
fn put_together(program: &Program, lines: Vec<Verdict>) -> Option<Verdict> {
    let breaches: Vec<Breach> = lines.iter().flat_map(|line| line.breaches.clone()).collect();
    let acts = lines.iter().flat_map(|line| line.acts.clone()).collect();
    let mut last = lines.into_iter().next_back()?;
    if program.articles.at(last.article).norm.forbids() {
        last.acts = acts;
    }
    last.breaches = breaches;
    Some(last)
}

/// A verdict as it can be told: when a lapse ended is not known yet when its breach is told, and what turns out later to
/// have been in time has been told as broken.
fn shown(mut verdict: Verdict) -> String {
    verdict.breaches.iter_mut().filter(|breach| breach.since.is_some()).for_each(|breach| breach.until = None);
    if verdict.revised {
        verdict.breaches.clear();
    }
    format!("{verdict:#?}")
}

fn differs(program: &Program, whole: &[Verdict], told: Told) -> Option<String> {
    let numbers = told.keys().copied().eq(0..whole.len());
    if !numbers {
        return Some(format!("{} verdicts, told of are {:?}", whole.len(), told.keys()));
    }
    told.into_iter().zip(whole).find_map(|((number, lines), verdict)| {
        let most = lines.len();
        let (found, wanted) = (shown(put_together(program, lines)?), shown(verdict.clone()));
        (found != wanted).then(|| format!("number {number}, told in {most} lines: {found}\nrather than {wanted}"))
    })
}

fn what_is_wrong(treaty: &str, lines: &[String], options: &Options) -> Option<String> {
    let (program, findings, mut sources) = made_up::checked(treaty);
    if !made_up::is_whole(&findings) || made_up::takes_long(&program) {
        return None;
    }
    let log = made_up::read(&program, &lines.join("\n"), &mut sources)?;
    // A stream is in order of time.
    let lines: Vec<_> = log.events.iter().filter_map(|event| lines.get(event.line - 1).cloned()).collect();
    made_up::guarded(|| {
        let whole = semantics::verdicts(&program, &log, options);
        let told = differs(&program, &whole, at_once(&program, &log, options)).map(|it| format!("at once: {it}"));
        told.or_else(|| differs(&program, &whole, line_by_line(&program, &lines, *options)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: law_cases(150), failure_persistence: None, ..ProptestConfig::default() })]

    // what is told of log[..1], log[..2], … = semantics(log)
    #[test]
    fn what_is_told_on_the_way_is_what_it_comes_to(seed in any::<u64>().no_shrink()) {
        let treaty = made_up::treaty(seed);
        let text = made_up::text(&treaty);
        let (program, findings, mut sources) = made_up::checked(&text);
        if !made_up::is_whole(&findings) || made_up::takes_long(&program) {
            return Ok(());
        }
        let matter = Matter::of(&text, &program);
        for number in 0..LOGS {
            let mut dice = Dice::of(seed.rotate_left(29) ^ number);
            let liberties = Liberties { uncertain: number == 3, reported: number % 2 == 1 };
            let lines = made_up::lines(&program, &matter, liberties, &mut dice);
            let log = made_up::read(&program, &lines.join("\n"), &mut sources).unwrap();
            let Some(question) = question(&log, &matter, &mut dice) else { continue };
            let options = question.options;
            if what_is_wrong(&text, &lines, &options).is_none() {
                continue;
            }
            let wrong = |treaty: &str, log: &str| {
                let lines: Vec<_> = log.lines().map(str::to_owned).collect();
                what_is_wrong(treaty, &lines, &options)
            };
            let (treaty, log) = made_up::smallest(treaty, lines, &|treaty, log| wrong(treaty, log).is_some());
            panic!("seed {seed}: {}\n\n{treaty}\n{log}\n{options:?}", wrong(&treaty, &log).unwrap_or_default());
        }
    }
}
