//! 没有填写的占位符 / A placeholder that was never filled
//!
//! `XX镇`、`20XX年`、`××万元` 是范文或模板里等待填写的地方。填上实际内容。人名隐去的写法（张××）不在此列。
//!
//! `XX镇`, `20XX年`, `××万元` stand in models and templates to be filled in. Fill them in. Names that were covered
//! (张××) are not found.
//!
//! ```text
//! 20XX年，XX镇认真贯彻……
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const NEEDLES: &[&str] = &["XX", "xx", "ＸＸ", "××", "某某镇", "某某乡", "某某县"];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        let before = subject.text[..range.start].chars().next_back();
        let after: String = subject.text[range.end..].chars().take(2).collect();
        let next = after.chars().next();
        let units =
            ["镇", "乡", "县", "街道", "村", "年", "月", "日", "万元", "元", "件", "人次", "个村", "公里", "亩"];
        let year = subject.text[..range.start].ends_with("20") && next == Some('年');
        let named = NEEDLES[needle].starts_with('某');
        // Letters beside it make it a part of a word, and forms of laws are blanks on purpose.
        let alone =
            !before.is_some_and(|ch| ch.is_ascii_alphabetic() || "X×Ｘ".contains(ch) || ch.is_ascii_digit() && !year);
        let filled = !subject.kind.yearly && subject.head.number.is_none();
        let unit = units.iter().find(|unit| after.starts_with(**unit));
        if named || year || alone && !filled && unit.is_some() {
            let start = if year { range.start - 2 } else { range.start };
            let words = subject.words(&(start..range.end)).to_owned() + unit.copied().unwrap_or_default();
            findings
                .at(subject, start..range.end, text!("“{words}”没有填写", "{words} was never filled in"))
                .help(text!("填上实际内容", "fill it in"));
        }
    },
    ..Rule::new(codes::PLACEHOLDER, Severity::Warning, include_str!("placeholder.rs"))
};
