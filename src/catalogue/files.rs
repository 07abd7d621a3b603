//! Attachments and images: only what some report names is published, each once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, codes};
use crate::discover::{CONTENT, Sources};
use crate::error::Result;
use crate::model::catalogue::{Report, SiteFile};
use crate::source::Disk;
use crate::text;

/// The files that reports refer to, with their addresses.
pub(super) fn files(
    disk: &dyn Disk,
    site: &Path,
    sources: &Sources,
    reports: &[Report],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<Arc<str>, SiteFile>> {
    let mut files: BTreeMap<Arc<str>, SiteFile> = BTreeMap::new();
    let mut taken: BTreeMap<String, Arc<str>> = BTreeMap::new();
    // What is sealed keeps its address, whoever else refers to it.
    for (report, sealed) in reports.iter().filter_map(|report| Some((report, report.document.sealed.as_ref()?))) {
        for (path, file) in report.document.files.iter().zip(&sealed.files) {
            let owner = report.document.path.clone();
            let file = SiteFile { address: file.address.clone(), length: file.size, size: None, owner };
            taken.insert(file.address.clone(), path.clone());
            files.insert(path.clone(), file);
        }
    }
    for report in reports {
        for path in &report.document.files {
            if files.contains_key(path) {
                continue;
            }
            let address = address(path);
            if let Some(other) = taken.insert(address.clone(), path.clone()) {
                diagnostics.push(
                    Diagnostic::error(
                        codes::SAME_ADDRESS,
                        text!(
                            "{path} 和 {other} 的地址都是 {address}",
                            "{path} and {other} would both have the address {address}"
                        ),
                    )
                    .at(Place::file(path))
                    .help(text!("给其中一个文件改名", "give one of the files another name")),
                );
                continue;
            }
            let size = if is_image(path) {
                let bytes = disk.read(&site.join(&**path))?;
                imagesize::blob_size(&bytes).ok().map(|size| (size.width as u32, size.height as u32))
            } else {
                None
            };
            let length = sources.files.get(path).map_or(0, |stamp| stamp.length);
            files.insert(path.clone(), SiteFile { address, length, size, owner: report.document.path.clone() });
        }
    }
    Ok(files)
}

/// `content/qinghe/2024/附件1.docx` → `files/qinghe/2024/fu-jian-1.docx`.
fn address(path: &str) -> String {
    let below = path.strip_prefix(CONTENT).unwrap_or(path);
    let mut address = "files".to_owned();
    for part in below.split('/').filter(|part| !part.is_empty()) {
        address.push('/');
        let (stem, extension) = match part.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() && extension.chars().all(|ch| ch.is_ascii_alphanumeric()) => {
                (stem, Some(extension))
            }
            _ => (part, None),
        };
        address.push_str(&super::word(stem));
        if let Some(extension) = extension {
            address.push('.');
            address.push_str(&extension.to_ascii_lowercase());
        }
    }
    address
}

/// Whether a file is an image that pages can show.
pub fn is_image(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "bmp" | "avif"))
}
