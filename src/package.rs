//! The zip of an Office file. Every entry is judged before anything is unpacked; parts are read into memory one at a
//! time, each within a bound, and nothing is ever unpacked to the disk.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

/// Most entries of a package; a long document with pictures has some hundreds.
const MOST_ENTRIES: usize = 4_000;
/// More than this is never unpacked of one file. Bytes.
const LARGEST_WHOLE: u64 = 256 << 20;
/// No text packs better than this; what does is made to fill memory.
const HIGHEST_RATIO: u64 = 500;
/// Below this a high ratio does no harm. Bytes.
const SMALL: u64 = 4 << 20;

/// The first bytes of files in Microsoft's older container, in which encrypted packages lie too.
pub const CONTAINER: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Whether a file in the older container is an encrypted package.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.starts_with(&CONTAINER) && memchr::memmem::find(bytes, &name).is_some()
}

/// Why a package, or a part of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is damaged or cut off.
    Damaged,
    /// It is packed in a way that is not known.
    UnknownPacking,
    /// It is locked with a password.
    Encrypted,
    /// It has more entries than any document.
    TooManyEntries,
    /// The entry of this name leads out of the package.
    LeadsOut(String),
    /// The entry of this name is packed so tightly that it is made to fill memory.
    TooTight(String),
    /// The part of this name is larger than its bound.
    TooLarge(String),
}

impl From<ZipError> for Fault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Self::UnknownPacking,
            ZipError::InvalidPassword => Self::Encrypted,
            _ => Self::Damaged,
        }
    }
}

/// An open package.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    unpacked: u64,
}

impl<'a> Package<'a> {
    /// Opens a package and looks at the names and sizes of all its entries.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        if archive.len() > MOST_ENTRIES {
            return Err(Fault::TooManyEntries);
        }
        for at in 0..archive.len() {
            let entry = archive.by_index_raw(at)?;
            if entry.encrypted() {
                return Err(Fault::Encrypted);
            }
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            let leads_out = name.replace('\\', "/").split('/').any(|part| part == "..") || name.contains('\0');
            let absolute = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
            if leads_out || absolute || entry.is_symlink() {
                return Err(Fault::LeadsOut(name));
            }
            let size = entry.size();
            if size > SMALL && size / entry.compressed_size().max(1) > HIGHEST_RATIO {
                return Err(Fault::TooTight(name));
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
    pub fn part(&mut self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, Fault> {
        let name = name.trim_start_matches('/');
        let exact = self.archive.index_for_name(name);
        let found = exact.or_else(|| {
            let same = |other: &[u8]| other.eq_ignore_ascii_case(name.as_bytes());
            let at = self.archive.file_names_raw().position(same)?;
            let name = self.archive.file_names_raw().nth(at)?.to_owned();
            self.archive.index_for_name_raw(&name)
        });
        let Some(index) = found else { return Ok(None) };
        let mut entry = self.archive.by_index(index)?;
        if entry.size() > limit {
            return Err(Fault::TooLarge(name.to_owned()));
        }
        let limit = limit.min(LARGEST_WHOLE.saturating_sub(self.unpacked));
        // The size that an entry states is not believed further than this.
        let mut bytes = Vec::with_capacity(entry.size().min(1 << 20) as usize);
        (&mut entry).take(limit + 1).read_to_end(&mut bytes).map_err(|error| Fault::from(ZipError::from(error)))?;
        if bytes.len() as u64 > limit {
            return Err(Fault::TooLarge(name.to_owned()));
        }
        self.unpacked += bytes.len() as u64;
        Ok(Some(bytes))
    }
}
