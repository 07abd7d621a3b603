//! What is wrong in the content, as data: a rule code, a place, words in two languages, how to mend it.
//!
//! A stage never prints and never stops at the first fault: it returns what it could make together with
//! everything it noticed, as a [`Checked`]. One file, [`show`], turns a diagnostic into words for people.

pub mod cause;
pub mod codes;
pub mod exchange;
mod place;
pub mod show;

pub use codes::Code;
pub use place::Place;

use serde::{Deserialize, Serialize};

/// One sentence in the two languages that users see.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: String,
    /// Plain English.
    pub en: String,
}

/// The language of words shown to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Text {
    /// The sentence in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// Makes a [`Text`] from a Chinese and an English format string; names in braces are captured as in `format!`.
#[macro_export]
macro_rules! text {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::diagnostic::Text { zh: format!($zh), en: format!($en) }
    };
}

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Good to know; the report may be right as it stands.
    Advice,
    /// Worth knowing; never stops a build.
    Warning,
    /// The report or the site cannot be built as it stands.
    Error,
}

impl Severity {
    /// As programs read it, and as site.yaml writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One fault in the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The rule that found it; stable, so that it can be looked up.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// Where it is, unless it is about the site as a whole.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: Text,
    /// A few words under the caret.
    pub label: Option<Text>,
    /// How to mend it.
    pub help: Option<Text>,
}

impl Diagnostic {
    /// Starts an error with its rule code and what is wrong.
    pub fn error(code: Code, message: Text) -> Self {
        Self { code, severity: Severity::Error, place: None, message, label: None, help: None }
    }

    /// Starts a warning with its rule code and what is wrong.
    pub fn warning(code: Code, message: Text) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Says where.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says a few words right under the caret.
    pub fn label(mut self, label: Text) -> Self {
        self.label = Some(label);
        self
    }

    /// Says how to mend it.
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }
}

/// What a stage could make, and everything it noticed on the way.
#[derive(Debug, Clone, Default)]
pub struct Checked<T> {
    /// What could be made.
    pub value: T,
    /// What was noticed, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value without fault.
    pub fn clean(value: T) -> Self {
        Self { value, diagnostics: Vec::new() }
    }

    /// A value with what was noticed.
    pub fn new(value: T, diagnostics: Vec<Diagnostic>) -> Self {
        Self { value, diagnostics }
    }

    /// Makes another value of the value.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Checked<U> {
        Checked { value: make(self.value), diagnostics: self.diagnostics }
    }

    /// Hands the diagnostics over to `all` and returns the bare value.
    pub fn take_into(self, all: &mut Vec<Diagnostic>) -> T {
        all.extend(self.diagnostics);
        self.value
    }
}
