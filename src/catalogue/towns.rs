//! Which towns there are, what each is called in addresses, and which name means which.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{RESERVED, Sourced, TownNames};
use crate::config::{Config, TownEntry};
use crate::diagnostic::{Diagnostic, codes};
use crate::error::Result;
use crate::model::catalogue::{Town, TownId};
use crate::model::document::Document;
use crate::model::sealed::SealedYear;
use crate::{romanize, text};

/// The towns that have documents, sorted by their address, and the names that mean them.
///
/// An address is made from the name alone, so that it never changes when another town comes in. That two towns
/// have one all the same can only be the settings' doing.
pub(super) fn towns(
    config: &Config,
    documents: &[Arc<Document>],
    sealed: &[Arc<SealedYear>],
    sourced: &Sourced<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(Vec<Town>, TownNames)> {
    let was = super::sealed::slugs(sealed);
    let directory = Directory::new(config);
    let written: BTreeSet<&str> = documents.iter().filter_map(|document| document.head.town.as_deref()).collect();
    let mut towns: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for name in written {
        if directory.is_ambiguous(name) {
            diagnostics.push(ambiguous(name, sourced, documents)?);
        }
        let (slug, shown) = match directory.find(name) {
            Some(entry) => (directory.slug_of(entry), entry.name.clone()),
            None => (was.get(name).map_or_else(|| romanize::place(name), |slug| (*slug).to_owned()), name.to_owned()),
        };
        towns.entry((slug, shown)).or_default().push(name);
    }

    let mut names = TownNames::new();
    let mut list: Vec<Town> = Vec::with_capacity(towns.len());
    for ((slug, name), written) in towns {
        let other = list.last().filter(|town| town.slug == slug);
        // A clash is told here; a distinct folder keeps it from being told again for every page in it.
        let clash = match other {
            Some(other) => {
                let other = &other.name;
                Some(text!(
                    "{name} 和 {other} 的地址都是 {slug}/",
                    "{name} and {other} would both have the address {slug}/"
                ))
            }
            None if RESERVED.contains(&slug.as_str()) => Some(text!(
                "{name} 的地址 {slug}/ 是网站自己要用的",
                "the address {slug}/ of {name} is one that the site itself needs"
            )),
            None => None,
        };
        let own = if clash.is_some() { format!("{slug}-{}", list.len()) } else { slug };
        if let Some(clash) = clash {
            let error = Diagnostic::error(codes::SAME_TOWN_ADDRESS, clash).help(text!(
                "在 site.yaml 的 towns 里给 {name} 换一个 slug",
                "give {name} another slug under `towns` in site.yaml"
            ));
            diagnostics.push(sourced.at_town(error, documents, written[0])?);
        }
        let id = TownId(list.len() as u32);
        let entry = directory.find(written[0]);
        names.extend(written.into_iter().map(|written| (written.to_owned(), id)));
        list.push(Town {
            name,
            slug: own,
            county: entry.and_then(|entry| entry.county.clone()),
            code: entry.and_then(|entry| entry.code.clone()),
            reports: Vec::new(),
            years: Vec::new(),
            standing: Vec::new(),
            series: BTreeMap::new(),
        });
    }
    diagnostics.extend(super::sealed::moved(sealed, &list));
    Ok((list, names))
}

fn ambiguous(name: &str, sourced: &Sourced<'_>, documents: &[Arc<Document>]) -> Result<Diagnostic> {
    let error = Diagnostic::error(
        codes::AMBIGUOUS_TOWN,
        text!("site.yaml 里有几个乡镇都叫 {name}", "several towns in site.yaml are called {name}"),
    );
    let help = text!("写上县名，例如：示例县{name}", "write the county before it, such as: 示例县{name}");
    sourced.at_town(error.help(help), documents, name)
}

/// The towns of site.yaml by every name that means them: their own where only one has it (城关镇 is the name of
/// 88 towns), their aliases, and the county and the name together.
struct Directory<'a> {
    entries: BTreeMap<String, Vec<&'a TownEntry>>,
}

impl<'a> Directory<'a> {
    fn new(config: &'a Config) -> Self {
        let mut entries: BTreeMap<String, Vec<&TownEntry>> = BTreeMap::new();
        for entry in &config.towns {
            let qualified = entry.county.as_ref().map(|county| format!("{county}{}", entry.name));
            let names = std::iter::once(entry.name.clone()).chain(entry.aliases.iter().cloned()).chain(qualified);
            names.for_each(|name| entries.entry(name).or_default().push(entry));
        }
        Self { entries }
    }

    fn is_ambiguous(&self, name: &str) -> bool {
        self.entries.get(name).is_some_and(|entries| entries.len() > 1)
    }

    fn find(&self, name: &str) -> Option<&'a TownEntry> {
        self.entries.get(name)?.first().copied()
    }

    fn slug_of(&self, entry: &TownEntry) -> String {
        match (&entry.slug, &entry.county) {
            (Some(slug), _) => slug.clone(),
            (None, Some(county)) if self.is_ambiguous(&entry.name) => {
                romanize::place(&format!("{county}{}", entry.name))
            }
            _ => romanize::place(&entry.name),
        }
    }
}
