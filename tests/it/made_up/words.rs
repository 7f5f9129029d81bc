//! What made-up treaties speak of.

/// An event kind, and the fields by which patterns narrow it.
pub struct Kind {
    pub name: &'static str,
    pub declaration: &'static str,
    pub fields: &'static [(&'static str, Field)],
}

/// What a field of a kind holds, as far as patterns and conditions care.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Party,
    Parties,
    Place,
    Number,
    Money,
    Hit,
    Claim,
    Instant,
    Date,
    Duration,
    Word,
}

pub const HIT: usize = 0;
pub const ACT: usize = 1;
pub const AID: usize = 2;
pub const PLAN: usize = 3;
pub const CLAIM: usize = 4;
pub const VOTE: usize = 5;

pub const KINDS: [Kind; 11] = [
    Kind {
        name: "hit",
        declaration: "event hit { by: party  to: party?  place: place?  n: number? }",
        fields: &[("by", Field::Party), ("to", Field::Party), ("place", Field::Place), ("n", Field::Number)],
    },
    Kind {
        name: "act",
        declaration: "event act { by: party  on: hit?  to: list of party?  v: usd? }",
        fields: &[("by", Field::Party), ("on", Field::Hit), ("to", Field::Parties), ("v", Field::Money)],
    },
    Kind {
        name: "aid",
        declaration: "event aid { by: party  on: hit?  place: place?  n: number? }",
        fields: &[("by", Field::Party), ("on", Field::Hit), ("place", Field::Place), ("n", Field::Number)],
    },
    Kind {
        name: "plan",
        declaration: "event plan { by: party  end: instant?  day_off: date?  len: duration?  word: x | y }",
        fields: &[
            ("by", Field::Party),
            ("end", Field::Instant),
            ("day_off", Field::Date),
            ("len", Field::Duration),
            ("word", Field::Word),
        ],
    },
    Kind {
        name: "claim",
        declaration: "event claim { by: party  on: hit?  n: number? } established by prove(of: it)",
        fields: &[("by", Field::Party), ("on", Field::Hit), ("n", Field::Number)],
    },
    Kind {
        name: "vote",
        declaration: "event vote { by: party  on: hit?  choice: favour | against | abstain }",
        fields: &[("by", Field::Party), ("on", Field::Hit)],
    },
    Kind { name: "prove", declaration: "event prove { of: claim }", fields: &[("of", Field::Claim)] },
    Kind { name: "enter", declaration: "event enter { by: party }", fields: &[("by", Field::Party)] },
    Kind { name: "leave", declaration: "event leave { by: party }", fields: &[("by", Field::Party)] },
    Kind { name: "go", declaration: "event go", fields: &[] },
    Kind { name: "halt", declaration: "event halt", fields: &[] },
];

/// Declarations that are the same in all of them, by the name that is looked for; parties are always there.
pub const FIXED: [(&str, &str); 14] = [
    ("A", "party A"),
    ("B", "party B"),
    ("C", "party C"),
    ("D", "party D"),
    ("G", "group G { A, B, C }"),
    ("R", "place R of B"),
    ("Q", "place Q"),
    ("P", "place P of A within Q"),
    ("usd", "unit usd"),
    ("kusd", "unit kusd = 2 usd"),
    ("cal", "calendar cal { weekend Saturday, Sunday  holidays 2026-03-30, 2026-10-26 }"),
    ("quota", "schedule quota by party { A 1, B 2, C 3 }"),
    ("rate", "schedule rate by word { x 1, y 2 }"),
    ("few", "group few { A, B }"),
];

pub const PARTIES: [&str; 4] = ["A", "B", "C", "D"];
pub const PLACES: [&str; 3] = ["P", "Q", "R"];
