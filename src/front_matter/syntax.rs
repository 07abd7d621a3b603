//! Why the front matter is not YAML, in plain words, and where. The parser's own words stand at most in brackets.
//!
//! The parser says where it gave up, which is often a line after the slip; the lines themselves tell more.

use std::ops::Range;
use std::sync::Arc;

use super::fence::{self, Line};
use super::guard;
use super::keys;
use crate::diagnostic::{Diagnostic, Place, Text, codes};
use crate::text;

/// A fault with what to blank out, so that the rest can be read.
pub(super) struct Fault {
    /// What is wrong.
    pub diagnostic: Diagnostic,
    /// Bytes that hold the fault; the rest of the text can be parsed without them.
    pub blank: Range<usize>,
}

/// A longer value is not repeated in the advice.
const LONGEST_SHOWN: usize = 40;

/// A value in quotes, as YAML reads it back.
pub(super) fn quoted(value: &str) -> String {
    if value.contains(['"', '\\']) { format!("'{}'", value.replace('\'', "''")) } else { format!("\"{value}\"") }
}

/// Explains why the bytes `yaml` of `text` could not be parsed.
pub(super) fn explain(path: &Arc<str>, text: &str, yaml: Range<usize>, error: &serde_yaml::Error) -> Fault {
    let words = error.to_string();
    let at = error.location().map(|place| (place.line().max(1) - 1, place.column().max(1) - 1));
    let lines: Vec<_> = fence::lines(text, yaml.clone()).collect();
    let last = at.map_or(lines.len().saturating_sub(1), |(line, _)| line.min(lines.len().saturating_sub(1)));
    let case =
        Case { path, text, yaml, lines: &lines, last, column: at.map_or(0, |(_, column)| column), words: &words };
    case.not_a_map()
        .or_else(|| case.control_character())
        .or_else(|| case.unclosed_quote())
        .or_else(|| case.open_bracket())
        .or_else(|| case.no_colon())
        .or_else(|| case.this_line())
        .or_else(|| case.indentation())
        .unwrap_or_else(|| case.unknown())
}

struct Case<'a> {
    path: &'a Arc<str>,
    text: &'a str,
    yaml: Range<usize>,
    lines: &'a [Line<'a>],
    /// The line where the parser gave up.
    last: usize,
    column: usize,
    /// What the parser says.
    words: &'a str,
}

/// A line of the form `key: value`, or an item of a list.
struct Entry<'a> {
    key: &'a str,
    value: &'a str,
    /// The bytes of the value.
    range: Range<usize>,
}

fn entry<'a>(line: Line<'a>) -> Option<Entry<'a>> {
    let lead = line.text.len() - line.text.trim_start_matches([' ', '-']).len();
    let (key, value) = match fence::key_and_value(&line.text[lead..]) {
        Some((key, at)) => (key, lead + at),
        None if line.text[..lead].contains('-') => ("-", lead),
        None => return None,
    };
    let start = line.start + value;
    let value = line.text[value..].trim_end();
    Some(Entry { key, value, range: start..start + value.len() })
}

