//! Paragraphs, headings and code blocks: the blocks that official documents give a meaning of their own.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use super::code::{self, Highlighted};
use super::escape::{is_allowed, push_attribute, push_careful, push_text};
use super::official;
use super::signature::Signature;
use super::table;
use super::write::Writer;
use crate::model::article::Heading;

impl Writer<'_> {
    /// Writes a paragraph. Returns the event behind it.
    pub fn paragraph(&mut self, at: usize) -> usize {
        let end = self.find(at, |event| matches!(event, Event::End(TagEnd::Paragraph)));
        let inner = at + 1..end;
        let events = self.events;
        let first = match events.get(inner.start) {
            Some((Event::Text(text), _)) => &**text,
            _ => "",
        };
        if matches!(events.get(end + 1), Some((Event::Start(Tag::Table(_)), _)))
            && first.starts_with('表')
            && table::is_caption(&self.plain_text(inner.clone()))
        {
            return self.table(end + 1, Some(inner));
        }
        if self.signatures.first().is_some_and(|signature| signature.events.start == at) {
            let signature = self.signatures.remove(0);
            self.signature(&signature);
            return signature.events.end;
        }
        if self.figure(inner.clone()) {
            return end + 1;
        }
        let start = self.html.len();
        let is_top = self.nesting.is_empty() && self.running;
        if is_top && official::is_attachment_note(first) {
            self.html.push_str("<p class=\"attachment-note\">");
        } else {
            self.html.push_str("<p>");
            if is_top && first.starts_with(['（', '(']) {
                self.run_in(inner.clone());
            }
        }
        if self.has_points {
            self.points(inner.clone());
        }
        let written = self.html.len();
        self.write(inner);
        self.insertions.clear();
        if self.html.len() == written {
            // Nothing but comments.
            self.html.truncate(start);
        } else {
            self.html.push_str("</p>\n");
        }
        if self.running {
            self.opening.gap();
        }
        end + 1
    }

    fn run_in(&mut self, inner: Range<usize>) {
        let Some(run_in) = official::run_in(self.events, inner) else { return };
        let id = self.ids.give(&run_in.title);
        self.html.push_str("<strong class=\"run-in\" id=\"");
        self.html.push_str(&id);
        self.html.push_str("\">");
        let title = run_in.title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.outline.push(Heading { level: self.levels.below(), id, title });
        self.insertions.push_back(run_in.end);
    }

    fn points(&mut self, inner: Range<usize>) {
        let source = &self.body[self.events[inner.start].1.start..self.events[inner.end - 1].1.end];
        if source.contains("二是") {
            let mut found = Vec::new();
            official::points(self.events, inner, &mut found);
            self.insertions.extend(found);
            // The end of a run-in heading stands before a point that begins at the same byte.
            self.insertions.make_contiguous().sort_by_key(|insertion| (insertion.event, insertion.byte));
        }
    }

    fn signature(&mut self, signature: &Signature) {
        self.html.push_str("<div class=\"signature\">\n");
        for name in &signature.names {
            self.html.push_str("<p>");
            push_careful(&mut self.html, name);
            self.html.push_str("</p>\n");
        }
        self.html.push_str("<p><time datetime=\"");
        push_attribute(&mut self.html, &signature.iso);
        self.html.push_str("\">");
        push_careful(&mut self.html, &signature.date);
        self.html.push_str("</time></p>\n</div>\n");
    }

    /// Writes a heading. Returns the event behind it.
    pub fn heading(&mut self, at: usize, level: HeadingLevel, own: Option<&str>) -> usize {
        let end = self.find(at, |event| matches!(event, Event::End(TagEnd::Heading(_))));
        let title = self.plain_text(at + 1..end);
        if title.is_empty() && end == at + 1 {
            return end + 1;
        }
        let level = self.levels.next(level as u8);
        // Ids of the author's own were claimed before the first heading was written.
        let id = match own.filter(|own| self.ids.use_claim(own)) {
            Some(own) => own.to_owned(),
            None => self.ids.give(&title),
        };
        let tag = [["<h2 id=\"", "</h2>\n"], ["<h3 id=\"", "</h3>\n"], ["<h4 id=\"", "</h4>\n"]]
            [usize::from(level.clamp(1, 3)) - 1];
        self.html.push_str(tag[0]);
        self.html.push_str(&id);
        self.html.push_str("\">");
        let running = std::mem::replace(&mut self.running, false);
        self.write(at + 1..end);
        self.running = running;
        self.html.push_str(tag[1]);
        self.outline.push(Heading { level, id, title });
        end + 1
    }

    /// Writes a code block. Returns the event behind it.
    pub fn code_block(&mut self, at: usize, kind: &CodeBlockKind<'_>, range: &Range<usize>) -> usize {
        let end = self.find(at, |event| matches!(event, Event::End(TagEnd::CodeBlock)));
        let mut text = String::with_capacity(range.len());
        for (event, _) in &self.events[at + 1..end] {
            if let Event::Text(piece) = event {
                text.extend(piece.chars().filter(|&ch| is_allowed(ch)));
            }
        }
        self.has_code = true;
        self.html.push_str("<pre class=\"code\" tabindex=\"0\"><code");
        let mut highlighted = Highlighted::Plain;
        if let CodeBlockKind::Fenced(info) = kind {
            let fence = range.start..range.start + self.body[range.clone()].find('\n').unwrap_or(range.len());
            if !code::is_closed(&self.body[range.clone()]) {
                self.faults.unclosed_code(fence.clone());
            }
            if let Some(language) = code::language(info) {
                highlighted = code::highlight(&text, language);
                if matches!(highlighted, Highlighted::UnknownLanguage) {
                    self.faults.unknown_language(fence, language);
                }
                self.html.push_str(" class=\"language-");
                push_attribute(&mut self.html, language);
                self.html.push('"');
            }
        }
        self.html.push('>');
        match highlighted {
            Highlighted::Html(html) => self.html.push_str(&html),
            Highlighted::Plain | Highlighted::UnknownLanguage => push_text(&mut self.html, &text),
        }
        self.html.push_str("</code></pre>\n");
        end + 1
    }
}
