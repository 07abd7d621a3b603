//! PDF: the text of each page as far as its fonts say which characters they show, and the name of the author.

use lopdf::{Document, Object};

use super::taking::Taking;
use crate::model::contents::{Contents, MarkKind, Unreadable};
use crate::text;

/// The name of the form must stand in so many bytes at the beginning.
const HEAD: usize = 1024;
/// Pages that are read; longer files are books.
const MOST_PAGES: usize = 500;

pub(super) fn read(bytes: &[u8]) -> Result<Option<Contents>, Unreadable> {
    let head = &bytes[..bytes.len().min(HEAD)];
    if memchr::memmem::find(head, b"%PDF-").is_none() {
        return Err(Unreadable::OtherKind);
    }
    // What this reader does not understand others may: it says nothing of the file.
    let Ok(document) = Document::load_mem(bytes) else { return Ok(None) };
    let mut taking = Taking::default();
    for page in document.get_pages().into_keys().take(MOST_PAGES) {
        let Ok(words) = document.extract_text(&[page]) else { continue };
        taking.stretch(text!("第 {page} 页", "page {page}"), false);
        words.lines().for_each(|line| _ = taking.line(line));
    }
    if let Some(author) = author(&document) {
        taking.stretch(text!("文件属性", "the properties of the file"), false);
        let line = taking.line(&format!("作者：{author}"));
        taking.mark(MarkKind::Author, line.start);
    }
    Ok(Some(taking.finish()))
}

fn author(document: &Document) -> Option<String> {
    let info = match document.trailer.get(b"Info").ok()? {
        Object::Reference(id) => document.get_dictionary(*id).ok()?,
        object => object.as_dict().ok()?,
    };
    let author = lopdf::decode_text_string(info.get(b"Author").ok()?).ok()?;
    let author = author.trim();
    (!author.is_empty()).then(|| author.to_owned())
}