impl Case<'_> {
    fn fault(&self, range: Range<usize>, blank: Range<usize>, message: Text) -> Fault {
        let diagnostic = Diagnostic::error(codes::YAML_SYNTAX, message).at(Place::new(self.path, self.text, range));
        Fault { diagnostic, blank }
    }

    /// A fault of a whole value, which quotes would mend.
    fn value_fault(&self, entry: &Entry, range: Range<usize>, message: Text) -> Fault {
        let mut fault = self.fault(range, entry.range.clone(), message);
        if entry.value.chars().count() > LONGEST_SHOWN {
            fault.diagnostic = fault.diagnostic.help(text!(
                "在值的开头和末尾各加一个引号 \"",
                "put a quote (\") at the beginning and at the end of the value"
            ));
            return fault;
        }
        let (key, quoted) = (entry.key, quoted(entry.value));
        let lead = if key == "-" { "- ".to_owned() } else { format!("{key}: ") };
        fault.diagnostic =
            fault.diagnostic.help(text!("给整个值加引号：{lead}{quoted}", "put the value in quotes: {lead}{quoted}"));
        fault
    }

    /// A list, a word, or two documents where `key: value` belongs.
    fn not_a_map(&self) -> Option<Fault> {
        if self.words.contains("more than one document") {
            let line =
                self.lines.iter().find(|line| line.text.starts_with("--- ") || line.text.starts_with("---\t"))?;
            let range = line.words();
            let message = text!("`---` 后面还有文字", "words follow the `---`");
            let mut fault = self.fault(range.clone(), range, message);
            fault.diagnostic =
                fault.diagnostic.help(text!("`---` 要单独占一行，后面不写字", "`---` must stand alone on its line"));
            return Some(fault);
        }
        if !self.words.contains("invalid type") {
            return None;
        }
        // A single line `title:值` is a word to YAML; what is wrong with it can be told better.
        if let Some(fault) = self.no_colon() {
            return Some(fault);
        }
        let line = self.lines.iter().find(|line| !line.is_idle())?;
        let message = text!("文件头不是一行行的“键: 值”", "the front matter is not lines of `key: value`");
        let mut fault = self.fault(line.words(), self.yaml.start..self.yaml.start, message);
        fault.diagnostic = fault.diagnostic.help(text!(
            "每一行写一个键和它的值，例如：town: 丁市镇",
            "write a key and its value on each line, such as `town: 丁市镇`"
        ));
        Some(fault)
    }

    fn control_character(&self) -> Option<Fault> {
        if !self.words.contains("control characters") {
            return None;
        }
        let yaml = &self.text[self.yaml.clone()];
        let (at, ch) = yaml.char_indices().find(|(_, ch)| ch.is_control() && !matches!(ch, '\n' | '\r' | '\t'))?;
        let start = self.yaml.start + at;
        let range = start..start + ch.len_utf8();
        let code = ch as u32;
        let mut fault = self.fault(
            range.clone(),
            range,
            text!(
                "这里有一个看不见的控制字符（U+{code:04X}）",
                "there is an invisible control character (U+{code:04X})"
            ),
        );
        fault.diagnostic =
            fault.diagnostic.help(text!("删掉它，再重新输入这几个字", "delete it and type the words again"));
        Some(fault)
    }

    /// A quote that does not close on its line, unless it closes cleanly on a later one.
    fn unclosed_quote(&self) -> Option<Fault> {
        for &line in self.lines.iter().take(self.last + 1) {
            let Some(entry) = entry(line) else { continue };
            let Some(quote @ ('"' | '\'')) = entry.value.chars().next() else { continue };
            if closing_quote(entry.value, quote).is_some() {
                continue;
            }
            let rest = &self.text[entry.range.start..self.yaml.end];
            let clean = closing_quote(rest, quote).is_some_and(|end| {
                let after = rest[end + 1..].lines().next().unwrap_or_default().trim();
                after.is_empty() || after.starts_with('#')
            });
            if clean {
                continue;
            }
            let message = text!("引号没有闭合", "the quote is never closed");
            let mut fault = self.fault(entry.range.start..entry.range.start + 1, entry.range.clone(), message);
            fault.diagnostic = fault.diagnostic.help(text!(
                "在这个值的末尾补上 {quote}，或者去掉开头的 {quote}",
                "add {quote} at the end of the value, or take away the one at its beginning"
            ));
            return Some(fault);
        }
        None
    }

    /// A line at the left margin that is no `key: value`.
    fn no_colon(&self) -> Option<Fault> {
        let margin = self.margin();
        let mut block = false;
        for &line in self.lines.iter().take(self.last + 1) {
            if line.is_idle() || line.indent() > margin {
                continue;
            }
            let words = line.text.trim();
            if let Some((_, value)) = fence::key_and_value(words) {
                block = words[value..].starts_with(['[', '{', '"', '\'']);
                continue;
            }
            if block
                || words.starts_with(['-', ']', '}', '[', '{', '"', '\'', '%', '?', '!', '&', '*', '@', '`', '|', '>'])
            {
                continue;
            }
            return Some(self.line_without_colon(line, words));
        }
        None
    }

    fn line_without_colon(&self, line: Line, words: &str) -> Fault {
        let range = line.words();
        if let Some(at) = words.find(':') {
            let (key, value) = (words[..at].trim(), words[at + 1..].trim());
            let colon = range.start + at;
            let message = text!("“{key}”的冒号后面要空一格", "a space must follow the colon after `{key}`");
            let mut fault = self.fault(colon..colon + 1, colon + 1..range.end, message);
            fault.diagnostic = fault.diagnostic.help(text!("写成 `{key}: {value}`", "write `{key}: {value}`"));
            return fault;
        }
        if let Some(at) = words.find('：') {
            let diagnostic = guard::wide_colon(self.path, self.text, words[..at].trim(), range.start + at);
            return Fault { diagnostic, blank: range };
        }
        let message =
            text!("这一行没有冒号，看不出键和值", "this line has no colon, so that key and value cannot be told apart");
        let mut fault = self.fault(range.clone(), range, message);
        if let Some((key, value)) = words.split_once([' ', '\u{3000}']).filter(|(key, _)| keys::find(key).is_some()) {
            let value = value.trim();
            fault.diagnostic = fault.diagnostic.help(text!("写成 `{key}: {value}`", "write `{key}: {value}`"));
            return fault;
        }
        fault.diagnostic = fault.diagnostic.help(text!(
            "每一行写成 `键: 值`；上一行没写完的文字，接着写的行要缩进两格",
            "write each line as `key: value`; a line that continues the one above must be indented"
        ));
        fault
    }

    /// The line of a list or map that the parser was still in when it gave up further below.
    fn open_bracket(&self) -> Option<Fault> {
        let (_, begun) = self.words.split_once("while parsing a flow ")?;
        let line = begun.split_once("at line ")?.1.split(' ').next()?.parse::<usize>().ok()?;
        let line = *self.lines.get(line.checked_sub(1)?)?;
        self.value(entry(line).filter(|entry| entry.value.starts_with(['[', '{']))?)
    }

    /// What the value on the parser's line, or the one before it, does wrong.
    fn this_line(&self) -> Option<Fault> {
        let near = (0..=self.last).rev().filter(|&at| self.lines.get(at).is_some_and(|line| !line.is_idle())).take(2);
        near.into_iter().find_map(|at| self.value(entry(self.lines[at])?))
    }

    fn value(&self, entry: Entry) -> Option<Fault> {
        let first = entry.value.chars().next()?;
        let start = entry.range.start;
        let sign = start..start + first.len_utf8();
        let begins = text!("没加引号的值不能以 {first} 开头", "a value without quotes cannot begin with {first}");
        match first {
            '"' | '\'' => self.quoted_value(entry, first),
            '@' | '`' | '%' => Some(self.value_fault(&entry, sign, begins)),
            '|' | '>' if !matches!(entry.value, "|" | ">" | "|-" | ">-" | "|+" | ">+") => {
                Some(self.value_fault(&entry, sign, begins))
            }
            '[' | '{' => Some(self.bracket(&entry, sign, first)),
            '-' if entry.value.starts_with("- ") => {
                let message = text!("列表不能写在键的同一行", "a list cannot begin on the line of its key");
                let mut fault = self.fault(entry.range.clone(), entry.range.clone(), message);
                let (key, item) = (entry.key, entry.value[2..].trim());
                fault.diagnostic = fault.diagnostic.help(text!(
                    "另起一行，缩进两格写 `- {item}`；如果减号是文字的一部分，写成 {key}: \"- {item}\"",
                    "write `- {item}` on a line of its own, indented; if the hyphen is part of the text, write {key}: \"- {item}\""
                ));
                Some(fault)
            }
            _ => {
                let colon = entry.value.find(": ").or_else(|| entry.value.strip_suffix(':').map(str::len))?;
                let message = text!(
                    "没加引号的值里不能有“冒号加空格”",
                    "a value without quotes cannot hold a colon followed by a space"
                );
                Some(self.value_fault(&entry, start + colon..start + colon + 1, message))
            }
        }
    }

    /// A list or map that is not closed, or goes on after it.
    fn bracket(&self, entry: &Entry, sign: Range<usize>, first: char) -> Fault {
        let last = if first == '[' { ']' } else { '}' };
        let Some(close) = entry.value.rfind(last) else {
            let message = text!("`{first}` 没有对应的 `{last}`", "`{first}` has no matching `{last}`");
            let mut fault = self.fault(sign, entry.range.clone(), message);
            fault.diagnostic = fault.diagnostic.help(text!(
                "在值的末尾补上 `{last}`；如果括号是文字的一部分，给整个值加引号",
                "add `{last}` at the end of the value, or put the value in quotes if the bracket is part of it"
            ));
            return fault;
        };
        let message = text!(
            "值以 {first} 开头，YAML 把它当作列表或表，但后面的写法不对",
            "the value begins with {first}, which YAML takes for a list or map, but it does not go on like one"
        );
        let start = entry.range.start;
        self.value_fault(entry, start..start + close + 1, message)
    }

    fn quoted_value(&self, entry: Entry, quote: char) -> Option<Fault> {
        if self.words.contains("escape") {
            let message = text!(
                "双引号里的反斜杠 `\\` 有特别的意思，这里 YAML 读不懂",
                "a backslash inside double quotes has a meaning of its own, and YAML does not know this one"
            );
            let mut fault = self.fault(entry.range.clone(), entry.range.clone(), message);
            fault.diagnostic = fault
                .diagnostic
                .help(text!("改用单引号，或者把 `\\` 写成 `\\\\`", "use single quotes, or write `\\\\` for each `\\`"));
            return Some(fault);
        }
        let end = closing_quote(entry.value, quote)? + 1;
        let left = entry.value[end..].trim_start();
        if left.is_empty() || left.starts_with('#') {
            return None;
        }
        let start = entry.range.end - left.len();
        let message = text!("引号闭合之后又多出了文字", "words follow the closing quote");
        let mut fault = self.fault(start..entry.range.end, entry.range.clone(), message);
        fault.diagnostic = fault.diagnostic.help(text!(
            "引号要包住整个值；文字里本来的引号请用中文引号“”",
            "the quotes must hold the whole value; for quotes inside it use “ ”"
        ));
        Some(fault)
    }

    fn indentation(&self) -> Option<Fault> {
        let margin = self.margin();
        let line = *self.lines.get(self.last)?;
        let off = |line: &Line| {
            !line.is_idle() && line.indent() != margin && fence::key_and_value(line.text.trim()).is_some()
        };
        let line = if off(&line) { line } else { *self.lines[..self.last].last().filter(|line| off(line))? };
        let words = line.words();
        let message = text!("这一行的缩进和别的行对不齐", "this line is not indented like the others");
        let mut fault = self.fault(words.clone(), words, message);
        fault.diagnostic = fault.diagnostic.help(text!(
            "所有的键都从同一列开始，前面不要空格",
            "all keys begin in the same column, without spaces in front"
        ));
        Some(fault)
    }

    fn unknown(&self) -> Fault {
        let words = self.words;
        let message = text!("从这里开始 YAML 读不懂了", "YAML cannot be understood from here on");
        let Some(line) = self.lines.get(self.last) else {
            return self.fault(self.yaml.clone(), self.yaml.start..self.yaml.start, message);
        };
        let whole = line.words();
        let at = line.text.char_indices().nth(self.column).map_or(whole.start, |(at, _)| line.start + at);
        let range = if (whole.start..whole.end).contains(&at) { at..whole.end } else { whole.clone() };
        let mut fault = self.fault(range, whole, message);
        fault.diagnostic = fault.diagnostic.help(text!(
            "每一行写成 `键: 值`，值里有特殊符号时加引号（解析器的话：{words}）",
            "write each line as `key: value`, with quotes around values that hold signs (the parser says: {words})"
        ));
        fault
    }

    /// The column of the first key.
    fn margin(&self) -> usize {
        self.lines.iter().find(|line| !line.is_idle()).map_or(0, Line::indent)
    }
}

/// Where the quote that opens `value` closes.
fn closing_quote(value: &str, quote: char) -> Option<usize> {
    let mut skip = false;
    let mut signs = value.char_indices().skip(1).peekable();
    while let Some((at, ch)) = signs.next() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match ch {
            '\\' if quote == '"' => skip = true,
            '\'' if quote == '\'' && signs.peek().is_some_and(|&(_, next)| next == '\'') => skip = true,
            _ if ch == quote => return Some(at),
            _ => {}
        }
    }
    None
}
