//! What is to be published: every file that the last build wrote, with its hash, headers and compressed siblings.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use rayon::prelude::*;

use super::headers::{self, Caching};
use super::manifest::{Entry, Manifest, hash};
use super::order::role;
use super::packing::{self, Packing};
use crate::error::Result;
use crate::output::{Output, Written};
use crate::source::{Disk, Stamp};

/// Where the bytes of a file come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The file of this address in the built site.
    Built(String),
    /// The same, compressed.
    Packed(String, Packing),
    /// What a generation of the target has kept: generation, hash.
    Kept(u64, String),
    /// These very bytes.
    Text(String),
}

/// A generation that the public should see.
#[derive(Debug, Clone, Default)]
pub struct Local {
    /// What it has.
    pub manifest: Manifest,
    /// Where each of its files comes from.
    pub origins: BTreeMap<String, Origin>,
}

/// What is wanted beside the bare files.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// How long readers may keep files; `None` where the target takes no headers.
    pub caching: Option<Caching>,
    /// Which compressed siblings are published.
    pub packings: Vec<Packing>,
}

/// Looks at the built site in `folder`. `cache` is a file of ours that remembers hashes, so that a file that nobody
/// touched is not read again; without it this takes longer and nothing else. `left` is what a build has left there this
/// very moment; where there was none, it is empty.
pub fn of(disk: &dyn Disk, folder: &Path, left: &[Written], cache: &Path, wanted: &Wanted) -> Result<Local> {
    let listed = Output::listed(disk, folder, left)?;
    let remembered = disk.read(cache).unwrap_or_default();
    let remembered = String::from_utf8_lossy(&remembered);
    let known: HashMap<&str, (&str, &str)> = remembered.lines().filter_map(line).collect();
    let hashed = listed.par_iter().map_init(Vec::new, |bytes, (address, _, stamp)| {
        let is_known = known.get(address.as_str()).filter(|(old, _)| stamp.is_precise() && *old == short(stamp));
        if let Some((_, hash)) = is_known {
            return Ok((*hash).to_owned());
        }
        disk.read_into(&folder.join(address), bytes)?;
        Ok(hash(bytes))
    });
    let hashes: Vec<String> = hashed.collect::<Result<_>>()?;
    remember(disk, cache, &remembered, &listed, &hashes);

    let mut local = Local::default();
    let headers = |path: &str| wanted.caching.as_ref().map(|caching| headers::of(path, caching)).unwrap_or_default();
    for ((address, source, stamp), hash) in listed.iter().zip(hashes) {
        let entry = Entry { role: role(address, source), size: stamp.length, hash, headers: headers(address) };
        local.manifest.files.insert(address.clone(), entry);
        local.origins.insert(address.clone(), Origin::Built(address.clone()));
    }
    for packing in &wanted.packings {
        let worth = |entry: &Entry| entry.size >= packing::LEAST;
        let plain = listed.iter().filter(|(address, ..)| packing::is_compressible(address));
        for (address, ..) in plain.filter(|(address, ..)| worth(&local.manifest.files[address])).collect::<Vec<_>>() {
            let path = format!("{address}{}", packing.ending());
            let source = &local.manifest.files[address];
            let made_from = hash(format!("{}{}", packing.name(), source.hash).as_bytes());
            let entry = Entry { hash: made_from, headers: headers(&path), ..source.clone() };
            // A file of the site that happens to have this name stays what it is.
            if !local.manifest.files.contains_key(&path) {
                local.manifest.files.insert(path.clone(), entry);
                local.origins.insert(path, Origin::Packed(address.clone(), *packing));
            }
        }
    }
    Ok(local)
}

/// The hash of the manifest that [`of`] makes of a build with this key, as [`note`] has written it down in `notes`.
pub fn noted(disk: &dyn Disk, notes: &Path, key: &[u8; 32], wanted: &Wanted) -> Option<String> {
    let text = String::from_utf8(disk.read(notes).ok()?).ok()?;
    let begins = beginning(key, wanted);
    let hash = text.lines().find_map(|line| line.strip_prefix(&begins))?;
    super::manifest::is_hash(hash).then(|| hash.to_owned())
}

/// Writes down the hash of the manifest of a build, so that whoever publishes the same again need not make it. Notes of
/// other builds are given up.
pub fn note(disk: &dyn Disk, notes: &Path, key: &[u8; 32], wanted: &Wanted, hash: &str) {
    let begins = beginning(key, wanted);
    let build = &begins[..begins.find('\t').unwrap_or(0)];
    let old = disk.read(notes).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let others = old.lines().filter(|line| line.starts_with(build) && !line.starts_with(&begins));
    let text: String = others.chain([&*format!("{begins}{hash}")]).map(|line| format!("{line}\n")).collect();
    renew(disk, notes, &old, &text);
}

/// The beginning of the line about a build and what is wanted of it.
fn beginning(key: &[u8; 32], wanted: &Wanted) -> String {
    format!("{}\t{}\t", hash(key), hash(format!("{wanted:?}").as_bytes()))
}

fn remember(disk: &dyn Disk, cache: &Path, old: &str, listed: &[(String, String, Stamp)], hashes: &[String]) {
    let mut text = String::with_capacity(old.len());
    for ((address, _, stamp), hash) in listed.iter().zip(hashes) {
        let _ = writeln!(text, "{address}\t{}\t{hash}", short(stamp));
    }
    renew(disk, cache, old, &text);
}

/// Writes a file that only saves time, where it is another than before.
fn renew(disk: &dyn Disk, path: &Path, old: &str, text: &str) {
    if text != old {
        // A site on a disk that cannot be written is published all the same.
        let _ = disk.write_whole(path, text.as_bytes(), &path.with_extension("tmp"));
    }
}

fn line(line: &str) -> Option<(&str, (&str, &str))> {
    let mut fields = line.split('\t');
    let (address, stamp, hash) = (fields.next()?, fields.next()?, fields.next()?);
    super::manifest::is_hash(hash).then_some((address, (stamp, hash)))
}

fn short(stamp: &Stamp) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(&stamp.to_bytes()))
}
