//! What stands beside the body: notes are kept; comments, headers, footers and properties are named as left out.

use std::collections::{BTreeMap, BTreeSet};

use super::body::plain_words;
use super::numbering::Numbering;
use super::package::{LARGEST_XML, Package};
use super::relations::Relations;
use super::story::{Found, NoteKind, Story};
use super::styles::Styles;
use super::xml::{self, Reader};
use crate::import::document::Note;
use crate::import::losses::Kind;
use crate::import::refusal::Result;

/// The notes that marks lead to, in the order of their first marks.
pub fn notes(
    package: &mut Package<'_>,
    relations: &Relations,
    styles: &Styles,
    numbering: &mut Numbering,
    found: &mut Found,
) -> Result<Vec<Note>> {
    let wanted = found.notes.clone();
    let marked: BTreeSet<(NoteKind, String)> = wanted.iter().cloned().collect();
    let mut read = BTreeMap::new();
    for (kind, part_kind, element_name) in
        [(NoteKind::Foot, "footnotes", "w:footnote"), (NoteKind::End, "endnotes", "w:endnote")]
    {
        if !wanted.iter().any(|(of, _)| *of == kind) {
            continue;
        }
        let Some(part) = relations.of_kind(part_kind).next() else { continue };
        let Some(bytes) = package.part(part, LARGEST_XML)? else { continue };
        let own = Relations::of(package, part)?;
        let mut story = Story::new(package, own, styles, numbering, found);
        Reader::new(&xml::decode(&bytes)?).children(|reader, _| {
            reader.children(|reader, element| {
                let id = element.get("w:id").unwrap_or_default().to_owned();
                let key = (kind, id);
                if element.name == element_name && marked.contains(&key) {
                    let blocks = story.blocks(reader)?;
                    read.insert(key, blocks);
                }
                Ok(())
            })
        })?;
    }
    let mut numbers = [0, 0];
    let labelled = wanted.into_iter().map(|key| {
        let (at, prefix) = if key.0 == NoteKind::Foot { (0, "") } else { (1, "w") };
        numbers[at] += 1;
        Note { label: format!("{prefix}{}", numbers[at]), blocks: read.remove(&key).unwrap_or_default() }
    });
    Ok(labelled.collect())
}

/// Names the comments.
pub fn comments(package: &mut Package<'_>, relations: &Relations, found: &mut Found) -> Result<()> {
    let Some(part) = relations.of_kind("comments").next() else { return Ok(()) };
    let Some(bytes) = package.part(part, LARGEST_XML)? else { return Ok(()) };
    let mut told = Vec::new();
    let read = Reader::new(&xml::decode(&bytes)?).children(|reader, _| {
        reader.children(|reader, element| {
            let place = element.get("w:id").and_then(|id| found.comments.get(id)).copied().unwrap_or_default();
            told.push((place, plain_words(reader)?));
            Ok(())
        })
    });
    told.sort_by_key(|(place, _)| *place);
    for (place, words) in told {
        found.losses.add(Kind::Comment, place, &words);
    }
    bounded(read, part, found)
}

/// Names headers and footers that say more than the number of the page.
pub fn headers(package: &mut Package<'_>, relations: &Relations, found: &mut Found) -> Result<()> {
    for kind in ["header", "footer"] {
        let parts: Vec<String> = relations.of_kind(kind).map(str::to_owned).collect();
        let mut told = Vec::new();
        for part in parts.into_iter().take(200) {
            let Some(bytes) = package.part(&part, LARGEST_XML)? else { continue };
            let mut words = String::new();
            let read = Reader::new(&xml::decode(&bytes)?).children(|reader, _| {
                words = plain_words(reader)?;
                Ok(())
            });
            bounded(read, &part, found)?;
            let says = words.chars().any(|ch| ch.is_alphabetic() && !"第页共".contains(ch));
            if says && !told.contains(&words) {
                found.losses.add(Kind::Margin, 0, &words);
                told.push(words);
            }
        }
    }
    Ok(())
}

/// Names what the file says of those who made it.
pub fn properties(package: &mut Package<'_>, found: &mut Found) -> Result<()> {
    for part in ["docProps/core.xml", "docProps/app.xml"] {
        let Some(bytes) = package.part(part, LARGEST_XML)? else { continue };
        let Ok(text) = xml::decode(&bytes) else { continue };
        let read = Reader::new(&text).children(|reader, _| {
            reader.children(|reader, element| {
                let name = match element.name.as_str() {
                    "dc:creator" => "作者 author",
                    "cp:lastModifiedBy" => "最后修改者 last modified by",
                    "dc:title" => "标题 title",
                    "dc:subject" => "主题 subject",
                    "cp:keywords" => "关键词 keywords",
                    "dc:description" => "备注 comments",
                    "other:Company" => "单位 company",
                    "other:Manager" => "主管 manager",
                    _ => return Ok(()),
                };
                let value = reader.text()?;
                if !value.trim().is_empty() {
                    found.losses.add(Kind::Properties, 0, &format!("{name}: {}", value.trim()));
                }
                Ok(())
            })
        });
        bounded(read, part, found)?;
    }
    Ok(())
}

/// What only names things may be broken: that is told, and goes no further. Bounds hold here too.
fn bounded(read: Result<()>, part: &str, found: &mut Found) -> Result<()> {
    match read {
        Err(refusal) if refusal.is_bound() => Err(refusal),
        Err(_) => {
            found.losses.add(Kind::Part, 0, part);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
