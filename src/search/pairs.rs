//! Which characters follow each other in the texts of the site, and how often: enough to guess words that no title
//! holds, from their sound or with a wrong character.
//!
//! One line of the file of words: groups of a character and those that follow it, the most frequent first, behind a
//! letter for how often (`政p府o策务`: 政府 stands in 2¹⁵ units or more, 政策 and 政务 in 2¹⁴).

use std::collections::BTreeMap;

/// Pairs that are kept.
const MOST: usize = 10_000;
/// What a pair costs that is not among them, and a character that is not the one typed.
const UNKNOWN: i32 = -4;
const CHANGED: i32 = -2;
/// Initials say so little that for each last character not only the likeliest beginning is kept.
const BEGINNINGS: usize = 6;

/// Pairs with how often they were met, as a power of two.
pub(super) struct Pairs {
    followers: BTreeMap<char, Vec<(char, i32)>>,
    levels: BTreeMap<(char, char), i32>,
    /// Characters of all pairs by their sound.
    sounding: BTreeMap<String, Vec<char>>,
}

/// Whether a term is a pair of Chinese characters.
pub(super) fn is_pair(term: u32) -> bool {
    let han = |unit: u32| (0x3400..0xA000).contains(&unit);
    han(term >> 16) && han(term & 0xFFFF)
}

/// Writes the line, from terms and the number of units that hold them.
pub(super) fn line(counts: impl Iterator<Item = (u32, u32)>) -> String {
    let mut sums: BTreeMap<u32, u32> = BTreeMap::new();
    counts.for_each(|(term, count)| *sums.entry(term).or_default() += count);
    let mut best: Vec<(u32, u32)> = sums.into_iter().collect();
    best.sort_by_key(|&(term, count)| (std::cmp::Reverse(count), term));
    best.truncate(MOST);
    let mut groups: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    for (term, count) in best {
        groups.entry(term >> 16).or_default().push((term & 0xFFFF, count.ilog2()));
    }
    let group = |(first, followers): (u32, Vec<(u32, u32)>)| {
        let mut text: String = char::from_u32(first).into_iter().collect();
        let mut level = u32::MAX;
        for (unit, own) in followers {
            if own != level {
                level = own;
                text.push(char::from(b'a' + level.min(25) as u8));
            }
            text.extend(char::from_u32(unit));
        }
        text
    };
    groups.into_iter().map(group).collect::<Vec<_>>().join(" ")
}

/// A guess: the sum of the levels of its pairs, and its words.
type Guess = (i32, String);

/// Keeps the better one of two guesses for the same last character: the likelier, and of two that are alike the one
/// that comes first.
fn keep(best: &mut BTreeMap<char, Guess>, last: char, guess: Guess) {
    let is_better =
        best.get(&last).is_none_or(|(score, text)| guess.0 > *score || guess.0 == *score && guess.1 < *text);
    if is_better {
        best.insert(last, guess);
    }
}

fn likelier(a: &Guess, b: &Guess) -> std::cmp::Ordering {
    b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1))
}

fn in_order(best: impl IntoIterator<Item = Guess>) -> Vec<String> {
    let mut all: Vec<Guess> = best.into_iter().filter(|(_, text)| text.chars().nth(1).is_some()).collect();
    all.sort_by(likelier);
    all.dedup();
    all.into_iter().map(|(_, text)| text).collect()
}

impl Pairs {
    /// Reads the line; `sound` tells how a character is read, and is empty where nobody knows.
    pub(super) fn read(line: &str, sound: impl Fn(char) -> String) -> Self {
        let mut pairs = Self { followers: BTreeMap::new(), levels: BTreeMap::new(), sounding: BTreeMap::new() };
        let mut chars: Vec<char> = Vec::new();
        for group in line.split(' ') {
            let mut rest = group.chars();
            let Some(first) = rest.next() else { continue };
            let mut level = 0;
            for ch in rest {
                if ch.is_ascii_lowercase() {
                    level = i32::from(ch as u8 - b'a');
                    continue;
                }
                pairs.followers.entry(first).or_default().push((ch, level));
                pairs.levels.insert((first, ch), level);
                chars.extend([first, ch]);
            }
        }
        chars.sort_unstable();
        chars.dedup();
        for ch in chars {
            let sound = sound(ch);
            if !sound.is_empty() {
                pairs.sounding.entry(sound).or_default().push(ch);
            }
        }
        pairs
    }

