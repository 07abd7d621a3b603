//! Tables as rectangles: every cell knows the rows and columns that it covers, and a table inside a cell has become
//! part of the grid around it.
//!
//! Markdown has no tables inside tables. A cell that holds one is cut into as many rows and columns as the inner
//! table has, and its neighbours are stretched beside it: the same lines on the page, and every word in its place.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Block, Paragraph, Table};

/// Columns are placed on a line on which each outer column is so long, so that halves, thirds and so on of it
/// meet exactly.
const COLUMN: i64 = 720_720;
/// More places for cells than this are not laid out; such a table is written as paragraphs.
const MOST_SLOTS: usize = 500_000;
/// So many places a cell may take on the average. Real tables have some two; one that is nearly empty is made to
/// fill memory.
const SLOTS_PER_CELL: usize = 64;

/// A cell in its place.
#[derive(Debug, Clone)]
pub struct Placed<'a> {
    /// What it holds.
    pub paragraphs: Vec<&'a Paragraph>,
    /// Its first row.
    pub row: usize,
    /// Its first column.
    pub column: usize,
    /// How many rows it covers.
    pub rows: usize,
    /// How many columns it covers.
    pub columns: usize,
    /// In a row that is repeated on every page.
    pub is_header: bool,
}

/// A table as a rectangle.
#[derive(Debug, Default)]
pub struct Grid<'a> {
    /// Its columns.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// Its cells, by row and column. None covers what another covers.
    pub cells: Vec<Placed<'a>>,
}

/// A cell on the line of columns, before the columns are counted.
#[derive(Debug, Clone)]
struct Loose<'a> {
    paragraphs: Vec<&'a Paragraph>,
    row: usize,
    rows: usize,
    from: i64,
    to: i64,
    is_header: bool,
}

impl<'a> Grid<'a> {
    /// Lays a table out; `None` for one that is too large.
    pub fn of(table: &'a Table) -> Option<Self> {
        let (loose, height) = laid_out(table);
        let starts: BTreeSet<i64> = loose.iter().map(|cell| cell.from).collect();
        let columns: BTreeMap<i64, usize> = starts.into_iter().zip(0..).collect();
        let width = columns.len();
        let slots = width * height;
        if slots > MOST_SLOTS || slots > SLOTS_PER_CELL * (loose.len() + 16) {
            return None;
        }
        let column_of = |at: i64| columns.range(at..).next().map_or(width, |(_, column)| *column);
        let mut taken = vec![false; width * height];
        let mut cells = Vec::with_capacity(loose.len());
        for cell in loose {
            let column = column_of(cell.from);
            let columns = column_of(cell.to).max(column + 1) - column;
            let mut placed = Placed {
                paragraphs: cell.paragraphs,
                row: cell.row,
                column,
                rows: cell.rows,
                columns,
                is_header: cell.is_header,
            };
            placed.shrink(&taken, width);
            for row in placed.row..placed.row + placed.rows {
                taken[row * width + placed.column..row * width + placed.column + placed.columns].fill(true);
            }
            cells.push(placed);
        }
        cells.sort_by_key(|cell| (cell.row, cell.column));
        Some(Self { width, height, cells })
    }

    /// How many rows at the top are the header: those that Word repeats, or the first one if it looks like one,
    /// with all rows that its cells reach into.
    pub fn header(&self) -> usize {
        let marked = self.cells.iter().filter(|cell| cell.is_header).map(|cell| cell.row + 1).max().unwrap_or(0);
        let rows = if marked > 0 { marked } else { usize::from(self.first_row_names_columns()) };
        let mut end = rows;
        loop {
            let reach = self.cells.iter().filter(|cell| cell.row < end).map(|cell| cell.row + cell.rows).max();
            match reach {
                Some(reach) if reach > end => end = reach,
                _ => break,
            }
        }
        // A header that reaches through the whole table is none.
        if end >= self.height { 0 } else { end }
    }

    /// Whether the first row looks like a header: every cell of it has words, and something tells it from the rows
    /// of a form: it stands out, or numbers stand below, or there are many rows.
    fn first_row_names_columns(&self) -> bool {
        let first: Vec<_> = self.cells.iter().filter(|cell| cell.row == 0).collect();
        let names = |cell: &&Placed<'_>| {
            let text = cell.text();
            !text.is_empty() && !is_number(&text) && text.chars().count() <= 60
        };
        let stands_out = |cell: &&Placed<'_>| cell.paragraphs.iter().all(|paragraph| paragraph.stands_out);
        let numbers_below = || self.cells.iter().any(|cell| cell.row > 0 && is_number(&cell.text()));
        self.height > 1
            && self.width > 1
            && first.iter().all(names)
            && (self.height > 3 || first.iter().all(stands_out) || numbers_below())
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|ch| ch.is_ascii_digit() || ch.is_ascii_punctuation() || ch == ' ')
}

