//! The site's inventory: every report with its address and index number, by town, by year, by kind.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use super::document::Document;
use super::kind::{Column, Kind, KindId};
use super::sealed::SealedYear;

/// Number of a report in [`Catalogue::reports`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId(pub u32);

/// Number of a town in [`Catalogue`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TownId(pub u32);

/// Everything that is published, sorted and addressed. A copy costs nothing.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    order: Arc<Order>,
    /// Reports that have become others since they were numbered, and keep their numbers.
    newer: BTreeMap<ReportId, Report>,
}

/// The places of all reports. What is long is shared, so that a copy in another order costs little.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Reports and standing pages as they were when they were numbered; what `ReportId` counts. To be read through
    /// [`Catalogue::report`] and [`Catalogue::reports`].
    pub as_numbered: Arc<Vec<Report>>,
    /// All of them, newest first.
    pub newest_first: Vec<ReportId>,
    /// Towns by name of their address; what `TownId` counts.
    pub towns: Vec<Town>,
    /// Kinds in the order of the settings; what `KindId` counts.
    pub kinds: Vec<Kind>,
    /// Reports that belong to a year, newest first.
    pub dated: Vec<ReportId>,
    /// Standing pages, in the order of the columns.
    pub standing: Vec<ReportId>,
    /// Years with their reports, newest first.
    pub years: Vec<YearGroup>,
    /// Reports of each kind, newest first; as long as `kinds`.
    pub by_kind: Vec<Vec<ReportId>>,
    /// Files copied beside the pages: source path to address.
    pub files: Arc<BTreeMap<Arc<str>, SiteFile>>,
    /// Old addresses, each with the report that moved.
    pub aliases: BTreeMap<String, ReportId>,
    /// Sources that are left out because another has their address.
    pub left_out: Vec<Arc<str>>,
    /// Years whose pages are made already and stay as they are, oldest first.
    pub sealed: Vec<Arc<SealedYear>>,
    /// Pages by the path of their source.
    pub by_source: Arc<HashMap<Arc<str>, ReportId>>,
}

/// One published report or standing page.
#[derive(Debug, Clone)]
pub struct Report {
    /// What its source says.
    pub document: Arc<Document>,
    /// Its town; standing pages of the whole site have none.
    pub town: Option<TownId>,
    /// Address relative to the site's root: `dingshi/2023/fazhi.html`.
    pub address: String,
    /// 索引号.
    pub index: String,
    /// 发布机构.
    pub agency: String,
}

/// One town.
#[derive(Debug, Clone)]
pub struct Town {
    /// Its name, as readers see it.
    pub name: String,
    /// Its folder in addresses.
    pub slug: String,
    /// The county, where the settings name it.
    pub county: Option<String>,
    /// Its organisation code, where the settings name it.
    pub code: Option<String>,
    /// Its reports, newest first.
    pub reports: Vec<ReportId>,
    /// Its years, newest first.
    pub years: Vec<YearGroup>,
    /// Its standing pages.
    pub standing: Vec<ReportId>,
    /// For each kind the newest report of each year, newest year first: 往年同类报告.
    pub series: BTreeMap<KindId, Vec<(i16, ReportId)>>,
}

/// The reports about one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearGroup {
    /// The year the reports are about.
    pub year: i16,
    /// The reports, newest first.
    pub reports: Vec<ReportId>,
}

/// A file that some report refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Address relative to the site's root; ASCII.
    pub address: String,
    /// Size in bytes.
    pub length: u64,
    /// Width and height, where it is an image that could be read.
    pub size: Option<(u32, u32)>,
    /// The document that brought it in first.
    pub owner: Arc<str>,
}

impl Deref for Catalogue {
    type Target = Order;

    fn deref(&self) -> &Order {
        &self.order
    }
}

impl Catalogue {
    /// The catalogue of this order.
    pub fn new(order: Order) -> Self {
        Self { order: Arc::new(order), newer: BTreeMap::new() }
    }

    /// The catalogue with a newer document in the place of one; all else must be the same for it.
    pub fn put(&mut self, id: ReportId, document: Arc<Document>) {
        let report = Report { document, ..self.report(id).clone() };
        self.newer.insert(id, report);
    }

    /// Changes the places of reports.
    pub fn reorder(&mut self, change: impl FnOnce(&mut Order)) {
        change(Arc::make_mut(&mut self.order));
    }

    /// Whether every report of the other has the same number and the same address in this one.
    pub fn has_numbers_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.order.as_numbered, &other.order.as_numbered)
    }

    /// The report with this number.
    pub fn report(&self, id: ReportId) -> &Report {
        self.newer.get(&id).unwrap_or_else(|| &self.order.as_numbered[id.0 as usize])
    }

    /// Reports and standing pages with their numbers, newest first.
    pub fn reports(&self) -> impl ExactSizeIterator<Item = (ReportId, &Report)> {
        self.order.newest_first.iter().map(|&id| (id, self.report(id)))
    }

    /// The town with this number.
    pub fn town(&self, id: TownId) -> &Town {
        &self.towns[id.0 as usize]
    }

    /// The seal of a year, if it has one.
    pub fn seal_of(&self, year: i16) -> Option<&SealedYear> {
        self.sealed.iter().find(|sealed| sealed.seal.year == year).map(|sealed| &**sealed)
    }

    /// Whether the page of this report is made already and stays as it is.
    pub fn is_sealed(&self, id: ReportId) -> bool {
        self.report(id).document.sealed.is_some()
    }

    /// The kind with this number.
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[usize::from(id.0)]
    }

    /// The kinds that have reports or standing pages, with their numbers.
    pub fn kinds_in_use(&self) -> impl Iterator<Item = (KindId, &Kind, &[ReportId])> {
        let numbered = self.kinds.iter().zip(&self.by_kind).enumerate();
        numbered
            .map(|(number, (kind, reports))| (KindId(number as u16), kind, reports.as_slice()))
            .filter(|(_, _, reports)| !reports.is_empty())
    }

    /// How many reports and standing pages stand in a column.
    pub fn count_in(&self, column: Column) -> usize {
        self.kinds_in_use().filter(|(_, kind, _)| kind.column == column).map(|(_, _, reports)| reports.len()).sum()
    }
}
