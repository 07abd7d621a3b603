//! A sealed year: what its `seal.json` says. A build knows no other byte of it.
//!
//! The fields are the ones of the file, whose canonical form is [`crate::seal`]'s to write and to read.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::document::Repealed;

/// `seal.json`. Hashes are lower-case hexadecimal, paths and addresses use `/`, sizes are bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The form of this file.
    pub format: u32,
    /// The year that the reports are about.
    pub year: i16,
    /// 1 for the first seal of the year, one more for each amendment.
    pub version: u32,
    /// The site's name.
    pub site: String,
    /// The site's address, where it was known.
    pub base_url: Option<String>,
    /// The town's or county's own name for who made the reports: 主办单位, where it was known.
    pub host: Option<String>,
    /// The day of the newest report: the reports are as they stood then. Not the day of sealing, which the log
    /// bears, so that the same sources give the same bytes on every day.
    pub as_of: Date,
    /// Program and version.
    pub generator: String,
    /// How many files the root covers.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Merkle root after RFC 6962, section 2.1, over `path\0size\0sha256` of the files in the order of their paths.
    pub root: String,
    /// SHA-256 of the `seal.json` that was made before this one, of whatever year.
    pub previous: Option<String>,
    /// Folders in which nothing but this year's files lies, without a `/` at the end.
    pub folders: Vec<String>,
    /// The files of `content/` that the year was made from.
    pub sources: Vec<SealedFile>,
    /// Towns with reports of the year, in the order of their addresses.
    pub towns: Vec<SealedTown>,
    /// The reports, newest first.
    pub reports: Vec<SealedReport>,
    /// Addresses of all HTML pages of the year.
    pub pages: Vec<SealedPage>,
    /// The segment of the search, where the site has one.
    pub search: Option<SealedSearch>,
    /// What the versions after the first have corrected, oldest first.
    pub corrections: Vec<Correction>,
}

/// One source of a sealed year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFile {
    /// Path relative to the site's folder.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Of its bytes.
    pub sha256: String,
}

/// One town of a sealed year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedTown {
    /// Its name, as readers see it.
    pub name: String,
    /// Its folder in addresses.
    pub slug: String,
}

/// One report of a sealed year, as listings, feeds, search and the overview need it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedReport {
    /// The path of its source.
    pub path: String,
    /// Where its page stands.
    pub address: String,
    /// 索引号.
    pub index: String,
    /// 发布机构.
    pub agency: String,
    /// Its title.
    pub title: String,
    /// The name of its town, as readers see it.
    pub town: Option<String>,
    /// The short name of its kind.
    pub kind: String,
    /// 成文日期.
    pub date: Date,
    /// 文号.
    pub number: Option<String>,
    /// 发布日期.
    pub published: Option<DateTime>,
    /// Whether `published` was given to the minute.
    pub published_has_time: bool,
    /// 生效日期.
    pub effective: Option<Date>,
    /// 废止.
    pub repealed: Option<Repealed>,
    /// 内容概述.
    pub summary: Option<String>,
    /// 关键词.
    pub keywords: Vec<String>,
    /// Old addresses that lead to it, as they were written.
    pub aliases: Vec<String>,
    /// Files that it attaches, shows or links to; attachments first, in their order.
    pub files: Vec<SealedAttachment>,
    /// How many of `files` are attachments.
    pub attachments: u32,
}

/// A file that a sealed report brings in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedAttachment {
    /// The path of its source.
    pub path: String,
    /// Where it stands.
    pub address: String,
    /// Bytes.
    pub size: u64,
    /// The name readers see, where one was given.
    pub name: Option<String>,
}

/// An HTML page of a sealed year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedPage {
    /// Where it stands.
    pub address: String,
    /// Whether site maps name it.
    pub listed: bool,
}

/// What the root of the site's search has to know of a sealed year's segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedSearch {
    /// The name of its folder.
    pub name: String,
    /// The reports in the order in which the segment numbers them, by their number in `reports`.
    pub order: Vec<u32>,
    /// How many of them share a text file.
    pub together: u16,
    /// Units of each of them, without the title.
    pub units: Vec<u32>,
    /// The first term of each file of lists.
    pub shards: Vec<u32>,
}

/// What one version has corrected in the version before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The version that brought it.
    pub version: u32,
    /// The day of the correction.
    pub on: Date,
    /// Why, in the clerk's words.
    pub reason: String,
    /// What is another, in the order of the addresses.
    pub changes: Vec<Change>,
}

/// One report or attachment that is another in a new version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Where it stands, or stood.
    pub address: String,
    /// Its title, or its file's name.
    pub title: String,
    /// What became of it.
    pub what: What,
    /// For a report, the paragraphs and rows that went and those that came, in the order of the text.
    pub lines: Vec<Line>,
}

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// It is new.
    Added,
    /// It says something else.
    Changed,
    /// It is gone.
    Removed,
}

/// A paragraph or a row of a table that went or came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Whether it came or went.
    pub what: What,
    /// Its text; cells are parted by ` | `.
    pub text: String,
}

/// A sealed year with what the log of the site says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SealedYear {
    /// The newest version.
    pub seal: Seal,
    /// All versions as the log has them, oldest first.
    pub versions: Vec<Logged>,
    /// The versions that a time-stamp token stands beside, with a hash of each token.
    pub tokens: BTreeMap<u32, u128>,
}

/// One line of `seals.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logged {
    /// The form of the line.
    pub format: u32,
    /// The year.
    pub year: i16,
    /// The version.
    pub version: u32,
    /// The day of sealing, by the clock of the machine that sealed.
    pub on: Date,
    /// The Merkle root.
    pub root: String,
    /// SHA-256 of `seal.json`: 封存码.
    pub code: String,
    /// SHA-256 of the line before, without its line break; none in the first.
    pub previous: Option<String>,
}

impl SealedYear {
    /// The newest version as the log has it.
    pub fn newest(&self) -> &Logged {
        self.versions.last().expect("a sealed year has a version")
    }

    /// The folder of the newest version's bytes, relative to the site's folder.
    pub fn folder(&self) -> String {
        version_folder(self.seal.year, self.seal.version)
    }
}

/// Where a version's bytes lie in the site's folder; where all but the newest lie in the output too.
pub fn version_folder(year: i16, version: u32) -> String {
    format!("archive/{year}/v{version}")
}

/// The folder, below a version's own, of a year's listing and of everything that belongs to the year as a whole.
pub fn home(year: i16) -> String {
    format!("years/{year}/")
}
