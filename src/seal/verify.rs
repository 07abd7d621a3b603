//! Whether a tree of files is the year that was sealed. Everything is computed again from the files; what the seal
//! says is believed of nothing.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::batch::Batch;
use super::digest::{Digest, digest, hex};
use super::manifest::{self, Algorithm};
use super::tree::{Item, Tree};
use super::{canonical, merkle, seal_file};
use crate::error::Result;
use crate::model::sealed::Seal;
use crate::source::EntryKind;

/// What is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A file has other bytes.
    Changed(String),
    /// A file is gone.
    Missing(String),
    /// A file has come in.
    Added(String),
    /// A file has another name, perhaps only in upper and lower case.
    Renamed(String, String),
    /// A folder without a file has come in.
    EmptyFolder(String),
    /// A symbolic link, or something else that is no file, stands here.
    NotAFile(String),
    /// A file cannot be had as a whole; why, in the words of whoever was asked.
    Unreadable(String, String),
    /// `seal.json` is not one, or not in its canonical form.
    BrokenSeal(String),
    /// `seal.json` was made by a later version of the program.
    NewerSeal(String),
    /// The files agree with the manifests and not with this `seal.json`: they were not sealed together.
    OtherRoot(String),
}

impl Difference {
    /// The file or folder that it is about; of a renamed one, the name that was sealed.
    pub fn path(&self) -> &str {
        match self {
            Self::Changed(path)
            | Self::Missing(path)
            | Self::Added(path)
            | Self::Renamed(path, _)
            | Self::Unreadable(path, _)
            | Self::EmptyFolder(path)
            | Self::NotAFile(path)
            | Self::BrokenSeal(path)
            | Self::NewerSeal(path)
            | Self::OtherRoot(path) => path,
        }
    }
}

/// What came of looking at one tree.
#[derive(Debug, Clone)]
pub struct Proof {
    /// What its `seal.json` says, if it can be read.
    pub seal: Option<Seal>,
    /// SHA-256 of its `seal.json`: 封存码.
    pub code: Option<String>,
    /// Everything that is not as it was sealed, in the order of paths.
    pub differences: Vec<Difference>,
    /// Files that were looked at, and their bytes.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Whether what was added could be seen, too: a published copy cannot be listed.
    pub listed: bool,
}

/// How much of a tree a year owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of it: the folder in the archive, a package.
    Whole,
    /// The folders that its seal names and its own files; the rest of the site stands around them.
    Site,
}

/// The years whose seals stand in a tree.
pub fn years(tree: &dyn Tree) -> Result<Vec<i16>> {
    let items = tree.list()?.unwrap_or_default();
    let year = |item: &Item| {
        let name = item.path.strip_prefix("years/")?.strip_suffix("/seal.json")?;
        name.parse::<i16>().ok().filter(|year| seal_file(*year) == item.path)
    };
    Ok(items.iter().filter_map(year).collect())
}

/// Looks at one year in a tree.
pub fn prove(tree: &dyn Tree, year: i16, scope: Scope) -> Result<Proof> {
    let seal_at = seal_file(year);
    let mut proof = Proof { seal: None, code: None, differences: Vec::new(), files: 0, bytes: 0, listed: false };
    let sealed = tree.read_whole(&seal_at)?;
    match sealed.as_deref().map(canonical::read) {
        None => proof.differences.push(Difference::Missing(seal_at.clone())),
        Some(Err(canonical::Fault::Newer)) => proof.differences.push(Difference::NewerSeal(seal_at.clone())),
        Some(Err(canonical::Fault::Broken)) => proof.differences.push(Difference::BrokenSeal(seal_at.clone())),
        Some(Ok(seal)) => {
            proof.code = sealed.as_deref().map(super::digest::sha256);
            proof.seal = Some(seal);
        }
    }
    let manifests = Manifests::read(tree, year, &mut proof.differences)?;
    let items = tree.list()?;
    proof.listed = items.is_some();
    let files = match items {
        Some(items) => owned(&items, &manifests, proof.seal.as_ref(), scope, &mut proof.differences),
        None => manifests.paths().map(str::to_owned).collect(),
    };
    let own: Vec<String> = Algorithm::ALL.map(|algorithm| algorithm.file(year)).into();
    let files: Vec<String> = files.into_iter().filter(|path| !own.contains(path)).collect();
    let (digests, unreadable) = digests(tree, &files)?;
    proof.files = digests.len() as u64;
    proof.bytes = digests.values().map(|digest| digest.size).sum();
    manifests.compare(&digests, &mut proof.differences);
    let is_there = |path: &String| unreadable.iter().any(|one| one.path() == path);
    proof.differences.retain(|one| !matches!(one, Difference::Missing(path) if is_there(path)));
    proof.differences.extend(unreadable);
    if let Some(seal) = &proof.seal
        && proof.differences.is_empty()
        && !is_root(seal, &digests)
    {
        proof.differences.push(Difference::OtherRoot(seal_at));
    }
    proof.differences.sort();
    proof.differences.dedup();
    Ok(proof)
}

