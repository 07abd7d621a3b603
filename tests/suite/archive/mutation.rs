//! Nothing in a sealed year can be changed unseen: every byte in turn, files that come, go, move or become links.

use std::collections::BTreeMap;
use std::path::Path;

use gongkai::archive::prove::{self, Anchor, Anchors};
use gongkai::error::Result;
use gongkai::seal::tree::{Folder, Item, Tree};
use gongkai::seal::verify::{Difference, Proof, Scope, prove};
use gongkai::source::{EntryKind, RealDisk};
use rayon::prelude::*;

use super::{on_real_disk, site, version};
use crate::sites::{self, Options};

/// A sealed year in memory with one byte changed.
struct Flipped<'a> {
    files: &'a BTreeMap<String, Vec<u8>>,
    path: &'a str,
    at: usize,
}

impl Tree for Flipped<'_> {
    fn list(&self) -> Result<Option<Vec<Item>>> {
        Ok(Some(self.files.keys().map(|path| Item { path: path.clone(), kind: EntryKind::File }).collect()))
    }

    fn read(&self, path: &str, _: &mut Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Result<()> {
        let bytes = &self.files[path];
        if path == self.path && self.at < bytes.len() {
            let mut bytes = bytes.clone();
            bytes[self.at] ^= 1 << (self.at % 8);
            take(&bytes);
        } else {
            take(bytes);
        }
        Ok(())
    }
}

fn names(proof: &Proof, path: &str) -> bool {
    proof.differences.iter().any(|difference| match difference {
        Difference::Changed(named) | Difference::BrokenSeal(named) | Difference::OtherRoot(named) => named == path,
        _ => false,
    })
}

#[test]
fn every_byte_of_a_sealed_year_is_proven_and_the_changed_file_is_named() {
    let disk = site();
    sites::seal(&disk, 2021);
    let files = version(&disk, 2021, 1);
    let whole = Flipped { files: &files, path: "", at: 0 };
    assert!(prove(&whole, 2021, Scope::Whole).unwrap().differences.is_empty());
    let places: Vec<(&String, usize)> =
        files.iter().flat_map(|(path, bytes)| (0..bytes.len()).map(move |at| (path, at))).collect();
    assert!(places.len() > 10_000 && files.contains_key("years/2021/seal.json"));
    let unseen: Vec<_> = places
        .par_iter()
        .filter(|(path, at)| {
            let proof = prove(&Flipped { files: &files, path, at: *at }, 2021, Scope::Whole).unwrap();
            !names(&proof, path)
        })
        .collect();
    assert!(unseen.is_empty(), "{} of {} bytes, first {:?}", unseen.len(), places.len(), unseen.first());
}

/// Proves a sealed year on the real disk after something was done to it.
fn after(change: impl Fn(&Path)) -> Vec<Difference> {
    let disk = site();
    sites::seal(&disk, 2021);
    let folder = tempfile::tempdir().unwrap();
    on_real_disk(&version(&disk, 2021, 1), folder.path());
    change(folder.path());
    let tree = Folder { disk: &RealDisk, path: folder.path() };
    prove(&tree, 2021, Scope::Whole).unwrap().differences
}

