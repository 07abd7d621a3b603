//! What `check` promises whatever a report holds: it never fails, speaks only of places that are there, and mends
//! nothing twice; and what it says beside findings: the reference of all rules, the check sheet, dead links.

use std::collections::BTreeSet;
use std::path::Path;

use gongkai::diagnostic::{Language, Severity, show};
use gongkai::source::Disk;
use proptest::prelude::*;

use crate::sites;

/// Pieces that rules look for, and what may stand around them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(&[
            "一、", "（一）", "## ", "2023年", "13月", "5日", "20251231日", "将", "，", "。", "、", "《", "》", "“", "”", "（", "）", "(",
            ")", "--", "...", "XX", "镇", "××", "的", "我局", "国办发", "[2021]", "30号", "\n\n", "\n", "| ", " |", "|---|---|\n",
            "11010519491231002X", "13812345678", "6222020200112230129", "[bookmark: _GoBack]", "[bookmark:", "⼯", "\u{200b}",
            "zhèn", "<!-- gongkai: GK-X001 因 -->", "> ", "`", "```\n", "丁市镇人民政府", "2024年1月16日", "下一年度安排", ",", "!",
        ][..]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn checks_hold_for_any_text(body in text()) {
        let head = "---\ntitle: 丁市镇2023年法治政府建设年度报告\ntown: 丁市镇\nyear: 2023\ndate: 2024-01-16\n---\n";
        let disk = sites::disk(&[("content/a.md", format!("{head}{body}\n").as_bytes())]);
        let before = sites::review(&disk);
        for language in [Language::Chinese, Language::English] {
            show::all(&before.diagnostics, language, show::Colour::Plain);
        }
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let named: BTreeSet<u32> = before.diagnostics.iter().filter_map(|fault| Some(fault.place.as_ref()?.line)).collect();
        let promised: usize = before.mendings.iter().map(|mending| mending.count).sum();
        let once = sites::fixed(&disk, "content/a.md");
        prop_assert!(once.starts_with(head), "the front matter is never touched");
        prop_assert_eq!(promised > 0, once != format!("{head}{body}\n"));
        prop_assert_eq!(&sites::fixed(&disk, "content/a.md"), &once, "what is mended stays as it is");
        // Only lines of which something was said are others now.
        let (was, is) = (lines(&format!("{head}{body}\n")), lines(&once));
        prop_assert_eq!(was.len(), is.len());
        for (number, (was, is)) in (1..).zip(was.iter().zip(&is)) {
            prop_assert!(was == is || named.contains(&number), "line {}: {} became {}", number, was, is);
        }
    }
}

/// The page of all rules in the documentation is what the rules' files say. `UPDATE=1` rewrites it.
#[test]
fn the_reference_says_what_the_rules_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/reference.md");
    let page = gongkai::check::reference_page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, page).unwrap();
        return;
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), page, "UPDATE=1 cargo test rewrites the reference");
}

