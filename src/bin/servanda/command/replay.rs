//! `servanda replay`

mod arguments;
mod choose;
mod online;
mod session;
mod several;
mod state;
mod stub;
mod teller;
mod variants;
mod whole;

use servanda::finding::{Finding, any_error};
use servanda::model::{self, Selection};
use servanda::report::Style;
use servanda::source::Sources;

use super::Outcome;
use crate::files;
use crate::output::{self, Stream, To};
pub use arguments::Arguments;

/// Replays the logs and reports.
pub fn run(arguments: &Arguments) -> Outcome {
    replay(arguments).unwrap_or(Outcome::BadInput)
}

/// What the replay came to; none where the input is bad, which has then been said.
fn replay(arguments: &Arguments) -> Option<Outcome> {
    let (treaties, logs) = arguments.split()?;
    let online = arguments.is_online(&logs)?;
    let mut sources = Sources::default();
    let (loaded, mut findings) = files::load(&treaties, &mut sources);
    let (working_text, more) = model::build(&loaded);
    findings.extend(more);
    usable(&findings, &sources)?;
    let choices = model::choices(&loaded, &sources);
    let selection = choose::selection(&choices, &arguments.choose)?;
    let program = |selection: &Selection| model::build_chosen(&loaded, &sources, &choices, selection);
    if arguments.variants {
        let log = logs.first()?;
        return variants::run(arguments, &choices, &selection, &program, log, &sources);
    }
    let program = if selection.is_empty() {
        working_text
    } else {
        let (program, findings) = program(&selection);
        usable(&findings, &sources)?;
        program
    };
    let chosen = choices.chosen(&selection);
    match logs.as_slice() {
        [log] if online => online::run(arguments, &program, &chosen, &sources, log),
        [log] => whole::run(arguments, &program, &chosen, sources.clone(), log),
        logs => several::run(arguments, &program, &chosen, &sources, logs),
    }
}

/// Reports findings; none where one of them is an error.
fn usable(findings: &[Finding], sources: &Sources) -> Option<()> {
    output::findings(findings, sources);
    (!any_error(findings)).then_some(())
}

/// Where the report goes; none where it cannot be written, which has then been said.
fn to(arguments: &Arguments) -> Option<To> {
    match &arguments.output {
        Some(path) => whole::create(path).map(To::File),
        None => Some(To::Stdout),
    }
}

/// How the report looks.
fn style(arguments: &Arguments) -> Style {
    let style = output::style(Stream::Out);
    Style { colour: style.colour && arguments.output.is_none(), ..style }
}
