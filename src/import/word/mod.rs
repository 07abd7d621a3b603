//! Word's own files (.docx): a zip of XML, read part by part into a [`Document`].
//!
//! The main part is read once from its beginning to its end; what it refers to (notes, comments, pictures) is
//! read when it is met or right after. Nothing that a file names outside itself is ever opened.

mod body;
mod drawing;
mod fields;
mod looks;
mod margins;
mod math;
mod numbering;
mod numerals;
mod package;
mod paragraph;
mod relations;
mod runs;
mod story;
mod styles;
mod symbols;
mod table;
mod xml;

pub use package::LARGEST_FILE;

use std::collections::BTreeSet;

use super::document::Document;
use super::losses::Kind;
use super::refusal::{Refusal, Result};
use crate::text;
use numbering::Numbering;
use package::{LARGEST_XML, Package};
use relations::Relations;
use story::{Found, Story};
use styles::Styles;
use xml::Reader;

/// Reads a Word file.
pub fn read(bytes: &[u8]) -> Result<Document> {
    let package = &mut Package::open(bytes)?;
    let main = main_part(package)?;
    let Some(body) = package.part(&main, LARGEST_XML)? else {
        return Err(no_word_file());
    };
    let relations = Relations::of(package, &main)?;
    let mut found = Found::default();
    let styles = optional(package, &relations, "styles", &mut found, Styles::read)?;
    let mut numbering = optional(package, &relations, "numbering", &mut found, Numbering::read)?;
    let mut is_document = false;
    let mut story = Story::new(package, relations.clone(), &styles, &mut numbering, &mut found);
    let mut blocks = Vec::new();
    Reader::new(&xml::decode(&body)?).children(|reader, element| {
        is_document |= element.name == "w:document";
        reader.children(|reader, element| {
            if element.name == "w:body" {
                blocks = story.blocks(reader)?;
            }
            Ok(())
        })
    })?;
    drop(body);
    if !is_document {
        return Err(no_word_file());
    }
    let notes = margins::notes(package, &relations, &styles, &mut numbering, &mut found)?;
    margins::comments(package, &relations, &mut found)?;
    margins::headers(package, &relations, &mut found)?;
    margins::properties(package, &mut found)?;
    if package.names().iter().any(|name| name.to_lowercase().ends_with("vbaproject.bin")) {
        found.losses.add(Kind::Object, 0, "宏 macros");
    }
    Ok(Document { blocks, notes, pictures: found.pictures, losses: found.losses, has_lines: false })
}

/// All words of a file as they stand in its body and its notes, by a reading that knows nothing of fields, looks or
/// numbers: what a comparison is held against. Deleted text, and the second copy of text boxes, are left out.
pub fn raw_words(bytes: &[u8]) -> Result<String> {
    let package = &mut Package::open(bytes)?;
    let main = main_part(package)?;
    let relations = Relations::of(package, &main)?;
    let notes = ["footnotes", "endnotes"].into_iter().filter_map(|kind| relations.of_kind(kind).next());
    let parts: Vec<String> = std::iter::once(main.as_str()).chain(notes).map(str::to_owned).collect();
    let mut raw = Raw::default();
    for part in parts {
        if let Some(bytes) = package.part(&part, LARGEST_XML)? {
            raw.read(&mut Reader::new(&xml::decode(&bytes)?), false)?;
        }
    }
    Ok(raw.words)
}

/// Words gathered one after the other.
#[derive(Default)]
struct Raw {
    words: String,
    /// Notes that a mark leads to: the others nobody sees.
    marks: BTreeSet<(String, String)>,
}

impl Raw {
    /// Text counts only inside runs: elsewhere Word does not show it.
    fn read(&mut self, reader: &mut Reader<'_>, in_run: bool) -> Result<()> {
        reader.children(|reader, element| match element.name.as_str() {
            "w:t" if !in_run => Ok(()),
            "w:t" | "m:t" => {
                self.words.push_str(&reader.text()?);
                Ok(())
            }
            "w:del" | "w:moveFrom" | "mc:Fallback" | "w:rt" => Ok(()),
            "w:footnoteReference" | "w:endnoteReference" if in_run => {
                let note = element.name.trim_end_matches("Reference").to_owned();
                self.marks.insert((note, element.get("w:id").unwrap_or_default().to_owned()));
                Ok(())
            }
            "w:footnote" | "w:endnote" => {
                let mark = (element.name.clone(), element.get("w:id").unwrap_or_default().to_owned());
                if self.marks.contains(&mark) { self.read(reader, false) } else { Ok(()) }
            }
            "w:r" => self.read(reader, true),
            "mc:AlternateContent" | "mc:Choice" => self.read(reader, in_run),
            _ => self.read(reader, false),
        })
    }
}

/// The name of the part that holds the body.
fn main_part(package: &mut Package<'_>) -> Result<String> {
    let relations = Relations::of(package, "")?;
    let named = relations.of_kind("officeDocument").next().map(str::to_owned);
    Ok(named.unwrap_or_else(|| "word/document.xml".to_owned()))
}

/// A part that a document can do without: one that is broken is named as lost, and not believed.
fn optional<T: Default>(
    package: &mut Package<'_>,
    relations: &Relations,
    kind: &str,
    found: &mut Found,
    read: impl Fn(&str) -> Result<T>,
) -> Result<T> {
    let Some(name) = relations.of_kind(kind).next() else { return Ok(T::default()) };
    let Some(bytes) = package.part(name, LARGEST_XML)? else { return Ok(T::default()) };
    match xml::decode(&bytes).and_then(|text| read(&text)) {
        Ok(made) => Ok(made),
        Err(refusal) if refusal.is_bound() => Err(refusal),
        Err(_) => {
            found.losses.add(Kind::Part, 0, name);
            Ok(T::default())
        }
    }
}

fn no_word_file() -> Refusal {
    Refusal::damaged(text!("这不是 Word 文档", "this is no Word document"))
}
