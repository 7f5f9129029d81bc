//! Bad input gets one clear diagnostic, on standard error, and exit code 2. The snapshots show the input beside it.

use std::fs;

use super::command_line::{folder, run, text};

const PACT: &str = "treaty pact { time zone Europe/Kyiv }
party Russia also \"RUS\"
party Italy
place Odesa
event attack { by: party  place: place? }
event consult { by: party  on: attack? }
article 1 { when attack(by: Russia) as a  Italy shall consult(on: a) within 24 hours }
";

/// Replays a log against a treaty and shows what was said; standard output stays empty, and nothing panics.
fn said(name: &str, treaty: &[u8], log: &[u8]) -> String {
    let folder = folder(&format!("bad-{name}"));
    fs::write(folder.join("pact.treaty"), treaty).unwrap();
    fs::write(folder.join("log.jsonl"), log).unwrap();
    let output = run(&folder, &["replay", "pact.treaty", "log.jsonl"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr)
}

/// The number of diagnostics in what was said.
fn diagnostics(said: &str) -> usize {
    said.lines().filter(|line| line.starts_with("  × ")).count()
}

fn show(treaty: &[u8], log: &[u8], said: &str) -> String {
    let treaty = String::from_utf8_lossy(treaty);
    let log = String::from_utf8_lossy(log);
    format!("{treaty}---- log.jsonl\n{log}\n---- said\n{said}")
}

macro_rules! bad {
    ($($(#[$why:meta])* $name:ident: $treaty:expr, $log:expr;)*) => {$(
        $(#[$why])*
        #[test]
        fn $name() {
            let (treaty, log) = ($treaty, $log);
            let (treaty, log): (&[u8], &[u8]) = (treaty.as_ref(), log.as_ref());
            let said = said(stringify!($name), treaty, log);
            assert_eq!(diagnostics(&said), 1, "{said}");
            insta::assert_snapshot!(show(treaty, log, &said));
        }
    )*};
}

const ATTACK: &str = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"RUS"}"#;

bad! {
    empty_treaty: "// nothing yet\n", ATTACK;
    empty_log: PACT, "\n";
    broken_article_among_good_ones: PACT.replace(
        "article 1 {",
        "article 2 { when attack as a  Italy shal consult within 24 hours }\narticle 1 {",
    ), ATTACK;
    unknown_party_in_a_clause: PACT.replace("by: Russia)", "by: Rusia)"), ATTACK;
    unknown_party_in_a_log: PACT, ATTACK.replace("RUS", "RUSS");
    unknown_kind_in_a_log: PACT, ATTACK.replace("attack", "atack");
    unknown_place_in_a_log: PACT, ATTACK.replace("}", r#","place":"Odessa"}"#);
    missing_field: PACT, r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a"}"#;
    missing_time: PACT, r#"{"kind":"attack","by":"Russia"}"#;
    local_time_that_does_not_exist: PACT, ATTACK.replace("2026-01-01T00:00:00Z", "2026-03-29T03:30:00");
    local_time_that_occurs_twice: PACT, ATTACK.replace("2026-01-01T00:00:00Z", "2026-10-25T03:30:00");
    interval_that_ends_before_it_begins: PACT, ATTACK.replace("2026-01-01T00:00:00Z", "2026-01-02/2026-01-01");
    two_events_with_one_id: PACT, format!("{ATTACK}\n{ATTACK}");
    reference_to_an_unknown_id: PACT, r#"{"at":"2026-01-01T00:00:00Z","kind":"consult","by":"Italy","on":"b"}"#;
    reference_to_a_later_event: PACT, format!(r#"{{"at":"2025-01-01T00:00:00Z","kind":"consult","by":"Italy","on":"a"}}
{ATTACK}"#);
    reference_to_an_event_of_another_kind: PACT, r#"{"at":"2026-01-01T00:00:00Z","kind":"consult","id":"c","by":"Italy"}
{"at":"2026-01-01T00:00:00Z","kind":"consult","by":"Italy","on":"c"}"#;
    invalid_utf8_in_a_log: PACT, b"{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"attack\",\"by\":\"Russ\xFFa\"}";
    invalid_utf8_in_a_treaty: b"party Italy\nparty Fran\xE7e\n", ATTACK;
    truncated_json_on_the_last_line: PACT, format!("{ATTACK}\n{}", &ATTACK[..40]);
    malformed_json: PACT, format!("{{\"at\":}}\n{ATTACK}");
    a_line_that_is_no_object: PACT, "[1, 2]\n";
    zero_delay_cycle: PACT.replace(
        "article 1 {",
        "article 2 { when article 3 is triggered as b  Italy shall consult within 24 hours }
article 3 { when article 2 is triggered as b  Italy shall consult within 48 hours }
article 1 {",
    ), ATTACK;
}

#[test]
fn missing_files() {
    let folder = folder("bad-missing");
    fs::write(folder.join("pact.treaty"), "use \"words.treaty\"\nparty Italy\n").unwrap();
    let mut shown = String::new();
    for arguments in [
        ["replay", "no-such.treaty", "log.jsonl"],
        ["replay", "pact.treaty", "log.jsonl"],
        ["check", ".", "pact.treaty"],
    ] {
        let output = run(&folder, &arguments);
        assert_eq!(output.status.code(), Some(2));
        shown += &format!("$ servanda {}\n{}", arguments.join(" "), text(&output.stderr));
    }
    fs::write(folder.join("pact.treaty"), PACT).unwrap();
    let output = run(&folder, &["replay", "pact.treaty", "no-such.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    shown += &format!("$ servanda replay pact.treaty no-such.jsonl\n{}", text(&output.stderr));
    insta::assert_snapshot!(shown);
}

// A broken article does not hide the others: eleven mistakes, eleven diagnostics, in one run.
// Ten mistakes in the larger constructs of the language, all found in one run.
#[test]
fn ten_mistakes_of_other_kinds_are_ten_diagnostics() {
    let treaty = r#"treaty pact { in force from 2026-01-01 until 2025-01-01 }
party Italy
party France
group Guarantors { Italy, France }
place Odesa
unit USD
unit soldiers
event attack { by: party, place: place? }
event vote { by: party, on: attack }
event deliver { by: party, value: USD }
event deploy { by: party, place: place, strength: soldiers }
state present(p: party, z: place) { begins on deploy(by: p, place: z) }
tally troops(z: place) in soldiers { adds deploy(place: z).strength }

article 1 { when attack as a Guarantors shall decide on a by majority of vote(on: a) within 3 days }
article 2 { when article 1 is adopted or attack as x Italy shall deliver totalling at least 5 soldiers of value within 1 year }
article 3 { Italy shall keep troops(Odesa) >= 100 USD }
article 4 { Italy shall keep present(Odesa, Italy) }
article 5 { when attack, article 4 is lifted }
article 6 { when expirey Italy shall deliver within 3 days }
article 7 { nobody named may deliver }
article 8 { when signing Italy shall deliver within [24 hours | 24 hours (France)] }
scenario "nothing" { starts 2026-01-01 +1h attack(by: Germany) }
"#;
    let case = super::support::case(treaty, "");
    let mut names: Vec<_> = case.findings.iter().map(|finding| finding.code.name()).collect();
    insta::assert_snapshot!(format!("{treaty}\n{}", case.reported()));
    names.sort_unstable();
    names.dedup();
    assert!(names.len() >= 10, "{names:?}");
}

#[test]
fn eleven_mistakes_are_eleven_diagnostics() {
    let treaty = r#"treaty pact { time zone Europe/Kiew }
party Italy
group G { Italy, Frnace }
place Odesa within Ukraine
event attack { by: party  means: missile | drone  value: EUR? }
event consult { by: party  on: attack? }
article 1 { when attack(means: rocket) as a  Italy shall consult(on: a) within 24 hours }
article 2 { when attack as a  Italy shall consult(about: a) within 24 hours }
article 3 { when atack as a  Italy shall consult within 24 hours }
article 4 { when attack as a  G shall consult within 24 hours }
article 5 { when attack as a  Italy shall consult within 24 huors }
article 6 { when article 9 is breached as b  Italy shall consult for 24 hours }
"#;
    let said = said("eleven", treaty.as_bytes(), ATTACK.as_bytes());
    assert_eq!(diagnostics(&said), 11, "{said}");
    insta::assert_snapshot!(show(treaty.as_bytes(), ATTACK.as_bytes(), &said));
}

// `--keep-going` replays the rest and counts what was set aside.
#[test]
fn wrong_lines_can_be_set_aside() {
    let folder = folder("bad-keep-going");
    fs::write(folder.join("pact.treaty"), PACT).unwrap();
    let log = format!(
        "{ATTACK}\n{{\"at\":\"2026-01-01T01:00:00Z\",\"kind\":\"consult\",\"by\":\"Itly\"}}\n{{\"at\":\"2026-01-05T00:00:00Z\",\"kind\":\"weather\"}}\n"
    );
    fs::write(folder.join("log.jsonl"), log).unwrap();
    let output = run(
        &folder,
        &["replay", "pact.treaty", "log.jsonl", "--keep-going", "--ignore-unknown", "--until", "2026-01-03"],
    );
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(format!("{}{}", text(&output.stderr), text(&output.stdout)));
}

// `--strict` refuses fields that the event does not declare; without it they are ignored.
#[test]
fn undeclared_fields_are_refused_where_that_is_asked_for() {
    let folder = folder("bad-strict");
    fs::write(folder.join("pact.treaty"), PACT).unwrap();
    fs::write(folder.join("log.jsonl"), ATTACK.replace('}', r#","plaice":"Odesa"}"#)).unwrap();
    assert_eq!(run(&folder, &["replay", "pact.treaty", "log.jsonl"]).status.code(), Some(0));
    let output = run(&folder, &["replay", "pact.treaty", "log.jsonl", "--strict"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(text(&output.stderr));
}
