//! Steps 1 to 4 of the road as one value: the site as prepared, every page planned and none made. Whoever builds,
//! serves, archives or publishes begins here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::catalogue::{self, catalogue};
use crate::check::Criteria;
use crate::config::{self, Config, SITE_FILE};
use crate::diagnostic::{Checked, Diagnostic, Severity, codes};
use crate::discover::{Sources, discover};
use crate::error::Result;
use crate::intake::{News, Taken};
use crate::model::catalogue::{Catalogue, ReportId, SiteFile};
use crate::model::document::Document;
use crate::model::kind::Column;
use crate::model::page::{Page, Recipe};
use crate::model::sealed::SealedYear;
use crate::plan::plan;
use crate::render::theme::{self, Theme};
use crate::render::{Renderer, Shared};
use crate::source::{Clock, Disk, Stamp, source_text};
use crate::{seal, text};

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

/// What may have changed since the last look.
#[derive(Debug, Clone, Copy)]
pub enum Hint<'a> {
    /// Nothing is known: look at everything.
    Anything,
    /// In `content/` only what is at these paths or below, relative to the site's folder.
    These(&'a [String]),
}

/// What there is to prepare a site from.
pub struct Inputs {
    /// site.yaml, validated.
    pub config: Arc<Config>,
    /// The site's own theme files, with what the file system says of each.
    pub own_theme: Vec<(Arc<str>, Stamp)>,
    /// What lies in `content/`.
    pub sources: Arc<Sources>,
    /// Years whose pages are made already.
    pub sealed: Arc<Vec<Arc<SealedYear>>>,
}

/// What earlier steps gave, each kept with the key of what it was made from, so that a step is done again only
/// when its key is another. An empty memory gives the same as one that remembers.
#[derive(Default)]
pub struct Memory {
    settings: Option<Kept<u128, Option<Arc<Config>>>>,
    sources: Arc<Sources>,
    /// A sealed year that is looked at as if it were none, because it is being amended.
    open: Option<i16>,
    sealed: Option<Kept<u128, Arc<Vec<Arc<SealedYear>>>>>,
    taken: Taken,
    /// Counts the changes of documents after which the catalogue has another order.
    order: u64,
    /// Counts the changes of published attachments and images.
    files: u64,
    catalogue: Option<Kept<[u128; 3], Arc<Catalogue>>>,
    theme: Option<Kept<u128, Option<Arc<Theme>>>>,
    planned: Option<Kept<[u128; 4], Planned>>,
    /// What the last look found.
    pub news: News,
}

/// Every page, and what all of them share; nothing where the theme cannot make it.
#[derive(Clone)]
struct Planned {
    pages: Arc<Vec<Page>>,
    shared: Option<Arc<Shared>>,
}

struct Kept<K, T> {
    key: K,
    made: Checked<T>,
}

/// A site that can render each of its pages.
#[derive(Clone)]
pub struct Prepared {
    /// site.yaml, validated.
    pub config: Arc<Config>,
    /// Every report with its address.
    pub catalogue: Arc<Catalogue>,
    /// Templates and assets.
    pub theme: Arc<Theme>,
    /// Every file of the site, sorted by address.
    pub pages: Arc<Vec<Page>>,
    /// Sources that are left out because they have an error.
    pub faulty: Vec<Arc<str>>,
    /// Drafts that were left out.
    pub drafts: usize,
    shared: Arc<Shared>,
}

impl Memory {
    /// One that looks at a sealed year as if it were none.
    pub fn opened(year: i16) -> Self {
        Self { open: Some(year), ..Self::default() }
    }

