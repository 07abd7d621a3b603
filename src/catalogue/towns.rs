//! Which towns there are, what each is called in addresses, and which name means which.

use std::collections::BTreeMap;

use super::{RESERVED, Sourced, TownNames, distinct};
use crate::config::{Config, TownEntry};
use crate::diagnostic::{Diagnostic, codes};
use crate::error::Result;
use crate::model::catalogue::{Town, TownId};
use crate::model::document::Document;
use crate::{romanize, text};

/// The towns that have documents, sorted by their address, and the names that mean them.
///
/// An address is made from the name alone, so that it never changes when another town comes in. Two names
/// with one reading (青河镇, 清河镇) are an error rather than a silent number behind one of them: which of
/// the two keeps the plain address is for the site to say, once and for good.
pub(super) fn towns(
    config: &Config,
    documents: &[Document],
    sourced: &Sourced<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(Vec<Town>, TownNames)> {
    let written = distinct(documents.iter().filter_map(|document| document.head.town.as_deref()));
    let mut towns: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for name in written {
        let entry = entry_called(config, name);
        let slug = entry.map_or_else(|| slug_of(name), |entry| slug_of_entry(config, entry));
        towns.entry((slug, entry.map_or(name, |entry| &entry.name).to_owned())).or_default().push(name);
    }

    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for ((slug, name), written) in &towns {
        let other = owners.insert(slug, name);
        let reserved = RESERVED.contains(&slug.as_str());
        if other.is_none() && !reserved {
            continue;
        }
        let document = documents.iter().find(|document| document.head.town.as_deref() == written.first().copied());
        let taken = match other {
            Some(other) => {
                text!("{name} 和 {other} 的地址都是 {slug}/", "{name} and {other} would both have the address {slug}/")
            }
            None => text!(
                "{name} 的地址 {slug}/ 是网站自己要用的",
                "the address {slug}/ of {name} is one that the site itself needs"
            ),
        };
        let mut error = Diagnostic::error(codes::SAME_TOWN_ADDRESS, taken).help(text!(
            "在 site.yaml 的 towns 里给 {name} 一个自己的地址，例如：- {{ name: {name}, slug: {slug}-2 }}",
            "give {name} an address of its own under `towns` in site.yaml, such as: - {{ name: {name}, slug: {slug}-2 }}"
        ));
        if let Some(document) = document {
            error = error.at(sourced.place(document, "town")?);
        }
        diagnostics.push(error);
    }

    let mut names = TownNames::new();
    let mut list = Vec::with_capacity(towns.len());
    for ((slug, name), written) in towns {
        let id = TownId(list.len() as u32);
        names.extend(written.into_iter().map(|written| (written.to_owned(), id)));
        // A clash has been told; a distinct folder keeps it from being told again for every page in it.
        let clashes = RESERVED.contains(&slug.as_str()) || list.iter().any(|town: &Town| town.slug == slug);
        let slug = if clashes { format!("{slug}-{}", list.len()) } else { slug };
        let county = entry_called(config, &name).and_then(|entry| entry.county.clone());
        list.push(Town { name, slug, county, reports: Vec::new(), years: Vec::new(), standing: Vec::new() });
    }
    Ok((list, names))
}

/// The entry of site.yaml that a name means: its own name where only one entry has it, an alias, or the
/// county and the name together (城关镇 is the name of 88 towns).
fn entry_called<'a>(config: &'a Config, written: &str) -> Option<&'a TownEntry> {
    let qualified =
        |entry: &TownEntry| entry.county.as_ref().is_some_and(|county| format!("{county}{}", entry.name) == written);
    config
        .towns
        .iter()
        .find(|entry| entry.name == written || entry.aliases.iter().any(|alias| alias == written) || qualified(entry))
}

fn slug_of_entry(config: &Config, entry: &TownEntry) -> String {
    let shared = config.towns.iter().filter(|other| other.name == entry.name).count() > 1;
    match (&entry.slug, &entry.county) {
        (Some(slug), _) => slug.clone(),
        (None, Some(county)) if shared => slug_of(&format!("{county}{}", entry.name)),
        _ => slug_of(&entry.name),
    }
}

/// A town's name as a folder. A name without a single letter or Han character still gets one.
pub(super) fn slug_of(name: &str) -> String {
    let mut slug = romanize::name(name);
    slug.truncate(80);
    if slug.is_empty() { format!("t{}", &blake3::hash(name.as_bytes()).to_hex()[..8]) } else { slug }
}
