//! SM3 (GB/T 32905-2016) of many files at once. The processor has instructions for SHA-256 and none for SM3, which one
//! file after the other would take four fifths of the time of both; but it can do the same with eight or sixteen
//! numbers at a time, so each lane of its vectors hashes a file of its own.

use pulp::{Arch, Simd, WithSimd};
use sm3::{Digest as _, Sm3};

/// Files that are hashed at the same time.
const LANES: usize = 16;
/// Fewer bytes than these are hashed before it matters how.
const LEAST: usize = 256 << 10;
/// Bytes of a block.
const BLOCK: usize = 64;
/// Where the state begins (GB/T 32905-2016, 4.1).
const BEGINNING: [u32; 8] =
    [0x7380_166F, 0x4914_B2B9, 0x1724_42D7, 0xDA8A_0600, 0xA96F_30BC, 0x1631_38AA, 0xE38D_EE4D, 0xB0FB_0E4E];
/// The constants of the first sixteen rounds and of the others (4.2).
const ROUNDS: [u32; 2] = [0x79CC_4519, 0x7A87_9D8A];

/// The hashes of these files, in their order.
pub(super) fn sm3(files: &[&[u8]]) -> Vec<[u8; 32]> {
    let arch = Arch::new();
    // A few files in many lanes, or lanes of a processor without vectors, are slower than one after the other.
    let bytes: usize = files.iter().map(|file| file.len()).sum();
    if bytes < LEAST || files.len() < LANES || arch.dispatch(Width) < 4 {
        return files.iter().map(|file| Sm3::digest(file).into()).collect();
    }
    // The longest first, so that all lanes come to their end at about the same time.
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|&number| std::cmp::Reverse(files[number].len()));
    let mut waiting = order.into_iter();
    let mut hashes = vec![[0; 32]; files.len()];
    let mut state = [[0; LANES]; 8];
    let mut lanes: [Option<Lane<'_>>; LANES] = Default::default();
    loop {
        for (column, lane) in lanes.iter_mut().enumerate().filter(|(_, lane)| lane.is_none()) {
            let Some(number) = waiting.next() else { break };
            *lane = Some(Lane::new(number, files[number]));
            state.iter_mut().zip(BEGINNING).for_each(|(words, word)| words[column] = word);
        }
        let Some(any) = lanes.iter().flatten().next() else { return hashes };
        // A lane without a file repeats another's, to no end.
        let blocks = std::array::from_fn(|column| lanes[column].as_ref().unwrap_or(any).blocks());
        let count = blocks.iter().map(|blocks: &&[u8]| blocks.len() / BLOCK).min().unwrap_or(0);
        arch.dispatch(Compress { state: &mut state, blocks, count });
        for (column, lane) in lanes.iter_mut().enumerate() {
            let Some(at) = lane else { continue };
            if at.is_done_after(count) {
                let hash = hashes[at.number].chunks_exact_mut(4).zip(&state);
                hash.for_each(|(bytes, words)| bytes.copy_from_slice(&words[column].to_be_bytes()));
                *lane = None;
            }
        }
    }
}

/// A file on its way: its whole blocks, and then the one or two that end it.
struct Lane<'a> {
    number: usize,
    whole: &'a [u8],
    end: [u8; 2 * BLOCK],
    /// Where in `end` the next block begins, and where the last one ends.
    next: usize,
    last: usize,
}

impl<'a> Lane<'a> {
    fn new(number: usize, file: &'a [u8]) -> Self {
        let (whole, rest) = file.split_at(file.len() / BLOCK * BLOCK);
        // A one bit, zeros, and the length in bits (5.2).
        let mut end = [0; 2 * BLOCK];
        end[..rest.len()].copy_from_slice(rest);
        end[rest.len()] = 0x80;
        let last = if rest.len() < BLOCK - 8 { BLOCK } else { 2 * BLOCK };
        end[last - 8..last].copy_from_slice(&(file.len() as u64 * 8).to_be_bytes());
        Self { number, whole, end, next: 0, last }
    }

    /// The blocks that come next.
    fn blocks(&self) -> &[u8] {
        if self.whole.is_empty() { &self.end[self.next..self.last] } else { self.whole }
    }

    /// Passes over some blocks.
    fn is_done_after(&mut self, count: usize) -> bool {
        match self.whole.is_empty() {
            true => self.next += count * BLOCK,
            false => self.whole = &self.whole[count * BLOCK..],
        }
        self.next == self.last
    }
}

/// How many numbers a vector of this processor holds.
struct Width;

impl WithSimd for Width {
    type Output = usize;

    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::U32_LANES
    }
}

/// Takes some blocks of each lane into its state (5.3).
struct Compress<'a> {
    state: &'a mut [[u32; LANES]; 8],
    blocks: [&'a [u8]; LANES],
    count: usize,
}

