//! Files that were packed, told by their first bytes.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How a file may be packed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Gzip,
    Zstd,
}

/// How many bytes tell it.
const TOLD: usize = 4;

/// How the file is packed that begins so; none where it is not.
pub fn packing(bytes: &[u8]) -> Option<Packing> {
    match bytes {
        [0x1f, 0x8b, ..] => Some(Packing::Gzip),
        // A frame, or one that is to be skipped.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Packing::Zstd),
        _ => None,
    }
}

/// What a file holds, as it was before it was packed.
pub fn unpacked(file: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut file = file;
    let mut head = Vec::new();
    file.by_ref().take(TOLD as u64).read_to_end(&mut head)?;
    let packing = packing(&head);
    let whole = io::Cursor::new(head).chain(file);
    Ok(match packing {
        None => Box::new(whole),
        Some(Packing::Gzip) => Box::new(Unpacked { inner: MultiGzDecoder::new(BufReader::new(whole)), how: "gzipped" }),
        Some(Packing::Zstd) => {
            Box::new(Unpacked { inner: Frames::new(BufReader::new(whole)), how: "packed with zstd" })
        }
    })
}

/// A file that is being unpacked, and says so where it is damaged.
struct Unpacked<R> {
    inner: R,
    how: &'static str,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.inner.read(room).map_err(|error| {
            let how = self.how;
            io::Error::other(match error.kind() {
                io::ErrorKind::UnexpectedEof => format!("it is {how}, and damaged: it is cut short"),
                _ => format!("it is {how}, and damaged: {error}"),
            })
        })
    }
}

/// Frames of zstd, one after the other.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame has begun.
    begun: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(source: R) -> Frames<R> {
        Frames { source, decoder: FrameDecoder::new(), begun: false }
    }

    /// Goes on to the next frame; false where there is none.
    fn next(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.begun = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.source.by_ref().take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(self.trouble(&error)),
            }
        }
        Ok(false)
    }

    /// What went wrong: the file is cut short, if it has ended.
    fn trouble(&mut self, error: &FrameDecoderError) -> io::Error {
        match self.source.fill_buf() {
            Ok([]) => io::ErrorKind::UnexpectedEof.into(),
            _ => io::Error::other(error.to_string()),
        }
    }

    fn is_whole(&self) -> bool {
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(said), Some(found)) => said == found,
            _ => true,
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.begun && !self.next()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                if let Err(error) = self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1)) {
                    return Err(self.trouble(&error));
                }
            }
            let read = self.decoder.read(room)?;
            if read > 0 || room.is_empty() {
                return Ok(read);
            }
            if !self.is_whole() {
                return Err(io::Error::other("its checksum is wrong"));
            }
            self.begun = false;
        }
    }
}
