//! Logs that are replayed as they are read: pipes that stay open, files that grow, replays that are saved and gone on with.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::command_line::{folder, run, run_with, text};

/// Italy has a day to consult, and may never fly.
const PACT: &str = "party Italy
event attack {}
event consult { by: party }
event fly { by: party }
event note {}
article 1 { when attack  Italy shall consult within 24 hours }
article 2 { when attack  Italy shall not fly }
";

fn attack(at: &str) -> String {
    format!("{{\"at\":\"{at}\",\"kind\":\"attack\"}}\n")
}

fn of_italy(at: &str, kind: &str) -> String {
    format!("{{\"at\":\"{at}\",\"kind\":\"{kind}\",\"by\":\"Italy\"}}\n")
}

fn pact(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    fs::write(folder.join("pact.treaty"), PACT).unwrap();
    folder
}

/// The lines of a report: article and status.
fn told(report: &[u8]) -> Vec<String> {
    text(report).lines().map(shown).collect()
}

fn shown(line: &str) -> String {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    format!("{} {}", line["article"].as_str().unwrap(), line["status"].as_str().unwrap())
}

/// A replay that is going on.
struct Going {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Going {
    fn start(folder: &Path, arguments: &[&str]) -> Going {
        let mut child = Command::new(env!("CARGO_BIN_EXE_servanda"))
            .args(arguments)
            .current_dir(folder)
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (send, lines) = mpsc::channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Going { input: child.stdin.take(), child, lines }
    }

    fn say(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// The next line that it prints, which is to come soon.
    fn hear(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(30)).expect("nothing is told")
    }

    /// That it prints nothing for a while.
    fn is_silent(&self) {
        assert_eq!(self.lines.recv_timeout(Duration::from_millis(500)).ok(), None);
    }

