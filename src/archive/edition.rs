//! One year of a site as it will stand for ever: its pages rendered with a head of their own, its own copies of the
//! theme's files, its own search, catalogue and site map. Written into the folder of a version, not yet sealed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use rayon::prelude::*;

use super::leans;
use crate::catalogue::catalogue;
use crate::diagnostic::{Checked, Diagnostic, Place, Severity, codes};
use crate::discover::Sources;
use crate::error::Result;
use crate::model::catalogue::Catalogue;
use crate::model::document::Document;
use crate::model::page::{Page, Recipe};
use crate::model::sealed::{SealedFile, SealedPage, SealedReport, SealedSearch, SealedTown, home};
use crate::plan;
use crate::prepare::{Prepared, Progress, Site};
use crate::render::{Renderer, Sealing, Shared, Within};
use crate::seal::digest::{Digest, digest, sha256};
use crate::seal::documents::record;
use crate::search;
use crate::source::{Disk, EntryKind};
use crate::text;

/// What was rendered, and what a seal says of it.
pub(super) struct Edition {
    /// The day of the newest report.
    pub as_of: Date,
    /// Every file that was written, by its path below the version's folder.
    pub digests: BTreeMap<String, Digest>,
    /// Folders that are the year's alone.
    pub folders: Vec<String>,
    /// What it was made from.
    pub sources: Vec<SealedFile>,
    /// Towns with reports.
    pub towns: Vec<SealedTown>,
    /// The reports.
    pub reports: Vec<SealedReport>,
    /// HTML pages.
    pub pages: Vec<SealedPage>,
    /// The segment of the search.
    pub search: Option<SealedSearch>,
}

