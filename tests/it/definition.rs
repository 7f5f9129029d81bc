//! Laws of the definition, over every construct: made-up logs for the treaties of `tests/language` and
//! `tests/semantics`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use proptest::prelude::*;
use servanda::event;
use servanda::model::{self, Library, Program, Type};
use servanda::source::Sources;
use servanda::syntax::ast::Again;
use servanda::time::Instant;
use servanda::verdict::{Status, Verdict};
use servanda::{monitor, replay, semantics};

use super::support::{law_cases, root};

/// Every treaty file of the two folders.
fn files() -> &'static [PathBuf] {
    static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FILES.get_or_init(|| {
        let folders = ["tests/language", "tests/semantics"];
        let entries = folders.iter().flat_map(|folder| fs::read_dir(root(folder)).unwrap());
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|it| it == "treaty"));
        files.sort();
        files
    })
}

struct Disk;

impl Library for Disk {
    fn open(&mut self, path: &str, from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        let folder = from.and_then(|from| PathBuf::from(from).parent().map(PathBuf::from)).unwrap_or_default();
        let path = folder.join(path);
        fs::read(&path).map(|bytes| (path.display().to_string(), bytes)).map_err(|error| error.to_string())
    }
}

/// An event in the making: which kind, how long after the one before, and what its fields hold.
type Made = (prop::sample::Index, usize, Vec<prop::sample::Index>);

fn events() -> impl Strategy<Value = Vec<Made>> {
    prop::collection::vec(
        (any::<prop::sample::Index>(), 0..GAPS.len(), prop::collection::vec(any::<prop::sample::Index>(), 12)),
        1..24,
    )
}

/// Gaps between events, in seconds: ties, boundaries and long silences.
const GAPS: [i64; 8] = [0, 0, 1, 3_600, 43_200, 86_400, 5 * 86_400, 40 * 86_400];

/// A log of made-up events of the kinds that a program declares; none where it declares none.
fn log(program: &Program, made: &[Made]) -> String {
    let mut at = Instant::parse("2026-02-27T22:00:00Z", &servanda::time::Zone::UTC).unwrap();
    let mut earlier: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut lines = String::new();
    let kinds: Vec<_> = program.kinds.iter().collect();
    for (number, (kind, gap, values)) in made.iter().enumerate().filter(|_| !kinds.is_empty()) {
        let kind = kind.get(&kinds);
        at = at.plus_micros(GAPS[*gap] * 1_000_000);
        let id = format!("e{number}");
        let mut line = serde_json::Map::new();
        line.insert(kind.columns.at.clone(), at.to_string().into());
        line.insert("kind".to_owned(), kind.log_name.clone().into());
        line.insert(kind.columns.id.clone(), id.clone().into());
        let mut whole = true;
        for (field, value) in kind.fields.iter().zip(values.iter().cycle()) {
            let left_out = field.optional && value.index(4) == 0;
            match value_of(program, &field.kind, *value, at, &earlier).filter(|_| !left_out) {
                Some(value) => _ = line.insert(field.column.clone(), value),
                None => whole &= field.optional,
            }
        }
        if whole {
            lines += &format!("{}\n", serde_json::Value::Object(line));
            earlier.entry(kind.name.clone()).or_default().push(id);
        }
    }
    lines
}

