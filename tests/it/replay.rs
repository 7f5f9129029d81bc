//! What is met, late, breached and excused, and when: every verdict reasoned by hand from its clause.

use super::support::check;

/// Parties and events that most tests need.
const COMMON: &str = "
treaty pact { time zone Europe/Kyiv }
party Russia also \"RUS\"
party Ukraine also \"UKR\"
party Italy
party France
party Germany
group Guarantors { Italy, France, Germany }
place Europe
place Ukraine_territory of Ukraine within Europe
place Odesa within Ukraine_territory
event attack { by: party  place: place?  killed: number?  to: list of party? }
event consult { by: party  on: attack? }
event explain { by: party }
event waive { on: attack }
event deploy { by: party  place: place? }
";

#[track_caller]
fn pact(articles: &str, log: &str, until: Option<&str>, expected: &str) {
    check(&format!("{COMMON}{articles}"), log, until, expected);
}

// §1 of the language: Italy met; France late, six hours after it was due; the others breached; article 2 pending for
// the four that breached, 7 days from the breach, which is at the due instant.
#[test]
fn the_first_clause_of_the_language() {
    pact(
        "group Five { Italy, France, Germany, Ukraine }
         article 1 { when attack(by: Russia) as a  each of Five shall consult(on: a) within 24 hours owed to Ukraine }
         article 2 { when article 1 is breached as b  b.by shall explain within 7 days }",
        r#"{"at":"2025-11-03T03:12:00+02:00","kind":"attack","id":"strike-1","by":"RUS","place":"Odesa"}
           {"at":"2025-11-03T09:12:00+02:00","kind":"consult","by":"Italy","on":"strike-1"}
           {"at":"2025-11-04T09:12:00+02:00","kind":"consult","by":"France","on":"strike-1"}"#,
        None,
        "1 Italy met due 2025-11-04T01:12:00Z at 2025-11-03T07:12:00Z
         1 France late due 2025-11-04T01:12:00Z at 2025-11-04T07:12:00Z
         1 Germany breached due 2025-11-04T01:12:00Z
         1 Ukraine breached due 2025-11-04T01:12:00Z
         2 France pending due 2025-11-11T01:12:00Z
         2 Germany pending due 2025-11-11T01:12:00Z
         2 Ukraine pending due 2025-11-11T01:12:00Z",
    );
}

// §4.5: the end of a duty is inclusive; one second later is late.
#[test]
fn the_due_instant_is_in_time_and_a_second_later_is_late() {
    pact(
        "article 1 { when attack as a  each of Guarantors shall consult(on: a) within 24 hours }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"Russia"}
           {"at":"2026-01-02T00:00:00Z","kind":"consult","by":"Italy","on":"a"}
           {"at":"2026-01-02T00:00:01Z","kind":"consult","by":"France","on":"a"}"#,
        None,
        "1 Italy met due 2026-01-02T00:00:00Z at 2026-01-02T00:00:00Z
         1 France late due 2026-01-02T00:00:00Z at 2026-01-02T00:00:01Z
         1 Germany breached due 2026-01-02T00:00:00Z",
    );
}

// §4.5: at the due instant itself a duty is still pending, at the end of a replay too; the clock alone breaches it.
#[test]
fn the_clock_breaches_by_itself_once_it_has_passed_the_due_instant() {
    let article = "article 1 { when attack  Italy shall consult within 1 day }";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}"#;
    pact(article, log, None, "1 Italy pending due 2026-01-02T00:00:00Z");
    pact(article, log, Some("2026-01-02T00:00:00Z"), "1 Italy pending due 2026-01-02T00:00:00Z");
    pact(article, log, Some("2026-01-02T00:00:00.000001Z"), "1 Italy breached due 2026-01-02T00:00:00Z");
}

// §4.1: a second trigger starts a second instance with its own clock and never extends the first. The one act, which
// names its attack, discharges that one only.
#[test]
fn each_trigger_starts_its_own_clock() {
    pact(
        "article 1 { when attack as a  Italy shall consult(on: a) within 10 hours }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"Russia"}
           {"at":"2026-01-01T08:00:00Z","kind":"attack","id":"b","by":"Russia"}
           {"at":"2026-01-01T11:00:00Z","kind":"consult","by":"Italy","on":"b"}"#,
        None,
        "1 Italy breached due 2026-01-01T10:00:00Z
         1 Italy met due 2026-01-01T18:00:00Z at 2026-01-01T11:00:00Z",
    );
}

