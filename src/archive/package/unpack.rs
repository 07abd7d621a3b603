//! Opens packages and shows what they hold as a tree. Nothing in a package is believed: a part that cannot be read is
//! missing, and the proof says so.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use zip::ZipArchive;

use super::content::is_beside;
use super::wacz::{DATAPACKAGE, WARC};
use super::{NOWHERE, has};
use crate::diagnostic::Text;
use crate::error::{Error, Operation, Result};
use crate::seal::tree::{Item, Tree};
use crate::source::{Disk, EntryKind};
use crate::text;

/// Bytes that are read at once.
const PIECE: u64 = 256 << 10;
/// A head of a record is shorter.
const LONGEST_HEAD: u64 = 64 << 10;

/// A package that was opened.
pub(super) enum Unpacked<'a> {
    Zip(Zipped<'a>),
    Wacz(Warc<'a>),
}

impl Unpacked<'_> {
    /// What it holds.
    pub(super) fn tree(&self) -> &dyn Tree {
        match self {
            Self::Zip(zip) => zip,
            Self::Wacz(warc) => warc,
        }
    }
}

/// Opens a package.
pub(super) fn open<'a>(disk: &'a dyn Disk, path: &'a Path) -> Result<std::result::Result<Unpacked<'a>, Text>> {
    let length = disk.stat(path)?.map_or(0, |(_, stamp)| stamp.length);
    let file = Part { disk, path, length, at: 0, held: Vec::new(), held_at: 0 };
    let Ok(archive) = ZipArchive::new(file) else {
        let shown = path.display();
        return Ok(Err(text!(
            "错误：{shown} 不是完整的 zip 或 WACZ 文件，可能被截断、填充或改动",
            "error: {shown} is no whole zip or WACZ file; it may have been cut, padded or changed"
        )));
    };
    let zip = Zipped { archive, path: path.to_owned() };
    Ok(Ok(match has(&zip, DATAPACKAGE)? {
        true => Unpacked::Wacz(Warc::new(zip, length)?),
        false => Unpacked::Zip(zip),
    }))
}

/// A file on a disk, read as its bytes are asked for.
#[derive(Clone)]
pub(super) struct Part<'a> {
    disk: &'a dyn Disk,
    path: &'a Path,
    length: u64,
    at: u64,
    /// A piece that was read, and where it begins.
    held: Vec<u8>,
    held_at: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let holds = (self.held_at..self.held_at + self.held.len() as u64).contains(&self.at);
        if !holds {
            let end = self.length.min(self.at.saturating_add(PIECE));
            if self.at >= end {
                return Ok(0);
            }
            self.disk.read_part_into(self.path, self.at..end, &mut self.held).map_err(io::Error::other)?;
            self.held_at = self.at;
        }
        let held = &self.held[(self.at - self.held_at) as usize..];
        let count = held.len().min(buffer.len());
        buffer[..count].copy_from_slice(&held[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Part<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// A zip file.
pub(super) struct Zipped<'a> {
    archive: ZipArchive<Part<'a>>,
    path: PathBuf,
}

impl Tree for Zipped<'_> {
    fn list(&self) -> Result<Option<Vec<Item>>> {
        let names = self.archive.file_names().flatten().filter(|name| !is_beside(name));
        let item = |name: std::borrow::Cow<'_, str>| match name.strip_suffix('/') {
            Some(folder) => Item { path: folder.to_owned(), kind: EntryKind::Folder },
            None => Item { path: name.into_owned(), kind: EntryKind::File },
        };
        let mut items: Vec<Item> = names.map(item).collect();
        items.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Some(items))
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        let mut archive = self.archive.clone();
        let Ok(mut entry) = archive.by_name(path) else { return Err(not_there(&self.path.join(path))) };
        pour(&mut entry, buffer, take);
        Ok(())
    }
}

