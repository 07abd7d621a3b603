//! Packages: the same year gives the same bytes, and nothing in a package can be changed, cut or added unseen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gongkai::archive::bagit;
use gongkai::archive::package::{self, Form};
use gongkai::archive::prove::{Anchors, Finding};
use gongkai::seal::log;
use gongkai::seal::tree::Folder;
use gongkai::source::{Disk, MemoryDisk};
use rayon::prelude::*;

use super::site;
use crate::sites;

fn exported(form: Form, to: &str) -> (MemoryDisk, PathBuf) {
    exported_of(site(), form, to)
}

fn exported_of(disk: MemoryDisk, form: Form, to: &str) -> (MemoryDisk, PathBuf) {
    sites::seal(&disk, 2021);
    let entry = log::read(&disk, Path::new("site")).unwrap().versions(2021).remove(0);
    let path = package::export(&disk, (Path::new("site"), &entry), form, None, Path::new(to)).unwrap();
    (disk, path.expect("a sound year is exported"))
}

fn is_sound(disk: &MemoryDisk, path: &Path) -> bool {
    match package::prove_file(disk, path, &Anchors::default()).unwrap() {
        Ok(found) => !found.is_empty() && found.iter().all(Finding::is_sound),
        Err(_) => false,
    }
}

#[test]
fn the_same_year_gives_the_same_package() {
    for form in [Form::Wacz, Form::Zip, Form::Bag] {
        let (one, path) = exported(form, "one");
        let (other, _) = exported(form, "other");
        assert_eq!(one.files_below(Path::new("one")), other.files_below(Path::new("other")));
        assert!(form == Form::Bag || is_sound(&one, &path), "{path:?}");
    }
}

/// The smallest site that can be sealed: one report, and a theme whose templates say next to nothing, so that a package
/// is small enough to be proven once for each of its bytes.
fn smallest() -> MemoryDisk {
    let disk = site();
    for path in disk.files_below("site/content".as_ref()).into_keys().filter(|path| path != "yunling/2021/jihua.md") {
        disk.remove_file(&Path::new("site/content").join(path)).unwrap();
    }
    let blocks = "{% block meta %}{% endblock %}{% block crumbs %}{% endblock %}{% block main %}{% endblock %}";
    disk.put("site/themes/default/templates/base.html", format!("<title>{{{{ page.title }}}}</title>{blocks}\n"));
    for template in ["report.html", "year.html", "town-year.html"] {
        disk.put(format!("site/themes/default/templates/{template}"), "<title>{{ page.title }}</title>\n");
    }
    disk
}

/// Changes every 61st byte of a very small package in turn: all of them would take minutes.
#[test]
fn bytes_of_a_package_are_proven() {
    for form in [Form::Zip, Form::Wacz] {
        let (disk, path) = exported_of(smallest(), form, "out");
        let bytes = disk.read(&path).unwrap();
        assert!(bytes.len() < 40_000, "{form:?} has {} bytes: too many to change each", bytes.len());
        assert!(is_sound(&disk, &path));
        let unseen: Vec<usize> = (0..bytes.len())
            .into_par_iter()
            .step_by(61)
            .filter(|&at| {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << (at % 8);
                let disk = MemoryDisk::new();
                disk.put(&path, bytes);
                is_sound(&disk, &path)
            })
            .collect();
        assert_eq!(unseen, Vec::<usize>::new(), "{form:?}, of {} bytes", bytes.len());
    }
}

#[test]
fn a_changed_cut_or_padded_package_is_found() {
    for form in [Form::Zip, Form::Wacz] {
        let (disk, path) = exported(form, "out");
        let bytes = disk.read(&path).unwrap();
        let changed: Vec<Vec<u8>> = vec![
            [b"x", bytes.as_slice()].concat(),
            [bytes.as_slice(), b"x"].concat(),
            bytes[..bytes.len() - 1].to_vec(),
            bytes[..bytes.len() / 2].to_vec(),
            Vec::new(),
        ];
        let unseen = changed.par_iter().enumerate().filter(|(_, bytes)| {
            let disk = MemoryDisk::new();
            disk.put(&path, bytes.as_slice());
            is_sound(&disk, &path)
        });
        assert_eq!(unseen.map(|(number, _)| number).collect::<Vec<_>>(), Vec::<usize>::new(), "{form:?}");
    }
}

#[test]
fn a_bag_is_valid_and_what_is_changed_in_it_is_named() {
    let (disk, path) = exported(Form::Bag, "out");
    let prove = |disk: &MemoryDisk| {
        let (faults, _, found) = package::prove_bag(disk, &path, &Anchors::default()).unwrap();
        faults.is_empty() && found.len() == 1 && found.iter().all(Finding::is_sound)
    };
    assert!(prove(&disk));
    for name in disk.files_below(&path).into_keys() {
        let file = path.join(&name);
        let bytes = disk.read(&file).unwrap();
        disk.put(&file, [bytes.as_slice(), b"x"].concat());
        assert!(!prove(&disk), "{name}");
        disk.remove_file(&file).unwrap();
        assert!(!prove(&disk), "{name} was removed");
        disk.put(&file, bytes);
    }
    for added in ["extra.txt", "data/extra.txt", "data/dingshi/2021/.hidden"] {
        disk.put(path.join(added), "x");
        assert!(!prove(&disk), "{added}");
        disk.remove_file(&path.join(added)).unwrap();
    }
}

