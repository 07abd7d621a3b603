//! Puts the trees of sealed years into the output, once: where a version's `seal.json` stands there, the version
//! stands there, and nothing of it is opened. It is written after everything else, so that a build that is killed
//! begins again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::digest::sha256;
use super::manifest::{self, Algorithm};
use super::tree::Folder;
use super::verify::{self, Difference, Scope};
use super::{ARCHIVE, seal_file};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::error::Result;
use crate::model::sealed::{Logged, SealedYear, version_folder};
use crate::source::{Disk, EntryKind};
use crate::text;

/// Where a scratch file can lie in the output.
const SCRATCH: &str = ".gongkai/seal";

/// The output as far as it matters here.
pub struct Target<'a> {
    /// Where files are read and written.
    pub disk: &'a dyn Disk,
    /// The folder with site.yaml.
    pub site: &'a Path,
    /// The output folder.
    pub out: &'a Path,
    /// Whether an earlier build wrote the file at this address.
    pub is_ours: &'a (dyn Fn(&str) -> bool + Sync),
}

/// Which versions of a year are not in the output. Opens nothing but their `seal.json` there.
pub fn missing<'a>(disk: &dyn Disk, out: &Path, year: &'a SealedYear) -> Result<Vec<&'a Logged>> {
    let mut missing = Vec::new();
    for version in &year.versions {
        let path = out.join(format!("{}{}", base(year, version.version), seal_file(year.seal.year)));
        match disk.read(&path) {
            Ok(bytes) if sha256(&bytes) == version.code => {}
            Err(error) if !error.is_not_found() => return Err(error),
            _ => missing.push(version),
        }
    }
    Ok(missing)
}

/// Where a version lies in the output, with a `/` at the end: the newest at the root, which is empty, the others in
/// folders of their own.
pub fn base(year: &SealedYear, version: u32) -> String {
    if version == year.seal.version { String::new() } else { version_folder(year.seal.year, version) + "/" }
}

/// Puts one version into the output. `release` is told its addresses before `seal.json` is written: from then on
/// they are no file of a build. Returns how many files there are.
pub fn place(
    target: &Target<'_>,
    year: &SealedYear,
    version: &Logged,
    release: &mut dyn FnMut(&str, &BTreeSet<String>) -> Result<()>,
) -> Result<std::result::Result<usize, Vec<Diagnostic>>> {
    let Target { disk, site, out, .. } = *target;
    let number = year.seal.year;
    let from = site.join(version_folder(number, version.version));
    let base = base(year, version.version);
    let address = |path: &str| format!("{base}{path}");
    let proof = verify::prove(&Folder { disk, path: &from }, number, Scope::Whole)?;
    if !proof.differences.is_empty() || proof.code.as_ref() != Some(&version.code) {
        return Ok(Err(damaged(version, &proof.differences)));
    }
    let listed = manifest_of(disk, &from, number)?;
    // Whatever an older version left at these addresses is ours, too.
    let mut older: Vec<BTreeMap<String, String>> = Vec::new();
    for other in year.versions.iter().filter(|other| other.version != version.version) {
        older.push(manifest_of(disk, &site.join(version_folder(number, other.version)), number)?);
    }
    let known = |path: &str, hash: &str| older.iter().any(|files| files.get(path).is_some_and(|old| old == hash));
    let files: Vec<String> =
        listed.keys().cloned().chain(Algorithm::ALL.map(|algorithm| algorithm.file(number))).collect();
    let state = files.par_iter().map(|path| {
        let there = out.join(address(path));
        Ok(match disk.stat(&there)? {
            None => State::Free,
            Some((EntryKind::File, _)) => {
                let hash = sha256(&disk.read(&there)?);
                let ours = (target.is_ours)(&address(path)) || base.is_empty() && known(path, &hash);
                match listed.get(path) {
                    Some(own) if *own == hash => State::Done,
                    Some(_) if ours => State::Free,
                    // The manifests are named by no manifest; they stand in a folder that is the year's own.
                    None => State::Free,
                    Some(_) => State::Foreign,
                }
            }
            Some(_) => State::Foreign,
        })
    });
    let state: Vec<State> = state.collect::<Result<_>>()?;
    let foreign: Vec<&String> =
        files.iter().zip(&state).filter(|(_, state)| **state == State::Foreign).map(|(path, _)| path).collect();
    if !foreign.is_empty() {
        return Ok(Err(foreign.into_iter().map(|path| in_the_way(out, &address(path))).collect()));
    }
    disk.create_folder(&out.join(".gongkai"))?;
    let seal = seal_file(number);
    let copy = |path: &str| -> Result<()> {
        let worker = rayon::current_thread_index().unwrap_or(0);
        let bytes = disk.read(&from.join(path))?;
        disk.write_whole(&out.join(address(path)), &bytes, &out.join(format!("{SCRATCH}-{worker}")))?;
        Ok(())
    };
    let todo = files.par_iter().zip(&state).filter(|(path, state)| **state == State::Free && **path != seal);
    todo.map(|(path, _)| copy(path)).collect::<Result<Vec<()>>>()?;
    if base.is_empty() {
        for (path, hash) in older.iter().flatten().filter(|(path, _)| !listed.contains_key(*path)) {
            let there = out.join(path);
            if matches!(disk.stat(&there)?, Some((EntryKind::File, _))) && sha256(&disk.read(&there)?) == *hash {
                disk.remove_file(&there)?;
                for folder in Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
                    disk.remove_empty_folder(&out.join(folder))?;
                }
            }
        }
    }
    let label = if base.is_empty() { number.to_string() } else { format!("{number}/v{}", version.version) };
    release(&label, &files.iter().map(|path| address(path)).collect())?;
    copy(&seal)?;
    Ok(Ok(files.len()))
}

