//! Verdicts as JSON. `docs/verdicts.md` describes the shape, for those who read it.

mod compact;
mod shape;

use serde::Serialize;

use super::{Scene, untriggered};
use crate::arena::Arena;
use crate::event::Log;
use crate::model::{Article, ArticleId, Chosen, Program};
use crate::replay;
use crate::source::Sources;
use crate::verdict::{Status, Tally, Verdict};

use shape::{At, Header, Shown};

/// The name and version of the shape of a whole replay.
pub const SCHEMA_REPLAY: &str = "servanda.replay/1";
/// The name and version of the shape of one verdict on a line of its own.
pub const SCHEMA_VERDICT: &str = "servanda.verdict/1";

/// The whole replay as one document, ending in a line break.
///
/// # Errors
///
/// Never, as everything in it can be written as JSON; the signature is that of the writer.
pub fn document(scene: Scene<'_>, chosen: &[Chosen<'_>], verdicts: &[Verdict]) -> Result<String, serde_json::Error> {
    let tally = Tally::of(verdicts);
    let readings = readings(scene.program, scene.sources);
    let treaties = scene.program.treaties.iter().map(|treaty| TreatyShown {
        name: &treaty.name,
        title: treaty.title.as_deref(),
        time_zone: treaty.zone().name(),
    });
    let shown = verdicts.iter().enumerate().map(|(number, verdict)| {
        let header = Header { number, ..Header::default() };
        shape::shown(&scene, header, readings.at(verdict.article).as_deref(), verdict)
    });
    let document = Document {
        schema: SCHEMA_REPLAY,
        treaties: treaties.collect(),
        choices: chosen.iter().map(choice).collect(),
        events: scene.log.events.len(),
        set_aside: scene.log.set_aside,
        until: scene.options.until.map(At),
        summary: Status::ALL.into_iter().map(|status| (status.name(), tally.count(status))).collect(),
        not_triggered: untriggered(scene.program, verdicts)
            .into_iter()
            .map(|article| reference(scene, article))
            .collect(),
        verdicts: shown.collect(),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// Writes verdicts as lines of JSON.
#[derive(Debug)]
pub struct Lines<'a> {
    program: &'a Program,
    sources: &'a Sources,
    log: Option<String>,
    readings: Arena<ArticleId, Option<String>>,
}

impl<'a> Lines<'a> {
    /// For the verdicts of a program; with the name of the log, where a line is to tell it.
    pub fn new(program: &'a Program, sources: &'a Sources, log: Option<String>) -> Lines<'a> {
        Lines { program, sources, log, readings: readings(program, sources) }
    }

    /// Appends a line that tells a verdict; the number is the duty's in the order in which they began.
    ///
    /// It asks for no memory beyond that of `out`, but for what is rare: names and identifiers that have to be escaped,
    /// groups without a name, totals that fall short, doubts.
    ///
    /// # Errors
    ///
    /// Never, as with [`document`].
    pub fn write(
        &self,
        log: &Log,
        number: usize,
        verdict: &Verdict,
        out: &mut Vec<u8>,
    ) -> Result<(), serde_json::Error> {
        let scene = Scene { program: self.program, log, sources: self.sources, options: replay::Options::default() };
        let header = Header { schema: Some(SCHEMA_VERDICT), number, log: self.log.as_deref() };
        let reading = self.readings.at(verdict.article).as_deref();
        compact::write(&shape::shown(&scene, header, reading, verdict), out)?;
        out.push(b'\n');
        Ok(())
    }
}

/// How the vague deadline of each article is read.
fn readings(program: &Program, sources: &Sources) -> Arena<ArticleId, Option<String>> {
    program.articles.iter().map(|article| super::words::reading(sources, article)).collect()
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    treaties: Vec<TreatyShown<'a>>,
    choices: Vec<ChoiceShown<'a>>,
    events: usize,
    set_aside: usize,
    until: Option<At>,
    summary: indexmap::IndexMap<&'static str, usize>,
    not_triggered: Vec<ArticleShown<'a>>,
    verdicts: Vec<Shown<'a>>,
}

/// What is chosen of a bracket, or of readings.
#[derive(Serialize)]
pub(super) struct ChoiceShown<'a> {
    label: &'a str,
    words: &'a str,
    proposed_by: &'a [String],
}

pub(super) fn choice<'a>(chosen: &Chosen<'a>) -> ChoiceShown<'a> {
    ChoiceShown { label: chosen.label, words: &chosen.proposal.words, proposed_by: &chosen.proposal.proponents }
}

#[derive(Serialize)]
struct ArticleShown<'a> {
    treaty: &'a str,
    article: &'a str,
}

#[derive(Serialize)]
struct TreatyShown<'a> {
    name: &'a str,
    title: Option<&'a str>,
    time_zone: &'a str,
}

fn reference<'a>(scene: Scene<'a>, article: &'a Article) -> ArticleShown<'a> {
    ArticleShown { treaty: &scene.program.treaties.at(article.treaty).name, article: &article.label }
}
