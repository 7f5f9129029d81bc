//! Every construct of the language, in a file of its own: it parses, stands in the one layout, and checks.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Add;
use std::path::PathBuf;

use proptest::prelude::*;
use servanda::format;
use servanda::model::{self, Library, Program};
use servanda::report::{self, Style};
use servanda::source::Sources;
use servanda::syntax;

use super::suites;
use super::support::{Shelf, case, program, root};

/// The files of `tests/language`, by name.
fn files() -> BTreeMap<String, String> {
    let entries = fs::read_dir(root("tests/language")).unwrap().map(|entry| entry.unwrap().path());
    let named = entries.filter(|path| path.extension().is_some_and(|it| it == "treaty")).map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    named.collect()
}

/// The folder of those files.
struct Folder(PathBuf);

impl Library for Folder {
    fn open(&mut self, path: &str, _from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        fs::read(self.0.join(path)).map(|bytes| (path.to_owned(), bytes)).map_err(|error| error.to_string())
    }
}

fn check(name: &str) -> (Program, String) {
    let mut sources = Sources::default();
    let mut folder = Folder(root("tests/language"));
    let (loaded, mut findings) = model::load(&[name.to_owned()], &mut folder, &mut sources);
    let (program, more) = model::build(&loaded);
    findings.extend(more);
    (program, report::findings(&findings, &sources, Style::default()))
}

#[test]
fn every_construct_checks() {
    let files = files();
    assert!(files.len() > 100, "only {} files", files.len());
    for name in files.keys() {
        assert_eq!(check(name).1, "", "{name}");
    }
}

// A field may be named like a word before which lines are broken.
#[test]
fn a_field_stands_beside_what_it_is_of() {
    let text = "party Bosnia_and_Herzegovina event violation { by: party }
        article 1 { Bosnia_and_Herzegovina shall not violation as v where count of violation(by: v.by) in the last 30 days > 3 }";
    let formatted = format::format(text).unwrap();
    assert!(!formatted.lines().any(|line| line.ends_with('.')), "{formatted}");
}

#[test]
fn every_construct_stands_in_the_one_layout() {
    for (name, text) in files() {
        assert!(text.starts_with("// §"), "{name} does not say what it shows");
        assert_eq!(format::format(&text).unwrap(), text, "{name}");
    }
}

// Without white space, and with white space everywhere, it is the same file.
#[test]
fn the_layout_does_not_depend_on_white_space() {
    for (name, text) in files() {
        if text.contains("\"\"\"") || text.contains(" bis ") {
            continue;
        }
        let spread = text.lines().map(|line| {
            let comment = line.trim_start().starts_with("//") || line.contains('"') || line.contains(" // ");
            if comment { format!("{line}\n") } else { line.replace(' ', "  \t") + "\n" }
        });
        assert_eq!(format::format(&spread.collect::<String>()).unwrap(), text, "{name}");
    }
}

// Whatever one takes away from a file, it is answered, and never with a panic.
#[test]
fn a_file_with_anything_missing_is_answered() {
    for (number, (_, text)) in files().into_iter().enumerate() {
        let words: Vec<_> = text.split_inclusive(' ').collect();
        // One word in five, which ones differing from file to file, takes a fifth of the time.
        for missing in (number % 5..words.len()).step_by(5) {
            let rest: String =
                words.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, word)| *word).collect();
            answered(&rest);
        }
    }
}

/// The findings of a text by name.
fn found(treaty: &str) -> Vec<&'static str> {
    program(treaty, &mut Sources::default()).1.iter().map(|finding| finding.code.name()).collect()
}

const WORDS: &str = "party Italy\nparty France\ngroup Guarantors { Italy, France }\nunit USD\n\
    event attack { by: party, killed: number? }\nevent incident { by: party, killed: number? }\n\
    event strike { killed: text }\nevent consult { by: party }\nevent deliver { by: party, value: USD }\n";

