//! Reads a YAML mapping key by key and notices what is wrong on the way, with its place.

use std::ops::Range;
use std::sync::Arc;

use serde_yaml::{Mapping, Value};

use crate::diagnostic::{Diagnostic, Place, Text, codes};
use crate::text;

/// One mapping of site.yaml, being read. Keys that were never asked for are unknown ones.
pub(super) struct Reader<'a> {
    path: &'a Arc<str>,
    text: &'a str,
    /// The bytes of `text` that hold this mapping, near enough to find a key's line.
    span: Range<usize>,
    /// Whether this is the whole file, whose keys stand at the start of a line.
    is_root: bool,
    value: Value,
    asked: Vec<&'static str>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// Parses the whole file.
    pub(super) fn new(path: &'a Arc<str>, text: &'a str) -> Result<Self, Box<Diagnostic>> {
        let faulty =
            |range: Range<usize>, why: Text| Diagnostic::error(codes::SITE_FILE, why).at(Place::new(path, text, range));
        if let Some(at) = too_deep(text) {
            let why = text!("{path} 的括号层次太深", "the brackets of {path} are nested too deeply");
            return Err(Box::new(faulty(at..at + 1, why)));
        }
        match serde_yaml::from_str::<Value>(text) {
            Ok(value) => Ok(Self {
                path,
                text,
                span: 0..text.len(),
                is_root: true,
                value,
                asked: Vec::new(),
                diagnostics: Vec::new(),
            }),
            Err(error) => {
                let at = error.location().map_or(0, |location| location.index().min(text.len()));
                let why = error.to_string();
                if let Some((key, range)) = doubled(text, at, &why) {
                    let fault = faulty(range, text!("`{key}` 写了两次", "`{key}` stands twice"));
                    return Err(Box::new(
                        fault.help(text!("留下对的一行，删去另一行", "keep the right line and delete the other")),
                    ));
                }
                let fault = faulty(at..at, text!("{path} 不是正确的 YAML（{why}）", "{path} is not YAML ({why})"));
                Err(Box::new(fault.help(text!(
                    "常见原因：引号没有成对、用 Tab 缩进、冒号后面没有空格、全角冒号",
                    "common causes: a quote without its pair, a TAB, no space behind a colon, a full-width colon"
                ))))
            }
        }
    }

    fn get(&mut self, key: &'static str) -> Option<Value> {
        self.asked.push(key);
        let value = self.value.as_mapping()?.get(key)?;
        (!value.is_null()).then(|| value.clone())
    }

    /// A string; numbers are taken as they are written.
    pub(super) fn string(&mut self, key: &'static str) -> Option<String> {
        let found = match self.get(key)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.wrong(key, text!("`{key}` 应是一段文字", "`{key}` should be a text"));
                return None;
            }
        };
        (!found.is_empty()).then_some(found)
    }

    /// A word that can stand in an address.
    pub(super) fn slug(&mut self, key: &'static str) -> Option<String> {
        let found = self.string(key)?;
        let fits =
            found.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
        if !fits || found.len() > 80 {
            self.wrong(
                key,
                text!(
                    "`{found}` 只能用小写字母、数字、`-` 和 `_`",
                    "`{found}` may hold only lower-case letters, digits, `-` and `_`"
                ),
            );
            return None;
        }
        Some(found)
    }

    /// A list of words, or one string of words between commas.
    pub(super) fn words(&mut self, key: &'static str) -> Vec<String> {
        match self.get(key) {
            Some(Value::String(text)) => text
                .split(['，', '、', ',', '；', ';'])
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            Some(Value::Sequence(items)) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            None => Vec::new(),
            Some(_) => {
                self.wrong(key, text!("`{key}` 应是一列文字", "`{key}` should be a list of words"));
                Vec::new()
            }
        }
    }

    /// `true` or `false`; absent is `false`.
    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        self.switch(key, false)
    }

    /// `true` or `false`; absent is `otherwise`.
    pub(super) fn switch(&mut self, key: &'static str, otherwise: bool) -> bool {
        match self.get(key) {
            Some(Value::Bool(flag)) => flag,
            None => otherwise,
            Some(_) => {
                self.wrong(key, text!("`{key}` 应是 true 或 false", "`{key}` should be true or false"));
                otherwise
            }
        }
    }

    /// A number from 1 to 1,000.
    pub(super) fn number(&mut self, key: &'static str) -> Option<usize> {
        let value = self.get(key)?;
        let number = value.as_u64().filter(|number| (1..=1_000).contains(number));
        if number.is_none() {
            self.wrong(key, text!("`{key}` 应是 1 到 1000 的数", "`{key}` should be a number from 1 to 1000"));
        }
        number.map(|number| number as usize)
    }

    /// Reads the mapping under `key`, if it is there.
    pub(super) fn section(&mut self, key: &'static str, mut read: impl FnMut(&mut Reader<'_>)) {
        if let Some(value) = self.get(key) {
            let span = self.key_span(key).start..self.span.end;
            self.inner(key, value, span, &mut read);
        }
    }

    /// Reads every mapping of the list under `key`.
    pub(super) fn list(&mut self, key: &'static str, mut read: impl FnMut(&mut Reader<'_>)) {
        let mut from = self.key_span(key).start;
        match self.get(key) {
            None => {}
            Some(Value::Sequence(items)) => {
                for item in items {
                    from = self.inner(key, item, from..self.span.end, &mut read);
                }
            }
            Some(_) => self.wrong(key, text!("`{key}` 应是一个列表", "`{key}` should be a list")),
        }
    }

    /// Reads every mapping of a file that is itself a list.
    pub(super) fn items(&mut self, mut read: impl FnMut(&mut Reader<'_>)) {
        if let Value::Sequence(items) = std::mem::take(&mut self.value) {
            for item in items {
                self.inner("", item, self.span.clone(), &mut read);
            }
            self.value = Value::Mapping(Mapping::new());
        }
    }

    /// Reads one mapping and returns where the next one may begin.
    fn inner(&mut self, key: &str, value: Value, span: Range<usize>, read: &mut impl FnMut(&mut Reader<'_>)) -> usize {
        if !value.is_mapping() {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::SITE_KEY,
                    text!("`{key}` 下面应是“名称: 值”", "`{key}` should hold names and values"),
                )
                .at(Place::new(self.path, self.text, span.start..span.start)),
            );
            return span.end;
        }
        // An item of a list begins where its own first value stands.
        let first = value.as_mapping().and_then(|mapping| mapping.iter().next());
        let needle = first.and_then(|(key, value)| Some(format!("{}: {}", key.as_str()?, value.as_str()?)));
        let start = needle
            .and_then(|needle| self.text.get(span.clone())?.find(&needle))
            .map_or(span.start, |at| span.start + at);
        let mut inner = Reader {
            path: self.path,
            text: self.text,
            span: start..span.end,
            is_root: false,
            value,
            asked: Vec::new(),
            diagnostics: Vec::new(),
        };
        read(&mut inner);
        self.diagnostics.extend(inner.finish());
        start + 1
    }

    /// Notices that a required text is missing; the place is where its mapping begins.
    pub(super) fn required(&mut self, key: &'static str, found: &str) {
        let is_wrong =
            self.value.as_mapping().is_some_and(|mapping| mapping.get(key).is_some_and(|value| !value.is_null()));
        if found.is_empty() && !is_wrong {
            let place = Place::new(self.path, self.text, self.span.start..self.span.start);
            self.diagnostics
                .push(Diagnostic::error(codes::SITE_KEY, text!("缺少 `{key}`", "`{key}` is missing")).at(place));
        }
    }

    /// Notices that the value of `key` is wrong.
    pub(super) fn wrong(&mut self, key: &str, why: Text) {
        let span = self.key_span(key);
        self.diagnostics.push(Diagnostic::error(codes::SITE_KEY, why).at(Place::new(self.path, self.text, span)));
    }

    /// The bytes of the mapping, for diagnostics of later stages.
    pub(super) fn span(&self) -> Range<usize> {
        let start = self.span.start;
        let line = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        start..line
    }

    /// The line's rest from `key` on; the start of the mapping where the key is not found.
    fn key_span(&self, key: &str) -> Range<usize> {
        let slice = &self.text[self.span.clone()];
        let mut from = 0;
        while let Some(at) = slice[from..].find(key).map(|at| from + at) {
            let before = slice[..at].chars().next_back();
            let after = slice[at + key.len()..].trim_start_matches(['"', '\'']).chars().next();
            if before.is_none_or(|ch| ch.is_whitespace() || "{,\"'-".contains(ch))
                && after == Some(':')
                && (!self.is_root || before.is_none_or(|ch| ch == '\n'))
            {
                let start = self.span.start + at;
                let end = self.text[start..].find(['\n', '\r']).map_or(self.text.len(), |at| start + at);
                return start..end;
            }
            from = at + key.len();
        }
        self.span.start..self.span.start
    }

    /// All that was noticed, with a warning for every key that nobody asked for.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        let known = std::mem::take(&mut self.asked);
        let unknown: Vec<String> = self
            .value
            .as_mapping()
            .into_iter()
            .flatten()
            .filter_map(|(key, _)| key.as_str())
            .filter(|key| !known.contains(key))
            .map(str::to_owned)
            .collect();
        for key in unknown {
            let nearest =
                known.iter().min_by_key(|name| strsim::damerau_levenshtein(name, &key)).copied().unwrap_or_default();
            let span = self.key_span(&key);
            self.diagnostics.push(
                Diagnostic::warning(codes::SITE_KEY, text!("不认识设置 `{key}`", "nobody knows the setting `{key}`"))
                    .at(Place::new(self.path, self.text, span.start..span.start + key.len()))
                    .help(text!("最接近的是 `{nearest}`", "the nearest known one is `{nearest}`")),
            );
        }
        self.diagnostics
    }
}

