//! 书名号、引号之间的顿号 / Pause marks between titles
//!
//! 并列的书名号之间、引号之间通常不用顿号（GB/T 15834—2011 第4.5.3.5条）。
//!
//! Between titles 《》 or quotations “” in a row no pause mark is usually written (GB/T 15834—2011, 4.5.3.5).
//!
//! ```text
//! 《宪法》、《民法典》
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

/// What closes before the mark, and the mark with what opens behind it.
const NEEDLES: &[&str] = &["》", "”"];
const BETWEEN: [&str; 2] = ["、《", "、“"];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        if !subject.text[range.end..].starts_with(BETWEEN[needle]) {
            return;
        }
        // One finding for each row of titles.
        let sentence = subject.text[..range.start].rsplit(['\n', '。']).next().unwrap_or_default();
        if sentence.contains(&format!("{}{}", NEEDLES[needle], BETWEEN[needle])) {
            return;
        }
        let mark = range.end..range.end + "、".len();
        let kind = if needle == 0 { "书名号" } else { "引号" };
        findings
            .at(subject, mark, text!("并列的{kind}之间通常不用顿号", "no pause mark is usually written here"))
            .help(text!("可以删去顿号", "it can be deleted"));
    },
    ..Rule::new(codes::PAUSE_MARK, Severity::Advice, include_str!("pause_mark.rs"))
};
