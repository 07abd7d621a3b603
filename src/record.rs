//! What a site remembers of its last build: what it was made from, what it wrote, what it said.
//!
//! A build is a pure function of its inputs. When none has changed and nobody touched what was written, the
//! whole road is this one remembered call. The record lies in the site's `.gongkai/`, not in the output, so
//! that the output stays the same bytes on every machine; without it a build is slower and nothing else.

pub mod seen;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::build::Summary;
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::output::Written;
use crate::source::Disk;

/// Raised whenever the form of the record changes.
const FORMAT: u32 = 4;
/// Bytes in which the format, the key and a summary have room.
const BEGINNING: u64 = 512;

/// The last build into one output folder.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// Hash of everything that the build was made from.
    pub key: [u8; 32],
    /// What it counted.
    pub summary: Summary,
    /// The files that it left, with the manifest last.
    pub written: Vec<Written>,
    /// What it noticed.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the record for the output folder `out`; none if it is not there or of another version.
pub fn load(disk: &dyn Disk, site: &Path, out: &Path) -> Option<Record> {
    get(&disk.read(&path(site, out)).ok()?, FORMAT)
}

/// Reads only how the record begins: the key, and what was counted.
pub fn beginning(disk: &dyn Disk, site: &Path, out: &Path) -> Option<([u8; 32], Summary)> {
    let mut bytes = Vec::new();
    disk.read_part_into(&path(site, out), 0..BEGINNING, &mut bytes).ok()?;
    get(&bytes, FORMAT)
}

/// Remembers a build. A site on a disk that cannot be written is still built, so that a failure is no fault.
pub fn save(disk: &dyn Disk, site: &Path, out: &Path, record: &Record) -> Result<()> {
    put(disk, &path(site, out), FORMAT, record)
}

/// What a file of ours in `.gongkai/` holds, if it is of this format; of what follows it nothing is read.
fn get<'a, T: Deserialize<'a>>(bytes: &'a [u8], format: u32) -> Option<T> {
    let (written, rest) = postcard::take_from_bytes::<u32>(bytes).ok()?;
    (written == format).then(|| Some(postcard::take_from_bytes(rest).ok()?.0)).flatten()
}

/// Writes what [`get`] reads.
fn put(disk: &dyn Disk, path: &Path, format: u32, value: &impl Serialize) -> Result<()> {
    let bytes = postcard::to_stdvec(&(format, value)).unwrap_or_default();
    disk.write_whole(path, &bytes, &path.with_extension("tmp"))?;
    Ok(())
}

/// One record for each output folder, so that a trial build elsewhere does not make the next real one slow.
fn path(site: &Path, out: &Path) -> PathBuf {
    let name = blake3::hash(out.as_os_str().as_encoded_bytes()).to_hex();
    site.join(".gongkai").join(format!("build-{}.bin", &name[..16]))
}
