//! Raw HTML: never passed through, always shown as text; comments are dropped.

use std::borrow::Cow;

/// Every element name of the HTML standard with the obsolete ones that old pages still use, sorted.
const NAMES: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "bgsound",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// The name of the first opening tag in `html`, if it is one that HTML knows.
pub fn known_tag(html: &str) -> Option<&'static str> {
    let inside = html.trim_start().strip_prefix('<')?;
    let end = inside.find(|ch: char| !ch.is_ascii_alphanumeric()).unwrap_or(inside.len());
    let name = inside[..end].to_ascii_lowercase();
    NAMES.binary_search(&name.as_str()).ok().map(|at| NAMES[at])
}

/// Whether a piece of inline HTML is a line break, which a table cell can get in no other way.
pub fn is_line_break(html: &str) -> bool {
    known_tag(html) == Some("br")
}

/// A block of HTML without its comments; an unclosed comment runs to the end.
pub fn without_comments(html: &str) -> Cow<'_, str> {
    if !html.contains("<!--") {
        return Cow::Borrowed(html);
    }
    let mut kept = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<!--") {
        kept.push_str(&rest[..start]);
        let inside = &rest[start + 4..];
        rest = inside.find("-->").map_or("", |end| &inside[end + 3..]);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_tags_from_titles() {
        assert!(NAMES.is_sorted());
        assert_eq!(known_tag("<DIV class=x>"), Some("div"));
        assert_eq!(known_tag("<tiaoli>"), None);
        assert_eq!(known_tag("<条例>"), None);
        assert!(is_line_break("<br/>"));
        assert_eq!(without_comments("甲<!-- 乙 -->丙<!-- 丁"), "甲丙");
    }
}
