//! Most lines of JSON are flat objects, which need no general reader.

use std::borrow::Cow;

use super::cell::{Cell, Pair};

/// Takes a flat object apart whose keys have no escapes; false where the line is anything else, right or wrong.
pub(super) fn pairs<'a>(line: &'a str, pairs: &mut Vec<Pair<'a>>) -> bool {
    object(&mut Scan { line, bytes: line.as_bytes(), at: 0 }, pairs).is_some()
}

struct Scan<'a> {
    line: &'a str,
    bytes: &'a [u8],
    at: usize,
}

fn object<'a>(scan: &mut Scan<'a>, pairs: &mut Vec<Pair<'a>>) -> Option<()> {
    scan.blank();
    scan.sign(b'{')?;
    scan.blank();
    if scan.peek() == Some(b'}') {
        scan.at += 1;
    } else {
        loop {
            let key = scan.key()?;
            scan.blank();
            scan.sign(b':')?;
            scan.blank();
            let start = scan.at;
            scan.value()?;
            let raw = scan.line.get(start..scan.at)?;
            pairs.push((Cow::Borrowed(key), Cell { raw, json: true }));
            scan.blank();
            match scan.next()? {
                b',' => scan.blank(),
                b'}' => break,
                _ => return None,
            }
        }
    }
    scan.blank();
    (scan.at == scan.bytes.len()).then_some(())
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn sign(&mut self, sign: u8) -> Option<()> {
        (self.next()? == sign).then_some(())
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn key(&mut self) -> Option<&'a str> {
        self.sign(b'"')?;
        let start = self.at;
        self.plain();
        let key = self.line.get(start..self.at)?;
        self.sign(b'"')?;
        Some(key)
    }

    /// Goes on to the next quotation mark, escape or control character.
    fn plain(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let special = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F));
        self.at += special.unwrap_or(rest.len());
    }

    fn value(&mut self) -> Option<()> {
        match self.next()? {
            b'"' => self.string(),
            b't' => self.word(b"rue"),
            b'f' => self.word(b"alse"),
            b'n' => self.word(b"ull"),
            b'-' => {
                let first = self.next()?;
                self.number(first)
            }
            first @ b'0'..=b'9' => self.number(first),
            _ => None,
        }
    }

    fn word(&mut self, rest: &[u8]) -> Option<()> {
        let found = self.bytes.get(self.at..)?.starts_with(rest);
        self.at += rest.len();
        found.then_some(())
    }

    fn string(&mut self) -> Option<()> {
        loop {
            self.plain();
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => self.escape()?,
                    _ => return None,
                },
                _ => return None,
            }
        }
    }

    /// Four hexadecimal digits that are not half of a pair.
    fn escape(&mut self) -> Option<()> {
        let digits = self.line.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        char::from_u32(number).map(|_| ())
    }

    /// A number without an exponent.
    fn number(&mut self, first: u8) -> Option<()> {
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            let start = self.at;
            self.digits();
            if self.at == start {
                return None;
            }
        }
        // What else may follow is refused by whoever looks for a comma.
        Some(())
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }
}
