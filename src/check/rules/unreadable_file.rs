//! 附件打不开，或内容与扩展名不符 / An attachment that cannot be opened, or is not what its name says
//!
//! 加密的、损坏的和改了扩展名的附件，读者下载后打不开，归档时过不了可用性检测（DA/T 70—2018）。用原来的软件打开，另存为正确的格式再公开。
//!
//! Readers cannot open attachments that are encrypted, damaged, or bear the name of another kind of file, and the archive
//! does not take them (DA/T 70—2018, 可用性). Open it with the program that made it, and save it in the right form.
//!
//! ```text
//! attachments: [统计表.xlsx]      # 其实是网页改名而来
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};

/// What it finds is found by [`crate::review`], which reads the files.
pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Site,
    ..Rule::new(codes::UNREADABLE_FILE, Severity::Warning, include_str!("unreadable_file.rs"))
};
