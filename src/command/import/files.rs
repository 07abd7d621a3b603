//! Which files are meant, and which site they belong to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::settings;
use crate::cli::Import;
use crate::config::{Config, SITE_FILE};
use crate::diagnostic::Language;
use crate::error::{Error, Operation, Result};
use crate::import::EXTENSIONS;
use crate::source::{Disk, EntryKind};

/// A file to import.
pub(super) struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// Its name without its extension.
    pub stem: String,
    /// Its extension in small letters.
    pub extension: String,
    /// Its length in bytes.
    pub length: u64,
}

impl Source {
    fn new(path: PathBuf, length: u64) -> Self {
        let part =
            |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
        let (name, stem) = (part(path.file_name()), part(path.file_stem()));
        let extension = part(path.extension()).to_lowercase();
        Self { path, name, stem, extension, length }
    }
}

/// The files of what was typed: each file as it is, of a folder those that can be imported. What Word leaves beside
/// an open file (`~$x.docx`) is none.
pub(super) fn sources(disk: &dyn Disk, typed: &[PathBuf]) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in typed {
        match disk.stat(path)? {
            None => return Err(Error::new(Operation::Read, path, std::io::ErrorKind::NotFound.into())),
            Some((EntryKind::Folder, _)) => {
                for entry in disk.walk(path)?.into_iter().filter(|entry| entry.kind == EntryKind::File) {
                    let source = Source::new(path.join(&entry.path), entry.stamp.length);
                    if EXTENSIONS.contains(&source.extension.as_str()) && !source.name.starts_with("~$") {
                        sources.push(source);
                    }
                }
            }
            Some((_, stamp)) => sources.push(Source::new(path.clone(), stamp.length)),
        }
    }
    Ok(sources)
}

/// The site that the reports go into, with its settings. Who drops a file onto the program stands nowhere, so that
/// the folders of the program and of the file are looked at too.
pub(super) fn site(disk: &dyn Disk, asked: &Import, language: Language) -> Result<Option<(PathBuf, Config)>> {
    let mut folders = vec![asked.site.clone()];
    if asked.dropped {
        let program = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
        folders.extend(program);
        folders.extend(asked.files.first().into_iter().flat_map(|file| file.ancestors().skip(1)).map(Path::to_owned));
    }
    for folder in folders {
        if disk.stat(&folder.join(SITE_FILE))?.is_some() {
            return Ok(settings(disk, &folder, language)?.map(|config| (folder, config)));
        }
    }
    if asked.to.is_some() {
        let path: Arc<str> = SITE_FILE.into();
        let plain = Config::read(&path, "name: 政府信息公开\ncontact: { host: 政府 }\n");
        return Ok(plain.value.map(|config| (asked.site.clone(), config)));
    }
    match language {
        Language::Chinese => eprintln!(
            "错误：这里没有网站（没有 {SITE_FILE}）。请用 --site 指出网站的文件夹，或用 --to 指出报告放到哪里；还没有网站就先运行 gongkai init。"
        ),
        Language::English => eprintln!(
            "error: there is no site here (no {SITE_FILE}). Name its folder with --site, or where the reports go with --to; without a site, run gongkai init first."
        ),
    }
    Ok(None)
}
