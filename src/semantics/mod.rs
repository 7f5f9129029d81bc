//! The definition: the verdicts of a whole log, read straight off the language's reference.
//!
//! Plain and slow: at everything that happens every duty that it may concern is looked at. The monitor says the same
//! online and fast of what it knows, and a property test holds the two equal. A file for each construct:
//!
//! | in the reference | here |
//! |---|---|
//! | the order of evaluation | `clock` (what the clock brings about), `step` (what follows from one thing that happens) |
//! | events and moments | `history` (what has happened), `occurrence` (whether it is what a clause waits for), `establishment` |
//! | the header | `force` (treaties and articles), `membership` |
//! | states and tallies | `state` |
//! | triggers | `trigger` |
//! | sentences | `duty`, `prohibition`, `condition` (`keep`, `have`), `power` (`may`), `decision` |
//! | windows, the life of a duty | `instance` |
//! | tails | `excuse`, `precedence`, `suspension` |
//! | effects | `effect`, `suspension` |
//! | conditions | `facts`, `status`, `aggregate`; all else of them in [`crate::eval`] |
//!
//! `care` and `slots` only keep what cannot matter from being read again.

mod aggregate;
mod care;
mod clock;
mod condition;
mod decision;
mod duty;
mod effect;
mod establishment;
mod excuse;
mod facts;
mod force;
mod history;
mod instance;
mod instances;
mod listed;
mod lookup;
mod membership;
mod occurrence;
mod power;
mod precedence;
mod prohibition;
mod save;
mod slots;
mod state;
mod status;
mod step;
mod suspension;
mod tell;
mod trace;
mod trigger;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use rust_decimal::Decimal;

use crate::arena::{Arena, Map, Set, ids};
use crate::eval::World;
use crate::event::{Held, Log};
use crate::model::{ArticleId, EventId, GroupId, MomentKind, Occurrence, PartyId, Program, TreatyId, Value};
use crate::time::Instant;
use crate::verdict::Verdict;

pub(crate) use aggregate::Summary;
use care::Care;
use effect::Ordered;
use force::{ArticleForce, TreatyForce};
use history::History;
pub(crate) use history::What;
use instances::Instances;
use listed::Listed;
use lookup::Everything;
pub(crate) use lookup::Lookup;
use membership::Changes;
pub(crate) use occurrence::{moments_waited_for, waited_for};
use power::Attempt;
pub(crate) use precedence::prevailing;
pub(crate) use save::Saved;
pub(crate) use slots::{of_all as names_in, of_conditions as names_in_conditions};
pub(crate) use state::Turn;
use state::Turns;
use suspension::Suspension;
pub(crate) use trace::Kept;

ids! {
    /// An instance of a duty, in the order in which they begin.
    InstanceId,
}

/// How far a replay goes, and what it knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Up to when; up to the last event, where nothing is said.
    pub until: Option<Instant>,
    /// Leave out what became known later.
    pub known_at: Option<Instant>,
    /// What has to be established before it counts.
    pub standard: Standard,
}

/// What has to be established before it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standard {
    /// Every event whose declaration says so.
    #[default]
    Established,
    /// Nothing: what is alleged counts at once.
    Alleged,
}

/// The verdicts of a log, up to `until` or the last event, in the order in which the duties began.
pub fn verdicts(program: &Program, log: &Log, options: &Options) -> Vec<Verdict> {
    replay::<Everything>(program, log, options).map(Replay::close).unwrap_or_default()
}

/// Replays a log, up to `until` or the last event; nothing where there is neither.
pub(crate) fn replay<'a, L: Lookup>(program: &'a Program, log: &'a Log, options: &Options) -> Option<Replay<'a, L>> {
    let known = |id: &EventId| options.known_at.is_none_or(|known_at| log.events.at(*id).reported <= known_at);
    let mut events: Vec<EventId> = log.events.ids().filter(known).collect();
    let last = events.last().map(|event| log.events.at(*event).at);
    let end = options.until.or(last)?;
    events.retain(|event| log.events.at(*event).at <= end);
    let mut replay = Replay::new(program, Held::Whole(log), options.standard);
    for event in events {
        replay.next(event);
    }
    replay.finish(end);
    Some(replay)
}