    fn end(mut self) -> (i32, Vec<String>) {
        drop(self.input.take());
        let code = self.child.wait().unwrap().code().unwrap();
        (code, self.lines.iter().collect())
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

// The flight breaks article 2, and is told when its instant is over, which the next event says. Article 1 is broken when a
// day is over, and the event of the next day but one is what says so. At the end the prohibition is told as it stands.
#[test]
fn a_breach_is_told_while_the_pipe_is_open() {
    let folder = pact("stream-pipe");
    let mut going = Going::start(&folder, &["replay", "pact.treaty", "-", "--format", "jsonl"]);
    going.say(&attack("2026-01-01T00:00:00Z"));
    going.is_silent();
    going.say(&of_italy("2026-01-01T05:00:00Z", "fly"));
    going.is_silent();
    going.say(&attack("2026-01-01T05:00:01Z"));
    assert_eq!(shown(&going.hear()), "2 breached");
    // The beginning of a line is no event yet.
    let late = of_italy("2026-01-03T00:00:00Z", "consult");
    let (start, end) = late.split_at(30);
    going.say(start);
    going.is_silent();
    going.say(end);
    // Both consultations that were owed: the second was due a day after 05:00:01, and that is over too.
    assert_eq!([shown(&going.hear()), shown(&going.hear())], ["1 breached", "1 breached"]);
    going.is_silent();
    let (code, rest) = going.end();
    assert_eq!(code, 1);
    // One act performs both, late; the second prohibition has not been broken.
    let rest: Vec<_> = rest.iter().map(|line| shown(line)).collect();
    assert_eq!(rest, ["1 late", "1 late", "2 breached", "2 observed"]);
}

// For people, too; the text of the log is not held, so that its lines are named by their numbers.
#[test]
fn a_breach_is_told_to_people_while_the_pipe_is_open() {
    let folder = pact("stream-human");
    let mut going = Going::start(&folder, &["replay", "pact.treaty", "-"]);
    going.say(&(attack("2026-01-01T00:00:00Z") + &of_italy("2026-01-01T05:00:00Z", "fly")));
    going.is_silent();
    going.say(&of_italy("2026-01-01T06:00:00Z", "consult"));
    assert_eq!(going.hear(), "breached");
    let mut heard = String::new();
    while !heard.contains("this is the act that is forbidden: line 2 of <stdin>") {
        heard += &(going.hear() + "\n");
    }
    assert!(heard.contains("article 2: Italy did what is forbidden: `fly`"), "{heard}");
    let (code, rest) = going.end();
    assert_eq!(code, 1);
    assert_eq!(rest.last().unwrap(), "2 duties: 1 met, 1 breached");
    assert_eq!(rest.iter().filter(|line| *line == "breached").count(), 0, "{rest:?}");
}

// What is appended is read; a file that becomes shorter is not the one that was followed.
#[test]
fn a_file_that_grows_is_followed() {
    let folder = pact("stream-follow");
    let path = folder.join("log.jsonl");
    fs::write(&path, attack("2026-01-01T00:00:00Z")).unwrap();
    let mut going = Going::start(&folder, &["replay", "pact.treaty", "log.jsonl", "--follow", "--format", "jsonl"]);
    going.is_silent();
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(of_italy("2026-01-01T05:00:00Z", "fly").as_bytes()).unwrap();
    going.is_silent();
    file.write_all(of_italy("2026-01-01T06:00:00Z", "consult").as_bytes()).unwrap();
    assert_eq!(shown(&going.hear()), "2 breached");
    fs::write(&path, "").unwrap();
    assert_eq!(going.child.wait().unwrap().code(), Some(2));
    assert!(going.lines.iter().next().is_none());
}

// Nothing comes after the attack, and the clock of the machine passes the two seconds that there were.
#[test]
fn the_clock_lets_deadlines_pass_in_silence() {
    let folder = folder("stream-tick");
    fs::write(folder.join("pact.treaty"), PACT.replace("24 hours", "2 seconds")).unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let now = jiff::Timestamp::from_second(i64::try_from(now).unwrap()).unwrap().to_string();
    let arguments = ["replay", "pact.treaty", "-", "--format", "jsonl"];
    let mut still = Going::start(&folder, &arguments);
    let mut ticking = Going::start(&folder, &[&arguments[..], &["--tick", "--lateness", "1s"]].concat());
    still.say(&attack(&now));
    ticking.say(&attack(&now));
    assert_eq!(shown(&ticking.hear()), "1 breached");
    // Without the option time stands still between events.
    still.is_silent();
    // What is earlier than the clock comes too late.
    ticking.say(&of_italy(&now, "consult"));
    assert_eq!(ticking.end().0, 2);
    let (code, rest) = still.end();
    assert_eq!((code, rest.len()), (0, 2));
}

// The consultation is on the line before the attack, and was 12 hours after it.
#[test]
fn events_may_be_late_by_so_much() {
    let folder = pact("stream-lateness");
    let log = of_italy("2026-01-01T12:00:00Z", "consult") + &attack("2026-01-01T00:00:00Z");
    fs::write(folder.join("log.jsonl"), log).unwrap();
    let replay = |more: &[&str]| run(&folder, &[&["replay", "pact.treaty", "log.jsonl"], more].concat());
    for lateness in ["12h", "720 minutes", "11h60m", "1 day"] {
        let output = replay(&["--format", "jsonl", "--lateness", lateness]);
        assert_eq!(told(&output.stdout), ["1 met", "2 observed"], "{lateness}: {}", text(&output.stderr));
        assert_eq!(output.status.code(), Some(0));
    }
    for lateness in ["11h", "0s"] {
        let output = replay(&["--format", "jsonl", "--lateness", lateness]);
        assert!(text(&output.stderr).starts_with("out-of-order"), "{}", text(&output.stderr));
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    }
    for lateness in ["1", "1 month", "h", "", "-1h", "1h30"] {
        let output = replay(&["--format", "jsonl", &format!("--lateness={lateness}")]);
        assert_eq!(output.status.code(), Some(2), "{lateness}");
    }
    // Read as a whole it is sorted.
    assert_eq!(replay(&[]).status.code(), Some(0));
    assert_eq!(replay(&["--format", "json"]).status.code(), Some(0));
}

// Line 3 is the consultation that would have met the duty: what comes after it says nothing any more. The flight of line 2
// is certain.
#[test]
fn nothing_is_told_from_the_first_wrong_line_on() {
    let folder = pact("stream-wrong");
    let before = attack("2026-01-01T00:00:00Z") + &of_italy("2026-01-01T05:00:00Z", "fly");
    let after = of_italy("2026-01-01T08:00:00Z", "fly") + &attack("2026-01-05T00:00:00Z");
    let wrong = [
        ("bad-json", "{\"at\":\"2026-01-01T07:00:00Z\",\"kind\":\"consult\" \"by\":\"Italy\"}\n".to_owned()),
        ("unknown-kind", of_italy("2026-01-01T07:00:00Z", "consulted")),
        ("out-of-order", of_italy("2026-01-01T04:00:00Z", "consult")),
    ];
    for (name, line) in wrong {
        let log = format!("{before}{}{line}{after}", of_italy("2026-01-01T06:00:00Z", "fly"));
        fs::write(folder.join("log.jsonl"), &log).unwrap();
        let replay = |more: &[&str]| {
            run(&folder, &[&["replay", "pact.treaty", "log.jsonl", "--format", "jsonl"], more].concat())
        };
        let output = replay(&[]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(text(&output.stderr).starts_with(name), "{}", text(&output.stderr));
        // The flight of 06:00 is held back when the next line is read, which is wrong.
        assert_eq!(told(&output.stdout), ["2 breached"], "{name}");
        // Set aside, the line is nothing: the day passes.
        let output = replay(&["--keep-going"]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(told(&output.stdout).contains(&"1 breached".to_owned()), "{name}");
    }
}

#[test]
fn of_a_log_that_is_cut_short_what_was_certain_is_told() {
    let folder = pact("stream-gzip");
    let mut log = attack("2026-01-01T00:00:00Z") + &of_italy("2026-01-01T05:00:00Z", "fly");
    for second in 0..20_000 {
        log += &of_italy(
            &format!("2026-02-01T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60),
            "consult",
        );
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(log.as_bytes()).unwrap();
    let zipped = encoder.finish().unwrap();
    fs::write(folder.join("log.jsonl.gz"), &zipped[..zipped.len() - 100]).unwrap();
    let output = run(&folder, &["replay", "pact.treaty", "log.jsonl.gz", "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(told(&output.stdout), ["2 breached", "1 breached", "1 late"]);
    assert!(text(&output.stderr).contains("cut short"), "{}", text(&output.stderr));
    fs::write(folder.join("log.jsonl.gz"), &zipped).unwrap();
    let output = run(&folder, &["replay", "pact.treaty", "log.jsonl.gz", "--format", "jsonl"]);
    assert_eq!(told(&output.stdout), ["2 breached", "1 breached", "1 late", "2 breached"]);
}

// Every log is replayed by itself, and told in its turn; the exit code is that of the worst.
#[test]
fn several_logs_are_told_in_their_order() {
    let folder = pact("stream-several");
    let kept = attack("2026-01-01T00:00:00Z") + &of_italy("2026-01-01T12:00:00Z", "consult");
    let long: String = (0..3_000)
        .map(|n| of_italy(&format!("2026-01-01T{:02}:{:02}:00Z", n / 60 % 24, n % 60), "fly"))
        .take(1_440)
        .collect();
    fs::write(folder.join("a.jsonl"), attack("2026-01-01T00:00:00Z") + &long).unwrap();
    fs::write(folder.join("b.jsonl"), &kept).unwrap();
    fs::write(folder.join("c.jsonl"), "{}\n").unwrap();
    let replay = |logs: &[&str], more: &[&str]| run(&folder, &[&["replay", "pact.treaty"], logs, more].concat());
    let output = replay(&["a.jsonl", "b.jsonl"], &["--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let logs: Vec<_> = lines.iter().map(|line| line["log"].as_str().unwrap()).collect();
    let (a, b): (Vec<&str>, Vec<&str>) = logs.iter().partition(|log| **log == "a.jsonl");
    assert_eq!((logs.is_sorted(), b.len()), (true, 2));
    assert!(a.len() > 1_440, "every flight is told: {}", a.len());
    for _ in 0..3 {
        assert_eq!(replay(&["a.jsonl", "b.jsonl"], &["--format", "jsonl"]).stdout, output.stdout);
    }
    assert_eq!(replay(&["b.jsonl", "b.jsonl"], &["--format", "jsonl"]).status.code(), Some(0));
    let output = replay(&["b.jsonl", "c.jsonl", "b.jsonl", "no-such.jsonl"], &[]);
    assert_eq!(output.status.code(), Some(2));
    let report = text(&output.stdout);
    assert_eq!(report.matches("2 duties: 1 met, 1 observed").count(), 2);
    let headings: Vec<_> = report.lines().filter(|line| line.starts_with("── ")).collect();
    assert_eq!(headings, ["── b.jsonl ──", "── c.jsonl ──", "── b.jsonl ──", "── no-such.jsonl ──"]);
    assert_eq!(replay(&["a.jsonl", "b.jsonl"], &["--format", "json"]).status.code(), Some(2));
}

// Treaties end in `.treaty`; where nothing does, the last file is the log.
#[test]
fn treaties_are_told_from_logs() {
    let folder = pact("stream-names");
    fs::write(folder.join("pact.txt"), PACT).unwrap();
    fs::write(folder.join("log.txt"), attack("2026-01-01T00:00:00Z")).unwrap();
    fs::write(folder.join("log"), attack("2026-01-01T00:00:00Z")).unwrap();
    let code = |files: &[&str]| run(&folder, &[&["replay"], files].concat()).status.code().unwrap();
    assert_eq!(code(&["pact.treaty", "log.txt"]), 0);
    assert_eq!(code(&["log.txt", "pact.treaty", "log"]), 0);
    assert_eq!(code(&["pact.txt", "log.txt"]), 0);
    assert_eq!(code(&["pact.treaty"]), 2);
    assert_eq!(code(&["log.txt"]), 2);
}

/// Attacks, consultations and flights, some minutes apart, and so many seconds out of order at most.
fn long_log(disorder: u64) -> String {
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let mut log = String::new();
    for minute in 0..3_000_u64 {
        let at = start.as_second() + i64::try_from(minute * 600 + disorder - next(disorder.max(1))).unwrap();
        let at = jiff::Timestamp::from_second(at).unwrap().to_string();
        log += &match next(20) {
            0 | 1 => attack(&at),
            2 => of_italy(&at, "fly"),
            3..7 => of_italy(&at, "consult"),
            _ => format!("{{\"at\":\"{at}\",\"kind\":\"note\"}}\n"),
        };
    }
    log
}

// Killed at any moment and gone on with, as often as may be, the report is that of a replay that was let alone.
#[test]
fn a_replay_that_is_killed_loses_and_repeats_nothing() {
    for (name, disorder, format, packed) in
        [("a", 0, "jsonl", false), ("b", 3_600, "jsonl", false), ("c", 3_600, "human", false), ("d", 0, "jsonl", true)]
    {
        let folder = pact(&format!("stream-killed-{name}"));
        let log = long_log(disorder);
        fs::write(folder.join("log"), &log).unwrap();
        if packed {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(log.as_bytes()).unwrap();
            fs::write(folder.join("log"), encoder.finish().unwrap()).unwrap();
        }
        let usual = ["replay", "pact.treaty", "log", "--lateness", "1h", "--format", format, "--block", "700"];
        let expected = run(&folder, &usual);
        assert_eq!(expected.status.code(), Some(1), "{}", text(&expected.stderr));
        assert!(expected.stdout.len() > 100_000);

        let saving = ["--save", "state", "--save-every", "20 events", "--finish", "--output", "report"];
        let (mut runs, mut killed) = (0, 0);
        loop {
            runs += 1;
            let gone_on = folder.join("state").exists();
            let resume: &[&str] = if gone_on { &["--resume", "state"] } else { &[] };
            let mut going = Going::start(&folder, &[&usual[..], &saving, resume].concat());
            // The longer the more often it was killed, so that it comes to an end.
            thread::sleep(Duration::from_millis(5 + 7 * (runs * 5 % 11)));
            if killed < 12 && going.child.try_wait().unwrap().is_none() {
                going.child.kill().unwrap();
                going.child.wait().unwrap();
                killed += 1;
            } else {
                assert_eq!(going.end().0, 1);
                break;
            }
        }
        assert!(killed > 2, "it is too fast to be killed");
        let report = fs::read(folder.join("report")).unwrap();
        assert!(report == expected.stdout, "{name}: the report differs after {killed} interruptions");
    }
}

// The end of the log is no end of the replay that is saved: what is pending is not told until it is said to end.
#[test]
fn a_saved_replay_goes_on_when_the_log_has_grown() {
    let folder = pact("stream-saved");
    let path = folder.join("log.jsonl");
    let start = attack("2026-01-01T00:00:00Z");
    let rest = of_italy("2026-01-01T05:00:00Z", "fly") + &of_italy("2026-01-01T06:00:00Z", "consult");
    let half = of_italy("2026-01-02T00:00:00Z", "fly");
    // The file ends in the middle of a line.
    fs::write(&path, format!("{start}{rest}{}", &half[..20])).unwrap();
    let replay = |more: &[&str]| {
        run(&folder, &[&["replay", "pact.treaty", "log.jsonl", "--format", "jsonl", "--save", "state"], more].concat())
    };
    let output = replay(&[]);
    assert_eq!(text(&output.stderr), "");
    // The consultation of 06:00 is held back: something else of that instant may follow.
    assert_eq!((told(&output.stdout), output.status.code()), (vec!["2 breached".to_owned()], Some(1)));
    let head = fs::read(folder.join("state")).unwrap();
    let head: serde_json::Value = serde_json::from_slice(head.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    assert_eq!((&head["schema"], &head["line"]), (&"servanda.state/1".into(), &4.into()));
    assert_eq!(head["bytes"], start.len() + rest.len() + 20);

    fs::write(&path, format!("{start}{rest}{half}")).unwrap();
    let output = replay(&["--resume", "state"]);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(told(&output.stdout), ["1 met"]);
    let output = replay(&["--resume", "state", "--finish"]);
    // The flight of the next day, and how the prohibition stands.
    assert_eq!(told(&output.stdout), ["2 breached", "2 breached"]);
}

// What comes on a pipe goes on in the middle of a line, where the other ended; what is held back is not lost.
#[test]
fn a_pipe_is_gone_on_with_where_it_ended() {
    let folder = pact("stream-pipe-saved");
    let log = long_log(3_600);
    let usual = ["replay", "pact.treaty", "-", "--lateness", "1h", "--format", "jsonl"];
    let expected = run_with(&folder, &usual, log.as_bytes());
    assert_eq!(expected.status.code(), Some(1), "{}", text(&expected.stderr));
    let mut report = Vec::new();
    let pieces = log.as_bytes().chunks(20_011);
    let last = pieces.len() - 1;
    for (number, piece) in pieces.enumerate() {
        let mut arguments = usual.to_vec();
        arguments.extend(["--save", "state"]);
        arguments.extend(["--resume", "state"].iter().filter(|_| number > 0));
        arguments.extend(["--finish"].iter().filter(|_| number == last));
        let output = run_with(&folder, &arguments, piece);
        assert_ne!(output.status.code(), Some(2), "{}", text(&output.stderr));
        report.extend(output.stdout);
    }
    assert!(last > 5 && report == expected.stdout);
}

// A state is of the treaties and the options it was saved with.
#[test]
fn a_state_of_something_else_is_refused() {
    let folder = pact("stream-refused");
    fs::write(folder.join("log.jsonl"), attack("2026-01-01T00:00:00Z")).unwrap();
    let usual = ["replay", "pact.treaty", "log.jsonl", "--format", "jsonl"];
    assert_eq!(run(&folder, &[&usual[..], &["--save", "state"]].concat()).status.code(), Some(0));
    let refused = |more: &[&str], why: &str| {
        let output = run(&folder, &[&usual[..], &["--resume", "state"], more].concat());
        assert_eq!(output.status.code(), Some(2), "{why}");
        assert!(text(&output.stderr).contains(why), "{why}: {}", text(&output.stderr));
        assert_eq!(output.stdout.len(), 0);
    };
    refused(&["--until", "2026-01-02"], "`--until` was not given when it was saved, and is `2026-01-02` now");
    refused(&["--keep-going"], "`--keep-going` was not given when it was saved, and is given now");
    refused(&["--resume", "none"], "cannot be used multiple times");
    let state = fs::read(folder.join("state")).unwrap();
    fs::write(folder.join("state"), &state[..state.len() - 1]).unwrap();
    refused(&[], "it is damaged");
    let mut damaged = state.clone();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(folder.join("state"), &damaged).unwrap();
    refused(&[], "it is damaged");
    fs::write(folder.join("state"), "{\"schema\":\"servanda.state/9\"}\n").unwrap();
    refused(&[], "its form is `servanda.state/9`");
    fs::write(folder.join("state"), "something").unwrap();
    refused(&[], "it is no state of a replay");
    fs::write(folder.join("state"), &state).unwrap();
    fs::write(folder.join("log.jsonl"), "").unwrap();
    refused(&[], "it is shorter than it was");
    fs::write(folder.join("pact.treaty"), PACT.replace("24 hours", "25 hours")).unwrap();
    refused(&[], "it is of other treaties");
}

// What is asked for together, and cannot be.
#[test]
fn options_that_do_not_go_together_are_refused() {
    let folder = pact("stream-options");
    fs::write(folder.join("log.jsonl"), attack("2026-01-01T00:00:00Z")).unwrap();
    let refused = |arguments: &[&str]| {
        let output = run_with(&folder, &[&["replay", "pact.treaty"], arguments].concat(), b"");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    };
    refused(&["log.jsonl", "--follow", "--format", "json"]);
    refused(&["log.jsonl", "--save", "state", "--variants"]);
    refused(&["log.jsonl", "--tick", "--lateness", "1h"]);
    refused(&["-", "--tick"]);
    refused(&["log.jsonl", "--finish"]);
    refused(&["log.jsonl", "--save", "state", "--save-every", "often"]);
    refused(&["log.jsonl", "log.jsonl", "--save", "state"]);
    refused(&["log.jsonl", "-", "--format", "jsonl"]);
    refused(&["log.jsonl", "--format", "jsonl", "--save", "no/such/folder"]);
}

// `--output` writes what standard output would have had.
#[test]
fn the_report_may_be_a_file() {
    let folder = pact("stream-output");
    fs::write(folder.join("log.jsonl"), attack("2026-01-01T00:00:00Z") + &of_italy("2026-01-02T05:00:00Z", "fly"))
        .unwrap();
    for format in ["human", "json", "jsonl"] {
        let usual = ["replay", "pact.treaty", "log.jsonl", "--format", format];
        let expected = run(&folder, &usual);
        let output = run(&folder, &[&usual[..], &["--output", "report"]].concat());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
        assert_eq!(fs::read(folder.join("report")).unwrap(), expected.stdout);
    }
}