// §4.6: one act satisfies every pending instance that it matches; this one does not say which attack.
#[test]
fn an_act_that_names_no_trigger_discharges_every_pending_duty() {
    pact(
        "article 1 { when attack  Italy shall consult within 10 hours }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2026-01-01T08:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2026-01-01T09:00:00Z","kind":"consult","by":"Italy"}"#,
        None,
        "1 Italy met due 2026-01-01T10:00:00Z at 2026-01-01T09:00:00Z
         1 Italy met due 2026-01-01T18:00:00Z at 2026-01-01T09:00:00Z",
    );
}

// §4.5: a window opens just after its trigger in log order: a later line of the same instant is inside it, an earlier
// one is not, and what was done before the trigger does not count.
#[test]
fn the_order_of_lines_decides_within_an_instant() {
    let article = "article 1 { when attack  Italy shall consult within 1 hour }";
    pact(
        article,
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2026-01-01T00:00:00Z","kind":"consult","by":"Italy"}"#,
        None,
        "1 Italy met due 2026-01-01T01:00:00Z at 2026-01-01T00:00:00Z",
    );
    pact(
        article,
        r#"{"at":"2026-01-01T00:00:00Z","kind":"consult","by":"Italy"}
           {"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}"#,
        None,
        "1 Italy pending due 2026-01-01T01:00:00Z",
    );
}

// §8: lines out of order are sorted by time.
#[test]
fn lines_out_of_order_are_replayed_in_order_of_time() {
    pact(
        "article 1 { when attack  Italy shall consult within 1 hour }",
        r#"{"at":"2026-01-01T00:30:00Z","kind":"consult","by":"Italy"}
           {"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}"#,
        None,
        "1 Italy met due 2026-01-01T01:00:00Z at 2026-01-01T00:30:00Z",
    );
}

// §4.5: the end of a prohibition `for D` is exclusive: at that instant it has ended. §5: a breach for each act, one
// instance for each bearer and trigger.
#[test]
fn a_prohibition_has_ended_at_its_last_instant() {
    let article = "article 1 { when attack  each of Guarantors shall not deploy for 30 minutes }";
    pact(
        article,
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2026-01-01T00:29:59Z","kind":"deploy","by":"Italy"}
           {"at":"2026-01-01T00:29:59Z","kind":"deploy","by":"Italy"}
           {"at":"2026-01-01T00:30:00Z","kind":"deploy","by":"France"}"#,
        None,
        "1 Italy breached due 2026-01-01T00:30:00Z at 2026-01-01T00:29:59Z at 2026-01-01T00:29:59Z
         1 France met due 2026-01-01T00:30:00Z
         1 Germany met due 2026-01-01T00:30:00Z",
    );
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}"#;
    let one = "article 1 { when attack  Italy shall not deploy for 30 minutes }";
    pact(one, log, Some("2026-01-01T00:29:59Z"), "1 Italy pending due 2026-01-01T00:30:00Z");
    pact(one, log, Some("2026-01-01T00:30:00Z"), "1 Italy met due 2026-01-01T00:30:00Z");
}

// §4.3: one of G: met when one performs, all are blamed; at least 2 of G: met when two distinct members have, the
// others are blamed.
#[test]
fn groups_owe_together() {
    let articles = "article 1 { when attack as a  one of Guarantors shall consult(on: a) within 1 hour }
                    article 2 { when attack as a  at least 2 of Guarantors shall consult(on: a) within 1 hour }";
    pact(
        articles,
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"Russia"}
           {"at":"2026-01-01T00:10:00Z","kind":"consult","by":"France","on":"a"}
           {"at":"2026-01-01T00:20:00Z","kind":"consult","by":"France","on":"a"}
           {"at":"2026-01-01T03:00:00Z","kind":"attack","id":"b","by":"Russia"}
           {"at":"2026-01-01T04:30:00Z","kind":"consult","by":"Italy","on":"b"}
           {"at":"2026-01-01T05:00:00Z","kind":"consult","by":"Germany","on":"b"}"#,
        None,
        "1 Guarantors met due 2026-01-01T01:00:00Z at 2026-01-01T00:10:00Z
         2 Guarantors breached due 2026-01-01T01:00:00Z blamed Italy, Germany
         1 Guarantors late due 2026-01-01T04:00:00Z at 2026-01-01T04:30:00Z blamed Italy, France, Germany
         2 Guarantors late due 2026-01-01T04:00:00Z at 2026-01-01T05:00:00Z blamed Italy, France, Germany",
    );
}

