//! 正文里的日期缺字或不存在 / A date in the text that cannot be
//!
//! `20251231日` 丢了“年”“月”，`2023年13月5日` 没有这一天。转换文件时容易丢字。对照原件改正，不要猜。
//!
//! `20251231日` has lost 年 and 月; `2023年13月5日` is no day. Characters get lost when files are converted. Correct them
//! after the original, do not guess.
//!
//! ```text
//! 公开日期：20251231日
//! ```

use jiff::civil::Date;

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    needles: &["日"],
    hit: |subject, _, range, findings| {
        let before = &subject.text[..range.start];
        let (day, rest) = number_before(before);
        let bad = match day.len() {
            // 20251231日, 201911日
            6..=8 if day.starts_with("19") || day.starts_with("20") => {
                let whole = rest.chars().next_back().is_none_or(|ch| !ch.is_alphanumeric() && ch != '.');
                whole.then_some(rest.len())
            }
            1 | 2 => month_and_year(rest).and_then(|(year, month, start)| {
                let valid = Date::new(year, month, day.parse().ok()?).is_ok();
                (!valid).then_some(start)
            }),
            _ => None,
        };
        if let Some(start) = bad {
            let range = start..range.end;
            let words = subject.words(&range).to_owned();
            findings
                .at(subject, range, text!("`{words}` 不是日期", "`{words}` is no date"))
                .help(text!("对照原件改正", "correct it after the original"));
        }
    },
    ..Rule::new(codes::DAMAGED_DATE, Severity::Warning, include_str!("damaged_date.rs"))
};

/// The ASCII digits at the end of a text, and what stands before them.
fn number_before(text: &str) -> (&str, &str) {
    let digits = text.bytes().rev().take(20).take_while(u8::is_ascii_digit).count();
    let (rest, digits) = text.split_at(text.len() - digits);
    (digits, rest)
}

/// `2023年13月` at the end of a text: year, month, and where it begins.
fn month_and_year(text: &str) -> Option<(i16, i8, usize)> {
    let (month, rest) = number_before(text.strip_suffix('月')?);
    let (year, rest) = number_before(rest.strip_suffix('年')?);
    (year.len() == 4 && !month.is_empty()).then_some(())?;
    Some((year.parse().ok()?, month.parse().ok()?, rest.len()))
}