impl Placed<'_> {
    fn text(&self) -> String {
        self.paragraphs.iter().map(|paragraph| paragraph.text()).collect::<String>().trim().to_owned()
    }

    /// Gives up what another cell covers already: a file may be wrong about its merges.
    fn shrink(&mut self, taken: &[bool], width: usize) {
        let is_free = |row: usize, column: usize| taken.get(row * width + column) == Some(&false);
        while self.columns > 1 && !is_free(self.row, self.column + self.columns - 1) {
            self.columns -= 1;
        }
        let row_is_free = |row: usize| (self.column..self.column + self.columns).all(|column| is_free(row, column));
        self.rows = 1 + (self.row + 1..self.row + self.rows).take_while(|&row| row_is_free(row)).count();
    }
}

/// A part of a cell: text, or a table inside it.
enum Part<'a> {
    Text(Vec<&'a Paragraph>),
    Table(Vec<Loose<'a>>, usize),
}

impl Part<'_> {
    fn height(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::Table(_, height) => (*height).max(1),
        }
    }
}

/// A cell of the outer table with its parts.
struct Outer<'a> {
    parts: Vec<Part<'a>>,
    row: usize,
    rows: usize,
    from: i64,
    to: i64,
    is_header: bool,
}

/// The cells of a table with everything inside them, and the number of its rows.
fn laid_out(table: &Table) -> (Vec<Loose<'_>>, usize) {
    let cells = merged(table);
    // Each row is as high as the highest cell that begins in it.
    let mut heights = vec![1; table.rows.len()];
    for cell in &cells {
        let height: usize = cell.parts.iter().map(Part::height).sum();
        heights[cell.row] = heights[cell.row].max(height);
    }
    let mut tops = Vec::with_capacity(heights.len() + 1);
    tops.push(0);
    for height in &heights {
        tops.push(tops[tops.len() - 1] + height);
    }
    let mut loose = Vec::new();
    for cell in cells {
        let (mut top, bottom) = (tops[cell.row], tops[cell.row + cell.rows]);
        let count = cell.parts.len();
        for (at, part) in cell.parts.into_iter().enumerate() {
            let is_last = at + 1 == count;
            let end = if is_last { bottom } else { top + part.height() };
            match part {
                Part::Text(paragraphs) => loose.push(Loose {
                    paragraphs,
                    row: top,
                    rows: end - top,
                    from: cell.from,
                    to: cell.to,
                    is_header: cell.is_header,
                }),
                Part::Table(inner, height) => place_inside(inner, height, top..end, cell.from..cell.to, &mut loose),
            }
            top = end;
        }
    }
    (loose, tops[tops.len() - 1])
}

/// Puts the cells of an inner table into the place of its cell; its last row fills what is left below.
fn place_inside<'a>(
    inner: Vec<Loose<'a>>,
    height: usize,
    rows: std::ops::Range<usize>,
    span: std::ops::Range<i64>,
    loose: &mut Vec<Loose<'a>>,
) {
    let width = inner.iter().map(|cell| cell.to).max().unwrap_or(1).max(1);
    let scaled = |at: i64| span.start + ((span.end - span.start) as i128 * at as i128 / width as i128) as i64;
    for cell in inner {
        let reaches_end = cell.row + cell.rows >= height;
        let end = if reaches_end { rows.end } else { rows.start + cell.row + cell.rows };
        loose.push(Loose {
            row: rows.start + cell.row,
            rows: end - (rows.start + cell.row),
            from: scaled(cell.from),
            to: scaled(cell.to),
            is_header: false,
            ..cell
        });
    }
}

