//! Where the front matter begins and ends: its two fence lines, and what they hold.

use std::ops::Range;

/// What was found at the head of a text; all ranges are bytes of it.
pub(super) enum Fence {
    /// A whole front matter.
    Whole(Fenced),
    /// The first line that is not blank opens no front matter.
    Missing(Range<usize>),
    /// The opening line, whose fellow is missing.
    Unclosed(Range<usize>),
}

/// A whole front matter.
pub(super) struct Fenced {
    /// What stands between the fences.
    pub yaml: Range<usize>,
    /// The closing line, without its line break.
    pub closing: Range<usize>,
    /// Where the body begins.
    pub body: usize,
}

/// One line of the text.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Where it begins, in bytes of the whole text.
    pub start: usize,
    /// Its words, without the line break.
    pub text: &'a str,
}

impl Line<'_> {
    /// Spaces in front.
    pub fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// The bytes of its words, without spaces on either side.
    pub fn words(&self) -> Range<usize> {
        let start = self.start + self.text.len() - self.text.trim_start().len();
        start..start.max(self.start + self.text.trim_end().len())
    }

    /// Whether it says nothing: blank, or a comment.
    pub fn is_idle(&self) -> bool {
        let words = self.text.trim_start();
        words.is_empty() || words.starts_with('#')
    }
}

/// The lines of `range`.
pub(super) fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Line<'_>> {
    let mut start = range.start;
    text[range].split_inclusive('\n').map(move |whole| {
        let line = Line { start, text: whole.trim_end_matches(['\n', '\r']) };
        start += whole.len();
        line
    })
}

/// Finds the fences. Blank lines before the first are let pass.
pub(super) fn find(text: &str) -> Fence {
    let mut open = None;
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let words = whole.trim_end();
        let line = at..at + words.len();
        at += whole.len();
        match &open {
            None if words.is_empty() => {}
            None if words == "---" => open = Some((line, at)),
            None => return Fence::Missing(line),
            Some((_, yaml)) if words == "---" || words == "..." => {
                return Fence::Whole(Fenced { yaml: *yaml..line.start, closing: line, body: at });
            }
            Some(_) => {}
        }
    }
    match open {
        Some((line, _)) => Fence::Unclosed(line),
        None => Fence::Missing(0..0),
    }
}

/// A line `key: value` cut in two: the key, and where its value begins (the end of the line if it is empty).
pub(super) fn key_and_value(words: &str) -> Option<(&str, usize)> {
    let bytes = words.as_bytes();
    let mut from = 0;
    if let Some(quote @ (b'"' | b'\'')) = bytes.first() {
        from = 1 + words[1..].find(*quote as char)?;
    }
    while let Some(found) = words[from..].find(':') {
        let colon = from + found;
        if matches!(bytes.get(colon + 1), None | Some(b' ' | b'\t')) {
            let value = words.len() - words[colon + 1..].trim_start().len();
            let key = words[..colon].trim();
            let bare = key.strip_prefix(['"', '\'']).and_then(|key| key.strip_suffix(['"', '\''])).unwrap_or(key);
            return Some((bare, value));
        }
        from = colon + 1;
    }
    None
}
