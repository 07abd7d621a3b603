//! Reports that are nearly the same as another: each document leaves a small signature in the pass, signatures are
//! compared afterwards, and only pairs that look alike are read again.
//!
//! A text is the set of its runs of eight Han characters (shingles), without figures, years, names of towns, headings
//! and tables, which all reports share. A signature keeps for each of [`BINS`] parts of the space of hashes the least
//! shingle in it, so that the share of equal bins is close to the share of common shingles (Jaccard). Signatures that
//! agree in a whole band of bins, with several bins put together to one, are compared bin by bin.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::Arc;

use super::rule::{Finding, Findings, Subject};
use super::{Criteria, silence};
use crate::diagnostic::codes;
use crate::text;

/// Characters of a shingle.
const SHINGLE: usize = 8;
/// Parts of the space of hashes, each with its least shingle; a power of two.
const BINS: usize = 1024;
/// A part in which a document has no shingle.
const EMPTY: u16 = u16::MAX;
/// Parts of the space of hashes where it is cut less finely, for finding pairs and for a first look at them.
const COARSE: usize = 128;
/// Coarse bins of one band. With 32 bands a pair of 80 % is missed less than once in ten million times.
const BAND: usize = 4;
const BANDS: usize = COARSE / BAND;
/// From this share of common shingles on a report is called nearly the same.
const ALIKE: f64 = 0.8;
/// A signature errs, and the fewer bins are looked at the more. At a pair is looked three times: at so many coarse bins,
/// at all of them, at all bins; from these shares of equal ones on it is worth going on, at last to read both texts. They
/// lie four times the usual error below [`ALIKE`], the last three times.
const GLANCE: usize = 32;
const WORTH_GOING_ON: f64 = 0.51;
const WORTH_LOOKING: f64 = 0.65;
const WORTH_READING: f64 = 0.765;
/// A text with fewer Han characters says too little to be copied.
const SHORTEST: usize = 300;
/// Members of a band's bucket that each is compared with, so that a thousand equal reports take no million steps.
const COMPANIONS: usize = 24;
/// Characters of the common passage that are underlined. The rest of it only fills the screen.
const SHOWN: usize = 24;

/// What is left of a document's text for comparing: for each bin the least of sixteen bits of its hashes. Which bin a
/// hash belongs to, other bits of it say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature(Box<[u16; BINS]>);

/// One document among those that are compared.
#[derive(Debug)]
pub struct Candidate {
    /// Its path, which breaks ties.
    pub path: Arc<str>,
    /// A number for its town; documents of no town are not compared.
    pub town: u32,
    /// A number for its kind.
    pub kind: u16,
    /// The year that it is about.
    pub year: i16,
    /// When it was made or published: of two equal reports the later one is the copy.
    pub day: jiff::civil::Date,
    /// Its text.
    pub signature: Signature,
}

impl Signature {
    #[inline]
    fn add(&mut self, hash: u64) {
        let bin = &mut self.0[(hash >> (u64::BITS - BINS.ilog2())) as usize];
        *bin = (*bin).min((hash >> 32) as u16);
    }

    /// The least shingles where the space is cut into [`COARSE`] parts.
    fn coarse(&self) -> [u16; COARSE] {
        std::array::from_fn(|bin| self.0.iter().skip(bin).step_by(COARSE).copied().min().unwrap_or(EMPTY))
    }
}

/// The share of equal bins among those in which either has a shingle.
#[inline]
fn likeness(one: &[u16], other: &[u16]) -> f64 {
    let (mut equal, mut empty) = (0u16, 0u16);
    // Both of one length, so that many are compared at once.
    for (one, other) in one.iter().zip(other) {
        equal += u16::from(one == other);
        empty += u16::from(one & other == EMPTY);
    }
    f64::from(equal - empty) / f64::from((one.len() as u16 - empty).max(1))
}

/// The signature of a document; `None` where its kind is not compared or its text is too short. Accounts (决算)
/// follow a form of the finance office word by word, and what is no yearly report may say the same again.
pub fn signature(subject: &Subject<'_>) -> Option<Signature> {
    if !subject.kind.yearly || subject.is("juesuan") || subject.head.year.is_none() || subject.head.town.is_none() {
        return None;
    }
    let mut signature = Signature(Box::new([EMPTY; BINS]));
    let mut shingles = Shingles::default();
    each(subject, |_, ch| {
        if let Some(hash) = shingles.next(ch) {
            signature.add(hash);
        }
    });
    (shingles.count >= SHORTEST).then_some(signature)
}

