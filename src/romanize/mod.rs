//! Chinese names as ASCII: pinyin without tones, for addresses and heading ids.

mod places;

pub use places::place;

use std::sync::LazyLock;

use pinyin::ToPinyin;

/// Words of place names and headings whose characters are read otherwise than by themselves. The longest
/// match wins. Source: 《现代汉语词典》 and the Ministry of Civil Affairs' readings of these place names.
const READINGS: &[(&str, &str)] = &[
    ("重庆", "chong qing"),
    ("长安", "chang an"),
    ("长沙", "chang sha"),
    ("长春", "chang chun"),
    ("长江", "chang jiang"),
    ("长阳", "chang yang"),
    ("长乐", "chang le"),
    ("长兴", "chang xing"),
    ("长宁", "chang ning"),
    ("长寿", "chang shou"),
    ("长岭", "chang ling"),
    ("长坪", "chang ping"),
    ("长坡", "chang po"),
    ("长城", "chang cheng"),
    ("长河", "chang he"),
    ("长桥", "chang qiao"),
    ("长泰", "chang tai"),
    ("长治", "chang zhi"),
    ("长丰", "chang feng"),
    ("长葛", "chang ge"),
    ("厦门", "xia men"),
    ("大厦", "da sha"),
    ("六安", "lu an"),
    ("六合", "lu he"),
    ("蚌埠", "beng bu"),
    ("亳州", "bo zhou"),
    ("台州", "tai zhou"),
    ("天台", "tian tai"),
    ("丽水", "li shui"),
    ("乐清", "yue qing"),
    ("乐亭", "lao ting"),
    ("番禺", "pan yu"),
    ("尉犁", "yu li"),
    ("单县", "shan xian"),
    ("曾都", "zeng du"),
    ("秘鲁", "bi lu"),
    ("浚县", "xun xian"),
    ("莘县", "shen xian"),
    ("莘庄", "xin zhuang"),
    ("铅山", "yan shan"),
    ("洪洞", "hong tong"),
    ("繁峙", "fan shi"),
    ("解州", "hai zhou"),
    ("蔚县", "yu xian"),
    ("井陉", "jing xing"),
    ("任县", "ren xian"),
    ("任丘", "ren qiu"),
    ("华县", "hua xian"),
    ("朝阳", "chao yang"),
    ("朝天", "chao tian"),
    ("都匀", "du yun"),
    ("成都", "cheng du"),
    ("丰都", "feng du"),
    ("万宁", "wan ning"),
    ("乌什", "wu shi"),
    ("什邡", "shi fang"),
    ("犍为", "qian wei"),
    ("荥经", "ying jing"),
    ("荥阳", "xing yang"),
    ("歙县", "she xian"),
    ("黟县", "yi xian"),
    ("枞阳", "zong yang"),
    ("涡阳", "guo yang"),
    ("泌阳", "bi yang"),
    ("济南", "ji nan"),
    ("济宁", "ji ning"),
    ("行政", "xing zheng"),
    ("银行", "yin hang"),
    ("行业", "hang ye"),
    ("重点", "zhong dian"),
    ("重大", "zhong da"),
    ("重复", "chong fu"),
    ("调解", "tiao jie"),
    ("调整", "tiao zheng"),
    ("调查", "diao cha"),
    ("会计", "kuai ji"),
    ("供给", "gong ji"),
    ("给予", "ji yu"),
    ("处理", "chu li"),
    ("处罚", "chu fa"),
    ("长效", "chang xiao"),
    ("长期", "chang qi"),
    ("镇长", "zhen zhang"),
    ("乡长", "xiang zhang"),
    ("县长", "xian zhang"),
    ("校长", "xiao zhang"),
    ("增长", "zeng zhang"),
    ("成长", "cheng zhang"),
    ("率先", "shuai xian"),
    ("效率", "xiao lv"),
    ("的", "de"),
    ("地", "di"),
    ("得", "de"),
    ("了", "le"),
    ("着", "zhe"),
    ("和", "he"),
    ("降低", "jiang di"),
    ("投降", "tou xiang"),
    ("土壤", "tu rang"),
    ("种植", "zhong zhi"),
    ("种子", "zhong zi"),
    ("分类", "fen lei"),
    ("数据", "shu ju"),
];

/// [`READINGS`] with their first characters, sorted by these, longer ones first.
static SORTED: LazyLock<Vec<(char, &str, &str)>> = LazyLock::new(|| {
    let mut sorted: Vec<_> =
        READINGS.iter().filter_map(|&(han, reading)| Some((han.chars().next()?, han, reading))).collect();
    sorted.sort_by_key(|&(first, han, _)| (first, std::cmp::Reverse(han.len())));
    sorted
});

