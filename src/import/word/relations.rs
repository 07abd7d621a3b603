//! Which part of a package belongs to which: `_rels/document.xml.rels`.

use std::collections::BTreeMap;

use super::package::{LARGEST_XML, Package};
use super::xml::{self, Reader};
use crate::import::refusal::Result;

/// Where a relation leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The last word of its type: `image`, `hyperlink`, `footnotes`.
    pub kind: String,
    /// A part of the package, or an address outside.
    pub target: String,
    /// Whether it leads out of the package.
    pub is_outside: bool,
}

/// The relations of one part, by their ids.
#[derive(Debug, Clone, Default)]
pub struct Relations(BTreeMap<String, Relation>);

impl Relations {
    /// Reads the relations of a part; none if it has none. Of the package itself, if the part is empty.
    pub fn of(package: &mut Package<'_>, part: &str) -> Result<Self> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let separator = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{separator}_rels/{file}.rels");
        let Some(bytes) = package.part(&name, LARGEST_XML)? else { return Ok(Self::default()) };
        let mut relations = BTreeMap::new();
        Reader::new(&xml::decode(&bytes)?).children(|reader, _| {
            reader.children(|_, element| {
                let (Some(id), Some(target)) = (element.get("Id"), element.get("Target")) else { return Ok(()) };
                let kind = element.get("Type").unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
                let is_outside = element.get("TargetMode") == Some("External");
                let target = if is_outside { target.to_owned() } else { inside(folder, target) };
                relations.insert(id.to_owned(), Relation { kind, target, is_outside });
                Ok(())
            })
        })?;
        Ok(Self(relations))
    }

    /// The relation of an id.
    pub fn get(&self, id: &str) -> Option<&Relation> {
        self.0.get(id)
    }

    /// The parts of a kind, in the order of their ids.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.0
            .values()
            .filter(move |relation| relation.kind == kind && !relation.is_outside)
            .map(|found| &*found.target)
    }
}

/// A target as the name of a part: relative to the folder of the part that names it, `..` resolved within the
/// package.
fn inside(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let name = parts.join("/");
    percent_encoding::percent_decode_str(name.trim_start_matches('/')).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn targets_stay_inside() {
        assert_eq!(inside("word", "media/image1.png"), "word/media/image1.png");
        assert_eq!(inside("word", "/word/media/a.png"), "word/media/a.png");
        assert_eq!(inside("word", "../../../etc/passwd"), "etc/passwd");
        assert_eq!(inside("", "word/document.xml"), "word/document.xml");
    }
}
