//! What takes long, and is left out.

use servanda::model::{ArticleId, Deed, Occurrence, Program, Tail};

/// Whether a state turns with the moments of an article whose condition may hang on that state: it may turn every few
/// seconds for months, and so take long.
pub fn oscillates(program: &Program) -> bool {
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