/// Renders a year into `folder`. Nothing where the site has no report of that year, or something is wrong.
pub(super) fn write(
    site: &Site<'_>,
    (prepared, sources): (&Prepared, &Sources),
    year: i16,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<Checked<Option<Edition>>> {
    let disk = site.disk;
    let group = prepared.catalogue.years.iter().find(|group| group.year == year);
    let Some(group) = group else {
        let fault = Diagnostic::error(
            codes::NO_REPORTS,
            text!("{year}年度没有报告，无可归档", "there is no report about {year} to seal"),
        );
        return Ok(Checked::new(None, vec![fault]));
    };
    let documents: Vec<Arc<Document>> =
        group.reports.iter().map(|&id| prepared.catalogue.report(id).document.clone()).collect();
    let mut noticed = shared_files(prepared, year, &documents);
    let as_of = documents.iter().map(newest_day).max().expect("a year in the catalogue has a report");
    let config = &prepared.config;
    let own = catalogue(disk, site.folder, config, sources, &[], documents.clone())?.take_into(&mut noticed);
    let theme = prepared.theme.in_folder(&home(year));
    let assets: Vec<String> = theme.assets.iter().map(|asset| asset.address.clone()).collect();
    let pages = plan::sealed_year(&own, year, &assets, config).take_into(&mut noticed);
    let shared = Shared::new(config, &own, &theme, Some(Sealing { year, as_of })).take_into(&mut noticed);
    let Some(shared) = shared.filter(|_| !has_error(&noticed)) else { return Ok(Checked::new(None, noticed)) };

    clear(disk, folder)?;
    let digests = Mutex::new(BTreeMap::new());
    let put = |address: &str, bytes: &[u8]| {
        let path = folder.join(address);
        let worker = rayon::current_thread_index().unwrap_or(0);
        disk.write_whole(&path, bytes, &folder.join(format!(".gongkai-tmp-{worker}")))?;
        digests.lock().expect("no thread panics").insert(address.to_owned(), digest(bytes));
        Ok(())
    };
    let in_year = |address: &str, bytes: &[u8]| put(&format!("{}{address}", home(year)), bytes);
    let plan = match config.search {
        true => search::Plan::of_year(&own, "../../".to_owned()),
        false => search::Plan::default(),
    };
    let index = search::Indexer::new(disk, folder.join(".gongkai-search"), &in_year, plan);
    let listener = |id, html: &str| index.add(id, html);
    let within = Within { year, catalogue: &prepared.catalogue, pages: &prepared.pages };
    let renderer = Renderer {
        disk,
        site: site.folder,
        config,
        catalogue: &own,
        theme: &theme,
        pages: &pages,
        shared: &shared,
        listener: Some(&listener),
        reviewer: None,
        within: Some(within),
        clock: site.clock,
    };
    let addresses: BTreeSet<&str> = pages.iter().map(|page| page.address.as_str()).collect();
    progress.begin(pages.len());
    let made = pages.par_iter().map_init(Vec::new, |bytes, page| {
        let mut faults = renderer.render(page, bytes)?;
        let outside = leans::outside(&page.address, bytes, &addresses);
        faults.extend(outside.iter().map(|target| leaning(&own, page, target)));
        if !has_error(&faults) {
            put(&page.address, bytes)?;
        }
        progress.step();
        Ok(faults)
    });
    let made: Vec<Vec<Diagnostic>> = made.collect::<Result<_>>()?;
    let kept = index.finish()?;
    noticed.extend(made.into_iter().flatten());
    if has_error(&noticed) {
        clear(disk, folder)?;
        return Ok(Checked::new(None, noticed));
    }
    let digests = digests.into_inner().expect("no thread panics");
    let edition = Edition {
        as_of,
        folders: folders(&digests, &prepared.pages, year),
        sources: sealed_sources(site, &own, &documents)?,
        towns: own.towns.iter().map(|town| SealedTown { name: town.name.clone(), slug: town.slug.clone() }).collect(),
        reports: own.reports().map(|(id, _)| record(&own, id)).collect(),
        pages: html_pages(&pages),
        search: kept.into_iter().next().map(|kept| SealedSearch {
            name: kept.name,
            order: kept.reports.into_iter().map(|id| id.0).collect(),
            together: kept.together,
            units: kept.units,
            shards: kept.shards,
        }),
        digests,
    };
    Ok(Checked::new(Some(edition), noticed))
}

fn has_error(noticed: &[Diagnostic]) -> bool {
    noticed.iter().any(|fault| fault.severity == Severity::Error)
}

/// The day on which a report was made or published, whichever is later.
fn newest_day(document: &Arc<Document>) -> Date {
    let head = &document.head;
    head.published.map_or(head.date, |published| published.date().max(head.date))
}

/// Files that pages of other years need too: they would be sealed under the hands of those.
fn shared_files(prepared: &Prepared, year: i16, documents: &[Arc<Document>]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let own: BTreeSet<&Arc<str>> = documents.iter().flat_map(|document| &document.files).collect();
    let paths: BTreeSet<&Arc<str>> = documents.iter().map(|document| &document.path).collect();
    let others = prepared.catalogue.reports().map(|(_, report)| &report.document);
    for other in others.filter(|other| !paths.contains(&other.path)) {
        for file in other.files.iter().filter(|file| own.contains(file)) {
            let path = &other.path;
            let fault = Diagnostic::error(
                codes::LEANS_OUTSIDE,
                text!(
                    "{year}年度用到的 {file} 也是 {path} 用的，不能一起封存",
                    "{file}, which {year} needs, is also used by {path} and cannot be sealed"
                ),
            );
            faults.push(fault.at(Place::file(path)).help(text!(
                "复制一份文件，让两份报告各用各的",
                "make a copy of the file, so that each report has its own"
            )));
        }
    }
    faults
}

fn leaning(own: &Catalogue, page: &Page, target: &str) -> Diagnostic {
    let address = &page.address;
    let fault = Diagnostic::error(
        codes::LEANS_OUTSIDE,
        text!(
            "页面 {address} 要用 {target}，它不属于这个年度，归档后可能失效",
            "the page {address} loads {target}, which is no file of this year and may be gone one day"
        ),
    )
    .help(text!(
        "把文件放进报告旁边或主题的 assets/，地址里不要带 `?`",
        "put the file beside the report or into the theme's assets/, and no `?` into its address"
    ));
    match &page.recipe {
        Recipe::Report(id) => fault.at(Place::file(&own.report(*id).document.path)),
        _ => fault,
    }
}

/// Folders in which only files of the year lie, the uppermost of each.
fn folders(digests: &BTreeMap<String, Digest>, pages: &[Page], year: i16) -> Vec<String> {
    let own_home = home(year);
    let others: Vec<&str> = pages
        .iter()
        .map(|page| page.address.as_str())
        .filter(|address| !digests.contains_key(*address) && !address.starts_with(&own_home))
        .collect();
    let is_own = |folder: &str| {
        let within = format!("{folder}/");
        let first = others.partition_point(|address| **address < *within);
        !others.get(first).is_some_and(|address| address.starts_with(&within))
    };
    let uppermost = |path: &String| {
        path.match_indices('/').map(|(at, _)| &path[..at]).find(|folder| is_own(folder)).map(str::to_owned)
    };
    let found: BTreeSet<String> = digests.keys().filter_map(uppermost).collect();
    found.into_iter().collect()
}

/// The sources as they are on the disk now, which is as they were rendered: a report that was saved meanwhile is a fault.
fn sealed_sources(site: &Site<'_>, own: &Catalogue, documents: &[Arc<Document>]) -> Result<Vec<SealedFile>> {
    let paths: BTreeSet<&Arc<str>> = documents.iter().map(|document| &document.path).chain(own.files.keys()).collect();
    let file = |path: &&Arc<str>| {
        let bytes = site.disk.read(&site.folder.join(&***path))?;
        Ok(SealedFile { path: path.to_string(), size: bytes.len() as u64, sha256: sha256(&bytes) })
    };
    paths.iter().map(file).collect()
}

fn html_pages(pages: &[Page]) -> Vec<SealedPage> {
    let html = pages.iter().filter(|page| page.recipe.has_template());
    html.map(|page| SealedPage { address: page.address.clone(), listed: plan::is_for_search_engines(&page.recipe) })
        .collect()
}

/// Removes what a run that was broken off has left in a folder that no log names.
pub(super) fn clear(disk: &dyn Disk, folder: &Path) -> Result<()> {
    let entries = match disk.walk_all(folder) {
        Err(error) if error.is_not_found() => return Ok(()),
        entries => entries?,
    };
    for entry in entries.iter().rev() {
        match entry.kind {
            EntryKind::Folder => disk.remove_empty_folder(&folder.join(&entry.path))?,
            _ => disk.remove_file(&folder.join(&entry.path))?,
        }
    }
    Ok(())
}
