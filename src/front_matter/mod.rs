//! The head of a document: YAML between two `---` lines → validated fields. All faults are told at once, each
//! with its exact place.
//!
//! The road: [`fence`] finds the head, [`guard`] bounds it and mends slips of the keyboard, [`raw`] reads it,
//! [`fields`] and [`lists`] validate it with [`dates`] and [`paths`]. Only where something is wrong, [`syntax`] explains what
//! is not YAML and [`locate`] says where a value stands.

pub mod dates;
mod fence;
mod fields;
mod guard;
mod keys;
mod lists;
mod locate;
mod numerals;
mod paths;
mod plain;
mod raw;
mod syntax;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use self::fence::{Fence, Fenced};
use self::locate::{Locator, Part};
use crate::diagnostic::{Checked, Diagnostic, Place, Severity, codes};
use crate::model::document::{Attachment, FrontMatter, Repealed};
use crate::text;

/// A head that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its fields.
    pub fields: FrontMatter,
    /// The byte of the text where the body begins, after the closing line.
    pub body: usize,
}

/// How often a syntax fault is blanked out to find the next one.
const MOST_SYNTAX_FAULTS: usize = 8;

/// Reads the head of `text`, the decoded source at `path`. `standing` says whether a kind, as written, is that of
/// a standing page, which needs neither town nor year. Without a value the document cannot be used.
pub fn read(path: &Arc<str>, text: &str, standing: &dyn Fn(&str) -> bool) -> Checked<Option<Head>> {
    let fenced = match fence::find(text) {
        Fence::Whole(fenced) => fenced,
        Fence::Missing(line) => return Checked::new(None, vec![missing(path, text, line)]),
        Fence::Unclosed(line) => return Checked::new(None, vec![unclosed(path, text, line)]),
    };
    let guard::Guard { mut diagnostics, mended, barred } = guard::look(path, text, &fenced);
    if barred {
        return Checked::new(None, diagnostics);
    }
    let text_of_yaml = mended.map_or(Cow::Borrowed(&text[..fenced.yaml.end]), Cow::Owned);
    let parsed = parse(path, text_of_yaml, &fenced, &mut diagnostics);
    let fields = parsed.map(|parsed| {
        let locator = Locator::new(&parsed.text, fenced.yaml.clone());
        let source = fields::Source { path, text, closing: fenced.closing.clone(), locator, broken: &parsed.broken };
        fields::validate(source, parsed.entries, standing, &mut diagnostics)
    });
    diagnostics.sort_by_key(|fault| fault.place.as_ref().map(|place| (place.line, place.column)));
    let usable = diagnostics.iter().all(|fault| fault.severity != Severity::Error);
    Checked::new(fields.filter(|_| usable).map(|fields| Head { fields, body: fenced.body }), diagnostics)
}

/// Entries of a front matter, and the text they stand in, which may be mended.
struct Parsed<'a> {
    entries: Vec<(raw::Name, raw::Raw)>,
    text: Cow<'a, str>,
    /// Lines that were blanked out, whose keys are not missing.
    broken: Vec<String>,
}

/// Parses; where that fails, tells why, blanks the fault out and tries again, so that all faults are told.
fn parse<'a>(
    path: &Arc<str>,
    mut text: Cow<'a, str>,
    fenced: &Fenced,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Parsed<'a>> {
    let mut broken = Vec::new();
    for _ in 0..MOST_SYNTAX_FAULTS {
        let error = match raw::parse(&text[fenced.yaml.clone()]) {
            Ok(entries) => return Some(Parsed { entries, text, broken }),
            Err(error) => error,
        };
        let syntax::Fault { diagnostic, blank } = syntax::explain(path, &text, fenced.yaml.clone(), &error);
        // A slip that was told already can be what the parser stumbles over.
        let line = |fault: &Diagnostic| fault.place.as_ref().map(|place| place.line);
        if diagnostics.iter().all(|told| line(told) != line(&diagnostic)) {
            diagnostics.push(diagnostic);
        }
        if text[blank.clone()].trim().is_empty() {
            return None;
        }
        let line_start = text[..blank.start].rfind('\n').map_or(0, |at| at + 1);
        broken.push(text[line_start..blank.end].to_owned());
        let spaces: String = text[blank.clone()]
            .chars()
            .map(|ch| if ch == '\n' { "\n".into() } else { " ".repeat(ch.len_utf8()) })
            .collect();
        text.to_mut().replace_range(blank, &spaces);
    }
    None
}

/// The place of a key's value, or of the key if its value is empty, for the diagnostics of later stages. `key` is
/// the English name; `attachments[1]` is the second item of a list. Falls back to the file as a whole.
pub fn place_of(path: &Arc<str>, text: &str, key: &str) -> Place {
    let (name, item) = match key.strip_suffix(']').and_then(|key| key.split_once('[')) {
        Some((name, item)) => (name, item.parse().ok()),
        None => (key, None),
    };
    let found = || -> Option<Range<usize>> {
        let Fence::Whole(fenced) = fence::find(text) else { return None };
        if let Some(place) = plain::place(&text[fenced.yaml.clone()], name) {
            return Some(fenced.yaml.start + place.start..fenced.yaml.start + place.end);
        }
        let names = match keys::find(name) {
            Some(key) => vec![key.english(), key.chinese()],
            None => vec![name],
        };
        Locator::new(text, fenced.yaml).find_any(&names, item.map_or(Part::Value, Part::Item))
    };
    found().map_or_else(|| Place::file(path), |range| Place::new(path, text, range))
}

fn missing(path: &Arc<str>, text: &str, line: Range<usize>) -> Diagnostic {
    let words = text[line.clone()].trim();
    let dashes = words.chars().count() > 1 && words.chars().all(|ch| "-－—–―─".contains(ch));
    let message = if dashes {
        text!(
            "文件头的第一行必须正好是三个半角减号 `---`",
            "the front matter must begin with exactly three hyphens: `---`"
        )
    } else {
        text!("文件开头没有文件头", "there is no front matter at the top of the file")
    };
    let help = text!(
        "在文件最前面加上：\n---\ntitle: 丁市镇2023年政府信息公开工作年度报告\ntown: 丁市镇\nyear: 2023\ndate: 2024-01-16\n---",
        "begin the file like this:\n---\ntitle: 丁市镇2023年政府信息公开工作年度报告\ntown: 丁市镇\nyear: 2023\ndate: 2024-01-16\n---"
    );
    let place = if line.is_empty() { Place::file(path) } else { Place::new(path, text, line) };
    Diagnostic::error(codes::FRONT_MATTER_MISSING, message).at(place).help(help)
}

fn unclosed(path: &Arc<str>, text: &str, line: Range<usize>) -> Diagnostic {
    let message =
        text!("文件头没有结束：缺少第二个 `---`", "the front matter is never closed: the second `---` is missing");
    let label = text!("从这里开始", "it begins here");
    let help = text!(
        "在最后一个键的下面、正文的上面，单独写一行 `---`",
        "put a line `---` below the last key and above the body"
    );
    Diagnostic::error(codes::FRONT_MATTER_UNCLOSED, message).at(Place::new(path, text, line)).label(label).help(help)
}
