//! What the front matter of a document should say, each value with its reason and how sure it is.
//!
//! A date or a town is filled in only where the document says it plainly and does not contradict itself: a wrong
//! one is worse than none, for nobody looks at it again. The first date of a text is never taken for its own.

pub mod dates;
mod lines;
mod number;
pub mod places;
mod signature;
mod title;
mod town;
mod year;

use jiff::civil::Date;

use super::document::Document;
use crate::config::Config;
use crate::diagnostic::Text;
use lines::Lines;
pub use lines::folded;

/// How sure a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Likely, and worth a look.
    Likely,
    /// The document says so.
    Sure,
}

/// A value with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub reason: Text,
    /// The paragraph or line that says so; 0 where several do, or none.
    pub place: usize,
    /// How sure it is.
    pub confidence: Confidence,
}

impl<T> Guess<T> {
    fn sure(value: T, place: usize, reason: Text) -> Option<Self> {
        Some(Self { value, reason, place, confidence: Confidence::Sure })
    }

    fn likely(value: T, place: usize, reason: Text) -> Option<Self> {
        Some(Self { value, reason, place, confidence: Confidence::Likely })
    }
}

/// Everything that was guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guesses {
    /// The title.
    pub title: Option<Guess<String>>,
    /// The paragraphs that are the title, which the body leaves out.
    pub title_places: Vec<usize>,
    /// The town.
    pub town: Option<Guess<String>>,
    /// The year that the report is about.
    pub year: Option<Guess<i16>>,
    /// The day it was made.
    pub date: Option<Guess<Date>>,
    /// The day it was published.
    pub published: Option<Guess<Date>>,
    /// The day it comes into force.
    pub effective: Option<Guess<Date>>,
    /// Its kind, by its number in the site's list.
    pub kind: Option<Guess<usize>>,
    /// Who made it.
    pub agency: Option<Guess<String>>,
    /// Its document number (文号).
    pub number: Option<Guess<String>>,
}

/// Guesses the front matter of a document. `name` is that of its file, without its extension.
pub fn guess(document: &Document, config: &Config, name: &str) -> Guesses {
    let lines = Lines::of(document);
    let titled = title::find(&lines, name);
    let signature = signature::find(&lines);
    let mut guesses = Guesses { number: number::find(&lines), ..Guesses::default() };
    if let Some((title, places)) = titled {
        guesses.title = Some(title);
        guesses.title_places = places;
    }
    let title = guesses.title.as_ref().map(|title| title.value.clone()).unwrap_or_default();
    guesses.agency = signature::agency(&lines, &signature, &title);
    guesses.date = signature::date(&lines, &signature);
    guesses.published = signature::labelled(&lines, dates::Of::Posting);
    guesses.effective = signature::labelled(&lines, dates::Of::Effect);
    guesses.kind = title::kind(&title, &lines, config);
    guesses.town = town::find(&lines, &title, &signature, config);
    guesses.year = year::find(&lines, &title, &guesses, config);
    if guesses.title.is_none() {
        guesses.title = title::composed(&guesses, config, &lines);
    }
    guesses
}
