//! Reads files. The library opens none.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use flate2::read::MultiGzDecoder;
use servanda::finding::Finding;
use servanda::model::{self, Library, Program};
use servanda::source::Sources;

/// Reads clause files and what they use, and makes one program of them.
pub fn program(paths: &[String], sources: &mut Sources) -> (Program, Vec<Finding>) {
    let (loaded, mut findings) = model::load(paths, &mut Disk, sources);
    let (program, more) = model::build(&loaded);
    findings.extend(more);
    (program, findings)
}

/// The files of this machine.
struct Disk;

impl Library for Disk {
    fn open(&mut self, path: &str, from: Option<&str>) -> Result<(String, Vec<u8>), String> {
        let folder = from.map(Path::new).and_then(Path::parent).unwrap_or(Path::new(""));
        let path = normal(&folder.join(path));
        let bytes = fs::read(&path).map_err(|error| reason(&error))?;
        Ok((path.display().to_string(), bytes))
    }
}

/// The path without `.` and, as far as it can be told, without `..`, so that one file has one name.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// Reads a file whole or, for `-`, standard input; with the name that reports give it.
pub fn bytes(path: &str) -> Result<(String, Vec<u8>), String> {
    if path == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| reason(&error))?;
        return Ok(("<stdin>".to_owned(), bytes));
    }
    Ok((path.to_owned(), fs::read(path).map_err(|error| reason(&error))?))
}

/// Reads a log, gzipped or not.
pub fn log(path: &str) -> Result<(String, Vec<u8>), String> {
    let (name, bytes) = bytes(path)?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok((name, bytes));
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes.as_slice())
        .read_to_end(&mut plain)
        .map_err(|error| format!("it is gzipped, and damaged: {error}"))?;
    Ok((name, plain))
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
