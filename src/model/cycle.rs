//! Chains of articles that take no time.
//!
//! An article that is triggered by a moment of another is reached from it. Where the moment may come at the instant at
//! which that other duty began, the step takes no time; a ring of such steps would start duties without end at one
//! instant, and is an error of the treaty.

use super::{Article, ArticleId, Deed, Expr, Limit, MomentKind, Norm, Occurrence, Program, Trigger};
use crate::finding::{Code, Finding};
use crate::time::{Counting, Duration};

/// Reports every article that returns to itself in no time, once a ring.
pub(super) fn check(program: &Program, findings: &mut Vec<Finding>) {
    let mut reported: Vec<ArticleId> = Vec::new();
    for id in program.articles.ids() {
        if reported.contains(&id) {
            continue;
        }
        if let Some(ring) = ring(program, id) {
            findings.push(finding(program, &ring));
            reported.extend(ring);
        }
    }
}

/// The shortest chain that takes no time and leads from an article back to it, the article first.
fn ring(program: &Program, start: ArticleId) -> Option<Vec<ArticleId>> {
    let mut paths = vec![vec![start]];
    let mut seen = Vec::new();
    let mut next = 0;
    while let Some(path) = paths.get(next).cloned() {
        next += 1;
        let last = *path.last()?;
        for source in instant_sources(program, program.articles.at(last)) {
            if source == start {
                return Some(path);
            }
            if !seen.contains(&source) {
                seen.push(source);
                let mut longer = path.clone();
                longer.push(source);
                paths.push(longer);
            }
        }
    }
    None
}

/// The articles whose moments trigger this one, where the moment may take no time to come.
fn instant_sources(program: &Program, article: &Article) -> Vec<ArticleId> {
    let mut moments = Vec::new();
    match &article.norm.trigger {
        Trigger::Moment { articles, moment, .. } => moments.push((articles.as_slice(), *moment)),
        // Where something else may start it too, it goes on for certain if nothing is asked of the moment.
        Trigger::Other(occurrence, _) if article.norm.guards.is_empty() => any_moments(occurrence, &mut moments),
        _ => {}
    }
    let sources = moments.into_iter().flat_map(|(articles, moment)| articles.iter().map(move |id| (*id, moment)));
    let instant = sources.filter(|(id, moment)| may_be_instant(program, program.articles.at(*id), *moment));
    instant.map(|(id, _)| id).collect()
}

/// The moments of anybody's, on anything, with which an occurrence happens at once.
fn any_moments<'p>(occurrence: &'p Occurrence, found: &mut Vec<(&'p [ArticleId], MomentKind)>) {
    match occurrence {
        Occurrence::Moment(wanted) if wanted.by.is_none() && wanted.on.is_none() => {
            found.push((&wanted.articles, wanted.moment));
        }
        Occurrence::Any(all, _) => all.iter().for_each(|one| any_moments(one, found)),
        _ => {}
    }
}

/// Whether a duty may reach that moment at the very instant at which it begins, with no event but its trigger.
fn may_be_instant(program: &Program, article: &Article, moment: MomentKind) -> bool {
    let norm = &article.norm;
    let of_the_treaty = program.treaties.at(article.treaty).reckoning.counting;
    match moment {
        MomentKind::Triggered => true,
        // A duty is breached, and a prohibition is met, by the clock; the contrary takes an act, which is an event.
        MomentKind::Met if matches!(norm.deed, Deed::Effect(_)) => norm.unless.is_empty() && norm.guards.is_empty(),
        MomentKind::Met if !norm.forbids() => false,
        MomentKind::Breached if norm.forbids() => false,
        MomentKind::Lapses | MomentKind::EntersIntoForce | MomentKind::Ends => false,
        _ => norm.window.as_ref().is_some_and(|window| match &window.closes {
            Some(Limit::After(duration, anchor)) => {
                let counting = window.counting.unwrap_or(of_the_treaty);
                may_be_no_time(duration, counting)
                    || anchor.as_ref().is_some_and(|anchor| !is_own_trigger(norm, anchor))
            }
            Some(_) => true,
            None => false,
        }),
    }
}

/// Whether a period may end at its anchor: it is empty or, where the first day counts, that day has just ended.
fn may_be_no_time(duration: &Duration, counting: Counting) -> bool {
    let one_day = Duration { days: 1, ..Duration::default() };
    duration.is_zero() || (counting == Counting::InclusiveDays && *duration == one_day)
}

/// Whether an anchor is the very moment that triggers the norm.
fn is_own_trigger(norm: &Norm, anchor: &Expr) -> bool {
    matches!((anchor, &norm.trigger), (Expr::Slot(slot), Trigger::Moment { bind: Some(bound), .. }) if slot == bound)
}

fn finding(program: &Program, ring: &[ArticleId]) -> Finding {
    let labels: Vec<_> = ring.iter().map(|id| program.articles.at(*id).label.as_str()).collect();
    let text = match labels.as_slice() {
        [only] => format!("article {only} triggers itself at once, without end"),
        _ => format!("articles {} trigger one another at once, without end", labels.join(" and ")),
    };
    let mut finding = Finding::error(Code::ZeroDelayCycle, text)
        .help("let one of them wait: give it a window longer than nothing, or trigger it by an event");
    for id in ring {
        let article = &program.articles.at(*id);
        if let Trigger::Moment { span, .. } | Trigger::Other(_, span) = article.norm.trigger {
            finding = finding.at(span, format!("article {} takes no time to follow", article.label));
        }
    }
    finding
}
