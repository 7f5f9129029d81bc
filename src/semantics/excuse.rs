//! Excuses: what discharges a duty.

use super::{InstanceId, Lookup, Replay};
use crate::eval::any;
use crate::model::{EventId, MomentKind};
use crate::time::Instant;
use crate::verdict::{Doubt, Status};

impl<L: Lookup> Replay<'_, L> {
    /// `excused by EVENT`: discharges a pending duty; of one that is broken, it ends the breach.
    pub(super) fn excuse_by(&mut self, id: InstanceId, place: usize) {
        let instance = self.instances.at(id);
        if instance.norm.excused_by.is_empty() || instance.over {
            return;
        }
        let waited = instance.norm.excused_by.iter();
        let excuses = any(waited.map(|event| self.is_happening(event, place, &instance.verdict.frame)));
        let event = self.event_at(place);
        match excuses {
            Some(true) => self.excuse(id, self.now, event),
            None if instance.is_pending() || instance.norm.forbids() => {
                let doubt = event.map_or(Doubt::Excuse, Doubt::Act);
                self.instances.at_mut(id).verdict.doubtful(doubt);
            }
            _ => {}
        }
    }

    /// A duty is discharged; of one that is broken, the breach is waived.
    pub(super) fn excuse(&mut self, id: InstanceId, at: Instant, event: Option<EventId>) {
        let instance = self.instances.at_mut(id);
        if instance.over {
            return;
        }
        if !instance.is_pending() {
            instance.waived = true;
            // What is forbidden is discharged for the time to come as well.
            instance.over = instance.norm.forbids();
            return;
        }
        instance.verdict.acts.extend(event);
        instance.comes_to(Status::Excused, at);
        self.moment(id, MomentKind::Excused, at);
    }

    /// A duty is ended by the treaty or by its bearer's exit.
    pub(super) fn lapse(&mut self, id: InstanceId) {
        let now = self.now;
        let instance = self.instances.at_mut(id);
        if instance.over || !instance.is_pending() {
            return;
        }
        instance.comes_to(Status::Lapsed, now);
        self.moment(id, MomentKind::Lapses, now);
        self.forget(id);
    }
}
