//! Nothing that a report holds may run script or break a page, wherever it stands.

use proptest::prelude::*;

use crate::sites::{self, Options, build, files};

/// Words that have broken sites before, written for this test.
const WORDS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title><svg onload=alert(1)>",
    "{{ site.name }}{% raw %}",
    "]]><x>",
    "--><b>",
    "</script><script>",
    "javascript:alert(1)",
    "\u{202e}txt.exe",
    "&amp;&#x3c;script&#x3e;",
    "${7*7}",
    "=cmd|' /C calc'!A0",
    "\\u003cscript\\u003e",
    "<style>*{display:none}</style>",
    "<!--",
    "<iframe srcdoc=x>",
    "`<b>`",
    "a\u{0}b",
];

fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The one picture within a page that is the theme's own.
const QR_CODE: &str = "img alt=\"本页地址的二维码\" src=";

fn is_safe(name: &str, html: &str) {
    let lower = html.to_ascii_lowercase();
    // The only scripts are the site's own files and data that no browser runs.
    for (at, _) in lower.match_indices("<script") {
        let tag = &lower[at..at + lower[at..].find('>').unwrap_or(0)];
        assert!(
            tag.contains("src=\"") && (tag.contains("assets/site-") || tag.contains("assets/search-"))
                || tag.contains("application/ld+json"),
            "{name}: {tag}"
        );
    }
    let mut rest = lower.as_str();
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if !rest.starts_with(|ch: char| ch.is_ascii_alphabetic()) {
            continue;
        }
        let tag = tag(rest);
        for attribute in attributes(tag) {
            assert!(!attribute.0.starts_with("on"), "{name}: <{tag}>");
            assert!(attribute.0 != "style" && attribute.0 != "srcdoc", "{name}: <{tag}>");
            let address = attribute.1.trim_start();
            if tag.starts_with(QR_CODE) && attribute.0 == "src" {
                let bits = address.strip_prefix("data:image/bmp;base64,").expect("a code is a bitmap");
                assert!(
                    bits.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)),
                    "{name}: <{tag}>"
                );
                continue;
            }
            assert!(
                !(["href", "src", "action"].contains(&attribute.0)
                    && (address.starts_with("javascript:")
                        || address.starts_with("data:")
                        || address.starts_with("vbscript:"))),
                "{name}: <{tag}>"
            );
        }
        rest = &rest[tag.len()..];
    }
}

/// A tag from its name to its end, with `>` inside quotes taken for what it is.
fn tag(text: &str) -> &str {
    let mut quote = None;
    for (at, ch) in text.char_indices() {
        match quote {
            Some(open) if ch == open => quote = None,
            Some(_) => {}
            None if ch == '"' || ch == '\'' => quote = Some(ch),
            None if ch == '>' => return &text[..at],
            None => {}
        }
    }
    text
}

fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return found;
        }
        let name_end = rest.find(|ch: char| ch == '=' || ch.is_whitespace()).unwrap_or(rest.len());
        let name = &rest[..name_end];
        rest = &rest[name_end..];
        match rest.strip_prefix("=\"") {
            Some(value) => {
                let end = value.find('"').unwrap_or(value.len());
                found.push((name, &value[..end]));
                rest = value.get(end + 1..).unwrap_or_default();
            }
            None => {
                found.push((name, ""));
                rest = rest.get(usize::from(name.is_empty())..).unwrap_or_default();
            }
        }
    }
}

fn check(title: &str, town: &str, body: &str) {
    let head = format!(
        "---\ntitle: {}\ntown: {}\nyear: 2023\ndate: 2024-01-10\nagency: {}\nnumber: {}\nsummary: {}\nkeywords: [{}]\nindex: {}\nslug: x\n---\n",
        yaml(title),
        yaml(town),
        yaml(title),
        yaml(title),
        yaml(title),
        yaml(title),
        yaml(title)
    );
    let disk = sites::disk(&[("content/a.md", format!("{head}{body}\n").as_bytes())]);
    let outcome =
        build(&disk, "out", Options { base_url: Some("https://www.example.gov.cn/a/"), ..Options::default() });
    if !outcome.built {
        return;
    }
    for (path, bytes) in files(&disk, "out") {
        let text = String::from_utf8(bytes).unwrap_or_default();
        if path.ends_with(".html") {
            is_safe(&path, &text);
            assert!(text.trim_end().ends_with("</html>"), "{path} is whole");
        }
        if path.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&text).expect("catalogues are JSON whatever a title holds");
        }
        if path.ends_with(".csv") {
            let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            for cell in table.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
                assert!(!cell.starts_with(['=', '@']), "a spreadsheet would run {cell}");
            }
        }
    }
}

#[test]
fn hostile_words_stay_words() {
    let mut built = 0;
    for word in WORDS {
        check(word, "丁市镇", word);
        check(
            "标题",
            word,
            &format!(
                "[{word}]({word}) ![{word}]({word} \"{word}\")\n\n| {word} |\n|---|\n| {word} |\n\n# {word}\n\n```{word}\n{word}\n```"
            ),
        );
        check(
            "标题",
            "丁市镇",
            &format!("[a]: {word} \"{word}\"\n\n[a][a] <{word}> **{word}** [^{word}]\n\n[^{word}]: {word}"),
        );
        built += 1;
    }
    assert_eq!(built, WORDS.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_a_report_holds_breaks_a_page(
        title in "[ -~一-龥“”<>&\"']{1,30}",
        body in "([ -~一-龥\n]|<|>|\\*\\*|```|\\[|\\]\\(|\\||#|&#x3c;|（一）|“|”){0,120}",
    ) {
        check(&title, "丁市镇", &body);
    }
}
