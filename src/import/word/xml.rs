//! XML, read one element at a time: bounded in depth, names made the same whatever prefixes a file chose.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;
use quick_xml::{XmlVersion, events::BytesRef};

use crate::import::refusal::{Refusal, Result};
use crate::text;

/// Elements nested deeper than this are no document of people. Word itself stops at some dozens.
const DEEPEST: usize = 200;

/// Namespaces by the prefix that Word gives them; those of the strict form (ISO/IEC 29500) have the same.
const PREFIXES: &[(&str, &str)] = &[
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", "w"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "r"),
    ("http://purl.oclc.org/ooxml/officeDocument/relationships", "r"),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "a"),
    ("http://purl.oclc.org/ooxml/drawingml/main", "a"),
    ("http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing", "wp"),
    ("http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", "wp"),
    ("http://schemas.openxmlformats.org/drawingml/2006/chart", "c"),
    ("http://purl.oclc.org/ooxml/drawingml/chart", "c"),
    ("http://schemas.openxmlformats.org/drawingml/2006/diagram", "dgm"),
    ("http://purl.oclc.org/ooxml/drawingml/diagram", "dgm"),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", "m"),
    ("http://purl.oclc.org/ooxml/officeDocument/math", "m"),
    ("http://schemas.microsoft.com/office/word/2010/wordml", "w14"),
    ("urn:schemas-microsoft-com:vml", "v"),
    ("urn:schemas-microsoft-com:office:office", "o"),
    ("http://schemas.openxmlformats.org/package/2006/relationships", "rel"),
    ("http://schemas.openxmlformats.org/package/2006/metadata/core-properties", "cp"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://www.w3.org/XML/1998/namespace", "xml"),
];

/// An element that has been opened.
#[derive(Debug)]
pub struct Element {
    /// Prefix as Word writes it, colon, local name: `w:p`.
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute by its name, such as `w:val`. Some programs leave its prefix out.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = |wanted: &str| self.attributes.iter().find(|(key, _)| key == wanted);
        let bare = || name.strip_prefix("w:").and_then(found);
        found(name).or_else(bare).map(|(_, value)| value.as_str())
    }

    /// `w:val`.
    pub fn value(&self) -> Option<&str> {
        self.get("w:val")
    }

    /// `w:val` as a number.
    pub fn number(&self) -> Option<i64> {
        self.value()?.trim().parse().ok()
    }

    /// A switch such as `<w:b/>`: on unless it says otherwise.
    pub fn is_on(&self) -> bool {
        !matches!(self.value(), Some("0" | "false" | "off" | "none"))
    }
}

enum Token<'a> {
    Start(Element),
    End,
    Text(Cow<'a, str>),
    Eof,
}

/// Reads one part.
pub struct Reader<'a> {
    inner: NsReader<&'a [u8]>,
    depth: usize,
    /// The element opened last was empty, so that its end comes next though nobody wrote it.
    ends_at_once: bool,
}

impl<'a> Reader<'a> {
    /// Begins to read a part.
    pub fn new(text: &'a str) -> Self {
        let mut inner = NsReader::from_str(text);
        inner.config_mut().allow_dangling_amp = true;
        Self { inner, depth: 0, ends_at_once: false }
    }

    /// Hands every child of the element that is open to `each`, which may read on inside it; what it leaves is
    /// passed over.
    pub fn children(&mut self, mut each: impl FnMut(&mut Self, &Element) -> Result<()>) -> Result<()> {
        let depth = self.depth;
        loop {
            match self.next()? {
                Token::Start(element) => {
                    each(self, &element)?;
                    self.pass(depth)?;
                }
                Token::End if self.depth < depth => return Ok(()),
                Token::Eof if depth == 0 => return Ok(()),
                Token::Eof => return Err(cut_off()),
                Token::End | Token::Text(_) => {}
            }
        }
    }

    /// All text of the element that is open.
    pub fn text(&mut self) -> Result<String> {
        let depth = self.depth;
        let mut text = String::new();
        loop {
            match self.next()? {
                Token::Text(piece) => text.push_str(&piece),
                Token::End if self.depth < depth => return Ok(text),
                Token::Eof => return Err(cut_off()),
                Token::Start(_) | Token::End => {}
            }
        }
    }

