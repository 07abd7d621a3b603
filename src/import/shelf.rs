//! Where reports lie: the one that a document was imported as before, and a free place for a new one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::report::{Fields, Imported, may_be_imported};
use crate::config::Config;
use crate::error::{Error, Operation, Result};
use crate::romanize;
use crate::source::{Disk, EntryKind, decode};

/// The folder of reports whose town is not known yet.
const NO_TOWN: &str = "daiqueren";

/// Front matter ends before this byte.
const HEAD: u64 = 64 << 10;

/// A folder of reports.
pub struct Shelf<'a> {
    disk: &'a dyn Disk,
    root: PathBuf,
    /// Reports that were imported, with their paths below the root.
    imported: Vec<(Arc<str>, Imported)>,
    /// Files that are there, or will be.
    taken: std::collections::BTreeSet<String>,
}

impl<'a> Shelf<'a> {
    /// Looks at what lies in a folder, which need not be there yet.
    pub fn open(disk: &'a dyn Disk, root: &Path) -> Result<Self> {
        let mut shelf = Self { disk, root: root.to_owned(), imported: Vec::new(), taken: Default::default() };
        if disk.stat(root)?.is_none() {
            return Ok(shelf);
        }
        let mut head = Vec::new();
        for entry in disk.walk(root)?.into_iter().filter(|entry| entry.kind == EntryKind::File) {
            if entry.path.ends_with(".md") {
                let path = root.join(&entry.path);
                disk.read_part_into(&path, 0..HEAD, &mut head)?;
                let bytes = if may_be_imported(&head) { disk.read(&path)? } else { Vec::new() };
                if let Some(found) = decode(&bytes).and_then(|(text, _)| Imported::read(&text)) {
                    shelf.imported.push((entry.path.as_str().into(), found));
                }
            }
            shelf.taken.insert(entry.path.to_lowercase());
        }
        Ok(shelf)
    }

    /// The report that a file of this name was imported as, unless that is of another town or year.
    pub fn earlier(&self, source: &str, town: Option<&str>, year: Option<i16>) -> Option<(Arc<str>, Imported)> {
        let year = year.map(|year| year.to_string());
        let same = |found: &Imported, names: [&str; 2], value: Option<&str>| {
            value.is_none() || found.value(names).is_none_or(|known| Some(known.as_str()) == value)
        };
        let fits = |found: &&(Arc<str>, Imported)| {
            found.1.source == source
                && same(&found.1, ["town", "乡镇"], town)
                && same(&found.1, ["year", "年度"], year.as_deref())
        };
        self.imported.iter().find(fits).cloned()
    }

    /// A free path for a new report, below the root: `dingshi/2023/fazhi.md`.
    pub fn place(&mut self, fields: &Fields, kind: Option<&str>, config: &Config) -> String {
        let town = fields.town.value.as_ref().map(|town| {
            let entry = config.towns.iter().find(|entry| entry.name == *town || entry.aliases.contains(town));
            entry.and_then(|entry| entry.slug.clone()).unwrap_or_else(|| romanize::phrase(town, 40))
        });
        let town = town.filter(|town| !town.is_empty());
        let folder = match (town, fields.year.value) {
            (Some(town), Some(year)) => format!("{town}/{year}"),
            (Some(town), None) => town,
            (None, Some(year)) if !fields.is_standing => format!("{NO_TOWN}/{year}"),
            (None, None) if !fields.is_standing => NO_TOWN.to_owned(),
            _ => String::new(),
        };
        let serial = fields.number.value.as_ref().and_then(|number| number.rsplit(['〕', ']']).next());
        let serial: String = serial.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        let mut stem = kind.unwrap_or("baogao").to_owned();
        if !serial.is_empty() {
            stem.push_str(&format!("-{serial}"));
        }
        let folder = if folder.is_empty() { folder } else { format!("{folder}/") };
        let mut path = format!("{folder}{stem}.md");
        let mut next = 2;
        while !self.taken.insert(path.to_lowercase()) {
            path = format!("{folder}{stem}-{next}.md");
            next += 1;
        }
        path
    }

    /// A free name beside a report for a file of this name.
    pub fn beside(&mut self, report: &str, name: &str) -> String {
        let folder = report.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        self.taken.insert(format!("{folder}{name}").to_lowercase());
        name.to_owned()
    }

    /// Writes a file below the root; `path` is one that this shelf has given out.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let full = self.root.join(path);
        let folder = full.parent().unwrap_or(&self.root).to_owned();
        // A folder that is a link would lead out of the site.
        let mut above = self.root.clone();
        for part in Path::new(path).parent().into_iter().flat_map(Path::components) {
            above.push(part);
            if let Some((EntryKind::Link, _)) = self.disk.stat(&above)? {
                let cause = std::io::Error::other("a symbolic link that leads out of the folder");
                return Err(Error::new(Operation::Write, &full, cause));
            }
        }
        self.disk.create_folder(&folder)?;
        self.disk.write_whole(&full, bytes, &folder.join(".gongkai-import-tmp")).map(|_| ())
    }

    /// The full path of a file below the root, for people.
    pub fn full(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}