// §5: the breach of such a group is one moment for each blamed member; of `one of` it is one, and `.by` is the group.
#[test]
fn a_groups_breach_is_a_moment_for_each_blamed_member() {
    pact(
        "article 1 { when attack as a  at least 2 of Guarantors shall consult(on: a) within 1 hour }
         article 2 { when article 1 is breached as b  b.by shall explain within 1 hour }
         article 3 { when attack as a  one of Guarantors shall deploy within 1 hour }
         article 4 { when article 3 is breached as b  each of b.by shall explain within 2 hours }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"Russia"}
           {"at":"2026-01-01T00:10:00Z","kind":"consult","by":"France","on":"a"}
           {"at":"2026-01-01T01:30:00Z","kind":"explain","by":"Italy"}"#,
        None,
        "1 Guarantors breached due 2026-01-01T01:00:00Z blamed Italy, Germany
         3 Guarantors breached due 2026-01-01T01:00:00Z blamed Italy, France, Germany
         2 Italy met due 2026-01-01T02:00:00Z at 2026-01-01T01:30:00Z
         2 Germany pending due 2026-01-01T02:00:00Z
         4 Italy met due 2026-01-01T03:00:00Z at 2026-01-01T01:30:00Z
         4 France pending due 2026-01-01T03:00:00Z
         4 Germany pending due 2026-01-01T03:00:00Z",
    );
}

// §4.1 and §5: moments are events like any other: `is met` at the act, `is triggered` at the trigger.
#[test]
fn moments_trigger_articles() {
    pact(
        "article 1 { when attack as a  each of Guarantors shall consult(on: a) within 1 hour }
         article 2 { when article 1 is met as m  m.by shall explain within 2 hours }
         article 3 { when article 1 is triggered by France as t  t.by shall deploy within 3 hours of t.a }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"Russia"}
           {"at":"2026-01-01T00:10:00Z","kind":"consult","by":"Italy","on":"a"}
           {"at":"2026-01-01T00:20:00Z","kind":"explain","by":"Italy"}"#,
        None,
        "1 Italy met due 2026-01-01T01:00:00Z at 2026-01-01T00:10:00Z
         1 France pending due 2026-01-01T01:00:00Z
         1 Germany pending due 2026-01-01T01:00:00Z
         3 France pending due 2026-01-01T03:00:00Z
         2 Italy met due 2026-01-01T02:10:00Z at 2026-01-01T00:20:00Z",
    );
}

// §4 of the language: a reference to article 5 means 5.1 and 5.2.
#[test]
fn an_article_means_its_paragraphs() {
    pact(
        "article 5.1 { when attack  Italy shall consult within 1 hour }
         article 5.2 { when attack  France shall consult within 2 hours }
         article 6 { when article 5 is breached as b  b.by shall explain within 1 hour }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}"#,
        Some("2026-01-01T02:30:00Z"),
        "5.1 Italy breached due 2026-01-01T01:00:00Z
         5.2 France breached due 2026-01-01T02:00:00Z
         6 Italy breached due 2026-01-01T02:00:00Z
         6 France pending due 2026-01-01T03:00:00Z",
    );
}

// §4.6: `excused by` discharges a pending instance; §5: where one event both performs and excuses, performance wins;
// what is breached already is not excused.
#[test]
fn a_waiver_discharges_what_is_pending() {
    pact(
        "article 1 { when attack as a  each of Guarantors shall consult(on: a) within 1 hour
                     excused by waive(on: a) or consult(by: Italy, on: a) }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"Russia"}
           {"at":"2026-01-01T00:10:00Z","kind":"consult","by":"Italy","on":"a"}
           {"at":"2026-01-01T03:00:00Z","kind":"attack","id":"b","by":"Russia"}
           {"at":"2026-01-01T05:00:00Z","kind":"waive","on":"b"}"#,
        None,
        "1 Italy met due 2026-01-01T01:00:00Z at 2026-01-01T00:10:00Z
         1 France excused due 2026-01-01T01:00:00Z at 2026-01-01T00:10:00Z
         1 Germany excused due 2026-01-01T01:00:00Z at 2026-01-01T00:10:00Z
         1 Italy breached due 2026-01-01T04:00:00Z
         1 France breached due 2026-01-01T04:00:00Z
         1 Germany breached due 2026-01-01T04:00:00Z",
    );
}

