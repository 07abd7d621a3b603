//! Headings: their levels without gaps, and addresses that stay when the text around them changes.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use super::characters::{bracketed_number, is_han_numeral};
use crate::romanize;

/// Longest generated id, in bytes.
const LONGEST_ID: usize = 28;
/// Longest id that an author may set.
const LONGEST_OWN_ID: usize = 80;
/// Ids that the pages around a body use themselves.
const RESERVED: [&str; 6] = ["top", "main", "contents", "search", "nav", "attachments"];

/// The levels of the headings met so far, so that no level is skipped.
#[derive(Debug, Default)]
pub struct Levels {
    written: Vec<u8>,
}

impl Levels {
    /// The level, 1 to 3, of the next heading, written with `hashes` number signs.
    pub fn next(&mut self, hashes: u8) -> u8 {
        while self.written.last().is_some_and(|&above| above >= hashes) {
            self.written.pop();
        }
        self.written.push(hashes);
        self.written.len().min(3) as u8
    }

    /// The level of a run-in heading here: one below the heading that it stands under.
    pub fn below(&self) -> u8 {
        (self.written.len() + 1).min(3) as u8
    }
}

/// The ids given out on a page.
#[derive(Debug, Default)]
pub struct Ids {
    /// Each id with how often it was wanted. A page has some twenty: a tree of them is quicker than hashing.
    wanted: BTreeMap<String, u32>,
    /// Ids that authors have set and whose headings have not been written yet.
    claimed: BTreeSet<String>,
}

impl Ids {
    /// Keeps an id that an author has set, if it is one, so that no generated id takes it first.
    pub fn claim(&mut self, own: &str) -> bool {
        let valid = own.len() <= LONGEST_OWN_ID
            && own.starts_with(|ch: char| ch.is_ascii_alphabetic())
            && own.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !is_reserved(own)
            && !self.wanted.contains_key(own);
        if valid {
            self.wanted.insert(own.to_owned(), 1);
            self.claimed.insert(own.to_owned());
        }
        valid
    }

    /// Takes up a claimed id; only the first heading that bears it may.
    pub fn use_claim(&mut self, own: &str) -> bool {
        self.claimed.remove(own)
    }

    /// An id made from a heading's words without its number.
    pub fn give(&mut self, title: &str) -> String {
        let words = without_number(title);
        let mut id = romanize::phrase(words, LONGEST_ID);
        if id.is_empty() {
            id = romanize::phrase(title, LONGEST_ID);
        }
        if id.is_empty() {
            id.push_str("section");
        }
        if is_reserved(&id) {
            id.insert_str(0, "section-");
        }
        loop {
            let numbered = match self.wanted.entry(id.clone()) {
                Entry::Vacant(new) => {
                    new.insert(1);
                    return id;
                }
                Entry::Occupied(mut taken) => {
                    *taken.get_mut() += 1;
                    format!("{id}-{}", taken.get())
                }
            };
            if !self.wanted.contains_key(&numbered) {
                self.wanted.insert(numbered.clone(), 1);
                return numbered;
            }
        }
    }

    /// Whether a fragment leads somewhere on the page.
    pub fn has(&self, fragment: &str) -> bool {
        fragment.is_empty() || RESERVED.contains(&fragment) || self.wanted.contains_key(fragment)
    }
}

/// Whether an id belongs to the page around a body, or to a footnote.
pub fn is_reserved(id: &str) -> bool {
    RESERVED.contains(&id) || id.starts_with("fn-") || id.starts_with("fnref-")
}

/// A heading without its number: `一、`, `（一）`, `1.`, `1．`, `第一章`, `①`.
pub fn without_number(title: &str) -> &str {
    let title = title.trim();
    if let Some((_, rest)) = bracketed_number(title) {
        return rest.trim_start();
    }
    let is_digit = |ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch);
    let is_numeral = |ch: char| is_digit(ch) || is_han_numeral(ch);
    if let Some(inside) = title.strip_prefix(['（', '(']) {
        let rest = inside.trim_start_matches(is_digit);
        if let Some(rest) = rest.strip_prefix(['）', ')']).filter(|_| rest.len() < inside.len()) {
            return rest.trim_start();
        }
    }
    if let Some(inside) = title.strip_prefix('第') {
        let rest = inside.trim_start_matches(is_numeral);
        let unit = ['编', '章', '节', '条', '部', '篇'];
        if let Some(rest) = rest.strip_prefix(unit).filter(|_| rest.len() < inside.len()) {
            return rest.strip_prefix('分').unwrap_or(rest).trim_start_matches([' ', '　', '、', '：']);
        }
    }
    if let Some(rest) = title.strip_prefix(|ch| ('①'..='⑳').contains(&ch)) {
        return rest.trim_start();
    }
    let rest = title.trim_start_matches(is_numeral);
    if rest.len() < title.len()
        && let Some(rest) = rest.strip_prefix(['、', '.', '．', '）', ')'])
    {
        // In `2.5 万元` the stop is part of the number, in `1.2 措施` of a deeper one.
        let deeper = rest.trim_start_matches(|ch| is_digit(ch) || ch == '.');
        return if deeper.len() < rest.len() && deeper.starts_with([' ', '　']) { deeper } else { rest }.trim_start();
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_numbers_off() {
        for (title, words) in [
            ("一、主要举措和成效", "主要举措和成效"),
            ("（一）加强领导", "加强领导"),
            ("(十二) 加强领导", "加强领导"),
            ("1．总体情况", "总体情况"),
            ("1.2 措施", "措施"),
            ("第一章　总则", "总则"),
            ("第三部分 附件", "附件"),
            ("①其他", "其他"),
            ("（3）其他", "其他"),
            ("2023年工作", "2023年工作"),
            ("一带一路", "一带一路"),
        ] {
            assert_eq!(without_number(title), words);
        }
    }

    #[test]
    fn ids_are_stable_and_unique() {
        let mut ids = Ids::default();
        assert!(ids.claim("own"));
        assert!(!ids.claim("own"));
        assert!(!ids.claim("main"));
        assert!(!ids.claim("中"));
        assert_eq!(ids.give("一、总体情况"), "zong-ti-qing-kuang");
        assert_eq!(ids.give("二、总体情况"), "zong-ti-qing-kuang-2");
        assert_eq!(ids.give("总体情况 2"), "zong-ti-qing-kuang-2-2");
        assert_eq!(ids.give("own"), "own-2");
        assert_eq!(ids.give("Main"), "section-main");
        assert_eq!(ids.give("！"), "section");
    }

    #[test]
    fn levels_leave_no_gap() {
        let mut levels = Levels::default();
        let given: Vec<_> = [3, 2, 5, 6, 6, 3, 1].map(|hashes| levels.next(hashes)).into();
        assert_eq!(given, [1, 1, 2, 3, 3, 2, 1]);
    }
}
