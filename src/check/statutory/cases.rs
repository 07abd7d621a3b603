//! Table 四: appeals and lawsuits, three groups of four endings and their total.

use super::{Figure, grid};
use crate::model::structure::{Cell, Table};

/// The columns of one group.
const ENDINGS: [&str; 5] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];

/// One group: 行政复议, or lawsuits with or without an appeal before them.
pub(in crate::check) struct CaseGroup<'a> {
    /// Its number in the table, from 0.
    pub(in crate::check) number: usize,
    /// Its five cells, the total last.
    pub(in crate::check) cells: &'a [Cell],
}

impl CaseGroup<'_> {
    /// What readers call it.
    pub(in crate::check) fn name(&self) -> &'static str {
        ["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"][self.number]
    }

    /// Its five figures.
    pub(in crate::check) fn figures(&self) -> Option<[i64; 5]> {
        let mut figures = [0; 5];
        for (figure, cell) in figures.iter_mut().zip(self.cells) {
            *figure = Figure::of(cell).number()?;
        }
        Some(figures)
    }
}

/// The groups of a table; none where its columns are not those of the form.
pub(in crate::check) fn case_groups(table: &Table) -> Vec<CaseGroup<'_>> {
    let words = grid(table);
    let is_group = |row: &[String], at: usize| {
        row.get(at..at + ENDINGS.len()).is_some_and(|cells| cells.iter().zip(ENDINGS).all(|(cell, name)| cell == name))
    };
    let starts = |row: &Vec<String>| (0..row.len()).filter(|&at| is_group(row, at)).collect::<Vec<_>>();
    let Some((head, starts)) = words.iter().enumerate().find_map(|(at, row)| {
        let starts = starts(row);
        (starts.len() == 3).then_some((at, starts))
    }) else {
        return Vec::new();
    };
    let Some(row) = table.rows.get(head + 1) else { return Vec::new() };
    let groups = starts.iter().enumerate().filter_map(|(number, &at)| {
        let cells = row.get(at..at + ENDINGS.len())?;
        let fits = cells.iter().all(|cell| Figure::of(cell) != Figure::Words);
        fits.then_some(CaseGroup { number, cells })
    });
    groups.collect()
}
