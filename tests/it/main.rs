//! One binary of integration tests, a file a feature.
#![allow(
    clippy::pedantic,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that goes wrong should stop at once and say where"
)]

mod air_alerts;
mod bad_input;
mod command_line;
mod definition;
mod documents;
mod formats;
mod history;
mod invariants;
mod language;
mod found;
mod generated;
mod laws;
mod layout;
mod lines;
mod made_up;
mod model_treaty;
mod online;
mod pages;
mod real_logs;
mod replay;
mod picture;
mod reports;
mod saved;
mod scenarios;
mod store;
mod suites;
mod variants;
mod sentences;
mod stream;
mod support;
