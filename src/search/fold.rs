//! How characters are made alike before they are indexed and looked up: full-width and half-width, upper and lower
//! case, traditional and simplified, compatibility forms and radicals, 〇 and ○.
//!
//! The script in the browser folds by the same rules: the frequent ones are written out in both (see [`plain`]),
//! all others are one table, `fold.txt`, which is also what the browser loads when it meets such a character.
//!
//! The table is a list of words between spaces. `~e0:f6` keeps the characters of a range, `!ad` drops one, and
//! `m2=㎡` says what the characters behind the sign become; `|` stands for a break between words.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The table as text, for the browser.
pub const TABLE: &str = include_str!("fold.txt");

/// In canonical text: what separates two words that do not touch.
pub const BREAK: u16 = 1;

/// What a character becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folded {
    /// One UTF-16 unit of a word.
    Unit(u16),
    /// A character beyond the Basic Multilingual Plane.
    Pair([u16; 2]),
    /// Several units, which may hold a [`BREAK`].
    Units(&'static [u16]),
    /// A full stop, which is part of a number and otherwise a break.
    Point,
    /// White space, which is nothing beside a Chinese character and a break between others.
    Space,
    /// A break between words.
    Break,
    /// Nothing at all.
    Nothing,
}

/// The rules that need no table; the first half of [`fold`].
pub fn plain(ch: char) -> Folded {
    let unit = match ch as u32 {
        full @ 0xFF01..=0xFF5E => full - 0xFEE0,
        unit => unit,
    };
    match unit {
        0x30..=0x39 | 0x61..=0x7A | 0x25 | 0x2B | 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF => {
            Folded::Unit(unit as u16)
        }
        0x41..=0x5A => Folded::Unit(unit as u16 + 0x20),
        0x2E => Folded::Point,
        9..=13 | 0x20 | 0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => {
            Folded::Space
        }
        _ => Folded::Break,
    }
}

/// What a character becomes.
pub fn fold(ch: char) -> Folded {
    Table::get().fold(ch)
}

/// Both halves in one table for characters of the Basic Multilingual Plane; a map and ranges for the others.
pub struct Table {
    /// What each character becomes, in two bytes, so that the frequent ones stay in the processor's nearest memory:
    /// its unit, or a code that no unit has.
    basic: Vec<u16>,
    /// What the codes from [`SEVERAL`] on stand for.
    several: Vec<&'static [u16]>,
    /// A bit for every character for which [`plain`] is wrong.
    unusual: Vec<u64>,
    others: HashMap<char, Folded>,
    /// Kept characters beyond the Basic Multilingual Plane, ascending.
    kept: Vec<(char, char)>,
}

const NOTHING: u16 = 0;
const SPACE: u16 = 2;
const POINT: u16 = 3;
/// The private area: no folded text has units there.
const SEVERAL: u16 = 0xE000;
const SEVERAL_END: u16 = 0xF900;

