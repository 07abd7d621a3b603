//! The template of index numbers (索引号), such as `{code}/{year}-{id:8}`.

use crate::diagnostic::Text;
use crate::text;

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexTemplate {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Code,
    Year,
    Month,
    Kind,
    Id(usize),
}

/// What a template is filled with.
#[derive(Debug, Clone, Copy)]
pub struct IndexParts<'a> {
    /// The organisation's code.
    pub code: &'a str,
    /// The year the report is about, or was made in.
    pub year: i16,
    /// The month it was made in.
    pub month: i8,
    /// The kind's short name.
    pub kind: &'a str,
    /// The report's permanent address, from which its digits are made.
    pub address: &'a str,
}

impl Default for IndexTemplate {
    fn default() -> Self {
        Self { parts: vec![Part::Code, Part::Literal("/".into()), Part::Year, Part::Literal("-".into()), Part::Id(8)] }
    }
}

impl IndexTemplate {
    /// Parses a template, or says what is wrong with it.
    pub fn parse(template: &str) -> Result<Self, Text> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            if open > 0 {
                parts.push(Part::Literal(rest[..open].to_owned()));
            }
            let close =
                rest[open..].find('}').ok_or_else(|| text!("`{{` 没有对应的 `}}`", "a `{{` without its `}}`"))?;
            let name = &rest[open + 1..open + close];
            parts.push(match name {
                "code" => Part::Code,
                "year" => Part::Year,
                "month" => Part::Month,
                "kind" => Part::Kind,
                "id" => Part::Id(8),
                _ => match name.strip_prefix("id:").and_then(|digits| digits.parse().ok()) {
                    Some(digits @ 4..=16) => Part::Id(digits),
                    _ => {
                        return Err(text!(
                            "不认识 `{{{name}}}`；可用 {{code}} {{year}} {{month}} {{kind}} {{id:8}}（4 到 16 位）",
                            "`{{{name}}}` is unknown; use {{code}} {{year}} {{month}} {{kind}} {{id:8}} (4 to 16 digits)"
                        ));
                    }
                },
            });
            rest = &rest[open + close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        if !parts.iter().any(|part| matches!(part, Part::Id(_))) {
            return Err(text!(
                "模板里要有 {{id:8}}，否则索引号会重复",
                "the template needs {{id:8}}, or index numbers would repeat"
            ));
        }
        Ok(Self { parts })
    }

    /// Fills the template. The digits come from the report's address alone, so they never change while the
    /// report keeps its address, whatever other reports come or go.
    pub fn fill(&self, with: &IndexParts<'_>) -> String {
        let mut index = String::with_capacity(32);
        for part in &self.parts {
            match part {
                Part::Literal(text) => index.push_str(text),
                Part::Code => index.push_str(with.code),
                Part::Year => index.push_str(&format!("{:04}", with.year)),
                Part::Month => index.push_str(&format!("{:02}", with.month)),
                Part::Kind => index.push_str(with.kind),
                Part::Id(digits) => {
                    let hash = blake3::hash(with.address.as_bytes());
                    let number = u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("a hash has 32 bytes"));
                    index.push_str(&format!("{:0digits$}", number % 10_u64.pow(*digits as u32)));
                }
            }
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_from_the_address_alone() {
        let parts = IndexParts {
            code: "11500242008681234X",
            year: 2023,
            month: 1,
            kind: "fazhi",
            address: "dingshi/2023/fazhi.html",
        };
        let first = IndexTemplate::parse("{code}/{year}{month}-{id:5}").unwrap().fill(&parts);
        assert!(first.starts_with("11500242008681234X/202301-"), "{first}");
        assert_eq!(first.len(), "11500242008681234X/202301-00000".len());
        let other = IndexParts { address: "dingshi/2024/fazhi.html", ..parts };
        assert_ne!(IndexTemplate::default().fill(&parts), IndexTemplate::default().fill(&other));
    }

    #[test]
    fn refuses_what_could_repeat() {
        for wrong in ["{code}", "{id", "{serial}-{id:8}", "{id:2}", "{id:99}"] {
            assert!(IndexTemplate::parse(wrong).is_err(), "{wrong}");
        }
    }
}