/// The files of the year among all that is there. What is no file, and folders without one, are told.
fn owned(
    items: &[Item],
    manifests: &Manifests,
    seal: Option<&Seal>,
    scope: Scope,
    differences: &mut Vec<Difference>,
) -> BTreeSet<String> {
    let listed: BTreeSet<&str> = manifests.paths().collect();
    let folders: Vec<String> =
        seal.map(|seal| seal.folders.iter().map(|folder| format!("{folder}/")).collect()).unwrap_or_default();
    let is_ours = |path: &str| {
        scope == Scope::Whole
            || listed.contains(path)
            || folders.iter().any(|folder| path.starts_with(folder.as_str()) || path == folder.trim_end_matches('/'))
    };
    let mut files = BTreeSet::new();
    for item in items.iter().filter(|item| is_ours(&item.path)) {
        match item.kind {
            EntryKind::File => {
                files.insert(item.path.clone());
            }
            EntryKind::Folder => {}
            EntryKind::Link | EntryKind::Other => differences.push(Difference::NotAFile(item.path.clone())),
        }
    }
    let is_empty = |folder: &str| {
        let within = format!("{folder}/");
        let first = items.partition_point(|item| *item.path < *within);
        !items[first..].iter().any(|item| item.path.starts_with(&within))
    };
    let empty = items.iter().filter(|item| item.kind == EntryKind::Folder && is_ours(&item.path));
    differences
        .extend(empty.filter(|item| is_empty(&item.path)).map(|item| Difference::EmptyFolder(item.path.clone())));
    files
}

/// Reads files on all cores, both hashes in one reading; and names those that cannot be had.
fn digests(tree: &dyn Tree, files: &[String]) -> Result<(BTreeMap<String, Digest>, Vec<Difference>)> {
    // Every core gets several shares, so that none waits long for the last.
    let share = (files.len() / (rayon::current_num_threads() * 4)).clamp(1, TOGETHER);
    let read = files.par_chunks(share).map_init(Default::default, |(buffer, batch): &mut (_, Batch<_>), paths| {
        let mut unreadable = Vec::new();
        for path in paths {
            match batch.add(path.clone(), |take| tree.read(path, buffer, take)) {
                Err(error) if error.is_not_found() => {}
                Err(error) if error.is_refused() => {
                    unreadable.push(Difference::Unreadable(path.clone(), error.cause().to_string()));
                }
                added => added?,
            }
        }
        Ok((batch.finish(), unreadable))
    });
    let read: Vec<_> = read.collect::<Result<_>>()?;
    let (digests, unreadable): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    Ok((digests.into_iter().flatten().collect(), unreadable.into_iter().flatten().collect()))
}

/// Files that one core takes at a time, at most.
const TOGETHER: usize = 256;

/// Whether the files' own root is the one in `seal.json`, and so their number and bytes.
fn is_root(seal: &Seal, digests: &BTreeMap<String, Digest>) -> bool {
    let (root, files, bytes) = root(seal.year, digests);
    (root, files, bytes) == (seal.root.clone(), seal.files, seal.bytes)
}

/// Root, number and bytes of the files that a year's root covers.
pub fn root(year: i16, digests: &BTreeMap<String, Digest>) -> (String, u64, u64) {
    let seal = seal_file(year);
    let covered = || digests.iter().filter(|(path, _)| **path != seal);
    let leaves: Vec<merkle::Hash> =
        covered().map(|(path, digest)| merkle::leaf(path, digest.size, &hex(&digest.sha256))).collect();
    (hex(&merkle::root(&leaves)), leaves.len() as u64, covered().map(|(_, digest)| digest.size).sum())
}

