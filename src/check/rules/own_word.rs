//! 本站词表里的错误写法 / A word that this site writes in another way
//!
//! site.yaml 的 `words` 里列出本站不用的写法，可以写明正确写法和理由；写明了正确写法的，`--fix` 会改。机构改名、地名用字、上级统一的提法都可以
//! 列在那里。正确写法里本来就含有错误写法的（`公示` 与 `公示公告`），不会误报。
//!
//! `words` in site.yaml lists what this site does not write, with the right words and the reason; where the right words
//! are named, `--fix` puts them there. A list for bodies that were renamed, for the characters of place names, for
//! phrases that the level above has settled. Where the right words hold the wrong ones, they are not found.
//!
//! ```text
//! words:
//!   - { wrong: 帐号, right: 账号, reason: 《现代汉语词典》 }
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};

/// What it finds is found by [`crate::check::Criteria`], which holds the list.
pub(in crate::check) static RULE: Rule =
    Rule { reach: Reach::Site, ..Rule::new(codes::OWN_WORD, Severity::Warning, include_str!("own_word.rs")) };