fn value_of(
    program: &Program,
    kind: &Type,
    seed: prop::sample::Index,
    at: Instant,
    earlier: &BTreeMap<String, Vec<String>>,
) -> Option<serde_json::Value> {
    let one_of = |all: Vec<String>| (!all.is_empty()).then(|| seed.get(&all).clone().into());
    match kind {
        Type::Party => one_of(program.parties.iter().map(|party| party.name.clone()).collect()),
        Type::Place => one_of(program.places.iter().map(|place| place.name.clone()).collect()),
        Type::Text => one_of(vec!["a".to_owned(), "b".to_owned()]),
        Type::Number | Type::Quantity(_) => Some([0, 1, 2, 5, 300, 15_000, 100_000_000][seed.index(7)].into()),
        Type::Boolean => Some((seed.index(2) == 0).into()),
        Type::Instant => {
            Some(at.plus_micros([-86_400, 0, 90_000, 5_000_000][seed.index(4)] * 1_000_000).to_string().into())
        }
        Type::Date => one_of(vec!["2026-03-01".to_owned(), "2026-06-30".to_owned()]),
        Type::Duration => one_of(vec!["PT36H".to_owned(), "PT0S".to_owned()]),
        Type::Event(kind) => one_of(earlier.get(&program.kinds.at(*kind).name).cloned().unwrap_or_default()),
        Type::Enumeration(words) => one_of(words.iter().map(|word| program.symbols.text(*word).to_owned()).collect()),
        Type::List(inner) => {
            let one = value_of(program, inner, seed, at, earlier)?;
            let other = value_of(program, inner, seed, at, earlier)?;
            Some(if seed.index(3) == 0 { vec![one, other].into() } else { vec![one].into() })
        }
        Type::Moment(..) | Type::Tick | Type::Either(_) => None,
    }
}

fn read(program: &Program, log: &str, sources: &mut Sources) -> Option<event::Log> {
    let source = sources.add("made-up.jsonl", log);
    let options = event::Options { keep_going: true, may_be_empty: true, ..event::Options::default() };
    let (log, findings) = event::read(program, source, log.as_bytes(), options);
    assert!(findings.iter().all(|finding| finding.level != servanda::finding::Level::Error), "{findings:?}");
    Some(log)
}

/// Whether a verdict may become another as time goes on.
fn may_become(status: Status, later: &Verdict) -> bool {
    match status {
        Status::Pending | Status::Suspended | Status::Observed | Status::Open | Status::Indeterminate => true,
        Status::Breached => later.status.is_breach(),
        // What is permitted is met when it is first used, and lapsed where it has not been.
        status => later.status == status,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: law_cases(600), max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    // Every replay ends; what is decided stays decided, whatever comes later; and where the monitor knows everything, it
    // says the same.
    #[test]
    fn replays_end_and_decided_verdicts_are_final(
        file in any::<prop::sample::Index>(),
        made in events(),
        cut in any::<prop::sample::Index>(),
    ) {
        let file = file.get(files());
        let mut sources = Sources::default();
        let (loaded, findings) = model::load(&[file.display().to_string()], &mut Disk, &mut sources);
        prop_assert!(findings.is_empty(), "{findings:?}");
        let (program, _) = model::build(&loaded);
        let text = log(&program, &made);
        let Some(log) = read(&program, &text, &mut sources) else { return Ok(()) };
        let instants: Vec<_> = log.events.iter().map(|event| event.at).collect();
        if instants.is_empty() {
            return Ok(());
        }
        let at = |until| semantics::verdicts(&program, &log, &semantics::Options { until, ..semantics::Options::default() });
        let whole = at(None);
        let part = at(Some(*cut.get(&instants)));
        // What is proven later may change what was decided.
        let proven = program.kinds.iter().any(|kind| kind.established.is_some());
        for (earlier, later) in part.iter().zip(&whole) {
            prop_assert_eq!(earlier.article, later.article, "{}\n{}", file.display(), &text);
            // What restarts is about the latest of the events that started it.
            let restarts = program.articles.at(earlier.article).norm.again == Some(Again::Restarts);
            prop_assert!(restarts || earlier.trigger == later.trigger, "{}\n{}", file.display(), &text);
            prop_assert!(proven || may_become(earlier.status, later), "{}\n{}\n{:?}\nbecame\n{:?}", file.display(), &text, earlier, later);
        }
        prop_assert!(part.len() <= whole.len());
        let options = replay::Options::default();
        {
            let sorted = |verdicts: &[Verdict]| {
                let mut texts: Vec<_> = verdicts.iter().map(|verdict| format!("{verdict:?}")).collect();
                texts.sort();
                texts
            };
            prop_assert_eq!(sorted(&monitor::verdicts(&program, &log, &options)), sorted(&whole), "{}\n{}", file.display(), &text);
        }
    }
}
