//! Scenarios put to the test; what comes true of each is reasoned beside it.

use std::collections::BTreeMap;
use std::fs;

use servanda::finding::any_error;
use servanda::model;
use servanda::report::{self, Scene, Style};
use servanda::scenario;
use servanda::source::Sources;

use super::command_line::{folder, run, text};
use super::support::{Shelf, root};

const PACT: &str = "treaty pact {
    in force from 2025-10-01
    time zone Europe/Kyiv
}

party Russia
party Italy
party France
party Germany
group Guarantors { Italy, France, Germany }
event attack { by: party }
event consult { by: party, on: attack }
event explain { by: party }

article 1 {
    when attack(by: Russia) as a
    each of Guarantors shall consult(on: a) within [window: 24 hours | 12 hours (Italy) | 72 hours (Germany, France)]
}

article 2 {
    when article 1 is breached as b
    b.by shall explain within 7 days
}
";

/// Italy consults after six and a half hours, France after thirty, Germany never; France explains after three days.
/// Article 1 is due after 24 hours, article 2 seven times 24 hours after that. The attack by Italy triggers nothing.
const STEPS: &str = "    starts 2025-11-03T03:12+02:00
    +0h    attack(by: Russia) as strike
    +1h    attack(by: Italy) as raid
    +6h30m consult(by: Italy, on: strike)
    +1d6h  consult(by: France, on: strike)
    +3d    explain(by: France)
    ends +10d
";

/// What is wrong with every scenario of the first of these files: errors by name, expectations in their words.
pub fn wrong<'t>(files: &[(&'t str, &'t str)]) -> Vec<String> {
    tested(files).0
}

/// Runs the scenarios of a text that may be nonsense: they are answered, and what is said of them can be drawn.
pub fn answered(text: &str) {
    let mut sources = Sources::default();
    let mut shelf = Shelf(BTreeMap::from([("test.treaty", text)]));
    let (loaded, mut findings) = model::load(&["test.treaty".to_owned()], &mut shelf, &mut sources);
    findings.extend(model::build(&loaded).1);
    if any_error(&findings) {
        return;
    }
    let mut suite = model::Suite::of(&loaded, &sources);
    for outline in model::scenarios(&loaded) {
        let (program, scenario, found) = suite.build(&outline);
        let outcome = scenario::test(&program, scenario.as_ref(), &sources, found, &findings);
        let options = outcome.options;
        let scene = Scene { program: &program, log: &outcome.log, sources: &sources, options };
        let told = outcome.failures.iter().flat_map(|failure| {
            scenario.iter().filter_map(|it| report::failure(scene, it, &outcome.verdicts, failure))
        });
        report::findings(&told.collect::<Vec<_>>(), &sources, Style::default());
    }
}

/// The same, and all of it drawn.
pub fn tested<'t>(files: &[(&'t str, &'t str)]) -> (Vec<String>, String) {
    let mut sources = Sources::default();
    let mut shelf = Shelf(files.iter().copied().collect::<BTreeMap<_, _>>());
    let (loaded, mut findings) = model::load(&[files[0].0.to_owned()], &mut shelf, &mut sources);
    findings.extend(model::build(&loaded).1);
    assert!(!any_error(&findings), "{}", report::findings(&findings, &sources, Style::default()));
    let (mut wrong, mut drawn) = (Vec::new(), String::new());
    let mut suite = model::Suite::of(&loaded, &sources);
    for outline in model::scenarios(&loaded) {
        let (program, scenario, found) = suite.build(&outline);
        let outcome = scenario::test(&program, scenario.as_ref(), &sources, found, &findings);
        wrong.extend(outcome.errors.iter().map(|finding| finding.code.name().to_owned()));
        drawn += &report::findings(&outcome.errors, &sources, Style::default());
        let options = outcome.options;
        let scene = Scene { program: &program, log: &outcome.log, sources: &sources, options };
        for failure in &outcome.failures {
            let finding = report::failure(scene, scenario.as_ref().unwrap(), &outcome.verdicts, failure).unwrap();
            wrong.push(finding.message.trim_start_matches("expected ").trim_matches('`').to_owned());
            drawn += &report::findings(&[finding], &sources, Style::default());
        }
    }
    (wrong, drawn)
}

