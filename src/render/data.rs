//! The catalogue for machines: JSON with a documented schema, and CSV that opens right in a spreadsheet.

use serde::Serialize;

use super::Renderer;
use super::views::day;
use crate::diagnostic::Diagnostic;
use crate::model::catalogue::{Report, ReportId};
use crate::model::page::Page;

/// The schema of catalogue.json, published beside it.
pub(super) const SCHEMA: &str = include_str!("catalogue.schema.json");

#[derive(Serialize)]
struct CatalogueData<'a> {
    #[serde(rename = "$schema")]
    schema: String,
    format: u8,
    site: &'a str,
    year: Option<i16>,
    count: usize,
    reports: Vec<ReportData<'a>>,
}

#[derive(Serialize)]
struct ReportData<'a> {
    index: &'a str,
    title: &'a str,
    town: Option<&'a str>,
    year: Option<i16>,
    kind: &'a str,
    kind_name: &'a str,
    agency: &'a str,
    number: Option<&'a str>,
    date: String,
    published: Option<String>,
    state: &'static str,
    address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<&'a str>,
}

type Filled = std::result::Result<(), Box<Diagnostic>>;

impl Renderer<'_> {
    pub(super) fn catalogue_json(&self, page: &Page, year: Option<i16>, bytes: &mut Vec<u8>) -> Filled {
        let ids = self.ids_of(year);
        let data = CatalogueData {
            schema: self.href(&page.address, "catalogue.schema.json"),
            format: 1,
            site: &self.config.name,
            year,
            count: ids.len(),
            reports: ids.iter().map(|&id| self.report_data(self.catalogue.report(id))).collect(),
        };
        serde_json::to_writer(&mut *bytes, &data).expect("texts and numbers are JSON");
        bytes.push(b'\n');
        Ok(())
    }

    pub(super) fn catalogue_csv(&self, _: &Page, year: Option<i16>, bytes: &mut Vec<u8>) -> Filled {
        // Spreadsheets take UTF-8 for the local code page unless a byte order mark says otherwise.
        bytes.extend_from_slice("\u{feff}".as_bytes());
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut *bytes);
        let mut row = |fields: [&str; 11]| {
            csv.write_record(fields.map(cell).iter().map(|cell| cell.as_bytes())).expect("memory takes every byte")
        };
        row(["索引号", "名称", "乡镇", "年度", "类别", "发布机构", "文号", "成文日期", "发布日期", "有效性", "地址"]);
        for &id in self.ids_of(year) {
            let data = self.report_data(self.catalogue.report(id));
            let year = data.year.map(|year| year.to_string()).unwrap_or_default();
            let state = if data.state == "repealed" { "废止" } else { "有效" };
            row([
                data.index,
                data.title,
                data.town.unwrap_or_default(),
                &year,
                data.kind_name,
                data.agency,
                data.number.unwrap_or_default(),
                &data.date,
                data.published.as_deref().unwrap_or_default(),
                state,
                data.url.as_deref().unwrap_or(data.address),
            ]);
        }
        drop(csv);
        Ok(())
    }

    fn ids_of(&self, year: Option<i16>) -> &[ReportId] {
        match year {
            None => &self.catalogue.dated,
            Some(year) => self
                .catalogue
                .years
                .iter()
                .find(|group| group.year == year)
                .map(|group| group.reports.as_slice())
                .unwrap_or_default(),
        }
    }

    fn report_data<'s>(&'s self, report: &'s Report) -> ReportData<'s> {
        let head = &report.document.head;
        let kind = self.catalogue.kind(report.document.kind);
        let attachments = head.attachments.iter().zip(&report.document.files);
        ReportData {
            index: &report.index,
            title: &head.title,
            town: report.town.map(|town| self.catalogue.town(town).name.as_str()),
            year: head.year,
            kind: &kind.id,
            kind_name: &kind.name,
            agency: &report.agency,
            number: head.number.as_deref(),
            date: day(head.date),
            published: head.published.map(|published| published.strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()),
            state: if head.repealed.is_some() { "repealed" } else { "effective" },
            address: &report.address,
            url: self.url(&report.address),
            attachments: attachments
                .filter_map(|(_, source)| Some(self.catalogue.files.get(source)?.address.as_str()))
                .collect(),
        }
    }
}

/// A cell that begins like a formula would be run by a spreadsheet; an apostrophe makes it text.
fn cell(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}
