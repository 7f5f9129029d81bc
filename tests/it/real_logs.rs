//! The real logs against reference verdicts, line by line. Skipped where the data are not at hand; the definition reads
//! these tens of thousands of events in a minute when it is optimised, and takes its time when it is not.
//!
//! AA1 and AA3 are in `air_alerts.rs`. What each verdict has to do with a line of a reference stands beside the
//! articles, in `tests/fixtures`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value as Json;
use servanda::event::Options;
use servanda::model::{EventId, PartyId};
use servanda::time::{Instant, Zone};
use servanda::verdict::{Breach, Status, Trigger, Verdict};

use super::support::{Case, case_with, root, shared};

/// A line of a reference, by its columns.
type Row = BTreeMap<String, String>;

/// A real log, replayed by a clause file.
struct Replay {
    folder: PathBuf,
    case: Case,
    /// The log as it was written.
    lines: Vec<Json>,
    verdicts: Vec<Verdict>,
}

impl Replay {
    /// None where there are no data.
    fn of(data: &str, fixture: &str, until: &str) -> Option<Replay> {
        let folder = shared(&format!("data/{data}"))?;
        let treaty = fs::read_to_string(root(&format!("tests/fixtures/{fixture}.treaty"))).unwrap();
        let log = text(&folder.join("events.jsonl.gz"));
        let lines = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let case = case_with(&treaty, &log, Options::default());
        let verdicts = case.replay(Some(until));
        Some(Replay { folder, case, lines, verdicts })
    }

    /// The lines of a reference.
    fn rows(&self, rule: &str) -> Vec<Row> {
        let plain = self.folder.join(format!("verdicts/{rule}.csv"));
        let path = if plain.exists() { plain } else { self.folder.join(format!("verdicts/{rule}.csv.gz")) };
        let text = text(&path);
        let mut lines = text.lines();
        let columns = cells(lines.next().unwrap());
        lines.map(|line| columns.iter().cloned().zip(cells(line)).collect()).collect()
    }

    /// The verdicts of an article, and of those that are numbered under it.
    fn under<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a Verdict> {
        self.verdicts.iter().filter(move |verdict| {
            let rest = self.label(verdict).strip_prefix(label);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    fn label(&self, verdict: &Verdict) -> &str {
        &self.case.program.articles.at(verdict.article).label
    }

    fn treaty(&self, verdict: &Verdict) -> &str {
        let article = self.case.program.articles.at(verdict.article);
        &self.case.program.treaties.at(article.treaty).name
    }

    /// What the log says of an event.
    fn column(&self, event: EventId, column: &str) -> String {
        let line = self.case.log.events.at(event).line;
        self.lines[line - 1][column].as_str().unwrap().to_owned()
    }

    /// What the log says of the event that began a duty.
    fn trigger(&self, verdict: &Verdict, column: &str) -> String {
        let Trigger::Event(event) = verdict.trigger else { panic!("not begun by an event: {verdict:?}") };
        self.column(event, column)
    }

    /// The day of the act that met a duty, in time or late; nothing where there is none.
    fn act_day(&self, verdict: &Verdict) -> String {
        verdict.acts.first().map_or_else(String::new, |act| day(self.case.log.events.at(*act).at))
    }

    /// The party that a log spells so.
    fn party(&self, spelling: &str) -> PartyId {
        let found = self.case.program.party_spellings.get(spelling);
        *found.unwrap_or_else(|| panic!("no party is spelled {spelling}"))
    }
}

/// A file, unpacked where it is packed.
fn text(path: &Path) -> String {
    let mut text = String::new();
    let mut file = fs::File::open(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        file.read_to_string(&mut text).unwrap();
    }
    text
}

/// The cells of a line of a table, in which a text with a comma stands in quotation marks.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

/// The day of an instant, in UTC.
fn day(instant: Instant) -> String {
    instant.to_string()[..10].to_owned()
}

fn owner(verdict: &Verdict) -> PartyId {
    verdict.bearer.parties[0]
}

/// What a reference calls the verdict on something that is or is not so.
fn kept(verdict: &Verdict) -> String {
    let word = if verdict.status == Status::Met { "ok" } else { verdict.status.name() };
    word.to_owned()
}

/// What a reference calls the verdict on something that was or was not done.
fn done(verdict: &Verdict) -> String {
    let word = if verdict.status == Status::Breached { "never" } else { verdict.status.name() };
    word.to_owned()
}

/// From when until when something was not as it should be.
fn lapse(breach: &Breach) -> (String, String) {
    let until = breach.until.map_or_else(String::new, |until| until.to_string());
    (breach.since.unwrap_or(breach.at).to_string(), until)
}

/// Of each key one value.
#[track_caller]
fn unique<K: Ord + Debug, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        assert!(!map.contains_key(&key), "twice: {key:?}");
        map.insert(key, value);
    }
    map
}

/// Of each key one value, which may be said more than once.
#[track_caller]
fn agreed<K: Ord + Debug, V: PartialEq + Debug>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map: BTreeMap<K, V> = BTreeMap::new();
    for (key, value) in pairs {
        match map.get(&key) {
            Some(first) => assert_eq!(*first, value, "{key:?}"),
            None => _ = map.insert(key, value),
        }
    }
    map
}

