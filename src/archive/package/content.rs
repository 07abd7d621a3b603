//! What every package holds: the tree of a version as it was sealed, and beside it what an archivist needs.

use std::collections::BTreeMap;

use super::{metadata, readme};
use crate::error::Result;
use crate::model::sealed::{Seal, home};
use crate::seal::digest::sha256;
use crate::seal::tree::Tree;
use crate::seal::{canonical, corrections_page, seal_file};
use crate::source::EntryKind;

/// The year in a package.
pub(super) struct Content<'a> {
    /// Where the sealed files are read.
    pub(super) tree: &'a dyn Tree,
    /// What its seal says.
    pub(super) seal: Seal,
    /// SHA-256 of the seal.
    pub(super) code: String,
    /// The sealed files, in the order of their paths.
    pub(super) files: Vec<String>,
    /// The files beside them.
    pub(super) beside: BTreeMap<String, Vec<u8>>,
}

impl<'a> Content<'a> {
    /// The content of a tree; nothing where its seal cannot be read.
    pub(super) fn of(tree: &'a dyn Tree, year: i16) -> Result<Option<Self>> {
        let Some(bytes) = tree.read_whole(&seal_file(year))? else { return Ok(None) };
        let Ok(seal) = canonical::read(&bytes) else { return Ok(None) };
        let items = tree.list()?.unwrap_or_default();
        let files = items.into_iter().filter(|item| item.kind == EntryKind::File).map(|item| item.path).collect();
        let code = sha256(&bytes);
        let beside = BTreeMap::from([
            ("README.txt".to_owned(), readme::text(&seal, &code).into_bytes()),
            ("metadata.xml".to_owned(), metadata::xml(&seal, &code)),
            ("index.html".to_owned(), onward("请打开归档目录", &format!("{}index.html", home(year)))),
            (corrections_page(year), note(&seal)),
        ]);
        Ok(Some(Self { tree, seal, code, files, beside }))
    }

    /// The bytes of a file, sealed or beside.
    pub(super) fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        match self.beside.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => Ok(self.tree.read_whole(path)?.unwrap_or_default()),
        }
    }

    /// All paths, sealed and beside, in order.
    pub(super) fn paths(&self) -> Vec<&str> {
        let mut paths: Vec<&str> =
            self.files.iter().map(String::as_str).chain(self.beside.keys().map(String::as_str)).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }
}

/// Whether a path of a package is one of those beside the sealed files.
pub(super) fn is_beside(path: &str) -> bool {
    let year = path.strip_prefix("archive/").and_then(|rest| rest.strip_suffix(".html"));
    matches!(path, "README.txt" | "metadata.xml" | "index.html") || year.is_some_and(|year| year.parse::<i16>().is_ok())
}

/// A page that leads to another; works without a server.
fn onward(words: &str, to: &str) -> Vec<u8> {
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{words}</title>\
         <meta http-equiv=\"refresh\" content=\"0; url={to}\"></head><body><p><a href=\"{to}\">{words}</a></p></body></html>\n"
    )
    .into_bytes()
}

/// What stands in a package at the address of the page of corrections, which is the site's and goes on changing.
fn note(seal: &Seal) -> Vec<u8> {
    let Seal { year, version, .. } = seal;
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{year}年度的更正与核验</title></head>\
         <body><h1>{year}年度的更正与核验</h1><p>这是移交包中的{year}年度第{version}版。以后如有更正，见网站上的同名页面；\
         核验办法见 README.txt。</p><p><a href=\"../years/{year}/index.html\">{year}年目录</a></p></body></html>\n"
    )
    .into_bytes()
}
