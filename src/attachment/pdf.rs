//! PDF: the text of each page as far as its fonts say which characters they show, and the name of the author.
//!
//! Anybody may have made the file. What it unpacks to and how long its maps of characters are is bounded.

use lopdf::{Document, LoadOptions, Object, Stream};
use memchr::memmem;

use super::taking::Taking;
use crate::model::contents::{Contents, MarkKind, Unreadable};
use crate::text;

/// The name of the form must stand in so many bytes at the beginning.
const HEAD: usize = 1024;
/// Pages that are read; longer files are books.
const MOST_PAGES: usize = 500;
/// No page has so much to draw, in bytes; a stream that unpacks to more is a bomb.
const LARGEST_STREAM: usize = 8 << 20;
/// A font has no more characters than two bytes can number; some say each of them twice.
const MOST_CODES: u64 = 1 << 17;

pub(super) fn read(bytes: &[u8]) -> Result<Option<Contents>, Unreadable> {
    let head = &bytes[..bytes.len().min(HEAD)];
    if memchr::memmem::find(head, b"%PDF-").is_none() {
        return Err(Unreadable::OtherKind);
    }
    // What this reader does not understand others may: it says nothing of the file.
    let options = LoadOptions::with_max_decompressed_size(LARGEST_STREAM);
    let Ok(mut document) = Document::load_mem_with_options(bytes, options) else { return Ok(None) };
    document.objects.retain(|_, object| object.as_stream().map_or(true, is_needed));
    let mut taking = Taking::default();
    for page in document.get_pages().into_keys().take(MOST_PAGES) {
        if !taking.has_room() {
            break;
        }
        let Ok(words) = document.extract_text_with_limit(&[page], LARGEST_STREAM) else { continue };
        taking.stretch(text!("第 {page} 页", "page {page}"), false);
        words.lines().for_each(|line| _ = taking.line(line));
    }
    if let Some(author) = author(&document) {
        taking.stretch(text!("文件属性", "the properties of the file"), false);
        let line = taking.line(&format!("作者：{author}"));
        taking.mark(MarkKind::Author, line.start);
    }
    Ok(Some(taking.finish()))
}

/// Whether the text of the file can depend on a stream and reading it comes to an end: no image, and no map of
/// characters that names more codes than a font can have, each of which the reader would walk through.
fn is_needed(stream: &Stream) -> bool {
    !is_image(stream) && codes(stream) <= MOST_CODES
}

fn is_image(stream: &Stream) -> bool {
    stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image")
}

/// How many codes the ranges of a map of characters come to; none where the stream is no such map.
fn codes(stream: &Stream) -> u64 {
    const BEGIN: &[u8] = b"beginbfrange";
    let Ok(map) = stream.decompressed_content_with_limit(LARGEST_STREAM) else { return 0 };
    let mut codes = 0;
    for at in memmem::find_iter(&map, BEGIN) {
        let mut rest = &map[at + BEGIN.len()..];
        while let Some((range, behind)) = range(rest) {
            codes += range;
            rest = behind;
        }
    }
    codes
}

/// How many codes a line like `<0010> <001f> <4e00>` or `<00> <01> [<4e00> <4e01>]` names, and what stands behind it.
fn range(mut line: &[u8]) -> Option<(u64, &[u8])> {
    line = line.trim_ascii_start();
    while line.starts_with(b"%") {
        line = line[memchr::memchr2(b'\r', b'\n', line)?..].trim_ascii_start();
    }
    let (first, rest) = code(line)?;
    let (last, rest) = code(rest)?;
    let rest = rest.trim_ascii_start();
    let close = if rest.first()? == &b'[' { b']' } else { b'>' };
    let end = memchr::memchr(close, rest)?;
    Some((u64::from(last.saturating_sub(first)) + 1, &rest[end + 1..]))
}

/// A code like `<001f>`, and what stands behind it.
fn code(text: &[u8]) -> Option<(u32, &[u8])> {
    let inside = text.trim_ascii_start().strip_prefix(b"<")?;
    let end = memchr::memchr(b'>', inside)?;
    let digits = std::str::from_utf8(&inside[..end]).ok()?;
    Some((u32::from_str_radix(digits, 16).ok()?, &inside[end + 1..]))
}

