//! The docket: every duty, a row each.

use comfy_table::ColumnConstraint::{Absolute, ContentWidth};
use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, TableComponent, Width};

use super::{Scene, Style};
use crate::arena::Set;
use crate::model::TreatyId;
use crate::verdict::{Status, Trigger, Verdict};

/// How wide a status may be, and its column with the white space around it.
const STATUS: usize = 30;
const STATUS_COLUMN: u16 = 32;
/// How many acts that came too early are told under it.
const MOST_EARLY: usize = 10;

/// The docket of the first `limit` duties, those of one article together.
pub fn docket(scene: Scene<'_>, verdicts: &[&Verdict], style: Style, limit: usize) -> String {
    let mut rows: Vec<_> = verdicts.iter().copied().take(limit).collect();
    rows.sort_by_key(|verdict| verdict.article);
    let remarks = remarks(scene, &rows);
    let mut table = plain_table(style);
    table.set_header(["article", "bearer", "claimant", "trigger", "due", "status"].map(|title| bold(title, style)));
    // Where the width does not suffice, it is the trigger and the parties that wrap, and what is said of a long status.
    let longest = rows.iter().map(|verdict| scene.standing(verdict).chars().count()).max().unwrap_or_default();
    let status = if longest > STATUS { Absolute(Width::Fixed(STATUS_COLUMN)) } else { ContentWidth };
    let constraints = [(0, ContentWidth), (4, ContentWidth), (5, status)];
    for (column, constraint) in constraints {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(constraint);
        }
    }
    let several = scene.program.treaties.len() > 1;
    let zone = |treaty: TreatyId| scene.program.treaties.at(treaty).zone().name();
    let mut treaty: Option<TreatyId> = None;
    for verdict in rows {
        let article = scene.article(verdict);
        if several && treaty != Some(article.treaty) {
            treaty = Some(article.treaty);
            let name = &scene.program.treaties.at(article.treaty).name;
            table.add_row([bold(name, style), Cell::new(format!("({})", zone(article.treaty)))]);
        }
        let at = scene.local_time(verdict, verdict.triggered_at);
        let trigger = match verdict.trigger {
            // The instant of a moment is told by the row that it is a moment of, that of the entry by the header.
            Trigger::Moment { .. } | Trigger::EntryIntoForce => scene.trigger(verdict),
            Trigger::Clock => at,
            Trigger::State { .. } if scene.trigger(verdict) == at => at,
            Trigger::Event(_) | Trigger::State { .. } => format!("{}, {at}", scene.trigger(verdict)),
        };
        table.add_row([
            Cell::new(&article.label),
            Cell::new(scene.bearer_shown(verdict)),
            Cell::new(scene.bearer(&verdict.owed_to).unwrap_or_default()),
            Cell::new(trigger),
            Cell::new(verdict.due.map(|due| scene.zone(verdict).show_local_end(due)).unwrap_or_default()),
            coloured(Cell::new(scene.standing(verdict)), verdict.status, style),
        ]);
    }
    let times = if several { "times are those of each treaty's zone" } else { "times are those of" };
    let zone = if several { String::new() } else { format!(" {}", scene.program.zone().name()) };
    format!("{}\n{times}{zone}\n{remarks}", drawn(&table))
}

/// What a table has no room for: how vague deadlines are read, and acts that came too early.
fn remarks(scene: Scene<'_>, rows: &[&Verdict]) -> String {
    let reading = |verdict: &&Verdict| {
        let article = scene.article(verdict);
        scene.reading(article).map(|reading| format!("{}: `{reading}`", scene.called(article)))
    };
    let readings: Set<String> = rows.iter().filter_map(reading).collect();
    let early: Vec<String> = rows.iter().flat_map(|verdict| scene.too_early(verdict)).collect();
    let more = early.len().saturating_sub(MOST_EARLY);
    let more = (more > 0).then(|| format!("and {more} more acts that came too early"));
    let lines = readings.into_iter().chain(early.into_iter().take(MOST_EARLY)).chain(more);
    lines.map(|line| format!("{line}\n")).collect()
}

/// A table with a line under its header, and no other.
pub(super) fn plain_table(style: Style) -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING);
    table.set_style(TableComponent::HeaderLines, '─');
    table.set_style(TableComponent::MiddleHeaderIntersections, '─');
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(style.width).unwrap_or(u16::MAX));
    if style.colour {
        table.enforce_styling();
    }
    table
}

/// The lines of a table, without white space at their ends.
pub(super) fn drawn(table: &Table) -> String {
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Colours a status by what it means.
pub(super) fn coloured(cell: Cell, status: Status, style: Style) -> Cell {
    if !style.colour {
        return cell;
    }
    match status {
        Status::Breached => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        Status::Late | Status::Cured | Status::InvalidExercise => cell.fg(Color::Red),
        Status::Met | Status::Observed => cell.fg(Color::Green),
        Status::Indeterminate | Status::Suspended => cell.fg(Color::Yellow),
        Status::Excused | Status::Lapsed | Status::Blocked | Status::Pending | Status::Open => cell,
    }
}

pub(super) fn bold(text: &str, style: Style) -> Cell {
    let cell = Cell::new(text);
    if style.colour { cell.add_attribute(Attribute::Bold) } else { cell }
}