/// A replay under way.
pub(crate) struct Replay<'a, L> {
    /// How it finds what something concerns.
    pub(crate) lookup: L,
    pub(crate) program: &'a Program,
    pub(crate) log: Held<'a>,
    standard: Standard,
    /// Where the clock stands.
    pub(crate) now: Instant,
    /// Whether the first event has been seen, or that there is none.
    has_begun: bool,
    /// How many moments there have been.
    moments: u64,
    /// When the last event was.
    pub(crate) last_event: Option<Instant>,
    /// The instant is being gone through, and whether it was on the agenda.
    instant: Option<bool>,
    pub(crate) history: History,
    /// What has happened at this instant and is still to be processed.
    queue: VecDeque<What>,
    /// How far what follows from one thing has been followed.
    followed: step::Followed,
    /// Effects that follow from what is being processed.
    effects: Vec<Ordered<'a>>,
    /// Instants at which something may change; one too many does no harm.
    agenda: BTreeSet<Instant>,
    /// Those at which something may enter into force or end.
    force_turns: BTreeSet<Instant>,
    /// To whom permissions have been given that are there only at a time.
    given: Set<(ArticleId, PartyId)>,
    pub(crate) instances: Instances<'a>,
    /// Those that came to their end in this instant, and those that were broken.
    finished: Vec<InstanceId>,
    broken: Vec<InstanceId>,
    /// Whether breaches are told at once, and what is still to be told: a number in the order of beginning, and a verdict.
    online: bool,
    told: Vec<(usize, Verdict)>,
    /// Those to which something can still happen, by article and number.
    live: BTreeSet<(ArticleId, InstanceId)>,
    treaties: Arena<TreatyId, TreatyForce>,
    articles: Arena<ArticleId, ArticleForce>,
    groups: Arena<GroupId, Changes>,
    /// What each article's duties look at.
    pub(crate) cares: Arena<ArticleId, Care>,
    listed: Listed,
    suspensions: Vec<Suspension<'a>>,
    /// Whom a norm that stands binds.
    standing: Map<ArticleId, Vec<PartyId>>,
    /// Acts that have been spent on a duty, and what has become of powers with what is being processed.
    spent: Set<EventId>,
    exercised: Vec<EventId>,
    attempts: Vec<Attempt>,
    /// Events that wait for what establishes them, and when the others were.
    alleged: Vec<EventId>,
    proven: Map<EventId, Instant>,
    /// States that have been asked for, as far as the history has been read for them.
    states: RefCell<Map<state::Asked, Rc<RefCell<Turns>>>>,
    tallies: RefCell<Map<state::AskedTally, (usize, Decimal)>>,
    /// The events that patterns have been found to mean, as far as they have been read.
    patterns: RefCell<Map<aggregate::Question, aggregate::Meant>>,
    /// Where an earlier event stands that is read again: states are then as they were before it.
    pub(crate) as_of: Cell<Option<usize>>,
    /// The tick of an `every` norm whose condition is read: its calendar periods are those of the tick.
    present: Cell<Option<Instant>>,
    /// What `first` has seen of an article, and the counts that several events reached.
    seen: Map<ArticleId, Set<Vec<Value>>>,
    /// What happens so long after something else.
    timers: Vec<occurrence::Timer<'a>>,
    /// The moments for which something waits, and whether anything waits for a state to turn.
    awaited: Set<(ArticleId, MomentKind)>,
    turns_awaited: bool,
}

impl<'a, L: Lookup> Replay<'a, L> {
    pub(crate) fn new(program: &'a Program, log: Held<'a>, standard: Standard) -> Replay<'a, L> {
        let everything = occurrence::everything(program);
        Replay {
            lookup: L::of(program),
            program,
            log,
            standard,
            now: Instant::MIN,
            has_begun: false,
            moments: 0,
            last_event: None,
            instant: None,
            history: History::default(),
            queue: VecDeque::new(),
            followed: step::Followed::default(),
            effects: Vec::new(),
            agenda: BTreeSet::new(),
            force_turns: BTreeSet::new(),
            given: Set::default(),
            instances: Instances::new(),
            finished: Vec::new(),
            broken: Vec::new(),
            online: false,
            told: Vec::new(),
            live: BTreeSet::new(),
            treaties: program.treaties.iter().map(|_| TreatyForce::default()).collect(),
            articles: program.articles.iter().map(|_| ArticleForce::default()).collect(),
            groups: program.groups.iter().map(|_| Changes::default()).collect(),
            cares: program.articles.ids().map(|article| Care::of(program, article)).collect(),
            listed: Listed::of(program),
            suspensions: Vec::new(),
            standing: Map::default(),
            spent: Set::default(),
            exercised: Vec::new(),
            attempts: Vec::new(),
            alleged: Vec::new(),
            proven: Map::default(),
            states: RefCell::default(),
            tallies: RefCell::default(),
            patterns: RefCell::default(),
            as_of: Cell::new(None),
            present: Cell::new(None),
            seen: Map::default(),
            timers: occurrence::timers(&everything),
            awaited: occurrence::awaited(program, &everything),
            turns_awaited: everything.iter().any(|it| matches!(it, Occurrence::Turn { .. })),
        }
    }

    /// What expressions and conditions are read in, now.
    pub(crate) fn world(&self) -> World<'_> {
        World { program: self.program, log: &self.log, facts: self }
    }

    /// The verdicts, once the replay has ended.
    pub(crate) fn close(mut self) -> Vec<Verdict> {
        self.tell_the_rest();
        let mut told = self.told;
        told.sort_by_key(|(number, _)| *number);
        told.into_iter().map(|(_, verdict)| verdict).collect()
    }
}