    /// Step 1: settings, theme and sources. `None` where the settings cannot be used.
    pub fn look(&mut self, site: &Site<'_>, hint: Hint<'_>) -> Result<Checked<Option<Inputs>>> {
        match hint {
            Hint::Anything => {
                let sources = discover(site.disk, site.folder)?;
                let other = |path: &Arc<str>| self.sources.files.get(path) != sources.files.get(path);
                self.files += u64::from(self.published().is_some_and(|files| files.keys().any(other)));
                self.sources = Arc::new(sources);
                self.taken.doubt_all();
            }
            Hint::These(paths) => {
                for path in paths {
                    let was = self.sources.files_at(path);
                    if Arc::make_mut(&mut self.sources).look_again(site.disk, site.folder, path)? {
                        self.taken.doubt_all();
                    }
                    let now = self.sources.files_at(path);
                    let published = |path| self.published().is_some_and(|files| files.contains_key(path));
                    let other = was != now && was.iter().chain(&now).any(|(path, _)| published(path));
                    self.files += u64::from(other);
                    self.taken.doubt(path);
                }
            }
        }
        let mut noticed = Vec::new();
        let bytes = site.disk.read(&site.folder.join(SITE_FILE)).unwrap_or_default();
        let key = xxhash_rust::xxh3::xxh3_128(&bytes);
        let config = kept(&mut self.settings, key, &mut noticed, || settings(site))?;
        let Some(config) = config else { return Ok(Checked::new(None, noticed)) };
        let own_theme = theme::overrides(site.disk, site.folder, &config.theme)?;
        noticed.extend(self.sources.diagnostics());
        let log = seal::log::read(site.disk, site.folder)?;
        let open = self.open;
        let load = || {
            let years = seal::years::load(site.disk, site.folder, &log)?;
            Ok(years.map(|mut years| {
                years.retain(|year| Some(year.seal.year) != open);
                Arc::new(years)
            }))
        };
        let sealed = kept(&mut self.sealed, log.key, &mut noticed, load)?;
        let sources = self.sources.clone();
        Ok(Checked::new(Some(Inputs { config, own_theme, sources, sealed }), noticed))
    }

    /// Files of the site that no document names, drafts and faulty ones included; those of sealed years are named by
    /// their seals.
    pub fn orphans(&self) -> Vec<Arc<str>> {
        let mut named = self.taken.named();
        let years = self.sealed.iter().flat_map(|kept| kept.made.value.iter());
        let sealed: BTreeSet<&str> = years.flat_map(|year| &year.seal.sources).map(|file| file.path.as_str()).collect();
        named.extend(self.sources.files.keys().filter(|file| sealed.contains(&***file)));
        self.sources.files.keys().filter(|file| !named.contains(*file)).cloned().collect()
    }

    /// The files that the catalogue was made with. Of all others it makes no difference what becomes of them: a
    /// document that begins to name one is itself another.
    fn published(&self) -> Option<&BTreeMap<Arc<str>, SiteFile>> {
        self.catalogue.as_ref().map(|kept| &*kept.made.value.files)
    }

    /// Puts newer documents into the catalogue, if that is all that is new to it. Faults that it told of may stand on
    /// other lines now, so that one with faults is made again.
    fn replace(&mut self, rules: u128, newer: &[Arc<Document>], config: &Config) -> bool {
        let key = self.key(rules);
        let sound = |kept: &&mut Kept<_, _>| kept.key == key && kept.made.diagnostics.is_empty();
        let Some(kept) = self.catalogue.as_mut().filter(sound) else { return newer.is_empty() };
        if !newer.is_empty() {
            let Some(catalogue) = catalogue::with(&kept.made.value, newer, config) else { return false };
            kept.made.value = Arc::new(catalogue);
        }
        true
    }

    fn key(&self, rules: u128) -> [u128; 3] {
        [rules, self.order.into(), self.files.into()]
    }

