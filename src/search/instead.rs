//! What to look for instead of a query that finds nothing: Chinese for pinyin, and for a wrong character the right
//! one.

use super::fold::BREAK;
use super::query::Query;
use super::rank::{Asked, search};
use super::reader::{Fault, Index};

/// So many of the likeliest words are tried.
const TRIED: usize = 6;

/// Another query, as it could be typed, that finds something; `None` where none is near.
pub fn instead(index: &Index<'_>, query: &Query) -> Result<Option<String>, Fault> {
    if query.all.is_empty() {
        return Ok(None);
    }
    let Some(choices) = choices(index, query)? else { return Ok(None) };
    for number in 0..TRIED.min(choices.iter().map(Vec::len).max().unwrap_or(0)) {
        let chosen = choices.iter().filter_map(|words| words.get(number).or(words.first()).cloned());
        let without = query.none.iter().map(|phrase| format!("-{}", typed(phrase)));
        let words = chosen.chain(without).collect::<Vec<_>>().join(" ");
        if finds(index, Query::parse(&words))? {
            return Ok(Some(words));
        }
    }
    Ok(None)
}

/// For each phrase what could have been meant, the likeliest first; a phrase that finds something by itself is left
/// as it is. Pinyin may have spaces anywhere.
fn choices(index: &Index<'_>, query: &Query) -> Result<Option<Vec<Vec<String>>>, Fault> {
    let words = index.words()?;
    let letters: Vec<Option<String>> = query.all.iter().map(|phrase| letters(phrase)).collect();
    if let Some(whole) = letters.iter().cloned().collect::<Option<String>>() {
        let found = words.by_letters(&whole);
        if !found.is_empty() {
            return Ok(Some(vec![found]));
        }
    }
    let mut choices = Vec::new();
    for (phrase, letters) in query.all.iter().zip(letters) {
        let found = match letters {
            _ if finds(index, Query { all: vec![phrase.clone()], none: Vec::new() })? => vec![typed(phrase)],
            Some(letters) => words.by_letters(&letters),
            None => words.near(&String::from_utf16_lossy(phrase)),
        };
        if found.is_empty() {
            return Ok(None);
        }
        choices.push(found);
    }
    Ok(Some(choices))
}

fn finds(index: &Index<'_>, query: Query) -> Result<bool, Fault> {
    Ok(!search(index, &Asked { query, take: 1, ..Asked::default() })?.hits.is_empty())
}

/// The letters of a phrase that has nothing else.
fn letters(phrase: &[u16]) -> Option<String> {
    let own = phrase.iter().filter(|&&unit| unit != BREAK);
    own.map(|&unit| u8::try_from(unit).ok().filter(u8::is_ascii_lowercase).map(char::from)).collect()
}

/// A phrase as it could be typed.
fn typed(phrase: &[u16]) -> String {
    String::from_utf16_lossy(phrase).replace('\u{1}', "，")
}
