//! Which report lies in which segment, and in what order.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::pack::Packer;
use super::phrases::{Phrases, SAMPLES};
use super::segment::Kept;
use super::{FOLD, FOLDER, ROOT, WORDS};
use crate::error::Result;
use crate::model::catalogue::{Catalogue, ReportId};
use crate::model::document::Document;
use crate::model::sealed::{SealedSearch, SealedYear, home};

/// Packed bytes of a text file with more than one report in it.
const TEXT_FILE: usize = 16_000;
/// Reports that take more than this each have a text file of their own.
const ALONE: usize = 4_000;
/// Reports that share a text file, however short they are.
const MOST_TOGETHER: usize = 8;

/// One report as the index knows it beside its text.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number in the catalogue.
    pub id: ReportId,
    /// Its title.
    pub title: String,
    /// Where its page stands.
    pub address: String,
    /// The year it is about; 0 for standing pages.
    pub year: u16,
    /// Its kind, by its place among the names of kinds.
    pub kind: u16,
    /// Its town, by its place among the names of towns, from 1; 0 where it has none.
    pub town: u16,
    /// The day it was made, in days since 1970-01-01.
    pub day: i32,
    /// What its page says beside the text: document number, agency, index number, keywords, summary.
    pub facts: String,
    /// Hash of what its text is made from: its source, and the size of files that it links to, which is told there.
    pub hash: u128,
}

/// Reports that are indexed together.
#[derive(Debug, Clone)]
pub struct Segment {
    /// The name of its folder: its years, and a hash of all it is made from.
    pub name: String,
    /// Its reports, in the order in which the index numbers them.
    pub entries: Vec<Entry>,
    /// How many of them share a text file.
    pub together: u16,
}

/// The segment of a sealed year, which is written already. Its text knows no phrases of the site.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// What was kept of it.
    pub kept: Kept,
    /// The folder of its folder, relative to the site's root, with a `/` at the end.
    pub folder: String,
    /// Its reports, in its own order, with the numbers that kinds and towns have now.
    pub entries: Vec<Entry>,
}

/// What is indexed and how it is laid out, before a text is read.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The segments, newest first.
    pub segments: Vec<Segment>,
    /// Those of sealed years.
    pub sealed: Vec<Sealed>,
    /// Names of kinds.
    pub kinds: Vec<String>,
    /// Names of towns.
    pub towns: Vec<String>,
    /// What the oldest segment's reports share, in their words.
    pub phrases: Vec<String>,
    /// What leads from the folder above the index's to the site's root, where they are not the same.
    pub to_site: String,
}

impl Plan {
    /// The plan of a whole site. `text` gives the source of a report, some of which are looked at.
    pub fn of(catalogue: &Catalogue, text: &(dyn Fn(ReportId) -> Result<String> + Sync)) -> Result<Self> {
        let kinds = catalogue.kinds.iter().map(|kind| kind.name.clone()).collect();
        let towns = catalogue.towns.iter().map(|town| town.name.clone()).collect();
        let entries = entries(catalogue);
        let (sealed, open) = entries.into_iter().partition(|entry: &Entry| catalogue.is_sealed(entry.id));
        Ok(Self { sealed: of_seals(catalogue, sealed), ..Self::new(open, kinds, towns, text)? })
    }

    /// The plan of one year that is sealed: one segment that needs nothing of the site's.
    pub fn of_year(catalogue: &Catalogue, to_site: String) -> Self {
        let kinds: Vec<String> = catalogue.kinds.iter().map(|kind| kind.name.clone()).collect();
        let towns: Vec<String> = catalogue.towns.iter().map(|town| town.name.clone()).collect();
        let mut entries = entries(catalogue);
        entries.sort_by(|a, b| order(a).cmp(&order(b)));
        let together = 1;
        let segments = vec![Segment { name: name(&entries, &kinds, &towns, &[], together), entries, together }];
        Self { segments, sealed: Vec::new(), kinds, towns, phrases: Vec::new(), to_site }
    }

