//! Step 5 of the road: one recipe → the bytes of one page. tera lives only here.
//!
//! Nothing is shared between two calls but what was finished before the first: the catalogue, the theme, and
//! the parts that are the same on every page (head, header, footer), which are rendered once for each depth
//! of folder and column.

mod archive;
mod chrome;
mod data;
mod difference;
mod feeds;
mod json_ld;
mod listings;
mod meta;
mod overview;
mod overviews;
mod qr;
mod report;
mod slots;
mod surroundings;
pub mod theme;
mod views;
mod within;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use tera::{Context, Value};

use crate::config::Config;
use crate::diagnostic::{Checked, Diagnostic};
use crate::error::Result;
use crate::model::catalogue::{Catalogue, ReportId};
use crate::model::page::{Page, Recipe};
use crate::model::structure::Structure;
use crate::source::{Clock, Disk};

use chrome::Chrome;
use theme::Theme;
pub use within::{Sealing, Within};

/// What all pages share, made once from the settings, the catalogue and the theme.
pub struct Shared {
    site_view: Value,
    chrome: Chrome,
    /// For each kind, its years with their counts, newest first.
    kind_years: Vec<Vec<YearCount>>,
    codes: qr::Codes,
}

/// How many reports there are about a year.
#[derive(Serialize)]
struct YearCount {
    year: i16,
    count: usize,
}

/// Is told the body of every report whose page is made.
pub type Listener<'a> = &'a (dyn Fn(ReportId, &str) -> Result<()> + Sync);

/// Is told what the body of every report whose page is made is made of, and what is wrong with its links and Markdown.
pub type Reviewer<'a> = &'a (dyn Fn(ReportId, &str, &Structure, Vec<Diagnostic>) + Sync);

impl Shared {
    /// Prepares it. Faults of the theme that concern every page are found here.
    ///
    /// The pages of a year that is being sealed have a head of their own: its links stay in the year.
    pub fn new(
        config: &Config,
        catalogue: &Catalogue,
        theme: &Theme,
        sealing: Option<Sealing>,
    ) -> Checked<Option<Self>> {
        let site_view = Value::from_serializable(&views::SiteView::new(config, theme, sealing));
        let header = if sealing.is_some() { "chrome/sealed-header.html" } else { "chrome/header.html" };
        let chrome = match Chrome::new(theme, &site_view, header) {
            Ok(chrome) => chrome,
            Err(fault) => return Checked::new(None, vec![*fault]),
        };
        let kind_years = catalogue.by_kind.iter().map(|ids| {
            let mut counts = BTreeMap::new();
            for year in ids.iter().filter_map(|&id| catalogue.report(id).document.head.year) {
                *counts.entry(year).or_insert(0) += 1;
            }
            counts.into_iter().rev().map(|(year, count)| YearCount { year, count }).collect()
        });
        let kind_years = kind_years.collect();
        let codes = qr::Codes::new(config.base_url.as_deref().unwrap_or_default());
        Checked::clean(Some(Self { site_view, chrome, kind_years, codes }))
    }
}

/// Everything that making a page needs, finished before the first page is made. Costs nothing to put together.
pub struct Renderer<'a> {
    /// Where files are read.
    pub disk: &'a dyn Disk,
    /// The folder with site.yaml.
    pub site: &'a Path,
    /// site.yaml, validated.
    pub config: &'a Config,
    /// Every report with its address.
    pub catalogue: &'a Catalogue,
    /// Templates and assets.
    pub theme: &'a Theme,
    /// Every file of the site, sorted by address.
    pub pages: &'a [Page],
    /// What all pages share.
    pub shared: &'a Shared,
    /// Is told the body of every report whose page is made.
    pub listener: Option<Listener<'a>>,
    /// Is told what each body is made of; takes over the faults of all bodies.
    pub reviewer: Option<Reviewer<'a>>,
    /// What day it is.
    pub clock: Clock,
    /// The site around a year that is being sealed; none where the whole site is made.
    pub within: Option<Within<'a>>,
}

