//! Logs, as they are opened: a file, a pipe or standard input, packed or not.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crate::files::reason;
use crate::unpack;

/// How often a file is looked at that is to grow.
const LOOK: Duration = Duration::from_millis(200);

/// A log that can be read.
pub struct Log {
    /// The name that reports give it.
    pub name: String,
    /// What it holds, unpacked.
    pub read: Box<dyn Read + Send>,
    /// Whether more may come later than it can be read.
    pub live: bool,
    /// How long the file is, packed as it may be, where it has an end.
    pub size: Option<u64>,
    /// How much of it has been read.
    pub passed: Arc<AtomicU64>,
}

/// How a log is opened.
#[derive(Default, Clone, Copy)]
pub struct How {
    /// How many bytes of it, unpacked, are passed over; what comes on a pipe follows them already.
    pub from: u64,
    /// Whether to wait for more at its end.
    pub follow: bool,
}

/// Whether a log comes as it is written, rather than out of a file that is there.
pub fn is_pipe(path: &str) -> bool {
    path == "-" || fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Opens a log or, for `-`, standard input.
pub fn open(path: &str, how: How) -> Result<Log, String> {
    let passed = Arc::default();
    if path == "-" {
        let read = Box::new(Pipe::Shut(Some(io::stdin())));
        return Ok(Log { name: "<stdin>".to_owned(), read, live: true, size: None, passed });
    }
    let name = path.to_owned();
    let file = File::open(path).map_err(|error| reason(&error))?;
    if is_pipe(path) {
        let read = Box::new(Pipe::Shut(Some(file)));
        return Ok(Log { name, read, live: true, size: None, passed });
    }
    let size = file.metadata().map_err(|error| reason(&error))?.len();
    let read = of_file(path, file, size, how, &passed)?;
    Ok(Log { name, read, live: how.follow, size: Some(size).filter(|_| !how.follow), passed })
}

/// Reads a log whole; with the name that reports give it.
pub fn whole(path: &str) -> Result<(String, Vec<u8>), String> {
    let mut log = open(path, How::default())?;
    let mut bytes = Vec::new();
    log.read.read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    Ok((log.name, bytes))
}

fn of_file(
    path: &str,
    file: File,
    size: u64,
    how: How,
    passed: &Arc<AtomicU64>,
) -> Result<Box<dyn Read + Send>, String> {
    let mut file = file;
    let mut head = Vec::new();
    file.by_ref().take(4).read_to_end(&mut head).map_err(|error| reason(&error))?;
    let shorter = || "it is shorter than it was when the state was saved".to_owned();
    if unpack::packing(&head).is_some() {
        if how.follow {
            return Err("it is packed, and only plain text can be followed".to_owned());
        }
        file.rewind().map_err(|error| reason(&error))?;
        let counted = Counted { file, passed: Arc::clone(passed) };
        let mut read = unpack::unpacked(counted).map_err(|error| reason(&error))?;
        let over = io::copy(&mut read.by_ref().take(how.from), &mut io::sink()).map_err(|error| reason(&error))?;
        return if over < how.from { Err(shorter()) } else { Ok(read) };
    }
    if size < how.from {
        return Err(shorter());
    }
    file.seek(SeekFrom::Start(how.from)).map_err(|error| reason(&error))?;
    passed.store(how.from, Ordering::Relaxed);
    if how.follow {
        return Ok(Box::new(Followed { file, path: path.into(), at: how.from }));
    }
    Ok(Box::new(Counted { file, passed: Arc::clone(passed) }))
}

/// A file of which it is told how much has been read.
struct Counted {
    file: File,
    passed: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(room)?;
        self.passed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What comes on a pipe; how it is packed is asked when it is read first, as nothing may have come before.
enum Pipe<R> {
    Shut(Option<R>),
    Open(Box<dyn Read + Send>),
}

impl<R: Read + Send + 'static> Read for Pipe<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self {
            Pipe::Open(read) => read.read(room),
            Pipe::Shut(pipe) => {
                let Some(pipe) = pipe.take() else { return Ok(0) };
                let mut open = unpack::unpacked(pipe)?;
                let read = open.read(room);
                *self = Pipe::Open(open);
                read
            }
        }
    }
}

/// A file that grows.
struct Followed {
    file: File,
    path: PathBuf,
    at: u64,
}

impl Followed {
    /// That the file is still the one that is followed.
    fn check(&self) -> io::Result<()> {
        let here = self.file.metadata()?;
        if here.len() < self.at {
            return Err(io::Error::other("it has become shorter while it was followed"));
        }
        match fs::metadata(&self.path) {
            Ok(there) if is_same(&here, &there) => Ok(()),
            Ok(_) => Err(io::Error::other("another file has taken its place while it was followed")),
            Err(_) => Err(io::Error::other("it has gone away while it was followed")),
        }
    }
}

impl Read for Followed {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.file.read(room)?;
            if read > 0 {
                self.at += read as u64;
                return Ok(read);
            }
            self.check()?;
            thread::sleep(LOOK);
        }
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_one: &Metadata, _other: &Metadata) -> bool {
    true
}
