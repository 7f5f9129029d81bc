//! The arguments of `servanda replay`, and what they ask for together.

use clap::ValueEnum;
use servanda::event;
use servanda::finding::suggestion;
use servanda::model::{KindId, Program};
use servanda::replay;
use servanda::time::{Instant, InstantError};

use super::state::Every;
use crate::{logs, output};

/// The arguments.
#[derive(clap::Args)]
#[command(override_usage = "servanda replay [OPTIONS] TREATY... LOG...")]
pub struct Arguments {
    /// Clause files, which end in `.treaty` or `.scenario`, with what they `use`; and logs, which do not. Where no file ends
    /// so, the last one is the log. A log is JSON Lines or CSV, perhaps packed with gzip or zstd, or `-` for standard
    /// input. Several logs are replayed each by itself
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// Replay up to this instant or day, rather than to the last event
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Leave out what became known after this instant or day
    #[arg(long, value_name = "TIME")]
    pub known_at: Option<String>,
    /// Whether events that have to be established count only then, or as soon as they are alleged
    #[arg(long, value_enum, default_value_t = Standard::Established)]
    pub standard: Standard,
    /// Choose alternatives of brackets by their labels, and readings: `window=72h,reading=russian`
    #[arg(long, value_name = "LABEL=WORDS")]
    pub choose: Vec<String>,
    /// Replay every combination of the alternatives left open, and show the duties of which they decide
    #[arg(long)]
    pub variants: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Write the report to this file, rather than to standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<String>,
    /// How many rows of the docket to print, those that need attention first; 0 for all of them
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub rows: usize,
    /// Set wrong lines of the log aside, with a warning each, and replay the rest
    #[arg(long)]
    pub keep_going: bool,
    /// Set events of kinds that no treaty declares aside
    #[arg(long)]
    pub ignore_unknown: bool,
    /// The kind of the events that name none, as the lines of a CSV without a column `kind`
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Refuse fields that the event does not declare
    #[arg(long)]
    pub strict: bool,
    /// By how much an event may be earlier than one on a line before, where the log is replayed as it is read: `90 minutes`
    #[arg(long, value_name = "DURATION")]
    pub lateness: Option<String>,
    /// Wait for more at the end of the log, which is still being written
    #[arg(long)]
    pub follow: bool,
    /// Let deadlines pass by the clock of this machine while no event comes; `--lateness` says how long one may take to come
    #[arg(long, requires = "lateness")]
    pub tick: bool,
    /// Save the replay in this file, now and then and at the end of the log, to go on with it by `--resume`
    #[arg(long, value_name = "STATE")]
    pub save: Option<String>,
    /// How often to save: `10s`, or `5000 events`
    #[arg(long, value_name = "HOW OFTEN", requires = "save", default_value = "10s")]
    pub save_every: String,
    /// End the replay at the end of the log, though it is saved: how everything stands is told
    #[arg(long, requires = "save")]
    pub finish: bool,
    /// Go on with the replay that was saved in this file
    #[arg(long, value_name = "STATE")]
    pub resume: Option<String>,
    /// How many threads parse the log
    #[arg(long, value_name = "N", default_value_t = 2, hide = true)]
    pub parsers: usize,
    /// How many bytes of the log are read at a time
    #[arg(long, value_name = "BYTES", default_value_t = 512 << 10, hide = true)]
    pub block: usize,
}

/// How to report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Diagnostics and a docket, for people
    Human,
    /// One JSON document
    Json,
    /// One JSON verdict a line, each as soon as it is certain
    Jsonl,
}

/// What is taken for proven.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Standard {
    /// What is alleged counts at once
    Alleged,
    /// What has to be established counts once it is
    Established,
}

