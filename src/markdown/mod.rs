//! Markdown into articles: HTML, outline, first sentences. pulldown-cmark and syntect live only here.
//!
//! The road: one look over the bytes → events (with Chinese emphasis helped) → what must be known beforehand
//! (ids set by the author, footnotes, signatures) → one pass that writes HTML → links to headings checked.
//! Nothing that a body holds reaches the page unescaped, and every address is judged before it is written.

mod blocks;
mod characters;
mod code;
mod emphasis;
mod escape;
mod events;
mod faults;
mod headings;
mod links;
mod notes;
mod official;
mod opening;
mod plain;
mod raw;
mod references;
mod signature;
mod structure;
mod table;
mod write;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use memchr::memmem;
use pulldown_cmark::{Event, Tag};

use crate::diagnostic::Checked;
use crate::model::article::{Article, Surroundings};
use crate::model::structure::Structure;

pub use code::code_stylesheet;
pub use headings::is_reserved;
pub use plain::plain;
pub use references::references;
pub use structure::structure;

use events::Located;
use faults::Faults;
use headings::Ids;
use notes::Notes;
use signature::Signature;
use write::Writer;

/// Makes the article of one source. `path` is its path as shown, `text` the whole decoded file, and `body` the
/// byte where the Markdown begins, behind the front matter. Never fails: what is wrong is told beside the
/// article, and the page shows as much as can be shown.
pub fn article(path: &Arc<str>, text: &str, body: usize, surroundings: &dyn Surroundings) -> Checked<Article> {
    let (body, start) = text.get(body..).map_or(("", text.len()), |rest| (rest, body));
    let look = escape::look(body);
    let events = events::events(body, look.markers);
    written(path, text, (body, start), look, &events, surroundings)
}

/// The article of one source as [`article`] makes it, and what its body is made of, from one look at it.
pub fn article_and_structure(
    path: &Arc<str>,
    text: &str,
    body: usize,
    surroundings: &dyn Surroundings,
) -> Checked<(Article, Structure)> {
    let (body, start) = text.get(body..).map_or(("", text.len()), |rest| (rest, body));
    let look = escape::look(body);
    let events = events::events(body, look.markers);
    let structure = structure::of_events(&events, start);
    written(path, text, (body, start), look, &events, surroundings).map(|article| (article, structure))
}

/// The faults of a body and what it is made of, for those who check and need no page.
pub fn examined(path: &Arc<str>, text: &str, body: usize, surroundings: &dyn Surroundings) -> Checked<Structure> {
    article_and_structure(path, text, body, surroundings).map(|(_, structure)| structure)
}

fn written(
    path: &Arc<str>,
    text: &str,
    (body, start): (&str, usize),
    look: escape::Look,
    events: &[Located<'_>],
    surroundings: &dyn Surroundings,
) -> Checked<Article> {
    let known = Survey::of(events);
    let mut writer = Writer {
        body,
        events,
        surroundings,
        faults: Faults::new(path, text, start),
        // Tags and escapes make a page somewhat longer than its source.
        html: String::with_capacity(body.len() + body.len() / 4 + 256),
        outline: Vec::new(),
        ids: known.ids,
        opening: opening::Opening::default(),
        notes: if known.has_notes { Notes::of(events) } else { Notes::default() },
        signatures: known.signatures,
        fragments: Vec::new(),
        has_code: false,
        careful: look.controls,
        has_points: memmem::find(body.as_bytes(), "二是".as_bytes()).is_some(),
        running: true,
        in_link: false,
        in_table: false,
        tables: 0,
        levels: Default::default(),
        insertions: Default::default(),
        nesting: Default::default(),
    };
    writer.write(0..events.len());
    writer.running = false;
    writer.notes_section();
    writer.check_fragments();
    if memchr::memchr(b'[', body.as_bytes()).is_some() {
        missing_notes(body, events, &mut writer.faults);
    }
    if writer.html.trim().is_empty() {
        writer.faults.empty();
    }
    let article = Article {
        html: writer.html,
        outline: writer.outline,
        opening: writer.opening.finish(),
        has_code: writer.has_code,
    };
    Checked::new(article, writer.faults.finish())
}

/// What must be known before the first word is written.
struct Survey {
    ids: Ids,
    has_notes: bool,
    signatures: Vec<Signature>,
}

impl Survey {
    fn of(events: &[Located<'_>]) -> Self {
        let mut survey = Self { ids: Ids::default(), has_notes: false, signatures: Vec::new() };
        let mut depth = 0usize;
        // A signature ends the body, or stands before a rule or the heading of an annex.
        let mut ends = Vec::new();
        for (at, (event, _)) in events.iter().enumerate() {
            match event {
                Event::Start(tag) => {
                    match tag {
                        Tag::Heading { id, .. } => {
                            if let Some(id) = id {
                                survey.ids.claim(id);
                            }
                            if depth == 0 && is_annex(&events[at + 1..]) {
                                ends.push(at);
                            }
                        }
                        Tag::FootnoteDefinition(_) => survey.has_notes = true,
                        _ => {}
                    }
                    depth += 1;
                }
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Rule if depth == 0 => ends.push(at),
                _ => {}
            }
        }
        ends.push(events.len());
        survey.signatures = ends.into_iter().filter_map(|end| signature::before(events, end)).collect();
        survey.signatures.dedup();
        survey
    }
}

/// Whether the heading whose events follow begins the annexes.
fn is_annex(events: &[Located<'_>]) -> bool {
    matches!(events.first(), Some((Event::Text(text), _)) if official::is_attachment_heading(text))
}

/// Finds marks like `[^1]` that stayed text because nothing defines them.
fn missing_notes(body: &str, events: &[Located<'_>], faults: &mut Faults<'_>) {
    let mut in_code = false;
    for (event, range) in events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
            Event::Text(_) if !in_code => {
                let Some(inside) = body.get(range.start..).and_then(|rest| rest.strip_prefix("[^")) else { continue };
                let Some(end) = inside.bytes().take(80).position(|byte| matches!(byte, b']' | b'[' | b' ' | b'\n'))
                else {
                    continue;
                };
                if inside.as_bytes()[end] == b']' && end > 0 && !body[..range.start].ends_with('\\') {
                    faults.footnote_missing(range.start..range.start + end + 3, &inside[..end]);
                }
            }
            _ => {}
        }
    }
}
