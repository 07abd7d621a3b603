//! Opens a source in the user's editor, at the line that is to be mended.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::preview::Preview;
use crate::config::SITE_FILE;
use crate::model::page::Recipe;

/// What a page asks for.
#[derive(Debug, Deserialize)]
pub struct Wish {
    /// The source, relative to the site's folder.
    path: String,
    /// The line; the first where none is named.
    line: Option<u32>,
}

/// Opens the source in `editor`, a command in which `{file}` and `{line}` stand for what they name, or, where there
/// is none, in the program that the system has for such files. False if the path is no source of the site.
pub fn open(preview: &Preview, editor: Option<&str>, wish: &Wish) -> bool {
    if !is_source(preview, &wish.path) {
        return false;
    }
    let file = preview.folder().join(&wish.path);
    match editor.map(|editor| command(editor, &file, wish.line.unwrap_or(1))) {
        Some(words) => start(&words),
        None => open::that_detached(file).is_ok(),
    }
}

/// Only what the pages are made from can be opened: names that are known, so that no path leads elsewhere.
fn is_source(preview: &Preview, path: &str) -> bool {
    let shown = preview.shown();
    let named = shown.faults.iter().filter_map(|fault| fault.place.as_ref()).any(|place| *place.path == *path);
    let of_page = shown.prepared.as_ref().is_some_and(|site| {
        site.catalogue.by_source.contains_key(path)
            || site.pages.iter().any(|page| matches!(&page.recipe, Recipe::File(source) if **source == *path))
    });
    named || of_page || path == SITE_FILE
}

/// The words of the editor's command. They are handed to the program as they are and never to a shell.
fn command(editor: &str, file: &Path, line: u32) -> Vec<String> {
    let (file, line) = (file.to_string_lossy(), line.to_string());
    let fill = |word: &str| word.replace("{file}", &file).replace("{line}", &line);
    let mut words: Vec<String> = editor.split_whitespace().map(fill).collect();
    if !editor.contains("{file}") {
        words.push(file.into_owned());
    }
    words
}

fn start(words: &[String]) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    // Somebody must wait for it, or it stays in the list of processes when it has ended.
    std::thread::spawn(move || child.wait());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_in_file_and_line() {
        let file = Path::new("/a b/c.md");
        assert_eq!(command("code -g {file}:{line}", file, 7), ["code", "-g", "/a b/c.md:7"]);
        assert_eq!(command("gedit", file, 7), ["gedit", "/a b/c.md"]);
    }
}