// §4: `where`, `while` and `unless` before the subject are read once, at the trigger, and decide whether a duty starts.
// §4.6: `unless` after the act excuses as soon as it holds; on a prohibition it is read at the act.
#[test]
fn conditions_are_read_at_their_time() {
    pact(
        "article 1 { when attack as a where a.killed > 0  Italy shall consult within 1 hour }
         article 2 { when attack as a while a.place in Europe unless a.killed = 2  France shall consult within 1 hour }
         article 3 { when attack as a  Germany shall consult within 1 hour unless a.killed <= 2 }
         article 4 { Italy shall not deploy as k unless k.place in territory of Ukraine }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia","place":"Odesa","killed":2}
           {"at":"2026-01-01T00:10:00Z","kind":"attack","by":"Russia","place":"Europe","killed":0}
           {"at":"2026-01-01T00:20:00Z","kind":"deploy","by":"Italy","place":"Odesa"}
           {"at":"2026-01-01T00:30:00Z","kind":"deploy","by":"Italy","place":"Europe"}"#,
        None,
        "4 Italy breached at 2026-01-01T00:30:00Z
         1 Italy pending due 2026-01-01T01:00:00Z
         3 Germany excused due 2026-01-01T01:00:00Z
         2 France pending due 2026-01-01T01:10:00Z
         3 Germany excused due 2026-01-01T01:10:00Z",
    );
}

// §4.5: `between 12 hours and 72 hours`: an act before the first offset does not count; at it, it does.
#[test]
fn a_window_may_open_after_its_trigger() {
    pact(
        "article 1 { when attack  each of Guarantors shall consult between 12 hours and 72 hours }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2026-01-01T11:59:59Z","kind":"consult","by":"Italy"}
           {"at":"2026-01-01T12:00:00Z","kind":"consult","by":"France"}
           {"at":"2026-01-04T00:00:01Z","kind":"consult","by":"Italy"}"#,
        None,
        "1 Italy late due 2026-01-04T00:00:00Z at 2026-01-04T00:00:01Z
         1 France met due 2026-01-04T00:00:00Z at 2026-01-01T12:00:00Z
         1 Germany breached due 2026-01-04T00:00:00Z",
    );
}

// §2: a duty `by 2030-12-31` may be performed all that day, in the treaty's zone: Kyiv's day ends at 22:00Z in winter.
// §4.4: a standing norm starts at entry into force, once. §4.5: one due already when it begins is breached at once.
#[test]
fn a_date_is_due_at_the_end_of_its_day() {
    let articles = "article 1 { each of Guarantors shall deploy by 2026-01-31 }
                    article 2 { when attack  Italy shall explain by 2026-01-31 }";
    pact(
        articles,
        r#"{"at":"2026-01-10T00:00:00Z","kind":"deploy","by":"Italy"}
           {"at":"2026-01-31T22:00:00Z","kind":"deploy","by":"France"}
           {"at":"2026-01-31T22:00:01Z","kind":"deploy","by":"Germany"}
           {"at":"2026-02-02T00:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2026-02-03T00:00:00Z","kind":"explain","by":"Italy"}"#,
        None,
        "1 Italy met due 2026-01-31T22:00:00Z at 2026-01-10T00:00:00Z
         1 France met due 2026-01-31T22:00:00Z at 2026-01-31T22:00:00Z
         1 Germany late due 2026-01-31T22:00:00Z at 2026-01-31T22:00:01Z
         2 Italy late due 2026-01-31T22:00:00Z at 2026-02-03T00:00:00Z",
    );
}

// §4.5: the anchor is the trigger unless `of` names another; `.reported` is when it became known.
#[test]
fn the_clock_runs_from_the_anchor() {
    pact(
        "article 1 { when attack as a  Italy shall consult within 24 hours of a.reported }",
        r#"{"at":"2026-01-01T00:00:00Z","reported":"2026-01-01T06:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2026-01-02T06:00:00Z","kind":"consult","by":"Italy"}"#,
        None,
        "1 Italy met due 2026-01-02T06:00:00Z at 2026-01-02T06:00:00Z",
    );
}

// §4.4: a duty with no window is open: triggered, met when performed, never breached. §5: a prohibition without end is
// observed until it is broken, and every such act is a breach.
#[test]
fn what_has_no_due_date_is_never_breached_by_the_clock() {
    pact(
        "article 1 { each of Guarantors shall deploy }
         article 2 { Russia shall not attack }
         article 3 { Italy shall not explain }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2027-01-01T00:00:00Z","kind":"deploy","by":"France"}
           {"at":"2028-01-01T00:00:00Z","kind":"attack","by":"Russia"}"#,
        Some("2099-01-01T00:00:00Z"),
        "1 Italy open
         1 France met at 2027-01-01T00:00:00Z
         1 Germany open
         2 Russia breached at 2026-01-01T00:00:00Z at 2028-01-01T00:00:00Z
         3 Italy observed",
    );
}

