//! What is known to be wrong with the definition, and is left out until it is mended.

use servanda::model::{ArticleId, Deed, Occurrence, Program, Trigger};
use servanda::verdict::Verdict;

/// Whether articles may trigger one another without end at one instant, in a way that `check` does not see: it looks
/// neither at effects, which are met at once, nor at triggers of several forms, nor through states.
pub fn may_not_end(program: &Program) -> bool {
    let sources: Vec<Vec<ArticleId>> = program
        .articles
        .iter()
        .map(|article| {
            let mut found = Vec::new();
            match &article.norm.trigger {
                Trigger::Moment { articles, .. } => found.extend(articles),
                Trigger::Other(event, _) | Trigger::Every { from: event, .. } => moments(program, event, 3, &mut found),
                _ => {}
            }
            found
        })
        .collect();
    program.articles.ids().any(|start| reaches(&sources, start))
}

/// Whether an article can be reached from itself.
fn reaches(sources: &[Vec<ArticleId>], start: ArticleId) -> bool {
    let place = |id: ArticleId| servanda::arena::Id::index(id);
    let mut seen: Vec<ArticleId> = Vec::new();
    let mut open = sources[place(start)].clone();
    while let Some(next) = open.pop() {
        if next == start {
            return true;
        }
        if !seen.contains(&next) {
            seen.push(next);
            open.extend(&sources[place(next)]);
        }
    }
    false
}

/// The articles whose moments something waits for.
fn moments(program: &Program, event: &Occurrence, depth: usize, found: &mut Vec<ArticleId>) {
    match event {
        Occurrence::Moment(moment) => found.extend(&moment.articles),
        Occurrence::Any(all, _) => all.iter().for_each(|one| moments(program, one, depth, found)),
        Occurrence::After(_, event, _) => moments(program, event, depth, found),
        Occurrence::Turn { state, .. } if depth > 0 => {
            let state = program.states.at(*state);
            let both = state.begins.iter().chain(&state.ends);
            both.for_each(|event| moments(program, event, depth - 1, found));
        }
        _ => {}
    }
}

/// Whether it is a decision whose window was over when it began: it is broken, and can be blocked all the same.
pub fn was_over(program: &Program, verdict: &Verdict) -> bool {
    let decision = matches!(program.articles.at(verdict.article).norm.deed, Deed::Decide(_));
    decision && verdict.due.is_some_and(|due| due <= verdict.triggered_at)
}