/// Shows every Han character of a text that counts, with its place.
fn each(subject: &Subject<'_>, mut see: impl FnMut(usize, char)) {
    let names = names(subject.head.town.as_deref().unwrap_or_default());
    let structure = subject.structure;
    let (mut tables, mut headings) = (structure.tables.iter().peekable(), structure.headings.iter().peekable());
    for prose in &structure.prose {
        while tables.next_if(|table| table.range.end <= prose.start).is_some() {}
        while headings.next_if(|heading| heading.range.end <= prose.start).is_some() {}
        let in_table = tables.peek().is_some_and(|table| table.range.start <= prose.start);
        let in_heading = headings.peek().is_some_and(|heading| heading.range.start <= prose.start);
        if !in_table && !in_heading {
            each_of(subject.text, prose.clone(), &names, &mut see);
        }
    }
}

fn each_of(text: &str, prose: Range<usize>, names: &[&str], see: &mut impl FnMut(usize, char)) {
    let words = &text[prose.clone()];
    // All names of a town begin alike.
    let begins = names.first().and_then(|name| name.chars().next());
    let mut from = 0;
    'names: loop {
        for (at, ch) in words[from..].char_indices() {
            let at = from + at;
            if Some(ch) == begins
                && let Some(name) = names.iter().find(|name| words[at..].starts_with(**name))
            {
                from = at + name.len();
                continue 'names;
            }
            if counts(ch) {
                see(prose.start + at, ch);
            }
        }
        return;
    }
}

/// Hashes runs of characters, one after the other: each character turns the hash of the run before it and pushes the
/// oldest out of it.
#[derive(Default)]
struct Shingles {
    turned: u64,
    last: [u64; SHINGLE],
    count: usize,
}

impl Shingles {
    /// The hash of the run that ends with this character, as soon as there are enough.
    #[inline]
    fn next(&mut self, ch: char) -> Option<u64> {
        const TURN: u32 = 7;
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let own = u64::from(ch).wrapping_mul(SPREAD);
        let oldest = std::mem::replace(&mut self.last[self.count % SHINGLE], own);
        self.turned = self.turned.rotate_left(TURN) ^ own ^ oldest.rotate_left(TURN * SHINGLE as u32);
        self.count += 1;
        // What counts are the upper bits, on which now all others have had their influence.
        (self.count >= SHINGLE).then(|| self.turned.wrapping_mul(SPREAD))
    }
}

/// The Han characters of a text that count, each with its place.
struct Words {
    chars: Vec<char>,
    places: Vec<u32>,
}

impl Words {
    fn of(subject: &Subject<'_>) -> Self {
        let mut words = Self { chars: Vec::new(), places: Vec::new() };
        each(subject, |at, ch| {
            words.chars.push(ch);
            words.places.push(at as u32);
        });
        words
    }

    /// The hash of each run of characters, in order.
    fn shingles(&self) -> impl Iterator<Item = u64> {
        let mut shingles = Shingles::default();
        self.chars.iter().filter_map(move |&ch| shingles.next(ch))
    }
}

/// Hashes that are spread already and need no other.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.0 = mixed(self.0 ^ u64::from(byte)));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// How many different runs of characters two documents have, and how many of them in common.
fn counted(copy: &Subject<'_>, original: &Subject<'_>) -> (usize, usize, usize) {
    let new = |subject: &Subject<'_>| {
        HashSet::<u64, BuildHasherDefault<AsItIs>>::with_capacity_and_hasher(subject.text.len() / 3, Default::default())
    };
    let (mut own, mut theirs, mut common) = (new(copy), new(original), 0);
    let mut shingles = Shingles::default();
    each(original, |_, ch| theirs.extend(shingles.next(ch)));
    let mut shingles = Shingles::default();
    each(copy, |_, ch| {
        if let Some(hash) = shingles.next(ch)
            && own.insert(hash)
        {
            common += usize::from(theirs.contains(&hash));
        }
    });
    (own.len(), theirs.len(), common)
}

/// The names of a town that its reports use: 丁市镇, 丁市.
fn names(town: &str) -> Vec<&str> {
    let stem = town.trim_end_matches(['镇', '乡']).trim_end_matches("街道");
    let mut names = vec![town, stem];
    names.retain(|name| name.chars().count() >= 2);
    names
}