fn scenario(parts: &str) -> String {
    format!("{PACT}\nscenario \"one\" {{\n{parts}}}\n")
}

/// The expectations that do not come true of the steps above.
fn unmet(expectations: &[&str]) -> Vec<String> {
    let lines: String = expectations.iter().map(|one| format!("    expect {one}\n")).collect();
    wrong(&[("pact.treaty", &scenario(&format!("{STEPS}{lines}")))])
}

// §7: each of these is so.
#[test]
fn what_is_so_comes_true() {
    let right = [
        "article 1 met",
        "article 1 met by Italy",
        "article 1 met by Italy due +24h at +6h30m",
        "article 1 met by Italy at 2025-11-03T09:42+02:00",
        "article 1 late by France on strike due +1d at +30h",
        "article 1 breached by Germany at +24h",
        "article 1 triggered by Guarantors at +0h",
        "article 1 triggered by Italy, France, Germany",
        "article 1 triggered by Guarantors except Italy on strike",
        "article 1 not triggered on raid",
        "article 2 not triggered by Italy",
        // The chain that led to article 2 began with the strike, and it with the breach, after a day.
        "article 2 triggered by France on strike at +24h",
        "article 2 met by France at +3d",
        "article 2 breached by Germany due +8d at +8d",
    ];
    assert_eq!(unmet(&right), Vec::<String>::new());
}

// Each of these differs from what is so in one thing.
#[test]
fn what_is_not_so_fails() {
    let wrong = [
        "article 1 met by Italy at +6h",
        "article 1 met by Italy due +25h",
        "article 1 met by France",
        // Late is a status of its own, and no breach that stands.
        "article 1 breached by France",
        "article 1 late by France on raid",
        // Every member of a group, every party of a list.
        "article 1 met by Guarantors",
        "article 1 met by Italy, France",
        "article 1 not triggered",
        "article 2 not triggered by Guarantors",
        "article 2 triggered by Italy",
        "article 2 triggered by France at +23h",
        "article 2 pending by Germany",
    ];
    assert_eq!(unmet(&wrong), wrong);
}

#[test]
fn the_list_of_breaches_and_of_everything_is_closed() {
    let breaches = [
        "article 1 late by France",
        "article 1 breached by Germany",
        "article 2 breached by Germany",
        "no other breach",
    ];
    assert_eq!(unmet(&breaches), Vec::<String>::new());
    assert_eq!(unmet(&[breaches[1], breaches[2], breaches[3]]), ["no other breach"]);
    // An expectation that says more must agree in all of it to stand for a breach.
    assert_eq!(unmet(&[breaches[0], breaches[1], "article 2 breached by Germany due +9d", "no other breach"]).len(), 2);
    let all = ["article 1 met by Italy", "article 2 met by France", "nothing else"];
    assert_eq!(unmet(&[&breaches[..3], &all[..]].concat()), Vec::<String>::new());
    assert_eq!(unmet(&[&breaches[..3], &all[1..]].concat()), ["nothing else"]);
    // What is expected not to be there stands for nothing.
    assert_eq!(unmet(&["article 2 not triggered by Italy", "nothing else"]), ["nothing else"]);
}

// §4.3: of a group that owes as one, those that did not perform are blamed.
#[test]
fn a_group_that_owes_as_one_is_named_as_such_or_by_its_members() {
    let treaty = "party Italy party France party Germany group G { Italy, France, Germany }
        event go event act { by: party }
        article 1 { when go at least 2 of G shall act within 1 hour }
        scenario \"s\" { starts 2026-01-01T00:00Z +0h go +10m act(by: Italy) ends +2h
            expect article 1 breached by G at +1h
            expect article 1 breached by France, Germany
            expect article 1 breached by Italy
            expect article 1 met by G
            expect no other breach }";
    assert_eq!(wrong(&[("t.treaty", treaty)]), ["article 1 breached by Italy", "article 1 met by G"]);
}

