//! Word 的残留 / Left-overs of Word
//!
//! 从 Word 复制来的书签、域代码和报错文字，如 `[bookmark: _GoBack]`、`PAGEREF`、`错误！未找到引用源。`，读者看得见，却不是
//! 报告的内容。删去即可；`--fix` 会删去书签。
//!
//! Bookmarks, field codes and error texts that were copied along from Word. Readers see them, and they are no part
//! of the report. Delete them; `--fix` deletes bookmarks.
//!
//! ```text
//! [bookmark: _GoBack]2023年以来，……
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const NEEDLES: &[&str] = &[
    "[bookmark:",
    "_GoBack",
    "PAGEREF _Toc",
    "HYPERLINK \\l",
    "TOC \\o",
    "\\* MERGEFORMAT",
    "错误！未找到引用源",
    "错误!未找到引用源",
    "错误！未定义书签",
    "错误!未定义书签",
    "Error! Reference source not found",
    "Error! Bookmark not defined",
];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, mut range, findings| {
        let mut fix = None;
        match NEEDLES[needle] {
            "[bookmark:" => {
                let rest = &subject.text[range.start..];
                let Some(end) = rest.bytes().take(80).position(|byte| byte == b']') else { return };
                range.end = range.start + end + 1;
                fix = Some("");
            }
            // The name of a bookmark that is shown whole is said once.
            "_GoBack" if subject.text[..range.start].trim_end().ends_with("[bookmark:") => return,
            _ => {}
        }
        let words = subject.words(&range).to_owned();
        let finding = findings
            .at(subject, range, text!("`{words}` 是 Word 的残留", "`{words}` was left over from Word"))
            .help(text!("删去", "delete it"));
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    },
    ..Rule::new(codes::LEFT_OVER, Severity::Error, include_str!("left_overs.rs"))
};
