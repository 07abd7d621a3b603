//! What the output promises: whole files, nothing of others touched, the same bytes every time.

use std::collections::BTreeMap;
use std::path::Path;

use gongkai::diagnostic::{Language, show};
use gongkai::source::{Disk, Entry, EntryKind, MemoryDisk, Stamp};
use proptest::prelude::*;

use crate::sites::{self, Options, build, files, report, try_build};

fn two_towns() -> MemoryDisk {
    let first = report("丁市镇2023年法治政府建设情况报告", "丁市镇", 2023, "## 一、举措\n\n正文。");
    let second = report("云岭乡2024年决算", "云岭乡", 2024, "正文，见[附件](a.csv)。");
    sites::disk(&[("content/a.md", first.as_bytes()), ("content/b.md", second.as_bytes()), ("content/a.csv", b"1,2\n")])
}

#[test]
fn second_build_writes_nothing() {
    let disk = two_towns();
    let first = build(&disk, "out", Options::default());
    assert!(first.built && first.summary.written > 20, "{first:?}");
    let writes = disk.writes();
    let second = build(&disk, "out", Options::default());
    assert_eq!((second.summary.written, second.summary.removed), (0, 0));
    assert_eq!(disk.writes(), writes, "a build with nothing changed writes nothing at all");
    assert_eq!(second.diagnostics, first.diagnostics, "warnings are said again");
}

#[test]
fn same_bytes_on_any_day_and_any_number_of_cores() {
    let disk = two_towns();
    build(&disk, "one", Options { threads: 1, ..Options::default() });
    build(&disk, "many", Options { threads: 7, ..Options::default() });
    build(&disk, "later", Options { today: Some((2031, 12, 31)), ..Options::default() });
    assert_eq!(files(&disk, "one"), files(&disk, "many"));
    assert_eq!(files(&disk, "one"), files(&disk, "later"));
}

#[test]
fn files_of_others_are_never_touched() {
    let disk = two_towns();
    disk.put("out/own.html", "of another");
    disk.put("out/ding2shi2zhen/2023/photo.jpg", "of another");
    assert!(build(&disk, "out", Options::default()).built);
    // Everything of ours goes, and nothing else.
    for path in ["site/content/a.md", "site/content/b.md"] {
        disk.remove_file(path.as_ref()).unwrap();
    }
    let outcome = build(&disk, "out", Options::default());
    assert!(outcome.built && outcome.summary.removed > 10, "{outcome:?}");
    let left = files(&disk, "out");
    assert_eq!(left["own.html"], b"of another");
    assert_eq!(left["ding2shi2zhen/2023/photo.jpg"], b"of another");
    assert!(!left.contains_key("ding2shi2zhen/2023/a.html"));
}

#[test]
fn a_file_of_another_in_the_way_stops_the_build() {
    let disk = two_towns();
    disk.put("out/index.html", "of another");
    let outcome = build(&disk, "out", Options { keep_going: true, ..Options::default() });
    assert!(!outcome.built);
    assert_eq!(outcome.diagnostics.last().unwrap().code.0, "GK-A006");
    assert_eq!(files(&disk, "out").len(), 1, "nothing was written");
}

#[test]
fn what_somebody_changed_or_removed_is_made_again() {
    let disk = two_towns();
    build(&disk, "out", Options::default());
    let good = files(&disk, "out");
    disk.put("out/index.html", "hacked");
    disk.remove_file("out/ding2shi2zhen/2023/a.html".as_ref()).unwrap();
    let outcome = build(&disk, "out", Options::default());
    assert_eq!(outcome.summary.written, 2);
    assert_eq!(files(&disk, "out"), good);
}

#[test]
fn a_faulty_report_keeps_its_last_good_page() {
    let disk = two_towns();
    build(&disk, "out", Options::default());
    let before = files(&disk, "out");
    disk.put("site/content/b.md", "---\ntitle: 坏\n");
    assert!(!build(&disk, "out", Options::default()).built);
    assert_eq!(files(&disk, "out"), before, "without --keep-going nothing changes");

    let outcome = build(&disk, "out", Options { keep_going: true, ..Options::default() });
    assert!(outcome.built);
    assert_eq!(outcome.summary.left_out, 1);
    let after = files(&disk, "out");
    assert_eq!(after["yunlingxiang/2024/b.html"], before["yunlingxiang/2024/b.html"]);
    assert_eq!(after["files/a.csv"], before["files/a.csv"]);
    assert!(!sites::page(&disk, "out", "years/index.html").contains("2024"), "no listing names it");
    // And it survives the builds after that, until it is mended.
    build(&disk, "out", Options { keep_going: true, ..Options::default() });
    assert!(files(&disk, "out").contains_key("yunlingxiang/2024/b.html"));
}

