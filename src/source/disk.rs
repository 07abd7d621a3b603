//! The one small trait through which files are read and written, and the real disk behind it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use crate::error::{Error, Operation, Result};

/// Bytes of a piece of a long file.
const PIECE: usize = 256 << 10;
/// How often, and how long each time, a folder's new name is waited for.
const RENAMES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);
/// What was changed so many nanoseconds ago or longer gets another time by another change.
const SETTLING: i128 = 100_000_000;

/// Files, as the generator needs them. Every path is taken as it is: relative ones are relative to the process.
pub trait Disk: Send + Sync {
    /// Everything below a folder, files and folders and links, in the order of their paths' bytes. Hidden
    /// entries (a leading dot) are left out. Links are named, never followed.
    fn walk(&self, folder: &Path) -> Result<Vec<Entry>>;

    /// The same with hidden entries: for whoever must know of everything that lies there.
    fn walk_all(&self, folder: &Path) -> Result<Vec<Entry>>;

    /// Reads a whole file into `buffer`, which is emptied first.
    fn read_into(&self, path: &Path, buffer: &mut Vec<u8>) -> Result<()>;

    /// Reads some bytes of a file into `buffer`, which is emptied first; fewer where the file ends before.
    fn read_part_into(&self, path: &Path, part: Range<u64>, buffer: &mut Vec<u8>) -> Result<()> {
        self.read_into(path, buffer)?;
        buffer.truncate(usize::try_from(part.end).unwrap_or(usize::MAX).min(buffer.len()));
        buffer.drain(..usize::try_from(part.start).unwrap_or(usize::MAX).min(buffer.len()));
        Ok(())
    }

    /// Hands a whole file over piece by piece, so that its length costs no memory. `buffer` is room for a piece.
    fn read_pieces(&self, path: &Path, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        self.read_into(path, buffer)?;
        take(buffer);
        Ok(())
    }

    /// What is at a path, without following a link; `None` where nothing is.
    fn stat(&self, path: &Path) -> Result<Option<(EntryKind, Stamp)>>;

    /// Puts `bytes` at `path` so that a reader, or a machine that stops, sees the old file or the new one and
    /// never a part. `scratch` is a file on the same disk that only this caller uses. Missing folders are made.
    /// Returns how the file looks in its place.
    fn write_whole(&self, path: &Path, bytes: &[u8], scratch: &Path) -> Result<Stamp>;

    /// Writes a file that is not there into a folder that nobody looks at yet. Missing folders are made.
    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<Stamp>;

    /// Gives a folder another name on the same disk, at which nothing is: whoever looks sees all of it or nothing.
    fn rename_folder(&self, from: &Path, to: &Path) -> Result<()>;

    /// The same for a file whose bytes do not fit in memory: `fill` writes them.
    fn write_stream(
        &self,
        path: &Path,
        scratch: &Path,
        fill: &mut dyn FnMut(&mut dyn Stream) -> io::Result<()>,
    ) -> Result<Stamp> {
        let mut bytes = io::Cursor::new(Vec::new());
        fill(&mut bytes).map_err(|cause| Error::new(Operation::Write, path, cause))?;
        self.write_whole(path, bytes.get_ref(), scratch)
    }

    /// Makes a folder and those above it.
    fn create_folder(&self, path: &Path) -> Result<()>;

    /// Removes a file; that it is already gone is no fault.
    fn remove_file(&self, path: &Path) -> Result<()>;

    /// Removes a folder if it is empty; otherwise leaves it.
    fn remove_empty_folder(&self, path: &Path) -> Result<()>;

    /// Reads a whole file.
    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        let mut buffer = Vec::new();
        self.read_into(path, &mut buffer)?;
        Ok(buffer)
    }
}

/// A file while it is written: some forms come back to what they have written before.
pub trait Stream: Write + Seek {}

impl<T: Write + Seek> Stream for T {}

/// One thing found by [`Disk::walk`].
#[derive(Debug, Clone)]
pub struct Entry {
    /// Path below the folder that was walked, with `/`. Bytes that are not Unicode are replaced.
    pub path: String,
    /// File, folder, or something else.
    pub kind: EntryKind,
    /// How the file looked when it was found.
    pub stamp: Stamp,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A socket, a device and the like.
    Other,
}

/// What the file system says of a file without reading it. Equal stamps mean: nobody wrote the file meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// Length in bytes.
    pub length: u64,
    modified: i128,
    changed: i128,
    number: u64,
}

