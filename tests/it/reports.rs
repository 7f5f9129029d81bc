//! How reports read. Their wording is a snapshot; the verdicts that they tell are asserted elsewhere.

use servanda::report::{self, Style};
use servanda::verdict::Tally;

use super::support::case;

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