/// Hands over what can be read; where a part cannot, the hash of what could is another.
fn pour(from: &mut dyn Read, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) {
    buffer.resize(PIECE as usize, 0);
    loop {
        match from.read(buffer) {
            Ok(0) => return,
            Ok(count) => take(&buffer[..count]),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

fn not_there(path: &Path) -> Error {
    Error::new(Operation::Read, path, io::Error::from(io::ErrorKind::NotFound))
}

/// The records of a WACZ file.
pub(super) struct Warc<'a> {
    zip: Zipped<'a>,
    /// Where the site stands, as the package says.
    pub(super) base: String,
    /// By path: where its packed record begins, and how long its head is.
    places: BTreeMap<String, (u64, u64, u64)>,
}

impl<'a> Warc<'a> {
    fn new(zip: Zipped<'a>, length: u64) -> Result<Self> {
        let package = zip.read_whole(DATAPACKAGE)?.unwrap_or_default();
        let package: serde_json::Value = serde_json::from_slice(&package).unwrap_or_default();
        let base = package["base"].as_str().unwrap_or(NOWHERE).to_owned();
        let mut warc = Self { zip, base, places: BTreeMap::new() };
        let mut archive = warc.zip.archive.clone();
        let start = archive.by_name(WARC).ok().and_then(|entry| Some((entry.data_start()?, entry.size())));
        if let Some((start, size)) = start {
            warc.look(start, start.saturating_add(size).min(length));
        }
        Ok(warc)
    }

    /// Notes where each record is, up to the first that cannot be read.
    fn look(&mut self, start: u64, end: u64) {
        let mut file = BufReader::new(self.zip.archive.clone().into_inner());
        let mut at = start;
        while at < end && file.seek(SeekFrom::Start(at)).is_ok() {
            let mut record = BufReader::new(GzDecoder::new(&mut file));
            let Some((head, url, length)) = head(&mut record) else { return };
            let mut member = record.into_inner();
            if io::copy(&mut member, &mut io::sink()).is_err() {
                return;
            }
            let path = url.map(|url| url.strip_prefix(&self.base).map_or_else(|| format!("?{url}"), str::to_owned));
            if let Some(path) = path {
                self.places.insert(path, (at, head, length));
            }
            let Ok(next) = file.stream_position() else { return };
            at = next;
        }
    }
}

/// The length of a record's head, its address, and the length of its body.
fn head(record: &mut impl BufRead) -> Option<(u64, Option<String>, u64)> {
    let (mut read, mut url, mut length) = (0u64, None, None);
    loop {
        let mut line = String::new();
        let count = record.take(LONGEST_HEAD).read_line(&mut line).ok()?;
        read += count as u64;
        if count == 0 || read > LONGEST_HEAD {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            return Some((read, url, length?));
        }
        match line.split_once(": ") {
            Some(("WARC-Target-URI", value)) => url = Some(value.to_owned()),
            Some(("Content-Length", value)) => length = value.parse().ok(),
            _ => {}
        }
    }
}

impl Tree for Warc<'_> {
    fn list(&self) -> Result<Option<Vec<Item>>> {
        let paths = self.places.keys().filter(|path| !is_beside(path));
        Ok(Some(paths.map(|path| Item { path: path.clone(), kind: EntryKind::File }).collect()))
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        let Some(&(at, head, length)) = self.places.get(path) else { return Err(not_there(&self.zip.path.join(path))) };
        let mut file = BufReader::new(self.zip.archive.clone().into_inner());
        if file.seek(SeekFrom::Start(at)).is_ok() {
            let mut record = GzDecoder::new(file);
            if io::copy(&mut (&mut record).take(head), &mut io::sink()).is_ok() {
                pour(&mut record.take(length), buffer, take);
            }
        }
        Ok(())
    }
}

/// A folder of another tree.
pub(super) struct Below<'a> {
    tree: &'a dyn Tree,
    prefix: &'static str,
}

impl<'a> Below<'a> {
    pub(super) fn new(tree: &'a dyn Tree, prefix: &'static str) -> Result<Self> {
        Ok(Self { tree, prefix })
    }
}

impl Tree for Below<'_> {
    fn list(&self) -> Result<Option<Vec<Item>>> {
        let items = self.tree.list()?.unwrap_or_default().into_iter();
        let below = items.filter_map(|item| {
            let path = item.path.strip_prefix(self.prefix)?;
            (!is_beside(path)).then(|| Item { path: path.to_owned(), kind: item.kind })
        });
        // The folder of what stands beside the year is no folder of the year.
        Ok(Some(below.filter(|item| item.path != "archive").collect()))
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        self.tree.read(&format!("{}{path}", self.prefix), buffer, take)
    }
}
