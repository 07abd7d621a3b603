//! Tables: captions, headers, row labels, numbers, and cells merged as the statutory tables need them.
//!
//! A cell that holds only `^^` is merged with the cell above it, one that holds only `<<` with the cell to its
//! left. Rows right below the header whose cells are all bold belong to the header, and a header row that is
//! empty throughout is left out. A mark with nothing to merge with is shown as typed.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use super::escape::{push_attribute, push_number};
use super::events::Located;
use super::write::Writer;

/// What a cell holds, as far as the table's shape is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Nothing,
    Number,
    Words,
    /// `^^`
    Up,
    /// `<<`
    Left,
}

#[derive(Debug, Clone)]
struct Cell {
    events: Range<usize>,
    holds: Holds,
    bold: bool,
    rows: usize,
    columns: usize,
    /// Part of a merged cell that begins elsewhere.
    taken: bool,
}

/// The cells of a table, row by row.
#[derive(Debug)]
struct Grid {
    width: usize,
    cells: Vec<Cell>,
    header: Range<usize>,
    body: Range<usize>,
}

impl Grid {
    /// Reads the events of a table from its opening one. Returns the event behind it too.
    fn read(events: &[Located<'_>], start: usize, width: usize) -> (Self, usize) {
        let mut cells: Vec<Cell> = Vec::with_capacity(width * 8);
        let mut at = start + 1;
        let mut rows = 0;
        while at < events.len() {
            match &events[at].0 {
                Event::End(TagEnd::Table) => break,
                Event::Start(Tag::TableCell) => {
                    let is_end = |event: &Located<'_>| matches!(event.0, Event::End(TagEnd::TableCell));
                    let length = events[at..].iter().position(is_end).unwrap_or(1);
                    if cells.len() < (rows + 1) * width {
                        cells.push(cell(events, at + 1..at + length));
                    }
                    at += length;
                }
                Event::End(TagEnd::TableRow | TagEnd::TableHead) => {
                    rows += 1;
                    cells.resize_with(rows * width, || cell(events, at..at));
                }
                _ => {}
            }
            at += 1;
        }
        let mut grid = Self { width, cells, header: 0..0, body: 0..rows };
        grid.divide(rows);
        grid.merge();
        (grid, at + 1)
    }

    fn row(&self, row: usize) -> &[Cell] {
        &self.cells[row * self.width..(row + 1) * self.width]
    }

    /// Tells the rows of the header from those of the body.
    fn divide(&mut self, rows: usize) {
        let is_header = |row: &[Cell]| {
            row.iter().any(|cell| cell.bold)
                && row.iter().all(|cell| cell.bold || !matches!(cell.holds, Holds::Words | Holds::Number))
        };
        let first = usize::from(rows > 0 && self.row(0).iter().all(|cell| cell.holds == Holds::Nothing));
        let from = if first == 1 { 1 } else { 1.min(rows) };
        let end = (from..rows).find(|&row| !is_header(self.row(row))).unwrap_or(rows);
        self.header = first..end.max(first);
        self.body = self.header.end..rows;
    }

    /// Gives each cell the rectangle of merge marks that belongs to it; a header never grows into the body.
    fn merge(&mut self) {
        if !self.cells.iter().any(|cell| matches!(cell.holds, Holds::Up | Holds::Left)) {
            return;
        }
        for group in [self.header.clone(), self.body.clone()] {
            for row in group.clone() {
                for column in 0..self.width {
                    if !self.cells[row * self.width + column].taken {
                        self.grow(row, column, group.end);
                    }
                }
            }
        }
        self.forget_empty_tracks();
    }

    fn grow(&mut self, row: usize, column: usize, end: usize) {
        let width = self.width;
        if matches!(self.cells[row * width + column].holds, Holds::Up | Holds::Left) {
            // Nothing has taken this mark in, so it is text.
            self.cells[row * width + column].holds = Holds::Words;
            return;
        }
        let joins_left = |cell: &Cell| !cell.taken && cell.holds == Holds::Left;
        let columns = 1 + self.row(row)[column + 1..].iter().take_while(|cell| joins_left(cell)).count();
        let joins_up = |cells: &[Cell]| {
            cells[column].holds == Holds::Up
                && cells[column..column + columns]
                    .iter()
                    .all(|cell| !cell.taken && matches!(cell.holds, Holds::Up | Holds::Left))
        };
        let rows = 1 + (row + 1..end).take_while(|&below| joins_up(self.row(below))).count();
        for row in row..row + rows {
            for cell in &mut self.cells[row * width + column..row * width + column + columns] {
                cell.taken = true;
            }
        }
        let cell = &mut self.cells[row * width + column];
        cell.taken = false;
        (cell.rows, cell.columns) = (rows, columns);
    }

    /// HTML wants some cell to begin in every row and column: those where none does are left out.
    fn forget_empty_tracks(&mut self) {
        let rows = self.body.end;
        let starts = |row: usize, column: usize| !self.cells[row * self.width + column].taken;
        let live_rows: Vec<bool> = (0..rows).map(|row| (0..self.width).any(|column| starts(row, column))).collect();
        let shown = self.header.start..rows;
        let live_columns: Vec<bool> =
            (0..self.width).map(|column| shown.clone().any(|row| starts(row, column))).collect();
        for row in 0..rows {
            for column in 0..self.width {
                let cell = &mut self.cells[row * self.width + column];
                if cell.rows > 1 {
                    cell.rows = live_rows[row..row + cell.rows].iter().filter(|&&live| live).count();
                }
                if cell.columns > 1 {
                    cell.columns = live_columns[column..column + cell.columns].iter().filter(|&&live| live).count();
                }
            }
        }
    }

    /// Whether the cells of a column are numbers or empty, with at least one number.
    fn is_numeric(&self, column: usize) -> bool {
        let mut cells = self.body.clone().map(|row| &self.cells[row * self.width + column]);
        cells.clone().any(|cell| cell.holds == Holds::Number) && cells.all(|cell| cell.holds != Holds::Words)
    }
}

fn cell(events: &[Located<'_>], inner: Range<usize>) -> Cell {
    let pieces = &events[inner.clone()];
    let bold = matches!(pieces.first(), Some((Event::Start(Tag::Strong), _)))
        && pieces.iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Strong))) == Some(pieces.len() - 1);
    Cell { events: inner, holds: holds(pieces), bold, rows: 1, columns: 1, taken: false }
}

