//! `servanda fmt`

use std::path::Path;

use servanda::finding::any_error;
use servanda::format;
use servanda::source::Sources;
use servanda::syntax;

use super::Outcome;
use crate::files;
use crate::output::{self, Stream};

/// The arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// Clause files; `-` reads standard input and writes to standard output
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Change nothing; name the files that are not formatted, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

/// Formats the files, each wholly or not at all.
pub fn run(arguments: &Arguments) -> Outcome {
    let mut outcome = Outcome::Clean;
    for path in &arguments.files {
        let one = file(path, arguments.check);
        if outcome.code() < one.code() {
            outcome = one;
        }
    }
    outcome
}

fn file(path: &str, check: bool) -> Outcome {
    let (name, bytes) = match files::bytes(path) {
        Ok(read) => read,
        Err(reason) => {
            output::complain(&format!("cannot read `{path}`: {reason}"), "check the path");
            return Outcome::BadInput;
        }
    };
    let Ok(text) = String::from_utf8(bytes) else {
        output::complain(&format!("`{name}` is not UTF-8"), "save it as UTF-8");
        return Outcome::BadInput;
    };
    let mut sources = Sources::default();
    let source = sources.add(name.clone(), text.as_bytes());
    let (_, findings) = syntax::parse(source, &text, &|_| 0);
    if any_error(&findings) {
        output::findings(&findings, &sources);
        return Outcome::BadInput;
    }
    let formatted = match format::format(&text) {
        Ok(formatted) => formatted,
        Err(refused) => {
            output::complain(&format!("`{name}` is left as it is: {refused}"), "this is a fault of the program");
            return Outcome::BadInput;
        }
    };
    write(path, &name, &text, &formatted, check)
}

fn write(path: &str, name: &str, text: &str, formatted: &str, check: bool) -> Outcome {
    match (check, path) {
        (true, _) if text == formatted => Outcome::Clean,
        (true, _) => {
            output::print(Stream::Out, &format!("{name}\n"));
            Outcome::Findings
        }
        (false, "-") => {
            output::print(Stream::Out, formatted);
            Outcome::Clean
        }
        (false, _) if text == formatted => Outcome::Clean,
        (false, _) => match files::replace(Path::new(path), formatted) {
            Ok(()) => Outcome::Clean,
            Err(error) => {
                output::complain(&format!("cannot write `{name}`: {error}"), "the file is as it was");
                Outcome::BadInput
            }
        },
    }
}
