//! What a build does with sealed years: it knows them from `seal.json` alone and leaves every byte as it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use gongkai::archive::make::Work;
use gongkai::error::Result;
use gongkai::source::{Disk, Entry, EntryKind, MemoryDisk, Stamp};

use super::{SITE, site, site_with_search, version};
use crate::sites::{self, Options, build, files, page, report};

/// A disk that writes down what was opened, written and removed.
struct Traced {
    disk: MemoryDisk,
    touched: Mutex<BTreeSet<PathBuf>>,
}

impl Traced {
    fn new(disk: MemoryDisk) -> Self {
        Self { disk, touched: Mutex::default() }
    }

    fn touch(&self, path: &Path) {
        self.touched.lock().unwrap().insert(path.to_owned());
    }

    /// What was touched inside of sealed years since the last question.
    fn inside(&self, years: &[i16]) -> BTreeSet<PathBuf> {
        let touched = std::mem::take(&mut *self.touched.lock().unwrap());
        let is_inside = |path: &PathBuf| {
            let text = path.to_string_lossy();
            years.iter().any(|year| {
                let below = text.contains(&format!("archive/{year}/"))
                    || text.starts_with("out/") && text.contains(&format!("/{year}/"));
                below && !text.ends_with("/seal.json")
            })
        };
        touched.into_iter().filter(is_inside).collect()
    }
}

impl Disk for Traced {
    fn read_into(&self, path: &Path, buffer: &mut Vec<u8>) -> Result<()> {
        self.touch(path);
        self.disk.read_into(path, buffer)
    }

    fn walk(&self, folder: &Path) -> Result<Vec<Entry>> {
        self.touch(folder);
        self.disk.walk(folder)
    }

    fn walk_all(&self, folder: &Path) -> Result<Vec<Entry>> {
        self.touch(folder);
        self.disk.walk_all(folder)
    }

    fn stat(&self, path: &Path) -> Result<Option<(EntryKind, Stamp)>> {
        self.touch(path);
        self.disk.stat(path)
    }

