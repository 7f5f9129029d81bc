//! A monitor that is saved, to go on later.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::accounts;
use super::lookup::{Indexed, Place, Timed};
use super::online::Monitor;
use super::plain;
use crate::event::{Held, Log};
use crate::model::Program;
use crate::semantics::{Options, Replay, Saved};

/// The version of what is saved: another program can go on from it where this is the same.
pub const STATE: &str = "servanda.state/1";

/// Why a replay cannot be saved, or cannot go on from what was saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It was not saved by this version, or not whole.
    #[error("it is damaged, or was saved by another version")]
    Damaged,
    /// It belongs to other treaties.
    #[error("it was saved for other treaties")]
    Other,
}

/// What a monitor keeps of itself.
#[derive(Serialize, Deserialize)]
struct State {
    replay: Saved,
    lookup: LookupState,
    log: Log,
    next: usize,
}

/// What the monitor's lookup cannot make anew.
#[derive(Serialize, Deserialize)]
pub(super) struct LookupState {
    pub(super) timers: Vec<Timed>,
    pub(super) ending: BTreeSet<Place>,
    pub(super) overdue: BTreeSet<Place>,
    pub(super) unjudged: BTreeSet<Place>,
    pub(super) accounts: accounts::State,
    pub(super) plain: plain::State,
}

impl<'p> Monitor<'p> {
    /// What has to be kept for the replay to go on with [`Monitor::resume`]. Everything that has become certain has been
    /// told.
    ///
    /// # Errors
    ///
    /// Never, as everything in it can be written; the signature is that of the writer.
    pub fn save(&self) -> Result<Vec<u8>, StateError> {
        let state = State {
            replay: self.replay.saved(),
            lookup: self.replay.lookup.saved(),
            log: (*self.replay.log).clone(),
            next: self.next,
        };
        postcard::to_stdvec(&state).map_err(|_| StateError::Damaged)
    }

    /// A replay that goes on from what [`Monitor::save`] kept, with the same treaties and options.
    ///
    /// # Errors
    ///
    /// [`StateError`] where that is damaged, or was saved for other treaties.
    pub fn resume(program: &'p Program, options: Options, bytes: &[u8]) -> Result<Monitor<'p>, StateError> {
        let state: State = postcard::from_bytes(bytes).map_err(|_| StateError::Damaged)?;
        let log = Held::Growing(Arc::new(state.log));
        let mut replay: Replay<'p, Indexed> = Replay::new(program, log, options.standard);
        replay.go_online();
        if !replay.go_on(state.replay) || !replay.lookup.go_on(state.lookup) {
            return Err(StateError::Other);
        }
        Ok(Monitor::going_on(replay, options, state.next))
    }
}