    /// The plan for some reports.
    pub fn new(
        entries: Vec<Entry>,
        kinds: Vec<String>,
        towns: Vec<String>,
        text: &(dyn Fn(ReportId) -> Result<String> + Sync),
    ) -> Result<Self> {
        let segments = segments(entries);
        let samples: Vec<String> = match segments.last() {
            None => Vec::new(),
            Some(oldest) => {
                // Evenly spread, so that all years and kinds have their say.
                let step = oldest.len().div_ceil(SAMPLES).max(1);
                oldest.par_iter().step_by(step).map(|entry| text(entry.id)).collect::<Result<_>>()?
            }
        };
        let phrases = Phrases::learn(&samples);
        let together = together(&samples, &phrases);
        let named = |entries: Vec<Entry>| Segment {
            name: name(&entries, &kinds, &towns, &phrases, together),
            entries,
            together,
        };
        let segments = segments.into_iter().map(named).collect();
        Ok(Self { segments, sealed: Vec::new(), kinds, towns, phrases, to_site: String::new() })
    }

    /// The files at fixed addresses, and with a `/` at the end the folders of the others.
    pub fn addresses(&self) -> Vec<String> {
        if self.kinds.is_empty() {
            return Vec::new();
        }
        let folders = self.segments.iter().map(|segment| format!("{FOLDER}{}/", segment.name));
        [ROOT, FOLD, WORDS].into_iter().map(str::to_owned).chain(folders).collect()
    }
}

/// Every report and standing page of the site.
pub fn entries(catalogue: &Catalogue) -> Vec<Entry> {
    let reports = catalogue.reports();
    let entry = |(id, report): (ReportId, &crate::model::catalogue::Report)| {
        let head = &report.document.head;
        let year = head.year.filter(|_| !catalogue.kind(report.document.kind).standing);
        let mut facts: Vec<&str> = Vec::new();
        facts.extend(head.number.as_deref());
        facts.extend([report.agency.as_str(), report.index.as_str()]);
        facts.extend(head.keywords.iter().map(String::as_str));
        facts.extend(head.summary.as_deref());
        Entry {
            id,
            title: head.title.clone(),
            address: report.address.clone(),
            year: year.map_or(0, |year| year.unsigned_abs()),
            kind: report.document.kind.0,
            town: report.town.map_or(0, |town| town.0 as u16 + 1),
            day: (head.date - jiff::civil::date(1970, 1, 1)).get_days(),
            facts: facts.join(" | "),
            hash: hash(catalogue, &report.document),
        }
    };
    reports.map(entry).collect()
}

fn hash(catalogue: &Catalogue, document: &Document) -> u128 {
    let mut made_from = document.hash.to_le_bytes().to_vec();
    for file in document.files.iter().filter_map(|path| catalogue.files.get(path)) {
        made_from.extend_from_slice(file.address.as_bytes());
        made_from.extend_from_slice(&file.length.to_le_bytes());
    }
    if document.files.is_empty() { document.hash } else { xxhash_rust::xxh3::xxh3_128(&made_from) }
}

/// The segments of sealed years, with the reports that belong to each.
fn of_seals(catalogue: &Catalogue, entries: Vec<Entry>) -> Vec<Sealed> {
    let by_path: HashMap<&str, &Entry> =
        entries.iter().map(|entry| (&*catalogue.report(entry.id).document.path, entry)).collect();
    let of = |year: &Arc<SealedYear>| {
        let search = year.seal.search.clone()?;
        let report = |number: &u32| {
            let path = year.seal.reports.get(*number as usize)?.path.as_str();
            by_path.get(path).map(|&entry| entry.clone())
        };
        let entries: Vec<Entry> = search.order.iter().map(report).collect::<Option<_>>()?;
        let reports = entries.iter().map(|entry| entry.id).collect();
        let SealedSearch { name, together, units, shards, .. } = search;
        let kept = Kept { name, reports, together, units, shards };
        let folder = format!("{}{FOLDER}", home(year.seal.year));
        (kept.units.len() == entries.len()).then_some(Sealed { kept, folder, entries })
    };
    catalogue.sealed.iter().rev().filter_map(of).collect()
}