    fn level(&self, first: char, second: char) -> i32 {
        self.levels.get(&(first, second)).copied().unwrap_or(UNKNOWN)
    }

    /// Guesses so far, each with one of `chars` behind it; for the first character there is none.
    fn step(
        &self,
        before: Option<&BTreeMap<char, Guess>>,
        chars: &[char],
        cost: i32,
        into: &mut BTreeMap<char, Guess>,
    ) {
        for &ch in chars {
            let Some(before) = before else {
                keep(into, ch, (cost, ch.to_string()));
                continue;
            };
            for (&last, (score, text)) in before {
                keep(into, ch, (score + self.level(last, ch) + cost, format!("{text}{ch}")));
            }
        }
    }

    /// Words that are read as these letters; initials where no syllables fit.
    pub(super) fn by_letters(&self, letters: &str) -> Vec<String> {
        let mut at: Vec<BTreeMap<char, Guess>> = vec![BTreeMap::new(); letters.len() + 1];
        for from in 0..letters.len() {
            let before = (from > 0).then(|| std::mem::take(&mut at[from]));
            if before.as_ref().is_some_and(BTreeMap::is_empty) {
                continue;
            }
            for (sound, chars) in &self.sounding {
                if letters[from..].starts_with(sound.as_str()) {
                    self.step(before.as_ref(), chars, 0, &mut at[from + sound.len()]);
                }
            }
        }
        let whole = in_order(at.pop().unwrap_or_default().into_values());
        if whole.is_empty() { self.by_initials(letters) } else { whole }
    }

    fn by_initials(&self, letters: &str) -> Vec<String> {
        let begins = |ch: char, letter: char| {
            self.sounding.iter().any(|(sound, chars)| sound.starts_with(letter) && chars.binary_search(&ch).is_ok())
        };
        let mut letters = letters.chars();
        let Some(first) = letters.next() else { return Vec::new() };
        let firsts = self.followers.keys().filter(|&&ch| begins(ch, first));
        let mut best: BTreeMap<char, Vec<Guess>> = firsts.map(|&ch| (ch, vec![(0, ch.to_string())])).collect();
        for letter in letters {
            let mut next: BTreeMap<char, Vec<Guess>> = BTreeMap::new();
            for (last, guesses) in &best {
                for &(ch, level) in self.followers.get(last).into_iter().flatten().filter(|(ch, _)| begins(*ch, letter))
                {
                    let longer = guesses.iter().map(|(score, text)| (score + level, format!("{text}{ch}")));
                    next.entry(ch).or_default().extend(longer);
                }
            }
            for guesses in next.values_mut() {
                guesses.sort_by(likelier);
                guesses.truncate(BEGINNINGS);
            }
            best = next;
        }
        in_order(best.into_values().flatten())
    }

    /// Words that are read as the typed ones, whose sounds are given.
    pub(super) fn sounding_like(&self, typed: &[char], sounds: &[&str]) -> Vec<String> {
        let mut best: Option<BTreeMap<char, Guess>> = None;
        for (&ch, &sound) in typed.iter().zip(sounds) {
            let mut next = BTreeMap::new();
            self.step(best.as_ref(), &[ch], 0, &mut next);
            let others: Vec<char> =
                self.sounding.get(sound).into_iter().flatten().copied().filter(|&other| other != ch).collect();
            self.step(best.as_ref(), &others, CHANGED, &mut next);
            best = Some(next);
        }
        let own: String = typed.iter().collect();
        in_order(best.unwrap_or_default().into_values().filter(|(_, text)| *text != own))
    }