#[test]
fn files_that_come_go_or_move_are_named() {
    let report = "yunling/2021/jihua.html";
    assert_eq!(after(|_| {}), []);
    let removed = after(|root| std::fs::remove_file(root.join(report)).unwrap());
    assert_eq!(removed, [Difference::Missing(report.to_owned())]);
    let added = after(|root| std::fs::write(root.join("yunling/2021/.hidden"), "x").unwrap());
    assert_eq!(added, [Difference::Added("yunling/2021/.hidden".to_owned())]);
    let other = "yunling/2021/JIHUA.html";
    let case = after(|root| std::fs::rename(root.join(report), root.join(other)).unwrap());
    assert_eq!(case, [Difference::Renamed(report.to_owned(), other.to_owned())]);
    let folder = after(|root| std::fs::create_dir(root.join("yunling/2021/empty")).unwrap());
    assert_eq!(folder, [Difference::EmptyFolder("yunling/2021/empty".to_owned())]);
    for file in ["years/2021/seal.json", "years/2021/manifest-sha256.txt", "years/2021/manifest-sm3.txt"] {
        let gone = after(|root| std::fs::remove_file(root.join(file)).unwrap());
        assert!(gone.contains(&Difference::Missing(file.to_owned())), "{file}: {gone:?}");
    }
    let cut = after(|root| {
        let bytes = std::fs::read(root.join(report)).unwrap();
        std::fs::write(root.join(report), &bytes[..bytes.len() - 1]).unwrap();
    });
    assert_eq!(cut, [Difference::Changed(report.to_owned())]);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_same_bytes_is_no_file() {
    let report = "yunling/2021/jihua.html";
    let found = after(|root| {
        std::fs::rename(root.join(report), root.join("../away.html")).unwrap();
        std::os::unix::fs::symlink(root.join("../away.html"), root.join(report)).unwrap();
        std::fs::remove_file(root.join("../away.html")).ok();
    });
    assert!(found.contains(&Difference::NotAFile(report.to_owned())), "{found:?}");
}

#[test]
fn a_seal_made_anew_is_found_by_the_log_by_a_printed_code_and_by_the_next_seal() {
    let disk = site();
    let first = sites::seal(&disk, 2021).sealed.unwrap().0;
    sites::seal(&disk, 2022);
    let prove = |disk, printed: Option<&str>| {
        let anchors = Anchors { printed: printed.map(str::to_owned), ..Anchors::default() };
        prove::archive(disk, Path::new("site"), Some(2021), &anchors).unwrap()
    };
    let honest = prove(&disk, None);
    assert!(honest[0].is_sound() && !honest[0].has_outside_anchor(), "nothing outside bears witness");
    assert!(prove(&disk, Some(&first.code[..16]))[0].has_outside_anchor());
    assert!(prove(&disk, Some(&first.root))[0].has_outside_anchor());

    // The same site with another figure, sealed anew and in itself without a fault.
    let forged = site();
    let source = Path::new("site/content/dingshi/2021/juesuan.md");
    let text = String::from_utf8(gongkai::source::Disk::read(&forged, source).unwrap()).unwrap();
    forged.put(source, text.replace("120", "999"));
    let second = sites::seal(&forged, 2021).sealed.unwrap().0;
    let alone = prove(&forged, None);
    assert!(alone[0].is_sound() && !alone[0].has_outside_anchor(), "alone it cannot be told from an honest one");
    assert_eq!(prove(&forged, Some(&first.code))[0].printed, Anchor::Contradicts);

    // Into the honest archive with it: the log knows another code.
    for (path, bytes) in version(&forged, 2021, 1) {
        disk.put(format!("site/archive/2021/v1/{path}"), bytes);
    }
    assert_eq!(prove(&disk, None)[0].log, Anchor::Contradicts);
    // With the first line of the log made to fit, the chain breaks at the second.
    let log =
        String::from_utf8(gongkai::source::Disk::read(&disk, Path::new("site/archive/seals.jsonl")).unwrap()).unwrap();
    disk.put("site/archive/seals.jsonl", log.replace(&first.code, &second.code).replace(&first.root, &second.root));
    assert_eq!(prove(&disk, None)[0].log_line, Some(2));
    // With the whole log made to fit, the seal of the next year still names the true one.
    let mut entries = gongkai::seal::log::parse(log.as_bytes()).entries;
    entries[0] = second;
    let bytes = entries.into_iter().fold(Vec::new(), |bytes, entry| gongkai::seal::log::parse(&bytes).with(entry));
    disk.put("site/archive/seals.jsonl", bytes);
    let all = prove::archive(&disk, Path::new("site"), None, &Anchors::default()).unwrap();
    assert!(all.iter().any(|finding| !finding.is_sound()), "{all:?}");
}

#[test]
fn a_year_is_proven_in_the_built_site_among_everything_else() {
    let disk = site();
    sites::seal(&disk, 2021);
    sites::build(&disk, "out", Options::default());
    let out = Path::new("out");
    let proven = || {
        let tree = Folder { disk: &disk, path: out };
        prove::tree(&tree, "out", None, prove::scope(&tree).unwrap(), &Anchors::default()).unwrap()
    };
    let found = proven();
    assert!(found.len() == 1 && found[0].is_sound(), "{found:?}");
    disk.put("out/dingshi/2021/added.html", "x");
    assert_eq!(proven()[0].proof.differences, [Difference::Added("dingshi/2021/added.html".to_owned())]);
}