// §5: a status a sentence, and what is expected of each; a second word that is not so.
#[test]
fn every_status_can_be_expected() {
    let words = "party A party B event go { by: party? } event act { by: party } event waive event rest event wake";
    let of = |article: &str, steps: &str, expected: &str| {
        wrong(&[(
            "t.treaty",
            &format!(
                "{words} article 1 {{ {article} }}
                 article 2 {{ when rest, article 1 is suspended until wake }}
                 scenario \"s\" {{ starts 2026-01-01T00:00Z {steps} ends +2d {expected} }}"
            ),
        )])
    };
    let hour = "when go A shall act within 1 hour";
    let cases = [
        // Performed after its window, and within its time for a cure.
        (format!("{hour} curable within 1 day"), "+0h go +2h act(by: A)", "cured by A due +1h at +2h", "breached"),
        (hour.to_owned(), "+0h go +2h act(by: A)", "late due +1h at +2h", "breached"),
        (hour.to_owned(), "+0h go", "breached by A at +1h", "late"),
        (format!("{hour} excused by waive"), "+0h go +10m waive", "excused by A at +10m", "met"),
        ("when go A shall act within 9 days".to_owned(), "+0h go", "pending by A due +9d", "open"),
        // Its clock stands from the tenth minute on.
        (hour.to_owned(), "+0h go +10m rest", "suspended by A", "pending"),
        ("when go A shall act".to_owned(), "+0h go", "open by A", "pending"),
        ("when go A shall not act".to_owned(), "+0h go", "observed by A", "met"),
        // A prohibition is broken by each act.
        (
            "when go A shall not act".to_owned(),
            "+0h go +1h act(by: A) +5h act(by: A)",
            "breached by A at +1h",
            "observed",
        ),
        (
            "when go A shall not act".to_owned(),
            "+0h go +1h act(by: A) +5h act(by: A)",
            "breached by A at +5h",
            "breached at +4h",
        ),
        // Whether B did it is not known.
        ("when go(by: B) A shall act within 1 hour".to_owned(), "+0h go", "indeterminate by A", "breached"),
        (
            "when go A may act only within 1 hour".to_owned(),
            "+0h go +2h act(by: A)",
            "invalid exercise by A at +2h",
            "met",
        ),
    ];
    for (article, steps, right, otherwise) in &cases {
        let (right, otherwise) = (format!("article 1 {right}"), format!("article 1 {otherwise}"));
        let found = of(article, steps, &format!("expect {right} expect {otherwise}"));
        assert_eq!(found, [otherwise], "{article}: {steps}: {right}");
    }
}

// §4.8: two of three are a majority; a decision that is taken is met, whichever way it went.
#[test]
fn what_a_decision_comes_to_can_be_expected() {
    let treaty = |steps: &str, expected: &str| {
        let text = format!(
            "party A party B party C group G {{ A, B, C }} event go
             event vote {{ by: party, on: go, choice: favour | against | abstain }}
             article 1 {{ when go as g G shall decide on g by majority of vote(on: g) with quorum 2 subject to veto by C within 3 hours }}
             scenario \"s\" {{ starts 2026-01-01T00:00Z +0h go as g {steps} ends +1d {expected} }}"
        );
        wrong(&[("t.treaty", text.as_str())])
    };
    let votes = |a: &str, b: &str, c: &str| {
        format!(
            "+1h vote(by: A, on: g, choice: {a}) +2h vote(by: B, on: g, choice: {b}) +150m vote(by: C, on: g, choice: {c})"
        )
    };
    let none: Vec<String> = Vec::new();
    // The vote of the holder of the veto makes it final.
    let adopted = votes("favour", "favour", "abstain");
    assert_eq!(
        treaty(&adopted, "expect article 1 adopted by G on g at +150m expect article 1 met expect nothing else"),
        none
    );
    assert_eq!(treaty(&adopted, "expect article 1 rejected"), ["article 1 rejected"]);
    let rejected = votes("against", "against", "abstain");
    assert_eq!(treaty(&rejected, "expect article 1 rejected expect article 1 met expect no other breach"), none);
    let blocked = votes("favour", "favour", "against");
    assert_eq!(treaty(&blocked, "expect article 1 blocked expect nothing else"), none);
    // Nobody voted: a breach by those who did not.
    assert_eq!(
        treaty("", "expect article 1 lapsed expect article 1 breached by G at +3h expect no other breach"),
        none
    );
}

