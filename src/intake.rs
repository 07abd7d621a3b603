//! Step 2 of the road: each source on its own. Bytes → text → front matter → a [`Document`] without fault.
//!
//! The body is not parsed here: it stays on the disk until its page is made, so that the memory of a build
//! does not grow with the length of its reports. What a source gave is kept in [`Taken`], so that a second look
//! reads only what has changed.

mod taken;

pub use taken::{News, Taken};

use std::sync::Arc;

use memchr::memmem;

use crate::check::{self, Criteria, Subject};
use crate::config::Config;
use crate::diagnostic::{Checked, Diagnostic, Place, codes};
use crate::discover::Sources;
use crate::model::document::{Document, FrontMatter};
use crate::model::kind::KindId;
use crate::model::structure::Structure;
use crate::source::{Clock, source_text};
use crate::{front_matter, links, markdown, text};

/// No report is longer: 8 MiB of text is more than a thousand pages.
const LARGEST_SOURCE: u64 = 8 << 20;

/// One source: its document, unless it has an error. `missing` gets the paths that it names and where no file is.
fn document(
    path: &Arc<str>,
    (bytes, hash): (&[u8], u128),
    sources: &Sources,
    config: &Config,
    clock: Clock,
    missing: &mut Vec<Arc<str>>,
) -> Checked<Option<Document>> {
    let mut diagnostics = Vec::new();
    let text = match source_text(path, bytes) {
        Ok(checked) => checked.take_into(&mut diagnostics),
        Err(fault) => return Checked::new(None, vec![*fault]),
    };
    diagnostics.extend(lost_text(path, &text));
    let is_standing = |written: &str| config.kind_called(written).is_some_and(|kind| config.kinds[kind].standing);
    let Some(head) = front_matter::read(path, &text, &is_standing).take_into(&mut diagnostics) else {
        return Checked::new(None, diagnostics);
    };
    let kind = kind_of(path, &text, &head.fields, config, &mut diagnostics);
    let mut files = Vec::new();
    for attachment in &head.fields.attachments {
        let file = links::join(path, &attachment.file).map(Arc::from);
        match file {
            Some(file) if sources.files.contains_key(&file) => files.push(file),
            file => {
                missing.extend(file);
                diagnostics.push(missing_attachment(path, &text, &attachment.file));
            }
        }
    }
    let referred = markdown::references(&text[head.body..]);
    for file in referred.iter().filter_map(|target| links::resolve(path, target)) {
        match sources.files.get_key_value(file.as_str()) {
            Some((file, _)) => files.push(file.clone()),
            None => missing.push(file.into()),
        }
    }
    let document = Document { path: path.clone(), body: head.body, hash, head: head.fields, kind, files, sealed: None };
    let (path, head, kind) = (&document.path, &document.head, &config.kinds[usize::from(kind.0)]);
    let structure = &Structure::default();
    diagnostics.extend(check::head(
        &Subject { path, text: &text, body: document.body, head, kind, structure, clock, contents: None },
        &Criteria::new(&config.rules, &[]),
    ));
    Checked::new(Some(document), diagnostics)
}

/// The kind as written, or the one whose name the title holds; the longest name wins.
fn kind_of(
    path: &Arc<str>,
    text: &str,
    head: &FrontMatter,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> KindId {
    let fallback = || {
        let named = config.kinds.iter().enumerate().filter(|(_, kind)| !kind.standing).filter_map(|(number, kind)| {
            let names = std::iter::once(&kind.name).chain(&kind.aliases);
            let longest = names.filter(|name| head.title.contains(name.as_str())).map(String::len).max()?;
            Some((longest, std::cmp::Reverse(number)))
        });
        let other = || config.kind_called("qita").unwrap_or(config.kinds.len() - 1);
        named.max().map_or_else(other, |(_, std::cmp::Reverse(number))| number)
    };
    let number = match &head.kind {
        None => fallback(),
        Some(written) => config.kind_called(written).unwrap_or_else(|| {
            diagnostics.push(unknown_kind(path, text, written, config));
            fallback()
        }),
    };
    KindId(number as u16)
}

fn unknown_kind(path: &Arc<str>, text: &str, written: &str, config: &Config) -> Diagnostic {
    let names = config.kinds.iter().map(|kind| &kind.name);
    let nearest = names.min_by_key(|name| strsim::damerau_levenshtein(name, written)).map_or("", String::as_str);
    Diagnostic::error(codes::UNKNOWN_KIND, text!("没有名为 `{written}` 的类别", "there is no kind `{written}`"))
        .at(front_matter::place_of(path, text, "kind"))
        .help(text!(
            "最接近的是 `{nearest}`；自己的类别写在 site.yaml 的 kinds 里",
            "the nearest is `{nearest}`; kinds of your own are named under `kinds` in site.yaml"
        ))
}

fn missing_attachment(path: &Arc<str>, text: &str, file: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_ATTACHMENT, text!("附件 `{file}` 不存在", "the attachment `{file}` is not there"))
        .at(front_matter::place_of(path, text, "attachments"))
        .help(text!(
            "把文件放在报告旁边，或改正文件名（含扩展名）",
            "put the file beside the report, or correct its name with its extension"
        ))
}

fn too_large(path: &Arc<str>, length: u64) -> Diagnostic {
    let size = length >> 20;
    Diagnostic::error(
        codes::SOURCE_TOO_LARGE,
        text!("{path} 有 {size} MB，超过 8 MB", "{path} has {size} MB, more than 8 MB"),
    )
    .at(Place::file(path))
    .help(text!("拆成几份，或把长表作为附件", "split it, or attach the long tables as files"))
}

/// Text that was destroyed before it came here cannot be mended by guessing (a wrong conversion leaves one
/// question mark for each lost byte).
fn lost_text(path: &Arc<str>, text: &str) -> Option<Diagnostic> {
    let lost = memmem::find(text.as_bytes(), "\u{fffd}".as_bytes()).map(|at| at..at + 3).or_else(|| {
        // A half-width question mark is rare in Chinese, so that looking for one is quicker than for four.
        let run = |at: usize| text[at..].bytes().take_while(|&byte| byte == b'?').count();
        memchr::memchr_iter(b'?', text.as_bytes()).map(|at| at..at + run(at)).find(|run| run.len() >= 4)
    })?;
    Some(
        Diagnostic::error(
            codes::LOST_TEXT,
            text!("这里的文字在转换编码时已经丢失", "text was lost here when the file was converted"),
        )
        .at(Place::new(path, text, lost))
        .help(text!("从原来的 Word 文件重新复制", "copy it again from the original Word file")),
    )
}
