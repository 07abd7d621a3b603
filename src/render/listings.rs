//! Listings: by year, by town, by town and year, by kind.

use serde::Serialize;
use tera::Value;

use super::views::{Counted, CountedYear, Of, PageView, Pager, Standing};
use super::{Renderer, YearCount, slots};
use crate::diagnostic::Diagnostic;
use crate::model::catalogue::{ReportId, TownId};
use crate::model::kind::KindId;
use crate::model::page::{Page, Part};
use crate::plan;

type Filled = std::result::Result<(), Box<Diagnostic>>;

#[derive(Serialize)]
struct YearView<'a> {
    year: i16,
    count: usize,
    towns: Vec<Counted<'a>>,
    kinds: Vec<Counted<'a>>,
    csv: String,
    json: String,
}

#[derive(Serialize)]
struct TownView<'a> {
    name: &'a str,
    county: Option<&'a str>,
    count: usize,
    kinds: Vec<Counted<'a>>,
    standing: Vec<Standing<'a>>,
}

#[derive(Serialize)]
struct TownYearView<'a> {
    name: &'a str,
    href: String,
    year: i16,
    count: usize,
}

#[derive(Serialize)]
struct KindView<'a> {
    name: &'a str,
    description: &'a str,
    basis: Option<&'a str>,
    count: usize,
    years: &'a [YearCount],
}

