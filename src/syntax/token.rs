//! A clause file as a row of tokens, with the comments between them and the parts that they begin.

use pest::Parser;
use pest::iterators::Pair;

use super::grammar::{ClauseParser, Rule};

/// A token, and what stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    /// What sort of sign or word it is.
    pub kind: TokenKind,
    /// Its text.
    pub text: &'t str,
    /// The part that it is the first token of, if it is of one that the layout knows.
    pub begins: Option<Part>,
    /// The comments between the token before and this one.
    pub comments: Vec<Comment<'t>>,
    /// Whether an empty line stands before it, or before the first comment of its own line.
    pub after_blank: bool,
}

/// A comment, from its `//` on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment<'t> {
    /// Its text, without white space at the end.
    pub text: &'t str,
    /// Whether it stands on a line of its own rather than after a token.
    pub own_line: bool,
    /// Whether an empty line stands before it.
    pub after_blank: bool,
}

/// Sorts of tokens, as far as white space depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A word, a number, a date, an operator.
    Word,
    /// A text in `"…"`.
    Text,
    /// A text in `"""…"""`.
    LongText,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `.`
    Dot,
    /// `?`
    Question,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// The `(` before the proponents of an alternative.
    OpenProponents,
}

/// Parts of a file that the layout knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A declaration that stays on its line.
    Line,
    /// A declaration with a body that may stand on one line: `event`, `group`, `schedule`.
    Short,
    /// An item with a body of several lines: `treaty`, `article`, `state`, `scenario`.
    Block,
    /// A field of a header, or of a calendar.
    HeaderField,
    /// A field or a column of an event.
    Field,
    /// A member of a group.
    Member,
    /// The authentic text of an article.
    AuthenticText,
    /// A trigger, a guard or a tail.
    Clause,
    /// Subject, `shall` and act.
    Sentence,
    /// A window.
    Window,
    /// Something that happens in a scenario.
    Step,
    /// Something that a scenario expects.
    Expectation,
}

/// The tokens of a file, or none where not all of it can be read.
pub fn tokens(text: &str) -> Option<(Vec<Token<'_>>, Vec<Comment<'_>>)> {
    let file = ClauseParser::parse(Rule::file, text).ok()?.next()?;
    let mut row = Row { text, tokens: Vec::new(), end: 0, begins: None, whole: true };
    row.walk(file, Rule::file);
    let (rest, _) = row.comments(text.len())?;
    row.whole.then_some((row.tokens, rest))
}

/// The tree of a file as rules and leaves, whatever its white space, comments and optional commas; none where not all
/// of it can be read.
pub fn shape(text: &str) -> Option<Vec<(String, String)>> {
    let file = ClauseParser::parse(Rule::file, text).ok()?.next()?;
    let mut shape = Vec::new();
    flatten(file, &mut shape)?;
    Some(shape)
}

fn flatten(pair: Pair<'_, Rule>, shape: &mut Vec<(String, String)>) -> Option<()> {
    let rule = pair.as_rule();
    match rule {
        Rule::broken => return None,
        Rule::comma => return Some(()),
        _ => {}
    }
    let text = match rule {
        Rule::long_string => pair.as_str().split_whitespace().collect::<Vec<_>>().join(" "),
        _ => pair.as_str().to_owned(),
    };
    let mut inner = pair.into_inner().peekable();
    let leaf = inner.peek().is_none();
    shape.push((format!("{rule:?}"), if leaf { text } else { String::new() }));
    inner.try_for_each(|child| flatten(child, shape))
}

struct Row<'t> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    /// Where the last token ends.
    end: usize,
    begins: Option<Part>,
    /// Whether everything so far could be read.
    whole: bool,
}

impl<'t> Row<'t> {
    fn walk(&mut self, pair: Pair<'t, Rule>, parent: Rule) {
        let rule = pair.as_rule();
        self.whole &= rule != Rule::broken;
        if let Some(part) = part(rule, parent) {
            // The outermost part that begins here decides.
            self.begins = self.begins.or(Some(part));
        }
        let span = pair.as_span();
        let mut inner = pair.into_inner().peekable();
        if inner.peek().is_none() {
            if rule != Rule::EOI {
                self.leaf(rule, span.start(), span.end());
            }
            return;
        }
        for child in inner {
            self.walk(child, rule);
        }
    }

