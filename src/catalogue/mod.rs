//! Step 3 of the road: documents → one inventory. Every report gets its town, its address and its index
//! number here, and what two documents cannot both have is found here.

mod files;
mod sealed;
mod towns;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use crate::config::{Config, IndexParts};
use crate::diagnostic::{Checked, Diagnostic, Place, codes};
use crate::discover::Sources;
use crate::error::Result;
use crate::model::catalogue::{Catalogue, Order, Report, ReportId, Town, TownId, YearGroup};
use crate::model::document::{Document, FrontMatter};
use crate::model::kind::KindId;
use crate::model::sealed::SealedYear;
use crate::source::{Disk, source_text};
use crate::{front_matter, romanize, text};

/// Makes the inventory. Where two documents want one address, the older one is left out. Reports of sealed years
/// come from their seals.
pub fn catalogue(
    disk: &dyn Disk,
    site: &Path,
    config: &Config,
    sources: &Sources,
    sealed: &[Arc<SealedYear>],
    mut documents: Vec<Arc<Document>>,
) -> Result<Checked<Catalogue>> {
    let mut diagnostics = Vec::new();
    let sourced = Sourced { disk, site };
    let mut left_out = Vec::new();
    sealed::join(&mut documents, config, sealed, (&sourced, &mut left_out, &mut diagnostics))?;
    documents.sort_by(|a, b| newest_first(a).cmp(&newest_first(b)));
    let (mut towns, town_of) = towns::towns(config, &documents, sealed, &sourced, &mut diagnostics)?;

    let mut reports: Vec<Report> = Vec::with_capacity(documents.len());
    let mut taken: HashMap<String, ReportId> = HashMap::with_capacity(documents.len());
    for document in documents {
        let town = document.head.town.as_ref().and_then(|name| town_of.get(name.as_str()).copied());
        let address = match &document.sealed {
            Some(sealed) => sealed.address.clone(),
            None => address(&document, town.map(|id| towns[id.0 as usize].slug.as_str())),
        };
        if let Some(&other) = taken.get(&address) {
            diagnostics.push(sourced.same_address(&document, &reports[other.0 as usize].document.path, &address)?);
            left_out.push(document.path.clone());
            continue;
        }
        taken.insert(address.clone(), ReportId(reports.len() as u32));
        let name = town.map(|id| &towns[id.0 as usize]);
        let index = index(config, &document, name, &address);
        let agency = document.head.agency.clone().unwrap_or_else(|| match name {
            Some(town) => format!("{}人民政府", town.name),
            None => config.contact.host.clone().unwrap_or_else(|| config.name.clone()),
        });
        reports.push(Report { document, town, address, index, agency });
    }

    let mut catalogue =
        Order { kinds: config.kinds.clone(), by_kind: vec![Vec::new(); config.kinds.len()], ..Order::default() };
    let mut years: BTreeMap<i16, Vec<ReportId>> = BTreeMap::new();
    let mut by_source = HashMap::with_capacity(reports.len());
    for (number, report) in reports.iter().enumerate() {
        let id = ReportId(number as u32);
        catalogue.newest_first.push(id);
        catalogue.by_kind[usize::from(report.document.kind.0)].push(id);
        by_source.insert(report.document.path.clone(), id);
        let town = report.town.map(|town| &mut towns[town.0 as usize]);
        match report.document.head.year.filter(|_| !config.kinds[usize::from(report.document.kind.0)].standing) {
            Some(year) => {
                years.entry(year).or_default().push(id);
                catalogue.dated.push(id);
                town.into_iter().for_each(|town| town.add(report.document.kind, year, id));
            }
            None => {
                catalogue.standing.push(id);
                town.into_iter().for_each(|town| town.standing.push(id));
            }
        }
    }
    for of_kind in towns.iter_mut().flat_map(|town| town.series.values_mut()) {
        *of_kind = series(std::mem::take(of_kind));
    }
    catalogue.years = years.into_iter().rev().map(|(year, reports)| YearGroup { year, reports }).collect();
    catalogue.standing.sort_by_key(|id| {
        let report = &reports[id.0 as usize];
        (config.kinds[usize::from(report.document.kind.0)].column, report.document.kind, report.town, *id)
    });
    same_index(&reports, &sourced, &mut diagnostics)?;
    catalogue.aliases = aliases(&reports, &taken, &sourced, &mut diagnostics)?;
    catalogue.files = files::files(disk, site, sources, &reports, &mut diagnostics)?.into();
    catalogue.as_numbered = reports.into();
    catalogue.by_source = by_source.into();
    catalogue.left_out = left_out;
    catalogue.sealed = sealed.to_vec();
    catalogue.towns = towns;
    Ok(Checked::new(Catalogue::new(catalogue), diagnostics))
}

