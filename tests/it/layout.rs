//! The canonical layout: `servanda fmt`.

use std::fs;

use servanda::format::{Refused, format};

use super::command_line::{folder, run, run_with, text};
use super::support::root;

/// A file in every sort of disorder, with comments wherever they may stand.
const DISORDER: &str = r#"// top


party   A   also "a","b" // trailing A
party B
event e{by:party  n:number?,  // the number
  to : list of party}
event f { by : party on : e }
article 1 "T" { text """a long
   text here""" when e(by:A) as x where ( x.n>3 and not(x.n=4) ) or x.n is given // why
 // own
 A shall f(on:x) within 24   hours owed to B unless x.n=1
 // last
 }
group G {A,B} treaty t{time zone Europe/Kyiv
// a field
status draft} article 2{each of G except A shall not f as k where k.on = k.on by 2030-01-01}
// end
"#;

const ORDER: &str = r#"// top

party A also "a", "b" // trailing A
party B
event e {
    by: party
    n: number? // the number
    to: list of party
}

event f { by: party, on: e }

article 1 "T" {
    text """a long text here"""

    when e(by: A) as x where (x.n > 3 and not (x.n = 4)) or x.n is given // why
    // own
    A shall f(on: x)
    within 24 hours
    owed to B
    unless x.n = 1
    // last
}

group G { A, B }

treaty t {
    time zone Europe/Kyiv
    // a field
    status draft
}

article 2 {
    each of G except A shall not f as k where k.on = k.on by 2030-01-01
}
// end
"#;

#[test]
fn disorder_is_put_in_order() {
    assert_eq!(format(DISORDER).unwrap(), ORDER);
    assert_eq!(format(ORDER).unwrap(), ORDER);
}

#[test]
fn long_lines_are_broken_where_they_can_be() {
    let long = "party A\nevent e { by: party n: number? }\narticle 1 { text \"\"\"In the event of an armed attack against one of \
        them the Parties shall consult together without delay, and in any case within one day of it.\"\"\" when e(by: A) as x \
        where x.n > 1000000 and x.n < 2000000 or x.n = 3000000 and x.n != 4000000 or x.n > 5000000 A shall e }\n";
    let expected = "party A\nevent e { by: party, n: number? }\n\narticle 1 {\n    text \"\"\"In the event of an armed attack against one of them the Parties shall consult together\n        without delay, and in any case within one day of it.\"\"\"\n\n    when e(by: A) as x where x.n > 1000000 and x.n < 2000000 or x.n = 3000000 and x.n != 4000000\n        or x.n > 5000000\n    A shall e\n}\n";
    assert_eq!(format(long).unwrap(), expected);
    assert_eq!(format(expected).unwrap(), expected);
}

#[test]
fn what_does_not_parse_is_refused() {
    assert_eq!(format("article 1 { when }"), Err(Refused::Unreadable));
    assert_eq!(format("party A }"), Err(Refused::Unreadable));
    assert_eq!(format("").unwrap(), "");
}

// Every clause file of the project stands in the canonical layout.
#[test]
fn the_clause_files_are_formatted() {
    for folder in ["clauses", "clauses/vocabulary", "clauses/model-treaty", "tests/fixtures", "tests/semantics"] {
        for entry in fs::read_dir(root(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "treaty") {
                let text = fs::read_to_string(&path).unwrap();
                assert_eq!(format(&text).unwrap(), text, "{}", path.display());
            }
        }
    }
}

// `fmt` rewrites a file, `--check` only names it; a file that does not parse is never touched.
#[test]
fn the_command_rewrites_checks_and_leaves_alone() {
    let folder = folder("fmt");
    fs::write(folder.join("good.treaty"), DISORDER).unwrap();
    fs::write(folder.join("bad.treaty"), "party A\narticle 1 { when }\n").unwrap();
    let check = run(&folder, &["fmt", "--check", "good.treaty"]);
    assert_eq!((check.status.code(), text(&check.stdout)), (Some(1), "good.treaty\n".to_owned()));
    assert_eq!(fs::read_to_string(folder.join("good.treaty")).unwrap(), DISORDER);
    let both = run(&folder, &["fmt", "bad.treaty", "good.treaty"]);
    assert_eq!(both.status.code(), Some(2));
    assert!(text(&both.stderr).contains("syntax"));
    assert_eq!(fs::read_to_string(folder.join("good.treaty")).unwrap(), ORDER);
    assert_eq!(fs::read_to_string(folder.join("bad.treaty")).unwrap(), "party A\narticle 1 { when }\n");
    assert_eq!(run(&folder, &["fmt", "--check", "good.treaty"]).status.code(), Some(0));
    assert_eq!(text(&run_with(&folder, &["fmt", "-"], DISORDER.as_bytes()).stdout), ORDER);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing else is left behind");
}