#[test]
fn killed_at_any_moment_it_leaves_whole_files_and_the_next_build_mends_the_rest() {
    let changed = report("丁市镇2023年法治政府建设情况报告（修订）", "丁市镇", 2023, "新的正文。");
    let third = report("丁市镇2022年预算", "丁市镇", 2022, "正文。");
    let change = |disk: &MemoryDisk| {
        disk.put("site/content/a.md", changed.as_bytes());
        disk.put("site/content/c.md", third.as_bytes());
        disk.remove_file("site/content/b.md".as_ref()).unwrap();
    };
    let whole = two_towns();
    build(&whole, "out", Options::default());
    let old = files(&whole, "out");
    change(&whole);
    let writes = whole.writes();
    build(&whole, "out", Options::default());
    let new = files(&whole, "out");
    let steps = whole.writes() - writes;
    assert!(steps > 20);

    for cut in 0..steps {
        let disk = two_towns();
        build(&disk, "out", Options::default());
        change(&disk);
        disk.cut_after(Some(cut));
        assert!(try_build(&disk, "out", Options { threads: 1, ..Options::default() }).is_err() || cut >= steps - 2);
        for (path, bytes) in files(&disk, "out") {
            let known = [old.get(&path), new.get(&path)].into_iter().flatten().any(|whole| *whole == bytes);
            let ours = path.starts_with(".gongkai/") || path.contains(".gongkai-tmp-");
            assert!(known || ours, "{path} is torn after {cut} of {steps} steps");
        }
        disk.cut_after(None);
        build(&disk, "out", Options::default());
        let mended = files(&disk, "out");
        let odd: Vec<&String> = mended.keys().filter(|path| !new.contains_key(*path)).collect();
        let gone: Vec<&String> = new.keys().filter(|path| !mended.contains_key(*path)).collect();
        assert!(odd.is_empty() && gone.is_empty(), "after a cut at {cut} of {steps} steps: {odd:?} {gone:?}");
        assert!(mended == new, "after a cut at {cut} of {steps} steps");
    }
}

#[test]
fn a_first_build_is_seen_whole_or_not_at_all() {
    let whole = two_towns();
    build(&whole, "out", Options::default());
    let new = files(&whole, "out");
    let steps = whole.writes();
    assert!(steps > 20);
    for cut in 0..steps {
        let disk = two_towns();
        disk.cut_after(Some(cut));
        let _ = try_build(&disk, "out", Options { threads: 1, ..Options::default() });
        let mut seen = files(&disk, "out");
        seen.remove(".gongkai/unfinished");
        assert!(seen.is_empty() || seen == new, "after a cut at {cut} of {steps} steps");
        disk.cut_after(None);
        build(&disk, "out", Options::default());
        assert!(files(&disk, "out") == new, "after a cut at {cut} of {steps} steps");
        assert!(files(&disk, "out.gongkai-new").is_empty(), "after a cut at {cut} of {steps} steps");
    }
}

#[test]
fn a_folder_of_another_beside_the_output_is_never_touched() {
    let disk = two_towns();
    disk.put("out.gongkai-new/index.html", "of another");
    assert!(build(&disk, "out", Options::default()).built);
    assert_eq!(files(&disk, "out.gongkai-new"), BTreeMap::from([("index.html".to_owned(), b"of another".to_vec())]));
    assert!(files(&disk, "out").contains_key("index.html"));
}

/// A disk on which one report is saved again and again while it is read.
struct Restless(MemoryDisk);

impl Disk for Restless {
    fn read_into(&self, path: &Path, buffer: &mut Vec<u8>) -> gongkai::error::Result<()> {
        self.0.read_into(path, buffer)?;
        if path.ends_with("a.md") {
            self.0.put(path, [buffer.as_slice(), b"x"].concat());
        }
        Ok(())
    }

    fn walk(&self, folder: &Path) -> gongkai::error::Result<Vec<Entry>> {
        self.0.walk(folder)
    }

    fn walk_all(&self, folder: &Path) -> gongkai::error::Result<Vec<Entry>> {
        self.0.walk_all(folder)
    }

    fn stat(&self, path: &Path) -> gongkai::error::Result<Option<(EntryKind, Stamp)>> {
        self.0.stat(path)
    }

