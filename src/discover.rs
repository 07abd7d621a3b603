//! Step 1 of the road: what lies in `content/`. Nothing is opened here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, codes};
use crate::error::Result;
use crate::source::{Disk, EntryKind, Stamp};
use crate::text;

/// The folder of a site that holds its reports.
pub const CONTENT: &str = "content";

/// The files of a site that a build may read, by path relative to the site's folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sources {
    /// Markdown files, sorted by path.
    pub documents: Vec<(Arc<str>, Stamp)>,
    /// Everything else: attachments and images, if some report names them.
    pub files: BTreeMap<Arc<str>, Stamp>,
    /// What is no plain file and was passed over.
    pub odd: BTreeSet<Arc<str>>,
    /// The folders in which all of this was found, as they looked before they were listed; not renewed by
    /// [`Self::look_again`].
    pub folders: Vec<(Arc<str>, Stamp)>,
}

/// Lists the content of the site in `site`. Lock files of Word and WPS, editors' copies and hidden files are
/// passed over; symbolic links are named and not followed.
pub fn discover(disk: &dyn Disk, site: &Path) -> Result<Sources> {
    let mut sources = Sources::default();
    if let Some((kind, stamp)) = disk.stat(&site.join(CONTENT))? {
        // What a link looks like says nothing of what lies behind it.
        let stamp = if kind == EntryKind::Folder { stamp } else { Stamp::default() };
        sources.folders.push((CONTENT.into(), stamp));
    }
    sources.add_folder(disk, site, CONTENT)?;
    Ok(sources)
}

impl Sources {
    /// Looks again at one path, which may have come, gone or become something else; a folder is walked anew. Says
    /// whether there are other paths now than before.
    pub fn look_again(&mut self, disk: &dyn Disk, site: &Path, path: &str) -> Result<bool> {
        let found = look_at(disk, site, path)?;
        if let Some((EntryKind::File, stamp)) = found
            && self.renew(path, stamp)
        {
            return Ok(false);
        }
        let before = self.count();
        self.forget(path);
        let kept = self.count();
        match found {
            None => {}
            Some((EntryKind::Folder, _)) => self.add_folder(disk, site, path)?,
            Some((kind, stamp)) => self.add(path.into(), kind, stamp),
        }
        Ok(kept < before || self.count() > kept)
    }

    /// Takes down how a file looks now that there was before; false where there was none. To take it out and put it
    /// in again would move all that come after it.
    fn renew(&mut self, path: &str, stamp: Stamp) -> bool {
        let document = self.documents.binary_search_by(|(other, _)| (**other).cmp(path));
        let known = match document {
            Ok(number) => Some(&mut self.documents[number].1),
            Err(_) => self.files.get_mut(path),
        };
        known.map(|known| *known = stamp).is_some()
    }

    fn count(&self) -> usize {
        self.documents.len() + self.files.len() + self.odd.len()
    }

    /// How a file looks, if it is there.
    pub fn stamp(&self, path: &str) -> Option<Stamp> {
        let document = self.documents.binary_search_by(|(other, _)| (**other).cmp(path));
        document.ok().map(|number| self.documents[number].1).or_else(|| self.files.get(path).copied())
    }

    /// The same without some documents.
    pub fn without(&self, documents: &BTreeSet<&str>) -> Self {
        let mut rest = self.clone();
        rest.documents.retain(|(path, _)| !documents.contains(&**path));
        rest
    }

    /// The files at a path and below it.
    pub fn files_at(&self, path: &str) -> Vec<(Arc<str>, Stamp)> {
        let (from, to) = (format!("{path}/"), format!("{path}0"));
        let below = self.files.range::<str, _>((Bound::Included(from.as_str()), Bound::Excluded(to.as_str())));
        let own = self.files.get_key_value(path).into_iter();
        own.chain(below).map(|(path, stamp)| (path.clone(), *stamp)).collect()
    }

