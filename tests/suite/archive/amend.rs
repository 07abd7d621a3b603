//! Amendments: the old version stays byte for byte, the new one takes its place, and everybody can read what changed.

use std::collections::BTreeMap;
use std::path::Path;

use gongkai::archive::make::Work;
use gongkai::archive::prove::{self, Anchors};
use gongkai::seal::tree::Folder;
use gongkai::seal::verify::Scope;
use gongkai::source::{Disk, MemoryDisk};
use proptest::prelude::*;

use super::{site, version};
use crate::sites::{self, Options, build, files, page, report};

const SOURCE: &str = "site/content/dingshi/2021/juesuan.md";

fn amend(disk: &MemoryDisk, reason: &str) -> bool {
    let work = Work::Amend { reason, on: jiff::civil::date(2026, 3, 1) };
    sites::archive(disk, 2021, work, Options::default()).sealed.is_some()
}

fn replace(disk: &MemoryDisk, from: &str, to: &str) {
    let text = String::from_utf8(disk.read(SOURCE.as_ref()).unwrap()).unwrap();
    assert!(text.contains(from));
    disk.put(SOURCE, text.replace(from, to));
}

/// Proves the newest version at the site's root, and an older one at its own address.
fn proven(disk: &MemoryDisk, out: &str) {
    let log = gongkai::seal::log::read(disk, Path::new("site")).unwrap();
    for entry in &log.entries {
        let newest = log.versions(entry.year).len() as u32 == entry.version;
        let folder = if newest { out.to_owned() } else { format!("{out}/archive/{}/v{}", entry.year, entry.version) };
        let path = Path::new(&folder);
        let anchors = Anchors { log: Some(log.clone()), ..Anchors::default() };
        let found = prove::tree(&Folder { disk, path }, &folder, Some(entry.year), Scope::Site, &anchors).unwrap();
        assert!(found[0].is_sound() && found[0].version == Some(entry.version), "{found:?}");
    }
    let found = prove::archive(disk, Path::new("site"), None, &Anchors::default()).unwrap();
    assert!(found.iter().all(prove::Finding::is_sound));
}

#[test]
fn the_old_version_stays_and_the_new_one_takes_its_place() {
    let disk = site();
    sites::seal(&disk, 2021);
    build(&disk, "out", Options::default());
    let old = version(&disk, 2021, 1);
    replace(&disk, "120", "125");
    disk.put("site/content/yunling/2021/new.md", report("云岭乡2021年预算", "云岭乡", 2021, "正文。"));
    assert!(!build(&disk, "out", Options::default()).built);
    assert!(amend(&disk, "决算表收入一栏误写"));
    let outcome = build(&disk, "out", Options::default());
    assert!(outcome.built, "{:?}", outcome.diagnostics);
    assert_eq!(version(&disk, 2021, 1), old, "the archive keeps every byte");
    let out = files(&disk, "out");
    for (path, bytes) in &old {
        assert_eq!(out[&format!("archive/2021/v1/{path}")], *bytes, "{path}");
    }
    for (path, bytes) in version(&disk, 2021, 2) {
        assert_eq!(out[&path], bytes, "{path}");
    }
    assert!(page(&disk, "out", "dingshi/2021/juesuan.html").contains("125"));
    // What did not change is the same file in both.
    let untouched = "yunling/2021/jihua.html";
    assert_eq!(version(&disk, 2021, 2)[untouched], old[untouched]);
    proven(&disk, "out");

    let corrections = page(&disk, "out", "archive/2021.html");
    let main = &corrections[corrections.find("<main").unwrap()..];
    for words in [
        "第2版（2026-03-01）",
        "更正理由：决算表收入一栏误写",
        "<del>收入 | 120</del>",
        "<ins>收入 | 125</ins>",
        "href=\"2021/v1/dingshi/2021/juesuan.html\"",
        "href=\"../dingshi/2021/juesuan.html\"",
        "新增：<a href=\"../yunling/2021/new.html\">云岭乡2021年预算</a>",
    ] {
        assert!(main.contains(words), "{words}: {main}");
    }
    assert!(!main.contains("<script"));
    // Both ways out of an old page lead to the site.
    assert!(out.contains_key("archive/2021/v1/index.html") && out.contains_key("archive/2021/v1/archive/2021.html"));
}

#[test]
fn a_report_that_an_amendment_removes_is_gone_from_its_address_and_stays_in_the_old_version() {
    let disk = site();
    sites::seal(&disk, 2021);
    build(&disk, "out", Options::default());
    disk.remove_file("site/content/yunling/2021/jihua.md".as_ref()).unwrap();
    assert!(amend(&disk, "误公开"));
    build(&disk, "out", Options::default());
    let out = files(&disk, "out");
    assert!(!out.contains_key("yunling/2021/jihua.html"));
    assert!(out.contains_key("archive/2021/v1/yunling/2021/jihua.html"));
    assert!(page(&disk, "out", "archive/2021.html").contains("删去：云岭乡2021年计划"));
    proven(&disk, "out");
}

#[derive(Debug, Clone)]
enum Step {
    Edit(u8, u8),
    Remove(u8),
    Build,
    Empty,
    Seal(u8),
    Amend(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..4u8, any::<u8>()).prop_map(|(report, text)| Step::Edit(report, text)),
        (0..4u8).prop_map(Step::Remove),
        Just(Step::Build),
        Just(Step::Empty),
        (0..2u8).prop_map(Step::Seal),
        (0..2u8).prop_map(Step::Amend),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is edited, sealed, amended, built and removed, in whatever order: every version that was ever sealed
    /// stays as it was, in the archive and, after a build, in the site; and a build from nothing gives the same site.
    #[test]
    fn no_order_of_work_changes_a_sealed_byte(steps in proptest::collection::vec(step(), 1..14)) {
        let disk = site();
        let mut sealed: BTreeMap<(i16, u32), BTreeMap<String, Vec<u8>>> = BTreeMap::new();
        let path = |report: u8| format!("site/content/dingshi/{}/r{report}.md", 2021 + i16::from(report % 2));
        for one in steps {
            match one {
                Step::Edit(number, text) => {
                    let year = 2021 + i16::from(number % 2);
                    disk.put(path(number), report(&format!("丁市镇{year}年第{number}号"), "丁市镇", year, &format!("第{text}次。")));
                }
                Step::Remove(number) => disk.remove_file(path(number).as_ref()).unwrap(),
                Step::Build => drop(build(&disk, "out", Options::default())),
                Step::Empty => {
                    for path in files(&disk, "out").into_keys() {
                        disk.remove_file(&Path::new("out").join(path)).unwrap();
                    }
                }
                Step::Seal(year) | Step::Amend(year) => {
                    let year = 2021 + i16::from(year);
                    let work = match one {
                        Step::Seal(_) => Work::Seal,
                        _ => Work::Amend { reason: "更正", on: jiff::civil::date(2026, 3, 1) },
                    };
                    if let Some((logged, _)) = sites::archive(&disk, year, work, Options::default()).sealed {
                        sealed.insert((year, logged.version), version(&disk, year, logged.version));
                    }
                }
            }
            for ((year, number), files) in &sealed {
                prop_assert_eq!(&version(&disk, *year, *number), files);
            }
        }
        if build(&disk, "out", Options::default()).built {
            if !sealed.is_empty() {
                proven(&disk, "out");
            }
            build(&disk, "anew", Options::default());
            prop_assert_eq!(files(&disk, "out"), files(&disk, "anew"));
        }
    }
}
