//! One page, made when it is asked for: what `build` would write, with the one script tag that `build` never writes.
//!
//! [`Pages::bytes_of`] is the one place where an address becomes bytes: a page of the plan, or a file of the search.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Bytes;
use memchr::memmem;

use super::media;
use super::preview::{Preview, Shown};
use super::searched::{self, Searched};
use super::watch::{Signal, Teller};
use crate::diagnostic::{Diagnostic, Language, Severity, codes};
use crate::model::page::{Page, Recipe};
use crate::prepare::Prepared;
use crate::text;

/// Below this folder lies nothing of the site, only what the preview itself needs.
pub const OWN: &str = ".gongkai/";
/// How many bytes of last good pages are kept.
const KEPT: usize = 64 << 20;
/// How often, and how long each time, a page waits until its source is looked at again.
const ROUNDS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(10);
const HTML: &str = "text/html; charset=utf-8";

/// What stands at an address.
#[derive(Debug, Clone)]
pub struct Entity {
    /// The bytes as they are sent.
    pub bytes: Bytes,
    /// Content-Type.
    pub media: String,
    /// Tells these bytes from others: a hash of what `build` would write.
    pub tag: String,
    /// What was noticed while it was made.
    pub faults: Vec<Diagnostic>,
}

/// What an address leads to.
#[derive(Debug, Clone)]
pub enum Place {
    /// To a file of the site.
    Here(Entity),
    /// To a folder, which is written with a slash at its end.
    Folder,
    /// To nothing; the site's page that says so.
    Nowhere(Entity),
    /// There is no good state of the site yet; a page that waits for it.
    NotYet(Entity),
}

/// Makes pages from what is shown.
pub struct Pages {
    preview: Arc<Preview>,
    teller: Teller,
    language: Language,
    good: Mutex<Good>,
    searched: Searched,
}

/// The last good form of pages that were asked for, in the order in which they first were.
#[derive(Default)]
struct Good {
    pages: BTreeMap<String, Bytes>,
    order: VecDeque<String>,
    bytes: usize,
}

/// What came of one attempt.
enum Made {
    Good(Bytes, Vec<Diagnostic>),
    Faulty(Vec<Diagnostic>),
    /// The source, at this path, is another than the one that is shown.
    Outdated(String),
}

impl Pages {
    /// Pages of this preview; `teller` hears of sources that are newer than what is shown.
    pub fn new(preview: Arc<Preview>, teller: Teller, language: Language) -> Self {
        Self { preview, teller, language, good: Mutex::default(), searched: Searched::default() }
    }

    /// The preview that the pages are made from.
    pub fn preview(&self) -> &Preview {
        &self.preview
    }

    /// What stands at an address relative to the site's root; `…/` means `…/index.html`.
    pub fn place(&self, address: &str) -> Place {
        let file = file_of(address);
        if let Some(entity) = self.entity(&file) {
            return Place::Here(entity);
        }
        let shown = self.preview.shown();
        let Some(prepared) = &shown.prepared else { return Place::NotYet(self.waiting()) };
        if prepared.page(&format!("{file}/index.html")).is_some() {
            return Place::Folder;
        }
        match self.bytes_of("404.html") {
            // Without a tag: the page is not this address' own.
            Some((Some(bytes), faults)) => {
                let tag = tag_of(&bytes);
                Place::Nowhere(Entity { bytes: with_script(&bytes, ""), media: HTML.to_owned(), tag, faults })
            }
            _ => Place::NotYet(self.waiting()),
        }
    }

    /// One file of the site as it is sent.
    pub fn entity(&self, file: &str) -> Option<Entity> {
        let (bytes, faults) = self.bytes_of(file)?;
        let Some(bytes) = bytes else { return Some(Entity { faults, ..self.waiting() }) };
        let tag = tag_of(&bytes);
        let media = media::of(file, &bytes);
        let shown = self.preview.shown();
        let page = shown.prepared.as_ref().and_then(|prepared| prepared.page(file));
        let is_page = page.is_some_and(|page| page.recipe.has_template());
        let bytes = if is_page { with_script(&bytes, &tag) } else { bytes };
        Some(Entity { bytes, media, tag, faults })
    }

