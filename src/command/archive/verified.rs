//! `gongkai archive verify`: what was looked at, what is not as it was sealed, and what stands behind the proof.

use std::path::Path;

use serde_json::{Value, json};

use super::stamped;
use crate::archive::package;
use crate::archive::prove::{self, Anchor, Anchors, Finding, Stamp, Witness};
#[cfg(feature = "net")]
use crate::archive::web;
use crate::cli::Verify;
use crate::command::{Ending, failed, say_json};
use crate::diagnostic::{Language, Text};
use crate::seal::log;
use crate::seal::tree::Folder;
use crate::seal::verify::Difference;
use crate::source::{Disk, EntryKind, RealDisk};
use crate::text;

/// A printed code is written out in part, but never in a part that could be met by chance.
const LEAST_DIGITS: usize = 16;

/// Runs the verb.
pub(super) fn run(asked: &Verify, language: Language) -> Ending {
    let printed = match asked.root.as_deref().map(tidy) {
        Some(root) if root.len() < LEAST_DIGITS || !root.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            let said = text!(
                "错误：--root 要写封存码或默克尔根的至少前{LEAST_DIGITS}位（数字和 a 到 f）",
                "error: --root takes at least the first {LEAST_DIGITS} digits of a code or root (0-9, a-f)"
            );
            eprintln!("{}", said.in_language(language));
            return Ending::Failed;
        }
        printed => printed,
    };
    let looked = match look(asked, printed) {
        Ok(Ok(looked)) => looked,
        Ok(Err(said)) => {
            eprintln!("{}", said.in_language(language));
            return Ending::Failed;
        }
        Err(error) => return failed(&error, language),
    };
    let sound = looked.is_sound();
    if asked.json {
        say_json(&as_json(&looked, language));
    } else {
        for warning in &looked.warnings {
            eprintln!("{}", warning.in_language(language));
        }
        looked.faults.iter().for_each(|fault| println!("{}", fault.in_language(language)));
        if looked.is_bag && looked.faults.is_empty() {
            let said = text!("BagIt 包完整有效", "a valid bag");
            println!("{}", said.in_language(language));
        }
        looked.found.iter().for_each(|finding| print!("{}", told(finding, language)));
    }
    if sound { Ending::Done } else { Ending::Faulty }
}

/// Spaces and dashes make long codes readable on paper.
fn tidy(root: &str) -> String {
    root.chars().filter(|ch| !ch.is_whitespace() && *ch != '-').map(|ch| ch.to_ascii_lowercase()).collect()
}

/// What was looked at.
#[derive(Default)]
struct Looked {
    found: Vec<Finding>,
    /// What is wrong with the package as such.
    faults: Vec<Text>,
    warnings: Vec<Text>,
    is_bag: bool,
}

impl Looked {
    fn of(found: Vec<Finding>) -> Self {
        Self { found, ..Self::default() }
    }

    fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.found.iter().all(Finding::is_sound)
    }
}

fn look(asked: &Verify, printed: Option<String>) -> crate::error::Result<Result<Looked, Text>> {
    let disk = &RealDisk;
    let year = asked.what.as_deref().and_then(|what| what.parse::<i16>().ok());
    let given = |path: &Option<std::path::PathBuf>| path.as_deref().map(|path| disk.read(path)).transpose();
    let (token, authorities) = (given(&asked.token)?, given(&asked.tsa_ca)?);
    let anchors = Anchors { log: None, printed, token, authorities };
    if asked.what.is_none() || year.is_some() {
        let found = prove::archive(disk, &asked.site, year.or(asked.year), &anchors)?;
        return Ok(match found.is_empty() {
            false => Ok(Looked::of(found)),
            true => Err(text!(
                "错误：这里没有归档的年度（没有 archive/seals.jsonl，或其中没有这一年）",
                "error: no such year is sealed here (there is no archive/seals.jsonl, or it does not name it)"
            )),
        });
    }
    let what = asked.what.as_deref().unwrap_or_default();
    let path = Path::new(what);
    let log = log::read(disk, &asked.site)?;
    let anchors = Anchors { log: (!log.entries.is_empty()).then_some(log), ..anchors };
    if what.starts_with("http://") || what.starts_with("https://") {
        return published(what, asked.year, &anchors);
    }
    let found = match disk.stat(path)? {
        Some((EntryKind::Folder, _)) if package::is_bag(disk, path)? => {
            let (faults, warnings, found) = package::prove_bag(disk, path, &anchors)?;
            return Ok(Ok(Looked { found, faults, warnings, is_bag: true }));
        }
        Some((EntryKind::File, _)) => match package::prove_file(disk, path, &anchors)? {
            Ok(found) if !found.is_empty() => found,
            Ok(_) => {
                let why = text!(
                    "{what} 里找不到 seal.json：不是移交包，或被截断、改动",
                    "there is no seal.json in {what}: it is no package, or was cut or changed"
                );
                return Ok(Ok(Looked { faults: vec![why], ..Looked::default() }));
            }
            Err(why) => return Ok(Ok(Looked { faults: vec![why], ..Looked::default() })),
        },
        Some((EntryKind::Folder, _)) => {
            let tree = Folder { disk, path };
            prove::tree(&tree, what, asked.year, prove::scope(&tree)?, &anchors)?
        }
        _ => {
            return Ok(Err(text!("错误：没有文件夹或文件 {what}", "error: there is no folder or file {what}")));
        }
    };
    Ok(match found.is_empty() {
        false => Ok(Looked::of(found)),
        true => Err(text!(
            "错误：{what} 里没有归档的年度（找不到 years/年度/seal.json）",
            "error: no sealed year lies in {what} (there is no years/YEAR/seal.json)"
        )),
    })
}

