//! 汉字之间的半角标点 / Half-width punctuation between Han characters
//!
//! 汉字之间的逗号、分号、冒号、问号、叹号用全角（GB/T 15834—2011 第5.1条）。`--fix` 会改。
//!
//! Commas, semicolons, colons, question and exclamation marks between Han characters are full-width (GB/T 15834—2011,
//! 5.1). `--fix` puts them there.
//!
//! ```text
//! 加强领导,落实责任
//! ```

use crate::check::rule::Rule;
use crate::check::words::is_han;
use crate::diagnostic::{Severity, codes};
use crate::text;

const NEEDLES: &[&str] = &[",", ";", ":", "?", "!"];
const WIDE: [&str; 5] = ["，", "；", "：", "？", "！"];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        let before = subject.text[..range.start].chars().next_back();
        let after = subject.text[range.end..].chars().next();
        if before.is_some_and(is_han) && after.is_some_and(is_han) {
            let (words, wide) = (NEEDLES[needle], WIDE[needle]);
            findings
                .at(
                    subject,
                    range,
                    text!("汉字之间用了半角“{words}”", "a half-width {words} stands between Han characters"),
                )
                .help(text!("改成“{wide}”", "write {wide}"))
                .fix(wide);
        }
    },
    ..Rule::new(codes::HALF_WIDTH, Severity::Warning, include_str!("half_width.rs"))
};
