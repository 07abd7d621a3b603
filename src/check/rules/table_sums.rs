//! 法定表格的合计不对 / The sums of the statutory tables
//!
//! 国办公开办函〔2021〕30号的表格有固定的勾稽关系：表三每列“一”加“二”等于“三（七）总计”加“四”，“（一）”到“（六）”
//! 各项相加等于“（七）总计”，每行六类申请人相加等于总计；表四每组四种结果相加等于总计。合计不等，说明有数字填错，
//! 上级汇总时会退回。对照台账核对这些数字。
//!
//! The tables of 国办公开办函〔2021〕30号 have fixed relations: in table 三 the first row and the second make as much as
//! the total of the third and the fourth, the results make their total, and in each row the six kinds of applicants
//! make the total; in table 四 the four endings of each group make its total. Where a sum is wrong, some figure is.
//! Check the figures against the register.
//!
//! ```text
//! 三、（七）总计写 372，应为 331+61=392
//! ```

use std::ops::Range;

use crate::check::rule::Rule;
use crate::check::statutory::{COLUMNS, CaseGroup, Form, Requests, Row, case_groups, tables};
use crate::diagnostic::{Severity, Text, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        if !subject.is("nianbao") {
            return;
        }
        for (form, table) in tables(subject.structure) {
            let wrong = match form {
                Form::Disclosed => Vec::new(),
                Form::Requests => Requests::read(table).map(|table| of_requests(&table)).unwrap_or_default(),
                Form::Cases => case_groups(table).iter().filter_map(of_group).collect(),
            };
            for Wrong { range, message, help } in wrong {
                findings.at(subject, figure(subject.text, range), message).help(help);
            }
        }
    },
    ..Rule::new(codes::TABLE_SUMS, Severity::Error, include_str!("table_sums.rs"))
};

/// A sum that is wrong.
struct Wrong {
    /// The cell of the total.
    range: Range<usize>,
    message: Text,
    help: Text,
}

/// The figure in a cell, without the bars and blanks around it.
fn figure(text: &str, cell: Range<usize>) -> Range<usize> {
    let blank = |ch: char| ch.is_whitespace() || matches!(ch, '|' | '*');
    let words = text[cell.clone()].trim_matches(blank);
    if words.is_empty() {
        return cell;
    }
    let start = cell.start + (text[cell.clone()].len() - text[cell.clone()].trim_start_matches(blank).len());
    start..start + words.len()
}

fn of_group(group: &CaseGroup<'_>) -> Option<Wrong> {
    let [parts @ .., total] = group.figures()?;
    let sum: i64 = parts.iter().sum();
    let (terms, name) = (terms(&parts), group.name());
    (sum != total).then(|| Wrong {
        range: group.cells[4].range.clone(),
        message: text!(
            "{name}的总计写 {total}，应为 {terms}={sum}",
            "the total of {name} says {total}, but {terms}={sum}"
        ),
        help: text!("核对这一组的五个数字", "check the five figures of this group"),
    })
}

/// The non-zero terms of a sum: `331+61`.
fn terms(parts: &[i64]) -> String {
    let parts: Vec<String> = parts.iter().filter(|part| **part != 0).map(i64::to_string).collect();
    if parts.is_empty() { "0".into() } else { parts.join("+") }
}

