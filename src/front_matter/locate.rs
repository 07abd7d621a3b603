//! Where keys and values stand. `serde-saphyr` is asked, and only when a diagnostic needs a place; where it
//! disagrees with the values already read, a plain scan of the lines answers instead.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy, Spanned};

use super::fence::{self, Line};
use super::keys;

/// Which part of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The key.
    Key,
    /// The value; the key if the value is empty.
    Value,
    /// An item of the value, which is a list; its `file` if the item is a map.
    Item(usize),
    /// A key of an item that is a map: item, then entry.
    ItemKey(usize, usize),
    /// A value of an item that is a map: item, then entry.
    ItemValue(usize, usize),
}

/// Finds the parts of one front matter.
pub(super) struct Locator<'a> {
    text: &'a str,
    yaml: Range<usize>,
    entries: OnceCell<Vec<(String, Node, Node)>>,
}

impl<'a> Locator<'a> {
    /// A locator for the bytes `yaml` of `text`; nothing is read yet.
    pub fn new(text: &'a str, yaml: Range<usize>) -> Self {
        Self { text, yaml, entries: OnceCell::new() }
    }

    /// The bytes of a part of the entry that is the `index`th and has this name.
    pub fn find(&self, index: usize, name: &str, part: Part) -> Option<Range<usize>> {
        let spanned = self.entries().get(index).filter(|(written, ..)| written == name);
        let found = spanned.and_then(|(_, key, value)| part_of(key, value, part));
        found.map(|range| self.with_bracket(range)).or_else(|| self.scan(name, part))
    }

    /// The bytes of a part of the first entry with one of these names.
    pub fn find_any(&self, names: &[&str], part: Part) -> Option<Range<usize>> {
        let spanned = self.entries().iter().find(|(written, ..)| names.contains(&written.as_str()));
        let found = spanned.and_then(|(_, key, value)| part_of(key, value, part));
        found.map(|range| self.with_bracket(range)).or_else(|| names.iter().find_map(|name| self.scan(name, part)))
    }

    /// The words of a plain scalar as written, for numbers that YAML has already changed (`2023.10` → 2023.1).
    pub fn plain_words(&self, name: &str) -> Option<&'a str> {
        let (line, value) = self.line_of(name)?;
        let words = &line.text[value..];
        let words = words.find(" #").map_or(words, |comment| &words[..comment]).trim_end();
        (!words.is_empty() && !words.starts_with(['"', '\'', '[', '{', '|', '>', '!', '#'])).then_some(words)
    }

    /// What begins with a bracket ends with one, which no item covers.
    fn with_bracket(&self, range: Range<usize>) -> Range<usize> {
        let close = match self.text.as_bytes().get(range.start) {
            Some(b'[') => ']',
            Some(b'{') => '}',
            _ => return range,
        };
        let rest = &self.text[range.end..self.yaml.end];
        let after = rest.trim_start_matches([' ', ',', ']', '}']);
        let skipped = &rest[..rest.len() - after.len()];
        range.start..skipped.find(close).map_or(range.end, |at| range.end + at + 1)
    }

    fn line_of(&self, name: &str) -> Option<(Line<'a>, usize)> {
        fence::lines(self.text, self.yaml.clone()).find_map(|line| {
            let start = line.text.len() - line.text.trim_start().len();
            let (key, value) = fence::key_and_value(&line.text[start..])?;
            (key == name).then_some((line, start + value))
        })
    }

    fn scan(&self, name: &str, part: Part) -> Option<Range<usize>> {
        let (line, value) = self.line_of(name)?;
        let words = line.words();
        let value = line.start + value..words.end;
        Some(if part == Part::Key || value.is_empty() { words } else { value })
    }

    fn entries(&self) -> &[(String, Node, Node)] {
        self.entries.get_or_init(|| {
            let options = serde_saphyr::options! {
                duplicate_keys: DuplicateKeyPolicy::PassThrough,
                merge_keys: MergeKeyPolicy::AsOrdinary,
            };
            let yaml = &self.text[self.yaml.clone()];
            let Ok(top) = serde_saphyr::from_str_with_options::<Node>(yaml, options) else { return Vec::new() };
            let Shape::Map(entries) = top.shape else { return Vec::new() };
            let placed = entries.into_iter().map(|(mut key, mut value)| {
                key.shift(self.yaml.start);
                value.shift(self.yaml.start);
                let written = key.span.clone().and_then(|span| self.text.get(span)).unwrap_or_default();
                (written.trim_matches(['"', '\'']).to_owned(), key, value)
            });
            placed.collect()
        })
    }
}

