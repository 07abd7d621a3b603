//! `archive/seals.jsonl`: every seal of the site, one a line, each with the hash of the line before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::digest::sha256;
use super::{ARCHIVE, FORMAT, canonical};
use crate::error::Result;
use crate::model::sealed::Logged;
use crate::source::Disk;

/// Where a copy of the log stands on the site. It helps to find what is sealed there, and proves nothing: whoever can
/// change the site can change it.
pub const ADDRESS: &str = "archive/seals.jsonl";

/// The log as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    /// Its lines, oldest first, up to the first that is broken.
    pub entries: Vec<Logged>,
    /// The number, from 1, of the first line that is not what it was.
    pub broken: Option<usize>,
    /// Time-stamp tokens of its seals, by year and version, with a hash of each.
    pub tokens: BTreeMap<(i16, u32), u128>,
    /// Hash of its bytes and of the tokens, to tell it from others.
    pub key: u128,
}

/// The name of the log in the site's folder.
pub fn file(site: &Path) -> PathBuf {
    site.join(ADDRESS)
}

/// Where the time-stamp token (RFC 3161) of a seal stands, in the site's folder and on the site. It lies beside the
/// sealed files and not among them, since it is made after them.
pub fn token(year: i16, version: u32) -> String {
    format!("{ARCHIVE}/{year}-v{version}.tsr")
}

/// Reads the log, and which of its seals have a token; a site without a log has sealed nothing.
pub fn read(disk: &dyn Disk, site: &Path) -> Result<Log> {
    let mut log = match disk.read(&file(site)) {
        Ok(bytes) => parse(&bytes),
        Err(error) if error.is_not_found() => return Ok(Log::default()),
        Err(error) => return Err(error),
    };
    for entry in &log.entries {
        match disk.read(&site.join(token(entry.year, entry.version))) {
            Err(error) if error.is_not_found() => {}
            bytes => {
                let hash = xxhash_rust::xxh3::xxh3_128(&bytes?);
                log.key ^= hash;
                log.tokens.insert((entry.year, entry.version), hash);
            }
        }
    }
    Ok(log)
}

/// Reads the lines of a log and follows the chain.
pub fn parse(bytes: &[u8]) -> Log {
    let mut log = Log { key: xxhash_rust::xxh3::xxh3_128(bytes), ..Log::default() };
    let mut previous = None;
    for (number, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let whole = line.strip_suffix(b"\n");
        let entry = whole.and_then(|line| serde_json::from_slice::<Logged>(line).ok());
        let follows = |entry: &Logged| {
            let version = log.entries.iter().filter(|other| other.year == entry.year).count() as u32 + 1;
            entry.format == FORMAT
                && entry.previous == previous
                && entry.version == version
                && Some(canonical::text(entry).as_bytes()) == whole
        };
        match entry.filter(follows) {
            Some(entry) => log.entries.push(entry),
            None => {
                log.broken = Some(number + 1);
                return log;
            }
        }
        previous = whole.map(sha256);
    }
    log
}

impl Log {
    /// The versions of a year, oldest first.
    pub fn versions(&self, year: i16) -> Vec<Logged> {
        self.entries.iter().filter(|entry| entry.year == year).cloned().collect()
    }

    /// The years that are sealed, oldest first.
    pub fn years(&self) -> Vec<i16> {
        let mut years: Vec<i16> = self.entries.iter().map(|entry| entry.year).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The log with one more entry, which is put into the chain.
    pub fn with(&self, mut entry: Logged) -> Vec<u8> {
        let mut lines: Vec<String> = self.entries.iter().map(canonical::text).collect();
        entry.previous = lines.last().map(|line| sha256(line.as_bytes()));
        lines.push(canonical::text(&entry));
        lines.into_iter().flat_map(|line| (line + "\n").into_bytes()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Vec<u8> {
        let mut bytes = Vec::new();
        for (year, version) in [(2021, 1), (2022, 1), (2021, 2)] {
            let on = jiff::civil::date(2026, 1, 15);
            let (root, code) = (format!("{year}"), format!("{version}"));
            let entry = Logged { format: FORMAT, year, version, on, root, code, previous: None };
            bytes = parse(&bytes).with(entry);
        }
        bytes
    }

    #[test]
    fn a_whole_log_is_read_as_it_was_written() {
        let log = parse(&log());
        assert_eq!((log.entries.len(), log.broken), (3, None));
        assert_eq!(log.years(), [2021, 2022]);
        assert_eq!(log.versions(2021).len(), 2);
    }

    #[test]
    fn every_byte_of_all_lines_but_the_last_is_in_the_chain() {
        let whole = log();
        let last = whole[..whole.len() - 1].iter().rposition(|&byte| byte == b'\n').unwrap();
        for at in 0..=last {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            assert!(parse(&bytes).broken.is_some(), "byte {at} can be changed unseen");
        }
        assert_eq!(parse(&whole[..whole.len() - 1]).broken, Some(3), "a line that was cut off");
    }
}