    fn write_whole(&self, path: &Path, bytes: &[u8], scratch: &Path) -> Result<Stamp> {
        self.touch(path);
        self.disk.write_whole(path, bytes, scratch)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<Stamp> {
        self.touch(path);
        self.disk.write_new(path, bytes)
    }

    fn rename_folder(&self, from: &Path, to: &Path) -> Result<()> {
        self.touch(from);
        self.touch(to);
        self.disk.rename_folder(from, to)
    }

    fn create_folder(&self, path: &Path) -> Result<()> {
        self.touch(path);
        self.disk.create_folder(path)
    }

    fn remove_file(&self, path: &Path) -> Result<()> {
        self.touch(path);
        self.disk.remove_file(path)
    }

    fn remove_empty_folder(&self, path: &Path) -> Result<()> {
        self.touch(path);
        self.disk.remove_empty_folder(path)
    }
}

/// A site with so many past years of one report each, and two reports of the present.
fn years(count: i16) -> MemoryDisk {
    let disk = site_with_search();
    for year in 1990..1990 + count {
        let text = report(&format!("丁市镇{year}年计划"), "丁市镇", year, "正文。");
        disk.put(format!("site/content/dingshi/{year}/a.md"), text);
    }
    disk
}

#[test]
fn a_build_touches_nothing_of_sealed_years_but_their_seals() {
    for count in [1, 30] {
        let disk = Traced::new(years(count));
        let sealed: Vec<i16> = (1990..1990 + count).collect();
        for &year in &sealed {
            sites::seal(&disk, year);
        }
        assert!(build(&disk, "out", Options::default()).built);
        disk.inside(&sealed);
        // Another report of the present, another day, and nothing at all.
        disk.disk.put("site/content/yunling/2023/b.md", report("云岭乡2023年预算", "云岭乡", 2023, "正文。"));
        for today in [(2026, 1, 15), (2026, 1, 16), (2026, 1, 16)] {
            assert!(build(&disk, "out", Options { today: Some(today), ..Options::default() }).built);
            assert_eq!(disk.inside(&sealed), BTreeSet::new(), "{count} sealed years");
        }
    }
}

#[test]
fn the_same_bytes_on_any_day_and_any_number_of_cores() {
    let sealed = |today, threads| {
        let disk = site_with_search();
        let options = Options { today: Some(today), threads, ..Options::default() };
        assert!(sites::archive(&disk, 2021, Work::Seal, options).sealed.is_some());
        version(&disk, 2021, 1)
    };
    let first = sealed((2026, 1, 15), 1);
    assert!(first.len() > 15);
    assert_eq!(first, sealed((2031, 12, 31), 7));
}

#[test]
fn everything_that_is_not_sealed_goes_on_naming_the_year() {
    let disk = site_with_search();
    disk.put("site/site.yaml", format!("{SITE}base_url: https://www.example.gov.cn/xxgk/\n"));
    let other = |path: &String| {
        let own = path.contains("/2021/") || path.starts_with("search/") || path.starts_with(".gongkai");
        let about = path.starts_with("archive/") || path == "years/index.html";
        !own && !about && path != "old/2021.html"
    };
    build(&disk, "open", Options::default());
    sites::seal(&disk, 2021);
    build(&disk, "out", Options::default());
    let kept = |out| files(&disk, out).into_iter().filter(|(path, _)| other(path)).collect::<Vec<_>>();
    for ((path, before), (also, now)) in kept("open").into_iter().zip(kept("out")) {
        assert_eq!(path, also);
        // The site map names the pages of the archive, too.
        if !path.ends_with("sitemap.xml") {
            assert!(before == now, "{path}:\n{}\n{}", String::from_utf8_lossy(&before), String::from_utf8_lossy(&now));
        }
    }
    let sitemap = page(&disk, "out", "sitemap.xml");
    for address in ["dingshi/2021/juesuan.html", "years/2021/", "archive/2021.html"] {
        assert!(sitemap.contains(&format!("<loc>https://www.example.gov.cn/xxgk/{address}</loc>")), "{sitemap}");
    }
    assert!(page(&disk, "out", "years/index.html").contains("../archive/index.html"));
    assert!(page(&disk, "out", "archive/index.html").contains("2021.html"));
}

#[test]
fn the_search_finds_what_is_sealed_from_the_site_and_from_the_year() {
    use gongkai::search::instead::instead;
    use gongkai::search::query::Query;
    use gongkai::search::rank::{Asked, search};
    use gongkai::search::reader::Index;
    let disk = site_with_search();
    sites::seal(&disk, 2021);
    // Towns and kinds that come later move the numbers of those that were there.
    disk.put("site/content/anle/2023/a.md", report("安乐镇2023年收支公开", "安乐镇", 2023, "收入 77 万元。"));
    build(&disk, "out", Options::default());
    let asked = |words: &str| Asked {
        query: Query::parse(words),
        year: None,
        town: None,
        kind: None,
        by_date: false,
        skip: 0,
        take: 9,
    };
    let find = |root: &str, words: &str| -> Vec<(String, String)> {
        let fetch = |address: &str| disk.read(&Path::new("out").join(root).join(address)).ok();
        let index = Index::open(&fetch).unwrap();
        let answer = search(&index, &asked(words)).unwrap();
        answer.hits.iter().map(|hit| (hit.address.clone(), index.towns[usize::from(hit.town) - 1].clone())).collect()
    };
    let sealed = ("dingshi/2021/juesuan.html".to_owned(), "丁市镇".to_owned());
    assert_eq!(find("", "收入 120"), std::slice::from_ref(&sealed));
    assert_eq!(find("years/2021", "收入 120"), [sealed]);
    assert_eq!(find("", "收入").len(), 2);

    // What the site's reports share stands in its root, and the sealed text was written without.
    let phrases = |root: &str| {
        let file = page(&disk, "out", &format!("{root}search/root.js"));
        file[file.find("\"phrases\":").unwrap()..].split(',').next().unwrap().to_owned()
    };
    assert_ne!(phrases(""), phrases("years/2021/"));
    let fetch = |address: &str| disk.read(&Path::new("out").join(address)).ok();
    let index = Index::open(&fetch).unwrap();
    let mut texts = Vec::new();
    index
        .each_record(|record| {
            texts.push((record.address, record.text));
            true
        })
        .unwrap();
    assert_eq!(texts.len(), 5);
    for (address, text) in texts.iter().filter(|(address, _)| address.ends_with("jihua.html")) {
        assert!(text.contains("全年办理事项"), "{address}: {text}");
    }
    // Titles of sealed reports are known by their sound.
    assert_eq!(instead(&index, &Query::parse("juesuan")).unwrap().as_deref(), Some("决算"));
}

#[test]
fn every_page_says_that_it_is_sealed_and_leads_nowhere_else_but_home_and_to_the_corrections() {
    let disk = site_with_search();
    sites::seal(&disk, 2021);
    let files = version(&disk, 2021, 1);
    let mut seen = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html") && *path != "old/2021.html") {
        let html = String::from_utf8(bytes.clone()).unwrap();
        assert!(html.contains("<strong>已归档</strong>") && html.contains("<time datetime=\"2022-01-10\">"), "{path}");
        let body_link = "dingshi/2022/jihua.html";
        for href in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let to = resolved(path, href);
            let allowed = ["index.html", "archive/2021.html", body_link];
            assert!(
                href.starts_with('#') || files.contains_key(&to) || allowed.contains(&to.as_str()),
                "{path}: {href}"
            );
        }
        seen += 1;
    }
    assert!(seen >= 6, "{:?}", files.keys());
}

