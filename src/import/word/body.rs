//! Paragraphs and tables in their order.

use super::story::Story;
use super::xml::{Element, Reader};
use crate::import::document::{Block, Paragraph, Table};
use crate::import::losses::Kind;
use crate::import::refusal::Result;

impl Story<'_, '_> {
    /// Reads the blocks inside the element that is open, to its end.
    pub fn blocks(&mut self, reader: &mut Reader<'_>) -> Result<Vec<Block>> {
        let outer = self.carried.take();
        let mut blocks = Vec::new();
        self.blocks_into(reader, &mut blocks)?;
        if let Some(last) = std::mem::replace(&mut self.carried, outer) {
            blocks.push(Block::Paragraph(last));
        }
        Ok(blocks)
    }

    fn blocks_into(&mut self, reader: &mut Reader<'_>, blocks: &mut Vec<Block>) -> Result<()> {
        reader.children(|reader, element| self.block(reader, element, blocks))
    }

    /// Reads one block.
    pub fn block(&mut self, reader: &mut Reader<'_>, element: &Element, blocks: &mut Vec<Block>) -> Result<()> {
        match element.name.as_str() {
            "w:p" => {
                self.count_block()?;
                self.found.place += 1;
                self.paragraph(reader, blocks)
            }
            "w:tbl" => {
                let table = self.table(reader)?;
                push_table(blocks, table);
                Ok(())
            }
            "w:sdt" => reader.children(|reader, element| match element.name.as_str() {
                "w:sdtContent" => self.blocks_into(reader, blocks),
                _ => Ok(()),
            }),
            "w:customXml" | "w:smartTag" | "w:ins" | "w:moveTo" | "w:sdtContent" => self.blocks_into(reader, blocks),
            "w:del" | "w:moveFrom" => {
                let gone = self.deleted_text(reader)?;
                self.lose(Kind::Deleted, &gone);
                Ok(())
            }
            "mc:AlternateContent" => {
                let mut taken = false;
                reader.children(|reader, element| {
                    if !taken && matches!(element.name.as_str(), "mc:Choice" | "mc:Fallback") {
                        let before = blocks.len();
                        self.blocks_into(reader, blocks)?;
                        taken = blocks.len() > before;
                    }
                    Ok(())
                })
            }
            "w:altChunk" => {
                let target =
                    element.get("r:id").and_then(|id| self.relations.get(id)).map(|found| found.target.clone());
                self.lose(Kind::Part, &target.unwrap_or_else(|| "altChunk".into()));
                Ok(())
            }
            "w:bookmarkStart" => {
                self.bookmark(element);
                Ok(())
            }
            // A formula that stands alone.
            "m:oMathPara" | "m:oMath" => {
                let text = super::math::line(reader)?;
                if !text.trim().is_empty() {
                    self.lose(Kind::Formula, &text);
                    blocks.push(Block::Paragraph(Paragraph::plain(self.found.place, &text)));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Names a bookmark; those that Word sets by itself say nothing to anybody.
    pub fn bookmark(&mut self, element: &Element) {
        let name = element.get("w:name").unwrap_or_default();
        if !name.is_empty() && !name.starts_with("_Toc") && !name.starts_with("_Ref") && !name.starts_with("_Hlk") {
            self.lose(Kind::Bookmark, name);
        }
    }

    /// The text of what is open, deleted or not.
    pub fn deleted_text(&mut self, reader: &mut Reader<'_>) -> Result<String> {
        let mut words = String::new();
        words_of(reader, &mut words)?;
        Ok(words)
    }
}

/// Tables without a paragraph between them are one table to Word, unless their grids differ; kept apart here.
fn push_table(blocks: &mut Vec<Block>, table: Table) {
    if !table.rows.is_empty() {
        blocks.push(Block::Table(table));
    }
}

fn words_of(reader: &mut Reader<'_>, words: &mut String) -> Result<()> {
    reader.children(|reader, element| match element.name.as_str() {
        "w:t" | "w:delText" | "m:t" => {
            words.push_str(&reader.text()?);
            Ok(())
        }
        "w:instrText" | "w:delInstrText" => Ok(()),
        _ => words_of(reader, words),
    })
}

/// All words of what is open, for what is only listed.
pub fn plain_words(reader: &mut Reader<'_>) -> Result<String> {
    let mut words = String::new();
    words_of(reader, &mut words)?;
    Ok(words)
}
