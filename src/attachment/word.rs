//! Word files: paragraphs, tables, headers, notes and comments, with what was put in or struck out while changes were
//! tracked.

use super::package::{Node, Package, each};
use super::taking::Taking;
use crate::diagnostic::Text;
use crate::model::contents::{Contents, MarkKind, Unreadable};
use crate::text;

pub(super) fn read(mut package: Package<'_>) -> Result<Contents, Unreadable> {
    let mut taking = Taking::default();
    let main = package.main("word/document.xml");
    let body = package.part(&main).ok_or(Unreadable::OtherKind)?;
    part(&body, Text { zh: String::new(), en: String::new() }, None, &mut taking);
    for (start, name) in [
        ("word/header", text!("页眉", "the header")),
        ("word/footer", text!("页脚", "the footer")),
        ("word/footnotes", text!("脚注", "a footnote")),
        ("word/endnotes", text!("尾注", "an endnote")),
    ] {
        for file in package.names(start, ".xml") {
            if let Some(xml) = package.part(&file) {
                part(&xml, name.clone(), None, &mut taking);
            }
        }
    }
    if let Some(xml) = package.part("word/comments.xml") {
        part(&xml, text!("批注", "a comment"), Some("comment"), &mut taking);
    }
    package.properties(&mut taking);
    Ok(taking.finish())
}

/// Takes in one part. Each element called `comment`, where that is given, is marked as one.
fn part(xml: &str, name: Text, comment: Option<&str>, taking: &mut Taking) {
    taking.stretch(name, false);
    let mut depth = 0_u32;
    let (mut is_text, mut is_copy) = (false, 0_u32);
    let mut changes: Vec<(MarkKind, usize)> = Vec::new();
    let mut comment_start = None;
    each(xml, |node| match node {
        // Text boxes are stored twice; the second time for older programs.
        Node::Start(tag) if is_copy > 0 || tag.local_name().as_ref() == "Fallback" => {
            is_copy += u32::from(tag.local_name().as_ref() == "Fallback");
        }
        Node::End("Fallback") => is_copy = is_copy.saturating_sub(1),
        _ if is_copy > 0 => {}
        Node::Start(tag) => match tag.local_name().as_ref() {
            "t" | "delText" => is_text = true,
            "tab" | "br" | "cr" => taking.words(" "),
            "ins" => changes.push((MarkKind::Inserted, taking.at())),
            "del" => changes.push((MarkKind::Deleted, taking.at())),
            "tbl" => {
                depth += 1;
                if depth == 1 {
                    taking.begin_table();
                }
            }
            "tc" if depth == 1 => taking.begin_cell(),
            name if Some(name) == comment => comment_start = Some(taking.at()),
            _ => {}
        },
        Node::End(name) => match name {
            "t" | "delText" => is_text = false,
            "ins" | "del" => {
                if let Some((kind, start)) = changes.pop().filter(|(_, start)| *start < taking.at()) {
                    taking.mark(kind, start);
                }
            }
            "p" => taking.end_line(),
            "tc" if depth == 1 => taking.end_cell(),
            "tr" if depth == 1 => taking.end_row(),
            "tbl" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    taking.end_table();
                }
            }
            name if Some(name) == comment => {
                if let Some(start) = comment_start.take().filter(|start| *start < taking.at()) {
                    taking.mark(MarkKind::Comment, start);
                }
            }
            _ => {}
        },
        Node::Text(words) if is_text => taking.words(words),
        Node::Text(_) => {}
    });
}
