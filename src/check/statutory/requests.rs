//! Table 三: requests received and what became of them, 25 rows of six kinds of applicants and their total.

use super::{Figure, grid};
use crate::model::structure::{Cell, Table};

/// The columns, the last of which is the total of the others.
pub(in crate::check) const COLUMNS: [&str; 7] =
    ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"];

/// What a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Row {
    /// 一、本年新收.
    New,
    /// 二、上年结转.
    Carried,
    /// One of the results （一） to （六）, by its group and its number there.
    Result(u8, u8),
    /// （七）总计.
    Total,
    /// 四、结转下年度继续办理.
    Next,
}

/// The results by the words that tell each from all others, in the order in which they are tried.
const RESULTS: &[(&str, Row)] = &[
    ("国家秘密", Row::Result(3, 1)),
    ("禁止公开", Row::Result(3, 2)),
    ("三安全", Row::Result(3, 3)),
    ("第三方", Row::Result(3, 4)),
    ("内部事务", Row::Result(3, 5)),
    ("过程性", Row::Result(3, 6)),
    ("执法案卷", Row::Result(3, 7)),
    ("查询事项", Row::Result(3, 8)),
    ("不掌握", Row::Result(4, 1)),
    ("另行制作", Row::Result(4, 2)),
    ("仍不明确", Row::Result(4, 3)),
    ("信访", Row::Result(5, 1)),
    ("大量反复", Row::Result(5, 4)),
    ("重复申请", Row::Result(5, 2)),
    ("公开出版物", Row::Result(5, 3)),
    ("重新出具", Row::Result(5, 5)),
    ("不补正", Row::Result(6, 1)),
    ("缴纳费用", Row::Result(6, 2)),
    ("部分公开", Row::Result(2, 1)),
    ("予以公开", Row::Result(1, 1)),
];

/// How many results each group has; until 2020 （六） had none of its own and was one row.
const IN_GROUP: [u8; 6] = [1, 1, 8, 3, 5, 3];

/// The table, as far as it can be told for sure what each row and column counts.
pub(in crate::check) struct Requests<'a> {
    /// The known rows in their order, each with its seven cells.
    pub(in crate::check) rows: Vec<(Row, &'a [Cell])>,
    /// Whether every row between the second and （七） is a result that is known, and none is missing.
    pub(in crate::check) complete: bool,
}

impl<'a> Requests<'a> {
    /// Reads a table. `None` where its columns are not the seven in their order.
    pub(in crate::check) fn read(table: &'a Table) -> Option<Self> {
        let words = grid(table);
        let (head, first) = columns(&words)?;
        let mut rows: Vec<(Row, &[Cell])> = Vec::new();
        let mut complete = true;
        for (row, words) in table.rows.iter().zip(&words).skip(head + 1) {
            let Some((labels, cells)) = divide(row, first) else { continue };
            let is_figure = |cell: &Cell| matches!(Figure::of(cell), Figure::Number(_));
            match row_of(&words[..labels]) {
                // Where a row lost or gained a cell, its figures stand under other columns.
                Some(_) if cells.iter().any(|cell| Figure::of(cell) == Figure::Words) => complete = false,
                Some(known) if rows.iter().any(|(row, _)| *row == known) => return None,
                Some(known) => rows.push((known, cells)),
                None => complete &= !cells.iter().any(is_figure),
            }
        }
        let has = |wanted: Row| rows.iter().any(|(row, _)| *row == wanted);
        let group_is_whole = |(group, results): (u8, u8)| {
            (1..=results).all(|number| has(Row::Result(group, number))) || group == 6 && has(Row::Result(6, 0))
        };
        complete &= (1..).zip(IN_GROUP).all(group_is_whole) && !(has(Row::Result(6, 0)) && has(Row::Result(6, 1)));
        Some(Self { rows, complete })
    }

    /// The seven cells of a row.
    pub(in crate::check) fn row(&self, wanted: Row) -> Option<&'a [Cell]> {
        self.rows.iter().find(|(row, _)| *row == wanted).map(|(_, cells)| *cells)
    }

    /// The seven figures of a row.
    pub(in crate::check) fn figures(&self, wanted: Row) -> Option<[Option<i64>; 7]> {
        self.row(wanted).map(figures)
    }

    /// What the results come to in one column; `None` where one of them is missing or no number.
    pub(in crate::check) fn results(&self, column: usize) -> Option<i64> {
        let results = self.rows.iter().filter(|(row, _)| matches!(row, Row::Result(..)));
        let sum = results.map(|(_, cells)| Figure::of(&cells[column]).number()).sum::<Option<i64>>();
        sum.filter(|_| self.complete)
    }
}

/// How many cells of a row are labels, and its seven figures. A row whose merged labels were typed as one cell has
/// its figures further to the left.
fn divide(row: &[Cell], first: usize) -> Option<(usize, &[Cell])> {
    let is_number = |cell: &Cell| matches!(Figure::of(cell), Figure::Number(_));
    match row.iter().position(is_number) {
        Some(at) if at < first => {
            let cells = row.get(at..at + COLUMNS.len())?;
            let rest_is_empty = row[at + COLUMNS.len()..].iter().all(|cell| Figure::of(cell) == Figure::Blank);
            (cells.iter().all(is_number) && rest_is_empty).then_some((at, cells))
        }
        _ => Some((first, row.get(first..first + COLUMNS.len())?)),
    }
}

/// The figures of seven cells.
pub(in crate::check) fn figures(cells: &[Cell]) -> [Option<i64>; 7] {
    std::array::from_fn(|column| cells.get(column).and_then(|cell| Figure::of(cell).number()))
}

/// The last row of the header, and the column of 自然人 behind which the other six stand in their order.
fn columns(words: &[Vec<String>]) -> Option<(usize, usize)> {
    let header = &words[..words.len().min(4)];
    let (at, first) =
        header.iter().enumerate().find_map(|(at, row)| Some((at, row.iter().position(|cell| cell == COLUMNS[0])?)))?;
    let mut last = at;
    for (column, name) in COLUMNS.iter().enumerate() {
        // 法人或其他组织 stands above five of them, and 总计 may stand in any row of the header.
        let found = header.iter().position(|row| row.get(first + column).is_some_and(|cell| cell == name))?;
        last = last.max(found);
    }
    Some((last, first))
}

/// What a row counts, told from the words on its left.
fn row_of(labels: &[String]) -> Option<Row> {
    let own = labels.iter().rev().find(|label| !label.is_empty())?;
    let has = |word: &str| own.contains(word);
    let bare = own.trim_start_matches(|ch: char| ch.is_ascii_digit() || ".、()七六三".contains(ch));
    if has("本年新收") {
        Some(Row::New)
    } else if has("上年结转") {
        Some(Row::Carried)
    } else if has("结转下年") {
        Some(Row::Next)
    } else if let Some((_, row)) = RESULTS.iter().find(|(word, _)| has(word)) {
        Some(*row)
    } else {
        match bare {
            "总计" | "合计" => Some(Row::Total),
            "其他处理" => Some(Row::Result(6, 0)),
            "其他" => Some(Row::Result(6, 3)),
            _ => None,
        }
    }
}
