//! Many words in one pass over a text, each where it stands: of two that overlap the first, of two that begin alike the
//! longer.
//!
//! Nearly no character begins a word, and a table of one byte for each character says which might: that it may be the
//! first of some words, and that it may be the second of some. Only where two neighbours fit together is the text
//! compared with words. On Chinese text that takes half the time of the automata that were measured (daachorse's, by
//! characters and by bytes, and aho-corasick's): their tables do not fit into the cache that two threads share.

use std::ops::Range;

/// Words are parted into so many groups; the first of a character's bits say for which of them it begins a word.
const GROUPS: usize = 3;
/// The bit of a character that is a word by itself.
const ALONE: u8 = 1 << GROUPS;
/// How far the bits for second characters lie above those for first ones. Behind [`ALONE`] any character may stand.
const SECOND: usize = GROUPS + 1;
const ANY: u8 = ALONE << SECOND;

/// Words that are looked for together.
pub(super) struct Needles {
    /// Bits for each character; characters outside the basic plane share those of others.
    fits: Box<[u8; 1 << 16]>,
    /// For each character the place in [`Self::beginning`] where words may be that it begins.
    places: Box<[u16; 1 << 16]>,
    /// The words that begin with the same character, the longest first, with their numbers.
    beginning: Vec<Vec<(String, usize)>>,
}

impl Needles {
    /// Words with their numbers. Empty ones stand nowhere.
    pub(super) fn new<'a>(words: impl IntoIterator<Item = (&'a str, usize)>) -> Self {
        let mut words: Vec<(&str, usize)> = words.into_iter().filter(|(word, _)| !word.is_empty()).collect();
        // In order, so that a group has few first characters.
        words.sort_unstable();
        let mut fits: Box<[u8; 1 << 16]> = vec![ANY; 1 << 16].try_into().expect("it is of this length");
        let mut places: Box<[u16; 1 << 16]> = vec![0; 1 << 16].try_into().expect("it is of this length");
        // The first is for characters that begin nothing.
        let mut beginning: Vec<Vec<(String, usize)>> = vec![Vec::new()];
        for (at, &(word, number)) in words.iter().enumerate() {
            let group = at * GROUPS / words.len();
            let mut chars = word.chars();
            let Some(first) = chars.next() else { continue };
            match chars.next() {
                None => fits[place(first)] |= ALONE,
                Some(second) => {
                    fits[place(first)] |= 1 << group;
                    fits[place(second)] |= 1 << group << SECOND;
                }
            }
            if places[place(first)] == 0 {
                places[place(first)] = beginning.len() as u16;
                beginning.push(Vec::new());
            }
            beginning[usize::from(places[place(first)])].push((word.to_owned(), number));
        }
        for words in &mut beginning {
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        Self { fits, places, beginning }
    }

    /// Shows each word that stands in the text, by its number, in order.
    pub(super) fn find(&self, text: &str, mut see: impl FnMut(usize, Range<usize>)) {
        // The character before, and where it stands; where the last word ended.
        let (mut before, mut start, mut end) = (0, 0, 0);
        let mut look = |start: usize| {
            if start >= end
                && let Some((word, number)) = self.at(&text[start..])
            {
                end = start + word.len();
                see(*number, start..end);
            }
        };
        for (at, ch) in text.char_indices() {
            let fits = self.fits[place(ch)];
            if before & (fits >> SECOND) != 0 {
                look(start);
            }
            (before, start) = (fits, at);
        }
        if before & ALONE != 0 {
            look(start);
        }
    }

    /// The longest word with which a text begins.
    #[inline(never)]
    fn at(&self, text: &str) -> Option<&(String, usize)> {
        let words = usize::from(self.places[place(text.chars().next()?)]);
        self.beginning[words].iter().find(|(word, _)| text.starts_with(word.as_str()))
    }
}

/// Where the bits of a character are.
fn place(ch: char) -> usize {
    ch as usize & 0xFFFF
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What a look at every place for every word finds.
        #[test]
        fn finds_what_stands_there(
            words in prop::collection::btree_set("[a日号“𠀀一]{0,4}", 0..24), text in "[a日号“𠀀一, ]{0,60}"
        ) {
            let words: Vec<String> = words.into_iter().collect();
            let needles = Needles::new(words.iter().enumerate().map(|(number, word)| (word.as_str(), number)));
            let mut found = Vec::new();
            needles.find(&text, |number, range| found.push((number, range)));
            let (mut expected, mut from) = (Vec::new(), 0);
            for (at, _) in text.char_indices() {
                let here = words.iter().enumerate().filter(|(_, word)| !word.is_empty() && text[at..].starts_with(*word));
                if at >= from && let Some((number, word)) = here.max_by_key(|(_, word)| word.len()) {
                    from = at + word.len();
                    expected.push((number, at..from));
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}
