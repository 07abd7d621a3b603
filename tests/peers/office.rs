//! Files of other programs through a real LibreOffice: a report says the same, whichever program its file was saved by.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[allow(dead_code, reason = "the tests of imports use more of it")]
#[path = "../suite/import/word.rs"]
mod word;

const NUMBERING: &str = r#"<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>"#;
const DOCUMENT: &str = "[jc=center sz=44]丁市镇2023年法治政府建设年度报告\n[num=1/0]主要举措和成效\n2023年，丁市镇坚持{b:依法行政}，公开信息108条{fn:1}。\n[num=1/0]存在的不足\n|项目 v|本年 >2|\n|^|新收|办结|\n|申请|9|8|\n丁市镇人民政府\n2024年1月16日\n";
const NO_OFFICE: &str =
    "LibreOffice (soffice) is not installed, so that nothing of this can be tested: tests/run installs it";

/// Lets LibreOffice save a file in another format beside itself.
fn save_as(format: &str, file: &Path) {
    let folder = file.parent().unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let mut soffice = Command::new("soffice");
    soffice.args(["--headless", &profile, "--convert-to", format, "--outdir"]).arg(folder).arg(file);
    let output = soffice.output().expect(NO_OFFICE);
    assert!(output.status.success(), "{output:?}");
}

/// Imports a file. Whatever LibreOffice needs meanwhile lies in `scratch`.
fn import(file: &Path, to: &Path, scratch: &Path) -> Output {
    let mut gongkai = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    // Away from the site of this repository, whose settings would count.
    gongkai.current_dir(scratch).env("TMPDIR", scratch);
    gongkai.arg("import").arg(file).arg("--to").arg(to).arg("--yes");
    gongkai.output().unwrap()
}

/// The report that a file becomes, without the line that names its source.
fn report(file: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (to, scratch) = (folder.path().join("content"), folder.path().join("scratch"));
    std::fs::create_dir(&scratch).unwrap();
    let output = import(file, &to, &scratch);
    assert!(output.status.success(), "{}: {output:?}", file.display());
    assert_eq!(std::fs::read_dir(&scratch).unwrap().count(), 0, "{} left something behind", file.display());
    let path = to.join("ding-shi-zhen/2023/fazhi.md");
    let text = std::fs::read_to_string(&path).unwrap();
    text.lines().filter(|line| !line.starts_with("# ")).map(|line| format!("{line}\n")).collect()
}

/// A text as Rich Text Format: every character that is not ASCII by its number.
fn rtf(lines: &[&str]) -> String {
    let escaped = |ch: char| match ch.is_ascii() {
        true => ch.to_string(),
        false => format!("\\u{}?", ch as u32 as i16),
    };
    let text: String = lines.iter().map(|line| line.chars().map(escaped).collect::<String>() + "\\par\n").collect();
    format!("{{\\rtf1\\ansi\\uc1 {text}}}")
}

#[test]
fn a_report_says_the_same_whichever_program_saved_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| -> PathBuf { folder.path().join(name) };
    let parts = [("document", DOCUMENT), ("numbering", NUMBERING), ("footnotes", "1 依据《政府信息公开条例》。")];
    std::fs::write(file("a.docx"), word::docx(&parts)).unwrap();
    save_as("doc", &file("a.docx"));
    save_as("odt", &file("a.docx"));
    // WPS writes the old form of Word under a name of its own.
    std::fs::copy(file("a.doc"), file("a.wps")).unwrap();
    let expected = report(&file("a.docx"));
    assert!(expected.contains("\n## 二、存在的不足\n\n| 项目 | 本年 | << |\n"), "{expected}");
    for name in ["a.doc", "a.odt", "a.wps"] {
        assert_eq!(report(&file(name)), expected, "{name}");
    }

    let lines = ["丁市镇2023年法治政府建设年度报告", "一、主要举措和成效", "2023年，丁市镇坚持依法行政。"];
    std::fs::write(file("b.rtf"), rtf(&lines)).unwrap();
    std::fs::write(file("b.txt"), lines.join("\n")).unwrap();
    assert_eq!(report(&file("b.rtf")), report(&file("b.txt")));
}

#[test]
fn what_libreoffice_cannot_open_is_refused() {
    Command::new("soffice").arg("--version").output().expect(NO_OFFICE);
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("坏.doc");
    let bytes = [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 4_000]].concat();
    std::fs::write(&broken, bytes).unwrap();
    let scratch = folder.path().join("scratch");
    std::fs::create_dir(&scratch).unwrap();
    let output = import(&broken, &folder.path().join("content"), &scratch);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("GK-I004"), "{said}");
    assert_eq!(std::fs::read_dir(&scratch).unwrap().count(), 0, "something was left behind");
}
