//! Laws of every construct: treaties and logs that chance makes, replayed both ways.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use servanda::arena::Id;
use servanda::event::Log;
use servanda::model::{ArticleId, Program};
use servanda::semantics::{self, Options, Standard};
use servanda::syntax::ast::Again;
use servanda::time::Instant;
use servanda::verdict::{Status, Verdict};

use super::made_up::{self, Dice, Liberties, Matter};
use super::support::law_cases;

/// How many logs each treaty is tried with: reading a treaty takes longer than replaying a log.
pub const LOGS: u64 = 4;

/// How a log is replayed.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    pub options: Options,
    /// Where a shorter replay ends.
    pub cut: Instant,
}

/// What is wrong with the replay of a log, in words.
pub type Law = fn(&Program, &Log, &Question) -> Option<String>;

/// Tries a law on the treaty of a seed.
fn holds(seed: u64, law: Law) {
    let treaty = made_up::treaty(seed);
    let text = made_up::text(&treaty);
    if made_up::guarded(|| check_ends(&text)).is_some() {
        let wrong = |treaty: &str, _: &str| made_up::guarded(|| check_ends(treaty)).is_some();
        panic!("check panics\n{}", made_up::smallest(treaty, Vec::new(), &wrong).0);
    }
    let (program, findings, mut sources) = made_up::checked(&text);
    if !made_up::is_whole(&findings) || made_up::takes_long(&program) {
        return;
    }
    let matter = Matter::of(&text, &program);
    for number in 0..LOGS {
        let mut dice = Dice::of(seed.rotate_left(17) ^ number);
        let liberties = Liberties { uncertain: number == 3, reported: number % 2 == 1 };
        let lines = made_up::lines(&program, &matter, liberties, &mut dice);
        let log_text = lines.join("\n");
        let Some(log) = made_up::read(&program, &log_text, &mut sources) else { panic!("{text}\n{log_text}") };
        let Some(question) = question(&log, &matter, &mut dice) else { continue };
        let wrong = made_up::watched(
            || format!("seed {seed}, log {number}\n{text}\n{log_text}\n{question:?}"),
            || made_up::guarded(|| law(&program, &log, &question)),
        );
        if wrong.is_some() {
            fail(seed, treaty, lines, law, question);
        }
    }
}

fn check_ends(treaty: &str) -> Option<String> {
    made_up::checked(treaty);
    None
}

pub fn question(log: &Log, matter: &Matter, dice: &mut Dice) -> Option<Question> {
    let instants: Vec<_> = log.events.iter().map(|event| event.at).collect();
    let until = made_up::until(&instants, matter, dice);
    let known_at = (dice.one_in(8) && !instants.is_empty()).then(|| *dice.pick(&instants));
    let standard = if dice.one_in(6) { Standard::Alleged } else { Standard::Established };
    let known = log.events.iter().filter(|event| known_at.is_none_or(|known_at| event.reported <= known_at));
    let before: Vec<_> = known.map(|event| event.at).collect();
    let cut = until.or(before.last().copied())?;
    let before: Vec<_> = before.into_iter().filter(|at| *at <= cut).collect();
    let cut = if before.is_empty() { cut } else { *dice.pick(&before) };
    Some(Question { options: Options { until, known_at, standard }, cut })
}

