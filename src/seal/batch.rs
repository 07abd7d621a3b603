//! Both hashes of many files: short ones are held until enough have come for [`lanes`], long ones pass by piece by
//! piece, so that memory does not grow with the tree.

use sha2::{Digest as _, Sha256};

use super::digest::{Digest, Hasher};
use super::lanes;
use crate::error::Result;

/// Bytes of a file that is not held.
const LONG: usize = 256 << 10;
/// Bytes that are held before they are hashed: at least thirty files, so that no lane is idle for long.
const ROOM: usize = 4 << 20;

/// Files that come one after the other, each with what it is called.
pub struct Batch<K> {
    held: Vec<u8>,
    /// Where each held file ends.
    files: Vec<(K, usize)>,
    done: Vec<(K, Digest)>,
}

impl<K> Default for Batch<K> {
    fn default() -> Self {
        // Room for all at once: what grows by doubling lies in memory twice while it grows.
        Self { held: Vec::with_capacity(ROOM + LONG), files: Vec::new(), done: Vec::new() }
    }
}

impl<K> Batch<K> {
    /// Takes a file that `read` hands over piece by piece; one that cannot be read to its end is left out.
    pub fn add(&mut self, key: K, read: impl FnOnce(&mut dyn FnMut(&[u8])) -> Result<()>) -> Result<()> {
        let from = self.held.len();
        let held = &mut self.held;
        let mut long: Option<Hasher> = None;
        let all = read(&mut |piece| match &mut long {
            Some(hasher) => hasher.update(piece),
            None if held.len() - from + piece.len() <= LONG => held.extend_from_slice(piece),
            None => {
                let hasher = long.insert(Hasher::default());
                hasher.update(&held[from..]);
                hasher.update(piece);
                held.truncate(from);
            }
        });
        if all.is_err() {
            self.held.truncate(from);
            return all;
        }
        match long {
            Some(hasher) => self.done.push((key, hasher.finish())),
            None => self.files.push((key, self.held.len())),
        }
        if self.held.len() >= ROOM {
            self.hash();
        }
        Ok(())
    }

    /// The hashes of all that came since the last time, in no order.
    pub fn finish(&mut self) -> Vec<(K, Digest)> {
        self.hash();
        std::mem::take(&mut self.done)
    }

    fn hash(&mut self) {
        let mut from = 0;
        let bytes: Vec<&[u8]> =
            self.files.iter().map(|(_, end)| &self.held[std::mem::replace(&mut from, *end)..*end]).collect();
        let sm3 = lanes::sm3(&bytes);
        let digests = bytes.iter().zip(sm3).map(|(bytes, sm3)| Digest {
            size: bytes.len() as u64,
            sha256: Sha256::digest(bytes).into(),
            sm3,
        });
        self.done.extend(self.files.drain(..).map(|(key, _)| key).zip(digests.collect::<Vec<_>>()));
        self.held.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::digest::digest;
    use super::*;

    #[test]
    fn a_file_has_the_same_hashes_in_a_batch_as_alone() {
        let bytes: Vec<u8> =
            (0..2 * LONG as u32).map(|number| (number.wrapping_mul(0x9E37_79B1) >> 24) as u8).collect();
        // Around the borders of blocks, and of what is held.
        let short = (50..80).chain(110..135).chain([0, 1, 4_095, 4_096, 12_345, 40_000]);
        let lengths = short.chain([LONG - 1, LONG, LONG + 1, bytes.len()]);
        let mut batch = Batch::default();
        for (number, length) in lengths.clone().enumerate() {
            let own = &bytes[..length];
            let read = |take: &mut dyn FnMut(&[u8])| {
                own.chunks(65_536).for_each(take);
                Ok(())
            };
            batch.add(number, read).unwrap();
        }
        let mut found = batch.finish();
        found.sort_by_key(|(number, _)| *number);
        let alone: Vec<_> = lengths.map(|length| digest(&bytes[..length])).enumerate().collect();
        assert_eq!(found, alone);
    }
}
