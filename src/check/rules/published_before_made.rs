//! 发布早于成文 / Published before it was made
//!
//! 先成文，后发布。国办秘函〔2019〕19号把发布日期弄虚作假列为单项否决指标。核对两个日期。
//!
//! What is published was made before. 国办秘函〔2019〕19号 counts a falsified publishing date as a veto item. Check
//! the two dates.
//!
//! ```text
//! date: 2024-05-10
//! published: 2024-05-09 16:34
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Head,
    look: |subject, findings| {
        let made = subject.head.date;
        let Some(published) = subject.head.published.map(|at| at.date()).filter(|&at| at < made) else { return };
        let message =
            text!("发布日期 {published} 早于成文日期 {made}", "published on {published}, before it was made on {made}");
        findings.at_key(subject, "published", message).help(text!("核对这两个日期", "check the two dates"));
    },
    ..Rule::new(codes::PUBLISHED_BEFORE_MADE, Severity::Warning, include_str!("published_before_made.rs"))
};