/// Three kinds of sums; one that is wrong only because of another is not said twice.
fn of_requests(table: &Requests<'_>) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    // What the results come to where their total says otherwise.
    let mut mended = [None; 7];
    for (column, mended) in mended.iter_mut().enumerate().take(6) {
        *mended = total_of_results(table, column, &mut wrong);
    }
    let rows_from = wrong.len();
    for (row, cells) in &table.rows {
        let Some(mut figures) = table.figures(*row).and_then(all) else { continue };
        if *row == Row::Total {
            for (figure, mended) in figures.iter_mut().zip(mended) {
                *figure = mended.unwrap_or(*figure);
            }
        }
        let [parts @ .., total] = figures;
        let sum: i64 = parts.iter().sum();
        if sum != total {
            let (terms, name) = (terms(&parts), name(*row));
            wrong.push(Wrong {
                range: cells[6].range.clone(),
                message: text!(
                    "“{name}”的总计写 {total}，应为 {terms}={sum}",
                    "the total of {name} says {total}, but {terms}={sum}"
                ),
                help: text!("核对这一行的数字", "check the figures of this row"),
            });
        }
    }
    // Where all rows are right and so are six columns, the seventh is too.
    if wrong.is_empty() {
        mended[6] = total_of_results(table, 6, &mut wrong);
    }
    let rows_are_right = wrong.len() == rows_from;
    let mut columns_are_right = true;
    for (column, mended) in mended.into_iter().enumerate() {
        if column < 6 || rows_are_right && columns_are_right {
            let found = balance(table, column, mended);
            columns_are_right &= found.is_none();
            wrong.extend(found);
        }
    }
    wrong
}

fn all(figures: [Option<i64>; 7]) -> Option<[i64; 7]> {
    let mut all = [0; 7];
    for (figure, known) in all.iter_mut().zip(figures) {
        *figure = known?;
    }
    Some(all)
}

/// （一） to （六） must make （七）. Returns what they make where it is something else.
fn total_of_results(table: &Requests<'_>, column: usize, wrong: &mut Vec<Wrong>) -> Option<i64> {
    let said = table.figures(Row::Total)?[column]?;
    let sum = table.results(column).filter(|&sum| sum != said)?;
    let results = table.rows.iter().filter(|(row, _)| matches!(row, Row::Result(..)));
    let parts: Option<Vec<i64>> = results.map(|(row, _)| table.figures(*row)?[column]).collect();
    let (terms, column_name) = (terms(&parts?), COLUMNS[column]);
    wrong.push(Wrong {
        range: table.row(Row::Total)?[column].range.clone(),
        message: text!(
            "“{column_name}”一列的（七）总计写 {said}，（一）至（六）相加应为 {terms}={sum}",
            "（七）总计 of {column_name} says {said}, but （一） to （六） make {terms}={sum}"
        ),
        help: text!("核对这一列的办理结果", "check the results in this column"),
    });
    Some(sum)
}

/// 一 and 二 must make as much as 三（七） and 四. Nothing is said where the mended total of 三 makes them equal.
fn balance(table: &Requests<'_>, column: usize, mended: Option<i64>) -> Option<Wrong> {
    let figure = |row| table.figures(row)?[column];
    let (new, carried, total, next) =
        (figure(Row::New)?, figure(Row::Carried)?, figure(Row::Total)?, figure(Row::Next)?);
    let (come, gone) = (new + carried, total + next);
    if come == gone || mended.is_some_and(|total| come == total + next) {
        return None;
    }
    let name = COLUMNS[column];
    Some(Wrong {
        range: table.row(Row::Next)?[column].range.clone(),
        message: text!(
            "“{name}”一列勾稽不平：一加二是 {new}+{carried}={come}，三（七）加四是 {total}+{next}={gone}",
            "the column {name} does not balance: 一 and 二 are {new}+{carried}={come}, 三（七） and 四 are {total}+{next}={gone}"
        ),
        help: text!("“一”加“二”应等于“三（七）总计”加“四”", "一 and 二 must make as much as 三（七） and 四"),
    })
}

/// What readers call a row.
fn name(row: Row) -> String {
    match row {
        Row::New => "一、本年新收".into(),
        Row::Carried => "二、上年结转".into(),
        Row::Total => "（七）总计".into(),
        Row::Next => "四、结转下年度继续办理".into(),
        Row::Result(group, 0) => format!("（{}）", numeral(group)),
        Row::Result(group @ 1..=2, _) => format!("（{}）", numeral(group)),
        Row::Result(group, number) => format!("（{}）{number}", numeral(group)),
    }
}

fn numeral(group: u8) -> char {
    "一二三四五六".chars().nth(usize::from(group) - 1).unwrap_or('?')
}
