//! The road of `gongkai check`: the site is prepared as for a build, then every document, attachment and image is
//! looked at by all rules. No page is made. A build lets the same [`Reviewer`] look at what it makes pages of.

mod copied;
pub mod due;
mod files;
#[cfg(feature = "net")]
pub mod online;
pub mod sheet;
mod whole;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::check::{self, Criteria, Finding, Subject, copies};
use crate::diagnostic::{Diagnostic, Place};
use crate::error::Result;
use crate::markdown;
use crate::model::catalogue::{Catalogue, ReportId};
use crate::model::structure::Structure;
use crate::prepare::{Hint, Memory, Prepared, Progress, Site};
use crate::source::source_text;

/// What came of a review.
#[derive(Debug, Default)]
pub struct Review {
    /// Everything that was noticed.
    pub diagnostics: Vec<Diagnostic>,
    /// How many documents were looked at.
    pub documents: usize,
    /// Sources that can be mended, with their mended text and the number of mendings.
    pub mendings: Vec<Mending>,
    /// How many places were mended before this look.
    pub mended: usize,
    /// The site that was looked at; empty where it could not be prepared.
    pub catalogue: Arc<Catalogue>,
    /// The only documents and files that are asked for, if not all are.
    kept: Option<BTreeSet<Arc<str>>>,
}

impl Review {
    /// The paths of all documents, in order.
    pub fn sources(&self) -> Vec<Arc<str>> {
        let mut sources: Vec<Arc<str>> =
            self.catalogue.reports().map(|(_, report)| report.document.path.clone()).collect();
        sources.sort();
        sources.retain(|path| self.kept.as_ref().is_none_or(|kept| kept.contains(path)));
        sources
    }

    /// Keeps only what concerns these documents and the files that they bring in.
    pub fn keep(&mut self, paths: &[Arc<str>]) {
        let mut kept: BTreeSet<Arc<str>> = paths.iter().cloned().collect();
        self.documents = kept.len();
        for (_, report) in self.catalogue.reports().filter(|(_, report)| paths.contains(&report.document.path)) {
            kept.extend(report.document.files.iter().cloned());
        }
        self.diagnostics.retain(|fault| fault.place.as_ref().is_some_and(|place| kept.contains(&place.path)));
        self.mendings.retain(|mending| kept.contains(&mending.path));
        self.kept = Some(kept);
    }
}

/// One source as `--fix` would write it.
#[derive(Debug)]
pub struct Mending {
    /// Path relative to the site's folder.
    pub path: Arc<str>,
    /// The whole text.
    pub text: String,
    /// How many places differ.
    pub count: usize,
}

/// A link to another host, for whoever goes and looks.
#[derive(Debug, Clone)]
pub struct Outside {
    /// Where it leads.
    pub url: String,
    /// Where it is written.
    pub place: Place,
}

