//! `cargo bench --bench import -- [FOLDER]`: what it costs to read Word files, beside pandoc where it is installed.
//!
//! The files are those of FOLDER, or else files that the tests' own helper makes: reports of some pages with numbered
//! sections, merged tables and notes. Each program gets a process of its own for each file, in turn; both write
//! Markdown to the disk. Files that one of them refuses are left out for both. Another row imports all files in one
//! process, as a clerk would. Three rounds, the programs in turn, medians.
#![allow(clippy::disallowed_methods, reason = "a benchmark works on the real disk")]

#[allow(dead_code, reason = "another benchmark shows the time on the clock too")]
mod measure;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../suite/import/word.rs"]
mod word;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use measure::Cost;

const ROUNDS: usize = 3;
/// Made-up files, where no folder is named.
const FILES: usize = 40;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().map(String::as_str) == Some(measure::AS_PARENT) {
        return measure::as_parent(&arguments[1..]);
    }
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
    let work = tempfile::Builder::new().prefix("gongkai-import-").tempdir_in(parent)?;
    let mut files = match arguments.first() {
        Some(folder) => word_files(Path::new(folder))?,
        None => made_up(work.path())?,
    };
    let has_pandoc = Command::new("pandoc").arg("--version").output().is_ok();
    files.retain(|file| {
        measure::run(work.path(), &gongkai(&[file])).is_ok()
            && (!has_pandoc || measure::run(work.path(), &pandoc(file)).is_ok())
    });
    let all: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let (mut alone, mut together, mut pandocs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(each(work.path(), &files, |file| gongkai(&[file]))?);
        if has_pandoc {
            pandocs.push(each(work.path(), &files, pandoc)?);
        }
        forget(work.path());
        together.push(measure::run(work.path(), &gongkai(&all))?);
    }
    println!("| {} Word files | CPU s | × gongkai | peak MiB |\n| --- | ---: | ---: | ---: |", files.len());
    let ours = median(alone);
    row("gongkai, a process each", ours, ours);
    row("gongkai, one process", median(together), ours);
    if has_pandoc {
        row("pandoc, a process each", median(pandocs), ours);
    }
    Ok(())
}

fn row(name: &str, cost: Cost, ours: Cost) {
    println!("| {name} | {:.2} | {:.1} | {:.0} |", cost.cpu, cost.cpu / ours.cpu, cost.peak);
}

fn gongkai(files: &[&Path]) -> Vec<String> {
    let mut command = vec![env!("CARGO_BIN_EXE_gongkai").to_owned(), "import".to_owned()];
    command.extend(files.iter().map(|file| file.to_string_lossy().into_owned()));
    command.extend(["--to", "out", "--yes", "--overwrite"].map(str::to_owned));
    command
}

fn pandoc(file: &Path) -> Vec<String> {
    let file = file.to_string_lossy();
    ["pandoc", &file, "--to", "gfm", "--extract-media", "media", "--output", "pandoc.md"].map(str::to_owned).into()
}

/// The cost of all files, one process after the other; the peak is the largest.
fn each(work: &Path, files: &[PathBuf], command: impl Fn(&Path) -> Vec<String>) -> io::Result<Cost> {
    forget(work);
    let mut all = Cost { cpu: 0.0, wall: 0.0, peak: 0.0 };
    for file in files {
        let cost = measure::run(work, &command(file))?;
        all.cpu += cost.cpu;
        all.wall += cost.wall;
        all.peak = all.peak.max(cost.peak);
    }
    Ok(all)
}

/// Removes the reports of the last run: one that is there already costs less.
fn forget(work: &Path) {
    let _ = fs::remove_dir_all(work.join("out"));
}

fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    costs[costs.len() / 2]
}

fn word_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.canonicalize()?];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "docx") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn made_up(work: &Path) -> io::Result<Vec<PathBuf>> {
    const NUMBERING: &str = r#"<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>"#;
    (0..FILES)
        .map(|number| {
            let mut text = format!("[jc=center sz=44]青河镇{}年政府信息公开工作年度报告\n", 1990 + number);
            for section in 0..12 {
                text.push_str("[num=1/0]总体情况\n");
                for point in 0..6 {
                    text.push_str(&format!(
                        "（一）主动公开。全年主动公开政府信息{}条，其中{{b:财政信息}}{point}条、社会救助信息26条{{fn:1}}。坚持把法治建设摆在重要位置，统筹推进，加大力度。\n",
                        section * 10 + point
                    ));
                }
                text.push_str("|项目 v|数量 >2|\n|^|本年|上年|\n|新收|9|2|\n|结转|1|0|\n");
            }
            text.push_str("青河镇人民政府\n2024年1月10日\n");
            let path = work.join(format!("{number}.docx"));
            let parts = [("document", text.as_str()), ("numbering", NUMBERING), ("footnotes", "1 依据条例。")];
            fs::write(&path, word::docx(&parts))?;
            Ok(path)
        })
        .collect()
}
