//! The scenarios of the clause files, replayed; which of them shows what, and whether they have the events that they
//! should.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rust_decimal::Decimal;
use serde_json::Value as Json;
use servanda::event::Event;
use servanda::finding::{Finding, any_error};
use servanda::model::{self, EventId, Kind, PartyId, Program, Value};
use servanda::report::{self, Style};
use servanda::scenario::{self, Outcome};
use servanda::source::Sources;
use servanda::time::{Instant, Zone};
use servanda::verdict::Verdict;

use super::super::support::{Shelf, root};

const FILES: [&str; 7] = [
    "s1.scenario",
    "s1-clock-changes.scenario",
    "s2.scenario",
    "s4.scenario",
    "s7.scenario",
    "s9.scenario",
    "s11.scenario",
];

pub const PARTIES: [(&str, &str); 13] = [
    ("RU", "Russia"),
    ("UA", "Ukraine"),
    ("FR", "France"),
    ("GB", "UK"),
    ("IT", "Italy"),
    ("DE", "Germany"),
    ("PL", "Poland"),
    ("US", "USA"),
    ("TR", "Turkey"),
    ("RO", "Romania"),
    ("CN", "China"),
    ("CA", "Canada"),
    ("IL", "Israel"),
];

/// What a kind of event is called here; a vote is looked up by its rule.
const KINDS: [(&str, &str); 15] = [
    ("attack", "attack"),
    ("notice_received", "give_notice"),
    ("consult_join", "join_consultations"),
    ("C4", "vote_on_measures"),
    ("X3", "vote_on_assistance"),
    ("measure_begun", "begin_measure"),
    ("assistance_request", "request_assistance"),
    ("air_support_begun", "begin_air_support"),
    ("annexA_delivered", "deliver_annex_a"),
    ("delivery_total", "deliver"),
    ("delivery", "deliver"),
    ("shadowing", "shadow"),
    ("interference", "interfere"),
    ("straits_notice", "give_straits_notice"),
    ("escort_begun", "begin_escort"),
];

