//! The program as it is typed: exit codes, what it says, and a real kill.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::sites;

fn gongkai(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.args(arguments).env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A site on the real disk.
fn site(files: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("site.yaml"), sites::SITE).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let name = folder.path().to_str().unwrap().to_owned();
    (folder, name)
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(all_files(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

#[test]
fn exit_codes() {
    let (_good, good) = site(&[("content/a.md", &sites::report("丁市镇预算", "丁市镇", 2023, "正文。"))]);
    let (_bad, bad) = site(&[("content/a.md", "没有头")]);
    let (_none, none) = site(&[]);
    std::fs::remove_file(Path::new(&none).join("site.yaml")).unwrap();
    assert_eq!(gongkai(&["build", "--site", &good]).status.code(), Some(0));
    assert_eq!(
        gongkai(&["build", "--site", &good, "--strict"]).status.code(),
        Some(1),
        "columns are empty, which is a warning"
    );
    assert_eq!(gongkai(&["build", "--site", &bad]).status.code(), Some(1));
    assert_eq!(gongkai(&["build", "--site", &none]).status.code(), Some(2));
    assert_eq!(gongkai(&["build", "--nonsense"]).status.code(), Some(2));
    assert_eq!(gongkai(&["--help"]).status.code(), Some(0));
}

#[test]
fn check_tells_people_and_programs() {
    let body = "户主张某，身份证号11010519491231002X，加强领导,落实责任。";
    let (_folder, site) = site(&[("content/a.md", &sites::report("丁市镇2023年预算", "丁市镇", 2023, body))]);
    let check = |more: &[&str]| gongkai(&[&["check", "--site", &site], more].concat());
    let said = check(&[]);
    assert_eq!(said.status.code(), Some(1));
    let words = text(&said.stdout);
    assert!(words.contains("错误[GK-P001]") && words.contains("110105********002X"), "{words}");
    assert!(words.contains("其中 2 处可以自动改正"), "{words}");

    let sarif: serde_json::Value = serde_json::from_slice(&check(&["--format", "sarif"]).stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    let found = results.iter().find(|result| result["ruleId"] == "GK-P001").unwrap();
    assert_eq!(found["level"], "error");
    assert_eq!(run["tool"]["driver"]["rules"][found["ruleIndex"].as_u64().unwrap() as usize]["id"], "GK-P001");
    let region = &found["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"], &region["endColumn"]),
        (&7.into(), &10.into(), &28.into())
    );

    let lines = text(&check(&["--format", "github"]).stdout);
    assert!(
        lines.lines().any(|line| line.starts_with("::error file=content/a.md,line=7,col=10,title=GK-P001::")),
        "{lines}"
    );

    assert_eq!(check(&["--fix"]).status.code(), Some(0));
    let mended = std::fs::read_to_string(Path::new(&site).join("content/a.md")).unwrap();
    assert!(mended.contains("110105********002X，加强领导，落实责任。"), "{mended}");
    assert!(text(&check(&["--explain", "gk-p001"]).stdout).starts_with("# GK-P001 居民身份证号码"));
    assert_eq!(check(&["--explain", "GK-Z999"]).status.code(), Some(2));
}

#[test]
fn a_site_weighs_its_rules_itself() {
    let (_folder, site) = site(&[("content/a.md", &sites::report("丁市镇2023年预算", "丁市镇", 2023, "甲,乙。"))]);
    let settings = Path::new(&site).join("site.yaml");
    for (weight, code) in [("off", 0), ("advice", 0), ("warning", 0), ("error", 1)] {
        std::fs::write(&settings, format!("{}rules: {{ GK-W003: {weight} }}\n", sites::SITE)).unwrap();
        let said = gongkai(&["check", "--site", &site]);
        assert_eq!(
            (said.status.code(), text(&said.stdout).contains("GK-W003")),
            (Some(code), weight != "off"),
            "{weight}"
        );
    }
    std::fs::write(&settings, format!("{}rules: {{ GK-W003: loud }}\n", sites::SITE)).unwrap();
    assert!(text(&gongkai(&["check", "--site", &site]).stdout).contains("写 off、advice、warning 或 error"));
}

#[test]
fn says_what_it_did_in_two_languages() {
    let (_folder, name) = site(&[("content/a.md", &sites::report("丁市镇预算", "丁市镇", 2023, "正文。"))]);
    let chinese = text(&gongkai(&["build", "--site", &name]).stdout);
    assert!(chinese.contains("报告 1 份（1 个乡镇，1 个年度）") && chinese.contains("打开：file:///"), "{chinese}");
    let english = text(&gongkai(&["build", "--site", &name, "--lang", "en"]).stdout);
    assert!(english.contains("Built 1 reports (1 towns, 1 years)") && english.contains("Open file:///"), "{english}");
    assert!(text(&gongkai(&["build", "--help"]).stdout).contains("略过有错的报告"));
    assert!(text(&gongkai(&["build", "--help", "--lang=en"]).stdout).contains("Leave faulty reports out"));
    let wrong = text(&gongkai(&["build", "--strickt"]).stderr);
    assert!(wrong.contains("不认识参数 --strickt") && wrong.contains("--strict"), "{wrong}");
}

#[test]
fn json_is_whole() {
    let (_folder, name) = site(&[("content/a.md", "---\ntitle: 甲\ntwon: 丁市镇\n---\n")]);
    let out = gongkai(&["build", "--site", &name, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON and nothing else");
    assert_eq!(json["built"], false);
    assert!(json["errors"].as_u64() >= Some(3), "all faults in one run: {json:#}");
    assert!(
        json["diagnostics"].as_array().unwrap().iter().any(|fault| fault["code"] == "GK-F005" && fault["line"] == 3)
    );
    assert!(out.stderr.is_empty());
}

#[test]
fn warnings_of_one_kind_are_folded() {
    let reports: Vec<(String, String)> = (0..9)
        .map(|n| {
            (
                format!("content/r{n}.md"),
                sites::report("法治政府建设年度报告", "丁市镇", 2023, "文。").replace("2024-01-10", "2023-01-10"),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = reports.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (_folder, name) = site(&files);
    let said = text(&gongkai(&["build", "--site", &name]).stderr);
    assert_eq!(said.matches("警告[GK-D002]: ").count(), 5, "{said}");
    assert!(said.contains("警告[GK-D002]：同类还有 4 处"), "{said}");
}

#[test]
fn a_new_site_builds_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("站 点").to_str().unwrap().to_owned();
    let made = gongkai(&["init", &name, "--with-theme"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let built = gongkai(&["build", "--site", &name, "--strict"]);
    assert!(built.status.success(), "{}", text(&built.stderr));
    assert!(Path::new(&name).join("public/index.html").is_file());
    assert_eq!(gongkai(&["init", &name]).status.code(), Some(2), "nothing is overwritten");

    let new = [
        "new",
        "--site",
        &name,
        "--town",
        "示例镇",
        "--year",
        "2024",
        "--kind",
        "法治政府建设年度报告",
        "--date",
        "2025年1月20日",
    ];
    let made = gongkai(&new);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let report = Path::new(&name).join("content/shili/2024/fazhi.md");
    let written = std::fs::read_to_string(&report).unwrap();
    assert!(written.contains("date: 2025-01-20") && written.contains("## 三、党政主要负责人"), "{written}");
    assert_eq!(gongkai(&new).status.code(), Some(2), "nothing is overwritten");
    std::fs::write(&report, written.replace("draft: true", "draft: false")).unwrap();
    let built = gongkai(&["build", "--site", &name]);
    assert!(built.status.success(), "{}", text(&built.stderr));
    assert!(Path::new(&name).join("public/shili/2024/fazhi.html").is_file());
}

#[test]
fn killed_for_real_it_leaves_whole_files() {
    let reports: Vec<(String, String)> = (0..300)
        .map(|n| {
            (
                format!("content/r{n}.md"),
                sites::report(&format!("丁市镇第{n}号预算"), "丁市镇", 2000 + n % 20, &"正文很长。".repeat(400)),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = reports.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (folder, name) = site(&files);
    let clean = folder.path().join("clean");
    assert!(gongkai(&["build", "--site", &name, "--out", clean.to_str().unwrap()]).status.success());
    let out = folder.path().join("public");
    for wait in [5, 15, 25, 40, 60, 90] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai")).args(["build", "--site", &name]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = child.kill();
        let _ = child.wait();
        for file in all_files(&out).into_iter().filter(|file| !file.to_string_lossy().contains("/.gongkai")) {
            let same = clean.join(file.strip_prefix(&out).unwrap());
            assert_eq!(std::fs::read(&file).unwrap(), std::fs::read(same).unwrap(), "{} is torn", file.display());
        }
    }
    assert!(gongkai(&["build", "--site", &name]).status.success());
    let names = |folder: &Path| {
        all_files(folder).iter().map(|file| file.strip_prefix(folder).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&out), names(&clean), "nothing is left over and nothing is missing");
}

/// Starts a preview on a free port and waits for its address.
fn preview(site: &str) -> std::process::Child {
    use std::io::{BufRead, BufReader};
    let mut command = if cfg!(target_os = "linux") {
        // Tests that run in the background may have been told to ignore Ctrl-C, which a child inherits.
        let mut command = Command::new("env");
        command.args(["--default-signal=INT", env!("CARGO_BIN_EXE_gongkai")]);
        command
    } else {
        Command::new(env!("CARGO_BIN_EXE_gongkai"))
    };
    let command = command.args(["serve", "--site", site, "--port", "0", "--lang", "en"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("Preview: http://127.0.0.1:"), "{line}");
    child
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_preview_at_once() {
    let (_folder, name) = site(&[("content/a.md", &sites::report("丁市镇预算", "丁市镇", 2023, "正文。"))]);
    let mut child = preview(&name);
    // What a terminal sends for Ctrl-C.
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert!(!child.wait().unwrap().success(), "it ends, and by the signal");
}

#[test]
fn a_preview_that_is_killed_leaves_nothing_behind() {
    let (folder, name) = site(&[("content/a.md", &sites::report("丁市镇预算", "丁市镇", 2023, "正文。"))]);
    let before = all_files(folder.path());
    for round in 0..100 {
        // Half of them are killed on the way, at all moments of their start; the others when they are ready.
        let mut child = match round % 2 {
            0 => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
                let command = command.args(["serve", "--site", &name, "--port", "0"]);
                let silent = std::process::Stdio::null;
                let child = command.stdout(silent()).stderr(silent()).spawn().unwrap();
                std::thread::sleep(std::time::Duration::from_millis(round / 2));
                child
            }
            _ => preview(&name),
        };
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // One that is let live takes away what a killed one may have left of its probe.
    let mut child = preview(&name);
    while all_files(folder.path()) != before || folder.path().join(".gongkai").exists() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    let ended = command.args(["check", "--explain", "all"]).stdout(writer).output().unwrap();
    assert_eq!((ended.status.code(), text(&ended.stderr)), (Some(2), String::new()));
}
