//! The signature of an official document: who made it, and the date below.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::characters::{bracketed_number, han_number};
use super::events::Located;

/// Longest line of a signature, in characters.
const LONGEST_LINE: usize = 40;
/// More lines than this are not a signature.
const MOST_LINES: usize = 4;

/// A signature at the end of the body or before its annexes.
#[derive(Debug, PartialEq, Eq)]
pub struct Signature {
    /// The events that it is made of.
    pub events: Range<usize>,
    /// Who signs, line by line.
    pub names: Vec<String>,
    /// The date as typed.
    pub date: String,
    /// The date as `2023-01-16`.
    pub iso: String,
}

/// Finds the signature that ends right before event `end`, at the top level of the body.
pub fn before(events: &[Located<'_>], end: usize) -> Option<Signature> {
    let last = paragraph_before(events, skip_notes(events, end))?;
    let mut lines = lines(events, &last)?;
    let date = lines.pop()?;
    let iso = iso_date(&date)?;
    let mut names = lines;
    let mut start = last.start;
    if !names.iter().all(|name| is_name(name)) {
        return None;
    }
    while names.len() < MOST_LINES
        && let Some(above) = paragraph_before(events, start)
        && let Some(lines) = self::lines(events, &above)
        && lines.iter().all(|name| is_name(name))
    {
        start = above.start;
        names.splice(0..0, lines);
    }
    if names.is_empty() { None } else { Some(Signature { events: start..last.end, names, date, iso }) }
}

/// Steps back over footnotes, which stand at the end but are shown elsewhere.
fn skip_notes(events: &[Located<'_>], mut end: usize) -> usize {
    while end > 0 && matches!(events[end - 1].0, Event::End(TagEnd::FootnoteDefinition)) {
        let is_start = |event: &Located<'_>| matches!(event.0, Event::Start(Tag::FootnoteDefinition(_)));
        end = events[..end].iter().rposition(is_start).unwrap_or(0);
    }
    end
}

/// The events of the paragraph that ends right before `end`, with its two tags.
fn paragraph_before(events: &[Located<'_>], end: usize) -> Option<Range<usize>> {
    if !matches!(events[..end].last()?.0, Event::End(TagEnd::Paragraph)) {
        return None;
    }
    let start = events[..end].iter().rposition(|event| matches!(event.0, Event::Start(Tag::Paragraph)))?;
    // Long paragraphs are passed over before their text is gathered.
    (events[start].1.len() <= LONGEST_LINE * 4 * (MOST_LINES + 1)).then_some(start..end)
}

/// The lines of a paragraph without markup, trimmed.
fn lines(events: &[Located<'_>], paragraph: &Range<usize>) -> Option<Vec<String>> {
    let mut lines = vec![String::new()];
    for (event, _) in &events[paragraph.start + 1..paragraph.end - 1] {
        match event {
            Event::Text(text) => lines.last_mut()?.push_str(text),
            Event::SoftBreak | Event::HardBreak => lines.push(String::new()),
            _ => return None,
        }
    }
    Some(lines.iter().map(|line| line.trim().to_owned()).collect())
}

/// Whether a line can be the name of whoever signs: short, and no sentence.
fn is_name(line: &str) -> bool {
    let begins_otherwise = ["附", "特此", "表", "图"].iter().any(|word| line.starts_with(word))
        || line.starts_with(|ch: char| ch.is_ascii_digit())
        || bracketed_number(line).is_some();
    !line.is_empty()
        && line.chars().count() <= LONGEST_LINE
        && !line.ends_with(['。', '！', '？', '；', '，', '、', '.', '!', '?', ';', ','])
        && !line.contains(['：', ':'])
        && !begins_otherwise
}

/// A line that is only a date as `2023-01-16`: `2023年1月16日`, also with full-width or Han digits and spaces.
pub fn iso_date(line: &str) -> Option<String> {
    if !line.ends_with('日') || line.chars().count() > 24 {
        return None;
    }
    let line: String = line.chars().filter(|ch| !ch.is_whitespace()).collect();
    let (year, rest) = line.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    ((1900..=2999).contains(&year) && (1..=days).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn number(text: &str) -> Option<u32> {
    let ascii: Option<String> = text
        .chars()
        .map(|ch| match ch {
            '0'..='9' => Some(ch),
            '０'..='９' => char::from_digit(ch as u32 - '０' as u32, 10),
            _ => None,
        })
        .collect();
    match ascii {
        Some(digits) if !digits.is_empty() && digits.len() <= 4 => digits.parse().ok(),
        _ => han_number(text),
    }
}

#[cfg(test)]
mod tests {
    use super::iso_date;

    #[test]
    fn reads_dates_as_people_write_them() {
        for typed in [
            "2023年1月16日",
            "2023 年 1 月 16 日",
            "２０２３年１月１６日",
            "二〇二三年一月十六日",
            "二○二三年一月十六日",
        ] {
            assert_eq!(iso_date(typed).as_deref(), Some("2023-01-16"), "{typed}");
        }
        for typed in ["2023年2月29日", "2023年1月", "201911日", "年月日", "2023年1月16日前", "前2023年1月16日"]
        {
            assert_eq!(iso_date(typed), None, "{typed}");
        }
    }
}
