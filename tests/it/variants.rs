//! Choosing among alternatives and readings, and comparing what they come to.

use std::collections::BTreeMap;
use std::fs;

use servanda::model::{self, Choices, Selection};
use servanda::source::Sources;

use super::command_line::{folder, run, text};
use super::support::Shelf;

const WORDS: &str = "party Italy party Germany party Poland event attack event consult { by: party }\n";

fn choices(articles: &str) -> Choices {
    let text = format!("{WORDS}{articles}");
    let mut sources = Sources::default();
    let mut shelf = Shelf(BTreeMap::from([("t.treaty", text.as_str())]));
    let (loaded, mut findings) = model::load(&["t.treaty".to_owned()], &mut shelf, &mut sources);
    findings.extend(model::build(&loaded).1);
    assert!(findings.is_empty(), "{findings:?}");
    model::choices(&loaded, &sources)
}

/// Every combination, in words.
fn combinations(choices: &Choices, fixed: &Selection) -> Vec<String> {
    let all = choices.combinations(fixed).unwrap();
    all.iter()
        .map(|selection| {
            let chosen = choices.chosen(selection);
            chosen.iter().map(|it| format!("{}={}", it.label, it.proposal.words)).collect::<Vec<_>>().join(", ")
        })
        .collect()
}

// §4.9: brackets of one label vary together; those without one vary alone, and are known by their text and line.
#[test]
fn what_varies_is_named() {
    let choices = choices(
        "article 1 { when attack Italy shall consult within [window: 24 hours | 72 hours (Germany, Poland)] }
         article 2 { when attack Italy shall consult within [window: 1 day | 3 days] }
         article 3 { when attack Italy [shall | may] consult within 2 hours }
         article 4 reading broad { when attack Italy shall consult within 1 hour }
         article 4 reading narrow { when attack Italy shall consult within 2 hours }",
    );
    let names: Vec<_> = choices.axes().iter().map(|axis| axis.name.as_str()).collect();
    assert_eq!(names, ["window", "[shall | may] on line 4", "reading"]);
    assert_eq!(choices.axes()[0].alternatives[1].proponents, ["Germany", "Poland"]);
    let all = combinations(&choices, &Selection::default());
    assert_eq!(all.len(), 8);
    assert_eq!(all[0], "window=24 hours, [shall | may] on line 4=shall, reading=broad");
    let mut fixed = Selection::default();
    choices.choose(&mut fixed, "window", "72h").unwrap();
    choices.choose(&mut fixed, "reading", "narrow").unwrap();
    assert_eq!(
        combinations(&choices, &fixed),
        [
            "window=72 hours, [shall | may] on line 4=shall, reading=narrow",
            "window=72 hours, [shall | may] on line 4=may, reading=narrow",
        ]
    );
}

// White space does not matter, a duration may be short; what is not there is refused with what is.
#[test]
fn an_alternative_is_chosen_by_its_words() {
    let choices = choices(
        "article 1 { when attack Italy shall consult within [window: 24 hours | 72 hours | 3 days | 1 day 12 hours] }",
    );
    let chosen = |words: &str| {
        let mut selection = Selection::default();
        choices.choose(&mut selection, "window", words).map(|()| selection[&0]).map_err(|error| error.to_string())
    };
    assert_eq!(chosen("24 hours"), Ok(0));
    assert_eq!(chosen("  72   hours "), Ok(1));
    assert_eq!(chosen("72h"), Ok(1));
    // Three days are not 72 hours: days follow a policy of counting.
    assert_eq!(chosen("3d"), Ok(2));
    assert_eq!(chosen("1d12h"), Ok(3));
    assert_eq!(chosen("24 Hours"), Ok(0));
    assert_eq!(chosen("36h"), Err("`window` has no alternative `36h`".to_owned()));
    let error = choices.choose(&mut Selection::default(), "widow", "24h").unwrap_err();
    assert_eq!((error.to_string().as_str(), error.help()), ("there is no bracket `widow`", "did you mean `window`?"));
}

// A bracket inside an alternative that is not chosen is not there to vary.
#[test]
fn brackets_in_brackets_vary_only_where_they_stand() {
    let choices = choices(
        "article 1 { when attack Italy shall consult \
         [frame: within [length: 24 hours | 36 hours | 48 hours] | by 2030-12-31] }",
    );
    assert_eq!(
        combinations(&choices, &Selection::default()),
        [
            "frame=within [ length : 24 hours | 36 hours | 48 hours ], length=24 hours",
            "frame=within [ length : 24 hours | 36 hours | 48 hours ], length=36 hours",
            "frame=within [ length : 24 hours | 36 hours | 48 hours ], length=48 hours",
            "frame=by 2030-12-31",
        ]
    );
}

const PACT: &str = "treaty pact { in force from 2025-10-01 }
party Italy
party Germany
party Poland
event attack
event consult { by: party }
event explain { by: party }
article 1 { when attack Italy shall consult within [window: 24 hours | 72 hours (Germany, Poland)] }
article 2 { when attack Germany shall explain within [48 hours | 12 hours] }
article 3 reading broad { when attack Poland shall consult within 10 days }
article 3 reading narrow { when attack Poland shall consult within 20 days }
article 4 { when attack Germany shall consult within 10 days }
";

/// Italy consults after thirty hours, Germany explains after twenty-four.
const LOG: &str = r#"{"at":"2025-11-03T00:00:00Z","kind":"attack","id":"s"}
{"at":"2025-11-04T00:00:00Z","kind":"explain","by":"Germany"}
{"at":"2025-11-04T06:00:00Z","kind":"consult","by":"Italy"}
"#;