/// Files of a bag that are put in, or taken away.
type Changes<'a> = Vec<(&'a str, Option<&'a str>)>;

const MD5: &str = "b1946ac92492d2347c6235b4d2611184";

/// A small bag of somebody else, with some files put in the place of its own.
fn bag(version: &str, changes: &[(&str, Option<&str>)]) -> bagit::Checked {
    let mut files: BTreeMap<String, String> = BTreeMap::from([
        ("bagit.txt".into(), format!("BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n")),
        ("data/hello.txt".into(), "hello\n".into()),
        ("manifest-md5.txt".into(), format!("{MD5}  data/hello.txt\n")),
    ]);
    for (path, text) in changes {
        match text {
            Some(text) => drop(files.insert((*path).to_owned(), (*text).to_owned())),
            None => drop(files.remove(*path)),
        }
    }
    let disk = MemoryDisk::new();
    files.iter().for_each(|(path, text)| disk.put(Path::new("bag").join(path), text.as_bytes()));
    bagit::check(&Folder { disk: &disk, path: Path::new("bag") }).unwrap()
}

#[test]
fn bags_of_others_are_judged_by_the_rules_of_their_version() {
    let twice = format!("{MD5}  data/hello.txt\n{MD5}  data/hello.txt\n");
    let other = format!("{MD5}  data/hello.txt\ndeadbeef{}  data/hello.txt\n", &MD5[8..]);
    let spaced = "BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n";
    let crlf = "BagIt-Version: 0.97\r\nTag-File-Character-Encoding: UTF-8";
    let fetched = "https://example.com/x - data/hello.txt\n";
    let with = |path: &'static str, text: &str| format!("{MD5}  data/hello.txt\n{path}{text}\n");
    let valid: Vec<(&str, Changes<'_>)> = vec![
        ("0.93", vec![]),
        ("0.97", vec![("bagit.txt", Some(crlf))]),
        ("1.0", vec![("bag-info.txt", Some("Payload-Oxum: 6.1\n"))]),
        ("0.97", vec![("fetch.txt", Some(fetched))]),
        ("1.0", vec![("own-notes.txt", Some("x"))]),
    ];
    for (version, changes) in valid {
        let checked = bag(version, &changes);
        assert!(checked.faults.is_empty() && checked.warnings.is_empty(), "{changes:?}: {checked:?}");
    }
    let starred = format!("{MD5} *data/hello.txt\n");
    let dotted = format!("{MD5}  ./data/hello.txt\n");
    let upper = format!("{MD5}  data/HELLO.txt\n");
    for manifest in [&twice, &starred, &dotted, &upper] {
        let checked = bag("0.97", &[("manifest-md5.txt", Some(manifest))]);
        assert!(checked.faults.is_empty() && !checked.warnings.is_empty(), "{manifest}: {checked:?}");
    }
    let (up, home) = (with(MD5, "  ../../etc/passwd"), with(MD5, "  ~/x"));
    let (drive, variable) = (with(MD5, "  C:\\x"), with(MD5, "  %HomeDrive%\\x"));
    let invalid: Vec<(&str, Changes<'_>)> = vec![
        ("1.0", vec![("bagit.txt", Some(spaced))]),
        (".97", vec![]),
        ("0.97", vec![("bagit.txt", None)]),
        ("0.97", vec![("bagit.txt", Some("BagIt-Version: 0.97\n"))]),
        ("0.97", vec![("bagit.txt", Some("\u{feff}BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"))]),
        ("0.97", vec![("manifest-md5.txt", None)]),
        ("0.97", vec![("data/hello.txt", Some("hullo\n"))]),
        ("0.97", vec![("data/hello.txt", None)]),
        ("0.97", vec![("data/extra.txt", Some("x"))]),
        ("0.97", vec![("manifest-md5.txt", Some(&other))]),
        ("1.0", vec![("manifest-md5.txt", Some(&twice))]),
        ("1.0", vec![("manifest-sha256.txt", Some(""))]),
        ("0.97", vec![("manifest-md5.txt", Some(&up))]),
        ("0.97", vec![("manifest-md5.txt", Some(&home))]),
        ("0.97", vec![("manifest-md5.txt", Some(&drive))]),
        ("0.97", vec![("manifest-md5.txt", Some(&variable))]),
        ("0.97", vec![("fetch.txt", Some("https://example.com/x - ../x\n"))]),
        ("0.97", vec![("fetch.txt", Some("https://example.com/x - data/later.txt\n"))]),
        ("1.0", vec![("bag-info.txt", Some("Payload-Oxum: 7.1\n"))]),
        ("0.97", vec![("tagmanifest-md5.txt", Some("00000000000000000000000000000000  bagit.txt\n"))]),
        ("0.97", vec![("tagmanifest-md5.txt", Some("00000000000000000000000000000000  bag-info.txt\n"))]),
    ];
    for (version, changes) in invalid {
        assert!(!bag(version, &changes).faults.is_empty(), "{version} {changes:?}");
    }
}
