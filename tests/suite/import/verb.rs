//! `gongkai import` as people type it, on a real disk.

use std::path::Path;
use std::process::{Command, Output};

use super::word::docx;

const DOCUMENT: &str = "[jc=center sz=44]丁市镇2023年法治政府建设年度报告\n一、主要举措和成效\n2023年，丁市镇坚持依法行政。\n丁市镇人民政府\n2024年1月16日\n";

fn gongkai(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.current_dir(folder).args(arguments).stdin(std::process::Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A site with a Word file beside it.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("site.yaml"), super::SITE).unwrap();
    std::fs::create_dir(folder.path().join("收件")).unwrap();
    let parts = [("document", DOCUMENT), ("core", "<dc:creator>张三</dc:creator>"), ("header", "内部资料")];
    std::fs::write(folder.path().join("收件/报告.docx"), docx(&parts)).unwrap();
    std::fs::write(folder.path().join("收件/~$报告.docx"), "lock").unwrap();
    folder
}

fn files(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = walkdir(folder).iter().map(|path| path.replace('\\', "/")).collect();
    all.sort();
    all
}

fn walkdir(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned()),
            }
        }
    }
    found
}

#[test]
fn a_folder_is_imported_and_builds() {
    let folder = site();
    let root = folder.path();
    let output = gongkai(root, &["import", "收件", "--report", "导入.txt", "--keep-original"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("日期  2024-01-16（落款，第 5 段）"), "{}", said(&output));
    assert_eq!(files(&root.join("content")), ["dingshi/2023/fazhi.md", "dingshi/2023/报告.docx"]);
    let report = std::fs::read_to_string(root.join("content/dingshi/2023/fazhi.md")).unwrap();
    for line in [
        "title: 丁市镇2023年法治政府建设年度报告",
        "town: 丁市镇",
        "year: 2023",
        "date: 2024-01-16",
        "kind: 法治政府建设年度报告",
        "  - \"报告.docx\"",
        "## 一、主要举措和成效",
    ] {
        assert!(report.contains(&format!("\n{line}\n")), "{line}\n{report}");
    }
    let record = std::fs::read_to_string(root.join("导入.txt")).unwrap();
    assert!(record.contains("作者 author: 张三") && record.contains("内部资料"), "{record}");
    let built = gongkai(root, &["build"]);
    assert!(built.status.success(), "{}", said(&built));
    let compared = gongkai(root, &["import", "收件", "--check"]);
    assert!(compared.status.success() && said(&compared).contains("一字不差"), "{}", said(&compared));
}

#[test]
fn a_changed_file_updates_its_report_and_keeps_what_was_written_by_hand() {
    let folder = site();
    let root = folder.path();
    let path = root.join("content/dingshi/2023/fazhi.md");
    assert!(gongkai(root, &["import", "收件/报告.docx"]).status.success());
    let by_hand = std::fs::read_to_string(&path).unwrap().replace("year: 2023", "year: 2023\nsummary: 手写的概述");
    std::fs::write(&path, &by_hand).unwrap();
    assert!(said(&gongkai(root, &["import", "收件"])).contains("没有变化"));

    std::fs::write(
        root.join("收件/报告.docx"),
        docx(&[("document", &DOCUMENT.replace("坚持依法行政", "扎实推进依法行政"))]),
    )
    .unwrap();
    let output = gongkai(root, &["import", "收件"]);
    assert!(said(&output).contains("正文已更新，文件头保留"), "{}", said(&output));
    let updated = std::fs::read_to_string(&path).unwrap();
    assert!(updated.contains("summary: 手写的概述") && updated.contains("扎实推进"), "{updated}");
    assert_eq!(files(&root.join("content")), ["dingshi/2023/fazhi.md"]);

    // A body that was edited by hand is not thrown away.
    std::fs::write(&path, updated.replace("扎实推进", "一字一句")).unwrap();
    let output = gongkai(root, &["import", "收件"]);
    assert!(!output.status.success() && said(&output).contains("手工改过"), "{}", said(&output));
    assert!(std::fs::read_to_string(&path).unwrap().contains("一字一句"));
    let compared = gongkai(root, &["import", "收件", "--check"]);
    assert!(!compared.status.success() && said(&compared).contains("扎实推进依法行政"), "{}", said(&compared));
    assert!(gongkai(root, &["import", "收件", "--overwrite"]).status.success());
    assert!(std::fs::read_to_string(&path).unwrap().contains("扎实推进"));
}

#[test]
fn what_is_doubtful_is_asked_or_left_to_check() {
    let folder = site();
    let root = folder.path();
    std::fs::write(
        root.join("收件/报告.docx"),
        docx(&[("document", "关于做好防汛工作的通知\n各村：\n请做好防汛工作。")]),
    )
    .unwrap();
    let output = gongkai(root, &["import", "收件", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("somebody must confirm: town, year, date"), "{}", said(&output));
    assert!(files(&root.join("content")).is_empty(), "nothing is written before it is known");

    let output = gongkai(root, &["import", "收件", "--yes", "--town", "丁市镇"]);
    assert!(output.status.success() && said(&output).contains("待填  年度、日期"), "{}", said(&output));
    let checked = gongkai(root, &["check"]);
    assert!(said(&checked).contains("GK-F011"), "{}", said(&checked));

    let text =
        "2023年，我镇……\n（一）主动公开。……\n（二）依申请公开。……\n（五）监督保障。……\n青河镇人民政府\n2024年1月10日\n";
    std::fs::write(root.join("年报.txt"), text).unwrap();
    assert!(gongkai(root, &["import", "年报.txt", "--yes"]).status.success());
    let checked = gongkai(root, &["check", "--lang", "en"]);
    assert!(
        said(&checked).contains("GK-X007") && said(&checked).contains("nobody has confirmed it"),
        "{}",
        said(&checked)
    );
}

#[test]
fn a_file_that_is_dropped_onto_the_program_is_imported() {
    let folder = site();
    let root = folder.path();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = root.join("收件/报告.docx");
    // Nobody stands in the site's folder: it is found above the file.
    let output = gongkai(elsewhere.path(), &[file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(files(&root.join("content")), ["dingshi/2023/fazhi.md"]);
    let output = gongkai(elsewhere.path(), &["import", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--site"), "{}", said(&output));
    let output = gongkai(elsewhere.path(), &["import", file.to_str().unwrap(), "--to", "报告"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(files(elsewhere.path()).iter().any(|path| path.ends_with("2023/fazhi.md")));
}

#[test]
#[cfg(unix)]
fn nothing_is_written_through_a_link() {
    let folder = site();
    let root = folder.path();
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.join("content")).unwrap();
    std::os::unix::fs::symlink(outside.path(), root.join("content/dingshi")).unwrap();
    let output = gongkai(root, &["import", "收件"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(files(outside.path()).is_empty());
}

#[test]
fn a_file_of_another_program_says_what_it_needs() {
    let folder = site();
    let root = folder.path();
    std::fs::write(
        root.join("收件/旧.doc"),
        [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 600]].concat(),
    )
    .unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    let output = command.current_dir(root).args(["import", "收件/旧.doc"]).env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("GK-I004") && said(&output).contains("LibreOffice"), "{}", said(&output));
}
