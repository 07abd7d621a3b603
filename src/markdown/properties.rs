//! What must hold for every body: no panic, balanced and safe HTML, words kept.

use proptest::prelude::*;

use super::emphasis::Mask;
use super::escape;
use super::events::events;
use super::tests::make;

/// Pieces from which awkward bodies are made.
const PIECES: &[&str] = &[
    "中",
    "文",
    "（",
    "）",
    "。",
    "，",
    "“",
    "”",
    "a",
    "1",
    " ",
    "\n",
    "\n\n",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~",
    "~~",
    "`",
    "``",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "[^1]",
    "[^中**（]",
    "\n[^1]: ",
    "\n[^中**（]: ",
    "\n[中*（]: a.md \"中**（\"\n\n",
    "[中*（]",
    "# ",
    "\n## ",
    " {#a}",
    " {#中**（}",
    "> ",
    "- ",
    "1. ",
    "3) ",
    "|",
    "\n|---|---|\n",
    "| ^^ | << |\n",
    "\\",
    "<",
    ">",
    "<b>",
    "</div>",
    "<!--",
    "-->",
    "&amp;",
    "&#1;",
    "&lt",
    "\u{1}",
    "\u{85}",
    "\u{FFFE}",
    "```",
    "\n```json\n",
    "\n```\n",
    "（一）",
    "一是",
    "二是",
    "2023年1月16日",
    "\n附件：",
    "表1 ",
    "<https://a.cn/~x>",
    "(a.md)",
    "(#a)",
    "(javascript:alert)",
    "\"中**（\"",
    "(a.png \"x\")",
    "é",
    "𠮷",
    "§",
    "⸱",
    ",",
    "\t",
    "    ",
    "\r\n",
    "---\n",
    "\n===\n",
];

fn body() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

/// Elements that never close.
const VOID: [&str; 3] = ["br", "hr", "img"];

/// Fails unless every tag is one of ours and closes what is open; ids must not repeat.
fn check_html(html: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for piece in html.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').ok_or("an open bracket")?;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) || name == "script" {
            return Err(format!("<{tag}>"));
        }
        if name == "a" && open.contains(&"a") {
            return Err("a link in a link".into());
        }
        if tag.contains("javascript:") && (tag.contains("href=\"javascript:") || tag.contains("src=\"javascript:")) {
            return Err(format!("<{tag}>"));
        }
        if let Some((_, id)) = tag.split_once(" id=\"")
            && let Some((id, _)) = id.split_once('"')
            && !ids.insert(id.to_owned())
        {
            return Err(format!("the id {id} stands twice"));
        }
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} stay open")) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_becomes_sound_html(body in body()) {
        let made = make(&body);
        prop_assert_eq!(check_html(&made.value.html), Ok(()), "\n{}", made.value.html);
        prop_assert!(made.value.html.chars().all(escape::is_allowed));
        prop_assert!(made.value.opening.chars().count() <= 120);
        for fault in &made.diagnostics {
            prop_assert!(fault.place.is_some() && fault.help.is_some());
        }
    }

    /// Every borrowed string of an event is the body's own, and no placeholder comes out that nobody typed.
    #[test]
    fn masks_leave_no_trace(body in body()) {
        let typed = |placeholder: &str| body.contains(placeholder);
        for (event, _) in events(&body, true) {
            let words = format!("{event:?}");
            for placeholder in ["⸱", "𐄀"] {
                prop_assert!(typed(placeholder) || !words.contains(placeholder), "{words}");
            }
            if let pulldown_cmark::Event::Text(pulldown_cmark::CowStr::Borrowed(text)) = event {
                // Of a tab that is cut in two, the rest is spaces.
                let of_a_tab = body.contains('\t') && text.bytes().all(|byte| byte == b' ');
                prop_assert!(of_a_tab || body.contains::<&str>(text), "{text:?}");
            }
        }
        if let Some(mask) = Mask::of(&body) {
            prop_assert_eq!(mask.text().len(), body.len());
        }
    }

    /// Text without any marker comes out unchanged.
    #[test]
    fn plain_text_is_kept(words in "[中文年度报告a-z0-9（）。，、；：“”％～．①]{1,60}") {
        prop_assume!(!words.starts_with(|ch: char| ch.is_ascii_digit()));
        let html = make(&words).value.html;
        let mut shown = String::new();
        for piece in html.split('<') {
            shown.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
        }
        prop_assert_eq!(shown.trim_end(), words);
    }
}

#[test]
fn a_tab_that_is_cut_in_two_leaves_spaces() {
    let texts: Vec<String> = events("> \t\t> ", true)
        .into_iter()
        .filter_map(|(event, _)| match event {
            pulldown_cmark::Event::Text(text) => Some(text.into_string()),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["  ", "> "]);
}
