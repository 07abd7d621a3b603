//! The words of a report against those of the document that it came from: nothing lost, nothing doubled.
//!
//! Spaces do not count, nor does the look of words; raised and lowered digits are digits.

use std::collections::BTreeMap;

use super::document::{Block, Document, Inline, Paragraph, Role, is_blank, paragraphs};
use super::grid::Grid;
use crate::markdown;

/// So many characters are looked at in all; a report whose order is all another's is given up as missing.
const MOST_STEPS: usize = 500_000_000;

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Characters of the document.
    pub characters: usize,
    /// Those that the report has too.
    pub kept: usize,
    /// Paragraphs of the document that are not in the report, by their places.
    pub missing: Vec<(usize, String)>,
    /// Stretches of the report that are not in the document.
    pub extra: Vec<String>,
    /// Characters that stand in the file itself, and that its reader has neither read nor named as left out.
    pub unread: String,
}

impl Comparison {
    /// Whether both say the same.
    pub fn is_same(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty() && self.unread.is_empty()
    }
}

/// Holds a report, its title and its body, against a document.
pub fn compare(document: &Document, title: &str, body: &str) -> Comparison {
    let report: Vec<char> = bare(&markdown::plain(body)).chars().collect();
    let mut free = vec![true; report.len()];
    let mut comparison = Comparison::default();
    let mut cursor = 0;
    let mut steps = MOST_STEPS;
    let title = bare(title);
    let mut find = |paragraph: &Paragraph| {
        let words: Vec<char> = bare(&words(paragraph)).chars().collect();
        if words.is_empty() {
            return;
        }
        comparison.characters += words.len();
        let line: String = words.iter().collect();
        if paragraph.role == Role::Title {
            match title.contains(&line) {
                true => comparison.kept += words.len(),
                false => comparison.missing.push((paragraph.place, line)),
            }
            return;
        }
        let found = search(&report, &free, &words, cursor, &mut steps)
            .or_else(|| search(&report, &free, &words, 0, &mut steps));
        match found {
            Some(at) => {
                free[at..at + words.len()].fill(false);
                cursor = at + words.len();
                comparison.kept += words.len();
            }
            None => comparison.missing.push((paragraph.place, line)),
        }
    };
    in_order(&document.blocks, &mut find);
    for note in &document.notes {
        in_order(&note.blocks, &mut find);
    }
    comparison.extra = stretches(&report, &free);
    comparison
}

/// All paragraphs in the order of a page: a table inside a table has become part of its rows.
fn in_order<'a>(blocks: &'a [Block], each: &mut dyn FnMut(&'a Paragraph)) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => each(paragraph),
            Block::Table(table) => match Grid::of(table) {
                Some(grid) => grid.cells.iter().flat_map(|cell| &cell.paragraphs).for_each(|paragraph| each(paragraph)),
                None => paragraphs(std::slice::from_ref(block), each),
            },
        }
    }
}

/// The words of a paragraph as a reader sees them.
fn words(paragraph: &Paragraph) -> String {
    let mut words = paragraph.number.as_ref().map(|number| number.text.clone()).unwrap_or_default();
    for inline in &paragraph.inlines {
        if let Inline::Text(span) = inline {
            words.push_str(&span.text);
        }
    }
    words
}

/// Characters of a file's own words, gathered without understanding them, that a document does not have. Their
/// order does not matter.
pub fn unread(raw: &str, document: &Document) -> String {
    let mut counts: BTreeMap<char, i64> = BTreeMap::new();
    for ch in bare(raw).chars() {
        *counts.entry(ch).or_default() += 1;
    }
    for ch in bare(&all_words(document)).chars().chain(bare(document.losses.left_out()).chars()) {
        *counts.entry(ch).or_default() -= 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .flat_map(|(ch, count)| std::iter::repeat_n(ch, count as usize))
        .collect()
}

/// The next place from `from` where the words stand and nothing else was found.
fn search(report: &[char], free: &[bool], words: &[char], from: usize, steps: &mut usize) -> Option<usize> {
    let last = report.len().checked_sub(words.len())?;
    let last = last.min(from.saturating_add(*steps));
    *steps -= (last + 1).saturating_sub(from).min(*steps);
    let found = (from..=last).find(|&at| {
        report[at] == words[0]
            && report[at..at + words.len()] == *words
            && free[at..at + words.len()].iter().all(|free| *free)
    });
    // Only what was looked at counts.
    *steps += found.map_or(0, |at| last - at);
    found
}

fn stretches(report: &[char], free: &[bool]) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = String::new();
    for (ch, free) in report.iter().zip(free) {
        if *free {
            open.push(*ch);
        } else if !open.is_empty() {
            found.push(std::mem::take(&mut open));
        }
    }
    if !open.is_empty() {
        found.push(open);
    }
    found
}

/// Words without spaces, small digits as digits; the dot of a bullet in a cell is no word.
fn bare(text: &str) -> String {
    const SMALL: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁺⁻⁼⁽⁾ⁿ₊₋₌₍₎";
    const PLAIN: &str = "01234567890123456789+-=()n+-=()";
    text.chars()
        .filter(|ch| !is_blank(*ch) && !ch.is_control() && *ch != '•' && (*ch as u32 & 0xFFFE) != 0xFFFE)
        .map(|ch| SMALL.chars().zip(PLAIN.chars()).find(|(small, _)| *small == ch).map_or(ch, |(_, plain)| plain))
        .map(|ch| if ch == '−' { '-' } else { ch })
        .collect()
}

/// Everything a document says, for whoever compares it with another reader's account.
pub fn all_words(document: &Document) -> String {
    let mut all = String::new();
    let mut add = |paragraph: &Paragraph| {
        all.push_str(&words(paragraph));
        all.push('\n');
    };
    paragraphs(&document.blocks, &mut add);
    for note in &document.notes {
        paragraphs(&note.blocks, &mut add);
    }
    all
}

/// Whether a document says anything at all, in words or pictures.
pub fn says_nothing(document: &Document) -> bool {
    let mut empty = true;
    paragraphs(&document.blocks, &mut |paragraph| empty &= paragraph.is_empty());
    empty && !document.blocks.iter().any(|block| matches!(block, Block::Paragraph(paragraph) if !paragraph.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(lines: &[&str]) -> Document {
        let mut blocks: Vec<Block> =
            lines.iter().zip(1..).map(|(line, at)| Block::Paragraph(Paragraph::plain(at, line))).collect();
        if let Some(Block::Paragraph(first)) = blocks.first_mut() {
            first.role = Role::Title;
        }
        Document { blocks, ..Document::default() }
    }

    #[test]
    fn what_is_lost_and_what_is_doubled_is_told() {
        let document = document(&["标题", "一、情况", "正文 40*4。", "正文 40*4。"]);
        let same = compare(&document, "标题", "## 一、情况\n\n正文 40\\*4。\n\n正文 40\\*4。\n");
        assert!(same.is_same(), "{same:?}");
        let lost = compare(&document, "标题", "## 一、情况\n\n正文 40\\*4。\n");
        assert_eq!(lost.missing, [(4, "正文40*4。".to_owned())]);
        let doubled =
            compare(&document, "标题", "# 标题\n\n## 一、情况\n\n正文 40\\*4。\n\n正文 40\\*4。\n\n正文 40\\*4。\n");
        assert_eq!(doubled.extra, ["标题", "正文40*4。"]);
        assert_eq!(lost.kept, 6 + 7);
    }
}
