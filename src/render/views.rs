//! What templates see: small values with ready addresses, so that templates neither compute nor look up.

use jiff::civil::Date;
use serde::Serialize;

use super::slots::{self, Item};
use super::theme::Theme;
use super::{Renderer, Sealing, meta};
use crate::config::Config;
use crate::model::catalogue::{ReportId, YearGroup};
use crate::model::kind::Column;
use crate::model::page::Part;
use crate::model::sealed::home;
use crate::{plan, seal};

/// The settings, as templates see them; the same on every page.
#[derive(Serialize)]
pub(super) struct SiteView<'a> {
    name: &'a str,
    description: &'a str,
    keywords: &'a str,
    language: &'static str,
    base_url: Option<&'a str>,
    domain: Option<&'a str>,
    id_code: Option<&'a str>,
    host: Option<&'a str>,
    operator: Option<&'a str>,
    support: Option<&'a str>,
    address: Option<&'a str>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    hours: Option<&'a str>,
    icp: Option<&'a str>,
    police: Option<&'a str>,
    police_url: Option<&'a str>,
    party_gov_mark_url: Option<&'a str>,
    error_report_url: Option<&'a str>,
    ipv6: bool,
    copyright: Option<&'a str>,
    columns: Vec<Named>,
    pages: SitePages,
    listed_hosts: &'a [String],
    listed_hosts_text: String,
    style: &'a str,
    code_style: &'a str,
    script: &'a str,
    /// The search's script and stylesheet; empty where the site has no search.
    search_script: &'a str,
    suggest_script: &'a str,
    search_style: &'a str,
    icon: &'a str,
    theme_colour: &'static str,
    version: &'static str,
    /// The year that is being sealed.
    sealed: Option<SealedView>,
}

/// What the pages of a sealed year say of it; addresses relative to the site's root.
#[derive(Serialize)]
struct SealedView {
    year: i16,
    as_of: String,
    as_of_text: String,
    home: String,
    search: String,
    corrections: String,
}

/// Pages that every site has, relative to its root.
#[derive(Serialize)]
struct SitePages {
    home: String,
    years: String,
    towns: String,
    kinds: String,
    overview: String,
    map: String,
    search: String,
    archive: &'static str,
}

/// A column of the navigation.
#[derive(Serialize)]
pub(super) struct Named {
    id: &'static str,
    name: &'static str,
    href: String,
}

impl<'a> SiteView<'a> {
    pub(super) fn new(config: &'a Config, theme: &'a Theme, sealing: Option<Sealing>) -> Self {
        let page = |address: &str| match sealing {
            Some(Sealing { year, .. }) => home(year) + "index.html",
            None => address.to_owned(),
        };
        let search = || sealing.map_or_else(String::new, |sealing| home(sealing.year)) + "search.html";
        let asset = |name| theme.asset_address(name).unwrap_or_default();
        let (contact, footer) = (&config.contact, &config.footer);
        let host = |url: &'a str| url.split("//").nth(1).and_then(|rest| rest.split('/').next());
        Self {
            name: &config.name,
            description: &config.description,
            keywords: &config.keywords,
            language: "zh-CN",
            base_url: config.base_url.as_deref(),
            domain: config.base_url.as_deref().and_then(host),
            id_code: footer.id_code.as_deref(),
            host: contact.host.as_deref(),
            operator: contact.operator.as_deref(),
            support: contact.support.as_deref(),
            address: contact.address.as_deref(),
            phone: contact.phone.as_deref(),
            email: contact.email.as_deref(),
            hours: contact.hours.as_deref(),
            icp: footer.icp.as_deref(),
            police: footer.police.as_deref(),
            police_url: footer.police_url.as_deref(),
            party_gov_mark_url: footer.party_gov_mark_url.as_deref(),
            error_report_url: footer.error_report_url.as_deref(),
            ipv6: footer.ipv6,
            copyright: footer.copyright.as_deref(),
            columns: Column::ALL
                .map(|column| Named { id: column.id(), name: column.name(), href: plan::column_address(column) })
                .into(),
            pages: SitePages {
                home: page("index.html"),
                years: page("years/index.html"),
                towns: page("towns/index.html"),
                kinds: page("kinds/index.html"),
                overview: page("overview.html"),
                map: page("map.html"),
                search: if config.search { search() } else { String::new() },
                archive: plan::ARCHIVE_PAGE,
            },
            listed_hosts: &config.listed_hosts,
            listed_hosts_text: config.listed_hosts.join(" "),
            style: asset("style.css"),
            code_style: asset("code.css"),
            script: asset("site.js"),
            search_script: if config.search { asset("search.js") } else { "" },
            suggest_script: if config.search { asset("suggest.js") } else { "" },
            search_style: if config.search { asset("search.css") } else { "" },
            icon: asset("icon.svg"),
            theme_colour: "#ffffff",
            version: env!("CARGO_PKG_VERSION"),
            sealed: sealing.map(|Sealing { year, as_of }| SealedView {
                year,
                as_of: day(as_of),
                as_of_text: format!("{}年{}月{}日", as_of.year(), as_of.month(), as_of.day()),
                home: home(year) + "index.html",
                search: if config.search { search() } else { String::new() },
                corrections: seal::corrections_page(year),
            }),
        }
    }
}