impl Renderer<'_> {
    /// Makes one page into `bytes`, which is emptied first, and says what was noticed on the way. After an
    /// error among the diagnostics the bytes are not to be used.
    pub fn render(&self, page: &Page, bytes: &mut Vec<u8>) -> Result<Vec<Diagnostic>> {
        if !matches!(page.recipe, Recipe::Report(_)) {
            bytes.clear();
        }
        let faults = match &page.recipe {
            // Its source is read into the same room, which must not be emptied for that: only more of it is cleared.
            Recipe::Report(id) => return self.report_page(page, *id, bytes),
            Recipe::File(source) => {
                self.disk.read_into(&self.site.join(&**source), bytes)?;
                return Ok(Vec::new());
            }
            Recipe::Asset(number) => {
                bytes.extend_from_slice(&self.theme.assets[*number].bytes);
                return Ok(Vec::new());
            }
            Recipe::Home => self.home(page, bytes),
            Recipe::Map => self.map(page, bytes),
            Recipe::NotFound => self.not_found(page, bytes),
            Recipe::Search => self.search(page, bytes),
            Recipe::Redirect(id) => self.redirect(page, *id, bytes),
            Recipe::Column(column) => self.column(page, *column, bytes),
            Recipe::Years => self.years(page, bytes),
            Recipe::Year(year, part) => self.year(page, *year, *part, bytes),
            Recipe::Towns => self.towns(page, bytes),
            Recipe::Town(id, part) => self.town(page, *id, *part, bytes),
            Recipe::TownYear(id, year, part) => self.town_year(page, *id, *year, *part, bytes),
            Recipe::Kinds => self.kinds(page, bytes),
            Recipe::Kind(id, part) => self.kind(page, *id, *part, bytes),
            Recipe::Overview(part) => self.overview(page, *part, bytes),
            Recipe::Archive => self.archive(page, bytes),
            Recipe::Corrections(year) => self.corrections(page, *year, bytes),
            Recipe::Evidence => {
                self.disk.read_into(&self.site.join(&page.address), bytes)?;
                return Ok(Vec::new());
            }
            Recipe::Onward(to) => self.onward(page, to, bytes),
            Recipe::Sealed(year, _) => {
                if let Some(sealed) = self.catalogue.seal_of(*year) {
                    let path = self.site.join(sealed.folder()).join(&page.address);
                    self.disk.read_into(&path, bytes)?;
                }
                return Ok(Vec::new());
            }
            Recipe::Feed(of) => self.feed(page, *of, bytes),
            Recipe::Sitemap(part) => self.sitemap(*part, bytes),
            Recipe::CatalogueJson(year) => self.catalogue_json(page, *year, bytes),
            Recipe::CatalogueCsv(year) => self.catalogue_csv(page, *year, bytes),
            Recipe::CatalogueSchema => {
                bytes.extend_from_slice(data::SCHEMA.as_bytes());
                Ok(())
            }
        };
        Ok(faults.err().map(|fault| *fault).into_iter().collect())
    }

    /// Whether this is a standing page, which has a template of its own.
    pub fn is_standing(&self, id: ReportId) -> bool {
        self.catalogue.kind(self.catalogue.report(id).document.kind).standing
    }

    /// The absolute address of a page, where the site's own is known.
    fn url(&self, address: &str) -> Option<String> {
        let base = self.config.base_url.as_ref()?;
        Some(match address.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => [base, folder].concat(),
            _ => [base, address].concat(),
        })
    }

    /// Renders a template with the parts that every page has, and `own`.
    fn fill(
        &self,
        view: &views::PageView<'_>,
        own: impl FnOnce(&mut Context),
        bytes: &mut Vec<u8>,
    ) -> std::result::Result<(), Box<Diagnostic>> {
        let mut context = Context::new();
        context.insert_value("root", self.root(view.path).into());
        let Shared { site_view, chrome, .. } = self.shared;
        context.insert_value("site", site_view.clone());
        context.insert_value("chrome", chrome.of(view.path, view.column, self.theme, site_view)?);
        context.insert_value("page", Value::from_serializable(view));
        context.insert_value("crumbs", Value::safe_string(&view.crumbs));
        context.insert_value("meta", Value::safe_string(&meta::meta(view, &self.config.name)));
        own(&mut context);
        self.theme.render(view.template, &context, bytes)
    }

    /// What leads from a page to the root. The 404 page is shown at any depth, so it alone must not be
    /// relative where the site's address is known.
    fn root(&self, address: &str) -> String {
        match &self.config.base_url {
            Some(base) if address == "404.html" => base.clone(),
            _ => crate::links::to_root(address),
        }
    }

    /// Where a page at `from` finds the page at `to`.
    fn href(&self, from: &str, to: &str) -> String {
        if let Some(within) = self.within {
            return crate::links::relative(from, &within.instead(to, self.pages));
        }
        match &self.config.base_url {
            Some(base) if from == "404.html" => format!("{base}{to}"),
            _ => crate::links::relative(from, to),
        }
    }
}
