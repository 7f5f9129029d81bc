//! Logs are read piece by piece as they are as a whole, and in CSV as in JSON Lines.

use std::fs;
use std::io::Write;

use servanda::event::{self, Batch, Cutter, Log, Options, Parser, Reader};
use servanda::finding::Finding;
use servanda::model::{Program, Value};
use servanda::source::Sources;

use super::command_line::{folder, run, text};
use super::support::program;

/// A log read as a stream, in pieces of some bytes; with what was found.
fn streamed(program: &Program, log: &[u8], piece: usize, options: Options) -> (Log, Vec<Finding>, Sources) {
    let mut sources = Sources::default();
    let source = sources.add("log", Vec::new());
    let (parser, mut cutter) = (Parser::new(program, options), Cutter::default());
    let (mut reader, mut read) = (Reader::new(program, options, source), Log::new(program));
    let mut findings = Vec::new();
    let mut pieces = log.chunks(piece).peekable();
    loop {
        let mut buffer = cutter.buffer();
        buffer.extend_from_slice(pieces.next().unwrap_or_default());
        let ended = pieces.peek().is_none();
        if let Some(block) = cutter.cut(buffer, ended) {
            let mut batch = reader.spent().unwrap_or_default();
            parser.parse(block, &mut batch);
            reader.add(batch, &mut read);
            findings.extend(reader.findings(&mut sources));
        }
        if ended {
            break;
        }
    }
    findings.extend(reader.finish(&mut read, &mut sources));
    (read, findings, sources)
}

/// What a log holds, in words.
fn held(program: &Program, log: &Log) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::Text(text) | Value::Word(text) => format!("\"{}\"", log.symbols().text(*text)),
        Value::Party(party) => program.parties.at(*party).name.clone(),
        Value::Number(number) => number.to_string(),
        Value::Truth(truth) => truth.to_string(),
        Value::Instant(at) => at.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Event(event) => format!("-> {}", log.id_of(log.events.at(*event))),
        other => format!("{other:?}"),
    };
    let shown = |value: &Value| match value {
        Value::List(list) => format!("[{}]", list.iter().map(one).collect::<Vec<_>>().join(" ")),
        value => one(value),
    };
    let event = |event: &event::Event| {
        let fields: Vec<_> = log.fields(event).iter().map(shown).collect();
        let kind = &program.kinds.at(event.kind).name;
        let head = format!("{}: {} {kind} {}", event.line, event.at, log.id_of(event));
        format!("{head} until {} known {}: {}", event.latest, event.reported, fields.join(", "))
    };
    log.events.iter().map(event).collect()
}

fn names(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.name()).collect()
}

const WORDS: &str = "treaty t { time zone Europe/Kyiv }
party Italy also \"IT\"
party France
event strike from \"STRIKE\" {
    by: party from \"who\"  means: missile | drone? from \"weapon\"  size: number? from \"kg\" in thousand
    at from \"started_at\"  id from \"ref\"  reported from \"known\"
}
event answer { by: list of party  on: strike?  about: list of strike?  note: text?  done: boolean? }
";

fn words() -> Program {
    let (program, findings) = program(WORDS, &mut Sources::default());
    assert!(findings.is_empty(), "{findings:?}");
    program
}

const JSON: &str = r##"{"started_at":"2026-01-01T00:00:00Z","kind":"STRIKE","ref":"s1","who":"IT","weapon":"drone","kg":1.5}
{"at":"2026-01-01T01:00:00Z","kind":"answer","by":["Italy","France"],"on":"s1","note":"caf\u00e9 \"x\", y","done":true}

{"at":"2026-01-01T02:00:00Z","kind":"answer","by":"France","on":"s3","about":["s1","s3","#6"]}
{"started_at":"2026-01-01T02:00:00Z","known":"2026-01-03T00:00:00Z","kind":"STRIKE","ref":"s3","who":"France","extra":[1,{}]}
{"started_at":"2026-01-01T02:00:00Z","kind":"STRIKE","who":"France"}
{"at":"2026-01-02","kind":"answer","by":"Italy","id":"a"}
"##;

const CSV: &str = "at,started_at,kind,ref,id,who,weapon,kg,by,on,about,note,done,known,extra
,2026-01-01T00:00:00Z,STRIKE,s1,,IT,drone,1.5,,,,,,,
2026-01-01T01:00:00Z,,answer,,,,,,Italy;France,s1,,\"café \"\"x\"\", y\",true,,\r

