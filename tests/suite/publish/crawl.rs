//! A reader who crawls a real folder all the while sees no torn file, no page whose stylesheet is missing, and no
//! listing that names what is not there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gongkai::publish::folder::Folder;
use gongkai::publish::session::Outcome;

use super::{Desk, Site, year};

/// Every form that a file ever had.
fn forms(sites: &[Site]) -> BTreeMap<&str, Vec<&[u8]>> {
    let mut forms: BTreeMap<&str, Vec<&[u8]>> = BTreeMap::new();
    for (path, bytes) in sites.iter().flatten() {
        forms.entry(path).or_default().push(bytes);
    }
    forms
}

fn links(page: &str) -> Vec<&str> {
    page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

struct Crawler<'a> {
    root: &'a Path,
    forms: &'a BTreeMap<&'a str, Vec<&'a [u8]>>,
    grace: Duration,
    checked: &'a AtomicUsize,
}

impl Crawler<'_> {
    fn read(&self, path: &str) -> Option<String> {
        let bytes = std::fs::read(self.root.join(path)).ok()?;
        assert!(self.forms[path].contains(&bytes.as_slice()), "{path} is torn: {}", String::from_utf8_lossy(&bytes));
        self.checked.fetch_add(1, Ordering::Relaxed);
        Some(String::from_utf8(bytes).unwrap())
    }

    /// Follows every link of a listing, and every link of the pages that it names.
    fn crawl(&self, listing: &str) {
        let began = Instant::now();
        let Some(page) = self.read(listing) else { return };
        for link in links(&page) {
            let target = self.read(link);
            // Whoever takes longer over one page than old files are kept may find one gone.
            assert!(target.is_some() || began.elapsed() > self.grace, "{listing} names {link}, which is not there");
            let began = Instant::now();
            for needed in links(target.as_deref().unwrap_or_default()) {
                let needed = needed.trim_start_matches("../");
                let there = self.read(needed).is_some() || began.elapsed() > self.grace;
                assert!(there, "{link} needs {needed}, which is not there");
            }
        }
    }
}

#[test]
fn a_crawler_never_sees_anything_half_done() {
    let root = tempfile::tempdir().unwrap();
    let mut desk = Desk::new("甲");
    desk.grace = Duration::from_millis(400);
    let big = |n: usize| {
        let mut site = year(n);
        for (path, bytes) in &mut site {
            if path.ends_with(".html") && path != "index.html" {
                bytes.extend(format!("<p>{n}</p>").repeat(20_000).bytes());
            }
        }
        site
    };
    let sites: Vec<Site> = [6, 9, 4, 10, 2, 8].map(big).into();
    let forms = forms(&sites);
    let (ended, checked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let target = Folder::new(root.path());
    std::thread::scope(|scope| {
        for listing in ["index.html", "feed.xml"] {
            let crawler = Crawler { root: root.path(), forms: &forms, grace: desk.grace, checked: &checked };
            let ended = &ended;
            scope.spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    crawler.crawl(listing);
                }
            });
        }
        for site in &sites {
            let outcome = desk.publish(&target, site);
            ended.store(outcome.is_err(), Ordering::Relaxed);
            assert!(matches!(outcome, Ok(Outcome::Done(..))), "{outcome:?}");
        }
        ended.store(true, Ordering::Relaxed);
    });
    assert!(checked.into_inner() > 500, "the crawler did read");
    for (path, bytes) in sites.last().unwrap() {
        assert_eq!(&std::fs::read(root.path().join(path)).unwrap(), bytes);
    }
    assert!(!root.path().join("a/2009").exists(), "empty folders go too");
}
