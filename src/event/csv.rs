//! Rows of comma-separated values, as RFC 4180 has them.

use std::borrow::Cow;

use csv_core::ReadRecordResult;
use serde::{Deserialize, Serialize};

use super::cell::{Cell, Pair};
use super::wrong::{self, Trouble};
use crate::finding::{Code, Finding};

/// The first row of a log in CSV.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) columns: Vec<String>,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// The header that stands at `from`; none where its end has not come yet.
pub(super) fn header(bytes: &[u8], from: usize, ended: bool) -> Option<Header> {
    let end = match row_end(bytes, from) {
        Some(end) => end,
        None if ended => bytes.len(),
        None => return None,
    };
    let mut row = Row::default();
    row.read(bytes.get(from..end).unwrap_or_default());
    let columns = row.ranges().map(|range| {
        let name = row.cells.get(range).unwrap_or_default();
        String::from_utf8_lossy(name).trim().to_owned()
    });
    let columns = columns.collect();
    let before = bytes.get(..from).unwrap_or_default();
    Some(Header { columns, line: 1 + memchr::memchr_iter(b'\n', before).count() })
}

/// The cells of a row, one after the other, without quotation marks.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) cells: Vec<u8>,
    ends: Vec<usize>,
}

impl Row {
    /// Reads a row.
    pub(super) fn read(&mut self, row: &[u8]) {
        self.cells.resize(row.len() + 1, 0);
        self.ends.resize(memchr::memchr_iter(b',', row).count() + 2, 0);
        let mut reader = csv_core::Reader::new();
        let (mut read, mut written, mut cells) = (0, 0, 0);
        loop {
            // Given nothing more, it takes the row for ended.
            let (result, input, output, ends) = reader.read_record(
                row.get(read..).unwrap_or_default(),
                self.cells.get_mut(written..).unwrap_or_default(),
                self.ends.get_mut(cells..).unwrap_or_default(),
            );
            (read, written, cells) = (read + input, written + output, cells + ends);
            if result != ReadRecordResult::InputEmpty {
                break;
            }
        }
        self.cells.truncate(written);
        self.ends.truncate(cells);
    }

    /// Where the cells stand.
    pub(super) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start..*end)
    }
}

/// The cells of a row that hold something, under the names of their columns.
pub(super) fn pairs<'a>(
    line: &str,
    header: &'a Header,
    row: &'a Row,
    last: bool,
    pairs: &mut Vec<Pair<'a>>,
) -> Trouble<()> {
    let Ok(text) = std::str::from_utf8(&row.cells) else { return Ok(()) };
    let (found, wanted) = (row.ranges().count(), header.columns.len());
    if last && (found < wanted || row_end(format!("{line}\n").as_bytes(), 0).is_none()) {
        return Err(Box::new(wrong::truncated(line.len().saturating_sub(1))));
    }
    if found != wanted {
        let cells = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
        let message = format!("this line has {}, and the header {wanted}", cells(found));
        return Err(Box::new(
            Finding::error(Code::BadCsv, message)
                .at(wrong::whole(line), "as many cells as columns are needed")
                .help("write a cell with a comma in it between quotation marks, and leave one empty that is absent"),
        ));
    }
    let cells = row.ranges().map(|range| text.get(range).unwrap_or_default());
    let held = header.columns.iter().zip(cells).filter(|(_, raw)| !raw.is_empty());
    pairs.extend(held.map(|(column, raw)| (Cow::Borrowed(column.as_str()), Cell { raw, json: false })));
    Ok(())
}

/// Where a line begins, some lines after the first.
pub(super) fn start_of_line(bytes: &[u8], after: usize) -> usize {
    let breaks = memchr::memchr_iter(b'\n', bytes);
    after.checked_sub(1).and_then(|before| breaks.clone().nth(before)).map_or(0, |at| at + 1)
}

/// The end of the last whole row, its line break included; 0 where there is none.
pub(super) fn end_of_rows(bytes: &[u8]) -> usize {
    let mut end = 0;
    while let Some(next) = row_end(bytes, end) {
        end = next;
    }
    end
}

/// Where a row ends that begins at `from`, its line break included: a break between quotation marks is part of a cell.
pub(super) fn row_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        if bytes.get(at) == Some(&b'"') {
            at = quoted_end(bytes, at + 1)?;
        }
        let next = at + memchr::memchr2(b',', b'\n', bytes.get(at..)?)?;
        if bytes.get(next) == Some(&b'\n') {
            return Some(next + 1);
        }
        at = next + 1;
    }
}

/// Where a cell ends whose quotation mark has been opened.
fn quoted_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(b'"', bytes.get(at..)?)? + 1;
        if bytes.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}
