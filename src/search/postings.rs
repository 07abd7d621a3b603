//! Postings while they are gathered: which term stands in which unit of which report, millions of them.
//!
//! Each thread keeps a list of places for every term that it met, as bytes: reports come nearly in order, so that
//! most places take one byte, and nothing has to be sorted but the terms. Lists that have grown beyond a bound are
//! packed into a run; runs beyond a bound wait on the disk, so that memory does not grow with the site.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::source::Disk;

/// Bits for the number of a unit within its report; the bits above it number the report.
pub const UNIT_BITS: u32 = 11;

/// Bytes of lists lie in chunks of this length; the last four lead to the next chunk of the same list.
const CHUNK: usize = 16;
const ROOM: usize = CHUNK - 4;

/// Lists of places by term, while they grow.
pub struct Lists {
    /// A term's list is found here by hash.
    slots: Vec<Slot>,
    held: usize,
    chunks: Vec<[u8; CHUNK]>,
    /// The place whose terms come now.
    place: u32,
    /// Single UTF-16 units that this place was listed for: a bit for each.
    singles: Vec<u64>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    /// 0 where there is none.
    term: u32,
    last: u32,
    /// Number of the first chunk.
    head: u32,
    /// Where the next byte goes: number of the chunk, and four bits for the place there.
    tail: u32,
}

impl Default for Lists {
    fn default() -> Self {
        Self { slots: vec![Slot::default(); 1 << 12], held: 0, chunks: Vec::new(), place: 0, singles: vec![0; 1 << 10] }
    }
}

impl Lists {
    /// How many bytes they take.
    pub fn weight(&self) -> usize {
        (self.chunks.len() + self.slots.len()) * CHUNK
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// Notes that the terms of this place come now.
    pub fn at(&mut self, place: u32) {
        self.place = place;
        self.singles.fill(0);
    }

    /// Adds the present place to the list of a term, if it is not there yet.
    #[inline]
    pub fn add(&mut self, term: u32) {
        if term & 0xFFFF == 0 {
            let (word, bit) = ((term >> 22) as usize, 1 << (term >> 16 & 63));
            if self.singles[word] & bit != 0 {
                return;
            }
            self.singles[word] |= bit;
        }
        let mut at = slot_of(term, self.slots.len());
        loop {
            let slot = &mut self.slots[at];
            if slot.term == term {
                if slot.last != self.place {
                    let (before, tail) = (std::mem::replace(&mut slot.last, self.place), slot.tail);
                    self.slots[at].tail = self.write(tail, before);
                }
                return;
            }
            if slot.term == 0 {
                break;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        let head = self.chunks.len() as u32;
        self.chunks.push([0; CHUNK]);
        let tail = self.write(head << 4, 0);
        self.slots[at] = Slot { term, last: self.place, head, tail };
        self.held += 1;
        if self.held * 2 > self.slots.len() {
            self.grow();
        }
    }

    /// Writes the present place as the step from another, and gives where the next byte goes.
    #[inline]
    fn write(&mut self, mut tail: u32, before: u32) -> u32 {
        let step = (self.place >> UNIT_BITS).wrapping_sub(before >> UNIT_BITS) as i32;
        let unit = self.place & ((1 << UNIT_BITS) - 1);
        let mut number = ((step << 1 ^ step >> 31) as u32) << 3 | unit.min(MANY);
        if number < 0x80 && unit < MANY {
            return self.put(tail, number as u8);
        }
        while number >= 0x80 {
            tail = self.put(tail, number as u8 | 0x80);
            number >>= 7;
        }
        tail = self.put(tail, number as u8);
        if unit >= MANY {
            let mut more = unit - MANY;
            while more >= 0x80 {
                tail = self.put(tail, more as u8 | 0x80);
                more >>= 7;
            }
            tail = self.put(tail, more as u8);
        }
        tail
    }

    #[inline]
    fn put(&mut self, tail: u32, byte: u8) -> u32 {
        let (chunk, at) = ((tail >> 4) as usize, (tail & 15) as usize);
        if at < ROOM {
            self.chunks[chunk][at] = byte;
            return tail + 1;
        }
        let next = self.chunks.len() as u32;
        self.chunks[chunk][ROOM..].copy_from_slice(&next.to_le_bytes());
        let mut fresh = [0; CHUNK];
        fresh[0] = byte;
        self.chunks.push(fresh);
        next << 4 | 1
    }

    fn grow(&mut self) {
        let wider = vec![Slot::default(); self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, wider);
        let mask = self.slots.len() - 1;
        for slot in old.into_iter().filter(|slot| slot.term != 0) {
            let mut at = slot_of(slot.term, mask + 1);
            while self.slots[at].term != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot;
        }
    }

    /// Packs all lists, counts their places by the first unit of their terms, and is empty again.
    pub fn pack(&mut self, counts: &mut [u32]) -> Run {
        let mut terms: Vec<Slot> = self.slots.iter().filter(|slot| slot.term != 0).copied().collect();
        terms.sort_unstable_by_key(|slot| slot.term);
        let mut run = Run::default();
        let mut bytes = Vec::with_capacity(self.chunks.len() * ROOM);
        let (mut before, mut next_mark) = (0, 0);
        let mut list = Vec::new();
        for slot in terms {
            self.read(&slot, &mut list);
            counts[(slot.term >> 16) as usize] += places(&list);
            if bytes.len() >= next_mark {
                run.marks.push(Mark { term: slot.term, before, offset: bytes.len() as u64 });
                next_mark = bytes.len() + MARK;
            }
            varint(slot.term - before, &mut bytes);
            varint(list.len() as u32, &mut bytes);
            bytes.extend_from_slice(&list);
            before = slot.term;
        }
        bytes.shrink_to_fit();
        run.length = bytes.len() as u64;
        run.bytes = bytes;
        *self = Self::default();
        run
    }

    fn read(&self, slot: &Slot, list: &mut Vec<u8>) {
        list.clear();
        let (mut chunk, last) = (slot.head, slot.tail >> 4);
        while chunk != last {
            let bytes = &self.chunks[chunk as usize];
            list.extend_from_slice(&bytes[..ROOM]);
            chunk = u32::from_le_bytes(bytes[ROOM..].try_into().expect("four bytes are left"));
        }
        list.extend_from_slice(&self.chunks[last as usize][..(slot.tail & 15) as usize]);
    }
}

/// Units from here on are written in two numbers.
const MANY: u32 = 7;

#[inline]
fn slot_of(term: u32, slots: usize) -> usize {
    (term.wrapping_mul(0x9E37_79B1) >> (32 - slots.trailing_zeros())) as usize
}

/// How many places a list names.
fn places(list: &[u8]) -> u32 {
    let (mut at, mut count) = (0, 0);
    while at < list.len() {
        let is_many = u32::from(list[at]) & MANY == MANY;
        take(list, &mut at);
        if is_many {
            take(list, &mut at);
        }
        count += 1;
    }
    count
}

/// After so many bytes a run can be entered anew.
const MARK: usize = 2048;

/// Packed lists, the terms ascending: the step to the term, the length of its list, the list.
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

    /// The lists of the terms in a range.
    pub fn lists(&self, disk: &dyn Disk, terms: &Range<u32>) -> Result<Cursor<'_>> {
        let from = self.marks.partition_point(|mark| mark.term <= terms.start).saturating_sub(1);
        let to = self.marks.partition_point(|mark| mark.term < terms.end);
        let Some(mark) = self.marks.get(from).filter(|_| from < to) else { return Ok(Cursor::default()) };
        let end = self.marks.get(to).map_or(self.length, |mark| mark.offset);
        let bytes = match &self.spilled {
            None => Cow::Borrowed(&self.bytes[mark.offset as usize..end as usize]),
            Some(path) => {
                let mut bytes = Vec::new();
                disk.read_part_into(path, mark.offset..end, &mut bytes)?;
                Cow::Owned(bytes)
            }
        };
        let mut cursor = Cursor { bytes, next: 0, list: 0..0, before: mark.before, end: terms.end, term: None };
        cursor.go_on();
        while cursor.term.is_some_and(|term| term < terms.start) {
            cursor.go_on();
        }
        Ok(cursor)
    }
}

/// Walks over the lists of a run.
#[derive(Default)]
pub struct Cursor<'r> {
    bytes: Cow<'r, [u8]>,
    /// Where the list of the present term lies, and where the next term begins.
    list: Range<usize>,
    next: usize,
    before: u32,
    end: u32,
    term: Option<u32>,
}