/// What every page says of itself. What only machines read comes to templates as one ready piece: see [`meta`].
#[derive(Serialize, Default)]
pub(super) struct PageView<'a> {
    #[serde(skip)]
    pub(super) template: &'static str,
    pub(super) title: &'a str,
    pub(super) head_title: String,
    pub(super) path: &'a str,
    pub(super) url: Option<String>,
    #[serde(skip)]
    pub(super) description: &'a str,
    #[serde(skip)]
    pub(super) keywords: &'a str,
    pub(super) column: &'static str,
    #[serde(skip)]
    pub(super) column_name: &'a str,
    #[serde(skip)]
    pub(super) column_description: &'a str,
    #[serde(skip)]
    pub(super) column_type: &'static str,
    /// Set on the pages of documents.
    #[serde(skip)]
    pub(super) article: Option<meta::Article<'a>>,
    /// 当前位置 as ready HTML, handed to templates beside the page.
    #[serde(skip)]
    pub(super) crumbs: String,
    #[serde(skip)]
    pub(super) feed: Option<String>,
    pub(super) pager: Option<Pager>,
    pub(super) count: usize,
}

/// The way through a listing of several pages.
#[derive(Serialize)]
pub(super) struct Pager {
    number: usize,
    total: usize,
    first: String,
    prev: Option<String>,
    next: Option<String>,
    last: String,
    pages: Vec<PagerLink>,
}

#[derive(Serialize)]
struct PagerLink {
    number: usize,
    href: String,
    current: bool,
}

impl Pager {
    /// The links of one part; `address` gives the file name of each. `None` where there is only one.
    pub(super) fn new(part: Part, address: impl Fn(usize) -> String) -> Option<Self> {
        let Part { number, total } = part;
        let near = number.saturating_sub(3).max(1)..=(number + 3).min(total);
        let link = |number: usize| (1..=total).contains(&number).then(|| address(number));
        (total > 1).then(|| Self {
            number,
            total,
            first: address(1),
            prev: link(number - 1),
            next: link(number + 1),
            last: address(total),
            pages: near.map(|page| PagerLink { number: page, href: address(page), current: page == number }).collect(),
        })
    }
}

/// What a listing is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Of many towns: each item names its own.
    Site,
    /// Of one town.
    Town,
}

/// A name with a number and a way there: towns, kinds.
#[derive(Serialize)]
pub(super) struct Counted<'a> {
    pub(super) name: &'a str,
    pub(super) count: usize,
    pub(super) href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) latest_year: Option<i16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
}

/// A year with a number and a way there.
#[derive(Serialize)]
pub(super) struct CountedYear {
    pub(super) year: i16,
    pub(super) count: usize,
    pub(super) href: String,
    pub(super) current: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) towns: Option<usize>,
}

/// A standing page in a list.
#[derive(Serialize)]
pub(super) struct Standing<'a> {
    title: &'a str,
    href: String,
    date: String,
    town: Option<&'a str>,
}

/// A day as `2023-01-16`. Every report shows one wherever it is listed, and the formatter of the library, made
/// for every form there is, costs more than all the rest of an item.
pub(super) fn day(date: Date) -> String {
    let mut text = String::with_capacity(10);
    // A site's dates lie between the years 1000 and 9999: the front matter allows no others.
    text.push_str(&date.year().to_string());
    for part in [date.month(), date.day()] {
        text.push('-');
        text.push(char::from(b'0' + part as u8 / 10));
        text.push(char::from(b'0' + part as u8 % 10));
    }
    text
}

impl Renderer<'_> {
    /// The reports with these numbers as a page at `from` lists them, as ready HTML; empty where there are none.
    pub(super) fn items(&self, from: &str, ids: &[ReportId], of: Of) -> String {
        slots::items(ids.iter().map(|&id| self.item(from, id, of)))
    }

    fn item<'s>(&'s self, from: &str, id: ReportId, of: Of) -> Item<'s> {
        let report = self.catalogue.report(id);
        let head = &report.document.head;
        let town = report.town.filter(|_| of == Of::Site).map(|town| self.catalogue.town(town).name.as_str());
        let kind = self.catalogue.kind(report.document.kind).name.as_str();
        Item {
            title: &head.title,
            href: self.href(from, &report.address),
            date: day(head.date),
            about: [town, Some(kind), head.number.as_deref()],
            repealed: head.repealed.is_some(),
        }
    }

    /// Standing pages as a page at `from` lists them.
    pub(super) fn standing_list<'s>(&'s self, from: &str, ids: impl Iterator<Item = ReportId>) -> Vec<Standing<'s>> {
        ids.map(|id| {
            let report = self.catalogue.report(id);
            Standing {
                title: &report.document.head.title,
                href: self.href(from, &report.address),
                date: day(report.document.head.date),
                town: report.town.map(|town| self.catalogue.town(town).name.as_str()),
            }
        })
        .collect()
    }

    /// Years with their counts; `folder` gives the folder of each year's listing.
    pub(super) fn year_links(
        &self,
        from: &str,
        groups: &[YearGroup],
        current: Option<i16>,
        folder: impl Fn(i16) -> String,
    ) -> Vec<CountedYear> {
        let link = |group: &YearGroup| CountedYear {
            year: group.year,
            count: group.reports.len(),
            href: self.href(from, &plan::listing_address(&folder(group.year), 1)),
            current: current == Some(group.year),
            towns: None,
        };
        groups.iter().map(link).collect()
    }

    /// What a page that is not a report says of itself; the caller adds the rest.
    pub(super) fn page_view<'s>(&'s self, template: &'static str, path: &'s str, title: &'s str) -> PageView<'s> {
        let home = title == self.config.name;
        PageView {
            template,
            title,
            head_title: if home { title.to_owned() } else { format!("{title}_{}", self.config.name) },
            path,
            url: self.url(path),
            description: &self.config.description,
            keywords: &self.config.keywords,
            ..PageView::default()
        }
    }
}
