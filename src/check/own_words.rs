//! The site's own list of words: all of them in one pass, as the needles of rules.

use std::collections::BTreeMap;

use super::Criteria;
use super::needles::Needles;
use super::rule::{Findings, Subject};
use crate::diagnostic::codes;
use crate::model::word::Word;
use crate::text;

/// The words of one site.
pub(super) struct OwnWords<'a> {
    words: &'a [Word],
    needles: Option<Needles>,
}

impl<'a> OwnWords<'a> {
    pub(super) fn new(words: &'a [Word]) -> Self {
        // Of two entries for the same word the first holds.
        let numbered = words.iter().enumerate().rev().map(|(number, word)| (word.wrong.as_str(), number));
        let wrong: BTreeMap<&str, usize> = numbered.collect();
        Self { words, needles: (!words.is_empty()).then(|| Needles::new(wrong)) }
    }

    pub(super) fn look(&self, subject: &Subject<'_>, criteria: &Criteria<'_>, findings: &mut Findings) {
        let Some((needles, severity)) = self.needles.as_ref().zip(criteria.weight_of(codes::OWN_WORD)) else { return };
        findings.of(codes::OWN_WORD, severity);
        needles.find(subject.source(), |number, range| {
            let range = subject.body + range.start..subject.body + range.end;
            let word = &self.words[number];
            if !subject.structure.is_prose(&range) || is_right(subject.text, range.start, word) {
                return;
            }
            let wrong = &word.wrong;
            let why = word.reason.as_deref().unwrap_or_default();
            let because = if why.is_empty() { String::new() } else { format!("：{why}") };
            let for_that = if why.is_empty() { String::new() } else { format!(": {why}") };
            let message = text!("本站不用“{wrong}”{because}", "this site does not write {wrong}{for_that}");
            let finding = findings.at(subject, range, message);
            match &word.right {
                Some(right) => finding.help(text!("改成“{right}”", "write {right}")).fix(right),
                None => finding.help(text!("换一个说法", "say it in another way")),
            };
        });
    }
}

/// Whether what was found at a byte of a text is only a part of the right word there.
fn is_right(text: &str, at: usize, word: &Word) -> bool {
    let Some(right) = &word.right else { return false };
    right.match_indices(&word.wrong).any(|(inside, _)| {
        at.checked_sub(inside).is_some_and(|start| text.get(start..).is_some_and(|rest| rest.starts_with(right)))
    })
}
