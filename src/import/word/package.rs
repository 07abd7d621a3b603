//! A Word file's package: a zip whose every entry is judged before anything is unpacked.
//!
//! Nothing is ever unpacked to the disk; parts are read into memory one at a time, each within a bound.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::import::refusal::{Refusal, Result};
use crate::text;

/// Largest file that is opened. Bytes.
pub const LARGEST_FILE: u64 = 64 << 20;
/// Most entries of a package; a long document with pictures has some hundreds.
const MOST_ENTRIES: usize = 4_000;
/// Largest part of text, unpacked. A report of 500 pages has 10 MB.
pub const LARGEST_XML: u64 = 32 << 20;
/// Largest picture.
pub const LARGEST_PICTURE: u64 = 32 << 20;
/// More than this is never unpacked of one file.
const LARGEST_WHOLE: u64 = 256 << 20;
/// No text packs better than this; what does is made to fill memory.
const HIGHEST_RATIO: u64 = 500;
/// Below this a high ratio does no harm.
const SMALL: u64 = 4 << 20;

/// An open package.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    unpacked: u64,
}

impl<'a> Package<'a> {
    /// Opens a package and looks at the names and sizes of all its entries.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        if archive.len() > MOST_ENTRIES {
            return Err(Refusal::beyond(text!("压缩包里的条目太多", "the file has far too many entries")));
        }
        for at in 0..archive.len() {
            let entry = archive.by_index_raw(at).map_err(|error| damaged(&error))?;
            if entry.encrypted() {
                return Err(Refusal::encrypted());
            }
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            let leads_out = name.replace('\\', "/").split('/').any(|part| part == "..") || name.contains('\0');
            let absolute = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
            if leads_out || absolute || entry.is_symlink() {
                return Err(Refusal::unsafe_entry(&name));
            }
            let size = entry.size();
            if size > SMALL && size / entry.compressed_size().max(1) > HIGHEST_RATIO {
                return Err(Refusal::beyond(text!(
                    "“{name}”压缩得太狠，解开会占满内存",
                    "`{name}` is packed so tightly that it would fill the memory"
                )));
            }
        }
        Ok(Self { archive, unpacked: 0 })
    }

    /// The names of all entries.
    pub fn names(&self) -> Vec<String> {
        self.archive.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// A part of at most `limit` bytes; `None` where there is none of that name. Case does not matter, as on
    /// Windows.
    pub fn part(&mut self, name: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        let name = name.trim_start_matches('/');
        let exact = self.archive.index_for_name(name);
        let found = exact.or_else(|| {
            let same = |other: &[u8]| other.eq_ignore_ascii_case(name.as_bytes());
            let at = self.archive.file_names_raw().position(same)?;
            let name = self.archive.file_names_raw().nth(at)?.to_owned();
            self.archive.index_for_name_raw(&name)
        });
        let Some(index) = found else { return Ok(None) };
        let too_large = || Refusal::beyond(text!("“{name}”太大", "`{name}` is too large"));
        let mut entry = self.archive.by_index(index).map_err(|error| damaged(&error))?;
        if entry.size() > limit {
            return Err(too_large());
        }
        let limit = limit.min(LARGEST_WHOLE.saturating_sub(self.unpacked));
        // The size that an entry states is not believed further than this.
        let mut bytes = Vec::with_capacity(entry.size().min(1 << 20) as usize);
        (&mut entry).take(limit + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error.into()))?;
        if bytes.len() as u64 > limit {
            return Err(too_large());
        }
        self.unpacked += bytes.len() as u64;
        Ok(Some(bytes))
    }
}

fn damaged(error: &ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            Refusal::damaged(text!("文件的压缩方式不认识", "the file is packed in a way that is not known"))
        }
        ZipError::InvalidPassword => Refusal::encrypted(),
        _ => {
            Refusal::damaged(text!("文件损坏，或没有下载完整", "the file is damaged, or was not downloaded to its end"))
        }
    }
}
