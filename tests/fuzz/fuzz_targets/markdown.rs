//! Any text as a body: an article comes out, and no script in it.
#![no_main]

use std::sync::Arc;

use gongkai::model::article::{Image, Link, Surroundings};
use libfuzzer_sys::fuzz_target;

/// A site where nothing is.
struct Nowhere;

impl Surroundings for Nowhere {
    fn link(&self, _: &str) -> Link {
        Link::Broken
    }

    fn image(&self, _: &str) -> Image {
        Image::Broken
    }
}

fuzz_target!(|text: &str| {
    let path: Arc<str> = "content/a.md".into();
    let article = gongkai::markdown::article(&path, text, 0, &Nowhere).value;
    assert!(!article.html.contains("<script"), "{}", article.html);
    let _ = gongkai::markdown::plain(text);
    let _ = gongkai::markdown::structure(text, 0);
});
