//! Plain duties: an act that is owed by a fixed instant, and of which nothing else is said.
//!
//! Most duties are of this sort. All that sets them apart from one another is who owes them, so that those of one
//! trigger are held together, a bit each, and become verdicts when they are told.

use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::index::{holds_one, is_one};
use super::lookup::Indexed;
use crate::arena::{Id, Map};
use crate::eval::{From, Onset};
use crate::model::{
    ArticleId, BEARER, Deed, EventId, Expr, KindId, Limit, Members, Norm, PartyId, Program, Slot, Subject, Trigger,
    Value, Want,
};
use crate::semantics::{InstanceId, Kept, Replay, names_in};
use crate::syntax::ast::Modal;
use crate::time::Instant;
use crate::verdict::{self, Bearer, Breach, Doubt, Status, Verdict};

/// What an act must say, and who must do it where a single party owes it.
type Key = Arc<[Value]>;

/// The plain duties that have begun and are not decided.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// The articles whose duties are plain, and which of them an event of a kind may perform.
    articles: Map<ArticleId, Shape>,
    of_kind: Map<KindId, Vec<ArticleId>>,
    groups: Vec<Option<Group>>,
    free: Vec<usize>,
    /// When the duties of a group are due; the number of the first of them tells whether it is still the same group.
    due: BinaryHeap<Reverse<(Instant, InstanceId, usize)>>,
}

/// How the act of an article is found.
#[derive(Debug)]
struct Shape {
    kind: KindId,
    /// Fields that must hold what is known beforehand, and those that must hold what the trigger says.
    fixed: Vec<(usize, Value)>,
    asked: Vec<(usize, Expr)>,
    /// The field that must name the bearer, which is a part of the key where a single party owes it; where there is none,
    /// the trigger says who must act.
    actor: Option<usize>,
    single: bool,
    /// The groups whose act says so.
    waiting: Map<Key, Vec<usize>>,
}

/// Plain duties as they are saved.
pub(super) type State = Vec<Group>;

/// The duties of one trigger.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Group {
    article: ArticleId,
    event: EventId,
    frame: Arc<[Value]>,
    key: Key,
    at: Instant,
    due: Instant,
    /// The number of the first, in the order in which duties began; the others follow.
    first: InstanceId,
    bearers: Arc<[PartyId]>,
    /// A bit for each bearer whose duty is pending, and for each whose duty is broken and not performed.
    pending: u64,
    broken: u64,
    /// Acts of bearers of which it cannot be told whether they were in time; the first of each counts.
    doubts: Vec<(usize, EventId)>,
}

impl Plain {
    /// `is_isolated` says whether nothing else hangs on the duties of an article, nor they on anything else.
    pub(super) fn of(program: &Program, is_isolated: impl Fn(ArticleId) -> bool) -> Plain {
        let mut plain = Plain::default();
        for (id, article) in program.articles.entries() {
            if is_isolated(id)
                && let Some(shape) = shape(program, &article.norm)
            {
                plain.of_kind.entry(shape.kind).or_default().push(id);
                plain.articles.insert(id, shape);
            }
        }
        plain
    }

    /// The groups, to be saved.
    pub(super) fn saved(&self) -> State {
        let mut groups: State = self.groups.iter().flatten().cloned().collect();
        groups.sort_by_key(|group| group.first);
        groups
    }

    /// Goes on from what was saved; false where it is of other treaties.
    pub(super) fn go_on(&mut self, state: State) -> bool {
        let fits = state.iter().all(|group| self.is_plain(group.article));
        if fits {
            for group in state {
                self.add(group);
            }
        }
        fits
    }

    /// Whether the duties of an article are plain.
    pub(super) fn is_plain(&self, article: ArticleId) -> bool {
        self.articles.contains_key(&article)
    }

    /// Adds every event that may still be asked for.
    pub(super) fn trace(&self, kept: &mut Kept) {
        for group in self.groups.iter().flatten() {
            kept.event(group.event);
            kept.values(group.frame.iter());
            group.doubts.iter().for_each(|(_, event)| kept.event(*event));
        }
    }

    fn add(&mut self, group: Group) {
        let place = self.free.pop().unwrap_or(self.groups.len());
        if let Some(shape) = self.articles.get_mut(&group.article) {
            shape.waiting.entry(Arc::clone(&group.key)).or_default().push(place);
        }
        self.due.push(Reverse((group.due, group.first, place)));
        match self.groups.get_mut(place) {
            Some(free) => *free = Some(group),
            None => self.groups.push(Some(group)),
        }
    }

