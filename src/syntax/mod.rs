//! Text to tree.
//!
//! The grammar is `grammar/treaty.pest`; [`ast`] is what it yields. Parsing never fails: what cannot be read is left
//! out of the tree and reported.

pub mod ast;
mod from_text;
mod symbol;
mod token;

pub use from_text::{Pick, parse, parse_each};
pub use token::{Comment, Part, Token, TokenKind, shape, tokens};

/// The parser that the grammar generates. Its errors stay inside this module.
mod grammar {
    #![allow(missing_docs, reason = "the documentation of the rules is the grammar")]

    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/treaty.pest"]
    pub(super) struct ClauseParser;
}