/// The cells of a table, those that join the one above put together with it.
fn merged(table: &Table) -> Vec<Outer<'_>> {
    let mut cells: Vec<Outer<'_>> = Vec::new();
    // Cells of the row above, by their first column.
    let mut above: BTreeMap<i64, usize> = BTreeMap::new();
    let widest = table.rows.iter().map(|row| row.before + row.cells.iter().map(|cell| cell.columns).sum::<usize>());
    let widest = widest.max().unwrap_or(0) as i64 * COLUMN;
    for (number, row) in table.rows.iter().enumerate() {
        let mut here = BTreeMap::new();
        let mut from = row.before as i64 * COLUMN;
        if from > 0 {
            cells.push(Outer {
                parts: vec![Part::Text(Vec::new())],
                row: number,
                rows: 1,
                from: 0,
                to: from,
                is_header: row.is_header,
            });
        }
        for cell in &row.cells {
            let to = from + cell.columns as i64 * COLUMN;
            let joined = above.get(&from).copied().filter(|&at| cell.joins_above && cells[at].to == to);
            let at = match joined {
                Some(at) => {
                    cells[at].rows += 1;
                    at
                }
                None => {
                    let parts = parts(&cell.blocks);
                    cells.push(Outer { parts, row: number, rows: 1, from, to, is_header: row.is_header });
                    cells.len() - 1
                }
            };
            here.insert(from, at);
            from = to;
        }
        if from < widest {
            cells.push(Outer {
                parts: vec![Part::Text(Vec::new())],
                row: number,
                rows: 1,
                from,
                to: widest,
                is_header: row.is_header,
            });
        }
        above = here;
    }
    cells
}

fn parts(blocks: &[Block]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for block in blocks {
        match (block, parts.last_mut()) {
            (Block::Paragraph(paragraph), Some(Part::Text(text))) => text.push(paragraph),
            (Block::Paragraph(paragraph), _) => parts.push(Part::Text(vec![paragraph])),
            (Block::Table(table), _) => {
                let (inner, height) = laid_out(table);
                parts.push(Part::Table(inner, height));
            }
        }
    }
    if parts.is_empty() {
        parts.push(Part::Text(Vec::new()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::document::{Cell, Row};

    fn text(words: &str) -> Block {
        Block::Paragraph(Paragraph::plain(1, words))
    }

    fn row(cells: Vec<(Vec<Block>, usize, bool)>) -> Row {
        let cells = cells.into_iter().map(|(blocks, columns, joins_above)| Cell { blocks, columns, joins_above });
        Row { cells: cells.collect(), ..Row::default() }
    }

    fn drawn(table: &Table) -> Vec<String> {
        let grid = Grid::of(table).unwrap();
        let cells = grid.cells.iter().map(|cell| {
            let words: String = cell.paragraphs.iter().map(|paragraph| paragraph.text()).collect();
            format!("{words} {}+{} {}+{}", cell.row, cell.rows, cell.column, cell.columns)
        });
        cells.collect()
    }

    #[test]
    fn merged_cells_are_one() {
        let table = Table {
            rows: vec![
                row(vec![(vec![text("甲")], 1, false), (vec![text("乙")], 2, false)]),
                row(vec![(vec![], 1, true), (vec![text("丙")], 1, false), (vec![text("丁")], 1, false)]),
            ],
            ..Table::default()
        };
        assert_eq!(drawn(&table), ["甲 0+2 0+1", "乙 0+1 1+2", "丙 1+1 1+1", "丁 1+1 2+1"]);
    }

    #[test]
    fn a_table_in_a_cell_becomes_part_of_the_grid() {
        let inner = Table {
            rows: vec![
                row(vec![(vec![text("一")], 1, false), (vec![text("二")], 1, false)]),
                row(vec![(vec![text("三")], 1, false), (vec![text("四")], 1, false)]),
            ],
            ..Table::default()
        };
        let table = Table {
            rows: vec![row(vec![(vec![text("左")], 1, false), (vec![text("上"), Block::Table(inner)], 1, false)])],
            ..Table::default()
        };
        assert_eq!(drawn(&table), ["左 0+3 0+1", "上 0+1 1+2", "一 1+1 1+1", "二 1+1 2+1", "三 2+1 1+1", "四 2+1 2+1"]);
    }

    #[test]
    fn wrong_merges_lose_nothing() {
        let table = Table {
            rows: vec![
                row(vec![(vec![text("甲")], 1, true)]),
                row(vec![(vec![text("乙")], 3, true), (vec![text("丙")], 1, false)]),
            ],
            ..Table::default()
        };
        let all = drawn(&table).concat();
        assert!(["甲", "乙", "丙"].iter().all(|words| all.contains(words)), "{all}");
    }
}
