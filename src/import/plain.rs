//! Plain text: a line is a paragraph, an empty line is nothing.

use super::document::{Block, Document, Paragraph, is_blank};
use super::refusal::{Refusal, Result};
use crate::source::decode;
use crate::text;

/// Larger texts are no reports. Bytes.
const LARGEST: usize = 16 << 20;
/// More lines than this are no report either.
const MOST_LINES: usize = 100_000;

/// Reads a text in UTF-8, UTF-16, GBK or GB 18030.
pub fn read(bytes: &[u8]) -> Result<Document> {
    if bytes.len() > LARGEST {
        return Err(Refusal::beyond(text!("文本文件太大", "the text is far too large")));
    }
    let Some((text, _)) = decode(bytes) else {
        return Err(Refusal::damaged(text!(
            "认不出文件的编码，或者不是文本",
            "the encoding is not known, or this is no text"
        )));
    };
    if is_destroyed(&text) {
        return Err(Refusal::lost_text());
    }
    let mut blocks = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if at >= MOST_LINES {
            return Err(Refusal::beyond(text!("行数太多", "there are far too many lines")));
        }
        let line = line.trim_matches(is_blank);
        if !line.is_empty() {
            blocks.push(Block::Paragraph(Paragraph::plain(at + 1, line)));
        }
    }
    Ok(Document { blocks, has_lines: true, ..Document::default() })
}

/// Whether runs of question marks stand where characters stood once.
fn is_destroyed(text: &str) -> bool {
    let lost = text.matches("????").count() * 4 + text.matches('\u{fffd}').count();
    lost > 8 && lost * 20 > text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_in_any_encoding() {
        let text = "　　政 府 工 作 报 告\r\n\r\n各位代表：\r\n";
        for bytes in [
            text.as_bytes().to_vec(),
            encoding_rs::GBK.encode(text).0.into_owned(),
            [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
        ] {
            let document = read(&bytes).unwrap();
            let lines: Vec<_> = document
                .blocks
                .iter()
                .map(|block| match block {
                    Block::Paragraph(paragraph) => (paragraph.place, paragraph.text()),
                    Block::Table(_) => panic!("text has no tables"),
                })
                .collect();
            assert_eq!(lines, [(1, "政 府 工 作 报 告".to_owned()), (3, "各位代表：".to_owned())]);
        }
        assert!(read("????????????2023????????".as_bytes()).is_err());
        assert!(read(b"\x00\x01\x02").is_err());
    }
}
