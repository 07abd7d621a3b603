//! The page of one report, and of one standing page.

use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use super::views::{PageView, day};
use super::{Renderer, json_ld, meta, slots, surroundings};
use crate::check::{self, Criteria, Subject};
use crate::diagnostic::{Checked, Diagnostic, Place, codes};
use crate::error::Result;
use crate::markdown;
use crate::model::article::Article;
use crate::model::catalogue::{Report, ReportId};
use crate::model::document::Repealed;
use crate::model::page::Page;
use crate::model::structure::Structure;
use crate::plan;
use crate::source::source_text;
use crate::text;

#[derive(Serialize)]
struct ReportView<'a> {
    title: &'a str,
    town: Option<&'a str>,
    town_href: Option<String>,
    year: Option<i16>,
    year_href: Option<String>,
    kind: &'a str,
    kind_href: String,
    index: &'a str,
    agency: &'a str,
    date: String,
    published: Option<String>,
    number: Option<&'a str>,
    validity: &'static str,
    validity_note: Option<String>,
    repealed: bool,
    summary: Option<&'a str>,
    keywords: Option<&'a str>,
    attachments: Vec<Download<'a>>,
    previous: Option<Neighbour<'a>>,
    next: Option<Neighbour<'a>>,
    has_code: bool,
}

#[derive(Serialize)]
struct Download<'a> {
    name: &'a str,
    href: String,
    about: String,
}

#[derive(Serialize)]
struct Neighbour<'a> {
    title: &'a str,
    href: String,
    year: i16,
}

