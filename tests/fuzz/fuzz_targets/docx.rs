//! Any bytes as a file to import, and any text as the main part of a Word file: refused, or read whole. What is read
//! is written as Markdown, and must say the same as the file.
#![no_main]

use std::io::{Cursor, Write};
use std::sync::{Arc, LazyLock};

use gongkai::config::Config;
use gongkai::import::{self, Read};
use libfuzzer_sys::fuzz_target;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

static CONFIG: LazyLock<Config> = LazyLock::new(|| {
    let path: Arc<str> = "site.yaml".into();
    Config::read(&path, "name: 测试\ncontact: { host: 测试 }\n").value.expect("the settings are sound")
});

fuzz_target!(|data: &[u8]| {
    // The first byte says what the rest is: a whole file, or a part of one, so that the fuzzer need not learn to zip.
    let Some((kind, data)) = data.split_first() else { return };
    let bytes = match kind % 4 {
        0 => data.to_vec(),
        1 => packed(&[("word/document.xml", data)]),
        2 => {
            let at = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
            let rest = data.get(at + 1..).unwrap_or_default();
            packed(&[
                ("word/document.xml", &data[..at]),
                ("word/numbering.xml", rest),
                ("word/styles.xml", rest),
                ("word/footnotes.xml", rest),
                ("word/media/image1.png", rest),
                ("word/_rels/document.xml.rels", RELATIONS),
            ])
        }
        _ => {
            let _ = import::read(data, "txt").map(prepared);
            return;
        }
    };
    if let Ok(read) = import::read(&bytes, "docx")
        && let Some((mut again, prepared)) = prepared(read).zip(import::read(&bytes, "docx").ok().and_then(prepared))
    {
        let title = prepared.guesses.title.as_ref().map(|title| title.value.clone()).unwrap_or_default();
        let (body, _) = again.body("report");
        if let Ok(comparison) = prepared.compare(&bytes, &title, &body) {
            assert!(comparison.missing.is_empty(), "lost: {:?}", comparison.missing);
            assert!(comparison.extra.is_empty(), "doubled: {:?}", comparison.extra);
        }
    }
});

fn prepared(read: Read) -> Option<import::Prepared> {
    match read {
        Read::Document(document) => Some(import::prepare(*document, &CONFIG, "报告")),
        Read::Other(_) => None,
    }
}

const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="x/numbering" Target="numbering.xml"/><Relationship Id="b" Type="x/styles" Target="styles.xml"/><Relationship Id="c" Type="x/footnotes" Target="footnotes.xml"/><Relationship Id="d" Type="x/image" Target="media/image1.png"/></Relationships>"#;

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        zip.start_file(*name, stored).expect("memory does not fail");
        zip.write_all(bytes).expect("memory does not fail");
    }
    zip.finish().expect("memory does not fail").into_inner()
}