/// A copy on a server.
#[cfg(feature = "net")]
fn published(url: &str, year: Option<i16>, anchors: &Anchors) -> crate::error::Result<Result<Looked, Text>> {
    let found = web::published(url, year, anchors)?;
    Ok(match found.is_empty() {
        false => Ok(Looked::of(found)),
        true => Err(text!(
            "错误：{url} 上找不到 archive/seals.jsonl，不知道归档了哪些年度；请用 --year 指明年度，或用 --site 指明网站文件夹",
            "error: there is no archive/seals.jsonl at {url} to name the sealed years; name one with --year, or the \
             site's folder with --site"
        )),
    })
}

#[cfg(not(feature = "net"))]
fn published(_: &str, _: Option<i16>, _: &Anchors) -> crate::error::Result<Result<Looked, Text>> {
    Ok(Err(text!(
        "错误：这个版本的程序不能访问网络",
        "error: this program was built without the network (feature `net`)"
    )))
}

/// One year in words.
pub(super) fn told(finding: &Finding, language: Language) -> String {
    let Finding { year, place, proof, .. } = finding;
    let version = finding.version.map_or_else(String::new, |version| match language {
        Language::Chinese => format!("第{version}版"),
        Language::English => format!(" version {version}"),
    });
    let (files, size) = (proof.files, proof.bytes.div_ceil(1024));
    let mut lines = vec![match finding.is_sound() {
        true => text!(
            "{year}年度{version}（{place}）：未发现改动，{files} 个文件，{size} KB",
            "{year}{version} ({place}): nothing has changed in {files} files, {size} KB"
        ),
        false => {
            text!("{year}年度{version}（{place}）：与封存时不同", "{year}{version} ({place}): not as it was sealed")
        }
    }];
    lines.extend(proof.differences.iter().map(difference));
    lines.extend(finding.package.iter().cloned());
    if let Some(code) = &proof.code {
        lines.push(text!("  封存码 {code}", "  code {code}"));
    }
    lines.extend(anchors(finding));
    lines.iter().map(|line| format!("{}\n", line.in_language(language))).collect()
}

fn difference(difference: &Difference) -> Text {
    match difference {
        Difference::Changed(path) => text!("  被改动：{path}", "  changed: {path}"),
        Difference::Missing(path) => text!("  缺少：{path}", "  missing: {path}"),
        Difference::Added(path) => text!("  多出：{path}", "  added: {path}"),
        Difference::Renamed(from, to) => text!("  被改名：{from} → {to}", "  renamed: {from} → {to}"),
        Difference::EmptyFolder(path) => text!("  多出空文件夹：{path}", "  added empty folder: {path}"),
        Difference::NotAFile(path) => text!("  不是普通文件（链接等）：{path}", "  not a plain file (a link?): {path}"),
        Difference::Unreadable(path, why) => text!("  取不到：{path}（{why}）", "  cannot be had: {path} ({why})"),
        Difference::BrokenSeal(path) => text!("  封存文件损坏：{path}", "  broken seal: {path}"),
        Difference::NewerSeal(path) => {
            text!("  由更新版本的程序封存，请升级后核验：{path}", "  sealed by a later version of this program: {path}")
        }
        Difference::OtherRoot(path) => {
            text!("  默克尔根与文件不符，封存被重做：{path}", "  the root is not that of the files: {path}")
        }
    }
}

