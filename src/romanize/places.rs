//! Names of towns as folders of addresses: pinyin, made so that no two names share it.
//!
//! 青河镇 and 清河镇 are read alike, and one county can have both. An address is permanent, so that it must be
//! made from the name alone, whatever other towns come in later. Hence each character is written as its reading
//! and, unless it is the one that most often stands for this reading in names of Chinese towns, its rank among
//! them: 青河镇 is `qinghezhen`, 清河镇 `qing2hezhen`. A site that wants it otherwise says so in site.yaml.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// For each reading the characters that stand for it in names of towns, the most frequent first, counted over
/// the 41,352 towns and subdistricts of the country. Addresses depend on this order: it never changes, and new
/// characters are only ever added at the end of a line.
const RANKS: &str = include_str!("places.txt");

/// Names as long as this are cut; no file system takes more than 255 bytes.
const LONGEST: usize = 160;

/// The folder of a town. The same name always gives the same folder, two names never do.
pub fn place(name: &str) -> String {
    let mut folder = String::new();
    let mut in_latin = false;
    for (ch, reading) in super::readings(name) {
        let latin = ch.is_ascii();
        // As in pinyin's own rule, a sign before a vowel keeps xi-an apart from xian.
        if !folder.is_empty() && (latin != in_latin || !latin && reading.starts_with(['a', 'e', 'o'])) {
            folder.push('-');
        }
        in_latin = latin;
        folder.push_str(&reading);
        if !latin {
            match rank(ch, &reading) {
                Some(1) => {}
                Some(rank) => folder.push_str(&rank.to_string()),
                None => folder.push_str(&format!("_{:x}_", ch as u32)),
            }
        }
    }
    if folder.len() <= LONGEST && !folder.is_empty() {
        return folder;
    }
    folder.truncate(LONGEST);
    format!("{folder}x{}", &blake3::hash(name.as_bytes()).to_hex()[..12])
}

/// The place of a character among those of its reading, from 1.
fn rank(ch: char, reading: &str) -> Option<usize> {
    static LINES: LazyLock<BTreeMap<&str, &str>> =
        LazyLock::new(|| RANKS.lines().filter_map(|line| line.split_once(' ')).collect());
    LINES.get(reading)?.chars().position(|other| other == ch).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike_stay_apart() {
        assert_eq!(place("青河镇"), "qinghezhen");
        assert_eq!(place("清河镇"), "qing2hezhen");
        assert_eq!(place("重庆市"), "chong3qing3shi2");
        let names = [
            "青河镇",
            "清河镇",
            "情河镇",
            "西安镇",
            "县镇",
            "先镇",
            "湖㳇镇",
            "胡埠镇",
            "八五〇农场",
            "850农场",
            "A镇",
            "！",
            "？",
        ];
        let mut folders: BTreeMap<String, &str> = BTreeMap::new();
        for name in names {
            let folder = place(name);
            assert!(
                folder.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)),
                "{folder}"
            );
            assert_eq!(folders.insert(folder, name), None, "{name}");
        }
    }

    #[test]
    fn every_character_has_one_rank() {
        for line in RANKS.lines() {
            let (reading, chars) = line.split_once(' ').unwrap();
            let mut seen: Vec<char> = chars.chars().collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), chars.chars().count(), "{reading}");
        }
    }
}
