//! What a reader typed → phrases that must stand in a report, and phrases that must not.

use super::fold::{BREAK, Folded, canonical, fold};

/// A query, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// All of these must stand in a report.
    pub all: Vec<Vec<u16>>,
    /// None of these may.
    pub none: Vec<Vec<u16>>,
}

/// More phrases than this are not looked at.
const MOST_PHRASES: usize = 16;
/// Of a longer phrase only so many UTF-16 units are looked for.
pub const LONGEST_PHRASE: usize = 64;

impl Query {
    /// Reads a query: words between spaces, phrases in “” or "", and `-` before what must not stand there.
    pub fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        let mut chars = typed.chars().peekable();
        loop {
            while chars.next_if(|&ch| is_space(ch)).is_some() {}
            let Some(&first) = chars.peek() else { return query };
            let without = matches!(first, '-' | '－' | '−');
            if without {
                chars.next();
            }
            let quoted = chars.next_if(|&ch| is_quote(ch)).is_some();
            let mut words = String::new();
            while let Some(ch) =
                chars.next_if(|&ch| if quoted { !is_quote(ch) } else { !is_space(ch) && !is_quote(ch) })
            {
                words.push(ch);
            }
            if quoted {
                chars.next();
            }
            query.add(canonical(&words), without);
        }
    }

    fn add(&mut self, mut phrase: Vec<u16>, without: bool) {
        phrase.truncate(LONGEST_PHRASE);
        if phrase.last() == Some(&BREAK) {
            phrase.pop();
        }
        let phrases = if without { &mut self.none } else { &mut self.all };
        if !phrase.is_empty() && phrases.len() < MOST_PHRASES && !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
}

fn is_quote(ch: char) -> bool {
    matches!(ch, '"' | '“' | '”' | '„' | '＂')
}

fn is_space(ch: char) -> bool {
    fold(ch) == Folded::Space
}

/// Whether the lists alone say that a phrase stands in a unit: so it is with one character, and with two that
/// touch.
pub fn is_exact(phrase: &[u16]) -> bool {
    phrase.len() <= 2 && !phrase.contains(&BREAK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(typed: &str) -> (Vec<String>, Vec<String>) {
        let show = |phrases: Vec<Vec<u16>>| {
            phrases.iter().map(|phrase| String::from_utf16_lossy(phrase).replace('\u{1}', "|")).collect()
        };
        let query = Query::parse(typed);
        (show(query.all), show(query.none))
    }

    #[test]
    fn words_phrases_and_exclusions() {
        let all = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        assert_eq!(parsed("法治　政府 法治"), (all(&["法治", "政府"]), all(&[])));
        assert_eq!(parsed("“法治 政府”-预算 －“决 算”"), (all(&["法治政府"]), all(&["预算", "决算"])));
        assert_eq!(parsed("国办发〔2021〕30号"), (all(&["国办发|2021|30号"]), all(&[])));
        assert_eq!(parsed("2024-01-16 \"PM 2.5"), (all(&["2024|01|16", "pm|2.5"]), all(&[])));
        assert_eq!(parsed(" ， - \"\" -- "), (all(&[]), all(&[])));
        assert_eq!(parsed(&"法".repeat(100)).0[0].chars().count(), 64);
    }
}
