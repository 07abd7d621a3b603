//! What cameras and telephones write into photos: where they were taken, and whose they are.

use std::io::Cursor;

use exif::{Exif, In, Tag};

use super::taking::Taking;
use crate::model::contents::{Contents, MarkKind};
use crate::text;

/// What a photo says of place and persons; `None` where it says nothing.
pub(super) fn read(bytes: &[u8]) -> Option<Contents> {
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
    let mut taking = Taking::default();
    taking.stretch(text!("图片属性", "the properties of the image"), false);
    if let (Some(latitude), Some(longitude)) = (value(&exif, Tag::GPSLatitude), value(&exif, Tag::GPSLongitude)) {
        let line = taking.line(&format!("GPS：{latitude}，{longitude}"));
        taking.mark(MarkKind::Position, line.start);
    }
    for (tag, label) in [(Tag::Artist, "Artist"), (Tag::CameraOwnerName, "CameraOwnerName")] {
        if let Some(person) = value(&exif, tag) {
            let line = taking.line(&format!("{label}：{person}"));
            taking.mark(MarkKind::Owner, line.start);
        }
    }
    let contents = taking.finish();
    (!contents.marks.is_empty()).then_some(contents)
}

/// A field in words; `None` where it is empty or holds nothing but zeros.
fn value(exif: &Exif, tag: Tag) -> Option<String> {
    let field = exif.get_field(tag, In::PRIMARY)?;
    let words = field.display_value().to_string();
    let words = words.trim_matches(['"', ' ']);
    let says_something = words.chars().any(|ch| ch.is_alphanumeric() && ch != '0')
        && words
            .replace("deg", "")
            .replace("min", "")
            .replace("sec", "")
            .chars()
            .any(|ch| ch.is_alphanumeric() && ch != '0');
    says_something.then(|| words.to_owned())
}
