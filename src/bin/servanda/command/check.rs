//! `servanda check`

use servanda::finding::{Level, any_error};
use servanda::source::Sources;

use super::Outcome;
use crate::files;
use crate::output::{self, Stream};

/// The arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// Clause files; what they `use` is read too
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

/// Checks the files and reports what is wrong with them.
pub fn run(arguments: &Arguments) -> Outcome {
    let mut sources = Sources::default();
    let (program, findings) = files::program(&arguments.files, &mut sources);
    output::findings(&findings, &sources);
    if any_error(&findings) {
        return Outcome::BadInput;
    }
    let parties = program.parties.len();
    let articles = program.articles.len();
    let (s, ies) = (if articles == 1 { "" } else { "s" }, if parties == 1 { "y" } else { "ies" });
    output::print(Stream::Out, &format!("{articles} article{s}, {parties} part{ies}: nothing is wrong\n"));
    if findings.iter().any(|finding| finding.level == Level::Warning) { Outcome::Findings } else { Outcome::Clean }
}
