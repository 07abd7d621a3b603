//! 重复的标点或“的” / Doubled marks, or 的的
//!
//! `，，`、`。。`、`的的` 多半是修改时没有删净。`--fix` 会删去多余的标点。
//!
//! `，，`, `。。`, `的的` were most often left standing when the text was changed. `--fix` deletes the mark too many.
//!
//! ```text
//! 认真落实，，扎实推进
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const NEEDLES: &[&str] = &["，，", "。。", "、、", "；；", "：：", "，。", "。，", "、，", "，、", "；。", "的的"];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        let words = NEEDLES[needle];
        let first = &words[..3];
        let touches = |text: Option<char>| text.is_some_and(|ch| words.contains(ch));
        let before = subject.text[..range.start].chars().next_back();
        let after = subject.text[range.end..].chars().next();
        // 有的的确, 目的的, 标的的, and rows of marks that stand for something left out.
        let is_word = matches!(after, Some('确' | '士')) || matches!(before, Some('目' | '标'));
        if words == "的的" && is_word || touches(before) || touches(after) {
            return;
        }
        let doubled = words.ends_with(first);
        let finding =
            findings.at(subject, range, text!("“{words}”重复或多余", "{words} is doubled, or one mark too many"));
        if doubled && first != "的" {
            finding.help(text!("只留一个", "keep one of them")).fix(first);
        } else {
            finding.help(text!("删去多余的一个", "delete the one too many"));
        }
    },
    ..Rule::new(codes::DOUBLED, Severity::Warning, include_str!("doubled.rs"))
};
