//! What becomes of the duties under each combination of alternatives and readings.

use comfy_table::{Cell, Table};
use serde::Serialize;

use super::docket::{bold, coloured, drawn, plain_table};
use super::json::{self, ChoiceShown};
use super::{Scene, Style};
use crate::arena::{Map, Set};
use crate::model::Chosen;
use crate::time::Instant;
use crate::verdict::{Status, Verdict};

/// The name and version of the shape of a comparison.
pub const SCHEMA_VARIANTS: &str = "servanda.variants/1";

/// How many columns a combination takes, and how many the duties themselves.
const COLUMN: usize = 23;
const DUTY: usize = 44;

/// A replay under one combination.
#[derive(Debug)]
pub struct Variant<'a> {
    /// What is chosen, of what varies.
    pub chosen: Vec<Chosen<'a>>,
    /// The replay.
    pub scene: Scene<'a>,
    /// What it says.
    pub verdicts: &'a [Verdict],
}

/// «window = 72 hours (proposed by Germany and Poland)»
pub fn choice(chosen: &Chosen<'_>) -> String {
    let by = match chosen.proposal.proponents.split_last() {
        None => String::new(),
        Some((last, [])) => format!(" (proposed by {last})"),
        Some((last, rest)) => format!(" (proposed by {} and {last})", rest.join(", ")),
    };
    format!("{} = {}{by}", chosen.label, chosen.proposal.words)
}

/// A duty by what does not vary: whose it is, and what began it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Duty {
    treaty: String,
    article: String,
    shown: String,
    by: Option<String>,
    trigger: String,
    /// Its number among those that are alike.
    number: usize,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fate {
    status: Status,
    due: Option<Instant>,
    /// The due instant, as the clocks of the treaty's zone show it.
    local: Option<String>,
}

/// Every duty, with what became of it under each combination.
fn duties(variants: &[Variant<'_>]) -> Map<Duty, Vec<Option<Fate>>> {
    let mut duties: Map<Duty, Vec<Option<Fate>>> = Map::default();
    for (place, variant) in variants.iter().enumerate() {
        let mut seen: Set<Duty> = Set::default();
        for verdict in variant.verdicts {
            let mut duty = duty(variant.scene, verdict);
            while !seen.insert(duty.clone()) {
                duty.number += 1;
            }
            let fates = duties.entry(duty).or_insert_with(|| vec![None; variants.len()]);
            if let Some(fate) = fates.get_mut(place) {
                let local = verdict.due.map(|due| variant.scene.zone(verdict).show_local_end(due));
                *fate = Some(Fate { status: verdict.status, due: verdict.due, local });
            }
        }
    }
    duties
}

fn duty(scene: Scene<'_>, verdict: &Verdict) -> Duty {
    let article = scene.article(verdict);
    // An article of a treaty among several is told by both.
    let several = scene.program.treaties.len() > 1;
    let treaty = scene.program.treaties.at(article.treaty).name.clone();
    let shown = if several { format!("{treaty} {}", article.label) } else { article.label.clone() };
    Duty {
        shown,
        treaty,
        article: article.label.clone(),
        by: scene.bearer(&verdict.bearer),
        trigger: scene.trigger(verdict),
        number: 0,
    }
}

fn differs(fates: &[Option<Fate>]) -> bool {
    fates.iter().any(|fate| Some(fate) != fates.first())
}

/// The combinations, then the duties of which they decide; those of which they do not are counted.
pub fn variants(variants: &[Variant<'_>], style: Style) -> String {
    let several = variants.iter().any(|variant| variant.chosen.len() > 1);
    let legend = variants.iter().enumerate().map(|(number, variant)| {
        let chosen: Vec<_> = variant.chosen.iter().map(choice).collect();
        let chosen = if chosen.is_empty() { "nothing varies".to_owned() } else { chosen.join(", ") };
        format!("{}: {chosen}\n", number + 1)
    });
    let mut text: String = legend.collect();
    let duties = duties(variants);
    let (rows, same): (Vec<_>, Vec<_>) = duties.iter().partition(|(_, fates)| differs(fates));
    let most = (style.width.saturating_sub(DUTY) / COLUMN).max(1);
    let numbers: Vec<usize> = (0..variants.len()).collect();
    for numbers in numbers.chunks(most).filter(|_| !rows.is_empty()) {
        let titles = numbers.iter().map(|number| {
            let words = variants.get(*number).and_then(|variant| variant.chosen.first()).filter(|_| !several);
            words.map_or_else(|| (number + 1).to_string(), |chosen| chosen.proposal.words.clone())
        });
        let header = ["article", "bearer", "trigger"].map(str::to_owned).into_iter().chain(titles);
        let mut table = plain_table(style);
        table.set_header(header.map(|title| bold(&title, style)));
        for (duty, fates) in &rows {
            add_row(&mut table, duty, fates, numbers, style);
        }
        text.push('\n');
        text += &drawn(&table);
    }
    let combinations = variants.len();
    let all =
        if combinations == 1 { "the only combination".to_owned() } else { format!("all {combinations} combinations") };
    let plural = |count: usize| if count == 1 { "y" } else { "ies" };
    let (differing, same) = (rows.len(), same.len());
    let differ = if differing == 1 { "differs" } else { "differ" };
    let are = if same == 1 { "is" } else { "are" };
    text + &format!("\n{differing} dut{} {differ}, {same} {are} the same in {all}\n", plural(differing))
}

fn add_row(table: &mut Table, duty: &Duty, fates: &[Option<Fate>], numbers: &[usize], style: Style) {
    let by = duty.by.clone().unwrap_or_else(|| "?".to_owned());
    let cells = numbers.iter().map(|number| match fates.get(*number).and_then(Option::as_ref) {
        None => Cell::new("–"),
        Some(fate) => {
            let due = fate.local.as_ref().map(|due| format!("\ndue {due}")).unwrap_or_default();
            coloured(Cell::new(format!("{}{due}", fate.status.name())), fate.status, style)
        }
    });
    let duty = [duty.shown.clone(), by, duty.trigger.clone()].map(Cell::new);
    table.add_row(duty.into_iter().chain(cells));
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    combinations: Vec<Combination<'a>>,
    duties: Vec<Row<'a>>,
    same: usize,
}

#[derive(Serialize)]
struct Combination<'a> {
    choices: Vec<ChoiceShown<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    treaty: &'a str,
    article: &'a str,
    by: Option<&'a str>,
    trigger: &'a str,
    verdicts: Vec<Option<FateShown>>,
}

#[derive(Serialize)]
struct FateShown {
    status: &'static str,
    due: Option<String>,
}

/// The comparison as one JSON document, ending in a line break.
///
/// # Errors
///
/// Never, as with [`super::document`].
pub fn variants_document(variants: &[Variant<'_>]) -> Result<String, serde_json::Error> {
    let duties = duties(variants);
    let (rows, same): (Vec<_>, Vec<_>) = duties.iter().partition(|(_, fates)| differs(fates));
    let shown = |fate: &Fate| FateShown { status: fate.status.name(), due: fate.due.map(|due| due.to_string()) };
    let document = Document {
        schema: SCHEMA_VARIANTS,
        combinations: variants
            .iter()
            .map(|variant| Combination { choices: variant.chosen.iter().map(json::choice).collect() })
            .collect(),
        duties: rows
            .into_iter()
            .map(|(duty, fates)| Row {
                treaty: &duty.treaty,
                article: &duty.article,
                by: duty.by.as_deref(),
                trigger: &duty.trigger,
                verdicts: fates.iter().map(|fate| fate.as_ref().map(shown)).collect(),
            })
            .collect(),
        same: same.len(),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}
