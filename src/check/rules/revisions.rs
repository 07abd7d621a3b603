//! 附件里有修订、批注或隐藏的工作表 / Tracked changes, comments or hidden sheets in an attachment
//!
//! 没有接受的修订、没有删除的批注、隐藏的工作表都随文件一起公开，删去的原话和内部意见因此人人可见。在 Word 里“接受所有修订”并删除批注，在 Excel
//! 里删除隐藏的工作表，再公开。
//!
//! Changes that were tracked and never accepted, comments that were never deleted, and hidden sheets are published with
//! the file: everybody can read what was struck out and what was said inside. Accept all changes and delete the comments
//! in Word, delete hidden sheets in Excel, then publish.
//!
//! ```text
//! 2 处插入，1 处删除，3 条批注
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::model::contents::MarkKind;
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Files,
    look: |subject, findings| {
        let marks = subject.contents.map_or(&[][..], |contents| &contents.marks);
        let kinds = [
            (MarkKind::Inserted, "处插入", "insertions"),
            (MarkKind::Deleted, "处删除", "deletions"),
            (MarkKind::Comment, "条批注", "comments"),
            (MarkKind::HiddenSheet, "个隐藏的工作表", "hidden sheets"),
        ];
        let (mut chinese, mut english) = (Vec::new(), Vec::new());
        for (kind, zh, en) in kinds {
            let count = marks.iter().filter(|mark| mark.kind == kind).count();
            if count > 0 {
                chinese.push(format!("{count} {zh}"));
                english.push(format!("{count} {en}"));
            }
        }
        let first = marks.iter().find(|mark| kinds.iter().any(|(kind, ..)| *kind == mark.kind));
        let Some(first) = first else { return };
        let (chinese, english) = (chinese.join("，"), english.join(", "));
        findings
            .at(
                subject,
                first.range.clone(),
                text!("附件里有 {chinese}，这是第一处", "the attachment holds {english}; this is the first"),
            )
            .help(text!(
                "接受修订，删除批注和隐藏的工作表，再公开",
                "accept the changes, delete the comments and the hidden sheets, then publish"
            ));
    },
    ..Rule::new(codes::REVISIONS, Severity::Warning, include_str!("revisions.rs"))
};