/// The inventory with newer documents in the place of those of the same sources, if nothing else is new to it: if they
/// have the same addresses and index numbers, belong to the same lists, and bring in the same files. Their places in
/// the lists may be others.
pub fn with(before: &Catalogue, newer: &[Arc<Document>], config: &Config) -> Option<Catalogue> {
    let mut catalogue = before.clone();
    for document in newer {
        let id = *before.by_source.get(&document.path)?;
        let report = catalogue.report(id);
        let old = &report.document;
        let lists = |document: &Document| {
            let head = &document.head;
            let FrontMatter { year, draft, .. } = *head;
            (year, draft, document.kind, head.town.clone(), head.agency.clone(), head.index.clone(), head.slug.clone())
        };
        if lists(old) != lists(document) || old.head.aliases != document.head.aliases || old.files != document.files {
            return None;
        }
        let town = report.town.map(|town| catalogue.town(town));
        if index(config, document, town, &report.address) != report.index {
            return None;
        }
        let place = |catalogue: &Catalogue, document| place(catalogue, &catalogue.newest_first, document);
        let was = place(&catalogue, old);
        catalogue.newest_first.get(was).filter(|&&there| there == id)?;
        catalogue.put(id, document.clone());
        let neighbour = |number: usize| catalogue.newest_first.get(number).map(|&id| &*catalogue.report(id).document);
        let above = was.checked_sub(1).and_then(neighbour);
        let is_behind = |above, below| newest_first(above) < newest_first(below);
        if above.is_some_and(|above| !is_behind(above, document))
            || neighbour(was + 1).is_some_and(|below| !is_behind(document, below))
        {
            catalogue = moved(&catalogue, id)?;
        }
    }
    Some(catalogue)
}

/// The inventory with one report put to its new place in every list.
fn moved(catalogue: &Catalogue, id: ReportId) -> Option<Catalogue> {
    let report = catalogue.report(id);
    let (kind, year) = (report.document.kind, report.document.head.year?);
    if catalogue.kind(kind).standing {
        return None;
    }
    let put = |list: &mut Vec<ReportId>| {
        // Without the report the list is in order, whatever has become of its date.
        list.retain(|&other| other != id);
        list.insert(place(catalogue, list, &report.document), id);
    };
    let mut next = catalogue.clone();
    next.reorder(|order| {
        put(&mut order.newest_first);
        put(&mut order.dated);
        put(&mut order.by_kind[usize::from(kind.0)]);
        let group = |groups: &mut Vec<YearGroup>| {
            groups.iter_mut().filter(|group| group.year == year).for_each(|group| put(&mut group.reports));
        };
        group(&mut order.years);
        if let Some(town) = report.town {
            let town = &mut order.towns[town.0 as usize];
            put(&mut town.reports);
            group(&mut town.years);
            let document = |id| &*catalogue.report(id).document;
            let of_kind = town.reports.iter().filter(|&&id| document(id).kind == kind);
            let dated = of_kind.filter_map(|&id| Some((document(id).head.year?, id))).collect();
            town.series.insert(kind, series(dated));
        }
    });
    Some(next)
}

/// The newest report of each year, newest year first, of reports that are newest first.
fn series(mut reports: Vec<(i16, ReportId)>) -> Vec<(i16, ReportId)> {
    reports.sort_by_key(|&(year, _)| std::cmp::Reverse(year));
    reports.dedup_by_key(|&mut (year, _)| year);
    reports
}

/// Where a document stands, or would stand, in a list that is newest first.
fn place(catalogue: &Catalogue, list: &[ReportId], document: &Document) -> usize {
    list.partition_point(|&other| newest_first(&catalogue.report(other).document) < newest_first(document))
}

/// Newest first; among reports of one day by title and path, so that the order never depends on the disk.
fn newest_first(document: &Document) -> (std::cmp::Reverse<jiff::civil::Date>, &str, &Arc<str>) {
    (std::cmp::Reverse(document.head.date), &document.head.title, &document.path)
}

/// The document's own index number, or the one that the settings make for it.
fn index(config: &Config, document: &Document, town: Option<&Town>, address: &str) -> String {
    let made = || {
        let code = town.and_then(|town| town.code.clone());
        let code = code.or_else(|| town.map(|town| town.slug.to_ascii_uppercase()));
        config.index.fill(&IndexParts {
            code: code.as_ref().or(config.footer.id_code.as_ref()).map_or("GK", String::as_str),
            year: document.head.year.unwrap_or(document.head.date.year()),
            month: document.head.date.month(),
            kind: &config.kinds[usize::from(document.kind.0)].id,
            address,
        })
    };
    document.head.index.clone().unwrap_or_else(made)
}

