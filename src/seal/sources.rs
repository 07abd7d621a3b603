//! The sources of sealed years stay in `content/` and must stay as they were: what has changed there would never be
//! shown, and that its author has to know.
//!
//! A source is hashed once; after that the file system's word is taken for it as long as that is the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::digest::sha256;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::error::Result;
use crate::model::sealed::{SealedFile, SealedYear};
use crate::source::{Disk, Stamp};
use crate::text;

/// What was found to be as it was sealed, and how it looked then.
#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Known(BTreeMap<String, (Stamp, String)>);

/// Names the sources that are not as they were sealed. `found` says how a file looks now.
pub fn changed(
    disk: &dyn Disk,
    site: &Path,
    sealed: &[Arc<SealedYear>],
    found: &(dyn Fn(&str) -> Option<Stamp> + Sync),
) -> Result<Vec<Diagnostic>> {
    let before = known(disk, site);
    let sources: Vec<(i16, &SealedFile)> =
        sealed.iter().flat_map(|year| year.seal.sources.iter().map(|file| (year.seal.year, file))).collect();
    let looked = sources.into_par_iter().map(|(year, file)| {
        let Some(stamp) = found(&file.path) else { return Ok((file, None, Some(gone(year, &file.path)))) };
        let same = || before.0.get(&file.path).is_some_and(|known| *known == (stamp, file.sha256.clone()));
        let is_same = stamp.length == file.size
            && (stamp.is_precise() && same() || sha256(&disk.read(&site.join(&file.path))?) == file.sha256);
        Ok(match is_same {
            true => (file, Some(stamp), None),
            false => (file, None, Some(other(year, &file.path))),
        })
    });
    let looked: Vec<_> = looked.collect::<Result<_>>()?;
    let now = looked.iter().filter_map(|(file, stamp, _)| Some((file.path.clone(), ((*stamp)?, file.sha256.clone()))));
    let now = Known(now.collect());
    if now != before && !now.0.is_empty() {
        // A site on a disk that cannot be written hashes them again each time.
        let _ = remember(disk, site, &now);
    }
    Ok(looked.into_iter().filter_map(|(_, _, fault)| fault).collect())
}

fn file(site: &Path) -> PathBuf {
    site.join(".gongkai").join("sealed.bin")
}

fn known(disk: &dyn Disk, site: &Path) -> Known {
    let bytes = disk.read(&file(site)).ok();
    bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok()).unwrap_or_default()
}

fn remember(disk: &dyn Disk, site: &Path, known: &Known) -> Result<()> {
    let path = file(site);
    disk.create_folder(path.parent().unwrap_or(site))?;
    disk.write_whole(&path, &postcard::to_stdvec(known).unwrap_or_default(), &path.with_extension("tmp"))?;
    Ok(())
}

fn other(year: i16, path: &str) -> Diagnostic {
    Diagnostic::error(
        codes::SEALED_SOURCE,
        text!("{year}年度已归档，它的源文件 {path} 被改动", "{year} is sealed, and {path} of that year was changed"),
    )
    .at(Place::file(&path.into()))
    .help(how_to_mend(year))
}

fn gone(year: i16, path: &str) -> Diagnostic {
    Diagnostic::error(
        codes::SEALED_SOURCE,
        text!("{year}年度已归档，它的源文件 {path} 不见了", "{year} is sealed, and {path} of that year is gone"),
    )
    .at(Place::file(&path.into()))
    .help(how_to_mend(year))
}

/// What a clerk can do who has changed something of a sealed year.
pub fn how_to_mend(year: i16) -> crate::diagnostic::Text {
    text!(
        "改回原样；确需更正的，运行 `gongkai archive amend {year} --reason 更正理由`，原版本会保留",
        "put it back; if it has to be corrected, run `gongkai archive amend {year} --reason WHY`: the old version stays"
    )
}
