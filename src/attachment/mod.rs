//! Attachments and images taken apart, as far as their bytes can be read without the programs that made them: Word,
//! Excel and PowerPoint files, PDF, plain tables, and what cameras write into photos. What cannot be read for sure is
//! not guessed at: an attachment that this room does not know has no contents.

mod older;
mod package;
mod pdf;
mod photo;
mod plain;
mod presentation;
mod sheets;
mod taking;
mod word;

use crate::model::contents::{Contents, Unreadable};

/// Larger files are not read: a year of subsidies to every household of a county fits ten times into one.
pub const LARGEST: u64 = 32 << 20;

/// Whether a file of this name can be taken apart.
pub fn is_known(path: &str) -> bool {
    matches!(
        &*extension(path),
        "docx"
            | "docm"
            | "xlsx"
            | "xlsm"
            | "pptx"
            | "doc"
            | "xls"
            | "ppt"
            | "wps"
            | "et"
            | "pdf"
            | "csv"
            | "tsv"
            | "txt"
            | "jpg"
            | "jpeg"
            | "png"
            | "webp"
            | "tif"
            | "tiff"
    )
}

/// Takes a file apart; `None` where nothing is to be read in it.
pub fn contents(path: &str, bytes: &[u8]) -> Result<Option<Contents>, Unreadable> {
    match &*extension(path) {
        "docx" | "docm" => word::read(package::Package::open(bytes)?).map(Some),
        "xlsx" | "xlsm" => sheets::read(package::Package::open(bytes)?).map(Some),
        "pptx" => presentation::read(package::Package::open(bytes)?).map(Some),
        "doc" | "xls" | "ppt" | "wps" | "et" => Ok(older::read(bytes)),
        "pdf" => pdf::read(bytes),
        "csv" => Ok(plain::read(bytes, b',')),
        "tsv" => Ok(plain::read(bytes, b'\t')),
        "txt" => Ok(plain::text(bytes)),
        "jpg" | "jpeg" | "png" | "webp" | "tif" | "tiff" => Ok(photo::read(bytes)),
        _ => Ok(None),
    }
}

fn extension(path: &str) -> String {
    path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STARTS: &[&[u8]] = &[
        b"PK\x03\x04",
        b"%PDF-1.7\n1 0 obj\n<<",
        b"\xff\xd8\xff\xe1\x00\x20Exif\0\0MM",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
    ];

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(
            extension in prop::sample::select(&["docx", "xlsx", "pptx", "doc", "pdf", "csv", "txt", "jpg", "png"][..]),
            start in prop::sample::select(STARTS),
            rest in prop::collection::vec(any::<u8>(), 0..600),
        ) {
            let _ = contents(&format!("a.{extension}"), &[start, &rest[..]].concat());
        }
    }
}
