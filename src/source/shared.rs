//! What only a real disk can do, for folders that several programs use at once: names that are taken once, second
//! names of one file, locks, and how old a file is by the disk's own clock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use super::RealDisk;
use crate::error::{Error, Operation, Result};

/// A file that only this program writes while it lives; the system lets go of it when the program ends, however it
/// ends.
#[derive(Debug)]
pub struct LockedFile {
    file: File,
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
impl RealDisk {
    /// Makes a folder that must not be there yet; `false` where something of that name is. Of two programs that try
    /// at the same moment, one gets `true`.
    pub fn claim_folder(&self, path: &Path) -> Result<bool> {
        match fs::create_dir(path) {
            Ok(()) => Ok(true),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(cause) => Err(Error::new(Operation::CreateFolder, path, cause)),
        }
    }

    /// Gives the file a second name, so that its bytes outlive the first; where the disk knows no such thing, copies
    /// them.
    pub fn link_or_copy(&self, from: &Path, to: &Path) -> Result<()> {
        let failed = |cause| Error::new(Operation::Write, to, cause);
        match fs::hard_link(from, to) {
            Ok(()) => Ok(()),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(failed(cause)),
            Err(_) => fs::copy(from, to).map(drop).map_err(failed),
        }
    }

    /// How long ago a file was written, by the clock of the disk it lies on: that of a file server may be another
    /// than this machine's. `probe` is the name of a file that may be written and removed for it.
    pub fn age(&self, path: &Path, probe: &Path) -> Result<Option<Duration>> {
        let failed = |cause| Error::new(Operation::Write, probe, cause);
        let written = match fs::metadata(path).and_then(|metadata| metadata.modified()) {
            Ok(time) => time,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(Error::new(Operation::Read, path, cause)),
        };
        fs::write(probe, b"").map_err(failed)?;
        let now = fs::metadata(probe).and_then(|metadata| metadata.modified());
        fs::remove_file(probe).map_err(failed)?;
        Ok(Some(now.map_err(failed)?.duration_since(written).unwrap_or_default()))
    }

    /// Opens a file for this program alone; `None` while another has it.
    pub fn lock(&self, path: &Path) -> Result<Option<LockedFile>> {
        let failed = |cause| Error::new(Operation::Write, path, cause);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
        let options = OpenOptions::new().read(true).append(true).create(true).clone();
        let file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(LockedFile { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            // A file system without locks: there, two runs at once are kept apart by the target alone.
            Err(TryLockError::Error(_)) => Ok(Some(LockedFile { file })),
        }
    }
}

impl LockedFile {
    /// Everything in it up to the end of the last whole line; what was cut off in the middle is taken away.
    pub fn lines(&mut self) -> io::Result<String> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        let whole = memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1);
        self.file.set_len(whole as u64)?;
        bytes.truncate(whole);
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Adds to its end.
    pub fn append(&mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())
    }

    /// Empties it.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)
    }
}
