//! A place in a source: path, line, column, and the stretch of text to underline.
//!
//! A place carries its own excerpt, because the sources of a large site are not kept in memory.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Characters shown on either side of the underlined text; a paragraph of a report can have a thousand.
const WINDOW: usize = 36;

/// A stretch of one source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The path as shown, relative to the site, with `/`.
    pub path: Arc<str>,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// Column, from 1, counted in characters.
    pub column: u32,
    /// The line of the source, cut to a window around the underlined text.
    pub excerpt: String,
    /// Bytes of `excerpt` to underline.
    pub underline: Range<usize>,
}

impl Place {
    /// The file as a whole.
    pub fn file(path: &Arc<str>) -> Self {
        Self { path: path.clone(), line: 0, column: 0, excerpt: String::new(), underline: 0..0 }
    }

    /// The bytes `range` of `text`, the decoded source at `path`. A range over several lines is cut at the
    /// end of its first; one outside the text or inside a character is moved to the nearest that is right.
    pub fn new(path: &Arc<str>, text: &str, range: Range<usize>) -> Self {
        let start = floor_char_boundary(text, range.start);
        let end = floor_char_boundary(text, range.end.max(start));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[line_start..].find(['\n', '\r']).map_or(text.len(), |at| line_start + at);
        let start = start.min(line_end);
        let end = end.clamp(start, line_end);

        let before = &text[line_start..start];
        let after = &text[end..line_end];
        let head = before.char_indices().rev().nth(WINDOW - 1).map_or(0, |(at, _)| at);
        let tail = after.char_indices().nth(WINDOW).map_or(after.len(), |(at, _)| at);

        let mut excerpt = String::new();
        if head > 0 {
            excerpt.push('…');
        }
        excerpt.push_str(&before[head..]);
        let from = excerpt.len();
        excerpt.push_str(&text[start..end]);
        let underline = from..excerpt.len();
        excerpt.push_str(&after[..tail]);
        if tail < after.len() {
            excerpt.push('…');
        }
        Self {
            path: path.clone(),
            line: 1 + text[..start].bytes().filter(|&byte| byte == b'\n').count() as u32,
            column: 1 + before.chars().count() as u32,
            excerpt,
            underline,
        }
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_and_cuts_long_lines() {
        let path: Arc<str> = "a.md".into();
        let text = format!("第一行\n{}错{}\n", "甲".repeat(100), "乙".repeat(100));
        let at = text.find('错').unwrap();
        let place = Place::new(&path, &text, at..at + 3);
        assert_eq!((place.line, place.column), (2, 101));
        assert_eq!(&place.excerpt[place.underline.clone()], "错");
        assert_eq!(place.excerpt.chars().count(), WINDOW * 2 + 3);
    }

    #[test]
    fn never_leaves_its_line_or_splits_a_character() {
        let path: Arc<str> = "a.md".into();
        let text = "年度\r\n报告";
        for start in 0..=text.len() + 2 {
            for end in 0..=text.len() + 2 {
                let place = Place::new(&path, text, start..end);
                assert!(place.excerpt.is_char_boundary(place.underline.end));
                assert!(!place.excerpt.contains(['\n', '\r']));
            }
        }
    }
}