impl Cursor<'_> {
    /// The present term; `None` behind the last.
    pub fn term(&self) -> Option<u32> {
        self.term
    }

    /// Appends the places of the present term, turned by `place` into numbers of units, and goes on to the next.
    pub fn take(&mut self, place: &dyn Fn(u32) -> u32, out: &mut Vec<u32>) {
        let list = &self.bytes[self.list.clone()];
        let (mut at, mut report) = (0, 0u32);
        while at < list.len() {
            let number = take(list, &mut at);
            let step = number >> 3;
            report = report.wrapping_add(step >> 1 ^ (step & 1).wrapping_neg());
            let unit = number & MANY;
            let more = if unit == MANY { take(list, &mut at) } else { 0 };
            out.push(place(report << UNIT_BITS | (unit + more)));
        }
        self.go_on();
    }

    fn go_on(&mut self) {
        self.term = None;
        if self.next < self.bytes.len() {
            let term = self.before + take(&self.bytes, &mut self.next);
            let length = take(&self.bytes, &mut self.next) as usize;
            self.list = self.next..self.next + length;
            self.next += length;
            self.before = term;
            self.term = Some(term).filter(|&term| term < self.end);
        }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::source::MemoryDisk;

    proptest! {
        #[test]
        fn runs_give_back_every_range(
            given in prop::collection::vec((0u32..40_000, prop::collection::vec(1u32..3000, 0..60)), 0..60),
            from in 0u32..3000,
            to in 0u32..3100,
            spill: bool,
        ) {
            let mut lists = Lists::default();
            let mut expected = BTreeSet::new();
            for (place, terms) in &given {
                // Places whose terms come in two parts are not told apart from a place that comes twice.
                if !expected.iter().any(|&(_, known)| known == *place) {
                    lists.at(*place);
                    // Terms of one unit are among them.
                    let term = |&term: &u32| if term % 3 == 0 { term << 16 } else { term };
                    terms.iter().chain(terms).map(term).for_each(|term| lists.add(term));
                    expected.extend(terms.iter().map(term).map(|term| (term, *place)));
                }
            }
            let mut counts = vec![0; 1 << 16];
            let mut run = lists.pack(&mut counts);
            prop_assert_eq!(counts.iter().sum::<u32>() as usize, expected.len());
            prop_assert!(lists.is_empty());
            let disk = MemoryDisk::new();
            if spill {
                run.spill(&disk, "run".into()).unwrap();
            }
            for range in [from..to, from << 16..to << 16, 0..u32::MAX] {
                let mut found = BTreeSet::new();
                let mut cursor = run.lists(&disk, &range).unwrap();
                let mut places = Vec::new();
                while let Some(term) = cursor.term() {
                    places.clear();
                    cursor.take(&|place| place, &mut places);
                    prop_assert!(places.iter().all(|&place| found.insert((term, place))));
                }
                let expected: BTreeSet<(u32, u32)> =
                    expected.iter().filter(|(term, _)| range.contains(term)).copied().collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