    /// The bytes of one file of the site as `build` would write them, and what was noticed. A page that cannot be
    /// made now has its last good bytes, or none where it never had any.
    pub fn bytes_of(&self, file: &str) -> Option<(Option<Bytes>, Vec<Diagnostic>)> {
        let mut round = 0;
        loop {
            let shown = self.preview.shown();
            let prepared = shown.prepared.as_ref()?;
            let made = match prepared.page(file) {
                Some(page) => self.make(prepared, page),
                None => match prepared.sealed_file(&self.preview.site(), file) {
                    Some(bytes) => Made::Good(bytes.into(), Vec::new()),
                    None => self.search_file(&shown, prepared, file)?,
                },
            };
            let faults = match made {
                Made::Good(bytes, faults) => {
                    self.good().keep(file, &bytes);
                    return Some((Some(bytes), faults));
                }
                Made::Faulty(faults) => faults,
                // A faulty source is shown as it was last good, so that another one on the disk is no wonder.
                Made::Outdated(path) if round < ROUNDS && !prepared.faulty.iter().any(|one| **one == *path) => {
                    if round == 0 {
                        self.teller.tell(Signal::Paths(vec![path]));
                    }
                    std::thread::sleep(PAUSE);
                    round += 1;
                    continue;
                }
                Made::Outdated(_) => Vec::new(),
            };
            return Some((self.good().pages.get(file).cloned(), faults));
        }
    }

    /// A file of the search, which is no page of the plan.
    fn search_file(&self, shown: &Shown, prepared: &Prepared, file: &str) -> Option<Made> {
        if !searched::has(file) {
            return None;
        }
        match self.searched.file(&self.preview, shown, prepared, file) {
            searched::Found::File(bytes) => Some(Made::Good(bytes?, Vec::new())),
            searched::Found::Outdated(path) => Some(Made::Outdated(path)),
        }
    }

    fn make(&self, prepared: &Prepared, page: &Page) -> Made {
        let mut bytes = Vec::new();
        let source = match &page.recipe {
            Recipe::File(source) => source.to_string(),
            _ => prepared.owner(page).to_owned(),
        };
        let faults = match prepared.renderer(&self.preview.site()).render(page, &mut bytes) {
            Ok(faults) => faults,
            Err(_) => return Made::Outdated(source),
        };
        if faults.iter().any(|fault| fault.code == codes::CHANGED_MEANWHILE) {
            return Made::Outdated(source);
        }
        match faults.iter().any(|fault| fault.severity == Severity::Error) {
            true => Made::Faulty(faults),
            false => Made::Good(bytes.into(), faults),
        }
    }

    /// A page that only waits: for the first good state, or for that of one report.
    fn waiting(&self) -> Entity {
        let text = text!("这一页还没有可以显示的内容", "There is nothing to show of this page yet");
        let text = text.in_language(self.language);
        let html = format!(
            "<!doctype html><html><head><meta charset=\"utf-8\"><title>{text}</title></head><body><p>{text}</p></body></html>"
        );
        let bytes = with_script(html.as_bytes(), "waiting");
        Entity { bytes, media: HTML.to_owned(), tag: "waiting".to_owned(), faults: Vec::new() }
    }

    fn good(&self) -> std::sync::MutexGuard<'_, Good> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Good {
    fn keep(&mut self, file: &str, bytes: &Bytes) {
        if !file.ends_with(".html") {
            return;
        }
        self.bytes += bytes.len();
        match self.pages.insert(file.to_owned(), bytes.clone()) {
            Some(before) => self.bytes -= before.len(),
            None => self.order.push_back(file.to_owned()),
        }
        while self.bytes > KEPT {
            let Some(oldest) = self.order.pop_front() else { return };
            self.bytes -= self.pages.remove(&oldest).map_or(0, |bytes| bytes.len());
        }
    }
}

/// The file that an address means.
pub fn file_of(address: &str) -> String {
    if address.is_empty() || address.ends_with('/') { format!("{address}index.html") } else { address.to_owned() }
}

/// What tells these bytes from others.
pub fn tag_of(bytes: &[u8]) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(bytes))
}

/// The one script tag, at the end of the head, so that it sees everything that scripts of the page do.
pub fn script(tag: &str) -> String {
    format!("<script src=\"/{OWN}live.js\" data-page=\"{tag}\"></script>")
}

fn with_script(html: &[u8], tag: &str) -> Bytes {
    let at = memmem::find(html, b"</head>").unwrap_or(html.len());
    [&html[..at], script(tag).as_bytes(), &html[at..]].concat().into()
}
