//! 政府信息公开年报缺少部分或次序不对 / The parts of the 政府信息公开 report
//!
//! 国办公开办函〔2021〕30号规定年报有六个部分：总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开
//! 行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项，并按这个次序。补上缺少的部分，没有内容的写“无”。
//!
//! 国办公开办函〔2021〕30号 gives the report six parts in this order: 总体情况, 主动公开政府信息情况, 收到和处理政府信息公开
//! 申请情况, 政府信息公开行政复议、行政诉讼情况, 存在的主要问题及改进情况, 其他需要报告的事项. Put in what is missing.
//!
//! ```text
//! 一、总体情况
//! 二、收到和处理政府信息公开申请情况
//! ```

use crate::check::rule::Rule;
use crate::check::statutory::{FIRST_YEAR, Section, fold, sections};
use crate::diagnostic::{Severity, codes};
use crate::text;

/// The parts: what each is called, and words of which one group must stand in its heading.
const PARTS: [(&str, &[&[&str]]); 6] = [
    ("总体情况", &[&["总体情况"], &["概述"], &["基本情况"], &["总体"]]),
    ("主动公开政府信息情况", &[&["主动公开"]]),
    ("收到和处理政府信息公开申请情况", &[&["收到", "申请"], &["依申请公开"], &["处理", "申请"]]),
    ("政府信息公开行政复议、行政诉讼情况", &[&["复议"], &["诉讼"]]),
    ("存在的主要问题及改进情况", &[&["问题"], &["不足"], &["改进"]]),
    ("其他需要报告的事项", &[&["其他", "报告"], &["其他", "事项"], &["其它", "事项"], &["需要报告"], &["需要说明"]]),
];

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let is_bound = subject.is("nianbao") && subject.head.year.is_some_and(|year| year >= FIRST_YEAR);
        // A report whose text is in a file that it bears has no parts here.
        if !is_bound
            || subject.source().trim().is_empty()
            || subject.structure.paragraphs.len() < 3 && !subject.head.attachments.is_empty()
        {
            return;
        }
        let sections = sections(subject);
        let parts: Vec<Option<usize>> = (0..PARTS.len()).map(|part| place(&sections, part)).collect();
        let mut missing: Vec<usize> = (0..PARTS.len()).filter(|&part| parts[part].is_none()).collect();
        if !missing.is_empty() {
            let text = fold(subject.source());
            missing.retain(|&part| !is_said(&text, part));
        }
        let missing: Vec<&str> = missing.into_iter().map(|part| PARTS[part].0).collect();
        if !missing.is_empty() {
            let (chinese, english) = (missing.join("”“"), missing.join(", "));
            findings.at_key(subject, "title", text!("年报缺少“{chinese}”", "the report has no part {english}")).help(
                text!(
                    "按国办公开办函〔2021〕30号的六个部分补上",
                    "put it in: 国办公开办函〔2021〕30号 gives the report six parts"
                ),
            );
        }
        let found: Vec<(usize, usize)> =
            parts.iter().enumerate().filter_map(|(part, place)| Some((part, (*place)?))).collect();
        for pair in found.windows(2) {
            let [(before, first), (after, second)] = pair else { continue };
            if second < first {
                let (before, after) = (PARTS[*before].0, PARTS[*after].0);
                findings
                    .at(
                        subject,
                        sections[*second].range.clone(),
                        text!("“{after}”应在“{before}”之后", "{after} belongs behind {before}"),
                    )
                    .help(text!("按国办公开办函〔2021〕30号的次序排列", "keep the order of 国办公开办函〔2021〕30号"));
                return;
            }
        }
    },
    ..Rule::new(codes::DISCLOSURE_PARTS, Severity::Warning, include_str!("disclosure_parts.rs"))
};

/// Whether a folded text says without a heading what belongs in this part: the first has parts of its own that no
/// other has, and the last two are often a paragraph each.
fn is_said(text: &str, part: usize) -> bool {
    match part {
        0 => text.contains("(一)主动公开") && text.contains("(二)依申请公开"),
        4 => soon(text, "存在", &["差距", "不足", "问题", "短板"], 24),
        5 => text.contains("信息处理费"),
        _ => false,
    }
}

/// Whether one of the words stands within so many characters behind another.
fn soon(text: &str, first: &str, words: &[&str], most: usize) -> bool {
    let behind = |at: usize| text[at + first.len()..].chars().take(most).collect::<String>();
    text.match_indices(first).any(|(at, _)| words.iter().any(|word| behind(at).contains(word)))
}

/// The section that is this part.
fn place(sections: &[Section], part: usize) -> Option<usize> {
    let is_called = |section: &Section, words: &[&str]| words.iter().all(|word| section.title.contains(word));
    // The statutory name decides; other words count only where no heading has it.
    let by = |words: &[&str]| sections.iter().position(|section| is_called(section, words));
    by(&[PARTS[part].0]).or_else(|| PARTS[part].1.iter().find_map(|words| by(words)))
}
