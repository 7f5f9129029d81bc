//! Servanda checks whether agreements are kept.
//!
//! A treaty is written as clauses, in a small language that reads like treaty English; what happened, or might happen,
//! is a log of events. A replay says of every duty whether it was met, late, breached, excused or is still pending:
//! who owed what to whom by when, and what would have complied.
//!
//! ```text
//!  clauses ─► syntax ─► model ─┐
//!                              ├─► eval ─► semantics ─► monitor ─► scenario ─► report
//!      log ────────► event ────┘
//! ```
//!
//! Modules stand in the order of their dependencies: each uses only those above it.
//!
//! ```
//! use servanda::{event, model, replay, source::Sources, verdict::Status};
//!
//! struct Shelf;
//! impl model::Library for Shelf {
//!     fn open(&mut self, path: &str, _from: Option<&str>) -> Result<(String, Vec<u8>), String> {
//!         let text = "party Italy
//!             event attack {}
//!             event consult { by: party }
//!             article 1 { when attack as a  Italy shall consult within 24 hours }";
//!         Ok((path.to_owned(), text.into()))
//!     }
//! }
//!
//! let mut sources = Sources::default();
//! let (loaded, findings) = model::load(&["pact.treaty".to_owned()], &mut Shelf, &mut sources);
//! assert!(findings.is_empty());
//! let (program, findings) = model::build(&loaded);
//! assert!(findings.is_empty());
//!
//! let log = br#"{"at":"2025-11-03T03:12:00+02:00","kind":"attack"}
//!               {"at":"2025-11-04T03:12:00+02:00","kind":"consult","by":"Italy"}"#;
//! let source = sources.add("log.jsonl", log.as_slice());
//! let (log, findings) = event::read(&program, source, log, event::Options::default());
//! assert!(findings.is_empty());
//!
//! // Due at 03:12 the next day, that instant included: Italy consulted in time.
//! let verdicts = replay::replay(&program, &log, &replay::Options::default());
//! assert_eq!(verdicts[0].status, Status::Met);
//! ```

pub mod arena;
pub mod source;
pub mod finding;
pub mod time;
pub mod syntax;
pub mod format;
pub mod model;
pub mod event;
pub mod verdict;
pub mod eval;
pub mod semantics;
pub mod monitor;
pub mod replay;
pub mod scenario;
pub mod report;
pub mod catalog;
