//! What cannot be sealed, and what a build says when something of a sealed year is no longer as it was.

use gongkai::archive::make::Work;
use gongkai::build::Outcome;
use gongkai::diagnostic::{Language, show};
use gongkai::source::{Disk, MemoryDisk};

use super::{SITE, site, version};
use crate::sites::{self, Options, build, files, report};

fn refused(disk: &MemoryDisk, year: i16, work: Work<'_>) -> Vec<String> {
    let before = disk.files_below("site".as_ref());
    let made = sites::archive(disk, year, work, Options::default());
    assert!(made.sealed.is_none());
    assert_eq!(disk.files_below("site".as_ref()), before, "nothing was left behind");
    let errors = made.diagnostics.iter().filter(|fault| fault.severity == gongkai::diagnostic::Severity::Error);
    errors.map(|fault| show::one(fault, Language::Chinese, show::Colour::Plain)).collect()
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    let errors = outcome.diagnostics.iter().filter(|fault| fault.severity == gongkai::diagnostic::Severity::Error);
    errors.map(|fault| fault.code.0).collect()
}

#[test]
fn a_year_with_faults_is_not_sealed() {
    let disk = site();
    disk.put("site/content/dingshi/2021/b.md", "没有头\n");
    assert!(refused(&disk, 2021, Work::Seal)[0].contains("GK-F001"));
    assert!(refused(&site(), 2019, Work::Seal)[0].contains("没有报告"));
}

#[test]
fn a_year_that_leans_on_others_is_not_sealed() {
    // A picture that another year needs, too.
    let disk = site();
    disk.put(
        "site/content/yunling/2023/c.md",
        report("云岭乡2023年决算", "云岭乡", 2023, "![图](../../dingshi/2021/tu.png)"),
    );
    let said = refused(&disk, 2021, Work::Seal);
    assert!(said[0].contains("GK-Z004") && said[0].contains("content/yunling/2023/c.md"), "{said:?}");
    // A theme that asks others for a font, or its own script with a question.
    for (path, text) in [
        ("site/themes/default/assets/style.css", "@import url(https://fonts.example.com/x.css);"),
        (
            "site/themes/default/templates/chrome/sealed-header.html",
            "<script src=\"{{ root }}{{ site.script }}?v=1\"></script>",
        ),
    ] {
        let disk = site();
        disk.put(path, text);
        let said = refused(&disk, 2021, Work::Seal);
        assert!(!said.is_empty() && said.iter().all(|said| said.contains("GK-Z004")), "{said:?}");
    }
}

#[test]
fn work_out_of_turn_is_refused_with_what_to_do() {
    let disk = site();
    let amend = Work::Amend { reason: "更正", on: jiff::civil::date(2026, 3, 1) };
    assert!(refused(&disk, 2021, amend)[0].contains("还没有归档"));
    sites::seal(&disk, 2021);
    assert!(refused(&disk, 2021, Work::Seal)[0].contains("gongkai archive amend 2021"));
    assert!(refused(&disk, 2021, amend)[0].contains("无可更正"));
}

#[test]
fn a_changed_source_of_a_sealed_year_is_a_fault_that_says_what_to_do() {
    let disk = site();
    sites::seal(&disk, 2021);
    assert!(build(&disk, "out", Options::default()).built);
    let good = files(&disk, "out");
    let source = "site/content/dingshi/2021/juesuan.md";
    let text = disk.read(source.as_ref()).unwrap();
    let changes: [(&str, &dyn Fn()); 4] = [
        ("GK-Z001", &|| disk.put(source, [text.as_slice(), b"x"].concat())),
        ("GK-Z001", &|| disk.remove_file("site/content/dingshi/2021/jue-suan.csv".as_ref()).unwrap()),
        ("GK-Z002", &|| {
            disk.put("site/content/dingshi/2021/new.md", report("丁市镇2021年预算", "丁市镇", 2021, "正文。"))
        }),
        ("GK-Z005", &|| disk.put("site/site.yaml", SITE.replace("slug: dingshi", "slug: ding"))),
    ];
    for (code, change) in changes {
        let before = disk.files_below("site".as_ref());
        change();
        let outcome = build(&disk, "out", Options::default());
        assert!(!outcome.built && codes(&outcome) == [code], "{code}: {:?}", outcome.diagnostics);
        assert!(outcome.diagnostics.iter().any(|fault| fault.help.is_some()));
        assert_eq!(files(&disk, "out"), good, "the old site was left as it was");
        for (path, bytes) in disk.files_below("site".as_ref()) {
            if !before.contains_key(&path) {
                disk.remove_file(&std::path::Path::new("site").join(path)).unwrap();
            } else if before[&path] != bytes {
                disk.put(std::path::Path::new("site").join(&path), before[&path].clone());
            }
        }
        before.iter().for_each(|(path, bytes)| disk.put(std::path::Path::new("site").join(path), bytes.clone()));
        assert!(build(&disk, "out", Options::default()).built, "{code}");
    }
}

#[test]
fn a_damaged_archive_is_never_put_into_the_site() {
    let disk = site();
    sites::seal(&disk, 2021);
    let whole = disk.files_below("site".as_ref());
    for path in version(&disk, 2021, 1).into_keys() {
        let path = std::path::PathBuf::from(format!("site/archive/2021/v1/{path}"));
        let bytes = disk.read(&path).unwrap();
        disk.put(&path, [bytes.as_slice(), b"x"].concat());
        let outcome = build(&disk, "out", Options::default());
        assert!(!outcome.built && codes(&outcome).contains(&"GK-Z003"), "{path:?}: {:?}", outcome.diagnostics);
        disk.put(&path, bytes);
    }
    let log = "site/archive/seals.jsonl";
    disk.put(log, [whole["archive/seals.jsonl"].as_slice(), b"{}\n"].concat());
    assert_eq!(codes(&build(&disk, "out", Options::default())), ["GK-Z003"]);
    disk.put(log, whole["archive/seals.jsonl"].clone());
    assert!(build(&disk, "out", Options::default()).built);
}

#[test]
fn a_file_of_another_at_a_sealed_address_is_not_replaced() {
    let disk = site();
    sites::seal(&disk, 2021);
    disk.put("out/dingshi/2021/juesuan.html", "of another");
    let outcome = build(&disk, "out", Options::default());
    assert_eq!(codes(&outcome), ["GK-A006"]);
    assert_eq!(files(&disk, "out").len(), 1, "nothing was written");
}
