//! Events into HTML: one pass over all of them into one string, with a stack instead of recursion.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::characters::closes_up;
use super::escape::{push_careful, push_number, push_text};
use super::events::Located;
use super::faults::Faults;
use super::headings::{Ids, Levels};
use super::links::Fragment;
use super::notes::Notes;
use super::official::Insertion;
use super::opening::Opening;
use super::raw;
use super::signature::Signature;
use crate::model::article::{Heading, Surroundings};

/// Elements nested deeper than this are written without their tags: browsers stop at some hundreds, and no
/// report needs ten.
const DEEPEST: usize = 64;

/// What an open element is to the elements inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A link.
    Link,
    /// A link to a heading of this page, by its index among [`Writer::fragments`].
    Fragment(usize),
    /// Anything else.
    Other,
}

/// An element whose end has not come yet.
#[derive(Debug)]
struct Open {
    close: Cow<'static, str>,
    kind: Kind,
}

/// A list whose end has not come yet.
#[derive(Debug)]
struct List {
    /// The number that the next item has unless it says otherwise; `None` in a list of bullets.
    next: Option<u64>,
    first: u64,
    items: u64,
    /// All items bear one number: the Markdown way of having them counted.
    counted: bool,
}

/// Everything that is known while a body is written.
pub struct Writer<'a> {
    /// The body, to which all ranges refer.
    pub body: &'a str,
    /// All its events.
    pub events: &'a [Located<'a>],
    /// The world around the body.
    pub surroundings: &'a dyn Surroundings,
    /// What is wrong.
    pub faults: Faults<'a>,
    /// What is written so far.
    pub html: String,
    /// Headings so far.
    pub outline: Vec<Heading>,
    /// Ids given out.
    pub ids: Ids,
    /// The first sentences.
    pub opening: Opening,
    /// Footnotes.
    pub notes: Notes,
    /// Signatures, in the order of the text.
    pub signatures: Vec<Signature>,
    /// Links to headings of this page.
    pub fragments: Vec<Fragment>,
    /// Whether a code block was met.
    pub has_code: bool,
    /// Whether the body holds characters that must be dropped.
    pub careful: bool,
    /// Whether 二是 stands anywhere in the body.
    pub has_points: bool,
    /// Whether text is running text, which the opening is made of.
    pub running: bool,
    /// Inside a link, where no other link may begin.
    pub in_link: bool,
    /// Inside a table.
    pub in_table: bool,
    /// Tables so far.
    pub tables: u64,
    /// Levels of the headings so far.
    pub levels: Levels,
    /// HTML to put into the text of the current paragraph, in order; used up from the front.
    pub insertions: std::collections::VecDeque<Insertion>,
    /// Elements and lists whose ends have not come yet.
    pub nesting: Nesting,
}

/// Elements and lists whose ends have not come yet.
#[derive(Debug, Default)]
pub struct Nesting {
    open: Vec<Open>,
    lists: Vec<List>,
}

impl Nesting {
    /// Whether no element is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}

impl<'a> Writer<'a> {
    /// Writes the events of a range.
    pub fn write(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            at = self.event(at);
        }
    }

