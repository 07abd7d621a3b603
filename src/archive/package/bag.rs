//! The bag of a year: BagIt 1.0 (RFC 8493) with SHA-256 and SHA-512.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sha2::{Digest, Sha256, Sha512};

use super::content::Content;
use super::not_the_same;
use crate::diagnostic::Text;
use crate::error::Result;
use crate::seal::digest::hex;
use crate::seal::tree::Tree;
use crate::source::{Disk, EntryKind};

/// Writes the bag into the folder `path`.
pub(super) fn write(content: &Content<'_>, disk: &dyn Disk, path: &Path) -> Result<()> {
    let scratch = path.join(".gongkai-tmp-export");
    for inner in content.paths() {
        disk.write_whole(&path.join("data").join(inner), &content.bytes(inner)?, &scratch)?;
    }
    for (name, bytes) in tag_files(content)? {
        disk.write_whole(&path.join(name), bytes.as_bytes(), &scratch)?;
    }
    Ok(())
}

/// Everything in the bag beside its payload.
fn tag_files(content: &Content<'_>) -> Result<BTreeMap<&'static str, String>> {
    let (mut by_sha256, mut by_sha512) = (String::new(), String::new());
    let (mut octets, mut streams) = (0, 0);
    for path in content.paths() {
        let bytes = content.bytes(path)?;
        by_sha256 += &format!("{}  data/{path}\n", hex(&Sha256::digest(&bytes)));
        by_sha512 += &format!("{}  data/{path}\n", hex(&Sha512::digest(&bytes)));
        octets += bytes.len();
        streams += 1;
    }
    let seal = &content.seal;
    let info = format!(
        "Source-Organization: {}\nBagging-Date: {}\nExternal-Identifier: {}\nExternal-Description: {} {}年度政府信息公开（第{}版）\n\
         Payload-Oxum: {octets}.{streams}\nBag-Software-Agent: {}\n",
        seal.host.as_deref().unwrap_or(&seal.site),
        seal.as_of,
        content.code,
        seal.site,
        seal.year,
        seal.version,
        concat!("gongkai ", env!("CARGO_PKG_VERSION")),
    );
    let mut files = BTreeMap::from([
        ("bag-info.txt", info),
        ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
        ("manifest-sha256.txt", by_sha256),
        ("manifest-sha512.txt", by_sha512),
    ]);
    let tags = |hash: &dyn Fn(&[u8]) -> String| -> String {
        files.iter().map(|(name, text)| format!("{}  {name}\n", hash(text.as_bytes()))).collect()
    };
    let tags256 = tags(&|bytes| hex(&Sha256::digest(bytes)));
    let tags512 = tags(&|bytes| hex(&Sha512::digest(bytes)));
    files.extend([("tagmanifest-sha256.txt", tags256), ("tagmanifest-sha512.txt", tags512)]);
    Ok(files)
}

/// Where a bag is not the one that its year makes. The sealed files in it are proven by their own seal.
pub(super) fn differences(content: &Content<'_>, bag: &dyn Tree) -> Result<Vec<Text>> {
    let tags = tag_files(content)?;
    let mut found = Vec::new();
    for (name, text) in &tags {
        if bag.read_whole(name)?.as_deref() != Some(text.as_bytes()) {
            found.push(not_the_same(name));
        }
    }
    for (name, bytes) in &content.beside {
        let path = format!("data/{name}");
        if bag.read_whole(&path)?.as_ref() != Some(bytes) {
            found.push(not_the_same(&path));
        }
    }
    let mut known: BTreeSet<String> = tags.keys().map(|name| (*name).to_owned()).collect();
    known.extend(content.paths().iter().map(|path| format!("data/{path}")));
    let folders: BTreeSet<String> =
        known.iter().flat_map(|path| path.match_indices('/').map(|(at, _)| path[..at].to_owned())).collect();
    for item in bag.list()?.unwrap_or_default() {
        let is_known = match item.kind {
            EntryKind::Folder => folders.contains(&item.path),
            _ => known.contains(&item.path),
        };
        if !is_known {
            found.push(not_the_same(&item.path));
        }
    }
    Ok(found)
}
