//! The site as it is shown: the last good state, what is wrong with the present one, and how it got there.
//!
//! [`Preview::look`] runs the road as far as the plan, with everything remembered that has not changed;
//! [`Preview::show`] lets readers see what came of it. Between the two a save that is still going on can be waited
//! for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity, Text, cause, codes};
use crate::error::{Error, Result};
use crate::model::catalogue::{Catalogue, ReportId};
use crate::prepare::{Hint, Memory, Prepared, Progress, Site};
use crate::render::theme::Theme;
use crate::source::{Clock, Disk};

/// How many attachments and images with new bytes are remembered.
const FILES: usize = 256;

/// Which site is shown.
pub struct Subject {
    /// Where files are read.
    pub disk: Arc<dyn Disk>,
    /// The folder with site.yaml.
    pub folder: PathBuf,
    /// Takes the place of `base_url` in site.yaml.
    pub base_url: Option<String>,
    /// Says what day it is.
    pub clock: fn() -> Clock,
}

/// A site while it is edited.
pub struct Preview {
    subject: Subject,
    work: Mutex<Work>,
    shown: RwLock<Arc<Shown>>,
}

/// What only the one who looks for changes needs.
#[derive(Default)]
struct Work {
    memory: Memory,
    rehearsed: Option<Rehearsed>,
    /// The last look, until it is shown.
    draft: Option<Draft>,
    /// Whether the last look broke off, so that the next must look at everything.
    broke_off: bool,
}

/// What a rehearsal found, and of which theme and settings.
struct Rehearsed {
    theme: Arc<Theme>,
    config: Arc<Config>,
    faults: Vec<Diagnostic>,
}

/// What a look came to.
#[derive(Default)]
struct Draft {
    prepared: Option<Prepared>,
    faults: Vec<Diagnostic>,
    machine: Option<Text>,
    changed: Vec<Arc<str>>,
    files: Vec<Arc<str>>,
    /// Files of the site's own theme with nothing in them.
    empty: Vec<Arc<str>>,
}

/// What a look found, for the one who decides whether to show it at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Everything is as it was shown last.
    Nothing,
    /// There is something new, and no more is wrong or missing than before.
    Better,
    /// Something is wrong that was not before, or is gone or emptied: perhaps a save that is not finished.
    Worse,
}

/// What readers see.
#[derive(Default)]
pub struct Shown {
    /// Counts what was shown, from 1.
    pub number: u64,
    /// The last good state; none before there was one.
    pub prepared: Option<Prepared>,
    /// Everything that was noticed in the present state.
    pub faults: Vec<Diagnostic>,
    /// What the machine could not do.
    pub machine: Option<Text>,
    /// Files of the site's own theme with nothing in them.
    pub empty: Vec<Arc<str>>,
    /// Where pages went that had another address before.
    pub moved: BTreeMap<String, String>,
    /// The page of the report that was edited last, and the number under which it was shown.
    pub edited: Option<(u64, String)>,
    /// Attachments and images with new bytes, and the number under which they were shown.
    pub files: Vec<(u64, String)>,
}

impl Preview {
    /// A preview that has not looked yet.
    pub fn new(subject: Subject) -> Self {
        Self { subject, work: Mutex::default(), shown: RwLock::default() }
    }

    /// Where the site's files lie.
    pub fn folder(&self) -> &Path {
        &self.subject.folder
    }

    /// Through what they are read.
    pub fn disk(&self) -> &dyn Disk {
        &*self.subject.disk
    }

