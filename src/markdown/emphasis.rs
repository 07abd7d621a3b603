//! Emphasis in Chinese text, and asterisks and tildes that mean themselves.
//!
//! CommonMark tells opening from closing markers by spaces and punctuation, which Chinese does not put there: in
//! `中文**（强调）**中文` the asterisks would stay standing. So before parsing, where a run of markers stands
//! between a letter and a punctuation mark and one of the two is Chinese, the letter is overwritten by a
//! punctuation mark of the same length; afterwards every event takes its words from the untouched body. In the
//! same way the marker itself is overwritten where it is none: `40*4*3`, `0~6岁`.

use std::ops::Range;

use super::characters::{is_cjk, is_punctuation};

/// Placeholders of one to four bytes: punctuation that means nothing to Markdown.
const PLACEHOLDERS: [&str; 4] = [",", "§", "⸱", "𐄀"];
/// How far back a bracket is looked for; labels and addresses are shorter.
const REACH: usize = 512;

/// A body with placeholders, and where they stand.
#[derive(Debug)]
pub struct Mask {
    text: String,
    places: Vec<Range<usize>>,
}

impl Mask {
    /// The masked body, or `None` if nothing needs masking.
    pub fn of(body: &str) -> Option<Self> {
        let mut places = Vec::new();
        let labels = memchr::memmem::find(body.as_bytes(), b"]:").is_some();
        let bytes = body.as_bytes();
        let mut line = Vec::new();
        let mut at = 0;
        while let Some(start) = next_marker(bytes, at) {
            if memchr::memchr(b'\n', &bytes[at..start]).is_some() {
                line_places(body, &line, labels, &mut places);
                line.clear();
            }
            let length = bytes[start..].iter().take_while(|&&byte| byte == bytes[start]).count();
            at = start + length;
            line.push(start..at);
        }
        line_places(body, &line, labels, &mut places);
        Self::with(body, places)
    }

    fn with(body: &str, mut places: Vec<Range<usize>>) -> Option<Self> {
        if places.is_empty() {
            return None;
        }
        places.sort_by_key(|place| place.start);
        places.dedup();
        let mut text = String::with_capacity(body.len());
        let mut from = 0;
        for place in &places {
            text.push_str(&body[from..place.start]);
            text.push_str(PLACEHOLDERS[place.len() - 1]);
            from = place.end;
        }
        text.push_str(&body[from..]);
        Some(Self { text, places })
    }

    /// The same mask without the placeholders in the `spoiled` ranges, which may lie within each other.
    pub fn without(&self, body: &str, spoiled: &[Range<usize>]) -> Option<Self> {
        let mut out = vec![false; self.places.len()];
        for range in spoiled {
            let from = self.places.partition_point(|place| place.end <= range.start);
            let to = self.places.partition_point(|place| place.start < range.end);
            out[from..to.max(from)].fill(true);
        }
        let kept = self.places.iter().zip(&out).filter(|(_, out)| !**out).map(|(place, _)| place.clone());
        Self::with(body, kept.collect())
    }

    /// The text to parse; every byte stands where it stands in the body.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a placeholder stands in these bytes.
    pub fn touches(&self, range: &Range<usize>) -> bool {
        let next = self.places.partition_point(|place| place.end <= range.start);
        self.places.get(next).is_some_and(|place| place.start < range.end)
    }

    /// Whether a string holds a character that may be a placeholder.
    pub fn is_in(&self, string: &str) -> bool {
        PLACEHOLDERS.iter().any(|placeholder| string.contains(placeholder))
    }
}

/// The next `*` or `~` from `at`.
fn next_marker(bytes: &[u8], at: usize) -> Option<usize> {
    memchr::memchr2(b'*', b'~', &bytes[at..]).map(|offset| at + offset)
}

/// What a run of markers most likely does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Opens,
    Closes,
    Either,
}

