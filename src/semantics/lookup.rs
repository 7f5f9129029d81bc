//! How a replay finds what something that happens concerns.

use super::{InstanceId, Replay};
use crate::model::{ArticleId, Program};
use crate::time::Instant;

/// How a replay finds what something that happens concerns.
///
/// The definition looks at everything; the monitor looks it up. Naming too many does no harm, as each is then asked
/// whether it is concerned; naming too few does. All are named in the order of articles, and of duties as they began.
pub(crate) trait Lookup: Sized {
    /// Nothing has begun.
    fn of(program: &Program) -> Self;

    /// The articles that what happened at a place may set off.
    fn set_off(replay: &Replay<'_, Self>, place: usize) -> Vec<ArticleId>;

    /// The duties that what happened at a place may meet, break or excuse, or whose windows wait for it.
    fn concerned(replay: &mut Replay<'_, Self>, place: usize) -> Vec<InstanceId>;

    /// The duties of which conditions are to be judged, the instant being complete.
    fn judged(replay: &mut Replay<'_, Self>) -> Vec<InstanceId>;

    /// The duties whose windows may end just before this instant.
    fn ending(replay: &mut Replay<'_, Self>) -> Vec<InstanceId>;

    /// The duties that may be overdue, the clock being about to pass this instant.
    fn overdue(replay: &mut Replay<'_, Self>) -> Vec<InstanceId>;

    /// A duty has begun, and something can still happen to it.
    fn begins(replay: &mut Replay<'_, Self>, id: InstanceId);

    /// A duty's window, clock or status has changed.
    fn changes(replay: &mut Replay<'_, Self>, id: InstanceId);

    /// Something may happen to a duty at an instant.
    fn wakes(replay: &mut Replay<'_, Self>, id: InstanceId, at: Instant);

    /// Nothing more can happen to a duty.
    fn is_over(replay: &mut Replay<'_, Self>, id: InstanceId);
}

/// The definition's way: it looks at everything.
pub(crate) struct Everything;

impl Lookup for Everything {
    fn of(_program: &Program) -> Self {
        Everything
    }

    fn set_off(replay: &Replay<'_, Self>, _place: usize) -> Vec<ArticleId> {
        replay.program.articles.ids().collect()
    }

    fn concerned(replay: &mut Replay<'_, Self>, place: usize) -> Vec<InstanceId> {
        replay.concerned_at_most(place)
    }

    fn judged(replay: &mut Replay<'_, Self>) -> Vec<InstanceId> {
        replay.judged_at_most()
    }

    fn ending(replay: &mut Replay<'_, Self>) -> Vec<InstanceId> {
        replay.live()
    }

    fn overdue(replay: &mut Replay<'_, Self>) -> Vec<InstanceId> {
        replay.live()
    }

    fn begins(_replay: &mut Replay<'_, Self>, _id: InstanceId) {}

    fn changes(_replay: &mut Replay<'_, Self>, _id: InstanceId) {}

    fn wakes(_replay: &mut Replay<'_, Self>, _id: InstanceId, _at: Instant) {}

    fn is_over(_replay: &mut Replay<'_, Self>, _id: InstanceId) {}
}
