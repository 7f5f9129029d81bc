//! Sixty thousand real events, and reference verdicts line by line. Skipped where the data are not at hand.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use servanda::event::Options;
use servanda::verdict::{Status, Verdict};

use super::support::{Case, case_with, root, shared};

fn unzipped(path: &Path) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// The alerts, replayed by article of `tests/fixtures/air-alerts.treaty`; none where there are no data.
fn replay(folder: &Path) -> (Case, Vec<Verdict>) {
    let treaty = fs::read_to_string(root("tests/fixtures/air-alerts.treaty")).unwrap();
    let case = case_with(&treaty, &unzipped(&folder.join("events.jsonl.gz")), Options::default());
    let verdicts = case.replay(None);
    (case, verdicts)
}

/// The lines of a reference, each by its alert, with the columns asked for.
fn reference(folder: &Path, rule: &str, columns: [usize; 3]) -> BTreeMap<String, [String; 3]> {
    let text = unzipped(&folder.join(format!("verdicts/{rule}.csv.gz")));
    let rows = text.lines().skip(1).map(|line| {
        let fields: Vec<_> = line.split(',').collect();
        (fields[0].to_owned(), columns.map(|column| fields[column].to_owned()))
    });
    rows.collect()
}

/// The `alert` column of every line of the log, which the reference knows its rows by.
fn alerts_by_line(case: &Case) -> Vec<String> {
    let mut alerts = vec![String::new(); case.log.events.len() + 1];
    for event in &case.log.events {
        let span = case.log.span(event, &case.sources).unwrap();
        let raw: serde_json::Value = serde_json::from_str(&case.sources.text(span)).unwrap();
        alerts[event.line] = raw["alert"].as_str().unwrap().to_owned();
    }
    alerts
}

fn trigger_line(case: &Case, verdict: &Verdict) -> usize {
    let servanda::verdict::Trigger::Event(event) = verdict.trigger else { panic!("not begun by an event") };
    case.log.events.at(event).line
}

#[test]
fn air_alerts_are_judged_as_the_reference_judges_them() {
    let Some(folder) = shared("data/air_alerts") else { return };
    let (case, verdicts) = replay(&folder);
    let alerts = alerts_by_line(&case);

    // AA1, «every air-raid alert shall be lifted within 4 hours of its start»: columns start, end, verdict.
    let mut expected = reference(&folder, "AA1", [3, 4, 6]);
    let (mut met, mut late) = (0, 0);
    for verdict in verdicts.iter().filter(|verdict| case.program.articles.at(verdict.article).label == "AA1") {
        let name = &alerts[trigger_line(&case, verdict)];
        let [start, end, status] = expected.remove(name).unwrap();
        let act = case.log.events.at(verdict.acts[0]).at;
        assert_eq!((verdict.triggered_at.to_string(), act.to_string()), (start, end), "{name}");
        assert_eq!(verdict.status.name(), status, "{name}");
        met += usize::from(verdict.status == Status::Met);
        late += usize::from(verdict.status == Status::Late);
    }
    assert_eq!((met, late, expected.len()), (30_319, 969, 0));

    // AA3, «for 30 minutes after an alert is lifted no new one shall be started there»: columns end, next start, verdict.
    let mut expected = reference(&folder, "AA3", [2, 4, 5]);
    let mut counts = [0; 3];
    for verdict in verdicts.iter().filter(|verdict| case.program.articles.at(verdict.article).label == "AA3") {
        let name = &alerts[trigger_line(&case, verdict)];
        let [end, next, status] = expected.remove(name).unwrap();
        assert_eq!(verdict.triggered_at.to_string(), end, "{name}");
        let (place, kept) = match verdict.status {
            Status::Breached => (0, "breached"),
            Status::Met => (1, "ok"),
            Status::Pending => (2, "pending"),
            other => panic!("{name} is {}", other.name()),
        };
        assert_eq!(kept, status, "{name}");
        if kept == "breached" {
            assert_eq!(case.log.events.at(verdict.acts[0]).at.to_string(), next, "{name}");
        }
        counts[place] += 1;
    }
    assert_eq!((counts, expected.len()), ([2_480, 24_147, 9], 0));
}
