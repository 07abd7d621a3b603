//! `gongkai init`: a new site that builds at once.

use std::path::Path;

use super::{Ending, failed};
use crate::cli::Init;
use crate::diagnostic::Language;
use crate::error::Result;
use crate::render::theme;
use crate::source::{Disk, RealDisk};

/// What a new site holds, beside the theme in the binary.
const FILES: [(&str, &str); 6] = [
    ("site.yaml", include_str!("../starter/site.yaml")),
    ("content/zhinan.md", include_str!("../starter/zhinan.md")),
    ("content/zhidu.md", include_str!("../starter/zhidu.md")),
    ("content/shili/2024/nianbao.md", include_str!("../starter/nianbao.md")),
    ("content/shili/2024/jigou.md", include_str!("../starter/jigou.md")),
    (".gitignore", "/public/\n/.gongkai/\n"),
];

/// Runs the verb.
pub(super) fn run(asked: &Init, language: Language) -> Ending {
    match make(&RealDisk, &asked.folder, asked.with_theme) {
        Err(error) => failed(&error, language),
        Ok(Made::Occupied(path)) => {
            match language {
                Language::Chinese => eprintln!("错误：{path} 已经存在，没有改动任何文件。请换一个空文件夹。"),
                Language::English => {
                    eprintln!("error: {path} is there already; nothing was changed. Choose an empty folder.")
                }
            }
            Ending::Failed
        }
        Ok(Made::Files(count)) => {
            let folder = asked.folder.display();
            match language {
                Language::Chinese => println!(
                    "已在 {folder} 新建网站（{count} 个文件）。\n下一步：改好 {folder}/site.yaml，然后\n  gongkai build --site {folder} --open"
                ),
                Language::English => println!(
                    "Made a new site in {folder} ({count} files).\nNext: edit {folder}/site.yaml, then\n  gongkai build --site {folder} --open"
                ),
            }
            Ending::Done
        }
    }
}

enum Made {
    Files(usize),
    Occupied(String),
}

fn make(disk: &dyn Disk, folder: &Path, with_theme: bool) -> Result<Made> {
    let mut files: Vec<(String, &[u8])> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes())).collect();
    if with_theme {
        files.extend(theme::embedded().into_iter().map(|(path, bytes)| (format!("themes/default/{path}"), bytes)));
    }
    for (path, _) in &files {
        if disk.stat(&folder.join(path))?.is_some() {
            return Ok(Made::Occupied(folder.join(path).display().to_string()));
        }
    }
    disk.create_folder(folder)?;
    for (path, bytes) in &files {
        disk.write_whole(&folder.join(path), bytes, &folder.join(".gongkai-tmp"))?;
    }
    Ok(Made::Files(files.len()))
}
