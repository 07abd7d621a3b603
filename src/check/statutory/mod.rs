//! The statutory tables of the 政府信息公开年报 (国办公开办函〔2021〕30号), told from a body's other tables and read
//! however they were typed: split header rows, merged cells as marks, as empty cells or as repeated words, line
//! breaks and spaces inside cells, full-width digits.

mod cases;
mod requests;
mod sections;

pub(super) use cases::{CaseGroup, case_groups};
pub(super) use requests::{COLUMNS, Requests, Row};
pub(super) use sections::{Section, sections};

use crate::check::radicals;
use crate::model::structure::{Cell, Structure, Table};

/// The first year whose reports have these three tables (国办公开办函〔2019〕60号, replaced by 〔2021〕30号).
pub(super) const FIRST_YEAR: i16 = 2019;

/// The first year whose reports follow 国办公开办函〔2021〕30号.
pub(super) const TODAYS_FORM: i16 = 2021;

/// A statutory table, by its number in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// 二、主动公开政府信息情况; often several tables.
    Disclosed,
    /// 三、收到和处理政府信息公开申请情况.
    Requests,
    /// 四、政府信息公开行政复议、行政诉讼情况.
    Cases,
}

impl Form {
    pub(super) const ALL: [Self; 3] = [Self::Disclosed, Self::Requests, Self::Cases];

    /// What readers call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Disclosed => "主动公开政府信息情况",
            Self::Requests => "收到和处理政府信息公开申请情况",
            Self::Cases => "政府信息公开行政复议、行政诉讼情况",
        }
    }

    /// Which statutory table this is, if it is one. Only words that no other table has decide.
    pub(super) fn of(table: &Table) -> Option<Self> {
        let words: String = table.rows.iter().flatten().map(|cell| fold(&cell.text)).collect();
        let has = |word: &str| words.contains(word);
        if has("予以公开") && has("自然人") || has("本年新收政府信息公开申请") {
            return Some(Self::Requests);
        }
        if has("结果维持") || has("尚未审结") {
            return Some(Self::Cases);
        }
        let heads = ["本年制发", "现行有效件数", "处理决定数量", "本年收费金额", "本年新制作", "上一年项目数量"];
        heads.iter().any(|head| has(head)).then_some(Self::Disclosed)
    }
}

/// Every statutory table of a body, in its order.
pub(super) fn tables(structure: &Structure) -> impl Iterator<Item = (Form, &Table)> {
    structure.tables.iter().filter_map(|table| Some((Form::of(table)?, table)))
}

/// Words without white space, marks of emphasis and invisible characters, in half-width forms and without radicals:
/// what two ways of typing the same thing have in common.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut kept = 0;
    for (at, ch) in text.char_indices() {
        let other = match ch {
            // Nearly all of a text: Chinese characters and their punctuation, letters and figures.
            '\u{3001}'..='\u{fefe}' | '+'..='~' | '!'..=')' => continue,
            '*' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' => None,
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(ch as u32 - 0xfee0),
            '\u{2e80}'..='\u{2fd5}' => Some(radicals::character(ch).unwrap_or(ch)),
            _ => Some(ch).filter(|ch| !ch.is_whitespace()),
        };
        folded.push_str(&text[kept..at]);
        folded.extend(other);
        kept = at + ch.len_utf8();
    }
    folded.push_str(&text[kept..]);
    folded
}

/// What a cell for a number holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Number(i64),
    /// Nothing, or a mark for nothing, where a zero belongs.
    Blank,
    Words,
}

impl Figure {
    pub(super) fn of(cell: &Cell) -> Self {
        let text = fold(&cell.text);
        if text.is_empty() || matches!(text.as_str(), "/" | "\\" | "-" | "—" | "——" | "――" | "–" | "无") {
            return Self::Blank;
        }
        let digits = text.replace(',', "");
        let is_number = digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number).map_or(Self::Words, Self::Number)
    }

    pub(super) fn number(self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Blank | Self::Words => None,
        }
    }
}

/// The words of each cell of a table, with those of merged cells (`^^`, `<<`) in every place that they cover.
pub(super) fn grid(table: &Table) -> Vec<Vec<String>> {
    let mut grid: Vec<Vec<String>> = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut words: Vec<String> = Vec::with_capacity(row.len());
        for (column, cell) in row.iter().enumerate() {
            let own = fold(&cell.text);
            let merged = match own.as_str() {
                "<<" => words.last().cloned(),
                "^^" => grid.last().and_then(|above| above.get(column)).cloned(),
                _ => None,
            };
            words.push(merged.unwrap_or(own));
        }
        grid.push(words);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell { text: text.into(), range: 0..text.len() }
    }

    #[test]
    fn reads_figures_as_they_are_typed() {
        for (typed, read) in [
            ("12", Figure::Number(12)),
            (" １２ ", Figure::Number(12)),
            ("1,234", Figure::Number(1234)),
            ("1，234", Figure::Number(1234)),
            ("", Figure::Blank),
            ("\u{a0}", Figure::Blank),
            ("／", Figure::Blank),
            ("—", Figure::Blank),
            ("12件", Figure::Words),
            ("-3", Figure::Words),
            ("^^", Figure::Words),
        ] {
            assert_eq!(Figure::of(&cell(typed)), read, "{typed}");
        }
    }

    #[test]
    fn merged_cells_have_their_words_everywhere() {
        let row = |cells: &[&str]| cells.iter().map(|text| cell(text)).collect::<Vec<_>>();
        let table = Table { range: 0..1, rows: vec![row(&["甲 乙", "<<", "丙"]), row(&["^^", "丁", "^^"])] };
        assert_eq!(grid(&table), [["甲乙", "甲乙", "丙"], ["甲乙", "丁", "丙"]]);
    }
}
