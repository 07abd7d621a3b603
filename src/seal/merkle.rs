//! The Merkle tree of RFC 6962, section 2.1: one hash for many files, from which it can later be proven of a single
//! file that it is among them.

use sha2::{Digest as _, Sha256};

/// A hash of the tree.
pub type Hash = [u8; 32];

/// The leaf of one file: its path, size and SHA-256, the last in hexadecimal, with a zero byte between them.
pub fn leaf(path: &str, size: u64, sha256: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(path.as_bytes());
    hasher.update([0]);
    hasher.update(size.to_string().as_bytes());
    hasher.update([0]);
    hasher.update(sha256.as_bytes());
    hasher.finalize().into()
}

/// The root over leaves in their order.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [only] => *only,
        _ => {
            // The largest power of two below the number of leaves.
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            let mut hasher = Sha256::new();
            hasher.update([1]);
            hasher.update(root(left));
            hasher.update(root(right));
            hasher.finalize().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::digest::hex;

    fn leaf_of(data: &[u8]) -> Hash {
        Sha256::digest([&[0], data].concat()).into()
    }

    /// The roots that certificate transparency's own tests expect (inputs of its reference tree).
    #[test]
    fn roots_are_those_of_rfc_6962() {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves: Vec<Hash> = inputs.iter().map(|data| leaf_of(data)).collect();
        let root_of = |count: usize| hex(&root(&leaves[..count]));
        assert_eq!(root_of(0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(root_of(1), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(root_of(2), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assert_eq!(root_of(3), "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
        assert_eq!(root_of(7), "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c");
        assert_eq!(root_of(8), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn a_leaf_tells_path_from_size_from_hash() {
        assert_ne!(leaf("a", 12, "3"), leaf("a", 1, "23"));
        assert_ne!(leaf("a1", 2, "3"), leaf("a", 12, "3"));
    }
}
