//! After whatever series of edits, every page that is served is the one of a clean build.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use gongkai::diagnostic::{Language, Severity};
use gongkai::prepare::Hint;
use gongkai::serve::{Pages, Preview, Teller};
use gongkai::source::{Disk, MemoryDisk};
use proptest::prelude::*;

use super::subject;
use crate::sites::{self, Options, build, files, report};

/// One thing that somebody does between two saves.
#[derive(Debug, Clone)]
enum Edit {
    Write { file: u8, town: u8, year: u8, body: u8 },
    Date { file: u8, day: u8 },
    Remove(u8),
    Break(u8),
    Move { file: u8, to: u8 },
    MoveFolder,
    Attach(u8, u8),
    Detach(u8),
    Site(u8),
    Theme(u8),
    Style(u8),
}

/// How the preview hears of an edit.
#[derive(Debug, Clone, Copy)]
enum Heard {
    Paths,
    Folder,
    Nothing,
}

fn edit() -> impl Strategy<Value = (Edit, Heard)> {
    let edit = prop_oneof![
        6 => (0..6u8, 0..3u8, 0..4u8, 0..6u8)
            .prop_map(|(file, town, year, body)| Edit::Write { file, town, year, body }),
        4 => (0..6u8, 1..28u8).prop_map(|(file, day)| Edit::Date { file, day }),
        2 => (0..6u8).prop_map(Edit::Remove),
        2 => (0..6u8).prop_map(Edit::Break),
        2 => (0..6u8, 0..6u8).prop_map(|(file, to)| Edit::Move { file, to }),
        1 => Just(Edit::MoveFolder),
        2 => (0..3u8, 0..3u8).prop_map(|(file, bytes)| Edit::Attach(file, bytes)),
        1 => (0..3u8).prop_map(Edit::Detach),
        1 => (0..5u8).prop_map(Edit::Site),
        1 => (0..4u8).prop_map(Edit::Theme),
        1 => (0..3u8).prop_map(Edit::Style),
    ];
    let heard = prop_oneof![4 => Just(Heard::Paths), 1 => Just(Heard::Folder), 1 => Just(Heard::Nothing)];
    (edit, heard)
}

fn source(file: u8) -> String {
    format!("content/{}/f{file}.md", ["一", "二"][usize::from(file % 2)])
}

/// A report, some with attachments that may not be there, links to each other, and aliases.
fn text(file: u8, town: u8, year: u8, body: u8) -> String {
    let town = ["丁市镇", "云岭乡", "青河镇"][usize::from(town)];
    let year = 2020 + i16::from(year);
    let title = ["", "甲", "乙"][usize::from(body / 2)];
    let body = match body % 4 {
        0 => "## 一、甲\n\n正文。".to_owned(),
        1 => format!("见[附件](../a{}.csv)和[另一份](f{}.md)。", file % 3, (file + 2) % 6),
        2 => "**重点**内容。".to_owned(),
        _ => "".to_owned(),
    };
    report(&format!("{town}{year}年预算（{file}）{title}"), town, year, &body)
}

/// Does it, and gives the paths that a watcher would name.
fn apply(disk: &MemoryDisk, edit: &Edit) -> Vec<String> {
    let full = |path: &str| Path::new("site").join(path);
    let put = |path: String, text: String| {
        disk.put(full(&path), text);
        vec![path]
    };
    let remove = |path: String| {
        disk.remove_file(&full(&path)).unwrap();
        vec![path]
    };
    match edit {
        Edit::Write { file, town, year, body } => put(source(*file), text(*file, *town, *year, *body)),
        Edit::Date { file, day } => match disk.read(&full(&source(*file))) {
            Ok(bytes) => {
                let text = String::from_utf8(bytes).unwrap();
                let dated = |line: &str| match line.starts_with("date: ") {
                    true => format!("date: 2024-02-{day:02}\n"),
                    false => format!("{line}\n"),
                };
                put(source(*file), text.lines().map(dated).collect())
            }
            Err(_) => Vec::new(),
        },
        Edit::Remove(file) => remove(source(*file)),
        Edit::Break(file) => put(source(*file), "---\ntitle: 坏\n".to_owned()),
        Edit::Move { file, to } => match disk.read(&full(&source(*file))) {
            Ok(bytes) => {
                let gone = remove(source(*file));
                [gone, put(source(*to), String::from_utf8(bytes).unwrap())].concat()
            }
            Err(_) => Vec::new(),
        },
        Edit::MoveFolder => {
            for (path, bytes) in disk.files_below(&full("content/一")) {
                disk.remove_file(&full("content/一").join(&path)).unwrap();
                disk.put(full("content/三").join(&path), bytes);
            }
            vec!["content/一".to_owned(), "content/三".to_owned()]
        }
        Edit::Attach(file, bytes) => put(format!("content/a{file}.csv"), "甲,乙\n".repeat(usize::from(*bytes))),
        Edit::Detach(file) => remove(format!("content/a{file}.csv")),
        Edit::Site(which) => put(
            "site.yaml".to_owned(),
            match which {
                0 => sites::SITE.to_owned(),
                1 => "name: 改名站\n".to_owned(),
                2 => "name: 改名站\nlisting: { per_page: 2 }\n".to_owned(),
                3 => format!("{}kinds: [{{ id: yusuan, name: 预算 }}]\n", sites::SITE),
                _ => "name: [坏\n".to_owned(),
            },
        ),
        Edit::Theme(which) => {
            let path = "themes/default/templates/years.html".to_owned();
            match which {
                0 => remove(path),
                1 => put(path, "{% extends \"base.html\" %}{% block main %}<h1>年度</h1>{% endblock %}".to_owned()),
                2 => put(path, "{% if %}".to_owned()),
                _ => put(path, "{{ nothing.of_that_name }}".to_owned()),
            }
        }
        Edit::Style(which) => {
            let path = "themes/default/assets/style.css".to_owned();
            match which {
                0 => remove(path),
                which => put(path, format!("p {{ margin: {which}em }}")),
            }
        }
    }
}

