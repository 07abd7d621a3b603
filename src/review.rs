//! The road of `gongkai check`: the site is prepared as for a build, then every document is looked at by all
//! rules. No page is made.

mod copied;
pub mod due;

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{self, Finding, Subject, copies};
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::markdown;
use crate::model::catalogue::ReportId;
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

/// What was noticed in one document.
#[derive(Default)]
struct Looked {
    diagnostics: Vec<Diagnostic>,
    mending: Option<Mending>,
    /// What its text is compared by with those of others.
    signature: Option<copies::Signature>,
}

/// Mendings that call for other mendings come to an end long before this.
const MOST_ROUNDS: usize = 8;

/// Looks at a whole site.
pub fn review(site: &Site<'_>, progress: &dyn Progress) -> Result<Review> {
    review_with(Memory::default(), site, progress)
}

/// The same with what is remembered already. Reports of sealed years are as they are and are not looked at.
pub fn review_with(mut memory: Memory, site: &Site<'_>, progress: &dyn Progress) -> Result<Review> {
    let mut noticed = Vec::new();
    let stopped = |diagnostics| Ok(Review { diagnostics, ..Review::default() });
    let Some(inputs) = memory.look(site, Hint::Anything)?.take_into(&mut noticed) else { return stopped(noticed) };
    let Some(prepared) = memory.prepare(site, inputs, progress)?.take_into(&mut noticed) else {
        return stopped(noticed);
    };
    let renderer = prepared.renderer(site);
    let catalogue = &prepared.catalogue;
    let open: Vec<ReportId> = catalogue.reports().map(|(id, _)| id).filter(|&id| !catalogue.is_sealed(id)).collect();
    progress.begin(open.len());
    let looked = open.par_iter().map_init(Vec::new, |bytes, &id| {
        let document = &catalogue.report(id).document;
        site.disk.read_into(&site.folder.join(&*document.path), bytes)?;
        let mut diagnostics = Vec::new();
        let Ok(text) = source_text(&document.path, bytes) else { return Ok(Looked::default()) };
        let structure = renderer.examine(id, &text.value).take_into(&mut diagnostics);
        let found = look(site, &prepared, id, (&text.value, &structure));
        diagnostics.extend(found.diagnostics);
        progress.step();
        Ok(Looked { diagnostics, ..found })
    });
    let looked: Vec<Looked> = looked.collect::<Result<_>>()?;
    let mut review = Review { diagnostics: noticed, documents: looked.len(), ..Review::default() };
    let signatures: Vec<_> = looked.iter().map(|document| document.signature.as_ref()).collect();
    let copied = copied::copied(site, &prepared, &signatures)?;
    for (document, copied) in looked.into_iter().zip(copied) {
        review.diagnostics.extend(document.diagnostics);
        review.diagnostics.extend(copied);
        review.mendings.extend(document.mending);
    }
    Ok(review)
}

/// What the rules find in the body of one document, as the site is prepared now; nothing where its source has become
/// another since.
pub fn one(site: &Site<'_>, prepared: &Prepared, id: ReportId) -> Result<Vec<Diagnostic>> {
    let document = &prepared.catalogue.report(id).document;
    let bytes = site.disk.read(&site.folder.join(&*document.path))?;
    let same = xxhash_rust::xxh3::xxh3_128(&bytes) == document.hash;
    let Some(Ok(text)) = same.then(|| source_text(&document.path, &bytes)) else { return Ok(Vec::new()) };
    let structure = markdown::structure(&text.value, document.body);
    Ok(look(site, prepared, id, (&text.value, &structure)).diagnostics)
}

/// Lets all rules look at one document.
fn look(site: &Site<'_>, prepared: &Prepared, id: ReportId, (text, structure): (&str, &Structure)) -> Looked {
    let document = &prepared.catalogue.report(id).document;
    let kind = prepared.catalogue.kind(document.kind);
    let (path, body, head, clock) = (&document.path, document.body, &document.head, site.clock);
    let rules = |text: &str, structure: &Structure| {
        let subject = Subject { path, text, body, head, kind, structure, clock };
        let findings = check::body(&subject, &prepared.config.rules);
        let fixed = check::fixed(text, structure, &findings);
        (findings, fixed)
    };
    let signature = copies::signature(&Subject { path, text, body, head, kind, structure, clock });
    let (findings, mut fixed) = rules(text, structure);
    let mut mending: Option<Mending> = None;
    // What is mended can bring two pieces together that need mending in turn.
    for _ in 0..MOST_ROUNDS {
        let Some((text, count)) = fixed else { break };
        let before = mending.map_or(0, |mending| mending.count);
        fixed = rules(&text, &markdown::structure(&text, document.body)).1;
        mending = Some(Mending { path: document.path.clone(), text, count: before + count });
    }
    let diagnostics = findings.into_iter().map(|Finding { diagnostic, .. }| diagnostic).collect();
    Looked { diagnostics, mending, signature }
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
