//! 落款日期与成文日期不同 / The signature bears another date
//!
//! 正文末尾的落款日期和文件头里的成文日期应是同一天（党政机关公文处理工作条例第九条：成文日期署会议通过或者发文机关负责人签发的日期）。核对两处。
//!
//! The date of the signature below the text and the date in the front matter should be the same day. Check both.
//!
//! ```text
//! date: 2024-01-15
//! ……
//! 丁市镇人民政府
//! 2024年1月16日
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let Some(signature) = &subject.structure.signature else { return };
        let date = subject.head.date;
        if signature.iso == date.to_string() {
            return;
        }
        let signed = &signature.iso;
        let words = subject.words(&signature.range).trim_end();
        let last = words.rfind('\n').map_or(0, |at| at + 1);
        let line = signature.range.start + last;
        let indent = words[last..].len() - words[last..].trim_start().len();
        findings
            .at(
                subject,
                line + indent..signature.range.start + words.len(),
                text!("落款是 {signed}，文件头写 {date}", "signed on {signed}, but the front matter says {date}"),
            )
            .help(text!("核对原件，两处写成同一天", "look at the original and write the same day in both places"));
    },
    ..Rule::new(codes::SIGNATURE_DATE, Severity::Warning, include_str!("signature_date.rs"))
};
