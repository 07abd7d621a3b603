//! Step 4 of the road: which files the site will have, without making any. Whoever builds, serves, archives
//! or publishes takes this list.

use std::collections::HashMap;

use crate::config::Config;
use crate::diagnostic::{Checked, Diagnostic, Place, codes};
use crate::model::catalogue::Catalogue;
use crate::model::kind::Column;
use crate::model::page::{FeedOf, Page, Part, Recipe, SitemapPart};
use crate::model::sealed::{home, version_folder};
use crate::{seal, text};

/// The largest number of addresses in one sitemap.xml (sitemaps.org, protocol 0.9).
pub const SITEMAP_LIMIT: usize = 50_000;
/// Towns on one page of the overview.
pub const OVERVIEW_ROWS: usize = 200;

/// Where the list of sealed years stands.
pub const ARCHIVE_PAGE: &str = "archive/index.html";

/// Lists every page. `assets` are the addresses of the theme's own files, in their order.
pub fn plan(catalogue: &Catalogue, assets: &[String], config: &Config) -> Checked<Vec<Page>> {
    let mut plan = Plan { pages: Vec::with_capacity(catalogue.reports().len() * 2), per_page: config.per_page };
    plan.add("index.html", Recipe::Home);
    plan.add("404.html", Recipe::NotFound);
    plan.add("map.html", Recipe::Map);
    if config.search {
        plan.add("search.html", Recipe::Search);
    }
    plan.add("years/index.html", Recipe::Years);
    plan.add("towns/index.html", Recipe::Towns);
    plan.add("kinds/index.html", Recipe::Kinds);
    for column in Column::ALL {
        plan.add(&column_address(column), Recipe::Column(column));
    }
    for (id, report) in catalogue.reports().filter(|(id, _)| !catalogue.is_sealed(*id)) {
        plan.add(&report.address, Recipe::Report(id));
    }
    for group in catalogue.years.iter().filter(|group| catalogue.seal_of(group.year).is_none()) {
        let folder = year_folder(group.year);
        plan.listing(&folder, group.reports.len(), |part| Recipe::Year(group.year, part));
        plan.add(&format!("{folder}catalogue.json"), Recipe::CatalogueJson(Some(group.year)));
        plan.add(&format!("{folder}catalogue.csv"), Recipe::CatalogueCsv(Some(group.year)));
    }
    for (number, town) in catalogue.towns.iter().enumerate() {
        let id = crate::model::catalogue::TownId(number as u32);
        plan.listing(&format!("{}/", town.slug), town.reports.len(), |part| Recipe::Town(id, part));
        for group in town.years.iter().filter(|group| catalogue.seal_of(group.year).is_none()) {
            let folder = format!("{}/{}/", town.slug, group.year);
            plan.listing(&folder, group.reports.len(), |part| Recipe::TownYear(id, group.year, part));
        }
        plan.add(&format!("{}/feed.xml", town.slug), Recipe::Feed(FeedOf::Town(id)));
    }
    for (id, kind, reports) in catalogue.kinds_in_use() {
        let folder = format!("kinds/{}/", kind.id);
        plan.listing(&folder, reports.len(), |part| Recipe::Kind(id, part));
        plan.add(&format!("{folder}feed.xml"), Recipe::Feed(FeedOf::Kind(id)));
    }
    let rows = parts(catalogue.towns.len(), OVERVIEW_ROWS);
    for part in rows {
        plan.add(&part_address("", "overview", part.number), Recipe::Overview(part));
    }
    for (alias, report) in catalogue.aliases.iter().filter(|(_, id)| !catalogue.is_sealed(**id)) {
        plan.add(alias, Recipe::Redirect(*report));
    }
    let is_sealed = |owner| catalogue.by_source.get(owner).is_some_and(|id| catalogue.is_sealed(*id));
    for (source, file) in catalogue.files.iter().filter(|(_, file)| !is_sealed(&file.owner)) {
        plan.add(&file.address, Recipe::File(source.clone()));
    }
    for (number, address) in assets.iter().enumerate() {
        plan.add(address, Recipe::Asset(number));
    }
    plan.archive(catalogue);
    plan.add("catalogue.json", Recipe::CatalogueJson(None));
    plan.add("catalogue.csv", Recipe::CatalogueCsv(None));
    plan.add("catalogue.schema.json", Recipe::CatalogueSchema);
    plan.add("feed.xml", Recipe::Feed(FeedOf::Site));
    // A site map without absolute addresses is not one (sitemaps.org: "must begin with the protocol").
    if config.base_url.is_some() {
        plan.sitemaps();
    }
    plan.finish(catalogue)
}

