//! An Office file: its parts, its properties, and its XML.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::taking::Taking;
use crate::model::contents::{MarkKind, Unreadable};
use crate::package::{self, CONTAINER, Fault};
use crate::text;

/// No part that people wrote is larger, in bytes.
const LARGEST_PART: u64 = 96 << 20;

/// An Office file.
pub(super) struct Package<'a> {
    zip: package::Package<'a>,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        if package::is_encrypted(bytes) {
            return Err(Unreadable::Encrypted);
        }
        if bytes.starts_with(&CONTAINER) || !bytes.starts_with(b"PK") {
            return Err(Unreadable::OtherKind);
        }
        let zip = package::Package::open(bytes).map_err(|fault| match fault {
            Fault::Encrypted => Unreadable::Encrypted,
            _ => Unreadable::Damaged,
        })?;
        Ok(Self { zip })
    }

    /// The path of the part that the others belong to; where the package does not say, `usual`.
    pub(super) fn main(&mut self, usual: &str) -> String {
        let mut found = None;
        each(&self.part("_rels/.rels").unwrap_or_default(), |node| {
            if let Node::Start(tag) = node
                && attribute(tag, "Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
            {
                found = attribute(tag, "Target");
            }
        });
        found.map_or_else(|| usual.to_owned(), |path| path.trim_start_matches('/').to_owned())
    }

    /// The text of a part; `None` where it is not there or out of bounds.
    pub(super) fn part(&mut self, name: &str) -> Option<String> {
        String::from_utf8(self.zip.part(name, LARGEST_PART).ok()??).ok()
    }

    /// The names of the parts below a folder, those with a number in their order.
    pub(super) fn names(&self, start: &str, end: &str) -> Vec<String> {
        let mut names = self.zip.names();
        names.retain(|name| name.starts_with(start) && name.ends_with(end));
        let number = |name: &str| {
            name.bytes()
                .filter(u8::is_ascii_digit)
                .fold(0_u64, |number, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
        };
        names.sort_by_key(|name| (number(name), name.clone()));
        names
    }

    /// Who made the file, as its properties say.
    pub(super) fn properties(&mut self, taking: &mut Taking) {
        let mut found: Vec<(&str, String)> = Vec::new();
        for (part, names) in [
            ("docProps/core.xml", &[("creator", "作者"), ("lastModifiedBy", "最后修改者")][..]),
            ("docProps/app.xml", &[("Manager", "经理")]),
        ] {
            let Some(xml) = self.part(part) else { continue };
            let mut label = None;
            each(&xml, |node| match node {
                Node::Start(tag) => {
                    label = names.iter().find(|(name, _)| tag.local_name().as_ref() == *name).map(|found| found.1);
                }
                Node::End(_) => label = None,
                Node::Text(words) => found
                    .extend(label.filter(|_| !words.trim().is_empty()).map(|label| (label, words.trim().to_owned()))),
            });
        }
        if found.is_empty() {
            return;
        }
        taking.stretch(text!("文件属性", "the properties of the file"), false);
        for (label, person) in found {
            let line = taking.line(&format!("{label}：{person}"));
            taking.mark(MarkKind::Author, line.start);
        }
    }
}

/// A piece of XML.
pub(super) enum Node<'a> {
    /// The beginning of an element.
    Start(&'a BytesStart<'a>),
    /// Its end, with its local name.
    End(&'a str),
    /// Text, unescaped.
    Text(&'a str),
}

/// Goes through a part. What is no XML ends it: what stood before counts.
pub(super) fn each(xml: &str, mut see: impl FnMut(Node<'_>)) {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => see(Node::Start(&tag)),
            Ok(Event::Empty(tag)) => {
                see(Node::Start(&tag));
                see(Node::End(tag.local_name().as_ref()));
            }
            Ok(Event::End(tag)) => see(Node::End(tag.local_name().as_ref())),
            Ok(Event::Text(text)) => see(Node::Text(&text)),
            Ok(Event::CData(text)) => see(Node::Text(&text)),
            Ok(Event::GeneralRef(name)) => {
                let named = match &*name {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => name.resolve_char_ref().ok().flatten(),
                };
                see(Node::Text(named.unwrap_or(' ').encode_utf8(&mut [0; 4])));
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// An attribute by its local name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}
