//! A document as Markdown in the form that this site reads: numbers as text, merged cells as `^^` and `<<`, notes as
//! `[^1]`. What is written is read back at once, paragraph by paragraph: emphasis that would show its asterisks
//! is left out and named.

mod escape;
mod inline;
mod table;

use super::document::{Block, Document, Paragraph, Role};
use super::losses::{Kind, Losses};

/// Where the body's pictures will lie, seen from the report: their numbers in the document → their names.
pub type Names<'a> = &'a dyn Fn(usize) -> String;

/// The body of a document. Paragraphs of the title are left out: it stands in the front matter.
pub fn body(document: &Document, names: Names<'_>, losses: &mut Losses) -> String {
    let mut writer = Writer { document, names, losses, out: String::new(), bullets: Vec::new() };
    writer.blocks(&document.blocks);
    writer.notes();
    writer.out
}

/// Writes one body.
struct Writer<'a> {
    document: &'a Document,
    names: Names<'a>,
    losses: &'a mut Losses,
    out: String,
    /// Levels of the bullets that are open.
    bullets: Vec<u8>,
}

impl Writer<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for (at, block) in blocks.iter().enumerate() {
            match block {
                Block::Paragraph(paragraph) if paragraph.role == Role::Title => {}
                Block::Paragraph(paragraph) => {
                    let below = blocks.get(at + 1).and_then(|next| match next {
                        Block::Paragraph(next) => Some(next),
                        Block::Table(_) => None,
                    });
                    self.paragraph(paragraph, below);
                }
                Block::Table(table) => {
                    self.part();
                    self.table(table);
                }
            }
        }
        self.bullets.clear();
    }

    /// Begins a new block.
    fn part(&mut self) {
        self.bullets.clear();
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph, below: Option<&Paragraph>) {
        if let Some(number) = paragraph.number.as_ref().filter(|number| number.is_bullet())
            && !matches!(paragraph.role, Role::Heading(_))
        {
            return self.bullet(paragraph, number.level);
        }
        let text = match paragraph.role {
            Role::Heading(level) => {
                let words = self.inlines(paragraph, inline::Place::Heading, None);
                if words.is_empty() { words } else { format!("{} {words}", "#".repeat(usize::from(level).min(5) + 1)) }
            }
            _ => self.inlines(paragraph, inline::Place::Paragraph, below),
        };
        if text.is_empty() {
            return;
        }
        self.part();
        self.out.push_str(&text);
        self.out.push('\n');
    }

    fn bullet(&mut self, paragraph: &Paragraph, level: u8) {
        let text = self.inlines(paragraph, inline::Place::Paragraph, None);
        if text.is_empty() {
            return;
        }
        if self.bullets.is_empty() && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.bullets.retain(|open| *open < level);
        let indent = "  ".repeat(self.bullets.len());
        self.bullets.push(level);
        let text = text.replace('\n', &format!("\n{indent}  "));
        self.out.push_str(&format!("{indent}- {text}\n"));
    }

    fn notes(&mut self) {
        for note in &self.document.notes {
            let document = self.document;
            let mut inner =
                Writer { document, names: self.names, losses: self.losses, out: String::new(), bullets: Vec::new() };
            inner.blocks(&note.blocks);
            let text = inner.out.trim_end().replace('\n', "\n    ");
            let text = text.replace("\n    \n", "\n\n");
            self.part();
            self.out.push_str(&format!("[^{}]: {}\n", note.label, text.trim_start()));
        }
    }

    /// The words of a paragraph with their marks; its number in front.
    fn inlines(&mut self, paragraph: &Paragraph, place: inline::Place, below: Option<&Paragraph>) -> String {
        let pen = inline::Pen { document: self.document, names: self.names, place, below };
        let written = pen.write(paragraph, inline::Emphasis::Shown);
        let lost = pen.lost_heights(paragraph);
        if !lost.is_empty() {
            self.losses.add(Kind::Look, paragraph.place, &format!("上下标 raised or lowered: {lost}"));
        }
        if pen.reads_back(paragraph, &written) {
            return written;
        }
        if pen.has_emphasis(paragraph) {
            self.losses.add(Kind::Look, paragraph.place, "粗体或斜体 emphasis");
        }
        pen.write(paragraph, inline::Emphasis::Dropped)
    }
}
