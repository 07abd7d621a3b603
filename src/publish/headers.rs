//! The headers that files are served with where a store takes them: what a file is, and how long readers may keep it.

use serde::{Deserialize, Serialize};

/// How long readers may keep files before they ask again, as `Cache-Control` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caching {
    /// Files whose name changes with their bytes.
    pub hashed: String,
    /// Pages, feeds, and everything that keeps its name.
    pub others: String,
}

impl Default for Caching {
    fn default() -> Self {
        Self { hashed: "public, max-age=31536000, immutable".to_owned(), others: "no-cache".to_owned() }
    }
}

/// The headers of a file as a manifest holds them: content type, `|`, cache control, and behind another `|` the
/// content encoding.
pub fn of(path: &str, caching: &Caching) -> String {
    let cache = if is_hashed(path) { &caching.hashed } else { &caching.others };
    format!("{}|{cache}", content_type(path))
}

/// Content type and cache control of what [`of`] wrote.
pub fn parts(headers: &str) -> Option<(&str, &str)> {
    headers.split_once('|')
}

/// Whether the name of a file changes with its bytes: `assets/style-d002408c.css`, and the segments of the search.
pub fn is_hashed(path: &str) -> bool {
    let has_hash = |name: &str| {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let last = stem.rsplit_once('-').map_or("", |(_, last)| last);
        last.len() == 8 && last.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    match path.split_once('/') {
        Some(("assets", name)) => has_hash(name),
        Some(("search", rest)) => rest.split_once('/').is_some_and(|(segment, _)| has_hash(segment)),
        _ => false,
    }
}

/// What a file is, by its ending. Text says its encoding, so that nobody has to guess.
pub fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "ofd" => "application/ofd",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "wps" => "application/vnd.ms-works",
        "zip" => "application/zip",
        "mp4" => "video/mp4",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_names_that_change_with_their_bytes() {
        assert!(is_hashed("assets/style-d002408c.css"));
        assert!(is_hashed("search/2021-2023-c7888133/t/0/0.js"));
        for plain in ["index.html", "search/root.js", "files/a-d002408c.pdf", "assets/style.css", "a/2024/index.html"] {
            assert!(!is_hashed(plain), "{plain}");
        }
    }
}