// §4.3: a duty that has accrued survives expiry (Vienna Convention, art. 70(1)(b)); no new one starts before entry into
// force or from the day of expiry on. A standing prohibition binds while the treaty is in force, and is then met.
#[test]
fn duties_start_only_while_the_treaty_is_in_force() {
    check(
        "treaty pact { in force from 2026-01-01 until 2026-02-01 }
         party Italy
         party Russia
         event attack { by: party }
         event consult { by: party }
         article 1 { when attack as a  Italy shall consult within 48 hours }
         article 2 { Italy shall not attack }",
        r#"{"at":"2025-12-31T23:59:59Z","kind":"attack","by":"Russia"}
           {"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia"}
           {"at":"2026-01-31T23:59:59Z","kind":"attack","by":"Russia"}
           {"at":"2026-02-01T00:00:00Z","kind":"attack","by":"Italy"}
           {"at":"2026-02-02T12:00:00Z","kind":"consult","by":"Italy"}"#,
        None,
        "2 Italy met due 2026-02-01T00:00:00Z
         1 Italy late due 2026-01-03T00:00:00Z at 2026-02-02T12:00:00Z
         1 Italy met due 2026-02-02T23:59:59Z at 2026-02-02T12:00:00Z",
    );
}

// §3: a treaty may enter into force when something happens: from just after it. It ends just after what ends it.
#[test]
fn a_treaty_may_begin_and_end_with_an_event() {
    check(
        "treaty pact { in force on ratify until denounce }
         party Italy
         event ratify {}
         event denounce {}
         event attack { by: party }
         event consult { by: party }
         article 1 { when ratify  Italy shall consult within 1 hour }
         article 2 { Italy shall consult within 2 hours }
         article 3 { Italy shall not attack }
         article 4 { when denounce  Italy shall consult within 1 hour }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Italy"}
           {"at":"2026-01-01T01:00:00Z","kind":"ratify"}
           {"at":"2026-01-01T04:00:00Z","kind":"denounce"}
           {"at":"2026-01-01T04:00:00Z","kind":"attack","by":"Italy"}"#,
        None,
        "2 Italy breached due 2026-01-01T03:00:00Z
         3 Italy met
         4 Italy pending due 2026-01-01T05:00:00Z",
    );
}

// §6: a comparison with an absent value is unknown; it triggers nothing, excuses nothing and breaches nothing, and what
// hangs on it is indeterminate and listed.
#[test]
fn what_hangs_on_an_absent_value_is_indeterminate() {
    pact(
        "article 1 { when attack as a where a.killed > 0  Italy shall consult within 1 hour }
         article 2 { when attack(by: Russia) as a  France shall consult(on: a) within 1 hour }
         article 3 { when attack as a  Italy shall not deploy(place: Ukraine_territory) for 1 hour }
         article 4 { when attack as a where a.killed is given  Italy shall explain within 1 hour }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"Russia"}
           {"at":"2026-01-01T00:10:00Z","kind":"consult","by":"France"}
           {"at":"2026-01-01T00:20:00Z","kind":"deploy","by":"Italy"}
           {"at":"2026-01-01T02:00:00Z","kind":"explain","by":"Italy"}"#,
        None,
        "1 Italy indeterminate due 2026-01-01T01:00:00Z
         2 France indeterminate due 2026-01-01T01:00:00Z
         3 Italy indeterminate due 2026-01-01T01:00:00Z",
    );
}

// §4.2: an instance exists for each binding: a list of two guarantors, and a stranger, starts two.
#[test]
fn a_list_starts_a_duty_for_each_that_it_binds() {
    pact(
        "article 1 { when attack(to: any of Guarantors as g) as a  g shall consult(on: a) within 1 hour }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"Russia","to":["Germany","Ukraine","Italy"]}
           {"at":"2026-01-01T00:10:00Z","kind":"consult","by":"Italy","on":"a"}"#,
        None,
        "1 Germany pending due 2026-01-01T01:00:00Z
         1 Italy met due 2026-01-01T01:00:00Z at 2026-01-01T00:10:00Z",
    );
}