/// Both manifests of a year as they were found.
struct Manifests {
    year: i16,
    texts: [String; 2],
}

impl Manifests {
    fn read(tree: &dyn Tree, year: i16, differences: &mut Vec<Difference>) -> Result<Self> {
        let mut texts = [String::new(), String::new()];
        for (algorithm, text) in Algorithm::ALL.into_iter().zip(&mut texts) {
            match tree.read_whole(&algorithm.file(year))? {
                // Bytes that are no text are no path of ours either.
                Some(bytes) => *text = String::from_utf8_lossy(&bytes).into_owned(),
                None => differences.push(Difference::Missing(algorithm.file(year))),
            }
        }
        Ok(Self { year, texts })
    }

    /// Every path that one of them names.
    fn paths(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().flat_map(|text| manifest::read(text).into_keys())
    }

    /// What the files are not, or what a manifest is not: where one manifest agrees with the files to the last byte,
    /// it is the other that was changed.
    fn compare(&self, digests: &BTreeMap<String, Digest>, differences: &mut Vec<Difference>) {
        let whole = |algorithm, text: &String| manifest::is(text, algorithm, digests);
        let [sha256, sm3] = Algorithm::ALL;
        let [by_sha256, by_sm3] = &self.texts;
        match (whole(sha256, by_sha256), whole(sm3, by_sm3)) {
            (true, true) => {}
            (true, false) => self.blame(sm3, differences),
            (false, true) => self.blame(sha256, differences),
            (false, false) => {
                let of = |algorithm, text| told(algorithm, text, digests);
                let (first, second) = (of(sha256, by_sha256), of(sm3, by_sm3));
                let (agreed, only): (Vec<_>, Vec<_>) = first.iter().cloned().partition(|one| second.contains(one));
                // What one manifest alone says is the manifest's own fault, or there is no other to ask.
                if by_sm3.is_empty() {
                    differences.extend(first);
                } else if by_sha256.is_empty() {
                    differences.extend(second);
                } else {
                    if !only.is_empty() || (first.is_empty() && agreed.is_empty()) {
                        self.blame(sha256, differences);
                    }
                    if second.iter().any(|one| !first.contains(one)) || second.is_empty() {
                        self.blame(sm3, differences);
                    }
                    differences.extend(agreed);
                }
            }
        }
    }

    fn blame(&self, algorithm: Algorithm, differences: &mut Vec<Difference>) {
        let file = algorithm.file(self.year);
        if !differences.contains(&Difference::Missing(file.clone())) {
            differences.push(Difference::Changed(file));
        }
    }
}

/// How the files differ from one manifest.
fn told(algorithm: Algorithm, text: &str, digests: &BTreeMap<String, Digest>) -> Vec<Difference> {
    let listed = manifest::read(text);
    let mut missing: Vec<(&str, &str)> =
        listed.iter().filter(|(path, _)| !digests.contains_key(**path)).map(|(path, hash)| (*path, *hash)).collect();
    let mut told = Vec::new();
    for (path, digest) in digests {
        let hash = hex(&algorithm.of(digest));
        match listed.get(path.as_str()) {
            Some(&sealed) if sealed == hash => {}
            Some(_) => told.push(Difference::Changed(path.clone())),
            None => {
                let same = |&(gone, sealed): &(&str, &str)| sealed == hash || gone.eq_ignore_ascii_case(path);
                match missing.iter().position(same) {
                    Some(at) => told.push(Difference::Renamed(missing.remove(at).0.to_owned(), path.clone())),
                    None => told.push(Difference::Added(path.clone())),
                }
            }
        }
    }
    told.extend(missing.into_iter().map(|(path, _)| Difference::Missing(path.to_owned())));
    told
}

/// What the root covers and the two manifests of these files, with `seal.json` among them.
pub fn manifests(digests: &BTreeMap<String, Digest>) -> [String; 2] {
    Algorithm::ALL.map(|algorithm| manifest::write(algorithm, digests))
}

/// Adds a file in memory to those that were hashed.
pub fn put(digests: &mut BTreeMap<String, Digest>, path: String, bytes: &[u8]) {
    digests.insert(path, digest(bytes));
}
