//! What the documents show is so.

use std::fs;

use servanda::source::Sources;

use super::command_line::{folder, run, text};
use super::support::{program, root};

/// The fenced blocks of a document with that info string.
pub fn blocks(document: &str, info: &str) -> Vec<String> {
    let text = fs::read_to_string(root(document)).unwrap();
    let mut lines = text.lines();
    let mut blocks = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let body: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            if line == format!("```{info}") {
                blocks.push(body);
            }
        }
    }
    blocks
}

// The README's tour: the clause, the log, and what the program prints.
#[test]
fn the_tour_of_the_readme_is_what_happens() {
    let folder = folder("readme");
    fs::write(folder.join("pact.treaty"), blocks("README.md", "treaty").first().unwrap()).unwrap();
    fs::write(folder.join("events.jsonl"), blocks("README.md", "json").first().unwrap()).unwrap();
    let shown = blocks("README.md", "console");
    assert_eq!(shown.len(), 2);
    for block in shown {
        let (command, expected) = block.split_once('\n').unwrap();
        let arguments: Vec<_> = command.strip_prefix("$ servanda ").unwrap().split(' ').collect();
        assert_eq!(text(&run(&folder, &arguments).stdout), expected);
    }
}

// Every example of the language reference is a file that `check` has nothing to say of.
#[test]
fn every_example_of_the_language_reference_is_clean() {
    let examples = blocks("docs/language.md", "treaty");
    assert!(examples.len() > 10, "only {} examples", examples.len());
    for example in examples {
        let mut sources = Sources::default();
        let (_, findings) = program(&example, &mut sources);
        let shown = servanda::report::findings(&findings, &sources, servanda::report::Style::default());
        assert!(findings.is_empty(), "{example}\n{shown}");
    }
}

// The language reference lists the keywords, all of them and no others.
#[test]
fn the_language_reference_lists_the_keywords() {
    let grammar = fs::read_to_string(root("grammar/treaty.pest")).unwrap();
    let rule = grammar.split("keyword = _{").nth(1).unwrap().split('}').next().unwrap();
    let mut keywords: Vec<_> = rule.split('|').map(|word| word.trim().trim_matches('"')).collect();
    keywords.sort_unstable();
    let document = fs::read_to_string(root("docs/language.md")).unwrap();
    let section = document.split("## Keywords").nth(1).unwrap().split("\n## ").next().unwrap();
    let mut listed: Vec<_> = section.split('`').skip(1).step_by(2).filter(|word| !word.contains(' ')).collect();
    listed.sort_unstable();
    listed.dedup();
    assert_eq!(listed, keywords);
}
