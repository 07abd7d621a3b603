//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16, GBK (GB 18030), or a clear no.

use std::borrow::Cow;

/// How a source was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, either byte order.
    Utf16,
    /// GBK or its superset GB 18030.
    Gbk,
}

/// The text of a source and how it was written; `None` where the bytes are no text at all. UTF-8 is looked
/// over once and not copied.
pub fn decode(bytes: &[u8]) -> Option<(Cow<'_, str>, Encoding)> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes)
        && encoding != encoding_rs::UTF_8
    {
        return strictly(encoding, bytes, Encoding::Utf16);
    }
    if memchr::memchr(0, bytes).is_some() {
        // Windows' Notepad once wrote UTF-16 without a mark: every second byte of its ASCII is zero.
        let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
        let encoding = if zeros(1) > zeros(0) { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
        return if bytes.len().is_multiple_of(2) { strictly(encoding, bytes, Encoding::Utf16) } else { None };
    }
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => Some((text.strip_prefix('\u{feff}').unwrap_or(text).into(), Encoding::Utf8)),
        Err(_) => strictly(encoding_rs::GB18030, bytes, Encoding::Gbk),
    }
}

fn strictly<'a>(
    encoding: &'static encoding_rs::Encoding,
    bytes: &'a [u8],
    named: Encoding,
) -> Option<(Cow<'a, str>, Encoding)> {
    let (text, _, broken) = encoding.decode(bytes);
    // GBK accepts nearly any bytes; private-use characters are what random bytes become.
    let private = text.chars().filter(|ch| ('\u{e000}'..='\u{f8ff}').contains(ch)).count();
    let control = |ch: char| ch.is_control() && !matches!(ch, '\t' | '\n' | '\r' | '\u{c}');
    let nonsense = broken || text.contains(control) || private * 20 > text.chars().count();
    (!nonsense).then_some((text, named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<(String, Encoding)> {
        decode(bytes).map(|(text, encoding)| (text.into_owned(), encoding))
    }

    #[test]
    fn reads_what_clerks_write() {
        let text = "---\ntitle: 年度报告\n---\n一、总体情况\n";
        let said = |encoding| Some((text.to_owned(), encoding));
        assert_eq!(read(text.as_bytes()), said(Encoding::Utf8));
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), said(Encoding::Utf8));
        assert_eq!(read(&encoding_rs::GBK.encode(text).0), said(Encoding::Gbk));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little), said(Encoding::Utf16));
        assert_eq!(read(&big), said(Encoding::Utf16));
        assert_eq!(read(&[&[0xff, 0xfe][..], &little].concat()), said(Encoding::Utf16));
        assert_eq!(read(&[&[0xfe, 0xff][..], &big].concat()), said(Encoding::Utf16));
    }

    #[test]
    fn refuses_what_is_no_text() {
        assert_eq!(read(b"PK\x03\x04\x14\x00\x06\x00\x08\x00"), None);
        assert_eq!(read(&[0xff, 0xff, 0x80, 0x80]), None);
        assert_eq!(read(b"a\0b\0\0\0\x01\0"), None);
    }
}
