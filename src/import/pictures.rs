//! Pictures without what cameras and programs write into them: places, names, dates, earlier versions.
//!
//! Only what a browser needs to show the picture is kept. The turn that a camera noted (EXIF orientation) is
//! kept, for without it the picture would lie on its side.

use super::document::Picture;

/// A picture that browsers show, cleaned; `None` for one that they do not, or that is broken.
pub fn cleaned(bytes: Vec<u8>) -> Option<Picture> {
    let (extension, bytes) = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ("png", png(&bytes)?),
        [0xFF, 0xD8, 0xFF, ..] => ("jpg", jpeg(&bytes)?),
        [b'G', b'I', b'F', b'8', ..] => ("gif", gif(&bytes)?),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ("webp", webp(&bytes)?),
        // A BMP has no room for more than the picture.
        [b'B', b'M', ..] if bytes.len() > 54 => ("bmp", bytes),
        _ => return None,
    };
    Some(Picture { extension, bytes })
}

/// Chunks that change what is seen; all others are notes.
const PNG_KEPT: [&[u8; 4]; 16] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
    b"acTL", b"fcTL", b"fdAT", b"cICP",
];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes[..8].to_vec();
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
        let end = at.checked_add(length)?.checked_add(12)?;
        let name: [u8; 4] = head[4..].try_into().ok()?;
        // A file that breaks off shows as far as it goes.
        let whole = &bytes[at..end.min(bytes.len())];
        if PNG_KEPT.contains(&&name) {
            kept.extend_from_slice(whole);
        }
        at = end;
        if &name == b"IEND" || at > bytes.len() {
            break;
        }
    }
    (kept.len() > 8).then_some(kept)
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes[..2].to_vec();
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if bytes[at] != 0xFF {
            return None;
        }
        match marker {
            // Filling.
            0xFF => at += 1,
            0xD8 | 0x01 | 0xD0..=0xD7 => at += 2,
            // The picture itself: everything from here to its end mark.
            0xDA => {
                kept.extend_from_slice(&bytes[at..end_of_scans(bytes, at)]);
                return Some(kept);
            }
            _ => {
                let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
                let segment = bytes.get(at..at + 2 + length)?;
                match marker {
                    0xE1 => {
                        if let Some(turn) = orientation(segment) {
                            kept.extend_from_slice(&exif(turn));
                        }
                    }
                    // JFIF, the colour profile, and Adobe's word on colours belong to the picture.
                    0xE0 | 0xEE => kept.extend_from_slice(segment),
                    0xE2 if segment[4..].starts_with(b"ICC_PROFILE") => kept.extend_from_slice(segment),
                    0xE2..=0xED | 0xEF | 0xFE => {}
                    _ => kept.extend_from_slice(segment),
                }
                at += 2 + length;
            }
        }
    }
}

/// Behind the end mark cameras hide previews and whole films.
fn end_of_scans(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(found) = memchr::memchr(0xFF, &bytes[at..]) {
        at += found;
        match bytes.get(at + 1) {
            Some(0xD9) => return at + 2,
            Some(_) => at += 1,
            None => break,
        }
    }
    bytes.len()
}

