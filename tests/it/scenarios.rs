//! The model treaty's scenarios, hypothetical, as far as this version's language goes; the verdicts are those reasoned
//! out for each, instant by instant.

use super::support::{case, check};

const MODEL_TREATY: &str = r#"
treaty MT "Model treaty" {
    in force from 2026-01-01
    time zone Europe/Kyiv
}
party RU
party UA
party FR
party GB
party IT
party DE
party PL
party US
party TR
group G "the Guarantors" { FR, GB, IT, DE, PL, US, TR }
place Ukraine_territory of UA
place Odesa within Ukraine_territory
place Yavoriv within Ukraine_territory

event attack { by: party  place: place  killed: list of party? }
event receive { by: party }
event join { by: party }
event adopt { assigned: list of party }
event begin { by: party }
event request { by: party }
event support { by: party }

article C2 { when attack(by: RU, place: Ukraine_territory) as a  UA shall receive_all within 6 hours of a owed to G }
article C3 { when receive(by: any of G as g) as r  g shall join within 24 hours of r }
article C6 { when adopt as d  each of d.assigned shall begin within 48 hours of d }
article C7.consult {
    when request(by: any of G as s) as q
    each of G other than s shall join within 12 hours
}
article C7.air {
    when request(by: any of G as s) as q
    each of G other than s shall support within 48 hours
}
event receive_all { by: party }
"#;

// S1, «Cruise missile on Odesa»: C3 due 24 hours after each receipt; C6 due 48 hours after the decision, and one second
// after it is late.
#[test]
fn s1_cruise_missile_on_odesa() {
    check(
        MODEL_TREATY,
        r#"{"at":"2026-03-10T03:12:00+02:00","kind":"attack","by":"RU","place":"Odesa"}
           {"at":"2026-03-10T03:41:00Z","kind":"receive_all","by":"UA"}
           {"at":"2026-03-10T03:41:00Z","kind":"receive","by":"IT"}
           {"at":"2026-03-10T03:41:00Z","kind":"receive","by":"TR"}
           {"at":"2026-03-10T19:00:00Z","kind":"join","by":"IT"}
           {"at":"2026-03-11T03:40:59Z","kind":"join","by":"TR"}
           {"at":"2026-03-12T10:00:00Z","kind":"adopt","assigned":["IT","DE"]}
           {"at":"2026-03-14T09:59:00Z","kind":"begin","by":"IT"}
           {"at":"2026-03-14T10:00:01Z","kind":"begin","by":"DE"}"#,
        None,
        "C2 UA met due 2026-03-10T07:12:00Z at 2026-03-10T03:41:00Z
         C3 IT met due 2026-03-11T03:41:00Z at 2026-03-10T19:00:00Z
         C3 TR met due 2026-03-11T03:41:00Z at 2026-03-11T03:40:59Z
         C6 IT met due 2026-03-14T10:00:00Z at 2026-03-14T09:59:00Z
         C6 DE late due 2026-03-14T10:00:00Z at 2026-03-14T10:00:01Z",
    );
}

// S1, variant: the clock of C3 runs from the occurrence; Turkey's joining, in time above, is late.
#[test]
fn s1_with_the_clock_of_the_occurrence() {
    let treaty = MODEL_TREATY.replace(
        "article C3 { when receive(by: any of G as g) as r  g shall join within 24 hours of r }",
        "article C3 { when attack as a  TR shall join within 24 hours of a }",
    );
    check(
        &treaty,
        r#"{"at":"2026-03-10T03:12:00+02:00","kind":"attack","by":"RU","place":"Odesa"}
           {"at":"2026-03-10T03:41:00Z","kind":"receive_all","by":"UA"}
           {"at":"2026-03-11T03:40:59Z","kind":"join","by":"TR"}"#,
        None,
        "C2 UA met due 2026-03-10T07:12:00Z at 2026-03-10T03:41:00Z
         C3 TR late due 2026-03-11T01:12:00Z at 2026-03-11T03:40:59Z",
    );
}