impl Stamp {
    fn of(metadata: &fs::Metadata) -> Self {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| Some(time.duration_since(std::time::UNIX_EPOCH).ok()?.as_nanos() as i128));
        #[cfg(unix)]
        let (changed, number) = {
            use std::os::unix::fs::MetadataExt;
            (i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec()), metadata.ino())
        };
        #[cfg(not(unix))]
        let (changed, number) = (0, 0);
        Self { length: metadata.len(), modified: modified.unwrap_or(-1), changed, number }
    }

    /// A stamp for disks without time: the same bytes have the same stamp.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let hash = xxhash_rust::xxh3::xxh3_128(bytes);
        Self { length: bytes.len() as u64, modified: 0, changed: hash as i128, number: 0 }
    }

    /// The stamp as bytes, for hashing.
    pub fn to_bytes(&self) -> [u8; 48] {
        let mut bytes = [0; 48];
        bytes[..8].copy_from_slice(&self.length.to_le_bytes());
        bytes[8..24].copy_from_slice(&self.modified.to_le_bytes());
        bytes[24..40].copy_from_slice(&self.changed.to_le_bytes());
        bytes[40..].copy_from_slice(&self.number.to_le_bytes());
        bytes
    }

    /// Whether an unchanged stamp can be believed. Memory sticks (FAT) keep times in steps of two seconds, so
    /// that an edit soon after the last build could go unnoticed there: their stamps are not believed. A file that was
    /// unpacked or copied may have been given a whole second as its time; when that was done, the system keeps exactly.
    pub fn is_precise(&self) -> bool {
        self.modified % 1_000_000_000 != 0 || self.changed % 1_000_000_000 != 0 || self.number == 0
    }

    /// Whether the stamp can be believed, and any change since a moment ([`Clock::moment`]) has given another: clocks of
    /// file systems go in steps, of which the longest that are counted as precise take ten milliseconds.
    ///
    /// [`Clock::moment`]: super::Clock::moment
    pub fn is_settled(&self, moment: i128) -> bool {
        self.is_precise() && self.number != 0 && self.modified.max(self.changed) < moment - SETTLING
    }
}

impl From<fs::FileType> for EntryKind {
    fn from(kind: fs::FileType) -> Self {
        if kind.is_symlink() {
            Self::Link
        } else if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else {
            Self::Other
        }
    }
}

/// The machine's own disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl RealDisk {
    /// The path of a folder as watchers name it: absolute, and without links on the way.
    pub fn whole_path(&self, folder: &Path) -> Result<PathBuf> {
        folder.canonicalize().map_err(|cause| Error::new(Operation::Read, folder, cause))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
impl Disk for RealDisk {
    fn walk(&self, folder: &Path) -> Result<Vec<Entry>> {
        let hidden = |name: &OsStr| name.as_encoded_bytes().first() == Some(&b'.');
        walk(folder, |entry| entry.depth() == 0 || !hidden(entry.file_name()))
    }

    fn walk_all(&self, folder: &Path) -> Result<Vec<Entry>> {
        walk(folder, |_| true)
    }

    fn read_into(&self, path: &Path, buffer: &mut Vec<u8>) -> Result<()> {
        let failed = |cause| Error::new(Operation::Read, path, cause);
        let mut file = File::open(path).map_err(failed)?;
        let expected = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
        // Room for one byte more than there should be: a read that does not fill it has come to the end, so
        // that nearly every file takes one read. One that grows meanwhile is read to its end all the same.
        buffer.resize(expected.saturating_add(1), 0);
        let mut filled = 0;
        while filled < buffer.len() {
            match file.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(failed(cause)),
            }
            if filled == expected {
                break;
            }
        }
        let is_longer = filled > expected;
        buffer.truncate(filled);
        if is_longer {
            file.read_to_end(buffer).map_err(failed)?;
        }
        Ok(())
    }

    fn read_part_into(&self, path: &Path, part: Range<u64>, buffer: &mut Vec<u8>) -> Result<()> {
        let failed = |cause| Error::new(Operation::Read, path, cause);
        buffer.clear();
        let mut file = File::open(path).map_err(failed)?;
        file.seek(SeekFrom::Start(part.start)).map_err(failed)?;
        file.take(part.end.saturating_sub(part.start)).read_to_end(buffer).map_err(failed)?;
        Ok(())
    }

    fn read_pieces(&self, path: &Path, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        let failed = |cause| Error::new(Operation::Read, path, cause);
        let mut file = File::open(path).map_err(failed)?;
        buffer.resize(PIECE, 0);
        loop {
            match file.read(buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => take(&buffer[..count]),
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(failed(cause)),
            }
        }
    }

    fn write_stream(
        &self,
        path: &Path,
        scratch: &Path,
        fill: &mut dyn FnMut(&mut dyn Stream) -> io::Result<()>,
    ) -> Result<Stamp> {
        let mut put = || -> io::Result<Stamp> {
            fs::create_dir_all(scratch.parent().unwrap_or(Path::new(".")))?;
            let mut file = io::BufWriter::with_capacity(PIECE, File::create(scratch)?);
            fill(&mut file)?;
            drop(file.into_inner().map_err(io::IntoInnerError::into_error)?);
            fs::rename(scratch, path)?;
            Ok(Stamp::of(&fs::metadata(path)?))
        };
        put().map_err(|cause| {
            let _ = fs::remove_file(scratch);
            Error::new(Operation::Write, path, cause)
        })
    }

    fn stat(&self, path: &Path) -> Result<Option<(EntryKind, Stamp)>> {
        match fs::symlink_metadata(path) {
            Ok(metadata) => Ok(Some((metadata.file_type().into(), Stamp::of(&metadata)))),
            Err(cause) if missing(&cause) => Ok(None),
            Err(cause) => Err(Error::new(Operation::Read, path, cause)),
        }
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<Stamp> {
        let put = || -> io::Result<Stamp> {
            let mut file = create(path)?;
            file.write_all(bytes)?;
            Ok(Stamp::of(&file.metadata()?))
        };
        put().map_err(|cause| Error::new(Operation::Write, path, cause))
    }

    fn rename_folder(&self, from: &Path, to: &Path) -> Result<()> {
        let mut tries = 0;
        loop {
            match fs::rename(from, to) {
                // Windows does not rename a folder while a virus scanner looks into one of its files.
                Err(cause) if cfg!(windows) && cause.kind() == io::ErrorKind::PermissionDenied && tries < RENAMES => {
                    tries += 1;
                    std::thread::sleep(PAUSE);
                }
                done => return done.map_err(|cause| Error::new(Operation::Write, to, cause)),
            }
        }
    }

    fn write_whole(&self, path: &Path, bytes: &[u8], scratch: &Path) -> Result<Stamp> {
        let put = || -> io::Result<Stamp> {
            let mut file = create(scratch)?;
            file.write_all(bytes)?;
            // Other systems do not rename a file that is open, and have no time that a rename changes.
            #[cfg(not(unix))]
            let stamp = Stamp::of(&file.metadata()?);
            #[cfg(not(unix))]
            drop(file);
            match fs::rename(scratch, path) {
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
                    fs::rename(scratch, path)?;
                }
                done => done?,
            }
            #[cfg(unix)]
            let stamp = Stamp::of(&file.metadata()?);
            Ok(stamp)
        };
        put().map_err(|cause| {
            let _ = fs::remove_file(scratch);
            Error::new(Operation::Write, path, cause)
        })
    }

    fn create_folder(&self, path: &Path) -> Result<()> {
        fs::create_dir_all(path).map_err(|cause| Error::new(Operation::CreateFolder, path, cause))
    }

    fn remove_file(&self, path: &Path) -> Result<()> {
        match fs::remove_file(path) {
            Err(cause) if !missing(&cause) => Err(Error::new(Operation::Remove, path, cause)),
            _ => Ok(()),
        }
    }

    fn remove_empty_folder(&self, path: &Path) -> Result<()> {
        match fs::remove_dir(path) {
            Err(cause)
                if !missing(&cause)
                    && !matches!(cause.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotADirectory) =>
            {
                Err(Error::new(Operation::Remove, path, cause))
            }
            _ => Ok(()),
        }
    }
}