impl Table {
    /// The table, made when it is first needed.
    pub fn get() -> &'static Self {
        static MADE: LazyLock<Table> = LazyLock::new(Table::new);
        &MADE
    }

    fn new() -> Self {
        let unusual = vec![0; 0x1_0000 / 64];
        let mut table = Self {
            basic: vec![BREAK; 0x1_0000],
            several: Vec::new(),
            unusual,
            others: HashMap::new(),
            kept: Vec::new(),
        };
        let basic = || (0..=0xFFFF).filter_map(char::from_u32);
        basic().for_each(|ch| table.set(ch, plain(ch)));
        for word in TABLE.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split(' ')) {
            if let Some(kept) = word.strip_prefix('~') {
                table.keep(range(kept));
            } else if let Some(dropped) = word.strip_prefix('!') {
                range(dropped).for_each(|ch| table.set(ch, Folded::Nothing));
            } else if let Some((target, chars)) = word.split_once('=') {
                let folded = target_of(target);
                chars.chars().for_each(|ch| table.set(ch, folded));
            }
        }
        let unusual: Vec<char> = basic().filter(|&ch| table.fold(ch) != plain(ch)).collect();
        unusual.into_iter().for_each(|ch| table.unusual[ch as usize / 64] |= 1 << (ch as usize % 64));
        table
    }

    fn keep(&mut self, chars: RangeInclusive<char>) {
        if *chars.start() > '\u{FFFF}' {
            self.kept.push(chars.into_inner());
        } else {
            chars.for_each(|ch| self.set(ch, Folded::Unit(ch as u16)));
        }
    }

    fn set(&mut self, ch: char, folded: Folded) {
        let Some(place) = self.basic.get_mut(ch as usize) else {
            self.others.insert(ch, folded);
            return;
        };
        *place = match folded {
            Folded::Unit(unit) => unit,
            Folded::Units(units) => {
                self.several.push(units);
                SEVERAL + (self.several.len() - 1) as u16
            }
            Folded::Point => POINT,
            Folded::Space => SPACE,
            Folded::Nothing => NOTHING,
            Folded::Break | Folded::Pair(_) => BREAK,
        };
    }

    /// What a character becomes.
    #[inline]
    pub fn fold(&self, ch: char) -> Folded {
        match self.basic.get(ch as usize) {
            Some(&unit) if is_unit(unit) => Folded::Unit(unit),
            Some(&NOTHING) => Folded::Nothing,
            Some(&BREAK) => Folded::Break,
            Some(&SPACE) => Folded::Space,
            Some(&POINT) => Folded::Point,
            Some(&code) => Folded::Units(self.several[usize::from(code - SEVERAL)]),
            None => self.fold_other(ch),
        }
    }

    /// The unit that a character becomes, if it is one, without a look at anything else.
    #[inline]
    fn unit(&self, ch: char) -> Option<u16> {
        self.basic.get(ch as usize).copied().filter(|&unit| is_unit(unit))
    }

    /// Whether [`plain`] is wrong for a character.
    #[inline]
    pub fn is_unusual(&self, ch: char) -> bool {
        match self.unusual.get(ch as usize / 64) {
            Some(bits) => bits >> (ch as usize % 64) & 1 == 1,
            None => self.fold_other(ch) != plain(ch),
        }
    }

    fn fold_other(&self, ch: char) -> Folded {
        if let Some(&folded) = self.others.get(&ch) {
            return folded;
        }
        let after = self.kept.partition_point(|&(from, _)| from <= ch);
        match after.checked_sub(1).map(|at| self.kept[at]) {
            Some((_, to)) if ch <= to => {
                let mut units = [0; 2];
                ch.encode_utf16(&mut units);
                Folded::Pair(units)
            }
            _ => Folded::Break,
        }
    }
}

#[inline]
fn is_unit(code: u16) -> bool {
    code >= 0x20 && !(SEVERAL..SEVERAL_END).contains(&code)
}

fn range(range: &str) -> RangeInclusive<char> {
    let (from, to) = range.split_once(':').unwrap_or((range, range));
    let ch = |hex: &str| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
    ch(from).zip(ch(to)).map(|(from, to)| from..=to).expect("the table holds ranges of characters")
}

fn target_of(target: &str) -> Folded {
    let units: Vec<u16> =
        target.encode_utf16().map(|unit| if unit == u16::from(b'|') { BREAK } else { unit }).collect();
    match units[..] {
        [BREAK] => Folded::Break,
        [unit] => Folded::Unit(unit),
        _ => Folded::Units(units.leak()),
    }
}

/// Canonical text while it is being made: words of folded units with single breaks between them.
#[derive(Debug, Default)]
pub struct Canonical {
    units: Vec<u16>,
    pending: Pending,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Pending {
    #[default]
    Nothing,
    Space,
    Point,
    Break,
}

impl Canonical {
    /// Empties it, and keeps its memory.
    pub fn clear(&mut self) {
        self.units.clear();
        self.pending = Pending::Nothing;
    }

    /// What was made so far.
    pub fn units(&self) -> &[u16] {
        &self.units
    }

    /// Adds text.
    #[inline]
    pub fn push(&mut self, table: &Table, text: &str) {
        for ch in text.chars() {
            match table.unit(ch) {
                Some(unit) => self.unit(unit),
                None => self.push_rare(table.fold(ch)),
            }
        }
    }

    fn push_rare(&mut self, folded: Folded) {
        match folded {
            Folded::Unit(unit) => self.unit(unit),
            Folded::Pair(units) => units.into_iter().for_each(|unit| self.unit(unit)),
            Folded::Units(units) => {
                for &unit in units {
                    if unit == BREAK { self.pending = Pending::Break } else { self.unit(unit) }
                }
            }
            Folded::Space if self.pending == Pending::Nothing => self.pending = Pending::Space,
            Folded::Space if self.pending == Pending::Space => {}
            Folded::Point if self.pending == Pending::Nothing => self.pending = Pending::Point,
            Folded::Space | Folded::Point | Folded::Break => self.pending = Pending::Break,
            Folded::Nothing => {}
        }
    }

