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

fn said(treaty: &str) -> Vec<String> {
    made_up::checked(treaty).1.into_iter().map(|finding| finding.message).collect()
}

// An article that could not be read is left out, and others mean the ones that come after it.
#[test]
fn what_an_unread_article_leaves_is_checked() {
    let treaty = "party A event hit event act { by: party } article 1 { when article 2 is breached A shall act }
        article 2 { when hit while in breach of article 3 A shall not act }
        article 3 { when hit A shall not act nonsense }";
    assert!(!said(treaty).is_empty());
}

// An effect is met at once, and what is triggered by its own trigger too starts itself.
#[test]
fn rings_of_effects_and_of_one_of_several_are_refused() {
    let words = "party A event hit event act { by: party } ";
    let effects = "article 1 { when hit, article 1 is excused }
        article 2 { when article 1 is met or article 2 is met, article 1 is excused }";
    assert_eq!(said(&format!("{words}{effects}")), ["article 2 triggers itself at once, without end"]);
    let itself = "article 1 { when hit or article 1 is triggered A shall act within 1 day }";
    assert_eq!(said(&format!("{words}{itself}")), ["article 1 triggers itself at once, without end"]);
    let ends =
        "article 1 { when hit, article 1 is excused } article 2 { when article 1 is met or hit, article 1 is excused }";
    assert!(said(&format!("{words}{ends}")).is_empty());
}

#[test]
fn a_header_may_ask_states_of_something() {
    let treaty = "party A event hit { by: party } event act { by: party } state s1(x: party) { begins on hit(by: x) }
        treaty t { in force on s1(A) begins } article 1 { when hit A shall act }";
    assert!(said(treaty).is_empty(), "{:?}", said(treaty));
}

// What a term binds for itself is nobody else's concern, whatever it is joined with.
#[test]
fn a_term_may_be_one_of_several() {
    let words =
        "party A event hit { by: party  n: number } event act { by: party } term w0 means hit as z where z.n > 3 ";
    for trigger in ["w0 or act as a", "act or w0", "w0 or w0"] {
        let treaty = format!("{words} article 1 {{ when {trigger} A shall act within 1 day }}");
        assert!(said(&treaty).is_empty(), "{trigger}: {:?}", said(&treaty));
    }
}
