//! One source file of the site after its head was read: the front matter as validated, nothing inferred yet.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::kind::KindId;
use super::sealed::SealedReport;

/// A report or standing page whose front matter is right. Its body stays on the disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Path relative to the site's folder, with `/`.
    pub path: Arc<str>,
    /// Byte offset of the body in the decoded text.
    pub body: usize,
    /// Hash of the file's bytes, to notice a change while building.
    pub hash: u128,
    /// The front matter.
    pub head: FrontMatter,
    /// Its kind, as written or told from the title.
    pub kind: KindId,
    /// Files of the site that the document attaches, shows or links to: paths relative to the site's folder.
    pub files: Vec<Arc<str>>,
    /// What `seal.json` says of it, where its year is sealed: then its source is not read.
    pub sealed: Option<Arc<SealedReport>>,
}

/// The front matter of one document, validated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrontMatter {
    /// The title, on one line.
    pub title: String,
    /// The town, as written.
    pub town: Option<String>,
    /// The year the report is about.
    pub year: Option<i16>,
    /// 成文日期: the day the report was made.
    pub date: Date,
    /// The kind, as written.
    pub kind: Option<String>,
    /// 发布机构, in full.
    pub agency: Option<String>,
    /// 文号.
    pub number: Option<String>,
    /// 索引号, where one was given by hand.
    pub index: Option<String>,
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
    /// The last part of the address, where it was given by hand.
    pub slug: Option<String>,
    /// Old addresses, relative to the site's root.
    pub aliases: Vec<String>,
    /// Files to download, relative to the document.
    pub attachments: Vec<Attachment>,
    /// Not to be published yet.
    pub draft: bool,
}

/// Since when a document is no longer in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Repealed {
    /// Repealed on this day.
    On(Date),
    /// Repealed, the day is not known.
    SomeDay,
}

/// A file that a report bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Path relative to the document, with `/`.
    pub file: String,
    /// The name readers see, where it differs from the file's.
    pub name: Option<String>,
}
