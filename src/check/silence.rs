//! Comments that silence a rule where it is wrong: `<!-- gongkai: GK-X002 表样如此 -->`, on the line above or on
//! the same line; in front matter `# gongkai: GK-D002 …`. A comment without a reason silences nothing and is a
//! finding itself.

use std::ops::Range;

use super::Criteria;
use super::rule::{Finding, Findings, Subject};
use crate::diagnostic::{Code, Diagnostic, Severity, codes};
use crate::text;

/// A rule silenced on some lines.
struct Silence<'a> {
    code: &'a str,
    lines: Range<usize>,
}

/// Takes out what is silenced in a body or in its front matter, and puts in what is wrong with the body's comments.
pub(super) fn apply(subject: &Subject<'_>, criteria: &Criteria<'_>, found: Vec<Finding>) -> Vec<Finding> {
    let mut faults = Findings::default();
    let silences = in_body(subject, criteria, &mut faults);
    let heads = if found.iter().any(|finding| finding.range.is_none()) { of_head(subject) } else { Vec::new() };
    let silenced = |finding: &Finding| match &finding.range {
        Some(range) => silences.iter().any(|silence| silence.covers(finding.diagnostic.code, range.start)),
        None => is_silenced_in_head(&heads, finding),
    };
    faults.found.into_iter().chain(found.into_iter().filter(|finding| !silenced(finding))).collect()
}

/// Takes out what is silenced in front matter, and puts in what is wrong with the comments there.
pub(super) fn in_head(subject: &Subject<'_>, criteria: &Criteria<'_>, mut found: Vec<Finding>) -> Vec<Finding> {
    let comments = of_head(subject);
    found.retain(|finding| !is_silenced_in_head(&comments, finding));
    let mut faults = Findings::default();
    if let Some(severity) = criteria.weight(codes::SILENCE_WITHOUT_REASON, Severity::Warning) {
        faults.of(codes::SILENCE_WITHOUT_REASON, severity);
        for (range, _, _) in comments.iter().filter(|(_, _, code)| code.is_none()) {
            without_reason(subject, range.clone(), &mut faults);
        }
    }
    found.into_iter().chain(faults.found).collect()
}

/// Takes out of what others noticed in a body what is silenced there.
pub(super) fn without_silenced(subject: &Subject<'_>, mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if subject.structure.comments.is_empty() {
        return faults;
    }
    let silences = in_body(subject, &Criteria::new(&Default::default(), &[]), &mut Findings::default());
    let line = |at: usize| subject.text[..at].bytes().filter(|&byte| byte == b'\n').count() as u32 + 1;
    let lines: Vec<_> =
        silences.iter().map(|silence| (silence.code, line(silence.lines.start)..line(silence.lines.end))).collect();
    faults.retain(|fault| {
        let at = fault.place.as_ref().map_or(0, |place| place.line);
        !lines.iter().any(|(code, lines)| *code == fault.code.0 && lines.contains(&at))
    });
    faults
}

impl Silence<'_> {
    fn covers(&self, code: Code, at: usize) -> bool {
        self.code == code.0 && self.lines.contains(&at)
    }
}

/// The comments of a body that silence something. What is wrong with the others goes into `faults`.
fn in_body<'a>(subject: &Subject<'a>, criteria: &Criteria<'_>, faults: &mut Findings) -> Vec<Silence<'a>> {
    let weight = criteria.weight(codes::SILENCE_WITHOUT_REASON, Severity::Warning);
    faults.of(codes::SILENCE_WITHOUT_REASON, weight.unwrap_or(Severity::Advice));
    let mut silences = Vec::new();
    for comment in &subject.structure.comments {
        let Some(words) = words(&subject.text[comment.clone()]) else { continue };
        match code(words) {
            Some(code) => silences.push(Silence { code, lines: reach(subject.text, comment) }),
            None if weight.is_some() => without_reason(subject, trimmed(subject, comment), faults),
            None => {}
        }
    }
    silences
}

fn without_reason(subject: &Subject<'_>, range: Range<usize>, faults: &mut Findings) {
    let message = text!(
        "这条注释没有写规则代码和理由，不起作用",
        "this comment names no rule or gives no reason, and does nothing"
    );
    let help = text!("写成 <!-- gongkai: GK-X002 理由 -->", "write <!-- gongkai: GK-X002 reason -->");
    let in_head = text!("写成 # gongkai: GK-D002 理由", "write # gongkai: GK-D002 reason");
    let help = if range.start < subject.body { in_head } else { help };
    faults.at(subject, range, message).help(help);
}

/// The rule that a comment names, where it gives a reason too.
fn code(words: &str) -> Option<&str> {
    let (code, reason) = words.split_once(char::is_whitespace)?;
    (code.starts_with("GK-") && !reason.trim().is_empty()).then_some(code)
}

/// A comment in front matter: where it stands, its line, and the rule that it silences.
type HeadComment<'a> = (Range<usize>, u32, Option<&'a str>);

fn of_head<'a>(subject: &Subject<'a>) -> Vec<HeadComment<'a>> {
    let head = &subject.text[..subject.body.min(subject.text.len())];
    let found = head.match_indices("# gongkai:").map(|(at, sign)| {
        let end = head[at..].find(['\n', '\r']).map_or(head.len(), |length| at + length);
        let line = head[..at].bytes().filter(|&byte| byte == b'\n').count() as u32 + 1;
        (at..end, line, code(head[at + sign.len()..end].trim()))
    });
    found.collect()
}

fn is_silenced_in_head(comments: &[HeadComment<'_>], finding: &Finding) -> bool {
    let line = finding.diagnostic.place.as_ref().map_or(0, |place| place.line);
    let of =
        |(_, at, code): &HeadComment<'_>| *code == Some(finding.diagnostic.code.0) && (*at..*at + 2).contains(&line);
    comments.iter().any(of)
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