// A group whose members come and go: whoever was a member when the duty began owes it.
#[test]
fn of_a_changing_group_all_that_owe_are_meant() {
    let treaty = "party Italy party France party Poland group G { Italy, France from 2026-02-01, Poland }
        event go event act { by: party }
        article 1 { when go each of G shall act within 1 hour }
        scenario \"s\" { starts 2026-01-01T00:00Z +0h go as g +10m act(by: Italy) +20m act(by: Poland) ends +2h
            expect article 1 met by G
            expect article 1 met by G except Italy
            expect article 1 not triggered by France
            expect nothing else }
        scenario \"t\" { starts 2026-02-01T00:00Z +0h go as g +10m act(by: Italy) +20m act(by: Poland) ends +2h
            expect article 1 met by G
            expect article 1 breached by France }";
    assert_eq!(wrong(&[("t.treaty", treaty)]), ["article 1 met by G"]);
}

// §2: on 26 October 2025 the clocks of Kyiv went from 04:00 back to 03:00, and half past three came twice.
#[test]
fn an_error_that_is_expected_is_none() {
    let repeated = "    starts 2025-10-25T03:12Z\n    2025-10-26T03:30 attack(by: Russia) as first
    +3d attack(by: Russia) as second\n";
    let with = |expectations: &str| wrong(&[("pact.treaty", &scenario(&format!("{repeated}{expectations}")))]);
    // The step that is wrong is set aside, and the rest replayed: the second attack is there.
    for name in ["ambiguous-local-time", "ambiguous_local_time", "occurs twice in Europe/Kyiv"] {
        let lines = format!("    expect error \"{name}\"\n    expect article 1 pending by Italy on second\n");
        assert_eq!(with(&lines), Vec::<String>::new());
    }
    let lines = "    expect error \"ambiguous-local-time\"\n    expect error \"unknown-party\"\n    expect article 1 triggered on first\n";
    assert_eq!(with(lines), ["error \"unknown-party\"", "article 1 triggered on first"]);
}

// Without being expected it is an error of the file; with another error expected, too.
#[test]
fn an_error_that_is_not_expected_is_one_of_check() {
    let found = |expectation: &str| {
        let treaty = scenario(&format!("    2025-10-26T03:30 attack(by: Russia)\n    expect {expectation}\n"));
        let findings = super::support::program(&treaty, &mut Sources::default()).1;
        findings.iter().map(|finding| finding.code.name()).collect::<Vec<_>>()
    };
    assert_eq!(found("nothing else"), ["ambiguous-local-time"]);
    assert_eq!(found("error \"unknown-party\""), ["ambiguous-local-time"]);
    assert_eq!(found("error \"ambiguous-local-time\""), [""; 0]);
    // What is found when the file is read is expected alike.
    let no_date = |expectation: &str| {
        let treaty = scenario(&format!("    2025-02-30 attack(by: Russia)\n    expect {expectation}\n"));
        let findings = super::support::program(&treaty, &mut Sources::default()).1;
        findings.iter().map(|finding| finding.code.name()).collect::<Vec<_>>()
    };
    assert_eq!(no_date("nothing else"), ["no-such-date"]);
    assert_eq!(no_date("error \"no-such-date\""), [""; 0]);
}

// A choice that is not there, and a log that is not there, are errors of the scenario.
#[test]
fn errors_of_choices_and_of_logs_may_be_expected() {
    let choice =
        scenario("    choose window = 36 hours\n    starts 2026-01-01\n    expect error \"unknown-bracket\"\n");
    assert_eq!(wrong(&[("pact.treaty", &choice)]), Vec::<String>::new());
    let log = scenario("    log \"no.jsonl\"\n    expect error \"cannot read the log no.jsonl\"\n");
    assert_eq!(wrong(&[("pact.treaty", &log)]), Vec::<String>::new());
    // A line that is wrong is set aside where an error is expected, and stops the scenario where none is.
    let lines = "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"attack\",\"by\":\"Russia\"}\n\
                 {\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"atack\",\"by\":\"Russia\"}\n";
    let body = "    log \"x.jsonl\"\n    expect article 1 pending by Guarantors\n";
    assert_eq!(wrong(&[("pact.treaty", &scenario(body)), ("x.jsonl", lines)]), ["unknown-kind"]);
    let body = format!("{body}    expect error \"unknown-kind\"\n");
    assert_eq!(wrong(&[("pact.treaty", &scenario(&body)), ("x.jsonl", lines)]), Vec::<String>::new());
}

