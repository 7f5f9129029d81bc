//! A made-up case: a treaty and a log, replayed both ways, and made as small as it can be.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant as Clock};

use servanda::event::{self, Log};
use servanda::finding::{Finding, Level, any_error};
use servanda::model::Program;
use servanda::replay::Options;
use servanda::source::Sources;
use servanda::verdict::Verdict;
use servanda::{monitor, semantics};

use super::super::support;
use super::text::{self, Piece};

/// The program of a treaty, and what `check` has to say of it.
pub fn checked(treaty: &str) -> (Program, Vec<Finding>, Sources) {
    let mut sources = Sources::default();
    let (program, findings) = support::program(treaty, &mut sources);
    (program, findings, sources)
}

/// A log, if nothing in it is wrong.
pub fn read(program: &Program, lines: &str, sources: &mut Sources) -> Option<Log> {
    let source = sources.add("made-up.jsonl", lines);
    let options = event::Options { may_be_empty: true, ..event::Options::default() };
    let (log, findings) = event::read(program, source, lines.as_bytes(), options);
    (!findings.iter().any(|finding| finding.level == Level::Error)).then_some(log)
}

/// Where the two semantics differ, in words; none where they agree.
pub fn difference(program: &Program, log: &Log, options: &Options) -> Option<String> {
    let found = monitor::verdicts(program, log, options);
    let defined = semantics::verdicts(program, log, options);
    // Moments in a frame are equal only to themselves, so that what is not equal may still read the same.
    let differ =
        |one: Option<&Verdict>, other: Option<&Verdict>| one != other && format!("{one:?}") != format!("{other:?}");
    let most = found.len().max(defined.len());
    let place = (0..most).find(|place| differ(found.get(*place), defined.get(*place)))?;
    let show = |verdicts: &[Verdict]| verdicts.get(place).map_or("nothing".to_owned(), |it| format!("{it:#?}"));
    Some(format!(
        "verdict {place} differs, of {} online and {} defined; lines only online are marked +, only defined -\n{}",
        found.len(),
        defined.len(),
        changed(&show(&defined), &show(&found))
    ))
}

/// Lines in which two texts differ, and those around them.
fn changed(before: &str, after: &str) -> String {
    similar::TextDiff::from_lines(before, after).unified_diff().context_radius(8).to_string()
}

/// What goes wrong with something, a panic included.
pub fn guarded(run: impl FnOnce() -> Option<String>) -> Option<String> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
        Some(format!("panicked: {}", words.unwrap_or_default()))
    })
}

/// The smallest treaty and log, found by leaving parts out, of which something still goes wrong.
pub fn smallest(
    mut treaty: Vec<Piece>,
    mut lines: Vec<String>,
    wrong: &dyn Fn(&str, &str) -> bool,
) -> (String, String) {
    let limit = Clock::now() + Duration::from_secs(60);
    let fails =
        |treaty: &[Piece], lines: &[String]| Clock::now() < limit && wrong(&text::text(treaty), &lines.join("\n"));
    let mut smaller = true;
    while smaller && Clock::now() < limit {
        smaller = fewer(&mut lines, &|fewer| fails(&treaty, fewer)) | fewer(&mut treaty, &|fewer| fails(fewer, &lines));
        for place in 0..treaty.len() {
            smaller |= simpler_bits(&mut treaty, place, &|treaty| fails(treaty, &lines));
        }
        for place in 0..lines.len() {
            smaller |= fewer_fields(&mut lines, place, &|lines| fails(&treaty, lines));
        }
    }
    (text::text(&treaty), lines.join("\n") + "\n")
}

/// Leaves out what can be, the later first.
fn fewer<T: Clone>(all: &mut Vec<T>, fails: &dyn Fn(&[T]) -> bool) -> bool {
    let before = all.len();
    for place in (0..all.len()).rev() {
        let mut less = all.clone();
        less.remove(place);
        if fails(&less) {
            *all = less;
        }
    }
    all.len() < before
}

fn simpler_bits(treaty: &mut Vec<Piece>, place: usize, fails: &dyn Fn(&[Piece]) -> bool) -> bool {
    let mut found = false;
    for bit in 0..treaty[place].bits.len() {
        for simpler in treaty[place].bits[bit].simpler.clone() {
            let mut less = treaty.clone();
            less[place].bits[bit].text = simpler;
            // Each bit is made simpler once, or it would go on.
            less[place].bits[bit].simpler.clear();
            if fails(&less) {
                *treaty = less;
                found = true;
                break;
            }
        }
    }
    found
}

fn fewer_fields(lines: &mut Vec<String>, place: usize, fails: &dyn Fn(&[String]) -> bool) -> bool {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(&lines[place]) else { return false };
    let mut found = false;
    for name in fields.keys().filter(|name| !matches!(name.as_str(), "at" | "kind" | "id")) {
        let Ok(serde_json::Value::Object(mut less)) = serde_json::from_str(&lines[place]) else { continue };
        less.remove(name);
        let mut shorter = lines.clone();
        shorter[place] = serde_json::Value::Object(less).to_string();
        if fails(&shorter) {
            *lines = shorter;
            found = true;
        }
    }
    found
}

/// Whether a treaty has nothing wrong in it.
pub fn is_whole(findings: &[Finding]) -> bool {
    !any_error(findings)
}

/// Ends the tests, saying what was tried, where one takes so long that it may never end.
pub fn watched<T>(what: impl FnOnce() -> String, run: impl FnOnce() -> T) -> T {
    static UNDER_WAY: Mutex<Vec<(usize, Clock, String)>> = Mutex::new(Vec::new());
    static WATCH: Once = Once::new();
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    const LONGEST: Duration = Duration::from_secs(300);
    WATCH.call_once(|| {
        std::thread::spawn(|| {
            loop {
                std::thread::sleep(Duration::from_secs(2));
                let all = UNDER_WAY.lock().unwrap();
                if let Some((_, _, what)) = all.iter().find(|(_, since, _)| since.elapsed() > LONGEST) {
                    eprintln!("takes more than {LONGEST:?}: {what}");
                    std::process::abort();
                }
            }
        });
    });
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    UNDER_WAY.lock().unwrap().push((number, Clock::now(), what()));
    let found = run();
    UNDER_WAY.lock().unwrap().retain(|(other, ..)| *other != number);
    found
}
