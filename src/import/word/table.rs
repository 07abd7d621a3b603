//! Tables as Word writes them: rows of cells that cover columns and join the cell above.

use super::body::plain_words;
use super::story::Story;
use super::xml::{Element, Reader};
use crate::import::document::{Cell, Row, Table};
use crate::import::losses::Kind;
use crate::import::refusal::Result;

/// A cell that covers more columns is a mistake; Word itself stops at 63.
const WIDEST: usize = 512;

impl Story<'_, '_> {
    /// Reads the `w:tbl` that is open.
    pub fn table(&mut self, reader: &mut Reader<'_>) -> Result<Table> {
        let mut table = Table { place: self.found.place + 1, rows: Vec::new() };
        self.rows(reader, &mut table)?;
        Ok(table)
    }

    fn rows(&mut self, reader: &mut Reader<'_>, table: &mut Table) -> Result<()> {
        reader.children(|reader, element| match element.name.as_str() {
            "w:tr" => {
                if let Some(row) = self.row(reader)? {
                    table.rows.push(row);
                }
                Ok(())
            }
            "w:sdt" | "w:sdtContent" | "w:customXml" | "w:ins" | "w:smartTag" => self.rows(reader, table),
            _ => Ok(()),
        })
    }

    /// A row; `None` for one that was deleted under tracked changes.
    fn row(&mut self, reader: &mut Reader<'_>) -> Result<Option<Row>> {
        self.count_block()?;
        let mut row = Row::default();
        let mut is_deleted = false;
        let mut gone = String::new();
        self.cells(reader, &mut row, &mut is_deleted, &mut gone)?;
        if is_deleted {
            self.lose(Kind::Deleted, &gone);
            self.found.losses.leave_out(&gone);
            return Ok(None);
        }
        Ok(Some(row))
    }

    fn cells(
        &mut self,
        reader: &mut Reader<'_>,
        row: &mut Row,
        is_deleted: &mut bool,
        gone: &mut String,
    ) -> Result<()> {
        reader.children(|reader, element| match element.name.as_str() {
            "w:trPr" => reader.children(|_, element| {
                match element.name.as_str() {
                    "w:gridBefore" => row.before = span(element).min(WIDEST),
                    "w:tblHeader" => row.is_header = element.is_on(),
                    "w:del" => *is_deleted = true,
                    _ => {}
                }
                Ok(())
            }),
            "w:tc" if *is_deleted => {
                gone.push_str(&plain_words(reader)?);
                gone.push(' ');
                Ok(())
            }
            "w:tc" => self.cell(reader, row),
            "w:sdt" | "w:sdtContent" | "w:customXml" | "w:ins" | "w:smartTag" => {
                self.cells(reader, row, is_deleted, gone)
            }
            _ => Ok(()),
        })
    }

    fn cell(&mut self, reader: &mut Reader<'_>, row: &mut Row) -> Result<()> {
        self.count_block()?;
        let mut cell = Cell { columns: 1, ..Cell::default() };
        let mut joins_left = false;
        // The cell's properties stand first; everything behind them is its content.
        let mut blocks = Vec::new();
        let outer = self.carried.take();
        reader.children(|reader, element| match element.name.as_str() {
            "w:tcPr" => reader.children(|_, element| {
                match element.name.as_str() {
                    "w:gridSpan" => cell.columns = span(element).clamp(1, WIDEST),
                    "w:vMerge" => cell.joins_above = element.value() != Some("restart"),
                    "w:hMerge" => joins_left = element.value() != Some("restart"),
                    _ => {}
                }
                Ok(())
            }),
            _ => self.block(reader, element, &mut blocks),
        })?;
        if let Some(last) = std::mem::replace(&mut self.carried, outer) {
            blocks.push(crate::import::document::Block::Paragraph(last));
        }
        cell.blocks = blocks;
        if joins_left && let Some(left) = row.cells.last_mut() {
            left.columns = (left.columns + cell.columns).min(WIDEST);
            left.blocks.append(&mut cell.blocks);
            return Ok(());
        }
        row.cells.push(cell);
        Ok(())
    }
}

fn span(element: &Element) -> usize {
    element.number().and_then(|span| usize::try_from(span).ok()).unwrap_or(1)
}