// §4.5: a later line with the same instant is inside the window, an earlier one is not; lines of logs come first.
#[test]
fn a_log_and_steps_are_one_log() {
    let first = "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"attack\",\"by\":\"Russia\",\"id\":\"s-1\"}\n";
    let parts = "    log \"x.jsonl\"\n    starts 2026-01-01T00:00Z\n    +0h consult(by: Italy, on: \"s-1\")
    +13h explain(by: France)\n    expect article 1 met by Italy at +0h\n    expect article 1 pending by France\n";
    assert_eq!(wrong(&[("pact.treaty", &scenario(parts)), ("x.jsonl", first)]), Vec::<String>::new());
    // What happened before does not count, and an id that the log has not is an error.
    let own = "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"explain\",\"by\":\"France\"}\n";
    let treaty = "party Italy event go event act { by: party } article 1 { when go Italy shall act within 1 hour }
        scenario \"s\" { log \"x.jsonl\" starts 2026-01-01T00:00Z +0h go expect article 1 pending by Italy }";
    let act = "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"act\",\"by\":\"Italy\"}\n";
    assert_eq!(wrong(&[("t.treaty", treaty), ("x.jsonl", act)]), Vec::<String>::new());
    assert_eq!(wrong(&[("pact.treaty", &scenario(parts)), ("x.jsonl", own)]), ["unknown-reference"]);
    let twice = scenario("    log \"x.jsonl\"\n    log \"x.jsonl\"\n    expect nothing else\n");
    assert_eq!(wrong(&[("pact.treaty", &twice), ("x.jsonl", first)]), ["duplicate-event-id"]);
    let later = scenario(
        "    starts 2026-01-01T00:00Z\n    +2h attack(by: Russia) as s\n    +1h consult(by: Italy, on: s)\n    expect nothing else\n",
    );
    assert_eq!(wrong(&[("pact.treaty", &later)]), ["unknown-reference"]);
}

// A scenario in a file of its own is about the treaty that the file uses, or those that it is under, and no others.
#[test]
fn a_scenario_may_stand_apart_from_its_treaty() {
    let uses = format!("use \"pact.treaty\"\nscenario \"s\" {{\n{STEPS}    expect article 1 late by France\n}}\n");
    assert_eq!(wrong(&[("s.scenario", &uses), ("pact.treaty", PACT)]), Vec::<String>::new());
    let other = "use \"words.treaty\" treaty second {} article 7 { when attack Italy shall explain within 1 hour }";
    let words = "party Italy party Russia event attack { by: party } event explain { by: party }";
    let one = "use \"words.treaty\" treaty first {} article 1 { when attack Italy shall explain within 2 hours }";
    let under = "scenario \"one\" { under \"one.treaty\" starts 2026-01-01T00:00Z +0h attack(by: Russia)
            expect article 1 pending due +2h expect nothing else }
        scenario \"both\" { under \"one.treaty\", \"other.treaty\" starts 2026-01-01T00:00Z +0h attack(by: Russia)
            expect article 1 pending expect article 7 pending due +1h expect nothing else }
        scenario \"not all\" { under \"one.treaty\", \"other.treaty\" starts 2026-01-01T00:00Z +0h attack(by: Russia)
            expect article 1 pending expect nothing else }";
    let files = [("s.scenario", under), ("one.treaty", one), ("other.treaty", other), ("words.treaty", words)];
    assert_eq!(wrong(&files), ["nothing else"]);
}

