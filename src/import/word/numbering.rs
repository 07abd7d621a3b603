//! Automatic numbering: `word/numbering.xml`, and the counters that run through the body.

use std::collections::{BTreeMap, BTreeSet};

use super::numerals::numeral;
use super::xml::Reader;
use crate::import::document::Number;
use crate::import::refusal::Result;

const LEVELS: usize = 9;
/// More lists than this are not looked at.
const MOST_LISTS: usize = 20_000;

#[derive(Debug, Clone, Default)]
struct Level {
    start: u32,
    form: String,
    /// `第%1章`
    text: String,
    /// What stands behind it: nothing, a space, a tab.
    suffix: String,
    /// Begins anew after a paragraph of this level, from 1; 0 never; `None` after any level above.
    restart: Option<u8>,
    /// All its numbers in Arabic digits, whatever their levels say.
    is_legal: bool,
    style: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct Abstract {
    levels: [Option<Level>; LEVELS],
    /// It has no levels of its own but those of the list that bears this style.
    style_link: Option<String>,
    /// The style that names it.
    own_style: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct List {
    of: i64,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

/// All lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub struct Numbering {
    kinds: BTreeMap<i64, Abstract>,
    lists: BTreeMap<i64, List>,
    counts: BTreeMap<i64, [Option<u32>; LEVELS]>,
    begun: BTreeSet<(i64, usize)>,
}

impl Numbering {
    /// Reads `word/numbering.xml`.
    pub fn read(text: &str) -> Result<Self> {
        let mut made = Self::default();
        Reader::new(text).children(|reader, _| {
            reader.children(|reader, element| {
                let id = |name: &str| element.get(name).and_then(|id| id.trim().parse::<i64>().ok());
                match element.name.as_str() {
                    "w:abstractNum" if made.kinds.len() < MOST_LISTS => {
                        let kind = kind(reader)?;
                        made.kinds.insert(id("w:abstractNumId").unwrap_or_default(), kind);
                    }
                    "w:num" if made.lists.len() < MOST_LISTS => {
                        let list = list(reader)?;
                        made.lists.insert(id("w:numId").unwrap_or_default(), list);
                    }
                    _ => {}
                }
                Ok(())
            })
        })?;
        made.follow_links();
        Ok(made)
    }

    /// Gives kinds that only name a style the levels of the kind that bears it.
    fn follow_links(&mut self) {
        let bearers: BTreeMap<String, i64> =
            self.kinds.iter().filter_map(|(id, kind)| Some((kind.own_style.clone()?, *id))).collect();
        let links: Vec<(i64, i64)> =
            self.kinds.iter().filter_map(|(id, kind)| Some((*id, *bearers.get(kind.style_link.as_ref()?)?))).collect();
        for (id, bearer) in links {
            if let Some(levels) = self.kinds.get(&bearer).map(|kind| kind.levels.clone())
                && let Some(kind) = self.kinds.get_mut(&id)
            {
                kind.levels = levels;
            }
        }
    }

    /// The level that a list gives to paragraphs of a style.
    pub fn level_of_style(&self, list: i64, style: &str) -> Option<u8> {
        let kind = self.kinds.get(&self.lists.get(&list)?.of)?;
        let named = |level: &Option<Level>| level.as_ref().is_some_and(|level| level.style.as_deref() == Some(style));
        kind.levels.iter().position(named).map(|at| at as u8)
    }

    /// Counts a paragraph of a list, and says what stands in front of it; `None` where nothing does.
    pub fn next(&mut self, list_id: i64, level: u8) -> Option<Number> {
        let list = self.lists.get(&list_id)?;
        let kind = self.kinds.get(&list.of)?;
        let level = usize::from(level).min(LEVELS - 1);
        let of = |at: usize| list.levels[at].as_ref().or(kind.levels[at].as_ref());
        let counts = self.counts.entry(list.of).or_default();
        // Another list of the same kind goes on counting, unless it says where to begin.
        if list.starts[level].is_some() && self.begun.insert((list_id, level)) {
            counts[level] = None;
        }
        let start = list.starts[level].or(of(level).map(|own| own.start)).unwrap_or(1);
        counts[level] = Some(counts[level].map_or(start, |count| count.saturating_add(1)));
        for (at, count) in counts.iter_mut().enumerate() {
            if at < level && count.is_none() {
                *count = Some(of(at).map_or(1, |above| above.start));
            }
            let begins_anew = match of(at).and_then(|deeper| deeper.restart) {
                Some(0) => false,
                Some(after) => level < usize::from(after),
                None => true,
            };
            if at > level && begins_anew {
                *count = None;
            }
        }
        let own = of(level)?;
        if own.form == "bullet" {
            return Some(Number { text: String::new(), level: level as u8 });
        }
        let text = written(own, |at| {
            let form = of(at).map_or("decimal", |above| above.form.as_str());
            let form = if own.is_legal { "decimal" } else { form };
            numeral(counts[at].unwrap_or(1), form)
        });
        // A list of numbers without any text shows nothing.
        (!text.trim().is_empty()).then_some(Number { text, level: level as u8 })
    }
}

/// The text of a level with its numbers, and a space behind it where one is seen: not behind Chinese marks.
fn written(level: &Level, number: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut chars = level.text.chars().peekable();
    while let Some(ch) = chars.next() {
        match chars.peek().and_then(|digit| digit.to_digit(10)) {
            Some(at @ 1..=9) if ch == '%' => {
                text.push_str(&number(at as usize - 1));
                chars.next();
            }
            _ => text.push(ch),
        }
    }
    let closes_up = text.ends_with(|ch: char| "、。．）：，〕】」》".contains(ch));
    if level.suffix != "nothing" && !closes_up && !text.ends_with(char::is_whitespace) && !text.is_empty() {
        text.push(' ');
    }
    text
}

fn kind(reader: &mut Reader<'_>) -> Result<Abstract> {
    let mut made = Abstract::default();
    reader.children(|reader, element| {
        match element.name.as_str() {
            "w:lvl" => {
                let at = element.get("w:ilvl").and_then(|at| at.parse::<usize>().ok()).unwrap_or(0);
                let level = level(reader)?;
                if at < LEVELS {
                    made.levels[at] = Some(level);
                }
            }
            "w:numStyleLink" => made.style_link = element.value().map(str::to_owned),
            "w:styleLink" => made.own_style = element.value().map(str::to_owned),
            _ => {}
        }
        Ok(())
    })?;
    Ok(made)
}

fn level(reader: &mut Reader<'_>) -> Result<Level> {
    let mut made = Level { start: 0, form: "decimal".into(), ..Level::default() };
    reader.children(|reader, element| {
        match element.name.as_str() {
            "w:start" => made.start = element.number().and_then(|start| u32::try_from(start).ok()).unwrap_or(1),
            "w:numFmt" => made.form = form(element),
            // A form of one's own comes with a plain one for older programs.
            "mc:AlternateContent" => reader.children(|reader, element| {
                if element.name != "mc:Choice" {
                    return Ok(());
                }
                reader.children(|_, element| {
                    if element.name == "w:numFmt" {
                        made.form = form(element);
                    }
                    Ok(())
                })
            })?,
            "w:lvlText" => made.text = element.value().unwrap_or_default().chars().take(64).collect(),
            "w:suff" => made.suffix = element.value().unwrap_or_default().to_owned(),
            "w:lvlRestart" => made.restart = element.number().and_then(|level| u8::try_from(level).ok()),
            "w:isLgl" => made.is_legal = element.is_on(),
            "w:pStyle" => made.style = element.value().map(str::to_owned),
            _ => {}
        }
        Ok(())
    })?;
    Ok(made)
}

fn form(element: &super::xml::Element) -> String {
    match element.value() {
        Some("custom") => element.get("w:format").unwrap_or("decimal").to_owned(),
        Some(form) => form.to_owned(),
        None => "decimal".to_owned(),
    }
}

fn list(reader: &mut Reader<'_>) -> Result<List> {
    let mut made = List::default();
    reader.children(|reader, element| {
        match element.name.as_str() {
            "w:abstractNumId" => made.of = element.number().unwrap_or_default(),
            "w:lvlOverride" => {
                let at = element.get("w:ilvl").and_then(|at| at.parse::<usize>().ok()).unwrap_or(0);
                reader.children(|reader, element| {
                    match element.name.as_str() {
                        "w:startOverride" if at < LEVELS => {
                            made.starts[at] = element.number().and_then(|start| u32::try_from(start).ok());
                        }
                        "w:lvl" if at < LEVELS => made.levels[at] = Some(level(reader)?),
                        _ => {}
                    }
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(made)
}
