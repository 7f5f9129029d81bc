//! Laws that hold for every text, every treaty and every log; `tests/README.md` lists them as equations.

use std::collections::BTreeMap;

use proptest::prelude::*;
use servanda::event::Options;
use servanda::finding::any_error;
use servanda::monitor;
use servanda::replay;
use servanda::semantics;
use servanda::source::Sources;
use servanda::syntax;
use servanda::verdict::{Status, Verdict};

use super::support::{Case, case, case_with, law_cases};

/// The parties and events of the treaties that are made up.
const VOCABULARY: &str = "
party A
party B
party C
group G { A, B, C }
place Q
place P within Q
event e0 { by: party  place: place?  n: number? }
event e1 { by: party  on: e0?  to: list of party? }
event e2 { by: party }
term t0 means e0(by: A) as z where z.n > 1
term t1 means e1(to: any of G as y) as z where y != z.by
";

fn one_of(options: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop::sample::select(options.to_vec()).prop_map(str::to_owned)
}

/// A header: in force from the first event, for a time, or until something happens.
fn header() -> impl Strategy<Value = String> {
    one_of(&[
        "",
        "treaty t { in force from 2026-01-01T03:00Z }",
        "treaty t { in force from 2026-01-01T03:00Z for 6 hours time zone Europe/Kyiv }",
        "treaty t { in force on e2(by: B) }",
        "treaty t { in force from 2026-01-01 until e2(by: C) }",
        "treaty t { in force on e2(by: A) until e2(by: C) }",
        "treaty t { in force on all of G except A e2 withdrawal by e1 }",
        "treaty t { in force 2 hours after 2 e2 for 5 hours withdrawal by e2 after 3 hours }",
        "treaty t { in force 1 hour after e0 until e1(by: A) withdrawal by e0(place: P) after 1 hour }",
        "treaty t { in force from 2026-01-01T02:00Z for 8 hours withdrawal by e2(by: B) }",
        "treaty t { withdrawal by e1 after 90 minutes }",
    ])
}

/// The window of a duty or, where `forbids`, of a prohibition.
fn window(forbids: bool) -> impl Strategy<Value = String> {
    let duty = [
        "",
        "within 0 hours",
        "within 1 hour",
        "within 2 hours",
        "within 5 hours",
        "between 1 hour and 3 hours",
        "by 2026-01-01T06:00Z",
    ];
    let prohibition = ["", "for 0 hours", "for 1 hour", "for 3 hours", "within 2 hours", "between 1 hour and 3 hours"];
    if forbids { one_of(&prohibition).boxed() } else { one_of(&duty).boxed() }
}

/// An article, of the number given; it may follow those before it.
fn article(number: usize) -> impl Strategy<Value = String> {
    let triggers = one_of(&[
        "",
        "",
        "when e0 as a",
        "when e0(by: A) as a",
        "when e0(place: Q) as a where a.n > 1",
        "when e1(to: any of G as g) as c",
        "when e2 as c",
        "when e0 as a while a.n is given unless a.by = B",
        "when e0 as a let z = a.n + 1 while z > 2",
        "when e0 as a for each of G except A as h",
        "when e2 for each of G as h",
        "when t0 as a",
        "when t1(by: B)",
        "MOMENT",
        "MOMENT",
    ]);
    let moments = (0..number.max(1), one_of(&["breached", "met", "triggered", "breached by A"]));
    let subjects =
        one_of(&["A", "each of G", "each of G except A", "one of G", "at least 2 of G", "OWN", "each of G as m"]);
    let acts = one_of(&[
        "e1",
        "e1(on: a)",
        "e2",
        "e0(place: Q) as k where k.n > 1",
        "e1(to: any of G as x)",
        "e1(by: B)",
        "e0(place: P)",
        "t0(place: Q)",
        "t1 as w where w.to is given",
    ]);
    let tails =
        one_of(&["", "", "owed to B", "excused by e2(by: A)", "excused by e1(on: a) or e2(by: B)", "unless a.n = 1"]);
    (triggers, moments, subjects, any::<bool>(), acts, tails).prop_flat_map(
        move |(trigger, (of, moment), subject, forbids, act, tail)| {
            let trigger = match trigger.as_str() {
                "MOMENT" if number == 0 => String::new(),
                "MOMENT" => format!("when article {of} is {moment} as b"),
                other => other.to_owned(),
            };
            // What the trigger does not bind cannot be asked for.
            let has_attack = trigger.contains("as a");
            let own = if has_attack {
                "a.by"
            } else if trigger.contains("as g)") {
                "g"
            } else {
                "C"
            };
            let group = subject.starts_with("one of") || subject.starts_with("at least");
            let forbids = forbids && !group;
            let subject = if subject == "OWN" { own.to_owned() } else { subject };
            let act = if has_attack { act } else { act.replace("(on: a)", "") };
            let tail = if has_attack { tail } else { tail.replace("(on: a)", "").replace("unless a.n = 1", "") };
            let modal = if forbids { "shall not" } else { "shall" };
            window(forbids).prop_map(move |window| {
                format!("article {number} {{ {trigger} {subject} {modal} {act} {window} {tail} }}\n")
            })
        },
    )
}