/// What stands where a file is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing, or something that is ours to replace.
    Free,
    /// The file itself.
    Done,
    /// A file of somebody else.
    Foreign,
}

/// The paths and hashes of a version.
fn manifest_of(disk: &dyn Disk, folder: &Path, year: i16) -> Result<BTreeMap<String, String>> {
    let bytes = match disk.read(&folder.join(Algorithm::Sha256.file(year))) {
        Err(error) if error.is_not_found() => return Ok(BTreeMap::new()),
        bytes => bytes?,
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let safe = |path: &str| !path.split('/').any(|part| matches!(part, "" | "." | ".."));
    let lines = manifest::read(&text).into_iter().filter(|(path, _)| safe(path));
    Ok(lines.map(|(path, hash)| (path.to_owned(), hash.to_owned())).collect())
}

/// Names the files of a version that are not as they were sealed.
fn damaged(version: &Logged, differences: &[Difference]) -> Vec<Diagnostic> {
    let Logged { year, version, .. } = version;
    let fault = |path: &str| {
        let path = format!("{ARCHIVE}/{year}/v{version}/{path}");
        Diagnostic::error(
            codes::BROKEN_SEAL,
            text!("{path} 与封存时不同，没有放进网站", "{path} is not as it was sealed and was not put into the site"),
        )
        .at(Place::file(&path.as_str().into()))
        .help(text!(
            "用 `gongkai archive verify {year}` 查看全部变动，再从备份恢复",
            "`gongkai archive verify {year}` names all that has changed; restore it from a backup"
        ))
    };
    match differences {
        [] => vec![fault(&seal_file(*year))],
        _ => differences.iter().map(|difference| fault(difference.path())).collect(),
    }
}

fn in_the_way(out: &Path, address: &str) -> Diagnostic {
    let folder = out.display().to_string();
    Diagnostic::error(
        codes::FOREIGN_FILE,
        text!(
            "{folder}/{address} 不是 gongkai 写的，没有覆盖",
            "{folder}/{address} was not written by gongkai and was not replaced"
        ),
    )
    .help(text!("移走这个文件，或用 --out 换一个文件夹", "move the file away, or choose another folder with --out"))
}