/// Compares line by line, and shows the first few that differ.
#[track_caller]
fn same<K: Ord + Debug, V: PartialEq + Debug>(found: &BTreeMap<K, V>, expected: &BTreeMap<K, V>) {
    let keys: BTreeSet<&K> = found.keys().chain(expected.keys()).collect();
    let differ: Vec<&K> = keys.into_iter().filter(|key| found.get(*key) != expected.get(*key)).collect();
    let shown: Vec<_> = differ.iter().take(5).map(|key| (*key, found.get(*key), expected.get(*key))).collect();
    assert!(differ.is_empty(), "{} of {} differ, ours stands first: {shown:#?}", differ.len(), expected.len());
}

/// As [`same`], of what is only there or not.
#[track_caller]
fn same_set<K: Ord + Debug + Clone>(found: &BTreeSet<K>, expected: &BTreeSet<K>) {
    let map = |set: &BTreeSet<K>| set.iter().map(|key| (key.clone(), ())).collect::<BTreeMap<K, ()>>();
    same(&map(found), &map(expected));
}

/// How often each word is said.
fn tally(words: impl Iterator<Item = String>) -> Vec<(String, usize)> {
    let mut tally: BTreeMap<String, usize> = BTreeMap::new();
    for word in words {
        *tally.entry(word).or_default() += 1;
    }
    tally.into_iter().collect()
}

