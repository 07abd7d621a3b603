//! What a careful county editor would notice in one document. One rule a file, all rules in one pass.
//!
//! Rules see a [`Subject`] and put what they find into [`Findings`]; they never read files and know nothing of
//! other documents. A finding can be silenced where it stands by a comment that names the rule and gives the
//! reason: `<!-- gongkai: GK-X002 表样如此 -->` on the line above.

pub mod copies;
mod explain;
mod fix;
mod registry;
mod rule;
mod rules;
mod silence;
mod statutory;
mod words;

use std::collections::BTreeMap;

pub use explain::{explain, names};
pub use fix::fixed;
pub use registry::RULES;
pub use rule::{Finding, Findings, Rule, Subject};

use crate::diagnostic::{Diagnostic, Severity};

/// How much the findings of a rule weigh on one site, by its code; `None` for nothing. Rules that are not named
/// weigh what they weigh.
type Weights = BTreeMap<String, Option<Severity>>;

fn weight(rule: &Rule, weights: &Weights) -> Option<Severity> {
    weights.get(rule.code.0).copied().unwrap_or(Some(rule.severity))
}

/// What the rules that need only the front matter find.
pub fn head(subject: &Subject<'_>, weights: &Weights) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    for rule in RULES.iter().filter(|rule| rule.of_head) {
        if let Some(severity) = weight(rule, weights) {
            findings.of(rule.code, severity);
            (rule.look)(subject, &mut findings);
        }
    }
    findings.found.into_iter().map(|finding| finding.diagnostic).collect()
}

/// What the rules that look into the body find, in the order of the text.
pub fn body(subject: &Subject<'_>, weights: &Weights) -> Vec<Finding> {
    let mut findings = Findings::default();
    let weighs: Vec<Option<Severity>> =
        RULES.iter().map(|rule| weight(rule, weights).filter(|_| !rule.of_head)).collect();
    if weighs.iter().all(Option::is_none) {
        return Vec::new();
    }
    let needles = &*registry::NEEDLES;
    for found in needles.machine.find_iter(subject.source()) {
        let (number, own) = needles.owners[found.pattern()];
        let range = subject.body + found.start()..subject.body + found.end();
        let Some(severity) = weighs[number] else { continue };
        if subject.structure.is_prose(&range) {
            findings.of(RULES[number].code, severity);
            (RULES[number].hit)(subject, own, range, &mut findings);
        }
    }
    for (rule, severity) in RULES.iter().zip(&weighs) {
        if let Some(severity) = *severity {
            findings.of(rule.code, severity);
            (rule.look)(subject, &mut findings);
        }
    }
    let mut found = silence::apply(subject, findings.found);
    found.sort_by_key(|finding| finding.range.clone().map(|range| (range.start, range.end)));
    found
}