    /// Ends a paragraph.
    pub fn end_line(&mut self) {
        self.pending = Pending::Break;
    }

    #[inline]
    fn unit(&mut self, unit: u16) {
        if self.pending != Pending::Nothing {
            self.settle(unit);
        }
        self.units.push(unit);
    }

    /// Decides what stands between the last unit and the next.
    fn settle(&mut self, next: u16) {
        let pending = std::mem::take(&mut self.pending);
        let Some(&last) = self.units.last() else { return };
        let digit = |unit: u16| (0x30..=0x39).contains(&unit);
        match pending {
            Pending::Point if digit(last) && digit(next) => self.units.push(u16::from(b'.')),
            Pending::Space if last >= WIDE || next >= WIDE => {}
            _ => self.units.push(BREAK),
        }
    }
}

/// Units from here on are written without spaces between words: radicals, kana, Chinese characters.
const WIDE: u16 = 0x2E80;

/// The canonical form of a short text.
pub fn canonical(text: &str) -> Vec<u16> {
    let mut canonical = Canonical::default();
    canonical.push(Table::get(), text);
    canonical.units
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn folded(text: &str) -> String {
        String::from_utf16(&canonical(text)).unwrap().replace('\u{1}', "|")
    }

    #[test]
    fn makes_alike_what_readers_take_for_alike() {
        for (one, other) in [
            ("２０２３年ＧＤＰ", "2023年gdp"),
            ("法 治　政 府", "法治政府"),
            ("環境保護與資訊公開", "环境保护与资讯公开"),
            ("⾏政许可", "行政许可"),
            ("二○二三", "二〇二三"),
            ("㎡", "m2"),
            ("国办发〔2021〕30号", "国办发[2021]30号"),
            ("增长3．5％", "增长3.5%"),
            ("PM2.5", "pm２．５"),
            ("Straße", "STRASSE"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_eq!(folded("one two"), "one|two");
        assert_eq!(folded("2023 年 5 月"), "2023年5月");
        assert_eq!(folded("，甲。 乙 .丙"), "甲|乙|丙");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for ch in '\0'..=char::MAX {
            let once = folded(&ch.to_string());
            assert_eq!(folded(&once), once, "{ch:?}");
        }
    }

    #[test]
    fn compatibility_forms_are_folded_away() {
        for ch in '\0'..=char::MAX {
            let own = folded(&ch.to_string());
            let wide: String = std::iter::once(ch).nfkc().collect();
            // Characters newer than the table are left to themselves.
            if !own.is_empty() && wide.chars().all(|ch| fold(ch) != Folded::Break) {
                assert_eq!(folded(&wide), own, "{ch:?}");
            }
        }
    }

    #[test]
    fn nothing_is_folded_into_the_private_area_or_to_a_control() {
        let table = Table::get();
        let mut units = Vec::new();
        for ch in '\0'..=char::MAX {
            match table.fold(ch) {
                Folded::Unit(unit) => units.push(unit),
                Folded::Units(all) => units.extend(all),
                Folded::Pair(all) => units.extend(all),
                _ => {}
            }
        }
        assert!(units.iter().all(|&unit| unit == BREAK || unit >= 0x20 && !(0xE000..0xF900).contains(&unit)));
    }

    /// The browser's script gives the same for every code point: its own test compares this number.
    #[test]
    fn the_browser_folds_alike() {
        let mut hash = 0x811C_9DC5_u32;
        for ch in '\0'..=char::MAX {
            let folded = match fold(ch) {
                Folded::Unit(unit) => vec![unit],
                Folded::Pair(units) => units.to_vec(),
                Folded::Units(units) => units.iter().map(|&unit| if unit == BREAK { 0x7C } else { unit }).collect(),
                Folded::Point => vec![0x2E],
                Folded::Space => vec![0x20],
                Folded::Break => vec![0x7C],
                Folded::Nothing => Vec::new(),
            };
            for unit in folded.into_iter().chain([0x0A]) {
                hash = (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193);
            }
        }
        assert_eq!(format!("{hash:x}"), "2134bef8");
    }
}
