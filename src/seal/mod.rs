//! The form of a sealed year: what `seal.json`, the manifests and the log say, and whether they say the truth.
//!
//! # Where a sealed year lies
//! A sealed year is a tree of files with the same paths as on the site: `dingshi/2023/fazhi.html` stays the address
//! of that report for ever. What belongs to the year as a whole lies in its listing's folder: `years/2023/` holds
//! `seal.json`, the manifests, stylesheets, scripts, search and catalogue, so that no page of the year leans on a file
//! that a later build may replace.
//!
//! The tree stands twice. `archive/2023/v1/` in the site's folder is the one that counts: it lies beside the sources,
//! so that a clerk may delete `public/` and lose nothing. The build copies it to the same addresses in the output when
//! its `seal.json` is not there, and from then on reads no byte of it but `seal.json` and writes none
//! ([`place`]). All paths in `seal.json` and in the manifests are relative to the tree's root, so that one manifest
//! proves the folder, the output, a published copy and an exported package: `sha256sum -c
//! years/2023/manifest-sha256.txt` from that root.
//!
//! An amendment is a second tree, `archive/2023/v2/`, which takes the addresses; the first moves as a whole to
//! `archive/2023/v1/` in the output, where its relative links and its manifest hold as before.
//!
//! # What covers what
//! * The root in `seal.json` covers every file but the seal's own: `seal.json` and the manifests.
//! * The manifests cover every file but themselves, `seal.json` among them; they are derived from the
//!   files again and compared byte for byte, so that they cover themselves too.
//! * `archive/seals.jsonl`, the log, has the SHA-256 of every `seal.json` (封存码), and each line that of the line
//!   before; each `seal.json` has that of the one before it. Whoever makes a seal anew must make all later ones anew.
//! * Nothing here proves anything against somebody who holds the whole site. That takes an outside anchor: a printed
//!   code.

pub mod batch;
pub mod canonical;
pub mod digest;
pub mod documents;
mod lanes;
pub mod log;
pub mod manifest;
pub mod merkle;
pub mod place;
pub mod sources;
pub mod tree;
pub mod verify;
pub mod years;

use crate::model::sealed::home;

/// The folder of sealed years in a site's folder, and of older versions in the output.
pub const ARCHIVE: &str = "archive";

/// The form of `seal.json` that this program writes.
pub const FORMAT: u32 = 1;

/// The address of a year's `seal.json`.
pub fn seal_file(year: i16) -> String {
    format!("{}seal.json", home(year))
}

/// The page, outside of every seal, that tells of a year's corrections and how it is proven.
pub fn corrections_page(year: i16) -> String {
    format!("{ARCHIVE}/{year}.html")
}