// §4.3: `G except X` and `G other than a.by` narrow a group; §4.2: a place field means containment.
#[test]
fn groups_are_narrowed_and_places_contain() {
    pact(
        "article 1 { when attack(place: Ukraine_territory) as a
                     each of Guarantors other than a.by shall consult(on: a) within 1 hour }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"a","by":"France","place":"Odesa"}
           {"at":"2026-01-01T00:00:00Z","kind":"attack","id":"b","by":"France","place":"Europe"}"#,
        None,
        "1 Italy pending due 2026-01-01T01:00:00Z
         1 Germany pending due 2026-01-01T01:00:00Z",
    );
}

// §2 and §4.5: every unit of duration, counted by `elapsed`: 31 January and a month is 28 February, at the same hour.
#[test]
fn durations_of_every_unit() {
    check(
        "calendar Brussels { weekend Saturday, Sunday holidays 2026-02-02 }
         treaty pact { calendar Brussels time zone Europe/Brussels }
         party Italy
         event attack {}
         event consult { by: party }
         article 1 { when attack  Italy shall consult within 90 seconds }
         article 2 { when attack  Italy shall consult within 2 minutes }
         article 3 { when attack  Italy shall consult within 1 day 12 hours }
         article 4 { when attack  Italy shall consult within 2 weeks }
         article 5 { when attack  Italy shall consult within 1 month }
         article 6 { when attack  Italy shall consult within 1 year counting elapsed }
         article 7 { when attack  Italy shall consult within 2 business days }
         article 8 { when attack  Italy shall consult within 1 Brussels business day }",
        r#"{"at":"2026-01-31T09:00:00Z","kind":"attack"}"#,
        None,
        "1 Italy pending due 2026-01-31T09:01:30Z
         2 Italy pending due 2026-01-31T09:02:00Z
         3 Italy pending due 2026-02-01T21:00:00Z
         4 Italy pending due 2026-02-14T09:00:00Z
         5 Italy pending due 2026-02-28T09:00:00Z
         6 Italy pending due 2027-01-31T09:00:00Z
         7 Italy pending due 2026-02-04T23:00:00Z
         8 Italy pending due 2026-02-03T23:00:00Z",
    );
}

// §3: foreign logs are read as they are: names of kinds and columns, and scales.
#[test]
fn foreign_logs_are_read_as_they_are() {
    check(
        "unit USD
         party US also \"840\"
         event deliver from \"shipment\" { by: party from \"seller\", value: USD from \"usd_bn\" in billion, at from \"day\" }
         event order {}
         article 1 { when order  US shall deliver as d where d.value >= 16.2 billion USD within 1 year }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"order"}
           {"day":"2026-05-01T00:00:00Z","kind":"shipment","seller":"840","usd_bn":16.19}
           {"day":"2026-06-01T00:00:00Z","kind":"shipment","seller":"840","usd_bn":"16.20"}"#,
        None,
        "1 US met due 2027-01-01T00:00:00Z at 2026-06-01T00:00:00Z",
    );
}

// §3: `90 days after 20 PATTERN` and `on all of GROUP PATTERN` count distinct parties: Italy's second ratification counts
// for nothing. In force 24 hours after the second party's, on 3 January, 01:00; or just after the last member's.
#[test]
fn parties_bring_a_treaty_into_force() {
    let words = "party Italy party France party Russia group G { Italy, France }
        event ratify { by: party } event attack {} event consult { by: party }";
    let article = "article 1 { when attack  Italy shall consult within 1 hour }";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"ratify","by":"Italy"}
        {"at":"2026-01-01T01:00:00Z","kind":"ratify","by":"Italy"}
        {"at":"2026-01-02T01:00:00Z","kind":"ratify","by":"Russia"}
        {"at":"2026-01-02T02:00:00Z","kind":"attack"}
        {"at":"2026-01-03T01:00:00Z","kind":"attack"}
        {"at":"2026-01-04T00:00:00Z","kind":"ratify","by":"France"}
        {"at":"2026-01-04T00:00:00Z","kind":"attack"}"#;
    check(
        &format!("treaty pact {{ in force 24 hours after 2 ratify }} {words} {article}"),
        log,
        None,
        "1 Italy breached due 2026-01-03T02:00:00Z
         1 Italy pending due 2026-01-04T01:00:00Z",
    );
    check(
        &format!("treaty pact {{ in force on all of G ratify }} {words} {article}"),
        log,
        None,
        "1 Italy pending due 2026-01-04T01:00:00Z",
    );
}

