//! Canonical text → terms: 32-bit numbers under which the units of text that hold them are listed.
//!
//! * one UTF-16 unit `a`: `a << 16`
//! * two neighbours `a`, `b` of one word: `a << 16 | b`
//! * three or four neighbours with at least two Latin letters or digits among them, whose pairs alone would say
//!   little: a hash in the private area, where no folded text has units. Two that share a hash only make the
//!   reader look at a text in vain.

use super::fold::BREAK;

/// First of the hashed terms.
const HASHED: u32 = 0xE000_0000;
/// How many there can be.
const HASHES: u32 = 0x1900_0000;

/// The term of one unit.
#[inline]
pub fn single(unit: u16) -> u32 {
    u32::from(unit) << 16
}

/// The term of two neighbours.
#[inline]
pub fn pair(a: u16, b: u16) -> u32 {
    u32::from(a) << 16 | u32::from(b)
}

/// The term of three or four neighbours, where they are worth one.
#[inline]
pub fn window(units: &[u16]) -> Option<u32> {
    let latin = units.iter().filter(|&&unit| unit < 0x80).count();
    (latin >= 2).then(|| {
        let mix = |hash: u32, &unit: &u16| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193);
        let mut hash = units.iter().fold(0x811C_9DC5, mix);
        hash = (hash ^ (hash >> 15)).wrapping_mul(0x2C1B_3C6D);
        hash ^= hash >> 12;
        HASHED + hash % HASHES
    })
}

/// Hands over every term of a canonical text, some more than once.
#[inline]
pub fn each(canonical: &[u16], mut term: impl FnMut(u32)) {
    for word in canonical.split(|&unit| unit == BREAK) {
        let mut latin = 0;
        for (at, &unit) in word.iter().enumerate() {
            term(single(unit));
            if at > 0 {
                term(pair(word[at - 1], unit));
            }
            // Windows can only count near a Latin character that has another within four.
            latin = if unit < 0x80 { 4 } else { latin - i32::from(latin > 0) };
            if latin > 0 && at >= 2 {
                window(&word[at - 2..=at]).into_iter().for_each(&mut term);
                if at >= 3 {
                    window(&word[at - 3..=at]).into_iter().for_each(&mut term);
                }
            }
        }
    }
}

/// The terms that every text with this phrase holds, in the order in which a reader asks for them: the rarer
/// first, and none that another covers.
pub fn of_phrase(phrase: &[u16]) -> Vec<u32> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for word in phrase.split(|&unit| unit == BREAK) {
        match word {
            [] => {}
            [unit] => found.push((3 * rarity(*unit), single(*unit))),
            [a, b] => found.push((2 * (rarity(*a) + rarity(*b)), pair(*a, *b))),
            _ => of_long_word(word, &mut found),
        }
    }
    // A stable order: by rarity, and among equals as they stand.
    found.sort_by_key(|&(rarity, _)| std::cmp::Reverse(rarity));
    let mut terms: Vec<u32> = Vec::with_capacity(found.len());
    for (_, term) in found {
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

fn of_long_word(word: &[u16], found: &mut Vec<(u32, u32)>) {
    let size = word.len().min(4);
    let mut covered = vec![false; word.len() - 1];
    let mut at = 0;
    while at + size <= word.len() {
        match window(&word[at..at + size]) {
            Some(term) => {
                covered[at..at + size - 1].fill(true);
                found.push((HASHED_RARITY, term));
                // The next window begins where this one ends, or as near to that as the word is long.
                let last = word.len() - size;
                at = if at < last { (at + size - 1).min(last) } else { at + 1 };
            }
            None => at += 1,
        }
    }
    // Chinese words have two characters more often than not. The pairs where two of them meet stand in few other
    // texts, so that every second pair, from the second on, says nearly as much as all.
    let open = (0..covered.len()).filter(|&at| !covered[at]);
    for (number, at) in open.enumerate() {
        let joint = number as u32 % 2;
        found.push((2 * (rarity(word[at]) + rarity(word[at + 1])) + joint, pair(word[at], word[at + 1])));
    }
}

/// How rare a hashed term is held to be.
const HASHED_RARITY: u32 = 4;

/// 0 for the most frequent characters, 2 for the rare ones.
fn rarity(unit: u16) -> u32 {
    match super::pack::FREQUENT.chars().position(|ch| ch as u32 == u32::from(unit)) {
        Some(_) => 0,
        None if unit < 0x80 => 0,
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::canonical;
    use super::*;

    fn terms(text: &str) -> Vec<u32> {
        let mut all = Vec::new();
        each(&canonical(text), |term| all.push(term));
        all
    }

    #[test]
    fn a_text_has_every_term_of_every_phrase_in_it() {
        let text = "国办发〔2021〕30号：2021年pm2.5下降3.5%，优良天数比率为97.3%，ＧＤＰ增长５％。5G基站A座3楼";
        let held = terms(text);
        let chars: Vec<char> = text.chars().collect();
        for from in 0..chars.len() {
            for to in from + 1..=chars.len() {
                let phrase: String = chars[from..to].iter().collect();
                let wanted = of_phrase(&canonical(&phrase));
                assert!(wanted.iter().all(|term| held.contains(term)), "{phrase}");
            }
        }
    }

    #[test]
    fn words_do_not_touch_over_a_break() {
        assert!(!terms("甲，乙").contains(&pair(0x7532, 0x4E59)));
        assert!(terms("甲 乙").contains(&pair(0x7532, 0x4E59)));
    }
}