fn part_of(key: &Node, value: &Node, part: Part) -> Option<Range<usize>> {
    let item = |at: usize| match &value.shape {
        Shape::List(items) => items.get(at),
        _ => Some(value),
    };
    let entry = |at, entry: usize| match &item(at)?.shape {
        Shape::Map(entries) => entries.get(entry),
        _ => None,
    };
    match part {
        Part::Key => key.extent(),
        Part::Value => value.extent().or_else(|| key.extent()),
        Part::Item(at) => {
            let item = item(at)?;
            let file = match &item.shape {
                Shape::Map(entries) => entries.iter().find(|(key, _)| key.file),
                _ => None,
            };
            file.and_then(|(_, value)| value.extent()).or_else(|| item.extent()).or_else(|| key.extent())
        }
        Part::ItemKey(at, inner) => entry(at, inner)?.0.extent(),
        Part::ItemValue(at, inner) => {
            let (key, value) = entry(at, inner)?;
            value.extent().or_else(|| key.extent())
        }
    }
}

/// A YAML node with nothing but its place.
struct Node {
    span: Option<Range<usize>>,
    /// Whether it is the key of an attachment's path.
    file: bool,
    shape: Shape,
}

enum Shape {
    Scalar,
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    fn shift(&mut self, by: usize) {
        self.span = self.span.take().map(|span| span.start + by..span.end + by);
        match &mut self.shape {
            Shape::Scalar => {}
            Shape::List(items) => items.iter_mut().for_each(|item| item.shift(by)),
            Shape::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
                key.shift(by);
                value.shift(by);
            }),
        }
    }

    /// From the first to the last byte; of a list or map, what its parts cover.
    fn extent(&self) -> Option<Range<usize>> {
        let (first, last) = match &self.shape {
            Shape::Scalar => return self.span.clone().filter(|span| !span.is_empty()),
            Shape::List(items) => (items.first()?, items.last()?),
            Shape::Map(entries) => (&entries.first()?.0, &entries.last()?.1),
        };
        let first = first.extent()?;
        let start = self.span.as_ref().map_or(first.start, |span| span.start.min(first.start));
        Some(start..last.extent().map_or(first.end, |last| last.end.max(first.end)))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Spanned { value: Bare { shape, file }, referenced, .. } = Spanned::<Bare>::deserialize(from)?;
        let span = referenced.span();
        let span = span.byte_offset().zip(span.byte_len());
        Ok(Node { span: span.map(|(start, len)| start as usize..(start + len) as usize), file, shape })
    }
}

struct Bare {
    shape: Shape,
    file: bool,
}

impl<'de> Deserialize<'de> for Bare {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(BareVisitor)
    }
}

struct BareVisitor;

const SCALAR: Bare = Bare { shape: Shape::Scalar, file: false };

impl<'de> Visitor<'de> for BareVisitor {
    type Value = Bare;

    fn expecting(&self, words: &mut fmt::Formatter) -> fmt::Result {
        words.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_none<E: de::Error>(self) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Bare, D::Error> {
        Bare::deserialize(from)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<Bare, E> {
        Ok(Bare { shape: Shape::Scalar, file: keys::is_file(words) })
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<Bare, E> {
        Ok(SCALAR)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Bare, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Bare { shape: Shape::List(items), file: false })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Bare, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Bare { shape: Shape::Map(entries), file: false })
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, tagged: A) -> Result<Bare, A::Error> {
        let (_, value) = tagged.variant::<IgnoredAny>()?;
        de::VariantAccess::newtype_variant::<IgnoredAny>(value)?;
        Ok(SCALAR)
    }
}
