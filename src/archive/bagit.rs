//! Whether a folder is a bag (RFC 8493, and the drafts 0.93 to 0.97 before it): any bag, not only one of ours.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use sha2::Digest;
use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::Text;
use crate::error::Result;
use crate::seal::digest::hex;
use crate::seal::tree::Tree;
use crate::source::EntryKind;
use crate::text;

/// What is wrong with a bag, and what is unwise in it.
#[derive(Debug, Default)]
pub struct Checked {
    /// Why it is no valid bag.
    pub faults: Vec<Text>,
    /// What other programs may stumble over.
    pub warnings: Vec<Text>,
}

/// Looks at a bag.
pub fn check(tree: &dyn Tree) -> Result<Checked> {
    let mut checked = Checked::default();
    let items = tree.list()?.unwrap_or_default();
    let files: BTreeSet<&str> =
        items.iter().filter(|item| item.kind == EntryKind::File).map(|item| item.path.as_str()).collect();
    for item in items.iter().filter(|item| matches!(item.kind, EntryKind::Link | EntryKind::Other)) {
        let path = &item.path;
        checked.faults.push(text!("{path} 不是普通文件", "{path} is no plain file"));
    }
    let Some(declared) = declaration(tree, &mut checked)? else { return Ok(checked) };
    if !items.iter().any(|item| item.path == "data" || item.path.starts_with("data/")) {
        checked.faults.push(text!("没有 data 文件夹", "there is no data folder"));
    }
    let bag = Bag { tree, files, declared };
    let payload = bag.manifests("manifest-", &mut checked)?;
    if payload.is_empty() {
        checked.faults.push(text!("没有清单 manifest-算法.txt", "there is no manifest-ALGORITHM.txt"));
    }
    let tags = bag.manifests("tagmanifest-", &mut checked)?;
    bag.covers(&payload, &mut checked);
    bag.fetch(&mut checked)?;
    bag.oxum(&mut checked)?;
    bag.hashes(payload.iter().chain(&tags), &mut checked)?;
    Ok(checked)
}

/// What bagit.txt declares.
struct Declared {
    version: (u32, u32),
    encoding: &'static encoding_rs::Encoding,
}

impl Declared {
    /// Whether the rules of RFC 8493 hold, which are stricter than those of the drafts.
    fn is_final(&self) -> bool {
        self.version >= (1, 0)
    }
}

fn declaration(tree: &dyn Tree, checked: &mut Checked) -> Result<Option<Declared>> {
    let wrong = || text!("bagit.txt 缺失或格式不对", "bagit.txt is missing or malformed");
    let bytes = tree.read_whole("bagit.txt")?.unwrap_or_default();
    let read = || {
        let text = std::str::from_utf8(&bytes).ok()?;
        let mut lines = text.lines();
        let value = |line: &str, label: &str| -> Option<String> {
            let value = line.strip_prefix(label)?.strip_prefix(": ")?;
            Some(value.trim_end().to_owned())
        };
        let version = value(lines.next()?, "BagIt-Version")?;
        let encoding = value(lines.next()?, "Tag-File-Character-Encoding")?;
        let (major, minor) = version.split_once('.')?;
        let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
        let encoding = encoding_rs::Encoding::for_label(encoding.as_bytes())?;
        lines.next().is_none().then_some(Declared { version: (number(major)?, number(minor)?), encoding })
    };
    let declared = read();
    if declared.is_none() {
        checked.faults.push(wrong());
    }
    Ok(declared)
}

/// A hash that manifests use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().replace('-', "").as_str() {
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            _ => return None,
        })
    }

    fn hash(self, tree: &dyn Tree, path: &str, buffer: &mut Vec<u8>) -> Result<String> {
        fn with<D: Digest>(tree: &dyn Tree, path: &str, buffer: &mut Vec<u8>) -> Result<String> {
            let mut hasher = D::new();
            tree.read(path, buffer, &mut |piece| hasher.update(piece))?;
            Ok(hex(&hasher.finalize()))
        }
        match self {
            Self::Md5 => with::<md5::Md5>(tree, path, buffer),
            Self::Sha1 => with::<sha1::Sha1>(tree, path, buffer),
            Self::Sha224 => with::<sha2::Sha224>(tree, path, buffer),
            Self::Sha256 => with::<sha2::Sha256>(tree, path, buffer),
            Self::Sha384 => with::<sha2::Sha384>(tree, path, buffer),
            Self::Sha512 => with::<sha2::Sha512>(tree, path, buffer),
        }
    }
}