    /// What was passed over, for its owner to know.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let name = |path: &Arc<str>| {
            Diagnostic::warning(
                codes::SYMLINK_OUT,
                text!("{path} 不是普通文件，已跳过", "{path} is not a plain file and was passed over"),
            )
            .at(Place::file(path))
            .help(text!("把文件本身放进 content/，不要用链接", "put the file itself into content/, not a link to it"))
        };
        self.odd.iter().map(name).collect()
    }

    fn add_folder(&mut self, disk: &dyn Disk, site: &Path, folder: &str) -> Result<()> {
        let entries = match disk.walk(&site.join(folder)) {
            Err(error) if error.is_not_found() => Vec::new(),
            entries => entries?,
        };
        for entry in entries {
            self.add(format!("{folder}/{}", entry.path).into(), entry.kind, entry.stamp);
        }
        Ok(())
    }

    fn add(&mut self, path: Arc<str>, kind: EntryKind, stamp: Stamp) {
        let name = path.rsplit('/').next().unwrap_or(&path);
        match kind {
            EntryKind::Folder => self.folders.push((path, stamp)),
            _ if is_left_over(name) => {}
            EntryKind::File if is_markdown(name) => {
                // A walk comes in order, so that the place is nearly always the end.
                let at = match self.documents.last() {
                    Some((last, _)) if **last >= *path => self.documents.partition_point(|(other, _)| **other < *path),
                    _ => self.documents.len(),
                };
                self.documents.insert(at, (path, stamp));
            }
            EntryKind::File => {
                self.files.insert(path, stamp);
            }
            EntryKind::Link | EntryKind::Other => {
                self.odd.insert(path);
            }
        }
    }

    /// Forgets a path and everything below it.
    fn forget(&mut self, path: &str) {
        // "0" is the character after "/".
        let (from, to) = (format!("{path}/"), format!("{path}0"));
        let place = |wanted: &str| self.documents.partition_point(|(other, _)| **other < *wanted);
        let (first, last, own) = (place(&from), place(&to), place(path));
        self.documents.drain(first..last);
        if self.documents.get(own).is_some_and(|(other, _)| **other == *path) {
            self.documents.remove(own);
        }
        self.files.remove(path);
        self.odd.remove(path);
        self.folders.retain(|(folder, _)| **folder != *path && !folder.starts_with(&from));
        let below = |set: &mut dyn Iterator<Item = &Arc<str>>| set.cloned().collect::<Vec<_>>();
        let range = (Bound::Included(from.as_str()), Bound::Excluded(to.as_str()));
        for path in below(&mut self.files.range::<str, _>(range).map(|(path, _)| path)) {
            self.files.remove(&path);
        }
        for path in below(&mut self.odd.range::<str, _>(range)) {
            self.odd.remove(&path);
        }
    }
}

/// What is at a path, if it is one at which content can lie.
fn look_at(disk: &dyn Disk, site: &Path, path: &str) -> Result<Option<(EntryKind, Stamp)>> {
    let below = path.strip_prefix(CONTENT).and_then(|rest| rest.strip_prefix('/'));
    let Some(below) = below else {
        return Ok((path == CONTENT).then_some((EntryKind::Folder, Stamp::default())));
    };
    if below.split('/').any(|part| part.starts_with('.')) {
        return Ok(None);
    }
    // What lies behind a link or a file is not ours, though a watcher may name it.
    for (at, _) in path.match_indices('/').skip(1) {
        if !matches!(disk.stat(&site.join(&path[..at]))?, Some((EntryKind::Folder, _))) {
            return Ok(None);
        }
    }
    disk.stat(&site.join(path))
}

/// What programs leave lying about: `~$x.docx` locks, `x.md~` copies, vim's trial file 4913, the file manager's own
/// files.
fn is_left_over(name: &str) -> bool {
    name.starts_with("~$")
        || name.ends_with('~')
        || name.ends_with(".tmp")
        || name.ends_with(".swp")
        || name == "4913"
        || ["thumbs.db", "desktop.ini"].contains(&name.to_ascii_lowercase().as_str())
}

fn is_markdown(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("md" | "markdown"))
}