    fn leaf(&mut self, rule: Rule, start: usize, end: usize) {
        let (Some(text), Some((comments, after_blank))) = (self.text.get(start..end), self.comments(start)) else {
            self.whole = false;
            return;
        };
        if text.is_empty() {
            return;
        }
        let begins = self.begins.take();
        self.tokens.push(Token { kind: kind(rule), text, begins, comments, after_blank });
        self.end = end;
    }

    /// The comments between the last token and an offset; none where anything but comments stands there.
    fn comments(&self, to: usize) -> Option<(Vec<Comment<'t>>, bool)> {
        let gap = self.text.get(self.end..to)?;
        let mut comments = Vec::new();
        let mut lines = 0;
        let mut first = true;
        for line in gap.split('\n') {
            let line = line.trim_matches([' ', '\t', '\r', '\u{feff}']);
            if line.starts_with("//") {
                let own_line = !first || self.tokens.is_empty();
                comments.push(Comment { text: line, own_line, after_blank: lines > 1 });
                lines = 0;
            } else if !line.is_empty() {
                return None;
            }
            first = false;
            lines += 1;
        }
        // One line break is counted at each line's end, the last one's included where it is not there.
        Some((comments, lines > 2))
    }
}

fn kind(rule: Rule) -> TokenKind {
    match rule {
        Rule::string => TokenKind::Text,
        Rule::long_string => TokenKind::LongText,
        Rule::open_brace => TokenKind::OpenBrace,
        Rule::close_brace => TokenKind::CloseBrace,
        Rule::open => TokenKind::Open,
        Rule::close => TokenKind::Close,
        Rule::comma => TokenKind::Comma,
        Rule::colon => TokenKind::Colon,
        Rule::dot => TokenKind::Dot,
        Rule::optional => TokenKind::Question,
        Rule::open_bracket => TokenKind::OpenBracket,
        Rule::close_bracket => TokenKind::CloseBracket,
        Rule::open_proponents => TokenKind::OpenProponents,
        _ => TokenKind::Word,
    }
}

fn part(rule: Rule, parent: Rule) -> Option<Part> {
    Some(match rule {
        Rule::use_file | Rule::party | Rule::place | Rule::unit | Rule::term => Part::Line,
        Rule::event | Rule::group | Rule::schedule => Part::Short,
        Rule::treaty | Rule::calendar | Rule::article | Rule::state | Rule::tally | Rule::scenario => Part::Block,
        Rule::field_decl | Rule::column => Part::Field,
        Rule::member | Rule::entry => Part::Member,
        Rule::text if parent == Rule::article => Part::AuthenticText,
        Rule::trigger | Rule::let_value | Rule::guard_while | Rule::guard_unless | Rule::for_each => Part::Clause,
        Rule::effect if parent == Rule::norm => Part::Clause,
        Rule::subject if parent == Rule::norm => Part::Sentence,
        Rule::window if parent == Rule::norm => Part::Window,
        Rule::expectation => Part::Expectation,
        Rule::step => Part::Step,
        Rule::begins_on | Rule::ends_on | Rule::holds_at_entry => Part::HeaderField,
        Rule::starts_at | Rule::adds | Rule::subtracts => Part::HeaderField,
        _ if parent == Rule::norm && is_tail(rule) => Part::Clause,
        _ if parent == Rule::article && is_article_part(rule) => Part::HeaderField,
        _ if matches!(parent, Rule::treaty | Rule::calendar | Rule::scenario) && !is_head(rule) => Part::HeaderField,
        _ => return None,
    })
}

/// Whether a rule is what an article says of itself.
fn is_article_part(rule: Rule) -> bool {
    matches!(rule, Rule::reading | Rule::in_force | Rule::counting | Rule::calendar_name | Rule::time_zone)
}

/// Whether a part of a norm is a tail: what is none of the other parts.
fn is_tail(rule: Rule) -> bool {
    !matches!(rule, Rule::retrigger | Rule::comma | Rule::modal | Rule::deed | Rule::effect)
}

/// Whether a rule belongs to the first line of a treaty or a calendar.
fn is_head(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::kw_treaty
            | Rule::kw_calendar
            | Rule::kw_scenario
            | Rule::name
            | Rule::string
            | Rule::open_brace
            | Rule::close_brace
    )
}