fn treaty() -> impl Strategy<Value = String> {
    (header(), (1..6usize).prop_flat_map(|count| (0..count).map(article).collect::<Vec<_>>()))
        .prop_map(|(header, articles)| format!("{VOCABULARY}{header}\n{}", articles.concat()))
}

/// Events at half hours of one morning; references are to earlier ones, and optional fields may be absent.
fn log() -> impl Strategy<Value = String> {
    let event = (0..24u32, 0..3usize, 0..3usize, 0..4usize, any::<prop::sample::Index>());
    prop::collection::vec(event, 0..24).prop_map(|mut events| {
        events.sort_by_key(|(at, ..)| *at);
        let mut attacks: Vec<usize> = Vec::new();
        let lines = events.iter().enumerate().map(|(index, (at, kind, by, variant, reference))| {
            let by = ["A", "B", "C"][*by];
            let head = format!(
                "{{\"at\":\"2026-01-01T{:02}:{:02}:00Z\",\"id\":\"x{index}\",\"by\":\"{by}\",\"kind\":\"e{kind}\"",
                at / 2,
                at % 2 * 30
            );
            let rest = match kind {
                0 => {
                    attacks.push(index);
                    [",\"place\":\"P\",\"n\":2", ",\"place\":\"Q\"", ",\"n\":1", ""][*variant].to_owned()
                }
                1 => {
                    let on = if attacks.is_empty() || *variant == 0 {
                        String::new()
                    } else {
                        format!(",\"on\":\"x{}\"", reference.get(&attacks))
                    };
                    let to = ["", ",\"to\":[\"A\",\"B\"]", ",\"to\":\"C\"", ",\"to\":[]"][*variant];
                    format!("{on}{to}")
                }
                _ => String::new(),
            };
            format!("{head}{rest}}}\n")
        });
        lines.collect()
    })
}

/// Verdicts in an order of their own, as texts, so that two ways of finding them can be compared.
fn sorted(verdicts: &[Verdict]) -> Vec<String> {
    let mut texts: Vec<_> = verdicts.iter().map(|verdict| format!("{verdict:?}")).collect();
    texts.sort();
    texts
}

fn read(treaty: &str, log: &str) -> Option<Case> {
    let case = case(treaty, log);
    // A ring of articles that takes no time is refused by `check`, and may be made up here.
    let ring = case.findings.iter().any(|finding| finding.code.name() == "zero-delay-cycle");
    assert!(ring || !any_error(&case.findings), "{}", case.reported());
    (!ring).then_some(case)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: law_cases(1500), max_shrink_iters: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    // monitor(log) = semantics(log)
    #[test]
    fn the_monitor_says_what_the_semantics_define(treaty in treaty(), log in log(), until in prop::option::of(0..30u32)) {
        if let Some(case) = read(&treaty, &log) {
            let until = until.map(|half| format!("2026-01-{:02}T{:02}:{:02}:00Z", 1 + half / 48, half / 2 % 24, half % 2 * 30));
            let until = case.instant(until.as_deref());
            let options = replay::Options { until, ..replay::Options::default() };
            let fast = monitor::verdicts(&case.program, &case.log, &options);
            let defined = semantics::verdicts(&case.program, &case.log, &options);
            let (fast, defined) = (sorted(&fast), sorted(&defined));
            let differ = |one: &[String], other: &[String]| {
                one.iter().filter(|verdict| !other.contains(verdict)).cloned().collect::<Vec<_>>().join("\n")
            };
            let (only_fast, only_defined) = (differ(&fast, &defined), differ(&defined, &fast));
            prop_assert_eq!(only_fast, only_defined, "{}\n{}", treaty, log);
            prop_assert_eq!(fast.len(), defined.len(), "{}\n{}", treaty, log);
        }
    }

    // A verdict that is handed over before the end is final: more events do not change it.
    #[test]
    fn decided_verdicts_are_final(treaty in treaty(), log in log(), cut in any::<prop::sample::Index>()) {
        let lines: Vec<_> = log.lines().collect();
        if lines.is_empty() {
            return Ok(());
        }
        let prefix: String = lines[..=cut.index(lines.len())].iter().map(|line| format!("{line}\n")).collect();
        let (Some(part), Some(whole)) = (read(&treaty, &prefix), read(&treaty, &log)) else { return Ok(()) };
        let later: BTreeMap<usize, Verdict> = numbered(&whole).into_iter().collect();
        for (number, verdict) in numbered(&part) {
            let after = &later[&number];
            let refined = match verdict.status {
                Status::Pending | Status::Observed | Status::Open => true,
                // A breach stays one: the act may still come, late.
                Status::Breached => after.status.is_breach(),
                // What has no end can be told only once the act is certain.
                Status::Indeterminate if verdict.due.is_none() => true,
                status => after.status == status,
            };
            prop_assert!(refined, "{:?} became {:?}\n{treaty}\n{log}", verdict, after);
        }
    }

    // replay(shuffled log) = replay(log), where no two events share an instant
    #[test]
    fn the_order_of_lines_at_different_instants_does_not_matter(treaty in treaty(), log in log()) {
        let mut seen = Vec::new();
        let distinct: Vec<_> = log.lines().filter(|line| {
            let at = line[..28].to_owned();
            let new = !seen.contains(&at);
            seen.push(at);
            new
        }).collect();
        // References to lines that were left out are set aside, in both.
        let options = Options { keep_going: true, may_be_empty: true, ..Options::default() };
        let forward = case_with(&treaty, &distinct.join("\n"), options);
        let backward: Vec<_> = distinct.iter().rev().copied().collect();
        let backward = case_with(&treaty, &backward.join("\n"), options);
        if !any_error(&forward.findings) {
            let lines = |case: &Case| case.replay(None).iter().map(|verdict| case.line(verdict)).collect::<Vec<_>>();
            prop_assert_eq!(lines(&forward), lines(&backward));
        }
    }
}

