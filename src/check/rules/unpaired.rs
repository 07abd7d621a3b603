//! 括号、书名号、引号不成对 / Brackets and quotation marks without a partner
//!
//! 一段之内（）《》〔〕【】“”应当成对（GB/T 15834—2011）。补上缺的一个，或者删去多余的一个。
//!
//! Within a paragraph （）《》〔〕【】“” come in pairs (GB/T 15834—2011). Add the missing one, or delete the one too many.
//!
//!     认真贯彻《中华人民共和国政府信息公开条例的要求

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const PAIRS: [(char, char); 5] = [('（', '）'), ('《', '》'), ('〔', '〕'), ('【', '】'), ('“', '”')];

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let mut before_quotes = false;
        for range in &subject.structure.paragraphs {
            let words = subject.words(range);
            for (open, close) in PAIRS {
                let Some((at, mark)) = lonely(words, open, close) else { continue };
                // A quotation over several paragraphs opens each of them and closes the last.
                let continues = open == '“' && (mark == open || before_quotes);
                let start = range.start + at;
                let place = start..start + mark.len_utf8();
                if !continues && subject.structure.is_prose(&place) {
                    let partner = if mark == open { close } else { open };
                    findings
                        .at(subject, place, text!("“{mark}”没有配对的“{partner}”", "{mark} has no {partner}"))
                        .help(text!(
                            "补上缺的一个，或删去多余的一个",
                            "add the missing one, or delete the one too many"
                        ));
                }
            }
            before_quotes = words.matches('“').count() > words.matches('”').count();
        }
    },
    ..Rule::new(codes::UNPAIRED, Severity::Warning, include_str!("unpaired.rs"))
};

/// The first mark without a partner, if there is one.
fn lonely(words: &str, open: char, close: char) -> Option<(usize, char)> {
    let mut opened = Vec::new();
    for (at, ch) in words.char_indices() {
        if ch == open {
            opened.push(at);
        } else if ch == close && opened.pop().is_none() {
            // 1） and 一） number things; half-width ( may have opened what ） closes.
            let number = words[..at].ends_with(|ch: char| ch.is_ascii_digit() || "一二三四五六七八九十".contains(ch));
            if !(number || close == '）' && words[..at].contains('(')) {
                return Some((at, ch));
            }
        }
    }
    let half = open == '（' && words.contains(')');
    opened.first().filter(|_| !half).map(|&at| (at, open))
}
