//! Reports of sealed years as documents, so that listings, feeds, search and the overview go on naming them; and the
//! other way, what `seal.json` keeps of a report.

use std::sync::Arc;

use crate::model::catalogue::{Catalogue, ReportId};
use crate::model::document::{Attachment, Document, FrontMatter};
use crate::model::kind::KindId;
use crate::model::sealed::{SealedAttachment, SealedReport, SealedYear};

/// The documents of sealed years. `kind_called` finds a kind by its short name; a report whose kind the site no longer
/// has is put to the `last` one.
pub fn documents(
    sealed: &[Arc<SealedYear>],
    kind_called: &dyn Fn(&str) -> Option<usize>,
    last: usize,
) -> Vec<Arc<Document>> {
    let of_year = |year: &Arc<SealedYear>| {
        let (number, reports) = (year.seal.year, year.seal.reports.clone());
        reports.into_iter().map(move |report| (number, report))
    };
    let document = |(year, report): (i16, SealedReport)| {
        let kind = KindId(kind_called(&report.kind).unwrap_or(last) as u16);
        let attachment = |file: &SealedAttachment| {
            let own = file.path.rsplit('/').next().unwrap_or(&file.path);
            Attachment { file: own.to_owned(), name: file.name.clone() }
        };
        let head = FrontMatter {
            title: report.title.clone(),
            town: report.town.clone(),
            year: Some(year),
            date: report.date,
            kind: Some(report.kind.clone()),
            agency: Some(report.agency.clone()),
            number: report.number.clone(),
            index: Some(report.index.clone()),
            published: report.published,
            published_has_time: report.published_has_time,
            effective: report.effective,
            repealed: report.repealed,
            summary: report.summary.clone(),
            keywords: report.keywords.clone(),
            slug: None,
            aliases: report.aliases.clone(),
            attachments: report.files.iter().take(report.attachments as usize).map(attachment).collect(),
            draft: false,
        };
        let files = report.files.iter().map(|file| file.path.as_str().into()).collect();
        let path = report.path.as_str().into();
        Arc::new(Document { path, body: 0, hash: 0, head, kind, files, sealed: Some(Arc::new(report)) })
    };
    sealed.iter().flat_map(of_year).map(document).collect()
}

/// What `seal.json` keeps of a report.
pub fn record(catalogue: &Catalogue, id: ReportId) -> SealedReport {
    let report = catalogue.report(id);
    let (document, head) = (&report.document, &report.document.head);
    let file = |(number, path): (usize, &Arc<str>)| {
        let file = catalogue.files.get(path)?;
        let name = head.attachments.get(number).and_then(|attachment| attachment.name.clone());
        Some(SealedAttachment { path: path.to_string(), address: file.address.clone(), size: file.length, name })
    };
    SealedReport {
        path: document.path.to_string(),
        address: report.address.clone(),
        index: report.index.clone(),
        agency: report.agency.clone(),
        title: head.title.clone(),
        town: report.town.map(|town| catalogue.town(town).name.clone()),
        kind: catalogue.kind(document.kind).id.clone(),
        date: head.date,
        number: head.number.clone(),
        published: head.published,
        published_has_time: head.published_has_time,
        effective: head.effective,
        repealed: head.repealed,
        summary: head.summary.clone(),
        keywords: head.keywords.clone(),
        aliases: head.aliases.clone(),
        files: document.files.iter().enumerate().filter_map(file).collect(),
        attachments: head.attachments.len() as u32,
    }
}
