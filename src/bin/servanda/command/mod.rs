//! The commands, a file each.

mod check;
mod explain;
mod fmt;
mod replay;
mod test;

use clap::Subcommand;

/// What a command came to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was found.
    Clean,
    /// The input is good, and something was found.
    Findings,
    /// The input or the usage is bad.
    BadInput,
}

impl Outcome {
    /// Of good input, in which something was found or not.
    pub fn of(found: bool) -> Outcome {
        if found { Outcome::Findings } else { Outcome::Clean }
    }

    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::BadInput => 2,
        }
    }
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Check clause files: syntax, names, types and chains of articles
    Check(check::Arguments),
    /// Lay clause files out in the one canonical way
    Fmt(fmt::Arguments),
    /// Replay a log against treaties and report every duty
    Replay(replay::Arguments),
    /// Replay the scenarios of files and folders, and compare what they expect
    Test(test::Arguments),
    /// Explain a finding by its name; without a name, list them all
    Explain(explain::Arguments),
}

impl Command {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        match self {
            Command::Check(arguments) => check::run(&arguments),
            Command::Fmt(arguments) => fmt::run(&arguments),
            Command::Replay(arguments) => replay::run(&arguments),
            Command::Test(arguments) => test::run(&arguments),
            Command::Explain(arguments) => explain::run(&arguments),
        }
    }
}
