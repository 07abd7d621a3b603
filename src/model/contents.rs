//! What an attachment holds, as far as it can be read without the program that made it: text, tables, and what lies
//! hidden beside them. All ranges are bytes of [`Contents::text`].

use std::ops::Range;

use super::structure::Structure;
use crate::diagnostic::Text;

/// A file taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// All its words: a paragraph or a row a line.
    pub text: String,
    /// Tables and long numbers in that text.
    pub structure: Structure,
    /// Where stretches of lines stand in the file, in the order of the text.
    pub stretches: Vec<Stretch>,
    /// What readers of the file may not see at once, in the order of the text.
    pub marks: Vec<Mark>,
}

/// Lines that stand together in the file: a sheet, a page, the comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins.
    pub start: usize,
    /// What it is called; empty for the body of a text.
    pub name: Text,
    /// Whether its lines are rows of a sheet rather than paragraphs.
    pub rows: bool,
}

/// Something that is not plainly there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it is.
    pub kind: MarkKind,
    /// Its words.
    pub range: Range<usize>,
}

/// What is not plainly there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// Text that was put in while changes were tracked.
    Inserted,
    /// Text that was struck out while changes were tracked, and is still in the file.
    Deleted,
    /// A comment beside the text.
    Comment,
    /// A sheet that is hidden.
    HiddenSheet,
    /// A person's name in the properties.
    Author,
    /// Where a photo was taken.
    Position,
    /// To whom a camera belongs, or who took the photo.
    Owner,
}

/// Why a file cannot be taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Its bytes are not what its name says.
    OtherKind,
    /// It is encrypted.
    Encrypted,
    /// It is damaged.
    Damaged,
}

impl Contents {
    /// In words where a byte of the text stands in the file: which sheet and row, or which paragraph.
    pub fn place(&self, at: usize) -> Text {
        let after = self.stretches.partition_point(|stretch| stretch.start <= at);
        let Some(stretch) = after.checked_sub(1).map(|last| &self.stretches[last]) else {
            return crate::text!("附件", "the attachment");
        };
        let line = 1 + self.text[stretch.start..at].bytes().filter(|&byte| byte == b'\n').count();
        let Text { zh, en } = &stretch.name;
        match (stretch.rows, zh.is_empty()) {
            (true, true) => crate::text!("第 {line} 行", "row {line}"),
            (true, false) => crate::text!("{zh}第 {line} 行", "{en}, row {line}"),
            (false, true) => crate::text!("第 {line} 段", "paragraph {line}"),
            (false, false) => crate::text!("{zh}", "{en}"),
        }
    }
}
