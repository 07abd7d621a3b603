//! Word files made from text, so that every feature has a fixture that people can read.
//!
//! A line is a paragraph; `[style=Heading1 num=1/0 jc=center sz=44 b]` in front gives it properties; `{b:words}`,
//! `{i:words}`, `{sup:2}`, `{sub:2}`, `{hidden:words}`, `{ins:words}`, `{del:words}` mark words, `{fn:1}` and `{en:1}`
//! are marks of notes, `{link:rL1:words}` leads along a relation. Lines that begin with `|` are the rows of a
//! table: a cell ends in ` >2` where it covers two columns, in ` v` where cells below join it, and is `^` where it
//! joins the one above; `//` parts its paragraphs. A line that begins with `<` is taken as it is.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml""#;
const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A Word file from its parts, each a name with its text: `document`, `styles`, `numbering`, `footnotes`, `endnotes`,
/// `comments`, `header`, `core`, `links` (lines `rL1 https://…`), `picture` (its description).
pub fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut relations = String::new();
    for (name, text) in parts {
        let mut relate = |id: &str, kind: &str, target: &str, outside: &str| {
            relations
                .push_str(&format!(r#"<Relationship Id="{id}" Type="{TYPE}/{kind}" Target="{target}"{outside}/>"#));
        };
        let part = |root: &str, inner: &str| format!("<w:{root} {SPACES}>{inner}</w:{root}>").into_bytes();
        match *name {
            "document" => {
                let body = format!("<w:body>{}</w:body>", blocks(text));
                files.push(("word/document.xml".into(), part("document", &body)));
            }
            "links" => {
                for line in text.lines() {
                    let (id, target) = line.split_once(' ').expect("a link has an id and a target");
                    relate(id, "hyperlink", &target.replace('&', "&amp;"), r#" TargetMode="External""#);
                }
            }
            "picture" => {
                relate("rPic", "image", "media/image1.png", "");
                files.push(("word/media/image1.png".into(), picture(text.trim())));
            }
            "drawing" => {
                relate("rEmf", "image", "media/image2.emf", "");
                files.push(("word/media/image2.emf".into(), b"\x01\0\0\0 an old drawing".to_vec()));
            }
            "core" => {
                let inner = format!(
                    r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">{text}</cp:coreProperties>"#
                );
                files.push(("docProps/core.xml".into(), inner.into_bytes()));
            }
            "header" => {
                relate("rHead", "header", "header1.xml", "");
                files.push(("word/header1.xml".into(), part("hdr", &blocks(text))));
            }
            "footnotes" | "endnotes" => {
                relate(name, name, &format!("{name}.xml"), "");
                let root = *name;
                let one = &root[..root.len() - 1];
                let notes = text.lines().map(|line| {
                    let (id, words) = line.split_once(' ').expect("a note has an id");
                    let inner: String = words.split("//").map(paragraph).collect();
                    format!(r#"<w:{one} w:id="{id}">{inner}</w:{one}>"#)
                });
                files.push((format!("word/{root}.xml"), part(root, &notes.collect::<String>())));
            }
            other => {
                relate(other, other, &format!("{other}.xml"), "");
                files.push((format!("word/{other}.xml"), part(other, text)));
            }
        }
    }
    let space = "http://schemas.openxmlformats.org/package/2006/relationships";
    files.push((
        "_rels/.rels".into(),
        format!(r#"<Relationships xmlns="{space}"><Relationship Id="r1" Type="{TYPE}/officeDocument" Target="word/document.xml"/></Relationships>"#).into_bytes(),
    ));
    files.push((
        "word/_rels/document.xml.rels".into(),
        format!(r#"<Relationships xmlns="{space}">{relations}</Relationships>"#).into_bytes(),
    ));
    files.push(("[Content_Types].xml".into(), content_types(&files).into_bytes()));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zipped(&files)
}

/// What each part is: programs that people use open no file that does not say so.
fn content_types(files: &[(String, Vec<u8>)]) -> String {
    const OFFICE: &str = "application/vnd.openxmlformats-";
    let parts = files.iter().filter_map(|(name, _)| {
        let kind = match name.split('/').next_back()?.strip_suffix(".xml")? {
            "document" => "officedocument.wordprocessingml.document.main".to_owned(),
            "core" => "package.core-properties".to_owned(),
            part => format!("officedocument.wordprocessingml.{}", part.trim_end_matches('1')),
        };
        Some(format!(r#"<Override PartName="/{name}" ContentType="{OFFICE}{kind}+xml"/>"#))
    });
    let parts: String = parts.collect();
    format!(
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="{OFFICE}package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="emf" ContentType="image/x-emf"/>{parts}</Types>"#
    )
}

/// A zip of some files.
pub fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A red picture that says who made it.
pub fn picture(author: &str) -> Vec<u8> {
    const WIDTH: usize = 120;
    const HEIGHT: usize = 80;
    let size = [(WIDTH as u32).to_be_bytes(), (HEIGHT as u32).to_be_bytes()].concat();
    let line = [&[0][..], &[0xB0, 0x1E, 0x28].repeat(WIDTH)].concat();
    let mut pixels = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    pixels.write_all(&line.repeat(HEIGHT)).unwrap();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [
        (b"IHDR", [&size[..], &[8, 2, 0, 0, 0]].concat()),
        (b"tEXt", format!("Author\0{author}").into_bytes()),
        (b"IDAT", pixels.finish().unwrap()),
        (b"IEND", Vec::new()),
    ] {
        let mut sum = flate2::Crc::new();
        sum.update(name);
        sum.update(&data);
        bytes.extend_from_slice(&(data.len() as u32).to_be_bytes());
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(&data);
        bytes.extend_from_slice(&sum.sum().to_be_bytes());
    }
    bytes
}

fn blocks(text: &str) -> String {
    let mut out = String::new();
    let mut rows: Vec<&str> = Vec::new();
    for line in text.lines().chain([""]) {
        if line.starts_with('|') {
            rows.push(line);
            continue;
        }
        if !rows.is_empty() {
            out.push_str(&table(&std::mem::take(&mut rows)));
        }
        if line.starts_with('<') {
            out.push_str(line);
        } else if !line.is_empty() {
            out.push_str(&paragraph(line));
        }
    }
    out
}

fn table(rows: &[&str]) -> String {
    let mut inner = String::new();
    let mut widest = 0;
    for row in rows {
        let is_header = row.starts_with("|!");
        inner.push_str(if is_header { "<w:tr><w:trPr><w:tblHeader/></w:trPr>" } else { "<w:tr>" });
        let mut columns = 0;
        for cell in row.trim_start_matches("|!").trim_start_matches('|').trim_end_matches('|').split('|') {
            let (span, cell) = cell_of(cell.trim());
            columns += span;
            inner.push_str(&cell);
        }
        widest = columns.max(widest);
        inner.push_str("</w:tr>");
    }
    let line = r#"w:val="single" w:sz="4""#;
    let borders: String =
        ["top", "left", "bottom", "right", "insideH", "insideV"].map(|side| format!("<w:{side} {line}/>")).concat();
    let grid = r#"<w:gridCol w:w="1500"/>"#.repeat(widest);
    format!(
        "<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{inner}</w:tbl>"
    )
}

/// The columns that a cell covers, and the cell.
fn cell_of(cell: &str) -> (usize, String) {
    let mut properties = String::new();
    let mut columns = 1;
    let mut words = cell;
    if let Some((rest, span)) = words.rsplit_once('>')
        && let Ok(span) = span.trim().parse()
    {
        columns = span;
        properties.push_str(&format!(r#"<w:gridSpan w:val="{span}"/>"#));
        words = rest.trim();
    }
    if let Some(rest) = words.strip_suffix(" v") {
        properties.push_str(r#"<w:vMerge w:val="restart"/>"#);
        words = rest;
    } else if words == "^" {
        properties.push_str("<w:vMerge/>");
        words = "";
    }
    let inner: String = words.split("//").map(paragraph).collect();
    (columns, format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"))
}

/// One paragraph.
pub fn paragraph(line: &str) -> String {
    let mut properties = String::new();
    let mut run = String::new();
    let mut words = line;
    if let Some((head, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        && head.split(' ').all(|word| word.contains('=') || word == "b")
    {
        words = rest.trim_start();
        for word in head.split(' ') {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            match key {
                "style" => properties.push_str(&format!(r#"<w:pStyle w:val="{value}"/>"#)),
                "outline" => properties.push_str(&format!(r#"<w:outlineLvl w:val="{value}"/>"#)),
                "jc" => properties.push_str(&format!(r#"<w:jc w:val="{value}"/>"#)),
                "num" => {
                    let (list, level) = value.split_once('/').unwrap_or((value, "0"));
                    properties
                        .push_str(&format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#));
                }
                "sz" => run.push_str(&format!(r#"<w:sz w:val="{value}"/>"#)),
                "font" => run.push_str(&format!(r#"<w:rFonts w:eastAsia="{value}"/>"#)),
                "b" => run.push_str("<w:b/>"),
                "mark" => properties.push_str(&format!("<w:rPr><w:{value}/></w:rPr>")),
                _ => panic!("nobody knows the property {key}"),
            }
        }
    }
    format!("<w:p><w:pPr>{properties}</w:pPr>{}</w:p>", runs(words, &run))
}

fn runs(words: &str, look: &str) -> String {
    let mut out = String::new();
    let mut rest = words;
    while let Some(at) = rest.find('{') {
        out.push_str(&text_run(&rest[..at], look, "w:t"));
        let end = rest[at..].find('}').expect("a brace is closed") + at;
        let inside = &rest[at + 1..end];
        let (kind, words) = inside.split_once(':').unwrap_or((inside, ""));
        let with = |more: &str, tag| text_run(words, &format!("{look}{more}"), tag);
        out.push_str(&match kind {
            "b" => with("<w:b/>", "w:t"),
            "i" => with("<w:i/>", "w:t"),
            "s" => with("<w:strike/>", "w:t"),
            "u" => with(r#"<w:u w:val="single"/>"#, "w:t"),
            "sup" => with(r#"<w:vertAlign w:val="superscript"/>"#, "w:t"),
            "sub" => with(r#"<w:vertAlign w:val="subscript"/>"#, "w:t"),
            "hidden" => with("<w:vanish/>", "w:t"),
            "ins" => format!("<w:ins>{}</w:ins>", text_run(words, look, "w:t")),
            "del" => format!("<w:del>{}</w:del>", text_run(words, look, "w:delText")),
            "fn" => format!(r#"<w:r><w:footnoteReference w:id="{words}"/></w:r>"#),
            "en" => format!(r#"<w:r><w:endnoteReference w:id="{words}"/></w:r>"#),
            "comment" => format!(r#"<w:r><w:commentReference w:id="{words}"/></w:r>"#),
            "br" => "<w:r><w:br/></w:r>".to_owned(),
            "tab" => "<w:r><w:tab/></w:r>".to_owned(),
            "sym" => format!(r#"<w:r><w:sym w:font="Wingdings" w:char="{words}"/></w:r>"#),
            "bookmark" => format!(r#"<w:bookmarkStart w:id="0" w:name="{words}"/>"#),
            "field" => {
                let (code, shown) = words.split_once('|').unwrap_or((words, ""));
                let mark = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
                format!(
                    "{}<w:r><w:instrText>{code}</w:instrText></w:r>{}{}{}",
                    mark("begin"),
                    mark("separate"),
                    text_run(shown, look, "w:t"),
                    mark("end")
                )
            }
            "link" => {
                let (id, words) = words.split_once(':').expect("a link has words");
                format!(r#"<w:hyperlink r:id="{id}">{}</w:hyperlink>"#, text_run(words, look, "w:t"))
            }
            "picture" => drawing("rPic", words),
            "emf" => drawing("rEmf", words),
            "box" => format!(
                "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
                paragraph(words)
            ),
            _ => panic!("nobody knows the mark {kind}"),
        });
        rest = &rest[end + 1..];
    }
    out + &text_run(rest, look, "w:t")
}

fn drawing(id: &str, description: &str) -> String {
    format!(
        r#"<w:r><w:drawing><wp:inline><wp:docPr id="1" name="图片 1" descr="{description}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="{id}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#
    )
}

fn text_run(words: &str, look: &str, tag: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    format!(r#"<w:r><w:rPr>{look}</w:rPr><{tag} xml:space="preserve">{words}</{tag}></w:r>"#)
}
