//! Postings while they are gathered: which term stands in which unit of which report, millions of them in whole
//! numbers. A batch that is full is sorted and packed into a run of about two bytes for each; runs beyond a
//! bound wait on the disk, so that memory does not grow with the site.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::source::Disk;

/// Bits for the number of a unit within its report; the bits above it number the report.
pub const UNIT_BITS: u32 = 11;

/// Terms met in one unit, so that each is counted once. It is small enough to stay in the processor's nearest
/// memory while a unit is read.
pub struct Seen {
    /// A bit for every term of one UTF-16 unit.
    singles: Vec<u64>,
    /// The other terms, by hash; 0 is an empty place.
    slots: Vec<u32>,
    held: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { singles: vec![0; 1 << 10], slots: vec![0; 1 << 12], held: 0 }
    }
}

impl Seen {
    /// Forgets all terms.
    pub fn clear(&mut self) {
        self.held = 0;
        self.singles.fill(0);
        self.slots.fill(0);
    }

    /// Whether the term is new.
    #[inline]
    pub fn insert(&mut self, term: u32) -> bool {
        if term & 0xFFFF == 0 {
            let (word, bit) = ((term >> 22) as usize, 1 << (term >> 16 & 63));
            let new = self.singles[word] & bit == 0;
            self.singles[word] |= bit;
            return new;
        }
        let mask = self.slots.len() - 1;
        let mut at = (term.wrapping_mul(0x9E37_79B1) >> 12) as usize & mask;
        while self.slots[at] != 0 {
            if self.slots[at] == term {
                return false;
            }
            at = (at + 1) & mask;
        }
        self.slots[at] = term;
        self.held += 1;
        if self.held * 4 > self.slots.len() * 3 {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        let wider = vec![0; self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, wider);
        self.held = 0;
        old.into_iter().filter(|&term| term != 0).for_each(|term| {
            self.insert(term);
        });
    }
}

/// Postings as they come: `term << 32 | report << UNIT_BITS | unit`.
#[derive(Default)]
pub struct Batch {
    postings: Vec<u64>,
    last: u32,
}

impl Batch {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.postings.len()
    }

    /// Notes that the terms of this place come now.
    pub fn at(&mut self, place: u32) {
        self.last = place;
    }

    /// Adds one term of the present place.
    #[inline]
    pub fn push(&mut self, term: u32) {
        self.postings.push(u64::from(term) << 32 | u64::from(self.last));
    }

    /// Sorts and packs all postings, counts them by the first unit of their terms, and is empty again.
    pub fn pack(&mut self, spare: &mut Vec<u64>, counts: &mut [u32]) -> Run {
        sort(&mut self.postings, spare, 32);
        let mut run = Run::default();
        let (mut before, mut next_mark) = (0, 0);
        let mut bytes = Vec::with_capacity(self.postings.len() * 3);
        for (number, group) in groups(&self.postings) {
            let term = (group[0] >> 32) as u32;
            counts[(term >> 16) as usize] += group.len() as u32;
            if number >= next_mark {
                run.marks.push(Mark { term, before, offset: bytes.len() as u64 });
                next_mark = number + MARK;
            }
            varint(term - before, &mut bytes);
            varint(group.len() as u32, &mut bytes);
            let mut place = 0;
            for &posting in group {
                // Reports come nearly in order, but not quite.
                let step = (posting as u32).wrapping_sub(place) as i32;
                varint((step << 1 ^ step >> 31) as u32, &mut bytes);
                place = posting as u32;
            }
            before = term;
        }
        run.length = bytes.len() as u64;
        run.bytes = bytes;
        self.postings.clear();
        run
    }
}

/// The postings of each term, with how many stand before them.
pub fn groups(sorted: &[u64]) -> impl Iterator<Item = (usize, &[u64])> {
    let mut from = 0;
    sorted.chunk_by(|a, b| a >> 32 == b >> 32).map(move |group| {
        from += group.len();
        (from - group.len(), group)
    })
}

/// After so many postings a run can be entered anew.
const MARK: usize = 4096;

/// A packed batch.
#[derive(Default)]
pub struct Run {
    marks: Vec<Mark>,
    length: u64,
    bytes: Vec<u8>,
    /// Where the bytes lie, if not in memory.
    spilled: Option<PathBuf>,
}

/// A place where a run can be entered.
struct Mark {
    /// The first term from here.
    term: u32,
    /// The term before, to which it is written as a difference.
    before: u32,
    offset: u64,
}

impl Run {
    /// Bytes that it keeps in memory.
    pub fn weight(&self) -> usize {
        self.bytes.len()
    }

    /// Moves the bytes into a file.
    pub fn spill(&mut self, disk: &dyn Disk, path: PathBuf) -> Result<()> {
        disk.write_whole(&path, &self.bytes, &path.with_extension("part"))?;
        self.bytes = Vec::new();
        self.spilled = Some(path);
        Ok(())
    }

    /// The file that it was moved to.
    pub fn file(&self) -> Option<&Path> {
        self.spilled.as_deref()
    }

