//! `servanda replay --variants`

use servanda::event::Log;
use servanda::finding::Finding;
use servanda::model::{Choices, MOST_COMBINATIONS, Program, Selection};
use servanda::replay;
use servanda::report::{self, Scene, Variant};
use servanda::source::Sources;
use servanda::verdict::Verdict;

use super::arguments::{Arguments, Format};
use super::{style, to, usable, whole};
use crate::command::Outcome;
use crate::output::{self, Out, Stream};

/// Replays every combination that a selection leaves open, and compares what they come to.
pub fn run(
    arguments: &Arguments,
    choices: &Choices,
    fixed: &Selection,
    program: &dyn Fn(&Selection) -> (Program, Vec<Finding>),
    path: &str,
    sources: &Sources,
) -> Option<Outcome> {
    if arguments.format == Format::Jsonl {
        output::complain("`--variants` has no JSON Lines", "write `--format json`, or leave it out for a table");
        return None;
    }
    let (mut sources, mut complain) = (sources.clone(), |text: &str| output::print(Stream::Err, text));
    let source = whole::source(path, &mut sources, &mut complain)?;
    let sources = &sources;
    let Some(combinations) = choices.combinations(fixed) else {
        let message = format!("the alternatives make more than {MOST_COMBINATIONS} combinations");
        output::complain(&message, "fix some of them with `--choose`");
        return None;
    };
    let mut replayed: Vec<(Program, Log, replay::Options, Vec<Verdict>)> = Vec::new();
    for combination in &combinations {
        let (program, findings) = program(combination);
        usable(&findings, sources)?;
        let options = arguments.options(&program)?;
        let log = whole::log(arguments, &program, source, sources, &mut complain)?;
        let verdicts = replay::replay(&program, &log, &options);
        replayed.push((program, log, options, verdicts));
    }
    let variants: Vec<_> = combinations
        .iter()
        .zip(&replayed)
        .map(|(combination, (program, log, options, verdicts))| Variant {
            chosen: choices.chosen(&varying(choices, fixed, combination)),
            scene: Scene { program, log, sources, options: *options },
            verdicts,
        })
        .collect();
    let mut out = Out::new(to(arguments)?, 0);
    match arguments.format {
        Format::Json => out.write(&report::variants_document(&variants).unwrap_or_default()),
        _ => out.write(&report::variants(&variants, style(arguments))),
    }
    let wrong = replayed.iter().flat_map(|(.., verdicts)| verdicts).any(|verdict| verdict.status.is_wrong());
    Some(Outcome::of(wrong))
}

/// What a combination chooses of what is not fixed and has more than one alternative.
fn varying(choices: &Choices, fixed: &Selection, combination: &Selection) -> Selection {
    let varies = |axis: usize| choices.axes().get(axis).is_some_and(|axis| axis.alternatives.len() > 1);
    let chosen = combination.iter().filter(|(axis, _)| !fixed.contains_key(axis) && varies(**axis));
    chosen.map(|(axis, alternative)| (*axis, *alternative)).collect()
}
