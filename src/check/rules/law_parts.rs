//! 法治政府建设年度报告缺少必备内容 / The parts of the report on law-based government
//!
//! 《法治政府建设与责任落实督察工作规定》（厅字〔2019〕28号）要求年度报告写明：上一年度的主要举措和成效、存在的不足和原因、
//! 党政主要负责人履行推进法治建设第一责任人职责的情况、下一年度的主要安排。缺少哪一项就补上哪一项。
//!
//! 《法治政府建设与责任落实督察工作规定》（厅字〔2019〕28号） asks the yearly report for four things: what was done in
//! the past year and to what effect, what was lacking and why, how the first persons in charge did their duty
//! (第一责任人), and the plan for the next year. Put in what is missing.
//!
//! ```text
//! 一、主要举措和成效
//! 二、下一步安排
//! ```

use std::cell::OnceCell;
use std::ops::Range;

use memchr::memmem;

use crate::check::rule::{Rule, Subject};
use crate::check::statutory::{Section, fold, sections};
use crate::diagnostic::{Severity, codes};
use crate::text;

/// The first year that the rule is for.
const FIRST_YEAR: i16 = 2019;

/// A report shorter than this has its text elsewhere. In characters without white space.
const SHORTEST: usize = 200;

const DONE: &[&str] =
    &["举措", "措施", "成效", "做法", "情况", "进展", "成果", "成绩", "亮点", "工作", "推进", "落实", "建设"];
const LACKING: &[&str] = &["不足", "问题", "困难", "短板", "差距", "薄弱", "欠缺"];
const WHY: &[&str] = &["原因", "由于", "因为", "主要是", "导致", "源于", "缘于", "归因", "所致", "根源", "受限", "因"];
const DUTY: &[&str] = &["第一责任人", "主要负责人履行", "主要负责同志履行", "主要领导履行"];
const NEXT: &[&str] = &[
    "下一步",
    "下步",
    "下一年",
    "明年",
    "安排",
    "打算",
    "计划",
    "思路",
    "展望",
    "今后",
    "接下来",
    "下一阶段",
    "工作重点",
];

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        if !is_report(subject) {
            return;
        }
        let body = Body { source: subject.source(), folded: OnceCell::new() };
        if body.is_short() {
            return;
        }
        for (place, chinese, english) in missing(subject, &body) {
            let message = text!("报告没有写“{chinese}”", "the report does not say {english} ({chinese})");
            let last = subject.structure.headings.last().map(|heading| heading.range.clone());
            let finding = match place.or(last) {
                Some(range) => {
                    let length = subject.words(&range).trim_end().len();
                    findings.at(subject, range.start..range.start + length, message)
                }
                None => findings.at_key(subject, "title", message),
            };
            finding.help(text!("补上这一部分（厅字〔2019〕28号）", "add this part (厅字〔2019〕28号)"));
        }
    },
    ..Rule::new(codes::LAW_PARTS, Severity::Warning, include_str!("law_parts.rs"))
};

/// Whether this is a report itself, not an explanation of one or a plan.
fn is_report(subject: &Subject<'_>) -> bool {
    let title = &subject.head.title;
    let year = subject.head.year.is_some_and(|year| year >= FIRST_YEAR);
    let other = ["解读", "通知", "方案", "要点", "计划", "意见", "说明", "清单"];
    subject.is("fazhi") && year && !other.iter().any(|word| title.contains(word))
}

/// A body that is asked for words: as it stands, and only where that has none of them, folded.
struct Body<'a> {
    source: &'a str,
    folded: OnceCell<String>,
}

impl Body<'_> {
    fn folded(&self) -> &str {
        self.folded.get_or_init(|| fold(self.source))
    }

    fn is_short(&self) -> bool {
        self.source.len() < SHORTEST * 12 && self.folded().chars().count() < SHORTEST
    }

    fn says(&self, words: &[&str]) -> bool {
        let found = |text: &str| words.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some());
        found(self.source) || found(self.folded())
    }
}

/// What is missing, in both languages, with its place where it has one of its own.
fn missing(subject: &Subject<'_>, body: &Body<'_>) -> Vec<(Option<Range<usize>>, &'static str, &'static str)> {
    let sections = sections(subject);
    let of_headings = |words: &[&str]| {
        let all = subject.structure.headings.iter().map(|heading| fold(&heading.title));
        let mut titles = all.chain(sections.iter().map(|section| section.title.clone()));
        titles.any(|title| words.iter().any(|word| title.contains(word)))
    };
    let next = format!("{}年", subject.head.year.unwrap_or_default() + 1);
    let mut missing = Vec::new();
    if !sections.is_empty() && !of_headings(DONE) {
        missing.push((None, "主要举措和成效", "what was done and to what effect"));
    }
    if !of_headings(LACKING) && !lacks(body.source) && !lacks(body.folded()) {
        missing.push((None, "存在的不足和原因", "what was lacking and why"));
    } else if let Some(place) = unexplained(subject, &sections) {
        missing.push((Some(place), "不足的原因", "why something was lacking"));
    }
    if !body.says(DUTY) {
        missing.push((
            None,
            "党政主要负责人履行推进法治建设第一责任人职责情况",
            "how the first persons in charge did their duty",
        ));
    }
    if !of_headings(NEXT) && !body.says(&NEXT[..4]) && !body.says(&["今后", "接下来", &next]) {
        missing.push((None, "下一年度主要安排", "the plan for the next year"));
    }
    missing
}

/// Whether a text says in passing that something is lacking: 存在, and soon behind it what.
fn lacks(body: &str) -> bool {
    let soon = |at: usize| body[at..].chars().take(24).collect::<String>();
    body.match_indices("存在").any(|(at, _)| LACKING.iter().any(|word| soon(at).contains(word)))
}

/// The heading of the part on what is lacking, where it gives no reason in any word.
fn unexplained(subject: &Subject<'_>, sections: &[Section]) -> Option<Range<usize>> {
    let at = sections.iter().position(|section| LACKING.iter().any(|word| section.title.contains(word)))?;
    let heading = sections[at].range.clone();
    let end = sections.get(at + 1).map_or(subject.text.len(), |next| next.range.start);
    let part = &subject.text[heading.start..end];
    // The last of them alone can mean something else.
    if WHY[..WHY.len() - 1].iter().any(|word| memmem::find(part.as_bytes(), word.as_bytes()).is_some()) {
        return None;
    }
    let part = fold(part);
    let part = part.replace("因此", "").replace("因地制宜", "").replace("因势利导", "");
    (!WHY.iter().any(|word| part.contains(word))).then_some(heading)
}