    /// Writes one event, or the whole block that it opens. Returns the next event.
    fn event(&mut self, at: usize) -> usize {
        let events = self.events;
        let (event, range) = &events[at];
        match event {
            Event::Text(text) => self.text(at, text),
            Event::Start(tag) => return self.start(at, tag, range),
            Event::End(_) => self.close(),
            Event::Code(text) => {
                self.html.push_str("<code>");
                push_careful(&mut self.html, text);
                self.html.push_str("</code>");
                if self.running {
                    self.opening.add(text);
                }
            }
            Event::Html(text) | Event::InlineHtml(text) => self.inline_html(text, range),
            Event::FootnoteReference(label) => self.note_mark(label),
            Event::SoftBreak => self.soft_break(at),
            Event::HardBreak => self.html.push_str("<br>\n"),
            Event::Rule => self.html.push_str("<hr>\n"),
            Event::TaskListMarker(done) => {
                let (label, sign) = if *done { ("已完成", '☑') } else { ("未完成", '☐') };
                self.html.push_str(&format!("<span role=\"img\" aria-label=\"{label}\">{sign}</span> "));
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => push_careful(&mut self.html, text),
        }
        at + 1
    }

    fn start(&mut self, at: usize, tag: &'a Tag<'a>, range: &Range<usize>) -> usize {
        match tag {
            Tag::Paragraph => return self.paragraph(at),
            Tag::Heading { level, id, .. } => return self.heading(at, *level, id.as_deref()),
            Tag::CodeBlock(kind) => return self.code_block(at, kind, range),
            Tag::HtmlBlock => return self.html_block(at, range),
            Tag::FootnoteDefinition(_) => return self.notes.behind(at),
            Tag::Table(_) => return self.table(at, None),
            Tag::Image { .. } => return self.inline_image(at),
            Tag::Link { .. } => self.link(at),
            Tag::BlockQuote(_) => self.open("<blockquote>\n", "</blockquote>\n"),
            Tag::List(first) => self.list(*first, range),
            Tag::Item => self.item(range),
            Tag::Emphasis => self.open("<em>", "</em>"),
            Tag::Strong => self.open("<strong>", "</strong>"),
            Tag::Strikethrough => self.open("<del>", "</del>"),
            _ => self.open("", ""),
        }
        at + 1
    }

    /// Opens an element, unless the nesting is too deep for it.
    pub fn open(&mut self, open: &'static str, close: &'static str) {
        let fits = self.nesting.open.len() < DEEPEST;
        self.html.push_str(if fits { open } else { "" });
        self.open_as(if fits { close } else { "" }.into(), Kind::Other);
    }

    /// Notes how an element that is written already will be closed.
    pub fn open_as(&mut self, close: Cow<'static, str>, kind: Kind) {
        self.in_link |= kind != Kind::Other;
        self.nesting.open.push(Open { close, kind });
    }

    fn close(&mut self) {
        let Some(open) = self.nesting.open.pop() else { return };
        let start = self.html.len();
        self.html.push_str(&open.close);
        if open.kind != Kind::Other {
            self.in_link = false;
        }
        if let Kind::Fragment(index) = open.kind {
            self.fragments[index].close = start..self.html.len();
        }
        if matches!(&*open.close, "</ul>\n" | "</ol>\n") {
            self.nesting.lists.pop();
        }
    }

    fn text(&mut self, at: usize, text: &CowStr<'_>) {
        if self.running && !self.opening.is_full() {
            self.opening.add(text);
        }
        let careful = self.careful || !matches!(text, CowStr::Borrowed(_));
        let push = if careful { push_careful } else { push_text };
        let mut from = 0;
        while let Some(insertion) = self.insertions.front().filter(|insertion| insertion.event == at) {
            push(&mut self.html, &text[from..insertion.byte]);
            self.html.push_str(insertion.html);
            from = insertion.byte;
            self.insertions.pop_front();
        }
        push(&mut self.html, &text[from..]);
    }

    /// A line break in the source is a space, but not within Chinese.
    fn soft_break(&mut self, at: usize) {
        let words = |event: &'a Located<'a>| match &event.0 {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            _ => None,
        };
        let before =
            self.events[..at].iter().rev().take(DEEPEST).find_map(words).and_then(|text| text.chars().next_back());
        let after = self.events[at + 1..].iter().take(DEEPEST).find_map(words).and_then(|text| text.chars().next());
        if !before.zip(after).is_some_and(|(before, after)| closes_up(before, after)) {
            self.html.push('\n');
            if self.running {
                self.opening.gap();
            }
        }
    }

    fn inline_html(&mut self, html: &str, range: &Range<usize>) {
        if html.starts_with("<!--") {
            return;
        }
        if self.in_table && raw::is_line_break(html) {
            self.html.push_str("<br>");
            return;
        }
        if let Some(name) = raw::known_tag(html) {
            self.faults.raw_html(range.clone(), name);
        }
        push_careful(&mut self.html, html);
    }

    fn html_block(&mut self, at: usize, range: &Range<usize>) -> usize {
        let end = self.find(at, |event| matches!(event, Event::End(TagEnd::HtmlBlock)));
        let mut html = String::new();
        for (event, _) in &self.events[at + 1..end] {
            if let Event::Html(text) | Event::InlineHtml(text) | Event::Text(text) = event {
                html.push_str(text);
            }
        }
        let shown = raw::without_comments(&html);
        let shown = shown.trim();
        if !shown.is_empty() {
            if let Some(name) = raw::known_tag(shown) {
                self.faults.raw_html(range.clone(), name);
            }
            self.html.push_str("<p>");
            push_careful(&mut self.html, shown);
            self.html.push_str("</p>\n");
        }
        end + 1
    }

    /// The next event from `at` that fits; the last of all if none does.
    pub fn find(&self, at: usize, fits: impl Fn(&Event<'_>) -> bool) -> usize {
        let offset = self.events[at..].iter().position(|(event, _)| fits(event));
        offset.map_or(self.events.len() - 1, |offset| at + offset)
    }

    /// The words of some events without markup, with white space as single spaces.
    pub fn plain_text(&self, range: Range<usize>) -> String {
        let mut words = String::new();
        for (event, _) in &self.events[range] {
            match event {
                Event::Text(text) | Event::Code(text) => words.push_str(text),
                Event::SoftBreak | Event::HardBreak => words.push(' '),
                _ => {}
            }
        }
        if !words.contains(|ch: char| ch.is_whitespace() || ch.is_control()) {
            return words;
        }
        let mut plain = String::with_capacity(words.len());
        for word in words.split(|ch: char| ch.is_whitespace() || ch.is_control()).filter(|word| !word.is_empty()) {
            if !plain.is_empty() {
                plain.push(' ');
            }
            plain.push_str(word);
        }
        plain
    }

    fn list(&mut self, first: Option<u64>, range: &Range<usize>) {
        // A list needs room for its items too: an item without its list would not be valid.
        let fits = self.nesting.open.len() + 1 < DEEPEST;
        let close = match first {
            _ if !fits => "",
            None => {
                self.html.push_str("<ul>\n");
                "</ul>\n"
            }
            Some(first) => {
                self.html.push_str("<ol");
                if first != 1 {
                    self.html.push_str(" start=\"");
                    push_number(&mut self.html, first);
                    self.html.push('"');
                }
                let marker = self.body[range.clone()].trim_start().trim_start_matches(|ch: char| ch.is_ascii_digit());
                self.html.push_str(if marker.starts_with(')') { " class=\"paren\">\n" } else { ">\n" });
                "</ol>\n"
            }
        };
        if fits {
            let start = first.unwrap_or_default();
            self.nesting.lists.push(List { next: first, first: start, items: 0, counted: false });
        }
        self.open_as(close.into(), Kind::Other);
    }

    fn item(&mut self, range: &Range<usize>) {
        if self.nesting.open.last().is_none_or(|list| list.close.is_empty()) {
            return self.open_as("".into(), Kind::Other);
        }
        self.html.push_str("<li");
        if let Some(list) = self.nesting.lists.last_mut()
            && let Some(next) = list.next
        {
            let source = self.body[range.clone()].trim_start();
            let digits = source.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(source.len());
            let typed = source[..digits].parse().unwrap_or(next);
            if list.items == 1 {
                list.counted = typed == list.first;
            }
            list.items += 1;
            let number = if list.counted && typed == list.first { next } else { typed };
            if number != next {
                self.html.push_str(" value=\"");
                push_number(&mut self.html, number);
                self.html.push('"');
            }
            list.next = Some(number + 1);
        }
        self.html.push('>');
        self.open_as("</li>\n".into(), Kind::Other);
    }
}
