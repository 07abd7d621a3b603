//! Markdown into events. Chinese emphasis is helped on its way: see [`super::emphasis`].

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag};

use super::emphasis::Mask;

/// An event with the bytes of the body that it comes from.
pub type Located<'a> = (Event<'a>, Range<usize>);

/// How often a body is parsed with fewer placeholders before it is parsed without any.
const ROUNDS: usize = 4;

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
}

/// All events of a body. `markers` tells whether it holds any `*` or `~`.
pub fn events(body: &str, markers: bool) -> Vec<Located<'_>> {
    let mut mask = if markers { Mask::of(body) } else { None };
    // Taking placeholders out can bring others into new strings; a body that goes on so is parsed plain.
    for _ in 0..ROUNDS {
        let Some(masked) = mask else { break };
        match masked_events(body, &masked) {
            Ok(events) => return events,
            Err(spoiled) => mask = masked.without(body, &spoiled),
        }
    }
    plain_events(body)
}

fn plain_events(body: &str) -> Vec<Located<'_>> {
    // A report has about one event for each forty bytes.
    let mut events = Vec::with_capacity(body.len() / 40 + 16);
    events.extend(Parser::new_ext(body, options()).into_offset_iter());
    events
}

/// Parses the masked text and gives each event its own words back. Where a placeholder has gone into a string
/// that cannot be traced to its place, the bytes of all such events are returned instead.
fn masked_events<'a>(body: &'a str, mask: &Mask) -> Result<Vec<Located<'a>>, Vec<Range<usize>>> {
    let mut events = Vec::with_capacity(body.len() / 40 + 16);
    let mut spoiled = Vec::new();
    for (event, range) in Parser::new_ext(mask.text(), options()).into_offset_iter() {
        let words = Words { body, mask, range: range.clone() };
        match words.event(event) {
            Some(event) => events.push((event, range)),
            None => spoiled.push(range),
        }
    }
    if spoiled.is_empty() { Ok(events) } else { Err(spoiled) }
}

/// Gives the strings of one event their own characters back.
struct Words<'a, 'm> {
    body: &'a str,
    mask: &'m Mask,
    range: Range<usize>,
}

impl<'a> Words<'a, '_> {
    fn string(&self, string: CowStr<'_>) -> Option<CowStr<'a>> {
        if let CowStr::Borrowed(piece) = string
            && let Some(start) = (piece.as_ptr() as usize).checked_sub(self.mask.text().as_ptr() as usize)
            && let Some(original) = self.body.get(start..start + piece.len())
            && start + piece.len() <= self.body.len()
        {
            return Some(CowStr::Borrowed(original));
        }
        // The string was put together anew, so its bytes no longer tell where they come from.
        if self.mask.touches(&self.range) && self.mask.is_in(&string) { None } else { Some(string.into_static()) }
    }

    /// A name by which things find each other must never be compared in its masked form.
    fn label(&self, label: CowStr<'_>) -> Option<CowStr<'a>> {
        let masked = label.to_string();
        self.string(label).filter(|label| **label == *masked)
    }

    fn event(&self, event: Event<'_>) -> Option<Event<'a>> {
        Some(match event {
            Event::Start(tag) => Event::Start(self.tag(tag)?),
            Event::Text(text) => Event::Text(self.string(text)?),
            Event::Code(text) => Event::Code(self.string(text)?),
            Event::Html(text) => Event::Html(self.string(text)?),
            Event::InlineHtml(text) => Event::InlineHtml(self.string(text)?),
            Event::FootnoteReference(label) => Event::FootnoteReference(self.label(label)?),
            other => other.into_static(),
        })
    }

    fn tag(&self, tag: Tag<'_>) -> Option<Tag<'a>> {
        Some(match tag {
            Tag::Heading { level, id, .. } => Tag::Heading {
                level,
                id: match id {
                    Some(id) => Some(self.string(id)?),
                    None => None,
                },
                classes: Vec::new(),
                attrs: Vec::new(),
            },
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Tag::CodeBlock(CodeBlockKind::Fenced(self.string(info)?)),
            Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(self.label(label)?),
            Tag::Link { link_type, dest_url, title, id } => Tag::Link {
                link_type,
                dest_url: self.string(dest_url)?,
                title: self.string(title)?,
                id: self.string(id)?,
            },
            Tag::Image { link_type, dest_url, title, id } => Tag::Image {
                link_type,
                dest_url: self.string(dest_url)?,
                title: self.string(title)?,
                id: self.string(id)?,
            },
            other => other.into_static(),
        })
    }
}
