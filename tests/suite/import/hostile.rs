//! Files that are meant to do harm, or came to harm: each is refused with its reason, or read without any.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::imported;
use super::word::{docx, zipped};

/// The code that a file is refused with.
fn refused(name: &str, bytes: &[u8]) -> String {
    let said = match imported(name, bytes) {
        Ok(imported) => panic!("{name} was imported:\n{}", imported.body),
        Err(said) => said[1].clone(),
    };
    let start = said.find("GK-").unwrap_or_else(|| panic!("{said}"));
    said[start..start + 7].to_owned()
}

#[test]
fn files_that_do_harm_are_refused() {
    let good = docx(&[("document", "正文")]);
    assert!(imported("a.docx", &good).is_ok());
    for name in ["../../etc/passwd", "word/../../x", "/etc/passwd", "C:\\x", "word\\..\\..\\x"] {
        assert_eq!(refused("a.docx", &zipped(&[("word/document.xml", b"<a/>"), (name, b"x")])), "GK-I005", "{name}");
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("word/document.xml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    assert_eq!(refused("a.docx", &zip.finish().unwrap().into_inner()), "GK-I005");

    let zeros = vec![b' '; 24 << 20];
    assert_eq!(refused("a.docx", &zipped(&[("word/document.xml", &zeros)])), "GK-I003");
    let many: Vec<(String, &[u8])> = (0..10_001).map(|number| (format!("word/{number}.xml"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(refused("a.docx", &zipped(&many)), "GK-I003");
    let deep = "<w:sdt><w:sdtContent>".repeat(150);
    assert_eq!(refused("a.docx", &docx(&[("document", &format!("{deep}<w:p/>"))])), "GK-I003");
}

#[test]
fn files_that_came_to_harm_are_refused() {
    let good = docx(&[("document", "正文")]);
    assert_eq!(refused("a.docx", &good[..good.len() / 2]), "GK-I001");
    assert_eq!(refused("a.docx", b"PK\x03\x04"), "GK-I001");
    assert_eq!(refused("a.docx", b""), "GK-I001");
    assert_eq!(refused("a.docx", "正文".as_bytes()), "GK-I001");
    assert_eq!(refused("a.pdf", b"%PDF-1.7"), "GK-I001");
    assert_eq!(refused("a.docx", &zipped(&[("xl/workbook.xml", b"<workbook/>")])), "GK-I001");
    assert_eq!(refused("a.docx", &docx(&[("document", "")])), "GK-I001");
    assert_eq!(refused("a.docx", &docx(&[("document", "<w:p><w:r>")])), "GK-I001");
    assert_eq!(refused("a.txt", "????????????????????".as_bytes()), "GK-C003");
    let old = [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 600]].concat();
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused("a.docx", &[old.clone(), name].concat()), "GK-I002");
    // Files of other programs go to LibreOffice, by what they are and not by their names.
    for (bytes, extension) in [(old.as_slice(), "doc"), (&b"{\\rtf1 x}"[..], "rtf")] {
        assert_eq!(imported("a.docx", bytes).err().unwrap()[0], extension);
    }
}

#[test]
fn entities_are_not_expanded_and_nothing_outside_is_asked_for() {
    let bomb = format!(
        "<!DOCTYPE x [<!ENTITY a \"{}\">]><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>甲&a;乙</w:t></w:r></w:p></w:body></w:document>",
        "x".repeat(1000)
    );
    assert_eq!(imported("a.docx", &zipped(&[("word/document.xml", bomb.as_bytes())])).unwrap().body, "甲乙\n");

    let outside = r#"<w:p><w:r><w:drawing><a:blip r:link="rL1"/></w:drawing></w:r><w:r><w:t>甲</w:t></w:r></w:p>"#;
    let file = docx(&[("document", outside), ("links", "rL1 http://127.0.0.1:9/picture.png")]);
    let imported = imported("a.docx", &file).unwrap();
    assert_eq!(imported.body, "甲\n");
    assert_eq!(imported.losses, [(1, "pictures", "http://127.0.0.1:9/picture.png".to_owned())]);
}

/// Pieces of Word's XML from which awkward bodies are made.
const PIECES: &[&str] = &[
    "<w:p>",
    "</w:p>",
    "<w:r>",
    "</w:r>",
    "<w:t>一、甲</w:t>",
    "<w:t>**乙**</w:t>",
    "<w:t>| ^^ |</w:t>",
    "<w:t>1. #</w:t>",
    "<w:tbl>",
    "</w:tbl>",
    "<w:tr>",
    "</w:tr>",
    "<w:tc>",
    "</w:tc>",
    "<w:tcPr><w:gridSpan w:val=\"3\"/></w:tcPr>",
    "<w:tcPr><w:vMerge/></w:tcPr>",
    "<w:tcPr><w:vMerge w:val=\"restart\"/></w:tcPr>",
    "<w:rPr><w:b/></w:rPr>",
    "<w:pPr><w:outlineLvl w:val=\"8\"/></w:pPr>",
    "<w:br/>",
    "<w:tab/>",
    "<w:fldChar w:fldCharType=\"begin\"/>",
    "<w:instrText>TOC</w:instrText>",
    "<w:fldChar w:fldCharType=\"separate\"/>",
    "<w:fldChar w:fldCharType=\"end\"/>",
    "<w:del><w:r><w:delText>丙</w:delText></w:r></w:del>",
    "<w:footnoteReference w:id=\"1\"/>",
    "<w:sdt><w:sdtContent>",
    "</w:sdtContent></w:sdt>",
    "<mc:AlternateContent><mc:Choice>",
    "</mc:Choice><mc:Fallback>",
    "</mc:Fallback></mc:AlternateContent>",
    "<w:txbxContent>",
    "</w:txbxContent>",
    "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>",
    "<w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>",
    "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>",
    "<w:t>^^</w:t>",
    "<w:t>[^1]</w:t>",
    "<w:t> &lt;b&gt; &amp;amp; `x` </w:t>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a body is made of, it is refused or read, and what is read is kept.
    #[test]
    fn any_body_is_kept_or_refused(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let body = balanced(&pieces);
        let file = docx(&[("document", &body), ("footnotes", "1 注")]);
        if let Ok(imported) = imported("a.docx", &file) {
            prop_assert!(imported.kept, "{}\n{}", body, imported.body);
        }
    }
}

/// Closes what is open, so that most bodies are well formed.
fn balanced(pieces: &[&str]) -> String {
    let mut out = String::from("<w:p/>");
    let mut open: Vec<String> = Vec::new();
    for piece in pieces {
        let names: Vec<&str> =
            piece.split('<').skip(1).map(|tag| tag.split(['>', ' ']).next().unwrap_or_default()).collect();
        let closes: Vec<&&str> = names.iter().filter(|name| name.starts_with('/')).collect();
        let is_whole = names.iter().filter(|name| !name.starts_with('/') && !name.ends_with('/')).count()
            == closes.len()
            && !piece.starts_with("</");
        if is_whole || piece.ends_with("/>") {
            out.push_str(piece);
            continue;
        }
        for name in names {
            match name.strip_prefix('/') {
                Some(name) if open.last().is_some_and(|last| last == name) => {
                    open.pop();
                    out.push_str(&format!("</{name}>"));
                }
                Some(_) => {}
                None => {
                    open.push(name.to_owned());
                    out.push_str(&format!("<{name}>"));
                }
            }
        }
    }
    while let Some(name) = open.pop() {
        out.push_str(&format!("</{name}>"));
    }
    out.replace('\n', "")
}

/// A bomb that states a small size is stopped where it begins to be large.
#[test]
fn stated_sizes_are_not_believed() {
    let mut bytes = zipped(&[("word/document.xml", &vec![b'x'; 40 << 20])]);
    // The size stands in the local head and in the directory; both now say one byte.
    let size = (40u32 << 20).to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|window| window == size) {
        bytes[at..at + 4].copy_from_slice(&1u32.to_le_bytes());
    }
    let mut file = std::io::sink();
    file.write_all(&bytes).unwrap();
    assert!(imported("a.docx", &bytes).is_err());
}
