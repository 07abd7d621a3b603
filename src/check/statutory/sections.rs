//! The sections of a report, told by its headings; where a heading was typed into its paragraph, by its number.

use std::ops::Range;

use memchr::memmem;

use super::fold;
use crate::check::rule::Subject;
use crate::check::words::is_numeral;

/// Where a section begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::check) struct Section {
    /// The words of its heading, folded; where it runs on into text, the first of them.
    pub(in crate::check) title: String,
    /// Where the heading stands.
    pub(in crate::check) range: Range<usize>,
}

/// As much of a paragraph as can be the heading in front of it. In characters.
const LONGEST_TITLE: usize = 40;

/// The sections of a body in their order: all headings but those of lower levels (（一）, 1.), and every 一、 at the
/// beginning of a paragraph or behind the end of a sentence in it.
pub(in crate::check) fn sections(subject: &Subject<'_>) -> Vec<Section> {
    let structure = subject.structure;
    let mut found: Vec<Section> = Vec::new();
    for heading in &structure.headings {
        let title = fold(&heading.title);
        if !title.starts_with('(') && !title.starts_with(|ch: char| ch.is_ascii_digit()) {
            found.push(Section { title, range: heading.range.clone() });
        }
    }
    for paragraph in &structure.paragraphs {
        if found.iter().any(|section| section.range.start == paragraph.start) {
            continue;
        }
        found.extend(numbered(subject.words(paragraph)).map(|at| {
            let start = paragraph.start + at;
            let title: String = subject.text[start..paragraph.end].chars().take(LONGEST_TITLE).collect();
            let range = start..start + title.trim_end().len();
            Section { title: fold(title.split('\n').next().unwrap_or_default()), range }
        }));
    }
    found.sort_by_key(|section| section.range.start);
    found
}

/// Where `一、` stands at the beginning of a text or of one of its sentences.
fn numbered(text: &str) -> impl Iterator<Item = usize> {
    let marks = memmem::find_iter(text.as_bytes(), "、".as_bytes());
    marks.filter_map(move |at| {
        let before = &text[..at];
        // In text from PDF some numbers are radicals.
        let number = before.trim_end_matches(|ch| is_numeral(ch) || matches!(ch, '⼀' | '⼆' | '⼋' | '⼗'));
        let begins = |ch: char| ch.is_whitespace() || matches!(ch, '。' | '；' | '：' | '*' | '#');
        let starts = number.is_empty() || number.ends_with(begins);
        (number.len() < before.len() && starts).then_some(number.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_a_sentence() {
        let at = |text| numbered(text).collect::<Vec<_>>();
        assert_eq!(at("一、总体情况。2024年，二、三类事项"), [0]);
        assert_eq!(at("电话84666016。 一、总体情况 (一)主动公开"), ["电话84666016。 ".len()]);
        assert_eq!(at("⼀、总体情况。\n⼆、主动公开政府信息情况"), [0, "⼀、总体情况。\n".len()]);
        assert!(at("第一、第二").is_empty());
    }
}
