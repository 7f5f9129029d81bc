//! How reports read. Their wording is a snapshot; the verdicts that they tell are asserted elsewhere.

use servanda::report::{self, Style};
use servanda::verdict::{Status, Tally};

use super::suites::tested;
use super::support::{case, case_of};

const TREATY: &str = r#"treaty italian_proposal "Collective assistance mechanism for Ukraine" {
    in force from 2025-10-01 for 10 years
    time zone Europe/Kyiv
}
party Russia also "RUS"
party Ukraine
party Italy
party France
party Germany
group Guarantors { Italy, France, Germany }
place Odesa
event attack { by: party  place: place? }
event consult { by: party  on: attack? }
event explain { by: party  to: party  on: attack }
event deploy { by: party }

article 1 "Consultation" {
    when attack(by: Russia) as a
    each of Guarantors shall consult(on: a)
    within 24 hours
    owed to Ukraine
}

article 2 "Failure to consult" {
    when article 1 is breached as b
    b.by shall explain(to: Ukraine, on: b.cause) between 1 day and 7 days
}

article 3 "Restraint" {
    when attack as a
    each of Guarantors shall not deploy for 2 days
}

article 4 {
    when attack as a
    at least 2 of Guarantors except Italy shall deploy by 2025-11-05
}
"#;

const LOG: &str = r#"{"at":"2025-11-03T03:12:00+02:00","kind":"attack","id":"strike-1","by":"RUS","place":"Odesa"}
{"at":"2025-11-03T09:12:00+02:00","kind":"consult","by":"Italy","on":"strike-1"}
{"at":"2025-11-04T09:12:00+02:00","kind":"consult","by":"France","on":"strike-1"}
{"at":"2025-11-04T10:00:00+02:00","kind":"explain","by":"Germany","to":"Ukraine","on":"strike-1"}
{"at":"2025-11-04T12:00:00+02:00","kind":"deploy","by":"France"}
"#;

#[test]
fn a_report_of_every_sort_of_breach() {
    let case = case(TREATY, LOG);
    let verdicts = case.replay(Some("2025-11-30T00:00:00Z"));
    let breaches = verdicts.iter().filter(|verdict| verdict.status.is_breach());
    let mut text: String = breaches.map(|verdict| report::breach(case.scene(), verdict, Style::default())).collect();
    let rows: Vec<_> = verdicts.iter().collect();
    text += &report::docket(case.scene(), &rows, Style::default(), usize::MAX);
    text += &report::summary(&Tally::of(&verdicts));
    insta::assert_snapshot!(format!("{TREATY}----\n{LOG}----\n{text}"));
}

// The report fits the width that it is given.
#[test]
fn reports_fit_their_width() {
    let case = case(TREATY, LOG);
    let verdicts = case.replay(Some("2025-11-30T00:00:00Z"));
    let rows: Vec<_> = verdicts.iter().collect();
    for width in [80, 100, 120] {
        let docket = report::docket(case.scene(), &rows, Style { width, colour: false }, usize::MAX);
        assert!(docket.lines().all(|line| line.chars().count() <= width), "{docket}");
    }
}

// An act of the right kind by the right party, on another attack: it is shown, with the field in which it differs.
#[test]
fn a_near_miss_is_shown() {
    let log = r#"{"at":"2025-11-03T03:00:00Z","kind":"attack","id":"strike-1","by":"RUS"}
{"at":"2025-11-03T04:00:00Z","kind":"attack","id":"strike-2","by":"RUS"}
{"at":"2025-11-03T05:00:00Z","kind":"consult","by":"Italy","on":"strike-2"}
"#;
    let case = case(TREATY, log);
    let verdicts = case.replay(Some("2025-11-04T03:30:00Z"));
    let shown: Vec<_> = verdicts
        .iter()
        .filter(|verdict| verdict.status.is_breach())
        .map(|verdict| report::breach(case.scene(), verdict, Style::default()))
        .collect();
    // Three guarantors are in breach on the first attack; only Italy consulted at all.
    assert_eq!(shown.len(), 3);
    assert!(shown[0].contains("a near miss: its `on` is strike-2, not strike-1"), "{}", shown[0]);
    assert!(shown[1..].iter().all(|report| !report.contains("near miss")));
}

/// A treaty, a log, and all that is told of them.
fn told(articles: &str, log: &str, until: &str) -> String {
    let case = case(articles, log);
    let until = format!("{until}T00:00");
    let verdicts = case.replay(Some(&until));
    let text = report::whole(case.scene_until(Some(&until)), &verdicts, Style::default());
    format!("{articles}----\n{log}----\n{text}")
}

