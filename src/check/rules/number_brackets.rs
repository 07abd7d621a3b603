//! 文号的括号不规范 / The wrong brackets in a document number
//!
//! 文号里的年份用六角括号〔〕括起（GB/T 9704—2012 第7.2.5条），不用圆括号、方括号。`--fix` 会改。
//!
//! The year in a document number stands in tortoise-shell brackets 〔〕 (GB/T 9704—2012, 7.2.5), not in round or square
//! ones. `--fix` puts them there.
//!
//! ```text
//! 国办公开办函（2021）30号
//! ```

use std::ops::Range;

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const PAIRS: [(char, char); 5] = [('(', ')'), ('（', '）'), ('[', ']'), ('［', '］'), ('【', '】')];

/// Characters that end the letters of a document number: 国办发, 厅字, 府办函, 政令.
const LETTERS: [char; 8] = ['发', '函', '办', '字', '令', '规', '电', '文'];

pub(in crate::check) static RULE: Rule = Rule {
    needles: &["号"],
    hit: |subject, _, range, findings| {
        let Some((range, year)) = year_in_brackets(&subject.text[..range.start]) else { return };
        let words = subject.words(&range).to_owned();
        findings
            .at(subject, range, text!("文号的年份写成“{words}”", "the year of a document number is written {words}"))
            .help(text!("写成〔{year}〕", "write 〔{year}〕"))
            .fix(format!("〔{year}〕"));
    },
    ..Rule::new(codes::NUMBER_BRACKETS, Severity::Warning, include_str!("number_brackets.rs"))
};

/// The year in the wrong brackets of the document number whose 号 follows `before`: 国办发（2021）30号.
fn year_in_brackets(before: &str) -> Option<(Range<usize>, String)> {
    let number = before.trim_end_matches(' ');
    let rest = number.trim_end_matches(|ch: char| ch.is_ascii_digit());
    let inside = rest.trim_end_matches(' ');
    let close = inside.chars().next_back().filter(|_| rest.len() < number.len())?;
    let (open, _) = PAIRS.into_iter().find(|pair| pair.1 == close)?;
    let end = inside.len();
    let inside = &inside[..end - close.len_utf8()];
    let year = inside.get(inside.len().checked_sub(4)?..)?;
    let letters = inside[..inside.len() - 4].strip_suffix(open)?;
    let is_year = year.bytes().all(|byte| byte.is_ascii_digit()) && (year.starts_with("19") || year.starts_with("20"));
    (is_year && letters.ends_with(LETTERS)).then(|| (letters.len()..end, year.to_owned()))
}
