//! What is looked at before YAML is parsed: bounds that keep parsing cheap, and slips of the keyboard that YAML
//! explains badly. A slip is mended in a copy of equal length, so that everything after it is still checked and
//! every place stays right.

use std::ops::Range;
use std::sync::Arc;

use super::fence::{self, Fenced, Line};
use super::keys;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::text;

/// A front matter is a dozen lines; the parser is slow on long nonsense.
const MOST_BYTES: usize = 64 * 1024;
/// Brackets open at once, or list marks on one line.
const DEEPEST: usize = 64;
/// Brackets opened at all, should quotes hide the closing ones from a plain count.
const MOST_BRACKETS: usize = 1000;
/// Columns a line may be indented.
const FARTHEST: usize = 128;

/// Slips told before the rest is left unread.
const MOST_SLIPS: usize = 50;

/// What the guard found.
pub(super) struct Guard {
    /// The faults.
    pub diagnostics: Vec<Diagnostic>,
    /// The text up to the closing fence with its slips mended, if there were any.
    pub mended: Option<String>,
    /// Whether the front matter must not be parsed at all.
    pub barred: bool,
}

/// Looks over the front matter in one pass.
pub(super) fn look(path: &Arc<str>, text: &str, fenced: &Fenced) -> Guard {
    let mut guard = Guard { diagnostics: Vec::new(), mended: None, barred: false };
    if let Some(fault) = too_large(path, text, fenced) {
        guard.diagnostics.push(fault);
        guard.barred = true;
        return guard;
    }
    let mut scan = Scan {
        path,
        text,
        end: fenced.yaml.end,
        guard: &mut guard,
        block: None,
        awaiting: true,
        flow: Flow::default(),
    };
    for line in fence::lines(text, fenced.yaml.clone()) {
        scan.line(line);
        // Whoever made so many slips did not mean to write a front matter.
        scan.guard.barred |= scan.guard.diagnostics.len() >= MOST_SLIPS;
        if scan.guard.barred {
            break;
        }
    }
    guard
}

fn too_large(path: &Arc<str>, text: &str, fenced: &Fenced) -> Option<Diagnostic> {
    let yaml = &text[fenced.yaml.clone()];
    if yaml.len() > MOST_BYTES {
        let size = yaml.len() / 1024;
        let message =
            text!("文件头有 {size} KB，上限是 64 KB", "the front matter is {size} KB long; 64 KB is the limit");
        let help = text!("正文应写在第二个 `---` 之后", "the body belongs below the second `---`");
        return Some(bound(message).at(Place::new(path, text, fenced.closing.clone())).help(help));
    }
    let (mut open, mut all) = (0usize, 0usize);
    for (at, byte) in yaml.bytes().enumerate() {
        match byte {
            b'[' | b'{' => (open, all) = (open + 1, all + 1),
            b']' | b'}' => open = open.saturating_sub(1),
            _ => continue,
        }
        if open > DEEPEST || all > MOST_BRACKETS {
            let at = fenced.yaml.start + at;
            return Some(too_deep(path, text, at..at + 1));
        }
    }
    None
}

fn bound(message: crate::diagnostic::Text) -> Diagnostic {
    Diagnostic::error(codes::FRONT_MATTER_BOUND, message)
}

fn too_deep(path: &Arc<str>, text: &str, range: Range<usize>) -> Diagnostic {
    let message = text!("文件头的括号或层次太多、太深", "the front matter is nested too deeply");
    let help =
        text!("括号是文字的一部分时，给整个值加上引号", "put the value in quotes if the brackets are part of it");
    bound(message).at(Place::new(path, text, range)).help(help)
}

/// Where inside brackets the scan is.
#[derive(Default)]
struct Flow {
    depth: usize,
    quote: Option<char>,
}

struct Scan<'a> {
    path: &'a Arc<str>,
    text: &'a str,
    end: usize,
    guard: &'a mut Guard,
    /// The indent of the line that began a block of text (`summary: |`).
    block: Option<usize>,
    /// Whether the line before promised a value.
    awaiting: bool,
    flow: Flow,
}

