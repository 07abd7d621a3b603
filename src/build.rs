//! The whole road on one screen: prepare (discover → take in → catalogue → plan) → render → write.
//!
//! Only this file and [`crate::prepare`] name the stages. Stages hand each other values and never call back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};
use crate::discover::Sources;
use crate::error::Result;
use crate::model::sealed::SealedYear;
use crate::model::structure::Structure;
use crate::output::{Change, Output, Written};
pub use crate::prepare::Progress;
use crate::prepare::{Hint, Inputs, Memory, Site};
use crate::record::{self, Record, seen};
use crate::render::{Renderer, theme};
use crate::review::Reviewer;
use crate::seal::{place, seal_file};
use crate::search;
use crate::source::{Clock, Disk, EntryKind, Stamp};

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
    /// The files that it left, as [`Record::written`] has them.
    pub written: Vec<Written>,
    /// Hash of everything that it was made from, as far as it came to that.
    pub key: Option<[u8; 32]>,
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
    /// Files of sealed years that were put into the output.
    pub placed: usize,
}

/// Builds a site.
pub fn build(request: &Request<'_>, progress: &dyn Progress) -> Result<Outcome> {
    let Request { disk, site: folder, out, base_url, clock, .. } = *request;
    let site = Site { disk, folder, base_url, clock };
    let mut noticed = Vec::new();

    // 1. What there is: settings, theme, sources. Meanwhile another core looks whether the last build's files lie there
    // as it left them: where nothing has changed, these two are all that there is to do.
    let (mut memory, moment) = (Memory::default(), Clock::moment());
    let untouched = || record::load(disk, folder, out).filter(|last| Output::is_untouched(disk, out, &last.written));
    let looked = || match same_sources(request)? {
        Some((key, _)) => Ok((Some(key), None)),
        None => Ok((None, Some(memory.look(&site, Hint::Anything)?))),
    };
    let (looked, remembered): (Result<_>, _) = rayon::join(looked, untouched);
    let (same, looked) = looked?;
    let again = |last: Record| built(Record { summary: Summary { written: 0, removed: 0, ..last.summary }, ..last });
    let remembered = match remembered {
        Some(last) if same == Some(last.key) => return Ok(again(last)),
        other => other,
    };
    let looked = looked.map_or_else(|| memory.look(&site, Hint::Anything), Ok)?;
    let Some(inputs) = looked.take_into(&mut noticed) else { return Ok(stopped(noticed)) };
    let digest = digest(request, &inputs.sources);
    let key = key(request, &inputs, &digest);
    seen::take_down(disk, folder, (&inputs.sources, moment), digest);
    if let Some(last) = remembered.filter(|last| last.key == key) {
        return Ok(again(last));
    }

    // 2. Each source on its own, 3. all together, 4. which pages they make.
    let Some(prepared) = memory.prepare(&site, inputs, progress)?.take_into(&mut noticed) else {
        return Ok(stopped(noticed));
    };
    let renderer = prepared.renderer(&site);
    noticed.extend(prepared.rehearse(&renderer)?);
    let mut output = Output::open(disk, out)?;
    let (catalogue, faulty) = (&prepared.catalogue, &prepared.faulty);
    let pages = prepared.pages_to_make();
    let mut owners: BTreeMap<&str, &str> =
        pages.iter().map(|page| (page.address.as_str(), prepared.owner(page))).collect();
    let source = |id| prepared.text(&site, id);
    let searched = if prepared.config.search { search::Plan::of(catalogue, &source)? } else { search::Plan::default() };
    let searched_files = searched.addresses();
    owners.extend(searched_files.iter().map(|address| (address.as_str(), "")));
    let addresses: Vec<&str> = owners.keys().copied().collect();
    let foreign = output.foreign(&addresses)?;
    let stop = has_error(&foreign) || has_error(&noticed) && !(request.keep_going && prepared.is_sound(&noticed));
    noticed.extend(foreign);
    if stop {
        return Ok(stopped(noticed));
    }

    // Sealed years are put into their places once; after that no byte of them is looked at.
    let placed = match place_sealed(request, &catalogue.sealed, &mut output)? {
        Ok(placed) => placed,
        Err(faults) => {
            noticed.extend(faults);
            return Ok(stopped(noticed));
        }
    };

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
    let reviewer = Reviewer::new(&site, &prepared);
    let review = |id, text: &str, structure: &Structure, faults| reviewer.document(id, text, structure, faults);
    let wanted = prepared.config.check;
    let renderer =
        Renderer { listener: Some(&listener), reviewer: if wanted { Some(&review) } else { None }, ..renderer };
    progress.begin(pages.len());
    let order = index.order(&pages);
    let made = order.par_iter().map_init(Vec::new, |bytes, &number| {
        let page = pages[number];
        let faults = renderer.render(page, bytes)?;
        let written = if has_error(&faults) { None } else { Some(output.write(&page.address, bytes, worker())?) };
        progress.step();
        Ok((number, written, faults))
    });
    let mut made: Vec<_> = made.collect::<Result<_>>()?;
    made.sort_unstable_by_key(|&(number, ..)| number);
    // The index of the text that went by.
    index.finish()?;
    let mut found = found.into_inner().expect("no thread panics");
    found.sort_unstable_by(|(a, _), (b, _)| a.address.cmp(&b.address));
    let in_trees: BTreeSet<&str> = found.iter().map(|(file, _)| file.address.as_str()).collect();
    let keep: BTreeSet<&str> = faulty.iter().map(|path| &**path).collect();
    let mut summary = Summary {
        reports: catalogue.dated.len(),
        standing: catalogue.standing.len(),
        drafts: prepared.drafts,
        left_out: faulty.len(),
        towns: catalogue.towns.len(),
        years: catalogue.years.len(),
        removed: output.finish(&owners, &keep, &in_trees)?,
        placed,
        ..Summary::default()
    };
    let mut written: Vec<Written> = Vec::with_capacity(made.len() + 1);
    let searched = found.into_iter().map(|file| (0, Some(file), Vec::new()));
    for (_, file, faults) in made.into_iter().chain(searched) {
        noticed.extend(faults);
        if let Some((file, change)) = file {
            summary.pages += 1;
            summary.bytes += file.stamp.length;
            summary.written += usize::from(change == Change::Made);
            written.push(file);
        }
    }
    for year in &catalogue.sealed {
        for version in &year.versions {
            let folder = place::base(year, version.version);
            written.push(output.seen(&format!("{folder}{}", seal_file(year.seal.year)))?);
        }
    }
    written.push(output.manifest_written()?);
    // What the rules find stops no build, however much it weighs on this site.
    let is_whole = !has_error(&noticed);
    if wanted {
        noticed.extend(reviewer.finish(&memory)?);
    }
    let record = Record { key, written, summary, diagnostics: noticed };
    if is_whole {
        // The record only makes the next build quicker: a site on a disk that cannot be written needs none.
        let _ = record::save(disk, folder, out, &record);
    }
    Ok(built(record))
}

