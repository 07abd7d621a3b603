//! Sealed years in the inventory: their reports come from the seals, and no other report may be about such a year.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Sourced;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, codes};
use crate::error::Result;
use crate::model::catalogue::Town;
use crate::model::document::Document;
use crate::model::sealed::SealedYear;
use crate::{seal, text};

/// Puts the documents of sealed years to the others, and leaves those out that came to such a year later.
pub(super) fn join(
    documents: &mut Vec<Arc<Document>>,
    config: &Config,
    sealed: &[Arc<SealedYear>],
    (sourced, left_out, diagnostics): (&Sourced<'_>, &mut Vec<Arc<str>>, &mut Vec<Diagnostic>),
) -> Result<()> {
    if sealed.is_empty() {
        return Ok(());
    }
    let is_late = |document: &Arc<Document>| {
        let year = document.head.year.filter(|_| !config.kinds[usize::from(document.kind.0)].standing);
        year.is_some_and(|year| sealed.iter().any(|sealed| sealed.seal.year == year))
    };
    let (late, mut kept): (Vec<_>, Vec<_>) = std::mem::take(documents).into_iter().partition(is_late);
    for document in late {
        let (path, year) = (&document.path, document.head.year.unwrap_or_default());
        let fault = Diagnostic::error(
            codes::SEALED_YEAR,
            text!("{year}年度已归档，不能再加入 {path}", "{year} is sealed: {path} cannot join it"),
        );
        diagnostics.push(fault.at(sourced.place(&document, "year")?).help(seal::sources::how_to_mend(year)));
        left_out.push(path.clone());
    }
    let last = config.kind_called("qita").unwrap_or(config.kinds.len() - 1);
    kept.extend(seal::documents::documents(sealed, &|id| config.kind_called(id), last));
    *documents = kept;
    Ok(())
}

/// The addresses of towns as they were when years were sealed, by name; the newest seal wins.
pub(super) fn slugs(sealed: &[Arc<SealedYear>]) -> BTreeMap<&str, &str> {
    let towns = sealed.iter().flat_map(|year| &year.seal.towns);
    towns.map(|town| (town.name.as_str(), town.slug.as_str())).collect()
}

/// Names the towns whose address is another than that of their sealed pages.
pub(super) fn moved(sealed: &[Arc<SealedYear>], towns: &[Town]) -> Vec<Diagnostic> {
    let was = slugs(sealed);
    let other = |town: &Town| {
        let (name, now) = (&town.name, &town.slug);
        let slug = was.get(name.as_str()).filter(|slug| **slug != now)?;
        Some(
            Diagnostic::error(
                codes::SEALED_TOWN,
                text!(
                    "{name} 的归档页面在 {slug}/，现在的地址却是 {now}/",
                    "the sealed pages of {name} stand in {slug}/, but its address is {now}/ now"
                ),
            )
            .help(text!(
                "在 site.yaml 的 towns 里把 {name} 的 slug 写成 {slug}",
                "give {name} the slug {slug} under `towns` in site.yaml"
            )),
        )
    };
    towns.iter().filter_map(other).collect()
}