    /// Appends the postings whose terms lie in a range, those of one term in no order; `place` turns a report and its unit into the unit's
    /// number in the segment.
    pub fn read(
        &self,
        disk: &dyn Disk,
        terms: &Range<u32>,
        place: &dyn Fn(u32) -> u32,
        buffer: &mut Vec<u8>,
        out: &mut Vec<u64>,
    ) -> Result<()> {
        let from = self.marks.partition_point(|mark| mark.term <= terms.start).saturating_sub(1);
        let to = self.marks.partition_point(|mark| mark.term < terms.end);
        let Some(mark) = self.marks.get(from).filter(|_| from < to) else { return Ok(()) };
        let end = self.marks.get(to).map_or(self.length, |mark| mark.offset);
        let bytes = match &self.spilled {
            None => &self.bytes[mark.offset as usize..end as usize],
            Some(path) => {
                disk.read_part_into(path, mark.offset..end, buffer)?;
                &buffer[..]
            }
        };
        let mut at = 0;
        let mut term = mark.before;
        while at < bytes.len() {
            term += take(bytes, &mut at);
            let count = take(bytes, &mut at);
            if term >= terms.end {
                break;
            }
            let mut from = 0u32;
            for _ in 0..count {
                let step = take(bytes, &mut at);
                from = from.wrapping_add(step >> 1 ^ (step & 1).wrapping_neg());
                if term >= terms.start {
                    out.push(u64::from(term) << 32 | u64::from(place(from)));
                }
            }
        }
        Ok(())
    }
}

#[inline]
fn varint(mut number: u32, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[inline]
fn take(bytes: &[u8], at: &mut usize) -> u32 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        number |= u32::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return number;
        }
        shift += 7;
    }
}

const DIGIT: u32 = 11;

/// Sorts by counting, eleven bits at a time from bit `from` up; bits that are the same in all numbers cost
/// nothing.
pub fn sort(numbers: &mut Vec<u64>, spare: &mut Vec<u64>, from: u32) {
    let digits = (64 - from).div_ceil(DIGIT);
    let mut counts = vec![[0u32; 1 << DIGIT]; digits as usize];
    for &number in numbers.iter() {
        for (digit, counts) in counts.iter_mut().enumerate() {
            counts[(number >> (from + DIGIT * digit as u32)) as usize & ((1 << DIGIT) - 1)] += 1;
        }
    }
    spare.resize(numbers.len(), 0);
    for (digit, counts) in counts.iter_mut().enumerate() {
        if counts.iter().any(|&count| count as usize == numbers.len()) {
            continue;
        }
        let mut place = 0;
        for count in counts.iter_mut() {
            place += std::mem::replace(count, place);
        }
        for &number in numbers.iter() {
            let count = &mut counts[(number >> (from + DIGIT * digit as u32)) as usize & ((1 << DIGIT) - 1)];
            spare[*count as usize] = number;
            *count += 1;
        }
        std::mem::swap(numbers, spare);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::MemoryDisk;

    proptest! {
        #[test]
        fn sorting_sorts(mut numbers in prop::collection::vec(any::<u64>(), 0..500), bits in 0u32..64) {
            numbers.iter_mut().for_each(|number| *number >>= bits);
            let mut expected = numbers.clone();
            expected.sort_unstable();
            sort(&mut numbers, &mut Vec::new(), 0);
            prop_assert_eq!(numbers, expected);
        }

        #[test]
        fn runs_give_back_every_range(
            postings in prop::collection::btree_set((0u32..3000, 0u32..5000), 0..2000),
            from in 0u32..3000,
            to in 0u32..3100,
            spill: bool,
        ) {
            let mut batch = Batch::default();
            for &(term, place) in postings.iter().rev() {
                batch.at(place);
                batch.push(term);
            }
            let mut counts = vec![0; 1 << 16];
            let mut run = batch.pack(&mut Vec::new(), &mut counts);
            prop_assert_eq!(counts.iter().sum::<u32>() as usize, postings.len());
            prop_assert_eq!(batch.len(), 0);
            let disk = MemoryDisk::new();
            if spill {
                run.spill(&disk, "run".into()).unwrap();
            }
            let mut found = Vec::new();
            run.read(&disk, &(from..to), &|place| place + 1, &mut Vec::new(), &mut found).unwrap();
            let expected: Vec<u64> = postings
                .iter()
                .filter(|(term, _)| (from..to).contains(term))
                .map(|&(term, place)| u64::from(term) << 32 | u64::from(place + 1))
                .collect();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn each_term_is_new_once(terms in prop::collection::vec(prop_oneof![1u32..20_000, (0u32..50).prop_map(|unit| unit << 16)], 0..20_000)) {
            let mut seen = Seen::default();
            for _ in 0..2 {
                seen.clear();
                let mut known = std::collections::BTreeSet::new();
                for &term in &terms {
                    prop_assert_eq!(seen.insert(term), known.insert(term));
                }
            }
        }
    }
}
