//! What a build has seen is believed only where nothing can have changed, on the real disk.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use gongkai::build::{Request, build, remembered};
use gongkai::source::{Clock, Disk, RealDisk};

use crate::sites::{Quiet, report};

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// One change to a site; its reports lie in the folder that is handed over.
type Change = fn(&Path);

const CHANGES: [(&str, Change); 12] = [
    ("a file is written in place, as long as before", |content| {
        let path = content.join("甲镇/2023/a.md");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("正文", "改文")).unwrap();
    }),
    ("a file comes", |content| write(&content.join("甲镇/2023/c.md"), &report("丙", "甲镇", 2023, "正文。"))),
    ("a file comes into a new folder", |content| {
        write(&content.join("甲镇/2024/d.md"), &report("丁", "甲镇", 2024, "正文。"));
    }),
    ("a file that is no document comes", |content| write(&content.join("甲镇/2023/表.csv"), "1,2\n")),
    ("a file gets another name", |content| {
        fs::rename(content.join("甲镇/2023/c.md"), content.join("甲镇/2023/e.md")).unwrap();
    }),
    ("a file goes", |content| fs::remove_file(content.join("甲镇/2023/e.md")).unwrap()),
    ("a folder gets another name", |content| {
        fs::rename(content.join("甲镇/2024"), content.join("甲镇/二四")).unwrap();
    }),
    ("a file takes the place of another, with its time", |content| {
        let (path, aside) = (content.join("甲镇/2023/a.md"), content.join("甲镇/2023/b.md"));
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&aside, fs::read_to_string(&path).unwrap().replace("改文", "换文")).unwrap();
        fs::File::options().write(true).open(&aside).unwrap().set_modified(time).unwrap();
        fs::rename(&aside, &path).unwrap();
    }),
    ("a file with a whole second as its time comes", |content| {
        let path = content.join("甲镇/2023/f.md");
        write(&path, &report("己", "甲镇", 2023, "正文。"));
        let time = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }),
    ("a folder comes that is called like a left-over", |content| {
        write(&content.join("乙镇.tmp/g.md"), &report("庚", "乙镇", 2023, "正文。"));
    }),
    ("a file comes into that folder", |content| {
        write(&content.join("乙镇.tmp/h.md"), &report("辛", "乙镇", 2023, "正文。"));
    }),
    ("the settings change", |content| {
        write(&content.with_file_name("site.yaml"), "name: 乙县政府信息公开\nbase_url: https://b.example/\n");
    }),
];

#[test]
fn no_change_goes_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let (site, content) = (folder.path(), folder.path().join("content"));
    write(&site.join("site.yaml"), "name: 甲县政府信息公开\nbase_url: https://a.example/\n");
    write(&content.join("甲镇/2023/a.md"), &report("甲", "甲镇", 2023, "正文。"));
    write(&content.join("乙镇/b.md"), &report("乙", "乙镇", 2023, "正文。"));
    let out = site.join("public");
    let clock = Clock::fixed(jiff::civil::date(2026, 1, 31));
    let request = Request { disk: &RealDisk, site, out: &out, base_url: None, keep_going: false, clock };
    // What was changed a moment ago is not believed yet.
    let settle = || {
        for _ in 0..100 {
            assert!(build(&request, &Quiet).unwrap().built);
            if remembered(&request).unwrap().is_some() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("a site that nobody changes is never believed to be the same");
    };
    settle();
    for (what, change) in CHANGES {
        change(&content);
        assert!(remembered(&request).unwrap().is_none(), "{what}");
        settle();
    }
}

/// Editors and Word make files beside a report and remove them again. Whoever lists the folder in that moment finds the
/// report all the same.
#[test]
fn what_vanishes_takes_nothing_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (year, done) = (folder.path().join("甲镇/2023"), AtomicBool::new(false));
    write(&year.join("a.md"), "正文");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for n in 0..20 {
                    let _ = fs::create_dir(year.join(format!("d{n}")));
                    let _ = fs::write(year.join(format!("~${n}.docx")), "");
                }
                for n in 0..20 {
                    let _ = fs::remove_file(year.join(format!("~${n}.docx")));
                    let _ = fs::remove_dir(year.join(format!("d{n}")));
                }
            }
        });
        for _ in 0..500 {
            let found =
                RealDisk.walk(folder.path()).map(|found| found.iter().any(|entry| entry.path.ends_with("a.md")));
            if !matches!(found, Ok(true)) {
                done.store(true, Ordering::Relaxed);
                panic!("{found:?}");
            }
        }
        done.store(true, Ordering::Relaxed);
    });
}
