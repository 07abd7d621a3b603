//! What the system is asked for while a site with sealed years is built, as `strace` sees it.

use std::collections::BTreeSet;
use std::path::Path;

use super::{gongkai, must, run};

const NOW: i16 = 2025;

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A site with so many sealed years before the last two, which are open.
fn site(sealed: i16) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let settings = "name: 测试站\ncontact: { host: 测试县人民政府 }\ntowns:\n  - { name: 丁市镇, slug: dingshi }\n";
    write(&folder.path().join("site/site.yaml"), settings);
    for year in NOW - 2 - sealed..NOW {
        report(folder.path(), year, "全年办理事项。");
    }
    for year in NOW - 2 - sealed..NOW - 2 {
        must(&gongkai(&["archive", "seal", &year.to_string(), "--site", "site", "--out", "out"], folder.path()));
    }
    folder
}

fn report(folder: &Path, year: i16, words: &str) {
    let head = format!("---\ntitle: 丁市镇{year}年计划\ntown: 丁市镇\nyear: {year}\ndate: {}-01-10\n---\n", year + 1);
    let path = folder.join(format!("site/content/dingshi/{year}/jihua.md"));
    write(&path, &format!("{head}\n## 一、总体情况\n\n{words}\n"));
}

/// The paths inside of sealed years that any call with a path named while the site was built.
fn touched(folder: &Path, sealed: i16) -> BTreeSet<String> {
    let program = env!("CARGO_BIN_EXE_gongkai");
    let build = [program, "build", "--site", "site", "--out", "out"];
    let trace = [&["-f", "-s", "4096", "-e", "trace=%file,creat", "-o", "trace"][..], &build].concat();
    must(&run(Path::new("strace"), &trace, folder));
    let trace = std::fs::read_to_string(folder.join("trace")).unwrap();
    let quoted = trace.lines().flat_map(|line| line.split('"').skip(1).step_by(2));
    let paths: BTreeSet<String> = quoted.map(str::to_owned).collect();
    assert!(paths.iter().any(|path| path.ends_with("site.yaml")), "strace saw the build: {paths:?}");
    let is_inside = |path: &&String| {
        (NOW - 2 - sealed..NOW - 2).any(|year| {
            path.contains(&format!("archive/{year}/"))
                || path.contains(&format!("out/years/{year}"))
                || path.contains(&format!("out/dingshi/{year}"))
        })
    };
    paths.iter().filter(is_inside).cloned().collect()
}

#[test]
fn a_build_names_nothing_inside_of_a_sealed_year_but_its_seal() {
    for sealed in [1, 30] {
        let folder = site(sealed);
        report(folder.path(), NOW - 1, "另有一件事项。");
        let expected = |year: i16| {
            [format!("out/years/{year}/seal.json"), format!("site/archive/{year}/v1/years/{year}/seal.json")]
        };
        let expected: BTreeSet<String> = (NOW - 2 - sealed..NOW - 2).flat_map(expected).collect();
        assert_eq!(touched(folder.path(), sealed), expected, "{sealed} sealed years");
        // With nothing changed, too.
        assert!(touched(folder.path(), sealed).is_subset(&expected), "{sealed} sealed years");
    }
}
