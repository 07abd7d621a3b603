//! Words into Markdown that shows them as they are.

use crate::import::document::is_blank;

/// Where words stand, as far as it matters which characters mean something there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Inside a table, where `|` parts cells.
    pub in_table: bool,
    /// Inside the words of a link, where `]` ends them.
    pub in_link: bool,
    /// `~` stands more than once in the paragraph, so that two of them would strike through.
    pub tildes: bool,
    /// The character in front, if words stand there.
    pub before: Option<char>,
    /// Whether a mark of ours follows.
    pub mark_follows: bool,
}

/// Appends words, each character that would mean something escaped.
pub fn push(out: &mut String, text: &str, context: Context) {
    let chars: Vec<char> = text.chars().map(seen).collect();
    let mut before = context.before;
    for (at, &ch) in chars.iter().enumerate() {
        let after = chars.get(at + 1).copied();
        let is_word = |ch: Option<char>| ch.is_some_and(char::is_alphanumeric);
        let escape = match ch {
            '\\' | '`' | '*' | '[' => true,
            ']' => context.in_link,
            '_' => !(is_word(before) && is_word(after)),
            '~' => context.tildes,
            '|' => context.in_table,
            '<' => after.is_none_or(|after| after.is_ascii_alphabetic() || "/!?".contains(after)),
            '&' => after.is_some_and(|after| after.is_ascii_alphanumeric() || after == '#'),
            '!' => after.is_none() && context.mark_follows,
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(ch);
        before = Some(ch);
    }
}

/// Characters that no page can show become spaces, and every kind of space within a line is one.
fn seen(ch: char) -> char {
    match ch {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' | '\u{85}' => ' ',
        ch if ch.is_control() || (ch as u32 & 0xFFFE) == 0xFFFE => ' ',
        ch => ch,
    }
}

/// Escapes what would make the beginning of a line something else than text: a heading, a list, a quotation, a rule.
pub fn line_start(line: &str) -> String {
    let trimmed = line.trim_start_matches(is_blank);
    let blank_after = |length: usize| trimmed[length..].chars().next().is_none_or(char::is_whitespace);
    let first = trimmed.chars().next();
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    let hashes = trimmed.bytes().take_while(|byte| *byte == b'#').count();
    match first {
        Some('#') if hashes <= 6 && blank_after(hashes) => format!("\\{trimmed}"),
        Some('>') => format!("\\{trimmed}"),
        Some('-' | '+') if blank_after(1) => format!("\\{trimmed}"),
        Some('-' | '=' | '|' | ':') if trimmed.chars().all(|ch| "-=|: ".contains(ch)) => format!("\\{trimmed}"),
        Some(_) if (1..=9).contains(&digits) => match trimmed.as_bytes().get(digits) {
            Some(b'.' | b')') if blank_after(digits + 1) => {
                format!("{}\\{}", &trimmed[..digits], &trimmed[digits..])
            }
            _ => trimmed.to_owned(),
        },
        _ => trimmed.to_owned(),
    }
}

/// The address of a link or picture.
pub fn address(address: &str) -> String {
    let mut out = String::new();
    for ch in address.chars() {
        match ch {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '|' => out.push_str("%7C"),
            '*' => out.push_str("%2A"),
            '`' => out.push_str("%60"),
            _ => out.push(ch),
        }
    }
    out
}

/// Digits and signs raised or lowered as characters of their own; `None` where there is none.
pub fn raised(text: &str) -> Option<String> {
    mapped(text, "0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
}

/// The same below the line.
pub fn lowered(text: &str) -> Option<String> {
    mapped(text, "0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
}

fn mapped(text: &str, from: &str, to: &str) -> Option<String> {
    text.chars()
        .map(|ch| from.chars().zip(to.chars()).find(|(plain, _)| *plain == ch).map(|(_, small)| small))
        .collect::<Option<String>>()
        .filter(|small| !small.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_starts() {
        for (line, written) in [
            ("1. 甲", "1\\. 甲"),
            ("1.属于国家秘密", "1.属于国家秘密"),
            ("1) 甲", "1\\) 甲"),
            ("2023. 甲", "2023\\. 甲"),
            ("# 甲", "\\# 甲"),
            ("#甲", "#甲"),
            ("- 甲", "\\- 甲"),
            ("-11", "-11"),
            ("---", "\\---"),
            ("> 甲", "\\> 甲"),
            ("　　甲", "甲"),
        ] {
            assert_eq!(line_start(line), written, "{line}");
        }
    }

    #[test]
    fn small_digits() {
        assert_eq!(raised("2").as_deref(), Some("²"));
        assert_eq!(lowered("2").as_deref(), Some("₂"));
        assert_eq!(raised("th"), None);
    }
}
