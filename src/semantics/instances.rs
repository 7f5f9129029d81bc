//! The duties that have begun, as far as they still matter.

use std::collections::VecDeque;

use super::InstanceId;
use super::instance::Instance;
use crate::arena::{Id, Map};
use crate::model::ArticleId;

/// How many duties in a row are held, and let go, together.
const PAGE: usize = 64;

/// The duties that have begun, as far as they still matter.
///
/// Duties are numbered as they begin. What has been let go leaves a hole, and a page of nothing but holes is dropped.
pub(crate) struct Instances<'a> {
    pages: VecDeque<Page<'a>>,
    /// The number of the first page that is held.
    first: usize,
    begun: usize,
    /// The duties of articles of which something may be asked, those that are over too.
    of_article: Map<ArticleId, Vec<InstanceId>>,
}

type Page<'a> = Vec<Option<Box<Instance<'a>>>>;

impl<'a> Instances<'a> {
    pub(super) fn new() -> Self {
        Instances { pages: VecDeque::new(), first: 0, begun: 0, of_article: Map::default() }
    }

    /// Adds a duty; to be found by its article, where something may be asked of it.
    pub(super) fn push(&mut self, instance: Instance<'a>, asked: bool) -> InstanceId {
        let id = InstanceId::from_index(self.begun);
        if asked {
            self.of_article.entry(instance.verdict.article).or_default().push(id);
        }
        self.add(Some(Box::new(instance)));
        id
    }

    fn add(&mut self, slot: Option<Box<Instance<'a>>>) {
        if self.begun.is_multiple_of(PAGE) {
            self.drop_holes();
            self.pages.push_back(Vec::new());
        }
        if let Some(page) = self.pages.back_mut() {
            page.push(slot);
        }
        self.begun += 1;
    }

    /// Puts a duty in its place again, in the order of numbers; none where that is taken.
    pub(super) fn put(&mut self, id: InstanceId, instance: Instance<'a>, asked: bool) -> Option<()> {
        if self.pages.is_empty() {
            self.first = id.index() / PAGE;
            self.begun = self.first * PAGE;
        }
        self.fill(id.index())?;
        self.push(instance, asked);
        Some(())
    }

    /// Leaves numbers out up to one; none where that is given already.
    pub(super) fn fill(&mut self, begun: usize) -> Option<()> {
        let missing = begun.checked_sub(self.begun)?;
        if self.pages.is_empty() {
            self.first = begun / PAGE;
            self.begun = self.first * PAGE;
        }
        self.leave_out(missing.min(begun - self.begun));
        Some(())
    }

    /// How many duties have begun.
    pub(super) fn begun(&self) -> usize {
        self.begun
    }

    /// Gives numbers to duties that are held elsewhere.
    pub(super) fn leave_out(&mut self, duties: usize) {
        for _ in 0..duties {
            self.add(None);
        }
    }

    /// A duty that is held.
    pub(crate) fn get(&self, id: InstanceId) -> Option<&Instance<'a>> {
        let page = self.pages.get((id.index() / PAGE).checked_sub(self.first)?)?;
        page.get(id.index() % PAGE)?.as_deref()
    }

    fn get_mut(&mut self, id: InstanceId) -> Option<&mut Instance<'a>> {
        let page = self.pages.get_mut((id.index() / PAGE).checked_sub(self.first)?)?;
        page.get_mut(id.index() % PAGE)?.as_deref_mut()
    }

    /// A duty that has not been let go.
    #[expect(clippy::expect_used, reason = "only duties that are over are let go, once their instant is over")]
    pub(crate) fn at(&self, id: InstanceId) -> &Instance<'a> {
        self.get(id).expect("a duty that is looked at is held")
    }

    /// A duty that has not been let go, to be changed.
    #[expect(clippy::expect_used, reason = "only duties that are over are let go, once their instant is over")]
    pub(super) fn at_mut(&mut self, id: InstanceId) -> &mut Instance<'a> {
        self.get_mut(id).expect("a duty that is looked at is held")
    }

    /// The duties of an article of which something may be asked, as they began.
    pub(super) fn of(&self, article: ArticleId) -> impl Iterator<Item = &Instance<'a>> {
        self.of_article.get(&article).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// Lets a duty go.
    pub(super) fn take(&mut self, id: InstanceId) -> Option<Box<Instance<'a>>> {
        let page = self.pages.get_mut((id.index() / PAGE).checked_sub(self.first)?)?;
        let taken = page.get_mut(id.index() % PAGE)?.take();
        self.drop_holes();
        taken
    }

    fn drop_holes(&mut self) {
        let full = |page: &Page<'a>| page.len() == PAGE;
        while self.pages.front().is_some_and(|page| full(page) && page.iter().all(Option::is_none)) {
            self.pages.pop_front();
            self.first += 1;
        }
    }

    /// The duties that are held, as they began.
    pub(super) fn entries(&self) -> impl Iterator<Item = (InstanceId, &Instance<'a>)> {
        let pages = self.pages.iter().enumerate().flat_map(|(page, slots)| {
            let first = (self.first + page) * PAGE;
            slots.iter().enumerate().map(move |(slot, instance)| (InstanceId::from_index(first + slot), instance))
        });
        pages.filter_map(|(id, instance)| Some((id, instance.as_deref()?)))
    }
}
