//! Styles: what a paragraph's or a run's style says, with all that the style is based on.

use std::collections::BTreeMap;

use super::looks::{ParagraphLook, RunLook};
use super::xml::Reader;
use crate::import::document::Role;
use crate::import::refusal::Result;

/// A style based on a longer chain of others goes round in a circle.
const LONGEST_CHAIN: usize = 32;
/// More styles than this are not looked at.
const MOST_STYLES: usize = 20_000;

/// A style, with what it inherits.
#[derive(Debug, Clone, Default)]
pub struct Style {
    name: String,
    based_on: Option<String>,
    is_paragraph: bool,
    /// What it says of paragraphs.
    pub paragraph: ParagraphLook,
    /// What it says of runs.
    pub run: RunLook,
}

/// All styles of a document.
#[derive(Debug, Default)]
pub struct Styles {
    by_id: BTreeMap<String, Style>,
    /// The style of paragraphs that name none.
    default: Option<String>,
}

impl Styles {
    /// Reads `word/styles.xml`.
    pub fn read(text: &str) -> Result<Self> {
        let mut written: BTreeMap<String, Style> = BTreeMap::new();
        let mut defaults = RunLook::default();
        let mut default = None;
        Reader::new(text).children(|reader, _| {
            reader.children(|reader, element| {
                match element.name.as_str() {
                    "w:docDefaults" => reader.children(|reader, element| {
                        if element.name != "w:rPrDefault" {
                            return Ok(());
                        }
                        reader.children(|reader, element| {
                            if element.name == "w:rPr" {
                                defaults = RunLook::read(reader)?;
                            }
                            Ok(())
                        })
                    })?,
                    "w:style" if written.len() < MOST_STYLES => {
                        let id = element.get("w:styleId").unwrap_or_default().to_owned();
                        let is_paragraph = element.get("w:type").is_none_or(|kind| kind == "paragraph");
                        let is_default = matches!(element.get("w:default"), Some("1" | "true" | "on"));
                        let style = one(reader, is_paragraph)?;
                        if is_paragraph && is_default {
                            default = Some(id.clone());
                        }
                        written.insert(id, style);
                    }
                    _ => {}
                }
                Ok(())
            })
        })?;
        let by_id = written.iter().map(|(id, style)| (id.clone(), inherited(style, &written, &defaults))).collect();
        Ok(Self { by_id, default })
    }

    /// The style of a paragraph that names `id`, or none.
    pub fn of_paragraph(&self, id: Option<&str>) -> Option<(&str, &Style)> {
        let id = id.filter(|id| self.by_id.contains_key(*id)).or(self.default.as_deref())?;
        self.by_id.get_key_value(id).map(|(id, style)| (id.as_str(), style))
    }

    /// The style of a run.
    pub fn of_run(&self, id: Option<&str>) -> Option<&Style> {
        self.by_id.get(id?)
    }
}

impl Style {
    /// What a paragraph of this style is.
    pub fn role(&self) -> Role {
        let name = self.name.to_lowercase();
        if name.starts_with("toc ") || name.starts_with("目录") {
            return Role::Contents;
        }
        if matches!(name.as_str(), "title" | "标题") {
            return Role::Title;
        }
        match self.paragraph.outline {
            Some(level @ 0..=8) => Role::Heading(level + 1),
            Some(_) => Role::Text,
            None => {
                let number = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"));
                match number.and_then(|number| number.trim().parse().ok()) {
                    Some(level @ 1..=9) => Role::Heading(level),
                    _ => Role::Text,
                }
            }
        }
    }
}

fn one(reader: &mut Reader<'_>, is_paragraph: bool) -> Result<Style> {
    let mut style = Style { is_paragraph, ..Style::default() };
    reader.children(|reader, element| {
        match element.name.as_str() {
            "w:name" => style.name = element.value().unwrap_or_default().to_owned(),
            "w:basedOn" => style.based_on = element.value().map(str::to_owned),
            "w:pPr" => style.paragraph = ParagraphLook::read(reader)?,
            "w:rPr" => style.run = RunLook::read(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(style)
}

fn inherited(style: &Style, all: &BTreeMap<String, Style>, defaults: &RunLook) -> Style {
    let mut made = style.clone();
    let mut below = style.based_on.as_ref();
    for _ in 0..LONGEST_CHAIN {
        let Some(parent) = below.and_then(|id| all.get(id)) else { break };
        made.paragraph = made.paragraph.over(&parent.paragraph);
        made.run = made.run.over(&parent.run);
        // A heading's name is its own; a style based on one is a heading by its outline level, which it inherits.
        if made.paragraph.outline.is_none()
            && let Role::Heading(level) = parent.role()
        {
            made.paragraph.outline = Some(level - 1);
        }
        below = parent.based_on.as_ref();
    }
    // What the document says of all runs is said through the styles of paragraphs.
    if made.is_paragraph {
        made.run = made.run.over(defaults);
    }
    made
}