// A floor: the first lapse outlasts its grace, the second is made good in time, the third is never made good.
#[test]
fn a_floor_broken_twice() {
    let treaty = r#"treaty floors { in force from 2026-01-01 for 1 year time zone Europe/Warsaw }
party Poland
unit soldiers
tally troops in soldiers { starts at 15_000 adds deploy.strength subtracts depart.strength }
event deploy { by: party  strength: soldiers }
event depart { by: party  strength: soldiers }

article 10 "Force floor" {
    Poland shall keep troops >= 15_000 soldiers
    with 72 hours grace
}
"#;
    let log = r#"{"at":"2026-02-01T12:00:00+01:00","kind":"depart","by":"Poland","strength":4000}
{"at":"2026-02-05T12:00:00+01:00","kind":"deploy","by":"Poland","strength":4000}
{"at":"2026-03-01T12:00:00+01:00","kind":"depart","by":"Poland","strength":1000}
{"at":"2026-03-02T12:00:00+01:00","kind":"deploy","by":"Poland","strength":1000}
{"at":"2026-04-10T00:00:00+02:00","kind":"depart","by":"Poland","strength":500}
"#;
    insta::assert_snapshot!(told(treaty, log, "2026-06-01"));
}

// Two totals: one is reached two weeks late, of the other something is missing still. And a number of times.
#[test]
fn totals_that_fall_short() {
    let treaty = r#"treaty funds { time zone Europe/Brussels }
party Ukraine
group Donors { Germany, France }
party Germany
party France
unit USD
event pledge { to: party }
event deliver { by: party  value: USD from "usd_bn" in billion }
event report { by: party }

article 9 "Support" {
    when pledge(to: Ukraine)
    each of Donors shall deliver totalling at least 16.2 billion USD of value
    by 2026-12-31
    owed to Ukraine
}

article 9.2 {
    when pledge
    Germany shall report at least 3 times within 90 days
}
"#;
    let log = r#"{"at":"2026-01-10T10:00:00+01:00","kind":"pledge","to":"Ukraine"}
{"at":"2026-02-01T10:00:00+01:00","kind":"report","by":"Germany"}
{"at":"2026-03-10T10:00:00+01:00","kind":"deliver","by":"Germany","usd_bn":10}
{"at":"2026-06-10T10:00:00+02:00","kind":"deliver","by":"France","usd_bn":15.9}
{"at":"2026-11-10T10:00:00+01:00","kind":"deliver","by":"Germany","usd_bn":5.9}
{"at":"2027-01-14T18:00:00+01:00","kind":"deliver","by":"Germany","usd_bn":0.4}
"#;
    insta::assert_snapshot!(told(treaty, log, "2027-02-01"));
}

const VOTE: &str = r#"treaty council { time zone Europe/Brussels }
party Russia
party Italy
party France
party Poland
group Guarantors { Italy, France, Poland }
event attack { by: party }
event vote { by: party  on: attack  choice: favour | against | abstain }

article 3 "Collective decision" {
    when attack as a
    Guarantors shall decide on a by two thirds of vote(on: a) with quorum 2 subject to veto by France
    within 72 hours
}
"#;

// Of the first attack nobody but France speaks, and one who has no vote; of the second France has its veto; the third
// is answered.
#[test]
fn decisions_that_lapse_and_are_blocked() {
    let log = r#"{"at":"2026-01-10T10:00:00+01:00","kind":"attack","id":"one","by":"Russia"}
{"at":"2026-01-11T10:00:00+01:00","kind":"vote","by":"France","on":"one","choice":"favour"}
{"at":"2026-01-11T12:00:00+01:00","kind":"vote","by":"Russia","on":"one","choice":"against"}
{"at":"2026-02-10T10:00:00+01:00","kind":"attack","id":"two","by":"Russia"}
{"at":"2026-02-10T11:00:00+01:00","kind":"vote","by":"France","on":"two","choice":"against"}
{"at":"2026-03-10T10:00:00+01:00","kind":"attack","id":"three","by":"Russia"}
{"at":"2026-03-10T11:00:00+01:00","kind":"vote","by":"France","on":"three","choice":"favour"}
{"at":"2026-03-10T12:00:00+01:00","kind":"vote","by":"Poland","on":"three","choice":"favour"}
"#;
    insta::assert_snapshot!(told(VOTE, log, "2026-04-01"));
}

// A stranger uses a power, and one who has it does so after its time; a condition is attained too late; a condition
// that is judged once does not hold.
#[test]
fn powers_and_attained_conditions() {
    let treaty = r#"treaty powers { in force from 2026-01-01 for 1 year }
party Russia
party USA
party Poland
event attack { by: party }
event waive { by: party  on: attack }
event arrive { by: party }
state present(p: party) { begins on arrive(by: p) }

article 7 "Waiver" {
    when attack as a
    Poland may waive(on: a) only within 5 days whereupon article 11 is excused
}

article 11 "Reinforcement" {
    when attack
    USA shall have present(USA)
    within 10 days
}

article 12 {
    when attack
    Poland shall have present(Poland)
}
"#;
    let log = r#"{"at":"2026-02-01T00:00:00Z","kind":"attack","id":"one","by":"Russia"}
{"at":"2026-02-02T00:00:00Z","kind":"waive","by":"Russia","on":"one"}
{"at":"2026-02-07T00:00:00Z","kind":"waive","by":"Poland","on":"one"}
{"at":"2026-02-14T00:00:00Z","kind":"arrive","by":"USA"}
"#;
    insta::assert_snapshot!(told(treaty, log, "2026-03-01"));
}

