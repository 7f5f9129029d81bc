//! How a replay finds what something that happens concerns.

use rust_decimal::Decimal;

use super::aggregate::Summary;
use super::state::Turn;
use super::{InstanceId, Replay, What};
use crate::eval::Onset;
use crate::model::{ArticleId, Pattern, Program, StateId, TallyId, Value};
use crate::time::Instant;

/// How a replay finds what something that happens concerns.
///
/// The definition looks at everything; the monitor looks it up. Naming too many does no harm, as each is then asked
/// whether it is concerned; naming too few does. All are named in the order of articles, and of duties as they began.
pub(crate) trait Lookup: Sized {
    /// Nothing has begun.
    fn of(program: &Program) -> Self;

    /// Whether anything may look back at something that happens.
    fn remembers(replay: &Replay<'_, Self>, what: &What) -> bool;

    /// Whether anything may ask what has become of an article's duties that are over.
    fn keeps(replay: &Replay<'_, Self>, article: ArticleId) -> bool;

    /// What has happened is taken in by tallies and aggregates; states turn with it later.
    fn takes_in(replay: &mut Replay<'_, Self>, place: usize);

    /// States turn with what happened at a place.
    fn turns(replay: &mut Replay<'_, Self>, place: usize);

    /// When a state began and ended, where that is kept up to date.
    fn turns_of<'r>(replay: &'r Replay<'_, Self>, state: StateId, of: &[Value]) -> Option<&'r [Turn]>;

    /// What a tally has been changed by, where that is kept up to date.
    fn tally(replay: &Replay<'_, Self>, tally: TallyId, of: &[Value]) -> Option<Decimal>;

    /// What the events of a pattern from one instant up to another come to, where that is kept up to date.
    fn summary(
        replay: &Replay<'_, Self>,
        pattern: &Pattern,
        wanted: &[Value],
        span: (Instant, Instant),
    ) -> Option<Summary>;

    /// Where that is kept up to date, the first event of a pattern of whose time something holds that holds of all
    /// later ones.
    #[expect(clippy::option_option, reason = "not kept up to date, and none that is meant")]
    fn first_since(
        replay: &Replay<'_, Self>,
        pattern: &Pattern,
        wanted: &[Value],
        holds: impl Fn(Instant) -> bool,
    ) -> Option<Option<Instant>>;

    /// The articles that what happened at a place may set off.
    fn set_off(replay: &Replay<'_, Self>, place: usize) -> Vec<ArticleId>;

    /// The duties that what happened at a place may meet, break or excuse, or whose windows wait for it.
    fn concerned(replay: &mut Replay<'_, Self>, place: usize) -> Vec<InstanceId>;

    /// Begins the duties of an onset and holds them apart, where nothing hangs on them; false where it does not.
    fn begins_plain(replay: &mut Replay<'_, Self>, onset: &Onset) -> bool;

    /// The replay has ended: tells how those stand that were held apart.
    fn tell_the_rest(replay: &mut Replay<'_, Self>);

    /// The duties of which conditions are to be judged, the instant being complete.
    fn judged(replay: &mut Replay<'_, Self>) -> Vec<InstanceId>;

    /// Whether there is none.
    fn is_settled(replay: &Replay<'_, Self>) -> bool;

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

    fn remembers(_replay: &Replay<'_, Self>, _what: &What) -> bool {
        true
    }

    fn keeps(_replay: &Replay<'_, Self>, _article: ArticleId) -> bool {
        true
    }

    fn takes_in(_replay: &mut Replay<'_, Self>, _place: usize) {}

    fn turns(_replay: &mut Replay<'_, Self>, _place: usize) {}

    fn turns_of<'r>(_replay: &'r Replay<'_, Self>, _state: StateId, _of: &[Value]) -> Option<&'r [Turn]> {
        None
    }

    fn tally(_replay: &Replay<'_, Self>, _tally: TallyId, _of: &[Value]) -> Option<Decimal> {
        None
    }

    fn summary(
        _replay: &Replay<'_, Self>,
        _pattern: &Pattern,
        _wanted: &[Value],
        _span: (Instant, Instant),
    ) -> Option<Summary> {
        None
    }

    fn first_since(
        _replay: &Replay<'_, Self>,
        _pattern: &Pattern,
        _wanted: &[Value],
        _holds: impl Fn(Instant) -> bool,
    ) -> Option<Option<Instant>> {
        None
    }

    fn set_off(replay: &Replay<'_, Self>, _place: usize) -> Vec<ArticleId> {
        replay.program.articles.ids().collect()
    }

    fn concerned(replay: &mut Replay<'_, Self>, place: usize) -> Vec<InstanceId> {
        replay.concerned_at_most(place)
    }

    fn begins_plain(_replay: &mut Replay<'_, Self>, _onset: &Onset) -> bool {
        false
    }

    fn tell_the_rest(_replay: &mut Replay<'_, Self>) {}

    fn judged(replay: &mut Replay<'_, Self>) -> Vec<InstanceId> {
        replay.judged_at_most()
    }

    fn is_settled(_replay: &Replay<'_, Self>) -> bool {
        false
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
