//! 没有报告用到的文件 / A file that no report names
//!
//! content/ 里的文件，没有哪份报告把它列为附件，也没有链接或图片用到它，所以不会公开。多半是忘了写进 `attachments`，或者换了新文件而旧的没有删。
//!
//! A file below content/ that no report names as an attachment, a link or an image is not published. Most often it was
//! forgotten in `attachments`, or a new file took its place and the old one was left.
//!
//! ```text
//! content/dingshi/2023/附件1.docx
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};

/// What it finds is found by [`crate::review`], which knows all files.
pub(in crate::check) static RULE: Rule =
    Rule { reach: Reach::Site, ..Rule::new(codes::ORPHAN_FILE, Severity::Advice, include_str!("orphan_file.rs")) };
