//! Treaties and logs that chance makes, over every construct of the language.

mod case;
mod constructs;
mod dice;
mod log;
mod maker;
mod sentence;
mod text;
mod treaty;
mod trouble;
mod window;
mod words;

pub use case::{checked, difference, guarded, is_whole, read, smallest, watched};
pub use constructs::{CONSTRUCTS, find};
pub use dice::Dice;
pub use log::{Liberties, Matter, lines, until};
pub use text::{Piece, text};
pub use treaty::treaty;
pub use trouble::takes_long;
