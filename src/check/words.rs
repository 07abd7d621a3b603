//! Small looks at the text around a place.

use std::ops::Range;

/// Whether a character is a Han character.
pub(super) fn is_han(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}' | '〇')
}

/// Whether a character is a numeral of one to ten.
pub(super) fn is_numeral(ch: char) -> bool {
    matches!(ch, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

/// At most so many characters before a byte, on the same line.
pub(super) fn before(text: &str, at: usize, count: usize) -> &str {
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let start = text[line..at].char_indices().rev().nth(count - 1).map_or(line, |(at, _)| line + at);
    &text[start..at]
}

/// The line that holds a byte.
pub(super) fn line_of(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    text[start..].lines().next().unwrap_or_default()
}

/// The last byte up to `at` where a character begins.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A stretch without the spaces and bars at its ends.
pub(super) fn inner(text: &str, range: &Range<usize>) -> Range<usize> {
    let words = &text[range.clone()];
    let blank = |ch: char| ch == '|' || ch.is_whitespace();
    let start = range.start + words.len() - words.trim_start_matches(blank).len();
    let end = range.start + words.trim_end_matches(blank).len();
    start..end.max(start)
}

/// Every `2023年` of a text, as numbers.
pub(super) fn years(text: &str) -> Vec<i16> {
    let ends = text.match_indices('年').map(|(at, _)| &text[..at]);
    let digits = ends.filter_map(|before| before.get(before.len().checked_sub(4)?..)?.parse().ok());
    digits.filter(|year| (1949..=2200).contains(year)).collect()
}
