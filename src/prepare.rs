//! Steps 1 to 4 of the road as one value: the site as prepared, every page planned and none made. Whoever builds,
//! serves, archives or publishes begins here.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::catalogue::catalogue;
use crate::config::{self, Config};
use crate::diagnostic::{Checked, Diagnostic, Severity, codes};
use crate::discover::{Sources, discover};
use crate::error::Result;
use crate::intake::intake;
use crate::model::catalogue::Catalogue;
use crate::model::kind::Column;
use crate::model::page::{Page, Recipe};
use crate::plan::plan;
use crate::render::theme::{self, Theme};
use crate::render::{Renderer, Shared};
use crate::source::{Clock, Disk, Stamp};
use crate::text;

/// Which site is meant, and on which day.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// Where files are read.
    pub disk: &'a dyn Disk,
    /// The folder with site.yaml.
    pub folder: &'a Path,
    /// Takes the place of `base_url` in site.yaml.
    pub base_url: Option<&'a str>,
    /// What day it is.
    pub clock: Clock,
}

/// Is told how far a run has come.
pub trait Progress: Sync {
    /// A stretch of so many steps begins.
    fn begin(&self, steps: usize);
    /// One step is done.
    fn step(&self);
}

/// What there is to prepare a site from.
pub struct Inputs {
    /// site.yaml, validated.
    pub config: Config,
    /// The site's own theme files, with what the file system says of each.
    pub own_theme: Vec<(Arc<str>, Stamp)>,
    /// What lies in `content/`.
    pub sources: Sources,
}

/// A site that can render each of its pages.
pub struct Prepared {
    /// site.yaml, validated.
    pub config: Config,
    /// Every report with its address.
    pub catalogue: Catalogue,
    /// Templates and assets.
    pub theme: Theme,
    /// Every file of the site, sorted by address.
    pub pages: Vec<Page>,
    /// Sources that are left out because they have an error.
    pub faulty: Vec<Arc<str>>,
    /// Drafts that were left out.
    pub drafts: usize,
    shared: Shared,
}

/// Step 1: settings, theme and sources. `None` where the settings cannot be used.
pub fn inputs(site: &Site<'_>) -> Result<Checked<Option<Inputs>>> {
    let mut noticed = Vec::new();
    let Some(config) = settings(site)?.take_into(&mut noticed) else { return Ok(Checked::new(None, noticed)) };
    let own_theme = theme::overrides(site.disk, site.folder, &config.theme)?;
    let sources = discover(site.disk, site.folder)?.take_into(&mut noticed);
    Ok(Checked::new(Some(Inputs { config, own_theme, sources }), noticed))
}

/// Steps 2 to 4: each source on its own, all together, which pages they make. `None` where no page can be made.
pub fn prepare(site: &Site<'_>, inputs: Inputs, progress: &dyn Progress) -> Result<Checked<Option<Prepared>>> {
    let Site { disk, folder, clock, .. } = *site;
    let Inputs { config, own_theme, sources } = inputs;
    let mut noticed = Vec::new();
    progress.begin(sources.documents.len());
    let taken = intake(disk, folder, &sources, &config, clock, &|| progress.step())?.take_into(&mut noticed);
    let (mut faulty, drafts) = (taken.faulty, taken.drafts);
    let catalogue = catalogue(disk, folder, &config, &sources, taken.documents)?.take_into(&mut noticed);
    faulty.extend(catalogue.left_out.iter().cloned());
    let Some(theme) = Theme::load(disk, folder, &own_theme)?.take_into(&mut noticed) else {
        return Ok(Checked::new(None, noticed));
    };
    let assets: Vec<String> = theme.assets.iter().map(|asset| asset.address.clone()).collect();
    let pages = plan(&catalogue, &assets, config.per_page, config.base_url.is_some()).take_into(&mut noticed);
    noticed.extend(gaps(&catalogue));
    let shared = Shared::new(&config, &catalogue, &theme).take_into(&mut noticed);
    let prepared = shared.map(|shared| Prepared { config, catalogue, theme, pages, faulty, drafts, shared });
    Ok(Checked::new(prepared, noticed))
}

impl Prepared {
    /// What makes the bytes of one page.
    pub fn renderer<'a>(&'a self, site: &Site<'a>) -> Renderer<'a> {
        let Self { config, catalogue, theme, pages, shared, .. } = self;
        Renderer::new(site.disk, site.folder, config, catalogue, theme, pages, shared)
    }

    /// The page at this address, which is relative to the site's root.
    pub fn page(&self, address: &str) -> Option<&Page> {
        let found = self.pages.binary_search_by(|page| page.address.as_str().cmp(address));
        found.ok().map(|number| &self.pages[number])
    }

    /// The source that a page comes and goes with; empty where it comes from all of them.
    pub fn owner<'a>(&'a self, page: &'a Page) -> &'a str {
        match &page.recipe {
            Recipe::Report(id) | Recipe::Redirect(id) => &self.catalogue.report(*id).document.path,
            Recipe::File(source) => self.catalogue.files.get(source).map_or("", |file| &file.owner),
            _ => "",
        }
    }

    /// Makes one page of every recipe, so that a faulty template is found while the old site still stands whole.
    pub fn rehearse(&self, renderer: &Renderer<'_>) -> Result<Vec<Diagnostic>> {
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        let mut bytes = Vec::new();
        for page in &self.pages {
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
}

/// site.yaml, with what the command line puts in its place.
fn settings(site: &Site<'_>) -> Result<Checked<Option<Config>>> {
    let Checked { value: mut config, mut diagnostics } = config::load(site.disk, site.folder)?;
    if let (Some(config), Some(url)) = (&mut config, site.base_url) {
        match config::base_url(url) {
            Ok(url) => config.base_url = Some(url),
            Err(why) => diagnostics.push(Diagnostic::error(codes::SITE_KEY, why)),
        }
    }
    let usable = !diagnostics.iter().any(|fault| fault.severity == Severity::Error);
    Ok(Checked::new(config.filter(|_| usable), diagnostics))
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