fn author(document: &Document) -> Option<String> {
    let info = match document.trailer.get(b"Info").ok()? {
        Object::Reference(id) => document.get_dictionary(*id).ok()?,
        object => object.as_dict().ok()?,
    };
    let author = lopdf::decode_text_string(info.get(b"Author").ok()?).ok()?;
    let author = author.trim();
    (!author.is_empty()).then(|| author.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = "BT /F1 12 Tf 14 TL 40 700 Td <00010002> Tj T* ET";
    const MAP: &str = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n\
        << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n\
        /CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n\
        1 beginbfrange\n<0001> <0002> <4e00>\nendbfrange\n\
        endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";

    /// A file of one page with a font of its own map of characters.
    fn file(page: &[u8], filter: &str, map: &str, author: &str) -> Vec<u8> {
        let stream = |dictionary: &str, bytes: &[u8]| {
            let head = format!("<< /Length {} {dictionary} >>\nstream\n", bytes.len());
            [head.as_bytes(), bytes, b"\nendstream"].concat()
        };
        let objects: [Vec<u8>; 8] = [
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
            stream(filter, page),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>"
                .to_vec(),
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A >>".to_vec(),
            stream("", map.as_bytes()),
            format!("<< /Author {author} >>").into_bytes(),
        ];
        let mut bytes = b"%PDF-1.4\n".to_vec();
        let mut places = String::new();
        for (number, object) in (1..).zip(&objects) {
            places += &format!("{:010} 00000 n \n", bytes.len());
            bytes.extend(format!("{number} 0 obj\n").bytes());
            bytes.extend(object);
            bytes.extend(b"\nendobj\n");
        }
        let start = bytes.len();
        let end = "trailer\n<< /Size 9 /Root 1 0 R /Info 8 0 R >>\nstartxref";
        bytes.extend(format!("xref\n0 9\n0000000000 65535 f \n{places}{end}\n{start}\n%%EOF\n").bytes());
        bytes
    }

    fn words(bytes: &[u8]) -> Option<String> {
        read(bytes).ok().flatten().map(|contents| contents.text)
    }

    #[test]
    fn reads_what_a_font_shows() {
        let words = words(&file(PAGE.as_bytes(), "", MAP, "(Wang)")).unwrap();
        assert!(words.contains("一丁") && words.contains("作者：Wang"), "{words}");
    }

    #[test]
    fn a_map_without_end_is_left_alone() {
        let comment = "1 beginbfrange\n%\n<00000000> <ffffffff> <0000>\nendbfrange\nendcmap";
        for map in [MAP.replace("<0001> <0002>", "<00000000> <ffffffff>"), MAP.replace("endcmap", comment)] {
            assert!(!words(&file(PAGE.as_bytes(), "", &map, "(Wang)")).unwrap().contains('一'));
        }
    }

    #[test]
    fn a_page_that_unpacks_without_end_is_left_alone() {
        // Runs of bytes: 48 as they stand, then 128 spaces for each two bytes.
        let bomb = |runs: usize| [&[PAGE.len() as u8 - 1], PAGE.as_bytes(), &[129, b' '].repeat(runs)].concat();
        let shows = |page: &[u8]| words(&file(page, "/Filter /RunLengthDecode", MAP, "(Wang)")).unwrap().contains('一');
        assert!(shows(&bomb(10)) && !shows(&bomb(LARGEST_STREAM / 128)));
    }

    #[test]
    fn nesting_is_no_danger() {
        for (open, close) in [("[", "]"), ("<< /A ", " >>"), ("(", ")")] {
            let deep = open.repeat(100_000) + &close.repeat(100_000);
            let page = format!("{PAGE} {deep} Tj");
            let read = std::thread::spawn(move || {
                _ = words(&file(PAGE.as_bytes(), "", MAP, &deep));
                words(&file(page.as_bytes(), "", MAP, "(Wang)"));
            });
            read.join().unwrap();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn damaged_files_are_read_or_refused(
            changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3usize, any::<u8>(), "[0-9]{1,10}|[/<>\\[\\]() ]{1,4}|[a-zA-Z]{1,9}"), 1..8),
            end in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let mut bytes = file(PAGE.as_bytes(), "", MAP, "(Wang)");
            for (at, what, byte, words) in changes {
                let at = at.index(bytes.len());
                match what {
                    0 => bytes[at] = byte,
                    1 => _ = bytes.splice(at..at, words.bytes()),
                    _ => _ = bytes.splice(at..(at + words.len()).min(bytes.len()), words.bytes()),
                }
            }
            if let Some(end) = end {
                bytes.truncate(end.index(bytes.len()));
            }
            let _ = read(&bytes);
        }
    }
}
