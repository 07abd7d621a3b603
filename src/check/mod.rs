//! What a careful county editor would notice in one document. One rule a file, all rules in one pass.
//!
//! Rules see a [`Subject`] and put what they find into [`Findings`]; they never read files and know nothing of
//! other documents. A finding can be silenced where it stands by a comment that names the rule and gives the
//! reason: `<!-- gongkai: GK-X002 表样如此 -->` on the line above, `# gongkai: GK-D002 …` in front matter.
//!
//! All rules are explained in [`mod@reference`].

pub mod copies;
mod explain;
mod fix;
mod needles;
mod own_words;
mod radicals;
pub mod reference;
mod registry;
mod rule;
mod rules;
mod silence;
mod statutory;
mod words;

use std::collections::BTreeMap;

pub use explain::{explain, names, reference as reference_page};
pub use fix::fixed;
pub use registry::RULES;
pub use rule::{Finding, Findings, Reach, Rule, Subject};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::word::Word;
use own_words::OwnWords;

/// How much the findings of a rule weigh on one site, by its code; `None` for nothing. Rules that are not named
/// weigh what they weigh.
type Weights = BTreeMap<String, Option<Severity>>;

/// What one site makes of the rules.
pub struct Criteria<'a> {
    weights: &'a Weights,
    words: OwnWords<'a>,
}

impl<'a> Criteria<'a> {
    /// The rules with the site's own weights, and its own words.
    pub fn new(weights: &'a Weights, words: &'a [Word]) -> Self {
        Self { weights, words: OwnWords::new(words) }
    }

    /// How much a finding weighs that would weigh so much by itself; `None` for nothing.
    pub fn weight(&self, code: Code, own: Severity) -> Option<Severity> {
        self.weights.get(code.0).copied().unwrap_or(Some(own))
    }

    /// How much the findings of a rule weigh.
    pub fn weight_of(&self, code: Code) -> Option<Severity> {
        let rule = RULES.iter().find(|rule| rule.code == code).expect("every rule is in the registry");
        self.weight(code, rule.severity)
    }
}

/// What the rules that need only the front matter find.
pub fn head(subject: &Subject<'_>, criteria: &Criteria<'_>) -> Vec<Diagnostic> {
    let findings = looked(subject, criteria, &[Reach::Head]);
    silence::in_head(subject, criteria, findings.found).into_iter().map(|finding| finding.diagnostic).collect()
}

/// What the rules that look into the body find, in the order of the text.
pub fn body(subject: &Subject<'_>, criteria: &Criteria<'_>) -> Vec<Finding> {
    let mut findings = looked(subject, criteria, &[Reach::Document, Reach::Texts]);
    let weighs: Vec<Option<Severity>> = RULES.iter().map(|rule| criteria.weight(rule.code, rule.severity)).collect();
    if weighs.iter().any(Option::is_some) {
        hits(subject, &weighs, &mut findings);
    }
    criteria.words.look(subject, criteria, &mut findings);
    let mut found = silence::apply(subject, criteria, findings.found);
    found.sort_by_key(|finding| finding.range.clone().map(|range| (range.start, range.end)));
    found
}

/// Looks for the needles of all rules in one pass.
fn hits(subject: &Subject<'_>, weighs: &[Option<Severity>], findings: &mut Findings) {
    let (needles, owners) = &*registry::NEEDLES;
    let mut prose = subject.structure.prose.iter().peekable();
    let mut together: Vec<Vec<rule::Hit>> = vec![Vec::new(); RULES.len()];
    needles.find(subject.source(), |word, range| {
        let range = subject.body + range.start..subject.body + range.end;
        while prose.next_if(|stretch| stretch.end < range.end).is_some() {}
        if prose.peek().is_none_or(|stretch| stretch.start > range.start) {
            return;
        }
        for &(number, own) in &owners[word] {
            let (rule, Some(severity)) = (RULES[number], weighs[number]) else { continue };
            if rule.together.is_some() {
                together[number].push((own, range.clone()));
            } else {
                findings.of(rule.code, severity);
                (rule.hit)(subject, own, range.clone(), findings);
            }
        }
    });
    for ((rule, severity), hits) in RULES.iter().zip(weighs).zip(together) {
        if let (Some(look), Some(severity)) = (rule.together, severity) {
            findings.of(rule.code, *severity);
            look(subject, &hits, findings);
        }
    }
}

/// What the rules find in an attachment or image of a document.
pub fn file(subject: &Subject<'_>, criteria: &Criteria<'_>) -> Vec<Diagnostic> {
    let Some(contents) = subject.contents else { return Vec::new() };
    let found = looked(subject, criteria, &[Reach::Texts, Reach::Files]).found;
    let placed = found.into_iter().map(|Finding { mut diagnostic, range, .. }| {
        diagnostic.label = Some(contents.place(range.map_or(0, |range| range.start)));
        diagnostic
    });
    placed.collect()
}

fn looked(subject: &Subject<'_>, criteria: &Criteria<'_>, reaches: &[Reach]) -> Findings {
    let mut findings = Findings::default();
    for rule in RULES.iter().filter(|rule| reaches.contains(&rule.reach)) {
        if let Some(severity) = criteria.weight(rule.code, rule.severity) {
            findings.of(rule.code, severity);
            (rule.look)(subject, &mut findings);
        }
    }
    findings
}

/// What is left of the faults that others noticed in a document, after the site's weights and the comments in it.
pub fn judged(subject: &Subject<'_>, criteria: &Criteria<'_>, faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if faults.is_empty() {
        return faults;
    }
    let weighed = faults.into_iter().filter_map(|fault| {
        let severity = criteria.weight(fault.code, fault.severity)?;
        Some(Diagnostic { severity, ..fault })
    });
    silence::without_silenced(subject, weighed.collect())
}