fn pact(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    fs::write(folder.join("pact.treaty"), PACT).unwrap();
    fs::write(folder.join("s.jsonl"), LOG).unwrap();
    folder
}

// Italy is late within a day and in time within three.
#[test]
fn a_replay_takes_the_alternative_that_is_chosen() {
    let folder = pact("choose");
    let replay = |arguments: &[&str]| run(&folder, &[&["replay", "pact.treaty", "s.jsonl"], arguments].concat());
    assert_eq!(replay(&[]).status.code(), Some(1));
    let chosen = replay(&["--choose", "window=72h"]);
    assert_eq!(chosen.status.code(), Some(0));
    let told = text(&chosen.stdout);
    assert!(told.starts_with("window = 72 hours (proposed by Germany and Poland)\n\n"), "{told}");
    // One option for both, or one for each.
    for arguments in [
        &["--choose", "window=72 hours, reading=narrow"][..],
        &["--choose", "window=72h", "--choose", "reading=narrow"],
    ] {
        let output = replay(&[arguments, &["--format", "json"]].concat());
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            document["choices"],
            serde_json::json!([
                {"label": "window", "words": "72 hours", "proposed_by": ["Germany", "Poland"]},
                {"label": "reading", "words": "narrow", "proposed_by": []},
            ])
        );
        // Twenty days after the attack.
        assert_eq!(document["verdicts"][2]["due"], "2025-11-23T00:00:00Z");
        assert_eq!(document["verdicts"][0]["status"], "met");
    }
    for (wrong, said) in [
        ("window=36h", "`window` has no alternative `36h`"),
        ("windw=24h", "did you mean `window`?"),
        ("reading=brod", "there are `broad`, `narrow`"),
        ("window", "names no alternative"),
    ] {
        let output = replay(&["--choose", wrong]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()));
        assert!(text(&output.stderr).contains(said), "{wrong}: {}", text(&output.stderr));
    }
}

// Article 1 hangs on the window, article 2 on the bracket without a label, article 3 on the reading; article 4 on none.
#[test]
fn all_combinations_are_compared() {
    let folder = pact("variants");
    let output = run(&folder, &["replay", "pact.treaty", "s.jsonl", "--variants"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(text(&output.stdout));
    let output =
        run(&folder, &["replay", "pact.treaty", "s.jsonl", "--variants", "--choose", "window=24h,reading=broad"]);
    insta::assert_snapshot!(text(&output.stdout));
    let json = run(&folder, &["replay", "pact.treaty", "s.jsonl", "--variants", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["schema"], "servanda.variants/1");
    assert_eq!(document["combinations"].as_array().unwrap().len(), 8);
    assert_eq!(document["same"], 1);
    let statuses = |article: &str| {
        let rows = document["duties"].as_array().unwrap();
        let row = rows.iter().find(|row| row["article"] == article).unwrap();
        row["verdicts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["status"].as_str().unwrap())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(statuses("1"), "late late late late met met met met");
    assert_eq!(statuses("2"), "met met late late met met late late");
    let due = &document["duties"].as_array().unwrap().iter().find(|row| row["article"] == "3").unwrap()["verdicts"];
    assert_eq!((&due[0]["due"], &due[1]["due"]), (&"2025-11-13T00:00:00Z".into(), &"2025-11-23T00:00:00Z".into()));
}

// §3, §8: what is proven after five hours counts from then on, what is alleged at once; what became known after nine
// hours is not known after eight.
#[test]
fn a_replay_knows_what_it_is_told_to() {
    let folder = folder("known");
    let treaty =
        "party Italy event attack established by find(of: it) event find { of: attack } event consult { by: party }
        article 1 { when attack Italy shall consult within 24 hours }";
    let log = r#"{"at":"2026-01-01T00:00:00Z","kind":"attack","id":"s","reported":"2026-01-01T04:00:00Z"}
{"at":"2026-01-01T05:00:00Z","kind":"find","of":"s","reported":"2026-01-01T09:00:00Z"}
"#;
    fs::write(folder.join("t.treaty"), treaty).unwrap();
    fs::write(folder.join("s.jsonl"), log).unwrap();
    let due = |arguments: &[&str]| {
        let output = run(&folder, &[&["replay", "t.treaty", "s.jsonl", "--format", "json"], arguments].concat());
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        document["verdicts"][0]["due"].as_str().map(str::to_owned)
    };
    assert_eq!(due(&[]).unwrap(), "2026-01-02T05:00:00Z");
    assert_eq!(due(&["--standard", "alleged"]).unwrap(), "2026-01-02T00:00:00Z");
    assert_eq!(due(&["--known-at", "2026-01-01T09:00:00Z"]).unwrap(), "2026-01-02T05:00:00Z");
    assert_eq!(due(&["--known-at", "2026-01-01T08:00:00Z"]), None);
    assert_eq!(due(&["--known-at", "2026-01-01T08:00:00Z", "--standard", "alleged"]).unwrap(), "2026-01-02T00:00:00Z");
    assert_eq!(due(&["--known-at", "2026-01-01T03:00:00Z", "--standard", "alleged"]), None);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = pact("variants-refused");
    let replay = |arguments: &[&str]| run(&folder, &[&["replay", "pact.treaty", "s.jsonl"], arguments].concat());
    assert_eq!(replay(&["--variants", "--format", "jsonl"]).status.code(), Some(2));
    assert_eq!(replay(&["--known-at", "yesterday"]).status.code(), Some(2));
    assert_eq!(replay(&["--standard", "proven"]).status.code(), Some(2));
    assert_eq!(replay(&["--standard", "alleged", "--known-at", "2026-01-01"]).status.code(), Some(1));
}