// §4.9: of each bracket, and of readings, the alternative chosen is replayed.
#[test]
fn a_scenario_is_replayed_with_what_it_chooses() {
    let steps = STEPS;
    let with = |window: &str, expected: &str| {
        wrong(&[("pact.treaty", &scenario(&format!("    choose window = {window}\n{steps}    expect {expected}\n")))])
    };
    // Thirty hours are within three days, and six and a half within twelve hours.
    assert_eq!(with("72 hours", "article 1 met by France due +3d at +30h"), Vec::<String>::new());
    assert_eq!(with("12 hours", "article 1 late by France due +12h"), Vec::<String>::new());
    assert_eq!(with("24 hours", "article 1 met by France"), ["article 1 met by France"]);
    // Brackets of one label vary together, whichever of them has the words.
    let together = "party A event go event act { by: party } event rest { by: party }
        article 1 { when go A shall act within [w: 1 hour | 2 hours] }
        article 2 { when go A shall rest within [w: 1 day | 2 days] }
        scenario \"s\" { choose w = 2 days starts 2026-01-01T00:00Z +0h go
            expect article 1 pending due +2h expect article 2 pending due +48h expect nothing else }";
    assert_eq!(wrong(&[("t.treaty", together)]), Vec::<String>::new());
    let readings = "party A event go event act { by: party }
        article 1 reading broad { when go A shall act within 1 hour }
        article 1 reading narrow { when go A shall act within 2 hours }
        scenario \"working\" { starts 2026-01-01T00:00Z +0h go +90m act(by: A) expect article 1 late expect nothing else }
        scenario \"narrow\" { choose reading = narrow starts 2026-01-01T00:00Z +0h go +90m act(by: A)
            expect article 1 met expect nothing else }";
    assert_eq!(wrong(&[("t.treaty", readings)]), Vec::<String>::new());
}

// A list is told by repeating the field, or whole; what an earlier step says may be asked for.
#[test]
fn steps_hold_lists_and_what_earlier_steps_say() {
    let treaty = "party A party B party C group G { A, B } event plan { by: list of party, end: instant }
        event act { by: party, on: plan, end: instant }
        article 1 { when plan as p each of p.by shall act(on: p, end: p.end) by p.end }
        scenario \"s\" { starts 2026-01-01T00:00Z
            +0h plan(by: G, by: C, end: 2026-01-03T00:00Z) as p
            +1h act(by: A, on: p, end: p.end)
            +1h act(by: B, on: p, end: p.at + 24 hours)
            ends +3d
            expect article 1 met by A on p at +1h
            expect article 1 breached by B, C at +2d
            expect nothing else }";
    assert_eq!(wrong(&[("t.treaty", treaty)]), Vec::<String>::new());
}

// A failing expectation as a user sees it.
#[test]
fn what_came_instead_is_told() {
    let expectations = "    expect article 1 met by Italy at +6h
    expect article 1 met by Guarantors
    expect article 2 met by Italy
    expect article 2 not triggered
    expect no other breach
    expect error \"unknown-party\"
    expect lint never-due
";
    let text = scenario(&format!("{STEPS}{expectations}"));
    insta::assert_snapshot!(tested(&[("pact.treaty", &text)]).1);
    let silent = scenario("    starts 2026-01-01\n    ends +1d\n    expect article 1 met\n");
    insta::assert_snapshot!(tested(&[("pact.treaty", &silent)]).1);
}

fn suite(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    let good = format!("\nscenario \"Italy is in time\" {{\n{STEPS}    expect article 1 met by Italy\n}}\n");
    let bad = format!("\nscenario \"France is <not>\" {{\n{STEPS}    expect article 1 met by France\n}}\n");
    fs::create_dir(folder.join("inner")).unwrap();
    fs::write(folder.join("good.treaty"), format!("{PACT}{good}")).unwrap();
    fs::write(folder.join("inner/bad.scenario"), format!("use \"../good.treaty\"\n{good}{bad}")).unwrap();
    fs::write(folder.join("inner/silent.treaty"), PACT).unwrap();
    fs::write(folder.join("wrong.treaty"), format!("{}{good}", PACT.replace("party Italy\n", ""))).unwrap();
    folder
}

// 0 all passed, 1 a failure, 2 bad input.
#[test]
fn the_command_tells_by_its_exit_code() {
    let folder = suite("test-exit-codes");
    let code = |arguments: &[&str]| run(&folder, &[&["test"], arguments].concat()).status.code().unwrap();
    assert_eq!(code(&["good.treaty"]), 0);
    assert_eq!(code(&["inner/bad.scenario"]), 1);
    assert_eq!(code(&["good.treaty", "inner"]), 1);
    assert_eq!(code(&["inner", "--filter", "Italy"]), 0);
    assert_eq!(code(&["inner", "--filter", "Norway"]), 2);
    assert_eq!(code(&["inner/silent.treaty"]), 2);
    assert_eq!(code(&["no-such.treaty"]), 2);
    assert_eq!(code(&["good.treaty", "no-such.treaty"]), 2);
    assert_eq!(code(&["wrong.treaty"]), 2);
    assert_eq!(code(&["."]), 2);
    assert_eq!(code(&["good.treaty", "--update"]), 2);
    assert_eq!(code(&[]), 2);
}

