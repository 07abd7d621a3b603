//! Step 1 of the road: what lies in `content/`. Nothing is opened here.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Checked, Diagnostic, Place, codes};
use crate::error::Result;
use crate::source::{Disk, EntryKind, Stamp};
use crate::text;

/// The folder of a site that holds its reports.
pub const CONTENT: &str = "content";

/// The files of a site that a build may read, by path relative to the site's folder.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Markdown files.
    pub documents: Vec<(Arc<str>, Stamp)>,
    /// Everything else: attachments and images, if some report names them.
    pub files: BTreeMap<Arc<str>, Stamp>,
}

/// Lists the content of the site in `site`. Lock files of Word and WPS, editors' copies and hidden files are
/// passed over; symbolic links are named and not followed.
pub fn discover(disk: &dyn Disk, site: &Path) -> Result<Checked<Sources>> {
    let content = site.join(CONTENT);
    let entries = match disk.walk(&content) {
        Err(error) if error.is_not_found() => Vec::new(),
        entries => entries?,
    };
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    for entry in entries {
        let path: Arc<str> = format!("{CONTENT}/{}", entry.path).into();
        let name = entry.path.rsplit('/').next().unwrap_or(&entry.path);
        if is_left_over(name) {
            continue;
        }
        match entry.kind {
            EntryKind::File if is_markdown(name) => sources.documents.push((path, entry.stamp)),
            EntryKind::File => {
                sources.files.insert(path, entry.stamp);
            }
            EntryKind::Folder => {}
            EntryKind::Link | EntryKind::Other => diagnostics.push(
                Diagnostic::warning(
                    codes::SYMLINK_OUT,
                    text!("{path} 不是普通文件，已跳过", "{path} is not a plain file and was passed over"),
                )
                .at(Place::file(&path))
                .help(text!(
                    "把文件本身放进 content/，不要用链接",
                    "put the file itself into content/, not a link to it"
                )),
            ),
        }
    }
    Ok(Checked::new(sources, diagnostics))
}

/// What programs leave lying about: `~$x.docx` locks, `x.md~` copies, the file manager's own files.
fn is_left_over(name: &str) -> bool {
    name.starts_with("~$")
        || name.ends_with('~')
        || name.ends_with(".tmp")
        || name.ends_with(".swp")
        || ["thumbs.db", "desktop.ini"].contains(&name.to_ascii_lowercase().as_str())
}

fn is_markdown(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("md" | "markdown"))
}
