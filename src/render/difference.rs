//! How two wordings of a paragraph differ, so that a reader of a correction sees the words and need not look for them
//! in two long paragraphs.

use similar::{ChangeTag, TextDiff};

use crate::model::sealed::{Line, What};

/// Characters of a paragraph that is short enough to be shown twice.
const SHORT: usize = 60;
/// Characters that are shown around a difference.
const AROUND: usize = 20;

/// What is shown of a correction, piece by piece.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A whole paragraph or row that came or went.
    Line(What, String),
    /// A paragraph of which some words are others: what came, what went, and in `None` what stayed.
    Words(Vec<(Option<What>, String)>),
}

/// Puts the wordings of one paragraph together where they are long and much alike. Lines that went stand before those
/// that came in their place.
pub(super) fn shown(lines: &[Line]) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut rest = lines;
    while !rest.is_empty() {
        let went = rest.iter().take_while(|line| line.what == What::Removed).count();
        let came = rest[went..].iter().take_while(|line| line.what != What::Removed).count();
        let (own, after) = rest.split_at(went + came);
        let (old, new) = own.split_at(went);
        rest = after;
        let both = old.iter().zip(new).map(|(old, new)| (words(&old.text, &new.text), old, new));
        for (words, old, new) in both {
            match words {
                Some(words) => shown.push(Shown::Words(words)),
                None => shown.extend([old, new].map(whole)),
            }
        }
        let paired = went.min(came);
        shown.extend(old[paired..].iter().chain(&new[paired..]).map(whole));
    }
    shown
}

fn whole(line: &Line) -> Shown {
    Shown::Line(line.what, line.text.clone())
}

/// The words that differ, with some of what stands around them; nothing where the two have little in common or are
/// short.
fn words(old: &str, new: &str) -> Option<Vec<(Option<What>, String)>> {
    if old.chars().count().min(new.chars().count()) <= SHORT {
        return None;
    }
    let (old, new) = (tokens(old), tokens(new));
    let diff = TextDiff::from_slices(&old, &new);
    if diff.ratio() < 0.6 {
        return None;
    }
    let mut parts: Vec<(Option<What>, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        let what = match change.tag() {
            ChangeTag::Equal => None,
            ChangeTag::Delete => Some(What::Removed),
            ChangeTag::Insert => Some(What::Added),
        };
        match parts.last_mut() {
            Some((last, text)) if *last == what => text.push_str(change.value()),
            _ => parts.push((what, change.value().to_owned())),
        }
    }
    let last = parts.len() - 1;
    for (number, (_, text)) in parts.iter_mut().enumerate().filter(|(_, (what, _))| what.is_none()) {
        *text = around(text, number > 0, number < last);
    }
    Some(parts)
}

/// Letters and figures that belong together as one, every other character alone: a figure that changes is another.
fn tokens(text: &str) -> Vec<&str> {
    let is_joined = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '.' | '%');
    let mut tokens = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        let end = at + ch.len_utf8();
        if !(is_joined(ch) && chars.peek().is_some_and(|(_, next)| is_joined(*next))) {
            tokens.push(&text[from..end]);
            from = end;
        }
    }
    tokens
}

/// The ends of a stretch that stayed, as far as they stand beside a difference.
fn around(text: &str, before: bool, after: bool) -> String {
    let count = text.chars().count();
    let (head, tail) = (if before { AROUND } else { 0 }, if after { AROUND } else { 0 });
    if count <= head + tail + 1 {
        return text.to_owned();
    }
    let first: String = text.chars().take(head).collect();
    let last: String = text.chars().skip(count - tail).collect();
    format!("{first}…{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(what: What, text: &str) -> Line {
        Line { what, text: text.to_owned() }
    }

    #[test]
    fn of_a_long_paragraph_the_words_are_shown() {
        let filling = "在有序开展工作的基础上，着力从以下方面推进法治政府建设，完善决策机制，规范执法行为，抓好队伍建设，推进信息公开，加大监督力度。".repeat(3);
        let old = line(What::Removed, &format!("2023年全镇{filling}共办结1203件，八是创新社会管理。"));
        let new = line(What::Added, &format!("2024年全镇{filling}共办结1208件，八是创新社会治理。"));
        let [Shown::Words(parts)] = &shown(&[old, new])[..] else { panic!("the two are one paragraph") };
        let written: String = parts
            .iter()
            .map(|(what, text)| match what {
                None => text.clone(),
                Some(What::Removed) => format!("[-{text}]"),
                Some(_) => format!("[+{text}]"),
            })
            .collect();
        let expected = "[-2023][+2024]年全镇在有序开展工作的基础上，着力从以下…建设，推进信息公开，加大监督力度。共办结\
                        [-1203][+1208]件，八是创新社会[-管][+治]理。";
        assert_eq!(written, expected);
    }

    #[test]
    fn short_lines_and_those_that_have_little_in_common_are_shown_whole() {
        let row = [line(What::Removed, "收入 | 120"), line(What::Added, "收入 | 125"), line(What::Added, "支出 | 9")];
        let whole: Vec<Shown> = row.iter().map(super::whole).collect();
        assert_eq!(shown(&row), whole);
        let other = [line(What::Removed, &"甲乙丙丁".repeat(30)), line(What::Added, &"戊己庚辛".repeat(30))];
        assert_eq!(shown(&other).len(), 2);
        assert_eq!(shown(&[]), []);
    }
}
