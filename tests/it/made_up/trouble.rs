//! What takes too long for a test, and is left out.

use servanda::model::{ArticleId, Deed, Occurrence, Program, Tail, Trigger};

/// Whether articles may trigger one another: what starts several duties, each of which starts several, soon starts too
/// many, be it that days lie between; and what ticks from a moment of its own may tick every few seconds for months.
pub fn takes_long(program: &Program) -> bool {
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
    program.articles.ids().any(|start| reaches(&sources, start)) || oscillates(program)
}

/// Whether a state turns with the moments of an article whose condition may hang on that state: it may turn every few
/// seconds for months, and so take long.
fn oscillates(program: &Program) -> bool {
    let mut turned_by = Vec::new();
    for state in &program.states {
        state.begins.iter().chain(&state.ends).for_each(|event| moments(program, event, 3, &mut turned_by));
    }
    turned_by.into_iter().any(|article| {
        let norm = &program.articles.at(article).norm;
        let suspended = norm.tails.iter().any(|tail| matches!(tail, Tail::SuspendedWhile(_)));
        suspended || matches!(norm.deed, Deed::Keep(_) | Deed::Have(_))
    })
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
