//! 正文里的日期缺字或不存在 / A date in the text that cannot be
//!
//! `20251231日` 丢了“年”“月”，`公开日期：2024926` 丢了字，`2023年13月5日`、`二〇二三年二月三十日` 没有这一天。转换文件时容易丢字。对照原件改正，不要猜。
//!
//! `20251231日` has lost 年 and 月, `公开日期：2024926` a character; `2023年13月5日` and `二〇二三年二月三十日` are no days. Characters get lost when files are converted. Correct them
//! after the original, do not guess.
//!
//! ```text
//! 公开日期：20251231日
//! ```

use std::ops::Range;

use jiff::civil::Date;

use crate::check::rule::{Findings, Rule, Subject};
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    needles: &["日", "日期：", "日期:", "时间：", "时间:"],
    hit: |subject, needle, range, findings| {
        if needle > 0 {
            labelled(subject, range, findings);
            return;
        }
        let before = &subject.text[..range.start];
        let (day, rest) = number_before(before);
        let bad = match day.len() {
            // 20251231日, 201911日
            6..=8 if day.starts_with("19") || day.starts_with("20") => {
                let whole = rest.chars().next_back().is_none_or(|ch| !ch.is_alphanumeric() && ch != '.');
                whole.then_some(rest.len())
            }
            0 => impossible_in_other_digits(before),
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

/// `二〇二三年十三月五日`, `２０２３年１３月５日`: where a day that cannot be begins, before its 日.
fn impossible_in_other_digits(before: &str) -> Option<usize> {
    let is_part = |ch: char| "〇○零一二三四五六七八九十年月".contains(ch) || matches!(ch, '０'..='９');
    let start = before.trim_end_matches(is_part).len();
    let words = &before[start..];
    let (year, rest) = words.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    let year = digits(year).filter(|_| year.chars().count() == 4)?;
    let valid = Date::new(year, i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?);
    valid.is_err().then_some(start)
}

/// Digits of any kind one after the other: 二〇二三.
fn digits(words: &str) -> Option<i16> {
    words.chars().try_fold(0_i16, |number, ch| {
        let digit = match ch {
            '〇' | '○' | '零' => 0,
            '０'..='９' => ch as i16 - '０' as i16,
            _ => "一二三四五六七八九".find(ch)? as i16 / 3 + 1,
        };
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// A month or a day: 十三, ３１.
fn number(words: &str) -> Option<i16> {
    match words.split_once('十') {
        _ if words.is_empty() => None,
        Some((tens, ones)) => Some(if tens.is_empty() { 1 } else { digits(tens)? } * 10 + digits(ones)?),
        None => digits(words),
    }
}

/// 公开日期：2024926: a date behind its label that has lost its 年月日 and a digit. Eight digits are one in short.
fn labelled(subject: &Subject<'_>, label: Range<usize>, findings: &mut Findings) {
    let rest = &subject.text[label.end..];
    let skipped = rest.len() - rest.trim_start_matches(' ').len();
    let digits = rest[skipped..].bytes().take_while(u8::is_ascii_digit).count();
    let start = label.end + skipped;
    let (words, after) = (&subject.text[start..start + digits], subject.text[start + digits..].chars().next());
    let is_year =
        words.get(..4).and_then(|year| year.parse().ok()).is_some_and(|year: i16| (1990..=2100).contains(&year));
    let is_whole = !after.is_some_and(|ch| ch.is_alphanumeric() || matches!(ch, '.' | '-' | '/'));
    if (5..=7).contains(&digits) && is_year && is_whole {
        let range = start..start + digits;
        findings
            .at(subject, range, text!("`{words}` 不是日期", "`{words}` is no date"))
            .help(text!("对照原件改正", "correct it after the original"));
    }
}

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
