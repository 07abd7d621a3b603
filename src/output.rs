//! Step 6 of the road: bytes → disk. Only what changed is written, each file whole; only what an earlier
//! build wrote is ever removed.
//!
//! The folder `.gongkai` in the output holds the manifest: which files are ours, and from which source. It is
//! written before the first page, naming the old files and the new, and again after the last, naming the new
//! ones: so a build that is killed leaves nothing that the next would not know as its own.
//!
//! Where there is no output folder yet, all of this happens in a folder beside it, which gets its name at the end: nobody
//! sees a part of a first build.
//!
//! A *tree* is a folder of the output whose name bears a hash of what its files are made from (the segments of the
//! search). Its files are not known beforehand and may be many, so that the manifest names the folder alone, with
//! a `/` at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, codes};
use crate::error::Result;
use crate::source::{Disk, EntryKind, Stamp};
use crate::text;

/// The folder of the output that is ours alone.
const OWN: &str = ".gongkai";
/// The manifest, in that folder: one line a file, `address TAB source`.
const MANIFEST: &str = ".gongkai/manifest.tsv";
/// Files of sealed years, which no build changes or removes.
const SEALED: &str = ".gongkai/sealed";
/// There while a build writes; holds how many threads it has. If it is still there when the next build begins,
/// the last one was killed.
const UNFINISHED: &str = ".gongkai/unfinished";
/// What a file is called until it is whole. It lies in the folder of its target: a file system renames within
/// one folder without stopping other threads that rename in theirs.
const SCRATCH: &str = ".gongkai-tmp-";
/// What waits on the disk while the search index is made: files whose names begin so.
const SEARCH_SCRATCH: &str = ".gongkai/search";

/// What the folder is called in which a first build is made: the output's own name with this behind it.
const FIRST: &str = ".gongkai-new";

/// How a file looked when a build left it, so that the next can tell whether anybody touched it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Address relative to the output folder.
    pub address: String,
    /// The file after it was written.
    pub stamp: Stamp,
}

/// What happened to one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It has the same bytes as before and was not touched.
    Kept,
    /// It is new or has new bytes.
    Made,
}

/// The output folder while a build writes into it.
pub struct Output<'a> {
    disk: &'a dyn Disk,
    folder: &'a Path,
    /// Where the files are written: the folder itself, or another beside it until all are there.
    at: PathBuf,
    /// Files of the last build, with their sources.
    old: BTreeMap<String, String>,
}