/// Whether a character is one of the words that could be copied: a Han character, and none of figures and dates.
#[inline]
fn counts(ch: char) -> bool {
    let code = ch as usize;
    COUNTS.get(code / 64).map_or((0x2_0000..0x4_0000).contains(&code), |bits| bits >> (code % 64) & 1 == 1)
}

/// A bit for each character of the basic plane.
static COUNTS: [u64; 1024] = {
    let mut bits = [0; 1024];
    let mut code = 0x3400;
    while code <= 0x9FFF {
        let is_of_a_date = matches!(
            char::from_u32(code),
            Some('一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '年' | '月' | '日')
        );
        if !is_of_a_date && !matches!(code, 0x4DC0..=0x4DFF) {
            bits[code as usize / 64] |= 1 << (code % 64);
        }
        code += 1;
    }
    bits
};

/// Spreads a hash over all its bits (the finalizer of SplitMix64).
fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// For each document that may be a copy its most similar original, as numbers in `all`: last year's report of the
/// same town, or an earlier report of another town of the same kind and year. In the order of `all`.
pub fn pairs(all: &[Candidate]) -> Vec<(usize, usize)> {
    let coarse = all.iter().map(|one| one.signature.coarse()).collect();
    let mut pairs = Pairs { all, coarse, best: vec![None; all.len()] };
    pairs.last_years();
    pairs.other_towns();
    let found = pairs.best.into_iter().enumerate().filter_map(|(copy, best)| Some((copy, best?.1)));
    found.collect()
}

/// Documents under comparison, with the coarse bins of each close together, and for each document how like its best
/// original is and which that is.
struct Pairs<'a> {
    all: &'a [Candidate],
    coarse: Vec<[u16; COARSE]>,
    best: Vec<Option<(f64, usize)>>,
}

impl Pairs<'_> {
    fn last_years(&mut self) {
        let all = self.all;
        let mut by_year: BTreeMap<(u32, u16, i16), Vec<usize>> = BTreeMap::new();
        for (number, one) in all.iter().enumerate() {
            by_year.entry((one.town, one.kind, one.year)).or_default().push(number);
        }
        for (&(town, kind, year), copies) in &by_year {
            let originals = by_year.get(&(town, kind, year - 1)).map_or(&[][..], Vec::as_slice);
            for &copy in copies {
                for &original in originals.iter().take(COMPANIONS) {
                    self.consider(copy, original);
                }
            }
        }
    }

    fn other_towns(&mut self) {
        let all = self.all;
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|&number| (all[number].day, &all[number].path));
        // Which have a band in common: its hash, and the turn of the document in time.
        let mut bands: Vec<(u64, u32)> = Vec::with_capacity(all.len() * BANDS);
        for (turn, &number) in order.iter().enumerate() {
            let one = &all[number];
            let group = (u64::from(one.kind) << 16) | u64::from(one.year as u16);
            for (band, bins) in self.coarse[number].chunks(BAND).enumerate() {
                let seed = mixed((group << 8) | band as u64);
                let hash = bins.iter().fold(seed, |hash, &bin| mixed(hash ^ u64::from(bin)));
                bands.push((hash, turn as u32));
            }
        }
        bands.sort_unstable();
        // Document by document, so that one is compared with another only once, however many bands they share.
        let mut places: Vec<Vec<usize>> = vec![Vec::with_capacity(BANDS); all.len()];
        for (place, &(_, turn)) in bands.iter().enumerate() {
            places[turn as usize].push(place);
        }
        let mut compared: Vec<Option<usize>> = vec![None; all.len()];
        for (turn, places) in places.iter().enumerate() {
            for &place in places {
                let before = bands[place.saturating_sub(COMPANIONS)..place].iter().rev();
                for &(_, other) in before.take_while(|(hash, _)| *hash == bands[place].0) {
                    let (copy, original) = (order[turn], order[other as usize]);
                    if compared[original].replace(turn) != Some(turn) && all[copy].town != all[original].town {
                        self.consider(copy, original);
                    }
                }
            }
        }
    }

    fn consider(&mut self, copy: usize, original: usize) {
        let (one, other) = (&self.coarse[copy], &self.coarse[original]);
        if likeness(&one[..GLANCE], &other[..GLANCE]) < WORTH_GOING_ON || likeness(one, other) < WORTH_LOOKING {
            return;
        }
        let all = self.all;
        let likeness = likeness(&all[copy].signature.0[..], &all[original].signature.0[..]);
        let is_better = self.best[copy].is_none_or(|(known, at)| {
            likeness > known || likeness == known && original != at && all[original].path < all[at].path
        });
        if likeness >= WORTH_READING && is_better {
            self.best[copy] = Some((likeness, original));
        }
    }
}

