//! PowerPoint files: the text of each slide, and the notes and comments beside it.

use super::package::{Node, Package, each};
use super::taking::Taking;
use crate::model::contents::{Contents, MarkKind, Unreadable};
use crate::text;

pub(super) fn read(mut package: Package<'_>) -> Result<Contents, Unreadable> {
    let mut taking = Taking::default();
    let slides = package.names("ppt/slides/slide", ".xml");
    if slides.is_empty() {
        return Err(Unreadable::OtherKind);
    }
    for (number, name) in (1..).zip(slides) {
        taking.stretch(text!("第 {number} 张幻灯片", "slide {number}"), false);
        package.part(&name).into_iter().for_each(|xml| words(&xml, &mut taking));
    }
    for (number, name) in (1..).zip(package.names("ppt/notesSlides/", ".xml")) {
        taking.stretch(text!("第 {number} 张备注", "the notes of slide {number}"), false);
        package.part(&name).into_iter().for_each(|xml| words(&xml, &mut taking));
    }
    for name in package.names("ppt/comments/", ".xml") {
        taking.stretch(text!("批注", "a comment"), false);
        let start = taking.at();
        package.part(&name).into_iter().for_each(|xml| words(&xml, &mut taking));
        if taking.at() > start {
            taking.mark(MarkKind::Comment, start);
        }
    }
    package.properties(&mut taking);
    Ok(taking.finish())
}

fn words(xml: &str, taking: &mut Taking) {
    let mut is_text = false;
    each(xml, |node| match node {
        Node::Start(tag) => is_text = matches!(tag.local_name().as_ref(), "t" | "text"),
        Node::End(name) => {
            is_text = false;
            if matches!(name, "p" | "text") {
                taking.end_line();
            }
        }
        Node::Text(words) if is_text => taking.words(words),
        Node::Text(_) => {}
    });
}
