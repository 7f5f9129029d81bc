//! A replay that is going on.

use std::time::Duration;

use servanda::event::{Cutter, Log, Options, Reader};
use servanda::finding::any_error;
use servanda::model::Program;
use servanda::monitor::Monitor;
use servanda::replay;
use servanda::report::{self, Lines, Scene, Style};
use servanda::source::{SourceId, Sources};
use servanda::time::Instant;

use super::state::{Keeper, Now, Saved};
use super::teller::Teller;
use crate::command::Outcome;
use crate::feed::{Fed, Feed, Patience};
use crate::output::{self, Out, Stream};
use crate::progress::Progress;

/// How often the clock of this machine is looked at.
const TICK: Duration = Duration::from_secs(1);

/// What is replayed, and how it is told.
pub struct Setting<'p> {
    pub program: &'p Program,
    /// The texts of the treaties.
    pub texts: &'p Sources,
    pub options: replay::Options,
    pub reading: Options,
    /// Whether it is told in lines of JSON, and whether each has the name of the log.
    pub is_lines: bool,
    pub is_named: bool,
    pub style: Style,
}

/// A replay that is going on.
pub struct Session<'p> {
    scenery: Scenery<'p>,
    reading: Options,
    /// The texts to which the lines are added that findings are about.
    findings: Sources,
    reader: Reader<'p>,
    monitor: Monitor<'p>,
    teller: Teller<'p>,
    out: Out,
    progress: Progress,
    /// Where the log goes on after what has been replayed.
    cutter: Cutter,
    /// Whether more may come later, and whether the replay ends with the log.
    pub live: bool,
    pub ends: bool,
    /// Whether the clock of this machine lets deadlines pass.
    pub tick: bool,
    pub keeper: Option<Keeper>,
    /// Whether anything has come since it was saved.
    changed: bool,
}

/// What a verdict is told by, but for the log.
struct Scenery<'p> {
    program: &'p Program,
    /// The texts of the treaties, and the name of the log.
    texts: Sources,
    options: replay::Options,
}

impl Scenery<'_> {
    fn with<'s>(&'s self, log: &'s Log) -> Scene<'s> {
        Scene { program: self.program, log, sources: &self.texts, options: self.options }
    }
}