2026-01-01T02:00:00Z,,answer,,,,,,France,s3,s1; s3; #7,,,,
,2026-01-01T02:00:00Z,STRIKE,s3,,France,,,,,,,,2026-01-03T00:00:00Z,more
,2026-01-01T02:00:00Z,STRIKE,,,France,,,,,,,,,
2026-01-02,,answer,,a,,,,Italy,,,,,,
";

/// What both logs hold, in which the first event is on a line: s1 is of IT, which is Italy; 1.5 is in thousand; the note
/// is one text; two of the events of 02:00 stand after the one that refers to them; 2 January begins in Kyiv at 22:00 of
/// the day before, and ends a day later.
fn expected(first: usize) -> Vec<String> {
    let [second, fourth, fifth, sixth, seventh] = [first + 1, first + 3, first + 4, first + 5, first + 6];
    let at = |hour: &str| format!("2026-01-01T{hour}:00:00Z");
    let (zero, one, two, day) = (at("00"), at("01"), at("02"), at("22"));
    vec![
        format!("{first}: {zero} strike s1 until {zero} known {zero}: Italy, \"drone\", 1500.0"),
        format!(
            "{second}: {one} answer #{second} until {one} known {one}: [Italy France], -> s1, Absent, \"café \"x\", y\", true"
        ),
        format!(
            "{fourth}: {two} answer #{fourth} until {two} known {two}: [France], -> s3, [-> s1 -> s3 -> #{sixth}], Absent, Absent"
        ),
        format!("{fifth}: {two} strike s3 until {two} known 2026-01-03T00:00:00Z: France, Absent, Absent"),
        format!("{sixth}: {two} strike #{sixth} until {two} known {two}: France, Absent, Absent"),
        format!(
            "{seventh}: {day} answer a until 2026-01-02T22:00:00Z known {day}: [Italy], Absent, Absent, Absent, Absent"
        ),
    ]
}

#[test]
fn both_formats_hold_the_same_however_they_are_cut() {
    let program = words();
    for (log, first) in [(JSON, 1), (CSV, 2)] {
        let (whole, findings) =
            event::read(&program, Sources::default().add("log", Vec::new()), log.as_bytes(), Options::default());
        assert_eq!(names(&findings), [""; 0], "{findings:?}");
        assert_eq!(held(&program, &whole), expected(first));
        for piece in [1, 2, 3, 7, 64, 100, 1000, 100_000] {
            let (read, findings, _) = streamed(&program, log.as_bytes(), piece, Options::default());
            assert_eq!(names(&findings), [""; 0], "{findings:?}");
            assert_eq!(held(&program, &read), expected(first), "in pieces of {piece}");
            assert_eq!(read.size(), log.len());
        }
        let marked = format!("\u{FEFF}{log}");
        let (read, _, _) = streamed(&program, marked.as_bytes(), 50, Options::default());
        assert_eq!(held(&program, &read), expected(first));
        let starts: Vec<_> = read.events.iter().map(|event| event.start).collect();
        let line = |number: usize| marked.split_inclusive('\n').take(number - 1).map(str::len).sum::<usize>();
        let lines = read.events.iter().map(|event| line(event.line).max(3));
        assert_eq!(starts, lines.collect::<Vec<_>>());
    }
}

const MINUTES: [u32; 6] = [0, 10, 5, 20, 20, 12];

/// Strikes at these minutes, in that order of lines, each with its line as identifier.
fn strikes() -> String {
    let line = |(index, minute): (usize, &u32)| {
        format!(
            "{{\"started_at\":\"2026-01-01T00:{minute:02}:00Z\",\"kind\":\"STRIKE\",\"ref\":\"{}\",\"who\":\"Italy\"}}\n",
            index + 1
        )
    };
    MINUTES.iter().enumerate().map(line).collect()
}

const MINUTE: i64 = 60_000_000;

