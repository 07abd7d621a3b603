//! 看不见或不正常的字符 / Characters that nobody sees or nobody typed
//!
//! 从 PDF 复制来的文字里有康熙部首（⼯ 不是 工），Word 里带来零宽空格和专用区字符。读者看起来正常，搜索和朗读却都不认识。`--fix` 会删去零宽
//! 字符，把部首换成汉字；专用区字符在别的电脑上是空白，对照原文重新输入。
//!
//! Text copied from PDF holds Kangxi radicals (⼯ is not 工), and Word brings zero-width spaces and private characters.
//! They look right, but search and screen readers do not know them. `--fix` deletes those without width and puts
//! characters in the place of radicals; look up private characters, which are blank on other machines.
//!
//! ```text
//! ⼯作总结
//! ```

use crate::check::radicals;
use crate::check::rule::Rule;
use crate::check::words::line_of;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let source = subject.source().as_bytes();
        if !has_odd(source) {
            return;
        }
        // One finding for each run: a PDF has hundreds.
        let mut end = 0;
        for at in memchr::memchr3_iter(0xE2, 0xEE, 0xEF, source) {
            if at < end || !may_be_odd(source[at], source.get(at + 1).copied().unwrap_or_default()) {
                continue;
            }
            let rest = &subject.source()[at..];
            let odd = |kind: Odd| {
                rest.chars().take_while(move |&ch| Odd::of(ch) == Some(kind)).map(char::len_utf8).sum::<usize>()
            };
            let Some(kind) = rest.chars().next().and_then(Odd::of) else { continue };
            end = at + odd(kind);
            let range = subject.body + at..subject.body + end;
            // Marks of direction belong to scripts that run from right to left.
            let is_direction = || line_of(subject.text, range.start).contains(|ch| matches!(ch, '\u{590}'..='\u{8ff}'));
            if subject.structure.is_prose(&range) && !(kind == Odd::Invisible && is_direction()) {
                let message = match kind {
                    Odd::Radical => text!(
                        "这是康熙部首，不是汉字",
                        "this is a Kangxi radical, not the character that looks like it"
                    ),
                    Odd::Invisible => text!("这里有看不见的字符", "a character without width stands here"),
                    Odd::Private => text!(
                        "这是专用区字符，别的电脑显示不出",
                        "this is a private character, which other machines do not show"
                    ),
                };
                let right: Option<String> = subject.words(&range).chars().map(radicals::character).collect();
                let finding = findings.at(subject, range, message);
                match (kind, right) {
                    (Odd::Radical, Some(right)) => finding.help(text!("改成“{right}”", "write {right}")).fix(right),
                    (Odd::Invisible, _) => finding.help(text!("删去", "delete it")).fix(""),
                    _ => finding.help(text!("对照原件重新输入", "type it anew after the original")),
                };
            }
        }
    },
    ..Rule::new(codes::ODD_CHARACTER, Severity::Warning, include_str!("odd_character.rs"))
};

/// What is wrong with a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Odd {
    Radical,
    Invisible,
    Private,
}

impl Odd {
    fn of(ch: char) -> Option<Self> {
        match ch {
            '\u{2E80}'..='\u{2FD5}' => Some(Self::Radical),
            // Signs without width that formulas of Word are put together with (U+2061 to U+2064) are no mistakes.
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' => Some(Self::Invisible),
            '\u{E000}'..='\u{F8FF}' => Some(Self::Private),
            _ => None,
        }
    }
}

/// Whether there may be an odd character anywhere. Nearly no text has one, so that all of it is looked at in one go,
/// many bytes at a time, and not character by character.
fn has_odd(source: &[u8]) -> bool {
    let second = source.get(1..).unwrap_or_default();
    let third = source.get(2..).unwrap_or_default();
    source.iter().zip(second).zip(third).fold(false, |found, ((&first, &second), &third)| {
        // 8B to 8F and AA to AE end so; of everyday punctuation nothing does.
        let invisible = (second == 0x80) & (third & 0x1F >= 0x0A) & (third & 0x1F <= 0x0F);
        let punctuation = (first == 0xE2) & (invisible | (second == 0x81) | (second >= 0xBA));
        let last = (first == 0xEF) & ((second < 0xA4) | (second == 0xBB));
        found | punctuation | last | (first == 0xEE)
    })
}

/// Whether a character that begins with these two bytes may be odd: most that begin with them are punctuation.
fn may_be_odd(first: u8, second: u8) -> bool {
    match first {
        0xE2 => matches!(second, 0x80 | 0x81 | 0xBA..=0xBF),
        0xEF => second < 0xA4 || second == 0xBB,
        _ => true,
    }
}
