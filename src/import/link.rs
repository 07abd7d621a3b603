//! Where links of a document may lead from a page.

use std::sync::Arc;

/// An address that a page may link to: the web, or a mailbox. Everything else (places in the document, files of
/// somebody's computer, scripts) is no address to a reader.
pub fn allowed(address: &str) -> Option<Arc<str>> {
    let address = address.trim();
    let scheme = address.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let is_known = matches!(scheme.as_str(), "http" | "https" | "mailto") && address.len() > scheme.len() + 1;
    let is_clean = address.len() < 2_048 && !address.contains(|ch: char| ch.is_control());
    (is_known && is_clean).then(|| address.into())
}
