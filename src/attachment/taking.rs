//! Puts the words of a file together, with the place of each.

use std::ops::Range;

use crate::diagnostic::Text;
use crate::model::contents::{Contents, Mark, MarkKind, Stretch};
use crate::model::structure::{Cell, Table, add_numbers};

/// No attachment that people read has more text, in bytes.
const MOST: usize = 16 << 20;

/// Contents that are being put together.
#[derive(Default)]
pub(super) struct Taking {
    made: Contents,
    table: Option<Table>,
    row: Vec<Cell>,
    cell: Option<usize>,
}

impl Taking {
    /// What comes next stands in another part of the file.
    pub(super) fn stretch(&mut self, name: Text, rows: bool) {
        self.end_line();
        self.made.stretches.push(Stretch { start: self.made.text.len(), name, rows });
    }

    /// Whether more can be taken in.
    pub(super) fn has_room(&self) -> bool {
        self.made.text.len() < MOST
    }

    /// Adds words; line breaks in them become spaces.
    pub(super) fn words(&mut self, words: &str) {
        if self.has_room() {
            self.made.text.extend(words.chars().map(|ch| if ch.is_control() { ' ' } else { ch }));
        }
    }

    /// Ends a paragraph. Within a cell of a table it is only a space.
    pub(super) fn end_line(&mut self) {
        if self.cell.is_some() {
            if !self.made.text.ends_with([' ', '\t', '\n']) {
                self.made.text.push(' ');
            }
        } else if !self.made.text.is_empty() && !self.made.text.ends_with('\n') {
            self.made.text.push('\n');
        }
    }

    /// A line of its own, whole.
    pub(super) fn line(&mut self, words: &str) -> Range<usize> {
        self.end_line();
        let start = self.at();
        self.words(words);
        let range = start..self.at();
        // A row that holds nothing is a row all the same.
        self.made.text.push('\n');
        range
    }

    /// Where the next words will stand.
    pub(super) fn at(&self) -> usize {
        self.made.text.len()
    }

    /// Notes that the words since `start` are not plainly there.
    pub(super) fn mark(&mut self, kind: MarkKind, start: usize) {
        let words = &self.made.text[start..];
        let skipped = words.len() - words.trim_start().len();
        let end = start + words.trim_end().len();
        self.made.marks.push(Mark { kind, range: start + skipped.min(end - start)..end });
    }

    pub(super) fn begin_table(&mut self) {
        self.end_line();
        self.table = Some(Table { range: self.at()..self.at(), rows: Vec::new() });
    }

    pub(super) fn begin_cell(&mut self) {
        self.cell = Some(self.at());
    }

    pub(super) fn end_cell(&mut self) {
        let Some(start) = self.cell.take() else { return };
        let text = self.made.text[start..].trim().to_owned();
        let skipped = self.made.text[start..].len() - self.made.text[start..].trim_start().len();
        let range = start + skipped..start + skipped + text.len();
        self.row.push(Cell { text, range });
        self.made.text.push('\t');
    }

    pub(super) fn end_row(&mut self) {
        self.cell = None;
        let row = std::mem::take(&mut self.row);
        if let Some(table) = &mut self.table {
            table.rows.push(row);
        }
        self.made.text.push('\n');
    }

    pub(super) fn end_table(&mut self) {
        if let Some(mut table) = self.table.take() {
            table.range.end = self.at();
            self.made.structure.tables.push(table);
        }
    }

    pub(super) fn finish(mut self) -> Contents {
        self.end_table();
        let Contents { text, structure, .. } = &mut self.made;
        add_numbers(&mut structure.numbers, text, 0);
        structure.prose.push(0..text.len());
        self.made.marks.sort_by_key(|mark| mark.range.start);
        self.made
    }
}
