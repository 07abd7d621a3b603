//! What to look for instead of a query that finds nothing: Chinese for pinyin, and for a wrong character the right
//! one. Words are guessed first; where no guess is there, the texts around the wrong character are read.

use std::collections::BTreeSet;

use super::fold::{BREAK, canonical};
use super::query::Query;
use super::rank::{Asked, search};
use super::reader::{Fault, Index};

/// So many of the likeliest words are tried.
const TRIED: usize = 6;
/// A phrase is read about only if it is so long: what stands around a character of a shorter one says little.
const LONG: usize = 4;
/// Reports that are read about a character.
const READ: usize = 5;

/// Another query, as it could be typed, that finds something; `None` where none is near.
pub fn instead(index: &Index<'_>, query: &Query) -> Result<Option<String>, Fault> {
    if query.all.is_empty() {
        return Ok(None);
    }
    let choices = choices(index, query)?.unwrap_or_default();
    for number in 0..TRIED.min(choices.iter().map(Vec::len).max().unwrap_or(0)) {
        let chosen = choices.iter().filter_map(|words| words.get(number).or(words.first()).cloned());
        let words = as_query(chosen.collect(), query);
        if finds(index, Query::parse(&words))? {
            return Ok(Some(words));
        }
    }
    read(index, query)
}

/// These words, and what the query excludes, as they could be typed.
fn as_query(mut words: Vec<String>, query: &Query) -> String {
    words.extend(query.none.iter().map(|phrase| format!("-{}", typed(phrase))));
    words.join(" ")
}

/// The query with what texts have in the place of a strange character.
fn read(index: &Index<'_>, query: &Query) -> Result<Option<String>, Fault> {
    let mut words = Vec::new();
    for phrase in &query.all {
        let is_there = finds(index, Query { all: vec![phrase.clone()], none: Vec::new() })?;
        let own = if is_there { Some(phrase.clone()) } else { read_about(index, phrase)? };
        let Some(own) = own else { return Ok(None) };
        words.push(typed(&own));
    }
    let words = as_query(words, query);
    Ok(if finds(index, Query::parse(&words))? { Some(words) } else { None })
}

/// Looks for reports that hold what stands before and behind a strange character, and for what they all have between.
fn read_about(index: &Index<'_>, phrase: &[u16]) -> Result<Option<Vec<u16>>, Fault> {
    let shown = String::from_utf16_lossy(phrase);
    if phrase.len() < LONG || shown.chars().count() < phrase.len() {
        return Ok(None);
    }
    for at in index.words()?.strange(&shown) {
        let (before, behind) = (&phrase[..at], &phrase[at + 1..]);
        let all: Vec<Vec<u16>> =
            [before, behind].into_iter().filter(|part| part.len() > 1).map(<[u16]>::to_vec).collect();
        let asked = Asked { query: Query { all, none: Vec::new() }, take: READ, ..Asked::default() };
        let mut found = BTreeSet::new();
        for hit in search(index, &asked)?.hits {
            let text = canonical(&hit.excerpt.replace(['\u{2}', '\u{3}'], ""));
            let fits = |there: &&[u16]| there.starts_with(before) && there.ends_with(behind) && there[at] != BREAK;
            found.extend(text.windows(phrase.len()).filter(fits).map(<[u16]>::to_vec));
        }
        // Where they have different things, none of them is more likely to be meant than a word that nobody has written.
        if found.len() == 1 {
            return Ok(found.pop_first());
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

#[cfg(test)]
mod tests {
    use super::super::tests::index;
    use super::*;

    #[test]
    fn what_all_texts_have_in_the_place_of_a_strange_character_is_meant() {
        let files = index(&[
            (2023, "甲", "规范电动自行车停放。水利工程建设。".into()),
            (2024, "乙", "电动自行车充电，水利工程质量。".into()),
        ]);
        let fetch = |address: &str| files.get(address).cloned();
        let index = Index::open(&fetch).unwrap();
        let meant = |typed: &str| {
            let found = read_about(&index, &canonical(typed)).unwrap();
            found.map(|units| String::from_utf16_lossy(&units)).unwrap_or_default()
        };
        assert_eq!(meant("电动自行軍"), "电动自行车");
        assert_eq!(meant("電动自行军停放"), "电动自行车停放");
        // Texts go on in different ways, or the phrase is too short to say anything.
        assert_eq!(meant("水利工程局"), "");
        assert_eq!(meant("自行军"), "");
    }
}