/// What stands behind the proof.
fn anchors(finding: &Finding) -> Vec<Text> {
    let mut lines = Vec::new();
    match finding.log {
        Anchor::Holds => lines.push(text!("  封存记录 seals.jsonl：一致", "  log seals.jsonl: agrees")),
        Anchor::Contradicts => lines.push(text!(
            "  封存记录 seals.jsonl：不一致，封存或记录被重做",
            "  log seals.jsonl: does not agree; the seal or the log was made anew"
        )),
        Anchor::None => {}
    }
    if let Some(line) = finding.log_line {
        lines.push(text!(
            "  封存记录 seals.jsonl 第 {line} 行起被改动",
            "  seals.jsonl was changed from line {line} on"
        ));
    }
    match finding.printed {
        Anchor::Holds => lines.push(text!("  纸面封存码：一致", "  printed code: agrees")),
        Anchor::Contradicts => {
            lines.push(text!(
                "  纸面封存码：不一致，封存被重做",
                "  printed code: does not agree; the seal was made anew"
            ));
        }
        Anchor::None => {}
    }
    match &finding.stamp {
        Stamp::None => {}
        Stamp::Unchecked => lines.push(text!(
            "  时间戳：这个版本的程序不能核对",
            "  time stamp: this program was built without what checks it"
        )),
        Stamp::Holds(witness) => {
            let Text { zh, en } = stamped::told(witness);
            lines.push(text!("  {zh}", "  {en}"));
        }
        Stamp::Broken(Text { zh, en }) => lines.push(text!("  时间戳凭证不成立：{zh}", "  time-stamp token: {en}")),
    }
    if !finding.has_outside_anchor() && finding.is_sound() {
        lines.push(text!(
            "  无外部锚点：重做全部封存不会被发现；请用 --root 对照纸面封存码，或用 --tsa-ca 核对时间戳",
            "  no outside anchor: had everything been sealed anew, this could not be seen; give the printed code with --root, or \
             check a time stamp with --tsa-ca"
        ));
    }
    if !finding.proof.listed {
        lines.push(text!(
            "  无法列出文件夹：看不到多出的文件",
            "  folders cannot be listed: files that were added cannot be seen"
        ));
    }
    lines
}

fn as_json(looked: &Looked, language: Language) -> Value {
    let words = |texts: &[Text]| -> Vec<String> {
        texts.iter().map(|text| text.in_language(language).trim().to_owned()).collect()
    };
    let anchor = |anchor: Anchor| match anchor {
        Anchor::Holds => json!(true),
        Anchor::Contradicts => json!(false),
        Anchor::None => Value::Null,
    };
    let stamp = |stamp: &Stamp| match stamp {
        Stamp::None | Stamp::Unchecked => Value::Null,
        Stamp::Holds(Witness { at, by, trusted }) => json!({ "holds": true, "at": at, "by": by, "trusted": trusted }),
        Stamp::Broken(why) => json!({ "holds": false, "why": why.in_language(language) }),
    };
    let one = |finding: &Finding| {
        let differences = finding.proof.differences.iter().map(prove::as_pair);
        json!({
            "year": finding.year,
            "version": finding.version,
            "place": finding.place,
            "sound": finding.is_sound(),
            "files": finding.proof.files,
            "bytes": finding.proof.bytes,
            "code": finding.proof.code,
            "root": finding.proof.seal.as_ref().map(|seal| &seal.root),
            "listed": finding.proof.listed,
            "package": words(&finding.package),
            "differences": differences.map(|(what, path)| json!({ "what": what, "path": path })).collect::<Vec<_>>(),
            "anchors": {
                "log": anchor(finding.log),
                "log_broken_at": finding.log_line,
                "printed": anchor(finding.printed),
                "time_stamp": stamp(&finding.stamp),
                "outside": finding.has_outside_anchor(),
            },
        })
    };
    let (sound, faults, warnings) = (looked.is_sound(), words(&looked.faults), words(&looked.warnings));
    let years: Vec<Value> = looked.found.iter().map(one).collect();
    json!({ "format": 1, "sound": sound, "faults": faults, "warnings": warnings, "years": years })
}
