//! Addresses and paths that the front matter may name: slugs, old addresses, attachments.

use crate::diagnostic::Text;
use crate::text;

/// A slug longer than this makes an address that nobody can type.
const LONGEST_SLUG: usize = 80;
/// Bytes that common file systems allow for one name, less what a suffix needs.
const LONGEST_NAME: usize = 200;

/// Whether a slug can be an address.
pub(super) fn is_slug(slug: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    (1..=LONGEST_SLUG).contains(&slug.len()) && slug.bytes().all(sign)
}

/// The slug that was probably meant, if one can be made of the words.
pub(super) fn likely_slug(written: &str) -> Option<String> {
    let slug = crate::romanize::phrase(written, LONGEST_SLUG);
    is_slug(&slug).then_some(slug)
}

/// An old address, relative to the site; the error says why it cannot be one.
pub(super) fn alias(written: &str) -> Result<String, Text> {
    if written.starts_with("//") || written.contains(':') {
        return Err(text!(
            "只写站内的路径，不要写协议和域名",
            "write only the path on this site, without scheme and host"
        ));
    }
    let path = written.strip_prefix('/').unwrap_or(written);
    if path.trim_end_matches('/').is_empty() {
        return Err(text!("路径是空的", "the path is empty"));
    }
    if path.contains('\\') {
        return Err(text!("路径用 `/` 分隔，不用 `\\`", "a path is parted by `/`, not by `\\`"));
    }
    if path.chars().any(|ch| ch.is_control() || "?#<>\"|*".contains(ch)) {
        return Err(text!("路径里有不能用的字符", "the path holds a character that no file name can have"));
    }
    let names = path.trim_end_matches('/').split('/');
    let dots = |name: &str| matches!(name.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | ".." | "");
    if names.clone().any(dots) {
        return Err(text!("路径里不能有 `.`、`..` 或空的一段", "the path cannot hold `.`, `..` or an empty name"));
    }
    if names.clone().any(|name| name.len() > LONGEST_NAME) {
        return Err(text!("路径里有一段太长", "a name in the path is too long"));
    }
    Ok(path.to_owned())
}

/// The path of an attachment, relative to its report; the error says why it is refused.
pub(super) fn attachment(written: &str) -> Result<String, Text> {
    let path = written.trim();
    let path = path.strip_prefix("./").unwrap_or(path);
    let drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if path.contains("://") {
        return Err(text!(
            "附件要和报告放在一起，不能是网址",
            "an attachment lies beside its report; it cannot be a web address"
        ));
    }
    if path.contains('\\') {
        return Err(text!("附件的路径用 `/` 分隔，不用 `\\`", "the path is parted by `/`, not by `\\`"));
    }
    if path.starts_with('/') || drive {
        return Err(text!("附件的路径要从报告所在的文件夹写起", "the path must begin in the report's own folder"));
    }
    if path.split('/').any(|name| name == "..") {
        return Err(text!(
            "附件的路径不能用 `..` 走出报告所在的文件夹",
            "the path leads out of the report's folder by `..`"
        ));
    }
    if path.is_empty() || path.chars().any(char::is_control) {
        return Err(text!("附件的路径是空的，或者有控制字符", "the path is empty or holds a control character"));
    }
    Ok(path.to_owned())
}
