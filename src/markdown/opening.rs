//! The first sentences of a body as plain text, for descriptions and feeds.

use super::characters::{ends_sentence, is_punctuation, is_wide};
use super::escape::is_allowed;

/// Most characters of an opening.
const MOST: usize = 120;
/// A sentence end before this character is too early to stop at.
const EARLIEST: usize = 40;

/// Gathers running text until there is enough.
#[derive(Debug, Default)]
pub struct Opening {
    text: String,
    chars: usize,
}

impl Opening {
    /// Whether more text would change nothing.
    pub fn is_full(&self) -> bool {
        self.chars > MOST
    }

    /// Adds running text.
    pub fn add(&mut self, text: &str) {
        for ch in text.chars() {
            if self.is_full() {
                return;
            }
            if ch.is_whitespace() {
                self.gap();
            } else if is_allowed(ch) {
                self.text.push(ch);
                self.chars += 1;
            }
        }
    }

    /// A space, unless the text stands before one already, has not begun, or is Chinese, which needs none.
    pub fn gap(&mut self) {
        let needs_none = |ch: char| ch == ' ' || is_wide(ch) && is_punctuation(ch);
        if !self.is_full() && self.text.chars().next_back().is_some_and(|last| !needs_none(last)) {
            self.text.push(' ');
            self.chars += 1;
        }
    }

    /// At most 120 characters: up to the last whole sentence if that is long enough, or else with `…`.
    pub fn finish(mut self) -> String {
        if self.chars <= MOST {
            self.text.truncate(self.text.trim_end().len());
            return self.text;
        }
        let mut end = 0;
        let mut sentence = 0;
        for (number, (at, ch)) in self.text.char_indices().take(MOST).enumerate() {
            if number < MOST - 1 {
                end = at + ch.len_utf8();
            }
            if number >= EARLIEST && ends_sentence(ch) {
                sentence = at + ch.len_utf8();
            }
        }
        if sentence > 0 {
            self.text.truncate(sentence);
            return self.text;
        }
        self.text.truncate(end);
        self.text.truncate(self.text.trim_end().len());
        self.text.push('…');
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(parts: &[&str]) -> String {
        let mut opening = Opening::default();
        for part in parts {
            opening.add(part);
            opening.gap();
        }
        opening.finish()
    }

    #[test]
    fn cuts_at_a_sentence() {
        assert_eq!(opening(&["甲。", "乙"]), "甲。乙");
        assert_eq!(opening(&["a", "b "]), "a b");
        let long = format!("{}。{}", "甲".repeat(50), "乙".repeat(100));
        assert_eq!(opening(&[&long]), format!("{}。", "甲".repeat(50)));
        let endless = opening(&[&"甲".repeat(121)]);
        assert_eq!(endless, format!("{}…", "甲".repeat(119)));
        assert_eq!(opening(&[&"甲".repeat(120)]).chars().count(), 120);
    }
}
