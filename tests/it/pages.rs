//! Every finding has a page, and the page's examples are what it says they are.

use servanda::finding::{Code, any_error};

use super::suites;
use super::support::{Case, case, case_with, program};
use servanda::event::Options;
use servanda::source::Sources;
use servanda::verdict::Status;

/// A fenced block of a page.
struct Block<'p> {
    info: &'p str,
    body: String,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(Block { info, body: body.iter().map(|line| format!("{line}\n")).collect() });
        }
    }
    blocks
}

fn found(case: &Case) -> Vec<&'static str> {
    let mut names: Vec<_> = case.findings.iter().map(|finding| finding.code.name()).collect();
    // A status is explained under its own name.
    let of_status =
        |status: Status| Code::ALL.iter().map(|code| code.name()).find(|name| *name == status.name().replace(' ', "-"));
    if !any_error(&case.findings) {
        let verdicts = case.replay(None);
        names.extend(verdicts.iter().filter(|verdict| verdict.status.is_wrong()).filter_map(|it| of_status(it.status)));
    }
    names
}

/// The names of what `servanda test` finds in a file.
fn tested(text: &str) -> Vec<&'static str> {
    let failed = suites::wrong(&[("test.treaty", text)]);
    failed.iter().map(|_| Code::ExpectationFailed.name()).collect()
}

/// Pages that show their finding in prose: what fires them cannot stand in a Markdown file. Each has a test of its own.
const ELSEWHERE: [Code; 8] = [
    Code::ConflictingDeclarations,
    Code::InvalidUtf8,
    Code::LineTooLong,
    Code::NestedTooDeep,
    Code::OutOfOrder,
    Code::SnapshotDiffers,
    Code::TruncatedLog,
    Code::UseCycle,
];

#[test]
fn every_page_names_its_finding_and_says_in_a_sentence_what_it_is() {
    for code in Code::ALL {
        let mut lines = code.page().lines();
        assert_eq!(lines.next(), Some(format!("# {}", code.name()).as_str()));
        assert_eq!(lines.next(), Some(""));
        let summary = lines.next().unwrap();
        assert!(summary.ends_with('.') && summary.len() <= 90, "{}: {summary}", code.name());
    }
}

#[test]
fn the_examples_of_every_page_fire_once_or_not_at_all() {
    for code in Code::ALL {
        let blocks = blocks(code.page());
        let mut kinds = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            let Some(wanted) = block.info.strip_prefix("treaty ") else { continue };
            kinds.push(wanted);
            let log = blocks.get(index + 1).filter(|next| next.info == "jsonl");
            let names = match log {
                Some(log) => found(&case_with(&block.body, &log.body, Options::default())),
                None if *code == Code::ExpectationFailed => tested(&block.body),
                None => program(&block.body, &mut Sources::default()).1.iter().map(|it| it.code.name()).collect(),
            };
            let expected: &[&str] = if wanted == "fires" { &[code.name()] } else { &[] };
            assert_eq!(names, expected, "{}, block {index}: {}", code.name(), block.body);
        }
        if !ELSEWHERE.contains(code) {
            assert!(kinds.contains(&"fires") && kinds.contains(&"clean"), "{} has {kinds:?}", code.name());
        }
    }
}

// Every error as a user sees it, beside the text that has it.
#[test]
fn every_error_is_drawn_beside_its_source() {
    let mut drawn = 0;
    let mut incomplete = Vec::new();
    for code in Code::ALL {
        let blocks = blocks(code.page());
        let Some(at) = blocks.iter().position(|block| block.info == "treaty fires") else { continue };
        let body = &blocks[at].body;
        let log = blocks.get(at + 1).filter(|next| next.info == "jsonl").map_or("", |log| log.body.as_str());
        let case = case_with(body, log, Options { may_be_empty: log.is_empty(), ..Options::default() });
        if case.findings.is_empty() {
            continue;
        }
        drawn += 1;
        for finding in &case.findings {
            if finding.help.is_none() || finding.labels.is_empty() {
                incomplete.push(case.reported());
            }
        }
        let source = if log.is_empty() { body.clone() } else { format!("{body}\n{log}") };
        insta::assert_snapshot!(format!("error_{}", code.name()), format!("{source}\n{}", case.reported()));
    }
    assert!(incomplete.is_empty(), "without a place, or without advice:\n{}", incomplete.concat());
    assert!(drawn >= 60, "only {drawn} errors are drawn");
}

#[test]
fn what_cannot_stand_in_a_page_fires_too() {
    let events = "event ping { by: text }";
    let long = format!("{{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"ping\",\"by\":\"{}\"}}", "x".repeat(17 << 20));
    assert_eq!(found(&case(events, &long)), ["line-too-long"]);
    let cut = "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"ping\",\"by\":\"x\"}\n{\"at\":\"2026-01-01T00:";
    assert_eq!(found(&case(events, cut)), ["truncated-log"]);
    let deep = format!("article 1 {{ when ping where {}", "(".repeat(100_000));
    assert_eq!(found(&case(&deep, "")), ["nested-too-deep"]);
    let chain =
        format!("party A event ping {{}} article 1 {{ when ping where 1 {} = 1 A shall ping }}", "+ 1".repeat(100_000));
    assert_eq!(found(&case(&chain, "")), ["nested-too-deep"]);
}
