//! 公开了个人隐私的表格栏目 / A table column that publishes private data
//!
//! 名单表格里的身份证号、家庭住址、银行账号、病因、残疾类别等栏目不应公开（《政府信息公开条例》第十五条；个人信息保护法第二十八条）。删去这一栏，
//! 或者隐去内容。整栏都已用 * 隐去的不提示。
//!
//! Columns such as identity number, home address, bank account, illness or kind of disability in lists of persons are not
//! for the public (《政府信息公开条例》 article 15; 个人信息保护法 article 28). Delete the column, or cover what it holds.
//! A column that is covered with * throughout is not found.
//!
//! ```text
//! | 姓名 | 家庭住址 | 致贫原因 |
//! ```

use crate::check::rule::Rule;
use crate::check::words::inner;
use crate::diagnostic::{Severity, codes};
use crate::text;

const PRIVATE: [&str; 22] = [
    "身份证",
    "身份证号",
    "身份证号码",
    "公民身份号码",
    "家庭住址",
    "家庭地址",
    "居住地址",
    "现住址",
    "住址",
    "银行账号",
    "银行卡号",
    "开户账号",
    "一卡通账号",
    "卡号",
    "出生日期",
    "出生年月",
    "病因",
    "病种",
    "疾病名称",
    "残疾类别",
    "残疾等级",
    "孕检情况",
];

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        for table in &subject.structure.tables {
            let Some((header, rows)) = table.rows.split_first() else { continue };
            let is_list = header
                .iter()
                .any(|cell| matches!(&*folded(&cell.text), "姓名" | "户主" | "户主姓名" | "申请人" | "受益人"));
            for (column, cell) in header.iter().enumerate() {
                let is_open = |row: &Vec<crate::model::structure::Cell>| {
                    row.get(column).is_some_and(|cell| !cell.text.is_empty() && !cell.text.contains(['*', '＊']))
                };
                let name = folded(&cell.text);
                if is_list && PRIVATE.contains(&&*name) && rows.iter().any(is_open) {
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

/// A heading without spaces and brackets.
fn folded(text: &str) -> String {
    text.split(['（', '(']).next().unwrap_or_default().chars().filter(|ch| !ch.is_whitespace()).collect()
}
