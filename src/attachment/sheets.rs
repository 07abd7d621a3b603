//! Excel files: every sheet row by row, hidden ones too, and the comments on cells.

use std::collections::BTreeMap;

use super::package::{Node, Package, attribute, each};
use super::taking::Taking;
use crate::model::contents::{Contents, MarkKind, Unreadable};
use crate::text;

/// A wider sheet is a drawing.
const WIDEST: usize = 512;

/// One sheet as the workbook lists it.
struct Sheet {
    name: String,
    is_hidden: bool,
    part: String,
}

pub(super) fn read(mut package: Package<'_>) -> Result<Contents, Unreadable> {
    let main = package.main("xl/workbook.xml");
    let workbook = package.part(&main).ok_or(Unreadable::OtherKind)?;
    let shared = package.part("xl/sharedStrings.xml").map(|xml| shared(&xml)).unwrap_or_default();
    let relations = package.part("xl/_rels/workbook.xml.rels").map(|xml| relations(&xml)).unwrap_or_default();
    let mut taking = Taking::default();
    for Sheet { name, is_hidden, part } in sheets(&workbook, &relations) {
        let Some(xml) = package.part(&part).filter(|_| taking.has_room()) else { continue };
        if is_hidden {
            taking.stretch(text!("隐藏的工作表", "a hidden sheet"), false);
            let line = taking.line(&name);
            taking.mark(MarkKind::HiddenSheet, line.start);
        }
        taking.stretch(text!("工作表“{name}”", "sheet {name}"), true);
        rows(&xml, &shared, &mut taking);
    }
    for part in package.names("xl/comments", ".xml").into_iter().chain(package.names("xl/threadedComments/", ".xml")) {
        taking.stretch(text!("批注", "a comment"), false);
        package.part(&part).into_iter().for_each(|xml| comments(&xml, &mut taking));
    }
    package.properties(&mut taking);
    Ok(taking.finish())
}

fn sheets(workbook: &str, relations: &BTreeMap<String, String>) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    each(workbook, |node| {
        let Node::Start(tag) = node else { return };
        if tag.local_name().as_ref() == "sheet"
            && let Some(target) = attribute(tag, "id").and_then(|id| relations.get(&id))
        {
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            let is_hidden = attribute(tag, "state").is_some_and(|state| state != "visible");
            sheets.push(Sheet { name: attribute(tag, "name").unwrap_or_default(), is_hidden, part });
        }
    });
    sheets
}

fn relations(xml: &str) -> BTreeMap<String, String> {
    let mut relations = BTreeMap::new();
    each(xml, |node| {
        if let Node::Start(tag) = node
            && let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target"))
        {
            relations.insert(id, target);
        }
    });
    relations
}

/// The strings that cells name by number. Readings (rPh) are no part of them.
fn shared(xml: &str) -> Vec<String> {
    let mut strings: Vec<String> = Vec::new();
    let (mut is_text, mut in_reading) = (false, false);
    each(xml, |node| match node {
        Node::Start(tag) => match tag.local_name().as_ref() {
            "si" => strings.push(String::new()),
            "t" => is_text = true,
            "rPh" => in_reading = true,
            _ => {}
        },
        Node::End("t") => is_text = false,
        Node::End("rPh") => in_reading = false,
        Node::Text(words) if is_text && !in_reading => {
            strings.last_mut().into_iter().for_each(|string| string.push_str(words));
        }
        Node::End(_) | Node::Text(_) => {}
    });
    strings
}

fn rows(xml: &str, shared: &[String], taking: &mut Taking) {
    taking.begin_table();
    let (mut column, mut is_value, mut is_shared) = (0_usize, false, false);
    let mut value = String::new();
    each(xml, |node| match node {
        Node::Start(tag) => match tag.local_name().as_ref() {
            "row" => column = 0,
            "c" => {
                // Empty cells are not stored.
                let wanted = attribute(tag, "r").map_or(column, |name| column_of(&name)).min(WIDEST);
                for _ in column..wanted {
                    taking.begin_cell();
                    taking.end_cell();
                }
                column = wanted.max(column) + 1;
                is_shared = attribute(tag, "t").is_some_and(|kind| kind == "s");
                value.clear();
            }
            "v" | "t" => is_value = true,
            _ => {}
        },
        Node::End("v" | "t") => is_value = false,
        Node::End("c") => {
            let words = match value.trim().parse::<usize>() {
                Ok(number) if is_shared => shared.get(number).map_or("", String::as_str),
                _ => &value,
            };
            taking.begin_cell();
            taking.words(words);
            taking.end_cell();
        }
        Node::End("row") => taking.end_row(),
        Node::Text(words) if is_value => value.push_str(words),
        Node::End(_) | Node::Text(_) => {}
    });
    taking.end_table();
}

/// `C7` stands in the third column: 2.
fn column_of(name: &str) -> usize {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).take(3);
    let number = letters.fold(0, |number, letter| number * 26 + usize::from(letter.to_ascii_uppercase() - b'A' + 1));
    number.saturating_sub(1)
}

fn comments(xml: &str, taking: &mut Taking) {
    let (mut start, mut is_text) = (None, false);
    each(xml, |node| match node {
        Node::Start(tag) => match tag.local_name().as_ref() {
            "comment" | "threadedComment" => start = Some(taking.at()),
            "t" | "text" => is_text = true,
            _ => {}
        },
        Node::End("t" | "text") => is_text = false,
        Node::End("comment" | "threadedComment") => {
            if let Some(start) = start.take().filter(|start| *start < taking.at()) {
                taking.mark(MarkKind::Comment, start);
            }
            taking.end_line();
        }
        Node::Text(words) if is_text => taking.words(words),
        Node::End(_) | Node::Text(_) => {}
    });
}
