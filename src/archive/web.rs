//! Proves a published copy over HTTP: what readers are given is what is hashed. Such a copy cannot be listed, so that
//! files that were added to it are not seen.

use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rayon::ThreadPoolBuilder;
use ureq::http::Response;
use ureq::{Agent, Body};

use super::prove::{self, Anchors, Finding};
use crate::error::{Error, Operation, Result};
use crate::model::sealed::{Logged, version_folder};
use crate::seal::log::{self, Log};
use crate::seal::tree::{Item, Tree};
use crate::seal::verify::Scope;

/// Files that are asked for at the same time.
const AT_ONCE: usize = 8;
/// Whoever does not answer in this time is not reached.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a server is asked again that cannot be reached.
const TRIES: usize = 3;
/// Bytes of one piece.
const PIECE: usize = 1 << 16;
/// What a path may not hold as it is in an address (RFC 3986, section 3.3).
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'[').add(b']');

/// Proves the years of a published copy, or one of them, in every version that the log names. `url` is the site's root,
/// or the folder of an older version. Without a log of its own (`anchors.log`) it looks for the copy of the log that
/// stands on the site, which says what there is and proves nothing. An empty list: nobody knows which years there are.
pub fn published(url: &str, year: Option<i16>, anchors: &Anchors) -> Result<Vec<Finding>> {
    let site = Web::new(url);
    let log = match &anchors.log {
        Some(log) => log.clone(),
        None => log::parse(&site.read_whole(log::ADDRESS)?.unwrap_or_default()),
    };
    let versions = wanted(&log, year);
    let pool = ThreadPoolBuilder::new().num_threads(AT_ONCE).build();
    let pool = pool.map_err(|cause| Error::new(Operation::Read, Path::new(url), io::Error::other(cause)))?;
    pool.install(|| {
        let mut found = Vec::new();
        for (year, folder) in versions {
            let tree = site.below(&folder);
            let mut of_year = prove::tree(&tree, tree.root.trim_end_matches('/'), Some(year), Scope::Whole, anchors)?;
            // The token of an older version stands at the site's root, too.
            if let [finding] = of_year.as_mut_slice()
                && let (Some(version), None, false) = (finding.version, &anchors.token, folder.is_empty())
            {
                finding.witnessed(site.read_whole(&log::token(year, version))?, anchors);
            }
            found.extend(of_year);
        }
        Ok(found)
    })
}

/// Which years are to be proven, and in which folder of the site each lies. A year that no log names lies at the root.
fn wanted(log: &Log, year: Option<i16>) -> Vec<(i16, String)> {
    let is_newest = |entry: &Logged| log.versions(entry.year).len() as u32 == entry.version;
    let folder = |entry: &Logged| match is_newest(entry) {
        true => String::new(),
        false => version_folder(entry.year, entry.version) + "/",
    };
    let named = log.entries.iter().filter(|entry| year.is_none_or(|year| entry.year == year));
    let mut all: Vec<(i16, String)> = named.map(|entry| (entry.year, folder(entry))).collect();
    if all.is_empty() {
        all.extend(year.map(|year| (year, String::new())));
    }
    all
}

/// The tree behind an address.
struct Web {
    agent: Agent,
    /// With a `/` at the end.
    root: String,
}

/// A client that gives up on whoever does not answer.
pub(super) fn client() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .user_agent(concat!("gongkai/", env!("CARGO_PKG_VERSION")));
    config.build().into()
}

impl Web {
    fn new(url: &str) -> Self {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let folder = url.strip_suffix("index.html").unwrap_or(url);
        Self { agent: client(), root: format!("{}/", folder.trim_end_matches('/')) }
    }

    fn below(&self, folder: &str) -> Self {
        Self { agent: self.agent.clone(), root: format!("{}{folder}", self.root) }
    }

    fn ask(&self, url: &str) -> io::Result<Response<Body>> {
        let mut tries = 1;
        loop {
            match self.agent.get(url).header("Accept-Encoding", "identity").call() {
                Ok(answer) => return Ok(answer),
                Err(_) if tries < TRIES => tries += 1,
                Err(cause) => return Err(io::Error::other(cause)),
            }
        }
    }
}

impl Tree for Web {
    fn list(&self) -> Result<Option<Vec<Item>>> {
        Ok(None)
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        let url = format!("{}{}", self.root, utf8_percent_encode(path, ESCAPED));
        let failed = |cause| Error::new(Operation::Read, Path::new(&url), cause);
        let refused = |why: String| failed(io::Error::new(io::ErrorKind::InvalidData, why));
        let answer = self.ask(&url).map_err(failed)?;
        match answer.status().as_u16() {
            200 => {}
            404 | 410 => return Err(failed(io::ErrorKind::NotFound.into())),
            status => return Err(refused(format!("HTTP {status}"))),
        }
        let packed = answer.headers().get("content-encoding").and_then(|value| value.to_str().ok());
        if let Some(packed) = packed.filter(|packed| !packed.eq_ignore_ascii_case("identity")) {
            return Err(refused(format!("Content-Encoding: {packed}")));
        }
        let mut body = answer.into_body().into_reader();
        buffer.resize(PIECE, 0);
        loop {
            match body.read(buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => take(&buffer[..count]),
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                // Whoever breaks off in the middle has not given the file.
                Err(cause) => return Err(refused(cause.to_string())),
            }
        }
    }
}
