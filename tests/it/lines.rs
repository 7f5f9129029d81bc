//! Verdicts as lines of JSON: the same as in a document, whoever writes them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use servanda::finding::any_error;
use servanda::model::{self, EventId, Library, Program};
use servanda::report::{self, Lines, Scene};
use servanda::scenario;
use servanda::source::Sources;
use servanda::verdict::{Status, Trigger, Verdict};

use super::support::{case, root};

/// A folder of clause files.
struct Folder(PathBuf);

impl Library for Folder {
    fn open(&mut self, path: &str, _from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        fs::read(self.0.join(path)).map(|bytes| (path.to_owned(), bytes)).map_err(|error| error.to_string())
    }
}

/// What stands in a JSON text, without the blanks between.
fn without_blanks(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let kept = text.chars().filter(|letter| {
        if quoted {
            (escaped, quoted) = (!escaped && *letter == '\\', escaped || *letter != '"');
            return true;
        }
        quoted = *letter == '"';
        !letter.is_whitespace()
    });
    kept.collect()
}

fn lines(scene: Scene<'_>, verdicts: &[Verdict], log: Option<&str>) -> Vec<String> {
    let lines = Lines::new(scene.program, scene.sources, log.map(str::to_owned));
    let mut out = Vec::new();
    for (number, verdict) in verdicts.iter().enumerate() {
        lines.write(scene.log, number, verdict, &mut out).unwrap();
    }
    let text = String::from_utf8(out).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines().map(str::to_owned).collect()
}

/// What `docs/verdicts.md` promises of a verdict, but for what is told in words.
fn promised(scene: Scene<'_>, number: usize, verdict: &Verdict) -> Value {
    let (program, log) = (scene.program, scene.log);
    let parties = |list: &[model::PartyId]| -> Value {
        list.iter().map(|party| program.parties.at(*party).name.as_str()).collect::<Vec<_>>().into()
    };
    let time = |at: Option<servanda::time::Instant>| at.map(|at| at.to_string());
    let occurrence = |id: &EventId| {
        let event = log.events.at(*id);
        let kind = &program.kinds.at(event.kind).name;
        let mut shown = json!({"kind": kind, "id": log.id_of(event), "line": event.line, "at": event.at.to_string()});
        if event.latest != event.at {
            shown["latest"] = event.latest.to_string().into();
        }
        shown
    };
    let breaches = verdict.breaches.iter().map(|it| {
        let mut shown = json!({"at": it.at.to_string(), "by": parties(&it.by)});
        for (key, value) in [("since", time(it.since)), ("until", time(it.until))] {
            if let Some(value) = value {
                shown[key] = value.into();
            }
        }
        if let Some(act) = it.act {
            shown["act"] = occurrence(&act);
        }
        shown
    });
    let treaty = |article: &model::Article| program.treaties.at(article.treaty).name.clone();
    let article = program.articles.at(verdict.article);
    let mut shown = json!({
        "schema": "servanda.verdict/1", "number": number, "treaty": treaty(article), "article": article.label,
        "status": verdict.status.name(), "opens": time(verdict.opens), "due": time(verdict.due), "at": time(verdict.at),
        "breached_at": time(verdict.breaches.first().filter(|_| verdict.status.is_breach()).map(|it| it.at)),
        "breaches": breaches.collect::<Vec<_>>(),
        "acts": verdict.acts.iter().map(occurrence).collect::<Vec<_>>(), "blamed": parties(&verdict.blamed),
        "trigger": {"at": verdict.triggered_at.to_string(), "kind": null, "id": null, "line": null},
    });
    let (on, root) = match &verdict.trigger {
        Trigger::EntryIntoForce => ("entry into force", None),
        Trigger::Clock => ("clock", None),
        Trigger::Event(event) => ("event", Some(*event)),
        Trigger::State { cause } => ("state", *cause),
        Trigger::Moment { article, kind, by, cause } => {
            let article = program.articles.at(*article);
            shown["trigger"]["treaty"] = treaty(article).into();
            shown["trigger"]["article"] = article.label.as_str().into();
            shown["trigger"]["by"] = parties(by);
            (kind.name(), *cause)
        }
    };
    shown["trigger"]["on"] = on.into();
    if let Some(root) = root.map(|root| occurrence(&root)) {
        for key in ["kind", "id", "line"] {
            shown["trigger"][key] = root[key].clone();
        }
    }
    for (key, told) in [("revised", verdict.revised), ("left_out", verdict.left_out > 0)] {
        let value = if key == "revised" { true.into() } else { Value::from(verdict.left_out) };
        told.then(|| shown[key] = value);
    }
    if let Some(outcome) = verdict.outcome {
        shown["outcome"] = outcome.name().into();
    }
    if let Some(target) = verdict.target {
        shown["target"] = target.to_string().into();
    }
    if verdict.bearer.group {
        shown["members"] = parties(&verdict.bearer.parties);
        shown["performed_by"] = parties(&verdict.performed_by);
    }
    if !verdict.premature.is_empty() {
        shown["premature"] = verdict.premature.iter().map(occurrence).collect();
    }
    let stops = verdict.stops.iter().map(|it| json!({"from": it.from.to_string(), "until": time(it.until)}));
    if !verdict.stops.is_empty() {
        shown["stops"] = stops.collect();
    }
    shown
}

