//! The files of the site's search. They come from the text of all reports together, so that they are made all at
//! once, when a reader searches for the first time after a change, and stay in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::Bytes;
use rayon::prelude::*;

use super::preview::{Preview, Shown};
use crate::config::Config;
use crate::diagnostic::codes;
use crate::error::Result;
use crate::model::page::{Page, Recipe};
use crate::prepare::{Prepared, Site};
use crate::render::Renderer;
use crate::search::{self, Indexer};
use crate::source::MemoryDisk;

/// The index of the search, as it was made last.
#[derive(Default)]
pub struct Searched {
    made: Mutex<Made>,
}

/// All files of an index, and the number of the state and the settings that they were made from.
#[derive(Default)]
struct Made {
    number: u64,
    config: Option<Arc<Config>>,
    files: BTreeMap<String, Bytes>,
}

/// What came of asking for a file of the search.
pub enum Found {
    /// The file, or that there is none of that name.
    File(Option<Bytes>),
    /// The source at this path is another than the one that is shown.
    Outdated(String),
}

/// Whether an address is one at which the search has its files.
pub fn has(file: &str) -> bool {
    file.starts_with(search::FOLDER)
}

impl Searched {
    /// One file of the search, as the site is shown now. A reader who has begun with an older index finds the rest of
    /// that one until somebody begins anew: all files but the first bear a hash of what they are made from.
    pub fn file(&self, preview: &Preview, shown: &Shown, prepared: &Prepared, file: &str) -> Found {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let same_settings = made.config.as_ref().is_some_and(|config| Arc::ptr_eq(config, &prepared.config));
        let has = same_settings && file != search::ROOT && made.files.contains_key(file);
        if made.number < shown.number && !has {
            match index(&preview.site(), prepared) {
                Ok(Ok(files)) => {
                    *made = Made { number: shown.number, config: Some(prepared.config.clone()), files };
                }
                Ok(Err(path)) => return Found::Outdated(path),
                // A source that cannot be read any more is gone, which the next look finds too.
                Err(error) => {
                    let path = error.path().strip_prefix(preview.folder()).unwrap_or(error.path());
                    return Found::Outdated(path.to_string_lossy().into_owned());
                }
            }
        }
        Found::File(made.files.get(file).cloned())
    }
}

/// All files of the search, or the source that is another than the one that is shown. Other threads than those that
/// follow the saves do the work, so that a save does not wait for it.
fn index(site: &Site<'_>, prepared: &Prepared) -> Result<std::result::Result<BTreeMap<String, Bytes>, String>> {
    match rayon::ThreadPoolBuilder::new().build() {
        Ok(own) => own.install(|| index_here(site, prepared)),
        Err(_) => index_here(site, prepared),
    }
}

fn index_here(site: &Site<'_>, prepared: &Prepared) -> Result<std::result::Result<BTreeMap<String, Bytes>, String>> {
    let files = Mutex::new(BTreeMap::new());
    if !prepared.config.search {
        return Ok(Ok(BTreeMap::new()));
    }
    let put = |address: &str, bytes: &[u8]| {
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(address.to_owned(), Bytes::copy_from_slice(bytes));
        Ok(())
    };
    let plan = search::Plan::of(&prepared.catalogue, &|id| prepared.text(site, id))?;
    // What a large index cannot hold at once waits in memory too: a preview leaves nothing on the disk.
    let scratch = MemoryDisk::new();
    let indexer = Indexer::new(&scratch, "search".into(), &put, plan);
    let listener = |id, html: &str| indexer.add(id, html);
    let renderer = Renderer { listener: Some(&listener), ..prepared.renderer(site) };
    let reports = indexer.order(&prepared.pages).into_par_iter().map(|number| &prepared.pages[number]);
    let reports = reports.filter(|page| matches!(page.recipe, Recipe::Report(_)));
    let outdated = reports.map_init(Vec::new, |bytes, page| is_outdated(prepared, page, &renderer, bytes));
    let outdated = outdated.find_any(|found| !matches!(found, Ok(None)));
    if let Some(path) = outdated.transpose()?.flatten() {
        return Ok(Err(path));
    }
    indexer.finish()?;
    Ok(Ok(files.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// Makes a page for the sake of its text; gives the path of its source where that is another than the one that is
/// shown. One that is faulty is so by right, and its page is found by its title.
fn is_outdated(
    prepared: &Prepared,
    page: &Page,
    renderer: &Renderer<'_>,
    bytes: &mut Vec<u8>,
) -> Result<Option<String>> {
    let source = prepared.owner(page);
    let is_faulty = || prepared.faulty.iter().any(|faulty| **faulty == *source);
    let faults = match renderer.render(page, bytes) {
        Err(_) if is_faulty() => return Ok(None),
        faults => faults?,
    };
    let outdated = faults.iter().any(|fault| fault.code == codes::CHANGED_MEANWHILE) && !is_faulty();
    Ok(outdated.then(|| source.to_owned()))
}