impl Arguments {
    /// The clause files and the logs; none where there is no log, which has then been said.
    pub fn split(&self) -> Option<(Vec<String>, Vec<String>)> {
        let is_clauses = |file: &&String| file.ends_with(".treaty") || file.ends_with(".scenario");
        let (treaties, logs): (Vec<_>, Vec<_>) = self.files.iter().partition(is_clauses);
        let owned = |files: &[&String]| files.iter().map(|file| (*file).clone()).collect();
        if treaties.is_empty()
            && let Some((log, treaties @ [_, ..])) = logs.split_last()
        {
            return Some((owned(treaties), owned(&[log])));
        }
        if treaties.is_empty() || logs.is_empty() {
            let message = if logs.is_empty() { "there is no log" } else { "there is no treaty" };
            output::complain(message, "name the treaties first, and then the log: `servanda replay a.treaty a.jsonl`");
            return None;
        }
        Some((owned(&treaties), owned(&logs)))
    }

    /// Whether a log is replayed as it is read, rather than as a whole; none where that cannot be, which has been said.
    pub fn is_online(&self, logs: &[String]) -> Option<bool> {
        let [log] = logs else { return self.of_several(logs) };
        let asked = self.asked_online();
        let live = self.follow || logs::is_pipe(log);
        let wrong = match (asked, self.format) {
            (Some(option), _) if self.variants => Some((format!("`--variants` and {option} exclude each other"), "")),
            (Some(option), Format::Json) => Some((
                format!("{option} has no `--format json`, which is one document of the whole log"),
                "write `--format jsonl`, or leave it out",
            )),
            _ if self.tick && !live => Some((
                "`--tick` is for a log that is still being written".to_owned(),
                "add `--follow`, or give the log as `-`",
            )),
            _ => None,
        };
        if let Some((message, help)) = wrong {
            output::complain(&message, if help.is_empty() { "leave one of them out" } else { help });
            return None;
        }
        let online = match self.format {
            Format::Jsonl => true,
            Format::Human => asked.is_some() || live,
            Format::Json => false,
        };
        Some(online && !self.variants)
    }

    /// An option that only a replay has which reads as it goes.
    fn asked_online(&self) -> Option<&'static str> {
        let options = [
            ("`--follow`", self.follow),
            ("`--lateness`", self.lateness.is_some()),
            ("`--save`", self.save.is_some()),
            ("`--resume`", self.resume.is_some()),
        ];
        options.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }

    fn of_several(&self, logs: &[String]) -> Option<bool> {
        let alone = [
            ("`--variants`", self.variants),
            ("`--follow`", self.follow),
            ("`--save`", self.save.is_some()),
            ("`--resume`", self.resume.is_some()),
            ("`--format json`", self.format == Format::Json),
            ("standard input", logs.iter().any(|log| log == "-")),
            ("`--lateness` without `--format jsonl`", self.lateness.is_some() && self.format != Format::Jsonl),
        ];
        if let Some((what, _)) = alone.into_iter().find(|(_, given)| *given) {
            output::complain(&format!("{what} is for one log, and there are {}", logs.len()), "name one of them");
            return None;
        }
        Some(self.format == Format::Jsonl)
    }

    /// How often to save.
    pub fn every(&self) -> Option<Every> {
        let written = self.save_every.trim();
        let events = written.strip_suffix("events").unwrap_or(written).trim().parse();
        let every = match events {
            Ok(events) => Some(Every::Events(events)),
            Err(_) => {
                micros(written).map(|micros| Every::Time(std::time::Duration::from_micros(micros.unsigned_abs())))
            }
        };
        if every.is_none() {
            output::complain(&format!("`--save-every {written}` is no time"), "write `10s`, or `5000 events`");
        }
        every
    }

    /// How far the replay goes, and what it knows; none where an option is no time, which has then been said.
    pub fn options(&self, program: &Program) -> Option<replay::Options> {
        let standard = match self.standard {
            Standard::Alleged => replay::Standard::Alleged,
            Standard::Established => replay::Standard::Established,
        };
        let until = instant("--until", self.until.as_deref(), program)?;
        let known_at = instant("--known-at", self.known_at.as_deref(), program)?;
        Some(replay::Options { until, known_at, standard })
    }

    /// How the log is read.
    pub fn reading(&self, program: &Program) -> Option<event::Options> {
        Some(event::Options {
            keep_going: self.keep_going,
            ignore_unknown: self.ignore_unknown,
            strict: self.strict,
            may_be_empty: self.until.is_some(),
            kind: kind(self.kind.as_deref(), program)?,
            lateness: self.lateness()?,
        })
    }

    fn lateness(&self) -> Option<i64> {
        let Some(written) = &self.lateness else { return Some(0) };
        let micros = micros(written);
        if micros.is_none() {
            output::complain(
                &format!("`--lateness {written}` is no duration of a fixed length"),
                "write it in weeks, days, hours, minutes and seconds: `1h`, `90 minutes`, `2 days`",
            );
        }
        micros
    }

    /// What a replay that goes on has to have in common with the one that was saved.
    pub fn named(&self) -> Vec<(&'static str, String)> {
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        let standard = if self.standard == Standard::Alleged { "alleged" } else { "" };
        let format = if self.format == Format::Jsonl { "jsonl" } else { "human" };
        let flag = |given: bool| if given { "given".to_owned() } else { String::new() };
        vec![
            ("--until", given(&self.until)),
            ("--known-at", given(&self.known_at)),
            ("--standard", standard.to_owned()),
            ("--choose", self.choose.join(",")),
            ("--format", format.to_owned()),
            ("--keep-going", flag(self.keep_going)),
            ("--ignore-unknown", flag(self.ignore_unknown)),
            ("--kind", given(&self.kind)),
            ("--strict", flag(self.strict)),
            ("--lateness", given(&self.lateness)),
        ]
    }
}

