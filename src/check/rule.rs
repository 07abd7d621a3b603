//! What a rule is, what it looks at, and what it finds.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Severity, Text};
use crate::front_matter::place_of;
use crate::model::contents::Contents;
use crate::model::document::FrontMatter;
use crate::model::kind::Kind;
use crate::model::structure::Structure;
use crate::source::Clock;

/// One rule. Its file says in the comment on top what it finds, why that matters, and how to mend it.
pub struct Rule {
    /// Its code.
    pub code: Code,
    /// How much its findings weigh, unless the site says otherwise.
    pub severity: Severity,
    /// What it looks at.
    pub reach: Reach,
    /// Words that it waits for. All rules share one pass over the text.
    pub needles: &'static [&'static str],
    /// Is called where one of the needles, by number, stands in text that readers read.
    pub hit: fn(&Subject<'_>, usize, Range<usize>, &mut Findings),
    /// Is called once with all needles that stand in such text, in order, by rules that must see them together.
    pub together: Option<fn(&Subject<'_>, &[Hit], &mut Findings)>,
    /// Is called once for each document.
    pub look: fn(&Subject<'_>, &mut Findings),
    /// The text of its file, for `--explain`.
    pub source: &'static str,
}

/// A needle, by number, and where it stands.
pub type Hit = (usize, Range<usize>);

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The front matter alone.
    Head,
    /// The whole document.
    Document,
    /// The whole document, and the text of each attachment.
    Texts,
    /// Attachments and images.
    Files,
    /// More than one document: it is found elsewhere, and has only its weight and its explanation here.
    Site,
}

impl Rule {
    /// A rule that finds nothing, to be filled.
    pub(super) const fn new(code: Code, severity: Severity, source: &'static str) -> Self {
        let reach = Reach::Document;
        let (needles, together) = (&[], None);
        Self { code, severity, reach, needles, hit: |_, _, _, _| {}, together, look: |_, _| {}, source }
    }
}

/// One document, as rules see it; or one of its attachments, whose text and structure then take the place of the
/// body's.
pub struct Subject<'a> {
    /// Its path as shown.
    pub path: &'a Arc<str>,
    /// The whole decoded source.
    pub text: &'a str,
    /// Where the body begins.
    pub body: usize,
    /// The front matter.
    pub head: &'a FrontMatter,
    /// Its kind.
    pub kind: &'a Kind,
    /// What the body is made of; empty for rules of the head.
    pub structure: &'a Structure,
    /// What day it is.
    pub clock: Clock,
    /// The attachment that is looked at, taken apart.
    pub contents: Option<&'a Contents>,
}

impl Subject<'_> {
    /// The place of a key of the front matter.
    pub fn key(&self, key: &str) -> Place {
        place_of(self.path, self.text, key)
    }

    /// The words at a stretch of the source.
    pub fn words(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    /// The body as it stands in the source.
    pub fn source(&self) -> &str {
        &self.text[self.body..]
    }

    /// Whether the document is a report of this statutory kind, by its short name.
    pub fn is(&self, kind: &str) -> bool {
        self.kind.id == kind
    }
}

/// What one rule found in one place, and the right words where there is only one mending.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What is said.
    pub diagnostic: Diagnostic,
    /// Where it stands in the source; none in the front matter.
    pub range: Option<Range<usize>>,
    /// What belongs in its place.
    pub fix: Option<String>,
}

/// Everything found so far.
#[derive(Debug, Default)]
pub struct Findings {
    /// In the order of the rules.
    pub found: Vec<Finding>,
    rule: Option<(Code, Severity)>,
}

impl Findings {
    /// What comes next is of this rule.
    pub(super) fn of(&mut self, code: Code, severity: Severity) {
        self.rule = Some((code, severity));
    }

    /// A finding in the body.
    pub fn at(&mut self, subject: &Subject<'_>, range: Range<usize>, message: Text) -> &mut Finding {
        let place = Place::new(subject.path, subject.text, range.clone());
        self.add(place, Some(range), message)
    }

    /// A finding in the front matter.
    pub fn at_key(&mut self, subject: &Subject<'_>, key: &str, message: Text) -> &mut Finding {
        self.add(subject.key(key), None, message)
    }

    fn add(&mut self, place: Place, range: Option<Range<usize>>, message: Text) -> &mut Finding {
        let (code, severity) = self.rule.expect("a rule is named before it looks");
        let diagnostic = Diagnostic { severity, ..Diagnostic::warning(code, message) }.at(place);
        self.found.push(Finding { diagnostic, range, fix: None });
        self.found.last_mut().expect("one was just put there")
    }
}

impl Finding {
    /// Says how to mend it.
    pub fn help(&mut self, help: Text) -> &mut Self {
        self.diagnostic.help = Some(help);
        self
    }

    /// Says the one right mending, which `--fix` puts there.
    pub fn fix(&mut self, words: impl Into<String>) -> &mut Self {
        self.fix = Some(words.into());
        self
    }
}
