//! What a body is made of, with the place of every piece in the source: what the rules of `check` look at.
//! All ranges are bytes of the whole decoded source, front matter included.

use std::ops::Range;

/// A body taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Structure {
    /// Stretches of text that readers read as text, in order: no code, no addresses of links, no markup.
    pub prose: Vec<Range<usize>>,
    /// Runs of eleven digits and more in text, an X behind them included: what may be somebody's number.
    pub numbers: Vec<Range<usize>>,
    /// Headings, and paragraphs that are headings by their look (一、主要举措), in order.
    pub headings: Vec<Heading>,
    /// Paragraphs and items of lists, in order, with markup inside.
    pub paragraphs: Vec<Range<usize>>,
    /// Tables, in order.
    pub tables: Vec<Table>,
    /// Quotations.
    pub quotes: Vec<Range<usize>>,
    /// Links, in order.
    pub links: Vec<Link>,
    /// HTML comments.
    pub comments: Vec<Range<usize>>,
    /// Who signs, and when.
    pub signature: Option<Signature>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6 as marked in the source; 0 for a paragraph that only looks like one.
    pub level: u8,
    /// Its words.
    pub title: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as written.
    pub target: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// A table, header row first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Where it stands.
    pub range: Range<usize>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its words without markup.
    pub text: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// The end of an official document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who signs, line by line.
    pub names: Vec<String>,
    /// The date as `2023-01-16`.
    pub iso: String,
    /// Where the whole signature stands.
    pub range: Range<usize>,
}

impl Structure {
    /// Whether a stretch lies in text that readers read as text.
    pub fn is_prose(&self, range: &Range<usize>) -> bool {
        holds(&self.prose, range)
    }

    /// Whether a stretch lies in a quotation.
    pub fn is_quoted(&self, range: &Range<usize>) -> bool {
        holds(&self.quotes, range)
    }
}

/// A mobile number has so many digits; shorter ones are nobody's.
const LONG_NUMBER: usize = 11;

/// Adds the long numbers of a text that begins at byte `start` of its source.
pub fn add_numbers(numbers: &mut Vec<Range<usize>>, text: &str, start: usize) {
    let bytes = text.as_bytes();
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    // Of so many bytes in a row a long number has at least one, so that only each eleventh is looked at.
    let mut at = LONG_NUMBER - 1;
    while let Some(byte) = bytes.get(at) {
        if !byte.is_ascii_digit() {
            at += LONG_NUMBER;
            continue;
        }
        let from = at - bytes[..at].iter().rev().take_while(is_digit).count();
        let mut end = at + bytes[at..].iter().take_while(is_digit).count();
        at = end + LONG_NUMBER;
        if end - from >= LONG_NUMBER {
            end += usize::from(matches!(bytes.get(end), Some(b'X' | b'x')));
            let alone = |byte: Option<&u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
            if alone(from.checked_sub(1).map(|before| &bytes[before])) && alone(bytes.get(end)) {
                numbers.push(start + from..start + end);
            }
        }
    }
}

/// Whether one of the ranges, which are in order, holds another.
fn holds(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    let next = ranges.partition_point(|held| held.end < range.end);
    ranges.get(next).is_some_and(|held| held.start <= range.start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn long_numbers_are_found_wherever_they_stand(text in "([0-9]{1,13}|[Xx号。a ]){0,12}") {
            let mut found = Vec::new();
            add_numbers(&mut found, &text, 100);
            // Pieces of letters and digits, of which those that are digits and perhaps an X are numbers.
            let mut expected = Vec::new();
            let mut at = 0;
            for piece in text.split_inclusive(|ch: char| !ch.is_ascii_alphanumeric()) {
                let word = piece.trim_end_matches(|ch: char| !ch.is_ascii_alphanumeric());
                let digits = word.trim_end_matches(['X', 'x']);
                if word.len() - digits.len() < 2 && digits.len() >= LONG_NUMBER && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    expected.push(100 + at..100 + at + word.len());
                }
                at += piece.len();
            }
            prop_assert_eq!(found, expected);
        }
    }
}
