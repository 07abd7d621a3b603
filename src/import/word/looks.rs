//! Properties of paragraphs and runs (`w:pPr`, `w:rPr`), as far as an import needs them.

use super::xml::{Element, Reader};
use crate::import::document::Height;
use crate::import::refusal::Result;

/// Faces that official documents set headings and titles in (GB/T 9704: 小标宋, 黑体, 楷体).
const HEADING_FACES: [&str; 7] = ["小标宋", "黑体", "楷体", "SimHei", "KaiTi", "STKaiti", "Heiti"];

/// What is said of a run; `None` where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct RunLook {
    /// Its character style.
    pub style: Option<String>,
    /// Bold.
    pub bold: Option<bool>,
    /// Italic.
    pub italic: Option<bool>,
    /// Struck through.
    pub struck: Option<bool>,
    /// Hidden.
    pub hidden: Option<bool>,
    /// Raised or lowered.
    pub height: Option<Height>,
    /// Underlined.
    pub underlined: Option<bool>,
    /// Height in half points.
    pub size: Option<u16>,
    /// Set in a face of headings.
    pub heading_face: Option<bool>,
    /// In a symbol font, by name.
    pub font: Option<String>,
    /// On a paragraph's mark: the mark was deleted under tracked changes.
    pub mark_deleted: bool,
}

impl RunLook {
    /// Reads the `w:rPr` that is open.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let mut look = Self::default();
        reader.children(|_, element| {
            look.take(element);
            Ok(())
        })?;
        Ok(look)
    }

    fn take(&mut self, element: &Element) {
        match element.name.as_str() {
            "w:rStyle" => self.style = element.value().map(str::to_owned),
            "w:b" => self.bold = Some(element.is_on()),
            "w:i" => self.italic = Some(element.is_on()),
            "w:strike" | "w:dstrike" => self.struck = Some(element.is_on() || self.struck == Some(true)),
            "w:vanish" => self.hidden = Some(element.is_on()),
            "w:u" => self.underlined = Some(element.is_on()),
            "w:sz" => self.size = element.number().and_then(|size| u16::try_from(size).ok()),
            "w:vertAlign" => {
                self.height = Some(match element.value() {
                    Some("superscript") => Height::Raised,
                    Some("subscript") => Height::Lowered,
                    _ => Height::Line,
                });
            }
            "w:rFonts" => {
                let face = element.get("w:eastAsia").or_else(|| element.get("w:ascii"));
                self.heading_face = face.map(|face| HEADING_FACES.iter().any(|known| face.contains(known)));
                self.font = element.get("w:ascii").map(str::to_owned);
            }
            "w:del" | "w:moveFrom" => self.mark_deleted = true,
            _ => {}
        }
    }

    /// What this says, and where it is silent, what `below` says.
    pub fn over(&self, below: &Self) -> Self {
        Self {
            style: self.style.clone().or_else(|| below.style.clone()),
            bold: self.bold.or(below.bold),
            italic: self.italic.or(below.italic),
            struck: self.struck.or(below.struck),
            hidden: self.hidden.or(below.hidden),
            height: self.height.or(below.height),
            underlined: self.underlined.or(below.underlined),
            size: self.size.or(below.size),
            heading_face: self.heading_face.or(below.heading_face),
            font: self.font.clone().or_else(|| below.font.clone()),
            mark_deleted: self.mark_deleted,
        }
    }
}

/// What is said of a paragraph.
#[derive(Debug, Clone, Default)]
pub struct ParagraphLook {
    /// Its style.
    pub style: Option<String>,
    /// Its outline level, from 0; 9 is text.
    pub outline: Option<u8>,
    /// The list that it belongs to, by its number; 0 takes it out of every list.
    pub list: Option<i64>,
    /// Its level in the list, from 0.
    pub level: Option<u8>,
    /// `center`, `right`, `both`.
    pub alignment: Option<String>,
    /// Indent on the left, in twentieths of a point.
    pub indent: Option<i64>,
    /// The look of its mark.
    pub mark: RunLook,
}

impl ParagraphLook {
    /// Reads the `w:pPr` that is open.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let mut look = Self::default();
        reader.children(|reader, element| {
            match element.name.as_str() {
                "w:pStyle" => look.style = element.value().map(str::to_owned),
                "w:outlineLvl" => look.outline = element.number().and_then(|level| u8::try_from(level).ok()),
                "w:jc" => look.alignment = element.value().map(str::to_owned),
                "w:ind" => {
                    let left = element.get("w:left").or_else(|| element.get("w:start"));
                    look.indent = left.and_then(|left| left.parse().ok());
                }
                "w:numPr" => reader.children(|_, element| {
                    match element.name.as_str() {
                        "w:numId" => look.list = element.number(),
                        "w:ilvl" => look.level = element.number().and_then(|level| u8::try_from(level).ok()),
                        _ => {}
                    }
                    Ok(())
                })?,
                "w:rPr" => look.mark = RunLook::read(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(look)
    }

    /// What this says, and where it is silent, what `below` says.
    pub fn over(&self, below: &Self) -> Self {
        Self {
            style: self.style.clone().or_else(|| below.style.clone()),
            outline: self.outline.or(below.outline),
            list: self.list.or(below.list),
            level: self.level.or(below.level),
            alignment: self.alignment.clone().or_else(|| below.alignment.clone()),
            indent: self.indent.or(below.indent),
            mark: self.mark.clone(),
        }
    }
}