/// A variant: the scenario, what is changed, the title of the scenario that shows it, and what the change makes of the
/// events.
type Variant = (&'static str, &'static str, &'static str, fn(&mut Vec<Json>, &str));

pub const VARIANTS: [Variant; 16] = [
    ("S1", "C3 clock = occurrence", "S1 with the clock of article 3 from the occurrence", same),
    (
        "S1",
        "C3 hours = EU Reg 1182/71 whole hours, clock = occurrence",
        "S1 with the hours of article 3 counted by Regulation 1182/71",
        same,
    ),
    ("S1", "C4 = 12 hours", "S1 with 12 hours for the decision", same),
    // The one step is set aside as an error.
    (
        "S1",
        "attack at local 2026-10-25T03:12 Europe/Kyiv, no offset",
        "S1 at a local time that occurs twice",
        |events, _| events.clear(),
    ),
    (
        "S1",
        "attack at local 2026-03-29T03:12 Europe/Kyiv, no offset",
        "S1 at a local time that does not exist",
        |events, _| events.clear(),
    ),
    // Only the strike and its notice, as many days later as the strike.
    (
        "S1",
        "attack 2026-03-28T03:12+02:00, clock = occurrence, 24 elapsed hours",
        "S1 in the night in which the clocks change",
        |events, _| {
            events.truncate(2);
            for event in events {
                event["t"] = event["t"].as_str().unwrap().replace("2026-03-10T", "2026-03-28T").into();
            }
        },
    ),
    ("S2", "no request by FR", "S2 without a request", |events, _| {
        assert_eq!(events.remove(1)["kind"], "assistance_request");
    }),
    ("S2", "trainers wounded, none killed", "S2 with trainers wounded, none killed", |events, _| {
        let killed = events[0].as_object_mut().unwrap().remove("killed").unwrap();
        events[0]["wounded"] = killed;
    }),
    ("S4", "72 elapsed hours", "S4 Veto deadlock", same),
    ("S4", "3 days, day of event counted (Kyiv)", "S4 with three days, the day of the event counted", same),
    ("S4", "3 days, day of event excluded (Kyiv)", "S4 with three days, the day of the event not counted", same),
    (
        "S9",
        "delivery 2027-04-01T00:00:01-04:00",
        "S9 with the delivery a second after the time for cure",
        |events, change| events[1]["t"] = time_in(change).into(),
    ),
    // Deviation: only the delivery of the year itself. What is delivered counts while the clock stands, too, so that
    // the one of spring would perform the duty: it is *suspended* before, and *met* then.
    (
        "S9",
        "'subject to the availability of appropriations', none appropriated",
        "S9 subject to the availability of appropriations",
        |events, _| events.truncate(1),
    ),
    (
        "S11",
        "third interference at 2026-04-17T14:00:01Z",
        "S11 with the third interference 14 days and a second after the first",
        |events, change| events[3]["t"] = time_in(change).into(),
    ),
    ("S11", "'without prejudice to the Montreux Convention'", "S11 without prejudice to the Montreux Convention", same),
    ("S11", "bearer = Guarantors jointly", "S11 with the Guarantors owing jointly", same),
];

fn same(_: &mut Vec<Json>, _: &str) {}

/// The last word of a change.
fn time_in(change: &str) -> String {
    change.rsplit(' ').next().unwrap().to_owned()
}

pub fn at(text: &Json) -> Instant {
    Instant::parse(text.as_str().unwrap(), &Zone::UTC).unwrap()
}

pub fn texts(json: &Json) -> Vec<&str> {
    match json {
        Json::Array(list) => list.iter().map(|it| it.as_str().unwrap()).collect(),
        one => vec![one.as_str().unwrap()],
    }
}

/// The value that a table has for a name.
#[track_caller]
pub fn looked_up(table: &[(&str, &'static str)], name: &str) -> &'static str {
    table.iter().find(|(key, _)| *key == name).unwrap_or_else(|| panic!("the table has no {name}")).1
}

/// A scenario of the clause files, replayed.
pub struct Run {
    pub program: Program,
    pub outcome: Outcome,
    /// What was wrong with it.
    pub found: Vec<Finding>,
}

/// Every scenario by its title, with the texts changed first.
pub fn replayed(change: impl Fn(String) -> String) -> BTreeMap<String, Run> {
    let folder = root("clauses/model-treaty");
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let texts: BTreeMap<String, String> = entries
        .filter(|name| name.ends_with(".treaty") || name.ends_with(".scenario"))
        .map(|name| (name.clone(), change(fs::read_to_string(folder.join(&name)).unwrap())))
        .collect();
    let mut runs = BTreeMap::new();
    for file in FILES {
        let mut sources = Sources::default();
        let mut shelf = Shelf(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect());
        let (loaded, findings) = model::load(&[file.to_owned()], &mut shelf, &mut sources);
        assert!(!any_error(&findings), "{}", report::findings(&findings, &sources, Style::default()));
        let mut suite = model::Suite::of(&loaded, &sources);
        for outline in model::scenarios(&loaded) {
            let (program, scenario, found) = suite.build(&outline);
            let outcome = scenario::test(&program, scenario.as_ref(), &sources, found.clone(), &[]);
            assert!(outcome.replayed, "{}", report::findings(&outcome.errors, &sources, Style::default()));
            let twice = runs.insert(outline.title().text.clone(), Run { program, outcome, found });
            assert!(twice.is_none(), "two scenarios «{}»", outline.title().text);
        }
    }
    runs
}

impl Run {
    fn name(&self, party: PartyId) -> &str {
        &self.program.parties.at(party).name
    }

    pub fn names(&self, parties: &[PartyId]) -> BTreeSet<&str> {
        parties.iter().map(|party| self.name(*party)).collect()
    }

    pub fn event(&self, event: EventId) -> (&Event, &Kind) {
        let event = self.outcome.log.events.at(event);
        (event, self.program.kinds.at(event.kind))
    }

    pub fn field(&self, event: EventId, name: &str) -> &Value {
        let (event, kind) = self.event(event);
        let place = kind.fields.iter().position(|field| field.name == name);
        place.map_or(&Value::Absent, |place| self.outcome.log.field(event, place))
    }

    /// A value of a field, in words; nothing where there is none.
    pub fn word(&self, event: EventId, name: &str) -> String {
        match self.field(event, name) {
            Value::Absent => String::new(),
            Value::Word(word) => self.outcome.log.symbols().text(*word).to_owned(),
            Value::Number(number) => number.normalize().to_string(),
            parties => self.names(&parties.parties()).into_iter().collect::<Vec<_>>().join("+"),
        }
    }

    /// The log in lines that can be compared with those of [`told`].
    pub fn told(&self) -> Vec<String> {
        // A proposal, which names who is to act, is not among the events of the model, and who voted how is invented.
        let mut lines = Vec::new();
        for (id, event) in self.outcome.log.events.entries() {
            let kind = self.program.kinds.at(event.kind).name.as_str();
            let word = |name: &str| self.word(id, name);
            let voted = kind.starts_with("vote_") && !(word("choice") == "against" && word("by") == "Russia");
            let by = if voted { String::new() } else { word("by") };
            let rest = ["to", "means", "killed", "wounded", "choice", "value"].map(word).join(" ");
            lines.extend((kind != "propose_measures").then(|| format!("{} {kind} {by} {rest}", event.at)));
        }
        lines.sort();
        lines
    }

    /// The verdicts on articles of a treaty, by their labels.
    pub fn on(&self, treaty: &str, labels: &[&str]) -> Vec<&Verdict> {
        for label in labels {
            let found = self
                .program
                .articles
                .iter()
                .any(|article| article.label == *label && self.program.treaties.at(article.treaty).name == treaty);
            assert!(found, "{treaty} has no article {label}");
        }
        let verdicts = self.outcome.verdicts.iter().filter(|verdict| {
            let article = self.program.articles.at(verdict.article);
            self.program.treaties.at(article.treaty).name == treaty && labels.contains(&article.label.as_str())
        });
        verdicts.collect()
    }
}

/// The events of the model in lines that can be compared with those of [`Run::told`].
pub fn told(events: &[Json]) -> Vec<String> {
    let mut lines = Vec::new();
    for event in events {
        let kind = event.get("rule").unwrap_or(&event["kind"]).as_str().unwrap();
        let joined = |key: &str| event.get(key).map_or(String::new(), |codes| all_of(&texts(codes)).join("+"));
        let people = |key: &str| {
            let dead = event.get(key).and_then(Json::as_object).into_iter();
            dead.flat_map(|dead| dead.keys().map(|code| looked_up(&PARTIES, code))).collect::<Vec<_>>().join("+")
        };
        let value = event
            .get("usd_bn")
            .map_or(String::new(), |bn| (decimal(bn) * Decimal::from(1_000_000_000)).normalize().to_string());
        let line = |by: &str, choice: &str| {
            let means = event.get("means").map_or("", |means| means.as_str().unwrap());
            let rest = [&joined("to"), means, &people("killed"), &people("wounded"), choice, &value].join(" ");
            format!("{} {} {by} {rest}", at(&event["t"]), looked_up(&KINDS, kind))
        };
        match event.get("by") {
            Some(by) => lines.extend(all_of(&texts(by)).iter().map(|by| line(by, ""))),
            None => {
                for (key, choice) in [("for_", "favour"), ("against", "against"), ("abstain", "abstain")] {
                    let voters = event.get(format!("{key}_by")).map(|by| all_of(&texts(by))).unwrap_or_default();
                    let voters = voters.into_iter().chain(std::iter::repeat(""));
                    let count = event.get(key).map_or(0, |count| count.as_u64().unwrap());
                    lines.extend(voters.take(usize::try_from(count).unwrap()).map(|by| line(by, choice)));
                }
            }
        }
    }
    lines.sort();
    lines
}

/// The names of parties by their codes, sorted.
pub fn all_of(codes: &[&str]) -> Vec<&'static str> {
    codes.iter().map(|code| looked_up(&PARTIES, code)).collect::<BTreeSet<_>>().into_iter().collect()
}

pub fn decimal(text: &Json) -> Decimal {
    text.as_str().unwrap().parse().unwrap()
}
