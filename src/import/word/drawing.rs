//! Drawings: pictures, text boxes, charts and embedded files, in the old form (VML) and the new.

use super::looks::RunLook;
use super::paragraph::Line;
use super::story::Story;
use super::xml::{Element, Reader};
use crate::import::document::Inline;
use crate::import::losses::Kind;
use crate::import::refusal::Result;

/// What the drawing that is read says of itself.
#[derive(Debug, Default)]
struct Frame {
    description: String,
    is_cropped: bool,
}

impl Story<'_, '_> {
    /// Reads the drawing that is open.
    pub fn drawing(&mut self, reader: &mut Reader<'_>, line: &mut Line) -> Result<()> {
        self.in_frame(reader, line, &mut Frame::default())
    }

    fn in_frame(&mut self, reader: &mut Reader<'_>, line: &mut Line, frame: &mut Frame) -> Result<()> {
        reader.children(|reader, element| self.part_of_drawing(reader, element, line, frame))
    }

    fn part_of_drawing(
        &mut self,
        reader: &mut Reader<'_>,
        element: &Element,
        line: &mut Line,
        frame: &mut Frame,
    ) -> Result<()> {
        match element.name.as_str() {
            "wp:docPr" | "pic:cNvPr" | "other:cNvPr" => {
                let said = ["descr", "title"].into_iter().filter_map(|name| element.get(name));
                if let Some(said) = said.map(str::trim).find(|said| !said.is_empty()) {
                    frame.description = said.split_whitespace().collect::<Vec<_>>().join(" ");
                }
            }
            "a:blip" => {
                if let Some(id) = element.get("r:link") {
                    let target = self.relations.get(id).map_or_else(String::new, |found| found.target.clone());
                    if element.get("r:embed").is_none() {
                        self.lose(Kind::Picture, &target);
                    }
                }
                self.show(element.get("r:embed"), line, frame)?;
            }
            "a:srcRect" => {
                let sides = ["l", "t", "r", "b"].into_iter().filter_map(|side| element.get(side));
                if sides.filter_map(|side| side.parse::<i64>().ok()).any(|cut| cut > 0) && !frame.is_cropped {
                    frame.is_cropped = true;
                    self.lose(Kind::Look, "裁剪过的图片将完整显示 a cropped picture will show whole");
                }
            }
            "v:shape" | "v:rect" | "v:roundrect" | "v:oval" => {
                let mut inner = Frame::default();
                inner.description.push_str(element.get("alt").unwrap_or_default().trim());
                return self.in_frame(reader, line, &mut inner);
            }
            "v:imagedata" => {
                if frame.description.is_empty() {
                    frame.description = element.get("o:title").unwrap_or_default().trim().to_owned();
                }
                match element.get("r:id") {
                    Some(id) => self.show(Some(id), line, frame)?,
                    None => {
                        let outside = element.get("r:href").and_then(|id| self.relations.get(id));
                        let target = outside.map_or_else(String::new, |found| found.target.clone());
                        self.lose(Kind::Picture, &target);
                    }
                }
            }
            "v:textpath" => {
                let words = element.get("string").unwrap_or_default().to_owned();
                self.words(line, &words, &RunLook::default())?;
            }
            "w:txbxContent" => {
                let place = self.found.place;
                // A text box has fields of its own.
                let fields = std::mem::take(&mut self.fields);
                let blocks = self.blocks(reader)?;
                self.fields = fields;
                self.found.place = self.found.place.max(place);
                line.hang(blocks);
            }
            "c:chart" => self.lose(Kind::Object, "图表 chart"),
            "dgm:relIds" => self.diagram(element)?,
            "o:OLEObject" => {
                let program = element.get("ProgID").unwrap_or("OLE").to_owned();
                self.lose(Kind::Object, &program);
            }
            "w:control" => self.lose(Kind::Object, "ActiveX"),
            "mc:AlternateContent" => {
                let mut taken = false;
                reader.children(|reader, element| {
                    let size = |line: &Line| line.paragraph.inlines.len() + line.before.len() + line.after.len();
                    if !taken && matches!(element.name.as_str(), "mc:Choice" | "mc:Fallback") {
                        let before = size(line);
                        self.in_frame(reader, line, frame)?;
                        taken = size(line) > before;
                    }
                    Ok(())
                })?;
            }
            _ => return self.in_frame(reader, line, frame),
        }
        Ok(())
    }

    fn show(&mut self, id: Option<&str>, line: &mut Line, frame: &Frame) -> Result<()> {
        let Some(id) = id.filter(|id| !id.is_empty() && !self.fields.hide()) else { return Ok(()) };
        if let Some(picture) = self.picture(id)? {
            self.count_piece()?;
            line.paragraph.inlines.push(Inline::Picture(picture, frame.description.clone()));
        }
        Ok(())
    }

    /// A diagram is lost, but its words are told.
    fn diagram(&mut self, element: &Element) -> Result<()> {
        let part = element.get("r:dm").and_then(|id| self.relations.get(id)).map(|found| found.target.clone());
        let words = match part {
            Some(part) => self.words_of_diagram(&part)?,
            None => String::new(),
        };
        self.lose(Kind::Object, &format!("SmartArt: {words}"));
        Ok(())
    }
}

/// The words of a drawing's own language, for what is only told.
pub fn drawn_words(reader: &mut Reader<'_>, words: &mut String) -> Result<()> {
    reader.children(|reader, element| {
        if element.name == "a:t" {
            words.push_str(&reader.text()?);
            words.push(' ');
            return Ok(());
        }
        drawn_words(reader, words)
    })
}
