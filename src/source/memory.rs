//! A disk in memory, for tests: the same promises as the real one, and a power cut on request.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::disk::{Disk, Entry, EntryKind, Stamp};
use crate::error::{Error, Operation, Result};

/// Files by path. Folders exist as soon as a file is below them.
#[derive(Debug, Default)]
pub struct MemoryDisk {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<PathBuf, Vec<u8>>,
    links: BTreeMap<PathBuf, PathBuf>,
    writes: u64,
    cut_after: Option<u64>,
}

impl MemoryDisk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file there.
    pub fn put(&self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) {
        self.lock().files.insert(path.into(), bytes.into());
    }

    /// Puts a symbolic link there.
    pub fn put_link(&self, path: impl Into<PathBuf>, target: impl Into<PathBuf>) {
        self.lock().links.insert(path.into(), target.into());
    }

    /// Every file below a folder, with its path below that folder.
    pub fn files_below(&self, folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let state = self.lock();
        let below = state.files.iter().filter_map(|(path, bytes)| {
            let path = path.strip_prefix(folder).ok()?;
            Some((path.to_string_lossy().into_owned(), bytes.clone()))
        });
        below.collect()
    }

    /// How many writes and removals there have been.
    pub fn writes(&self) -> u64 {
        self.lock().writes
    }

    /// Lets every write and removal after the next `n` fail, as when the machine stops; `None` mends it.
    pub fn cut_after(&self, n: Option<u64>) {
        let mut state = self.lock();
        state.cut_after = n.map(|n| state.writes + n);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("a test panicked while it held the disk")
    }

    fn change(&self, operation: Operation, path: &Path, change: impl FnOnce(&mut State)) -> Result<()> {
        let mut state = self.lock();
        if state.cut_after.is_some_and(|limit| state.writes >= limit) {
            return Err(Error::new(operation, path, io::Error::other("the machine has stopped")));
        }
        state.writes += 1;
        change(&mut state);
        Ok(())
    }
}

fn not_found() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl Disk for MemoryDisk {
    fn walk(&self, folder: &Path) -> Result<Vec<Entry>> {
        let mut entries = self.walk_all(folder)?;
        entries.retain(|entry| !entry.path.split('/').any(|part| part.starts_with('.')));
        Ok(entries)
    }

    fn walk_all(&self, folder: &Path) -> Result<Vec<Entry>> {
        let state = self.lock();
        let mut entries = BTreeMap::new();
        let files = state.files.iter().map(|(path, bytes)| (path, EntryKind::File, Stamp::of_bytes(bytes)));
        let links = state.links.keys().map(|path| (path, EntryKind::Link, Stamp::default()));
        for (path, kind, stamp) in files.chain(links) {
            let Ok(below) = path.strip_prefix(folder) else { continue };
            for ancestor in below.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty()) {
                let name = ancestor.to_string_lossy().into_owned();
                entries.insert(name, (EntryKind::Folder, Stamp::default()));
            }
            let name = below.to_string_lossy().into_owned();
            entries.insert(name, (kind, stamp));
        }
        if entries.is_empty() {
            return Err(Error::new(Operation::List, folder, not_found()));
        }
        Ok(entries.into_iter().map(|(path, (kind, stamp))| Entry { path, kind, stamp }).collect())
    }

    fn read_into(&self, path: &Path, buffer: &mut Vec<u8>) -> Result<()> {
        buffer.clear();
        let state = self.lock();
        let bytes = state.files.get(path).ok_or_else(|| Error::new(Operation::Read, path, not_found()))?;
        buffer.extend_from_slice(bytes);
        Ok(())
    }

    fn read_part_into(&self, path: &Path, part: Range<u64>, buffer: &mut Vec<u8>) -> Result<()> {
        buffer.clear();
        let state = self.lock();
        let bytes = state.files.get(path).ok_or_else(|| Error::new(Operation::Read, path, not_found()))?;
        let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        buffer.extend_from_slice(&bytes[within(part.start)..within(part.end.max(part.start))]);
        Ok(())
    }

    fn stat(&self, path: &Path) -> Result<Option<(EntryKind, Stamp)>> {
        let state = self.lock();
        if let Some(bytes) = state.files.get(path) {
            return Ok(Some((EntryKind::File, Stamp::of_bytes(bytes))));
        }
        if state.links.contains_key(path) {
            return Ok(Some((EntryKind::Link, Stamp::default())));
        }
        let is_folder = state.files.keys().any(|file| file.starts_with(path));
        Ok(is_folder.then(|| (EntryKind::Folder, Stamp::default())))
    }

    fn write_whole(&self, path: &Path, bytes: &[u8], scratch: &Path) -> Result<Stamp> {
        // Two steps, as on a real disk, so that a cut can fall between them.
        self.change(Operation::Write, scratch, |state| {
            state.files.insert(scratch.to_owned(), bytes.to_owned());
        })?;
        self.change(Operation::Write, path, |state| {
            if let Some(bytes) = state.files.remove(scratch) {
                state.files.insert(path.to_owned(), bytes);
            }
        })?;
        Ok(Stamp::of_bytes(bytes))
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<Stamp> {
        // Two steps, so that a cut can leave half of it.
        for part in [&bytes[..bytes.len() / 2], bytes] {
            self.change(Operation::Write, path, |state| {
                state.files.insert(path.to_owned(), part.to_owned());
            })?;
        }
        Ok(Stamp::of_bytes(bytes))
    }

    fn rename_folder(&self, from: &Path, to: &Path) -> Result<()> {
        self.change(Operation::Write, to, |state| {
            for (path, bytes) in std::mem::take(&mut state.files) {
                let path = path.strip_prefix(from).map_or(path.clone(), |below| to.join(below));
                state.files.insert(path, bytes);
            }
        })
    }

    fn create_folder(&self, _path: &Path) -> Result<()> {
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> Result<()> {
        self.change(Operation::Remove, path, |state| {
            state.files.remove(path);
        })
    }

    fn remove_empty_folder(&self, _path: &Path) -> Result<()> {
        Ok(())
    }
}
