//! The stretch of a text that shows why it was found.

use super::fold::{Canonical, Table};

/// One canonical unit, and the character of the text that it comes from.
struct Placed {
    units: Vec<u16>,
    chars: Vec<usize>,
}

/// The canonical form with the number of the character behind every unit.
fn placed(chars: &[char]) -> Placed {
    let mut placed = Placed { units: Vec::new(), chars: Vec::new() };
    let mut canonical = Canonical::default();
    for (at, ch) in chars.iter().enumerate() {
        let before = canonical.units().len();
        if *ch == '\n' {
            canonical.end_line();
        } else {
            canonical.push(Table::get(), ch.encode_utf8(&mut [0; 4]));
        }
        placed.chars.resize(canonical.units().len().max(before), at);
    }
    placed.units = canonical.units().to_vec();
    placed
}

/// Where the words of some phrases stand, in characters: from and to, ascending, merged where they touch.
pub(super) fn marks(chars: &[char], phrases: &[Vec<u16>]) -> Vec<(usize, usize)> {
    let placed = placed(chars);
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for phrase in phrases {
        let mut at = 0;
        while at + phrase.len() <= placed.units.len() {
            if placed.units[at..at + phrase.len()] == phrase[..] {
                marks.push((placed.chars[at], placed.chars[at + phrase.len() - 1] + 1));
                at += phrase.len();
            } else {
                at += 1;
            }
        }
    }
    marks.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(marks.len());
    for (from, to) in marks {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// Cuts a stretch around the first mark, where most other marks are near, and puts `[` and `]` around marks
/// written as U+0002 and U+0003, which no text holds.
pub(super) fn excerpt(text: &str, phrases: &[Vec<u16>], around: (usize, usize)) -> String {
    let chars: Vec<char> = text.chars().collect();
    let marks = marks(&chars, phrases);
    let first = marks.first().map_or(0, |&(from, _)| from);
    let mut from = first.saturating_sub(around.0);
    // A sentence that begins within reach is begun with.
    if let Some(start) = chars[from..first].iter().rposition(|ch| matches!(ch, '\n' | '。' | '；' | '！' | '？')) {
        from += start + 1;
    }
    let to = (first + around.1).max(marks.first().map_or(0, |&(_, to)| to)).min(chars.len());
    let mut out = String::new();
    if from > 0 && !matches!(chars[from - 1], '\n' | '。' | '；' | '！' | '？') {
        out.push('…');
    }
    let mut marks = marks.iter().filter(|&&(_, end)| end <= to).peekable();
    for (at, ch) in chars.iter().enumerate().take(to).skip(from) {
        if marks.peek().is_some_and(|&&(start, _)| start == at) {
            out.push('\u{2}');
        }
        out.push(if *ch == '\n' { ' ' } else { *ch });
        if marks.next_if(|&&(_, end)| end == at + 1).is_some() {
            out.push('\u{3}');
        }
    }
    if to < chars.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::fold::canonical;
    use super::*;

    #[test]
    fn marks_what_was_found() {
        let show = |text: &str, words: &[&str]| {
            let phrases: Vec<Vec<u16>> = words.iter().map(|word| canonical(word)).collect();
            excerpt(text, &phrases, (6, 20)).replace('\u{2}', "[").replace('\u{3}', "]")
        };
        assert_eq!(show("一、环境保護（２０２３ 年）", &["环境保护", "2023年"]), "一、[环境保護]（[２０２３ 年]）");
        assert_eq!(show("甲乙丙丁戊己庚辛法治。", &["法治"]), "…丙丁戊己庚辛[法治]。");
        assert_eq!(show("甲。乙\n丙丁法治", &["法治"]), "丙丁[法治]");
        assert_eq!(show("甲㎡乙", &["m2"]), "甲[㎡]乙");
        assert_eq!(show("甲，乙", &["甲乙"]), "甲，乙");
    }
}