impl<'a> Output<'a> {
    /// Looks at the folder and reads its manifest.
    pub fn open(disk: &'a dyn Disk, folder: &'a Path) -> Result<Self> {
        let old = match disk.read(&folder.join(MANIFEST)) {
            Ok(bytes) => manifest(&String::from_utf8_lossy(&bytes)),
            Err(error) if error.is_not_found() => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        Ok(Self { disk, folder, at: folder.to_owned(), old })
    }

    /// Names the files of others that stand where the site's own would. They are never touched, so that a
    /// build that meets one does not begin.
    pub fn foreign(&self, addresses: &[&str]) -> Result<Vec<Diagnostic>> {
        let mut in_the_way = Vec::new();
        if self.old.is_empty() {
            let there = match self.disk.walk(self.folder) {
                Ok(entries) => entries
                    .into_iter()
                    .filter(|entry| entry.kind != EntryKind::Folder)
                    .map(|entry| entry.path)
                    .collect(),
                Err(error) if error.is_not_found() => BTreeSet::new(),
                Err(error) => return Err(error),
            };
            if !there.is_empty() {
                let taken = |address: &str| match address.ends_with('/') {
                    true => there.range(address.to_owned()..).next().is_some_and(|first| first.starts_with(address)),
                    false => there.contains(address),
                };
                in_the_way.extend(addresses.iter().filter(|&&address| taken(address)));
            }
        } else {
            for address in addresses.iter().filter(|&&address| !self.old.contains_key(address)) {
                if self.disk.stat(&self.path(address))?.is_some() {
                    in_the_way.push(address);
                }
            }
        }
        let folder = self.folder.display().to_string();
        let name = |address: &&&str| {
            let address = **address;
            Diagnostic::error(
                codes::FOREIGN_FILE,
                text!(
                    "{folder}/{address} 不是 gongkai 写的，没有覆盖",
                    "{folder}/{address} was not written by gongkai and was not replaced"
                ),
            )
            .help(text!(
                "移走这个文件，或用 --out 换一个文件夹",
                "move the file away, or choose another folder with --out"
            ))
        };
        Ok(in_the_way.iter().map(name).collect())
    }

    /// The files that the last build wrote.
    pub fn addresses(&self) -> BTreeSet<String> {
        self.old.keys().cloned().collect()
    }

    /// Gives files up that stay where they are and are no build's to change or to remove any longer: those of a year
    /// that was sealed.
    ///
    /// They are remembered in a list of their own, under the `label` of their year and version: they are part of the
    /// site all the same.
    pub fn release(&mut self, label: &str, addresses: &BTreeSet<String>) -> Result<()> {
        let mut sealed = sealed(self.disk, self.folder)?;
        sealed.retain(|address, of| of != label && !addresses.contains(address));
        sealed.extend(addresses.iter().map(|address| (address.clone(), label.to_owned())));
        let lines: String = sealed.iter().map(|(address, of)| format!("{address}\t{of}\n")).collect();
        self.put(SEALED, lines.as_bytes())?;
        let before = self.old.len();
        self.old.retain(|address, _| !addresses.contains(address));
        if self.old.len() == before {
            return Ok(());
        }
        let old = self.old.iter().map(|(address, source)| (address.as_str(), source.as_str())).collect();
        self.write_manifest(&old)
    }

    /// How a file that no build writes looks now.
    pub fn seen(&self, address: &str) -> Result<Written> {
        let stamp = self.disk.stat(&self.folder.join(address))?.map(|(_, stamp)| stamp).unwrap_or_default();
        Ok(Written { address: address.to_owned(), stamp })
    }

    /// Takes possession of the addresses that will be written: `(address, source)`.
    pub fn begin(&mut self, pages: &BTreeMap<&str, &str>) -> Result<()> {
        if self.disk.stat(self.folder)?.is_none()
            && let Some(first) = self.folder_of_a_first_build()?
        {
            self.at = first;
        }
        let threads = rayon::current_num_threads().to_string();
        if self.is_first() {
            return self.disk.write_new(&self.path(UNFINISHED), threads.as_bytes()).map(drop);
        }
        self.disk.create_folder(&self.path(OWN))?;
        self.clear_scratch()?;
        self.put(UNFINISHED, threads.as_bytes())?;
        let old = self.old.iter().map(|(address, source)| (address.as_str(), source.as_str()));
        let all: BTreeMap<&str, &str> = old.chain(pages.iter().map(|(address, source)| (*address, *source))).collect();
        self.write_manifest(&all)
    }

    /// Puts one file into its place if it is not there with these bytes already. `worker` keeps the scratch
    /// files of threads apart.
    pub fn write(&self, address: &str, bytes: &[u8], worker: usize) -> Result<(Written, Change)> {
        let path = self.path(address);
        if self.is_first() {
            let stamp = self.disk.write_new(&path, bytes)?;
            return Ok((Written { address: address.to_owned(), stamp }, Change::Made));
        }
        if self.is_ours(address)
            && let Some((EntryKind::File, stamp)) = self.disk.stat(&path)?
            && stamp.length == bytes.len() as u64
            && self.disk.read(&path)? == bytes
        {
            return Ok((Written { address: address.to_owned(), stamp }, Change::Kept));
        }
        let scratch = path.with_file_name(format!("{SCRATCH}{worker}"));
        let stamp = self.disk.write_whole(&path, bytes, &scratch)?;
        Ok((Written { address: address.to_owned(), stamp }, Change::Made))
    }

    /// Removes what the last build wrote and this one did not, except what came from the sources in `keep`
    /// (reports that could not be read this time keep their last good pages). `in_trees` are the files that were
    /// written into trees. Returns how many were removed.
    pub fn finish(
        &self,
        pages: &BTreeMap<&str, &str>,
        keep: &BTreeSet<&str>,
        in_trees: &BTreeSet<&str>,
    ) -> Result<usize> {
        let mut ours = pages.clone();
        let mut removed = 0;
        for (address, source) in &self.old {
            if address.ends_with('/') {
                removed += self.clear_tree(address, in_trees)?;
                continue;
            }
            if pages.contains_key(address.as_str()) {
                continue;
            }
            if keep.contains(source.as_str()) {
                ours.insert(address, source);
                continue;
            }
            self.disk.remove_file(&self.path(address))?;
            self.remove_empty_folders(address)?;
            removed += 1;
        }
        self.write_manifest(&ours)?;
        if self.is_first() {
            self.disk.rename_folder(&self.at, self.folder)?;
        }
        self.disk.remove_file(&self.folder.join(UNFINISHED))?;
        Ok(removed)
    }

    /// Where the search index may keep what it cannot keep in memory.
    pub fn search_scratch(&self) -> PathBuf {
        self.path(SEARCH_SCRATCH)
    }

    fn is_first(&self) -> bool {
        self.at != self.folder
    }

    /// A folder beside the output that is not there, or no longer: a first build that was killed has left one. `None`
    /// where that name is taken by a folder of others; then the build is made in its own place.
    fn folder_of_a_first_build(&self) -> Result<Option<PathBuf>> {
        let Some(name) = self.folder.file_name() else { return Ok(None) };
        let mut first = name.to_owned();
        first.push(FIRST);
        let first = self.folder.with_file_name(first);
        if self.disk.stat(&first)?.is_some() {
            if self.disk.stat(&first.join(UNFINISHED))?.is_none() {
                // Killed before its first file, a build has left empty folders.
                self.disk.remove_empty_folder(&first.join(OWN))?;
                self.disk.remove_empty_folder(&first)?;
                return Ok(self.disk.stat(&first)?.is_none().then_some(first));
            }
            let mut folders = vec![first.clone()];
            // What tells that it is ours goes last.
            let mut files = vec![first.join(UNFINISHED)];
            for entry in self.disk.walk_all(&first)? {
                match entry.kind {
                    EntryKind::Folder => folders.push(first.join(&entry.path)),
                    _ if entry.path == UNFINISHED => {}
                    _ => files.push(first.join(&entry.path)),
                }
            }
            files.iter().rev().try_for_each(|file| self.disk.remove_file(file))?;
            folders.iter().rev().try_for_each(|folder| self.disk.remove_empty_folder(folder))?;
        }
        Ok(Some(first))
    }

    /// Whether the last build wrote the file, or the tree that it lies in.
    fn is_ours(&self, address: &str) -> bool {
        let mut slashes = address.match_indices('/').map(|(at, _)| &address[..=at]);
        self.old.contains_key(address) || slashes.any(|folder| self.old.contains_key(folder))
    }

    /// Removes the files of an old tree that are not among these. Returns how many there were.
    fn clear_tree(&self, tree: &str, keep: &BTreeSet<&str>) -> Result<usize> {
        let entries = match self.disk.walk(&self.path(tree)) {
            Err(error) if error.is_not_found() => return Ok(0),
            entries => entries?,
        };
        let mut removed = 0;
        for entry in entries.iter().filter(|entry| entry.kind == EntryKind::File) {
            let address = format!("{tree}{}", entry.path);
            if !keep.contains(address.as_str()) {
                self.disk.remove_file(&self.path(&address))?;
                self.remove_empty_folders(&address)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Whether every file is as the last build left it.
    pub fn is_untouched(disk: &dyn Disk, folder: &Path, known: &[Written]) -> bool {
        use rayon::prelude::*;
        known.par_iter().with_min_len(256).all(|file| {
            let now = disk.stat(&folder.join(&file.address));
            matches!(now, Ok(Some((EntryKind::File, stamp))) if stamp == file.stamp && stamp.is_precise())
        })
    }

    /// Whether files of sealed years lie in the folder.
    pub fn has_sealed(disk: &dyn Disk, folder: &Path) -> Result<bool> {
        Ok(!sealed(disk, folder)?.is_empty())
    }

    /// Every file of the site in the folder, those of sealed years too: address, source (empty where it comes from all), and how
    /// it looks now. Sorted by address. `left` are the files that a build has left this very moment, which need not be
    /// looked at again; with none, or with sealed years, which builds do not look at, the folder is walked.
    pub fn listed(disk: &dyn Disk, folder: &Path, left: &[Written]) -> Result<Vec<(String, String, Stamp)>> {
        let output = Output::open(disk, folder)?;
        let sealed = sealed(disk, folder)?;
        let mut files: Vec<(String, Stamp)> = match left {
            [_, ..] if sealed.is_empty() => left
                .iter()
                .filter(|file| file.address != MANIFEST)
                .map(|file| (file.address.clone(), file.stamp))
                .collect(),
            _ => {
                let files = disk.walk(folder)?.into_iter().filter(|entry| entry.kind == EntryKind::File);
                let ours = files.filter(|entry| output.is_ours(&entry.path) || sealed.contains_key(&entry.path));
                ours.map(|entry| (entry.path, entry.stamp)).collect()
            }
        };
        files.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let named = files.into_iter().map(|(address, stamp)| {
            let source = output.old.get(&address).cloned().unwrap_or_default();
            (address, source, stamp)
        });
        Ok(named.collect())
    }

    /// How the manifest looks now, to be remembered with the other files.
    pub fn manifest_written(&self) -> Result<Written> {
        let path = self.folder.join(MANIFEST);
        let stamp = self.disk.stat(&path)?.map(|(_, stamp)| stamp).unwrap_or_default();
        Ok(Written { address: MANIFEST.to_owned(), stamp })
    }

    fn path(&self, address: &str) -> PathBuf {
        self.at.join(address)
    }

    fn write_manifest(&self, files: &BTreeMap<&str, &str>) -> Result<()> {
        let mut text = String::with_capacity(files.len() * 48);
        for (address, source) in files {
            text.push_str(address);
            text.push('\t');
            text.push_str(source);
            text.push('\n');
        }
        let path = self.path(MANIFEST);
        if self.disk.read(&path).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(());
        }
        self.put(MANIFEST, text.as_bytes())
    }

    /// Writes one of our own files.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.disk.write_whole(&self.path(name), bytes, &self.path(&format!("{OWN}/{SCRATCH}own")))?;
        Ok(())
    }

    /// Removes what a build that was killed left unfinished in the folders of its files.
    fn clear_scratch(&self) -> Result<()> {
        let threads = match self.disk.read(&self.path(UNFINISHED)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).trim().parse::<usize>().unwrap_or(1).min(1024),
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in self.disk.walk(&self.path(OWN))? {
            let path = self.path(OWN).join(&entry.path);
            if entry.kind == EntryKind::File
                && path.as_os_str().as_encoded_bytes().starts_with(self.search_scratch().as_os_str().as_encoded_bytes())
            {
                self.disk.remove_file(&path)?;
            }
        }
        let mut folders: BTreeSet<String> = self
            .old
            .keys()
            .map(|address| address.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned())
            .collect();
        for tree in self.old.keys().filter(|address| address.ends_with('/')) {
            let entries = match self.disk.walk(&self.path(tree)) {
                Err(error) if error.is_not_found() => continue,
                entries => entries?,
            };
            let inner = entries.into_iter().filter(|entry| entry.kind == EntryKind::Folder);
            folders.extend(inner.map(|entry| format!("{tree}{}", entry.path)));
        }
        for folder in folders {
            for worker in 0..threads {
                self.disk.remove_file(&self.path(&folder).join(format!("{SCRATCH}{worker}")))?;
            }
        }
        Ok(())
    }

    fn remove_empty_folders(&self, address: &str) -> Result<()> {
        let mut rest = address;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            self.disk.remove_empty_folder(&self.path(folder))?;
            rest = folder;
        }
        Ok(())
    }
}

/// The files of sealed years, each with its year and version.
fn sealed(disk: &dyn Disk, folder: &Path) -> Result<BTreeMap<String, String>> {
    match disk.read(&folder.join(SEALED)) {
        Ok(bytes) => Ok(manifest(&String::from_utf8_lossy(&bytes))),
        Err(error) if error.is_not_found() => Ok(BTreeMap::new()),
        Err(error) => Err(error),
    }
}

/// Reads a manifest. A line that could lead out of the folder was not written by us and is passed over.
fn manifest(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    let safe = lines.filter(|(address, _)| {
        !address.is_empty()
            && !address.contains(['\\', ':'])
            && address
                .strip_suffix('/')
                .unwrap_or(address)
                .split('/')
                .all(|part| !matches!(part, "" | "." | ".." | OWN))
    });
    safe.map(|(address, source)| (address.to_owned(), source.to_owned())).collect()
}
