//! 文号写法不规范 / A document number of the wrong form
//!
//! 文号里的年份写全四位，用六角括号〔〕括起，不用圆括号、方括号；顺序号不加“第”字，不编虚位：`国办发〔2021〕3号`，不写 `国办发（2021）第03号`
//! （GB/T 9704—2012 第7.2.5条）。`--fix` 会改。
//!
//! The year in a document number has four digits and stands in tortoise-shell brackets 〔〕, not in round or square ones;
//! the number behind it has neither 第 nor a leading zero (GB/T 9704—2012, 7.2.5): `国办发〔2021〕3号`, not
//! `国办发（2021）第03号`. `--fix` mends it.
//!
//! ```text
//! 国办公开办函（2021）30号
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const PAIRS: [(char, char); 6] = [('(', ')'), ('（', '）'), ('[', ']'), ('［', '］'), ('【', '】'), ('〔', '〕')];

/// Characters that end the letters of a document number: 国办发, 厅字, 府办函, 政令.
const LETTERS: [char; 8] = ['发', '函', '办', '字', '令', '规', '电', '文'];

pub(in crate::check) static RULE: Rule = Rule {
    needles: &["号"],
    hit: |subject, _, range, findings| {
        let Some((start, right)) = mended(&subject.text[..range.start]) else { return };
        let range = start..range.start;
        let words = subject.words(&range).to_owned();
        findings
            .at(subject, range, text!("文号写成“{words}号”", "a document number is written {words}号"))
            .help(text!("写成“{right}号”", "write {right}号"))
            .fix(right);
    },
    look: |subject, findings| {
        let number = subject.head.number.as_deref().unwrap_or_default();
        let Some((start, right)) = number.find('号').and_then(|at| mended(&number[..at])) else { return };
        let right = format!("{}{right}", &number[..start]);
        findings
            .at_key(subject, "number", text!("文号写成“{number}”", "the document number is written {number}"))
            .help(text!("写成“{right}号”", "write {right}号"));
    },
    ..Rule::new(codes::NUMBER_BRACKETS, Severity::Warning, include_str!("number_brackets.rs"))
};

/// What is wrong in the document number whose 号 follows `before`: where it begins, and the right words for the rest.
/// `国办发（2021）第03` → `〔2021〕3`.
fn mended(before: &str) -> Option<(usize, String)> {
    let number = before.trim_end_matches(' ');
    let rest = number.trim_end_matches(|ch: char| ch.is_ascii_digit());
    let digits = &number[rest.len()..];
    let inside = rest.trim_end_matches(' ');
    let (inside, has_ordinal) = inside.strip_suffix('第').map_or((inside, false), |inside| (inside.trim_end(), true));
    let close = inside.chars().next_back().filter(|_| !digits.is_empty())?;
    let (open, _) = PAIRS.into_iter().find(|pair| pair.1 == close)?;
    let inside = &inside[..inside.len() - close.len_utf8()];
    let year = inside.get(inside.len().checked_sub(4)?..)?;
    let letters = inside[..inside.len() - 4].strip_suffix(open)?;
    let is_year = year.bytes().all(|byte| byte.is_ascii_digit()) && (year.starts_with("19") || year.starts_with("20"));
    // Orders (令) are numbered 第1号 by another rule.
    let is_order = letters.ends_with('令');
    let is_wrong = open != '〔' || (has_ordinal || digits.starts_with('0')) && !is_order;
    if !is_year || !is_wrong || !letters.ends_with(LETTERS) {
        return None;
    }
    let (ordinal, digits) = if is_order { (if has_ordinal { "第" } else { "" }, digits) } else { ("", bare(digits)) };
    Some((letters.len(), format!("〔{year}〕{ordinal}{digits}")))
}

/// A number without leading zeros.
fn bare(digits: &str) -> &str {
    let bare = digits.trim_start_matches('0');
    if bare.is_empty() { digits } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_numbers() {
        for (before, right) in [
            ("国办发（2021）30", Some("〔2021〕30")),
            ("国办发〔2021〕30", None),
            ("国办发〔2021〕第30", Some("〔2021〕30")),
            ("国办发〔2021〕03", Some("〔2021〕3")),
            ("厅字[2019] 28 ", Some("〔2019〕28")),
            ("编号（2021）30", None),
            ("电话（023）30", None),
            ("政令〔2021〕第3", None),
            ("国办发〔2021〕", None),
        ] {
            assert_eq!(mended(before).map(|found| found.1).as_deref(), right, "{before}");
        }
    }
}
