//! Expectations that do not come true, and what came instead.

use super::{Scene, evidence};
use crate::finding::{Code, Finding};
use crate::model::{ExpectationKind, ExpectedDuty, Scenario};
use crate::scenario::Failure;
use crate::time::Instant;
use crate::verdict::{Trigger, Verdict};

/// How many of the duties that nothing expects are told.
const OTHERS: usize = 5;

/// What an expectation that does not come true says, and what came instead.
pub fn failure(scene: Scene<'_>, scenario: &Scenario, verdicts: &[Verdict], failure: &Failure) -> Option<Finding> {
    let expectation = scenario.expectations.get(failure.expectation)?;
    let words = scene.sources.text(expectation.span);
    let words = words.split_whitespace().skip(1).collect::<Vec<_>>().join(" ");
    let finding = Finding::error(Code::ExpectationFailed, format!("expected `{words}`"));
    let told = Told { scene, scenario };
    let instead: Vec<_> = failure.instead.iter().filter_map(|place| verdicts.get(*place)).collect();
    let (label, help) = match &expectation.kind {
        ExpectationKind::Duty(duty) => (told.label(duty, failure, &instead), told.help(&instead, instead.len())),
        ExpectationKind::NoOtherBreach => (plural(instead.len(), "other breach"), told.help(&instead, OTHERS)),
        ExpectationKind::NothingElse => (plural(instead.len(), "other duty"), told.help(&instead, OTHERS)),
        ExpectationKind::Error(_) => (
            "there is no such error".to_owned(),
            "name the finding, such as `ambiguous-local-time`, or give words of its message".to_owned(),
        ),
        ExpectationKind::Lint(_) => {
            ("there is no such warning".to_owned(), "`servanda check` tells the warnings of the treaty".to_owned())
        }
    };
    let finding = finding.at(expectation.span, label).help(help);
    Some(match (&expectation.kind, instead.first()) {
        (ExpectationKind::Duty(_), Some(first)) => told.lines(finding, first),
        _ => finding,
    })
}

fn plural(count: usize, what: &str) -> String {
    match (count, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {what}es"),
    }
}

/// What is told, and of which scenario.
#[derive(Clone, Copy)]
struct Told<'a> {
    scene: Scene<'a>,
    scenario: &'a Scenario,
}

impl Told<'_> {
    /// What is so, at the words that expect something else.
    fn label(self, duty: &ExpectedDuty, failure: &Failure, instead: &[&Verdict]) -> String {
        let missing = self.scene.parties(&failure.missing);
        let Some(first) = instead.first() else {
            return format!("no duty of article {} began", duty.label);
        };
        let named = failure.missing.is_empty() || failure.missing.iter().any(|it| first.bearer.parties.contains(it));
        if named { self.short(first) } else { format!("no duty of article {} began for {missing}", duty.label) }
    }

    /// «France: late, due +24h, at +30h»
    fn short(self, verdict: &Verdict) -> String {
        let bearer = self.scene.bearer(&verdict.bearer).unwrap_or_else(|| "nobody".to_owned());
        let times = [("due", verdict.due), ("at", verdict.at)].into_iter().filter_map(|(word, at)| {
            let at = at?;
            let time = self.offset(at).unwrap_or_else(|| self.scene.time(verdict, at));
            Some(format!(", {word} {time}"))
        });
        format!("{bearer}: {}{}", self.scene.standing(verdict), times.collect::<String>())
    }

    /// What there is instead, a duty a line.
    fn help(self, instead: &[&Verdict], most: usize) -> String {
        let mut lines: Vec<_> = instead.iter().take(most).map(|verdict| self.long(verdict)).collect();
        if instead.len() > most {
            lines.push(format!("and {} more", instead.len() - most));
        }
        match lines.len() {
            0 => "nothing triggered it: check the steps, and the trigger of the article".to_owned(),
            1 => format!("there is: {}", lines.concat()),
            _ => format!("there is:\n{}", lines.join("\n")),
        }
    }

    fn long(self, verdict: &Verdict) -> String {
        let article = self.scene.article(verdict);
        let bearer = self.scene.bearer(&verdict.bearer).unwrap_or_else(|| "nobody".to_owned());
        let begun = match &verdict.trigger {
            Trigger::Clock => String::new(),
            _ => format!(" (on {})", self.scene.trigger(verdict)),
        };
        let times = [("due", verdict.due), ("at", verdict.at)].into_iter().filter_map(|(word, at)| {
            let at = at?;
            let offset = self.offset(at).map(|offset| format!(" ({offset})")).unwrap_or_default();
            Some(format!("{word} {}{offset}", self.scene.time(verdict, at)))
        });
        // On a line of their own, so that no time is broken in the middle.
        let times: Vec<_> = times.collect();
        let times = if times.is_empty() { String::new() } else { format!(",\n{}", times.join(", ")) };
        format!("article {}, {bearer}: {}{begun}{times}", article.label, self.scene.standing(verdict))
    }

    /// The steps and the lines of the log that a verdict rests on.
    fn lines(self, mut finding: Finding, verdict: &Verdict) -> Finding {
        for evidence in evidence::of(self.scene, verdict) {
            let Some(event) = evidence.event else { continue };
            let event = self.scene.log.events.at(event);
            let step = self
                .scenario
                .steps
                .iter()
                .find(|step| step.span.source == event.source && step.span.start == event.start);
            let span = step.map(|step| step.span).or_else(|| self.scene.log.span(event, self.scene.sources));
            if let Some(span) = span {
                finding = finding.at(span, evidence.text);
            }
        }
        finding
    }

    /// «+30h», from the start of the scenario.
    fn offset(self, at: Instant) -> Option<String> {
        let starts = self.scenario.starts?;
        let (sign, micros) = match at.micros_since(starts) {
            later @ 0.. => ('+', later),
            earlier => ('-', earlier.saturating_neg()),
        };
        let mut rest = micros.checked_div(1_000_000)?;
        // Below three days, hours are easier to compare with a window than days and hours.
        let in_hours = rest < 72 * 3_600;
        let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')];
        let parts = units.into_iter().skip(usize::from(in_hours)).filter_map(|(length, unit)| {
            let count = rest / length;
            rest %= length;
            (count > 0).then(|| format!("{count}{unit}"))
        });
        let parts: String = parts.collect();
        Some(if parts.is_empty() { format!("{sign}0h") } else { format!("{sign}{parts}") })
    }
}
