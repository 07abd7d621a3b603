//! 年度报告写于年度结束之前 / A yearly report dated before its year has ended
//!
//! 年度报告回顾的是已经过去的一年（国办公开办函〔2021〕30号；厅字〔2019〕28号），落款日期不会早于次年 1 月 1 日。
//! 多半是套用旧稿时年份没有改全。核对落款日期，或者核对年度。
//!
//! A yearly report looks back on a year that has passed (国办公开办函〔2021〕30号; 厅字〔2019〕28号), so that it
//! cannot be dated before that year has ended. Most often a year was left from an older text. Check the date of
//! signature, or the year.
//!
//! ```text
//! year: 2023
//! date: 2023-01-16
//! ```

use jiff::civil::date;

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Head,
    look: |subject, findings| {
        let Some(year) = subject.head.year.filter(|_| subject.kind.yearly) else { return };
        let (made, next, name) = (subject.head.date, year + 1, &subject.kind.name);
        if made > date(year, 12, 31) {
            return;
        }
        let message = text!(
            "{year} 年的{name}写于 {made}，当时这一年还没有结束",
            "this yearly report about {year} ({name}) is dated {made}, before that year had ended"
        );
        findings.at_key(subject, "date", message).help(text!(
            "核对落款日期，多半应是 {next} 年；或者核对年度",
            "check the date of signature, which is probably in {next}; or check the year"
        ));
    },
    ..Rule::new(codes::DATED_BEFORE_YEAR_END, Severity::Warning, include_str!("dated_before_year_end.rs"))
};