/// Says what is wrong with the smallest treaty and log that show it.
fn fail(seed: u64, treaty: Vec<made_up::Piece>, lines: Vec<String>, law: Law, question: Question) -> ! {
    let tried = |treaty: &str, log: &str| -> Option<String> {
        let (program, findings, mut sources) = made_up::checked(treaty);
        if !made_up::is_whole(&findings) || made_up::takes_long(&program) {
            return None;
        }
        let log = made_up::read(&program, log, &mut sources)?;
        made_up::guarded(|| law(&program, &log, &question))
    };
    let (treaty, log) = made_up::smallest(treaty, lines, &|treaty, log| tried(treaty, log).is_some());
    let words = tried(&treaty, &log).unwrap_or_default();
    panic!("seed {seed}: {words}\n\n{treaty}\n{log}\n{question:?}\ncut {}", question.cut);
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

/// The monitor says what the definition says.
pub fn both_say_the_same(program: &Program, log: &Log, question: &Question) -> Option<String> {
    made_up::difference(program, log, &question.options)
}

/// What a shorter replay had decided, the longer one says too.
pub fn decided_is_final(program: &Program, log: &Log, question: &Question) -> Option<String> {
    let whole = semantics::verdicts(program, log, &question.options);
    let part = semantics::verdicts(program, log, &Options { until: Some(question.cut), ..question.options });
    // What is proven later may change what was decided.
    let proven = program.kinds.iter().any(|kind| kind.established.is_some());
    if part.len() > whole.len() {
        return Some(format!("{} verdicts become {}", part.len(), whole.len()));
    }
    part.iter().zip(&whole).find_map(|(earlier, later)| {
        // What restarts is about the latest of the events that started it.
        let restarts = program.articles.at(earlier.article).norm.again == Some(Again::Restarts);
        let same = earlier.article == later.article && (restarts || earlier.trigger == later.trigger);
        let refined = same && (proven || may_become(earlier.status, later));
        (!refined).then(|| format!("{earlier:#?}\nbecomes\n{later:#?}"))
    })
}

/// Whether the order of articles is all the same: none asks what another has come to, acts on it or waits for it, and no
/// act is spent on one of several duties of different articles.
fn order_is_the_same(text: &str) -> bool {
    let another = text.matches("article ").count() > text.matches("\narticle ").count();
    !another && !["the treaty", "treaty u"].iter().any(|part| text.contains(part))
}

/// Verdicts by the labels of their articles, in an order of their own.
fn by_label(program: &Program, verdicts: &[Verdict]) -> Vec<String> {
    let mut lines: Vec<_> = verdicts
        .iter()
        .map(|verdict| {
            let article = program.articles.at(verdict.article);
            let neutral = Verdict { article: ArticleId::from_index(0), ..verdict.clone() };
            format!("{} {neutral:?}", article.label)
        })
        .collect();
    lines.sort();
    lines
}

// monitor(log) = semantics(log): ten thousand replays, of the same treaties and logs at every run; `LAW_CASES` goes on.
#[test]
fn both_semantics_say_the_same() {
    for seed in 0..u64::from(law_cases(3_600)) {
        holds(seed, both_say_the_same);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: law_cases(250), failure_persistence: None, ..ProptestConfig::default() })]

    // replay(articles in any order) = replay(articles), as a set, where they do not look at one another
    #[test]
    fn the_order_of_articles_changes_only_that_of_the_report(seed in any::<u64>().no_shrink()) {
        let treaty = made_up::treaty(seed);
        let text = made_up::text(&treaty);
        if !order_is_the_same(&text) {
            return Ok(());
        }
        let (articles, mut others): (Vec<_>, Vec<_>) = treaty.into_iter().partition(|piece| piece.text().starts_with("article "));
        others.extend(articles.into_iter().rev());
        let turned = made_up::text(&others);
        let (program, findings, mut sources) = made_up::checked(&text);
        let (reversed, _, _) = made_up::checked(&turned);
        if !made_up::is_whole(&findings) {
            return Ok(());
        }
        let matter = Matter::of(&text, &program);
        for number in 0..LOGS {
            let mut dice = Dice::of(seed ^ number);
            let lines = made_up::lines(&program, &matter, Liberties::default(), &mut dice).join("\n");
            let log = made_up::read(&program, &lines, &mut sources).unwrap();
            let Some(question) = question(&log, &matter, &mut dice) else { continue };
            let forward = by_label(&program, &semantics::verdicts(&program, &log, &question.options));
            let backward = by_label(&reversed, &semantics::verdicts(&reversed, &log, &question.options));
            prop_assert_eq!(forward, backward, "{}\n{}\n{:?}", &text, lines, question);
        }
    }

    // replay(a), where decided = the same verdict of replay(a ++ b)
    #[test]
    fn what_is_decided_is_final(seed in any::<u64>().no_shrink()) {
        holds(seed, decided_is_final);
    }
}

