//! `--fix`: puts the one right mending where a finding has one.
//!
//! Nothing is changed in code, in the front matter or in quotations: what is quoted stays as it was written.

use super::rule::Finding;
use crate::model::structure::Structure;

/// The source with every mending in its place, and how many there were; `None` where there is nothing to mend.
pub fn fixed(text: &str, structure: &Structure, findings: &[Finding]) -> Option<(String, usize)> {
    let mut mendings: Vec<_> = findings
        .iter()
        .filter_map(|finding| Some((finding.range.clone()?, finding.fix.as_deref()?)))
        .filter(|(range, _)| structure.is_prose(range) && !structure.is_quoted(range))
        .filter(|(range, _)| !is_between_quotation_marks(text, range.start))
        .collect();
    if mendings.is_empty() {
        return None;
    }
    mendings.sort_by_key(|(range, _)| (range.start, range.end));
    let mut whole = String::with_capacity(text.len());
    let (mut from, mut count) = (0, 0);
    for (range, words) in mendings {
        // Of two that overlap the first is done; the other shows again at the next run.
        if range.start >= from && text[range.clone()] != *words {
            whole.push_str(&text[from..range.start]);
            whole.push_str(words);
            from = range.end;
            count += 1;
        }
    }
    whole.push_str(&text[from..]);
    (count > 0).then_some((whole, count))
}

/// Whether a byte of the text stands between “ and ” of its own line.
fn is_between_quotation_marks(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..at];
    let last = |mark: char| before.rfind(mark);
    match (last('“'), last('”')) {
        (Some(opened), Some(closed)) => opened > closed,
        (opened, _) => opened.is_some(),
    }
}