impl Renderer<'_> {
    pub(super) fn report_page(&self, page: &Page, id: ReportId, bytes: &mut Vec<u8>) -> Result<Vec<Diagnostic>> {
        let report = self.catalogue.report(id);
        let mut diagnostics = Vec::new();
        let article = self.article(id, report, bytes, &mut diagnostics)?;
        bytes.clear();
        let Some(article) = article else { return Ok(diagnostics) };
        if let Some(listener) = self.listener {
            listener(id, &article.html)?;
        }

        let kind = self.catalogue.kind(report.document.kind);
        let head = &report.document.head;
        let keywords = (!head.keywords.is_empty()).then(|| head.keywords.join("，"));
        let url = self.url(&page.address);
        let published = match head.published {
            Some(published) => published.strftime("%Y-%m-%d %H:%M").to_string(),
            None => day(head.date) + " 00:00",
        };
        let description = head.summary.as_deref().unwrap_or(&article.opening);
        let view = PageView {
            template: if kind.standing { "standing.html" } else { "report.html" },
            title: &head.title,
            head_title: format!("{}_{}", head.title, self.config.name),
            path: &page.address,
            description,
            keywords: keywords.as_deref().unwrap_or(&self.config.keywords),
            column: kind.column.id(),
            column_name: kind.column.name(),
            column_description: kind.column.description(),
            column_type: kind.column.column_type(),
            crumbs: self.report_crumbs(page, report),
            article: Some(meta::Article {
                title: &head.title,
                published,
                agency: &report.agency,
                keywords: keywords.as_deref(),
                json_ld: json_ld::report(report, &day(head.date), url.as_deref()),
            }),
            url: url.clone(),
            ..PageView::default()
        };
        let own = self.report_view(page, report, &article, keywords.as_deref());
        let html = Value::safe_string(&article.html);
        let code = url.as_deref().and_then(|url| self.shared.codes.picture(url)).unwrap_or_default();
        let filled = self.fill(
            &view,
            |context| {
                context.insert_value("report", Value::from_serializable(&own));
                context.insert_value("html", html);
                context.insert_value("qr", Value::safe_string(&code));
                context.insert_value("contents", Value::safe_string(&slots::contents(&article.outline)));
                context.insert_value("same_kind", Value::safe_string(&self.same_kind(&page.address, id)));
            },
            bytes,
        );
        diagnostics.extend(filled.err().map(|fault| *fault));
        Ok(diagnostics)
    }

    /// What a document's body is made of, and what is wrong with its links, images and Markdown. `text` is its
    /// whole source. No page is made.
    pub fn examine(&self, id: ReportId, text: &str) -> Checked<Structure> {
        let report = self.catalogue.report(id);
        let surroundings = surroundings::Around { renderer: self, report };
        markdown::examined(&report.document.path, text, report.document.body, &surroundings)
    }

    /// Tells of a fragment whether it leads to a heading of a document, whose whole source is `text`.
    pub fn headings(&self, id: ReportId, text: &str) -> impl Fn(&str) -> bool {
        let report = self.catalogue.report(id);
        let surroundings = surroundings::Around { renderer: self, report };
        let outline = markdown::article(&report.document.path, text, report.document.body, &surroundings).value.outline;
        move |fragment| markdown::is_reserved(fragment) || outline.iter().any(|heading| heading.id == fragment)
    }

    /// Reads the body again, into `bytes`, and parses it. `None` where the file has become another since the build began.
    fn article(
        &self,
        id: ReportId,
        report: &Report,
        bytes: &mut Vec<u8>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Option<Article>> {
        let path = &report.document.path;
        self.disk.read_into(&self.site.join(&**path), bytes)?;
        if xxhash_rust::xxh3::xxh3_128(bytes) != report.document.hash {
            diagnostics.push(changed_meanwhile(path));
            return Ok(None);
        }
        let text = match source_text(path, bytes) {
            Ok(text) => text.value,
            Err(fault) => {
                diagnostics.push(*fault);
                return Ok(None);
            }
        };
        let surroundings = surroundings::Around { renderer: self, report };
        let body = report.document.body;
        let mut faults = Vec::new();
        let article = match self.reviewer {
            Some(reviewer) => {
                let made = markdown::article_and_structure(path, &text, body, &surroundings);
                let (article, structure) = made.take_into(&mut faults);
                reviewer(id, &text, &structure, faults);
                article
            }
            None => {
                let article = markdown::article(path, &text, body, &surroundings).take_into(&mut faults);
                diagnostics.extend(self.judged(report, &text, faults));
                article
            }
        };
        Ok(Some(article))
    }

    /// What is left of the faults of a body after the site's weights and the comments in it.
    fn judged(&self, report: &Report, text: &str, faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if faults.is_empty() {
            return faults;
        }
        let Report { document, .. } = report;
        let subject = Subject {
            path: &document.path,
            text,
            body: document.body,
            head: &document.head,
            kind: self.catalogue.kind(document.kind),
            structure: &markdown::structure(text, document.body),
            clock: self.clock,
            contents: None,
        };
        check::judged(&subject, &Criteria::new(&self.config.rules, &[]), faults)
    }

    fn report_view<'s>(
        &'s self,
        page: &'s Page,
        report: &'s Report,
        article: &'s Article,
        keywords: Option<&'s str>,
    ) -> ReportView<'s> {
        let head = &report.document.head;
        let kind = self.catalogue.kind(report.document.kind);
        let from = &page.address;
        let town = report.town.map(|town| self.catalogue.town(town));
        let series = self.series_of(report);
        let neighbour = |number: Option<usize>| {
            let &(year, id) = series.get(number?)?;
            let other = self.catalogue.report(id);
            Some(Neighbour { title: &other.document.head.title, href: self.href(from, &other.address), year })
        };
        let here = series.iter().position(|&(year, _)| Some(year) == head.year);
        let listing = |folder: String| self.href(from, &plan::listing_address(&folder, 1));
        ReportView {
            title: &head.title,
            town: town.map(|town| town.name.as_str()),
            town_href: town.map(|town| listing(format!("{}/", town.slug))),
            year: head.year,
            year_href: head.year.map(|year| {
                listing(match town {
                    Some(town) => format!("{}/{year}/", town.slug),
                    None => plan::year_folder(year),
                })
            }),
            kind: &kind.name,
            kind_href: listing(format!("kinds/{}/", kind.id)),
            index: &report.index,
            agency: &report.agency,
            date: day(head.date),
            published: head.published.map(|published| {
                let form = if head.published_has_time { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" };
                published.strftime(form).to_string()
            }),
            number: head.number.as_deref(),
            validity: if head.repealed.is_some() { "废止" } else { "有效" },
            validity_note: match (head.repealed, head.effective) {
                (Some(Repealed::On(day)), _) => Some(format!("自 {day} 起废止")),
                (Some(Repealed::SomeDay), _) => None,
                (None, day) => day.map(|day| format!("自 {day} 起施行")),
            },
            repealed: head.repealed.is_some(),
            summary: head.summary.as_deref(),
            keywords,
            attachments: self.downloads(from, report),
            previous: neighbour(here.map(|here| here + 1)),
            next: neighbour(here.and_then(|here| here.checked_sub(1))),
            has_code: article.has_code,
        }
    }

    /// The same kind of report of the same town, by year; empty where this is the only one.
    fn same_kind(&self, from: &str, id: ReportId) -> String {
        match self.series_of(self.catalogue.report(id)) {
            [] | [_] => String::new(),
            series => slots::years(series.iter().map(|&(year, other)| {
                (year, (other != id).then(|| self.href(from, &self.catalogue.report(other).address)))
            })),
        }
    }

    fn series_of(&self, report: &Report) -> &[(i16, ReportId)] {
        let series = report.town.and_then(|town| self.catalogue.town(town).series.get(&report.document.kind));
        series.map(Vec::as_slice).unwrap_or_default()
    }

    fn downloads<'s>(&'s self, from: &str, report: &'s Report) -> Vec<Download<'s>> {
        let attachments = &report.document.head.attachments;
        let files = attachments.iter().zip(&report.document.files);
        files
            .filter_map(|(attachment, source)| {
                let file = self.catalogue.files.get(source)?;
                let own = source.rsplit('/').next().unwrap_or(source);
                Some(Download {
                    name: attachment.name.as_deref().unwrap_or(own),
                    href: self.href(from, &file.address),
                    about: surroundings::about(source, file.length),
                })
            })
            .collect()
    }

    fn report_crumbs(&self, page: &Page, report: &Report) -> String {
        let kind = self.catalogue.kind(report.document.kind);
        let column = (kind.column.name(), plan::column_address(kind.column));
        let title = &report.document.head.title;
        if kind.standing || kind.column.name() == kind.name {
            return self.crumbs(page, [column], title);
        }
        let listing = (kind.name.as_str(), plan::listing_address(&format!("kinds/{}/", kind.id), 1));
        self.crumbs(page, [column, listing], title)
    }
}

fn changed_meanwhile(path: &Arc<str>) -> Diagnostic {
    Diagnostic::error(
        codes::CHANGED_MEANWHILE,
        text!("{path} 在生成过程中被改动", "{path} was changed while the site was being built"),
    )
    .at(Place::file(path))
    .help(text!("再运行一次", "run the build again"))
}