// Line 3 is 5 minutes before line 2, line 6 is 8 minutes before line 5.
#[test]
fn a_stream_is_in_order_but_for_the_lateness() {
    let (program, log) = (words(), strikes());
    let order = |lateness: i64, keep_going: bool| {
        let mut lines = Vec::new();
        for piece in [1, 90, 100_000] {
            let options = Options { lateness: lateness * MINUTE, keep_going, ..Options::default() };
            let (read, findings, sources) = streamed(&program, log.as_bytes(), piece, options);
            let found: Vec<_> = findings
                .iter()
                .map(|finding| {
                    let span = finding.labels[0].span;
                    let line = sources.get(span.source).line_of(span.start);
                    assert!(sources.text(span).starts_with("{\"started_at\""));
                    (finding.code.name(), finding.level, line)
                })
                .collect();
            lines.push((read.events.iter().map(|event| event.line).collect::<Vec<_>>(), found));
        }
        assert!(lines.iter().all(|other| *other == lines[0]), "{lines:?}");
        lines.remove(0)
    };
    use servanda::finding::Level::{Error, Warning};
    let late = |level, lines: &[usize]| lines.iter().map(|line| ("out-of-order", level, *line)).collect::<Vec<_>>();
    // Nothing is added from the first wrong line on.
    assert_eq!(order(0, false), (vec![1, 2], late(Error, &[3])));
    assert_eq!(order(0, true), (vec![1, 2, 4, 5], late(Warning, &[3, 6])));
    assert_eq!(order(5, false), (vec![1, 3, 2, 4, 5], late(Error, &[6])));
    assert_eq!(order(8, false), (vec![1, 3, 2, 6, 4, 5], Vec::new()));
}

#[test]
fn a_stream_can_be_flushed() {
    let program = words();
    let (parser, mut cutter) = (Parser::new(&program, Options::default()), Cutter::default());
    let (mut reader, mut log) =
        (Reader::new(&program, Options::default(), Sources::default().add("log", Vec::new())), Log::new(&program));
    for (count, line) in JSON.lines().enumerate() {
        let mut buffer = cutter.buffer();
        buffer.extend_from_slice(format!("{line}\n").as_bytes());
        let mut batch = Batch::default();
        parser.parse(cutter.cut(buffer, false).unwrap(), &mut batch);
        reader.add(batch, &mut log);
        // The events of 02:00 wait for one another: lines 4 to 6.
        assert_eq!((log.events.len(), reader.held()), [(0, 1), (1, 1), (1, 1), (2, 1), (2, 2), (2, 3), (5, 1)][count]);
    }
    reader.flush(&mut log);
    assert_eq!((log.events.len(), reader.held()), (6, 0));
}

// An event may refer to one that the log has forgotten.
#[test]
fn references_outlive_what_they_refer_to() {
    let program = words();
    let options = Options::default();
    let (parser, mut cutter) = (Parser::new(&program, options), Cutter::default());
    let (mut reader, mut log) =
        (Reader::new(&program, options, Sources::default().add("log", Vec::new())), Log::new(&program));
    for line in JSON.split_inclusive('\n') {
        let mut buffer = cutter.buffer();
        buffer.extend_from_slice(line.as_bytes());
        let mut batch = Batch::default();
        parser.parse(cutter.cut(buffer, false).unwrap(), &mut batch);
        reader.add(batch, &mut log);
        log.forget(&|id| id == servanda::arena::Id::from_index(1));
    }
    let answer = log.events.iter().next().unwrap();
    assert_eq!((log.events.len(), answer.line), (1, 2));
    assert_eq!(log.field(answer, 1), &Value::Event(servanda::arena::Id::from_index(0)));
}

#[test]
fn one_kind_for_all_lines() {
    let program = words();
    let options = Options { kind: program.kinds_in_logs.get("answer").copied(), ..Options::default() };
    for log in ["at,by\n2026-01-01T00:00:00Z,Italy\n", "{\"at\":\"2026-01-01T00:00:00Z\",\"by\":\"Italy\"}"] {
        let (read, findings, _) = streamed(&program, log.as_bytes(), 1000, options);
        assert_eq!((names(&findings), read.events.len()), (vec![], 1));
    }
}