    fn write_whole(&self, path: &Path, bytes: &[u8], scratch: &Path) -> gongkai::error::Result<Stamp> {
        self.0.write_whole(path, bytes, scratch)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> gongkai::error::Result<Stamp> {
        self.0.write_new(path, bytes)
    }

    fn rename_folder(&self, from: &Path, to: &Path) -> gongkai::error::Result<()> {
        self.0.rename_folder(from, to)
    }

    fn create_folder(&self, path: &Path) -> gongkai::error::Result<()> {
        self.0.create_folder(path)
    }

    fn remove_file(&self, path: &Path) -> gongkai::error::Result<()> {
        self.0.remove_file(path)
    }

    fn remove_empty_folder(&self, path: &Path) -> gongkai::error::Result<()> {
        self.0.remove_empty_folder(path)
    }
}

#[test]
fn a_report_saved_during_the_build_is_never_published_half_old_half_new() {
    let disk = Restless(two_towns());
    let outcome = sites::build(&disk, "out", Options::default());
    let said = |language| show::one(outcome.diagnostics.last().unwrap(), language, show::Colour::Plain);
    assert!(!outcome.built);
    assert_eq!(
        said(Language::Chinese),
        "错误[GK-A007]: content/a.md 在生成过程中被改动\n--> content/a.md\n = 办法: 再运行一次"
    );
    assert_eq!(
        said(Language::English),
        "error[GK-A007]: content/a.md was changed while the site was being built\n--> content/a.md\n = help: run the build again"
    );
    assert!(files(&disk.0, "out").is_empty());
}

/// One thing that a clerk does between two builds.
#[derive(Debug, Clone)]
enum Edit {
    Write(u8, u8, u8),
    Remove(u8),
    Break(u8),
    Rename,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        4 => (0..6u8, 0..3u8, 0..4u8).prop_map(|(file, town, year)| Edit::Write(file, town, year)),
        2 => (0..6u8).prop_map(Edit::Remove),
        1 => (0..6u8).prop_map(Edit::Break),
        1 => Just(Edit::Rename),
    ];
    proptest::collection::vec(edit, 1..8)
}

fn apply(disk: &MemoryDisk, edit: &Edit) {
    let path = |file: u8| format!("site/content/f{file}.md");
    match edit {
        Edit::Write(file, town, year) => {
            let town = ["丁市镇", "云岭乡", "青河镇"][usize::from(*town)];
            let year = 2020 + i16::from(*year);
            let body = format!("## 一、甲{file}\n\n正文。");
            disk.put(path(*file), report(&format!("{town}{year}年预算"), town, year, &body));
        }
        Edit::Remove(file) => disk.remove_file(path(*file).as_ref()).unwrap(),
        Edit::Break(file) => disk.put(path(*file), "---\ntitle: 坏"),
        Edit::Rename => disk.put("site/site.yaml", "name: 改名站\n"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever was edited between builds, the output is that of a clean build. Faulty reports are mended
    /// before the comparison, because their last good pages are kept on purpose.
    #[test]
    fn incremental_is_clean(rounds in proptest::collection::vec(edits(), 1..4)) {
        let disk = sites::disk(&[]);
        let options = Options { keep_going: true, ..Options::default() };
        for edits in &rounds {
            edits.iter().for_each(|edit| apply(&disk, edit));
            build(&disk, "out", options);
        }
        for file in 0..6 {
            let path = format!("site/content/f{file}.md");
            let broken = disk.files_below("site".as_ref()).get(&path["site/".len()..]).is_some_and(|bytes| bytes.len() < 20);
            if broken {
                disk.remove_file(path.as_ref()).unwrap();
            }
        }
        build(&disk, "out", options);
        build(&disk, "clean", options);
        let all: BTreeMap<_, _> = files(&disk, "out");
        prop_assert_eq!(all, files(&disk, "clean"));
    }
}

#[test]
fn all_stylesheets_together_weigh_less_than_20_kib() {
    let disk = two_towns();
    build(&disk, "out", Options::default());
    let styles = files(&disk, "out").into_iter().filter(|(path, _)| path.ends_with(".css"));
    let weights: BTreeMap<String, usize> = styles.map(|(path, bytes)| (path, bytes.len())).collect();
    assert_eq!(weights.len(), 3, "{weights:?}");
    assert!(weights.values().sum::<usize>() < 20 << 10, "{weights:?}");
}

#[test]
fn a_stylesheet_of_the_site_goes_out_as_it_is() {
    let disk = two_towns();
    let own = "/* ours */\np { margin: 0 }\n";
    disk.put("site/themes/default/assets/style.css", own);
    build(&disk, "out", Options::default());
    assert!(files(&disk, "out").values().any(|bytes| bytes == own.as_bytes()));
}
