//! What the site says of its sealed years, on pages that no seal covers: which there are, what was corrected in them
//! and how they are proven.

use serde::Serialize;
use tera::Value;

use super::Renderer;
use super::difference::{self, Shown};
use super::views::day;
use crate::diagnostic::Diagnostic;
use crate::model::page::Page;
use crate::model::sealed::{Change, SealedYear, What, home, version_folder};
use crate::plan;
use crate::seal;
use crate::seal::manifest::Algorithm;

type Filled = std::result::Result<(), Box<Diagnostic>>;

#[derive(Serialize)]
struct YearRow {
    year: i16,
    reports: usize,
    files: u64,
    version: u32,
    on: String,
    code: String,
    href: String,
    corrections: String,
}

#[derive(Serialize)]
struct CorrectionsView<'a> {
    year: i16,
    as_of: String,
    files: u64,
    bytes: u64,
    generator: &'a str,
    manifest: String,
    sm3: String,
    seal: String,
    versions: Vec<VersionRow<'a>>,
    corrections: Vec<CorrectionView<'a>>,
}

#[derive(Serialize)]
struct VersionRow<'a> {
    version: u32,
    on: String,
    code: &'a str,
    root: &'a str,
    href: String,
    current: bool,
    /// Its time-stamp token.
    token: Option<String>,
}

#[derive(Serialize)]
struct CorrectionView<'a> {
    version: u32,
    before: u32,
    on: String,
    reason: &'a str,
    changes: Vec<ChangeView<'a>>,
}

#[derive(Serialize)]
struct ChangeView<'a> {
    title: &'a str,
    what: &'static str,
    /// Where it stands now, and where it stood.
    now: Option<String>,
    was: Option<String>,
    lines: Vec<LineView>,
}

/// A line that came or went is one piece; one that was reworded is several.
#[derive(Serialize)]
struct LineView {
    whole: bool,
    pieces: Vec<Piece>,
}

#[derive(Serialize)]
struct Piece {
    /// `came`, `went` or `stayed`.
    what: &'static str,
    text: String,
}

impl Renderer<'_> {
    pub(super) fn archive(&self, page: &Page, bytes: &mut Vec<u8>) -> Filled {
        let mut view = self.page_view("archive.html", &page.address, "归档年度");
        view.crumbs = self.crumbs(page, [], "归档年度");
        let row = |year: &std::sync::Arc<SealedYear>| {
            let (seal, newest) = (&year.seal, year.newest());
            YearRow {
                year: seal.year,
                reports: seal.reports.len(),
                files: seal.files,
                version: seal.version,
                on: day(newest.on),
                code: newest.code.clone(),
                href: self.href(&page.address, &(home(seal.year) + "index.html")),
                corrections: self.href(&page.address, &seal::corrections_page(seal.year)),
            }
        };
        let years: Vec<YearRow> = self.catalogue.sealed.iter().rev().map(row).collect();
        self.fill(&view, |context| context.insert("years", &years), bytes)
    }

    pub(super) fn corrections(&self, page: &Page, year: i16, bytes: &mut Vec<u8>) -> Filled {
        let Some(sealed) = self.catalogue.seal_of(year) else { return Ok(()) };
        let seal = &sealed.seal;
        let title = format!("{year}年度归档信息的更正与核验");
        let mut view = self.page_view("corrections.html", &page.address, &title);
        view.crumbs = self.crumbs(page, [("归档年度", plan::ARCHIVE_PAGE.to_owned())], &title);
        let in_version = |version: u32, address: &str| match version == seal.version {
            true => self.href(&page.address, address),
            false => self.href(&page.address, &format!("{}/{address}", version_folder(year, version))),
        };
        let version = |logged: &'_ crate::model::sealed::Logged| (logged.version, day(logged.on));
        let versions = sealed.versions.iter().map(|logged| VersionRow {
            version: version(logged).0,
            on: version(logged).1,
            code: &logged.code,
            root: &logged.root,
            href: in_version(logged.version, &(home(year) + "index.html")),
            current: logged.version == seal.version,
            token: sealed
                .tokens
                .contains_key(&logged.version)
                .then(|| self.href(&page.address, &seal::log::token(year, logged.version))),
        });
        let correction =
            |correction: &'_ crate::model::sealed::Correction| (correction.version, correction.version - 1);
        let corrections = seal.corrections.iter().map(|one| CorrectionView {
            version: correction(one).0,
            before: correction(one).1,
            on: day(one.on),
            reason: &one.reason,
            changes: one.changes.iter().map(|change| changed(change, one.version, &in_version)).collect(),
        });
        let own = CorrectionsView {
            year,
            as_of: day(seal.as_of),
            files: seal.files,
            bytes: seal.bytes,
            generator: &seal.generator,
            manifest: Algorithm::Sha256.file(year),
            sm3: Algorithm::Sm3.file(year),
            seal: seal::seal_file(year),
            versions: versions.collect(),
            corrections: corrections.rev().collect(),
        };
        self.fill(&view, |context| context.insert_value("sealed", Value::from_serializable(&own)), bytes)
    }

    /// A link of an older version that was made for the site's root leads on to there.
    pub(super) fn onward(&self, page: &Page, to: &str, bytes: &mut Vec<u8>) -> Filled {
        let title = &self.config.name;
        let mut view = self.page_view("redirect.html", &page.address, title);
        view.url = self.url(to);
        let own = serde_json::json!({ "href": self.href(&page.address, to), "title": title });
        self.fill(&view, |context| context.insert_value("redirect", Value::from_serializable(&own)), bytes)
    }
}

fn changed<'a>(change: &'a Change, version: u32, in_version: &dyn Fn(u32, &str) -> String) -> ChangeView<'a> {
    let now = (change.what != What::Removed).then(|| in_version(version, &change.address));
    let was = (change.what != What::Added).then(|| in_version(version - 1, &change.address));
    let what = match change.what {
        What::Added => "新增",
        What::Changed => "修改",
        What::Removed => "删去",
    };
    let lines = difference::shown(&change.lines).into_iter().map(|shown| match shown {
        Shown::Line(what, text) => LineView { whole: true, pieces: vec![piece((Some(what), text))] },
        Shown::Words(words) => LineView { whole: false, pieces: words.into_iter().map(piece).collect() },
    });
    ChangeView { title: &change.title, what, now, was, lines: lines.collect() }
}

fn piece((what, text): (Option<What>, String)) -> Piece {
    let what = match what {
        None => "stayed",
        Some(What::Removed) => "went",
        Some(What::Added | What::Changed) => "came",
    };
    Piece { what, text }
}