impl Scan<'_> {
    fn line(&mut self, line: Line<'_>) {
        if line.text.trim().is_empty() {
            return;
        }
        let indent = line.indent();
        if self.block.is_some_and(|parent| indent > parent) {
            return;
        }
        self.block = None;
        let white = line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
        if line.text[..white].contains('\t') {
            self.tab(line, white);
        }
        if line.text[white..].starts_with('#') {
            return;
        }
        let (marks, dashes) = list_marks(&line.text[white..]);
        let lead = white + marks;
        if lead > FARTHEST || dashes > DEEPEST {
            self.guard.diagnostics.push(too_deep(self.path, self.text, line.start..line.start + lead));
            self.guard.barred = true;
            return;
        }
        let rest = Line { start: line.start + lead, text: &line.text[lead..] };
        if self.flow.depth > 0 {
            return self.inside_brackets(rest);
        }
        if rest.text.contains('：') {
            self.wide_colon(rest, indent == 0 && dashes == 0);
        }
        self.values(rest, indent, dashes > 0);
    }

    /// Looks at the places where a value begins, for anchors, aliases, brackets and blocks of text.
    fn values(&mut self, rest: Line<'_>, indent: usize, listed: bool) {
        let begins = listed || self.awaiting || indent == 0;
        let entry = fence::key_and_value(rest.text);
        if begins {
            self.sigil(rest);
        }
        let value = match entry {
            Some((_, at)) => Line { start: rest.start + at, text: &rest.text[at..] },
            None if begins => rest,
            None => return,
        };
        if entry.is_some() {
            self.sigil(value);
        }
        self.awaiting = value.text.trim().is_empty() || value.text.starts_with(['!', '#']);
        if value.text.starts_with(['|', '>']) {
            self.block = Some(indent);
        } else if value.text.starts_with(['[', '{']) {
            self.inside_brackets(value);
        }
    }

    fn inside_brackets(&mut self, rest: Line<'_>) {
        let mut begins = self.flow.quote.is_none();
        for (at, ch) in rest.text.char_indices() {
            if let Some(quote) = self.flow.quote {
                if ch == quote {
                    self.flow.quote = None;
                }
                continue;
            }
            match ch {
                '"' | '\'' if begins => self.flow.quote = Some(ch),
                '[' | '{' => self.flow.depth += 1,
                ']' | '}' => self.flow.depth = self.flow.depth.saturating_sub(1),
                '*' | '&' if begins => {
                    let item = &rest.text[at..];
                    let end = item.find([',', ']', '}']).unwrap_or(item.len());
                    self.sigil(Line { start: rest.start + at, text: &item[..end] });
                }
                _ => {}
            }
            if self.flow.depth == 0 {
                return;
            }
            begins = matches!(ch, '[' | '{' | ',' | ':') || (begins && ch == ' ');
        }
    }

    /// An anchor or alias bars the front matter; a value that only looks like one is to be quoted.
    fn sigil(&mut self, value: Line<'_>) {
        let words = match value.text.strip_prefix('!') {
            Some(tagged) => tagged.find(' ').map_or("", |space| tagged[space..].trim_start()),
            None => value.text,
        };
        let Some(sigil @ ('*' | '&')) = words.chars().next() else { return };
        let start = value.start + value.text.len() - words.len();
        let words = words.trim_end();
        let name = words[1..].trim_end_matches([':', ' ']);
        let first = name.split(' ').next().unwrap_or_default();
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let place = |len| Place::new(self.path, self.text, start..start + len);
        if is_name(first) && (sigil == '&' || is_name(name)) {
            let message = text!(
                "文件头用了 YAML 的锚点或别名（`{sigil}`）",
                "the front matter uses a YAML anchor or alias (`{sigil}`)"
            );
            let help = text!(
                "不接受锚点和别名，请把内容直接写出来；如果 `{sigil}` 是文字的一部分，给整个值加引号",
                "anchors and aliases are not taken: write the value out, or put it in quotes if `{sigil}` is part of it"
            );
            self.guard.diagnostics.push(bound(message).at(place(1 + first.len())).help(help));
            self.guard.barred = true;
            return;
        }
        let quoted = super::syntax::quoted(words);
        let message = text!(
            "没加引号的值不能以 `{sigil}` 开头：YAML 会把它当作别名或锚点",
            "a value without quotes cannot begin with `{sigil}`: YAML takes it for an alias or anchor"
        );
        let help = text!("加上引号：{quoted}", "put it in quotes: {quoted}");
        self.guard.diagnostics.push(bound(message).at(place(words.len())).help(help));
        self.mend(start..start + 1, "x");
    }

    fn tab(&mut self, line: Line<'_>, white: usize) {
        let message = text!("这一行用制表符（Tab）缩进", "this line is indented with a TAB");
        let help =
            text!("YAML 只认空格：把 Tab 换成两个空格", "YAML takes only spaces: put two of them instead of each TAB");
        let range = line.start..line.start + white;
        let fault = Diagnostic::error(codes::TAB_INDENT, message).at(Place::new(self.path, self.text, range.clone()));
        self.guard.diagnostics.push(fault.help(help));
        let spaces = line.text[..white].replace('\t', " ");
        self.mend(range, &spaces);
    }

    /// `标题：值`, where YAML sees one long word. An unknown key is left to the parser, unless it stands alone.
    fn wide_colon(&mut self, rest: Line<'_>, top: bool) {
        let Some(at) = rest.text.find('：') else { return };
        let key = rest.text[..at].trim();
        let known = keys::find(key).is_some() || keys::nearest(key).is_some_and(|near| near == key.to_lowercase());
        let nested = !top && (keys::is_file(key) || keys::is_name(key));
        if !(known && top || nested) || fence::key_and_value(&rest.text[..at]).is_some() {
            return;
        }
        let start = rest.start + at;
        self.guard.diagnostics.push(wide_colon(self.path, self.text, key, start));
        self.mend(start..start + '：'.len_utf8(), ":  ");
    }

    /// Puts words of equal length in place of some of the text.
    fn mend(&mut self, range: Range<usize>, words: &str) {
        let (text, end) = (self.text, self.end);
        let copy = self.guard.mended.get_or_insert_with(|| text[..end].to_owned());
        copy.replace_range(range, words);
    }
}

/// The fault of a full-width colon that stands at byte `start`, after `key`.
pub(super) fn wide_colon(path: &Arc<str>, text: &str, key: &str, start: usize) -> Diagnostic {
    let message = text!("“{key}”后面是全角冒号", "a full-width colon follows `{key}`");
    let label = text!("换成半角冒号加空格", "write `: `");
    let help = text!("写成 `{key}: …`：冒号用半角，后面空一格", "write `{key}: …`, with an ASCII colon and a space");
    let place = Place::new(path, text, start..start + '：'.len_utf8());
    Diagnostic::error(codes::FULL_WIDTH_COLON, message).at(place).label(label).help(help)
}

/// The marks `- ` and `? ` before a line's words: their bytes, and how many.
fn list_marks(words: &str) -> (usize, usize) {
    let (mut at, mut count) = (0, 0);
    let bytes = words.as_bytes();
    while matches!(bytes.get(at), Some(b'-' | b'?')) && matches!(bytes.get(at + 1), None | Some(b' ')) {
        count += 1;
        at += 1;
        while bytes.get(at) == Some(&b' ') {
            at += 1;
        }
    }
    (at, count)
}