/// Creates a file, and the folder that it is to lie in where that is missing.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn create(path: &Path) -> io::Result<File> {
    match File::create(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            File::create(path)
        }
        file => file,
    }
}

/// Everything below a folder that `keep` lets in, in the order of their paths' bytes. The folders in it are looked into
/// on all cores. What vanishes meanwhile, as the files of an open editor do, is passed over.
fn walk(folder: &Path, keep: impl Fn(&walkdir::DirEntry) -> bool + Sync) -> Result<Vec<Entry>> {
    let failed = |error: walkdir::Error| {
        let path = error.path().unwrap_or(folder).to_owned();
        Error::new(Operation::List, &path, error.into())
    };
    let list = |walk: WalkDir, is_outer: bool| {
        let vanished =
            |error: &walkdir::Error| !(is_outer && error.depth() == 0) && error.io_error().is_some_and(missing);
        let found = walk.min_depth(1).into_iter().filter_entry(&keep);
        found.filter(|entry| !entry.as_ref().is_err_and(vanished)).collect::<walkdir::Result<Vec<_>>>().map_err(failed)
    };
    let look = |entry: &walkdir::DirEntry| {
        let kind = EntryKind::from(entry.file_type());
        let stamp = match kind {
            EntryKind::File | EntryKind::Folder => match entry.metadata() {
                Ok(metadata) => Stamp::of(&metadata),
                Err(error) if error.io_error().is_some_and(missing) => return Ok(None),
                Err(error) => return Err(failed(error)),
            },
            EntryKind::Link | EntryKind::Other => Stamp::default(),
        };
        let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        Ok(Some(Entry { path: slashed(below), kind, stamp }))
    };
    let look_at_all = |found: &[walkdir::DirEntry]| -> Result<Vec<Entry>> {
        let mut entries: Vec<Entry> =
            found.iter().filter_map(|entry| look(entry).transpose()).collect::<Result<_>>()?;
        entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(entries)
    };
    let top = list(WalkDir::new(folder).max_depth(1), true)?;
    let mut entries = look_at_all(&top)?;
    let folders: Vec<&Path> = top.iter().filter(|entry| entry.file_type().is_dir()).map(|entry| entry.path()).collect();
    let within = folders.par_iter().map(|inner| look_at_all(&list(WalkDir::new(inner), false)?));
    entries.extend(within.collect::<Result<Vec<_>>>()?.into_iter().flatten());
    // Most of them are in order already, which this sort makes use of.
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

fn missing(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A relative path with `/` on every system.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}
