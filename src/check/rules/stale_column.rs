//! 栏目长期没有更新 / A column where nothing new has been published for too long
//!
//! 国办秘函〔2019〕19号：通知公告、政策文件类栏目半年、动态要闻类栏目两周没有更新，检查时单项否决或扣分。每个类别隔多少天就算久，写在 site.yaml
//! 的 `kinds` 里（`update_every`）；自带的通知公告和政策文件是 183 天。年度报告看 `gongkai check --due`。
//!
//! 国办秘函〔2019〕19号: columns of notices and policy documents without anything new for half a year, and columns of news
//! for two weeks, fail or lose points. After how many days a kind is stale stands in site.yaml (`update_every` below
//! `kinds`); notices and policy documents, which ship with the program, have 183. For yearly reports there is
//! `gongkai check --due`.
//!
//! ```text
//! kinds:
//!   - { id: dongtai, name: 工作动态, update_every: 14 }
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};

/// What it finds is found by [`crate::review`], which knows all documents of a kind.
pub(in crate::check) static RULE: Rule =
    Rule { reach: Reach::Site, ..Rule::new(codes::STALE_COLUMN, Severity::Warning, include_str!("stale_column.rs")) };
