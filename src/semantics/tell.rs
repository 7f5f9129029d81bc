//! What is told, and when: a verdict as soon as nothing can change it and, online, a breach as soon as it is certain.

use super::{InstanceId, Lookup, Replay};
use crate::arena::Id;
use crate::model::ArticleId;
use crate::verdict::Verdict;

impl<L: Lookup> Replay<'_, L> {
    /// Breaches are told from now on as soon as they are certain, each once.
    pub(crate) fn go_online(&mut self) {
        self.online = true;
    }

    /// What has become certain and has not been told yet, with the number of each duty in the order in which they began.
    pub(crate) fn take_told(&mut self) -> Vec<(usize, Verdict)> {
        std::mem::take(&mut self.told)
    }

    /// Whether breaches are told at once.
    pub(crate) fn is_online(&self) -> bool {
        self.online
    }

    /// The number of the next duty to begin.
    pub(crate) fn next_number(&self) -> InstanceId {
        InstanceId::from_index(self.instances.begun())
    }

    /// Gives numbers to duties that are held apart.
    pub(crate) fn number(&mut self, duties: usize) {
        self.instances.leave_out(duties);
    }

    /// Tells what has become of a duty that is held apart.
    pub(crate) fn tell_plain(&mut self, number: usize, verdict: Verdict) {
        self.told.push((number, verdict));
    }

    /// A duty has been broken, perhaps once more.
    pub(super) fn note_breach(&mut self, id: InstanceId) {
        if self.online {
            self.broken.push(id);
        }
    }

    /// The instant is over: tells what it has decided, and lets go of what is told.
    pub(super) fn tell(&mut self) {
        if self.finished.is_empty() && self.broken.is_empty() {
            return;
        }
        let mut finished = std::mem::take(&mut self.finished);
        finished.sort_unstable();
        for id in finished.drain(..) {
            let instance = self.instances.at_mut(id);
            instance.closed = true;
            let (article, told) = (instance.verdict.article, instance.told);
            let verdict = if L::keeps(self, article) {
                Some(self.instances.at(id).verdict.clone())
            } else {
                self.instances.take(id).map(|instance| instance.verdict)
            };
            self.told.extend(verdict.map(|verdict| (id.index(), verdict.untold(told))));
        }
        self.finished = finished;
        let mut broken = std::mem::take(&mut self.broken);
        broken.sort_unstable();
        broken.dedup();
        for id in broken {
            self.tell_breach(id);
        }
    }

    /// Tells that a duty is broken to which something can still happen; what has been told is let go, but for the last.
    fn tell_breach(&mut self, id: InstanceId) {
        if self.instances.get(id).is_none_or(|instance| instance.over) {
            return;
        }
        let instance = self.instances.at_mut(id);
        let verdict = instance.verdict.clone().untold(instance.told);
        let (breaches, acts) = (&mut instance.verdict.breaches, &mut instance.verdict.acts);
        breaches.drain(..breaches.len().saturating_sub(1));
        if instance.norm.forbids() {
            acts.drain(..acts.len().saturating_sub(1));
        }
        instance.told = (breaches.len(), if instance.norm.forbids() { acts.len() } else { 0 });
        self.told.push((id.index(), verdict));
    }

    /// The replay has ended: tells how everything else stands.
    pub(crate) fn tell_the_rest(&mut self) {
        self.tell();
        let decided = self.told.len();
        L::tell_the_rest(self);
        let held: Vec<InstanceId> = self.instances.entries().map(|(id, _)| id).collect();
        for id in held {
            let instance = self.instances.at_mut(id);
            if !instance.closed {
                instance.at_the_end();
                let verdict = instance.verdict.clone().untold(instance.told);
                self.told.push((id.index(), verdict));
            }
        }
        if let Some(rest) = self.told.get_mut(decided..) {
            rest.sort_by_key(|(number, _)| *number);
        }
    }

    /// The duties of an article of which something may be asked.
    pub(super) fn instances_of(&self, article: ArticleId) -> impl Iterator<Item = &super::instance::Instance<'_>> {
        self.instances.of(article)
    }
}

impl Verdict {
    /// It without the breaches, and the acts that are theirs, that have been told already.
    fn untold(mut self, (breaches, acts): (usize, usize)) -> Verdict {
        self.breaches.drain(..breaches.min(self.breaches.len()));
        self.acts.drain(..acts.min(self.acts.len()));
        self
    }
}
