//! 公开情况一览: towns by years, what is published and which yearly report is missing.

use serde::Serialize;
use tera::Value;

use super::Renderer;
use super::views::Pager;
use crate::diagnostic::Diagnostic;
use crate::model::catalogue::{Town, YearGroup};
use crate::model::kind::KindId;
use crate::model::page::{Page, Part};
use crate::plan;

#[derive(Serialize)]
struct OverviewView<'a> {
    years: Vec<i16>,
    kinds: Vec<&'a str>,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    href: String,
    cells: Vec<Cell<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    year: i16,
    count: usize,
    href: Option<String>,
    missing: Vec<&'a str>,
    state: &'static str,
}

impl Renderer<'_> {
    pub(super) fn overview(&self, page: &Page, part: Part, bytes: &mut Vec<u8>) -> Result<(), Box<Diagnostic>> {
        let mut view = self.page_view("overview.html", &page.address, "公开情况一览");
        view.crumbs = self.crumbs(page, [], "公开情况一览");
        view.count = self.catalogue.towns.len();
        view.pager = Pager::new(part, |number| self.href(&page.address, &plan::part_address("", "overview", number)));
        let expected = self.expected();
        let from = (part.number - 1) * plan::OVERVIEW_ROWS;
        let towns = self.catalogue.towns.iter().skip(from).take(plan::OVERVIEW_ROWS);
        let rows = towns.map(|town| Row {
            name: &town.name,
            href: self.href(&page.address, &plan::listing_address(&format!("{}/", town.slug), 1)),
            cells: self.catalogue.years.iter().map(|group| self.cell(page, town, group.year, &expected)).collect(),
        });
        let own = OverviewView {
            years: self.catalogue.years.iter().map(|group| group.year).collect(),
            kinds: expected.iter().map(|&id| self.catalogue.kind(id).name.as_str()).collect(),
            rows: rows.collect(),
        };
        self.fill(&view, |context| context.insert_value("overview", Value::from_serializable(&own)), bytes)
    }

    /// The yearly kinds that some town has published: what one town owes its readers, all do.
    fn expected(&self) -> Vec<KindId> {
        self.catalogue.kinds_in_use().filter(|(_, kind, _)| kind.yearly).map(|(id, _, _)| id).collect()
    }

    fn cell<'s>(&'s self, page: &Page, town: &Town, year: i16, expected: &[KindId]) -> Cell<'s> {
        let group: Option<&YearGroup> = town.years.iter().find(|group| group.year == year);
        let ids = group.map(|group| group.reports.as_slice()).unwrap_or_default();
        let has = |kind: KindId| ids.iter().any(|&id| self.catalogue.report(id).document.kind == kind);
        let missing: Vec<&str> =
            expected.iter().filter(|&&kind| !has(kind)).map(|&kind| self.catalogue.kind(kind).name.as_str()).collect();
        Cell {
            year,
            count: ids.len(),
            href: group.map(|_| self.href(&page.address, &plan::listing_address(&format!("{}/{year}/", town.slug), 1))),
            state: match (ids.is_empty(), missing.is_empty()) {
                (true, _) => "none",
                (false, false) => "part",
                (false, true) => "full",
            },
            missing,
        }
    }
}
