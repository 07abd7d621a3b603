//! 公开了个人隐私的表格栏目 / A table column that publishes private data
//!
//! 名单（正文的表格，Word、Excel、CSV 附件）里的身份证号、家庭住址、银行账号、病因、残疾类别等栏目不应公开（《政府信息公开条例》第十五条；个人信息保护法第二十八条）。删去这一栏，
//! 或者隐去内容。整栏都已用 * 隐去的不提示。
//!
//! Columns such as identity number, home address, bank account, illness or kind of disability in lists of persons, in tables
//! of the text and of Word, Excel and CSV attachments, are not for the public (《政府信息公开条例》 article 15; 个人信息保护法 article 28). Delete the column, or cover what it holds.
//! A column that is covered with * throughout is not found.
//!
//! ```text
//! | 姓名 | 家庭住址 | 致贫原因 |
//! ```

use crate::check::rule::{Reach, Rule};
use crate::check::words::inner;
use crate::diagnostic::{Severity, codes};
use crate::model::structure::Cell;
use crate::text;

/// Headings of what nobody else may know: the list that the sweep of a province looks for, as its columns are called.
const PRIVATE: &[&str] = &[
    "身份证",
    "身份证号",
    "身份证号码",
    "身份证件号码",
    "公民身份号码",
    "证件号码",
    "居民身份证号",
    "户主身份证号",
    "家庭住址",
    "家庭地址",
    "居住地址",
    "现住址",
    "住址",
    "详细住址",
    "门牌号",
    "家庭详细住址",
    "银行账号",
    "银行卡号",
    "银行帐号",
    "开户账号",
    "一卡通账号",
    "一卡通号",
    "卡号",
    "账号",
    "社保卡号",
    "社保卡账号",
    "出生日期",
    "出生年月",
    "出生年月日",
    "手机号",
    "手机号码",
    "个人电话",
    "电子邮箱",
    "病因",
    "病种",
    "疾病名称",
    "疾病",
    "患病情况",
    "患病名称",
    "诊断",
    "诊断结果",
    "病历",
    "病史",
    "健康状况",
    "致贫原因",
    "致困原因",
    "残疾类别",
    "残疾等级",
    "残疾类型",
    "残疾证号",
    "残疾情况",
    "精神状况",
    "孕检情况",
    "怀孕情况",
    "孕情",
    "孕周",
    "计生措施",
    "避孕措施",
    "婚姻状况",
    "婚育情况",
    "家庭财产",
    "财产状况",
    "家庭收入",
    "家庭成员",
    "社会关系",
    "监护人姓名",
    "生活经历",
    "宗教信仰",
];
/// Headings of the column with the persons' names.
const NAMES: &[&str] = &[
    "姓名",
    "户主",
    "户主姓名",
    "申请人",
    "申请人姓名",
    "受益人",
    "救助对象",
    "保障对象",
    "低保对象",
    "领取人",
    "补贴对象",
    "残疾人姓名",
    "学生姓名",
    "老人姓名",
    "儿童姓名",
    "人员姓名",
];
/// A list may have a title and a line about its units above its header.
const TITLE_ROWS: usize = 5;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Texts,
    look: |subject, findings| {
        for table in &subject.structure.tables {
            let is_list = |row: &Vec<Cell>| row.iter().any(|cell| NAMES.contains(&&*folded(&cell.text)));
            let Some(at) = table.rows.iter().take(TITLE_ROWS).position(is_list) else { continue };
            let (header, rows) = (&table.rows[at], &table.rows[at + 1..]);
            if is_form(header, rows) {
                continue;
            }
            for (column, cell) in header.iter().enumerate() {
                let is_open = |row: &Vec<Cell>| row.get(column).is_some_and(|cell| is_told(&cell.text));
                let name = folded(&cell.text);
                if PRIVATE.contains(&&*name) && rows.iter().any(is_open) {
                    findings
                        .at(
                            subject,
                            inner(subject.text, &cell.range),
                            text!(
                                "名单里的“{name}”栏公开了个人隐私",
                                "the column {name} of this list publishes private data"
                            ),
                        )
                        .help(text!("删去这一栏，或用 * 隐去", "delete the column, or cover it with *"));
                }
            }
        }
    },
    ..Rule::new(codes::PRIVATE_COLUMN, Severity::Warning, include_str!("private_column.rs"))
};

/// Whether a table is to be filled in: further headings stand where a list has its names.
fn is_form(header: &[Cell], rows: &[Vec<Cell>]) -> bool {
    let is_heading = |cell: &Cell| {
        let words = folded(&cell.text);
        NAMES.contains(&&*words) || PRIVATE.contains(&&*words)
    };
    let names = header.iter().position(|cell| NAMES.contains(&&*folded(&cell.text)));
    names.is_some_and(|column| rows.iter().filter_map(|row| row.get(column)).any(is_heading))
}

/// Whether a cell tells something, neither empty nor covered nor joined to another.
fn is_told(cell: &str) -> bool {
    let cell = cell.trim_matches(|ch: char| ch.is_whitespace() || "/\\-—无".contains(ch));
    !matches!(cell, "" | "<<" | "^^") && !cell.contains(['*', '＊', '×', 'X', '某'])
}

/// A heading without spaces and brackets.
fn folded(text: &str) -> String {
    text.split(['（', '(']).next().unwrap_or_default().chars().filter(|ch| !ch.is_whitespace()).collect()
}
