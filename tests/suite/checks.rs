//! What `check` promises whatever a report holds: it never fails, speaks only of places that are there, and mends
//! nothing twice.

use gongkai::diagnostic::{Language, show};
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
        let promised: usize = before.mendings.iter().map(|mending| mending.count).sum();
        let once = sites::fixed(&disk, "content/a.md");
        prop_assert!(once.starts_with(head), "the front matter is never touched");
        prop_assert_eq!(promised > 0, once != format!("{head}{body}\n"));
        prop_assert_eq!(&sites::fixed(&disk, "content/a.md"), &once, "what is mended stays as it is");
    }
}