/// The report that this project began with, as it came from Word: what is wrong in it is found where it stands, and
/// nothing else is.
#[test]
fn the_first_report_has_its_own_faults_and_no_others() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/dingshi/2023/fazhi.md");
    let report = std::fs::read_to_string(path).unwrap();
    let first = report.find("\n2023年以来").expect("its first section begins so") + 1;
    let with_bookmark = format!("{}[bookmark: _GoBack]{}", &report[..first], &report[first..]);
    let disk = sites::disk(&[("content/dingshi/2023/fazhi.md", with_bookmark.as_bytes())]);
    let review = sites::review(&disk);
    let found = review.diagnostics.iter().filter_map(|fault| {
        let place = fault.place.as_ref()?;
        Some((fault.code.0, fault.severity, &place.excerpt[place.underline.clone()]))
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    assert_eq!(
        found,
        [
            ("GK-D002", Severity::Warning, "2023-01-16"),
            ("GK-D008", Severity::Warning, "2023年"),
            ("GK-X001", Severity::Error, "[bookmark: _GoBack]"),
        ]
    );
}

#[test]
fn a_build_says_what_a_check_says() {
    let files: [(&str, &[u8]); 4] = [
        ("site.yaml", "name: 测试站\nrules: { GK-L004: off, GK-X003: error }\n".as_bytes()),
        (
            "content/a.md",
            sites::report(
                "丁市镇2023年情况",
                "丁市镇",
                2023,
                "[bookmark: _GoBack]身份证11010519491231002X，，![](没有.png)[去](b.md#mei-you)",
            )
            .leak()
            .as_bytes(),
        ),
        (
            "content/b.md",
            sites::report(
                "丁市镇2022年情况",
                "丁市镇",
                2022,
                "<!-- gongkai: GK-L001 将来补上 -->\n见[附件](没有.pdf)。",
            )
            .leak()
            .as_bytes(),
        ),
        ("content/c.csv", "甲".as_bytes()),
    ];
    let disk = sites::disk(&files);
    let said = |diagnostics: &[gongkai::diagnostic::Diagnostic]| {
        show::all(diagnostics, Language::Chinese, show::Colour::Plain)
    };
    let built = sites::build(&disk, "out", sites::Options::default());
    assert!(built.built, "what rules find stops no build");
    let checked = said(&sites::review(&disk).diagnostics);
    assert_eq!(said(&built.diagnostics), checked);
    for code in ["GK-X001", "GK-P001", "GK-X003", "GK-L001", "GK-L002", "GK-L008", "GK-S003"] {
        assert!(checked.contains(code), "{code} is not in {checked}");
    }
    assert!(checked.contains("错误[GK-X003]") && !checked.contains("GK-L004"), "{checked}");
    assert_eq!(checked.matches("GK-L001").count(), 1, "one is silenced: {checked}");
    // A build with nothing changed remembers them.
    assert_eq!(said(&sites::build(&disk, "out", sites::Options::default()).diagnostics), checked);
}

#[test]
fn the_sheet_shows_the_hash_and_what_was_found() {
    let report = sites::report("丁市镇2023年<情况>", "丁市镇", 2023, "身份证11010519491231002X。\n\n⼯作，⼯程。");
    let disk = sites::disk(&[
        ("content/a.md", report.as_bytes()),
        ("content/b.md", sites::report("乙", "丁市镇", 2022, "正文。").as_bytes()),
    ]);
    let page = sites::sheet(&disk, "content/a.md");
    // What sha256sum says of the same bytes.
    let bytes = disk.read(Path::new("site/content/a.md")).unwrap();
    assert_eq!(bytes, report.as_bytes());
    let hash = sites::sha256(&bytes);
    assert!(page.contains(&format!("SHA-256 {hash}")), "{page}");
    assert!(
        page.contains("GK-P001") && page.contains("丁市镇2023年&lt;情况&gt;") && page.contains("三审三校"),
        "{page}"
    );
    assert_eq!(page.matches("<section>").count(), 1);
    // What is wrong in many places of a file stands in one row.
    assert!(page.contains("<td>警告<br>GK-X004</td><td>第 9 行<br>共 2 处</td>"), "{page}");
    assert!(sites::sheet(&disk, "content/b.md").contains("没有发现问题"));
}

#[cfg(feature = "net")]
#[test]
fn dead_links_to_other_hosts_are_found_politely() {
    let host = sites::Host::start();
    let at = |path: &str| format!("http://127.0.0.1:{}{path}", host.port());
    let links = ["/there", "/gone#part", "/gone#other", "/no-head", "/busy", "/moved"]
        .map(|path| format!("[见]({})", at(path)));
    let body = format!("{}[没有](http://gongkai.invalid/)", links.concat());
    let report = sites::report("丁市镇2023年情况", "丁市镇", 2023, &body);
    let disk = sites::disk(&[("content/a.md", report.as_bytes())]);
    let found = sites::review_online(&disk);
    let found: Vec<(Severity, u32, &str)> = found
        .diagnostics
        .iter()
        .filter(|fault| fault.code.0 == "GK-L009")
        .map(|fault| (fault.severity, fault.place.as_ref().unwrap().column, fault.message.en.as_str()))
        .collect();
    let gone = |part: &str| format!("the link cannot be opened: {}{part} (the answer is 404)", at("/gone"));
    let words: Vec<&str> = found.iter().map(|found| found.2).collect();
    assert!(words.contains(&&*gone("#part")) && words.contains(&&*gone("#other")), "{found:?}");
    assert!(words.iter().any(|words| words.contains("/busy (503)")), "{found:?}");
    assert!(
        !words.iter().any(|words| ["/there", "/no-head", "/moved"].iter().any(|path| words.contains(path))),
        "{found:?}"
    );
    assert!(
        found.iter().all(|(severity, _, words)| (*severity == Severity::Warning)
            == (words.contains("404") || words.contains("no such host"))),
        "{found:?}"
    );
    // Each page once, HEAD first, one after the other.
    let asked = host.stop();
    assert_eq!(asked.iter().filter(|asked| asked.ends_with(" /there")).count(), 1, "{asked:?}");
    assert_eq!(
        asked.iter().filter(|asked| asked.contains("/gone")).collect::<Vec<_>>(),
        ["HEAD /gone", "GET /gone"],
        "{asked:?}"
    );
    assert!(disk.read(Path::new("site/content/a.md")).is_ok());
}