/// One bit for each code point, by its lowest twelve bits, that begins an entry of [`READINGS`]: nearly every
/// character is passed over without a look at the table.
const FIRST: [u64; 64] = {
    let mut bits = [0u64; 64];
    let mut at = 0;
    while at < READINGS.len() {
        let bytes = READINGS[at].0.as_bytes();
        // All entries begin with a Han character of three bytes; its last two hold the lowest twelve bits.
        let low = ((bytes[1] as usize & 0x3F) << 6) | (bytes[2] as usize & 0x3F);
        bits[low / 64] |= 1 << (low % 64);
        at += 1;
    }
    bits
};

/// The longest entry of [`READINGS`] that `rest`, which begins with `first`, begins with, and its reading.
fn reading(first: char, rest: &str) -> Option<(&'static str, &'static str)> {
    let low = first as usize & 0xFFF;
    if FIRST[low / 64] & (1 << (low % 64)) == 0 {
        return None;
    }
    let sorted = &**SORTED;
    let from = sorted.partition_point(|&(other, ..)| other < first);
    let of_first = sorted[from..].iter().take_while(|&&(other, ..)| other == first);
    of_first.map(|&(_, han, reading)| (han, reading)).find(|(han, _)| rest.starts_with(han))
}

/// The syllables of a text: each Han character's reading, each run of ASCII letters and digits as it is.
/// Everything else separates and is dropped. A character without a known reading becomes `u` and its code
/// point, so that two rare names never fall together.
pub fn syllables(text: &str) -> Vec<String> {
    let mut syllables = Vec::new();
    each_syllable(text, |syllable| {
        syllables.push(syllable.to_owned());
        true
    });
    syllables
}

/// Hands the syllables over one by one until `more` says that it has enough.
fn each_syllable(text: &str, mut more: impl FnMut(&str) -> bool) {
    let mut word = String::new();
    let mut rest = text;
    while let Some(ch) = rest.chars().next() {
        if ch.is_ascii_alphanumeric() {
            word.push(ch.to_ascii_lowercase());
            rest = &rest[1..];
            continue;
        }
        if !word.is_empty() && !more(&std::mem::take(&mut word)) {
            return;
        }
        if let Some((han, reading)) = reading(ch, rest) {
            if !reading.split(' ').all(&mut more) {
                return;
            }
            rest = &rest[han.len()..];
            continue;
        }
        let goes_on = match ch.to_pinyin() {
            Some(reading) if !reading.plain().is_ascii() => more(&reading.plain().replace('ü', "v")),
            Some(reading) => more(reading.plain()),
            None if ch.is_alphanumeric() => more(&format!("u{:x}", ch as u32)),
            None => true,
        };
        if !goes_on {
            return;
        }
        rest = &rest[ch.len_utf8()..];
    }
    if !word.is_empty() {
        more(&word);
    }
}

/// Each character that is written as letters, with its reading. Other characters are left out.
pub fn readings(text: &str) -> Vec<(char, std::borrow::Cow<'static, str>)> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some(ch) = rest.chars().next() {
        if let Some((han, reading)) = reading(ch, rest) {
            pairs.extend(han.chars().zip(reading.split(' ').map(Into::into)));
            rest = &rest[han.len()..];
            continue;
        }
        if ch.is_ascii_alphanumeric() {
            pairs.push((ch, ch.to_ascii_lowercase().to_string().into()));
        } else if let Some(reading) = ch.to_pinyin() {
            let plain = reading.plain();
            pairs.push((ch, if plain.contains('ü') { plain.replace('ü', "v").into() } else { plain.into() }));
        } else if ch.is_alphanumeric() {
            pairs.push((ch, "u".into()));
        }
        rest = &rest[ch.len_utf8()..];
    }
    pairs
}
/// A phrase as ASCII words with hyphens, cut at a word before `limit` bytes: 主要举措 → `zhu-yao-ju-cuo`.
pub fn phrase(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(limit);
    each_syllable(text, |syllable| {
        if !out.is_empty() && out.len() + 1 + syllable.len() > limit {
            return false;
        }
        if !out.is_empty() {
            out.push('-');
        }
        // Syllables are ASCII, so any byte is a place to cut.
        out.push_str(&syllable[..syllable.len().min(limit)]);
        true
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_as_places_are_read() {
        assert_eq!(phrase("重庆市长安镇", 60), "chong-qing-shi-chang-an-zhen");
        assert_eq!(phrase("八五〇农场", 60), "ba-wu-ling-nong-chang");
        assert_eq!(phrase("湖㳇镇", 60), "hu-fu-zhen");
        assert_eq!(phrase("一、主要举措和成效", 24), "yi-zhu-yao-ju-cuo-he");
        assert_eq!(phrase("2023 Annual Report", 60), "2023-annual-report");
        assert_eq!(phrase("！？", 60), "");
    }

    #[test]
    fn every_reading_is_ascii() {
        for ch in ('\u{3400}'..='\u{9FFF}').chain('\u{20000}'..='\u{323AF}') {
            assert!(phrase(&ch.to_string(), 40).is_ascii(), "{ch}");
        }
    }
}