/// One manifest: its name, and the hash of each path as the files are called.
struct Manifest {
    name: String,
    algorithm: Algorithm,
    hashes: BTreeMap<String, String>,
}

struct Bag<'a> {
    tree: &'a dyn Tree,
    files: BTreeSet<&'a str>,
    declared: Declared,
}

impl Bag<'_> {
    /// The text of a tag file.
    fn text(&self, path: &str) -> Result<Option<String>> {
        let bytes = self.tree.read_whole(path)?;
        Ok(bytes.map(|bytes| self.declared.encoding.decode(&bytes).0.into_owned()))
    }

    /// The manifests whose names begin so.
    fn manifests(&self, prefix: &str, checked: &mut Checked) -> Result<Vec<Manifest>> {
        let mut manifests = Vec::new();
        let names =
            self.files.iter().filter_map(|path| Some((*path, path.strip_prefix(prefix)?.strip_suffix(".txt")?)));
        for (name, algorithm) in names.filter(|(path, _)| !path.contains('/')) {
            let Some(algorithm) = Algorithm::named(algorithm) else {
                checked.faults.push(text!("{name} 的算法无法核对", "the algorithm of {name} cannot be checked"));
                continue;
            };
            let text = self.text(name)?.unwrap_or_default();
            let mut manifest = Manifest { name: name.to_owned(), algorithm, hashes: BTreeMap::new() };
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                self.line(line, prefix == "manifest-", &mut manifest, checked);
            }
            manifests.push(manifest);
        }
        Ok(manifests)
    }

    fn line(&self, line: &str, payload: bool, manifest: &mut Manifest, checked: &mut Checked) {
        let name = &manifest.name;
        let Some((hash, path)) = line.split_once([' ', '\t']) else {
            checked.faults.push(text!("{name} 里有一行读不懂：{line}", "a line of {name} cannot be read: {line}"));
            return;
        };
        let mut path = path.trim_start_matches([' ', '\t']);
        if let Some(rest) = path.strip_prefix('*') {
            checked.warnings.push(text!("{name} 是 md5sum 的写法：{path}", "{name} is written as md5sum does: {path}"));
            path = rest;
        }
        if let Some(rest) = path.strip_prefix("./") {
            checked
                .warnings
                .push(text!("{name} 里的路径以 ./ 开头：{path}", "a path in {name} begins with ./: {path}"));
            path = rest;
        }
        let path = self.decoded(path);
        if leads_out(&path) || payload != path.starts_with("data/") {
            checked.faults.push(text!("{name} 里的路径越界：{path}", "a path in {name} leads out: {path}"));
            return;
        }
        let file = match self.files.contains(path.as_str()) {
            true => path.clone(),
            false => match self.files.iter().find(|file| folded(file) == folded(&path)) {
                Some(file) => {
                    checked.warnings.push(text!(
                        "{name} 里的 {path} 与文件名只是大小写或编码形式不同",
                        "{path} in {name} differs from the file's name in case or in the form of its characters"
                    ));
                    (*file).to_owned()
                }
                None => {
                    checked.faults.push(text!("缺少：{path}", "missing: {path}"));
                    return;
                }
            },
        };
        let hash = hash.to_ascii_lowercase();
        match manifest.hashes.insert(file, hash.clone()) {
            None => {}
            Some(before) if before == hash && (!self.declared.is_final() || !self.files.contains(path.as_str())) => {
                checked.warnings.push(text!("{name} 里重复：{path}", "twice in {name}: {path}"));
            }
            Some(_) => checked.faults.push(text!("{name} 里重复：{path}", "twice in {name}: {path}")),
        }
    }

    /// A path as it is meant: line breaks are written with `%`, since the RFC also the sign itself.
    fn decoded(&self, path: &str) -> String {
        let path = path.replace("%0A", "\n").replace("%0a", "\n").replace("%0D", "\r").replace("%0d", "\r");
        if self.declared.is_final() { path.replace("%25", "%") } else { path }
    }

    /// Whether the payload is listed: since the RFC in every manifest, before it in one.
    fn covers(&self, payload: &[Manifest], checked: &mut Checked) {
        for path in self.files.iter().filter(|path| path.starts_with("data/")) {
            let listed = payload.iter().filter(|manifest| manifest.hashes.contains_key(*path)).count();
            let wanted = if self.declared.is_final() { payload.len() } else { payload.len().min(1) };
            if listed < wanted {
                checked.faults.push(text!("清单没有列出：{path}", "not in the manifests: {path}"));
            }
            let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
            if ["thumbs.db", "desktop.ini", ".ds_store"].contains(&name.as_str()) {
                checked.warnings.push(text!("系统文件：{path}", "a file of the system: {path}"));
            }
        }
    }

    /// Files to be fetched must come to lie in the payload, and must have come.
    fn fetch(&self, checked: &mut Checked) -> Result<()> {
        for line in self.text("fetch.txt")?.unwrap_or_default().lines().filter(|line| !line.trim().is_empty()) {
            let path = line.split_once([' ', '\t']).and_then(|(_, rest)| rest.trim_start().split_once([' ', '\t']));
            let path = self.decoded(path.map_or("", |(_, path)| path.trim_start()));
            if leads_out(&path) || !path.starts_with("data/") {
                checked.faults.push(text!("fetch.txt 里的路径越界：{line}", "a path in fetch.txt leads out: {line}"));
            } else if !self.files.contains(path.as_str()) {
                checked.faults.push(text!("还没有取回：{path}", "not fetched yet: {path}"));
            }
        }
        Ok(())
    }

    /// Payload-Oxum in bag-info.txt: bytes and number of the payload's files.
    fn oxum(&self, checked: &mut Checked) -> Result<()> {
        let info = self.text("bag-info.txt")?.unwrap_or_default();
        let named = info.lines().find_map(|line| {
            let (label, value) = line.split_once(':')?;
            label.trim().eq_ignore_ascii_case("Payload-Oxum").then(|| value.trim().to_owned())
        });
        let Some(named) = named else { return Ok(()) };
        let (mut octets, mut streams) = (0u64, 0u64);
        for path in self.files.iter().filter(|path| path.starts_with("data/")) {
            self.tree.read(path, &mut Vec::new(), &mut |piece| octets += piece.len() as u64)?;
            streams += 1;
        }
        let is = format!("{octets}.{streams}");
        if named != is {
            checked
                .faults
                .push(text!("Payload-Oxum 是 {named}，实际为 {is}", "Payload-Oxum is {named}, the payload {is}"));
        }
        Ok(())
    }

    fn hashes<'m>(&self, manifests: impl Iterator<Item = &'m Manifest>, checked: &mut Checked) -> Result<()> {
        let all: Vec<(&Manifest, &String, &String)> = manifests
            .flat_map(|manifest| manifest.hashes.iter().map(move |(path, hash)| (manifest, path, hash)))
            .collect();
        let wrong = all.par_iter().map_init(Vec::new, |buffer, (manifest, path, hash)| {
            let is = manifest.algorithm.hash(self.tree, path, buffer)?;
            let name = &manifest.name;
            Ok((is != **hash).then(|| text!("{path} 与 {name} 不符", "{path} is not what {name} says")))
        });
        checked.faults.extend(wrong.filter_map(Result::transpose).collect::<Result<Vec<Text>>>()?);
        Ok(())
    }
}

/// Whether a path could mean something outside of the bag, on any system.
fn leads_out(path: &str) -> bool {
    path.starts_with(['/', '\\', '~', '%'])
        || path.as_bytes().get(1) == Some(&b':')
        || path.split(['/', '\\']).any(|part| part == "..")
}

/// A path as systems see it that do not tell upper from lower case, or one form of a character from another.
fn folded(path: &str) -> String {
    path.nfc().collect::<String>().to_lowercase()
}
