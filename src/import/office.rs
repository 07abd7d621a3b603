//! Files of other programs (.doc, .wps, .rtf, .odt): LibreOffice makes a .docx of them, where it is installed.
//!
//! It runs without a window, with a profile of its own that is thrown away, without macros, and with no way out to
//! the network.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::refusal::{Refusal, Result};
use crate::package::CONTAINER;
use crate::source::{Disk, EntryKind};
use crate::text;

/// Conversions that take longer are given up.
const LONGEST: Duration = Duration::from_secs(90);
const STEP: Duration = Duration::from_millis(50);

/// Where LibreOffice is kept on systems that do not name it in the path.
const USUAL: [&str; 5] = [
    "/usr/bin/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:\\Program Files\\LibreOffice\\program\\soffice.exe",
    "C:\\Program Files (x86)\\LibreOffice\\program\\soffice.exe",
];

/// LibreOffice, as found on this machine.
#[derive(Debug, Clone)]
pub struct Office {
    program: PathBuf,
}

impl Office {
    /// Looks for LibreOffice: in the folders of `path` (the variable of that name), then in the usual ones.
    pub fn find(disk: &dyn Disk, path: Option<&std::ffi::OsStr>) -> Option<Self> {
        let named = path.into_iter().flat_map(std::env::split_paths).flat_map(|folder| {
            ["soffice", "libreoffice", "soffice.exe"].into_iter().map(move |name| folder.join(name))
        });
        let program = named
            .chain(USUAL.iter().map(PathBuf::from))
            .find(|program| matches!(disk.stat(program), Ok(Some((EntryKind::File | EntryKind::Link, _)))))?;
        Some(Self { program })
    }

    /// Makes a .docx of a file. `scratch` is a folder of this run's own; it is removed again.
    pub fn convert(&self, disk: &dyn Disk, bytes: &[u8], extension: &str, scratch: &Path) -> Result<Vec<u8>> {
        let made = self.run(disk, bytes, extension, scratch);
        clear(disk, scratch);
        made
    }

    fn run(&self, disk: &dyn Disk, bytes: &[u8], extension: &str, scratch: &Path) -> Result<Vec<u8>> {
        let failed = || Refusal::office(text!("LibreOffice 打不开这个文件", "LibreOffice could not open this file"));
        let input = scratch.join(format!("in.{extension}"));
        let out = scratch.join("out");
        disk.create_folder(&out).map_err(|_| failed())?;
        disk.write_whole(&input, bytes, &scratch.join("in.tmp")).map_err(|_| failed())?;
        let profile = format!("-env:UserInstallation=file://{}", scratch.join("profile").display());
        let nowhere = "http://127.0.0.1:9";
        let child = Command::new(&self.program)
            .args(["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"])
            .arg(profile)
            .args(["--convert-to", "docx:MS Word 2007 XML", "--outdir"])
            .arg(&out)
            .arg(&input)
            .envs([("http_proxy", nowhere), ("https_proxy", nowhere), ("ftp_proxy", nowhere), ("all_proxy", nowhere)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        wait(child.map_err(|_| failed())?)?;
        disk.read(&out.join("in.docx")).map_err(|_| failed())
    }
}

fn wait(mut child: Child) -> Result<()> {
    let mut waited = Duration::ZERO;
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return Ok(()),
            Ok(None) if waited < LONGEST => {
                sleep(STEP);
                waited += STEP;
            }
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Refusal::office(text!("LibreOffice 转换超时", "LibreOffice took too long")));
            }
        }
    }
}

/// Removes what a conversion has left, as far as it can be removed.
fn clear(disk: &dyn Disk, scratch: &Path) {
    let Ok(entries) = disk.walk(scratch) else { return };
    for entry in entries.iter().rev() {
        let path = scratch.join(&entry.path);
        let _ = match entry.kind {
            EntryKind::Folder => disk.remove_empty_folder(&path),
            _ => disk.remove_file(&path),
        };
    }
    let _ = disk.remove_empty_folder(scratch);
}

/// What LibreOffice is needed for, by the first bytes of a file: the extension it should be opened with.
pub fn extension(bytes: &[u8], named: &str) -> Option<&'static str> {
    let has = |words: &[u8]| memchr::memmem::find(&bytes[..bytes.len().min(4_096)], words).is_some();
    if bytes.starts_with(&CONTAINER) {
        return Some(if named == "wps" { "wps" } else { "doc" });
    }
    if bytes.starts_with(b"{\\rtf") {
        return Some("rtf");
    }
    if bytes.starts_with(b"PK") && has(b"mimetypeapplication/vnd.oasis.opendocument.text") {
        return Some("odt");
    }
    if bytes.starts_with(b"<?xml") && (has(b"pkg:package") || has(b"wordDocument")) {
        return Some("xml");
    }
    None
}