    /// Drops a group of which every duty is decided.
    fn drop_if_decided(&mut self, place: usize) {
        let Some(slot) = self.groups.get_mut(place) else { return };
        let Some(group) = slot.take_if(|group| group.pending == 0 && group.broken == 0) else { return };
        self.free.push(place);
        if let Some(shape) = self.articles.get_mut(&group.article)
            && let Some(waiting) = shape.waiting.get_mut(&group.key)
        {
            waiting.retain(|other| *other != place);
            if waiting.is_empty() {
                shape.waiting.swap_remove(&group.key);
            }
        }
    }

    /// Of the broken duties of a group, those that cannot be told to be broken are decided as well.
    fn leave_doubtful(&mut self, place: usize) -> u64 {
        let Some(Some(group)) = self.groups.get_mut(place) else { return 0 };
        let doubtful = group.doubts.iter().fold(0, |bits, (bearer, _)| bits | 1 << bearer) & group.broken;
        group.broken &= !doubtful;
        doubtful
    }

    /// The next group that was due at an instant or before, its duties now broken.
    fn overdue(&mut self, now: Instant) -> Option<(usize, u64)> {
        loop {
            let Reverse((due, first, place)) = *self.due.peek()?;
            if due > now {
                return None;
            }
            self.due.pop();
            if let Some(Some(group)) = self.groups.get_mut(place)
                && group.first == first
                && group.pending != 0
            {
                let newly = std::mem::take(&mut group.pending);
                group.broken |= newly;
                return Some((place, newly));
            }
        }
    }
}

impl Group {
    /// The duty of one bearer, as it stands.
    fn verdict(
        &self,
        replay: &Replay<'_, Indexed>,
        number: usize,
        status: Status,
        act: Option<(EventId, Instant)>,
    ) -> Verdict {
        let party = self.bearers.get(number).copied();
        let norm = &replay.program.articles.at(self.article).norm;
        let bind = match &norm.subject {
            Subject::Each { bind, .. } => *bind,
            _ => None,
        };
        let names = self.frame.iter().enumerate().map(|(slot, value)| match party {
            Some(party) if slot == BEARER || Some(slot) == bind => Value::Party(party),
            _ => value.clone(),
        });
        let frame: Arc<[Value]> = names.collect();
        let bearer = Bearer { parties: party.into_iter().collect(), group: false, name: None };
        let owed_to = replay.world().owed_to(norm, &frame);
        let mut verdict = Verdict::of(self.article, bearer, verdict::Trigger::Event(self.event), self.at, frame);
        verdict.owed_to = owed_to;
        verdict.due = Some(self.due);
        if status.is_breach() {
            verdict.blamed.extend(party);
            let by = verdict.blamed.clone();
            verdict.breach(Breach { at: self.due, by, act: None, since: None, until: None });
        }
        verdict.status = status;
        verdict.doubt = self.doubt(number).map(Doubt::Time);
        if let Some((event, at)) = act {
            verdict.at = Some(at);
            verdict.acts.push(event);
        }
        verdict
    }

    fn doubt(&self, bearer: usize) -> Option<EventId> {
        self.doubts.iter().find(|(doubtful, _)| *doubtful == bearer).map(|(_, event)| *event)
    }

    fn number(&self, bearer: usize) -> usize {
        self.first.index() + bearer
    }
}

/// How the act of a norm is found; none where its duties are not plain.
fn shape(program: &Program, norm: &Norm) -> Option<Shape> {
    let Deed::Acts(acts) = &norm.deed else { return None };
    let [act] = &acts.acts[..] else { return None };
    let nothing_else = norm.modal == Modal::Shall
        && matches!(norm.trigger, Trigger::Event { .. })
        && acts.amount.is_none()
        && !acts.discretion
        && act.condition.is_none()
        && act.pattern.conditions.is_empty()
        && act.pattern.bind.is_none()
        && norm.again.is_none()
        && norm.unless.is_empty()
        && norm.excused_by.is_empty()
        && norm.tails.is_empty()
        && norm.for_each.is_none()
        && norm.claimant.as_ref().is_none_or(is_fixed)
        && program.kinds.at(act.pattern.kind).established.is_none();
    let own = own_slots(norm)?;
    let of_the_bearer = names_in(&norm.guards).iter().any(|slot| own.contains(slot));
    if !nothing_else || of_the_bearer || !is_within_a_time(norm, &own) {
        return None;
    }
    let mut shape = Shape {
        kind: act.pattern.kind,
        fixed: Vec::new(),
        asked: Vec::new(),
        actor: None,
        single: matches!(norm.subject, Subject::Single(_)),
        waiting: Map::default(),
    };
    for test in &act.pattern.tests {
        holds_one(program, act.pattern.kind, test.field).then_some(())?;
        match &test.want {
            Want::Is(Expr::Constant(value)) if is_one(value) => shape.fixed.push((test.field, value.clone())),
            Want::Is(Expr::Slot(slot)) if own.contains(slot) => {
                shape.actor.is_none().then_some(())?;
                shape.actor = Some(test.field);
            }
            Want::Is(expr) if is_of_the_trigger(expr, &own) => shape.asked.push((test.field, expr.clone())),
            _ => return None,
        }
    }
    (shape.single || shape.actor.is_some()).then_some(shape)
}

