//! The words of a site by their sound: names of towns and kinds, what government sites call their sections, and what
//! its titles are made of. For queries typed in pinyin or its initials, and for those that find nothing because of a
//! wrong character.
//!
//! They are one file, which is loaded for such queries only. Its first line tells how single characters are read
//! (`fa法发 zhi制治`), the second holds [`Pairs`], the third says how many of the words are names. Then comes a word a
//! line, the names first and the others by how often titles hold them; behind it stand the places of characters that
//! are read otherwise in it (`重庆 0chong`).

use std::collections::{BTreeMap, HashMap};

use super::fold::{BREAK, canonical};
use super::pack::Codes;
use super::pairs::Pairs;
use crate::romanize::readings;

/// The name of the file.
pub(super) const WORDS: &str = "words";
/// UTF-16 units of all words together.
const MOST_UNITS: usize = 60_000;
/// What government sites have and call so, often by its initials in their addresses (`zwgk`, `zfxxgk`): sections of
/// 国办发〔2017〕47号 and 国办公开办函〔2019〕61号. A site whose texts do not hold the pairs of one does without it.
const SECTIONS: &[&str] = &[
    "政府信息公开",
    "政务公开",
    "信息公开指南",
    "信息公开制度",
    "法定主动公开内容",
    "依申请公开",
    "政务服务",
    "政策文件",
    "政策解读",
    "机构职能",
    "领导信息",
    "通知公告",
    "工作动态",
    "办事指南",
    "互动交流",
    "规范性文件",
    "权责清单",
    "行政许可",
    "行政处罚",
    "财政预算",
    "财政决算",
    "村务公开",
];
/// Guesses of the same sound that come before words with another one.
const GUESSES: usize = 2;
/// More words are not near.
const MOST_NEAR: usize = 12;
/// A title's words are cut at this length.
const LONGEST: usize = 40;

/// Writes the file, before it is packed.
pub(super) fn text<'t>(
    towns: &[String],
    kinds: &[String],
    titles: impl Iterator<Item = &'t str>,
    pairs: &str,
) -> String {
    let towns: Vec<String> = towns.iter().map(|town| folded(town)).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for title in titles {
        for word in words_of(title, &towns) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut others: Vec<(String, usize)> = counts.into_iter().collect();
    others.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let names = towns.iter().cloned().chain(kinds.iter().map(|kind| folded(kind)));
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    let count = names.len();
    let mut left = MOST_UNITS;
    let fits = |word: &String| {
        left = left.saturating_sub(word.chars().count());
        left > 0
    };
    let known = Pairs::read(pairs, |_| String::new());
    let sections = SECTIONS.iter().filter(|name| known.holds(name)).map(|name| (*name).to_owned());
    let words: Vec<String> =
        names.into_iter().chain(sections).chain(others.into_iter().map(|(word, _)| word)).take_while(fits).collect();

    let mut sounds: BTreeMap<char, String> = BTreeMap::new();
    let common = Codes::get().common();
    let others = words.iter().flat_map(|word| word.chars()).chain(pairs.chars());
    for ch in common.chain(others).filter(|ch| !ch.is_ascii()) {
        sounds.entry(ch).or_insert_with(|| sound(ch));
    }
    let mut by_sound: BTreeMap<&str, String> = BTreeMap::new();
    for (ch, sound) in sounds.iter().filter(|(_, sound)| !sound.is_empty()) {
        by_sound.entry(sound).or_default().push(*ch);
    }
    let mut text: Vec<String> = by_sound.iter().map(|(sound, chars)| format!("{sound}{chars}")).collect();
    text = vec![text.join(" "), pairs.to_owned(), count.min(words.len()).to_string()];
    text.extend(words.iter().map(|word| line(word, &sounds)));
    text.join("\n")
}

fn folded(name: &str) -> String {
    String::from_utf16_lossy(&canonical(name)).replace('\u{1}', "")
}

/// The reading of a character by itself; empty where it has none.
fn sound(ch: char) -> String {
    let reading = readings(ch.encode_utf8(&mut [0; 4])).into_iter().next();
    reading.map(|(_, sound)| sound.into_owned()).filter(|sound| sound != "u").unwrap_or_default()
}

/// A word, and behind it the places of characters that are read otherwise than by themselves.
fn line(word: &str, sounds: &BTreeMap<char, String>) -> String {
    let mut line = word.to_owned();
    for (at, (ch, reading)) in readings(word).into_iter().enumerate() {
        if sounds.get(&ch).is_some_and(|own| *own != reading) {
            line.push_str(&format!(" {at}{reading}"));
        }
    }
    line
}

/// The Chinese words of a title, without the town that it is about and the 年度 of its year.
fn words_of(title: &str, towns: &[String]) -> Vec<String> {
    let folded = String::from_utf16_lossy(&canonical(title));
    let runs = folded.split(|ch: char| ch.is_ascii() || ch == char::from(BREAK as u8));
    let own = runs.map(|run| {
        let run = towns.iter().find_map(|town| run.strip_prefix(town.as_str())).unwrap_or(run);
        let run = run.strip_prefix("年度").or(run.strip_prefix('年')).unwrap_or(run);
        run.chars().take(LONGEST).collect::<String>()
    });
    own.filter(|word| word.chars().count() > 1).collect()
}

/// The file, read.
pub(super) struct Words {
    names: usize,
    words: Vec<Word>,
    sounds: HashMap<char, String>,
    pairs: Pairs,
}

struct Word {
    chars: Vec<char>,
    /// One for each character; empty where it has none.
    sounds: Vec<String>,
}

/// How well a stretch of a word answers: the smallest is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// 0 for the whole sound, 1 for one whose last syllable is not finished, 2 for initials.
    quality: u8,
    /// False where a name begins with it.
    is_common: bool,
    /// How often it was met.
    times: std::cmp::Reverse<usize>,
    /// Number of the first word, and place there.
    first: (usize, usize),
}

