//! Whole small sites as text. A case is a file in `tests/cases/sites`:
//!
//! ```text
//! What the case shows, in a sentence.
//! options: keep-going base-url=https://www.example.gov.cn/
//! -- content/a.md --
//! the file's text (`-- content/a.md gbk --`, `utf-16`, `bom`, `crlf`, `hex`, `large`, `link` for
//! other bytes, `zip` for a package whose parts begin with a line `@ name`, `pdf` for a page with these
//! lines; a path in `out/` is there before the build)
//! == zh
//! what is said in Chinese
//! == en
//! what is said in English
//! == files
//! the addresses of the site
//! == main dingshi/2023/a.html
//! what stands in <main> of that page
//! == check zh
//! what `gongkai check` says of the documents (`check en` in English)
//! == fixed content/a.md
//! the file after `gongkai check --fix`
//! ```
//! Cases in `tests/cases/check` are named after a rule: it must speak of `content/bad….md` and be silent of
//! `content/good….md`.
//! Only the expectations that a case names are compared. `UPDATE=1` rewrites them.

use std::path::{Path, PathBuf};

use gongkai::diagnostic::Language;
use gongkai::diagnostic::show::{self, Colour};
use gongkai::source::MemoryDisk;

use crate::sites::{self, Options};

#[test]
fn cases() {
    let wrong: Vec<String> = paths("sites").iter().chain(&paths("check")).filter_map(|path| check(path)).collect();
    assert!(wrong.is_empty(), "{}\nUPDATE=1 cargo test rewrites what is expected", wrong.join("\n"));
}

/// Every rule has a case in which it speaks, and text on which it does not; that of dead links to other hosts, which
/// needs a host, has a test of its own.
#[test]
fn every_rule_speaks_and_is_silent() {
    let paths = paths("check");
    for rule in gongkai::check::RULES.iter().filter(|rule| rule.code.0 != "GK-L009") {
        let code = rule.code.0;
        let name = format!("{code}.txt");
        let path = paths.iter().find(|path| path.ends_with(&name)).unwrap_or_else(|| panic!("{code} has no case"));
        let text = std::fs::read_to_string(path).unwrap();
        let outcome = sites::review(&Case::parse(&text).disk());
        let mut spoken: Vec<&str> = Vec::new();
        for fault in outcome.diagnostics.iter().filter(|fault| fault.code.0 == code) {
            spoken.push(&fault.place.as_ref().unwrap_or_else(|| panic!("{code} speaks of no place")).path);
        }
        assert!(spoken.iter().any(|path| path.starts_with("content/bad")), "{code} does not speak");
        assert!(!spoken.iter().any(|path| path.starts_with("content/good")), "{code} speaks of text that is right");
        assert!(text.contains("-- content/good"), "{code} has no text that is right");
    }
}

fn paths(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "the cases are not where they should be");
    paths
}

/// Builds one case and compares; returns what differs.
fn check(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let case = Case::parse(&text);
    let disk = case.disk();
    let outcome = sites::build(&disk, "out", case.options());
    let mut now = case.input.to_owned();
    let mut differences = Vec::new();
    for (name, expected) in &case.expectations {
        let actual = match name.split_once(' ').unwrap_or((name, "")) {
            ("zh", _) => said(&outcome, Language::Chinese),
            ("en", _) => said(&outcome, Language::English),
            ("files", _) => {
                let files = sites::files(&disk, "out");
                files
                    .keys()
                    .filter(|path| {
                        !path.starts_with("assets/") && !path.starts_with("search/") && !path.starts_with('.')
                    })
                    .map(|path| format!("{path}\n"))
                    .collect()
            }
            ("check", language) => reviewed(&case.disk(), language),
            ("fixed", path) => sites::fixed(&case.disk(), path),
            ("main", address) => main_of(&sites::page(&disk, "out", address)),
            ("page", address) => without_hashes(&sites::page(&disk, "out", address)),
            _ => panic!("{}: nobody knows the expectation `{name}`", path.display()),
        };
        now.push_str(&format!("== {name}\n{}\n", actual.trim_end()));
        if actual.trim_end() != expected.trim_end() {
            differences.push(format!("{} == {name}\n--- expected\n{expected}\n--- is\n{actual}", path.display()));
        }
    }
    assert!(!case.expectations.is_empty(), "{} expects nothing", path.display());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, now).unwrap();
        return None;
    }
    (!differences.is_empty()).then(|| differences.join("\n"))
}

fn said(outcome: &gongkai::build::Outcome, language: Language) -> String {
    let ending = if outcome.built { "built" } else { "not built" };
    format!("{}{ending}", show::all(&outcome.diagnostics, language, Colour::Plain))
}

