//! 标题的年份与年度不同 / The title names another year
//!
//! 标题写的是另一年，多半是套用旧稿没有改全。改正标题，或者改正年度。
//!
//! The title of a yearly report names another year than its front matter: it was probably copied and not changed in all
//! places. Correct the title, or the year.
//!
//! ```text
//! title: 丁市镇2022年法治政府建设情况报告
//! year: 2023
//! ```

use crate::check::rule::Rule;
use crate::check::words::years;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let Some(year) = subject.head.year.filter(|_| subject.kind.yearly) else { return };
        let named = years(&subject.head.title);
        // 2021—2025年 and the like name several years; only one that stands alone can be wrong for sure.
        let [named] = named[..] else { return };
        if named == year {
            return;
        }
        let message = text!("标题写 {named} 年，年度却写 {year}", "the title says {named}, but the year is {year}");
        findings
            .at_key(subject, "title", message)
            .help(text!("改正标题，或者改正年度", "correct the title, or the year"));
    },
    ..Rule::new(codes::TITLE_YEAR, Severity::Warning, include_str!("title_year.rs"))
};