/// Goes and looks at links to other hosts; says what is wrong with them.
pub type Visit<'a> = &'a (dyn Fn(&[Outside], &Criteria<'_>) -> Vec<Diagnostic> + Sync);

/// Mendings that call for other mendings come to an end long before this.
const MOST_ROUNDS: usize = 8;

/// Lets the rules look at a prepared site, document by document on any thread, and then at the site as a whole.
pub struct Reviewer<'a> {
    site: &'a Site<'a>,
    prepared: &'a Prepared,
    criteria: Criteria<'a>,
    found: Mutex<Vec<Diagnostic>>,
    /// What texts are compared by, in the order of the catalogue.
    signatures: Mutex<Vec<Option<copies::Signature>>>,
    /// Links to headings of other pages.
    anchors: Mutex<Vec<whole::Anchor>>,
    /// Links to other hosts.
    outside: Mutex<Vec<Outside>>,
    visit: Option<Visit<'a>>,
}

impl<'a> Reviewer<'a> {
    /// A reviewer that has seen nothing yet. With `visit`, links to other hosts are looked at too.
    pub fn new(site: &'a Site<'a>, prepared: &'a Prepared) -> Self {
        let criteria = Criteria::new(&prepared.config.rules, &prepared.config.words);
        let signatures = Mutex::new(vec![None; prepared.catalogue.reports().len()]);
        let (found, anchors, outside) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { site, prepared, criteria, found, signatures, anchors, outside, visit: None }
    }

    /// Looks at one document. `faults` are what was noticed of its links and its Markdown.
    pub fn document(&self, id: ReportId, text: &str, structure: &Structure, faults: Vec<Diagnostic>) {
        self.look(id, text, structure, faults);
    }

    /// Looks at one document and returns what the rules find there.
    fn look(&self, id: ReportId, text: &str, structure: &Structure, faults: Vec<Diagnostic>) -> Vec<Finding> {
        let subject = self.subject(id, text, structure);
        let findings = check::body(&subject, &self.criteria);
        let mut found = check::judged(&subject, &self.criteria, faults);
        found.extend(findings.iter().map(|finding| finding.diagnostic.clone()));
        if !found.is_empty() {
            self.add(found);
        }
        if self.criteria.weight_of(crate::diagnostic::codes::NEAR_COPY).is_some() {
            let signature = copies::signature(&subject);
            lock(&self.signatures)[id.0 as usize] = signature;
        }
        whole::links(self, id, &subject);
        findings
    }

    /// What is to be seen only when every document has been looked at: everything that was noticed, in no order.
    pub fn finish(self, memory: &Memory) -> Result<Vec<Diagnostic>> {
        self.add(files::all(&self)?);
        self.add(copied::copied(&self)?);
        self.add(whole::orphans(&self, memory));
        self.add(whole::stale(&self, |_| true)?);
        self.add(whole::anchors(&self)?);
        if let Some(visit) = self.visit {
            self.add(visit(&lock(&self.outside), &self.criteria));
        }
        Ok(self.found.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, found: Vec<Diagnostic>) {
        lock(&self.found).extend(found);
    }

    /// One document as the rules see it.
    fn subject<'s>(&'s self, id: ReportId, text: &'s str, structure: &'s Structure) -> Subject<'s> {
        let document = &self.prepared.catalogue.report(id).document;
        Subject {
            path: &document.path,
            text,
            body: document.body,
            head: &document.head,
            kind: self.prepared.catalogue.kind(document.kind),
            structure,
            clock: self.site.clock,
            contents: None,
        }
    }

    /// What `--fix` makes of a document, if there is anything to mend.
    fn mending(&self, id: ReportId, text: &str, structure: &Structure, findings: &[Finding]) -> Option<Mending> {
        let document = &self.prepared.catalogue.report(id).document;
        let mut fixed = check::fixed(text, structure, findings);
        let mut mending: Option<Mending> = None;
        // What is mended can bring two pieces together that need mending in turn.
        for _ in 0..MOST_ROUNDS {
            let Some((text, count)) = fixed else { break };
            let before = mending.map_or(0, |mending| mending.count);
            let structure = markdown::structure(&text, document.body);
            let findings = check::body(&self.subject(id, &text, &structure), &self.criteria);
            fixed = check::fixed(&text, &structure, &findings);
            mending = Some(Mending { path: document.path.clone(), text, count: before + count });
        }
        mending
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks at a whole site.
pub fn review(site: &Site<'_>, progress: &dyn Progress) -> Result<Review> {
    visiting(site, progress, None)
}

/// Looks at a whole site; `visit`, where it is given, goes and looks at links to other hosts.
pub fn visiting(site: &Site<'_>, progress: &dyn Progress, visit: Option<Visit<'_>>) -> Result<Review> {
    review_with(Memory::default(), site, progress, visit)
}

/// The same with what is remembered already. Reports of sealed years are as they are and are not looked at.
pub fn review_with(
    mut memory: Memory,
    site: &Site<'_>,
    progress: &dyn Progress,
    visit: Option<Visit<'_>>,
) -> Result<Review> {
    let mut noticed = Vec::new();
    let stopped = |diagnostics| Ok(Review { diagnostics, ..Review::default() });
    let Some(inputs) = memory.look(site, Hint::Anything)?.take_into(&mut noticed) else { return stopped(noticed) };
    let Some(prepared) = memory.prepare(site, inputs, progress)?.take_into(&mut noticed) else {
        return stopped(noticed);
    };
    let reviewer = Reviewer { visit, ..Reviewer::new(site, &prepared) };
    let renderer = prepared.renderer(site);
    let catalogue = &prepared.catalogue;
    let open: Vec<ReportId> = catalogue.reports().map(|(id, _)| id).filter(|&id| !catalogue.is_sealed(id)).collect();
    let documents = open.len();
    progress.begin(documents);
    let mendings = open.par_iter().map_init(Vec::new, |bytes, &id| {
        let path = &catalogue.report(id).document.path;
        site.disk.read_into(&site.folder.join(&**path), bytes)?;
        progress.step();
        let Ok(text) = source_text(path, bytes) else { return Ok(None) };
        let mut faults = Vec::new();
        let structure = renderer.examine(id, &text.value).take_into(&mut faults);
        let findings = reviewer.look(id, &text.value, &structure, faults);
        Ok(reviewer.mending(id, &text.value, &structure, &findings))
    });
    let mendings: Vec<Option<Mending>> = mendings.collect::<Result<_>>()?;
    let mendings = mendings.into_iter().flatten().collect();
    noticed.extend(reviewer.finish(&memory)?);
    let catalogue = prepared.catalogue.clone();
    Ok(Review { diagnostics: noticed, documents, mendings, mended: 0, catalogue, kept: None })
}

/// What the rules find in the body of one document and in the files that it brings in, as the site is prepared now:
/// links to headings of other pages, a copy of last year's report and a column without news included. Nothing where its
/// source has become another since, or its year is sealed.
pub fn one(site: &Site<'_>, prepared: &Prepared, id: ReportId) -> Result<Vec<Diagnostic>> {
    if prepared.catalogue.is_sealed(id) {
        return Ok(Vec::new());
    }
    let document = &prepared.catalogue.report(id).document;
    let bytes = site.disk.read(&site.folder.join(&*document.path))?;
    let same = xxhash_rust::xxh3::xxh3_128(&bytes) == document.hash;
    let Some(Ok(text)) = same.then(|| source_text(&document.path, &bytes)) else { return Ok(Vec::new()) };
    let reviewer = Reviewer::new(site, prepared);
    let structure = markdown::structure(&text.value, document.body);
    let subject = reviewer.subject(id, &text.value, &structure);
    let findings = check::body(&subject, &reviewer.criteria);
    let mut found: Vec<Diagnostic> = findings.into_iter().map(|finding| finding.diagnostic).collect();
    whole::links(&reviewer, id, &subject);
    found.extend(whole::anchors(&reviewer)?);
    found.extend(copied::with_last_year(&reviewer, id, &subject)?);
    let stale = whole::stale(&reviewer, |kind| kind == document.kind)?;
    found.extend(
        stale.into_iter().filter(|fault| fault.place.as_ref().is_some_and(|place| place.path == document.path)),
    );
    for file in &document.files {
        found.extend(files::one(&reviewer, file)?);
    }
    Ok(found)
}

/// Writes what can be mended. Returns how many places were changed.
pub fn mend(site: &Site<'_>, mendings: &[Mending]) -> Result<usize> {
    for mending in mendings {
        let path = site.folder.join(&*mending.path);
        let scratch = path.with_file_name(Path::new(".gongkai-tmp-mend"));
        site.disk.write_whole(&path, mending.text.as_bytes(), &scratch)?;
    }
    Ok(mendings.iter().map(|mending| mending.count).sum())
}