    /// Steps 2 to 4: each source on its own, all together, which pages they make. `None` where no page can be made.
    pub fn prepare(
        &mut self,
        site: &Site<'_>,
        inputs: Inputs,
        progress: &dyn Progress,
    ) -> Result<Checked<Option<Prepared>>> {
        let Site { disk, folder, clock, .. } = *site;
        let Inputs { config, own_theme, mut sources, sealed } = inputs;
        let rules = self.settings.as_ref().map_or(0, |kept| kept.key) ^ self.sealed.as_ref().map_or(0, |kept| kept.key);
        let mut noticed = Vec::new();
        if !sealed.is_empty() {
            noticed.extend(seal::sources::changed(disk, folder, &sealed, &|path| sources.stamp(path))?);
            let paths = sealed.iter().flat_map(|year| year.seal.reports.iter().map(|report| report.path.as_str()));
            sources = Arc::new(sources.without(&paths.collect()));
        }
        progress.begin(sources.documents.len());
        let tick = || progress.step();
        let looked = self.taken.look((disk, folder), &sources, (&config, rules), clock, &tick);
        // After a look that broke off nobody knows what it had found already.
        let moved = looked.as_ref().map_or(true, |news| news.others || !self.replace(rules, &news.newer, &config));
        self.order += u64::from(moved);
        self.news = looked?;
        noticed.extend(self.taken.diagnostics());

        let key = self.key(rules);
        let catalogue = kept(&mut self.catalogue, key, &mut noticed, || {
            Ok(catalogue(disk, folder, &config, &sources, &sealed, self.taken.documents())?.map(Arc::new))
        })?;
        let mut faulty = self.taken.faulty();
        faulty.extend(catalogue.left_out.iter().cloned());

        let look = theme::fingerprint(disk, folder, &own_theme)?;
        let load = || Ok(Theme::load(disk, folder, &own_theme)?.map(|theme| theme.map(Arc::new)));
        let Some(theme) = kept(&mut self.theme, look, &mut noticed, load)? else {
            return Ok(Checked::new(None, noticed));
        };
        let key = [key[0], key[1], key[2], look];
        let make = || Ok(planned(&config, &catalogue, &theme));
        let Planned { pages, shared } = kept(&mut self.planned, key, &mut noticed, make)?;
        let drafts = self.taken.drafts();
        let prepared = shared.map(|shared| Prepared { config, catalogue, theme, pages, faulty, drafts, shared });
        Ok(Checked::new(prepared, noticed))
    }
}

/// What was made from the same key before, or what `make` gives now; with everything that was noticed then.
fn kept<K: PartialEq, T: Clone>(
    slot: &mut Option<Kept<K, T>>,
    key: K,
    noticed: &mut Vec<Diagnostic>,
    make: impl FnOnce() -> Result<Checked<T>>,
) -> Result<T> {
    let kept = match slot.take() {
        Some(kept) if kept.key == key => kept,
        _ => Kept { key, made: make()? },
    };
    noticed.extend(kept.made.diagnostics.iter().cloned());
    Ok(slot.insert(kept).made.value.clone())
}

fn planned(config: &Config, catalogue: &Catalogue, theme: &Theme) -> Checked<Planned> {
    let mut noticed = Vec::new();
    let assets: Vec<String> = theme.assets.iter().map(|asset| asset.address.clone()).collect();
    let pages = plan(catalogue, &assets, config).take_into(&mut noticed);
    noticed.extend(gaps(catalogue, config));
    let shared = Shared::new(config, catalogue, theme, None).take_into(&mut noticed);
    Checked::new(Planned { pages: Arc::new(pages), shared: shared.map(Arc::new) }, noticed)
}

impl Prepared {
    /// What makes the bytes of one page.
    pub fn renderer<'a>(&'a self, site: &Site<'a>) -> Renderer<'a> {
        let Self { config, catalogue, theme, pages, shared, .. } = self;
        let (disk, folder, clock) = (site.disk, site.folder, site.clock);
        let (listener, reviewer, within) = (None, None, None);
        Renderer { disk, site: folder, config, catalogue, theme, pages, shared, listener, reviewer, within, clock }
    }

