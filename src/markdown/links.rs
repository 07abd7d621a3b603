//! Links and images: where they lead is asked of the [`Surroundings`](crate::model::article::Surroundings), and
//! nothing unsafe passes whatever the answer.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::escape::{push_attribute, push_careful, push_number};
use super::write::{Kind, Writer};
use crate::model::article::{Image, Link};

/// A link to a heading of this page, checked when all headings are known.
#[derive(Debug)]
pub struct Fragment {
    /// Bytes of the opening tag in the HTML.
    pub open: Range<usize>,
    /// Bytes of the closing tag.
    pub close: Range<usize>,
    /// The id without `#`.
    target: String,
    /// Where it is written.
    at: Range<usize>,
}

/// Whether an address stays on this site: no scheme, no host, nothing a browser would take for one.
fn is_inside(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    !address.starts_with("//")
        && !address.contains(['\\', '\n', '\t', '\r'])
        && !address.starts_with(|ch: char| ch.is_whitespace() || ch.is_control())
        && !first.contains(':')
}

/// Whether an address leads to the reader's own mail program or telephone.
fn is_call(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| ["mailto", "tel"].contains(&&*scheme.to_ascii_lowercase()))
}

/// Whether an address is one that a public page may lead to.
fn is_outside(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once(':') else { return false };
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "http" | "https" | "ftp" => rest.starts_with("//"),
        "mailto" | "tel" => true,
        _ => false,
    }
}

