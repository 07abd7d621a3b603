//! 层次序号跳号、重号或颠倒 / Numbers of sections that skip, repeat or stand in the wrong order
//!
//! 结构层次序数依次为“一、”“（一）”“1.”“（1）”（GB/T 9704—2012 第7.3.3条），同一层应当连续，不颠倒。跳号多半是漏了一节，重号多半是插入后没有重排。
//!
//! The levels of an official document are numbered 一、 （一） 1. （1） (GB/T 9704—2012, 7.3.3), each without gaps and in
//! this order. A gap is most often a section that got lost, a double one that was put in later.
//!
//! ```text
//! 一、……
//! 二、……
//! 四、……
//! ```

use std::ops::Range;

use crate::check::rule::{Rule, Subject};
use crate::check::words::{is_han, is_numeral};
use crate::diagnostic::{Severity, codes};
use crate::text;

/// The levels, from the highest: 一、 （一） 1. （1）.
const LEVELS: usize = 4;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let mut last = [0u32; LEVELS];
        let (mut ever, mut from) = (0, [subject.body; LEVELS]);
        for range in starts(subject) {
            let line = subject.words(&range);
            let Some((level, number, length)) = numbered(line) else { continue };
            let before = last[level];
            // Sections of an annex begin anew, and the second level may go on counting through the first.
            let right = number == before + 1 || number == 1 || level == 1 && number == ever + 1;
            // The number that is missing may stand within a paragraph.
            let between = &subject.text[from[level]..range.start];
            let within = || {
                between.contains(&written(level, before + 1))
                    || number > 1 && between.contains(&written(level, number - 1))
            };
            if !right && before > 0 && !within() {
                let words = &line[..length];
                let message = if number == before {
                    text!("序号“{words}”重复", "the number {words} stands twice")
                } else {
                    let above = spelt(level, before);
                    text!(
                        "序号“{words}”与前一个“{above}”不连续",
                        "the number {words} does not follow {above}, the one before"
                    )
                };
                findings.at(subject, range.start..range.start + length, message).help(text!(
                    "核对有没有漏掉或重复的部分，再重排序号",
                    "see whether a section is missing or doubled, then number anew"
                ));
            } else if number == 1 && is_upside_down(&last, level) {
                let words = &line[..length];
                findings
                    .at(
                        subject,
                        range.start..range.start + length,
                        text!(
                            "层次颠倒：“{words}”排在更低一级的序号下面",
                            "the levels are upside down: {words} stands below a number of a lower level"
                        ),
                    )
                    .help(text!("依次用“一、”“（一）”“1.”“（1）”", "use 一、 （一） 1. （1） in this order"));
            }
            last[level] = number;
            from[level] = range.start;
            last[level + 1..].fill(0);
            from[level + 1..].fill(range.start);
            if level == 1 {
                ever = number;
            }
        }
    },
    ..Rule::new(codes::NUMBERING, Severity::Warning, include_str!("numbering.rs"))
};

/// Whether the first number of a level stands below one of a lower level that has not come to its end: 1. with a
/// single 一、 or （一） above it, and then （一） as its part.
fn is_upside_down(last: &[u32; LEVELS], level: usize) -> bool {
    level == 1 && last[0] > 0 && last[1] == 0 && last[2] == 1
}

/// Where headings and paragraphs begin, in the order of the text, behind the signs of Markdown.
fn starts(subject: &Subject<'_>) -> Vec<Range<usize>> {
    let marked = subject.structure.headings.iter().filter(|heading| heading.level > 0).map(|heading| &heading.range);
    let mut starts: Vec<_> = marked
        .chain(&subject.structure.paragraphs)
        .map(|range| {
            let words = subject.words(range);
            let inside = words.trim_start_matches(['#', ' ', '*', '　', '>']);
            range.end - inside.len()..range.end
        })
        .collect();
    starts.sort_by_key(|range| range.start);
    starts.dedup();
    starts
}

/// `一、`, `（一）`, `1.` or `（1）` at the beginning of a line: level, number, bytes.
fn numbered(line: &str) -> Option<(usize, u32, usize)> {
    // Most paragraphs begin with a word.
    if !line.starts_with(|ch: char| matches!(ch, '（' | '(' | '0'..='9') || is_numeral(ch)) {
        return None;
    }
    let (bracket, inside) = line.strip_prefix(['（', '(']).map_or((false, line), |inside| (true, inside));
    let rest = inside.trim_start_matches(is_numeral);
    let (level, rest, number) = if rest.len() < inside.len() {
        (usize::from(bracket), rest, number(&inside[..inside.len() - rest.len()])?)
    } else {
        let rest = inside.trim_start_matches(|ch: char| ch.is_ascii_digit());
        let digits = &inside[..inside.len() - rest.len()];
        (2 + usize::from(bracket), rest, digits.parse().ok().filter(|number| (1..100).contains(number))?)
    };
    let close: &[char] = match level {
        0 => &['、'],
        2 => &['.', '．', '、'],
        _ => &['）', ')'],
    };
    let behind = rest.strip_prefix(close)?;
    // 2.5亿元 is no section.
    let is_amount = level == 2 && behind.starts_with(|ch: char| ch.is_ascii_digit());
    (!is_amount && behind.contains(is_han)).then(|| (level, number, line.len() - behind.len()))
}

/// A number as it is written on its level.
fn spelt(level: usize, number: u32) -> String {
    let end = written(level, number);
    match level {
        0 => end,
        2 => format!("{end}."),
        _ => format!("（{end}"),
    }
}

/// The end of a number as it is written on its level.
fn written(level: usize, number: u32) -> String {
    let digit = |number: u32| HAN.chars().nth(number as usize - 1).map(String::from).unwrap_or_default();
    let han = match (number / 10, number % 10) {
        (0, 0) => String::new(),
        (0, ones) => digit(ones),
        (tens, ones) => {
            let tens = if tens > 1 { digit(tens) } else { String::new() };
            format!("{tens}十{}", if ones > 0 { digit(ones) } else { String::new() })
        }
    };
    match level {
        0 => format!("{han}、"),
        1 => format!("{han}）"),
        2 => number.to_string(),
        _ => format!("{number}）"),
    }
}

const HAN: &str = "一二三四五六七八九十";

/// 一 to 九十九 as a number.
fn number(han: &str) -> Option<u32> {
    let digit = |text: &str| match text {
        "" => Some(None),
        _ => "一二三四五六七八九".find(text).filter(|_| text.len() == 3).map(|at| Some(at as u32 / 3 + 1)),
    };
    match han.split_once('十') {
        Some((tens, ones)) => Some(digit(tens)?.unwrap_or(1) * 10 + digit(ones)?.unwrap_or(0)),
        None => digit(han)?,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers() {
        assert_eq!(
            ["一", "十", "十二", "二十", "三十一", "", "一二"].map(number),
            [Some(1), Some(10), Some(12), Some(20), Some(31), None, None]
        );
        assert_eq!(numbered("（十一）加强"), Some((1, 11, 12)));
        assert_eq!(numbered("二、存在"), Some((0, 2, 6)));
        assert_eq!(numbered("一是加强"), None);
        assert_eq!(numbered("1．加强"), Some((2, 1, 4)));
        assert_eq!(numbered("（12）加强"), Some((3, 12, 8)));
        assert_eq!(numbered("2.5亿元"), None);
        assert_eq!(numbered("2023.加强"), None);
        for number in 1..=99 {
            assert_eq!(numbered(&(written(0, number) + "事")).map(|found| found.1), Some(number));
        }
    }
}