/// The turn that an EXIF segment notes, unless the picture stands upright.
fn orientation(segment: &[u8]) -> Option<u8> {
    let tiff = segment.get(4..)?.strip_prefix(b"Exif\0\0")?;
    let is_little = tiff.starts_with(b"II");
    let short = |at: usize| {
        let pair: [u8; 2] = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let long = |at: usize| {
        let four: [u8; 4] = tiff.get(at..at + 4)?.try_into().ok()?;
        Some(if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    let directory = long(4)? as usize;
    let entries = usize::from(short(directory)?).min(256);
    let found = (0..entries).map(|entry| directory + 2 + entry * 12).find(|&at| short(at) == Some(0x0112))?;
    short(found + 8).and_then(|turn| u8::try_from(turn).ok()).filter(|turn| (2..=8).contains(turn))
}

/// An EXIF segment that says only how the picture is turned.
fn exif(turn: u8) -> Vec<u8> {
    let mut segment = vec![0xFF, 0xE1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend_from_slice(&[turn, 0, 0, 0, 0, 0, 0]);
    segment
}

fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let table = |flags: u8| if flags & 0x80 != 0 { 3usize << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut kept = bytes.get(..at)?.to_vec();
    let blocks_end = |mut at: usize| {
        loop {
            match bytes.get(at) {
                Some(0) => return Some(at + 1),
                Some(&length) => at += 1 + usize::from(length),
                None => return None,
            }
        }
    };
    loop {
        let start = at;
        match bytes.get(at)? {
            0x2C => {
                let flags = *bytes.get(at + 9)?;
                at = blocks_end(at + 11 + table(flags))?;
                kept.extend_from_slice(&bytes[start..at]);
            }
            0x21 => {
                let label = *bytes.get(at + 1)?;
                at = blocks_end(at + 2)?;
                let loops = label == 0xFF && bytes[start..].get(3..14) == Some(b"NETSCAPE2.0");
                if label == 0xF9 || loops {
                    kept.extend_from_slice(&bytes[start..at]);
                }
            }
            0x3B => {
                kept.push(0x3B);
                return Some(kept);
            }
            _ => return None,
        }
    }
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes[..12].to_vec();
    let mut at = 12;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
        let end = at.checked_add(8 + length + length % 2)?.min(bytes.len());
        if !matches!(&head[..4], b"EXIF" | b"XMP ") {
            let from = kept.len();
            kept.extend_from_slice(&bytes[at..end]);
            if &head[..4] == b"VP8X"
                && let Some(flags) = kept.get_mut(from + 8)
            {
                // It announces EXIF and XMP, which are gone.
                *flags &= !0x0C;
            }
        }
        at = end;
    }
    let length = u32::try_from(kept.len() - 8).ok()?;
    kept[4..8].copy_from_slice(&length.to_le_bytes());
    (kept.len() > 20).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
        for (name, data) in chunks {
            bytes.extend_from_slice(&(data.len() as u32).to_be_bytes());
            bytes.extend_from_slice(*name);
            bytes.extend_from_slice(data);
            bytes.extend_from_slice(&[0; 4]);
        }
        bytes
    }

    #[test]
    fn a_png_keeps_only_its_picture() {
        let parts: [(&[u8; 4], &[u8]); 4] =
            [(b"IHDR", &[0; 13]), (b"tEXt", b"Author\0Zhang"), (b"IDAT", b"picture"), (b"IEND", b"")];
        let whole = png_of(&parts);
        let clean = png_of(&[parts[0], parts[2], parts[3]]);
        assert_eq!(cleaned([whole, b"hidden".to_vec()].concat()).unwrap().bytes, clean);
    }

    #[test]
    fn a_jpeg_keeps_its_picture_and_its_turn() {
        let segment =
            |marker: u8, data: &[u8]| [&[0xFF, marker][..], &(data.len() as u16 + 2).to_be_bytes(), data].concat();
        let place = b"Exif\0\0II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0GPS 29.1N 108.7E";
        let scan = [&[0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0, 3][..], &[0xFF, 0xD9]].concat();
        let whole = [
            vec![0xFF, 0xD8],
            segment(0xE0, b"JFIF\0"),
            segment(0xE1, place),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0name"),
            segment(0xED, b"Photoshop"),
            segment(0xFE, b"comment"),
            segment(0xDB, &[1, 2, 3]),
            scan.clone(),
            b"preview".to_vec(),
        ]
        .concat();
        let clean = [vec![0xFF, 0xD8], segment(0xE0, b"JFIF\0"), exif(6), segment(0xDB, &[1, 2, 3]), scan].concat();
        let picture = cleaned(whole).unwrap();
        assert_eq!((picture.extension, picture.bytes), ("jpg", clean));
        assert_eq!(orientation(&exif(6)), Some(6));
    }

    #[test]
    fn what_browsers_do_not_show_is_refused() {
        assert!(cleaned(b"\x01\x00\x00\x00 EMF".to_vec()).is_none());
        assert!(cleaned(b"\xFF\xD8\xFF\xE1\xFF\xFF".to_vec()).is_none());
        assert!(cleaned(Vec::new()).is_none());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(kind in 0usize..5, rest in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let heads: [&[u8]; 5] = [b"\x89PNG\r\n\x1a\n", b"\xFF\xD8\xFF", b"GIF89a", b"RIFF....WEBP", b"BM"];
            let _ = cleaned([heads[kind], &rest].concat());
        }
    }
}