/// Compares two documents for sure. The finding stands where their longest common passage begins.
pub fn compare(copy: &Subject<'_>, original: &Subject<'_>, criteria: &Criteria<'_>) -> Vec<Finding> {
    let Some(severity) = criteria.weight_of(codes::NEAR_COPY) else { return Vec::new() };
    let (own, theirs, common) = counted(copy, original);
    let likeness = common as f64 / (own + theirs - common).max(1) as f64;
    if likeness < ALIKE {
        return Vec::new();
    }
    let percent = common * 100 / own.max(1);
    let (words, others) = (Words::of(copy), Words::of(original));
    let (start, length) = longest(&words, &others);
    let last = words.places[start + length.min(SHOWN) - 1] as usize;
    let first = words.places[start] as usize;
    let end = last + copy.text[last..].chars().next().map_or(0, char::len_utf8);
    let path = original.path;
    let mut findings = Findings::default();
    findings.of(codes::NEAR_COPY, severity);
    findings
        .at(
            copy,
            first..end,
            text!(
                "正文约 {percent}% 与 {path} 相同，最长的一段有 {length} 字，从这里开始",
                "about {percent}% of the text is that of {path}; the longest passage, {length} characters, begins here"
            ),
        )
        .help(text!("照实际情况改写", "write what was done"));
    let mut found = silence::apply(copy, criteria, findings.found);
    found.retain(|finding| finding.diagnostic.code == codes::NEAR_COPY);
    found
}

/// Where in `words` the longest passage begins that is in `others` too, and its length in characters.
fn longest(words: &Words, others: &Words) -> (usize, usize) {
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, hash) in others.shingles().enumerate() {
        let places = places.entry(hash).or_default();
        // A phrase that stands everywhere leads nowhere.
        if places.len() < 8 {
            places.push(at);
        }
    }
    let mut longest = (0, 1);
    for (at, hash) in words.shingles().enumerate() {
        for &other in places.get(&hash).map_or(&[][..], Vec::as_slice) {
            if at > 0 && other > 0 && words.chars[at - 1] == others.chars[other - 1] {
                continue;
            }
            let pairs = words.chars[at..].iter().zip(&others.chars[other..]);
            let length = pairs.take_while(|(one, other)| one == other).count();
            if length > longest.1 {
                longest = (at, length);
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Signatures tell how much two texts have in common, within what [`WORTH_READING`] allows for.
        #[test]
        fn a_signature_is_near_the_truth(seed: u64, length in 300usize..3_000, own in 0usize..100) {
            // A text, and the same with another end: each character is one of a thousand.
            let text = |seed: u64, range: Range<usize>| range.map(move |at| {
                char::from_u32(0x4E00 + (mixed(seed ^ at as u64) % 1_000) as u32).unwrap_or('一')
            });
            let kept = length - length * own / 100;
            let one: Vec<char> = text(seed, 0..length).collect();
            let other: Vec<char> = text(seed, 0..kept).chain(text(!seed, kept..length)).collect();
            let of = |chars: &[char]| {
                let mut shingles = Shingles::default();
                let hashes: std::collections::BTreeSet<u64> = chars.iter().filter_map(|&ch| shingles.next(ch)).collect();
                let mut signature = Signature(Box::new([EMPTY; BINS]));
                hashes.iter().for_each(|&hash| signature.add(hash));
                (hashes, signature)
            };
            let ((ours, one), (theirs, other)) = (of(&one), of(&other));
            let truth = ours.intersection(&theirs).count() as f64 / ours.union(&theirs).count() as f64;
            // Six times the error of so many bins, of which short texts fill only a part.
            let filled = ours.len().min(BINS) as f64 / 2.0;
            prop_assert!((likeness(&one.0[..], &other.0[..]) - truth).abs() < 6.0 * (0.25 / filled).sqrt());
            prop_assert_eq!(likeness(&one.0[..], &one.0[..]), 1.0);
        }
    }
}
