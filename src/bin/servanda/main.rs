//! The command line.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "input, output and environment are the business of the binary, and of it alone"
)]

mod command;
mod feed;
mod files;
mod logs;
mod output;
mod progress;
mod unpack;

use std::process::ExitCode;

use clap::Parser;

use command::Command;

/// Checks whether agreements are kept: reads clauses, replays a log of events, and says who owed what to whom by when.
#[derive(Parser)]
#[command(name = "servanda", version, about, long_about = None, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 clean, 1 breaches, powers used without having them, or other findings, 2 bad input or usage."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    ExitCode::from(arguments.command.run().code())
}