fn holds(pieces: &[Located<'_>]) -> Holds {
    let (mut digits, mut words, mut marks) = (false, false, String::new());
    for (event, _) in pieces {
        match event {
            Event::Text(text) => {
                let is_mark = text.len() <= 2 && text.bytes().all(|byte| byte == b'^' || byte == b'<');
                if is_mark && marks.len() < 3 {
                    marks.push_str(text);
                    continue;
                }
                for ch in text.chars() {
                    digits |= ch.is_ascii_digit() || ('０'..='９').contains(&ch);
                    words |= !is_of_number(ch);
                }
            }
            Event::Start(Tag::Strong | Tag::Emphasis) | Event::End(TagEnd::Strong | TagEnd::Emphasis) => {}
            _ => words = true,
        }
    }
    match marks.as_str() {
        "^^" if !digits && !words => Holds::Up,
        "<<" if !digits && !words => Holds::Left,
        "" if words => Holds::Words,
        "" if digits => Holds::Number,
        "" => Holds::Nothing,
        _ => Holds::Words,
    }
}

/// Characters of numbers and of what stands for no number: `-`, `—`, `/`.
fn is_of_number(ch: char) -> bool {
    matches!(ch, '0'..='9' | '０'..='９' | ' ' | '　' | '.' | ',' | '，' | '+' | '-' | '−' | '－' | '—' | '–' | '/' | '%' | '％'
        | '‰' | '‱' | '±' | '(' | ')')
}

impl Writer<'_> {
    /// Writes a table with the events of its caption, if it has one. Returns the event behind the table.
    pub fn table(&mut self, at: usize, caption: Option<Range<usize>>) -> usize {
        let events = self.events;
        let Event::Start(Tag::Table(alignments)) = &events[at].0 else { return at + 1 };
        let (grid, behind) = Grid::read(events, at, alignments.len());
        self.tables += 1;
        self.html.push_str("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"");
        match &caption {
            Some(caption) => {
                let label = self.plain_text(caption.clone());
                push_attribute(&mut self.html, &label);
            }
            None => {
                self.html.push_str("表格 ");
                push_number(&mut self.html, self.tables);
            }
        }
        self.html.push_str("\">\n<table>\n");
        let running = std::mem::replace(&mut self.running, false);
        self.in_table = true;
        if let Some(caption) = caption {
            self.html.push_str("<caption>");
            self.write(caption);
            self.html.push_str("</caption>\n");
        }
        let numeric: Vec<bool> = (0..grid.width).map(|column| grid.is_numeric(column)).collect();
        let classes: Vec<&str> =
            alignments.iter().zip(&numeric).map(|(align, numeric)| class(*align, *numeric)).collect();
        let has_labels = numeric.iter().skip(1).any(|&numeric| numeric);
        self.rows(&grid, grid.header.clone(), ["<thead>\n", "</thead>\n"], &classes, |_, cell| {
            if cell.holds == Holds::Nothing { Role::Data } else { Role::Column }
        });
        self.rows(&grid, grid.body.clone(), ["<tbody>\n", "</tbody>\n"], &classes, |column, cell| {
            if has_labels && column == 0 && cell.holds == Holds::Words { Role::Row } else { Role::Data }
        });
        self.in_table = false;
        self.running = running;
        self.html.push_str("</table>\n</div>\n");
        behind
    }

    fn rows(
        &mut self,
        grid: &Grid,
        rows: Range<usize>,
        around: [&str; 2],
        classes: &[&str],
        role: impl Fn(usize, &Cell) -> Role,
    ) {
        if rows.is_empty() {
            return;
        }
        self.html.push_str(around[0]);
        for row in rows {
            let cells = grid.row(row);
            if cells.iter().all(|cell| cell.taken) {
                continue;
            }
            self.html.push_str("<tr>");
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.taken) {
                self.cell(cell, classes[column], role(column, cell));
            }
            self.html.push_str("</tr>\n");
        }
        self.html.push_str(around[1]);
    }

    fn cell(&mut self, cell: &Cell, class: &str, role: Role) {
        let (open, close) = match role {
            Role::Column => ("<th scope=\"col\"", "</th>"),
            Role::Row => ("<th scope=\"row\"", "</th>"),
            Role::Data => ("<td", "</td>"),
        };
        self.html.push_str(open);
        for (name, count) in [(" rowspan=\"", cell.rows), (" colspan=\"", cell.columns)] {
            if count > 1 {
                self.html.push_str(name);
                push_number(&mut self.html, count as u64);
                self.html.push('"');
            }
        }
        self.html.push_str(class);
        self.html.push('>');
        self.write(cell.events.clone());
        self.html.push_str(close);
    }
}

/// What a cell is to its table.
enum Role {
    Column,
    Row,
    Data,
}

fn class(align: Alignment, numeric: bool) -> &'static str {
    match align {
        Alignment::Right => " class=\"num\"",
        Alignment::Center => " class=\"center\"",
        _ if numeric => " class=\"num\"",
        _ => "",
    }
}

/// Whether a paragraph right above a table is its caption: `表1 收费标准`, `表：收费标准`.
pub fn is_caption(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix('表') else { return false };
    rest.starts_with(|ch: char| ch.is_ascii_digit() || "０１２３４５６７８９一二三四五六七八九十：: 　-".contains(ch))
        && text.len() <= 240
        && text.chars().count() <= 60
        && !text.trim_end().ends_with('。')
}