// S1, variant: 24 elapsed hours from 28 March 2026, 03:12 in Kyiv, end the next day at 04:12: the clocks change.
#[test]
fn s1_across_the_clock_change() {
    let treaty = MODEL_TREATY.replace("UA shall receive_all within 6 hours", "UA shall receive_all within 24 hours");
    check(
        &treaty,
        r#"{"at":"2026-03-28T03:12:00+02:00","kind":"attack","by":"RU","place":"Odesa"}"#,
        None,
        "C2 UA pending due 2026-03-29T01:12:00Z",
    );
}

// S1, variants: the local time that the change repeats, and the one that it skips, are errors.
#[test]
fn s1_with_local_times_that_are_not_one_instant() {
    for (at, name) in [("2026-10-25T03:12", "ambiguous-local-time"), ("2026-03-29T03:12", "local-time-does-not-exist")]
    {
        let log = format!(r#"{{"at":"{at}","kind":"attack","by":"RU","place":"Odesa"}}"#);
        let case = case(MODEL_TREATY, &log);
        let names: Vec<_> = case.findings.iter().map(|finding| finding.code.name()).collect();
        assert_eq!(names, [name]);
    }
}

// S2, «Drone kills two French trainers»: consult due 12 hours, air support 48 hours after the request; at the due
// instant Italy is in time, one second later Poland is not. Nobody asked of France, which is the one that requested.
#[test]
fn s2_tripwire() {
    let joins: String = ["GB", "IT", "DE", "PL", "US", "TR"]
        .iter()
        .map(|by| format!("{{\"at\":\"2026-05-14T20:00:00Z\",\"kind\":\"join\",\"by\":\"{by}\"}}\n"))
        .collect();
    let supports: String = [
        ("GB", "12:29:59"),
        ("DE", "12:29:59"),
        ("US", "12:29:59"),
        ("TR", "12:29:59"),
        ("IT", "12:30:00"),
        ("PL", "12:30:01"),
    ]
    .iter()
    .map(|(by, at)| format!("{{\"at\":\"2026-05-16T{at}Z\",\"kind\":\"support\",\"by\":\"{by}\"}}\n"))
    .collect();
    let log = format!("{{\"at\":\"2026-05-14T14:30:00+02:00\",\"kind\":\"request\",\"by\":\"FR\"}}\n{joins}{supports}");
    check(
        MODEL_TREATY,
        &log,
        None,
        "C7.consult GB met due 2026-05-15T00:30:00Z at 2026-05-14T20:00:00Z
         C7.consult IT met due 2026-05-15T00:30:00Z at 2026-05-14T20:00:00Z
         C7.consult DE met due 2026-05-15T00:30:00Z at 2026-05-14T20:00:00Z
         C7.consult PL met due 2026-05-15T00:30:00Z at 2026-05-14T20:00:00Z
         C7.consult US met due 2026-05-15T00:30:00Z at 2026-05-14T20:00:00Z
         C7.consult TR met due 2026-05-15T00:30:00Z at 2026-05-14T20:00:00Z
         C7.air GB met due 2026-05-16T12:30:00Z at 2026-05-16T12:29:59Z
         C7.air IT met due 2026-05-16T12:30:00Z at 2026-05-16T12:30:00Z
         C7.air DE met due 2026-05-16T12:30:00Z at 2026-05-16T12:29:59Z
         C7.air PL late due 2026-05-16T12:30:00Z at 2026-05-16T12:30:01Z
         C7.air US met due 2026-05-16T12:30:00Z at 2026-05-16T12:29:59Z
         C7.air TR met due 2026-05-16T12:30:00Z at 2026-05-16T12:29:59Z",
    );
}

// S2, variant: no request by France: nothing is triggered.
#[test]
fn s2_without_a_request_nothing_is_owed() {
    check(
        MODEL_TREATY,
        r#"{"at":"2026-05-14T11:47:00+03:00","kind":"join","by":"FR"}"#,
        Some("2026-06-01T00:00:00Z"),
        "",
    );
}
