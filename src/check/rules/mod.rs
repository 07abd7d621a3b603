//! One rule a file.

pub(super) mod bank_card;
pub(super) mod body_year;
pub(super) mod citation;
pub(super) mod damaged_date;
pub(super) mod dated_before_year_end;
pub(super) mod dead_outside;
pub(super) mod disclosure_parts;
pub(super) mod doubled;
pub(super) mod ellipsis;
pub(super) mod empty_cells;
pub(super) mod file_author;
pub(super) mod future_date;
pub(super) mod half_width;
pub(super) mod identity_number;
pub(super) mod injected_reading;
pub(super) mod law_parts;
pub(super) mod left_overs;
pub(super) mod mobile_number;
pub(super) mod near_copy;
pub(super) mod number_brackets;
pub(super) mod numbering;
pub(super) mod numeral_mark;
pub(super) mod odd_character;
pub(super) mod old_identity_number;
pub(super) mod orphan_file;
pub(super) mod other_town;
pub(super) mod own_word;
pub(super) mod path_year;
pub(super) mod pause_mark;
pub(super) mod photo_place;
pub(super) mod placeholder;
pub(super) mod plan_year;
pub(super) mod private_column;
pub(super) mod prose_figures;
pub(super) mod published_before_made;
pub(super) mod published_late;
pub(super) mod revisions;
pub(super) mod signature_date;
pub(super) mod stale_column;
pub(super) mod statutory_tables;
pub(super) mod table_sums;
pub(super) mod title_mark;
pub(super) mod title_year;
pub(super) mod unconfirmed;
pub(super) mod unpaired;
pub(super) mod unreadable_file;
pub(super) mod wrong_body;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use crate::check::rule::{Findings, Rule, Subject};
    use crate::config::Config;
    use crate::model::document::FrontMatter;
    use crate::source::Clock;

    /// What one rule finds in a body, and what it puts in its place; it must not find more than one thing.
    pub(super) fn only(body: &str, rule: &Rule) -> (Option<String>, Option<String>) {
        let path: Arc<str> = "a.md".into();
        let config = Config::read(&path, "name: a\n").value.expect("a site");
        let structure = crate::markdown::structure(body, 0);
        let subject = Subject {
            path: &path,
            text: body,
            body: 0,
            head: &FrontMatter::default(),
            kind: config.kinds.last().expect("there are kinds"),
            structure: &structure,
            clock: Clock::fixed(date(2026, 1, 15)),
            contents: None,
        };
        let mut findings = Findings::default();
        findings.of(rule.code, rule.severity);
        (rule.look)(&subject, &mut findings);
        assert!(findings.found.len() < 2, "{body}: {:?}", findings.found);
        let found = findings.found.pop();
        let words = found.as_ref().and_then(|found| Some(body[found.range.clone()?].to_owned()));
        (words, found.and_then(|found| found.fix))
    }
}
