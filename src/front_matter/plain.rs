//! The front matter that nearly every report has: lines of `key: value` whose values cannot mean two things.
//!
//! `serde_yaml` is the only judge of what YAML means. This file knows the few forms on which it cannot disagree,
//! at a tenth of the cost, and leaves everything else to it; a property test holds the two together.

use std::ops::Range;

use super::keys;
use super::raw::{Name, Raw, Script};

/// The entries, if every line is of a form that is beyond doubt.
pub(super) fn parse(yaml: &str) -> Option<Vec<(Name, Raw)>> {
    let mut entries = Vec::with_capacity(8);
    for line in yaml.lines() {
        let (name, written) = line.split_once(": ")?;
        let key = keys::find(name).filter(|_| name.bytes().all(|byte| byte.is_ascii_lowercase()))?;
        entries.push((Name::Known(key, Script::English), value(written)?));
    }
    (!entries.is_empty()).then_some(entries)
}

/// The bytes of a key's value in front matter that [`parse`] takes.
pub(super) fn place(yaml: &str, key: &str) -> Option<Range<usize>> {
    parse(yaml)?;
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        if let Some(written) = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(": ")) {
            let from = at + key.len() + 2;
            return Some(from..from + written.trim_end().len());
        }
        at += line.len();
    }
    None
}

fn value(written: &str) -> Option<Raw> {
    let bytes = written.as_bytes();
    match *bytes.first()? {
        b'"' => {
            let inner = written[1..].strip_suffix('"')?;
            inner.chars().all(|ch| is_harmless(ch) || ch == ' ').then(|| Raw::Text(inner.to_owned()))
        }
        b'1'..=b'9' if bytes.len() <= 9 && bytes.iter().all(u8::is_ascii_digit) => written.parse().ok().map(Raw::Whole),
        b'1'..=b'9' if is_date(bytes) => Some(Raw::Text(written.to_owned())),
        b'a'..=b'z' if is_word(bytes) && !matches!(written, "true" | "false" | "null") => {
            Some(Raw::Text(written.to_owned()))
        }
        _ => (written.starts_with(is_han) && written.chars().all(is_harmless)).then(|| Raw::Text(written.to_owned())),
    }
}

/// `2023-01-16`: digits and hyphens, which YAML 1.2 takes for a text.
fn is_date(bytes: &[u8]) -> bool {
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
}

/// `fazhi`, `r0000012`, `xing-zheng`: a short name in ASCII.
fn is_word(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

fn is_han(ch: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&ch)
}

/// Characters that mean nothing to YAML wherever they stand in a value.
fn is_harmless(ch: char) -> bool {
    is_han(ch) || ch.is_ascii_alphanumeric() || "-.（）、，。《》“”〔〕；！？〇·".contains(ch)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::raw;

    proptest! {
        #[test]
        fn never_disagrees_with_the_judge(
            lines in proptest::collection::vec(
                "(title|year|date|town|kind|标题|x|draft)(: |:|：)?(\"[一-三a。（\\\\\" ]{0,6}\"?|[1-9][0-9]{0,12}|0[0-9]{0,3}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[一-三a-c1-3（）、：#:&*' .-]{0,8}|true|false|null|yes|no|on|off|[ny]|[a-z][a-z0-9-]{0,8}|~|)",
                1..5,
            ),
            end in "(\n|\r\n)",
        ) {
            let yaml = lines.join(&end) + &end;
            if let Some(plain) = super::parse(&yaml) {
                prop_assert_eq!(plain, raw::parse_yaml(&yaml).expect("what is plain is YAML"));
            }
        }
    }

    #[test]
    fn knows_the_usual() {
        assert!(
            super::parse("title: \"丁市镇2023年报告（第1号）\"\ntown: 丁市镇\nyear: \"2023\"\ndate: 2023-01-16\n")
                .is_some()
        );
        assert!(super::parse("title: 丁市镇2023年报告\ntown: 丁市镇\nyear: 2023\ndate: 2023-01-16\n").is_some());
        assert!(super::parse("kind: nianbao\nslug: r0000012\n").is_some());
        assert!(super::parse("title: *a\n").is_none());
    }
}
