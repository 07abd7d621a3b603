//! 缺少法定表格，或者用了旧表格 / The statutory tables are missing or of an old form
//!
//! 国办公开办函〔2021〕30号要求年报第二、三、四部分各有一张固定格式的表格，没有申请也要填 0 公布。2021 年以前的格式
//! （“上一年项目数量”“本年增/减”）已经不用。按现行格式补上表格。
//!
//! 国办公开办函〔2021〕30号 asks for a table of fixed form in parts 二, 三 and 四 of the report, with zeros where there
//! was nothing. The form of the years before 2021 (上一年项目数量, 本年增/减) is no longer used. Put the tables in, in
//! today's form.
//!
//! ```text
//! | 信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量 |
//! ```

use crate::check::rule::{Findings, Rule, Subject};
use crate::check::statutory::{FIRST_YEAR, Form, TODAYS_FORM, fold, sections, tables};
use crate::diagnostic::{Severity, codes};
use crate::model::structure::Cell;
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let Some(year) = subject.head.year.filter(|&year| year >= FIRST_YEAR && subject.is("nianbao")) else { return };
        if year >= TODAYS_FORM {
            old_form(subject, findings);
        }
        // What is attached or shown as an image may be the tables.
        let elsewhere = !subject.head.attachments.is_empty() || subject.source().contains("![");
        if !elsewhere && !subject.source().trim().is_empty() {
            missing(subject, findings);
        }
    },
    ..Rule::new(codes::STATUTORY_TABLES, Severity::Warning, include_str!("statutory_tables.rs"))
};

fn old_form(subject: &Subject<'_>, findings: &mut Findings) {
    let is_old = |cell: &&Cell| {
        let words = fold(&cell.text);
        words.starts_with("上一年项目数量") || words.starts_with("本年增/减") || words.starts_with("本年新制作")
    };
    let cells = tables(subject.structure).flat_map(|(_, table)| table.rows.iter().flatten());
    let Some(cell) = cells.into_iter().find(is_old) else { return };
    let written = subject.words(&cell.range);
    let start = cell.range.start + written.find(|ch: char| !ch.is_whitespace() && ch != '|').unwrap_or(0);
    let range = start..start + subject.text[start..cell.range.end].trim_end_matches(['|', ' ', '\t']).len();
    findings
        .at(
            subject,
            range,
            text!("这是 2021 年以前的表格格式", "this is the form of the tables of the years before 2021"),
        )
        .help(text!(
            "改用国办公开办函〔2021〕30号的表格：本年制发件数、本年废止件数、现行有效件数、本年处理决定数量",
            "use the tables of 国办公开办函〔2021〕30号: 本年制发件数, 本年废止件数, 现行有效件数, 本年处理决定数量"
        ));
}

fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    let here: Vec<Form> = tables(subject.structure).map(|(form, _)| form).collect();
    let sections = sections(subject);
    for form in Form::ALL.into_iter().filter(|form| !here.contains(form)) {
        let name = form.name();
        let message = text!("没有“{name}”的法定表格", "the statutory table {name} is missing");
        let word = ["主动公开政府信息", "政府信息公开申请", "行政复议"][form as usize];
        let section = sections.iter().find(|section| section.title.contains(word));
        let finding = match section {
            Some(section) => findings.at(subject, section.range.clone(), message),
            None => findings.at_key(subject, "title", message),
        };
        finding.help(text!(
            "按国办公开办函〔2021〕30号的格式补上，没有的填 0",
            "put it in as 国办公开办函〔2021〕30号 has it, with 0 where there was nothing"
        ));
    }
}
