//! The cases of `tests/cases/front_matter.txt`, and what must hold for any text.
//!
//! A case is `######## name`, the source, `>>>>>>>>`, and what is expected: the fields, then each diagnostic in
//! both languages. `␉` and `␍` stand for a TAB and a carriage return, `␇` for a bell. `UPDATE=1` rewrites the expectations.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::{FrontMatter, Head, Repealed, place_of, read};
use crate::diagnostic::{Checked, Language, show};

fn standing(kind: &str) -> bool {
    matches!(kind, "zhinan" | "政府信息公开指南")
}

fn check(source: &str) -> Checked<Option<Head>> {
    read(&Arc::from("content/丁市镇/2023.md"), source, &standing)
}

fn told(fields: &FrontMatter) -> String {
    let mut words = String::new();
    let mut say = |key: &str, value: String| writeln!(words, "{key} = {value}").unwrap();
    let texts = [
        ("town", &fields.town),
        ("kind", &fields.kind),
        ("agency", &fields.agency),
        ("number", &fields.number),
        ("index", &fields.index),
        ("summary", &fields.summary),
        ("slug", &fields.slug),
    ];
    say("title", fields.title.clone());
    say("date", fields.date.to_string());
    for (key, value) in texts {
        value.iter().for_each(|value| say(key, value.clone()));
    }
    fields.year.iter().for_each(|year| say("year", year.to_string()));
    fields.published.iter().for_each(|at| say("published", format!("{at} (time: {})", fields.published_has_time)));
    fields.effective.iter().for_each(|day| say("effective", day.to_string()));
    match fields.repealed {
        Some(Repealed::On(day)) => say("repealed", day.to_string()),
        Some(Repealed::SomeDay) => say("repealed", "some day".to_owned()),
        None => {}
    }
    fields.keywords.iter().for_each(|word| say("keyword", word.clone()));
    fields.aliases.iter().for_each(|path| say("alias", path.clone()));
    fields.attachments.iter().for_each(|one| say("attachment", format!("{} | {:?}", one.file, one.name)));
    if fields.draft {
        say("draft", "true".to_owned());
    }
    words
}

fn shown(source: &str) -> String {
    let Checked { value, diagnostics } = check(source);
    let mut words = match &value {
        Some(head) => format!("{}body = {:?}\n", told(&head.fields), &source[head.body..]),
        None => "unusable\n".to_owned(),
    };
    for diagnostic in &diagnostics {
        for language in [Language::Chinese, Language::English] {
            let lines = show::one(diagnostic, language, show::Colour::Plain);
            lines.lines().for_each(|line| words.push_str(&format!("{}\n", line.trim_end())));
        }
    }
    words
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads and rewrites its own cases")]
fn cases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/front_matter.txt");
    let table = std::fs::read_to_string(path).unwrap();
    let (preface, cases) = table.split_once("######## ").unwrap();
    let mut out = preface.to_owned();
    for case in cases.split("\n######## ") {
        let (name, rest) = case.split_once('\n').unwrap();
        let (source, _) = rest.split_once(">>>>>>>>").unwrap_or((rest, ""));
        let real = source.replace('␉', "\t").replace('␍', "\r").replace('␇', "\u{7}");
        write!(out, "######## {name}\n{source}>>>>>>>>\n{}\n", shown(&real)).unwrap();
    }
    let out = format!("{}\n", out.trim_end());
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(path, &out).unwrap();
    }
    for (expected, got) in table.trim_end().split("\n######## ").zip(out.trim_end().split("\n######## ")) {
        assert_eq!(expected.trim_end(), got.trim_end());
    }
}

#[test]
fn bounds_cost_nothing() {
    let laughs: String =
        (1..9).map(|n| format!("a{n}: &a{n} [*a{0},*a{0},*a{0},*a{0},*a{0},*a{0},*a{0},*a{0}]\n", n - 1)).collect();
    for nonsense in [
        "[".repeat(200_000),
        "[".repeat(60_000),
        "{a: ".repeat(16_000),
        "- ".repeat(30_000),
        "? ".repeat(30_000),
        laughs,
    ] {
        let source = format!("---\ntitle: {nonsense}\n---\n");
        assert!(check(&source).value.is_none());
        let source = format!("---\n{nonsense}\n---\n");
        assert!(check(&source).value.is_none());
    }
}

#[test]
fn later_stages_find_values() {
    let path: Arc<str> = "a.md".into();
    let source =
        "---\ntitle: 甲\n成文日期: 2023-01-16\nattachments:\n  - a.pdf\n  - file: 附件/b.pdf\n    name: 乙\n---\n";
    let under = |key| {
        let place = place_of(&path, source, key);
        (place.line, place.excerpt[place.underline].to_owned())
    };
    assert_eq!(under("date"), (3, "2023-01-16".to_owned()));
    assert_eq!(under("attachments[0]"), (5, "a.pdf".to_owned()));
    assert_eq!(under("attachments[1]"), (6, "附件/b.pdf".to_owned()));
    assert_eq!(under("town"), (0, String::new()));
}

fn sane(source: &str) {
    let Checked { value, diagnostics } = check(source);
    assert!(value.is_some() || !diagnostics.is_empty());
    for diagnostic in &diagnostics {
        show::one(diagnostic, Language::Chinese, show::Colour::Plain);
    }
    place_of(&"a.md".into(), source, "date");
}

proptest! {
    #[test]
    fn never_panics(source in "\\PC*") {
        sane(&source);
        sane(&format!("---\n{source}\n---\n"));
    }

    #[test]
    fn never_panics_on_what_looks_like_yaml(
        lines in proptest::collection::vec("(title|标题|date|附件|keywords| ?- |file|\t)?(: |：|:)?[\\[\\]{}'\"|>&*!%@`#,:年\\\\a1 -]{0,12}", 0..8)
    ) {
        sane(&format!("---\n{}\n---\nx", lines.join("\n")));
        sane(&format!("---\r\n{}\r\n---\r\nx", lines.join("\r\n")));
    }

    #[test]
    fn what_is_right_comes_back(
        title in "[一-龥A-Za-z0-9（）“”：:#&*\"'\\\\ -]{1,30}",
        town in "[一-龥]{2,6}镇",
        year in 1949i16..=2200,
        month in 1i8..=12,
        day in 1i8..=28,
        crlf: bool,
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let date = jiff::civil::date(year, month, day);
        let quoted = super::syntax::quoted(&title);
        let source = ["---", &format!("title: {quoted}"), &format!("town: {town}"), &format!("year: {year}"),
            &format!("date: {date}"), "---", "正文"].join(end);
        let Checked { value, diagnostics } = check(&source);
        let tidy = title.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if tidy.is_empty() {
            prop_assert!(value.is_none());
        } else {
            prop_assert_eq!(&diagnostics, &[]);
            let head = value.unwrap();
            prop_assert_eq!(&head.fields.title, &tidy);
            prop_assert_eq!((head.fields.town, head.fields.year, head.fields.date), (Some(town), Some(year), date));
            prop_assert_eq!(&source[head.body..], "正文");
        }
    }
}
