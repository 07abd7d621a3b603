//! The site's own search: reports → an index of small script files that a browser loads as it needs them, also
//! from a folder; and the reader of the same files for the terminal.
//!
//! * Text is folded ([`fold`]), cut into units of some paragraphs ([`text`]), and listed by single characters,
//!   pairs of neighbours, and short windows of Latin letters and digits ([`terms`]). What a query's terms have in
//!   common is a superset of its hits; the text that is kept for excerpts ([`pack`]) says which are true.
//! * Reports lie in two segments ([`segments`]): the two newest years, and all older ones. An edit in a new year
//!   leaves every byte of the old segment, and a query asks twice, however many years there are.
//! * `search/root.js` tells what segments there are and what every report is (year, town, kind), so that filters
//!   and counts need no other file; `<segment>/s/` holds the lists of terms, `<segment>/t/` the text.
//!
//! * `search/words.js` knows the words of the titles by their sound ([`words`]), for pinyin and wrong characters.
//!
//! `themes/default/assets/search.js` is the twin of [`reader`], [`query`], [`rank`] and [`instead`](mod@instead).

mod ascii;
mod bits;
mod excerpt;
pub mod fold;
mod index;
pub mod instead;
mod pack;
mod pairs;
mod phrases;
mod postings;
pub mod query;
pub mod rank;
pub mod reader;
mod root;
mod segment;
mod segments;
mod terms;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use index::{Indexer, Put};
pub use segment::Kept;
pub use segments::{Entry, Plan, Sealed, Segment};

/// The folder of all files that the search needs.
pub const FOLDER: &str = "search/";
/// The file that the others are found by.
pub const ROOT: &str = "search/root.js";
/// The table of characters, for queries that need it.
pub const FOLD: &str = "search/fold.js";
/// The words of the site by sound, for queries in pinyin and those that find nothing.
pub const WORDS: &str = "search/words.js";

/// Raised whenever a file of the index gets another form.
const FORMAT: u32 = 2;

/// A file of the index: a script that hands its data over under its name.
fn script(name: &str, bytes: &[u8], file: &mut Vec<u8>) {
    file.clear();
    file.extend_from_slice(b"gk(\"");
    file.extend_from_slice(name.as_bytes());
    file.extend_from_slice(b"\",\"");
    ascii::write(bytes, file);
    file.extend_from_slice(b"\");\n");
}

/// The data of a script, if it is the one with this name and whole.
fn data(file: &[u8], name: &str) -> Option<Vec<u8>> {
    let rest = file.strip_prefix(b"gk(\"")?.strip_prefix(name.as_bytes())?.strip_prefix(b"\",\"")?;
    ascii::read(rest.strip_suffix(b"\");\n")?)
}
