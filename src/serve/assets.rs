//! What the preview adds to a page: one script, put together from three files, and the style of its panel.

use hyper::body::Bytes;

use super::pages::{Entity, tag_of};

/// Morphs a page in place. idiomorph 0.8.0, licence 0BSD, taken over as it is.
const MORPH: &str = include_str!("assets/idiomorph.min.js");
const PANEL: &str = include_str!("assets/panel.js");
const LIVE: &str = include_str!("assets/live.js");
const STYLE: &str = include_str!("assets/panel.css");

/// An asset of the preview by its name.
pub(super) fn find(name: &str) -> Option<Entity> {
    let (text, media) = match name {
        // In a function of its own, so that the page's own scripts see nothing of it.
        "live.js" => (
            format!("(function () {{\n'use strict';\n{MORPH}\n{PANEL}\n{LIVE}\n}}());\n"),
            "text/javascript; charset=utf-8",
        ),
        "panel.css" => (STYLE.to_owned(), "text/css; charset=utf-8"),
        _ => return None,
    };
    let tag = tag_of(text.as_bytes());
    Some(Entity { bytes: Bytes::from(text), media: media.to_owned(), tag, faults: Vec::new() })
}
