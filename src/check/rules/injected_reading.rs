//! 夹在字里的拼音 / Pinyin injected into the text
//!
//! 有的网页把生僻字后面加上拼音，复制时一起带来：`鎮(zhèn)`。删去括号和拼音；`--fix` 会这样改。
//!
//! Some web pages put the reading behind rare characters, and it is copied along: `鎮(zhèn)`. Delete the brackets with the
//! reading, which is what `--fix` does.
//!
//! ```text
//! 丁市鎮(zhèn)人民政府
//! ```

use crate::check::rule::Rule;
use crate::check::words::is_han;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    needles: &["(", "（"],
    hit: |subject, needle, range, findings| {
        let close = if needle == 0 { ')' } else { '）' };
        let before = subject.text[..range.start].chars().next_back();
        let rest = &subject.text[range.end..];
        let word: String = rest.chars().take(8).take_while(|ch| ch.is_lowercase()).collect();
        let toned = word.contains(|ch: char| "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ".contains(ch));
        if before.is_some_and(is_han) && toned && rest[word.len()..].starts_with(close) {
            let range = range.start..range.end + word.len() + close.len_utf8();
            findings
                .at(subject, range, text!("“{word}”是夹进来的拼音", "the reading {word} was injected here"))
                .help(text!("删去括号和拼音", "delete the brackets with the reading"))
                .fix("");
        }
    },
    ..Rule::new(codes::INJECTED_PINYIN, Severity::Warning, include_str!("injected_reading.rs"))
};