fn numbered(case: &Case) -> Vec<(usize, Verdict)> {
    let mut verdicts = Vec::new();
    servanda::monitor::replay_into(&case.program, &case.log, &replay::Options::default(), &mut |_, number, verdict| {
        verdicts.push((number, verdict))
    });
    verdicts
}

/// Texts that look like clauses, and are not.
fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "treaty",
        "party",
        "group",
        "place",
        "event",
        "article",
        "use",
        "unit",
        "calendar",
        "state",
        "scenario",
        "when",
        "where",
        "each",
        "of",
        "shall",
        "not",
        "within",
        "between",
        "by",
        "for",
        "owed",
        "to",
        "unless",
        "excused",
        "A",
        "attack",
        "1",
        "24",
        "hours",
        "2026-01-01",
        "2026-02-30",
        "2026-01-01T00:00Z",
        "\"text\"",
        "\"",
        "\"\"\"",
        "{",
        "}",
        "(",
        ")",
        ",",
        ":",
        "|",
        "?",
        "=",
        "<=",
        "+",
        "//",
        "\n",
        "\u{feff}",
        "é",
        "\0",
        ".",
        "as",
        "a",
        "in",
        "force",
        "from",
        "is",
        "breached",
        "any",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.join(" "))
}

fn parses(text: &str) {
    let mut sources = Sources::default();
    let source = sources.add("soup.treaty", text);
    let (_, findings) = syntax::parse(source, text, &|_| 0);
    servanda::report::findings(&findings, &sources, servanda::report::Style::default());
    _ = servanda::format::format(text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    // parse(any text) ends, and so does drawing what it found
    #[test]
    fn any_text_is_answered(text in ".{0,200}") {
        parses(&text);
    }

    #[test]
    fn any_soup_of_words_is_answered(text in soup()) {
        parses(&text);
        let case = case(&text, "");
        case.reported();
    }

    // shape(format(text)) = shape(text), format(format(text)) = format(text)
    #[test]
    fn the_layout_changes_nothing_and_settles(treaty in treaty(), comments in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        // Comments wherever there is white space, of their own lines and trailing.
        let mut text = treaty;
        for (number, at) in comments.iter().enumerate() {
            let gaps: Vec<_> = text.match_indices(' ').map(|(at, _)| at).collect();
            let Some(gap) = gaps.get(at.index(gaps.len().max(1))) else { continue };
            text.insert_str(*gap, if number % 2 == 0 { " // trailing\n" } else { "\n\n // own\n" });
        }
        if let Ok(once) = servanda::format::format(&text) {
            prop_assert_eq!(syntax::shape(&once), syntax::shape(&text));
            prop_assert_eq!(once.matches("//").count(), text.matches("//").count(), "{}\n----\n{}", text, once);
            prop_assert_eq!(servanda::format::format(&once).unwrap(), once.clone(), "{}\n----\n{}", text, once);
        } else {
            // A comment has swallowed something, and the text is no longer one that parses.
            prop_assert!(syntax::shape(&text).is_none(), "{}", text);
        }
    }

    // read(any log) ends
    #[test]
    fn any_log_is_answered(lines in prop::collection::vec("(\\{\"at\":\"2026-01-0[1-9]T00:00:00Z\",\"kind\":\"e[0-3]\")?[ -~]{0,40}\\}?", 0..8)) {
        case(VOCABULARY, &lines.join("\n")).reported();
    }
}
