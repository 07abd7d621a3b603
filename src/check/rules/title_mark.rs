//! 标题末尾有标点 / A title that ends with a mark
//!
//! 公文标题除法规、规章名称加书名号外，一般不用标点符号。删去末尾的标点。
//!
//! A title takes no punctuation at its end. Delete the mark.
//!
//! ```text
//! title: 丁市镇2023年法治政府建设情况报告。
//! ```

use crate::check::rule::Rule;
use crate::check::words::is_han;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let title = subject.head.title.trim_end();
        // Other languages end their titles as they like.
        if !title.contains(is_han) {
            return;
        }
        if let Some(mark) = title.chars().next_back().filter(|ch| "。，、；：,;:．.".contains(*ch)) {
            findings
                .at_key(subject, "title", text!("标题末尾有“{mark}”", "the title ends with {mark}"))
                .help(text!("删去末尾的标点", "delete it"));
        }
    },
    ..Rule::new(codes::TITLE_MARK, Severity::Warning, include_str!("title_mark.rs"))
};
