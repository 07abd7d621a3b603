//! What a build has seen is believed only where nothing can have changed, on the real disk.

use std::fs;
use std::path::Path;
use std::time::Duration;

use gongkai::build::{Request, build, remembered};
use gongkai::source::{Clock, RealDisk};

use crate::sites::{Quiet, report};

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// One change to a site; its reports lie in the folder that is handed over.
type Change = fn(&Path);

const CHANGES: [(&str, Change); 9] = [
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
