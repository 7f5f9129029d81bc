//! How far a log has been replayed, on a terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a replay takes at least of which it is shown how far it has come.
const SOON: Duration = Duration::from_secs(1);

/// A bar or, where nobody knows how much will come, a number; it goes away when dropped.
pub struct Progress {
    bar: ProgressBar,
    began: Instant,
    passed: Arc<AtomicU64>,
    /// How many events had come before it began.
    before: Option<usize>,
    waits: bool,
}

impl Progress {
    /// Of a log of a size, of which it is counted how much has passed.
    pub fn new(is_shown: bool, size: Option<u64>, passed: Arc<AtomicU64>) -> Progress {
        let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::hidden());
        let template = match size {
            Some(_) => "{wide_bar} {percent}%  {msg}, {eta} left",
            None => "{spinner} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Progress { bar, began: Instant::now(), passed, before: None, waits: is_shown }
    }

    /// So many events have come.
    pub fn come(&mut self, events: usize) {
        let before = *self.before.get_or_insert(events);
        let time = self.began.elapsed();
        if self.waits && time >= SOON {
            self.waits = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(Duration::from_millis(100));
        }
        if self.waits || self.bar.is_hidden() {
            return;
        }
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        let a_second = (events - before) as u64 * 1_000 / millis;
        self.bar.set_position(self.passed.load(Ordering::Relaxed));
        self.bar.set_message(format!("{events} events, {a_second} a second"));
    }

    /// Lets something be written without the bar in its way.
    pub fn aside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