#[track_caller]
fn counts<const N: usize>(words: impl Iterator<Item = String>, expected: [(&str, usize); N]) {
    let expected: Vec<_> = expected.into_iter().map(|(word, count)| (word.to_owned(), count)).collect();
    assert_eq!(tally(words), expected);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without `--release`")]
fn air_alerts_are_counted_and_timed_as_the_reference_does() {
    // Until the last day of the reference is over in Kyiv; every alert of the log has ended by then.
    let Some(replay) = Replay::of("air_alerts", "air-alerts-conditions", "2023-10-28T23:00:00Z") else { return };
    let kyiv = Zone::named("Europe/Kyiv").unwrap();

    // AA2, «in no oblast shall more than 8 alerts be started within any 24 hours».
    let found = unique(
        replay
            .under("AA2")
            .map(|verdict| (replay.trigger(verdict, "alert"), (verdict.triggered_at.to_string(), kept(verdict)))),
    );
    let rows = replay.rows("AA2");
    let expected = unique(rows.iter().map(|row| (row["alert"].clone(), (row["at"].clone(), row["verdict"].clone()))));
    same(&found, &expected);
    counts(found.into_values().map(|(_, verdict)| verdict), [("breached", 2_370), ("ok", 24_266)]);

    // AA4, «no oblast shall spend more than 6 hours under alert on any calendar day, Kyiv time»: by the day.
    let rows = replay.rows("AA4");
    // The tick that follows a day of Kyiv falls on the same day of UTC.
    let found =
        unique(replay.under("AA4.1").map(|verdict| ((owner(verdict), day(verdict.triggered_at)), kept(verdict))));
    let expected =
        unique(rows.iter().map(|row| ((replay.party(&row["oblast"]), row["day"].clone()), row["verdict"].clone())));
    same(&found, &expected);
    counts(found.into_values(), [("breached", 805), ("ok", 9_007)]);

    // The same at every moment: only breaches show, each from the instant at which the hours are used up.
    let mut found = BTreeSet::new();
    let mut oblasts = 0;
    for verdict in replay.under("AA4.2") {
        oblasts += 1;
        for breach in &verdict.breaches {
            let date = kyiv.date(breach.at);
            assert_eq!(breach.until, Some(kyiv.end_of(date)), "{breach:?}");
            assert!(found.insert((owner(verdict), date.to_string())), "twice: {breach:?}");
        }
    }
    let broken = rows.iter().filter(|row| row["verdict"] == "breached");
    let expected = broken.map(|row| (replay.party(&row["oblast"]), row["day"].clone())).collect();
    same_set(&found, &expected);
    assert_eq!((oblasts, found.len()), (25, 805));

    // AA5, «20 or more oblasts under alert at once shall not last longer than 1 hour».
    let rows = replay.rows("AA5");
    for (label, all, number) in [("AA5.1", false, 133), ("AA5.2", true, 311)] {
        let verdicts: Vec<_> = replay.under(label).collect();
        assert_eq!(verdicts.len(), 1, "{label}");
        let found: BTreeSet<_> = verdicts[0].breaches.iter().map(lapse).collect();
        let expected = rows.iter().filter(|row| all || row["verdict"] == "breached");
        same_set(&found, &expected.map(|row| (row["from"].clone(), row["to"].clone())).collect());
        assert_eq!((found.len(), verdicts[0].breaches.len()), (number, number), "{label}");
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without `--release`")]
fn infringements_are_judged_as_the_reference_judges_them() {
    let Some(replay) = Replay::of("eu_infringements", "eu-infringements", "2020-04-29T00:00:00Z") else { return };

    // EU1, «no opinion earlier than two months after the latest letter»: a prohibition for each letter.
    let rows = replay.rows("EU1");
    let mut found: BTreeMap<String, (String, String)> = BTreeMap::new();
    for verdict in replay.under("EU1.1") {
        for act in &verdict.acts {
            let at = day(replay.case.log.events.at(*act).at);
            let broken = found.entry(replay.column(*act, "decision")).or_default();
            let letter = day(verdict.triggered_at).max(broken.1.clone());
            *broken = (at, letter);
        }
    }
    let broken = rows.iter().filter(|row| row["verdict"] == "breached");
    let expected = unique(broken.map(|row| (row["decision"].clone(), (row["opinion"].clone(), row["letter"].clone()))));
    same(&found, &expected);
    assert_eq!(found.len(), 11);
    let statuses = replay.under("EU1.1").map(|verdict| verdict.status.name().to_owned());
    counts(statuses, [("breached", 13), ("met", 21_498), ("pending", 2)]);

    // The same, judged at each opinion.
    let found = unique(replay.under("EU1.2").map(|verdict| {
        let word = if verdict.status == Status::Indeterminate { "no_letter".to_owned() } else { kept(verdict) };
        (replay.trigger(verdict, "decision"), (day(verdict.triggered_at), word))
    }));
    let expected =
        unique(rows.iter().map(|row| (row["decision"].clone(), (row["opinion"].clone(), row["verdict"].clone()))));
    same(&found, &expected);
    counts(found.into_values().map(|(_, word)| word), [("breached", 11), ("no_letter", 69), ("ok", 6_977)]);

    // EU2, «within 12 months of the first letter an opinion or the closing».
    let found = unique(replay.under("EU2").map(|verdict| {
        let due = day(verdict.due.unwrap());
        let response = match verdict.acts.first() {
            Some(act) => replay.column(*act, "kind"),
            None => String::new(),
        };
        let case = replay.trigger(verdict, "case");
        (case, [day(verdict.triggered_at), due, response, replay.act_day(verdict), done(verdict)])
    }));
    let expected = unique(replay.rows("EU2").iter().map(|row| {
        let columns = ["letter", "deadline", "response", "response_on", "verdict"];
        (row["case"].clone(), columns.map(|column| row[column].clone()))
    }));
    same(&found, &expected);
    let words = found.into_values().map(|[.., word]| word);
    counts(words, [("late", 1_506), ("met", 12_328), ("never", 162), ("pending", 300)]);

    // EU3, «each step presupposes the one before».
    let found = unique(replay.under("EU3").map(|verdict| {
        let step = replay.trigger(verdict, "kind");
        (replay.trigger(verdict, "decision"), [step, day(verdict.triggered_at), kept(verdict)])
    }));
    let expected = unique(
        replay
            .rows("EU3")
            .iter()
            .map(|row| (row["decision"].clone(), ["step", "on", "verdict"].map(|column| row[column].clone()))),
    );
    same(&found, &expected);
    counts(found.into_values().map(|[.., word]| word), [("breached", 294), ("ok", 9_497)]);

    // EU4, «no State more than 60 letters in any 90 days»: a verdict for each letter, a line for each day.
    let found = agreed(
        replay
            .under("EU4")
            .map(|verdict| ((replay.trigger(verdict, "state"), day(verdict.triggered_at)), kept(verdict))),
    );
    let expected = unique(
        replay.rows("EU4").iter().map(|row| ((row["state"].clone(), row["day"].clone()), row["verdict"].clone())),
    );
    same(&found, &expected);
    counts(found.into_values(), [("breached", 29), ("ok", 5_103)]);
    counts(replay.under("EU4").map(kept), [("breached", 932), ("ok", 20_581)]);

    // EU5, «no State more than 150 open cases at the end of any day»: each time that it had.
    let mut found = BTreeSet::new();
    for verdict in replay.under("EU5") {
        for (from, to) in verdict.breaches.iter().map(lapse) {
            assert!(found.insert((owner(verdict), from[..10].to_owned(), to.get(..10).unwrap_or_default().to_owned())));
        }
    }
    let rows = replay.rows("EU5");
    let expected = rows.iter().map(|row| (replay.party(&row["state"]), row["from"].clone(), row["to"].clone()));
    same_set(&found, &expected.collect());
    let states = replay.under("EU5").filter(|verdict| verdict.status == Status::Breached).count();
    assert_eq!((replay.under("EU5").count(), states, found.len()), (28, 8, 27));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without `--release`")]
fn treaties_enter_into_force_and_are_ratified_as_the_reference_says() {
    let Some(replay) = Replay::of("un_treaties", "un-treaties", "2015-03-14T00:00:00Z") else { return };

    // UT1, «in force so long after the deposit of the Nth instrument»: the deposit, and the entry into force.
    let deposits = replay.under("UT1").filter_map(|verdict| {
        let number = replay.label(verdict).strip_prefix("UT1.")?.replace('_', "-");
        Some((number, day(verdict.triggered_at)))
    });
    let deposits = unique(deposits);
    let entries = replay.under("UT1").filter_map(|verdict| {
        let number = replay.treaty(verdict).strip_prefix('t')?.replace('_', "-");
        Some((number, day(verdict.triggered_at)))
    });
    let entries = unique(entries);
    let rows = replay.rows("UT1");
    for (found, column) in [(&deposits, "nth_deposit"), (&entries, "computed_in_force")] {
        let reached = rows.iter().filter(|row| !row[column].is_empty());
        let expected = unique(reached.map(|row| (row["treaty"].clone(), row[column].clone())));
        same(found, &expected);
        assert_eq!(found.len(), 27, "{column}");
    }
    let as_in_history = rows.iter().filter(|row| entries.get(&row["treaty"]) == Some(&row["historical_in_force"]));
    assert_eq!(as_in_history.count(), 20);

    // UT2, «every signatory shall deposit its instrument within 36 months of signature».
    let found = unique(replay.under("UT2").map(|verdict| {
        let key = (replay.trigger(verdict, "treaty"), replay.trigger(verdict, "party"));
        let due = day(verdict.due.unwrap());
        (key, [day(verdict.triggered_at), due, replay.act_day(verdict), done(verdict)])
    }));
    let expected = unique(replay.rows("UT2").iter().map(|row| {
        let columns = ["signed", "deadline", "instrument", "verdict"];
        ((row["treaty"].clone(), row["party"].clone()), columns.map(|column| row[column].clone()))
    }));
    same(&found, &expected);
    let words = found.into_values().map(|[.., word]| word);
    counts(words, [("late", 1_314), ("met", 1_611), ("never", 287), ("pending", 91)]);

    // UT3, «open for signature until its closing day, for accession only after»: the acts that break it.
    let mut found = BTreeSet::new();
    for verdict in replay.under("UT3") {
        for act in &verdict.acts {
            let at = day(replay.case.log.events.at(*act).at);
            let [treaty, party, kind] = ["treaty", "party", "kind"].map(|column| replay.column(*act, column));
            assert!(found.insert([treaty, party, kind, at]));
        }
    }
    let rows = replay.rows("UT3");
    let broken = rows.iter().filter(|row| row["verdict"] == "breached");
    let expected = broken.map(|row| ["treaty", "party", "act", "on"].map(|column| row[column].clone()));
    same_set(&found, &expected.collect());
    assert_eq!((rows.len(), found.len(), replay.under("UT3").count()), (2_449, 1, 23 * 198));

    // UT4, «in force 180 days after all 44 States of Annex 2 have ratified»: which have, and that it is not in force.
    let rules: Json = serde_json::from_str(&text(&replay.folder.join("verdicts.json"))).unwrap();
    let rule = rules["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "UT4").unwrap();
    let parties = |key: &str| -> BTreeSet<PartyId> {
        rule[key].as_array().unwrap().iter().map(|name| replay.party(name.as_str().unwrap())).collect()
    };
    let missing = parties("missing");
    let expected = unique(
        parties("annex2")
            .into_iter()
            .map(|party| (party, if missing.contains(&party) { Status::Open } else { Status::Met })),
    );
    let found = unique(replay.under("UT4").map(|verdict| (owner(verdict), verdict.status)));
    same(&found, &expected);
    assert_eq!((found.len(), missing.len()), (44, 8));
    let last = replay.under("UT4").map(|verdict| replay.act_day(verdict)).max().unwrap();
    assert_eq!(last, "2012-02-06");
    assert!(replay.verdicts.iter().all(|verdict| replay.treaty(verdict) != "t26_4"));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without `--release`")]
fn violence_is_added_up_as_the_reference_does() {
    // Until the last month of the reference is over.
    let Some(replay) = Replay::of("donbas_violence", "donbas-violence", "2022-01-02T00:00:00Z") else { return };

    // CF2, «not more than 30 dead in any 30 days»: a verdict for each event, a line for each day.
    let found = agreed(replay.under("CF2").map(|verdict| (day(verdict.triggered_at), kept(verdict))));
    let expected = unique(replay.rows("CF2").iter().map(|row| (row["day"].clone(), row["verdict"].clone())));
    same(&found, &expected);
    counts(found.into_values(), [("breached", 329), ("ok", 568)]);
    counts(replay.under("CF2").map(kept), [("breached", 619), ("ok", 747)]);

    // CF3, «not more than 10 events a month in each dyad»: the month before the tick.
    let dyads = [("CF3.1", "Government of Ukraine - DPR"), ("CF3.2", "Government of Ukraine - LPR")];
    let log = &replay;
    let found = dyads.into_iter().flat_map(move |(label, dyad)| {
        log.under(label).map(move |verdict| {
            let month = Zone::UTC.date(verdict.triggered_at).yesterday().unwrap().to_string()[..7].to_owned();
            ((month, dyad.to_owned()), kept(verdict))
        })
    });
    let found = unique(found);
    let expected = unique(
        replay.rows("CF3").iter().map(|row| ((row["month"].clone(), row["dyad"].clone()), row["verdict"].clone())),
    );
    same(&found, &expected);
    counts(found.into_values(), [("breached", 40), ("ok", 124)]);
}
