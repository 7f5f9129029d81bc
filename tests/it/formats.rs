//! Logs are read piece by piece as they are as a whole, and in CSV as in JSON Lines.

use servanda::event::{self, Batch, Cutter, Log, Options, Parser, Reader};
use servanda::finding::Finding;
use servanda::model::{Program, Value};
use servanda::source::Sources;

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
event strike from \"STRIKE\" { by: party from \"who\"  means: missile | drone from \"weapon\"?
    at from \"started_at\"  id from \"ref\"  reported from \"known\"  size: number from \"kg\" in thousand ? }
event answer { by: list of party  on: strike?  about: list of strike?  note: text?  done: boolean? }
";

fn words() -> Program {
    let (program, findings) = program(WORDS, &mut Sources::default());
    assert!(findings.is_empty(), "{findings:?}");
    program
}

const JSON: &str = r#"{"started_at":"2026-01-01T00:00:00Z","kind":"STRIKE","ref":"s1","who":"IT","weapon":"drone","kg":1.5}
{"at":"2026-01-01T01:00:00Z","kind":"answer","by":["Italy","France"],"on":"s1","note":"caf\u00e9 \"x\", y","done":true}

{"at":"2026-01-01T02:00:00Z","kind":"answer","by":"France","on":"s3","about":["s1","s3","#7"]}
{"started_at":"2026-01-01T02:00:00Z","known":"2026-01-03T00:00:00Z","kind":"STRIKE","ref":"s3","who":"France","extra":[1,{}]}
{"at":"2026-01-02","kind":"answer","by":"Italy","id":"a"}
{"started_at":"2026-01-01T02:00:00Z","kind":"STRIKE","who":"France"}
"#;
