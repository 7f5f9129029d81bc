//! Which articles, treaties and groups have what, so that the others are not asked.

use crate::model::{Accession, ArticleId, Entry, Expiry, GroupId, Norm, Program, Tail, TreatyId, Trigger};
use crate::syntax::ast::Modal;

/// Which articles, treaties and groups have what.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// Articles that start once something holds, and those that start at instants a period apart.
    pub(super) once: Vec<ArticleId>,
    pub(super) ticking: Vec<ArticleId>,
    /// Permissions that are there only at a time.
    pub(super) only: Vec<ArticleId>,
    /// Articles on whose duties an act is spent.
    pub(super) each_once: Vec<ArticleId>,
    /// Treaties and articles that events bring into force or end, or that are left with them.
    pub(super) treaties: Vec<TreatyId>,
    pub(super) articles: Vec<ArticleId>,
    /// Groups that are joined and left with events.
    pub(super) groups: Vec<GroupId>,
}

impl Listed {
    pub(super) fn of(program: &Program) -> Listed {
        let articles = |has: &dyn Fn(&Norm) -> bool| {
            program.articles.entries().filter(|(_, article)| has(&article.norm)).map(|(id, _)| id).collect()
        };
        let by_events = |entry: Option<&Entry>, expiry: Option<&Expiry>| {
            matches!(entry, Some(Entry::When(Accession { .. }))) || matches!(expiry, Some(Expiry::On(_)))
        };
        let treaties = program.treaties.entries().filter(|(_, treaty)| {
            treaty.withdrawal.is_some() || by_events(Some(&treaty.entry), treaty.expiry.as_ref())
        });
        let laws = program
            .articles
            .entries()
            .filter(|(_, article)| by_events(article.law.entry.as_ref(), article.law.expiry.as_ref()));
        let groups = program.groups.entries().filter(|(_, group)| group.joined.is_some() || group.left.is_some());
        Listed {
            once: articles(&|norm| matches!(norm.trigger, Trigger::Once { .. })),
            ticking: articles(&|norm| matches!(norm.trigger, Trigger::Every { .. })),
            only: articles(&|norm| norm.modal == Modal::May && norm.window.as_ref().is_some_and(|window| window.only)),
            each_once: articles(&|norm| norm.tails.iter().any(|tail| matches!(tail, Tail::EachOnce))),
            treaties: treaties.map(|(id, _)| id).collect(),
            articles: laws.map(|(id, _)| id).collect(),
            groups: groups.map(|(id, _)| id).collect(),
        }
    }
}
