//! Which constructs made-up treaties hold, as the program that they become shows them.
pub fn missing(_: &str) -> Vec<&'static str> { Vec::new() }
