//! A document as the short lines that titles, dates and signatures are found in.

use crate::import::document::{Block, Document, Role};

/// So many lines at the top may belong to the head of a document.
const HEAD: usize = 40;

/// A paragraph as one line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its place in the file.
    pub place: usize,
    /// Its words: spaces between Han characters and full-width letters and digits made plain.
    pub text: String,
    /// Centred.
    pub centred: bool,
    /// Height of its characters in half points; 0 where nothing says.
    pub size: u16,
    /// Its role.
    pub role: Role,
}

/// The lines of a document; tables are left out.
#[derive(Debug)]
pub struct Lines {
    /// All of them.
    pub all: Vec<Line>,
    /// How many at the top come before the text begins.
    pub head: usize,
    /// How many of those come before the first table.
    above_table: usize,
}

impl Lines {
    /// The lines of a document.
    pub fn of(document: &Document) -> Self {
        let mut all = Vec::new();
        let mut above_table = None;
        for block in &document.blocks {
            let Block::Paragraph(paragraph) = block else {
                above_table.get_or_insert(all.len());
                continue;
            };
            // A line break inside a paragraph parts two lines of a title or a signature.
            for written in paragraph.text().lines() {
                let text = folded(written);
                if !text.is_empty() {
                    all.push(Line {
                        place: paragraph.place,
                        text,
                        centred: paragraph.centred,
                        size: paragraph.size,
                        role: paragraph.role,
                    });
                }
            }
        }
        let head = all.iter().take(HEAD).position(|line| is_running_text(&line.text)).unwrap_or(all.len().min(HEAD));
        let above_table = above_table.unwrap_or(head).min(head);
        Self { all, head, above_table }
    }

    /// The lines before the text begins.
    pub fn head(&self) -> &[Line] {
        &self.all[..self.head]
    }

    /// Those of them that stand above the first table.
    pub fn above_table(&self) -> &[Line] {
        &self.all[..self.above_table]
    }
}

/// Whether the text begins here: the address of those it is for, a first heading, a sentence, a long paragraph.
fn is_running_text(line: &str) -> bool {
    let is_address = line.ends_with(['：', ':'])
        && ["各位代表", "各村", "各镇", "各乡", "各街道", "各单位", "各部门", "各科室", "各股室", "各省"]
            .iter()
            .any(|word| line.starts_with(word));
    let is_heading = matches!(
        crate::import::outline::mark(line),
        Some(
            crate::import::outline::Mark::Han
                | crate::import::outline::Mark::HanInBrackets
                | crate::import::outline::Mark::Chapter
        )
    );
    let length = line.chars().count();
    is_address || is_heading || length > 90 || (length > 20 && line.ends_with('。')) || line.starts_with("第一条")
}

/// Words made plain: full-width letters and digits half-width, spaces gone wherever one neighbour is a Han
/// character, marks that show nothing gone.
pub fn folded(text: &str) -> String {
    let plain: Vec<char> = text
        .trim()
        .chars()
        .map(|ch| match ch {
            '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
                char::from_u32(ch as u32 - 0xfee0).unwrap_or(ch)
            }
            ch if ch.is_whitespace() => ' ',
            ch => ch,
        })
        .filter(|ch| !matches!(ch, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}'))
        .collect();
    let is_ascii = |ch: Option<&char>| ch.is_some_and(char::is_ascii);
    let mut out = String::with_capacity(text.len());
    for (at, &ch) in plain.iter().enumerate() {
        if ch == ' ' {
            let before = out.chars().next_back();
            let after = plain[at..].iter().find(|next| **next != ' ');
            if !is_ascii(before.as_ref()) || !is_ascii(after) || before == Some(' ') {
                continue;
            }
        }
        out.push(ch);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn folds_what_looks_alike() {
        assert_eq!(folded("政 府 工 作 报 告"), "政府工作报告");
        assert_eq!(folded("　２０２３ 年 1 月 "), "2023年1月");
        assert_eq!(folded("Annual  Report"), "Annual Report");
    }
}
