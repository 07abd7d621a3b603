//! YAML as it was written, before anybody asks what it means: `serde_yaml` is the only source of values.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::keys::{self, Key};
use super::plain;

/// A value. Maps keep their keys in order, and keep doubled ones, so that these can be told.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Null,
    Bool(bool),
    Whole(i64),
    /// A number that is not whole, or that no year or count can be.
    Other(String),
    Text(String),
    List(Vec<Raw>),
    Map(Vec<(String, Raw)>),
    /// A value with a YAML tag (`!x`), which nothing here uses.
    Tagged,
}

/// The name of an entry.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Name {
    Known(Key, Script),
    Unknown(String),
}

/// Which of a key's two names was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    English,
    Chinese,
}

impl Name {
    /// The name as written.
    pub fn written(&self) -> &str {
        match self {
            Self::Known(key, Script::English) => key.english(),
            Self::Known(key, Script::Chinese) => key.chinese(),
            Self::Unknown(name) => name,
        }
    }
}

/// The entries of the front matter, in order; doubled keys are kept. A text of comments only has none.
pub(super) fn parse(yaml: &str) -> Result<Vec<(Name, Raw)>, serde_yaml::Error> {
    plain::parse(yaml).map_or_else(|| parse_yaml(yaml), Ok)
}

/// The same, always by the library.
pub(super) fn parse_yaml(yaml: &str) -> Result<Vec<(Name, Raw)>, serde_yaml::Error> {
    if yaml.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Vec::new());
    }
    serde_yaml::from_str(yaml).map(|Entries(entries)| entries)
}

struct Entries(Vec<(Name, Raw)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Entries;

            fn expecting(&self, words: &mut fmt::Formatter) -> fmt::Result {
                words.write_str("lines of `key: value`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::with_capacity(8);
                while let Some(name) = map.next_key()? {
                    entries.push((name, map.next_value()?));
                }
                Ok(Entries(entries))
            }
        }
        from.deserialize_map(Visit)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Name;

            fn expecting(&self, words: &mut fmt::Formatter) -> fmt::Result {
                words.write_str("a key")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
                let script = if name.is_ascii() { Script::English } else { Script::Chinese };
                Ok(keys::find(name).map_or_else(|| Name::Unknown(name.to_owned()), |key| Name::Known(key, script)))
            }
        }
        // Whatever a plain scalar may be (`2023`, `true`), as a key it is its letters.
        from.deserialize_str(Visit)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, words: &mut fmt::Formatter) -> fmt::Result {
        words.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Whole(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Raw, E> {
        Ok(i64::try_from(value).map_or_else(|_| Raw::Other(value.to_string()), Raw::Whole))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Other(value.to_string()))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Other(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Other(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(name) = map.next_key::<Raw>()? {
            let name = match name {
                Raw::Text(name) | Raw::Other(name) => name,
                Raw::Whole(number) => number.to_string(),
                Raw::Bool(yes) => yes.to_string(),
                _ => "?".to_owned(),
            };
            entries.push((name, map.next_value()?));
        }
        Ok(Raw::Map(entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Raw, A::Error> {
        let (_, value) = tagged.variant::<String>()?;
        value.newtype_variant::<Raw>()?;
        Ok(Raw::Tagged)
    }
}
