//! `servanda explain`

use servanda::catalog;

use super::Outcome;
use crate::output::{self, Stream};

/// The arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The name that a report prints, such as `unknown-party`
    name: Option<String>,
}

/// Prints a page, or the list of them.
pub fn run(arguments: &Arguments) -> Outcome {
    let Some(name) = &arguments.name else {
        let index = catalog::index();
        let width = index.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let lines: String = index.iter().map(|(name, summary)| format!("{name:width$}  {summary}\n")).collect();
        output::print(Stream::Out, &lines);
        return Outcome::Clean;
    };
    match catalog::page(name) {
        Ok(page) => {
            output::print(Stream::Out, page);
            Outcome::Clean
        }
        Err(help) => {
            output::complain(&format!("no finding is named `{name}`"), &help);
            Outcome::BadInput
        }
    }
}
