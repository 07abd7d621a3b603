//! Runs, and everything else that stands inside a paragraph.

use super::body::plain_words;
use super::looks::RunLook;
use super::paragraph::Line;
use super::story::{NoteKind, Story};
use super::symbols;
use super::xml::{Element, Reader};
use crate::import::document::Inline;
use crate::import::link;
use crate::import::losses::Kind;
use crate::import::refusal::Result;

impl Story<'_, '_> {
    /// Reads one child of a paragraph, or of what wraps its runs.
    pub fn inline(&mut self, reader: &mut Reader<'_>, element: &Element, line: &mut Line) -> Result<()> {
        match element.name.as_str() {
            "w:r" => self.run(reader, line),
            "w:hyperlink" => self.hyperlink(reader, element, line),
            "w:ins" | "w:moveTo" | "w:smartTag" | "w:customXml" | "w:sdtContent" | "w:dir" | "w:bdo" => {
                self.inlines(reader, line)
            }
            "w:sdt" => reader.children(|reader, element| match element.name.as_str() {
                "w:sdtContent" => self.inlines(reader, line),
                _ => Ok(()),
            }),
            "w:fldSimple" => {
                self.fields.begin();
                self.fields.instruct(element.get("w:instr").unwrap_or_default());
                self.separate_field();
                self.inlines(reader, line)?;
                self.fields.end();
                Ok(())
            }
            "w:del" | "w:moveFrom" => {
                let gone = plain_words(reader)?;
                // Of what was moved, the words stand where they were moved to.
                if element.name == "w:del" && !gone.trim().is_empty() {
                    self.lose(Kind::Deleted, &gone);
                }
                Ok(())
            }
            "m:oMath" | "m:oMathPara" => {
                let text = super::math::line(reader)?;
                if !text.trim().is_empty() && !self.fields.hide() {
                    self.lose(Kind::Formula, &text);
                }
                self.words(line, &text, &RunLook::default())
            }
            "mc:AlternateContent" => self.alternatives(reader, line),
            "w:bookmarkStart" => {
                self.bookmark(element);
                Ok(())
            }
            "w:subDoc" => {
                self.lose(Kind::Part, "subDoc");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn inlines(&mut self, reader: &mut Reader<'_>, line: &mut Line) -> Result<()> {
        reader.children(|reader, element| self.inline(reader, element, line))
    }

    /// The first alternative that has something to show: a text box stands there twice, once for older programs.
    fn alternatives(&mut self, reader: &mut Reader<'_>, line: &mut Line) -> Result<()> {
        let mut taken = false;
        reader.children(|reader, element| {
            if taken || !matches!(element.name.as_str(), "mc:Choice" | "mc:Fallback") {
                return Ok(());
            }
            let size = |line: &Line| (line.paragraph.inlines.len(), line.before.len() + line.after.len(), line.seen);
            let (before, losses) = (size(line), self.found.losses.len());
            let look = line.base.clone();
            reader.children(|reader, element| match element.name.as_str() {
                "w:r" | "w:ins" | "w:hyperlink" | "w:sdt" | "m:oMath" => self.inline(reader, element, line),
                _ => self.piece(reader, element, line, &look),
            })?;
            taken = size(line) != before || self.found.losses.len() != losses;
            Ok(())
        })
    }

    fn hyperlink(&mut self, reader: &mut Reader<'_>, element: &Element, line: &mut Line) -> Result<()> {
        let target = element.get("r:id").and_then(|id| self.relations.get(id)).map(|found| found.target.clone());
        let outer = line.link.clone();
        if let Some(target) = target {
            let allowed = link::allowed(&target);
            if allowed.is_none() {
                self.lose(Kind::Link, &target);
            }
            line.link = allowed.or(outer.clone());
        }
        self.inlines(reader, line)?;
        line.link = outer;
        Ok(())
    }

    fn separate_field(&mut self) {
        if let Some(address) = self.fields.separate()
            && !address.starts_with('#')
        {
            self.lose(Kind::Link, &address);
        }
    }

    fn run(&mut self, reader: &mut Reader<'_>, line: &mut Line) -> Result<()> {
        let mut look = line.base.clone();
        reader.children(|reader, element| {
            if element.name == "w:rPr" {
                let own = RunLook::read(reader)?;
                look = match self.styles.of_run(own.style.as_deref()) {
                    Some(style) => own.over(&style.run).over(&line.base),
                    None => own.over(&line.base),
                };
                return Ok(());
            }
            self.piece(reader, element, line, &look)
        })
    }

    /// One piece of a run.
    fn piece(&mut self, reader: &mut Reader<'_>, element: &Element, line: &mut Line, look: &RunLook) -> Result<()> {
        match element.name.as_str() {
            "w:t" => {
                let text = reader.text()?;
                let keeps = element.get("xml:space") == Some("preserve");
                let text = if keeps { &text } else { text.trim_matches([' ', '\n', '\r', '\t']) };
                let text = match look.font.as_deref() {
                    Some(font) => symbols::text(text, font),
                    None => text.into(),
                };
                self.words(line, &text, look)?;
            }
            "w:tab" | "w:ptab" => self.words(line, "\t", look)?,
            "w:br" if matches!(element.get("w:type"), Some("page" | "column")) => {}
            "w:br" | "w:cr" if !self.fields.hide() && look.hidden != Some(true) => {
                self.count_piece()?;
                line.paragraph.inlines.push(Inline::Break);
            }
            "w:noBreakHyphen" => self.words(line, "-", look)?,
            "w:sym" => self.symbol(element, line, look)?,
            "w:drawing" => self.drawing(reader, line)?,
            "w:pict" | "w:object" => self.drawing(reader, line)?,
            "mc:AlternateContent" => self.alternatives(reader, line)?,
            "w:fldChar" => self.field_mark(reader, element, line, look)?,
            "w:instrText" => {
                let text = reader.text()?;
                self.fields.instruct(&text);
            }
            "w:delText" => {
                let gone = reader.text()?;
                self.lose(Kind::Deleted, &gone);
            }
            "w:footnoteReference" | "w:endnoteReference" => {
                let kind = if element.name == "w:footnoteReference" { NoteKind::Foot } else { NoteKind::End };
                if let Some(id) = element.get("w:id") {
                    self.count_piece()?;
                    // A note whose mark is not seen is kept all the same: it stands at the end.
                    let note = self.note(kind, id);
                    if !self.fields.hide() {
                        line.paragraph.inlines.push(Inline::Note(note));
                    }
                }
            }
            "w:commentReference" => {
                if let Some(id) = element.get("w:id") {
                    self.found.comments.insert(id.to_owned(), self.found.place);
                }
            }
            "w:ruby" => self.ruby(reader, line)?,
            _ => {}
        }
        Ok(())
    }

    fn symbol(&mut self, element: &Element, line: &mut Line, look: &RunLook) -> Result<()> {
        let code = element.get("w:char").and_then(|code| u32::from_str_radix(code, 16).ok()).unwrap_or_default();
        let font = element.get("w:font").unwrap_or_default();
        match symbols::symbol(font, code) {
            Some(ch) => self.words(line, ch.encode_utf8(&mut [0; 4]), look),
            None => {
                self.lose(Kind::Symbol, &format!("{font} {code:04X}"));
                Ok(())
            }
        }
    }

    fn field_mark(
        &mut self,
        reader: &mut Reader<'_>,
        element: &Element,
        line: &mut Line,
        look: &RunLook,
    ) -> Result<()> {
        match element.get("w:fldCharType") {
            Some("begin") => {
                if let Some(shown) = form_field(reader)? {
                    self.words(line, &shown, look)?;
                }
                self.fields.begin();
            }
            Some("separate") => self.separate_field(),
            Some("end") => {
                let instruction = self.fields.end();
                if let Some(words) = instruction.as_deref().and_then(|written| written.trim().strip_prefix("EQ ")) {
                    self.lose(Kind::Formula, words);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The word under a gloss is kept, the gloss is named.
    fn ruby(&mut self, reader: &mut Reader<'_>, line: &mut Line) -> Result<()> {
        reader.children(|reader, element| match element.name.as_str() {
            "w:rubyBase" => self.inlines(reader, line),
            "w:rt" => {
                let gloss = plain_words(reader)?;
                self.lose(Kind::Look, &format!("注音 gloss: {gloss}"));
                Ok(())
            }
            _ => Ok(()),
        })
    }
}

/// What a field of a form shows by itself: a box with or without a tick, or the chosen entry of a list.
fn form_field(reader: &mut Reader<'_>) -> Result<Option<String>> {
    let mut shown = None;
    reader.children(|reader, element| {
        if element.name != "w:ffData" {
            return Ok(());
        }
        reader.children(|reader, element| match element.name.as_str() {
            "w:checkBox" => {
                let (mut by_default, mut is_checked) = (false, None);
                reader.children(|_, element| {
                    match element.name.as_str() {
                        "w:default" => by_default = element.is_on(),
                        "w:checked" => is_checked = Some(element.is_on()),
                        _ => {}
                    }
                    Ok(())
                })?;
                shown = Some(if is_checked.unwrap_or(by_default) { "☑" } else { "☐" }.to_owned());
                Ok(())
            }
            "w:ddList" => {
                let (mut chosen, mut entries) = (0, Vec::new());
                reader.children(|_, element| {
                    match element.name.as_str() {
                        "w:result" => chosen = element.number().unwrap_or_default(),
                        "w:listEntry" => entries.push(element.value().unwrap_or_default().to_owned()),
                        _ => {}
                    }
                    Ok(())
                })?;
                shown = usize::try_from(chosen).ok().and_then(|at| entries.get(at).cloned());
                Ok(())
            }
            _ => Ok(()),
        })
    })?;
    Ok(shown)
}
