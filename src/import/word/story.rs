//! What is known while one stretch of text (the body, the notes, a text box) is read.

use std::collections::BTreeMap;

use super::drawing::drawn_words;
use super::fields::Fields;
use super::numbering::Numbering;
use super::package::{LARGEST_PICTURE, LARGEST_XML, Package};
use super::relations::Relations;
use super::styles::Styles;
use super::xml::{self, Reader};
use crate::import::document::{Paragraph, Picture};
use crate::import::losses::{Kind, Losses};
use crate::import::pictures;
use crate::import::refusal::{Refusal, Result};
use crate::text;

/// More paragraphs and cells than this are no report; a book of a thousand pages has a tenth.
const MOST_BLOCKS: usize = 200_000;
/// More pieces of text than this are no report either.
const MOST_PIECES: usize = 1_000_000;

/// Which kind of note a mark leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// At the foot of the page.
    Foot,
    /// At the end of the document.
    End,
}

/// What was found so far, in all stretches.
#[derive(Debug, Default)]
pub struct Found {
    /// Pictures in the order of their first use.
    pub pictures: Vec<Picture>,
    /// Notes in the order of their marks.
    pub notes: Vec<(NoteKind, String)>,
    notes_by_id: BTreeMap<(NoteKind, String), usize>,
    /// Comments by their ids, with the paragraph that they stand beside.
    pub comments: BTreeMap<String, usize>,
    /// What was left behind.
    pub losses: Losses,
    /// Paragraphs so far.
    pub place: usize,
    pictures_by_part: BTreeMap<String, Option<usize>>,
    blocks: usize,
    pieces: usize,
}

/// What is known while one stretch of text is read.
pub struct Story<'p, 'z> {
    package: &'p mut Package<'z>,
    /// What the part that is read refers to.
    pub relations: Relations,
    /// Styles.
    pub styles: &'p Styles,
    /// Lists and their counters.
    pub numbering: &'p mut Numbering,
    /// What was found.
    pub found: &'p mut Found,
    /// Fields that are open.
    pub fields: Fields,
    /// A paragraph whose mark was deleted: it goes on in the next one.
    pub carried: Option<Paragraph>,
}

impl<'p, 'z> Story<'p, 'z> {
    /// Begins a stretch of a part with these relations.
    pub fn new(
        package: &'p mut Package<'z>,
        relations: Relations,
        styles: &'p Styles,
        numbering: &'p mut Numbering,
        found: &'p mut Found,
    ) -> Self {
        Self { package, relations, styles, numbering, found, fields: Fields::default(), carried: None }
    }

    /// Counts a paragraph or a cell.
    pub fn count_block(&mut self) -> Result<()> {
        self.found.blocks += 1;
        within(self.found.blocks, MOST_BLOCKS)
    }

    /// Counts a piece of text.
    pub fn count_piece(&mut self) -> Result<()> {
        self.found.pieces += 1;
        within(self.found.pieces, MOST_PIECES)
    }

    /// Names something that is left behind here.
    pub fn lose(&mut self, kind: Kind, what: &str) {
        self.found.losses.add(kind, self.found.place, what);
    }

    /// The picture of a relation, by its number; `None` where the page cannot show it, which is named.
    pub fn picture(&mut self, id: &str) -> Result<Option<usize>> {
        let Some(relation) = self.relations.get(id).cloned() else { return Ok(None) };
        if relation.is_outside {
            self.lose(Kind::Picture, &relation.target);
            return Ok(None);
        }
        if let Some(known) = self.found.pictures_by_part.get(&relation.target) {
            return Ok(*known);
        }
        let number = match self.package.part(&relation.target, LARGEST_PICTURE)? {
            None => {
                self.lose(Kind::Picture, &relation.target);
                None
            }
            Some(bytes) => match pictures::cleaned(bytes) {
                Some(picture) => {
                    self.found.pictures.push(picture);
                    Some(self.found.pictures.len() - 1)
                }
                None => {
                    let name = relation.target.rsplit('/').next().unwrap_or_default();
                    self.lose(Kind::Picture, &format!("{name}（浏览器不能显示 no browser shows this format）"));
                    None
                }
            },
        };
        self.found.pictures_by_part.insert(relation.target, number);
        Ok(number)
    }

    /// The words of a diagram's part.
    pub fn words_of_diagram(&mut self, part: &str) -> Result<String> {
        let Some(bytes) = self.package.part(part, LARGEST_XML)? else { return Ok(String::new()) };
        let mut words = String::new();
        drawn_words(&mut Reader::new(&xml::decode(&bytes)?), &mut words)?;
        Ok(words)
    }

    /// The number of a note among all notes, given at its first mark.
    pub fn note(&mut self, kind: NoteKind, id: &str) -> usize {
        let next = self.found.notes.len();
        let number = *self.found.notes_by_id.entry((kind, id.to_owned())).or_insert(next);
        if number == next {
            self.found.notes.push((kind, id.to_owned()));
        }
        number
    }
}

fn within(count: usize, most: usize) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    Err(Refusal::beyond(text!("内容多得不像一份报告", "there is far more in it than in any report")))
}
