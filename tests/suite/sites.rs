//! Sites in memory for all tests: the one place between the tests and the program's interface.

use std::collections::BTreeMap;
use std::path::Path;

use gongkai::archive::make::{self, Made, Work};
use gongkai::build::{self, Outcome, Request};
use gongkai::prepare::{Progress, Site};
use gongkai::review::{self, Review};
use gongkai::source::{Clock, Disk, MemoryDisk};

/// The day on which all cases are built.
pub const TODAY: (i16, i8, i8) = (2026, 1, 15);

/// A site.yaml for cases that need none of their own.
pub const SITE: &str = "name: 测试站\ncontact: { host: 测试县人民政府 }\n";

/// A small report.
pub fn report(title: &str, town: &str, year: i16, body: &str) -> String {
    let next = year + 1;
    format!("---\ntitle: {title}\ntown: {town}\nyear: {year}\ndate: {next}-01-10\n---\n{body}\n")
}

/// How a site is built.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    pub base_url: Option<&'a str>,
    pub keep_going: bool,
    /// Another day than [`TODAY`].
    pub today: Option<(i16, i8, i8)>,
    /// Threads; 0 is as many as the machine has.
    pub threads: usize,
}

/// A disk that holds a site in `site/`.
pub fn disk(files: &[(&str, &[u8])]) -> MemoryDisk {
    let disk = MemoryDisk::new();
    if !files.iter().any(|(path, _)| *path == "site.yaml") {
        disk.put("site/site.yaml", SITE);
    }
    for (path, bytes) in files {
        disk.put(Path::new("site").join(path), *bytes);
    }
    disk
}

/// Builds the site in `site/` into `out`.
pub fn try_build(disk: &dyn Disk, out: &str, options: Options<'_>) -> gongkai::error::Result<Outcome> {
    let (year, month, day) = options.today.unwrap_or(TODAY);
    let request = Request {
        disk,
        site: Path::new("site"),
        out: Path::new(out),
        base_url: options.base_url,
        keep_going: options.keep_going,
        clock: Clock::fixed(jiff::civil::date(year, month, day)),
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().expect("threads can be had");
    pool.install(|| build::build(&request, &Quiet))
}

/// Builds a site that no disk fails.
pub fn build(disk: &dyn Disk, out: &str, options: Options<'_>) -> Outcome {
    try_build(disk, out, options).expect("memory does not fail")
}

fn site(disk: &dyn Disk) -> Site<'_> {
    let (year, month, day) = TODAY;
    let clock = Clock::fixed(jiff::civil::date(year, month, day));
    Site { disk, folder: Path::new("site"), base_url: None, clock }
}

/// Seals or amends a year of the site in `site/`; its pages come into an output with the next build.
pub fn archive(disk: &dyn Disk, year: i16, work: Work<'_>, options: Options<'_>) -> Made {
    let (y, month, day) = options.today.unwrap_or(TODAY);
    let site = Site { clock: Clock::fixed(jiff::civil::date(y, month, day)), ..site(disk) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().expect("threads can be had");
    pool.install(|| make::make(&site, year, work, &Quiet)).expect("memory does not fail")
}

/// Seals a year that can be sealed.
pub fn seal(disk: &dyn Disk, year: i16) -> Made {
    let made = archive(disk, year, Work::Seal, Options::default());
    assert!(made.sealed.is_some(), "{:?}", made.diagnostics);
    made
}

/// Checks the site in `site/`.
pub fn review(disk: &MemoryDisk) -> Review {
    review::review(&site(disk), &Quiet).expect("memory does not fail")
}

/// What is due on the site in `site/`.
pub fn due(disk: &MemoryDisk) -> Vec<review::due::Duty> {
    review::due::look(&site(disk), &Quiet).expect("memory does not fail").0.expect("the site can be prepared")
}

/// One source after everything was mended that can be.
pub fn fixed(disk: &MemoryDisk, path: &str) -> String {
    review::mend(&site(disk), &review(disk).mendings).expect("memory does not fail");
    String::from_utf8(disk.read(&Path::new("site").join(path)).unwrap()).expect("what was mended is UTF-8")
}

/// Everything in an output folder.
pub fn files(disk: &MemoryDisk, out: &str) -> BTreeMap<String, Vec<u8>> {
    disk.files_below(Path::new(out))
}

/// One page as text.
pub fn page(disk: &MemoryDisk, out: &str, address: &str) -> String {
    let files = files(disk, out);
    let bytes = files.get(address).unwrap_or_else(|| panic!("no page {address}; there are {:?}", files.keys()));
    String::from_utf8(bytes.clone()).expect("pages are UTF-8")
}

/// Progress that nobody looks at.
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
}
