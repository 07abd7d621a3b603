//! Attachments and images under the eyes of the rules: read whole, taken apart, looked at, forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::Reviewer;
use crate::attachment;
use crate::check::{self, Subject};
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::error::Result;
use crate::front_matter::place_of;
use crate::model::contents::Unreadable;
use crate::source::source_text;
use crate::text;

/// What is to be said of all files that the site publishes.
pub(super) fn all(reviewer: &Reviewer<'_>) -> Result<Vec<Diagnostic>> {
    let files: Vec<&Arc<str>> = reviewer.prepared.catalogue.files.keys().collect();
    let found: Vec<Vec<Diagnostic>> = files.into_par_iter().map(|file| one(reviewer, file)).collect::<Result<_>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// What is to be said of one file; nothing of one that is sealed, which nobody can mend.
pub(super) fn one(reviewer: &Reviewer<'_>, path: &Arc<str>) -> Result<Vec<Diagnostic>> {
    let catalogue = &reviewer.prepared.catalogue;
    let Some(file) = catalogue.files.get(path) else { return Ok(Vec::new()) };
    let Some(&owner) = catalogue.by_source.get(&file.owner) else { return Ok(Vec::new()) };
    if catalogue.is_sealed(owner) {
        return Ok(Vec::new());
    }
    if !attachment::is_known(path) || file.length > attachment::LARGEST {
        return Ok(Vec::new());
    }
    let bytes = reviewer.site.disk.read(&reviewer.site.folder.join(&**path))?;
    let contents = match attachment::contents(path, &bytes) {
        Ok(Some(contents)) => contents,
        Ok(None) => return Ok(Vec::new()),
        Err(why) => return unreadable(reviewer, path, &file.owner, why),
    };
    let document = &catalogue.report(owner).document;
    let subject = Subject {
        path,
        text: &contents.text,
        body: 0,
        head: &document.head,
        kind: catalogue.kind(document.kind),
        structure: &contents.structure,
        clock: reviewer.site.clock,
        contents: Some(&contents),
    };
    Ok(once(check::file(&subject, &reviewer.criteria)))
}

/// A list of three hundred households has one finding of each kind, which says how many there are.
fn once(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut firsts: BTreeMap<(Code, String), (Diagnostic, usize)> = BTreeMap::new();
    for fault in found {
        // Columns with different names are different things.
        firsts.entry((fault.code, fault.message.zh.clone())).or_insert((fault, 0)).1 += 1;
    }
    let counted = firsts.into_values().map(|(mut fault, count)| {
        if count > 1 {
            fault.message.zh += &format!("（这个文件里共 {count} 处，这是第一处）");
            fault.message.en += &format!(" ({count} in this file; this is the first)");
        }
        fault
    });
    counted.collect()
}

fn unreadable(reviewer: &Reviewer<'_>, path: &Arc<str>, owner: &Arc<str>, why: Unreadable) -> Result<Vec<Diagnostic>> {
    let Some(severity) = reviewer.criteria.weight_of(codes::UNREADABLE_FILE) else { return Ok(Vec::new()) };
    let bytes = reviewer.site.disk.read(&reviewer.site.folder.join(&**owner))?;
    let message = match why {
        Unreadable::OtherKind => text!("{path} 的内容与扩展名不符", "{path} is not what its name says"),
        Unreadable::Encrypted => text!("{path} 是加密的，读者打不开", "{path} is encrypted; readers cannot open it"),
        Unreadable::Damaged => text!("{path} 已损坏，打不开", "{path} is damaged and cannot be opened"),
    };
    let place = match source_text(owner, &bytes) {
        Ok(text) => named_at(owner, &text.value, path),
        Err(_) => Place::file(owner),
    };
    let fault = Diagnostic { severity, ..Diagnostic::warning(codes::UNREADABLE_FILE, message) }.at(place);
    Ok(vec![fault.help(text!(
        "用原来的软件打开，另存为正确的格式",
        "open it with the program that made it, and save it in the right form"
    ))])
}

/// Where a document names a file: by its own name, or among its attachments.
fn named_at(owner: &Arc<str>, text: &str, path: &str) -> Place {
    let name = path.rsplit('/').next().unwrap_or(path);
    match text.find(name) {
        Some(at) => Place::new(owner, text, at..at + name.len()),
        None => place_of(owner, text, "attachments"),
    }
}