/// The names of a single bearer; none where a group owes it.
fn own_slots(norm: &Norm) -> Option<Vec<Slot>> {
    match &norm.subject {
        Subject::Single(_) => Some(vec![BEARER]),
        Subject::Each { bind, .. } => Some(std::iter::once(BEARER).chain(*bind).collect()),
        _ => None,
    }
}

/// Whether the window begins with the trigger and ends a fixed time after something that the trigger says.
fn is_within_a_time(norm: &Norm, own: &[Slot]) -> bool {
    let Some(window) = &norm.window else { return false };
    let anchored = match &window.closes {
        Some(Limit::After(_, anchor)) => anchor.as_ref().is_none_or(|anchor| is_of_the_trigger(anchor, own)),
        _ => false,
    };
    anchored && window.opens.is_none() && !window.only && !window.target && !window.exclusive
}

/// Whether an expression asks for nothing but what the trigger says.
fn is_of_the_trigger(expr: &Expr, own: &[Slot]) -> bool {
    match expr {
        Expr::Slot(slot) => !own.contains(slot),
        Expr::Ask(of, crate::model::Ask::Field(_) | crate::model::Ask::At) => is_of_the_trigger(of, own),
        _ => false,
    }
}

fn is_fixed(members: &Members) -> bool {
    matches!(members.base, Expr::Constant(_)) && members.without.is_empty()
}

/// Begins the duties of an onset, where they are plain; false where they are to be begun as any other.
pub(super) fn begin(replay: &mut Replay<'_, Indexed>, onset: &Onset) -> bool {
    if !replay.lookup.plain.is_plain(onset.article) {
        return false;
    }
    let Some((group, holds)) = group(replay, onset) else { return false };
    if !holds {
        return true;
    }
    replay.number(group.bearers.len());
    replay.wake(group.due);
    replay.lookup.plain.add(group);
    true
}

/// The duties of an onset, and whether what must hold for them holds; none where it is not as plain as its article.
fn group(replay: &Replay<'_, Indexed>, onset: &Onset) -> Option<(Group, bool)> {
    let verdict::Trigger::Event(event) = onset.trigger else { return None };
    let found = replay.log.events.at(event);
    let article = replay.program.articles.at(onset.article);
    if onset.truth != Some(true) || found.latest > found.at || onset.at.at != replay.now {
        return None;
    }
    let world = replay.world();
    let mut frame = onset.frame.clone();
    world.fix_lets(&article.norm, &mut frame);
    let bearers = match &article.norm.subject {
        Subject::Single(expr) => match world.value(expr, &frame) {
            Value::Party(party) => vec![party],
            _ => return None,
        },
        Subject::Each { members, .. } => world.members(members, &frame),
        _ => return None,
    };
    let bound = |party: &PartyId| replay.binds(article.treaty, *party);
    if bearers.is_empty() || bearers.len() > 64 || !bearers.iter().all(bound) {
        return None;
    }
    let due = world.bounds(article, From::trigger(onset.at), &frame).ok()?.closes.filter(|due| *due > replay.now)?;
    let shape = replay.lookup.plain.articles.get(&onset.article)?;
    if replay.may_come_later(shape.kind) {
        return None;
    }
    let asked = shape.asked.iter().map(|(_, expr)| world.value(expr, &frame));
    let actor = bearers.first().filter(|_| shape.single && shape.actor.is_some());
    let key: Key = asked.chain(actor.map(|party| Value::Party(*party))).collect();
    if due == Instant::NEVER || !key.iter().all(is_one) {
        return None;
    }
    let holds = world.all(&article.norm.guards, &frame)?;
    let group = Group {
        article: onset.article,
        event,
        frame: frame.into(),
        key,
        at: onset.at.at,
        due,
        first: replay.next_number(),
        pending: u64::MAX >> (64 - bearers.len()),
        broken: 0,
        doubts: Vec::new(),
        bearers: bearers.into(),
    };
    Some((group, holds))
}

