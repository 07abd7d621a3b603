//! 括号、书名号、引号不成对 / Brackets and quotation marks without a partner
//!
//! （）《》〔〕【】“”应当成对（GB/T 15834—2011）。补上缺的一个，或者删去多余的一个。
//!
//! （）《》〔〕【】“” come in pairs (GB/T 15834—2011). Add the missing one, or delete the one too many.
//!
//! ```text
//! 认真贯彻《中华人民共和国政府信息公开条例的要求
//! ```

use crate::check::rule::{Hit, Rule, Subject};
use crate::check::words::{before, is_han, line_of};
use crate::diagnostic::{Severity, codes};
use crate::text;

const PAIRS: [(char, char); 5] = [('（', '）'), ('《', '》'), ('〔', '〕'), ('【', '】'), ('“', '”')];

const NEEDLES: &[&str] = &["（", "）", "《", "》", "〔", "〕", "【", "】", "“", "”"];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    together: Some(|subject, hits, findings| {
        let mark = |(needle, range): &Hit| {
            (range.start, if needle % 2 == 0 { PAIRS[needle / 2].0 } else { PAIRS[needle / 2].1 })
        };
        let marks: Vec<(usize, char)> = hits.iter().map(mark).collect();
        for (open, close) in PAIRS {
            for (at, mark) in lonely(subject, &marks, open, close) {
                if !line_of(subject.text, at).contains(is_han) {
                    // Other languages quote in other ways.
                    continue;
                }
                let partner = if mark == open { close } else { open };
                findings
                    .at(
                        subject,
                        at..at + mark.len_utf8(),
                        text!("“{mark}”没有配对的“{partner}”", "{mark} has no {partner}"),
                    )
                    .help(text!("补上缺的一个，或删去多余的一个", "add the missing one, or delete the one too many"));
            }
        }
    }),
    ..Rule::new(codes::UNPAIRED, Severity::Warning, include_str!("unpaired.rs"))
};

/// Every mark without a partner. Partners are looked for in the whole text, because a note in brackets or a
/// quotation may go over several paragraphs.
fn lonely(subject: &Subject<'_>, marks: &[(usize, char)], open: char, close: char) -> Vec<(usize, char)> {
    let mut opened: Vec<usize> = Vec::new();
    let mut alone = Vec::new();
    for &(at, mark) in marks {
        if mark == open {
            // A quotation over several paragraphs opens each of them and closes the last.
            let begins = || before(subject.text, at, 8).trim_start_matches([' ', '　', '>']).is_empty();
            if open != '“' || opened.is_empty() || !begins() {
                opened.push(at);
            }
        } else if mark == close && opened.pop().is_none() {
            // 1） and 一） number things, and a half-width bracket may have opened what a full-width one closes.
            let line = before(subject.text, at, 400);
            let number = line.ends_with(|ch: char| ch.is_ascii_digit() || "一二三四五六七八九十".contains(ch));
            if !(close == '）' && (number || line.contains('('))) {
                alone.push((at, close));
            }
        }
    }
    let half = |at: usize| open == '（' && subject.text[at..].lines().next().is_some_and(|line| line.contains(')'));
    alone.extend(opened.into_iter().filter(|&at| !half(at)).map(|at| (at, open)));
    alone
}
