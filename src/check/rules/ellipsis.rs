//! 省略号和破折号的写法 / Ellipses and dashes written with other signs
//!
//! 省略号是六个点“……”，破折号占两格“——”（GB/T 15834—2011 第4.10、4.11条），不用 `...`、`。。。`、`--` 代替。`--fix` 会改。
//!
//! An ellipsis is …… and a dash —— (GB/T 15834—2011, 4.10 and 4.11), not `...`, `。。。` or `--`. `--fix` puts them there.
//!
//! ```text
//! 道路、水利、电力...等工程
//! ```

use crate::check::rule::Rule;
use crate::check::words::is_han;
use crate::diagnostic::{Severity, codes};
use crate::text;

const NEEDLES: &[&str] = &["...", "。。。", "--"];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        let sign = NEEDLES[needle].chars().next().unwrap_or_default();
        let before = subject.text[..range.start].chars().next_back();
        if before == Some(sign) || !before.is_some_and(is_han) {
            return;
        }
        let count = subject.text[range.start..].chars().take_while(|&ch| ch == sign).count();
        let range = range.start..range.start + count * sign.len_utf8();
        let after = subject.text[range.end..].chars().next();
        let most = if sign == '-' { 2 } else { 6 };
        if count <= most && after.is_none_or(|ch| is_han(ch) || "，。、；！？”\n".contains(ch)) {
            let right = if sign == '-' { "——" } else { "……" };
            let words = subject.words(&range).to_owned();
            findings
                .at(subject, range, text!("“{words}”应写成“{right}”", "{words} should be {right}"))
                .help(text!("改成“{right}”", "write {right}"))
                .fix(right);
        }
    },
    ..Rule::new(codes::ELLIPSIS, Severity::Warning, include_str!("ellipsis.rs"))
};