#[test]
fn the_command_says_what_fails_and_counts() {
    let folder = suite("test-summary");
    assert_eq!(text(&run(&folder, &["test", "good.treaty"]).stdout), "1 scenario: 1 passed\n");
    let verbose = text(&run(&folder, &["test", "inner", "--verbose"]).stdout);
    let lines: Vec<_> = verbose.lines().filter(|line| line.contains("inner/bad.scenario: ")).collect();
    assert_eq!(lines, ["passed inner/bad.scenario: Italy is in time", "failed inner/bad.scenario: France is <not>"]);
    assert!(verbose.contains("expectation-failed"), "{verbose}");
    assert!(verbose.ends_with("\n2 scenarios: 1 passed, 1 failed\n"), "{verbose}");
    // A treaty that is wrong is reported; its scenarios are not run, and the others are.
    let all = run(&folder, &["test", "."]);
    assert!(text(&all.stderr).starts_with("unknown-party"), "{}", text(&all.stderr));
    assert!(text(&all.stdout).ends_with("\n4 scenarios: 2 passed, 1 failed, 1 not run\n"), "{}", text(&all.stdout));
    assert!(!all.stdout.contains(&0x1b));
    // What is wrong in one scenario stops that one alone.
    let two = format!(
        "{PACT}scenario \"wrong\" {{\n{STEPS}    expect article 9 met\n}}\nscenario \"right\" {{\n{STEPS}    expect article 1 met\n}}\n"
    );
    fs::write(folder.join("two.treaty"), two).unwrap();
    let output = run(&folder, &["test", "two.treaty", "-v"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("unknown-article"));
    let told = "not run two.treaty: wrong\npassed two.treaty: right\n2 scenarios: 1 passed, 1 not run\n";
    assert_eq!(text(&output.stdout), told);
}

#[test]
fn the_results_are_written_as_junit_has_them() {
    let folder = suite("test-junit");
    let output = run(&folder, &["test", "inner", "wrong.treaty", "--junit", "out.xml"]);
    assert_eq!(output.status.code(), Some(2));
    let xml = fs::read_to_string(folder.join("out.xml")).unwrap();
    let lines: Vec<_> = xml.lines().filter(|line| line.trim_start().starts_with('<')).map(str::trim).collect();
    assert_eq!(
        lines[..6],
        [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites name=\"servanda\" tests=\"3\" failures=\"1\" errors=\"1\">",
            "<testsuite name=\"inner/bad.scenario\" tests=\"2\" failures=\"1\" errors=\"0\">",
            "<testcase name=\"Italy is in time\" classname=\"inner/bad.scenario\"/>",
            "<testcase name=\"France is &lt;not&gt;\" classname=\"inner/bad.scenario\">",
            "<failure message=\"expected `article 1 met by France`\">expectation-failed",
        ]
    );
    assert!(xml.contains("<error message=\"there is no party `Italy`"), "{xml}");
    assert!(xml.ends_with("</testsuites>\n"));
    // Nothing is left beside it, and where it cannot be written that is said.
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 4);
    let output = run(&folder, &["test", "good.treaty", "--junit", "no/out.xml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot write `no/out.xml`"));
}

