//! SHA-256 and SM3 (GB/T 32905-2016) of a file, in one reading.

use sha2::Digest as _;

/// What a file's bytes come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// How many there are.
    pub size: u64,
    /// SHA-256.
    pub sha256: [u8; 32],
    /// SM3.
    pub sm3: [u8; 32],
}

/// Takes a file piece by piece.
#[derive(Default)]
pub struct Hasher {
    size: u64,
    sha256: sha2::Sha256,
    sm3: sm3::Sm3,
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.size += piece.len() as u64;
        self.sha256.update(piece);
        self.sm3.update(piece);
    }

    /// The file is at its end.
    pub fn finish(self) -> Digest {
        Digest { size: self.size, sha256: self.sha256.finalize().into(), sm3: self.sm3.finalize().into() }
    }
}

/// Of bytes in memory.
pub fn digest(bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(bytes);
    hasher.finish()
}

/// SHA-256 of bytes in memory, as seals write it.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&sha2::Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of FIPS 180-4 and of GB/T 32905-2016, annex A.
    #[test]
    fn both_are_what_the_standards_say() {
        let abc = digest(b"abc");
        assert_eq!(hex(&abc.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(&abc.sm3), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(abc.size, 3);
        let long = b"abcd".repeat(16);
        let mut pieces = Hasher::default();
        long.chunks(7).for_each(|piece| pieces.update(piece));
        assert_eq!(hex(&pieces.finish().sm3), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    }
}
