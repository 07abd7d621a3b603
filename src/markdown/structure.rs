//! A body taken apart into headings, paragraphs, tables and text, each with its place: no HTML is made.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::characters::{bracketed_number, is_han_numeral};
use super::escape;
use super::events::{self, Located};
use super::signature;
use crate::model::structure::{Cell, Heading, Link, Signature, Structure, Table, add_numbers};

/// A longer paragraph is text, however it begins. In characters.
const LONGEST_HEADING: usize = 40;

/// Takes the body apart that begins at byte `body` of `text`.
pub fn structure(text: &str, body: usize) -> Structure {
    let (source, start) = text.get(body..).map_or(("", text.len()), |rest| (rest, body));
    of_events(&events::events(source, escape::look(source).markers), start)
}

/// Takes a body apart by its events; it begins at byte `start` of its source.
pub(super) fn of_events(events: &[Located<'_>], start: usize) -> Structure {
    let mut builder = Builder { start, ..Builder::default() };
    for event in events {
        builder.event(event);
    }
    let mut structure = builder.made;
    structure.signature = signature::before(events, events.len()).map(|found| {
        let first = events[found.events.start].1.start;
        let last = events[found.events.end - 1].1.end;
        Signature { names: found.names, iso: found.iso, range: start + first..start + last }
    });
    structure
}

#[derive(Default)]
struct Builder {
    start: usize,
    made: Structure,
    /// Depth of code blocks.
    code: usize,
    /// The words of the paragraph, heading or cell that is open.
    words: String,
}

impl Builder {
    fn event(&mut self, (event, range): &Located<'_>) {
        let range = self.start + range.start..self.start + range.end;
        match event {
            Event::Start(Tag::CodeBlock(_)) => self.code += 1,
            Event::End(TagEnd::CodeBlock) => self.code -= 1,
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::TableCell | Tag::Item) => self.words.clear(),
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.made.links.push(Link { target: dest_url.to_string(), range });
            }
            Event::Start(Tag::Table(_)) => self.made.tables.push(Table { range, rows: Vec::new() }),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                if let Some(table) = self.made.tables.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            Event::End(TagEnd::TableCell) => {
                let text = std::mem::take(&mut self.words).trim().to_owned();
                if let Some(row) = self.made.tables.last_mut().and_then(|table| table.rows.last_mut()) {
                    row.push(Cell { text, range });
                }
            }
            Event::End(TagEnd::Heading(level)) => {
                let title = std::mem::take(&mut self.words);
                self.made.headings.push(Heading { level: *level as u8, title, range });
            }
            Event::End(TagEnd::Paragraph) => {
                let title = std::mem::take(&mut self.words);
                if looks_like_heading(title.trim()) {
                    let title = title.trim().to_owned();
                    self.made.headings.push(Heading { level: 0, title, range: range.clone() });
                }
                self.made.paragraphs.push(range);
            }
            Event::End(TagEnd::Item) if self.made.paragraphs.last().is_none_or(|last| last.start < range.start) => {
                self.made.paragraphs.push(range);
            }
            Event::End(TagEnd::BlockQuote(_)) => self.made.quotes.push(range),
            Event::Text(text) if self.code == 0 => {
                self.words.push_str(text);
                add_numbers(&mut self.made.numbers, text, range.start);
                self.prose(range);
            }
            Event::Code(text) => self.words.push_str(text),
            Event::SoftBreak | Event::HardBreak => self.words.push('\n'),
            Event::Html(html) | Event::InlineHtml(html) if html.starts_with("<!--") => self.made.comments.push(range),
            _ => {}
        }
    }

    /// Adds text; pieces that touch are one stretch.
    fn prose(&mut self, range: Range<usize>) {
        match self.made.prose.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.made.prose.push(range),
        }
    }
}

/// Whether a paragraph is a heading by its look: one short line that begins with a number of the first or second
/// level and is no sentence.
fn looks_like_heading(line: &str) -> bool {
    if line.len() > LONGEST_HEADING * 4 || line.contains('\n') || line.ends_with(['。', '；', '，', '：', ';']) {
        return false;
    }
    let rest = line.trim_start_matches(is_han_numeral);
    let numbered = rest.len() < line.len() && rest.starts_with('、') || bracketed_number(line).is_some();
    numbered && line.chars().count() <= LONGEST_HEADING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_body_apart() {
        let text = "---\n---\n## 一、情况\n\n正文**重点**，见[附件](a.csv)和`代码`。\n\n（一）小节\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n> 引文\n\n<!-- 注 -->\n\n丁市镇人民政府\n2024年1月16日\n";
        let found = structure(text, 8);
        let words = |range: &Range<usize>| &text[range.clone()];
        let titles: Vec<_> = found.headings.iter().map(|heading| (heading.level, heading.title.as_str())).collect();
        assert_eq!(titles, [(2, "一、情况"), (0, "（一）小节")]);
        assert!(found.prose.iter().map(words).any(|prose| prose == "重点"));
        assert!(!found.prose.iter().map(words).any(|prose| prose.contains("a.csv") || prose.contains("代码")));
        assert_eq!(found.tables[0].rows[1][1].text, "2");
        assert_eq!(words(&found.tables[0].rows[0][0].range).trim_matches(['|', ' ']), "甲");
        assert_eq!(words(&found.comments[0]).trim(), "<!-- 注 -->");
        assert_eq!(found.quotes.len(), 1);
        let signature = found.signature.as_ref().unwrap();
        assert_eq!(
            (signature.iso.as_str(), signature.names.as_slice()),
            ("2024-01-16", &["丁市镇人民政府".to_owned()][..])
        );
        let at = text.find("重点").unwrap();
        assert!(found.is_prose(&(at..at + 3)) && !found.is_prose(&(at - 2..at + 3)));
    }
}
