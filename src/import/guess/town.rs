//! The town, where everything that names one names the same.

use super::Guess;
use super::lines::Lines;
use super::places;
use super::signature::Signature;
use crate::config::Config;
use crate::diagnostic::Text;
use crate::text;

/// Finds the town: in the title, the signature, the assembly it was held before.
pub(super) fn find(lines: &Lines, title: &str, signatures: &[Signature], config: &Config) -> Option<Guess<String>> {
    let mut named: Vec<(String, usize, Text)> = Vec::new();
    let mut add = |unit: Option<String>, place: usize, reason: Text| {
        if let Some(unit) = unit {
            named.push((known(&unit, config).unwrap_or(unit), place, reason));
        }
    };
    add(by_list(title, config).or_else(|| places::of_title(title)), 0, text!("标题", "from the title"));
    for signature in signatures {
        for name in &signature.names {
            let unit = by_list(name, config).or_else(|| places::of_body(name));
            add(unit, signature.place, text!("落款", "from the signature"));
        }
    }
    for line in lines.head().iter().filter(|line| line.text.contains("人民代表大会")) {
        add(places::of_assembly(&line.text), line.place, text!("会议名称", "from the name of the assembly"));
    }
    for line in lines.head() {
        if let Some((label, value)) = line.text.split_once(['：', ':'])
            && ["来源", "发布机构", "单位"].contains(&label.trim())
        {
            add(places::of_body(value), line.place, text!("标明的来源", "from its source"));
        }
    }
    let (unit, place, reason) = named.first()?.clone();
    // A law is passed by one assembly and approved by the one above: that is no contradiction, but no plain word.
    let agree = named.iter().all(|(other, _, _)| *other == unit);
    if !agree {
        return None;
    }
    Guess::sure(unit, place, reason)
}

/// The town of the site that a name holds, if it is one only. A longer name that holds a shorter one goes first.
fn by_list(name: &str, config: &Config) -> Option<String> {
    let mut found: Vec<&str> = Vec::new();
    let mut length = 0;
    for town in &config.towns {
        for known in std::iter::once(&town.name).chain(&town.aliases) {
            if known.chars().count() >= 2 && name.contains(known.as_str()) && known.len() >= length {
                if known.len() > length {
                    found.clear();
                }
                length = known.len();
                found.push(&town.name);
            }
        }
    }
    found.dedup();
    match found.as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}

/// A unit's name as site.yaml writes it.
fn known(unit: &str, config: &Config) -> Option<String> {
    let called = |town: &&crate::config::TownEntry| town.name == unit || town.aliases.iter().any(|alias| alias == unit);
    config.towns.iter().find(called).map(|town| town.name.clone())
}