impl<'p> Session<'p> {
    /// A replay that begins, or goes on from where it was saved; none where it cannot, which has then been said.
    pub fn new(
        setting: &Setting<'p>,
        name: &str,
        saved: Option<&Saved>,
        out: Out,
        progress: Progress,
    ) -> Option<Session<'p>> {
        let Setting { program, options, reading, .. } = *setting;
        let mut texts = setting.texts.clone();
        let source = texts.add(name, Vec::new());
        let (reader, monitor) = match saved {
            Some(saved) => gone_on(setting, source, saved)?,
            None => (Reader::new(program, reading, source), Monitor::new(program, options)),
        };
        let log = setting.is_named.then(|| name.to_owned());
        let lines = setting.is_lines.then(|| Lines::new(program, setting.texts, log));
        let so_far = saved.map(|saved| saved.so_far.clone()).unwrap_or_default();
        Some(Session {
            findings: texts.clone(),
            scenery: Scenery { program, texts, options },
            reading,
            reader,
            monitor,
            teller: Teller::new(lines, setting.style, so_far),
            out,
            progress,
            cutter: saved.map(|saved| saved.cutter.clone()).unwrap_or_default(),
            live: false,
            ends: true,
            tick: false,
            keeper: None,
            changed: true,
        })
    }

    /// Replays what comes, to its end; none where the log is bad, which has then been said.
    pub fn run(mut self, feed: &mut dyn Feed) -> Option<Outcome> {
        loop {
            match self.next(feed)? {
                Fed::Piece(piece) => {
                    let (batch, cutter) = *piece;
                    self.replay(|reader, log| reader.add(batch, log));
                    while let Some(batch) = self.reader.spent() {
                        feed.spent(batch);
                    }
                    self.cutter = cutter;
                    self.is_good()?;
                    self.save_when_due()?;
                }
                Fed::Failed(reason) => {
                    self.settle();
                    let name = self.name();
                    let help = "what was certain before has been told";
                    self.complain(&output::complaint(&format!("cannot read the log `{name}`: {reason}"), help));
                    return None;
                }
                Fed::Ended(cutter) => {
                    self.cutter = cutter;
                    self.settle();
                    return if self.ends { self.end() } else { self.interrupt() };
                }
            }
            if self.out.is_gone() {
                return Some(self.outcome());
            }
        }
    }

    /// What comes next; what is told meanwhile is written at once. None where what was held back is bad.
    fn next(&mut self, feed: &mut dyn Feed) -> Option<Fed> {
        if let Some(fed) = feed.next(Patience::None) {
            return Some(fed);
        }
        if self.live {
            self.settle();
            self.out.flush();
        }
        loop {
            if let Some(fed) = feed.next(self.patience()) {
                return Some(fed);
            }
            if self.tick && self.has_begun() {
                self.look_at_the_clock()?;
            }
            self.save_when_due()?;
        }
    }

    /// Whether an event has come: before, the clock has nothing to pass.
    fn has_begun(&self) -> bool {
        self.reader.held() > 0 || self.monitor.log().events.given() > 0
    }

    fn patience(&self) -> Patience {
        let save = self.keeper.as_ref().filter(|_| self.changed);
        let save = save.and_then(|keeper| keeper.wait(self.monitor.log().events.given()));
        match (self.tick.then_some(TICK), save) {
            (None, None) => Patience::Endless,
            (Some(time), None) | (None, Some(time)) => Patience::For(time),
            (Some(tick), Some(save)) => Patience::For(tick.min(save)),
        }
    }

    /// Lets events be added to the log, and tells what has become certain.
    fn replay(&mut self, add: impl FnOnce(&mut Reader<'p>, &mut Log)) {
        let Session { scenery, reader, monitor, teller, out, .. } = self;
        monitor.add(|log| add(reader, log), &mut |log, number, verdict| {
            teller.tell(scenery.with(log), number, &verdict, out);
        });
        self.changed = true;
        self.progress.come(self.monitor.log().events.given());
    }

    /// Tells what is certain because nothing earlier will come than what has come.
    fn settle(&mut self) {
        self.advance(self.reader.earliest());
    }

    fn advance(&mut self, to: Instant) {
        let Session { scenery, monitor, teller, out, .. } = self;
        monitor.advance(to, &mut |log, number, verdict| teller.tell(scenery.with(log), number, &verdict, out));
    }

    /// Lets pass what the clock of this machine has passed.
    fn look_at_the_clock(&mut self) -> Option<()> {
        let now = Instant::parse(&jiff::Timestamp::now().to_string(), &self.scenery.program.zone()).ok()?;
        let to = now.plus_micros(-self.reading.lateness);
        self.replay(|reader, log| reader.pass(to, log));
        self.is_good()?;
        self.settle();
        self.out.flush();
        Some(())
    }

    /// Says what has been found in the log; none where an error is among it.
    fn is_good(&mut self) -> Option<()> {
        let found = self.reader.findings(&mut self.findings);
        if self.reader.has_errors() {
            self.settle();
        }
        if !found.is_empty() {
            let text = report::findings(&found, &self.findings, output::style(Stream::Err));
            self.complain(&text);
        }
        (!self.reader.has_errors()).then_some(())
    }

    fn complain(&mut self, text: &str) {
        let out = &mut self.out;
        self.progress.aside(|| out.complain(text));
    }

    fn name(&self) -> String {
        self.scenery.texts.names().last().unwrap_or_default().to_owned()
    }

    fn outcome(&self) -> Outcome {
        Outcome::of(self.teller.so_far.wrong)
    }

    fn save_when_due(&mut self) -> Option<()> {
        let events = self.monitor.log().events.given();
        let wait = self.keeper.as_ref().and_then(|keeper| keeper.wait(events));
        if self.changed && wait.is_some_and(|wait| wait.is_zero()) { self.save() } else { Some(()) }
    }

    /// Saves the replay, after everything has been written that it has told.
    fn save(&mut self) -> Option<()> {
        self.settle();
        self.monitor.forget();
        let Some(mut keeper) = self.keeper.take() else { return Some(()) };
        let written = self.out.keep().map_err(|error| error.to_string());
        let saved = written.and_then(|output| {
            let Session { cutter, reader, monitor, teller, .. } = &self;
            keeper.save(&Now { cutter, so_far: &teller.so_far, reader, monitor, output })
        });
        self.keeper = Some(keeper);
        self.changed = false;
        if let Err(reason) = saved {
            self.complain(&output::complaint(
                &format!("cannot save the replay: {reason}"),
                "check the path of the state",
            ));
            return None;
        }
        Some(())
    }

    /// The log has ended, and the replay goes on some other time.
    fn interrupt(mut self) -> Option<Outcome> {
        self.out.flush();
        self.save()?;
        Some(self.outcome())
    }

    /// The log has ended, and the replay with it: tells how everything stands.
    fn end(self) -> Option<Outcome> {
        let Session { scenery, reader, mut monitor, mut teller, mut out, progress, mut findings, .. } = self;
        let mut found = Vec::new();
        monitor.add(|log| found = reader.finish(log, &mut findings), &mut |log, number, verdict| {
            teller.tell(scenery.with(log), number, &verdict, &mut out);
        });
        if !found.is_empty() {
            let text = report::findings(&found, &findings, output::style(Stream::Err));
            progress.aside(|| out.complain(&text));
        }
        if any_error(&found) {
            return None;
        }
        let mut last = Log::new(scenery.program);
        last.set_aside = monitor.log().set_aside;
        monitor.finish(&mut |log, number, verdict| teller.tell(scenery.with(log), number, &verdict, &mut out));
        drop(progress);
        teller.conclude(scenery.with(&last), &mut out);
        out.flush();
        Some(Outcome::of(teller.so_far.wrong))
    }
}

/// The reader and the monitor of a replay that goes on.
fn gone_on<'p>(setting: &Setting<'p>, source: SourceId, saved: &Saved) -> Option<(Reader<'p>, Monitor<'p>)> {
    let mut state = postcard::Deserializer::from_bytes(&saved.reader);
    let reader =
        Reader::resume(setting.program, setting.reading, source, &mut state).map_err(|error| error.to_string());
    let monitor = Monitor::resume(setting.program, setting.options, &saved.monitor).map_err(|error| error.to_string());
    match reader.and_then(|reader| Ok((reader, monitor?))) {
        Ok(both) => Some(both),
        Err(reason) => {
            let help = "replay the log from its beginning, without `--resume`";
            output::complain(&format!("cannot go on with the replay: {reason}"), help);
            None
        }
    }
}