impl Renderer<'_> {
    pub(super) fn years(&self, page: &Page, bytes: &mut Vec<u8>) -> Filled {
        let mut view = self.page_view("years.html", &page.address, "年度");
        view.crumbs = self.crumbs(page, [], "年度");
        let mut years = self.year_links(&page.address, &self.catalogue.years, None, plan::year_folder);
        for year in &mut years {
            let has = |town: &&crate::model::catalogue::Town| town.years.iter().any(|group| group.year == year.year);
            year.towns = Some(self.catalogue.towns.iter().filter(has).count());
        }
        let archive = (!self.catalogue.sealed.is_empty()).then(|| self.href(&page.address, plan::ARCHIVE_PAGE));
        let fill = |context: &mut tera::Context| {
            context.insert("years", &years);
            context.insert("archive", &archive);
        };
        self.fill(&view, fill, bytes)
    }

    pub(super) fn year(&self, page: &Page, year: i16, part: Part, bytes: &mut Vec<u8>) -> Filled {
        let group = self.catalogue.years.iter().find(|group| group.year == year);
        let ids = group.map(|group| group.reports.as_slice()).unwrap_or_default();
        let folder = plan::year_folder(year);
        let title = format!("{year}年政府信息公开");
        let name = format!("{year}年");
        let mut view = self.page_view("year.html", &page.address, &title);
        view.crumbs = self.crumbs(page, [("年度", "years/index.html".to_owned())], &name);
        let first = part.number == 1;
        let years = self.year_links(&page.address, &self.catalogue.years, Some(year), plan::year_folder);
        let own = YearView {
            year,
            count: ids.len(),
            towns: if first { self.towns_of_year(page, year) } else { Vec::new() },
            kinds: if first { self.kinds_of(page, ids) } else { Vec::new() },
            csv: self.href(&page.address, &format!("{folder}catalogue.csv")),
            json: self.href(&page.address, &format!("{folder}catalogue.json")),
        };
        self.listing(view, (&folder, ids, Of::Site), part, &years, ("year", &own), bytes)
    }

    pub(super) fn towns(&self, page: &Page, bytes: &mut Vec<u8>) -> Filled {
        let mut view = self.page_view("towns.html", &page.address, "乡镇");
        view.crumbs = self.crumbs(page, [], "乡镇");
        let towns = self.town_links(&page.address);
        self.fill(&view, |context| context.insert("towns", &towns), bytes)
    }

    pub(super) fn town(&self, page: &Page, id: TownId, part: Part, bytes: &mut Vec<u8>) -> Filled {
        let town = self.catalogue.town(id);
        let folder = format!("{}/", town.slug);
        let mut view = self.page_view("town.html", &page.address, &town.name);
        view.crumbs = self.crumbs(page, [("乡镇", "towns/index.html".to_owned())], &town.name);
        view.feed = Some(self.href(&page.address, &format!("{folder}feed.xml")));
        let years = self.year_links(&page.address, &town.years, None, |year| format!("{folder}{year}/"));
        let own = TownView {
            name: &town.name,
            county: town.county.as_deref(),
            count: town.reports.len(),
            kinds: self.kinds_of(page, &town.reports),
            standing: self.standing_list(&page.address, town.standing.iter().copied()),
        };
        let ids = &town.reports;
        self.listing(view, (&folder, ids, Of::Town), part, &years, ("town", &own), bytes)
    }

    pub(super) fn town_year(&self, page: &Page, id: TownId, year: i16, part: Part, bytes: &mut Vec<u8>) -> Filled {
        let town = self.catalogue.town(id);
        let group = town.years.iter().find(|group| group.year == year);
        let ids = group.map(|group| group.reports.as_slice()).unwrap_or_default();
        let home = format!("{}/", town.slug);
        let folder = format!("{home}{year}/");
        let title = format!("{}{year}年政府信息公开", town.name);
        let name = format!("{year}年");
        let mut view = self.page_view("town-year.html", &page.address, &title);
        let above = [("乡镇", "towns/index.html".to_owned()), (town.name.as_str(), plan::listing_address(&home, 1))];
        view.crumbs = self.crumbs(page, above, &name);
        let years = self.year_links(&page.address, &town.years, Some(year), |year| format!("{home}{year}/"));
        let own = TownYearView {
            name: &town.name,
            href: self.href(&page.address, &plan::listing_address(&home, 1)),
            year,
            count: ids.len(),
        };
        self.listing(view, (&folder, ids, Of::Town), part, &years, ("town", &own), bytes)
    }

    pub(super) fn kinds(&self, page: &Page, bytes: &mut Vec<u8>) -> Filled {
        let mut view = self.page_view("kinds.html", &page.address, "类别");
        view.crumbs = self.crumbs(page, [], "类别");
        let kinds = self.kind_links(&page.address);
        self.fill(&view, |context| context.insert("kinds", &kinds), bytes)
    }

    pub(super) fn kind(&self, page: &Page, id: KindId, part: Part, bytes: &mut Vec<u8>) -> Filled {
        let kind = self.catalogue.kind(id);
        let ids = &self.catalogue.by_kind[usize::from(id.0)];
        let folder = format!("kinds/{}/", kind.id);
        let mut view = self.page_view("kind.html", &page.address, &kind.name);
        view.description = &kind.description;
        view.column = kind.column.id();
        view.column_name = kind.column.name();
        view.column_description = kind.column.description();
        view.column_type = kind.column.column_type();
        let above = [(kind.column.name(), plan::column_address(kind.column))];
        view.crumbs = self.crumbs(page, above, &kind.name);
        view.feed = Some(self.href(&page.address, &format!("{folder}feed.xml")));
        let own = KindView {
            name: &kind.name,
            description: &kind.description,
            basis: kind.basis.as_deref(),
            count: ids.len(),
            years: &self.shared.kind_years[usize::from(id.0)],
        };
        self.listing(view, (&folder, ids, Of::Site), part, &[], ("kind", &own), bytes)
    }

    /// Fills one part of a listing of `ids` in `folder`, with links to the same listing of other `years`, and what is
    /// its `own` under a name.
    fn listing(
        &self,
        mut view: PageView<'_>,
        (folder, ids, of): (&str, &[ReportId], Of),
        part: Part,
        years: &[CountedYear],
        (name, own): (&'static str, &impl Serialize),
        bytes: &mut Vec<u8>,
    ) -> Filled {
        let per_page = self.config.per_page;
        let from = (part.number - 1) * per_page;
        let shown = ids.get(from..).unwrap_or_default();
        let items = self.items(view.path, &shown[..shown.len().min(per_page)], of);
        view.count = ids.len();
        view.pager = Pager::new(part, |number| self.href(view.path, &plan::listing_address(folder, number)));
        if part.number > 1 {
            view.head_title = format!("{}（第{}页）_{}", view.title, part.number, self.config.name);
        }
        let fill = |context: &mut tera::Context| {
            context.insert_value("items", Value::safe_string(&items));
            context.insert_value("years", Value::safe_string(&slots::year_counts(years)));
            context.insert_value(name, Value::from_serializable(own));
        };
        self.fill(&view, fill, bytes)
    }

    /// 当前位置: the home page, the pages above, and this page.
    pub(super) fn crumbs<const N: usize>(&self, page: &Page, above: [(&str, String); N], name: &str) -> String {
        let home = [("首页", "index.html".to_owned())];
        let above =
            home.into_iter().chain(above).map(|(name, address)| (name, Some(self.href(&page.address, &address))));
        slots::crumbs(above.chain([(name, None)]))
    }

    fn towns_of_year<'s>(&'s self, page: &Page, year: i16) -> Vec<Counted<'s>> {
        let with_year = self.catalogue.towns.iter().filter_map(|town| {
            let group = town.years.iter().find(|group| group.year == year)?;
            let address = plan::listing_address(&format!("{}/{year}/", town.slug), 1);
            Some(Counted {
                name: &town.name,
                count: group.reports.len(),
                href: self.href(&page.address, &address),
                latest_year: None,
                description: None,
            })
        });
        with_year.collect()
    }

    /// All towns with their counts.
    pub(super) fn town_links<'s>(&'s self, from: &str) -> Vec<Counted<'s>> {
        let link = |town: &'s crate::model::catalogue::Town| Counted {
            name: &town.name,
            count: town.reports.len(),
            href: self.href(from, &plan::listing_address(&format!("{}/", town.slug), 1)),
            latest_year: town.years.first().map(|group| group.year),
            description: None,
        };
        self.catalogue.towns.iter().map(link).collect()
    }

    /// All kinds in use that are not standing pages, with their counts.
    pub(super) fn kind_links<'s>(&'s self, from: &str) -> Vec<Counted<'s>> {
        let used = self.catalogue.kinds_in_use();
        used.map(|(_, kind, reports)| Counted {
            name: &kind.name,
            count: reports.len(),
            href: self.href(from, &plan::listing_address(&format!("kinds/{}/", kind.id), 1)),
            latest_year: None,
            description: Some(&kind.description),
        })
        .collect()
    }

    /// The kinds among some reports, with their counts.
    fn kinds_of<'s>(&'s self, page: &Page, ids: &[ReportId]) -> Vec<Counted<'s>> {
        let mut counts = vec![0; self.catalogue.kinds.len()];
        ids.iter().for_each(|&id| counts[usize::from(self.catalogue.report(id).document.kind.0)] += 1);
        let counted = self.catalogue.kinds.iter().zip(counts).filter(|&(_, count)| count > 0);
        counted
            .map(|(kind, count)| Counted {
                name: &kind.name,
                count,
                href: self.href(&page.address, &plan::listing_address(&format!("kinds/{}/", kind.id), 1)),
                latest_year: None,
                description: None,
            })
            .collect()
    }
}
