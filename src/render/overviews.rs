//! Pages that show the whole site: home, columns, site map; and the two that lead elsewhere, 404 and redirects.

use serde::Serialize;
use tera::Value;

use super::Renderer;
use super::slots;
use super::views::{Counted, Of, Standing};
use crate::diagnostic::Diagnostic;
use crate::model::catalogue::ReportId;
use crate::model::kind::Column;
use crate::model::page::Page;
use crate::plan;

type Filled = std::result::Result<(), Box<Diagnostic>>;

/// Reports on the home page.
const LATEST: usize = 12;
/// Towns on the home page.
const HOME_TOWNS: usize = 40;
/// Reports of one kind on a column's page.
const LATEST_OF_KIND: usize = 5;
/// Annual reports on the page of their column.
const ANNUAL: usize = 100;

#[derive(Serialize)]
struct HomeView<'a> {
    /// Ready HTML.
    latest: String,
    /// Ready HTML.
    years: String,
    towns: Vec<Counted<'a>>,
    more_towns: bool,
    kinds: Vec<Counted<'a>>,
    columns: Vec<ColumnLink>,
    reports: usize,
    towns_count: usize,
    years_count: usize,
}

#[derive(Serialize)]
struct ColumnLink {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    href: String,
    count: usize,
}

#[derive(Serialize)]
struct ColumnView<'a> {
    name: &'static str,
    description: &'static str,
    standing: Vec<Standing<'a>>,
    kinds: Vec<ColumnKind<'a>>,
    /// Ready HTML.
    items: String,
}

#[derive(Serialize)]
struct ColumnKind<'a> {
    name: &'a str,
    count: usize,
    href: String,
    /// Ready HTML.
    latest: String,
    more: bool,
}

#[derive(Serialize)]
struct MapView<'a> {
    columns: Vec<ColumnLink>,
    /// Ready HTML.
    years: String,
    towns: Vec<Counted<'a>>,
    kinds: Vec<Counted<'a>>,
    standing: Vec<Standing<'a>>,
    data: Vec<DataLink>,
}

#[derive(Serialize)]
struct DataLink {
    name: &'static str,
    href: String,
}

impl Renderer<'_> {
    pub(super) fn home(&self, page: &Page, bytes: &mut Vec<u8>) -> Filled {
        let catalogue = self.catalogue;
        let mut view = self.page_view("home.html", &page.address, &self.config.name);
        view.feed = Some("feed.xml".to_owned());
        view.column = "home";
        view.column_type = "首页";
        let mut towns = self.town_links(&page.address);
        let more_towns = towns.len() > HOME_TOWNS;
        towns.truncate(HOME_TOWNS);
        let own = HomeView {
            latest: self.items(&page.address, &catalogue.dated[..catalogue.dated.len().min(LATEST)], Of::Site),
            years: slots::year_counts(&self.year_links(&page.address, &catalogue.years, None, plan::year_folder)),
            towns,
            more_towns,
            kinds: self.kind_links(&page.address),
            columns: self.column_links(&page.address),
            reports: catalogue.dated.len(),
            towns_count: catalogue.towns.len(),
            years_count: catalogue.years.len(),
        };
        self.fill(&view, |context| context.insert_value("home", Value::from_serializable(&own)), bytes)
    }

    pub(super) fn column(&self, page: &Page, column: Column, bytes: &mut Vec<u8>) -> Filled {
        let catalogue = self.catalogue;
        let mut view = self.page_view("column.html", &page.address, column.name());
        view.description = column.description();
        view.column = column.id();
        view.column_name = column.name();
        view.column_description = column.description();
        view.column_type = column.column_type();
        view.crumbs = self.crumbs(page, [], column.name());
        let in_column = |id: &ReportId| catalogue.kind(catalogue.report(*id).document.kind).column == column;
        let used = catalogue.kinds_in_use().filter(|(_, kind, _)| kind.column == column && !kind.standing);
        let kinds = used.map(|(_, kind, reports)| ColumnKind {
            name: &kind.name,
            count: reports.len(),
            href: self.href(&page.address, &plan::listing_address(&format!("kinds/{}/", kind.id), 1)),
            latest: self.items(&page.address, &reports[..reports.len().min(LATEST_OF_KIND)], Of::Site),
            more: reports.len() > LATEST_OF_KIND,
        });
        let annual = catalogue.dated.iter().copied().filter(in_column).take(ANNUAL).collect::<Vec<_>>();
        let own = ColumnView {
            name: column.name(),
            description: column.description(),
            standing: self.standing_list(&page.address, catalogue.standing.iter().copied().filter(in_column)),
            kinds: kinds.collect(),
            items: if column == Column::Annual { self.items(&page.address, &annual, Of::Site) } else { String::new() },
        };
        self.fill(&view, |context| context.insert_value("column", Value::from_serializable(&own)), bytes)
    }

    pub(super) fn map(&self, page: &Page, bytes: &mut Vec<u8>) -> Filled {
        let catalogue = self.catalogue;
        let mut view = self.page_view("map.html", &page.address, "站点地图");
        view.crumbs = self.crumbs(page, [], "站点地图");
        let data = [
            ("目录（CSV）", "catalogue.csv"),
            ("目录（JSON）", "catalogue.json"),
            ("目录格式说明（JSON Schema）", "catalogue.schema.json"),
            ("订阅（Atom）", "feed.xml"),
        ];
        let own = MapView {
            columns: self.column_links(&page.address),
            years: slots::year_counts(&self.year_links(&page.address, &catalogue.years, None, plan::year_folder)),
            towns: self.town_links(&page.address),
            kinds: self.kind_links(&page.address),
            standing: self.standing_list(&page.address, catalogue.standing.iter().copied()),
            data: data.map(|(name, address)| DataLink { name, href: self.href(&page.address, address) }).into(),
        };
        self.fill(&view, |context| context.insert_value("map", Value::from_serializable(&own)), bytes)
    }

    pub(super) fn not_found(&self, page: &Page, bytes: &mut Vec<u8>) -> Filled {
        let view = self.page_view("404.html", &page.address, "没有找到这个页面");
        self.fill(&view, |_| {}, bytes)
    }

    pub(super) fn search(&self, page: &Page, bytes: &mut Vec<u8>) -> Filled {
        let mut view = self.page_view("search.html", &page.address, "查找");
        view.crumbs = self.crumbs(page, [], "查找");
        self.fill(&view, |_| {}, bytes)
    }

    pub(super) fn redirect(&self, page: &Page, id: ReportId, bytes: &mut Vec<u8>) -> Filled {
        let report = self.catalogue.report(id);
        let title = &report.document.head.title;
        let mut view = self.page_view("redirect.html", &page.address, title);
        view.url = self.url(&report.address);
        let own = serde_json::json!({ "href": self.href(&page.address, &report.address), "title": title });
        self.fill(&view, |context| context.insert_value("redirect", Value::from_serializable(&own)), bytes)
    }

    fn column_links(&self, from: &str) -> Vec<ColumnLink> {
        Column::ALL
            .map(|column| ColumnLink {
                id: column.id(),
                name: column.name(),
                description: column.description(),
                href: self.href(from, &plan::column_address(column)),
                count: self.catalogue.count_in(column),
            })
            .into()
    }
}
