//! The life of one instance, from its trigger to the end of the log.

use std::sync::Arc;

use super::{Leave, Point, Semantics};
use crate::model::{EventId, Moment, MomentKind, Norm, Subject, Trigger};
use crate::verdict::{Doubt, Status, Verdict};

/// A duty at its end, and the moments that led there.
pub(super) struct Life {
    pub(super) verdict: Verdict,
    pub(super) moments: Vec<(Arc<Moment>, Point)>,
}

impl Life {
    fn moment(&mut self, kind: MomentKind, point: Point, norm: &Norm) {
        let together = matches!(norm.subject, Subject::Group { together: true, .. });
        let moments = self.verdict.moments(kind, point.at, together).into_iter();
        self.moments.extend(moments.map(|moment| (moment, point)));
    }
}

impl Semantics<'_> {
    /// Follows an instance that starts at a point.
    pub(super) fn live(&self, verdict: Verdict, from: Point) -> Life {
        let norm = &self.world.program.articles.at(verdict.article).norm;
        let mut life = Life { verdict, moments: Vec::new() };
        if life.verdict.status == Status::Indeterminate {
            return life;
        }
        life.moment(MomentKind::Triggered, from, norm);
        if norm.forbids() {
            self.prohibition(&mut life, norm, from);
        } else {
            self.duty(&mut life, norm, from);
        }
        // What has no end cannot wait for one: a doubt stays.
        let verdict = &mut life.verdict;
        if verdict.doubt.is_some() && matches!(verdict.status, Status::Open | Status::Observed) {
            verdict.status = Status::Indeterminate;
        }
        life
    }

    fn duty(&self, life: &mut Life, norm: &Norm, from: Point) {
        match self.world.any(&norm.unless, &life.verdict.frame) {
            Some(true) => {
                life.verdict.comes_to(Status::Excused, from.at);
                return;
            }
            None => life.verdict.doubtful(Doubt::Excuse),
            Some(false) => {}
        }
        let due = life.verdict.due;
        if due.is_some_and(|due| due < from.at) {
            breach(life, norm, from);
        }
        for (index, event) in self.events.iter().enumerate().skip(from.next) {
            let at = self.world.log.events.at(*event).at;
            if let Some(due) = due.filter(|due| *due < at) {
                breach(life, norm, Point { at: due, next: index });
            }
            if self.act(life, norm, *event, Point { at, next: index + 1 }) {
                return;
            }
        }
        if let Some(due) = due.filter(|due| *due < self.end) {
            breach(life, norm, Point { at: due, next: self.events.len() });
        }
    }

    /// What an event does to a duty; true where nothing more can happen to it.
    fn act(&self, life: &mut Life, norm: &Norm, event: EventId, point: Point) -> bool {
        if life.verdict.status == Status::Indeterminate {
            return true;
        }
        let pending = matches!(life.verdict.status, Status::Pending | Status::Open);
        let performs = self.world.is_act(norm, event, &life.verdict.frame);
        if performs != Some(false) && pending && life.verdict.opens.is_some_and(|opens| point.at < opens) {
            life.verdict.premature.push(event);
        } else if performs == Some(true) {
            if self.world.suffices(norm, event, &mut life.verdict) {
                let verdict = &mut life.verdict;
                verdict.comes_to(if pending { Status::Met } else { Status::Late }, point.at);
                verdict.acts.push(event);
                if pending {
                    life.moment(MomentKind::Met, point, norm);
                }
                return true;
            }
        } else if performs.is_none() && pending {
            life.verdict.doubtful(Doubt::Act(event));
        }
        match self.world.excuses(norm, event, &life.verdict.frame) {
            Some(true) if pending => {
                life.verdict.excused_by(event, point.at);
                true
            }
            None if pending => {
                life.verdict.doubtful(Doubt::Act(event));
                false
            }
            _ => false,
        }
    }

    fn prohibition(&self, life: &mut Life, norm: &Norm, from: Point) {
        let stands = matches!(norm.trigger, Trigger::EntryIntoForce);
        let treaty = self.treaty_of(life.verdict.article).filter(|_| stands);
        let leave = treaty.and_then(|treaty| treaty.left.get(life.verdict.bearer.parties.first()?)).copied();
        let expiry = treaty.and_then(|treaty| treaty.until);
        let mut end = life.verdict.due.map(|due| self.before(due)).into_iter().chain(expiry).min();
        if life.verdict.due.is_some_and(|due| due <= from.at) {
            return unbroken(life, norm, from);
        }
        if let Some(leave) = leave.filter(|leave| leave.event < from.next) {
            end = Some(leaves(life, leave, end));
        }
        for (index, event) in self.events.iter().enumerate().skip(from.next) {
            let at = self.world.log.events.at(*event).at;
            if let Some(end) = end.filter(|end| *end <= Point { at, next: index }) {
                return unbroken(life, norm, end);
            }
            if self.forbidden_act(life, norm, *event, Point { at, next: index + 1 }) {
                return;
            }
            if let Some(leave) = leave.filter(|leave| leave.event == index) {
                end = Some(leaves(life, leave, end));
            }
        }
        if let Some(end) = end.filter(|end| end.at <= self.end) {
            unbroken(life, norm, end);
        }
    }

    /// What an event does to a prohibition; true where it discharges it.
    fn forbidden_act(&self, life: &mut Life, norm: &Norm, event: EventId, point: Point) -> bool {
        match self.world.breaks(norm, event, &life.verdict) {
            Some(true) => {
                life.verdict.broken_by(event, point.at);
                life.moment(MomentKind::Breached, point, norm);
            }
            None => life.verdict.doubtful(Doubt::Act(event)),
            Some(false) => {}
        }
        match self.world.excuses(norm, event, &life.verdict.frame) {
            Some(true) => {
                life.verdict.excused_by(event, point.at);
                true
            }
            None => {
                life.verdict.doubtful(Doubt::Act(event));
                false
            }
            Some(false) => false,
        }
    }
}

/// The clock has passed the due instant: what is pending is breached, or cannot be told.
fn breach(life: &mut Life, norm: &Norm, point: Point) {
    if life.verdict.overdue(norm, point.at) {
        life.moment(MomentKind::Breached, point, norm);
    }
}

/// A prohibition has ended: if nothing broke it, it was kept.
fn unbroken(life: &mut Life, norm: &Norm, point: Point) {
    if life.verdict.ended(point.at) {
        life.moment(MomentKind::Met, point, norm);
    }
}

/// The bearer leaves the treaty: a standing prohibition ends with its notice, if not before.
fn leaves(life: &mut Life, leave: Leave, end: Option<Point>) -> Point {
    life.verdict.end_by(leave.effect.at);
    end.unwrap_or(leave.effect).min(leave.effect)
}
