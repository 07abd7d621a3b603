//! What only the site as a whole can tell: files that nobody names, columns without news, links to headings of other
//! pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Outside, Reviewer, lock};
use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Place, Severity, codes};
use crate::error::Result;
use crate::front_matter::place_of;
use crate::model::catalogue::ReportId;
use crate::model::kind::KindId;
use crate::prepare::Memory;
use crate::source::source_text;
use crate::{links, text};

/// A link to a heading of another page.
pub(super) struct Anchor {
    to: ReportId,
    fragment: String,
    place: Place,
}

/// Keeps the links of a document that cannot be judged from its own text.
pub(super) fn links(reviewer: &Reviewer<'_>, id: ReportId, subject: &Subject<'_>) {
    for link in &subject.structure.links {
        let place = || Place::new(subject.path, subject.text, link.range.clone());
        if links::has_scheme(&link.target) {
            let is_web = link.target.starts_with("http://") || link.target.starts_with("https://");
            if reviewer.visit.is_some() && is_web {
                lock(&reviewer.outside).push(Outside { url: link.target.clone(), place: place() });
            }
            continue;
        }
        let Some((path, fragment)) = link.target.split_once('#') else { continue };
        let source = links::resolve(subject.path, path);
        let to = source.and_then(|source| reviewer.prepared.catalogue.by_source.get(source.as_str()).copied());
        let is_open = |to: ReportId| to != id && !reviewer.prepared.catalogue.is_sealed(to);
        if let Some(to) = to.filter(|&to| is_open(to) && !fragment.is_empty()) {
            lock(&reviewer.anchors).push(Anchor { to, fragment: fragment.to_owned(), place: place() });
        }
    }
}

/// Links to headings that their page does not have. Only pages that are linked so are looked at again; those of sealed
/// years are not.
pub(super) fn anchors(reviewer: &Reviewer<'_>) -> Result<Vec<Diagnostic>> {
    let mut by_page: BTreeMap<ReportId, Vec<Anchor>> = BTreeMap::new();
    for anchor in std::mem::take(&mut *lock(&reviewer.anchors)) {
        by_page.entry(anchor.to).or_default().push(anchor);
    }
    let Some(severity) = reviewer.criteria.weight(codes::BROKEN_LINK, Severity::Warning) else { return Ok(Vec::new()) };
    let renderer = reviewer.prepared.renderer(reviewer.site);
    let mut found = Vec::new();
    for (id, anchors) in by_page {
        let path = &reviewer.prepared.catalogue.report(id).document.path;
        let bytes = reviewer.site.disk.read(&reviewer.site.folder.join(&**path))?;
        let Ok(text) = source_text(path, &bytes) else { continue };
        let has = renderer.headings(id, &text.value);
        for Anchor { fragment, place, .. } in anchors.into_iter().filter(|anchor| !has(&anchor.fragment)) {
            let message = text!("{path} 没有 `{fragment}` 这个标题", "{path} has no heading `{fragment}`");
            let fault = Diagnostic { severity, ..Diagnostic::warning(codes::BROKEN_LINK, message) };
            found.push(fault.at(place).help(text!(
                "标题的地址是它的拼音；打开那一页，从目录里复制",
                "a heading's address is its pinyin; open that page and copy it from the contents"
            )));
        }
    }
    Ok(found)
}

/// Files that no document names. Where a document has an error, nobody knows what it names.
pub(super) fn orphans(reviewer: &Reviewer<'_>, memory: &Memory) -> Vec<Diagnostic> {
    let Some(severity) = reviewer.criteria.weight_of(codes::ORPHAN_FILE) else { return Vec::new() };
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let unknown: Vec<String> = reviewer.prepared.faulty.iter().map(|path| folder(path)).collect();
    let orphans = memory.orphans().into_iter().filter(|file| !unknown.iter().any(|folder| file.starts_with(&**folder)));
    let fault = |file: Arc<str>| {
        let message = text!("没有报告用到 {file}，它不会公开", "no report names {file}, so it is not published");
        let fault = Diagnostic { severity, ..Diagnostic::warning(codes::ORPHAN_FILE, message) };
        fault.at(Place::file(&file)).help(text!(
            "写进报告的 attachments，或者删去这个文件",
            "name it under attachments of its report, or delete it"
        ))
    };
    orphans.map(fault).collect()
}

/// Kinds, of those that are asked for, in which nothing new has been published for longer than the settings allow.
pub(super) fn stale(reviewer: &Reviewer<'_>, is_asked_for: impl Fn(KindId) -> bool) -> Result<Vec<Diagnostic>> {
    let Some(severity) = reviewer.criteria.weight_of(codes::STALE_COLUMN) else { return Ok(Vec::new()) };
    let (catalogue, today) = (&reviewer.prepared.catalogue, reviewer.site.clock.today());
    let mut found = Vec::new();
    for (id, kind, reports) in catalogue.kinds_in_use() {
        let Some(days) = kind.update_every.filter(|_| is_asked_for(id)) else { continue };
        let dated = reports.iter().map(|&id| {
            let head = &catalogue.report(id).document.head;
            (head.published.map_or(head.date, |published| published.date()), id)
        });
        let Some((newest, id)) = dated.max_by_key(|&(day, id)| (day, std::cmp::Reverse(id))) else { continue };
        let age = newest.until(today).map_or(0, |span| span.get_days());
        if age <= i32::from(days) {
            continue;
        }
        let document = &catalogue.report(id).document;
        // Of a sealed report nothing is known but what its seal says.
        let bytes = match catalogue.is_sealed(id) {
            true => Vec::new(),
            false => reviewer.site.disk.read(&reviewer.site.folder.join(&*document.path))?,
        };
        let key = if document.head.published.is_some() { "published" } else { "date" };
        let place = match source_text(&document.path, &bytes) {
            Ok(text) => place_of(&document.path, &text.value, key),
            Err(_) => Place::file(&document.path),
        };
        let name = &kind.name;
        let message = text!(
            "“{name}”已有 {age} 天没有更新，最近一份是这份；应在 {days} 天内更新",
            "nothing new in {name} for {age} days, this being the last; there should be something every {days} days"
        );
        let fault = Diagnostic { severity, ..Diagnostic::warning(codes::STALE_COLUMN, message) };
        found.push(fault.at(place).help(text!(
            "公开新的内容；确实没有的，在 site.yaml 里调整这一类的 update_every",
            "publish what is new; where there is nothing, change update_every of this kind in site.yaml"
        )));
    }
    Ok(found)
}
