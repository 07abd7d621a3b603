//! 文件夹的年份与年度不同 / The folder names another year
//!
//! 报告放在另一年的文件夹里，多半是复制来的旧文件没有改全。改正年度，或把文件移到对的文件夹。
//!
//! A report that lies in the folder of another year was probably copied and not changed in all places. Correct the
//! year, or move the file.
//!
//! ```text
//! content/dingshi/2021/a.md
//! year: 2023
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Head,
    look: |subject, findings| {
        let Some(year) = subject.head.year else { return };
        let folders = subject.path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let years = folders.split('/').filter(|part| part.len() == 4).filter_map(|part| part.parse::<i16>().ok());
        let Some(named) = years.into_iter().next().filter(|named| *named != year && (1949..=2200).contains(named))
        else {
            return;
        };
        let message = text!(
            "文件在 {named} 年的文件夹里，年度却写 {year}",
            "the file lies in the folder of {named} but says {year}"
        );
        findings.at_key(subject, "year", message).help(text!(
            "改正年度，或把文件移到 {year} 文件夹",
            "correct the year, or move the file to the folder {year}"
        ));
    },
    ..Rule::new(codes::PATH_YEAR_DIFFERS, Severity::Warning, include_str!("path_year.rs"))
};
