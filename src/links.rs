//! Addresses and paths with `/`: how to get from one page to another, and what a link in a source means.

/// The relative address from the page at `from` to the page at `to`, both relative to the site's root.
pub fn relative(from: &str, to: &str) -> String {
    let shared = from.bytes().zip(to.bytes()).take_while(|(a, b)| a == b).count();
    let shared = from[..shared].rfind('/').map_or(0, |at| at + 1);
    let up = from[shared..].bytes().filter(|&byte| byte == b'/').count();
    let mut address = String::with_capacity(up * 3 + to.len() - shared);
    for _ in 0..up {
        address.push_str("../");
    }
    address.push_str(&to[shared..]);
    address
}

/// The prefix that leads from the page at `from` to the site's root: one `../` for each folder.
pub fn to_root(from: &str) -> String {
    "../".repeat(from.bytes().filter(|&byte| byte == b'/').count())
}

/// The path, relative to the site's folder, that `target` in the source at `source` means, without its
/// fragment or query; `None` if it leads out of the site or is no path.
pub fn resolve(source: &str, target: &str) -> Option<String> {
    let target = target.split(['#', '?']).next().unwrap_or_default();
    if target.is_empty() || has_scheme(target) || target.starts_with('/') || target.contains('\\') {
        return None;
    }
    join(source, &percent_encoding::percent_decode_str(target).decode_utf8().ok()?)
}

/// The path, relative to the site's folder, of the file that is called `file` seen from the source at `source`:
/// a name, in which `%` and `#` mean themselves. `None` if it leads out of the content.
pub fn join(source: &str, file: &str) -> Option<String> {
    let mut parts: Vec<&str> = source.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            // The first part is the content folder itself, which a path may not leave.
            ".." if parts.len() > 1 => {
                parts.pop();
            }
            ".." => return None,
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Whether a link begins with a scheme such as `https:`, or with `//`.
pub fn has_scheme(target: &str) -> bool {
    target.starts_with("//")
        || target.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|ch: char| ch.is_ascii_alphabetic())
                && scheme.chars().all(|ch| ch.is_ascii_alphanumeric() || "+-.".contains(ch))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_way_between_pages() {
        assert_eq!(relative("a/b/c.html", "a/b/d.html"), "d.html");
        assert_eq!(relative("a/b/c.html", "a/x/d.html"), "../x/d.html");
        assert_eq!(relative("index.html", "a/d.html"), "a/d.html");
        assert_eq!(relative("a/b/c.html", "index.html"), "../../index.html");
        assert_eq!(relative("ab/c.html", "abc/d.html"), "../abc/d.html");
        assert_eq!(to_root("a/b/c.html"), "../../");
    }

    #[test]
    fn never_leaves_the_content() {
        let source = "content/dingshi/2023/fazhi.md";
        assert_eq!(resolve(source, "a.pdf").as_deref(), Some("content/dingshi/2023/a.pdf"));
        assert_eq!(resolve(source, "../2022/b.md#x").as_deref(), Some("content/dingshi/2022/b.md"));
        assert_eq!(resolve(source, "%E9%99%84%E4%BB%B6.pdf").as_deref(), Some("content/dingshi/2023/附件.pdf"));
        assert_eq!(join(source, "50%#1.csv").as_deref(), Some("content/dingshi/2023/50%#1.csv"));
        for out in ["../../../site.yaml", "/etc/passwd", "https://a/b", "//a/b", "C:\\x", "#top", ""] {
            assert_eq!(resolve(source, out), None, "{out}");
        }
    }
}
