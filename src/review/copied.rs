//! Which reports are nearly the same as another: signatures from the pass are compared, and the pairs that look alike
//! are read once more.

use rayon::prelude::*;

use super::{Reviewer, lock};
use crate::check::Subject;
use crate::check::copies::{self, Candidate};
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::markdown;
use crate::model::catalogue::ReportId;
use crate::prepare::{Prepared, Site};
use crate::source::source_text;

/// What is to be said of reports that are nearly the same as another.
pub(super) fn copied(reviewer: &Reviewer<'_>) -> Result<Vec<Diagnostic>> {
    let (site, prepared, criteria) = (reviewer.site, reviewer.prepared, &reviewer.criteria);
    let signatures = std::mem::take(&mut *lock(&reviewer.signatures));
    let (mut ids, mut candidates) = (Vec::new(), Vec::new());
    for (number, signature) in signatures.into_iter().enumerate() {
        let id = ReportId(number as u32);
        let report = prepared.catalogue.report(id);
        let head = &report.document.head;
        let (Some(signature), Some(town), Some(year)) = (signature, report.town, head.year) else { continue };
        ids.push(id);
        candidates.push(Candidate {
            path: report.document.path.clone(),
            town: town.0,
            kind: report.document.kind.0,
            year,
            day: head.published.map_or(head.date, |published| published.date()),
            signature,
        });
    }
    let pairs = copies::pairs(&candidates);
    let compared = pairs.par_iter().map(|&(copy, original)| {
        with_subject(site, prepared, ids[copy], |copy| {
            with_subject(site, prepared, ids[original], |original| Ok(copies::compare(copy, original, criteria)))
        })
    });
    let found = compared.collect::<Result<Vec<_>>>()?;
    Ok(found.into_iter().flatten().map(|finding| finding.diagnostic).collect())
}

/// What is to be said of one report that is nearly the same as last year's of its own town. To look at other towns, all
/// of their reports would have to be read.
pub(super) fn with_last_year(reviewer: &Reviewer<'_>, id: ReportId, copy: &Subject<'_>) -> Result<Vec<Diagnostic>> {
    let (site, prepared, criteria) = (reviewer.site, reviewer.prepared, &reviewer.criteria);
    let catalogue = &prepared.catalogue;
    let report = catalogue.report(id);
    let (Some(town), Some(year), true) = (report.town, copy.head.year, copies::signature(copy).is_some()) else {
        return Ok(Vec::new());
    };
    let before = catalogue.town(town).years.iter().filter(|group| group.year == year - 1);
    let is_alike =
        |&id: &ReportId| catalogue.report(id).document.kind == report.document.kind && !catalogue.is_sealed(id);
    let mut found = Vec::new();
    for original in before.flat_map(|group| group.reports.iter().copied()).filter(is_alike) {
        let compared =
            with_subject(site, prepared, original, |original| Ok(copies::compare(copy, original, criteria)))?;
        found.extend(compared.into_iter().map(|finding| finding.diagnostic));
    }
    Ok(found)
}

/// Reads a document and takes it apart; one that was destroyed meanwhile gives nothing.
fn with_subject<T: Default>(
    site: &Site<'_>,
    prepared: &Prepared,
    id: ReportId,
    look: impl FnOnce(&Subject<'_>) -> Result<T>,
) -> Result<T> {
    let catalogue = &prepared.catalogue;
    let document = &catalogue.report(id).document;
    let bytes = site.disk.read(&site.folder.join(&*document.path))?;
    let Ok(text) = source_text(&document.path, &bytes) else { return Ok(T::default()) };
    let structure = markdown::structure(&text.value, document.body);
    look(&Subject {
        path: &document.path,
        text: &text.value,
        body: document.body,
        head: &document.head,
        kind: catalogue.kind(document.kind),
        structure: &structure,
        clock: site.clock,
        contents: None,
    })
}
