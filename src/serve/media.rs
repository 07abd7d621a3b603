//! Media types by the ending of an address, with the character set where one is needed.

use crate::source::{Encoding, decode};

/// Endings of what a town's site holds. Types that are text get their character set from the bytes.
const TYPES: &[(&str, &str)] = &[
    ("html", "text/html"),
    ("htm", "text/html"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("csv", "text/csv"),
    ("txt", "text/plain"),
    ("md", "text/markdown"),
    ("json", "application/json"),
    ("xml", "application/xml"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("pdf", "application/pdf"),
    ("ofd", "application/ofd"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("wps", "application/vnd.ms-works"),
    ("zip", "application/zip"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
];

/// The value of Content-Type for what stands at an address.
pub(super) fn of(address: &str, bytes: &[u8]) -> String {
    let ending = address.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if ending == "xml" && address.ends_with("feed.xml") {
        return "application/atom+xml; charset=utf-8".to_owned();
    }
    let found = TYPES.iter().find(|(known, _)| *known == ending);
    match found.map_or("application/octet-stream", |(_, media)| media) {
        media if media.starts_with("text/") => format!("{media}; charset={}", charset(bytes)),
        media => media.to_owned(),
    }
}

/// Attachments come in the character sets of the offices that wrote them.
fn charset(bytes: &[u8]) -> &'static str {
    match decode(bytes) {
        Some((_, Encoding::Gbk)) => "gb18030",
        Some((_, Encoding::Utf16)) => "utf-16",
        _ => "utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_character_set_of_text_only() {
        assert_eq!(of("index.html", b"<p>"), "text/html; charset=utf-8");
        assert_eq!(of("files/a.CSV", "甲".as_bytes()), "text/csv; charset=utf-8");
        assert_eq!(of("files/a.csv", &[0xbc, 0xd7]), "text/csv; charset=gb18030");
        assert_eq!(of("files/a.pdf", b"%PDF"), "application/pdf");
        assert_eq!(of("kinds/yusuan/feed.xml", b"<feed/>"), "application/atom+xml; charset=utf-8");
        assert_eq!(of("files/a", b""), "application/octet-stream");
    }
}
