//! Holds a package against the one that is made again from its content, while that is written: no second file.

use std::collections::BTreeSet;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::not_the_same;
use crate::diagnostic::Text;
use crate::error::Result;
use crate::source::Disk;

/// More bytes that differ need not be counted.
const MOST: usize = 100_000;

/// Takes what should be in a file and remembers where it is not.
pub(super) struct Compare<'a> {
    disk: &'a dyn Disk,
    path: &'a Path,
    length: u64,
    at: u64,
    end: u64,
    /// Places that differ; a zip writer comes back to the head of an entry, which then may be right.
    wrong: BTreeSet<u64>,
    buffer: Vec<u8>,
}

impl<'a> Compare<'a> {
    pub(super) fn new(disk: &'a dyn Disk, path: &'a Path) -> Result<Self> {
        let length = disk.stat(path)?.map_or(0, |(_, stamp)| stamp.length);
        Ok(Self { disk, path, length, at: 0, end: 0, wrong: BTreeSet::new(), buffer: Vec::new() })
    }

    /// Where the file is not what was written.
    pub(super) fn difference(&self) -> Option<Text> {
        let first =
            self.wrong.first().copied().or_else(|| (self.length != self.end).then(|| self.length.min(self.end)))?;
        Some(not_the_same(&format!("{} @ {first}", self.path.display())))
    }
}

impl Write for Compare<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = self.at..self.at + bytes.len() as u64;
        self.disk.read_part_into(self.path, part, &mut self.buffer).map_err(io::Error::other)?;
        for (number, byte) in bytes.iter().enumerate() {
            let place = self.at + number as u64;
            if self.buffer.get(number) == Some(byte) {
                self.wrong.remove(&place);
            } else if self.wrong.len() < MOST {
                self.wrong.insert(place);
            }
        }
        self.at += bytes.len() as u64;
        self.end = self.end.max(self.at);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Compare<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
