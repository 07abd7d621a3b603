//! Tables: merged cells as `^^` and `<<`, lines inside a cell as `<br>`.

use super::Writer;
use super::inline::Place;
use crate::import::document::{Paragraph, Table, paragraphs};
use crate::import::grid::{Grid, Placed};
use crate::import::losses::Kind;

impl Writer<'_> {
    /// Writes a table.
    pub fn table(&mut self, table: &Table) {
        let Some(grid) = Grid::of(table) else {
            // A table that is no table: a page of a thousand columns says nothing as one.
            self.losses.add(Kind::Look, table.place, "表格太大，改写成段落 table too large: written as paragraphs");
            for row in &table.rows {
                for cell in &row.cells {
                    let mut words = Vec::new();
                    paragraphs(&cell.blocks, &mut |paragraph| words.push(paragraph));
                    words.into_iter().for_each(|paragraph| self.paragraph(paragraph, None));
                }
            }
            return;
        };
        if grid.width == 0 || grid.height == 0 {
            return;
        }
        // A table of one cell is a frame around text.
        if let [only] = grid.cells.as_slice() {
            let inside = only.paragraphs.clone();
            self.out.truncate(self.out.trim_end_matches('\n').len());
            if !self.out.is_empty() {
                self.out.push('\n');
            }
            inside.into_iter().for_each(|paragraph| self.paragraph(paragraph, None));
            return;
        }
        let header = grid.header();
        let rows = self.rows(&grid, header);
        if header == 0 {
            self.row(&vec![String::new(); grid.width]);
            self.rule(&grid);
        }
        for (at, row) in rows.iter().enumerate() {
            self.row(row);
            if at + 1 == 1 && header > 0 {
                self.rule(&grid);
            }
        }
    }

    fn rows(&mut self, grid: &Grid<'_>, header: usize) -> Vec<Vec<String>> {
        let mut rows = vec![vec![String::new(); grid.width]; grid.height];
        for cell in &grid.cells {
            let words = self.cell(cell, (1..header).contains(&cell.row));
            let columns = cell.column..cell.column + cell.columns;
            for (at, row) in rows.iter_mut().enumerate().skip(cell.row).take(cell.rows) {
                let mark = if at == cell.row { "<<" } else { "^^" };
                row[columns.clone()].fill(mark.to_owned());
            }
            rows[cell.row][cell.column] = words;
        }
        rows
    }

    /// A cell's words; those of a second header row are bold, which is how the site knows it.
    fn cell(&mut self, cell: &Placed<'_>, in_header: bool) -> String {
        let lines: Vec<String> = cell.paragraphs.iter().map(|paragraph| self.line(paragraph)).collect();
        let words = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("<br>");
        match words.as_str() {
            // Words that would be taken for a mark.
            "^^" | "<<" => return format!("{} {}", &words[..1], &words[1..]),
            _ => {}
        }
        if in_header && !words.is_empty() { format!("**{}**", words.replace("**", "")) } else { words }
    }

    fn line(&mut self, paragraph: &Paragraph) -> String {
        let words = self.inlines(paragraph, Place::Cell, None);
        match &paragraph.number {
            Some(number) if number.is_bullet() && !words.is_empty() => format!("• {words}"),
            _ => words,
        }
    }

    fn row(&mut self, cells: &[String]) {
        self.out.push('|');
        for cell in cells {
            self.out.push(' ');
            self.out.push_str(cell);
            self.out.push_str(if cell.is_empty() { "|" } else { " |" });
        }
        self.out.push('\n');
    }

    fn rule(&mut self, grid: &Grid<'_>) {
        self.out.push('|');
        self.out.push_str(&" --- |".repeat(grid.width));
        self.out.push('\n');
    }
}
