//! 正文写的是另一年 / The text speaks of another year than its report is about
//!
//! 年度报告的正文从头到尾没有提到自己的年度，却以另一年开头，多半是把去年的稿子换了标题。改正文里的年份，或者改正年度。
//!
//! The text of a yearly report never names its own year and begins with another: last year's text was probably given a new
//! title. Correct the years in the text, or the year of the report.
//!
//! ```text
//! year: 2024
//! ……
//! 2023年，我镇认真贯彻……
//! ```

use crate::check::rule::Rule;
use crate::check::statutory::fold;
use crate::check::words::{floor, is_han, years};
use crate::diagnostic::{Severity, codes};
use crate::text;

/// How far into the text its first year must stand, in bytes.
const REACH: usize = 900;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let Some(year) = subject.head.year.filter(|_| subject.kind.yearly) else { return };
        let source = subject.source();
        let Some(at) = first_year(&source[..floor(source, REACH)]) else { return };
        // Further back it may be spoken of for comparison.
        if source[..at].rsplit('\n').next().is_some_and(|line| line.contains(is_han)) {
            return;
        }
        let named = source[at..at + 4].parse().unwrap_or(year);
        // Plans and reviews may look some years ahead or back; a copy is of one of the years beside.
        if named == year || (named - year).abs() > 2 || speaks_of(source, year) {
            return;
        }
        let start = subject.body + at;
        findings
            .at(
                subject,
                start..start + "2023年".len(),
                text!(
                    "正文写的是 {named} 年，没有一处提到 {year} 年",
                    "the text is about {named} and never speaks of {year}"
                ),
            )
            .help(text!("改正文里的年份，或者改正年度", "correct the years in the text, or the year of the report"));
    },
    ..Rule::new(codes::BODY_YEAR, Severity::Warning, include_str!("body_year.rs"))
};

/// Where the first `2023年` of a text stands.
fn first_year(text: &str) -> Option<usize> {
    text.match_indices('年').find_map(|(end, _)| {
        let start = end.checked_sub(4)?;
        let digits = text.get(start..end)?;
        let alone = !text[..start].ends_with(|ch: char| ch.is_ascii_digit());
        (alone && digits.parse().is_ok_and(|year: i16| (1949..=2200).contains(&year))).then_some(start)
    })
}

/// Whether a year is named anywhere, in digits of any width or in 汉字.
fn speaks_of(source: &str, year: i16) -> bool {
    let folded = fold(source).replace(['○', '零'], "〇");
    let digits = year.to_string();
    let han: String =
        digits.bytes().filter_map(|digit| "〇一二三四五六七八九".chars().nth((digit - b'0').into())).collect();
    let short = format!("{}年", &digits[2..]);
    years(&folded).contains(&year) || folded.contains(&digits) || folded.contains(&han) || {
        // ’23年 and 23年 are not worth a finding.
        folded.match_indices(&short).any(|(at, _)| !folded[..at].ends_with(|ch: char| ch.is_ascii_digit()))
    }
}
