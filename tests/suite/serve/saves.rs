//! How editors save, step by step, and how the preview hears of it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use gongkai::diagnostic::{Language, Severity};
use gongkai::prepare::Hint;
use gongkai::serve::{self, Eyes, Found, Pages, Preview, Running, SystemEyes, Teller};
use gongkai::source::{Disk, MemoryDisk, RealDisk};

use super::{Double, get, options, subject};
use crate::sites::{self, report};

const FILE: &str = "content/a.md";
const ADDRESS: &str = "ding2shi2zhen/2023/a.html";

fn old() -> String {
    report("丁市镇预算", "丁市镇", 2023, "旧的正文。")
}

fn new() -> String {
    report("丁市镇预算", "丁市镇", 2023, "新的正文。")
}

/// One step of a save.
enum Step {
    /// Puts a file there with these bytes, all at once.
    Write(&'static str, String),
    Remove(&'static str),
    Rename(&'static str, &'static str),
}

use Step::{Remove, Rename, Write};

/// What editors do when they save `content/a.md`, as seen with strace and the like.
fn editors() -> Vec<(&'static str, Vec<Step>)> {
    let half = || {
        let text = new();
        text[..text.len() / 2].chars().take(10).collect::<String>()
    };
    vec![
        ("at once", vec![Write(FILE, new())]),
        ("Notepad: cut to nothing, then written", vec![Write(FILE, String::new()), Write(FILE, new())]),
        (
            "VS Code: cut to nothing, then written in pieces",
            vec![Write(FILE, String::new()), Write(FILE, half()), Write(FILE, new())],
        ),
        (
            "vim: a trial file, the old one set aside, the new one written, the old one removed",
            vec![
                Write("content/.a.md.swp", "b0VIM".to_owned()),
                Write("content/4913", String::new()),
                Remove("content/4913"),
                Rename(FILE, "content/a.md~"),
                Write(FILE, String::new()),
                Write(FILE, new()),
                Remove("content/a.md~"),
                Remove("content/.a.md.swp"),
            ],
        ),
        (
            "WPS and Word: a lock file, a new file beside, the old one away, the new one in its place",
            vec![
                Write("content/~$a.md", "\u{1}".to_owned()),
                Write("content/~WRL0001.tmp", new()),
                Rename(FILE, "content/~WRL0002.tmp"),
                Rename("content/~WRL0001.tmp", FILE),
                Remove("content/~WRL0002.tmp"),
                Remove("content/~$a.md"),
            ],
        ),
        (
            "gedit: a hidden file renamed over the old one",
            vec![Write("content/.goutputstream-X", new()), Rename("content/.goutputstream-X", FILE)],
        ),
        ("saved without a change", vec![Write(FILE, String::new()), Write(FILE, old()), Write(FILE, new())]),
    ]
}

fn step_in_memory(disk: &MemoryDisk, step: &Step) -> Vec<String> {
    let full = |path: &str| Path::new("site").join(path);
    match step {
        Write(path, text) => {
            disk.put(full(path), text.as_str());
            vec![(*path).to_owned()]
        }
        Remove(path) => {
            disk.remove_file(&full(path)).unwrap();
            vec![(*path).to_owned()]
        }
        Rename(from, to) => {
            let bytes = disk.read(&full(from)).unwrap();
            disk.remove_file(&full(from)).unwrap();
            disk.put(full(to), bytes);
            vec![(*from).to_owned(), (*to).to_owned()]
        }
    }
}

/// The preview looks after each single step, as if the editor paused there: what it would show at once is never a
/// fault and never half a page, and there is one new state for one save.
#[test]
fn no_moment_of_a_save_shows_a_fault() {
    for (editor, steps) in editors() {
        let disk = Arc::new(sites::disk(&[(FILE, old().as_bytes())]));
        let preview = Arc::new(Preview::new(subject(disk.clone(), "site")));
        let (sender, _signals) = channel();
        let pages = Pages::new(preview.clone(), Teller::new(sender), Language::Chinese);
        preview.look(Hint::Anything);
        preview.show();
        let page = || String::from_utf8(pages.bytes_of(ADDRESS).unwrap().0.unwrap().to_vec()).unwrap();
        assert!(page().contains("旧的正文。"));
        let mut states = 0;
        let mut unfinished = Vec::new();
        for step in &steps {
            unfinished.extend(step_in_memory(&disk, step));
            match preview.look(Hint::These(&unfinished)) {
                // This is what the loop waits over.
                Found::Worse => continue,
                Found::Nothing => {}
                Found::Better => {
                    preview.show();
                    states += usize::from(page().contains("新的正文。"));
                }
            }
            unfinished.clear();
            let shown = preview.shown();
            assert!(
                !shown.faults.iter().any(|fault| fault.severity == Severity::Error),
                "{editor}: {:?}",
                shown.faults
            );
            assert!(page().contains("旧的正文。") || page().contains("新的正文。"), "{editor}");
        }
        assert!(unfinished.is_empty(), "{editor} ends in doubt");
        assert_eq!(states, 1, "{editor}");
        assert!(page().contains("新的正文。"), "{editor}");
    }
}

/// A template that an editor has cut to nothing is no fault of the theme, and its pages would be empty: the preview
/// waits, as over a fault. One that stays empty is shown so, and once it is, other saves are not held up.
#[test]
fn a_template_cut_to_nothing_is_waited_for() {
    const TEMPLATE: &str = "site/themes/default/templates/report.html";
    let disk = Arc::new(sites::disk(&[(FILE, old().as_bytes())]));
    let preview = Preview::new(subject(disk.clone(), "site"));
    disk.put(TEMPLATE, "<p>旧的模板</p>");
    preview.look(Hint::Anything);
    preview.show();
    disk.put(TEMPLATE, "");
    let hint = [TEMPLATE["site/".len()..].to_owned()];
    assert_eq!(preview.look(Hint::These(&hint)), Found::Worse);
    disk.put(TEMPLATE, "<p>新的模板</p>");
    assert_eq!(preview.look(Hint::These(&hint)), Found::Better);
    preview.show();
    disk.put(TEMPLATE, "");
    assert_eq!(preview.look(Hint::These(&hint)), Found::Worse);
    preview.show();
    disk.put(format!("site/{FILE}"), new().as_str());
    assert_eq!(preview.look(Hint::These(&[FILE.to_owned()])), Found::Better);
}

/// A site on the real disk.
fn real_site() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let site = RealDisk.whole_path(folder.path()).unwrap();
    std::fs::create_dir(site.join("content")).unwrap();
    std::fs::write(site.join("site.yaml"), sites::SITE).unwrap();
    std::fs::write(site.join(FILE), old()).unwrap();
    (folder, site)
}

fn start(site: &Path, eyes: Box<dyn Eyes>) -> (Running, Receiver<u64>) {
    let (sender, shown) = channel();
    let sender = Mutex::new(sender);
    let tell = move |shown: &serve::Shown| sender.lock().unwrap().send(shown.number).unwrap_or_default();
    let running = serve::start(subject(Arc::new(RealDisk), site), eyes, &options(), tell).unwrap();
    shown.recv().unwrap();
    (running, shown)
}

/// Waits until the page says it; the end of the test's patience is the test runner's.
fn until(running: &Running, shown: &Receiver<u64>, words: &str) {
    while !get(running.address, &format!("/{ADDRESS}")).text().contains(words) {
        shown.recv().expect("the preview goes on");
    }
}

fn step_for_real(site: &Path, step: &Step) {
    match step {
        Write(path, text) => std::fs::write(site.join(path), text).unwrap(),
        Remove(path) => std::fs::remove_file(site.join(path)).unwrap(),
        Rename(from, to) => std::fs::rename(site.join(from), site.join(to)).unwrap(),
    }
}

#[test]
fn the_systems_events_bring_every_save() {
    let (_folder, site) = real_site();
    let (running, shown) = start(&site, Box::new(SystemEyes::default()));
    for (_, steps) in editors() {
        std::fs::write(site.join(FILE), old()).unwrap();
        until(&running, &shown, "旧的正文。");
        steps.iter().for_each(|step| step_for_real(&site, step));
        until(&running, &shown, "新的正文。");
    }
    // A folder that comes, whole folders away and back, and a content folder that is made anew.
    std::fs::create_dir_all(site.join("content/b/c")).unwrap();
    std::fs::write(site.join("content/b/c/b.md"), new().replace("预算", "决算")).unwrap();
    let there = |path: &str| get(running.address, path).status == 200;
    while !there("/ding2shi2zhen/2023/b.html") {
        shown.recv().unwrap();
    }
    std::fs::rename(site.join("content"), site.join("away")).unwrap();
    while there("/ding2shi2zhen/2023/b.html") {
        shown.recv().unwrap();
    }
    std::fs::rename(site.join("away"), site.join("content")).unwrap();
    while !there("/ding2shi2zhen/2023/b.html") {
        shown.recv().unwrap();
    }
    std::fs::write(site.join(FILE), old()).unwrap();
    until(&running, &shown, "旧的正文。");
    nothing_is_left(&site);
}

#[test]
fn where_nobody_tells_it_looks_by_itself() {
    let (_folder, site) = real_site();
    let (running, shown) = start(&site, Box::new(Double { deaf: true, ..Double::default() }));
    std::fs::write(site.join(FILE), new()).unwrap();
    until(&running, &shown, "新的正文。");
    std::fs::remove_file(site.join(FILE)).unwrap();
    while get(running.address, &format!("/{ADDRESS}")).status != 404 {
        shown.recv().unwrap();
    }
    nothing_is_left(&site);
}

/// Waits until the probe has taken away what it put there.
fn nothing_is_left(site: &Path) {
    while site.join(".gongkai").exists() {
        std::thread::yield_now();
    }
}

/// Eyes that cannot be opened at all, as when the system has no more watches to give.
struct Blind;

impl Eyes for Blind {
    fn open(&mut self, _: &Path, _: &Teller) -> bool {
        false
    }
}

#[test]
fn where_nothing_can_be_watched_it_looks_by_itself() {
    let (_folder, site) = real_site();
    let (running, shown) = start(&site, Box::new(Blind));
    std::fs::write(site.join(FILE), new()).unwrap();
    until(&running, &shown, "新的正文。");
}

#[test]
fn a_page_that_is_asked_for_before_its_save_was_heard_of_waits_for_it() {
    let (_folder, site) = real_site();
    // These eyes hear the probe and nothing else, so that only the page itself can tell.
    let (running, _shown) = start(&site, Box::new(Double::default()));
    std::fs::write(site.join(FILE), new()).unwrap();
    assert!(get(running.address, &format!("/{ADDRESS}")).text().contains("新的正文。"));
}