/// The key of the last build and what it counted, where it was made from the very same and nothing else is in the output.
/// Whether its files still lie there is not looked at: the next build does. Those of sealed years no build makes, so that
/// nothing is known of a site with any.
pub fn remembered(request: &Request<'_>) -> Result<Option<([u8; 32], Summary)>> {
    let Some((key, inputs)) = same_sources(request)? else { return Ok(None) };
    let Request { disk, site, out, .. } = *request;
    let has_sealed = !inputs.sealed.is_empty() || Output::has_sealed(disk, out)?;
    Ok(record::beginning(disk, site, out).filter(|(last, _)| *last == key && !has_sealed))
}

/// The key of what there is now, if `content/` is as the last build has seen it, and all but the sources; nothing is
/// listed.
fn same_sources(request: &Request<'_>) -> Result<Option<([u8; 32], Inputs)>> {
    let Request { disk, site: folder, base_url, clock, .. } = *request;
    let Some(digest) = seen::unchanged(disk, folder) else { return Ok(None) };
    let all_but_sources = Memory::default().look(&Site { disk, folder, base_url, clock }, Hint::These(&[]))?;
    Ok(all_but_sources.value.map(|inputs| (key(request, &inputs, &digest), inputs)))
}

/// Puts the sealed years that are not in the output there, and returns how many files they have.
fn place_sealed(
    request: &Request<'_>,
    sealed: &[Arc<SealedYear>],
    output: &mut Output<'_>,
) -> Result<std::result::Result<usize, Vec<Diagnostic>>> {
    let Request { disk, site, out, .. } = *request;
    let (mut placed, mut faults) = (0, Vec::new());
    for year in sealed {
        for version in place::missing(disk, out, year)? {
            let ours = output.addresses();
            let target = place::Target { disk, site, out, is_ours: &|address| ours.contains(address) };
            match place::place(&target, year, version, &mut |label, addresses| output.release(label, addresses))? {
                Ok(files) => placed += files,
                Err(found) => faults.extend(found),
            }
        }
    }
    Ok(if faults.is_empty() { Ok(placed) } else { Err(faults) })
}