/// An event performs the plain duties of which it is the act.
pub(super) fn act(replay: &mut Replay<'_, Indexed>, event: EventId) {
    let found = replay.log.events.at(event);
    let Some(articles) = replay.lookup.plain.of_kind.get(&found.kind) else { return };
    let mut performed: Vec<(usize, Option<PartyId>)> = Vec::new();
    for shape in articles.iter().filter_map(|article| replay.lookup.plain.articles.get(article)) {
        let field = |field: &usize| replay.log.field(found, *field);
        let actor = match shape.actor.as_ref().map(field) {
            None => None,
            Some(Value::Party(actor)) => Some(*actor),
            Some(_) => continue,
        };
        if !shape.fixed.iter().all(|(place, value)| field(place) == value) {
            continue;
        }
        let waiting = match (&shape.asked[..], actor.filter(|_| shape.single)) {
            ([(place, _)], None) => shape.waiting.get(std::slice::from_ref(field(place))),
            (asked, single) => {
                let asked = asked.iter().map(|(place, _)| field(place).clone());
                let key: Vec<Value> = asked.chain(single.map(Value::Party)).collect();
                shape.waiting.get(key.as_slice())
            }
        };
        performed.extend(waiting.into_iter().flatten().map(|place| (*place, actor)));
    }
    for (place, actor) in performed {
        perform(replay, place, actor, event);
    }
}

fn perform(replay: &mut Replay<'_, Indexed>, place: usize, actor: Option<PartyId>, event: EventId) {
    let found = replay.log.events.at(event);
    let (at, latest) = (found.at, found.latest);
    let Some(Some(group)) = replay.lookup.plain.groups.get_mut(place) else { return };
    let Some(bearer) = group.bearers.iter().position(|party| actor.is_none_or(|actor| *party == actor)) else { return };
    let bit = 1 << bearer;
    if group.pending & bit != 0 && latest > group.due {
        // Its time is not known exactly enough.
        group.doubts.push((bearer, event));
        return;
    }
    let status = match () {
        () if group.pending & bit != 0 => Status::Met,
        () if group.broken & bit != 0 => Status::Late,
        () => return,
    };
    group.pending &= !bit;
    group.broken &= !bit;
    if let Some(Some(group)) = replay.lookup.plain.groups.get(place) {
        let (number, mut verdict) = (group.number(bearer), group.verdict(replay, bearer, status, Some((event, at))));
        if replay.is_online() {
            // The breach of what is performed late has been told.
            verdict.breaches.clear();
        }
        replay.tell_plain(number, verdict);
    }
    replay.lookup.plain.drop_if_decided(place);
}

/// The clock passes an instant: what was due is broken.
pub(super) fn pass(replay: &mut Replay<'_, Indexed>) {
    while let Some((place, newly)) = replay.lookup.plain.overdue(replay.now) {
        let doubtful = replay.lookup.plain.leave_doubtful(place);
        tell(replay, place, newly & doubtful, Status::Indeterminate);
        if replay.is_online() {
            tell(replay, place, newly & !doubtful, Status::Breached);
        }
        replay.lookup.plain.drop_if_decided(place);
    }
}

/// The replay has ended: tells what is not decided.
pub(super) fn tell_the_rest(replay: &mut Replay<'_, Indexed>) {
    for place in 0..replay.lookup.plain.groups.len() {
        let Some(Some(group)) = replay.lookup.plain.groups.get(place) else { continue };
        let (pending, broken) = (group.pending, group.broken);
        tell(replay, place, pending, Status::Pending);
        if !replay.is_online() {
            tell(replay, place, broken, Status::Breached);
        }
    }
}

fn tell(replay: &mut Replay<'_, Indexed>, place: usize, which: u64, status: Status) {
    for bearer in (0..64).filter(|bearer| which & (1 << bearer) != 0) {
        if let Some(Some(group)) = replay.lookup.plain.groups.get(place) {
            let (number, verdict) = (group.number(bearer), group.verdict(replay, bearer, status, None));
            replay.tell_plain(number, verdict);
        }
    }
}
