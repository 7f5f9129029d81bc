//! What `--choose` chooses.

use servanda::model::{Choices, Selection};

use crate::output;

/// What is chosen; none where something is not there to be chosen, which has then been said.
pub fn selection(choices: &Choices, written: &[String]) -> Option<Selection> {
    let mut selection = Selection::default();
    for choice in written.iter().flat_map(|written| parts(written)) {
        let Some((label, words)) = choice.split_once('=') else {
            output::complain(
                &format!("`--choose {choice}` names no alternative"),
                "write a label and the words of an alternative: `--choose window=72h`",
            );
            return None;
        };
        if let Err(error) = choices.choose(&mut selection, label.trim(), words.trim()) {
            output::complain(&error.to_string(), error.help());
            return None;
        }
    }
    Some(selection)
}

/// The choices of a list: a comma parts them where a label and `=` follow, and belongs to the words elsewhere.
fn parts(written: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (comma, _) in written.match_indices(',') {
        let after = written.get(comma + 1..).unwrap_or_default().trim_start();
        let label = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(after.len());
        if label > 0 && after.get(label..).unwrap_or_default().trim_start().starts_with('=') {
            parts.extend(written.get(start..comma));
            start = comma + 1;
        }
    }
    parts.extend(written.get(start..));
    parts
}