fn resolved(from: &str, href: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in href.split('#').next().unwrap().split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn an_output_that_was_removed_is_made_again_from_the_archive() {
    let disk = site();
    build(&disk, "out", Options::default());
    sites::seal(&disk, 2021);
    let first = build(&disk, "out", Options::default());
    assert!(first.built && first.summary.placed > 10, "{first:?}");
    let whole = files(&disk, "out");
    for path in whole.keys() {
        disk.remove_file(&Path::new("out").join(path)).unwrap();
    }
    let again = build(&disk, "out", Options::default());
    assert_eq!(again.summary.placed, first.summary.placed);
    assert_eq!(files(&disk, "out"), whole);
    for (path, bytes) in version(&disk, 2021, 1) {
        assert_eq!(whole[&path], bytes, "{path}");
    }
}

#[test]
fn killed_while_sealed_years_are_put_into_the_output_the_next_build_mends_it() {
    let whole = site();
    build(&whole, "out", Options::default());
    sites::seal(&whole, 2021);
    let before = whole.writes();
    build(&whole, "out", Options::default());
    let steps = whole.writes() - before;
    for cut in 0..steps {
        let disk = site();
        build(&disk, "out", Options::default());
        sites::seal(&disk, 2021);
        disk.cut_after(Some(cut));
        let _ = sites::try_build(&disk, "out", Options { threads: 1, ..Options::default() });
        disk.cut_after(None);
        assert!(build(&disk, "out", Options::default()).built);
        let (mended, wanted) = (files(&disk, "out"), files(&whole, "out"));
        let left: Vec<_> =
            mended.keys().filter(|path| !wanted.contains_key(*path) && !path.starts_with(".gongkai/seal")).collect();
        assert!(left.is_empty(), "after {cut} of {steps} steps: {left:?}");
        assert!(wanted.iter().all(|(path, bytes)| mended.get(path) == Some(bytes)), "after {cut} of {steps} steps");
    }
}

#[test]
fn killed_while_sealing_nothing_is_sealed_and_the_next_try_is_whole() {
    let whole = site();
    let before = whole.writes();
    sites::seal(&whole, 2021);
    let steps = whole.writes() - before;
    for cut in (0..steps).step_by(3) {
        let disk = site();
        disk.cut_after(Some(cut));
        let clock = gongkai::source::Clock::fixed(jiff::civil::date(2026, 1, 15));
        let site = gongkai::prepare::Site { disk: &disk, folder: Path::new("site"), base_url: None, clock };
        assert!(gongkai::archive::make::make(&site, 2021, Work::Seal, &sites::Quiet).is_err());
        assert!(disk.stat(Path::new("site/archive/seals.jsonl")).unwrap().is_none());
        disk.cut_after(None);
        sites::seal(&disk, 2021);
        assert_eq!(version(&disk, 2021, 1), version(&whole, 2021, 1), "after {cut} of {steps} steps");
    }
}
