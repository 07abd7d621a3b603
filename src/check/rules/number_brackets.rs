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

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const NEEDLES: &[&str] = &["(19", "(20", "（19", "（20", "[19", "[20", "［19", "［20", "【19", "【20"];

/// Characters that end the letters of a document number: 国办发, 厅字, 府办函, 政令.
const LETTERS: [char; 8] = ['发', '函', '办', '字', '令', '规', '电', '文'];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        let open = NEEDLES[needle].chars().next().unwrap_or_default();
        let close = match open {
            '(' => ')',
            '（' => '）',
            '[' => ']',
            '［' => '］',
            _ => '】',
        };
        let before = subject.text[..range.start].chars().next_back();
        let year_start = range.start + open.len_utf8();
        let rest = &subject.text[year_start..];
        let year = rest.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
        let (Some(year), true) = (year, before.is_some_and(|ch| LETTERS.contains(&ch))) else { return };
        let Some(behind) = rest[4..].strip_prefix(close) else { return };
        let number = behind.trim_start_matches(' ').trim_start_matches(|ch: char| ch.is_ascii_digit());
        let digits = behind.len() - number.len();
        if digits > 0
            && behind[..digits].ends_with(|ch: char| ch.is_ascii_digit())
            && number.trim_start().starts_with('号')
        {
            let range = range.start..year_start + 4 + close.len_utf8();
            let words = subject.words(&range).to_owned();
            findings
                .at(
                    subject,
                    range,
                    text!("文号的年份写成“{words}”", "the year of a document number is written {words}"),
                )
                .help(text!("写成〔{year}〕", "write 〔{year}〕"))
                .fix(format!("〔{year}〕"));
        }
    },
    ..Rule::new(codes::NUMBER_BRACKETS, Severity::Warning, include_str!("number_brackets.rs"))
};