/// Lists the pages of one year that is to be sealed, each at the address that it has for ever: the reports, their
/// files and listings; and in the year's own folder all that would be the whole site's.
pub fn sealed_year(catalogue: &Catalogue, year: i16, assets: &[String], config: &Config) -> Checked<Vec<Page>> {
    let mut plan = Plan { pages: Vec::new(), per_page: config.per_page };
    let own = home(year);
    for (id, report) in catalogue.reports() {
        plan.add(&report.address, Recipe::Report(id));
    }
    let count = catalogue.dated.len();
    plan.listing(&own, count, |part| Recipe::Year(year, part));
    plan.add(&format!("{own}catalogue.json"), Recipe::CatalogueJson(Some(year)));
    plan.add(&format!("{own}catalogue.csv"), Recipe::CatalogueCsv(Some(year)));
    plan.add(&format!("{own}catalogue.schema.json"), Recipe::CatalogueSchema);
    for (number, town) in catalogue.towns.iter().enumerate() {
        let id = crate::model::catalogue::TownId(number as u32);
        let folder = format!("{}/{year}/", town.slug);
        plan.listing(&folder, town.reports.len(), |part| Recipe::TownYear(id, year, part));
    }
    for (alias, report) in &catalogue.aliases {
        plan.add(alias, Recipe::Redirect(*report));
    }
    for (source, file) in catalogue.files.iter() {
        plan.add(&file.address, Recipe::File(source.clone()));
    }
    for (number, address) in assets.iter().enumerate() {
        plan.add(address, Recipe::Asset(number));
    }
    if config.search {
        plan.add(&format!("{own}search.html"), Recipe::Search);
    }
    if config.base_url.is_some() {
        plan.add(&format!("{own}sitemap.xml"), Recipe::Sitemap(SitemapPart::Addresses(0)));
    }
    plan.finish(catalogue)
}

/// Where a column's page stands.
pub fn column_address(column: Column) -> String {
    format!("columns/{}.html", column.id())
}

/// The folder of a year's listing.
pub fn year_folder(year: i16) -> String {
    format!("years/{year}/")
}

/// The address of one part of a listing: the first is `index.html`, the others `page-2.html` and so on.
pub fn listing_address(folder: &str, number: usize) -> String {
    if number == 1 { [folder, "index.html"].concat() } else { format!("{folder}page-{number}.html") }
}

/// The address of one part of a page that is not a folder's index.
pub fn part_address(folder: &str, name: &str, number: usize) -> String {
    if number == 1 { format!("{folder}{name}.html") } else { format!("{folder}{name}-{number}.html") }
}

/// The address of one of several site maps.
pub fn sitemap_address(number: usize) -> String {
    format!("sitemap-{}.xml", number + 1)
}

/// Whether an address belongs into the site map: what a reader would look for.
pub fn is_for_search_engines(recipe: &Recipe) -> bool {
    matches!(
        recipe,
        Recipe::Report(_)
            | Recipe::Home
            | Recipe::Years
            | Recipe::Year(..)
            | Recipe::Towns
            | Recipe::Town(..)
            | Recipe::TownYear(..)
            | Recipe::Kinds
            | Recipe::Kind(..)
            | Recipe::Column(_)
            | Recipe::Overview(_)
            | Recipe::Map
            | Recipe::Archive
            | Recipe::Corrections(_)
            | Recipe::Sealed(_, true)
    )
}

