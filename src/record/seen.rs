//! What a build has seen of `content/`, so that the next can tell without listing it whether anything there is other.
//!
//! The stamp of a folder changes when something in it comes, goes or gets another name, that of a file when it is
//! written: where every stamp is as it was, all is as it was. To ask for stamps takes a third of the time of a walk.
//! Nothing is believed where a file system keeps no exact time, nor where anything was changed so shortly before it was
//! looked at that a later change could bear the same time.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{get, put};
use crate::discover::Sources;
use crate::source::{Disk, Stamp};

/// Raised whenever the form changes.
const FORMAT: u32 = 1;

/// Every folder, document and other file of `content/`.
#[derive(Serialize, Deserialize)]
struct Seen<'a> {
    /// What the build made of it all.
    digest: [u8; 32],
    /// Paths below the site's folder.
    #[serde(borrow)]
    places: Vec<(&'a str, Stamp)>,
}

/// The digest that was taken down, if everything still looks as it did then.
pub fn unchanged(disk: &dyn Disk, site: &Path) -> Option<[u8; 32]> {
    let bytes = disk.read(&path(site)).ok()?;
    let seen: Seen<'_> = get(&bytes, FORMAT)?;
    let looks_so = |(path, stamp): &(&str, Stamp)| {
        disk.stat(&site.join(path)).is_ok_and(|there| there.is_some_and(|(_, now)| now == *stamp))
    };
    seen.places.par_iter().all(looks_so).then_some(seen.digest)
}

/// Takes down how `content/` looked when it was listed, after `moment`, and the digest that was made of it; nothing where
/// that could not be believed later.
pub fn take_down(disk: &dyn Disk, site: &Path, (sources, moment): (&Sources, i128), digest: [u8; 32]) {
    let folders = sources.folders.iter();
    let files = sources.documents.iter().map(|(path, stamp)| (path, stamp)).chain(&sources.files);
    let places: Vec<(&str, Stamp)> =
        folders.map(|(path, stamp)| (path, stamp)).chain(files).map(|(path, stamp)| (&**path, *stamp)).collect();
    let settled = places.iter().all(|(_, stamp)| stamp.is_settled(moment));
    if !settled || !sources.odd.is_empty() || sources.folders.is_empty() {
        return;
    }
    // It only makes the next build quicker: a site on a disk that cannot be written needs none.
    let _ = put(disk, &path(site), FORMAT, &Seen { digest, places });
}

fn path(site: &Path) -> PathBuf {
    site.join(".gongkai/seen.bin")
}
