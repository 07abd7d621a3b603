//! What became another between two versions of a year: which reports and attachments, and in a report which
//! paragraphs and rows.

use std::collections::BTreeMap;

use similar::{ChangeTag, TextDiff};

use super::edition::Edition;
use crate::error::Result;
use crate::model::sealed::{Change, Line, Seal, SealedReport, What, version_folder};
use crate::prepare::Site;

/// Longer lists of changed lines help nobody: whoever wants more compares the two pages.
const MOST_LINES: usize = 400;

/// The changes from an old version to an edition that lies in the folder of `version`. Only sources count: that a
/// listing is another follows from them.
pub(super) fn changes(site: &Site<'_>, old: &Seal, new: &Edition, version: u32) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    let hashes = |files: &[crate::model::sealed::SealedFile]| -> BTreeMap<String, String> {
        files.iter().map(|file| (file.path.clone(), file.sha256.clone())).collect()
    };
    let (was, now) = (hashes(&old.sources), hashes(&new.sources));
    let (from, to) = (version_folder(old.year, old.version), version_folder(old.year, version));
    let lines_of = |folder: &str, report: &SealedReport| -> Result<Vec<String>> {
        let bytes = site.disk.read(&site.folder.join(folder).join(&report.address))?;
        Ok(lines(&String::from_utf8_lossy(&bytes)))
    };
    let by_path = |reports: &[SealedReport]| -> BTreeMap<String, SealedReport> {
        reports.iter().map(|report| (report.path.clone(), report.clone())).collect()
    };
    let (before, after) = (by_path(&old.reports), by_path(&new.reports));
    for (path, report) in &before {
        match after.get(path) {
            None => changes.push(change(report, What::Removed, Vec::new())),
            Some(new) if was.get(path) == now.get(path) && new.address == report.address => {}
            Some(new) => {
                let lines = difference(&lines_of(&from, report)?, &lines_of(&to, new)?);
                if new.address == report.address {
                    changes.push(change(new, What::Changed, lines));
                } else {
                    changes.push(change(report, What::Removed, Vec::new()));
                    changes.push(change(new, What::Added, lines));
                }
            }
        }
    }
    let added = after.iter().filter(|(path, _)| !before.contains_key(*path));
    changes.extend(added.map(|(_, report)| change(report, What::Added, Vec::new())));
    let files = |reports: &[SealedReport]| -> BTreeMap<String, String> {
        let files = reports.iter().flat_map(|report| &report.files);
        files.map(|file| (file.path.clone(), file.address.clone())).collect()
    };
    let (old_files, new_files) = (files(&old.reports), files(&new.reports));
    let mut all = old_files.clone();
    all.extend(new_files.clone());
    for (path, address) in all {
        let what = match (old_files.contains_key(&path), new_files.contains_key(&path)) {
            (true, false) => What::Removed,
            (false, true) => What::Added,
            _ if was.get(&path) != now.get(&path) => What::Changed,
            _ => continue,
        };
        let title = path.rsplit('/').next().unwrap_or(&path).to_owned();
        changes.push(Change { address, title, what, lines: Vec::new() });
    }
    changes.sort_by(|a, b| a.address.cmp(&b.address));
    Ok(changes)
}

fn change(report: &SealedReport, what: What, lines: Vec<Line>) -> Change {
    Change { address: report.address.clone(), title: report.title.clone(), what, lines }
}

fn difference(old: &[String], new: &[String]) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&old, &new);
    let lines = diff.iter_all_changes().filter_map(|change| {
        let what = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => What::Removed,
            ChangeTag::Insert => What::Added,
        };
        Some(Line { what, text: change.value().to_owned() })
    });
    lines.take(MOST_LINES).collect()
}

/// The text of a page's main part: a line for each paragraph, heading, list item and row of a table.
fn lines(html: &str) -> Vec<String> {
    let main = html.split_once("<main").map_or(html, |(_, rest)| rest);
    let main = main.split_once("</main").map_or(main, |(main, _)| main);
    let mut lines = vec![String::new()];
    let mut rest = main.split_once('>').map_or(main, |(_, rest)| rest);
    while let Some((text, tag)) = rest.split_once('<') {
        let line = lines.last_mut().expect("there is always a line");
        line.push_str(text);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        rest = after;
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        let ends = tag.starts_with('/');
        match name {
            "td" | "th" | "dt" if ends => line.push_str(" | "),
            "p" | "li" | "tr" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "div" | "dl" | "dd" | "table" | "br"
            | "caption" | "section" | "pre" | "blockquote" => lines.push(String::new()),
            _ => {}
        }
    }
    let line = |line: String| {
        let plain = line.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        let words: Vec<&str> = plain.split_whitespace().collect();
        words.join(" ").trim_end_matches(" |").replace("&amp;", "&")
    };
    lines.into_iter().map(line).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_paragraphs_are_lines() {
        let page = "<body><main id=\"main\"><h1>甲&amp;乙</h1><table><tr><th>项</th><th>数</th></tr><tr><td>收入</td>\
                    <td>1 &lt; 2</td></tr></table><p>正文，\n见<a href=\"x\">附件</a>。</p></main><p>页脚</p></body>";
        assert_eq!(lines(page), ["甲&乙", "项 | 数", "收入 | 1 < 2", "正文， 见附件。"]);
    }

    #[test]
    fn only_what_differs_is_told() {
        let text = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let lines = difference(&text(&["甲", "乙", "丙"]), &text(&["甲", "乙改", "丙"]));
        let told: Vec<_> = lines.iter().map(|line| (line.what, line.text.as_str())).collect();
        assert_eq!(told, [(What::Removed, "乙"), (What::Added, "乙改")]);
    }
}
