//! Entries → fields: which keys there are, what each must be, and what is said when it is not.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use jiff::civil::{DateTime, Time};

use super::dates::{self, Moment};
use super::keys::{self, Key};
use super::locate::{Locator, Part};
use super::raw::{Name, Raw};
use super::{FrontMatter, Repealed, numerals, paths};
use crate::diagnostic::{Code, Diagnostic, Place, Text, codes};
use crate::text;

/// Years a report can be about; a town's first government is not older than the republic.
const YEARS: RangeInclusive<i64> = 1949..=2200;

/// No head needs more entries; the rest is not read, lest each of thousands be told one by one.
const MOST_ENTRIES: usize = 100;

/// Where the entries come from.
pub(super) struct Source<'a> {
    /// The path as shown.
    pub path: &'a Arc<str>,
    /// The text as written.
    pub text: &'a str,
    /// The closing line of the head.
    pub closing: Range<usize>,
    /// Finds places in it.
    pub locator: Locator<'a>,
    /// Lines that are not YAML, whose keys are not missing.
    pub broken: &'a [String],
}

/// Validates the entries. Where an error is told, the fields cannot be used: they hold stand-ins.
pub(super) fn validate(
    source: Source<'_>,
    entries: Vec<(Name, Raw)>,
    standing: &dyn Fn(&str) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> FrontMatter {
    let mut reader = Reader { source, entries, slots: [None; keys::ALL.len()], faults: diagnostics };
    reader.sort_keys();
    let kind = reader.text(Key::Kind);
    // A kind that cannot be read may well be a standing one.
    let kind_unread = kind.is_none() && reader.slots[Key::Kind as usize].is_some();
    let needed = !kind_unread && !kind.as_deref().is_some_and(standing);

    let title = reader.text(Key::Title);
    reader.require(Key::Title, title.is_some());
    let town = reader.text(Key::Town);
    let year = reader.year();
    if needed {
        reader.require(Key::Town, town.is_some());
        reader.require(Key::Year, year.is_some());
    }
    let date = reader.moment(Key::Date).map(|moment| moment.date);
    reader.require(Key::Date, date.is_some());
    let published = reader.moment(Key::Published);
    FrontMatter {
        title: title.unwrap_or_default(),
        town,
        year,
        date: date.unwrap_or_default(),
        kind,
        agency: reader.text(Key::Agency),
        number: reader.text(Key::Number),
        index: reader.text(Key::Index),
        published: published.map(|moment| DateTime::from_parts(moment.date, moment.time.unwrap_or(Time::midnight()))),
        published_has_time: published.is_some_and(|moment| moment.time.is_some()),
        effective: reader.moment(Key::Effective).map(|moment| moment.date),
        repealed: reader.repealed(),
        summary: reader.text(Key::Summary),
        keywords: reader.keywords(),
        slug: reader.slug(),
        aliases: reader.aliases(),
        attachments: reader.attachments(),
        draft: reader.truth(Key::Draft).unwrap_or(false),
    }
}

/// Entries on their way to fields.
pub(super) struct Reader<'a, 'd> {
    source: Source<'a>,
    entries: Vec<(Name, Raw)>,
    /// Which entry holds each key.
    slots: [Option<usize>; keys::ALL.len()],
    faults: &'d mut Vec<Diagnostic>,
}

/// Makes of anything a single line: control characters and runs of white space become one space; characters that
/// nobody sees (zero-width, direction marks) are dropped.
pub(super) fn one_line(words: &str) -> String {
    let plain = |byte: u8| byte >= 0x20 && byte != 0x7f;
    let hidden =
        |ch| matches!(ch, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    // Most titles are clean already.
    if words.bytes().all(plain) && !words.chars().any(|ch| hidden(ch) || ch.is_control()) && !words.contains("  ") {
        return words.trim().to_owned();
    }
    let seen: String =
        words.chars().filter(|&ch| !hidden(ch)).map(|ch| if ch.is_control() { ' ' } else { ch }).collect();
    let mut line = String::with_capacity(seen.len());
    for word in seen.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.trim().to_owned()
}

impl Reader<'_, '_> {
    pub(super) fn place(&self, index: usize, part: Part) -> Place {
        let found = self.source.locator.find(index, self.entries[index].0.written(), part);
        // An empty value leaves its key; a key that cannot be found leaves the file.
        found.map_or_else(
            || Place::file(self.source.path),
            |range| Place::new(self.source.path, self.source.text, range),
        )
    }

    pub(super) fn fault(&mut self, code: Code, index: usize, part: Part, message: Text) -> &mut Diagnostic {
        let fault = Diagnostic::error(code, message).at(self.place(index, part));
        self.push(fault)
    }

    pub(super) fn push(&mut self, fault: Diagnostic) -> &mut Diagnostic {
        let at = self.faults.len();
        self.faults.push(fault);
        &mut self.faults[at]
    }

    /// Puts each entry into its slot; tells doubled and unknown ones.
    fn sort_keys(&mut self) {
        if self.entries.len() > MOST_ENTRIES {
            let count = self.entries.len();
            let message =
                text!("文件头有 {count} 行键，太多了", "the front matter has {count} keys, which is far too many");
            let help = text!("正文应写在第二个 `---` 之后", "the body belongs below the second `---`");
            self.fault(codes::FRONT_MATTER_BOUND, MOST_ENTRIES, Part::Key, message).help = Some(help);
            self.entries.truncate(MOST_ENTRIES);
        }
        for index in 0..self.entries.len() {
            match &self.entries[index].0 {
                Name::Known(key, _) => {
                    let slot = *key as usize;
                    match self.slots[slot] {
                        None => self.slots[slot] = Some(index),
                        Some(first) => self.doubled(first, index),
                    }
                }
                Name::Unknown(_) => self.unknown(index),
            }
        }
    }

    fn doubled(&mut self, first: usize, second: usize) {
        let line = self.place(first, Part::Key).line;
        let (one, two) = (self.entries[first].0.written().to_owned(), self.entries[second].0.written().to_owned());
        let message = if one == two {
            text!("“{two}”写了两次，第一次在第 {line} 行", "`{two}` stands twice; the first is in line {line}")
        } else {
            text!("“{two}”和第 {line} 行的“{one}”是同一个键", "`{two}` is the same key as `{one}` in line {line}")
        };
        let fault = self.fault(codes::DUPLICATE_KEY, second, Part::Key, message);
        fault.help = Some(text!("只留一行，删掉另一行", "keep one of the two lines"));
    }

    fn unknown(&mut self, index: usize) {
        let name = self.entries[index].0.written().to_owned();
        let near = keys::nearest(&name);
        let shown: String = name.chars().take(40).collect();
        let message =
            text!("没有“{shown}”这个键，这一行不起作用", "there is no key `{shown}`; this line has no effect");
        let place = self.place(index, Part::Key);
        let fault = self.push(Diagnostic::warning(codes::UNKNOWN_KEY, message).at(place));
        fault.help = Some(match near {
            Some(near) => text!("是不是想写 `{near}`？", "did you mean `{near}`?"),
            None => {
                let zh = keys::ALL.iter().map(|key| key.2).collect::<Vec<_>>().join("、");
                let en = keys::ALL.iter().map(|key| key.1).collect::<Vec<_>>().join(", ");
                text!("可以用的键：{zh}", "the known keys are {en}")
            }
        });
    }

    /// Tells that a key must stand, or must have a value, unless something was said about it already.
    fn require(&mut self, key: Key, found: bool) {
        if found || self.is_broken(key) {
            return;
        }
        let (english, chinese) = (key.english(), key.chinese());
        let example = match key {
            Key::Town => "丁市镇",
            Key::Year => "2023",
            Key::Date => "2024-01-16",
            _ => "丁市镇2023年政府信息公开工作年度报告",
        };
        let free = matches!(key, Key::Town | Key::Year);
        match self.slots[key as usize] {
            Some(index) if is_empty(&self.entries[index].1) => {
                let name = self.entries[index].0.written().to_owned();
                let message = text!("“{name}”后面没有内容", "`{name}` has no value");
                let help = text!(
                    "在冒号后面填写，例如：{name}: {example}",
                    "write it after the colon, such as `{name}: {example}`"
                );
                self.fault(codes::EMPTY_VALUE, index, Part::Key, message).help = Some(help);
            }
            Some(_) => {}
            None => {
                let place = Place::new(self.source.path, self.source.text, self.source.closing.clone());
                let line = place.line;
                let message = text!("缺少 {english}（{chinese}）", "`{english}` is missing");
                let label = text!("应写在这一行上面", "it belongs above this line");
                let mut zh = format!("在第 {line} 行的上面加一行：{english}: {example}");
                let mut en = format!("add a line above line {line}: `{english}: {example}`");
                if free {
                    zh.push_str("；公开指南、公开制度等固定页面不用写，但要写明 kind（类别）");
                    en.push_str("; a standing page, such as the guide, needs none if its `kind` is given");
                }
                self.push(Diagnostic::error(codes::MISSING_KEY, message).at(place).label(label).help(Text { zh, en }));
            }
        }
    }

    /// Whether the key's line is one of those that are not YAML.
    fn is_broken(&self, key: Key) -> bool {
        let begins = |line: &String| {
            let line = line.trim_start();
            line.starts_with(key.english()) || line.starts_with(key.chinese())
        };
        self.source.broken.iter().any(begins)
    }

    pub(super) fn wrong_type(&mut self, index: usize, part: Part, wanted: Text) {
        let name = self.entries[index].0.written().to_owned();
        let found = match part_of(&self.entries[index].1, part) {
            Raw::List(_) => text!("一个列表", "a list"),
            Raw::Map(_) => text!("一组键和值", "a map of keys and values"),
            Raw::Bool(_) => text!("“是”或“否”", "true or false"),
            Raw::Whole(_) | Raw::Other(_) => text!("一个数", "a number"),
            Raw::Text(_) => text!("一段文字", "text"),
            Raw::Null => text!("空的", "empty"),
            Raw::Tagged => text!("带 YAML 标签（!）的值", "a value with a YAML tag (`!`)"),
        };
        let message = text!("“{name}”的形式不对", "`{name}` has the wrong form");
        let fault = self.fault(codes::WRONG_TYPE, index, part, message);
        let (zh, en) = (found.zh, found.en);
        fault.label = Some(text!("这里是{zh}", "this is {en}"));
        fault.help = Some(wanted);
    }

    pub(super) fn slot(&self, key: Key) -> Option<(usize, &Raw)> {
        let index = self.slots[key as usize]?;
        Some((index, &self.entries[index].1))
    }

    /// The words of a number or truth as written; YAML has forgotten whether it was `2023.10` or `2023.1`.
    fn words(&self, index: usize, fallback: &str) -> String {
        let written = self.source.locator.plain_words(self.entries[index].0.written());
        written.unwrap_or(fallback).to_owned()
    }

    pub(super) fn text(&mut self, key: Key) -> Option<String> {
        let (index, raw) = self.slot(key)?;
        let words = match raw {
            Raw::Null => return None,
            Raw::Text(words) => one_line(words),
            Raw::Whole(number) => self.words(index, &number.to_string()),
            Raw::Other(number) => self.words(index, number),
            Raw::Bool(yes) => self.words(index, &yes.to_string()),
            Raw::List(_) | Raw::Map(_) | Raw::Tagged => {
                self.wrong_type(index, Part::Value, text!("这里只能写一行文字", "one line of text belongs here"));
                return None;
            }
        };
        Some(words).filter(|words| !words.is_empty())
    }

    fn year(&mut self) -> Option<i16> {
        let (index, raw) = self.slot(Key::Year)?;
        let year = match raw {
            _ if is_empty(raw) => return None,
            Raw::Whole(year) => Some(*year),
            Raw::Text(words) => {
                let words = words.trim();
                let words = words.strip_suffix("年度").or_else(|| words.strip_suffix('年')).unwrap_or(words);
                numerals::number(words).map(i64::from)
            }
            _ => {
                self.wrong_type(
                    index,
                    Part::Value,
                    text!("这里写四位数的年份，例如 2023", "a year of four digits belongs here, such as 2023"),
                );
                return None;
            }
        };
        if let Some(year) = year.filter(|year| YEARS.contains(year)) {
            return i16::try_from(year).ok();
        }
        let (first, last) = (YEARS.start(), YEARS.end());
        let message = match year {
            Some(year) => text!("{year} 不可能是报告的年度", "{year} cannot be the year of a report"),
            None => text!("这不是年份", "this is not a year"),
        };
        let help = text!(
            "写四位数的年份（{first} 到 {last}），例如 2023",
            "write a year of four digits ({first} to {last}), such as 2023"
        );
        self.fault(codes::BAD_YEAR, index, Part::Value, message).help = Some(help);
        None
    }

    fn moment(&mut self, key: Key) -> Option<Moment> {
        let (index, raw) = self.slot(key)?;
        let words = match raw {
            _ if is_empty(raw) => return None,
            Raw::Text(words) => words.clone(),
            Raw::Whole(number) => self.words(index, &number.to_string()),
            Raw::Other(number) => self.words(index, number),
            Raw::Bool(_) | Raw::Null | Raw::List(_) | Raw::Map(_) | Raw::Tagged => {
                self.wrong_type(
                    index,
                    Part::Value,
                    text!("这里写一个日期，例如 2024-01-16", "a date belongs here, such as 2024-01-16"),
                );
                return None;
            }
        };
        match dates::parse_date(&words) {
            Ok(moment) => Some(moment),
            Err(Text { zh, en }) => {
                let name = self.entries[index].0.written();
                let message = text!("“{name}”：{zh}", "`{name}`: {en}");
                let help = if key == Key::Published {
                    text!(
                        "对照原件，写成 2024-01-18 09:30 或 2024年1月18日",
                        "look it up in the original and write it like 2024-01-18 09:30 or 2024年1月18日"
                    )
                } else {
                    text!(
                        "对照原件，写成 2024-01-16 或 2024年1月16日",
                        "look it up in the original and write it like 2024-01-16 or 2024年1月16日"
                    )
                };
                self.fault(codes::BAD_DATE, index, Part::Value, message).help = Some(help);
                None
            }
        }
    }

    fn repealed(&mut self) -> Option<Repealed> {
        let (_, raw) = self.slot(Key::Repealed)?;
        match truth(raw) {
            Some(true) => Some(Repealed::SomeDay),
            Some(false) => None,
            None => self.moment(Key::Repealed).map(|moment| Repealed::On(moment.date)),
        }
    }

    fn truth(&mut self, key: Key) -> Option<bool> {
        let (index, raw) = self.slot(key)?;
        if is_empty(raw) {
            return None;
        }
        let truth = truth(raw);
        if truth.is_none() {
            self.wrong_type(
                index,
                Part::Value,
                text!("这里只能写 true（是）或 false（否）", "only true or false belongs here"),
            );
        }
        truth
    }

    fn slug(&mut self) -> Option<String> {
        let slug = self.text(Key::Slug)?;
        if paths::is_slug(&slug) {
            return Some(slug);
        }
        let (index, _) = self.slot(Key::Slug)?;
        let likely = paths::likely_slug(&slug);
        let message = text!("这个网址名不能用在网址里", "this slug cannot be part of an address");
        let help = match likely {
            Some(slug) => text!(
                "只用小写字母、数字、`-` 和 `_`，最多 80 个，例如：{slug}",
                "use only a–z, 0–9, `-` and `_`, at most 80 of them, such as `{slug}`"
            ),
            None => text!(
                "只用小写字母、数字、`-` 和 `_`，最多 80 个",
                "use only a–z, 0–9, `-` and `_`, at most 80 of them"
            ),
        };
        self.fault(codes::BAD_SLUG, index, Part::Value, message).help = Some(help);
        None
    }
}

/// Nothing at all, or nothing but white space.
pub(super) fn is_empty(raw: &Raw) -> bool {
    match raw {
        Raw::Null => true,
        Raw::Text(words) => one_line(words).is_empty(),
        Raw::List(items) => items.is_empty(),
        _ => false,
    }
}

/// What of a value a part means.
fn part_of(raw: &Raw, part: Part) -> &Raw {
    let item = |at: usize| match raw {
        Raw::List(items) => items.get(at).unwrap_or(raw),
        _ => raw,
    };
    match part {
        Part::Key | Part::Value => raw,
        Part::Item(at) => item(at),
        Part::ItemKey(at, inner) | Part::ItemValue(at, inner) => match item(at) {
            Raw::Map(entries) => entries.get(inner).map_or(raw, |(_, value)| value),
            other => other,
        },
    }
}

fn truth(raw: &Raw) -> Option<bool> {
    match raw {
        Raw::Bool(yes) => Some(*yes),
        Raw::Text(words) => match words.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "是" => Some(true),
            "false" | "no" | "否" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
