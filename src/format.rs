//! Tree to text: one canonical layout.
//!
//! The layout changes white space, and the commas that may be left out, and nothing else: every token and every comment
//! stays, in its order. What is written is read again, and refused where its tree has changed.

use crate::syntax::{Comment, Part, Token, TokenKind, shape, tokens};

/// How long a line may be before it is broken where it can be.
const WIDTH: usize = 100;
/// How long a line may be that holds what may also stand on several: a sentence with its window, an event, a group.
const SHORT: usize = 80;
/// One step of indentation.
const INDENT: &str = "    ";

/// Why a file is not formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not all of it can be read.
    #[error("it cannot be read")]
    Unreadable,
    /// What would be written means something else.
    #[error("the layout would change what it says")]
    Changed,
}

/// The canonical layout of a clause file.
///
/// # Errors
///
/// [`Refused`] where the file does not parse, or where its tree would change.
pub fn format(text: &str) -> Result<String, Refused> {
    let (tokens, rest) = tokens(text).ok_or(Refused::Unreadable)?;
    let mut layout = Layout::default();
    let mut index = 0;
    while index < tokens.len() {
        index = layout.item(&tokens, index);
    }
    for comment in &rest {
        layout.comment(comment, "");
    }
    let formatted = layout.finish();
    if shape(&formatted) != shape(text) {
        return Err(Refused::Changed);
    }
    Ok(formatted)
}

/// The text so far, and the line being written.
#[derive(Default)]
struct Layout {
    text: String,
    line: String,
    /// The part before ended with an empty line due.
    blank_due: bool,
    /// How wide the first token of a part is at least, so that those of several parts stand in a column.
    first_width: usize,
}

