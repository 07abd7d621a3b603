//! The plain zip file: everything stored as it is, so that every byte of the file follows from its content.

use std::io::{self, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::content::Content;
use crate::source::Stream;

/// Files above this need the long form of a zip entry; smaller ones keep the form that every program reads.
const LONG: u64 = u32::MAX as u64;

/// An entry of a fixed day that is not packed.
pub(super) fn options(size: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .large_file(size >= LONG)
}

/// Writes the package.
pub(super) fn write(content: &Content<'_>, out: &mut dyn Stream) -> io::Result<()> {
    let mut zip = ZipWriter::new(out);
    for path in content.paths() {
        let bytes = content.bytes(path).map_err(io::Error::other)?;
        zip.start_file(path, options(bytes.len() as u64))?;
        zip.write_all(&bytes)?;
    }
    zip.finish()?.flush()
}