// While the notice runs the prohibition has an end, and is pending until then.
#[test]
fn a_prohibition_is_pending_while_a_notice_runs() {
    let treaty = "treaty pact { withdrawal by denounce after 1 year }
         party Italy
         event denounce { by: party }
         event deploy { by: party }
         article 1 { Italy shall not deploy }";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"denounce","by":"Italy"}"#;
    check(treaty, log, Some("2026-12-31T23:59:59Z"), "1 Italy pending due 2027-01-01T00:00:00Z");
    check(treaty, log, Some("2027-01-01T00:00:00Z"), "1 Italy met due 2027-01-01T00:00:00Z");
}

// §3: withdrawal takes a party out after its notice, one year after the act (North Atlantic Treaty, art. 13). What had
// accrued survives (Vienna Convention, art. 70(1)(b)); its standing prohibition ends with the notice, and is met.
#[test]
fn a_party_may_withdraw_after_notice() {
    check(
        "treaty pact { withdrawal by denounce after 1 year }
         party Italy
         party France
         group G { Italy, France }
         event denounce { by: party }
         event attack {}
         event consult { by: party }
         event deploy { by: party }
         article 1 { when attack  each of G shall consult within 48 hours }
         article 2 { each of G shall not deploy }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"denounce","by":"Italy"}
           {"at":"2026-12-31T12:00:00Z","kind":"attack"}
           {"at":"2027-01-01T00:00:00Z","kind":"deploy","by":"Italy"}
           {"at":"2027-01-01T00:00:00Z","kind":"attack"}
           {"at":"2027-02-01T00:00:00Z","kind":"deploy","by":"France"}"#,
        None,
        "2 Italy met due 2027-01-01T00:00:00Z
         2 France breached at 2027-02-01T00:00:00Z
         1 Italy breached due 2027-01-02T12:00:00Z
         1 France breached due 2027-01-02T12:00:00Z
         1 France breached due 2027-01-03T00:00:00Z",
    );
}

// §4.5: days are counted by the treaty's policy, or by the window's own. From 10 March 2026, 12:00 in Kyiv: three times
// 24 hours; to the end of the 13th; of the 12th; of the 14th. A period that follows a breach at the end of a day counts
// from the day that it closed.
#[test]
fn days_are_counted_by_the_policy_in_force() {
    check(
        "treaty pact { time zone Europe/Kyiv counting calendar_days }
         party Italy
         event attack {}
         event consult { by: party }
         article 1 { when attack  Italy shall consult within 3 days counting elapsed }
         article 2 { when attack  Italy shall consult within 3 days }
         article 3 { when attack  Italy shall consult within 3 days counting inclusive_days }
         article 4 { when attack  Italy shall consult within 3 days counting clear_days }
         article 5 { when article 2 is breached as b  b.by shall consult within 2 days }
         article 6 { when article 1 is breached as b  b.by shall consult within 2 days of b.due }",
        r#"{"at":"2026-03-10T12:00:00+02:00","kind":"attack"}"#,
        Some("2026-03-14T00:00:01"),
        "1 Italy breached due 2026-03-13T10:00:00Z
         2 Italy breached due 2026-03-13T22:00:00Z
         3 Italy breached due 2026-03-12T22:00:00Z
         4 Italy pending due 2026-03-14T22:00:00Z
         6 Italy pending due 2026-03-15T22:00:00Z
         5 Italy pending due 2026-03-15T22:00:00Z",
    );
}

// A day that counts its first may have ended with the breach that it is counted from: a ring of such articles takes no
// time, and is refused; counted by 24 hours it takes a day, and is not.
#[test]
fn a_ring_of_inclusive_days_takes_no_time() {
    for (counting, refused) in [("inclusive_days", true), ("elapsed", false)] {
        let treaty = format!(
            "treaty pact {{ counting {counting} }} party A event stop {{ by: party }}
             article 1 {{ when article 2 is breached  A shall stop within 1 day }}
             article 2 {{ when article 1 is breached  A shall stop within 1 day }}"
        );
        let (_, findings) = super::support::program(&treaty, &mut servanda::source::Sources::default());
        assert_eq!(findings.len(), usize::from(refused), "{findings:?}");
    }
}

