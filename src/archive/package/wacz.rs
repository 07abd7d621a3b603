//! WACZ 1.1.1: a WARC file with its index and the list of its pages, as one zip file.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::json;
use zip::ZipWriter;

use super::content::Content;
use super::surt;
use super::warc::{self, Record};
use super::zipped::options;
use crate::model::sealed::home;
use crate::seal::digest::{Hasher, hex, sha256};
use crate::source::Stream;

/// The WARC file in a package.
pub(super) const WARC: &str = "archive/data.warc.gz";
/// What a package says of itself.
pub(super) const DATAPACKAGE: &str = "datapackage.json";
/// The form; the validator takes no other.
const VERSION: &str = "1.1.1";

/// Writes the package. `base` is where the site stands, with a final `/`.
pub(super) fn write(content: &Content<'_>, base: &str, out: &mut dyn Stream) -> io::Result<()> {
    let seal = &content.seal;
    let mut zip = ZipWriter::new(out);
    let mut resources = Vec::new();

    // Every file as a record, with its line in the index.
    zip.start_file(WARC, options(seal.bytes.saturating_mul(2)))?;
    let mut hasher = Hasher::default();
    let mut put = |bytes: &[u8]| {
        hasher.update(bytes);
        zip.write_all(bytes)
    };
    let software = concat!("gongkai ", env!("CARGO_PKG_VERSION"));
    let about = format!(
        "software: {software}\r\nformat: WARC File Format 1.0\r\n\
         conformsTo: http://bibnum.bnf.fr/WARC/WARC_ISO_28500_version1_latestdraft.pdf\r\n\
         description: {}-v{} {}\r\n",
        seal.year, seal.version, content.code
    );
    let date = seal.as_of;
    let info = Record { kind: "warcinfo", url: None, date, media: "application/warc-fields", body: about.as_bytes() };
    let first = info.packed()?;
    put(&first)?;
    let mut offset = first.len();
    let stamp = warc::time(date).replace(['-', ':', 'T', 'Z'], "");
    let mut index = BTreeMap::new();
    let mut pages = Vec::new();
    for path in content.paths() {
        let body = content.bytes(path).map_err(io::Error::other)?;
        let (url, media) = (format!("{base}{path}"), media(path));
        let record = Record { kind: "resource", url: Some(&url), date, media, body: &body }.packed()?;
        put(&record)?;
        let line = json!({
            "url": url, "mime": media.split(';').next(), "status": "200", "digest": format!("sha256:{}", sha256(&body)),
            "length": record.len().to_string(), "offset": offset.to_string(), "filename": "data.warc.gz",
        });
        index.insert(surt::key(&url), format!("{} {stamp} {line}\n", surt::key(&url)));
        offset += record.len();
        if seal.pages.iter().any(|page| page.address == path) {
            pages.push((path, url, title(&body)));
        }
    }
    let digest = hasher.finish();
    resources.push(json!({
        "name": "data.warc.gz", "path": WARC, "hash": format!("sha256:{}", hex(&digest.sha256)), "bytes": digest.size,
    }));

    let main = format!("{base}{}index.html", home(seal.year));
    let mut listed = json!({ "format": "json-pages-1.0", "id": "pages", "title": "全部页面" }).to_string() + "\n";
    for (path, url, title) in &pages {
        let id = warc::uuid(path);
        listed += &(json!({ "id": id, "url": url, "title": title, "ts": warc::time(date) }).to_string() + "\n");
    }
    let index: String = index.into_values().collect();
    let mut files: Vec<(&str, Vec<u8>)> =
        vec![("indexes/index.cdx", index.into_bytes()), ("pages/pages.jsonl", listed.into_bytes())];
    // The validator overlooks files at the root of the package in its list.
    for (path, name) in [("about/README.txt", "README.txt"), ("about/metadata.xml", "metadata.xml")] {
        files.push((path, content.beside[name].clone()));
    }
    for (path, bytes) in &files {
        zip.start_file(*path, options(bytes.len() as u64))?;
        zip.write_all(bytes)?;
        // The validator takes names in lower case only.
        let name = path.rsplit('/').next().map(str::to_lowercase);
        let hash = format!("sha256:{}", sha256(bytes));
        resources.push(json!({ "name": name, "path": path, "hash": hash, "bytes": bytes.len() }));
    }
    let package = json!({
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": format!("{} {}年度（第{}版）", seal.site, seal.year, seal.version),
        "description": format!("封存码 {}", content.code),
        "created": warc::time(date),
        "software": software,
        "mainPageUrl": main,
        "mainPageDate": warc::time(date),
        "base": base,
        "resources": resources,
    });
    let package = format!("{package:#}\n");
    let digest = json!({ "path": DATAPACKAGE, "hash": format!("sha256:{}", sha256(package.as_bytes())) });
    for (path, text) in [(DATAPACKAGE, package), ("datapackage-digest.json", format!("{digest}\n"))] {
        zip.start_file(path, options(text.len() as u64))?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish()?.flush()
}

/// The title of a page.
fn title(html: &[u8]) -> String {
    let html = String::from_utf8_lossy(html);
    let title =
        html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map_or("", |(title, _)| title);
    title.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// Content-Type of a file by its name.
fn media(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "csv" => "text/csv; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "ofd" => "application/ofd",
        "zip" => "application/zip",
        "doc" | "wps" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" | "et" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
