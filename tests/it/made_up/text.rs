//! A treaty in pieces, so that those that do not matter can be left out.

/// A part of a piece, and what may stand in its place where that says less.
#[derive(Debug, Clone)]
pub struct Bit {
    pub text: String,
    pub simpler: Vec<String>,
}

/// A declaration, a header or an article.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    pub bits: Vec<Bit>,
}

impl Piece {
    pub fn whole(text: impl Into<String>) -> Piece {
        Piece { bits: vec![Bit { text: text.into(), simpler: Vec::new() }] }
    }

    /// Adds what has to be there.
    pub fn must(&mut self, text: impl Into<String>) {
        self.bits.push(Bit { text: text.into(), simpler: Vec::new() });
    }

    /// Adds what may be left out.
    pub fn may(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.bits.push(Bit { text, simpler: vec![String::new()] });
        }
    }

    /// Adds what may be one of these instead.
    pub fn or(&mut self, text: impl Into<String>, simpler: &[&str]) {
        let text = text.into();
        let simpler = simpler.iter().filter(|it| **it != text).map(|it| (*it).to_owned()).collect();
        self.bits.push(Bit { text, simpler });
    }

    pub fn text(&self) -> String {
        let bits: Vec<_> = self.bits.iter().map(|bit| bit.text.as_str()).filter(|text| !text.is_empty()).collect();
        bits.join(" ")
    }
}

/// The text of a treaty.
pub fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text() + "\n").collect()
}

/// Whether a word stands in a text.
pub fn has_word(text: &str, word: &str) -> bool {
    let part = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    text.match_indices(word)
        .any(|(at, _)| !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next()))
}
