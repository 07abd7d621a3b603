//! Sealed years: what a seal is made of, what a build does with it, and that nothing can be changed unseen.

mod amend;
mod builds;
mod mutation;
mod packages;
#[cfg(feature = "net")]
mod published;
mod refusals;
mod reviews;

use std::path::Path;

use gongkai::source::MemoryDisk;

use crate::sites;

/// Its settings, before what a test adds.
pub const SITE: &str = "name: 测试站\ncontact: { host: 测试县人民政府 }\ntowns:\n  - { name: 丁市镇, slug: dingshi }\n  - { name: 云岭乡, slug: yunling }\n";

/// A site with two towns and three years, of which the oldest two can be sealed; its theme is a few bytes.
pub fn site() -> MemoryDisk {
    let plain =
        |title: &str, town: &str, year: i16| sites::report(title, town, year, "## 一、总体情况\n\n全年办理事项。");
    let with_files = format!(
        "---\ntitle: 丁市镇2021年决算\ntown: 丁市镇\nyear: 2021\ndate: 2022-01-10\naliases: [old/2021.html]\nattachments: [jue-suan.csv]\n---\n{}\n",
        "## 一、收支\n\n| 项目 | 万元 |\n| --- | --- |\n| 收入 | 120 |\n\n见[计划](../2022/jihua.md)和![图](tu.png)。"
    );
    let files: [(&str, Vec<u8>); 12] = [
        ("site.yaml", format!("{SITE}search: false\n").into_bytes()),
        ("content/dingshi/2021/juesuan.md", with_files.into_bytes()),
        ("content/dingshi/2021/jue-suan.csv", b"1,2\n".to_vec()),
        ("content/dingshi/2021/tu.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec()),
        ("content/dingshi/2022/jihua.md", plain("丁市镇2022年计划", "丁市镇", 2022).into_bytes()),
        ("content/yunling/2021/jihua.md", plain("云岭乡2021年计划", "云岭乡", 2021).into_bytes()),
        ("content/yunling/2023/jihua.md", plain("云岭乡2023年计划", "云岭乡", 2023).into_bytes()),
        ("themes/default/assets/style.css", b"a{}".to_vec()),
        ("themes/default/assets/site.js", b"0".to_vec()),
        ("themes/default/assets/search.js", b"0".to_vec()),
        ("themes/default/assets/search.css", b"a{}".to_vec()),
        ("themes/default/assets/suggest.js", b"0".to_vec()),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
    sites::disk(&files)
}

/// The same with a search.
pub fn site_with_search() -> MemoryDisk {
    let disk = site();
    disk.put("site/site.yaml", SITE);
    disk
}

/// All files of a version in the archive.
pub fn version(disk: &MemoryDisk, year: i16, version: u32) -> std::collections::BTreeMap<String, Vec<u8>> {
    disk.files_below(&Path::new("site").join(format!("archive/{year}/v{version}")))
}

/// Puts every file of a disk in memory on the real disk.
pub fn on_real_disk(files: &std::collections::BTreeMap<String, Vec<u8>>, folder: &Path) {
    for (path, bytes) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