/// Lays the reports into segments: the newest year with the one before it and what belongs to no year; all older
/// years. The first is the one that clerks work on, the second rests.
fn segments(mut entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    let newest = entries.iter().map(|entry| entry.year).max().unwrap_or(0);
    let is_new = |entry: &Entry| entry.year == 0 || entry.year + 1 >= newest;
    let (new, old): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(is_new);
    [new, old].into_iter().filter(|entries| !entries.is_empty()).collect()
}

/// How many reports share a text file: the hits of a query often lie beside each other, the same kind of report
/// from one town after the other, and then come with one request; but where texts are long, all but one of them
/// would come in vain.
fn together(samples: &[String], phrases: &[String]) -> u16 {
    let phrases = Phrases::new(phrases.to_vec());
    let mut packer = Packer::default();
    let packed: usize = samples.iter().map(|sample| packer.pack(sample, &phrases).len()).sum();
    match packed / samples.len().max(1) {
        average if average > ALONE => 1,
        average => (TEXT_FILE / average.max(1)).clamp(1, MOST_TOGETHER) as u16,
    }
}

/// Newest year first; within a year what is alike lies together, so that lists are short.
fn order(entry: &Entry) -> (std::cmp::Reverse<u16>, u16, u16, std::cmp::Reverse<i32>, &str) {
    (std::cmp::Reverse(entry.year), entry.kind, entry.town, std::cmp::Reverse(entry.day), &entry.address)
}

fn name(entries: &[Entry], kinds: &[String], towns: &[String], phrases: &[String], together: u16) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{} {} {together}", super::FORMAT, env!("CARGO_PKG_VERSION")).as_bytes());
    hasher.update(phrases.join("\n").as_bytes());
    for entry in entries {
        let town = entry.town.checked_sub(1).and_then(|town| towns.get(usize::from(town)));
        let words = [&entry.title, &entry.address, &entry.facts, &kinds[usize::from(entry.kind)]];
        for word in words.into_iter().chain(town) {
            hasher.update(&(word.len() as u32).to_le_bytes()).update(word.as_bytes());
        }
        hasher.update(&entry.hash.to_le_bytes()).update(&entry.day.to_le_bytes()).update(&entry.year.to_le_bytes());
    }
    let hash = hasher.finalize().to_hex();
    let dated = || entries.iter().map(|entry| entry.year).filter(|&year| year > 0);
    match (dated().min(), dated().max()) {
        (Some(from), Some(to)) if from < to => format!("{from}-{to}-{}", &hash[..8]),
        (Some(year), _) => format!("{year}-{}", &hash[..8]),
        _ => format!("pages-{}", &hash[..8]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(year: u16, hash: u128) -> Entry {
        Entry {
            id: ReportId(0),
            title: format!("{year}年报告"),
            address: format!("a/{year}/{hash}.html"),
            year,
            kind: 0,
            town: 0,
            day: 0,
            facts: String::new(),
            hash,
        }
    }

    fn names(entries: Vec<Entry>) -> Vec<String> {
        let plan = Plan::new(entries, vec!["年报".into()], Vec::new(), &|_| Ok(String::new())).unwrap();
        plan.segments.into_iter().map(|segment| segment.name).collect()
    }

    #[test]
    fn an_edit_in_a_new_year_leaves_the_old_segment() {
        let years = [2019, 2020, 2021, 2023, 2024, 0];
        let before = names(years.iter().map(|&year| entry(year, 1)).collect());
        assert_eq!(before.len(), 2);
        assert!(before[0].starts_with("2023-2024-") && before[1].starts_with("2019-2021-"));
        let after = names(years.iter().map(|&year| entry(year, if year == 2024 { 2 } else { 1 })).collect());
        assert_ne!(before[0], after[0]);
        assert_eq!(before[1], after[1]);
    }

    #[test]
    fn there_are_two_segments_however_many_years() {
        assert_eq!(names((1980..2025).map(|year| entry(year, 1)).collect()).len(), 2);
        assert_eq!(names(vec![entry(0, 1)]).len(), 1);
        assert_eq!(names(Vec::new()).len(), 0);
    }
}
