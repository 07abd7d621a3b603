//! An article's HTML → the plain text that readers see → units: stretches of whole paragraphs that the index
//! knows apart, so that only the stretch that holds the words is fetched for an excerpt.

use std::ops::Range;

/// A unit ends with the paragraph that brings it over this many bytes (3,000 Chinese characters).
const UNIT: usize = 9_000;
/// A paragraph longer than this is cut.
const LONGEST: usize = 2 * UNIT;
/// What both sides of a cut share, so that a phrase across it is found whole.
const OVERLAP: usize = 600;
/// The most units of one report; the last one takes what is left.
pub const MOST_UNITS: usize = 2_000;

/// Whether an element ends a line.
fn is_block(name: &str) -> bool {
    match name.as_bytes() {
        [b'h', b'1'..=b'6'] => true,
        _ => matches!(
            name,
            "p" | "li"
                | "ul"
                | "ol"
                | "tr"
                | "table"
                | "caption"
                | "blockquote"
                | "pre"
                | "div"
                | "section"
                | "hr"
                | "br"
                | "figure"
                | "figcaption"
                | "dt"
                | "dd"
                | "dl"
                | "thead"
                | "tbody"
        ),
    }
}

/// Appends the text of our own HTML, a paragraph a line. Cells of a table are told apart by ` | `.
pub fn plain(html: &str, out: &mut String) {
    let mut rest = html;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        words(&rest[..at], out);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (ch, length) = entity(rest);
            out.push(ch);
            rest = &rest[length..];
        } else {
            let end = memchr::memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            tag(&rest[1..end], out);
            rest = &rest[end..];
        }
    }
    words(rest, out);
    end_line(out);
}

/// Running text: line breaks of the source are spaces.
fn words(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'\n', b'\r', b'\t', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        if !out.ends_with(['\n', ' ']) && !out.is_empty() {
            out.push(' ');
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

fn tag(tag: &str, out: &mut String) {
    let name = tag.trim_start_matches('/');
    let name = &name[..name.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(name.len())];
    if matches!(name, "td" | "th") {
        if !tag.starts_with('/') && !out.ends_with('\n') && !out.is_empty() {
            out.push_str(" | ");
        }
    } else if is_block(name) {
        end_line(out);
    }
}

fn end_line(out: &mut String) {
    let end = out.trim_end_matches([' ', '\u{3000}']).len();
    out.truncate(end);
    if !out.ends_with('\n') && !out.is_empty() {
        out.push('\n');
    }
}

/// The character of a reference at the beginning of a text, and its length.
fn entity(text: &str) -> (char, usize) {
    for (name, ch) in [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&#39;", '\''), ("&nbsp;", ' ')]
    {
        if text.starts_with(name) {
            return (ch, name.len());
        }
    }
    ('&', 1)
}

/// Cuts a text of one paragraph a line into units.
pub fn units(text: &str) -> Vec<Range<usize>> {
    let mut units: Vec<Range<usize>> = Vec::with_capacity(text.len() / UNIT + 1);
    let mut start = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let from = end;
        end += line.len();
        if line.len() > LONGEST && units.len() < MOST_UNITS {
            if from > start {
                units.push(start..from);
            }
            start = cut(text, from..end, &mut units);
        } else if end - start >= UNIT && units.len() < MOST_UNITS {
            // Whichever leaves the unit nearer to its length: with this paragraph, or without.
            if from > start && end - start - UNIT > UNIT - (from - start).min(UNIT) {
                units.push(start..from);
                start = from;
            } else {
                units.push(start..end);
                start = end;
            }
        }
    }
    if end > start {
        units.push(start..end);
    }
    units
}

/// Cuts a long paragraph into units that overlap. Returns where the last one, which is not pushed, begins.
fn cut(text: &str, line: Range<usize>, units: &mut Vec<Range<usize>>) -> usize {
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let mut start = line.start;
    while line.end - start > LONGEST && units.len() < MOST_UNITS {
        let end = floor(start + UNIT);
        units.push(start..end);
        start = floor(end - OVERLAP);
    }
    start
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_readers_see_is_what_is_indexed() {
        let mut text = String::new();
        plain(
            "<h2 id=\"a\">一、<em>总体</em>情况</h2>\n<p>甲&lt;b&gt;&amp;<a href=\"x?a&gt;b\">乙</a><br>\n丙\n丁</p>\n\
             <table><tr><th>项目</th><td>3</td></tr>\n<tr><td>x</td></tr></table>",
            &mut text,
        );
        assert_eq!(text, "一、总体情况\n甲<b>&乙\n丙 丁\n项目 | 3\nx\n");
    }

    proptest! {
        #[test]
        fn units_hold_every_paragraph(lines in prop::collection::vec("[一二]{0,400}", 0..60)) {
            let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let units = units(&text);
            let whole: String = units.iter().map(|unit| &text[unit.clone()]).collect();
            prop_assert_eq!(whole, text);
        }

        #[test]
        fn long_paragraphs_overlap(length in 1usize..40_000) {
            let text: String = (0..length).map(|n| char::from_u32(0x4E00 + n as u32 % 20_000).unwrap()).collect();
            let units = units(&text);
            prop_assert_eq!(units.last().unwrap().end, text.len());
            prop_assert!(units.windows(2).all(|two| two[0].end >= two[1].start + 128 * 3));
            prop_assert!(units.iter().all(|unit| unit.len() <= LONGEST));
        }
    }
}
