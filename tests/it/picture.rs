//! The picture in the README is what the program prints.
//!
//! `UPDATE_PICTURE=1 cargo test picture` draws it anew.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use super::support::root;

const ROW: usize = 18;
const COLUMN: f32 = 8.4;

#[test]
fn the_picture_is_the_output() {
    let output = Command::new(env!("CARGO_BIN_EXE_servanda"))
        .args(["replay", "clauses/minsk-ii-2015.treaty", "clauses/minsk-ii-2015.jsonl", "--until", "2016-01-02"])
        .current_dir(root(""))
        .env("CLICOLOR_FORCE", "1")
        .env_remove("NO_COLOR")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let drawn = draw(&excerpt(&text));
    let path = root("docs/minsk-ii.svg");
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), drawn, "draw it anew: UPDATE_PICTURE=1 cargo test picture");
}

/// The report on article 4.2, which needs no other to be read, and the last lines.
fn excerpt(text: &str) -> Vec<&str> {
    let lines: Vec<_> = text.lines().collect();
    let start = lines.iter().position(|line| line.contains("article 4.2:")).unwrap() - 2;
    let length = lines[start..].iter().position(|line| line.contains("article 11.1:")).unwrap() - 2;
    let docket = lines.iter().position(|line| line.contains("claimant")).unwrap();
    let mut shown: Vec<_> = lines[start..start + length].to_vec();
    shown.extend(&lines[docket..]);
    shown
}

/// The lines as an SVG image, with the colours that the terminal was told.
fn draw(lines: &[&str]) -> String {
    let height = (lines.len() + 2) * ROW;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"880\" height=\"{height}\" viewBox=\"0 0 880 {height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1c1e26\"/>\n\
         <g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"14\" fill=\"#d5d8da\" xml:space=\"preserve\">\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let mut column = 0;
        for (style, piece) in pieces(line) {
            let length = piece.chars().count();
            if !piece.trim().is_empty() {
                let x = 16.0 + COLUMN * column as f32;
                let y = (row + 2) * ROW;
                let width = COLUMN * length as f32;
                let piece = piece.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                writeln!(svg, "<text x=\"{x:.1}\" y=\"{y}\" textLength=\"{width:.1}\"{style}>{piece}</text>").unwrap();
            }
            column += length;
        }
    }
    svg + "</g>\n</svg>\n"
}

/// A line cut where its style changes, each piece with its attributes.
fn pieces(line: &str) -> Vec<(String, String)> {
    let mut pieces = Vec::new();
    let mut style = String::new();
    for part in line.split("\u{1b}[") {
        let Some((codes, text)) = part.split_once('m').filter(|(codes, _)| is_style(codes)) else {
            pieces.push((style.clone(), part.to_owned()));
            continue;
        };
        let codes = codes.replace("38;5;9", "31").replace("38;5;10", "32").replace("38;5;11", "33");
        for code in codes.split(';') {
            match code {
                "" | "0" | "39" | "22" => style.clear(),
                "1" => style += " font-weight=\"bold\"",
                "31" => style += " fill=\"#ef6b73\"",
                "32" => style += " fill=\"#7fd88f\"",
                "33" => style += " fill=\"#e5c07b\"",
                "34" | "36" => style += " fill=\"#6cb6ff\"",
                "35" => style += " fill=\"#d18bff\"",
                "2" => style += " opacity=\"0.6\"",
                _ => {}
            }
        }
        pieces.push((deduplicated(&style), text.to_owned()));
    }
    pieces
}

fn is_style(codes: &str) -> bool {
    codes.chars().all(|code| code.is_ascii_digit() || code == ';')
}

/// The attributes, the last of each name: an attribute may stand once only.
fn deduplicated(style: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for attribute in style.split_inclusive("\" ").map(str::trim).filter(|attribute| !attribute.is_empty()) {
        let name = attribute.split('=').next().unwrap_or_default();
        kept.retain(|other| other.split('=').next() != Some(name));
        kept.push(attribute);
    }
    kept.iter().map(|attribute| format!(" {attribute}")).collect()
}