impl WithSimd for Compress<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let v = Vector(simd);
        for from in (0..LANES).step_by(S::U32_LANES) {
            let own = from..from + S::U32_LANES;
            let mut state = [simd.splat_u32s(0); 8];
            state.iter_mut().zip(&*self.state).for_each(|(word, words)| *word = v.load(&words[own.clone()]));
            for block in 0..self.count {
                let mut w = [simd.splat_u32s(0); 68];
                for (number, word) in w.iter_mut().enumerate().take(16) {
                    let at = block * BLOCK + number * 4;
                    let mut words = [0; LANES];
                    for (word, blocks) in words.iter_mut().zip(&self.blocks[own.clone()]) {
                        let bytes = &blocks[at..at + 4];
                        *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                    }
                    *word = v.load(&words[..S::U32_LANES]);
                }
                for j in 16..68 {
                    let mixed = v.xor(v.xor(w[j - 16], w[j - 9]), v.turn(w[j - 3], 15));
                    w[j] = v.xor(v.xor(v.p1(mixed), v.turn(w[j - 13], 7)), w[j - 6]);
                }
                v.block(&mut state, &w);
            }
            state.iter().zip(&mut *self.state).for_each(|(word, words)| v.store(*word, &mut words[own.clone()]));
        }
    }
}

/// The arithmetic of the standard on whole vectors.
#[derive(Clone, Copy)]
struct Vector<S>(S);

impl<S: Simd> Vector<S> {
    #[inline(always)]
    fn load(self, words: &[u32]) -> S::u32s {
        S::as_simd_u32s(words).0[0]
    }

    #[inline(always)]
    fn store(self, word: S::u32s, words: &mut [u32]) {
        S::as_mut_simd_u32s(words).0[0] = word;
    }

    #[inline(always)]
    fn xor(self, a: S::u32s, b: S::u32s) -> S::u32s {
        self.0.xor_u32s(a, b)
    }

    #[inline(always)]
    fn add(self, a: S::u32s, b: S::u32s) -> S::u32s {
        self.0.add_u32s(a, b)
    }

    /// Turned to the left by some bits, fewer than 32 and more than none.
    #[inline(always)]
    fn turn(self, a: S::u32s, bits: u32) -> S::u32s {
        let left = self.0.wrapping_dyn_shl_u32s(a, self.0.splat_u32s(bits));
        self.0.or_u32s(left, self.0.wrapping_dyn_shr_u32s(a, self.0.splat_u32s(32 - bits)))
    }

    #[inline(always)]
    fn p0(self, a: S::u32s) -> S::u32s {
        self.xor(self.xor(a, self.turn(a, 9)), self.turn(a, 17))
    }

    #[inline(always)]
    fn p1(self, a: S::u32s) -> S::u32s {
        self.xor(self.xor(a, self.turn(a, 15)), self.turn(a, 23))
    }

    /// The bits that two of three have (4.3, the later rounds).
    #[inline(always)]
    fn most(self, a: S::u32s, b: S::u32s, c: S::u32s) -> S::u32s {
        self.0.or_u32s(self.0.and_u32s(a, b), self.0.and_u32s(c, self.0.or_u32s(a, b)))
    }

    /// Bits of `b` where `a` has one, of `c` elsewhere (4.3, the later rounds).
    #[inline(always)]
    fn either(self, a: S::u32s, b: S::u32s, c: S::u32s) -> S::u32s {
        self.0.or_u32s(self.0.and_u32s(a, b), self.0.and_u32s(self.0.not_u32s(a), c))
    }

    #[inline(always)]
    fn block(self, state: &mut [S::u32s; 8], w: &[S::u32s; 68]) {
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
        for j in 0..64 {
            let constant = self.0.splat_u32s(ROUNDS[usize::from(j >= 16)].rotate_left(j as u32 % 32));
            let turned = self.turn(a, 12);
            let ss1 = self.turn(self.add(self.add(turned, e), constant), 7);
            let (ff, gg) = match j {
                0..16 => (self.xor(self.xor(a, b), c), self.xor(self.xor(e, f), g)),
                _ => (self.most(a, b, c), self.either(e, f, g)),
            };
            let own = self.xor(w[j], w[j + 4]);
            let tt1 = self.add(self.add(ff, d), self.add(self.xor(ss1, turned), own));
            let tt2 = self.add(self.add(gg, h), self.add(ss1, w[j]));
            (d, c, b, a) = (c, self.turn(b, 9), a, tt1);
            (h, g, f, e) = (g, self.turn(f, 19), e, self.p0(tt2));
        }
        for (word, new) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = self.xor(*word, new);
        }
    }
}
