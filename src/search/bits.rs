//! Bits, the first one highest, and the codes for whole numbers that the index is written in.

/// A growing string of bits.
#[derive(Debug, Default, Clone)]
pub struct Bits {
    bytes: Vec<u8>,
    /// Bits that do not fill four bytes yet, in the lowest places.
    rest: u64,
    /// How many.
    held: u32,
}

impl Bits {
    /// Length so far.
    pub fn len(&self) -> usize {
        self.bytes.len() * 8 + self.held as usize
    }

    /// Adds the lowest `count` bits of a number, at most 32.
    #[inline]
    pub fn put(&mut self, number: u32, count: u32) {
        debug_assert!(count <= 32 && (count == 32 || u64::from(number) < 1 << count));
        self.rest = self.rest << count | u64::from(number);
        self.held += count;
        if self.held >= 32 {
            self.held -= 32;
            self.bytes.extend_from_slice(&((self.rest >> self.held) as u32).to_be_bytes());
            self.rest &= (1 << self.held) - 1;
        }
    }

    /// As many ones, and a zero.
    #[inline]
    pub fn unary(&mut self, mut number: u32) {
        while number >= 31 {
            self.put(0x7FFF_FFFF, 31);
            number -= 31;
        }
        self.put((1 << (number + 1)) - 2, number + 1);
    }

    /// Elias's gamma code of a number from 1.
    #[inline]
    pub fn gamma(&mut self, number: u32) {
        let length = number.ilog2();
        self.put(0, length);
        self.put(number, length + 1);
    }

    /// A gamma code with `k` plain bits below it, for a number from 0: good where numbers are about `1 << k`.
    #[inline]
    pub fn golomb(&mut self, number: u32, k: u32) {
        self.gamma((number >> k) + 1);
        self.put(number & ((1 << k) - 1), k);
    }

    /// Is empty again, and keeps its memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        (self.rest, self.held) = (0, 0);
    }

    /// Adds all bits of another string.
    pub fn append(&mut self, other: &Self) {
        let (fours, _) = other.bytes.as_chunks::<4>();
        fours.iter().for_each(|&four| self.put(u32::from_be_bytes(four), 32));
        self.put(other.rest as u32, other.held);
    }

    /// The bytes, the last one filled up with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        let last = ((self.rest << (32 - self.held)) as u32).to_be_bytes();
        self.bytes.extend_from_slice(&last[..self.held.div_ceil(8) as usize]);
        self.bytes
    }
}

/// Reads what [`Bits`] wrote. Beyond the end there are only ones, so that no broken file makes a reader loop:
/// numbers that cannot be are noticed by whoever asked for them.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads from the first bit on.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Whether more was read than there is.
    pub fn is_past_the_end(&self) -> bool {
        self.at > self.bytes.len() * 8
    }

    fn bit(&mut self) -> u32 {
        let byte = self.bytes.get(self.at / 8).copied().unwrap_or(0xFF);
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        u32::from(bit)
    }

    /// So many bits as a number.
    pub fn take(&mut self, count: u32) -> u32 {
        (0..count).fold(0, |number, _| number << 1 | self.bit())
    }

    /// The counterpart of [`Bits::unary`].
    pub fn unary(&mut self) -> u32 {
        let mut number = 0;
        while self.bit() == 1 && !self.is_past_the_end() {
            number += 1;
        }
        number
    }

    /// The counterpart of [`Bits::gamma`].
    pub fn gamma(&mut self) -> u32 {
        let mut length = 0;
        while self.bit() == 0 && length < 31 {
            length += 1;
        }
        1 << length | self.take(length)
    }

    /// The counterpart of [`Bits::golomb`].
    pub fn golomb(&mut self, k: u32) -> u32 {
        (self.gamma() - 1) << k | self.take(k)
    }
}

/// Writes an ascending list of numbers below `space`, none of them twice and at least one.
///
/// What most units hold is written as the list of those that do not. Gaps are written in Rice's code with
/// Golomb's parameter, the largest `k` with 2^k ≤ 0.69 (space − n) / n, in whole numbers so that every machine
/// comes to the same.
pub fn put_list(bits: &mut Bits, list: &[u32], space: u32) {
    let count = list.len() as u32;
    bits.gamma(count);
    if count == space {
        return;
    }
    if count > space / 2 {
        let mut next = 0;
        let missing = list.iter().copied().chain([space]).flat_map(|held| {
            let gap = next..held;
            next = held + 1;
            gap
        });
        put_gaps(bits, missing, rice(space - count, space));
    } else {
        put_gaps(bits, list.iter().copied(), rice(count, space));
    }
}

fn put_gaps(bits: &mut Bits, numbers: impl Iterator<Item = u32>, k: u32) {
    let mut next = 0;
    for number in numbers {
        let gap = number - next;
        bits.unary(gap >> k);
        bits.put(gap & ((1 << k) - 1), k);
        next = number + 1;
    }
}

fn rice(count: u32, space: u32) -> u32 {
    let (count, free) = (u64::from(count), u64::from(space - count));
    let mut k = 0;
    while k < 31 && (count << (k + 1)) * 145 <= free * 100 {
        k += 1;
    }
    k
}

/// Reads what [`put_list`] wrote; `None` where that cannot have been it.
pub fn take_list(bits: &mut Reader<'_>, space: u32) -> Option<Vec<u32>> {
    let count = bits.gamma();
    if count > space {
        return None;
    }
    if count == space {
        return Some((0..space).collect());
    }
    let complement = count > space / 2;
    let written = if complement { space - count } else { count };
    let k = rice(written, space);
    let mut numbers = Vec::with_capacity(written as usize);
    let mut next = 0u32;
    for _ in 0..written {
        let number = next.checked_add(bits.unary().checked_shl(k)? | bits.take(k))?;
        if number >= space || bits.is_past_the_end() {
            return None;
        }
        numbers.push(number);
        next = number + 1;
    }
    if !complement {
        return Some(numbers);
    }
    let mut missing = numbers.into_iter().peekable();
    Some((0..space).filter(|number| missing.next_if_eq(number).is_none()).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec((any::<u32>(), 0u32..20), 0..50)) {
            let mut bits = Bits::default();
            for &(number, k) in &numbers {
                bits.golomb(number >> 1, k);
                bits.gamma((number >> 1) + 1);
                bits.put(number, 32);
                bits.unary(number % 100);
            }
            let length = bits.len();
            let bytes = bits.finish();
            prop_assert_eq!(bytes.len(), length.div_ceil(8));
            let mut reader = Reader::new(&bytes);
            for &(number, k) in &numbers {
                prop_assert_eq!(reader.golomb(k), number >> 1);
                prop_assert_eq!(reader.gamma(), (number >> 1) + 1);
                prop_assert_eq!(reader.take(32), number);
                prop_assert_eq!(reader.unary(), number % 100);
            }
        }

        #[test]
        fn lists_come_back(set in prop::collection::btree_set(0u32..300, 1..300), more in 0u32..5000) {
            let list: Vec<u32> = set.into_iter().collect();
            let space = list.last().unwrap() + 1 + more;
            let mut bits = Bits::default();
            put_list(&mut bits, &list, space);
            let bytes = bits.finish();
            prop_assert_eq!(take_list(&mut Reader::new(&bytes), space), Some(list));
        }

        #[test]
        fn broken_lists_are_noticed_or_harmless(bytes in prop::collection::vec(any::<u8>(), 0..40), space in 1u32..2000) {
            if let Some(list) = take_list(&mut Reader::new(&bytes), space) {
                prop_assert!(list.iter().all(|&number| number < space));
            }
        }
    }
}
