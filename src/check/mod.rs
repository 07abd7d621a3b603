//! What a careful editor would notice in one document: rules about its meaning, not its form.

mod dates;

use crate::diagnostic::Diagnostic;
use crate::model::document::Document;
use crate::model::kind::Kind;
use crate::source::Clock;

/// Everything that the rules notice in the head of one document. `text` is its whole source.
pub fn head(document: &Document, text: &str, kind: &Kind, clock: Clock) -> Vec<Diagnostic> {
    let rules = [
        dates::dated_before_year_end,
        dates::in_the_future,
        dates::published_before_made,
        dates::folder_names_another_year,
    ];
    rules.iter().filter_map(|rule| rule(document, text, kind, clock)).collect()
}