struct Plan {
    pages: Vec<Page>,
    per_page: usize,
}

impl Plan {
    fn add(&mut self, address: &str, recipe: Recipe) {
        self.pages.push(Page { address: address.to_owned(), recipe });
    }

    fn listing(&mut self, folder: &str, count: usize, recipe: impl Fn(Part) -> Recipe) {
        for part in parts(count, self.per_page) {
            self.add(&listing_address(folder, part.number), recipe(part));
        }
    }

    /// The pages of sealed years, which are there already, and what tells of them.
    fn archive(&mut self, catalogue: &Catalogue) {
        for year in &catalogue.sealed {
            let number = year.seal.year;
            for page in &year.seal.pages {
                self.add(&page.address, Recipe::Sealed(number, page.listed));
            }
            year.tokens.keys().for_each(|&version| self.add(&seal::log::token(number, version), Recipe::Evidence));
            let corrections = seal::corrections_page(number);
            self.add(&corrections, Recipe::Corrections(number));
            // Two links lead out of every sealed page; an older version stands deeper than they were made for.
            for version in year.versions.iter().filter(|version| version.version < year.seal.version) {
                let folder = version_folder(number, version.version);
                self.add(&format!("{folder}/index.html"), Recipe::Onward("index.html".to_owned()));
                self.add(&format!("{folder}/{corrections}"), Recipe::Onward(corrections.clone()));
            }
        }
        if !catalogue.sealed.is_empty() {
            self.add(ARCHIVE_PAGE, Recipe::Archive);
            self.add(seal::log::ADDRESS, Recipe::Evidence);
        }
    }

    fn sitemaps(&mut self) {
        let listed = self.pages.iter().filter(|page| is_for_search_engines(&page.recipe)).count();
        let count = listed.div_ceil(SITEMAP_LIMIT).max(1);
        if count == 1 {
            self.add("sitemap.xml", Recipe::Sitemap(SitemapPart::Addresses(0)));
            return;
        }
        self.add("sitemap.xml", Recipe::Sitemap(SitemapPart::Index(count)));
        for number in 0..count {
            self.add(&sitemap_address(number), Recipe::Sitemap(SitemapPart::Addresses(number)));
        }
    }

    /// Sorts the pages by address and names those that would fall on another; the first stays.
    ///
    /// Addresses that differ only in case are one file on Windows and on many servers, so they count as equal.
    fn finish(self, catalogue: &Catalogue) -> Checked<Vec<Page>> {
        let mut taken: HashMap<String, usize> = HashMap::with_capacity(self.pages.len());
        let mut diagnostics = Vec::new();
        let mut kept: Vec<Page> = Vec::with_capacity(self.pages.len());
        for page in self.pages {
            let folded = page.address.to_lowercase();
            match taken.get(&folded) {
                Some(&other) => diagnostics.push(clash(catalogue, &page, &kept[other])),
                None => {
                    taken.insert(folded, kept.len());
                    kept.push(page);
                }
            }
        }
        kept.sort_by(|a, b| a.address.cmp(&b.address));
        Checked::new(kept, diagnostics)
    }
}

fn parts(count: usize, per_page: usize) -> impl Iterator<Item = Part> {
    let total = count.div_ceil(per_page).max(1);
    (1..=total).map(move |number| Part { number, total })
}

fn clash(catalogue: &Catalogue, page: &Page, other: &Page) -> Diagnostic {
    let source = |page: &Page| match &page.recipe {
        Recipe::Report(id) | Recipe::Redirect(id) => Some(catalogue.report(*id).document.path.clone()),
        Recipe::File(source) => Some(source.clone()),
        _ => None,
    };
    let address = &page.address;
    let mut error = Diagnostic::error(
        codes::SAME_ADDRESS,
        text!("地址 {address} 已有别的页面", "the address {address} is that of another page"),
    )
    .help(text!("换一个 `slug:`、文件名或旧地址", "choose another `slug:`, file name or alias"));
    if let Some(path) = source(page).or_else(|| source(other)) {
        error = error.at(Place::file(&path));
    }
    error
}
