//! Comments that silence a rule where it is wrong: `<!-- gongkai: GK-X002 表样如此 -->`, on the line above or on
//! the same line. A comment without a reason silences nothing and is a finding itself.

use std::ops::Range;

use super::rule::{Finding, Findings, Subject};
use crate::diagnostic::{Severity, codes};
use crate::text;

/// A rule silenced on some lines.
struct Silence<'a> {
    code: &'a str,
    lines: Range<usize>,
}

/// Takes out what is silenced, and puts in what is wrong with the comments.
pub(super) fn apply(subject: &Subject<'_>, found: Vec<Finding>) -> Vec<Finding> {
    let mut silences = Vec::new();
    let mut faults = Findings::default();
    faults.of(codes::SILENCE_WITHOUT_REASON, Severity::Warning);
    for comment in &subject.structure.comments {
        let Some(words) = words(subject.words(comment)) else { continue };
        let (code, reason) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        if !code.starts_with("GK-") || reason.trim().is_empty() {
            faults
                .at(
                    subject,
                    trimmed(subject, comment),
                    text!(
                        "这条注释没有写规则代码和理由，不起作用",
                        "this comment names no rule or gives no reason, and does nothing"
                    ),
                )
                .help(text!("写成 <!-- gongkai: GK-X002 理由 -->", "write <!-- gongkai: GK-X002 reason -->"));
            continue;
        }
        silences.push(Silence { code, lines: reach(subject.text, comment) });
    }
    let silenced = |finding: &Finding| {
        let Some(range) = &finding.range else { return false };
        silences.iter().any(|silence| silence.code == finding.diagnostic.code.0 && silence.lines.contains(&range.start))
    };
    faults.found.into_iter().chain(found.into_iter().filter(|finding| !silenced(finding))).collect()
}

/// What a comment for gongkai says.
fn words(comment: &str) -> Option<&str> {
    let inside = comment.trim().strip_prefix("<!--")?.split("-->").next()?;
    Some(inside.trim().strip_prefix("gongkai:")?.trim())
}

fn trimmed(subject: &Subject<'_>, range: &Range<usize>) -> Range<usize> {
    range.start..range.start + subject.words(range).trim_end().len()
}

/// From the line of the comment to the end of the next line that is not empty.
fn reach(text: &str, comment: &Range<usize>) -> Range<usize> {
    let start = text[..comment.start].rfind('\n').map_or(0, |at| at + 1);
    let end = comment.start + text[comment.clone()].trim_end().len();
    let mut at = end + text[end..].find('\n').map_or(text.len() - end, |at| at + 1);
    while at < text.len() {
        let line = text[at..].find('\n').map_or(text.len(), |length| at + length + 1);
        if !text[at..line].trim().is_empty() {
            return start..line;
        }
        at = line;
    }
    start..text.len()
}
