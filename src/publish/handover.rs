//! A zip file for handing over: the same site gives the same bytes on any machine.

use std::io::{Cursor, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::local::{Local, Origin};
use crate::error::{Error, Operation, Result};
use crate::source::Disk;

/// Writes every file of the site into the zip file `path`, which appears when it is whole. Returns its length.
pub fn write(disk: &dyn Disk, folder: &Path, local: &Local, path: &Path, step: &dyn Fn(u64)) -> Result<u64> {
    let failed = |cause: std::io::Error| Error::new(Operation::Write, path, cause);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (address, origin) in &local.origins {
        let bytes = match origin {
            Origin::Built(address) => disk.read(&folder.join(address))?,
            Origin::Packed(address, packing) => packing.pack(&disk.read(&folder.join(address))?),
            Origin::Kept(..) | Origin::Text(_) => continue,
        };
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        zip.start_file(address.as_str(), options).map_err(|error| failed(error.into()))?;
        zip.write_all(&bytes).map_err(failed)?;
        step(bytes.len() as u64);
    }
    let bytes = zip.finish().map_err(|error| failed(error.into()))?.into_inner();
    disk.write_whole(path, &bytes, &path.with_extension("zip.tmp"))?;
    Ok(bytes.len() as u64)
}
