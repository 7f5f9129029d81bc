//! A replay that is stopped anywhere, saved, and gone on with, equals the whole.

use proptest::prelude::*;
use servanda::event::{self, Batch, Cutter, Parser, Reader};
use servanda::model::Program;
use servanda::monitor::Monitor;
use servanda::semantics::Options;
use servanda::source::{SourceId, Sources};

use super::made_up::{self, Dice, Liberties, Matter};
use super::support::law_cases;

/// What a replay tells of a log that is read a line at a time; saved, and gone on with, wherever chance has it so.
fn told(
    program: &Program,
    options: Options,
    source: SourceId,
    lines: &[String],
    mut dice: Option<Dice>,
) -> Vec<String> {
    let reading = event::Options { may_be_empty: true, ..event::Options::default() };
    let parser = Parser::new(program, reading);
    let mut reader = Reader::new(program, reading, source);
    let mut cutter = Cutter::default();
    let mut monitor = Monitor::new(program, options);
    let mut lines_told = Vec::new();
    let mut tell = |_: &event::Log, number: usize, verdict| lines_told.push(format!("{number} {verdict:?}"));
    for line in lines {
        let mut buffer = cutter.buffer();
        buffer.extend_from_slice(line.as_bytes());
        buffer.push(b'\n');
        let mut batch = Batch::default();
        parser.parse(cutter.cut(buffer, false).unwrap(), &mut batch);
        monitor.add(|log| reader.add(batch, log), &mut tell);
        if dice.as_mut().is_some_and(|dice| dice.one_in(3)) {
            monitor.forget();
            let state = monitor.save().unwrap();
            monitor = Monitor::resume(program, options, &state).unwrap();
        }
    }
    monitor.add(|log| reader.flush(log), &mut tell);
    monitor.finish(&mut tell);
    lines_told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: law_cases(150), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_that_is_saved_and_gone_on_with_equals_the_whole(seed in any::<u64>()) {
        let text = made_up::text(&made_up::treaty(seed));
        let (program, findings, mut sources) = made_up::checked(&text);
        if !made_up::is_whole(&findings) || made_up::takes_long(&program) {
            return Ok(());
        }
        let mut dice = Dice::of(seed);
        let matter = Matter::of(&text, &program);
        let liberties = Liberties { uncertain: seed % 2 == 0, reported: false };
        let mut lines = made_up::lines(&program, &matter, liberties, &mut dice);
        let Some(log) = made_up::read(&program, &lines.join("\n"), &mut sources) else { return Ok(()) };
        // A stream is in order of time.
        lines = log.events.iter().filter_map(|event| lines.get(event.line - 1).cloned()).collect();
        let source = Sources::default().add("made-up.jsonl", "");
        let whole = told(&program, Options::default(), source, &lines, None);
        let resumed = told(&program, Options::default(), source, &lines, Some(dice));
        prop_assert_eq!(whole, resumed, "{}\n{}", text, lines.join("\n"));
    }
}