impl Words {
    /// Reads the file.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let mut sounds = HashMap::new();
        for group in lines.next()?.split(' ') {
            let length = group.bytes().take_while(u8::is_ascii).count();
            let (sound, chars) = group.split_at(length);
            sounds.extend(chars.chars().map(|ch| (ch, sound.to_owned())));
        }
        let pairs = Pairs::read(lines.next()?, |ch| sounds.get(&ch).cloned().unwrap_or_default());
        let names = lines.next()?.parse().ok()?;
        let word = |line: &str| {
            let mut parts = line.split(' ');
            let chars: Vec<char> = parts.next().unwrap_or_default().chars().collect();
            let own = |ch: &char| match ch.is_ascii() {
                true => ch.to_string(),
                false => sounds.get(ch).cloned().unwrap_or_default(),
            };
            let mut sounds: Vec<String> = chars.iter().map(own).collect();
            for part in parts {
                let digits = part.bytes().take_while(u8::is_ascii_digit).count();
                if let Some(place) = part[..digits].parse().ok().and_then(|at: usize| sounds.get_mut(at)) {
                    *place = part[digits..].to_owned();
                }
            }
            Word { chars, sounds }
        };
        let words = lines.map(word).collect();
        Some(Self { names, words, sounds, pairs })
    }

    /// Chinese words that are read so, the likeliest first; `letters` are pinyin without signs, or its initials.
    pub(super) fn by_letters(&self, letters: &str) -> Vec<String> {
        let known = self.ranked(|word, start| {
            let sounds = &word.sounds[start..];
            let (length, quality) = read_as(sounds, letters)?;
            (length > 1).then_some((length, quality))
        });
        if known.is_empty() {
            self.pairs.by_letters(letters)
        } else {
            known.into_iter().map(|(_, word)| word).collect()
        }
    }

    /// Words that are written otherwise and read alike, and then those that differ by one character.
    pub(super) fn near(&self, phrase: &str) -> Vec<String> {
        let typed: Vec<char> = phrase.chars().collect();
        let sounds: Vec<&str> = typed.iter().map(|ch| self.sounds.get(ch).map_or("", String::as_str)).collect();
        let known = self.ranked(|word, start| {
            let end = start + typed.len();
            let chars = word.chars.get(start..end).filter(|_| typed.len() > 1)?;
            let others = chars.iter().zip(&typed).filter(|(a, b)| a != b).count();
            let alike = word.sounds[start..end].iter().zip(&sounds).all(|(a, b)| a == b && !a.is_empty());
            match others {
                0 => None,
                _ if alike => Some((typed.len(), 0)),
                1 if typed.len() > 2 => Some((typed.len(), 1)),
                _ => None,
            }
        });
        let of = |wanted: u8| known.iter().filter(move |(quality, _)| *quality == wanted).map(|(_, word)| word.clone());
        let alike = of(0).chain(self.pairs.sounding_like(&typed, &sounds).into_iter().take(GUESSES));
        let mut all: Vec<String> = Vec::new();
        for word in alike.chain(of(1)).chain(self.pairs.differing(&typed)) {
            if !all.contains(&word) && all.len() < MOST_NEAR {
                all.push(word);
            }
        }
        all
    }

    /// Places of characters that no text is known to have beside one of their neighbours: where one of them is wrong,
    /// it is most likely one of these.
    pub(super) fn strange(&self, phrase: &str) -> Vec<usize> {
        self.pairs.strange(&phrase.chars().collect::<Vec<_>>())
    }

    /// Stretches of all words that `fits` gives a length and a quality, the best first.
    fn ranked(&self, fits: impl Fn(&Word, usize) -> Option<(usize, u8)>) -> Vec<(u8, String)> {
        let mut found: BTreeMap<&[char], Rank> = BTreeMap::new();
        for (number, word) in self.words.iter().enumerate() {
            for start in 0..word.chars.len() {
                let Some((length, quality)) = fits(word, start) else { continue };
                let is_common = number >= self.names || start > 0;
                let rank = Rank { quality, is_common, times: std::cmp::Reverse(0), first: (number, start) };
                let best = found.entry(&word.chars[start..start + length]).or_insert(rank);
                best.times.0 += 1;
                best.quality = best.quality.min(quality);
                best.is_common &= is_common;
            }
        }
        let mut ranked: Vec<(Rank, String)> =
            found.into_iter().map(|(chars, rank)| (rank, chars.iter().collect())).collect();
        ranked.sort_by_key(|&(rank, _)| rank);
        ranked.into_iter().map(|(rank, word)| (rank.quality, word)).collect()
    }
}

