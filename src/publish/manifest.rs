//! What a generation has, as text: one file a line, in the order of their paths' bytes, so that two manifests are the
//! same bytes where two sites are.
//!
//! ```text
//! gongkai 1
//! listing<TAB>a/index.html<TAB>5120<TAB>9f86d081884c7d659a2feaa0c55ad015<TAB>text/html; charset=utf-8|no-cache
//! ```
//!
//! The first word of a line says what a file is to readers ([`Role`]); whoever meets a word that he does not know
//! refuses the whole manifest, because it was written by a newer program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::order::Role;

/// The first line.
const HEAD: &str = "gongkai 1";

/// Every file of a generation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// By path.
    pub files: BTreeMap<String, Entry>,
}

/// What a manifest knows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is to readers, which says when it goes up.
    pub role: Role,
    /// Length in bytes; of a compressed sibling, that of its source.
    pub size: u64,
    /// The bytes, as [`hash`] names them; of a compressed sibling, what it is made from and how.
    pub hash: String,
    /// The headers that it is served with, as [`super::headers`] writes them; empty where the target takes none.
    pub headers: String,
}

/// Names some bytes: 128 bits of BLAKE3, in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..32].to_owned()
}

impl Manifest {
    /// Reads a manifest; `None` where it is damaged or of a newer program.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut lines = text.lines();
        if lines.next()? != HEAD {
            return None;
        }
        let files = lines.map(|line| {
            let mut fields = line.split('\t');
            let (role, path, size, hash, headers, None) = (
                Role::named(fields.next()?)?,
                fields.next()?,
                fields.next()?,
                fields.next()?,
                fields.next()?,
                fields.next(),
            ) else {
                return None;
            };
            let entry = Entry { role, size: size.parse().ok()?, hash: hash.to_owned(), headers: headers.to_owned() };
            (is_safe(path) && is_hash(hash)).then(|| (path.to_owned(), entry))
        });
        Some(Self { files: files.collect::<Option<_>>()? })
    }

    /// The manifest as text.
    pub fn write(&self) -> String {
        let mut text = String::with_capacity(self.files.len() * 112);
        text.push_str(HEAD);
        text.push('\n');
        for (path, Entry { role, size, hash, headers }) in &self.files {
            let role = role.name();
            writeln!(text, "{role}\t{path}\t{size}\t{hash}\t{headers}").expect("a string takes all");
        }
        text
    }

    /// The hash of the manifest's own text.
    pub fn hash(&self) -> String {
        hash(self.write().as_bytes())
    }
}

impl Entry {
    /// Whether the public gets the same.
    pub fn is_same(&self, other: &Self) -> bool {
        self.hash == other.hash && self.headers == other.headers
    }
}

/// Whether a path stays below the target's root and outside our own folder there. What comes back from a target may
/// have been changed by anybody who can write there.
pub fn is_safe(path: &str) -> bool {
    let part_is_safe = |part: &str| !matches!(part, "" | "." | ".." | ".gongkai");
    !path.contains(['\\', ':', '\t', '\n', '\r', '\0']) && path.split('/').all(part_is_safe)
}

/// Whether a word can be a hash, and so a file name.
pub fn is_hash(word: &str) -> bool {
    word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let entry = Entry { role: Role::Page, size: 3, hash: hash(b"abc"), headers: "text/html".into() };
        let files =
            [("a/b.html".to_owned(), entry.clone()), ("c".to_owned(), Entry { headers: String::new(), ..entry })];
        let manifest = Manifest { files: files.into() };
        let text = manifest.write();
        assert_eq!(Manifest::read(text.as_bytes()), Some(manifest));
        for wrong in [
            "",
            "gongkai 2\n",
            "gongkai 1\npage\ta\n",
            &text.replace("page\ta", "sealed\ta"),
            &text.replace("a/b", "a/../b"),
            &text.replace("a/b", "/b"),
            &text.replace("a/b", ".gongkai/b"),
            &text.replace("a/b", "C:/b"),
        ] {
            assert_eq!(Manifest::read(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