// §4.9: the first alternative is the working text; the others are checked as well.
#[test]
fn the_working_text_is_replayed_and_every_alternative_checked() {
    let article = "article 1 { when attack Italy shall consult within [24 hours | 48 hours (France)] }";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"France"}"#;
    let case = case(&format!("{WORDS}{article}"), log);
    let verdicts = case.replay(Some("2026-01-02T00:00:01Z"));
    assert_eq!(case.line(&verdicts[0]), "1 Italy breached due 2026-01-02T00:00:00Z");
    assert_eq!(found(&format!("{WORDS}{}", article.replace("48 hours", "2 Brussels business days"))), ["no-calendar"]);
    assert_eq!(found(&format!("{WORDS}{}", article.replace("(France)", "(Frence)"))), ["unknown-party"]);
    // Brackets in brackets: each of their alternatives is read, in whichever alternative they stand.
    let nested = "article 1 { when attack Italy shall consult \
        [within [24 hours | 36 hours | 2 Brussels business days] | by [2030-01-01 | a.end]] }";
    let mut names = found(&format!("{WORDS}{nested}"));
    names.sort_unstable();
    assert_eq!(names, ["no-calendar", "unknown-name"]);
    // What is wrong outside the brackets is wrong once.
    assert_eq!(found(&format!("{WORDS}{}", article.replace("Italy shall", "Itly shall"))), ["unknown-party"]);
}

// §4.9: the first reading is the working one, and an article without a reading belongs to all.
#[test]
fn the_first_reading_is_replayed_and_every_reading_checked() {
    let readings = "article 5 reading first { when attack Italy shall consult within 1 day }\n\
        article 5 reading second { when attack Italy shall consult within 2 days }\n\
        article 6 { when article 5 is breached France shall consult within 1 day }";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"France"}"#;
    let case = case(&format!("{WORDS}{readings}"), log);
    let verdicts = case.replay(Some("2026-01-02T00:00:01Z"));
    let lines: Vec<_> = verdicts.iter().map(|verdict| case.line(verdict)).collect();
    assert_eq!(lines, ["5 Italy breached due 2026-01-02T00:00:00Z", "6 France pending due 2026-01-03T00:00:00Z"]);
    assert_eq!(found(&format!("{WORDS}{}", readings.replace("2 days", "2 Brussels business days"))), ["no-calendar"]);
    assert_eq!(found(&format!("{WORDS}{}", readings.replace("second", "first"))), ["declared-twice"]);
}

// §4: an amended article is two of one label with disjoint dates; `until` stops as that day begins.
#[test]
fn amendments_share_a_label() {
    let amended = |until: &str, from: &str| {
        found(&format!(
            "{WORDS}article 1 in force until {until} {{ Italy shall consult by 2030-01-01 }}\n\
             article 1 in force from {from} {{ France shall consult by 2030-01-01 }}"
        ))
    };
    assert!(amended("2012-01-01", "2012-01-01").is_empty());
    assert!(amended("2012-01-01", "2013-01-01").is_empty());
    assert_eq!(amended("2012-01-01", "2011-12-31"), ["amendments-overlap"]);
}

// §3: a unit may be so many of another; §2: 2 brigades are 8,000 soldiers.
#[test]
fn amounts_are_reckoned_in_the_unit_that_others_are_told_in() {
    let treaty = "party Italy\nunit soldiers\nunit battalion = 800 soldiers\nunit brigade = 5 battalion\n\
        event deploy { by: party, strength: brigade }\nevent report { by: party }\n\
        article 1 { when deploy as d where d.strength >= 8_000 soldiers Italy shall report within 1 day }\n\
        article 2 { when deploy as d where d.strength > 2 brigade Italy shall report within 1 day }\n\
        article 3 { when deploy as d where d.strength = 10 battalion Italy shall report within 1 day }";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"deploy","by":"Italy","strength":2}"#;
    let case = case(treaty, log);
    let lines: Vec<_> = case.replay(None).iter().map(|verdict| case.line(verdict)).collect();
    assert_eq!(lines, ["1 Italy pending due 2026-01-02T00:00:00Z", "3 Italy pending due 2026-01-02T00:00:00Z"]);
}

// §3, the one EVENT rule: a name stands for whichever happens, and has what all of them have alike.
#[test]
fn a_name_after_several_events_is_that_of_whichever_happens() {
    let asked = |events: &str, of: &str| {
        found(&format!("{WORDS}article 1 {{ when {events} where {of} Italy shall consult within 1 day }}"))
    };
    assert!(asked("attack or incident as x", "x.killed > 3").is_empty());
    assert!(asked("attack as x or incident as x", "x.killed > 3").is_empty());
    assert_eq!(asked("attack or strike as x", "x.killed = 3"), ["unknown-field"]);
    assert_eq!(asked("attack as x or incident", "1 = 1"), ["bound-in-one-alternative"]);
}