/// Lets nothing stay broken.
fn mend(disk: &MemoryDisk) -> Vec<String> {
    let mut paths = apply(disk, &Edit::Site(0));
    paths.extend(apply(disk, &Edit::Theme(0)));
    for (path, bytes) in disk.files_below(Path::new("site")) {
        if path.ends_with(".md") && bytes.len() < 30 {
            disk.remove_file(&Path::new("site").join(&path)).unwrap();
            paths.push(path);
        }
    }
    for file in 0..3 {
        paths.extend(apply(disk, &Edit::Attach(file, 1)));
    }
    paths
}

/// What a build makes that knows nothing of what was before; nothing where there is an error.
fn clean(disk: &MemoryDisk) -> Option<BTreeMap<String, Vec<u8>>> {
    let other = MemoryDisk::new();
    for (path, bytes) in disk.files_below(Path::new("site")) {
        other.put(Path::new("site").join(path), bytes);
    }
    let outcome = build(&other, "out", Options { threads: 1, ..Options::default() });
    let mut files = files(&other, "out");
    files.retain(|file, _| !file.starts_with(".gongkai/"));
    outcome.built.then_some(files)
}

/// Files of the search are no pages of the plan.
fn is_of_search(file: &str) -> bool {
    file.starts_with("search/")
}

fn served(pages: &Pages) -> BTreeMap<String, Vec<u8>> {
    planned(pages).into_iter().map(|address| (address.clone(), one(pages, &address))).collect()
}

fn planned(pages: &Pages) -> Vec<String> {
    let shown = pages.preview().shown();
    shown.prepared.iter().flat_map(|prepared| prepared.pages.iter()).map(|page| page.address.clone()).collect()
}

fn one(pages: &Pages, file: &str) -> Vec<u8> {
    let (bytes, _) = pages.bytes_of(file).unwrap_or_else(|| panic!("{file} is not served"));
    bytes.expect("it can be made").to_vec()
}

fn errors(preview: &Preview) -> usize {
    preview.shown().faults.iter().filter(|fault| fault.severity == Severity::Error).count()
}

fn check(pages: &Pages, disk: &MemoryDisk) -> Result<bool, TestCaseError> {
    let clean = clean(disk);
    prop_assert_eq!(errors(pages.preview()) == 0, clean.is_some(), "a fault is told exactly where a build has one");
    let Some(clean) = clean else { return Ok(false) };
    let built: Vec<&String> = clean.keys().filter(|file| !is_of_search(file)).collect();
    let planned = planned(pages);
    prop_assert_eq!(planned.iter().collect::<Vec<_>>(), built);
    for (file, bytes) in &clean {
        prop_assert!(one(pages, file) == *bytes, "{} differs", file);
    }
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn what_is_served_is_a_clean_build(edits in proptest::collection::vec(edit(), 1..14)) {
        let disk = Arc::new(sites::disk(&[("content/一/f0.md", text(0, 0, 0, 0).as_bytes())]));
        let preview = Arc::new(Preview::new(subject(disk.clone(), "site")));
        let (sender, _signals) = channel();
        let pages = Pages::new(preview.clone(), Teller::new(sender), Language::Chinese);
        preview.look(Hint::Anything);
        preview.show();
        prop_assert!(check(&pages, &disk)?);
        for (edit, heard) in &edits {
            let paths = apply(&disk, edit);
            let folder = ["content".to_owned()];
            preview.look(match heard {
                Heard::Paths => Hint::These(&paths),
                Heard::Folder => Hint::These(&folder),
                Heard::Nothing => Hint::Anything,
            });
            preview.show();
            check(&pages, &disk)?;
        }
        let paths = mend(&disk);
        preview.look(Hint::These(&paths));
        preview.show();
        // Edits may have left two reports with one address; then a build has errors still, and so has the preview.
        check(&pages, &disk)?;
    }
}

#[test]
fn a_faulty_report_stays_as_it_was_last_good() {
    let disk = Arc::new(sites::disk(&[
        ("content/一/f0.md", text(0, 0, 0, 0).as_bytes()),
        ("content/二/f1.md", text(1, 1, 1, 0).as_bytes()),
    ]));
    let preview = Arc::new(Preview::new(subject(disk.clone(), "site")));
    let (sender, _signals) = channel();
    let pages = Pages::new(preview.clone(), Teller::new(sender), Language::Chinese);
    preview.look(Hint::Anything);
    preview.show();
    let good = served(&pages);
    let paths = apply(&disk, &Edit::Break(0));
    preview.look(Hint::These(&paths));
    preview.show();
    assert_eq!(errors(&preview), 1, "{:?}", preview.shown().faults);
    assert_eq!(served(&pages), good, "neither its page nor a listing has changed");

    // Meanwhile the others go on.
    let paths = apply(&disk, &Edit::Write { file: 1, town: 1, year: 1, body: 2 });
    preview.look(Hint::These(&paths));
    preview.show();
    let now = served(&pages);
    let page = "yunlingxiang/2021/f1.html";
    assert!(good[page] != now[page] && good["ding2shi2zhen/2020/f0.html"] == now["ding2shi2zhen/2020/f0.html"]);

    let paths = apply(&disk, &Edit::Write { file: 0, town: 0, year: 0, body: 2 });
    preview.look(Hint::These(&paths));
    preview.show();
    assert_eq!(errors(&preview), 0);
    let mut clean = clean(&disk).unwrap();
    clean.retain(|file, _| !is_of_search(file));
    assert_eq!(served(&pages), clean);
}
