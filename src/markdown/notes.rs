//! Footnotes: gathered where they are written, shown at the end in the order of their first mark.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::escape::push_number;
use super::events::Located;
use super::write::Writer;

/// The notes of a body.
#[derive(Debug, Default)]
pub struct Notes {
    definitions: Vec<Definition>,
    by_label: HashMap<String, usize>,
    /// Definitions in the order in which they are shown.
    shown: Vec<usize>,
}

#[derive(Debug)]
struct Definition {
    /// Index of the event that opens it.
    start: usize,
    /// Index of the event that closes it.
    end: usize,
    /// Its number on the page, from 1, once it has one.
    number: Option<usize>,
    /// How many marks lead to it.
    marks: usize,
}

impl Notes {
    /// Finds all definitions; the first of a label counts.
    pub fn of(events: &[Located<'_>]) -> Self {
        let mut notes = Self::default();
        let mut open = Vec::new();
        for (at, (event, _)) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    let next = notes.definitions.len();
                    open.push(next);
                    notes.by_label.entry(label.to_lowercase()).or_insert(next);
                    notes.definitions.push(Definition { start: at, end: at, number: None, marks: 0 });
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    if let Some(index) = open.pop() {
                        notes.definitions[index].end = at;
                    }
                }
                _ => {}
            }
        }
        notes
    }

    /// The event behind the definition that opens at `start`.
    pub fn behind(&self, start: usize) -> usize {
        match self.definitions.binary_search_by_key(&start, |definition| definition.start) {
            Ok(index) => self.definitions[index].end + 1,
            Err(_) => start + 1,
        }
    }

    /// Counts a mark. Returns the number of the note and of this mark among the note's marks, both from 1.
    fn mark(&mut self, label: &str) -> Option<(usize, usize)> {
        let index = *self.by_label.get(&label.to_lowercase())?;
        let definition = &mut self.definitions[index];
        definition.marks += 1;
        if definition.number.is_none() {
            self.shown.push(index);
            definition.number = Some(self.shown.len());
        }
        definition.number.map(|number| (number, definition.marks))
    }

    /// Numbers what no mark leads to: a note is never lost.
    fn show_rest(&mut self) {
        for (index, definition) in self.definitions.iter_mut().enumerate() {
            if definition.number.is_none() {
                self.shown.push(index);
                definition.number = Some(self.shown.len());
            }
        }
    }
}

impl Writer<'_> {
    /// The mark of a note in the text.
    pub fn note_mark(&mut self, label: &str) {
        let Some((number, mark)) = self.notes.mark(label) else { return };
        self.html.push_str("<sup class=\"note\">");
        if self.in_link {
            push_number(&mut self.html, number as u64);
        } else {
            self.html.push_str(&format!(
                "<a id=\"fnref-{number}{}\" href=\"#fn-{number}\" aria-label=\"注释 {number}\">[{number}]</a>",
                suffix(mark)
            ));
        }
        self.html.push_str("</sup>");
        // A mark inside a link has no anchor to come back to, so it does not count.
        if self.in_link
            && let Some(definition) = self.notes.shown.get(number - 1).copied()
        {
            self.notes.definitions[definition].marks -= 1;
        }
    }

    /// The section with all notes. Notes may bear marks of further notes, so it ends when no new one comes.
    pub fn notes_section(&mut self) {
        if self.notes.definitions.is_empty() {
            return;
        }
        self.html.push_str("<section class=\"footnotes\" aria-label=\"注释\">\n<ol>\n");
        let mut next = 0;
        loop {
            let Some(&index) = self.notes.shown.get(next) else {
                self.notes.show_rest();
                if next < self.notes.shown.len() {
                    continue;
                }
                break;
            };
            next += 1;
            self.html.push_str(&format!("<li id=\"fn-{next}\">\n"));
            let (start, end) = (self.notes.definitions[index].start, self.notes.definitions[index].end);
            self.write(start + 1..end);
            let marks = self.notes.definitions[index].marks;
            let in_paragraph = self.html.ends_with("</p>\n");
            if in_paragraph {
                self.html.truncate(self.html.len() - "</p>\n".len());
            }
            for mark in 1..=marks {
                self.html.push_str(&format!(
                    " <a class=\"back\" href=\"#fnref-{next}{}\" aria-label=\"回到正文中的注释 {next}\">↩</a>",
                    suffix(mark)
                ));
            }
            if in_paragraph {
                self.html.push_str("</p>\n");
            }
            self.html.push_str("</li>\n");
        }
        self.html.push_str("</ol>\n</section>\n");
    }
}

/// The first mark needs no number of its own.
fn suffix(mark: usize) -> String {
    if mark == 1 { String::new() } else { format!("-{mark}") }
}
