//! The sealed years of a site: the log, and of each year the newest `seal.json`.

use std::path::Path;
use std::sync::Arc;

use super::digest::sha256;
use super::log::Log;
use super::{ARCHIVE, canonical, seal_file};
use crate::diagnostic::{Checked, Diagnostic, codes};
use crate::error::Result;
use crate::model::sealed::{SealedYear, version_folder};
use crate::source::Disk;
use crate::text;

/// Reads them. A seal that cannot be read, or is not the one in the log, is named and left out: then the site is not
/// built.
pub fn load(disk: &dyn Disk, site: &Path, log: &Log) -> Result<Checked<Vec<Arc<SealedYear>>>> {
    let (mut years, mut noticed) = (Vec::new(), Vec::new());
    if let Some(line) = log.broken {
        noticed.push(
            Diagnostic::error(
                codes::BROKEN_SEAL,
                text!(
                    "封存记录 {ARCHIVE}/seals.jsonl 第 {line} 行被改动",
                    "line {line} of the log of seals, {ARCHIVE}/seals.jsonl, was changed"
                ),
            )
            .help(text!(
                "从备份恢复这个文件；不要手工修改它",
                "restore the file from a backup; it is not to be edited by hand"
            )),
        );
    }
    for year in log.years() {
        let versions = log.versions(year);
        let newest = versions.last().expect("a year in the log has a line");
        let own = log.tokens.iter().filter(|((of, _), _)| *of == year);
        let tokens = own.map(|((_, version), hash)| (*version, *hash)).collect();
        let path = format!("{}/{}", version_folder(year, newest.version), seal_file(year));
        let bytes = match disk.read(&site.join(&path)) {
            Err(error) if error.is_not_found() => None,
            bytes => Some(bytes?),
        };
        match bytes.filter(|bytes| sha256(bytes) == newest.code).as_deref().map(canonical::read) {
            Some(Ok(seal)) if (seal.year, seal.version) == (year, newest.version) => {
                years.push(Arc::new(SealedYear { seal, versions, tokens }));
            }
            Some(Err(canonical::Fault::Newer)) => noticed.push(newer(year, &path)),
            _ => noticed.push(broken(year, &path)),
        }
    }
    Ok(Checked::new(years, noticed))
}

fn broken(year: i16, path: &str) -> Diagnostic {
    Diagnostic::error(
        codes::BROKEN_SEAL,
        text!("{year}年度的封存文件 {path} 缺失或被改动", "the seal of {year}, {path}, is missing or was changed"),
    )
    .help(text!(
        "用 `gongkai archive verify {year}` 查看哪些文件有变，再从备份恢复",
        "`gongkai archive verify {year}` names what has changed; restore it from a backup"
    ))
}

fn newer(year: i16, path: &str) -> Diagnostic {
    Diagnostic::error(
        codes::BROKEN_SEAL,
        text!("{path} 是更新版本的程序封存的", "{path} was made by a later version of this program"),
    )
    .help(text!("请升级程序再生成；{year}年度没有损坏", "use that version; nothing is wrong with {year}"))
}
