//! The commands as a user runs them: what they print, and the exit codes that scripts rely on.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::support::root;

/// A folder of its own for a test, made anew.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the program in a folder, with a text on its standard input.
pub fn run_with(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_servanda"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    run_with(folder, arguments, b"")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const PACT: &str = "party Italy
event attack {}
event consult { by: party }
article 1 { when attack  Italy shall consult within 24 hours }
";
const KEPT: &str = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack"}
{"at":"2026-01-01T12:00:00Z","kind":"consult","by":"Italy"}
"#;
const BROKEN: &str = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack"}
{"at":"2026-01-03T00:00:00Z","kind":"consult","by":"Italy"}
"#;

fn pact(name: &str) -> PathBuf {
    let folder = folder(name);
    fs::write(folder.join("pact.treaty"), PACT).unwrap();
    fs::write(folder.join("kept.jsonl"), KEPT).unwrap();
    fs::write(folder.join("broken.jsonl"), BROKEN).unwrap();
    folder
}

// 0 clean, 1 breaches, 2 bad input or usage.
#[test]
fn exit_codes() {
    let folder = pact("exit-codes");
    let code = |arguments: &[&str]| run(&folder, arguments).status.code().unwrap();
    assert_eq!(code(&["check", "pact.treaty"]), 0);
    assert_eq!(code(&["replay", "pact.treaty", "kept.jsonl"]), 0);
    assert_eq!(code(&["replay", "pact.treaty", "broken.jsonl"]), 1);
    // Until the second day nothing is due yet: the duty is pending.
    assert_eq!(code(&["replay", "pact.treaty", "broken.jsonl", "--until", "2026-01-02"]), 0);
    assert_eq!(code(&["replay", "pact.treaty", "broken.jsonl", "--until", "2026-01-02T00:00:01Z"]), 1);
    assert_eq!(code(&["replay", "pact.treaty", "broken.jsonl", "--until", "tomorrow"]), 2);
    assert_eq!(code(&["replay", "pact.treaty"]), 2);
    assert_eq!(code(&["replay", "pact.treaty", "no-such.jsonl"]), 2);
    assert_eq!(code(&["check", "no-such.treaty"]), 2);
    assert_eq!(code(&["check"]), 2);
    assert_eq!(code(&["frobnicate"]), 2);
    assert_eq!(code(&["explain", "breached"]), 0);
    assert_eq!(code(&["explain", "breeched"]), 2);
    assert_eq!(code(&["--help"]), 0);
}

#[test]
fn explain_prints_a_page_and_lists_them_all() {
    let folder = pact("explain");
    assert!(text(&run(&folder, &["explain", "unknown-party"]).stdout).starts_with("# unknown-party\n"));
    assert!(text(&run(&folder, &["explain", "unknown-praty"]).stderr).contains("did you mean `unknown-party`?"));
    let list = text(&run(&folder, &["explain"]).stdout);
    assert_eq!(list.lines().count(), servanda::finding::Code::ALL.len());
}

// `-` is standard input; a log may be gzipped, there too.
#[test]
fn a_log_may_come_from_standard_input_and_gzipped() {
    let folder = pact("input");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(BROKEN.as_bytes()).unwrap();
    let zipped = encoder.finish().unwrap();
    fs::write(folder.join("broken.jsonl.gz"), &zipped).unwrap();
    let plain = text(&run(&folder, &["replay", "pact.treaty", "broken.jsonl", "--format", "json"]).stdout);
    let others = [
        run(&folder, &["replay", "pact.treaty", "broken.jsonl.gz", "--format", "json"]),
        run_with(&folder, &["replay", "pact.treaty", "-", "--format", "json"], BROKEN.as_bytes()),
        run_with(&folder, &["replay", "pact.treaty", "-", "--format", "json"], &zipped),
    ];
    for other in others {
        assert_eq!(text(&other.stdout), plain);
        assert_eq!(other.status.code(), Some(1));
    }
    let damaged = run_with(&folder, &["replay", "pact.treaty", "-"], &zipped[..zipped.len() / 2]);
    assert_eq!(damaged.status.code(), Some(2));
    assert!(text(&damaged.stderr).contains("gzipped, and damaged"));
}

// The document and the lines say the same, and every verdict has the fields that `docs/verdicts.md` promises.
#[test]
fn json_has_the_fields_that_the_schema_promises() {
    let folder = pact("json");
    let output = run(&folder, &["replay", "pact.treaty", "broken.jsonl", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["schema"], "servanda.replay/1");
    assert_eq!(document["summary"]["late"], 1);
    let verdict = &document["verdicts"][0];
    let expected = serde_json::json!({
        "number": 0, "treaty": "pact", "article": "1", "by": "Italy", "owed_to": null, "status": "late",
        "trigger": {"on": "event", "kind": "attack", "id": "#1", "line": 1, "at": "2026-01-01T00:00:00Z"},
        "opens": null, "due": "2026-01-02T00:00:00Z", "at": "2026-01-03T00:00:00Z", "breached_at": "2026-01-02T00:00:00Z",
        "breaches": [{"at": "2026-01-02T00:00:00Z", "by": ["Italy"]}],
        "acts": [{"kind": "consult", "id": "#2", "line": 2, "at": "2026-01-03T00:00:00Z"}], "blamed": ["Italy"],
    });
    assert_eq!(*verdict, expected);
    let lines = text(&run(&folder, &["replay", "pact.treaty", "broken.jsonl", "--format", "jsonl"]).stdout);
    // The breach is told when the day is over, and again what came of it: the breach itself is told once.
    let (first, second) = lines.trim().split_once('\n').unwrap();
    let first: serde_json::Value = serde_json::from_str(first).unwrap();
    assert_eq!((&first["status"], &first["breaches"]), (&"breached".into(), &expected["breaches"]));
    let mut expected = expected;
    expected["breaches"] = serde_json::json!([]);
    expected["breached_at"] = serde_json::Value::Null;
    let mut line: serde_json::Value = serde_json::from_str(second).unwrap();
    assert_eq!(line.as_object_mut().unwrap().remove("schema").unwrap(), "servanda.verdict/1");
    assert_eq!(line, expected);
}

const EVERYTHING: &str = r#"treaty everything { in force from 2026-01-01 for 1 year }
party A
party B
party C
group G { A, B }
unit USD
event go {}
event truce {}
event war {}
event act { by: party }
event pay { by: party  value: USD }
event vote { by: party  choice: favour | against | abstain }
event fly { by: party } established by find(of: it)
event find { of: fly }
state ceasefire { begins on truce  ends on war }
article keep { A shall keep not ceasefire with 1 day grace }
article total { when go A shall pay totalling at least 10 USD of value within 5 days }
article decide { when go as g G shall decide on g by majority of vote within 1 day }
article read { when go A shall act forthwith read as 10 days suspended while ceasefire }
article target { when go A shall act within 1 day where possible }
article early { when go A shall act between 20 days and 30 days }
article passive { when go nobody named shall act within 1 day }
article turn { when ceasefire ends B shall act within 30 days }
article tick { every 6 months from 2026-02-01 A may act }
article proven { when go C shall not fly for 1 day }
"#;

// Every key that `docs/verdicts.md` promises of a construct is there with it, and absent without.
#[test]
fn json_tells_of_every_construct() {
    let folder = folder("everything");
    fs::write(folder.join("t.treaty"), EVERYTHING).unwrap();
    let log = r#"{"at":"2026-01-02T00:00:00Z","kind":"go"}
{"at":"2026-01-02T12:00:00Z","kind":"fly","id":"drone","by":"C"}
{"at":"2026-01-02T13:00:00Z","kind":"vote","by":"C","choice":"favour"}
{"at":"2026-01-03T00:00:00Z","kind":"pay","by":"A","value":4.5}
{"at":"2026-01-05T00:00:00Z","kind":"truce"}
{"at":"2026-01-07T00:00:00Z","kind":"war"}
{"at":"2026-01-08T00:00:00Z","kind":"find","of":"drone"}
{"at":"2026-01-09","kind":"act","by":"A"}
{"at":"2026-02-02T00:00:00Z","kind":"pay","by":"A","value":5.5}
"#;
    fs::write(folder.join("l.jsonl"), log).unwrap();
    let output = run(&folder, &["replay", "t.treaty", "l.jsonl", "--format", "json"]);
    assert_eq!(text(&output.stderr), "");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = |article: &str| {
        let verdicts = document["verdicts"].as_array().unwrap();
        verdicts.iter().find(|verdict| verdict["article"] == article).unwrap().clone()
    };
    let keep = serde_json::json!([
        {"at": "2026-01-06T00:00:00Z", "by": ["A"], "since": "2026-01-05T00:00:00Z", "until": "2026-01-07T00:00:00Z"}
    ]);
    assert_eq!(found("keep")["breaches"], keep);
    assert_eq!(found("keep")["trigger"]["on"], "entry into force");
    assert_eq!(found("total")["shortfall"], serde_json::json!({"reached": "4.5", "needed": "10", "unit": "USD"}));
    assert_eq!(found("total")["at"], "2026-02-02T00:00:00Z");
    assert_eq!((&found("decide")["status"], &found("decide")["outcome"]), (&"breached".into(), &"lapsed".into()));
    assert_eq!(found("read")["reading"], "forthwith read as 10 days");
    let stops = serde_json::json!([{"from": "2026-01-05T00:00:00Z", "until": "2026-01-07T00:00:00Z"}]);
    assert_eq!(found("read")["stops"], stops);
    assert_eq!(found("read")["acts"][0]["at"], "2026-01-09T00:00:00Z");
    assert_eq!(found("read")["acts"][0]["latest"], "2026-01-10T00:00:00Z");
    assert_eq!(found("target")["target"], "2026-01-03T00:00:00Z");
    assert_eq!(found("early")["premature"][0]["kind"], "act");
    assert_eq!((&found("passive")["unassigned"], &found("passive")["by"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(
        (&found("turn")["trigger"]["on"], &found("turn")["trigger"]["state"]),
        (&"state".into(), &"ceasefire ends".into())
    );
    assert_eq!(found("tick")["trigger"]["on"], "clock");
    assert_eq!(found("proven")["revised"], true);
    assert_eq!(found("proven")["breaches"][0]["act"]["id"], "drone");
    assert_eq!(document["summary"]["invalid exercise"], 1);
    let sparse = ["unassigned", "outcome", "revised", "target", "reading", "stops", "shortfall", "premature", "reason"];
    assert!(sparse.iter().all(|key| found("turn").get(key).is_none()), "{}", found("turn"));
    let promised = fs::read_to_string(root("docs/verdicts.md")).unwrap();
    for verdict in document["verdicts"].as_array().unwrap() {
        for key in verdict.as_object().unwrap().keys() {
            assert!(promised.contains(&format!("`{key}`")), "docs/verdicts.md does not tell of `{key}`");
        }
    }
}

// Whoever uses a power without having it makes the exit code 1; what cannot be told does not.
#[test]
fn an_invalid_exercise_is_told_by_the_exit_code() {
    let folder = folder("invalid");
    let treaty = "party A party B event go {} event pay { by: party } event waive { by: party }
        article 1 { when go A shall pay within 1 day }
        article 2 { when go B may waive whereupon article 1 is excused }";
    fs::write(folder.join("t.treaty"), treaty).unwrap();
    let run = |log: &str| {
        let log = format!("{{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"go\"}}\n{log}\n");
        run_with(&folder, &["replay", "t.treaty", "-", "--until", "2026-01-02T12:00:00Z"], log.as_bytes())
    };
    let stranger = run(r#"{"at":"2026-01-01T01:00:00Z","kind":"waive","by":"A"}"#);
    assert_eq!(stranger.status.code(), Some(1));
    assert!(text(&stranger.stdout).contains("A used a power that it does not have: `waive`"));
    let holder = run(r#"{"at":"2026-01-01T01:00:00Z","kind":"waive","by":"B"}"#);
    assert_eq!(holder.status.code(), Some(0));
    let untold = run(r#"{"at":"2026-01-01T12:00:00Z/2026-01-02T12:00:00Z","kind":"pay","by":"A"}"#);
    assert!(text(&untold.stdout).contains("indeterminate"), "{}", text(&untold.stdout));
    assert_eq!(untold.status.code(), Some(0));
}

// Verdicts come out as they become certain: the prohibition that ends first is told first.
#[test]
fn lines_come_as_verdicts_become_certain() {
    let folder = folder("certain");
    let treaty = "party A event go {} event stop { by: party } event fly { by: party }
        article slow { when go A shall stop within 9 hours }
        article fast { when go A shall not fly for 1 hour }";
    fs::write(folder.join("t.treaty"), treaty).unwrap();
    let log = "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"go\"}\n{\"at\":\"2026-01-01T03:00:00Z\",\"kind\":\"stop\",\"by\":\"A\"}\n";
    let output = run_with(&folder, &["replay", "t.treaty", "-", "--format", "jsonl"], log.as_bytes());
    let articles: Vec<_> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["article"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(articles, ["fast", "slow"]);
}

// A reader that goes away is no error, and no panic.
#[test]
fn a_closed_pipe_ends_the_output_quietly() {
    let folder = pact("pipe");
    let log: String = (0..20_000)
        .map(|n| {
            format!("{{\"at\":\"2026-01-01T{:02}:{:02}:{:02}Z\",\"kind\":\"attack\"}}\n", n / 3600, n / 60 % 60, n % 60)
        })
        .collect();
    fs::write(folder.join("long.jsonl"), log).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_servanda"))
        .args(["replay", "pact.treaty", "long.jsonl", "--format", "jsonl"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

// Colour only where it is asked for: a pipe gets none.
#[test]
fn a_pipe_gets_no_colour() {
    let folder = pact("colour");
    let output = run(&folder, &["replay", "pact.treaty", "broken.jsonl"]);
    assert!(!output.stdout.contains(&0x1b));
    let forced = Command::new(env!("CARGO_BIN_EXE_servanda"))
        .args(["replay", "pact.treaty", "broken.jsonl"])
        .current_dir(&folder)
        .env("CLICOLOR_FORCE", "1")
        .env_remove("NO_COLOR")
        .output()
        .unwrap();
    assert!(forced.stdout.contains(&0x1b));
}

// Two treaties at once, and the file that both use.
#[test]
fn several_treaties_share_a_vocabulary_and_follow_one_another() {
    let folder = folder("several");
    fs::create_dir(folder.join("words")).unwrap();
    fs::write(folder.join("words/common.treaty"), "party A party B event go { by: party } event stop { by: party }")
        .unwrap();
    fs::write(
        folder.join("first.treaty"),
        "use \"words/common.treaty\" treaty first {} article 1 { when go A shall stop within 1 hour }",
    )
    .unwrap();
    fs::write(
        folder.join("second.treaty"),
        "use \"words/common.treaty\" use \"./first.treaty\" as FIRST treaty second {}
         article 1 { when FIRST article 1 is breached as b  B shall go within 1 hour of b owed to A }",
    )
    .unwrap();
    let log = "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"go\",\"by\":\"B\"}\n{\"at\":\"2026-01-01T02:00:00Z\",\"kind\":\"go\",\"by\":\"B\"}\n";
    let arguments = ["replay", "first.treaty", "second.treaty", "-", "--format", "jsonl"];
    let output = run_with(&folder, &arguments, log.as_bytes());
    let rows: Vec<_> = text(&output.stdout)
        .lines()
        .map(|line| {
            let verdict: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {} {}", verdict["treaty"], verdict["by"], verdict["status"]).replace('"', "")
        })
        .collect();
    // B's second `go` comes two hours after the first: within an hour of the breach, which was at one o'clock. It also
    // triggers the first treaty again. A's breach may still be made good, and is told when it happens and as it ends.
    assert_eq!(rows, ["first A breached", "second B met", "first A breached", "first A pending"]);
    // The second alone brings the first with it.
    let alone = run_with(&folder, &["replay", "second.treaty", "-", "--format", "jsonl"], log.as_bytes());
    assert_eq!(text(&alone.stdout).lines().count(), 4);
}

// The README's tour is what the program does.
#[test]
fn the_library_of_clauses_is_without_fault() {
    let files: Vec<_> = fs::read_dir(root("clauses"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "treaty"))
        .collect();
    assert!(files.len() >= 2);
    for file in files {
        let output = run(&root("clauses"), &["check", file.to_str().unwrap()]);
        assert_eq!(text(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0), "{}", file.display());
    }
}