// What hangs on itself is said, and does not go round without end.
#[test]
fn what_hangs_on_itself_is_told() {
    let with = |text: &str| found(&format!("{WORDS}event vote {{ by: party, choice: favour | against }}\n{text}"));
    let own = "article 1 { when article 1 is breached as b let n = b.n Italy shall consult within 1 day }";
    assert_eq!(with(own), ["unknown-field"]);
    assert_eq!(with("article 1 { when attack let n = n + 1 Italy shall consult within 1 day }"), ["unknown-name"]);
    let decided = "article 1 { when article 1 is adopted as b \
        Guarantors shall decide on b.on by majority of vote within 1 day }";
    assert_eq!(with(decided), ["unknown-field"]);
    assert_eq!(with("term big means attack where count of big > 3"), ["term-cycle"]);
    assert_eq!(with("term big means attack where count of large > 3\nterm large means big"), ["term-cycle"]);
}

// Long chains take no stack: what does not stand in brackets is read without recursion, or refused.
#[test]
fn long_chains_are_answered() {
    let article =
        |condition: &str| format!("{WORDS}article 1 {{ when attack as a where {condition} Italy shall consult }}");
    assert!(found(&article(&"true or ".repeat(5000).add("true"))).is_empty());
    assert!(found(&article(&"not ".repeat(5001).add("false"))).is_empty());
    assert_eq!(found(&article(&"90 % of ".repeat(20_000).add("3 > 1"))), ["syntax"]);
    assert_eq!(found(&article(&"count of attack where ".repeat(20_000))), ["syntax"]);
    let after = format!("{WORDS}article 1 {{ when {} attack Italy shall consult }}", "1 day after ".repeat(20_000));
    assert_eq!(found(&after), ["nested-too-deep"]);
    let unclosed = ["(", "[", "attack(by: ", "1 day after ["].map(|open| open.repeat(100_000));
    for open in unclosed {
        assert_eq!(found(&format!("{WORDS}article 1 {{ when {open}")), ["nested-too-deep"], "{}", &open[..12]);
    }
}

// §7: `under` names the treaties of one scenario, and no other scenario's.
#[test]
fn each_scenario_is_about_its_own_treaties() {
    let words = "party Italy\nevent attack\nevent consult { by: party }\n";
    let first = format!("{words}article 1 {{ when attack Italy shall consult within 1 day }}");
    let second = format!("{words}article 2 {{ when attack Italy shall consult within 1 day }}");
    let found = |under: &str, article: &str| {
        let scenario = format!(
            "scenario \"one\" {{ under \"first\" starts 2026-01-01 +0h attack expect article 1 pending }}\n\
             scenario \"other\" {{ under {under} starts 2026-01-01 +0h attack expect article {article} pending }}"
        );
        let mut shelf = Shelf(BTreeMap::from([("first", first.as_str()), ("second", &second), ("all", &scenario)]));
        let (loaded, mut findings) = model::load(&["all".to_owned()], &mut shelf, &mut Sources::default());
        findings.extend(model::build(&loaded).1);
        findings.iter().map(|finding| finding.code.name()).collect::<Vec<_>>()
    };
    assert!(found("\"second\"", "2").is_empty());
    assert!(found("\"first\", \"second\"", "2").is_empty());
    assert_eq!(found("\"second\"", "1"), ["unknown-article"]);
}

/// Reads, checks, draws and lays out a text.
fn answered(text: &str) {
    let case = case(text, "");
    case.reported();
    suites::answered(text);
    if let Ok(once) = format::format(text) {
        assert_eq!(format::format(&once).unwrap(), once, "{text}");
        assert_eq!(syntax::shape(&once), syntax::shape(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    // A line of one file put into another: mostly nonsense, always answered.
    #[test]
    fn lines_of_different_files_together_are_answered(picks in prop::collection::vec(any::<prop::sample::Index>(), 2..6), at in any::<prop::sample::Index>()) {
        let files: Vec<_> = files().into_values().collect();
        let mut lines: Vec<_> = picks[0].get(&files).lines().collect();
        for pick in &picks[1..] {
            let other: Vec<_> = pick.get(&files).lines().collect();
            let place = at.index(lines.len());
            let line: &&str = at.get(&other);
            lines.insert(place, line);
        }
        answered(&lines.join("\n"));
    }

    // Bytes that are no text are answered too.
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        struct One(Vec<u8>);
        impl Library for One {
            fn open(&mut self, path: &str, _: Option<&str>) -> Result<(String, Vec<u8>), String> {
                Ok((path.to_owned(), self.0.clone()))
            }
        }
        let mut sources = Sources::default();
        let (loaded, findings) = model::load(&["bytes.treaty".to_owned()], &mut One(bytes), &mut sources);
        report::findings(&findings, &sources, Style::default());
        model::build(&loaded);
    }
}
