//! What official documents write into their paragraphs (GB/T 9704): run-in headings `（一）……。`, points
//! 一是……二是……, and the note that lists annexes.

use std::ops::Range;

use pulldown_cmark::Event;

use super::characters::{bracketed_number, han_number, is_han_numeral, is_punctuation};
use super::events::Located;

/// A longer first sentence is text, not a heading.
const LONGEST_RUN_IN: usize = 60;

/// HTML to put into the text of an event, in front of one of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insertion {
    /// Index of the text event.
    pub event: usize,
    /// Byte of its text.
    pub byte: usize,
    /// What to put there.
    pub html: &'static str,
}

/// The heading that a paragraph begins with.
#[derive(Debug, PartialEq, Eq)]
pub struct RunIn {
    /// With its number, without its full stop.
    pub title: String,
    /// Where it ends.
    pub end: Insertion,
}

/// Finds the run-in heading of a paragraph: its first sentence, if that bears a Han number in brackets.
pub fn run_in(events: &[Located<'_>], inner: Range<usize>) -> Option<RunIn> {
    let Event::Text(first) = &events.get(inner.start)?.0 else { return None };
    bracketed_number(first)?;
    let mut title = String::new();
    let mut length = 0;
    let end = |event, byte| Insertion { event, byte, html: "</strong>" };
    for at in inner.clone() {
        // A sentence that crosses markup or a line is left alone.
        let Event::Text(piece) = &events[at].0 else { return None };
        for (byte, ch) in piece.char_indices() {
            length += 1;
            if length > LONGEST_RUN_IN {
                return None;
            }
            if ch == '。' {
                title.push_str(&piece[..byte]);
                return Some(RunIn { title, end: end(at, byte + ch.len_utf8()) });
            }
        }
        title.push_str(piece);
    }
    // A line without a full stop is a heading too, unless a list goes on behind it.
    let last = title.chars().next_back()?;
    let goes_on = is_punctuation(last) && !matches!(last, '）' | ')' | '》' | '”');
    let byte = match &events[inner.end - 1].0 {
        Event::Text(piece) => piece.len(),
        _ => return None,
    };
    (!goes_on).then(|| RunIn { title, end: end(inner.end - 1, byte) })
}

/// A marker such as 一是 in a paragraph.
struct Point {
    event: usize,
    bytes: Range<usize>,
    number: u32,
}

/// Finds the points of a paragraph, 一是 followed by 二是 and so on, each behind punctuation.
pub fn points(events: &[Located<'_>], inner: Range<usize>, insertions: &mut Vec<Insertion>) {
    let mut run: Vec<Point> = Vec::new();
    let mut keep = |run: &mut Vec<Point>| {
        if run.len() > 1 {
            for Point { event, bytes, .. } in run.iter() {
                insertions.push(Insertion { event: *event, byte: bytes.start, html: "<span class=\"point\">" });
                insertions.push(Insertion { event: *event, byte: bytes.end, html: "</span>" });
            }
        }
        run.clear();
    };
    for point in candidates(events, inner) {
        if point.number == 1 {
            keep(&mut run);
            run.push(point);
        } else if run.last().is_some_and(|last| last.number + 1 == point.number) {
            run.push(point);
        }
    }
    keep(&mut run);
}

fn candidates(events: &[Located<'_>], inner: Range<usize>) -> Vec<Point> {
    let mut found = Vec::new();
    let mut before = None;
    for at in inner {
        let text = match &events[at].0 {
            Event::Text(text) => text,
            Event::SoftBreak | Event::HardBreak => {
                before = None;
                continue;
            }
            Event::Start(_) | Event::End(_) => continue,
            _ => {
                before = Some('x');
                continue;
            }
        };
        for (is, word) in text.match_indices('是') {
            let numeral = text[..is].trim_end_matches(is_han_numeral);
            let preceding = numeral.chars().next_back().or(before);
            let begins = preceding.is_none_or(|ch| ch.is_whitespace() || "。；：，、！？（“".contains(ch));
            if begins && let Some(number) = han_number(&text[numeral.len()..is]) {
                found.push(Point { event: at, bytes: numeral.len()..is + word.len(), number });
            }
        }
        before = text.chars().next_back().or(before);
    }
    found
}

/// Whether a paragraph is the note that lists annexes: `附件：1. 名单`.
pub fn is_attachment_note(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix('附') else { return false };
    let rest = rest.trim_start_matches([' ', '　']);
    let rest = rest.strip_prefix('件').unwrap_or(rest);
    rest.trim_start_matches(|ch: char| ch.is_ascii_digit() || ch == ' ').starts_with(['：', ':'])
}

/// Whether a heading begins the annexes: 附件, 附 件, 附件1.
pub fn is_attachment_heading(text: &str) -> bool {
    let mut chars = text.chars().filter(|ch| !ch.is_whitespace());
    chars.next() == Some('附') && chars.next() == Some('件')
}