    /// A file of a sealed year that is no page of the plan, such as a stylesheet or an attachment; of an older version,
    /// too.
    pub fn sealed_file(&self, site: &Site<'_>, address: &str) -> Option<Vec<u8>> {
        if address.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return None;
        }
        let older = address.starts_with(seal::ARCHIVE).then(|| site.folder.join(address));
        let newest = self.catalogue.sealed.iter().map(|year| site.folder.join(year.folder()).join(address));
        older.into_iter().chain(newest).find_map(|path| site.disk.read(&path).ok())
    }

    /// The pages that a build makes: all but those of sealed years.
    pub fn pages_to_make(&self) -> Vec<&Page> {
        self.pages.iter().filter(|page| !matches!(page.recipe, Recipe::Sealed(..))).collect()
    }

    /// The page at this address, which is relative to the site's root.
    pub fn page(&self, address: &str) -> Option<&Page> {
        let found = self.pages.binary_search_by(|page| page.address.as_str().cmp(address));
        found.ok().map(|number| &self.pages[number])
    }

    /// The body of a document as it is written, read anew.
    pub fn text(&self, site: &Site<'_>, id: ReportId) -> Result<String> {
        let document = &self.catalogue.report(id).document;
        let bytes = site.disk.read(&site.folder.join(&*document.path))?;
        let text = source_text(&document.path, &bytes).map(|text| text.value).unwrap_or_default();
        Ok(text.get(document.body..).unwrap_or_default().to_owned())
    }

    /// The source that a page comes and goes with; empty where it comes from all of them.
    pub fn owner<'a>(&'a self, page: &'a Page) -> &'a str {
        match &page.recipe {
            Recipe::Report(id) | Recipe::Redirect(id) => &self.catalogue.report(*id).document.path,
            Recipe::File(source) => self.catalogue.files.get(source).map_or("", |file| &file.owner),
            _ => "",
        }
    }

    /// Whether every error lies in a report that is left out, so that the rest of the site is sound.
    pub fn is_sound(&self, noticed: &[Diagnostic]) -> bool {
        let errors = noticed.iter().filter(|fault| fault.severity == Severity::Error);
        let faulty: BTreeSet<&str> = self.faulty.iter().map(|path| &**path).collect();
        errors.into_iter().all(|fault| fault.place.as_ref().is_some_and(|place| faulty.contains(&*place.path)))
    }

    /// Whether every page is the same, but for what attachments hold.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.pages, &other.pages)
            && Arc::ptr_eq(&self.catalogue, &other.catalogue)
            && Arc::ptr_eq(&self.theme, &other.theme)
    }

    /// Makes one page of every recipe, so that a faulty template is found while the old site still stands whole.
    pub fn rehearse(&self, renderer: &Renderer<'_>) -> Result<Vec<Diagnostic>> {
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        let mut bytes = Vec::new();
        for page in self.pages.iter() {
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
fn settings(site: &Site<'_>) -> Result<Checked<Option<Arc<Config>>>> {
    let Checked { value: mut config, mut diagnostics } = config::load(site.disk, site.folder)?;
    if let (Some(config), Some(url)) = (&mut config, site.base_url) {
        match config::base_url(url) {
            Ok(url) => config.base_url = Some(url),
            Err(why) => diagnostics.push(Diagnostic::error(codes::SITE_KEY, why)),
        }
    }
    let usable = !diagnostics.iter().any(|fault| fault.severity == Severity::Error);
    Ok(Checked::new(config.filter(|_| usable).map(Arc::new), diagnostics))
}

/// What the site as a whole lacks.
fn gaps(catalogue: &Catalogue, config: &Config) -> Vec<Diagnostic> {
    if catalogue.as_numbered.is_empty() {
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
    let Some(severity) = Criteria::new(&config.rules, &[]).weight(codes::COLUMN_EMPTY, Severity::Warning) else {
        return Vec::new();
    };
    let warning =
        Diagnostic::warning(codes::COLUMN_EMPTY, text!("栏目{names}是空的", "nothing is in the columns {names}"));
    let warning = Diagnostic { severity, ..warning };
    vec![warning.help(text!(
        "国办公开办函〔2019〕61号要求四个栏目齐全；每个栏目放一份文件到 content/",
        "国办公开办函〔2019〕61号 asks for all four columns; put a document of each into content/"
    ))]
}
