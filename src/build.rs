//! The whole road on one screen: discover → take in → catalogue → plan → render → write.
//!
//! This is the only file that names every stage. Stages hand each other values and never call back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::catalogue::catalogue;
use crate::config::{self, Config};
use crate::diagnostic::{Checked, Diagnostic, Severity, codes};
use crate::discover::{Sources, discover};
use crate::error::Result;
use crate::intake::intake;
use crate::model::catalogue::{Catalogue, ReportId};
use crate::model::kind::Column;
use crate::model::page::{Page, Recipe};
use crate::output::{Change, Output, Written};
use crate::plan::plan;
use crate::record::{self, Record};
use crate::render::{Renderer, theme};
use crate::search;
use crate::source::{Clock, Disk, EntryKind, Stamp, source_text};
use crate::text;

/// What is to be built, and where.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Where files are read and written.
    pub disk: &'a dyn Disk,
    /// The folder with site.yaml.
    pub site: &'a Path,
    /// The output folder.
    pub out: &'a Path,
    /// Takes the place of `base_url` in site.yaml.
    pub base_url: Option<&'a str>,
    /// Leave faulty reports out instead of stopping.
    pub keep_going: bool,
    /// What day it is.
    pub clock: Clock,
}

/// What came of a build.
#[derive(Debug)]
pub struct Outcome {
    /// What was counted.
    pub summary: Summary,
    /// Everything that was noticed.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the site was written.
    pub built: bool,
}

/// What a build counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Reports about a year.
    pub reports: usize,
    /// Standing pages.
    pub standing: usize,
    /// Drafts that were left out.
    pub drafts: usize,
    /// Faulty reports that were left out.
    pub left_out: usize,
    /// Towns.
    pub towns: usize,
    /// Years.
    pub years: usize,
    /// Files of the site.
    pub pages: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that were new or had new bytes.
    pub written: usize,
    /// Files of an earlier build that were removed.
    pub removed: usize,
}

/// Is told how far a build has come.
pub trait Progress: Sync {
    /// A stretch of so many steps begins.
    fn begin(&self, steps: usize);
    /// One step is done.
    fn step(&self);
}