/// Where brackets are nested deeper than settings can need; the parser's cost grows with the square of it.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 64
    })
}

/// The key that the parser says stands twice in the mapping that begins at a byte, and where it stands the second time.
fn doubled<'a>(text: &str, at: usize, why: &'a str) -> Option<(&'a str, Range<usize>)> {
    let (_, named) = why.split_once("duplicate entry with key \"")?;
    let key = &named[..named.find('"')?];
    let column = at - text[..at].rfind('\n').map_or(0, |end| end + 1);
    let is_there = |start: &usize| text[*start..].strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    // Its first key may stand behind the dash of a list; the others stand below it, until a line stands further out.
    let lines = text[at..].match_indices('\n').map(|(line, _)| at + line + 1);
    let indented = lines.filter_map(|start| {
        let rest = text[start..].trim_start_matches(' ');
        let is_blank = rest.is_empty() || rest.starts_with(['\n', '\r', '#']);
        (!is_blank).then(|| (text.len() - rest.len(), text.len() - rest.len() - start))
    });
    let below = indented.take_while(|&(_, indent)| indent >= column).filter(|&(_, indent)| indent == column);
    let second = std::iter::once(at).chain(below.map(|(start, _)| start)).filter(is_there).nth(1)?;
    Some((key, second..second + key.len()))
}