/// What `check` says of documents; what it says of the site as a whole is another case's.
fn reviewed(disk: &MemoryDisk, language: &str) -> String {
    let mut outcome = sites::review(disk);
    outcome.diagnostics.retain(|fault| fault.place.as_ref().is_some_and(|place| place.path.starts_with("content/")));
    let language = if language == "zh" { Language::Chinese } else { Language::English };
    show::all(&outcome.diagnostics, language, Colour::Plain)
}

/// Addresses of assets without the hash of their bytes, so that a new stylesheet changes no case.
fn without_hashes(page: &str) -> String {
    let mut pieces = page.split("/assets/");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let dot = piece.find('.').expect("an asset has an extension");
        let name = piece[..dot].rsplit_once('-').expect("an asset has a hash").0;
        out.push_str(&format!("/assets/{name}-HASH{}", &piece[dot..]));
    }
    out
}

fn main_of(page: &str) -> String {
    let start = page.find("<main").expect("a page has a main part");
    let end = page.find("</main>").expect("a page has a main part");
    page[start..end]
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect()
}

struct Case<'a> {
    /// Everything before the first expectation.
    input: &'a str,
    expectations: Vec<(&'a str, &'a str)>,
}

impl<'a> Case<'a> {
    fn parse(text: &'a str) -> Self {
        let at = if text.starts_with("== ") { 0 } else { text.find("\n== ").map_or(text.len(), |at| at + 1) };
        let (input, mut rest) = text.split_at(at);
        let mut expectations = Vec::new();
        while let Some(after) = rest.strip_prefix("== ") {
            let (name, body) = after.split_once('\n').unwrap_or((after, ""));
            let end = if body.starts_with("== ") { 0 } else { body.find("\n== ").map_or(body.len(), |at| at + 1) };
            expectations.push((name, &body[..end]));
            rest = &body[end..];
        }
        Self { input, expectations }
    }

    fn options(&self) -> Options<'a> {
        let line = self.input.lines().find_map(|line| line.strip_prefix("options: ")).unwrap_or_default();
        Options {
            base_url: line.split(' ').find_map(|word| word.strip_prefix("base-url=")),
            keep_going: line.split(' ').any(|word| word == "keep-going"),
            ..Options::default()
        }
    }

    fn disk(&self) -> MemoryDisk {
        let disk = sites::disk(&[]);
        let mut rest = self.input;
        // The first line says what the case shows, so that every file begins after a line break.
        while let Some(at) = rest.find("\n-- ") {
            let (head, body) = rest[at + "\n-- ".len()..].split_once('\n').expect("a file has a name");
            let head = head.strip_suffix(" --").expect("a file's line ends with --");
            let end = if body.starts_with("-- ") { 0 } else { body.find("\n-- ").map_or(body.len(), |at| at + 1) };
            let (name, form) = head.split_once(' ').unwrap_or((head, ""));
            let path = if name.starts_with("out/") { PathBuf::from(name) } else { Path::new("site").join(name) };
            if form == "link" {
                disk.put_link(path, body[..end].trim())
            } else {
                disk.put(path, bytes(&body[..end], form))
            }
            // The line break before the next file's line is where the search for it begins.
            let next = rest.len() - body.len() + end;
            rest = &rest[next - 1..];
        }
        disk
    }
}

fn bytes(text: &str, form: &str) -> Vec<u8> {
    match form {
        "" => text.into(),
        "bom" => format!("\u{feff}{text}").into(),
        "crlf" => text.replace('\n', "\r\n").into(),
        "gbk" => encoding_rs::GBK.encode(text).0.into_owned(),
        "utf-16" => [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
        "large" => text.repeat(1 + (8 << 20) / text.len()).into(),
        "tabs" => text.replace("<TAB>", "\t").into(),
        "zip" => zip(text),
        "pdf" => pdf(text),
        "hex" => text.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect(),
        _ => panic!("nobody knows the form `{form}`"),
    }
}

/// A package of parts, each below a line `@ name`.
fn zip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut package = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for part in text.split("@ ").filter(|part| !part.trim().is_empty()) {
        let (name, body) = part.split_once('\n').expect("a part has a name");
        package.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        package.write_all(body.trim_end().as_bytes()).unwrap();
    }
    package.finish().unwrap().into_inner()
}

/// A PDF with one page, whose lines are those of the text; the first is the name of the author.
fn pdf(text: &str) -> Vec<u8> {
    let (author, lines) = text.split_once('\n').expect("a PDF has an author");
    let lines: String = lines.lines().map(|line| format!("({line}) Tj T* ")).collect();
    let content = format!("BT /F1 12 Tf 14 TL 40 700 Td {lines}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        format!("<< /Author ({author}) >>"),
    ];
    let mut bytes = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(bytes.len());
        bytes += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = bytes.len();
    bytes += "xref\n0 7\n0000000000 65535 f \n";
    places.iter().for_each(|place| bytes += &format!("{place:010} 00000 n \n"));
    bytes += &format!("trailer\n<< /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n");
    bytes.into_bytes()
}