/// Builds a site.
pub fn build(request: &Request<'_>, progress: &dyn Progress) -> Result<Outcome> {
    let Request { disk, site, out, clock, .. } = *request;
    let mut noticed = Vec::new();

    // 1. What there is: settings, theme, sources.
    let Some(config) = settings(request)?.take_into(&mut noticed) else { return Ok(stopped(noticed)) };
    let own_theme = theme::overrides(disk, site, &config.theme)?;
    let sources = discover(disk, site)?.take_into(&mut noticed);
    let key = key(request, &config, &own_theme, &sources);
    let remembered = record::load(disk, site, out);
    if let Some(last) = &remembered
        && last.key == key
        && Output::is_untouched(disk, out, &last.written)
    {
        let summary = Summary { written: 0, removed: 0, ..last.summary };
        return Ok(Outcome {
            summary,
            diagnostics: remembered.map(|last| last.diagnostics).unwrap_or_default(),
            built: true,
        });
    }

    // 2. Each source on its own, 3. all together, 4. which pages they make.
    progress.begin(sources.documents.len());
    let taken = intake(disk, site, &sources, &config, clock, &|| progress.step())?.take_into(&mut noticed);
    let (mut faulty, drafts) = (taken.faulty, taken.drafts);
    let catalogue = catalogue(disk, site, &config, &sources, taken.documents)?.take_into(&mut noticed);
    faulty.extend(catalogue.left_out.iter().cloned());
    let Some(theme) = theme::Theme::load(disk, site, &own_theme)?.take_into(&mut noticed) else {
        return Ok(stopped(noticed));
    };
    let assets: Vec<String> = theme.assets.iter().map(|asset| asset.address.clone()).collect();
    let pages = plan(&catalogue, &assets, &config).take_into(&mut noticed);
    noticed.extend(gaps(&catalogue));
    let Some(renderer) = Renderer::new(disk, site, &config, &catalogue, &theme, &pages).take_into(&mut noticed) else {
        return Ok(stopped(noticed));
    };
    noticed.extend(rehearse(&renderer, &pages)?);
    let output = Output::open(disk, out)?;
    let mut owners: BTreeMap<&str, &str> =
        pages.iter().map(|page| (page.address.as_str(), owner(&catalogue, page))).collect();
    let source = |id: ReportId| {
        let document = &catalogue.report(id).document;
        let bytes = disk.read(&site.join(&*document.path))?;
        let text = source_text(&document.path, &bytes).map(|text| text.value).unwrap_or_default();
        Ok(text.get(document.body..).unwrap_or_default().to_owned())
    };
    let searched = if config.search { search::Plan::of(&catalogue, &source)? } else { search::Plan::default() };
    let searched_files = searched.addresses();
    owners.extend(searched_files.iter().map(|address| (address.as_str(), "")));
    let addresses: Vec<&str> = owners.keys().copied().collect();
    let foreign = output.foreign(&addresses)?;
    let stop = has_error(&foreign)
        || has_error(&noticed) && !(request.keep_going && only_reports_are_faulty(&noticed, &faulty));
    noticed.extend(foreign);
    if stop {
        return Ok(stopped(noticed));
    }

    // 5. One page after the other on all cores: 6. made, written, forgotten.
    output.begin(&owners)?;
    let found = Mutex::new(Vec::new());
    let worker = || rayon::current_thread_index().unwrap_or(0);
    let put = |address: &str, bytes: &[u8]| {
        let file = output.write(address, bytes, worker())?;
        found.lock().expect("no thread panics").push(file);
        Ok(())
    };
    let index = search::Indexer::new(disk, output.search_scratch(), &put, searched);
    let listener = |id, html: &str| index.add(id, html);
    let renderer = renderer.telling(&listener);
    progress.begin(pages.len());
    let made = pages.par_iter().map_init(Vec::new, |bytes, page| {
        let faults = renderer.render(page, bytes)?;
        let written = if has_error(&faults) { None } else { Some(output.write(&page.address, bytes, worker())?) };
        progress.step();
        Ok((written, faults))
    });
    let made: Vec<_> = made.collect::<Result<_>>()?;
    // The index of the text that went by.
    drop(renderer);
    index.finish()?;
    let mut found = found.into_inner().expect("no thread panics");
    found.sort_unstable_by(|(a, _), (b, _)| a.address.cmp(&b.address));
    let in_trees: BTreeSet<&str> = found.iter().map(|(file, _)| file.address.as_str()).collect();
    let keep: BTreeSet<&str> = faulty.iter().map(|path| &**path).collect();
    let mut summary = Summary {
        reports: catalogue.dated.len(),
        standing: catalogue.standing.len(),
        drafts,
        left_out: faulty.len(),
        towns: catalogue.towns.len(),
        years: catalogue.years.len(),
        removed: output.finish(&owners, &keep, &in_trees)?,
        ..Summary::default()
    };
    let mut written: Vec<Written> = Vec::with_capacity(made.len() + 1);
    let searched = found.into_iter().map(|file| (Some(file), Vec::new()));
    for (file, faults) in made.into_iter().chain(searched) {
        noticed.extend(faults);
        if let Some((file, change)) = file {
            summary.pages += 1;
            summary.bytes += file.stamp.length;
            summary.written += usize::from(change == Change::Made);
            written.push(file);
        }
    }
    written.push(output.manifest_written()?);
    if !has_error(&noticed) {
        // The record only makes the next build quicker: a site on a disk that cannot be written needs none.
        let _ = record::save(disk, site, out, &Record { key, written, summary, diagnostics: noticed.clone() });
    }
    Ok(Outcome { summary, diagnostics: noticed, built: true })
}

fn stopped(diagnostics: Vec<Diagnostic>) -> Outcome {
    Outcome { summary: Summary::default(), diagnostics, built: false }
}

fn has_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|fault| fault.severity == Severity::Error)
}

/// Whether every error lies in a report that is left out, so that the rest of the site is sound.
fn only_reports_are_faulty(noticed: &[Diagnostic], faulty: &[Arc<str>]) -> bool {
    let errors = noticed.iter().filter(|fault| fault.severity == Severity::Error);
    let faulty: BTreeSet<&str> = faulty.iter().map(|path| &**path).collect();
    errors.into_iter().all(|fault| fault.place.as_ref().is_some_and(|place| faulty.contains(&*place.path)))
}

