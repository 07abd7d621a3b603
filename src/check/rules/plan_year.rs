//! 下一年的安排写成本年 / The plan for the next year names the year that has passed
//!
//! “下一年度安排”这一部分讲的是下一年；如果写“2023年我们将……”，而报告讲的就是 2023 年，就是年份没有改。改成下一年。
//!
//! The part on the plans for the next year says what will be done in the very year that the report looks back on. The
//! year was not changed. Write the next one.
//!
//! ```text
//! ## 三、下一年度的主要安排
//! 2023年我们将不忘初心……
//! ```

use crate::check::rule::Rule;
use crate::check::words::floor;
use crate::diagnostic::{Severity, codes};
use crate::text;

const PLANS: &[&str] = &["下一年", "下年度", "下一步", "来年", "明年", "工作安排", "工作打算", "工作计划"];

/// How far behind the heading the year is looked for, in bytes.
const REACH: usize = 240;

pub(in crate::check) static RULE: Rule = Rule {
    needles: PLANS,
    hit: |subject, _, range, findings| {
        let Some(year) = subject.head.year.filter(|_| subject.kind.yearly) else { return };
        let headings = &subject.structure.headings;
        let next = headings.partition_point(|heading| heading.range.end < range.end);
        let Some(heading) = headings.get(next).filter(|heading| heading.range.start <= range.start) else { return };
        let before = &subject.text[heading.range.start..range.start];
        if PLANS.iter().any(|plan| before.contains(plan)) {
            return;
        }
        let end = floor(subject.text, heading.range.end + REACH);
        let behind = &subject.text[heading.range.end..end];
        let Some(at) = behind.find(&format!("{year}年")) else { return };
        let rest: String = behind[at + "2023年".len()..].chars().take(12).collect();
        let speaks_of_past = ["以来", "度", "底", "月", "初", "的", "，我镇在", "末"];
        let opens = behind[..at].chars().next_back().is_none_or(|ch| !ch.is_alphanumeric());
        let promises = ["将", "要", "计划", "打算", "拟"].iter().any(|word| rest.contains(word));
        if opens && promises && !speaks_of_past.iter().any(|word| rest.starts_with(word)) {
            let start = heading.range.end + at;
            let next = year + 1;
            findings
                .at(
                    subject,
                    start..start + "2023年".len(),
                    text!(
                        "报告讲的是 {year} 年，下一年的安排也写成 {year} 年",
                        "the report is about {year}, and its plans for the next year speak of {year} again"
                    ),
                )
                .help(text!("多半应写 {next} 年", "it should probably say {next}"));
        }
    },
    ..Rule::new(codes::PLAN_YEAR, Severity::Warning, include_str!("plan_year.rs"))
};
