//! Packages of a sealed year for an archive: WACZ for replaying, a BagIt bag for keeping, a zip file for reading. The
//! same year gives the same bytes, so that a package is proven by making it again from what it holds.

mod bag;
mod compare;
mod content;
mod metadata;
mod readme;
mod surt;
mod unpack;
mod wacz;
mod warc;
mod zipped;

use std::path::{Path, PathBuf};

use super::prove::{self, Anchors, Finding};
use crate::diagnostic::Text;
use crate::error::Result;
use crate::model::sealed::{Logged, version_folder};
use crate::seal::tree::{Folder, Tree};
use crate::seal::verify::Scope;
use crate::source::Disk;
use crate::text;

use content::Content;

/// The form of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// WACZ 1.1.1 with a WARC 1.0 file (GB/T 33994-2017).
    Wacz,
    /// BagIt 1.0 (RFC 8493), a folder.
    Bag,
    /// A plain zip file.
    Zip,
}

impl Form {
    /// The name of a package.
    fn name(self, year: i16, version: u32) -> String {
        match self {
            Self::Wacz => format!("{year}-v{version}.wacz"),
            Self::Bag => format!("{year}-v{version}-bag"),
            Self::Zip => format!("{year}-v{version}.zip"),
        }
    }
}

/// Where the pages of a package without an address stand (RFC 2606 keeps the name free for ever).
pub const NOWHERE: &str = "https://xxgk.invalid/";

/// Exports one version in one form into the folder `to`. A version that is not as it was sealed is not handed over:
/// then what was found is returned.
pub fn export(
    disk: &dyn Disk,
    (site, entry): (&Path, &Logged),
    form: Form,
    base: Option<&str>,
    to: &Path,
) -> Result<std::result::Result<PathBuf, Vec<Finding>>> {
    let place = version_folder(entry.year, entry.version);
    let folder = site.join(&place);
    let tree = Folder { disk, path: &folder };
    let found = prove::tree(&tree, &place, Some(entry.year), Scope::Whole, &Anchors::default())?;
    if !found.iter().all(Finding::is_sound) || found.iter().any(|one| one.proof.code.as_ref() != Some(&entry.code)) {
        return Ok(Err(found));
    }
    let content = Content::of(&tree, entry.year)?.expect("a proven tree has a seal");
    let path = to.join(form.name(entry.year, entry.version));
    let base = base.or(content.seal.base_url.as_deref()).unwrap_or(NOWHERE).to_owned();
    disk.create_folder(to)?;
    let scratch = to.join(".gongkai-tmp-export");
    match form {
        Form::Zip => drop(disk.write_stream(&path, &scratch, &mut |out| zipped::write(&content, out))?),
        Form::Wacz => drop(disk.write_stream(&path, &scratch, &mut |out| wacz::write(&content, &base, out))?),
        Form::Bag => bag::write(&content, disk, &path)?,
    }
    Ok(Ok(path))
}

/// Proves a package in a file: the year in it, and that the package is the one that its content makes, to the last
/// byte. Nothing where the file is no package of a sealed year.
pub fn prove_file(disk: &dyn Disk, path: &Path, anchors: &Anchors) -> Result<std::result::Result<Vec<Finding>, Text>> {
    let place = path.display().to_string();
    let unpacked = match unpack::open(disk, path)? {
        Ok(unpacked) => unpacked,
        Err(why) => return Ok(Err(why)),
    };
    let tree = unpacked.tree();
    let mut found = prove::tree(tree, &place, None, Scope::Whole, anchors)?;
    for finding in &mut found {
        let Some(content) = Content::of(tree, finding.year)? else { continue };
        let mut made_again = compare::Compare::new(disk, path)?;
        let made = match &unpacked {
            unpack::Unpacked::Zip(_) => zipped::write(&content, &mut made_again),
            unpack::Unpacked::Wacz(warc) => wacz::write(&content, &warc.base, &mut made_again),
        };
        // Where its content cannot be read the proof has said so already.
        if made.is_ok() {
            finding.package.extend(made_again.difference());
        }
    }
    Ok(Ok(found))
}

/// Proves a bag: that it is one, and, where it is one of ours, the year in it.
pub fn prove_bag(disk: &dyn Disk, path: &Path, anchors: &Anchors) -> Result<(Vec<Text>, Vec<Text>, Vec<Finding>)> {
    let place = path.display().to_string();
    let tree = Folder { disk, path };
    let super::bagit::Checked { faults, warnings } = super::bagit::check(&tree)?;
    let inner = unpack::Below::new(&tree, "data/")?;
    let mut found = prove::tree(&inner, &place, None, Scope::Whole, anchors)?;
    for finding in &mut found {
        if let Some(content) = Content::of(&inner, finding.year)? {
            finding.package.extend(bag::differences(&content, &tree)?);
        }
    }
    Ok((faults, warnings, found))
}

/// Whether a folder is a bag.
pub fn is_bag(disk: &dyn Disk, path: &Path) -> Result<bool> {
    Ok(disk.stat(&path.join("bagit.txt"))?.is_some())
}

/// What is said of a package that is not the one that its content makes.
fn not_the_same(what: &str) -> Text {
    text!("  移交包与内容不符：{what}", "  the package is not what its content makes: {what}")
}

/// Whether a tree holds a path.
fn has(tree: &dyn Tree, path: &str) -> Result<bool> {
    Ok(tree.read_whole(path)?.is_some())
}