/// site.yaml, with what the command line puts in its place.
fn settings(request: &Request<'_>) -> Result<Checked<Option<Config>>> {
    let Checked { value: mut config, mut diagnostics } = config::load(request.disk, request.site)?;
    if let (Some(config), Some(url)) = (&mut config, request.base_url) {
        match config::base_url(url) {
            Ok(url) => config.base_url = Some(url),
            Err(why) => diagnostics.push(Diagnostic::error(codes::SITE_KEY, why)),
        }
    }
    let usable = !has_error(&diagnostics);
    Ok(Checked::new(config.filter(|_| usable), diagnostics))
}

/// Hash of everything that the output depends on. Today is part of it, because a warning can depend on it.
fn key(request: &Request<'_>, config: &Config, own_theme: &[(Arc<str>, Stamp)], sources: &Sources) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    // Another program of the same version (one that a developer has just built) may make other pages.
    let program = std::env::current_exe().ok().and_then(|path| request.disk.stat(&path).ok().flatten());
    hasher.update(&program.unwrap_or((EntryKind::Other, Stamp::default())).1.to_bytes());
    for (path, bytes) in theme::embedded() {
        hasher.update(path.as_bytes()).update(blake3::hash(bytes).as_bytes());
    }
    hasher.update(format!("{config:?}{}{}", request.keep_going, request.clock.today()).as_bytes());
    let stamped = own_theme.iter().chain(&sources.documents).map(|(path, stamp)| (path, stamp)).chain(&sources.files);
    for (path, stamp) in stamped {
        hasher.update(path.as_bytes()).update(&stamp.to_bytes());
        if !stamp.is_precise() {
            // Nothing that the file system says of this file proves that it is the same: never the same key.
            hasher.update(
                &blake3::hash(&request.disk.read(&request.site.join(&**path)).unwrap_or_default()).as_bytes()[..],
            );
        }
    }
    *hasher.finalize().as_bytes()
}

/// What the site as a whole lacks.
fn gaps(catalogue: &Catalogue) -> Vec<Diagnostic> {
    if catalogue.reports.is_empty() {
        return vec![
            Diagnostic::warning(
                codes::NO_REPORTS,
                text!("content/ 里还没有报告", "there is no report in content/ yet"),
            )
            .help(text!("用 `gongkai new` 新建一份", "`gongkai new` makes one")),
        ];
    }
    let empty = Column::ALL.into_iter().take(4).filter(|&column| catalogue.count_in(column) == 0);
    let names: Vec<String> = empty.map(|column| format!("《{}》", column.name())).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let names = names.concat();
    let warning =
        Diagnostic::warning(codes::COLUMN_EMPTY, text!("栏目{names}是空的", "nothing is in the columns {names}"));
    vec![warning.help(text!(
        "国办公开办函〔2019〕61号要求四个栏目齐全；每个栏目放一份文件到 content/",
        "国办公开办函〔2019〕61号 asks for all four columns; put a document of each into content/"
    ))]
}

/// Makes one page of every recipe before anything is written, so that a faulty template stops the build while
/// the old site still stands whole.
fn rehearse(renderer: &Renderer<'_>, pages: &[Page]) -> Result<Vec<Diagnostic>> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    let mut bytes = Vec::new();
    for page in pages {
        let name = match &page.recipe {
            recipe if !recipe.has_template() => continue,
            Recipe::Report(id) => format!("report {}", renderer.is_standing(*id)),
            recipe => format!("{recipe:?}").split('(').next().unwrap_or_default().to_owned(),
        };
        if seen.insert(name) {
            let found = renderer.render(page, &mut bytes)?;
            faults.extend(found.into_iter().filter(|fault| fault.severity == Severity::Error));
        }
    }
    Ok(faults)
}

/// The source that a page comes and goes with.
fn owner<'a>(catalogue: &'a Catalogue, page: &'a Page) -> &'a str {
    match &page.recipe {
        Recipe::Report(id) | Recipe::Redirect(id) => &catalogue.report(*id).document.path,
        Recipe::File(source) => catalogue.files.get(source).map_or("", |file| &file.owner),
        _ => "",
    }
}
