//! A page is a recipe: where it will stand and what it is made from.

use std::sync::Arc;

use super::catalogue::{ReportId, TownId};
use super::kind::{Column, KindId};

/// One file of the site, not yet made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Address relative to the site's root, ASCII, with `/`.
    pub address: String,
    /// What it is made from.
    pub recipe: Recipe,
}

/// One stretch of a listing: page `number` of `total`, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which page of the listing, from 1.
    pub number: usize,
    /// How many pages the listing has.
    pub total: usize,
}

/// What a page is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipe {
    /// One report, or one standing page.
    Report(ReportId),
    /// The home page.
    Home,
    /// The list of years.
    Years,
    /// The reports about one year.
    Year(i16, Part),
    /// The list of towns.
    Towns,
    /// The reports of one town.
    Town(TownId, Part),
    /// The reports of one town about one year.
    TownYear(TownId, i16, Part),
    /// The list of kinds.
    Kinds,
    /// The reports of one kind.
    Kind(KindId, Part),
    /// One of the columns in the navigation.
    Column(Column),
    /// 公开情况一览: towns by years.
    Overview(Part),
    /// The site map for readers.
    Map,
    /// Where the search shows what it found.
    Search,
    /// What a server shows for an address that is not there.
    NotFound,
    /// An old address that leads to a report's present one.
    Redirect(ReportId),
    /// The Atom feed of the site, a town or a kind.
    Feed(FeedOf),
    /// sitemap.xml, or an index of several.
    Sitemap(SitemapPart),
    /// catalogue.json of the site or of one year.
    CatalogueJson(Option<i16>),
    /// catalogue.csv of the site or of one year.
    CatalogueCsv(Option<i16>),
    /// The schema of catalogue.json.
    CatalogueSchema,
    /// A stylesheet, script or icon of the theme, by its number there.
    Asset(usize),
    /// An attachment or image, copied from this source.
    File(Arc<str>),
    /// A page of a sealed year, which is there already; whether site maps name it.
    Sealed(i16, bool),
    /// 归档: the sealed years.
    Archive,
    /// A file of the archive that stands on the site as it is, for whoever proves the published copy: the log of seals,
    /// or a time-stamp token.
    Evidence,
    /// 更正与核验: the corrections of one sealed year, and how it is proven.
    Corrections(i16),
    /// An address inside the folder of an older version, which leads to this one of the site.
    Onward(String),
}

impl Recipe {
    /// Whether a template of the theme makes the page.
    pub fn has_template(&self) -> bool {
        !matches!(
            self,
            Self::Feed(_)
                | Self::Sitemap(_)
                | Self::CatalogueJson(_)
                | Self::CatalogueCsv(_)
                | Self::CatalogueSchema
                | Self::Evidence
                | Self::Asset(_)
                | Self::File(_)
                | Self::Sealed(..)
        )
    }
}

/// Whose feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedOf {
    /// The newest reports of the site.
    Site,
    /// Those of one town.
    Town(TownId),
    /// Those of one kind.
    Kind(KindId),
}

/// Which part of the site map for search engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SitemapPart {
    /// The only one, or the n-th (from 0) of several.
    Addresses(usize),
    /// The index of so many parts.
    Index(usize),
}
