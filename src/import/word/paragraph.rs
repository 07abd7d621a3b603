//! One paragraph: its properties, its number, its runs, and the text boxes that hang on it.

use std::sync::Arc;

use super::looks::{ParagraphLook, RunLook};
use super::story::Story;
use super::xml::Reader;
use crate::import::document::{Block, Inline, Paragraph, Role, is_blank};
use crate::import::losses::Kind;
use crate::import::refusal::Result;

/// Indented further than this (some six characters), a short line stands to the right.
const FAR: i64 = 3_000;

/// A paragraph while it is read.
#[derive(Debug, Default)]
pub struct Line {
    /// What is read so far.
    pub paragraph: Paragraph,
    /// Text boxes that hang on its beginning.
    pub before: Vec<Block>,
    /// Text boxes further on.
    pub after: Vec<Block>,
    /// What its style says of its runs.
    pub base: RunLook,
    /// Where its words lead.
    pub link: Option<Arc<str>>,
    /// Characters that stand out (bold, or in a face of headings), and all.
    pub standing_out: usize,
    /// All characters that are seen.
    pub seen: usize,
    /// Words of a table of contents that were dropped.
    pub contents: String,
}

impl Line {
    /// Puts a text box where it hangs.
    pub fn hang(&mut self, blocks: Vec<Block>) {
        let is_at_beginning = self.paragraph.inlines.is_empty();
        if is_at_beginning { self.before.extend(blocks) } else { self.after.extend(blocks) }
    }
}

impl Story<'_, '_> {
    /// Reads the `w:p` that is open and adds it, with its text boxes, to `blocks`.
    pub fn paragraph(&mut self, reader: &mut Reader<'_>, blocks: &mut Vec<Block>) -> Result<()> {
        let mut line = Line::default();
        line.paragraph.place = self.found.place;
        let mut look = ParagraphLook::default();
        // A paragraph without properties has a style too.
        let mut is_dressed = false;
        reader.children(|reader, element| {
            if element.name == "w:pPr" && !is_dressed {
                look = ParagraphLook::read(reader)?;
                is_dressed = true;
                look = self.dress(&look, &mut line);
                return Ok(());
            }
            if !is_dressed {
                is_dressed = true;
                look = self.dress(&look, &mut line);
            }
            self.inline(reader, element, &mut line)
        })?;
        if !is_dressed {
            look = self.dress(&look, &mut line);
        }
        line.paragraph.stands_out = line.seen > 0 && line.standing_out == line.seen;
        if line.paragraph.role != Role::Contents && !line.contents.trim().is_empty() && line.paragraph.is_empty() {
            line.paragraph.role = Role::Contents;
        }
        if line.paragraph.role == Role::Contents {
            self.drop_name_of_contents(blocks);
            let words = format!("{}{}", line.contents, line.paragraph.text());
            self.lose(Kind::Contents, &words.split_whitespace().collect::<Vec<_>>().join(" "));
            line.paragraph.inlines.clear();
            line.paragraph.number = None;
        }
        // A hidden mark without words is how people let a list count on: its number is not seen.
        let has_words =
            line.seen > 0 || line.paragraph.inlines.iter().any(|inline| matches!(inline, Inline::Picture(..)));
        if look.mark.hidden == Some(true) && !has_words {
            line.paragraph.number = None;
        }
        let Line { mut paragraph, before, after, .. } = line;
        if let Some(mut first) = self.carried.take() {
            first.inlines.append(&mut paragraph.inlines);
            paragraph = first;
        }
        blocks.extend(before);
        if look.mark.mark_deleted {
            self.carried = Some(paragraph);
        } else if !paragraph.is_empty() {
            blocks.push(Block::Paragraph(paragraph));
        }
        blocks.extend(after);
        Ok(())
    }

    /// The line that names a table of contents goes with it.
    fn drop_name_of_contents(&mut self, blocks: &mut Vec<Block>) {
        let is_name = |text: &str| {
            let bare: String = text.chars().filter(|ch| !is_blank(*ch)).collect();
            ["目录", "目次", "contents", "tableofcontents"].contains(&bare.to_lowercase().as_str())
        };
        let named = blocks.pop_if(|last| matches!(last, Block::Paragraph(line) if is_name(&line.text())));
        if let Some(Block::Paragraph(line)) = named {
            self.found.losses.add(Kind::Contents, line.place, &line.text());
        }
    }

    /// Gives a paragraph what its properties and its style say, and its number.
    fn dress(&mut self, own: &ParagraphLook, line: &mut Line) -> ParagraphLook {
        let named = self.styles.of_paragraph(own.style.as_deref());
        let look = named.map_or_else(|| own.clone(), |(_, style)| own.over(&style.paragraph));
        line.base = named.map(|(_, style)| style.run.clone()).unwrap_or_default();
        line.paragraph.role = match (own.outline, named.map(|(_, style)| style.role())) {
            (_, Some(role @ (Role::Contents | Role::Title))) => role,
            (Some(level @ 0..=8), _) => Role::Heading(level + 1),
            (Some(_), _) => Role::Text,
            (None, role) => role.unwrap_or_default(),
        };
        line.paragraph.centred = matches!(look.alignment.as_deref(), Some("center"));
        line.paragraph.to_the_right = matches!(look.alignment.as_deref(), Some("right" | "end"))
            || look.indent.is_some_and(|indent| indent > FAR);
        if let Some(list) = look.list.filter(|list| *list != 0) {
            let of_style = || self.numbering.level_of_style(list, named.map(|(id, _)| id)?);
            let level = look.level.or_else(of_style).unwrap_or(0);
            line.paragraph.number = self.numbering.next(list, level);
        }
        look
    }

    /// Adds words as they are seen.
    pub fn words(&mut self, line: &mut Line, text: &str, look: &RunLook) -> Result<()> {
        let seen = text.chars().filter(|ch| !is_blank(*ch)).count();
        if self.fields.hide() {
            if self.fields.in_contents() {
                line.contents.push_str(text);
            } else {
                // Inside an instruction nobody sees it.
                self.found.losses.leave_out(text);
            }
            return Ok(());
        }
        if look.hidden == Some(true) {
            self.lose(Kind::Hidden, text);
            return Ok(());
        }
        self.count_piece()?;
        line.seen += seen;
        let bold = look.bold == Some(true);
        if bold || look.heading_face == Some(true) {
            line.standing_out += seen;
        }
        if seen > 0 {
            line.paragraph.size = line.paragraph.size.max(look.size.unwrap_or_default());
            if look.underlined == Some(true) {
                self.lose(Kind::Look, &format!("下划线 underline: {}", text.trim()));
            }
        }
        let shown = crate::import::document::Look {
            bold,
            italic: look.italic == Some(true),
            struck: look.struck == Some(true),
            height: look.height.unwrap_or_default(),
        };
        let link = line.link.clone().or_else(|| self.fields.link());
        line.paragraph.push(text, shown, link.as_ref());
        Ok(())
    }
}
