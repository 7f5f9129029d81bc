//! Stands in for what the monitor is to keep of itself: it is made again from the log.

use servanda::event::{Batch, Cutter, Parser, Reader};
use servanda::monitor::Monitor;
use servanda::source::SourceId;

use super::session::Setting;
use crate::logs;

/// What a monitor keeps of itself.
pub fn keep(_monitor: &Monitor<'_>) -> Vec<u8> {
    Vec::new()
}

/// A monitor that goes on.
pub fn kept<'p>(
    setting: &Setting<'p>,
    source: SourceId,
    _kept: &[u8],
    path: &str,
    size: usize,
) -> Result<Monitor<'p>, String> {
    if logs::is_pipe(path) || path == "<stdin>" {
        return Err("what came on a pipe cannot be gone on with yet".to_owned());
    }
    let (_, bytes) = logs::whole(path)?;
    let mut cutter = Cutter::default();
    let mut buffer = cutter.buffer();
    buffer.extend_from_slice(bytes.get(..size).unwrap_or_default());
    let mut reader = Reader::new(setting.program, setting.reading, source);
    let mut monitor = Monitor::new(setting.program, setting.options);
    if let Some(block) = cutter.cut(buffer, false) {
        let mut batch = Batch::default();
        Parser::new(setting.program, setting.reading).parse(block, &mut batch);
        monitor.add(|log| reader.add(batch, log), &mut |_, _, _| {});
        monitor.advance(reader.earliest(), &mut |_, _, _| {});
    }
    Ok(monitor)
}