/// How many characters are read as these letters, from the first on, and how well.
fn read_as(sounds: &[String], letters: &str) -> Option<(usize, u8)> {
    let mut rest = letters;
    for (number, sound) in sounds.iter().enumerate() {
        match rest.strip_prefix(sound.as_str()).filter(|_| !sound.is_empty()) {
            Some("") => return Some((number + 1, 0)),
            Some(others) => rest = others,
            None if number > 0 && sound.starts_with(rest) => return Some((number + 1, 1)),
            None => break,
        }
    }
    let initials = sounds.get(..letters.len())?.iter().zip(letters.chars()).all(|(sound, ch)| sound.starts_with(ch));
    initials.then_some((letters.len(), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let titles = [
            "丁市镇2024年法治政府建设年度报告",
            "重庆市政府信息公开工作年度报告",
            "法治宣传教育（2023年度）",
            "食品安全条例",
            "伤害赔偿",
            "上海市养老服务条例",
            "上海市预算法",
        ];
        let text = text(&["丁市镇".into()], &["财政预算".into()], titles.into_iter(), "");
        Words::read(&text).unwrap()
    }

    #[test]
    fn titles_are_cut_into_words() {
        let towns = ["丁市镇".to_owned()];
        let cut = |title| words_of(title, &towns);
        assert_eq!(cut("丁市镇2024年法治政府建設年度报告（第3号）"), ["法治政府建设年度报告"]);
        assert_eq!(cut("关于印发《信访条例》的通知"), ["关于印发", "信访条例", "的通知"]);
    }

    #[test]
    fn pinyin_and_initials_find_words() {
        let words = words();
        let first = |letters: &str| words.by_letters(letters).into_iter().next().unwrap_or_default();
        assert_eq!(first("dingshizhen"), "丁市镇");
        assert_eq!(first("dsz"), "丁市镇");
        assert_eq!(first("xinxigongkai"), "信息公开");
        assert_eq!(first("xinxigongk"), "信息公开");
        assert_eq!(first("zfxxgk"), "政府信息公开");
        assert_eq!(first("shanghai"), "上海");
        assert_eq!(first("chongqing"), "重庆");
        assert_eq!(first("zzz"), "");
        assert_eq!(words.by_letters("shanghai"), ["上海", "伤害"]);
    }

    #[test]
    fn sections_are_words_where_the_texts_hold_their_pairs() {
        let words = |pairs| text(&[], &[], std::iter::empty(), pairs);
        assert!(words("政e务 务e公 公e开").ends_with("\n政务公开"));
        assert!(!words("政e务 公e开").contains("政务公开"));
    }

    #[test]
    fn a_wrong_character_finds_the_right_word() {
        let words = words();
        let first = |phrase: &str| words.near(phrase).into_iter().next().unwrap_or_default();
        assert_eq!(first("法制政府"), "法治政府");
        assert_eq!(first("预算发"), "预算法");
        assert_eq!(first("食品按全"), "食品安全");
        assert_eq!(first("食品安荃"), "食品安全");
        assert_eq!(first("法治政府"), "");
        assert_eq!(first("水利工程"), "");
    }
}