/// Every construct occurs in some treaty that passes check, and every status and what else verdicts say is reached.
#[test]
fn every_construct_and_every_status_occurs() {
    const MOST: u64 = 4000;
    let mut missing: BTreeSet<&str> = made_up::CONSTRUCTS.iter().copied().collect();
    let mut unreached: BTreeSet<String> = Status::ALL.iter().map(|status| format!("{status:?}")).collect();
    unreached.extend(REACHED.iter().map(|it| (*it).to_owned()));
    let mut passed = 0;
    let mut tried = 0;
    let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..MOST {
        if seed >= 500 && missing.is_empty() && unreached.is_empty() {
            break;
        }
        tried += 1;
        let text = made_up::text(&made_up::treaty(seed));
        let (program, findings, mut sources) = made_up::checked(&text);
        if !made_up::is_whole(&findings) || made_up::takes_long(&program) {
            continue;
        }
        passed += 1;
        if !missing.is_empty() {
            made_up::find(&format!("{program:?}"), &mut missing);
        }
        let matter = Matter::of(&text, &program);
        let mut dice = Dice::of(seed);
        let liberties = Liberties { uncertain: seed % 3 == 0, reported: true };
        let lines = made_up::lines(&program, &matter, liberties, &mut dice).join("\n");
        let log = made_up::read(&program, &lines, &mut sources).unwrap();
        let verdicts = semantics::verdicts(&program, &log, &Options::default());
        verdicts.iter().for_each(|verdict| *statuses.entry(verdict.status.name()).or_default() += 1);
        if !unreached.is_empty() {
            let shown = format!("{verdicts:?}");
            unreached.retain(|what| !shown.contains(what.as_str()));
        }
    }
    eprintln!("{passed} of {tried} treaties pass check; {statuses:?}");
    assert!(passed * 10 >= tried * 6, "{passed} of {tried} pass check");
    assert!(missing.is_empty(), "no accepted treaty holds {missing:#?}");
    assert!(unreached.is_empty(), "no verdict says {unreached:#?}");
}

/// What verdicts may say besides their status, as `Debug` writes it.
const REACHED: &[&str] = &[
    "trigger: EntryIntoForce",
    "trigger: Event(",
    "trigger: Clock",
    "trigger: State {",
    "trigger: Moment {",
    "outcome: Some(Adopted)",
    "outcome: Some(Rejected)",
    "outcome: Some(Blocked)",
    "outcome: Some(Lapsed)",
    "stops: [Stop",
    "shortfall: Some(",
    "revised: true",
    "premature: [EventId",
    "doubt: Some(Trigger)",
    "doubt: Some(Bearer)",
    "doubt: Some(Anchor)",
    "doubt: Some(Excuse)",
    "doubt: Some(Condition)",
    "doubt: Some(Time(",
    "doubt: Some(Act(",
    "since: Some(",
    "target: Some(",
    "opens: Some(",
    "left_out: 1",
];

#[test]
#[ignore = "tells how long replays take"]
fn how_long_replays_take() {
    let mut all = Vec::new();
    for seed in 0..1000 {
        let begun = std::time::Instant::now();
        holds(seed, |program, log, question| {
            semantics::verdicts(program, log, &question.options);
            None
        });
        all.push((begun.elapsed(), seed));
    }
    all.sort();
    let sum: std::time::Duration = all.iter().map(|it| it.0).sum();
    eprintln!("{sum:?} in all, slowest {:?}", &all[990..]);
}

#[test]
#[ignore = "tells how many made-up treaties pass check, and why others do not"]
fn how_many_pass() {
    let mut reasons: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut passed = 0;
    const ALL: u64 = 2000;
    for seed in 0..ALL {
        let text = made_up::text(&made_up::treaty(seed));
        let (_, findings, _) = made_up::checked(&text);
        if made_up::is_whole(&findings) {
            passed += 1;
            continue;
        }
        let first = &findings[0];
        let shown = format!("{}\n{text}", first.message);
        reasons.entry(first.code.name().to_owned()).or_insert((0, shown)).0 += 1;
    }
    for (count, shown) in reasons.into_values() {
        eprintln!("{count}: {shown}");
    }
    eprintln!("{passed} of {ALL} pass");
}

#[test]
#[ignore = "shows the treaty of `SEED`, and tries the laws on it"]
fn of_a_seed() {
    let Some(seed) = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()) else { return };
    eprintln!("{}", made_up::text(&made_up::treaty(seed)));
    holds(seed, both_say_the_same);
    holds(seed, decided_is_final);
}