    /// Whether all pairs of a word are known.
    pub(super) fn holds(&self, word: &str) -> bool {
        word.chars().zip(word.chars().skip(1)).all(|pair| self.levels.contains_key(&pair))
    }

    /// Places of Chinese characters that are known beside none of their neighbours.
    pub(super) fn strange(&self, typed: &[char]) -> Vec<usize> {
        let is_known = |at: usize| typed.get(at..at + 2).is_some_and(|two| self.levels.contains_key(&(two[0], two[1])));
        let is_strange = |&at: &usize| !is_known(at) && !at.checked_sub(1).is_some_and(is_known);
        (0..typed.len()).filter(|&at| !typed[at].is_ascii()).filter(is_strange).collect()
    }

    /// Words with one other character, which is known to stand beside its neighbours.
    pub(super) fn differing(&self, typed: &[char]) -> Vec<String> {
        let mut guesses = Vec::new();
        for at in (0..typed.len()).filter(|_| typed.len() > 2) {
            let others: Vec<char> = match at.checked_sub(1) {
                Some(before) => {
                    self.followers.get(&typed[before]).into_iter().flatten().map(|&(other, _)| other).collect()
                }
                None => self.followers.keys().copied().collect(),
            };
            for other in others.into_iter().filter(|&other| other != typed[at]) {
                let mut words = typed.to_vec();
                words[at] = other;
                let levels: Vec<i32> = words.windows(2).map(|two| self.level(two[0], two[1])).collect();
                let beside = [at.wrapping_sub(1), at];
                if beside.iter().filter_map(|&pair| levels.get(pair)).all(|&level| level >= 0) {
                    guesses.push((levels.iter().sum(), words.into_iter().collect()));
                }
            }
        }
        in_order(guesses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs() -> Pairs {
        let words = ["法治政府", "食品安全", "视频", "按全", "政务公开", "自行车", "行政"];
        let terms = words.iter().flat_map(|word| {
            let chars: Vec<char> = word.chars().collect();
            chars.windows(2).map(|two| (two[0] as u32) << 16 | two[1] as u32).collect::<Vec<_>>()
        });
        let line = line(terms.map(|term| (term, if term >> 16 == '视' as u32 { 1 } else { 9 })));
        let readings = |ch: char| crate::romanize::phrase(&ch.to_string(), 9);
        Pairs::read(&line, readings)
    }

    #[test]
    fn words_are_guessed_from_their_sound() {
        let pairs = pairs();
        assert_eq!(pairs.by_letters("shipinanquan")[0], "食品安全");
        assert_eq!(pairs.by_letters("zwgk")[0], "政务公开");
        assert!(pairs.by_letters("zzz").is_empty());
        let typed: Vec<char> = "法制政府".chars().collect();
        assert_eq!(pairs.sounding_like(&typed, &["fa", "zhi", "zheng", "fu"])[0], "法治政府");
    }

    #[test]
    fn a_frequent_beginning_does_not_hide_a_rare_one() {
        let counts = [("作为", 900), ("为公", 900), ("政务", 90), ("务公", 90), ("公开", 900)];
        let term = |pair: &str| pair.chars().fold(0, |term, ch| term << 16 | ch as u32);
        let line = line(counts.into_iter().map(|(pair, count)| (term(pair), count)));
        let pairs = Pairs::read(&line, |ch| crate::romanize::phrase(&ch.to_string(), 9));
        assert_eq!(pairs.by_letters("zwgk"), ["作为公开", "政务公开"]);
    }

    #[test]
    fn a_wrong_character_is_replaced_by_one_that_is_known_there() {
        let typed = |text: &str| text.chars().collect::<Vec<char>>();
        assert_eq!(pairs().differing(&typed("食品安荃")), ["食品安全"]);
        assert!(pairs().differing(&typed("自行军")).contains(&"自行车".to_owned()));
        assert!(pairs().differing(&typed("水利")).is_empty());
    }
}