    /// What is shown now.
    pub fn shown(&self) -> Arc<Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What pages are rendered with.
    pub fn site(&self) -> Site<'_> {
        let Subject { disk, folder, base_url, clock } = &self.subject;
        Site { disk: &**disk, folder, base_url: base_url.as_deref(), clock: clock() }
    }

    /// Looks for changes; nobody sees yet what was found.
    pub fn look(&self, hint: Hint<'_>) -> Found {
        let mut work = self.work();
        let before = work.draft.take();
        let hint = if work.broke_off { Hint::Anything } else { hint };
        let looked = self.draft(&mut work, hint);
        work.broke_off = looked.is_err();
        let mut draft = looked.unwrap_or_else(|error| Draft::of_machine(&error));
        // What an earlier look found that was not shown is part of this one.
        if let Some(before) = before {
            draft.changed.splice(0..0, before.changed);
            draft.files.splice(0..0, before.files);
        }
        let found = draft.against(&self.shown(), &work.memory);
        work.draft = Some(draft);
        found
    }

    /// Shows what the last look found, and says whether there was anything.
    pub fn show(&self) -> bool {
        let mut work = self.work();
        let Some(draft) = work.draft.take() else { return false };
        work.memory.news = Default::default();
        let before = self.shown();
        let next = draft.after(&before);
        drop(work);
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *shown, Arc::new(next));
        drop(shown);
        // To let go of a hundred thousand reports takes longer than to show one; nobody has to wait for that.
        std::thread::spawn(move || drop((before, old)));
        true
    }

    fn draft(&self, work: &mut Work, hint: Hint<'_>) -> Result<Draft> {
        let site = self.site();
        let mut faults = Vec::new();
        let inputs = work.memory.look(&site, hint)?.take_into(&mut faults);
        let own_theme = inputs.as_ref().map(|inputs| inputs.own_theme.as_slice()).unwrap_or_default();
        let empty = own_theme.iter().filter(|(_, stamp)| stamp.length == 0).map(|(path, _)| path.clone()).collect();
        let prepared = match inputs {
            Some(inputs) => work.memory.prepare(&site, inputs, &Silent)?.take_into(&mut faults),
            None => None,
        };
        if let Some(prepared) = &prepared {
            faults.extend(work.rehearse(prepared, &site)?);
        }
        let sound = prepared.as_ref().is_some_and(|prepared| prepared.is_sound(&faults));
        let first = self.shown().prepared.is_none();
        let files = match hint {
            Hint::These(paths) => paths.iter().map(|path| path.as_str().into()).collect(),
            Hint::Anything => Vec::new(),
        };
        let changed = work.memory.news.changed.clone();
        Ok(Draft { prepared: prepared.filter(|_| sound || first), faults, changed, files, empty, ..Draft::default() })
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Work {
    /// Tries every template once when theme or settings are new, or were faulty.
    fn rehearse(&mut self, prepared: &Prepared, site: &Site<'_>) -> Result<Vec<Diagnostic>> {
        let known = self.rehearsed.as_ref().filter(|last| {
            last.faults.is_empty()
                && Arc::ptr_eq(&last.theme, &prepared.theme)
                && Arc::ptr_eq(&last.config, &prepared.config)
        });
        if known.is_some() {
            return Ok(Vec::new());
        }
        let mut faults = prepared.rehearse(&prepared.renderer(site))?;
        // That the text of a page is newer than the look is no fault of the theme.
        faults.retain(|fault| fault.code != codes::CHANGED_MEANWHILE);
        let (theme, config) = (prepared.theme.clone(), prepared.config.clone());
        self.rehearsed = Some(Rehearsed { theme, config, faults: faults.clone() });
        Ok(faults)
    }
}

impl Draft {
    fn of_machine(error: &Error) -> Self {
        Self { machine: Some(cause::of_machine(error)), ..Self::default() }
    }

    fn against(&self, shown: &Shown, memory: &Memory) -> Found {
        let is_new = |fault: &&Diagnostic| !shown.faults.contains(fault);
        let errors = self.faults.iter().filter(|fault| fault.severity == Severity::Error);
        let stopped = self.machine.is_some() && shown.machine.is_none();
        // A template cut to nothing is no fault, but its pages would be bare until the rest of the save is there.
        let emptied = self.empty.iter().any(|path| !shown.empty.contains(path));
        if stopped || emptied || !memory.news.gone.is_empty() || errors.clone().any(|fault| is_new(&fault)) {
            return Found::Worse;
        }
        let same_pages = match (&self.prepared, &shown.prepared) {
            (Some(now), Some(before)) => now.is_same(before),
            (now, _) => now.is_none(),
        };
        let same_files = !self.files.iter().any(|path| address_of_file(self.prepared.as_ref(), path).is_some());
        let same = same_pages && same_files && self.changed.is_empty();
        if same && self.faults == shown.faults && self.machine == shown.machine {
            Found::Nothing
        } else {
            Found::Better
        }
    }

    /// The next state that readers see.
    fn after(self, before: &Shown) -> Shown {
        let number = before.number + 1;
        let mut moved = before.moved.clone();
        let mut edited = before.edited.clone();
        let mut files = before.files.clone();
        if let Some(now) = &self.prepared {
            if let Some(before) = &before.prepared {
                moved.extend(removals(&before.catalogue, &now.catalogue));
                moved.retain(|from, _| now.page(from).is_none());
            }
            let address =
                |path: &Arc<str>| Some(now.catalogue.report(*now.catalogue.by_source.get(path)?).address.clone());
            if let (Some(address), true) = (self.changed.iter().rev().find_map(address), before.number > 0) {
                edited = Some((number, address));
            }
            let found = self.files.iter().filter_map(|path| address_of_file(Some(now), path));
            files.extend(found.map(|address| (number, address.to_owned())));
            // An open page hears of each new state, so that only the newest are ever asked for.
            files.drain(..files.len().saturating_sub(FILES));
        }
        let prepared = self.prepared.or_else(|| before.prepared.clone());
        Shown { number, prepared, faults: self.faults, machine: self.machine, empty: self.empty, moved, edited, files }
    }
}

fn address_of_file<'a>(prepared: Option<&'a Prepared>, path: &str) -> Option<&'a str> {
    prepared?.catalogue.files.get(path).map(|file| file.address.as_str())
}

/// Old and new addresses of reports that went elsewhere: those whose source has another address now, and those
/// whose source is gone while a new one has the same bytes.
fn removals(before: &Arc<Catalogue>, now: &Arc<Catalogue>) -> Vec<(String, String)> {
    if before.has_numbers_of(now) {
        return Vec::new();
    }
    let address = |catalogue: &Catalogue, id: ReportId| catalogue.report(id).address.clone();
    let mut gone = BTreeMap::new();
    let mut moved = Vec::new();
    for (_, report) in before.reports() {
        match now.by_source.get(&report.document.path) {
            Some(&id) if now.report(id).address != report.address => {
                moved.push((report.address.clone(), address(now, id)));
            }
            Some(_) => {}
            None => {
                gone.insert(report.document.hash, report.address.clone());
            }
        }
    }
    if !gone.is_empty() {
        let new = now.reports().map(|(_, report)| report);
        let new = new.filter(|report| !before.by_source.contains_key(&report.document.path));
        moved.extend(new.filter_map(|report| Some((gone.remove(&report.document.hash)?, report.address.clone()))));
    }
    moved
}

/// Nobody watches a preview read its sources.
struct Silent;

impl Progress for Silent {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
}
