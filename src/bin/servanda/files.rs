//! Reads files. The library opens none.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use servanda::finding::Finding;
use servanda::model::{self, Library, Loaded, Program};
use servanda::source::Sources;

use crate::unpack;

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
        Ok((path.display().to_string(), plain(bytes)?))
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

/// What was packed, as it was before.
fn plain(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    if unpack::packing(&bytes).is_none() {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    let mut packed = unpack::unpacked(io::Cursor::new(bytes)).map_err(|error| reason(&error))?;
    packed.read_to_end(&mut plain).map_err(|error| reason(&error))?;
    Ok(plain)
}

/// Every file under a folder whose name ends so, in the order of their paths.
pub fn under(folder: &Path, extensions: &[&str]) -> io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.path();
        // A link to a folder is not followed, as it may lead back.
        if entry.file_type()?.is_dir() {
            files.extend(under(&path, extensions)?);
        } else if path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted)) {
            files.push(path);
        }
    }
    Ok(files)
}

/// Writes a file at one stroke, so that it is never half written; one that is there is replaced, and keeps its
/// permissions.
pub fn replace(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let permissions = fs::metadata(&path).map(|metadata| metadata.permissions());
    let written = write(&beside, content.as_ref())
        .and_then(|()| permissions.map_or(Ok(()), |permissions| fs::set_permissions(&beside, permissions)))
        .and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        _ = fs::remove_file(&beside);
    }
    written
}

/// Writes a file, and waits until it is on the disk.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Reads clause files and what they use, and nothing more.
pub fn load(paths: &[String], sources: &mut Sources) -> (Loaded, Vec<Finding>) {
    model::load(paths, &mut Disk, sources)
}

/// Why a file cannot be read, in a user's words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
