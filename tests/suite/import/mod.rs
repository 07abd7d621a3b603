//! Imports: cases as data, hostile files, and the verb as people type it.

mod hostile;
mod verb;
pub mod word;

use std::path::Path;
use std::sync::Arc;

use gongkai::config::Config;
use gongkai::diagnostic::Language;
use gongkai::diagnostic::show::{self, Colour};
use gongkai::import::guess::{Confidence, Guess, Guesses};
use gongkai::import::{self, Prepared, Read};

use crate::sites;

/// A site.yaml with two towns.
const SITE: &str = "name: 测试站\ncontact: { host: 测试县人民政府 }\nsearch: false\ntowns:\n  - { name: 丁市镇, slug: dingshi, aliases: [丁市] }\n  - { name: 青河镇, slug: qinghe }\n";

/// What can be known of an import: the one place between these tests and the program.
pub struct Imported {
    pub prepared: Prepared,
    pub body: String,
    pub losses: Vec<(usize, &'static str, String)>,
    /// Whether the report says the same as the file.
    pub same: bool,
    /// Whether the report says the same as the document that was read; what the file holds in places where Word
    /// shows nothing does not count.
    pub kept: bool,
}

/// Imports the bytes of a file; the error is what is said, in Chinese and in English.
pub fn imported(name: &str, bytes: &[u8]) -> Result<Imported, [String; 2]> {
    let path: Arc<str> = "site.yaml".into();
    let config = Config::read(&path, SITE).value.expect("the settings are sound");
    let (stem, extension) = name.rsplit_once('.').expect("a file has an extension");
    let said = |refusal: import::refusal::Refusal| {
        let diagnostic = refusal.diagnostic(&name.into());
        [Language::Chinese, Language::English].map(|language| show::one(&diagnostic, language, Colour::Plain))
    };
    let document = match import::read(bytes, extension).map_err(said)? {
        Read::Document(document) => *document,
        Read::Other(extension) => return Err([extension.to_owned(), extension.to_owned()]),
    };
    let mut prepared = import::prepare(document, &config, stem);
    let title = prepared.guesses.title.as_ref().map(|title| title.value.clone()).unwrap_or_default();
    // Compared first: making the body hands the losses over.
    let (body, losses) = {
        let again = import::prepare(read(bytes, extension), &config, stem).body("report");
        (again.0, again.1)
    };
    let comparison = prepared.compare(bytes, &title, &body).map_err(said)?;
    assert_eq!(prepared.body("report").0, body, "an import gives the same every time");
    let losses =
        losses.sorted().into_iter().map(|loss| (loss.place, kind_name(loss.kind), loss.what.clone())).collect();
    let kept = comparison.missing.is_empty() && comparison.extra.is_empty();
    Ok(Imported { prepared, body, losses, same: comparison.is_same(), kept })
}

fn read(bytes: &[u8], extension: &str) -> import::document::Document {
    match import::read(bytes, extension) {
        Ok(Read::Document(document)) => *document,
        _ => panic!("it was read before"),
    }
}

fn kind_name(kind: import::losses::Kind) -> &'static str {
    Box::leak(kind.name().en.into_boxed_str())
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/import");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 8, "the cases are not where they should be");
    let wrong: Vec<String> = paths.iter().filter_map(|path| check(path)).collect();
    assert!(wrong.is_empty(), "{}\nUPDATE=1 cargo test rewrites what is expected", wrong.join("\n"));
}

/// A case begins with a sentence; `-- document --` and other parts of a Word file follow (or `-- text gbk --`, a plain
/// text), then what is expected: `== body`, `== guesses`, `== losses`, `== refused zh`, `== main`.
fn check(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let at = text.find("\n== ").expect("a case expects something") + 1;
    let (input, expectations) = text.split_at(at);
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for piece in input.split("\n-- ").skip(1) {
        let (head, body) = piece.split_once('\n').unwrap_or((piece, ""));
        parts.push((head.strip_suffix(" --").expect("a part's line ends with --"), body));
    }
    let (name, bytes) = match parts.as_slice() {
        [("text gbk", text)] => ("报告.txt", encoding_rs::GBK.encode(text).0.into_owned()),
        [("text", text)] => ("报告.txt", text.as_bytes().to_vec()),
        parts => ("报告.docx", word::docx(parts)),
    };
    let outcome = imported(name, &bytes);
    let mut now = input.to_owned();
    let mut differences = Vec::new();
    for piece in expectations.split("\n== ").map(|piece| piece.trim_start_matches("== ")) {
        let (head, expected) = piece.split_once('\n').unwrap_or((piece, ""));
        let actual = match (&outcome, head) {
            (Err(said), "refused zh") => said[0].clone(),
            (Err(said), "refused en") => said[1].clone(),
            (Err(said), _) => panic!("{}: {}", path.display(), said[0]),
            (Ok(imported), "body") => imported.body.clone(),
            (Ok(imported), "guesses") => guesses(&imported.prepared.guesses),
            (Ok(imported), "losses") => {
                let lines = imported.losses.iter().map(|(place, kind, what)| format!("{place} {kind}: {what}\n"));
                lines.collect()
            }
            (Ok(imported), "main") => page(imported),
            _ => panic!("{}: nobody knows the expectation `{head}`", path.display()),
        };
        now.push_str(&format!("== {head}\n{}\n", actual.trim_end()));
        if actual.trim_end() != expected.trim_end() {
            differences.push(format!("{} == {head}\n--- expected\n{expected}\n--- is\n{actual}", path.display()));
        }
    }
    if let Ok(imported) = &outcome {
        assert!(imported.same, "{}: report and file differ\n{}", path.display(), imported.body);
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, now).unwrap();
        return None;
    }
    (!differences.is_empty()).then(|| differences.join("\n"))
}

fn guesses(guesses: &Guesses) -> String {
    fn line<T>(name: &str, guess: &Option<Guess<T>>, shown: impl Fn(&T) -> String) -> String {
        let Some(guess) = guess else { return format!("{name}: -\n") };
        let sure = if guess.confidence == Confidence::Sure { "" } else { "?" };
        format!("{name}: {}{sure} ({} {})\n", shown(&guess.value), guess.reason.en, guess.place)
    }
    let text = |text: &String| text.clone();
    let date = |date: &jiff::civil::Date| date.to_string();
    [
        line("title", &guesses.title, text),
        line("town", &guesses.town, text),
        line("year", &guesses.year, ToString::to_string),
        line("date", &guesses.date, date),
        line("published", &guesses.published, date),
        line("effective", &guesses.effective, date),
        line("kind", &guesses.kind, ToString::to_string),
        line("agency", &guesses.agency, text),
        line("number", &guesses.number, text),
    ]
    .concat()
}

/// The article of the page that the report makes.
fn page(imported: &Imported) -> String {
    let report = format!("---\ntitle: 报告\ntown: 丁市镇\nyear: 2023\ndate: 2024-01-10\n---\n\n{}", imported.body);
    let disk = sites::disk(&[("content/dingshi/2023/report.md", report.as_bytes()), ("site.yaml", SITE.as_bytes())]);
    for (number, picture) in imported.prepared.document.pictures.iter().enumerate() {
        let name = imported.prepared.picture_name("report", number);
        disk.put(Path::new("site/content/dingshi/2023").join(name), picture.bytes.as_slice());
    }
    sites::build(&disk, "out", sites::Options::default());
    let page = sites::page(&disk, "out", "dingshi/2023/report.html");
    let start = page.find("<article").expect("a page has an article");
    let end = page.find("</article>").expect("a page has an article");
    let lines = page[start..end].lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}