/// The permanent address: town, year and the report's own word, which is its slug or its file's name.
fn address(document: &Document, town: Option<&str>) -> String {
    let own = document.head.slug.clone().unwrap_or_else(|| {
        let file = document.path.rsplit('/').next().unwrap_or(&document.path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        word(stem)
    });
    match (town, document.head.year) {
        (Some(town), Some(year)) => format!("{town}/{year}/{own}.html"),
        (Some(town), None) => format!("{town}/{own}.html"),
        (None, Some(year)) => format!("years/{year}/{own}.html"),
        (None, None) => format!("{own}.html"),
    }
}

/// A file's name as one word of an address: ASCII names keep their form, others become pinyin.
fn word(stem: &str) -> String {
    let plain = |ch: char| ch.is_ascii_lowercase() || ch.is_ascii_digit() || ch == '-' || ch == '_';
    let lower = stem.to_ascii_lowercase();
    if !lower.is_empty() && lower.len() <= 80 && lower.chars().all(plain) {
        return lower;
    }
    let word = romanize::phrase(stem, 60);
    if word.is_empty() { format!("x{}", &blake3::hash(stem.as_bytes()).to_hex()[..8]) } else { word }
}

fn same_index(reports: &[Report], sourced: &Sourced<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<()> {
    let mut seen: HashMap<&str, &Report> = HashMap::with_capacity(reports.len());
    for report in reports {
        if let Some(other) = seen.insert(&report.index, report) {
            let (index, path) = (&report.index, &other.document.path);
            diagnostics.push(
                Diagnostic::error(
                    codes::SAME_INDEX,
                    text!("索引号 {index} 与 {path} 相同", "the index number {index} is also that of {path}"),
                )
                .at(sourced.place(&report.document, "index")?)
                .help(text!("给其中一份写上自己的 `index:`", "give one of them an `index:` of its own")),
            );
        }
    }
    Ok(())
}

fn aliases(
    reports: &[Report],
    taken: &HashMap<String, ReportId>,
    sourced: &Sourced<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<String, ReportId>> {
    let mut aliases: BTreeMap<String, ReportId> = BTreeMap::new();
    for (number, report) in reports.iter().enumerate() {
        for alias in &report.document.head.aliases {
            let last = alias.rsplit('/').next().unwrap_or_default();
            let address = match last {
                "" => format!("{alias}index.html"),
                _ if last.contains('.') => alias.clone(),
                _ => format!("{alias}/index.html"),
            };
            let other = taken.get(&address).or_else(|| aliases.get(&address)).copied();
            match other {
                Some(other) if other.0 as usize == number => {}
                Some(other) => {
                    let path = &reports[other.0 as usize].document.path;
                    diagnostics.push(
                        Diagnostic::error(
                            codes::ALIAS_TAKEN,
                            text!("旧地址 {address} 已属于 {path}", "the old address {address} belongs to {path}"),
                        )
                        .at(sourced.place(&report.document, "aliases")?)
                        .help(text!("删去这个旧地址", "take this old address out")),
                    );
                }
                None => {
                    aliases.insert(address, ReportId(number as u32));
                }
            }
        }
    }
    Ok(aliases)
}

/// Finds places in sources that are no longer in memory; only faults pay for reading them again.
struct Sourced<'a> {
    disk: &'a dyn Disk,
    site: &'a Path,
}

impl Sourced<'_> {
    fn place(&self, document: &Document, key: &str) -> Result<Place> {
        let bytes = self.disk.read(&self.site.join(&*document.path))?;
        Ok(match source_text(&document.path, &bytes) {
            Ok(text) => front_matter::place_of(&document.path, &text.value, key),
            Err(_) => Place::file(&document.path),
        })
    }

    /// Places a fault of a town's name at the first document that bears it.
    fn at_town(&self, fault: Diagnostic, documents: &[Arc<Document>], name: &str) -> Result<Diagnostic> {
        match documents.iter().find(|document| document.head.town.as_deref() == Some(name)) {
            Some(document) => Ok(fault.at(self.place(document, "town")?)),
            None => Ok(fault),
        }
    }

    fn same_address(&self, document: &Document, other: &Arc<str>, address: &str) -> Result<Diagnostic> {
        let key = if document.head.slug.is_some() { "slug" } else { "title" };
        let error = Diagnostic::error(
            codes::SAME_ADDRESS,
            text!("地址 {address} 已属于 {other}", "the address {address} belongs to {other} already"),
        );
        Ok(error.at(self.place(document, key)?).help(text!(
            "给其中一份写上自己的 `slug:`（小写字母、数字、`-`），或改文件名",
            "give one of them a `slug:` of its own (lower-case letters, digits, `-`), or another file name"
        )))
    }
}

/// Addresses below the root that pages of the site itself need; no town may be called so.
pub const RESERVED: [&str; 7] = ["assets", "columns", "files", "kinds", "search", "towns", "years"];

impl Town {
    fn add(&mut self, kind: KindId, year: i16, id: ReportId) {
        self.reports.push(id);
        self.series.entry(kind).or_default().push((year, id));
        match self.years.iter_mut().find(|group| group.year == year) {
            Some(group) => group.reports.push(id),
            None => {
                self.years.push(YearGroup { year, reports: vec![id] });
                self.years.sort_by_key(|group| std::cmp::Reverse(group.year));
            }
        }
    }
}

/// Which town a name in front matter means.
type TownNames = BTreeMap<String, TownId>;
