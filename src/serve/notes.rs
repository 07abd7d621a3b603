//! What an open page is told: which bytes it should show by now, and what is wrong, in the user's language.

use std::sync::Arc;

use serde::Serialize;

use super::pages::{Entity, Pages, Place, file_of};
use super::preview::Shown;
use crate::config::SITE_FILE;
use crate::diagnostic::{Diagnostic, Language, Severity};
use crate::model::page::Recipe;
use crate::review;

/// Faults that are told whole; nobody mends a thousand at once.
const MOST: usize = 30;

/// One message to one open page.
#[derive(Debug, Serialize)]
pub struct Notes {
    /// Tells one run of the program from another.
    pub run: String,
    /// Counts what was shown in this run.
    pub number: u64,
    /// What the page should be; empty where there is no such page.
    pub tag: String,
    /// Where the page went, if it has another address now.
    pub moved: Option<String>,
    /// The page of the report that was edited last, where pages should follow it.
    pub follow: Option<String>,
    /// Attachments and images that have new bytes since the page was told the last time.
    pub files: Vec<String>,
    /// `zh` or `en`.
    pub language: &'static str,
    /// What stops the site from being built, this page's own first.
    pub errors: Vec<Note>,
    /// Errors beyond those.
    pub more: usize,
    /// What was noticed about this page.
    pub warnings: Vec<Note>,
    /// Needed to open a source in the editor; absent for readers on other machines.
    pub token: Option<String>,
}

/// One fault.
#[derive(Debug, Serialize)]
pub struct Note {
    code: &'static str,
    message: String,
    path: Option<Arc<str>>,
    line: Option<u32>,
    /// The line of the source: before what is underlined, that itself, and after it.
    excerpt: Option<[String; 3]>,
    label: Option<String>,
    help: Option<String>,
}

/// What is the same for all messages to one reader.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Tells one run of the program from another.
    pub run: String,
    /// The language of the user.
    pub language: Language,
    /// Whether pages follow what is edited.
    pub follow: bool,
    /// Needed to open a source; absent for readers on other machines.
    pub token: Option<String>,
}

/// The message for the page at an address; `told` is the number that it has heard of last.
pub fn notes(pages: &Pages, address: &str, reader: &Reader, told: u64) -> Notes {
    let place = pages.place(address);
    let shown = pages.preview().shown();
    let file = file_of(address);
    let (tag, own) = match place {
        Place::Here(Entity { tag, faults, .. }) => (tag, faults),
        Place::NotYet(Entity { tag, .. }) => (tag, Vec::new()),
        Place::Folder | Place::Nowhere(_) => (String::new(), Vec::new()),
    };
    let language = reader.language;
    let note = |fault: &&Diagnostic| Note::new(fault, language);
    let of_page = about(&shown, &file);
    let mut errors: Vec<&Diagnostic> = errors(&shown.faults).chain(errors(&own)).collect();
    errors.sort_by_key(|fault| !of_page(fault));
    let warnings = shown.faults.iter().filter(|fault| of_page(fault)).chain(&own);
    let warnings = warnings.filter(|fault| fault.severity == Severity::Warning);
    // What a rule finds stops no build, however much it weighs on this site.
    let found = reviewed(pages, &shown, &file);
    let warnings: Vec<&Diagnostic> = warnings.chain(&found).collect();
    let machine = shown.machine.iter().map(|text| Note::of_machine(text.in_language(language)));
    Notes {
        run: reader.run.clone(),
        number: shown.number,
        tag,
        moved: shown.moved.get(&file).map(|to| format!("/{to}")),
        follow: shown
            .edited
            .iter()
            .filter(|(number, _)| reader.follow && *number > told)
            .map(|(_, to)| format!("/{to}"))
            .next(),
        files: shown.files.iter().filter(|(number, _)| *number > told).map(|(_, file)| format!("/{file}")).collect(),
        language: match language {
            Language::Chinese => "zh",
            Language::English => "en",
        },
        more: errors.len().saturating_sub(MOST),
        errors: machine.chain(errors.iter().take(MOST).map(note)).collect(),
        warnings: warnings.iter().take(MOST).map(note).collect(),
        token: reader.token.clone(),
    }
}

/// What the rules of `gongkai check` find in the report that this page shows.
fn reviewed(pages: &Pages, shown: &Shown, file: &str) -> Vec<Diagnostic> {
    let page = shown.prepared.as_ref().and_then(|prepared| Some((prepared, &prepared.page(file)?.recipe)));
    match page {
        Some((prepared, Recipe::Report(id))) => review::one(&pages.preview().site(), prepared, *id).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn errors(faults: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    faults.iter().filter(|fault| fault.severity == Severity::Error)
}

/// Whether a fault is about this page: in its source, or, for pages that are made from all, about the site.
fn about(shown: &Shown, file: &str) -> impl Fn(&Diagnostic) -> bool {
    let page = shown.prepared.as_ref().and_then(|prepared| Some((prepared, prepared.page(file)?)));
    let source = page.map(|(prepared, page)| prepared.owner(page).to_owned()).unwrap_or_default();
    move |fault| match &fault.place {
        Some(place) if source.is_empty() => *place.path == *SITE_FILE || place.path.starts_with("themes/"),
        Some(place) => *place.path == *source,
        None => source.is_empty(),
    }
}

impl Note {
    fn new(fault: &Diagnostic, language: Language) -> Self {
        let place = fault.place.as_ref();
        let lined = place.filter(|place| place.line > 0);
        let say = |text: &crate::diagnostic::Text| text.in_language(language).to_owned();
        Self {
            code: fault.code.0,
            message: say(&fault.message),
            path: place.map(|place| place.path.clone()),
            line: lined.map(|place| place.line),
            excerpt: lined.map(|place| {
                let (from, to) = (place.underline.start, place.underline.end);
                [&place.excerpt[..from], &place.excerpt[from..to], &place.excerpt[to..]].map(str::to_owned)
            }),
            label: fault.label.as_ref().map(say),
            help: fault.help.as_ref().map(say),
        }
    }

    fn of_machine(message: &str) -> Self {
        let message = message.to_owned();
        Self { code: "", message, path: None, line: None, excerpt: None, label: None, help: None }
    }
}
