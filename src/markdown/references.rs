//! Which files a body names, found before its page is made, so that the plan of the site can hold them.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// The targets of all links and images in a body, as written. A body without a link costs one look over its
/// bytes.
pub fn references(body: &str) -> Vec<String> {
    // Every link or image but the shortest references has one of these two pairs.
    let names_something =
        memchr::memchr_iter(b']', body.as_bytes()).any(|at| matches!(body.as_bytes().get(at + 1), Some(b'(' | b':')));
    if !names_something {
        return Vec::new();
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let targets = Parser::new_ext(body, options).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    targets.collect()
}
