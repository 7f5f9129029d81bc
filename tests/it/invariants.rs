//! The invariants that `ARCHITECTURE.md` states.

use std::fs;
use std::path::{Path, PathBuf};

use super::support::root;

/// Every Rust file under a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The modules of the library, in the order in which `lib.rs` declares them.
fn modules() -> Vec<String> {
    let text = fs::read_to_string(root("src/lib.rs")).unwrap();
    let declared = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    declared.map(str::to_owned).collect()
}

/// The files of the library, with the module that each belongs to.
fn library() -> Vec<(String, PathBuf, String)> {
    let src = root("src");
    let files = rust_files(&src).into_iter().filter(|path| !path.starts_with(src.join("bin")));
    let named = files.filter_map(|path| {
        let inner = path.strip_prefix(&src).ok()?;
        let first = inner.components().next()?.as_os_str().to_str()?;
        let module = first.strip_suffix(".rs").unwrap_or(first).to_owned();
        let text = fs::read_to_string(&path).ok()?;
        (module != "lib").then_some((module, path, text))
    });
    named.collect()
}

// A module uses only modules that `lib.rs` declares before it.
#[test]
fn modules_use_only_those_declared_before_them() {
    let modules = modules();
    assert!(modules.len() > 10, "lib.rs declares {modules:?}");
    let place = |name: &str| modules.iter().position(|module| module == name);
    let mut uses = 0;
    for (module, path, text) in library() {
        let own = place(&module).unwrap_or_else(|| panic!("{module} is not declared in lib.rs"));
        for (at, _) in text.match_indices("crate::") {
            let used: String =
                text[at + 7..].chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            let Some(other) = place(&used) else { continue };
            uses += 1;
            assert!(other <= own, "{}: `{module}` uses `{used}`, which is declared after it", path.display());
        }
    }
    assert!(uses > 100, "only {uses} uses were found: this test looks for the wrong thing");
}

// Nothing in the library reads or writes a file, asks the clock or the environment, or prints.
#[test]
fn the_library_has_no_input_or_output() {
    let forbidden = [
        "std::fs",
        "std::env",
        "std::io",
        "std::net",
        "std::process",
        "SystemTime",
        "Timestamp::now",
        "Zoned::now",
        "println!",
        "eprintln!",
        "print!(",
        "HashMap",
        "HashSet",
        "thread_rng",
    ];
    for (_, path, text) in library() {
        for word in forbidden {
            assert!(!text.contains(word), "{} has `{word}`", path.display());
        }
    }
}

// A file does one thing, and stays within what can be read in one sitting.
#[test]
fn files_stay_short() {
    for path in rust_files(&root("src")) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        // The tree is a list of types, which only grows longer when it is cut up.
        let most = if path.ends_with("syntax/ast.rs") || path.ends_with("model/mod.rs") { 700 } else { 520 };
        assert!(lines <= most, "{} has {lines} lines", path.display());
    }
}

// Every finding has a page, and every page a finding.
#[test]
fn pages_and_findings_are_the_same() {
    let files = fs::read_dir(root("src/catalog")).unwrap();
    let mut pages: Vec<_> = files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    pages.sort();
    let mut names: Vec<_> = servanda::finding::Code::ALL.iter().map(|code| format!("{}.md", code.name())).collect();
    names.sort();
    assert_eq!(pages, names);
}
