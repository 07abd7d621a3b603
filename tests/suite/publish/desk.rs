//! A desk from which made-up sites are published: the one place between the tests and the program's interface.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gongkai::publish::local::{self, Local, Wanted};
use gongkai::publish::order::Stage;
use gongkai::publish::plan::{Locking, Options, Plan, Summary};
use gongkai::publish::run::{Job, Watcher};
use gongkai::publish::session::{self, Outcome};
use gongkai::publish::target::Over;
use gongkai::publish::{Stop, Target};
use gongkai::source::MemoryDisk;

/// A built site: bytes by address. Reports lie two folders deep and come from a source of their own.
pub type Site = BTreeMap<String, Vec<u8>>;

fn source_of(address: &str) -> String {
    let is_report = address.matches('/').count() == 2 && address.ends_with(".html");
    if is_report { format!("content/{}.md", address.trim_end_matches(".html")) } else { String::new() }
}

/// One machine from which a site is published.
pub struct Desk {
    pub folder: tempfile::TempDir,
    pub options: Options,
    pub wanted: Wanted,
    pub grace: Duration,
}

impl Desk {
    pub fn new(name: &str) -> Self {
        let options = Options {
            run: format!("run-of-{name}"),
            who: format!("{name}@pc"),
            day: "2026-01-15".into(),
            keep: 3,
            over: Over::Nothing,
            locking: Locking::Proven,
        };
        Self { folder: tempfile::tempdir().unwrap(), options, wanted: Wanted::default(), grace: Duration::ZERO }
    }

    /// The disk with the built site, and what is to be published of it.
    pub fn build(&self, site: &Site) -> (MemoryDisk, Local) {
        let disk = MemoryDisk::new();
        let mut manifest = String::new();
        for (address, bytes) in site {
            disk.put(Path::new("public").join(address), bytes.clone());
            manifest.push_str(&format!("{address}\t{}\n", source_of(address)));
        }
        disk.put("public/.gongkai/manifest.tsv", manifest);
        let local = local::of(&disk, Path::new("public"), &[], Path::new("hashes.tsv"), &self.wanted).unwrap();
        (disk, local)
    }

    /// Publishes, asking `agree`.
    pub fn publish_if(&self, target: &dyn Target, site: &Site, agree: &dyn Fn(&Plan) -> bool) -> Result<Outcome, Stop> {
        let (disk, local) = self.build(site);
        self.publish_local(target, (&disk, &local), agree)
    }

    pub fn publish_local(
        &self,
        target: &dyn Target,
        (disk, local): (&MemoryDisk, &Local),
        agree: &dyn Fn(&Plan) -> bool,
    ) -> Result<Outcome, Stop> {
        let journal = self.journal();
        session::publish(&self.job(target, disk, &journal), local, agree, &Unwatched)
    }

    /// The generation that stands, if it is that of this manifest.
    pub fn stands(&self, target: &dyn Target, manifest: &str) -> Result<Option<u64>, Stop> {
        let (disk, journal) = (MemoryDisk::new(), self.journal());
        session::stands(&self.job(target, &disk, &journal), manifest)
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    fn job<'a>(&'a self, target: &'a dyn Target, disk: &'a MemoryDisk, journal: &'a Path) -> Job<'a> {
        let (folder, grace) = (Path::new("public"), self.grace);
        Job { target, disk, folder, journal, options: &self.options, grace, patience: &[] }
    }

    pub fn publish(&self, target: &dyn Target, site: &Site) -> Result<Outcome, Stop> {
        self.publish_if(target, site, &|_| true)
    }
}

/// Nobody looks at the bar.
pub struct Unwatched;

impl Watcher for Unwatched {
    fn begin(&self, _: &Summary) {}
    fn stage(&self, _: Stage) {}
    fn put(&self, _: u64) {}
}

/// A small site whose pages name each other, in its n-th year.
pub fn year(n: usize) -> Site {
    let mut site = Site::new();
    let style = format!("assets/style-{n:08x}.css");
    let mut names = String::new();
    for number in 0..=n {
        let address = format!("a/{}/r{number}.html", 2000 + number);
        let page = format!("<link href=\"../../{style}\"><p>报告 {number}，{}", "正文".repeat(number + 3));
        names.push_str(&format!("<a href=\"{address}\">"));
        site.insert(address, page.into_bytes());
    }
    site.insert(style.clone(), format!("/* {n} */").into_bytes());
    site.insert("index.html".into(), format!("<link href=\"{style}\">{names}").into_bytes());
    site.insert("feed.xml".into(), names.into_bytes());
    site.insert("search/root.js".into(), format!("root({n})").into_bytes());
    site
}
