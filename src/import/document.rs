//! A document as it was read, whatever program made it: paragraphs and tables in their order, with the numbers
//! that a reader of it saw. Nothing here knows of Word or of Markdown.

use std::sync::Arc;

use super::losses::Losses;

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Document {
    /// The body.
    pub blocks: Vec<Block>,
    /// Footnotes and endnotes, in the order of their marks.
    pub notes: Vec<Note>,
    /// Pictures, in the order of their first use.
    pub pictures: Vec<Picture>,
    /// What was left behind.
    pub losses: Losses,
    /// Whether places are lines of a text file; otherwise they are paragraphs.
    pub has_lines: bool,
}

/// A piece of the body.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

/// A paragraph.
#[derive(Debug, Clone, Default)]
pub struct Paragraph {
    /// Its number in the file, from 1: paragraphs of a document, lines of a text.
    pub place: usize,
    /// What it holds.
    pub inlines: Vec<Inline>,
    /// The number that stands in front of it, though nobody typed it.
    pub number: Option<Number>,
    /// What kind of paragraph its style makes it.
    pub role: Role,
    /// Centred, as titles are.
    pub centred: bool,
    /// Right-aligned or far indented, as signatures are.
    pub to_the_right: bool,
    /// Height of its largest characters in half points; 0 where nothing says.
    pub size: u16,
    /// Set in a face of headings (黑体, 楷体, 小标宋) throughout, or bold throughout.
    pub stands_out: bool,
}

/// What a style says of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Text.
    #[default]
    Text,
    /// The title of the whole document.
    Title,
    /// A heading, its level from 1.
    Heading(u8),
    /// A line of a table of contents.
    Contents,
}

/// What stands in front of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// `一、`, `（一）`, `1.`; empty for a bullet.
    pub text: String,
    /// Its depth in its list, from 0.
    pub level: u8,
}

impl Number {
    /// Whether it is a bullet.
    pub fn is_bullet(&self) -> bool {
        self.text.is_empty()
    }
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Words of one look.
    Text(Span),
    /// A line break.
    Break,
    /// A picture, by its number in [`Document::pictures`], with its description.
    Picture(usize, String),
    /// The mark of a note, by its number in [`Document::notes`].
    Note(usize),
}

/// Words of one look.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Span {
    /// The words.
    pub text: String,
    /// Their look.
    pub look: Look,
    /// Where they lead.
    pub link: Option<Arc<str>>,
}

/// The look of words, as far as a page of this site can show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Struck through.
    pub struck: bool,
    /// Raised or lowered.
    pub height: Height,
}

/// Raised or lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Height {
    /// On the line.
    #[default]
    Line,
    /// `m²`
    Raised,
    /// `CO₂`
    Lowered,
}

/// A note.
#[derive(Debug, Clone, Default)]
pub struct Note {
    /// Its label in Markdown: `1`, or `w1` for an endnote.
    pub label: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Extension of its file: `png`, `jpg`, `gif`, `webp`, `bmp`.
    pub extension: &'static str,
    /// Its bytes, without what its camera or program wrote into it.
    pub bytes: Vec<u8>,
}

/// A table; its rows may be of different lengths.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Its number among the paragraphs of the file.
    pub place: usize,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Columns that are left out in front of its first cell.
    pub before: usize,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Repeated on every page: part of the header.
    pub is_header: bool,
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// What it holds.
    pub blocks: Vec<Block>,
    /// How many columns it covers.
    pub columns: usize,
    /// Joined with the cell above.
    pub joins_above: bool,
}

impl Paragraph {
    /// A paragraph of plain words.
    pub fn plain(place: usize, text: &str) -> Self {
        let span = Span { text: text.to_owned(), ..Span::default() };
        Self { place, inlines: vec![Inline::Text(span)], ..Self::default() }
    }

    /// Its words without any look, breaks as line breaks, its number in front.
    pub fn text(&self) -> String {
        let mut text = self.number.as_ref().map(|number| number.text.clone()).unwrap_or_default();
        for inline in &self.inlines {
            match inline {
                Inline::Text(span) => text.push_str(&span.text),
                Inline::Break => text.push('\n'),
                Inline::Picture(..) | Inline::Note(_) => {}
            }
        }
        text
    }

    /// Whether nothing of it can be seen.
    pub fn is_empty(&self) -> bool {
        self.number.is_none()
            && self.inlines.iter().all(|inline| match inline {
                Inline::Text(span) => span.text.chars().all(is_blank),
                Inline::Break => true,
                Inline::Picture(..) | Inline::Note(_) => false,
            })
    }

    /// Adds words; those of the look before them become one with it.
    pub fn push(&mut self, text: &str, look: Look, link: Option<&Arc<str>>) {
        if text.is_empty() {
            return;
        }
        if let Some(Inline::Text(last)) = self.inlines.last_mut()
            && last.look == look
            && last.link.as_ref() == link
        {
            last.text.push_str(text);
            return;
        }
        self.inlines.push(Inline::Text(Span { text: text.to_owned(), look, link: link.cloned() }));
    }
}

/// Characters that show nothing: spaces, and marks without width.
pub fn is_blank(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// All paragraphs of some blocks, those of tables too, in their order.
pub fn paragraphs<'a>(blocks: &'a [Block], each: &mut dyn FnMut(&'a Paragraph)) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => each(paragraph),
            Block::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    paragraphs(&cell.blocks, each);
                }
            }
        }
    }
}
