//! A reader who crawls a real folder all the while sees no torn file, no page whose stylesheet is missing, and no
//! listing that names what is not there.

use std::time::Duration;

use gongkai::publish::folder::Folder;

use super::crawler::publish_under_a_crawler;
use super::desk::{Desk, Site, year};

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
    let target = Folder::new(root.path());
    publish_under_a_crawler(&desk, &target, &sites, &|path| std::fs::read(root.path().join(path)).ok());
    for (path, bytes) in sites.last().unwrap() {
        assert_eq!(&std::fs::read(root.path().join(path)).unwrap(), bytes);
    }
    assert!(!root.path().join("a/2009").exists(), "empty folders go too");
}