// §3: `.id` is the one given, or `#` and the line. §4.2: a place field may be asked to lie in a party's territory.
#[test]
fn identifiers_and_territories() {
    check(
        "party Italy
         party Ukraine
         place Odesa of Ukraine
         place Pier within Odesa
         place Rome
         event attack { place: place }
         event answer { by: party  to: text }
         article 1 { when attack(place: territory of Ukraine) as a  Italy shall answer(to: a.id) within 1 hour }
         article 2 { Italy shall not answer as k where k.id = \"#4\" }",
        r##"{"at":"2026-01-01T00:00:00Z","kind":"attack","place":"Pier"}
           {"at":"2026-01-01T00:00:00Z","kind":"attack","place":"Rome"}
           {"at":"2026-01-01T00:10:00Z","kind":"attack","id":"x","place":"Odesa"}
           {"at":"2026-01-01T00:20:00Z","kind":"answer","by":"Italy","to":"#1"}
           {"at":"2026-01-01T00:30:00Z","kind":"answer","by":"Italy","to":"x"}"##,
        None,
        "2 Italy breached at 2026-01-01T00:20:00Z
         1 Italy met due 2026-01-01T01:00:00Z at 2026-01-01T00:20:00Z
         1 Italy met due 2026-01-01T01:10:00Z at 2026-01-01T00:30:00Z",
    );
}

// §4: `for each of Guarantors as g` starts one instance for each `g`, where the bearer is somebody else; `let` fixes a
// value at the trigger: Ukraine owes a notice to each guarantor, and twice as many shelters as were hit.
#[test]
fn one_party_may_owe_each_of_many_and_values_may_be_named() {
    pact(
        "event notify { by: party  to: party }
         event build { by: party  shelters: number }
         article 1 {
             when attack(by: Russia) as a
             for each of Guarantors except Germany as g
             Ukraine shall notify(to: g) within 6 hours owed to g
         }
         article 2 {
             when attack as a
             let n = a.killed * 2
             while n > 4
             Ukraine shall build as k where k.shelters >= n within 1 day
         }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","by":"Russia","killed":3}
           {"at":"2026-01-01T01:00:00Z","kind":"notify","by":"Ukraine","to":"France"}
           {"at":"2026-01-01T02:00:00Z","kind":"build","by":"Ukraine","shelters":5}
           {"at":"2026-01-01T03:00:00Z","kind":"build","by":"Ukraine","shelters":6}
           {"at":"2026-01-01T06:00:00Z","kind":"attack","by":"Ukraine","killed":2}"#,
        None,
        "1 Ukraine pending due 2026-01-01T06:00:00Z
         1 Ukraine met due 2026-01-01T06:00:00Z at 2026-01-01T01:00:00Z
         2 Ukraine met due 2026-01-02T00:00:00Z at 2026-01-01T03:00:00Z",
    );
}

// §3: a term is a named pattern, used like an event kind, and may take further constraints. Both Russian attacks on
// Odesa are aggression, the one against Ukraine alone begins article 1; a tripwire is aggression that kills a guarantor
// other than Italy; what began it is the only act that article 3 forbids.
#[test]
fn terms_are_patterns_with_names() {
    pact(
        "term aggression \"an act of aggression\" means attack(by: Russia) as a where a.place in Ukraine_territory
         term tripwire means aggression(to: any of Guarantors as g) as b where g != Italy
         article 1 { when aggression as x where x.killed > 0  Italy shall consult(on: x) within 24 hours }
         article 2 { when tripwire as x  France shall consult(on: x) within 12 hours }
         article 3 { Russia shall not tripwire }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"1","by":"Russia","place":"Odesa","killed":1,"to":["France"]}
           {"at":"2026-01-01T01:00:00Z","kind":"attack","id":"2","by":"Russia","place":"Odesa","killed":0,"to":["Italy"]}
           {"at":"2026-01-01T02:00:00Z","kind":"attack","id":"3","by":"Russia","place":"Europe","killed":1,"to":["France"]}
           {"at":"2026-01-01T03:00:00Z","kind":"attack","id":"4","by":"Italy","place":"Odesa","killed":1,"to":["France"]}"#,
        None,
        "3 Russia breached at 2026-01-01T00:00:00Z
         1 Italy pending due 2026-01-02T00:00:00Z
         2 France pending due 2026-01-01T12:00:00Z",
    );
}

// A term may bring a treaty into force, its condition included: the second ratification is without reservations.
#[test]
fn a_term_may_stand_in_a_header() {
    check(
        "treaty pact { in force on full_ratification }
         party Italy
         event ratify { by: party  reservations: number }
         term full_ratification means ratify as r where r.reservations = 0
         article 1 { Italy shall not ratify }",
        r#"{"at":"2026-01-01T00:00:00Z","kind":"ratify","by":"Italy","reservations":2}
           {"at":"2026-01-02T00:00:00Z","kind":"ratify","by":"Italy","reservations":0}
           {"at":"2026-01-03T00:00:00Z","kind":"ratify","by":"Italy","reservations":1}"#,
        None,
        "1 Italy breached at 2026-01-03T00:00:00Z",
    );
}
