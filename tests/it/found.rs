//! What chance has found, kept: each treaty of `tests/found` with the log beside it, whose first line says what it showed.

use std::fs;

use servanda::semantics::{Options, Standard};

use super::generated::{Question, both_say_the_same, decided_is_final};
use super::made_up;
use super::support::root;

// Up to every instant of its log, to the end and past it, both semantics say the same, and what was decided stays so.
#[test]
fn what_was_found_holds() {
    for entry in fs::read_dir(root("tests/found")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "treaty") {
            continue;
        }
        let treaty = fs::read_to_string(&path).unwrap();
        assert!(treaty.starts_with("// "), "{} does not say what it showed", path.display());
        let (program, findings, mut sources) = made_up::checked(&treaty);
        assert!(made_up::is_whole(&findings), "{}", path.display());
        let lines = fs::read_to_string(path.with_extension("jsonl")).unwrap();
        let log = made_up::read(&program, &lines, &mut sources).unwrap();
        let instants: Vec<_> = log.events.iter().map(|event| event.at).collect();
        let last = *instants.last().unwrap();
        let past = last.plus_micros(40 * 86_400 * 1_000_000);
        for cut in instants.into_iter().flat_map(|at| [at.plus_micros(-1), at, at.plus_micros(1)]) {
            for (until, standard) in [
                (None, Standard::Established),
                (Some(cut), Standard::Established),
                (Some(past), Standard::Established),
                (None, Standard::Alleged),
            ] {
                let cut = cut.min(until.unwrap_or(last));
                let question = Question { options: Options { until, known_at: None, standard }, cut };
                let wrong = both_say_the_same(&program, &log, &question);
                let wrong = wrong.or_else(|| decided_is_final(&program, &log, &question));
                assert!(wrong.is_none(), "{}: {}", path.display(), wrong.unwrap());
            }
        }
    }
}