impl Layout {
    /// One item, from the token at `index`; returns where the next begins.
    fn item(&mut self, tokens: &[Token<'_>], index: usize) -> usize {
        let end = tokens.iter().skip(index + 1).position(|token| token.begins.is_some_and(is_item));
        let end = end.map_or(tokens.len(), |length| index + 1 + length);
        let Some(item @ [first, ..]) = tokens.get(index..end) else {
            return tokens.len();
        };
        self.start_item(first);
        match first.begins {
            Some(Part::Short) if is_short(item) => self.inline(item),
            Some(Part::Short | Part::Block) => self.block(item),
            _ => self.run(item, ""),
        }
        self.end_line();
        self.blank_due = first.begins != Some(Part::Line) && !(first.begins == Some(Part::Short) && is_short(item));
        end
    }

    /// The comments and the empty line before an item.
    fn start_item(&mut self, first: &Token<'_>) {
        let mut blank = self.blank_due || first.begins == Some(Part::Block);
        for comment in &first.comments {
            if !comment.own_line {
                self.trail(comment);
                continue;
            }
            self.blank(blank || comment.after_blank);
            blank = false;
            self.comment(comment, "");
        }
        let commented = first.comments.last().is_some_and(|comment| comment.own_line);
        self.blank((blank && !commented) || first.after_blank);
        self.blank_due = false;
    }

    fn blank(&mut self, wanted: bool) {
        self.end_line();
        if wanted && !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A comment on a line of its own.
    fn comment(&mut self, comment: &Comment<'_>, indent: &str) {
        if !comment.own_line {
            return self.trail(comment);
        }
        self.blank(comment.after_blank);
        self.line = format!("{indent}{}", comment.text);
        self.end_line();
    }

    /// A comment after the token before it.
    fn trail(&mut self, comment: &Comment<'_>) {
        if self.line.is_empty() && self.text.ends_with('\n') && !self.text.ends_with("\n\n") {
            self.text.pop();
            self.text.push(' ');
        } else if !self.line.is_empty() {
            self.line.push(' ');
        }
        self.line.push_str(comment.text);
        self.end_line();
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.text.push_str(self.line.trim_end());
            self.text.push('\n');
            self.line.clear();
        }
    }

    /// An event or a group on one line: `{ by: party, on: attack? }`.
    fn inline(&mut self, tokens: &[Token<'_>]) {
        self.line.push_str(&one_line(tokens));
    }

    /// An item with a body: its head, then each part on a line of its own.
    fn block(&mut self, tokens: &[Token<'_>]) {
        let open = tokens.iter().position(|token| token.kind == TokenKind::OpenBrace).unwrap_or(tokens.len());
        let head_end = (open + 1).min(tokens.len());
        let close = tokens.iter().rposition(|token| token.kind == TokenKind::CloseBrace).unwrap_or(tokens.len());
        // The authentic text may stand before the brace, and is then part of the head.
        self.run(tokens.get(..head_end).unwrap_or_default(), "");
        let body = tokens.get(head_end..close).unwrap_or_default();
        let closing = tokens.get(close);
        if body.is_empty() && closing.is_some_and(|token| token.comments.is_empty()) {
            self.run(tokens.get(close..).unwrap_or_default(), "");
            return;
        }
        self.end_line();
        let mut parts = parts(body);
        let width = step_width(&parts);
        let mut after_text = false;
        let mut expects = false;
        while let Some((part, rest)) = parts.split_first() {
            let mut part = part.to_vec();
            let window = rest.first().filter(|window| rest.len() == 1 && joins(&part, window));
            let joined = window.is_some();
            part.extend(window.into_iter().flat_map(|window| window.iter().cloned()));
            let begins = part.first().and_then(|first| first.begins);
            self.first_width = if begins == Some(Part::Step) { width } else { 0 };
            let first_expected = begins == Some(Part::Expectation) && !expects;
            expects |= first_expected;
            self.part(&part, after_text || first_expected);
            self.first_width = 0;
            after_text = part.first().is_some_and(|first| first.begins == Some(Part::AuthenticText));
            parts = rest.get(usize::from(joined)..).unwrap_or_default().to_vec();
        }
        if let Some(closing) = closing {
            for comment in &closing.comments {
                self.comment(comment, INDENT);
            }
            // What follows the body: who joins a group, what establishes an event.
            self.run(tokens.get(close..).unwrap_or_default(), "");
        }
    }

    fn part(&mut self, tokens: &[Token<'_>], after_text: bool) {
        let Some(first) = tokens.first() else { return };
        let at_start = self.text.ends_with("{\n");
        for (index, comment) in first.comments.iter().enumerate() {
            if comment.own_line {
                self.blank((after_text && index == 0 || comment.after_blank) && !at_start);
                let plain = Comment { after_blank: false, ..comment.clone() };
                self.comment(&plain, INDENT);
            } else {
                self.trail(comment);
            }
        }
        let commented = first.comments.last().is_some_and(|comment| comment.own_line);
        self.blank((after_text && !commented || first.after_blank) && !self.text.ends_with("{\n"));
        // In a body of several lines, fields need no commas.
        let tokens: Vec<_> = match tokens.split_last() {
            Some((last, rest)) if last.kind == TokenKind::Comma && first.begins == Some(Part::Field) => rest.to_vec(),
            _ => tokens.to_vec(),
        };
        self.run(&tokens, INDENT);
        self.end_line();
    }

    /// Tokens on a line, broken where it grows too long and where comments stand; the comments of the first are done.
    fn run(&mut self, tokens: &[Token<'_>], indent: &str) {
        if self.line.is_empty() {
            indent.clone_into(&mut self.line);
        }
        let deeper = format!("{indent}{INDENT}");
        for (index, token) in tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| tokens.get(before));
            if index > 0 && !token.comments.is_empty() {
                for comment in &token.comments {
                    let plain = Comment { after_blank: false, ..comment.clone() };
                    self.comment(&plain, &deeper);
                }
                self.line.clone_from(&deeper);
            }
            let start_of_line = self.line.trim().is_empty();
            let gap = before.is_some_and(|before| !start_of_line && needs_space(before, token));
            let length = unbroken_length(tokens.get(index..).unwrap_or_default());
            if !start_of_line && may_break_before(before, token) && self.line.chars().count() + length >= WIDTH {
                let rest = std::mem::replace(&mut self.line, deeper.clone());
                self.text.push_str(rest.trim_end());
                self.text.push('\n');
            } else if gap {
                self.line.push(' ');
            }
            match token.kind {
                TokenKind::LongText => self.long_text(token.text, &deeper),
                _ => self.line.push_str(token.text),
            }
            if index == 0 {
                let missing = self.first_width.saturating_sub(token.text.chars().count());
                self.line.extend(std::iter::repeat_n(' ', missing));
            }
        }
    }

    /// A long text, its words over as many lines as they need.
    fn long_text(&mut self, written: &str, indent: &str) {
        let inner = written.trim_start_matches("\"\"\"").trim_end_matches("\"\"\"");
        let mut words = inner.split_whitespace().peekable();
        self.line.push_str("\"\"\"");
        let mut first = true;
        while let Some(word) = words.next() {
            let closing = if words.peek().is_none() { 3 } else { 0 };
            if !first && self.line.chars().count() + 1 + word.chars().count() + closing > WIDTH {
                self.end_line();
                self.line.push_str(indent);
            } else if !first {
                self.line.push(' ');
            }
            self.line.push_str(word);
            first = false;
        }
        self.line.push_str("\"\"\"");
    }

    fn finish(mut self) -> String {
        self.end_line();
        self.text
    }
}

fn is_item(part: Part) -> bool {
    matches!(part, Part::Line | Part::Short | Part::Block)
}

/// Whether an event or a group fits on one line, with no comments inside.
fn is_short(tokens: &[Token<'_>]) -> bool {
    let uncommented = tokens.iter().skip(1).all(|token| token.comments.is_empty());
    let fields = tokens.iter().filter(|token| token.begins == Some(Part::Field)).count();
    uncommented && fields <= 4 && one_line(tokens).chars().count() <= SHORT
}

/// Tokens on one line, with a comma between fields.
fn one_line(tokens: &[Token<'_>]) -> String {
    let mut line = String::new();
    let mut before: Option<&Token<'_>> = None;
    for token in tokens {
        let closes = token.kind == TokenKind::CloseBrace;
        if closes && line.ends_with(',') {
            line.pop();
        }
        let field = token.begins == Some(Part::Field);
        if let Some(before) = before {
            let separated = matches!(before.kind, TokenKind::Comma | TokenKind::OpenBrace);
            if field && !separated {
                line.push(',');
            }
            let empty = closes && before.kind == TokenKind::OpenBrace;
            if (field || needs_space(before, token)) && !empty {
                line.push(' ');
            }
        }
        line.push_str(token.text);
        before = Some(token);
    }
    line
}

/// The parts of a body, each from the token that begins it.
fn parts<'a, 't>(body: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let begins = |token: &Token<'_>| token.begins.is_some_and(|part| part != Part::Member);
    body.chunk_by(|_, next| !begins(next)).collect()
}

/// How wide the times of a scenario's steps are.
fn step_width(parts: &[&[Token<'_>]]) -> usize {
    let steps = parts.iter().filter_map(|part| part.first()).filter(|first| first.begins == Some(Part::Step));
    steps.map(|first| first.text.chars().count()).max().unwrap_or(0)
}

/// Whether a window that nothing follows joins the sentence before it on one line.
fn joins(sentence: &[Token<'_>], window: &[Token<'_>]) -> bool {
    let is = |tokens: &[Token<'_>], part| tokens.first().is_some_and(|first| first.begins == Some(part));
    let uncommented = window.iter().all(|token| token.comments.is_empty());
    let length = one_line(sentence).chars().count() + 1 + one_line(window).chars().count();
    is(sentence, Part::Sentence) && is(window, Part::Window) && uncommented && length + INDENT.len() <= SHORT
}

fn needs_space(before: &Token<'_>, token: &Token<'_>) -> bool {
    use TokenKind::{Close, CloseBracket, Colon, Comma, Dot, Open, OpenBracket, OpenProponents, Question};
    let opens_list = token.kind == Open && before.kind == TokenKind::Word && !is_operator(before.text);
    !matches!(token.kind, Close | CloseBracket | Colon | Comma | Dot | Question)
        && !matches!(before.kind, Open | OpenBracket | OpenProponents | Dot)
        && !opens_list
}

/// Whether a bracket after this word holds a condition rather than the fields of an event.
fn is_operator(word: &str) -> bool {
    let words =
        ["and", "or", "not", "in", "where", "while", "unless", "is", "once", "keep", "have", "least", "at", "of"];
    words.contains(&word) || !word.starts_with(|letter: char| letter.is_alphanumeric())
}

fn may_break_before(before: Option<&Token<'_>>, token: &Token<'_>) -> bool {
    let words = ["and", "or", "where", "unless", "also", "within", "by", "with", "subject", "totalling", "failing"];
    before.is_some_and(|before| {
        use TokenKind::{Dot, Open, OpenBrace, OpenBracket};
        let inside = matches!(before.kind, Dot | Open | OpenBracket | OpenBrace);
        before.kind == TokenKind::Comma || (!inside && words.contains(&token.text))
    })
}

/// How long the tokens are up to where the line may be broken next.
fn unbroken_length(tokens: &[Token<'_>]) -> usize {
    let rest = tokens.iter().zip(tokens.iter().skip(1));
    let end = rest.clone().position(|(before, token)| may_break_before(Some(before), token));
    let run = tokens.get(..end.map_or(tokens.len(), |end| end + 1)).unwrap_or_default();
    let words = run.iter().map(|token| if token.kind == TokenKind::LongText { 3 } else { token.text.chars().count() });
    words.sum::<usize>() + run.len()
}