impl Writer<'_> {
    /// The beginning of a link. Its end is written when the event comes.
    pub fn link(&mut self, at: usize) {
        let events = self.events;
        let (Event::Start(Tag::Link { link_type, dest_url, title, .. }), range) = &events[at] else { return };
        let target = match link_type {
            LinkType::Email => Cow::Owned(format!("mailto:{dest_url}")),
            _ => Cow::Borrowed(&**dest_url),
        };
        if self.in_link {
            self.open("", "");
        } else if let Some(fragment) = target.strip_prefix('#') {
            self.fragment_link(fragment, title, range.clone());
        } else {
            let link = if target.is_empty() { Link::Broken } else { self.surroundings.link(&target) };
            self.anchor(link, &target, title, range.clone());
        }
        let is_empty = matches!(events.get(at + 1), Some((Event::End(TagEnd::Link), _)));
        if is_empty {
            push_careful(&mut self.html, dest_url);
        }
    }

    fn fragment_link(&mut self, target: &str, title: &str, at: Range<usize>) {
        let start = self.html.len();
        self.html.push_str("<a href=\"#");
        push_attribute(&mut self.html, target);
        self.html.push('"');
        self.title(title);
        self.html.push('>');
        let end = self.html.len();
        self.fragments.push(Fragment { open: start..end, close: end..end, target: target.to_owned(), at });
        self.open_as("</a>".into(), Kind::Fragment(self.fragments.len() - 1));
    }

    fn anchor(&mut self, link: Link, target: &str, title: &str, at: Range<usize>) {
        let mut close = Cow::Borrowed("</a>");
        match link {
            Link::Inside(href) if is_inside(&href) || is_call(&href) => {
                self.html.push_str("<a href=\"");
                push_attribute(&mut self.html, &href);
                self.html.push('"');
            }
            Link::Attachment { href, about, name } if is_inside(&href) => {
                self.html.push_str("<a class=\"attachment\" href=\"");
                push_attribute(&mut self.html, &href);
                self.html.push_str("\" download=\"");
                push_attribute(&mut self.html, &name);
                self.html.push('"');
                let mut behind = String::from("</a>（");
                push_careful(&mut behind, &about);
                behind.push('）');
                close = Cow::Owned(behind);
            }
            Link::Outside { href, listed } if is_outside(&href) => {
                self.html.push_str("<a class=\"outside\" href=\"");
                push_attribute(&mut self.html, &href);
                self.html.push_str("\" rel=\"noopener external nofollow\"");
                if listed {
                    self.html.push_str(" data-listed");
                }
            }
            Link::Broken => {
                self.faults.broken_link(at, target);
                return self.open_as("".into(), Kind::Other);
            }
            Link::Inside(_) | Link::Attachment { .. } | Link::Outside { .. } | Link::Forbidden => {
                self.faults.forbidden_link(at, target);
                return self.open_as("".into(), Kind::Other);
            }
        }
        self.title(title);
        self.html.push('>');
        self.open_as(close, Kind::Link);
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.html.push_str(" title=\"");
            push_attribute(&mut self.html, title);
            self.html.push('"');
        }
    }

    /// A paragraph that holds only an image, as a figure. Returns whether the paragraph was one.
    pub fn figure(&mut self, inner: Range<usize>) -> bool {
        let (Event::Start(Tag::Image { title, .. }), _) = &self.events[inner.start] else { return false };
        if self.end_of_image(inner.start) + 1 != inner.end {
            return false;
        }
        let start = self.html.len();
        self.html.push_str("<figure>");
        if !self.image(inner.start, "") {
            self.html.replace_range(start..start + "<figure>".len(), "<p>");
            self.html.push_str("</p>\n");
            return true;
        }
        if !title.is_empty() {
            self.html.push_str("<figcaption>");
            push_careful(&mut self.html, title);
            self.html.push_str("</figcaption>");
        }
        self.html.push_str("</figure>\n");
        true
    }

    /// An image within text. Returns the event behind it.
    pub fn inline_image(&mut self, at: usize) -> usize {
        if let (Event::Start(Tag::Image { title, .. }), _) = &self.events[at] {
            self.image(at, title);
        }
        self.end_of_image(at) + 1
    }

    /// Writes an image, or what stands for it. Returns whether it could be shown.
    fn image(&mut self, at: usize, title: &str) -> bool {
        let (Event::Start(Tag::Image { dest_url, .. }), range) = &self.events[at] else { return false };
        let alt = self.plain_text(at + 1..self.end_of_image(at));
        if alt.trim().is_empty() {
            self.faults.image_without_alt(range.clone());
        }
        match self.surroundings.image(dest_url) {
            Image::Inside { src, size } if is_inside(&src) => {
                self.html.push_str("<img src=\"");
                push_attribute(&mut self.html, &src);
                self.html.push_str("\" alt=\"");
                push_attribute(&mut self.html, &alt);
                self.html.push('"');
                self.title(title);
                if let Some((width, height)) = size {
                    self.html.push_str(" width=\"");
                    push_number(&mut self.html, width.into());
                    self.html.push_str("\" height=\"");
                    push_number(&mut self.html, height.into());
                    self.html.push('"');
                }
                self.html.push_str(" loading=\"lazy\" decoding=\"async\">");
                return true;
            }
            Image::Foreign => {
                self.faults.foreign_image(range.clone(), dest_url);
                self.foreign_image(dest_url, &alt);
            }
            Image::Inside { .. } | Image::Broken => {
                self.faults.missing_image(range.clone(), dest_url);
                push_careful(&mut self.html, &alt);
            }
        }
        false
    }

    /// A link to an image that the site does not show.
    fn foreign_image(&mut self, target: &str, alt: &str) {
        let words = if alt.trim().is_empty() { target } else { alt };
        match self.surroundings.link(target) {
            Link::Outside { href, .. } if is_outside(&href) && !self.in_link => {
                self.html.push_str("<a class=\"outside\" href=\"");
                push_attribute(&mut self.html, &href);
                self.html.push_str("\" rel=\"noopener external nofollow\">");
                push_careful(&mut self.html, words);
                self.html.push_str("</a>");
            }
            _ => push_careful(&mut self.html, words),
        }
    }

    /// The event that closes the image opened at `at`; a description may hold further images.
    fn end_of_image(&self, at: usize) -> usize {
        let mut depth = 0;
        for (offset, (event, _)) in self.events[at..].iter().enumerate() {
            match event {
                Event::Start(Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Image) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return at + offset;
            }
        }
        self.events.len().saturating_sub(1)
    }

    /// Takes links to headings that do not exist out of the HTML again, now that all headings are known.
    pub fn check_fragments(&mut self) {
        let fragments = std::mem::take(&mut self.fragments);
        let mut out: Vec<Range<usize>> = Vec::new();
        for fragment in fragments.into_iter().filter(|fragment| !self.ids.has(&fragment.target)) {
            self.faults.broken_fragment(fragment.at, &fragment.target);
            out.extend([fragment.open, fragment.close]);
        }
        if out.is_empty() {
            return;
        }
        let mut kept = String::with_capacity(self.html.len());
        let mut from = 0;
        for range in out {
            kept.push_str(&self.html[from..range.start]);
            from = range.end;
        }
        kept.push_str(&self.html[from..]);
        self.html = kept;
    }
}
