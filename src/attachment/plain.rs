//! Plain tables and plain text.

use super::taking::Taking;
use crate::model::contents::Contents;
use crate::source::source_text;
use crate::text;

/// A table whose cells stand between these signs; `None` where it is no text.
pub(super) fn read(bytes: &[u8], between: u8) -> Option<Contents> {
    let path = "".into();
    let text = source_text(&path, bytes).ok()?.value;
    let mut taking = Taking::default();
    taking.stretch(text!("", ""), true);
    taking.begin_table();
    for line in text.lines() {
        cells(line, between, |cell| {
            taking.begin_cell();
            taking.words(cell);
            taking.end_cell();
        });
        taking.end_row();
        if !taking.has_room() {
            break;
        }
    }
    taking.end_table();
    Some(taking.finish())
}

/// Text without form.
pub(super) fn text(bytes: &[u8]) -> Option<Contents> {
    let path = "".into();
    let text = source_text(&path, bytes).ok()?.value;
    let mut taking = Taking::default();
    taking.stretch(text!("", ""), true);
    text.lines().for_each(|line| _ = taking.line(line));
    Some(taking.finish())
}

/// The cells of one line. A quoted cell over several lines is cut at their ends: what stands in it is found all the
/// same, and the lines keep their numbers.
fn cells(line: &str, between: u8, mut see: impl FnMut(&str)) {
    let (mut start, mut in_quotes) = (0, false);
    let bytes = line.as_bytes();
    for at in 0..=bytes.len() {
        match bytes.get(at) {
            Some(b'"') => in_quotes = !in_quotes,
            Some(&byte) if byte != between || in_quotes => {}
            _ => {
                see(line[start..at].trim().trim_matches('"'));
                start = at + 1;
            }
        }
    }
}