// One duty is cured after 40 days, one stands still, one did and was broken nevertheless; nobody is named to owe another.
#[test]
fn cures_and_clocks_that_stand_still() {
    let treaty = r#"treaty standstill { time zone Europe/Kyiv }
party Ukraine
party Germany
party France
event order { id_of: text }
event deliver { by: party  on: order }
event repair { by: party? on: order }
event truce {}
event war {}
state ceasefire { begins on truce  ends on war }

article 1 {
    when order as o
    Germany shall deliver(on: o) within 10 days
    curable within 90 days
}

article 2 {
    when order as o
    France shall deliver(on: o) forthwith read as 20 days
    suspended while ceasefire
}

article 3 {
    when order as o
    nobody named shall repair(on: o) within 3 days
    owed to Ukraine
}
"#;
    let log = r#"{"at":"2026-01-01T00:00:00+02:00","kind":"order","id":"tanks","id_of":"t"}
{"at":"2026-01-06T00:00:00+02:00","kind":"truce"}
{"at":"2026-01-16T00:00:00+02:00","kind":"war"}
{"at":"2026-02-20T00:00:00+02:00","kind":"deliver","by":"Germany","on":"tanks"}
{"at":"2026-03-01T00:00:00+02:00","kind":"order","id":"guns","id_of":"g"}
{"at":"2026-03-02T00:00:00+02:00","kind":"truce"}
"#;
    insta::assert_snapshot!(told(treaty, log, "2026-03-05"));
}

// The act was done in time and proven after the due instant: what was broken is met. A forbidden act turns up likewise.
#[test]
fn what_is_proven_later_turns_the_verdict() {
    let treaty = r#"treaty proofs { time zone UTC }
party Russia
party Italy
party Monitor
event attack { by: party }
event consult { by: party  on: attack } established by find(of: it)
event fly { by: party } established by find_flight(of: it)
event find { by: party  of: consult }
event find_flight { by: party  of: fly }

article 1 {
    when attack as a
    Italy shall consult(on: a) within 24 hours
}

article 2 {
    when attack
    Russia shall not fly for 2 days
}
"#;
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"one","by":"Russia"}
{"at":"2026-01-01T10:00:00Z","kind":"consult","id":"call","by":"Italy","on":"one"}
{"at":"2026-01-01T12:00:00Z","kind":"fly","id":"drone","by":"Russia"}
{"at":"2026-01-05T00:00:00Z","kind":"find","by":"Monitor","of":"call"}
{"at":"2026-01-06T00:00:00Z","kind":"find_flight","by":"Monitor","of":"drone"}
"#;
    insta::assert_snapshot!(told(treaty, log, "2026-02-01"));
}

// Targets that are kept, missed, and missed so far; an act that came before its window; nothing of it is a breach.
#[test]
fn targets_and_acts_that_come_too_early() {
    let treaty = r#"treaty targets { time zone Europe/Rome }
party Italy
party France
party Poland
group Allies { Italy, France, Poland }
event ask {}
event answer { by: party }
event reopen { by: party }

article 1 {
    when ask
    each of Allies shall answer within 24 hours where possible
}

article 2 {
    when ask
    Italy shall reopen between 5 days and 60 days
}
"#;
    let log = r#"{"at":"2026-01-01T12:00:00+01:00","kind":"ask"}
{"at":"2026-01-01T18:00:00+01:00","kind":"answer","by":"Italy"}
{"at":"2026-01-03T12:00:00+01:00","kind":"answer","by":"France"}
{"at":"2026-01-04T12:00:00+01:00","kind":"reopen","by":"Italy"}
"#;
    insta::assert_snapshot!(told(treaty, log, "2026-01-10"));
}

// A day for a time: whether the act came within the hours cannot be told of one duty, and can of another.
#[test]
fn a_day_for_a_time() {
    let treaty = r#"treaty days { time zone UTC }
party Italy
event attack { by: party? }
event consult { by: party }

article 1 {
    when attack
    Italy shall consult within 12 hours
}

article 2 {
    when attack
    Italy shall consult within 7 days
}
"#;
    let log = r#"{"at":"2026-10-14T00:00:00Z","kind":"attack"}
{"at":"2026-10-14","kind":"consult","by":"Italy"}
"#;
    insta::assert_snapshot!(told(treaty, log, "2026-11-01"));
}

