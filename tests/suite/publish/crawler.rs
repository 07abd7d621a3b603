//! A reader who crawls a site all the while, and knows every form that each of its files ever had.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gongkai::publish::Target;
use gongkai::publish::session::Outcome;

use super::desk::{Desk, Site};

/// Fetches one file as a reader would.
pub type Get<'a> = dyn Fn(&str) -> Option<Vec<u8>> + Sync + 'a;

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
    get: &'a Get<'a>,
    forms: &'a BTreeMap<&'a str, Vec<&'a [u8]>>,
    grace: Duration,
    checked: &'a AtomicUsize,
}

impl Crawler<'_> {
    fn read(&self, path: &str) -> Option<String> {
        let bytes = (self.get)(path)?;
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

/// Publishes one site after the other while two readers crawl.
pub fn publish_under_a_crawler(desk: &Desk, target: &dyn Target, sites: &[Site], get: &Get<'_>) {
    let forms = forms(sites);
    let (ended, checked) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for listing in ["index.html", "feed.xml"] {
            let crawler = Crawler { get, forms: &forms, grace: desk.grace, checked: &checked };
            let ended = &ended;
            scope.spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    crawler.crawl(listing);
                }
            });
        }
        for site in sites {
            let outcome = desk.publish(target, site);
            ended.store(outcome.is_err(), Ordering::Relaxed);
            assert!(matches!(outcome, Ok(Outcome::Done(..))), "{outcome:?}");
        }
        ended.store(true, Ordering::Relaxed);
    });
    assert!(checked.into_inner() > 100, "the crawler did read");
}