/// Adds the bytes to overwrite for the runs of one line. Where a line has an even number of runs of a kind, every
/// second one closes, and only what hinders it from that is overwritten.
fn line_places(body: &str, runs: &[Range<usize>], labels: bool, places: &mut Vec<Range<usize>>) {
    let bytes = body.as_bytes();
    let kind = |run: &Range<usize>| if bytes[run.start] == b'~' { 3 } else { run.len().min(3) - 1 };
    let itself = |run: &Range<usize>| {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        run.len() == 1 && (bytes[run.start] == b'~' || digit(run.start.checked_sub(1)) && digit(Some(run.end)))
    };
    let mut counts = [0usize; 4];
    for run in runs.iter().filter(|run| !itself(run)) {
        counts[kind(run)] += 1;
    }
    let mut met = [0usize; 4];
    for run in runs {
        let place = if itself(run) {
            Some(run.clone())
        } else {
            let kind = kind(run);
            met[kind] += 1;
            let does = match (counts[kind] % 2, met[kind] % 2) {
                (0, 1) => Does::Opens,
                (0, _) => Does::Closes,
                _ => Does::Either,
            };
            hindrance(body, run, does)
        };
        // A letter behind a backslash must not become punctuation, which the backslash would escape.
        let place = place.filter(|place| !bytes[..place.start].ends_with(b"\\"));
        places.extend(place.filter(|place| !is_in_name(body, place.start, labels)));
    }
}

/// The letter beside a run of markers that hinders the run from what it does.
fn hindrance(body: &str, run: &Range<usize>, does: Does) -> Option<Range<usize>> {
    let before = body[..run.start].chars().next_back()?;
    let after = body[run.end..].chars().next()?;
    if !is_cjk(before) && !is_cjk(after) {
        return None;
    }
    let plain = |ch: char| !ch.is_whitespace() && !is_punctuation(ch);
    let stop = |ch: char| !ch.is_whitespace() && is_punctuation(ch);
    if plain(before) && stop(after) && does != Does::Closes {
        Some(run.start - before.len_utf8()..run.start)
    } else if stop(before) && plain(after) && does != Does::Opens {
        Some(run.end..run.end + after.len_utf8())
    } else {
        None
    }
}

/// Whether a byte stands inside the address of a link, or inside brackets that may name a footnote or a
/// reference: names must be compared as they are written. `labels` tells whether the body defines any.
fn is_in_name(body: &str, at: usize, labels: bool) -> bool {
    let bytes = body.as_bytes();
    let window = &bytes[at.saturating_sub(REACH)..at];
    let line = window.iter().rposition(|&byte| byte == b'\n').map_or(window, |end| &window[end + 1..]);
    let Some(bracket) = line.iter().rposition(|&byte| byte == b'[' || byte == b']') else {
        return false;
    };
    if line[bracket] == b']' {
        let opens = line.get(bracket + 1);
        return opens == Some(&b'(') && !line[bracket..].contains(&b')') || labels && opens == Some(&b':');
    }
    if !labels {
        return false;
    }
    let ahead = &bytes[at..(at + REACH).min(bytes.len())];
    match ahead.iter().position(|&byte| byte == b']') {
        Some(close) => ahead.get(close + 1) != Some(&b'('),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(body: &str) -> String {
        Mask::of(body).map_or_else(|| body.to_owned(), |mask| mask.text().to_owned())
    }

    #[test]
    fn masks_only_what_stands_in_the_way() {
        assert_eq!(masked("中文**（强调）**中文"), "中⸱**（强调）**⸱文");
        assert_eq!(masked("**100%**的"), "**100%**⸱");
        assert_eq!(masked("甲**乙**。**丙**丁"), "甲**乙**。**丙**丁");
        assert_eq!(masked("甲**（乙）**丙**丁**"), "⸱**（乙）**⸱**丁**");
        assert_eq!(masked("**重点**内容"), "**重点**内容");
        assert_eq!(masked("40*4*3，0~6岁"), "40,4,3，0,6岁");
        assert_eq!(masked("word**(a)**word"), "word**(a)**word");
        assert_eq!(masked("PM_（2.5）_文"), "PM_（2.5）_文");
        assert_eq!(masked("[甲](u_~（x）)"), "[甲](u_~（x）)");
        assert_eq!(masked("[^甲**（]\n\n[^甲**（]: 注"), "[^甲**（]\n\n[^甲**（]: 注");
    }
}
