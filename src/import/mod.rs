//! Word files and plain text into reports.
//!
//! 1. A file becomes a [`document::Document`]: [`word`] reads .docx itself, [`plain`] text, [`office`] lets
//!    LibreOffice make a .docx of everything else.
//! 2. [`outline`] finds the headings, [`guess`] what the front matter should say, each with its reason.
//! 3. [`markdown`] writes the body in the form that this site reads; [`report`] puts front matter and body together.
//! 4. [`compare`] holds the words of the report against those of the file.
//!
//! A file that was sent to a clerk by somebody is no friend: everything is bounded (size, depth, entries, ratio),
//! nothing in it is executed or fetched, and nothing is written but the report, its pictures, and its original.

pub mod compare;
pub mod document;
mod grid;
pub mod guess;
mod link;
pub mod losses;
mod markdown;
pub mod office;
mod outline;
mod pictures;
mod plain;
pub mod refusal;
pub mod report;
pub mod shelf;
mod word;

use compare::Comparison;
use document::{Block, Document, Inline, Paragraph, Role};
use guess::Guesses;
use losses::Losses;
use refusal::{Refusal, Result};

use crate::config::Config;
use crate::{package, text};

pub use word::LARGEST_FILE;

/// Extensions of files that a folder is searched for.
pub const EXTENSIONS: [&str; 9] = ["docx", "docm", "dotx", "doc", "wps", "rtf", "odt", "txt", "text"];

/// A file as it was read.
#[derive(Debug)]
pub enum Read {
    /// What it holds.
    Document(Box<Document>),
    /// LibreOffice must make a .docx of it first; with the extension that it should be given.
    Other(&'static str),
}

/// Reads a file by what its bytes are. `extension` is that of its name, in small letters.
pub fn read(bytes: &[u8], extension: &str) -> Result<Read> {
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Refusal::beyond(text!("文件太大", "the file is far too large")));
    }
    if package::is_encrypted(bytes) {
        return Err(Refusal::encrypted());
    }
    if let Some(other) = office::extension(bytes, extension) {
        return Ok(Read::Other(other));
    }
    let document = if bytes.starts_with(b"PK") {
        word::read(bytes)?
    } else if bytes.starts_with(b"%PDF") {
        return Err(Refusal::damaged(text!("PDF 不能导入", "a PDF cannot be imported")));
    } else if ["txt", "text"].contains(&extension) {
        plain::read(bytes)?
    } else {
        return Err(Refusal::damaged(text!("文件损坏，或者不是文档", "the file is damaged, or no document")));
    };
    if compare::says_nothing(&document) {
        if document.losses.sorted().iter().any(|loss| loss.kind == losses::Kind::Part) {
            return Err(Refusal::damaged(text!(
                "正文是嵌入的另一个文件，没有读取",
                "the text is another file embedded in this one, which is not read"
            )));
        }
        return Err(Refusal::damaged(text!("文件里没有正文", "there is no text in the file")));
    }
    Ok(Read::Document(Box::new(document)))
}

/// A document ready to be written: headings found, front matter guessed.
#[derive(Debug)]
pub struct Prepared {
    /// The document; the paragraphs of its title are marked as such.
    pub document: Document,
    /// What its front matter should say.
    pub guesses: Guesses,
}

/// Finds headings and front matter. `name` is that of the file, without its extension.
pub fn prepare(mut document: Document, config: &Config, name: &str) -> Prepared {
    let guesses = guess::guess(&document, config, name);
    for block in &mut document.blocks {
        if let Block::Paragraph(paragraph) = block {
            let is_title = guesses.title_places.contains(&paragraph.place) && is_all_title(paragraph, &guesses);
            paragraph.role = match paragraph.role {
                _ if is_title => Role::Title,
                // A second title is a heading of the first level.
                Role::Title => Role::Heading(1),
                role => role,
            };
        }
    }
    outline::settle(&mut document.blocks);
    Prepared { document, guesses }
}

/// Whether a paragraph holds nothing but (a part of) the title, so that nothing is lost with it.
fn is_all_title(paragraph: &Paragraph, guesses: &Guesses) -> bool {
    let title = guesses.title.as_ref().map_or("", |title| &title.value);
    let only_words = paragraph.inlines.iter().all(|inline| matches!(inline, Inline::Text(_) | Inline::Break));
    let bare = |text: &str| guess::folded(text).chars().filter(|ch| !ch.is_whitespace()).collect::<String>();
    only_words && bare(title).contains(&bare(&paragraph.text()))
}

impl Prepared {
    /// The body as Markdown, its pictures named after the report (`fazhi-1.png`), and everything that was left
    /// behind.
    pub fn body(&mut self, stem: &str) -> (String, Losses) {
        let mut losses = std::mem::take(&mut self.document.losses);
        let names = |number: usize| self.picture_name(stem, number);
        let body = markdown::body(&self.document, &names, &mut losses);
        (body, losses)
    }

    /// The name of a picture beside a report.
    pub fn picture_name(&self, stem: &str, number: usize) -> String {
        let extension = self.document.pictures.get(number).map_or("png", |picture| picture.extension);
        format!("{stem}-{}.{extension}", number + 1)
    }

    /// Holds a report's title and body against the document, and the document against the file it was read from.
    pub fn compare(&self, bytes: &[u8], title: &str, body: &str) -> Result<Comparison> {
        let mut comparison = compare::compare(&self.document, title, body);
        if bytes.starts_with(b"PK") {
            comparison.unread = compare::unread(&word::raw_words(bytes)?, &self.document);
        }
        Ok(comparison)
    }
}