// A report is stored, compared, and found to differ; `insta` reads what is stored.
#[test]
fn reports_are_compared_with_their_snapshots() {
    let folder = suite("test-snapshots");
    let test = |arguments: &[&str]| run(&folder, &[&["test", "--snapshot", "good.treaty"], arguments].concat());
    let stored = folder.join("snapshots/good__italy_is_in_time.snap");
    let beside = folder.join("snapshots/good__italy_is_in_time.snap.new");
    let missing = test(&[]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stdout).contains("there is no snapshot `snapshots/good__italy_is_in_time.snap`"));
    assert!(!stored.exists() && beside.exists());
    assert_eq!(test(&["--update"]).status.code(), Some(0));
    assert!(stored.exists() && !beside.exists());
    let snapshot = fs::read_to_string(&stored).unwrap();
    let (head, content) = snapshot.split_once("\n---\n").unwrap();
    assert_eq!(head, "---\nsource: \"good.treaty\"\nexpression: \"Italy is in time\"");
    assert!(content.starts_with("good.treaty: Italy is in time\n\nlate\n"), "{content}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder.join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("good__italy_is_in_time", content));
    // From another place it is the same report, and so it is after what changes no verdict.
    let absolute = folder.join("good.treaty").display().to_string();
    assert_eq!(run(std::path::Path::new("/"), &["test", "--snapshot", &absolute]).status.code(), Some(0));
    assert_eq!(test(&[]).status.code(), Some(0));
    fs::write(&stored, snapshot.replace("late by 6 hours", "late by 7 hours")).unwrap();
    fs::write(folder.join("snapshots/good__gone.snap"), &snapshot).unwrap();
    let differing = text(&test(&[]).stdout);
    let changed: Vec<_> = differing.lines().filter(|line| line.starts_with("- ") || line.starts_with("+ ")).collect();
    assert!(matches!(changed[..], [old, new] if old.ends_with("late by 7 hours") && new.ends_with("late by 6 hours")));
    assert!(differing.contains("stale: snapshots/good__gone.snap\n"), "{differing}");
    assert_eq!(test(&["--update"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&stored).unwrap(), snapshot);
    assert!(folder.join("snapshots/good__gone.snap").exists(), "what it did not make it does not remove");
}

// The scenarios among the documents of the language are such as they say.
#[test]
fn the_scenarios_of_the_language_come_true() {
    let output = run(&super::support::root("tests/language"), &["test", "."]);
    assert_eq!((text(&output.stdout).as_str(), text(&output.stderr).as_str()), ("7 scenarios: 7 passed\n", ""));
    let examples = super::documents::blocks("docs/language.md", "treaty");
    let examples: Vec<_> = examples.iter().filter(|example| example.contains("scenario \"")).collect();
    assert!(!examples.is_empty());
    for example in examples {
        assert_eq!(wrong(&[("example.treaty", example)]), Vec::<String>::new(), "{example}");
    }
}

// The scenario of the README's tour, with the treaty of the tour.
#[test]
fn the_scenario_of_the_readme_comes_true() {
    let blocks = |info: &str| super::documents::blocks("README.md", info).remove(0);
    let (treaty, scenario) = (blocks("treaty"), blocks("scenario"));
    assert_eq!(wrong(&[("pact.scenario", &scenario), ("pact.treaty", &treaty)]), Vec::<String>::new());
    let otherwise = scenario.replace("+30h consult", "+24h consult");
    assert_eq!(wrong(&[("pact.scenario", &otherwise), ("pact.treaty", &treaty)]).len(), 1);
}

// A log of a scenario counts from the folder of the scenario's file, and may be gzipped.
#[test]
fn a_log_lies_beside_its_scenario() {
    use std::io::Write;
    let folder = folder("test-log");
    fs::create_dir(folder.join("inner")).unwrap();
    let line = "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"attack\",\"by\":\"Russia\"}\n";
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(line.as_bytes()).unwrap();
    fs::write(folder.join("inner/x.jsonl.gz"), encoder.finish().unwrap()).unwrap();
    let treaty = scenario("    log \"x.jsonl.gz\"\n    expect article 1 pending by Guarantors\n");
    fs::write(folder.join("inner/t.treaty"), &treaty).unwrap();
    assert_eq!(run(&folder, &["test", "inner"]).status.code(), Some(0));
    fs::remove_file(folder.join("inner/x.jsonl.gz")).unwrap();
    let missing = run(&folder, &["test", "inner"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("cannot read the log `x.jsonl.gz`: there is no such file"));
}

// Every sentence of the language that decides a boundary, an order or a tie has a scenario that names it, with verdicts
// reasoned by hand beside it.
#[test]
fn the_definition_says_what_was_reasoned_by_hand() {
    let said = passes("tests/semantics");
    let count: usize = said.split(' ').next().unwrap().parse().unwrap();
    assert!(count >= 855, "{said}");
}

// The library's own scenarios.
#[test]
fn the_scenarios_of_the_library_pass() {
    passes("clauses");
}

/// Tests every scenario of a folder, all of which pass.
fn passes(path: &str) -> String {
    let output = run(&root("."), &["test", path]);
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}