// Acts of either kind, of which enough of a group must do one; and a prohibition broken more often than is told.
#[test]
fn alternatives_groups_and_many_breaches() {
    let treaty = r#"treaty groups { time zone UTC }
party Russia
party Italy
party France
party Poland
group Guarantors { Italy, France, Poland }
event attack { by: party }
event deploy { by: party }
event pay { by: party  to: party? }
event fly { by: party }

article 1 {
    when attack as a
    at least 2 of Guarantors shall deploy or pay(to: a.by) within 3 days
}

article 2 {
    when attack
    one of Guarantors shall deploy within 1 day
}

article 3 {
    Russia shall not fly
}

article 4 {
    when attack
    one of Guarantors shall pay at least 3 times within 2 days
}

article 5 {
    when attack
    one of Guarantors shall pay within 2 days
}
"#;
    let mut log = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}
{"at":"2026-01-02T12:00:00Z","kind":"deploy","by":"Italy"}
"#
    .to_owned();
    for hour in 10..23 {
        log += &format!("{{\"at\":\"2026-01-03T{hour}:00:00Z\",\"kind\":\"fly\",\"by\":\"Russia\"}}\n");
    }
    insta::assert_snapshot!(told(treaty, &log, "2026-02-01"));
}

// Two treaties, a breach of one of which is a matter of the other.
#[test]
fn several_treaties_are_told_apart() {
    let nato = "treaty nato { time zone Europe/Brussels }
use \"words.treaty\"
article 5 { when attack as a  each of Allies shall assist(on: a) within 3 days }
article 6 { when withdraw  Italy shall assist within 1 day }
";
    let pact = "treaty pact { time zone Europe/Kyiv }
use \"words.treaty\"
use \"nato.treaty\" as NATO
article 5 { when NATO article 5 is breached as b  b.by shall explain within 7 days }
";
    let words = "party Italy
party France
group Allies { Italy, France }
event attack {}
event withdraw {}
event assist { by: party  on: attack? }
event explain { by: party }
";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"one"}
{"at":"2026-01-02T00:00:00Z","kind":"assist","by":"Italy","on":"one"}
"#;
    let files = [("nato.treaty", nato), ("pact.treaty", pact), ("words.treaty", words)];
    let case = case_of(&files, &["nato.treaty", "pact.treaty"], log);
    let until = Some("2026-02-01T00:00");
    let text = report::whole(case.scene_until(until), &case.replay(until), Style::default());
    insta::assert_snapshot!(format!("{nato}----\n{pact}----\n{log}----\n{text}"));
}

// A scenario that fails is told in the same words, at the steps that the verdict rests on.
#[test]
fn failed_expectations_are_told_in_the_same_words() {
    let text = r#"treaty told { in force from 2026-01-01 for 1 year }
party Italy
party France
group Allies { Italy, France }
event go {}
event storm {}
event calm {}
event vote { by: party  choice: favour | against | abstain }
event pay { by: party  value: number }
state rough { begins on storm  ends on calm }

article 1 { Italy shall keep not rough with 1 hour grace }
article 2 { when go as g  Allies shall decide on g by majority of vote within 1 day }
article 3 { when go  Italy shall pay totalling at least 10 of value within 2 days }

scenario "a storm" {
    starts 2026-01-02T00:00Z
    +0h  go()
    +1h  storm()
    +2h  vote(by: Italy, choice: favour)
    +7h  calm()
    +1d  pay(by: Italy, value: 4)
    +3d  pay(by: Italy, value: 6)
    ends +5d
    expect article 1 observed
    expect article 2 adopted
    expect article 3 met
}
"#;
    insta::assert_snapshot!(format!("{text}----\n{}", tested(&[("told.treaty", text)]).1));
}

// «Conditions»: a sum leaves absent values out, and the report says how many: 300 of 500 is too little, whatever the third
// delivery was worth.
#[test]
fn what_a_sum_leaves_out_is_told() {
    let treaty = "party A
        unit USD
        event ask {}
        event deliver { by: party, value: USD? }
        article 1 { when ask  A shall have sum of deliver(by: A).value in the last 30 days >= 500 USD }";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"deliver","by":"A","value":300}
{"at":"2026-01-02T00:00:00Z","kind":"deliver","by":"A"}
{"at":"2026-01-03T00:00:00Z","kind":"ask"}"#;
    let case = case(treaty, log);
    let verdicts = case.replay(None);
    assert_eq!((verdicts[0].status, verdicts[0].left_out), (Status::Breached, 1));
    let shown = report::breach(case.scene(), &verdicts[0], Style::default());
    assert!(shown.contains("1 absent value was left out of the sum"), "{shown}");
    assert_eq!(case.json(&verdicts[0])["left_out"], 1);
}