/// The microseconds of `1h30m`, `90 minutes` or `2 days`; none of what is no such duration.
fn micros(written: &str) -> Option<i64> {
    let mut rest = written.trim();
    let mut total: Option<i64> = None;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (count, after) = rest.split_at(digits);
        let after = after.trim_start();
        let word = after.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(word);
        let seconds = match unit {
            "s" | "second" | "seconds" => 1,
            "m" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            "w" | "week" | "weeks" => 7 * 86_400,
            _ => return None,
        };
        let more = count.parse::<i64>().ok()?.checked_mul(seconds)?.checked_mul(1_000_000)?;
        total = Some(total.unwrap_or(0).checked_add(more)?);
        rest = after.trim_start();
    }
    total.filter(|total| *total < i64::MAX)
}

/// The kind that an option names, where it names one; none at all where there is no such kind, which has then been said.
#[expect(clippy::option_option, reason = "not given, or given and wrong")]
fn kind(name: Option<&str>, program: &Program) -> Option<Option<KindId>> {
    let Some(name) = name else { return Some(None) };
    let declared = || program.kinds.entries().find(|(_, kind)| kind.name == name).map(|(id, _)| id);
    let found = program.kinds_in_logs.get(name).copied().or_else(declared);
    if found.is_none() {
        let known = suggestion(name, program.kinds.iter().map(|kind| kind.name.as_str()));
        let help = known.unwrap_or_else(|| "name an event that a treaty declares".to_owned());
        output::complain(&format!("`--kind`: no event `{name}` is declared"), &help);
        return None;
    }
    Some(found)
}

/// The time that an option gives, where it gives one; none at all where it is no time, which has then been said.
#[expect(clippy::option_option, reason = "not given, or given and wrong")]
fn instant(option: &str, text: Option<&str>, program: &Program) -> Option<Option<Instant>> {
    match text.map(|text| time(text, program)).transpose() {
        Ok(instant) => Some(instant),
        Err(error) => {
            output::complain(&format!("`{option}`: {error}"), "write `2025-11-04`, or `2025-11-04T03:12:00+02:00`");
            None
        }
    }
}

/// An instant, or a day, which stands for its first instant.
fn time(text: &str, program: &Program) -> Result<Instant, InstantError> {
    let zone = program.zone();
    match Instant::parse(text, &zone) {
        Err(InstantError::DateOnly(date)) => {
            date.parse().map(|date| zone.start_of(date)).map_err(|_| InstantError::Form(date))
        }
        other => other,
    }
}