fn built(Record { key, written, summary, diagnostics }: Record) -> Outcome {
    Outcome { summary, diagnostics, built: true, written, key: Some(key) }
}

fn stopped(diagnostics: Vec<Diagnostic>) -> Outcome {
    Outcome { summary: Summary::default(), diagnostics, built: false, written: Vec::new(), key: None }
}

fn has_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|fault| fault.severity == Severity::Error)
}

/// Hash of everything that the output depends on, with that of the sources. Today is part of it, because a warning can
/// depend on it.
fn key(request: &Request<'_>, inputs: &Inputs, sources: &[u8; 32]) -> [u8; 32] {
    let Inputs { config, own_theme, sealed, .. } = inputs;
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    // Another program of the same version (one that a developer has just built) may make other pages.
    let program = std::env::current_exe().ok().and_then(|path| request.disk.stat(&path).ok().flatten());
    hasher.update(&program.unwrap_or((EntryKind::Other, Stamp::default())).1.to_bytes());
    for (path, bytes) in theme::embedded() {
        hasher.update(path.as_bytes()).update(blake3::hash(bytes).as_bytes());
    }
    hasher.update(format!("{config:?}{}{}", request.keep_going, request.clock.today()).as_bytes());
    for year in sealed.iter() {
        hasher.update(year.newest().code.as_bytes()).update(format!("{:?}", year.tokens).as_bytes());
    }
    add_stamped(request, own_theme.iter().map(|(path, stamp)| (path, stamp)), &mut hasher);
    *hasher.update(sources).finalize().as_bytes()
}

/// Hash of all sources as they look.
fn digest(request: &Request<'_>, sources: &Sources) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let documents = sources.documents.iter().map(|(path, stamp)| (path, stamp));
    add_stamped(request, documents.chain(&sources.files), &mut hasher);
    *hasher.finalize().as_bytes()
}

fn add_stamped<'a>(
    request: &Request<'_>,
    stamped: impl Iterator<Item = (&'a Arc<str>, &'a Stamp)>,
    hasher: &mut blake3::Hasher,
) {
    for (path, stamp) in stamped {
        hasher.update(path.as_bytes()).update(&stamp.to_bytes());
        if !stamp.is_precise() {
            // Nothing that the file system says of this file proves that it is the same: never the same key.
            hasher.update(
                &blake3::hash(&request.disk.read(&request.site.join(&**path)).unwrap_or_default()).as_bytes()[..],
            );
        }
    }
}