/// That the lines hold what the document does, byte for byte, and what is promised.
fn compare(scene: Scene<'_>, verdicts: &[Verdict], seen: &mut BTreeSet<&'static str>) {
    let document = without_blanks(&report::document(scene, &[], verdicts).unwrap());
    let lines = lines(scene, verdicts, None);
    let plain: Vec<_> = lines.iter().map(|line| line.replacen(r#""schema":"servanda.verdict/1","#, "", 1)).collect();
    assert!(document.ends_with(&format!(r#""verdicts":[{}]}}"#, plain.join(","))), "{document}\n{}", lines.join("\n"));
    for (number, (line, verdict)) in lines.iter().zip(verdicts).enumerate() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let fields = line.as_object_mut().unwrap();
        assert!(fields.contains_key("by") && fields.contains_key("owed_to"));
        assert_eq!(fields.contains_key("reason"), verdict.doubt.is_some() && verdict.status == Status::Indeterminate);
        assert_eq!(fields.contains_key("shortfall"), verdict.shortfall.is_some());
        for told_in_words in ["by", "owed_to", "unassigned", "reading", "reason", "shortfall"] {
            if fields.remove(told_in_words).is_some() {
                seen.insert(told_in_words);
            }
        }
        if fields["trigger"].as_object_mut().unwrap().remove("state").is_some() {
            seen.insert("state");
        }
        assert_eq!(line, promised(scene, number, verdict));
        seen.insert(verdict.status.name());
    }
}

// Every verdict of every scenario of the language.
#[test]
fn lines_say_what_documents_say() {
    let folder = root("tests/semantics");
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = entries.filter(|name| name.ends_with(".treaty")).collect();
    names.sort();
    let (mut seen, mut all) = (BTreeSet::new(), 0);
    for name in names {
        let mut sources = Sources::default();
        let (loaded, mut findings) = model::load(&[name], &mut Folder(folder.clone()), &mut sources);
        findings.extend(model::build(&loaded).1);
        assert!(!any_error(&findings));
        let mut suite = model::Suite::of(&loaded, &sources);
        for outline in model::scenarios(&loaded) {
            let (program, scenario, found) = suite.build(&outline);
            let outcome = scenario::test(&program, scenario.as_ref(), &sources, found, &findings);
            let (program, options): (&Program, _) = (&program, outcome.options);
            let scene = Scene { program, log: &outcome.log, sources: &sources, options };
            compare(scene, &outcome.verdicts, &mut seen);
            all += outcome.verdicts.len();
        }
    }
    assert!(all > 1000, "only {all} verdicts");
    let statuses = Status::ALL.map(Status::name);
    let rest = ["by", "owed_to", "reading", "reason", "shortfall", "state", "unassigned"];
    let missing: Vec<_> = statuses.into_iter().chain(rest).filter(|it| !seen.contains(it)).collect();
    assert!(missing.is_empty(), "{missing:?} of {all} verdicts");
}

// What a log calls its events may hold anything; and a line may say of which log it is.
#[test]
fn what_needs_escapes_is_escaped() {
    let treaty = "treaty t {} party Їжак party Åland party Ö group Всі { Їжак, Åland, Ö } event go {} event come { by: party  on: go }
        article 1 { when go as g  one of Всі except Ö shall come(on: g) within 1 day }
        article 2 { when go as g  Їжак shall come(on: g) within 1 day }";
    let ids = ["strike \"1\"", "C:\\a", "a\nb\t\u{1}\u{7f}", "Їжак ∎ 🦔", "/", ""];
    for id in ids {
        let go = json!({"at": "2026-01-01T00:00:00.25Z", "kind": "go", "id": id});
        let come =
            json!({"at": "2026-01-01T01:00:00Z", "kind": "come", "by": "Їжак", "on": id, "id": format!("{id}'")});
        let case = case(treaty, &format!("{go}\n{come}\n"));
        let verdicts = case.replay(None);
        compare(case.scene(), &verdicts, &mut BTreeSet::new());
        for log in [None, Some(id)] {
            let lines = lines(case.scene(), &verdicts, log);
            assert_eq!(lines.len(), 2);
            let line: Value = serde_json::from_str(&lines[1]).unwrap();
            assert_eq!((&line["number"], &line["by"]), (&json!(1), &json!("Їжак")));
            assert_eq!((&line["trigger"]["id"], &line["acts"][0]["id"]), (&json!(id), &json!(format!("{id}'"))));
            assert_eq!(line["trigger"]["at"], "2026-01-01T00:00:00.25Z");
            assert_eq!(line.get("log").map(|log| log.as_str().unwrap()), log);
        }
    }
}

// The keys stand in the order in which `docs/verdicts.md` tells them.
#[test]
fn a_line_to_the_letter() {
    let treaty = "treaty t {} party A event go {} article 1 { when go  A shall not go for 1 hour }";
    let case = case(treaty, r#"{"at":"2026-01-01T00:00:00Z","kind":"go"}"#);
    let verdicts = case.replay(Some("2026-01-02T00:00:00Z"));
    let expected = r##"{"schema":"servanda.verdict/1","number":0,"log":"north.jsonl","treaty":"t","article":"1","by":"A","owed_to":null,"status":"met","trigger":{"on":"event","kind":"go","id":"#1","line":1,"at":"2026-01-01T00:00:00Z"},"opens":null,"due":"2026-01-01T01:00:00Z","at":"2026-01-01T01:00:00Z","breached_at":null,"breaches":[],"acts":[],"blamed":[]}"##;
    assert_eq!(lines(case.scene(), &verdicts, Some("north.jsonl")), [expected]);
}
