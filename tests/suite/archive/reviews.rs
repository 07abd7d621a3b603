//! What the rules say of sealed years: nothing, because nobody can mend them; and of the years around them all the same.

use super::{SITE, site};
use crate::sites::{self, Options, build, report};
use gongkai::diagnostic::Diagnostic;
use gongkai::source::MemoryDisk;

/// Something for every look that the rules take: at words, links to headings, attachments, files that nobody names,
/// and reports that are nearly the same.
fn faulty() -> MemoryDisk {
    let disk = site();
    disk.put("site/site.yaml", format!("{SITE}search: false\ncheck: true\n"));
    let same =
        "全镇办理事项一百二十件，同比增加三成，群众满意，没有发现重大问题，做到件件有着落、事事有回音。\n\n".repeat(20);
    for year in [2021, 2022] {
        let town = "丁市镇";
        let text = report(&format!("{town}{year}年总结"), town, year, &format!("工作的的情况。\n\n{same}"));
        disk.put(format!("site/content/dingshi/{year}/zongjie.md"), text);
        let text = "---\ntitle: 云岭乡Y年名单\ntown: 云岭乡\nyear: Y\ndate: 2024-01-10\nattachments: [ming-dan.docx]\n---\n见[总结](../../dingshi/Y/zongjie.md#meiyou)。\n";
        disk.put(format!("site/content/yunling/{year}/mingdan.md"), text.replace('Y', &year.to_string()));
        disk.put(format!("site/content/yunling/{year}/ming-dan.docx"), "no document");
    }
    disk
}

fn about<'d>(diagnostics: &'d [Diagnostic], folder: &str) -> Vec<&'d Diagnostic> {
    let is_there = |fault: &&Diagnostic| fault.place.as_ref().is_some_and(|place| place.path.contains(folder));
    diagnostics.iter().filter(is_there).collect()
}

#[test]
fn a_sealed_year_is_not_looked_at() {
    let disk = faulty();
    let before = sites::review(&disk);
    let (sealed, open) = (about(&before.diagnostics, "/2021/"), about(&before.diagnostics, "/2022/"));
    let codes =
        |found: &[&Diagnostic]| found.iter().map(|fault| fault.code.0).collect::<std::collections::BTreeSet<_>>();
    for code in ["GK-L001", "GK-L010", "GK-X003"] {
        assert!(codes(&sealed).contains(code) && codes(&open).contains(code), "{code}: {:?}", before.diagnostics);
    }

    sites::seal(&disk, 2021);
    let after = sites::review(&disk);
    assert_eq!(about(&after.diagnostics, "/2021/"), Vec::<&Diagnostic>::new());
    assert!(codes(&about(&after.diagnostics, "/2022/")).is_superset(&["GK-L001", "GK-L010", "GK-X003"].into()));
    assert_eq!(after.documents, before.documents - 4);
    assert!(after.mendings.iter().all(|mending| !mending.path.contains("/2021/")));

    // The build says the same with its own reviewer.
    let built = build(&disk, "out", Options::default());
    assert!(built.built, "{:?}", built.diagnostics);
    assert_eq!(about(&built.diagnostics, "/2021/"), Vec::<&Diagnostic>::new());
    assert!(codes(&about(&built.diagnostics, "/2022/")).contains("GK-X003"));
}
