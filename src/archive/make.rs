//! Seals a year, and amends a sealed one. Both check the site, render the year, write its seal, and at last tell the
//! log; what was not told to the log is not sealed.

use jiff::civil::Date;

use super::changes::changes;
use super::edition::{self, Edition};
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::error::Result;
use crate::model::sealed::{Correction, Logged, Seal, version_folder};
use crate::prepare::{Hint, Memory, Prepared, Progress, Site};
use crate::review;
use crate::seal::manifest::Algorithm;
use crate::seal::{FORMAT, canonical, digest::sha256, log, seal_file, verify};
use crate::text;

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub enum Work<'a> {
    /// Seal a year for the first time.
    Seal,
    /// Make a new version of a sealed year, on this day and for this reason.
    Amend {
        /// Why, in the clerk's words.
        reason: &'a str,
        /// The day of the correction.
        on: Date,
    },
}

/// What came of it.
#[derive(Debug)]
pub struct Made {
    /// What was noticed.
    pub diagnostics: Vec<Diagnostic>,
    /// The seal as the log has it, and what it says; none where there was a fault.
    pub sealed: Option<(Logged, Seal)>,
}

/// Seals or amends a year. Its pages come into the output with the next build.
pub fn make(site: &Site<'_>, year: i16, work: Work<'_>, progress: &dyn Progress) -> Result<Made> {
    let log = log::read(site.disk, site.folder)?;
    let before = log.versions(year);
    if let Some(fault) = out_of_turn(year, work, before.len()) {
        return Ok(Made { diagnostics: vec![fault], sealed: None });
    }
    // 1. What the rules say of every document.
    let open = || Memory::opened(year);
    let mut noticed = review::review_with(open(), site, progress, None)?.diagnostics;
    if has_error(&noticed) {
        return Ok(Made { diagnostics: noticed, sealed: None });
    }
    // 2. The year's pages, in the folder of the new version.
    let Some((prepared, sources)) = prepared(&mut open(), site, progress, &mut noticed)? else {
        return Ok(Made { diagnostics: noticed, sealed: None });
    };
    let version = before.len() as u32 + 1;
    let folder = site.folder.join(version_folder(year, version));
    let mut edition_faults = Vec::new();
    let edition = edition::write(site, (&prepared, &sources), year, &folder, progress)?.take_into(&mut edition_faults);
    // Warnings about the same pages were told by the rules already.
    edition_faults.retain(|fault| fault.severity == Severity::Error || !noticed.contains(fault));
    noticed.extend(edition_faults);
    let Some(edition) = edition else { return Ok(Made { diagnostics: noticed, sealed: None }) };
    // 3. What was corrected.
    let corrections = match work {
        Work::Seal => Vec::new(),
        Work::Amend { reason, on } => {
            let old = last_seal(site, &before)?;
            let found = changes(site, &old, &edition, version)?;
            if found.is_empty() {
                edition::clear(site.disk, &folder)?;
                noticed.push(nothing_to_amend(year));
                return Ok(Made { diagnostics: noticed, sealed: None });
            }
            let correction = Correction { version, on, reason: reason.to_owned(), changes: found };
            [old.corrections, vec![correction]].concat()
        }
    };
    // 4. The seal, the manifests, and the log.
    let previous = log.entries.last().map(|entry| entry.code.clone());
    let seal = seal_of(&prepared, (year, version), &edition, previous, corrections);
    let logged = put(site, &seal, edition)?;
    let bytes = log.with(logged.clone());
    let path = log::file(site.folder);
    site.disk.write_whole(&path, &bytes, &path.with_extension("tmp"))?;
    let logged = log::parse(&bytes).entries.pop().unwrap_or(logged);
    Ok(Made { diagnostics: noticed, sealed: Some((logged, seal)) })
}

type Ready = (Prepared, std::sync::Arc<crate::discover::Sources>);

fn prepared(
    memory: &mut Memory,
    site: &Site<'_>,
    progress: &dyn Progress,
    noticed: &mut Vec<Diagnostic>,
) -> Result<Option<Ready>> {
    let (inputs, looked) = match memory.look(site, Hint::Anything)? {
        crate::diagnostic::Checked { value: Some(inputs), diagnostics } => (inputs, diagnostics),
        crate::diagnostic::Checked { diagnostics, .. } => {
            noticed.extend(diagnostics);
            return Ok(None);
        }
    };
    let sources = inputs.sources.clone();
    let made = memory.prepare(site, inputs, progress)?;
    let faults: Vec<Diagnostic> = looked.into_iter().chain(made.diagnostics).collect();
    noticed.extend(faults.into_iter().filter(|fault| fault.severity == Severity::Error));
    Ok(made.value.filter(|_| !has_error(noticed)).map(|prepared| (prepared, sources)))
}