    /// Passes over what is open below `depth`.
    fn pass(&mut self, depth: usize) -> Result<()> {
        while self.depth > depth {
            if let Token::Eof = self.next()? {
                return Err(cut_off());
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Token<'a>> {
        if std::mem::take(&mut self.ends_at_once) {
            self.depth -= 1;
            return Ok(Token::End);
        }
        loop {
            let event = self.inner.read_event().map_err(|_| broken())?;
            return Ok(match event {
                Event::Start(start) => self.open(&start, false)?,
                Event::Empty(start) => self.open(&start, true)?,
                Event::End(_) => {
                    self.depth = self.depth.checked_sub(1).ok_or_else(broken)?;
                    Token::End
                }
                Event::Text(text) => Token::Text(text.into_inner()),
                Event::CData(text) => Token::Text(text.into_inner()),
                Event::GeneralRef(reference) => match character(&reference) {
                    Some(ch) => Token::Text(ch.to_string().into()),
                    None => continue,
                },
                Event::Eof => Token::Eof,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            });
        }
    }

    fn open(&mut self, start: &BytesStart<'_>, is_empty: bool) -> Result<Token<'a>> {
        if self.depth >= DEEPEST {
            return Err(Refusal::beyond(text!("内容嵌套得太深", "the content is nested far too deeply")));
        }
        self.depth += 1;
        self.ends_at_once = is_empty;
        let name = self.named(start.name(), true);
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| broken())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?;
            attributes.push((self.named(attribute.key, false), value.into_owned()));
        }
        Ok(Token::Start(Element { name, attributes }))
    }

    fn named(&self, name: QName<'_>, is_element: bool) -> String {
        let (space, local) = self.inner.resolver().resolve(name, is_element);
        let prefix = match &space {
            ResolveResult::Bound(space) => {
                PREFIXES.iter().find(|(uri, _)| *uri == space.0).map_or("other", |(_, prefix)| prefix)
            }
            // A prefix that nobody declared is taken for what Word means by it.
            ResolveResult::Unknown(prefix) => prefix.as_str(),
            ResolveResult::Unbound => return local.into_inner().to_owned(),
        };
        format!("{prefix}:{}", local.into_inner())
    }
}

/// What a reference stands for. Entities of a document's own are never expanded.
fn character(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(ch)) = reference.resolve_char_ref() {
        return Some(ch);
    }
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn broken() -> Refusal {
    Refusal::damaged(text!("文件内部损坏（XML 有错）", "the file is damaged inside (its XML is not well formed)"))
}

fn cut_off() -> Refusal {
    Refusal::damaged(text!("文件内部不完整", "the file breaks off inside"))
}

/// The text of a part: UTF-8, or UTF-16 with its mark.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>> {
    crate::source::decode(bytes).map(|(text, _)| text).ok_or_else(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_depend_on_prefixes() {
        let text = r#"<x:p xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:b x:val="0"/><x:t>甲&amp;&#20057;</x:t></x:p>"#;
        let mut said = Vec::new();
        Reader::new(text)
            .children(|reader, element| {
                said.push(element.name.clone());
                reader.children(|reader, element| {
                    said.push(format!("{} {}", element.name, element.is_on()));
                    if element.name == "w:t" {
                        said.push(reader.text()?);
                    }
                    Ok(())
                })
            })
            .unwrap();
        assert_eq!(said, ["w:p", "w:b false", "w:t true", "甲&乙"]);
    }

    #[test]
    fn depth_is_bounded_and_ends_are_needed() {
        let deep = "<a>".repeat(DEEPEST + 1);
        let passes = |text: &str| Reader::new(text).children(|_, _| Ok(()));
        assert!(passes(&deep).unwrap_err().diagnostic(&"a".into()).message.en.contains("deeply"));
        assert!(passes("<a><b></a>").is_err());
        assert!(passes("<a>").is_err());
        assert!(passes("<a/>").is_ok());
    }
}
