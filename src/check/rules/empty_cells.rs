//! 法定表格有空格 / Empty cells in the statutory tables
//!
//! 国办公开办函〔2021〕30号的表格每一格都要填数，没有的填 0。空格、“/”和“—”分不清是“没有”还是“漏填”，汇总时会退回。
//! 没有的填 0。
//!
//! Every cell of the tables of 国办公开办函〔2021〕30号 takes a number, 0 where there was nothing. An empty cell or a
//! `/` does not say whether there was nothing or somebody forgot. Write 0.
//!
//! ```text
//! | 行政规范性文件 | / | 0 | |
//! ```

use std::ops::Range;

use crate::check::rule::{Rule, Subject};
use crate::check::statutory::{FIRST_YEAR, Figure, Form, Requests, case_groups, grid, tables};
use crate::diagnostic::{Severity, codes};
use crate::model::structure::{Cell, Table};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        if !subject.is("nianbao") || subject.head.year.is_none_or(|year| year < FIRST_YEAR) {
            return;
        }
        for (form, table) in tables(subject.structure) {
            let cells: Vec<&Cell> = match form {
                Form::Disclosed => disclosed(table),
                Form::Requests => {
                    let read = Requests::read(table).map(|table| table.rows).unwrap_or_default();
                    read.into_iter().flat_map(|(_, cells)| cells).collect()
                }
                Form::Cases => case_groups(table).into_iter().flat_map(|group| group.cells).collect(),
            };
            let is_empty = |cell: &&&Cell| Figure::of(cell) == Figure::Blank;
            let Some(first) = cells.iter().find(is_empty) else { continue };
            let (count, name) = (cells.iter().filter(is_empty).count(), form.name());
            findings
                .at(
                    subject,
                    shown(subject, first),
                    text!(
                        "“{name}”表有 {count} 格没有填数，这是第一格",
                        "{count} cells of the table {name} have no number; this is the first"
                    ),
                )
                .help(text!("没有的填 0", "write 0 where there was nothing"));
        }
    },
    ..Rule::new(codes::EMPTY_CELLS, Severity::Warning, include_str!("empty_cells.rs"))
};

/// What stands in a cell; the place of the cell where nothing does.
fn shown(subject: &Subject<'_>, cell: &Cell) -> Range<usize> {
    let written = subject.words(&cell.range);
    let words = cell.text.trim();
    match written.find(words).filter(|_| !words.is_empty()) {
        Some(at) => cell.range.start + at..cell.range.start + at + words.len(),
        None => cell.range.clone(),
    }
}

/// The cells of table 二 that take a number: three behind documents, one behind all else, which is often merged with
/// the two that follow.
fn disclosed(table: &Table) -> Vec<&Cell> {
    let words = grid(table);
    let three = words
        .iter()
        .any(|row| row.iter().filter(|cell| cell.starts_with("本年") || *cell == "现行有效件数").count() >= 3);
    let mut cells = Vec::new();
    for (row, words) in table.rows.iter().zip(&words) {
        let takes = match words.first().map(String::as_str) {
            Some("规章" | "行政规范性文件" | "规范性文件") if three => 3,
            Some("行政许可" | "行政处罚" | "行政强制" | "行政事业性收费") => 1,
            _ => 0,
        };
        cells.extend(row.iter().skip(1).take(takes));
    }
    cells
}
