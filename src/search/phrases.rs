//! Phrases that the reports of a site share, learnt from some of them, so that each costs two bytes in a packed
//! text. Official writing repeats itself from town to town and year to year: this halves the text of many sites.

use std::collections::HashMap;

/// UTF-16 units of all phrases together: they are part of the root, which every reader loads.
const MOST_UNITS: usize = 4_000;
/// More phrases have no code.
const MOST: usize = 8 * 256;
/// A shorter phrase saves nothing; the longest ones are never met again.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=60;
/// Reports that are looked at.
pub const SAMPLES: usize = 64;

/// The phrases of a site.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    list: Vec<Vec<u16>>,
    /// Phrases by their first four units, the longest first.
    by_start: HashMap<[u16; 4], Vec<u16>>,
    /// A bit for every hash of the first four units: nearly all places in a text are passed over by it.
    starts: Vec<u64>,
}

impl Phrases {
    /// Takes phrases as they were learnt.
    pub fn new(list: Vec<String>) -> Self {
        let list: Vec<Vec<u16>> = list.iter().map(|phrase| phrase.encode_utf16().collect()).collect();
        let mut phrases = Self { by_start: HashMap::new(), starts: vec![0; 1 << 10], list };
        for (number, phrase) in phrases.list.iter().enumerate().take(MOST) {
            let Some(&start) = phrase.first_chunk::<4>() else { continue };
            let bit = Self::bit(start);
            phrases.starts[bit / 64] |= 1 << (bit % 64);
            let same = phrases.by_start.entry(start).or_default();
            same.push(number as u16);
            same.sort_by_key(|&number| (std::cmp::Reverse(phrases.list[usize::from(number)].len()), number));
        }
        phrases
    }

    /// Finds what some texts share: clauses that stand in two or more, those first that save most.
    pub fn learn(texts: &[String]) -> Vec<String> {
        let mut clauses: HashMap<&str, (usize, usize)> = HashMap::new();
        for (number, text) in texts.iter().enumerate() {
            for clause in clauses_of(text) {
                let (seen, last) = clauses.entry(clause).or_insert((0, usize::MAX));
                if *last != number {
                    (*seen, *last) = (*seen + 1, number);
                }
            }
        }
        let mut shared: Vec<(usize, &str)> = clauses
            .into_iter()
            .filter(|(_, (seen, _))| *seen > 1)
            .map(|(clause, (seen, _))| ((seen - 1) * (clause.chars().count() - 1), clause))
            .collect();
        shared.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let mut left = MOST_UNITS;
        let fits = |(_, clause): &(usize, &str)| {
            let length = clause.chars().count();
            left = left.saturating_sub(length);
            left > 0
        };
        shared.into_iter().take_while(fits).take(MOST).map(|(_, clause)| clause.to_owned()).collect()
    }

    /// The phrase that a text begins with: its number and its length.
    #[inline]
    pub fn at(&self, text: &[u16]) -> Option<(u16, usize)> {
        let &start = text.first_chunk::<4>()?;
        let bit = Self::bit(start);
        if self.starts.get(bit / 64)? & 1 << (bit % 64) == 0 {
            return None;
        }
        let numbers = self.by_start.get(&start)?;
        let found = numbers.iter().find(|&&number| text.starts_with(&self.list[usize::from(number)]))?;
        Some((*found, self.list[usize::from(*found)].len()))
    }

    /// The phrase with this number; nothing where there is none.
    pub fn get(&self, number: usize) -> &[u16] {
        self.list.get(number).map_or(&[], Vec::as_slice)
    }

    /// All phrases, one a line.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self.list.iter().map(|phrase| String::from_utf16_lossy(phrase)).collect();
        lines.join("\n")
    }

    #[inline]
    fn bit([a, b, c, d]: [u16; 4]) -> usize {
        let all = u64::from(a) << 48 | u64::from(b) << 32 | u64::from(c) << 16 | u64::from(d);
        (all.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as usize
    }
}

/// Runs of Chinese characters, each with the mark behind it.
fn clauses_of(text: &str) -> impl Iterator<Item = &str> {
    let han = |ch: char| ('\u{4E00}'..='\u{9FFF}').contains(&ch);
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = &rest[rest.find(han)?..];
        let mut end = rest.find(|ch| !han(ch)).unwrap_or(rest.len());
        end += rest[end..].chars().next().filter(|ch| "，。、；：".contains(*ch)).map_or(0, char::len_utf8);
        let clause;
        (clause, rest) = rest.split_at(end);
        Some(clause)
    })
    .filter(|clause| LENGTHS.contains(&clause.chars().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_what_reports_share() {
        let texts = ["甲乙丙丁，今年收到申请3件。", "今年收到申请5件。甲乙丙丁，", "戊己庚辛", "甲乙丙丁，甲乙丙丁。"];
        let learnt = Phrases::learn(&texts.map(String::from));
        assert_eq!(learnt, ["甲乙丙丁，", "今年收到申请"]);
        let phrases = Phrases::new(learnt);
        let text: Vec<u16> = "今年收到申请".encode_utf16().collect();
        assert_eq!(phrases.at(&text), Some((1, 6)));
        assert_eq!(phrases.at(&text[1..]), None);
        assert_eq!(phrases.text(), "甲乙丙丁，\n今年收到申请");
    }
}
