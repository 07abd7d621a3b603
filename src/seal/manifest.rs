//! Manifests in the form that `sha256sum -c` and `gmssl`-like tools read: a hash, two spaces, a path.

use std::collections::BTreeMap;

use super::digest::{Digest, hex};
use crate::model::sealed::home;

/// Which hash a manifest lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256.
    Sha256,
    /// SM3 (GB/T 32905-2016).
    Sm3,
}

impl Algorithm {
    /// Both, in the order in which they are spoken of.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Sm3];

    /// Where a year's manifest stands.
    pub fn file(self, year: i16) -> String {
        let name = match self {
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
        };
        format!("{}manifest-{name}.txt", home(year))
    }

    /// The hash of this kind.
    pub fn of(self, digest: &Digest) -> [u8; 32] {
        match self {
            Self::Sha256 => digest.sha256,
            Self::Sm3 => digest.sm3,
        }
    }
}

/// A manifest of these files.
pub fn write<'a>(algorithm: Algorithm, files: impl IntoIterator<Item = (&'a String, &'a Digest)>) -> String {
    let mut text = String::new();
    files.into_iter().for_each(|file| file_line(algorithm, file, &mut text));
    text
}

/// Whether a text is the manifest of these files, to the last byte.
pub fn is<'a>(text: &str, algorithm: Algorithm, files: impl IntoIterator<Item = (&'a String, &'a Digest)>) -> bool {
    let (mut rest, mut line) = (text, String::new());
    let all = files.into_iter().all(|file| {
        line.clear();
        file_line(algorithm, file, &mut line);
        rest.strip_prefix(&*line).map(|after| rest = after).is_some()
    });
    all && rest.is_empty()
}

fn file_line(algorithm: Algorithm, (path, digest): (&String, &Digest), text: &mut String) {
    text.push_str(&hex(&algorithm.of(digest)));
    text.push_str("  ");
    text.push_str(path);
    text.push('\n');
}

/// Paths with their hashes, as far as the lines can be read.
pub fn read(text: &str) -> BTreeMap<&str, &str> {
    text.lines().filter_map(|line| line.split_once("  ")).map(|(hash, path)| (path, hash)).collect()
}