#[test]
fn what_is_wrong_is_found_in_a_stream_too() {
    let program = words();
    let strike = r#"{"started_at":"2026-01-01T00:00:00Z","kind":"STRIKE","ref":"s","who":"Italy"}"#;
    let later = strike.replace("T00", "T05");
    let answer = r#"{"at":"2026-01-01T02:00:00Z","kind":"answer","by":"Italy","on":"s"}"#;
    let row = "2026-01-01T00:00:00Z,answer,Italy";
    for (log, found) in [
        (format!("{strike}\n{later}\n"), vec!["duplicate-event-id"]),
        (answer.to_owned(), vec!["unknown-reference"]),
        (format!("{answer}\n{later}"), vec!["unknown-reference"]),
        (format!("{strike}\n{}", &answer[..30]), vec!["truncated-log"]),
        (format!("{strike}\n{}\n", &answer[..30]), vec!["bad-json"]),
        (format!("{strike} {strike}"), vec!["bad-json"]),
        (answer.replace("\"on\"", "\"by\""), vec!["bad-json"]),
        (answer.replace("\"s\"", "01"), vec!["bad-json"]),
        (answer.replace("\"s\"", "\"\u{1}\""), vec!["bad-json"]),
        (answer.replace("\"s\"", r#""\x""#), vec!["bad-json"]),
        (answer.replace("\"s\"", "tru"), vec!["bad-json"]),
        (answer.replace("\"s\"", "1.e"), vec!["bad-json"]),
        (answer.replace("\"s\"", "+1"), vec!["bad-json"]),
        (answer.replace("\"s\"", "\"s\","), vec!["bad-json"]),
        (answer.replace("\"s\"", "true"), vec!["bad-value"]),
        (format!("\n{strike}\n]\n{strike}"), vec!["bad-json", "duplicate-event-id"]),
        (String::new(), vec!["empty-log"]),
        (" \n\n".to_owned(), vec!["empty-log"]),
        ("[1]".to_owned(), vec!["bad-json"]),
        ("attack on Odesa".to_owned(), vec!["bad-csv"]),
        ("when,kind\nx,y\nz,u\n".to_owned(), vec!["bad-csv"]),
        ("at,kind,at\nx,y\n".to_owned(), vec!["bad-csv"]),
        ("at,by\nx,y\n".to_owned(), vec!["bad-csv"]),
        ("at,kind,by\n".to_owned(), vec!["empty-log"]),
        (format!("at,kind,by\n{row},1\n{row}\n"), vec!["bad-csv"]),
        (format!("at,kind,by\n{row}\nx,answer\n"), vec!["bad-csv"]),
        (format!("at,kind,by\n{row}\nx,answer"), vec!["truncated-log"]),
        (format!("at,kind,by\n{row}\n2026-01-01T00:00:00Z,answer,\"Ita"), vec!["truncated-log"]),
        (format!("at,kind,by\n{row}\n2026-01-01T00:00:00Z,answer,Spain\n"), vec!["unknown-party"]),
        (format!("at,kind,by\n{row}\n2026-01-01T00:00:00Z,answer,\n"), vec!["field-missing"]),
        (format!("at,kind,by,done\n{row},yes\n"), vec!["bad-value"]),
        (format!("at,kind,by\n{}\n", row.replace("Z", "")), vec![]),
    ] {
        for piece in [1, 10, 1000] {
            let (read, findings, sources) = streamed(&program, log.as_bytes(), piece, Options::default());
            // Nothing is read from the first wrong line on.
            let first = found.get(..1).unwrap_or_default();
            assert_eq!(names(&findings), first, "{log}\nheld {}", read.events.len());
            for finding in &findings {
                assert!(finding.help.is_some(), "{log}");
                let span = finding.labels[0].span;
                assert!(span.end <= sources.get(span.source).bytes().len().max(1), "{log}: {finding:?}");
            }
        }
        let (_, findings) =
            event::read(&program, Sources::default().add("log", Vec::new()), log.as_bytes(), Options::default());
        assert_eq!(names(&findings), found, "{log}");
    }
    let wrong = b"{\"started_at\":\"2026-01-01T00:00:00Z\",\"kind\":\"STR\xFFKE\"}\n";
    assert_eq!(names(&streamed(&program, wrong, 10, Options::default()).1), ["invalid-utf8"]);
    let wrong = b"at,kind,by\n2026-01-01T00:00:00Z,answer,It\xFFly\n2026-01-01T00:00:00Z,answer,Italy\n";
    let (read, findings, _) = streamed(&program, wrong, 10, Options::default());
    assert_eq!((names(&findings), read.events.len()), (vec!["invalid-utf8"], 0));
}

// Nothing refers to an answer: a stream does not remember its identifier, and a log that is there as a whole does.
#[test]
fn a_stream_remembers_what_may_be_referred_to() {
    let program = words();
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"answer","by":"Italy","id":"a"}
{"at":"2026-01-02T00:00:00Z","kind":"answer","by":"Italy","id":"a"}"#;
    let (read, findings, _) = streamed(&program, log.as_bytes(), 1000, Options::default());
    assert_eq!((names(&findings), read.events.len()), (vec![], 2));
    let (_, findings) =
        event::read(&program, Sources::default().add("log", Vec::new()), log.as_bytes(), Options::default());
    assert_eq!(names(&findings), ["duplicate-event-id"]);
}

// A line of 17 MB is left out, and the one after it is line 3.
#[test]
fn a_line_that_is_too_long_is_not_held() {
    let program = words();
    let strike = r#"{"started_at":"2026-01-01T00:00:00Z","kind":"STRIKE","ref":"s","who":"Italy"}"#;
    let log = format!("{strike}\n{{\"kind\":\"{}\"}}\n{}\n", "x".repeat(17 << 20), strike.replace("\"s\"", "\"t\""));
    let options = Options { keep_going: true, ..Options::default() };
    let (read, findings, sources) = streamed(&program, log.as_bytes(), 1 << 20, options);
    assert_eq!(names(&findings), ["line-too-long"]);
    assert_eq!(sources.get(findings[0].labels[0].span.source).line_of(0), 2);
    assert_eq!(read.events.iter().map(|event| event.line).collect::<Vec<_>>(), [1, 3]);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

const PACT: &str = "party Italy
event attack { }
event consult { by: party }
article 1 { when attack  Italy shall consult within 24 hours }
";

/// Replays a log of any name against the pact; the exit code, what was printed and what was said.
fn replayed(name: &str, log: &[u8], more: &[&str]) -> (Option<i32>, String, String) {
    let folder = folder(&format!("formats-{name}"));
    fs::write(folder.join("pact.treaty"), PACT).unwrap();
    fs::write(folder.join("log"), log).unwrap();
    let output = run(&folder, &[&["replay", "pact.treaty", "log", "--format", "json"], more].concat());
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// An attack, and consultations enough to fill some blocks.
fn many() -> String {
    let consult = |minute: usize| {
        format!("2026-01-01T{:02}:{:02}:{:02}Z,consult,Italy\n", minute / 3600, minute / 60 % 60, minute % 60)
    };
    format!("at,kind,by\n2026-01-01T00:00:00Z,attack,\n{}", (1..40_000).map(consult).collect::<String>())
}

// However it is packed, and in however many pieces, the log says the same; Italy consulted a second after the attack.
#[test]
fn packed_logs_are_read_by_their_content() {
    let log = many();
    let (one, other) = log.as_bytes().split_at(log.len() / 3);
    let (code, plain, said) = replayed("plain", log.as_bytes(), &[]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert!(plain.contains("\"met\": 1,") && plain.contains("\"events\": 40000,"), "{plain}");
    // What a frame of zstd that is to be skipped holds is no part of the log.
    let skipped = [&[0x52, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
    for (name, packed) in [
        ("gzip", gzip(log.as_bytes())),
        ("gzip-members", [gzip(one), gzip(other)].concat()),
        ("zstd", zstd(log.as_bytes())),
        ("zstd-frames", [skipped.clone(), zstd(one), skipped, zstd(b""), zstd(other)].concat()),
    ] {
        assert_eq!(replayed(name, &packed, &[]), (Some(0), plain.clone(), String::new()), "{name}");
    }
}

#[test]
fn damaged_files_are_refused() {
    let log = many();
    for (name, packed, how) in
        [("gzip", gzip(log.as_bytes()), "it is gzipped"), ("zstd", zstd(log.as_bytes()), "it is packed with zstd")]
    {
        for cut in [8, packed.len() / 2, packed.len() - 3] {
            let (code, printed, said) = replayed(&format!("cut-{name}"), &packed[..cut], &[]);
            assert_eq!((code, printed.as_str()), (Some(2), ""));
            assert!(said.contains(how) && said.contains("cut short"), "{cut}: {said}");
        }
        let mut changed = packed.clone();
        changed[packed.len() / 2] ^= 0x55;
        let mut followed = packed.clone();
        followed.extend_from_slice(b"and more");
        for damaged in [changed, followed] {
            let (code, printed, said) = replayed(&format!("damaged-{name}"), &damaged, &[]);
            assert_eq!((code, printed.as_str()), (Some(2), ""), "{name}");
            assert!(said.contains(how), "{said}");
        }
    }
}

#[test]
fn the_kind_of_all_lines_can_be_said() {
    let log = "at,by\n2026-01-01T00:00:00Z,Italy\n";
    let (code, _, said) = replayed("no-kind", log.as_bytes(), &[]);
    assert!(code == Some(2) && said.contains("`--kind`"), "{said}");
    let (code, printed, _) = replayed("kind", log.as_bytes(), &["--kind", "consult"]);
    assert!(code == Some(0) && printed.contains("\"events\": 1,"), "{printed}");
    let (code, _, said) = replayed("wrong-kind", log.as_bytes(), &["--kind", "consul"]);
    assert!(code == Some(2) && said.contains("did you mean `consult`?"), "{said}");
}