fn has_error(noticed: &[Diagnostic]) -> bool {
    noticed.iter().any(|fault| fault.severity == Severity::Error)
}

fn out_of_turn(year: i16, work: Work<'_>, versions: usize) -> Option<Diagnostic> {
    match (work, versions) {
        (Work::Seal, 1..) => Some(
            Diagnostic::error(codes::SEALED_YEAR, text!("{year}年度已经归档", "{year} is sealed already")).help(text!(
                "要更正内容，先改源文件，再运行 `gongkai archive amend {year} --reason 更正理由`",
                "to correct it, change the sources and run `gongkai archive amend {year} --reason WHY`"
            )),
        ),
        (Work::Amend { .. }, 0) => Some(
            Diagnostic::error(codes::SEALED_YEAR, text!("{year}年度还没有归档", "{year} is not sealed yet"))
                .help(text!("直接改源文件即可", "simply change the sources")),
        ),
        _ => None,
    }
}

fn nothing_to_amend(year: i16) -> Diagnostic {
    Diagnostic::error(
        codes::SEALED_YEAR,
        text!("{year}年度的源文件与归档时相同，无可更正", "the sources of {year} are as they were sealed"),
    )
    .help(text!("先改源文件，再运行一次", "change the sources first"))
}

/// The newest seal of a year that is being amended. Its folder is proven by the build; here only what it says counts.
fn last_seal(site: &Site<'_>, versions: &[Logged]) -> Result<Seal> {
    let newest = versions.last().expect("a year that is amended has a version");
    let path = site.folder.join(version_folder(newest.year, newest.version)).join(seal_file(newest.year));
    let bytes = site.disk.read(&path)?;
    let broken = || {
        let cause = std::io::Error::new(std::io::ErrorKind::InvalidData, "not the seal that the log names");
        crate::error::Error::new(crate::error::Operation::Read, &path, cause)
    };
    if sha256(&bytes) != newest.code {
        return Err(broken());
    }
    canonical::read(&bytes).map_err(|_| broken())
}

fn seal_of(
    prepared: &Prepared,
    (year, version): (i16, u32),
    edition: &Edition,
    previous: Option<String>,
    corrections: Vec<Correction>,
) -> Seal {
    let (root, files, bytes) = verify::root(year, &edition.digests);
    Seal {
        format: FORMAT,
        year,
        version,
        site: prepared.config.name.clone(),
        base_url: prepared.config.base_url.clone(),
        host: prepared.config.contact.host.clone(),
        as_of: edition.as_of,
        generator: concat!("gongkai ", env!("CARGO_PKG_VERSION")).to_owned(),
        files,
        bytes,
        root,
        previous,
        folders: edition.folders.clone(),
        sources: edition.sources.clone(),
        towns: edition.towns.clone(),
        reports: edition.reports.clone(),
        pages: edition.pages.clone(),
        search: edition.search.clone(),
        corrections,
    }
}

/// Writes the seal and its manifests, and says what the log will say.
fn put(site: &Site<'_>, seal: &Seal, edition: Edition) -> Result<Logged> {
    let (year, version) = (seal.year, seal.version);
    let folder = site.folder.join(version_folder(year, version));
    let scratch = folder.join(".gongkai-tmp-seal");
    let mut digests = edition.digests;
    let bytes = canonical::write(seal);
    site.disk.write_whole(&folder.join(seal_file(year)), &bytes, &scratch)?;
    verify::put(&mut digests, seal_file(year), &bytes);
    for (algorithm, text) in Algorithm::ALL.into_iter().zip(verify::manifests(&digests)) {
        site.disk.write_whole(&folder.join(algorithm.file(year)), text.as_bytes(), &scratch)?;
    }
    let (on, root, code) = (site.clock.today(), seal.root.clone(), sha256(&bytes));
    Ok(Logged { format: FORMAT, year, version, on, root, code, previous: None })
}
