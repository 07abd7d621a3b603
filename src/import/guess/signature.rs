//! Who signs a document and when, and the other dates that its lines name as such.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Guess;
use super::dates::{self, Of};
use super::lines::{Line, Lines};
use super::places;
use crate::text;

/// Longest line of a signature, in characters.
const LONGEST: usize = 30;

/// A signature: names, and the date below.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    /// Who signs, line by line.
    pub names: Vec<String>,
    /// When.
    pub date: Date,
    /// Where the date stands.
    pub place: usize,
}

/// All signatures of a document: of a letter, and of what is annexed to it.
pub(super) fn find(lines: &Lines) -> Vec<Signature> {
    let mut found = Vec::new();
    for (at, line) in lines.all.iter().enumerate() {
        // A date and its name may stand on one line: 办公室 2024年12月1日.
        if let Some((name, date)) = one_line(line) {
            if at >= lines.head {
                found.push(Signature { names: vec![name], date, place: line.place });
            }
            continue;
        }
        let Some(of) = dates::of_line(&line.text, None).filter(|found| found.of == Of::Alone) else { continue };
        let above = lines.all[..at].iter().rev().take(4);
        let names: Vec<String> = above.take_while(|line| is_name(&line.text)).map(|line| line.text.clone()).collect();
        // In the head, a name and a date are those of a speaker or of a page.
        let is_signed = !names.is_empty() && at > lines.head;
        let is_last = at + 3 >= lines.all.len() && at > lines.head;
        if is_signed || is_last {
            found.push(Signature { names: names.into_iter().rev().collect(), date: of.date, place: line.place });
        }
    }
    found
}

fn one_line(line: &Line) -> Option<(String, Date)> {
    let days = dates::days(&line.text);
    let [(date, range)] = days.as_slice() else { return None };
    let name = line.text[..range.start].trim();
    let closes = range.end == line.text.len() && line.text[range.clone()].ends_with('日');
    let is_signed = closes && !name.is_empty() && name.chars().count() <= LONGEST && is_body(name);
    is_signed.then(|| (name.to_owned(), *date))
}

fn is_name(line: &str) -> bool {
    line.chars().count() <= LONGEST
        && !line.ends_with(['。', '！', '？', '；', '，', '、', '：', ':'])
        && !line.contains(['：', ':', '。', '，'])
        && !line.starts_with(|ch: char| ch.is_ascii_digit())
        && crate::import::outline::mark(line).is_none()
        && is_body(line)
}

/// Whether a name ends as those of bodies do.
fn is_body(name: &str) -> bool {
    const ENDS: [&str; 22] = [
        "政府",
        "办公室",
        "办事处",
        "委员会",
        "委",
        "局",
        "厅",
        "部",
        "院",
        "中心",
        "党组",
        "工委",
        "党委",
        "大队",
        "所",
        "站",
        "处",
        "室",
        "会",
        "公司",
        "学校",
        "办",
    ];
    ENDS.iter().any(|end| name.ends_with(end))
}

/// The day it was made, where the document says one and no other.
pub(super) fn date(lines: &Lines, signatures: &[Signature]) -> Option<Guess<Date>> {
    let made = single(lines, Of::Making);
    if let Some((date, place)) = made {
        return Guess::sure(date, place, text!("标明的成文日期", "named as the day it was made"));
    }
    if let Some((date, place)) = single(lines, Of::Delivery) {
        return Guess::sure(date, place, text!("在会议上作报告的日期", "the day it was delivered to the assembly"));
    }
    let days: BTreeSet<Date> = signatures.iter().map(|signature| signature.date).collect();
    if let (1, Some(first)) = (days.len(), signatures.first()) {
        return Guess::sure(first.date, first.place, text!("落款", "from the signature"));
    }
    if !days.is_empty() {
        return None;
    }
    // Of a law only what stands alone can be believed: one promulgation, or one passing, and nothing later.
    let (changed, several) = changes(lines);
    let passed: Vec<_> = of_kind(lines, Of::Passing).collect();
    let is_last = |day: Date| changed.is_none_or(|changed| changed <= day) && passed.iter().all(|(of, _)| *of <= day);
    match (single(lines, Of::Promulgation), passed.as_slice()) {
        _ if several => None,
        (Some((date, place)), _) if is_last(date) => {
            Guess::sure(date, place, text!("公布日期", "the day of promulgation"))
        }
        (None, [(date, place)]) if is_last(*date) => {
            Guess::sure(*date, *place, text!("通过日期", "the day it was passed"))
        }
        _ => None,
    }
}

/// The last day on which the first lines of a law say that it was changed, and whether one of them tells several days
/// of its making.
fn changes(lines: &Lines) -> (Option<Date>, bool) {
    let has = |line: &Line, words: &[&str]| words.iter().any(|word| line.text.contains(word));
    let mut changed = None;
    let mut several = false;
    for line in lines.all.iter().take(lines.head.max(6) + 1) {
        let days = dates::days(&line.text);
        if has(line, &["修正", "修订", "修改"]) {
            changed = changed.max(days.iter().map(|(day, _)| *day).max());
        }
        several |= days.len() > 1 && has(line, &["通过", "批准", "修正", "修订", "公布", "发布"]);
    }
    (changed, several)
}

/// The day that labels or lines name as of one kind, where they name one.
pub(super) fn labelled(lines: &Lines, of: Of) -> Option<Guess<Date>> {
    let (date, place) = single(lines, of)?;
    let reason = match of {
        Of::Effect => text!("标明的施行日期", "named as the day it comes into force"),
        _ => text!("标明的发布日期", "named as the day of publishing"),
    };
    Guess::sure(date, place, reason)
}

/// Dates of one kind in the head.
fn of_kind(lines: &Lines, of: Of) -> impl Iterator<Item = (Date, usize)> {
    let head = lines.head().iter().enumerate();
    head.filter_map(move |(at, line)| {
        let before = at.checked_sub(1).map(|above| lines.all[above].text.as_str());
        dates::of_line(&line.text, before).filter(|found| found.of == of).map(|found| (found.date, line.place))
    })
}

/// The one day of a kind in the head; none where two differ.
fn single(lines: &Lines, of: Of) -> Option<(Date, usize)> {
    let mut all = of_kind(lines, of);
    let first = all.next()?;
    all.all(|(date, _)| date == first.0).then_some(first)
}

/// Who made it: who signs, or whose title it is.
pub(super) fn agency(lines: &Lines, signatures: &[Signature], title: &str) -> Option<Guess<String>> {
    let label = lines.head().iter().find_map(|line| {
        let (label, value) = line.text.split_once(['：', ':'])?;
        let is_label = ["发布机构", "发文机关", "发文单位", "publisher"]
            .iter()
            .any(|known| label.trim_start_matches(['-', ' ', '*']) == *known);
        (is_label && !value.trim().is_empty()).then(|| (value.trim().to_owned(), line.place))
    });
    if let Some((name, place)) = label {
        return Guess::sure(name, place, text!("标明的发布机构", "named as its maker"));
    }
    let names: BTreeSet<&str> = signatures.iter().flat_map(|signature| &signature.names).map(String::as_str).collect();
    if let (1, Some(signature)) = (names.len(), signatures.first()) {
        return Guess::sure(signature.names.concat(), signature.place, text!("落款", "from the signature"));
    }
    let (maker, _) = title.split_once("关于")?;
    let maker = maker.trim();
    if !names.is_empty() || maker.chars().count() < 4 || !(is_body(maker) || places::of_body(maker).is_some()) {
        return None;
    }
    Guess::sure(maker.to_owned(), 0, text!("标题开头的机关名称", "the body that the title begins with"))
}
