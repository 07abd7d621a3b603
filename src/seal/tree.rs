//! A tree of files that may be a sealed year: a folder, a package, a published copy. Whoever proves a seal sees
//! nothing else of it.

use std::path::Path;

use crate::error::Result;
use crate::source::{Disk, EntryKind};

/// One thing in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Path below the root, with `/`.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
}

/// Files that can be listed and read.
pub trait Tree: Sync {
    /// Everything in the tree, folders and hidden files too; `None` where it cannot be listed, as over HTTP.
    fn list(&self) -> Result<Option<Vec<Item>>>;

    /// Hands a file over piece by piece; an error that it is not there is [`crate::error::Error::is_not_found`].
    /// `buffer` is room for a piece.
    fn read(&self, path: &str, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()>;

    /// A whole file in memory; nothing where it is not there.
    fn read_whole(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        match self.read(path, &mut Vec::new(), &mut |piece| bytes.extend_from_slice(piece)) {
            Err(error) if error.is_not_found() => Ok(None),
            read => read.map(|()| Some(bytes)),
        }
    }
}

/// A folder on a disk.
pub struct Folder<'a> {
    /// Where it is read.
    pub disk: &'a dyn Disk,
    /// Its path.
    pub path: &'a Path,
}

impl Tree for Folder<'_> {
    fn list(&self) -> Result<Option<Vec<Item>>> {
        let entries = self.disk.walk_all(self.path)?;
        Ok(Some(entries.into_iter().map(|entry| Item { path: entry.path, kind: entry.kind }).collect()))
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        self.disk.read_pieces(&self.path.join(path), buffer, take)
    }
}
